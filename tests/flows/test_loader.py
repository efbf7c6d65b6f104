"""Broken flows are refused in one line: file, line, id and reason."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows import grammar, lint, loader, models, patients, yaml_lines
from flows.errors import FlowError
from flows.loader import load_flow
from flows.patients import load_patients
from tests.flows.making import FLOW, SMALL_FOLDER

BROKEN = Path(__file__).parent / "broken"


def samples() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(BROKEN.glob("*.yaml")):
        for sample in yaml.safe_load(file.read_text(encoding="utf-8")):
            name = f"{file.stem}: {sample['name']}"
            assert name not in found
            found[name] = sample
    return found


SAMPLES = samples()


def break_it(sample: dict[str, Any], folder: Path) -> None:
    for file in SMALL_FOLDER.iterdir():
        shutil.copy(file, folder)
    broken = folder / sample["file"]
    if "gone" in sample:
        broken.unlink()
    elif "whole" in sample:
        broken.write_text(sample["whole"], encoding="utf-8")
    for edit in sample.get("edits", []):
        file = folder / edit.get("file", sample["file"])
        text = file.read_text(encoding="utf-8")
        assert text.count(edit["find"]) == 1, edit["find"]
        text = text.replace(edit["find"], edit["replace"])
        file.write_text(text, encoding=sample.get("encoding", "utf-8"))


@pytest.mark.parametrize("name", SAMPLES)
def test_broken_flow_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    break_it(SAMPLES[name], tmp_path)
    with pytest.raises(FlowError) as refusal:
        load_patients(load_flow(tmp_path), tmp_path)
    assert str(refusal.value) == SAMPLES[name]["says"]


def test_refusal_is_one_line_that_names_file_and_reason() -> None:
    for sample in SAMPLES.values():
        assert re.fullmatch(r"\w+\.yaml(:\d+)?: [^\n]{8,200}", sample["says"]), sample["says"]


def reasons() -> Iterator[str]:
    """What the program can say about a broken flow, as patterns, read from its own source."""
    refusals = {"Problem", "FlowError", "GrammarError", "ValueError", "_wrong"}
    for module in (grammar, lint, loader, models, patients, yaml_lines):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in refusals:
                    yield from patterns(node.args)
            elif isinstance(node, ast.FunctionDef) and node.name in {
                "_wrong_comparison",
                "_unknown",
            }:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return | ast.Yield) and inner.value is not None:
                        yield from patterns([inner.value])


def patterns(values: list[ast.expr]) -> Iterator[str]:
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            if " " in value.value:  # not an id or a field
                yield re.escape(value.value)
        elif isinstance(value, ast.JoinedStr):
            yield "".join(
                re.escape(part.value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
                else ".+"
                for part in value.values
            )


@pytest.mark.parametrize("reason", sorted(set(reasons())))
def test_every_refusal_has_a_broken_sample(reason: str) -> None:
    assert any(re.search(reason, sample["says"]) for sample in SAMPLES.values())


def test_every_condition_word_that_can_be_missing_has_a_sample() -> None:
    tree = ast.parse(Path(str(grammar.__file__)).read_text(encoding="utf-8"))
    expected = {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in {"_need", "_word", "_wrong"}
        and isinstance(node.args[0], ast.Constant)
    }
    said = " ".join(sample["says"] for sample in SAMPLES.values())
    assert len(expected) > 6
    for word in expected:
        assert any(f"expected {shown} but" in said for shown in (word, repr(word))), word


def test_packaged_protocol_loads_as_the_protocol_has_it() -> None:
    assert (FLOW.id, FLOW.version) == ("back_foot", 1)
    assert len(FLOW.questions) == 39
    assert [rule.id for rule in FLOW.rules] == [f"U{number:02}" for number in range(1, 37)]
    assert {pathway.id: len(pathway.items) for pathway in FLOW.pathways} == {
        "nerve": 10,
        "mechanical": 7,
        "foot_first": 3,
        "systemic": 1,
        "metabolic": 1,
    }


def test_every_rule_and_item_names_its_source() -> None:
    items = [item for pathway in FLOW.pathways for item in pathway.items]
    assert all(rule.source for rule in FLOW.rules)
    assert all(item.source for item in items)


def test_loading_twice_gives_the_same_flow() -> None:
    assert load_flow() == FLOW
    assert load_flow(SMALL_FOLDER) != FLOW


def test_codes_that_look_like_other_things_stay_codes() -> None:
    assert "no" in FLOW.question_by_id["saddle"].codes
    assert "18_34" in FLOW.question_by_id["age"].codes
