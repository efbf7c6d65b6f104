"""Conditions: when they hold, what they read, and the answers that they hold on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import Answer, Answers
from flows.conditions import Condition, Evidence, comparisons, merged
from flows.grammar import parse
from tests.flows.making import FLOW, conditions, partial_sheets

SHEET: dict[str, Answer] = {
    "age": "18_34",
    "complaints": ("back", "foot"),
    "gait": ("none",),
    "back_severity": 8,
    "leg_side": "left",
    "foot_side": "left",
    "leg_reach": "none",
}


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("age is 18_34", {"age": ("18_34",)}),
        ("age is 35_44 | 18_34", {"age": ("18_34",)}),
        ("age is 35_44", None),
        ("age is not 35_44", {"age": ("18_34",)}),
        ("age is not 35_44 | 18_34", None),
        ("leg_reach is not none", None),
        ("complaints has back | leg", {"complaints": ("back",)}),
        ("complaints has foot | back", {"complaints": ("back", "foot")}),
        ("complaints has leg", None),
        ("complaints has anything", {"complaints": ("back", "foot")}),
        ("gait has anything", None),
        ("gait has none", {"gait": ("none",)}),
        ("back_severity >= 8", {"back_severity": ("8",)}),
        ("back_severity >= 9", None),
        ("leg_side equals foot_side", {"leg_side": ("left",), "foot_side": ("left",)}),
        ("age equals foot_side", None),
        ("age is 18_34 and complaints has foot", {"age": ("18_34",), "complaints": ("foot",)}),
        ("age is 18_34 and complaints has leg", None),
        ("complaints has leg or complaints has foot", {"complaints": ("foot",)}),
        ("complaints has foot or complaints has back", {"complaints": ("foot", "back")}),
        (
            "at least 2 of (age is 18_34; complaints has leg; gait has none)",
            {"age": ("18_34",), "gait": ("none",)},
        ),
        ("at least 2 of (age is 18_34; complaints has leg; gait has limp)", None),
        ("not age is 35_44", {}),
        ("not age is 18_34", None),
        ("age is 18_34 and not complaints has leg", {"age": ("18_34",)}),
        ("began_before_45", {"age": ("18_34",)}),
    ],
)
def test_condition_on_a_sheet(text: str, evidence: Evidence | None) -> None:
    condition = parse(text, FLOW.definitions)
    assert condition.holds(SHEET) is (evidence is not None)
    assert condition.evidence(SHEET) == (evidence or {})


@pytest.mark.parametrize(
    "text",
    [
        "saddle is no",
        "saddle is not no",
        "unwell has fever",
        "unwell has anything",
        "unwell has none",
        "foot_severity >= 1",
        "saddle equals bladder",
        "at least 1 of (saddle is no; unwell has none)",
    ],
)
def test_what_was_not_asked_is_false_and_only_not_turns_it(text: str) -> None:
    assert not parse(text).holds(SHEET)
    assert parse(text).evidence(SHEET) == {}
    assert parse(f"not ({text})").holds(SHEET)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("leg_side equals foot_side", {"leg_side", "foot_side"}),
        ("not (age is 18_34 or unwell has fever)", {"age", "unwell"}),
        ("at least 1 of (back_severity >= 3; gait has anything)", {"back_severity", "gait"}),
        ("began_before_45 and saddle is not no", {"age", "back_began", "saddle"}),
    ],
)
def test_condition_tells_the_questions_it_reads(text: str, reads: set[str]) -> None:
    assert parse(text, FLOW.definitions).reads() == reads


def test_merged_evidence_names_each_code_once_in_order() -> None:
    assert merged([{"a": ("y",)}, {"b": ("z",), "a": ("x", "y")}]) == {"a": ("y", "x"), "b": ("z",)}


@given(conditions(FLOW), partial_sheets())
def test_evidence_is_what_was_read_and_answered(condition: Condition, sheet: Answers) -> None:
    evidence = condition.evidence(sheet)
    assert evidence.keys() <= condition.reads() & sheet.keys()
    assert not evidence or condition.holds(sheet)
    for question, codes in evidence.items():
        answer = sheet[question]
        assert set(codes) <= (set(answer) if isinstance(answer, tuple) else {str(answer)})
        assert len(set(codes)) == len(codes) > 0


@given(conditions(FLOW, negated=False), partial_sheets())
def test_evidence_alone_makes_the_condition_hold(condition: Condition, sheet: Answers) -> None:
    evidence = condition.evidence(sheet)
    assert bool(evidence) is condition.holds(sheet)
    if evidence:
        only: dict[str, Answer] = {}
        for question, codes in evidence.items():
            answer = sheet[question]
            only[question] = codes if isinstance(answer, tuple) else answer
        assert condition.holds(only)


@given(conditions(FLOW, negated=False), partial_sheets(), st.data())
def test_without_not_another_answer_takes_nothing_back(
    condition: Condition, sheet: dict[str, Answer], data: st.DataObject
) -> None:
    fewer = {id: answer for id, answer in sheet.items() if data.draw(st.booleans())}
    assert not condition.holds(fewer) or condition.holds(sheet)


@given(conditions(FLOW), partial_sheets())
def test_only_the_questions_read_matter(condition: Condition, sheet: Answers) -> None:
    read = {id: answer for id, answer in sheet.items() if id in condition.reads()}
    assert condition.holds(read) is condition.holds(sheet)
    assert condition.evidence(read) == condition.evidence(sheet)


@given(conditions(FLOW))
def test_comparisons_read_what_the_condition_reads(condition: Condition) -> None:
    read = frozenset[str]().union(*(part.reads() for part in comparisons(condition)))
    assert read == condition.reads()
