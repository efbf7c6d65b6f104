"""The flow's test patients, held against a second reading of the protocol.

The second reading was written by hand from the protocol's text, and so were the patients, but for
`near_*`: what is expected of those was computed by the second reading, so that here they only show
that neither was changed since. Whether the flow itself agrees, and that is the proof of them, is
asked in `test_assess_agrees.py` and by `plumbline check`.
"""

import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from tests.second_reading import (
    KINDS,
    MANY,
    ONE,
    QUESTIONS,
    SCALES,
    Sheet,
    calm_sheet,
    random_sheet,
    second_reading,
    well_sheet,
)

PATIENTS = Path(__file__).resolve().parent.parent / "flows" / "protocol" / "patients.yaml"
URGENCIES = {"emergency", "same_day", "two_weeks", "routine", "self_care", "out_of_scope"}
PATHWAYS = ("nerve", "systemic", "metabolic", "foot_first", "mechanical")
LINKS = {*PATHWAYS, "mixed", "none_found", "not_assessed"}
RULES = {f"U{number:02}" for number in range(1, 37)}
ITEMS = (
    {f"N{number}" for number in range(1, 11)}
    | {f"M{number}" for number in range(1, 8)}
    | {"F1", "F2", "F3", "S1", "D1"}
)


def read_patients() -> dict[str, Any]:
    # BaseLoader: `no` and 60_69 are codes here, not a boolean and a number.
    data = yaml.load(PATIENTS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(data, dict)
    return data


DATA = read_patients()
SHEETS: dict[str, dict[str, Any]] = DATA["sheets"]
PEOPLE: list[dict[str, Any]] = DATA["patients"]


def sheet_of(patient: dict[str, Any]) -> Sheet:
    sheet: Sheet = {**SHEETS[patient["like"]], **patient["answers"]}
    return {
        question: int(str(answer)) if question in SCALES else answer
        for question, answer in sheet.items()
    }


def expectation_of(patient: dict[str, Any]) -> dict[str, Any]:
    expect = dict(patient["expect"])
    expect["pathways"] = [
        {**pathway, "points": int(pathway["points"])} for pathway in expect["pathways"]
    ]
    return expect


def is_valid(question: str, answer: object) -> bool:
    if question in ONE:
        return answer in ONE[question]
    if question in MANY:
        return answer == ["none"] or (
            isinstance(answer, list)
            and len(answer) > 0
            and len(set(answer)) == len(answer)
            and set(answer) <= set(MANY[question])
        )
    if question in SCALES:
        return isinstance(answer, int) and 0 <= answer <= 10
    return question == "goal" and isinstance(answer, str) and len(answer) <= 280


@pytest.mark.parametrize("patient", PEOPLE, ids=lambda patient: str(patient["id"]))
def test_the_patient_is_read_as_expected(patient: dict[str, Any]) -> None:
    reading = second_reading(sheet_of(patient))
    expected = expectation_of(patient)
    asked = reading["asked"] if "asked" in expected else reading.pop("asked")
    assert reading == expected, f"asked: {asked}"


def test_patients_are_well_formed() -> None:
    ids = Counter(patient["id"] for patient in PEOPLE)
    assert [name for name, count in ids.items() if count > 1] == []
    for patient in PEOPLE:
        assert set(patient) == {"id", "about", "like", "answers", "expect"}, patient["id"]
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", patient["id"])
        assert patient["about"].endswith("."), patient["id"]
        told = set(patient["expect"]) - {"asked"}
        assert told == {"urgency", "rules", "link", "pathways"}, patient["id"]
        for question, answer in sheet_of(patient).items():
            assert is_valid(question, answer), f"{patient['id']}: {question}: {answer}"


def test_no_two_patients_have_the_same_sheet() -> None:
    sheets = Counter(repr(sorted(sheet_of(patient).items())) for patient in PEOPLE)
    assert [sheet for sheet, count in sheets.items() if count > 1] == []


@pytest.mark.parametrize("name", SHEETS)
def test_a_base_sheet_is_calm_and_holds_just_what_is_asked(name: str) -> None:
    patient = {"like": name, "answers": {}}
    reading = second_reading(sheet_of(patient))
    assert reading["asked"] == list(SHEETS[name])
    assert reading["urgency"] == "self_care"
    assert reading["pathways"] == []


def test_patients_cover_the_protocol() -> None:
    expectations = [expectation_of(patient) for patient in PEOPLE]
    assert {expect["urgency"] for expect in expectations} == URGENCIES
    assert {expect["link"] for expect in expectations} == LINKS
    assert {rule for expect in expectations for rule in expect["rules"]} == RULES
    found = [pathway for expect in expectations for pathway in expect["pathways"]]
    assert {item for pathway in found for item in pathway["items"]} == ITEMS
    assert {(pathway["pathway"], pathway["certainty"]) for pathway in found} == {
        ("nerve", "likely"),
        ("nerve", "possible"),
        ("systemic", "likely"),
        ("systemic", "possible"),
        ("metabolic", "possible"),
        ("foot_first", "possible"),
        ("mechanical", "possible"),
    }


def test_patients_give_every_answer_that_is_asked_for() -> None:
    given = set()
    for patient in PEOPLE:
        sheet = sheet_of(patient)
        for question in asked_of(sheet):
            answer = sheet[question]
            for code in answer if isinstance(answer, list) else [answer]:
                given.add((question, code))
    codes = {(question, code) for question in ONE for code in ONE[question]}
    codes |= {(question, code) for question in MANY for code in (*MANY[question], "none")}
    assert sorted(codes - given) == []


@pytest.mark.parametrize("kind", KINDS)
def test_made_up_people_are_read_without_fail(kind: Any) -> None:
    rng = Random(f"made up: {kind.__name__}")
    for _ in range(500):
        sheet = kind(rng)
        assert set(sheet) == set(QUESTIONS)
        for question, answer in sheet.items():
            assert is_valid(question, answer), (question, answer)
        check_reading(second_reading(sheet))


def check_reading(reading: dict[str, Any]) -> None:
    assert set(reading) == {"asked", "urgency", "rules", "link", "pathways"}
    assert len(set(reading["asked"])) == len(reading["asked"])
    assert set(reading["asked"]) <= set(QUESTIONS)
    assert reading["urgency"] in URGENCIES
    assert set(reading["rules"]) <= RULES
    assert reading["rules"] == sorted(reading["rules"])
    assert reading["link"] in LINKS
    stopped = reading["urgency"] in {"emergency", "out_of_scope"}
    assert (reading["link"] == "not_assessed") == stopped
    assert (reading["asked"][-1] == "goal") == (not stopped)
    assert (reading["rules"] == []) == (reading["urgency"] == "out_of_scope")
    assert (reading["rules"] == ["U36"]) == (reading["urgency"] == "self_care")
    assert ("U33" in reading["rules"]) == bool(reading["pathways"])
    order = [
        (pathway["certainty"] == "possible", -pathway["points"], PATHWAYS.index(pathway["pathway"]))
        for pathway in reading["pathways"]
    ]
    assert order == sorted(order)
    for pathway in reading["pathways"]:
        assert set(pathway) == {"pathway", "certainty", "points", "items"}
        assert set(pathway["items"]) <= ITEMS


def test_made_up_people_meet_every_end_rule_and_pathway() -> None:
    rng = Random("all of it")
    met: Counter[str] = Counter()
    for _ in range(20_000):
        reading: dict[str, Any] = second_reading(random_sheet(rng))
        met.update(reading["rules"])
        met.update([reading["urgency"], reading["link"], f"asked until {reading['asked'][-1]}"])
        for pathway in reading["pathways"]:
            met.update(pathway["items"])
            met.update([f"{pathway['pathway']} {pathway['certainty']}"])
    rare = {name: met[name] for name in RULES | ITEMS | URGENCIES | LINKS if met[name] < 20}
    assert rare == {}


def test_the_same_seed_makes_up_the_same_people() -> None:
    first, again = Random("one"), Random("one")
    assert [random_sheet(first) for _ in range(50)] == [random_sheet(again) for _ in range(50)]


@pytest.mark.parametrize("kind", [well_sheet, calm_sheet])
def test_a_missing_answer_leaves_the_interview_open_at_its_question(kind: Any) -> None:
    rng = Random("gaps")
    for _ in range(100):
        sheet: Sheet = kind(rng)
        asked = asked_of(sheet)
        gap = rng.choice(asked)
        del sheet[gap]
        reading = second_reading(sheet)
        if gap == "goal":
            assert reading["asked"] == asked
        else:
            until = asked[: asked.index(gap) + 1]
            assert reading == {"asked": until, "outcome": "incomplete"}


@pytest.mark.parametrize("goal", [None, "", "Dance"])
def test_the_goal_may_be_skipped_and_changes_nothing(goal: str | None) -> None:
    rng = Random("goals")
    for _ in range(100):
        sheet = random_sheet(rng)
        assert second_reading({**sheet, "goal": goal}) == second_reading(sheet)


def test_answers_that_are_not_asked_for_change_nothing() -> None:
    rng = Random("not asked")
    for _ in range(1_000):
        sheet = random_sheet(rng)
        asked = asked_of(sheet)
        only_asked = {question: sheet[question] for question in asked}
        assert second_reading(only_asked) == second_reading(sheet)


def asked_of(sheet: Sheet) -> list[str]:
    asked = second_reading(sheet)["asked"]
    assert isinstance(asked, list)
    return asked
