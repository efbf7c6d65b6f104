"""The concerns as codes: held against the flow, refused where they do not fit."""

from pathlib import Path

import pytest

from flows.concerns import CONCERNS, Level, after_yes, load_concerns
from flows.errors import FlowError
from flows.loader import load_flow

FLOW = load_flow()


def load(folder: Path, text: str) -> None:
    (folder / CONCERNS).write_text(text, encoding="utf-8")
    load_concerns(FLOW, folder)


def test_the_packaged_concerns_are_sound() -> None:
    concerns = load_concerns(FLOW)
    assert {concern.about for concern in concerns} >= {
        "saddle", "bladder", "bowel", "sexual", "both_legs", "weakness", "sudden_danger",
    }  # fmt: skip
    helped = {concern.id for concern in concerns if concern.about is None}
    assert helped == {"despair", "violence"}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{id: a, level: emergency, sets: {nosuch: new}}", "no such question: nosuch"),
        ("{id: a, level: emergency, sets: {saddle: maybe}}", "'maybe' is not one of"),
        ("{id: a, level: emergency, sets: {unwell: fever}}", "takes a list of codes"),
        (
            "{id: a, level: same_day, sets: {saddle: new}}",
            "by the rules these answers are emergency",
        ),
        (
            "{id: a, level: emergency, sets: {injury: pop}}",
            "by the rules these answers are same_day",
        ),
        ("{id: a, level: same_day, sets: {unwell: [fever]}}", "by the rules these answers are ask"),
        ("{id: a, level: urgent, sets: {saddle: new}}", "level"),
        ("{id: a, level: emergency}", "either answers under sets or a kind of help"),
        ("{id: a, level: emergency, help: despair, sets: {saddle: new}}", "either answers"),
        ("{id: a, level: emergency, sets: {saddle: new}, given: {saddle: new}}", "and under given"),
        ("{id: a, level: emergency, sets: {saddle: new}, extra: 1}", "extra"),
        ("{level: emergency, sets: {saddle: new}}", "id"),
        ("nothing", "concerns"),
    ],
)
def test_a_broken_concern_is_refused_in_one_line(tmp_path: Path, entry: str, reason: str) -> None:
    with pytest.raises(FlowError) as refused:
        load(tmp_path, f"concerns:\n  - {entry}\n")
    assert reason in str(refused.value)
    assert str(refused.value).startswith("concerns.yaml:2")
    assert "\n" not in str(refused.value)


def test_a_concern_stands_once(tmp_path: Path) -> None:
    one = "  - {id: a, level: emergency, sets: {saddle: new}}\n"
    with pytest.raises(FlowError, match="stands already above"):
        load(tmp_path, f"concerns:\n{one}{one}")


@pytest.mark.parametrize("text", ["concerns: []", "concerns: x", "other: 1", "[]"])
def test_a_file_without_concerns_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FlowError):
        load(tmp_path, text)


def test_yes_adds_ticks_and_replaces_none() -> None:
    chest = next(one for one in load_concerns(FLOW) if one.id == "chest")
    assert after_yes(FLOW, chest, {})["sudden_danger"] == ("chest",)
    assert after_yes(FLOW, chest, {"sudden_danger": ("none",)})["sudden_danger"] == ("chest",)
    both = after_yes(FLOW, chest, {"sudden_danger": ("cold_limb",), "age": "18_34"})
    assert both == {"sudden_danger": ("chest", "cold_limb"), "age": "18_34"}


def test_yes_only_raises() -> None:
    weakness = next(one for one in load_concerns(FLOW) if one.id == "weakness")
    assert after_yes(FLOW, weakness, {"weakness": "no"})["weakness"] == "new"
    assert after_yes(FLOW, weakness, {"weakness": "hours"})["weakness"] == "hours"


def test_levels_are_ordered() -> None:
    assert sorted(Level, key=lambda level: level.rank) == ["emergency", "same_day", "ask"]
