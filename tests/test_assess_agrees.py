"""The flow and the second reading of the protocol make the same of every sheet.

The flow reads the protocol as data, through its condition grammar; the second reading is plain
Python. Where they differ, one of the two has misread the protocol: read it again before changing
either.
"""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.assessment import assess_sheet
from flows.loader import load_flow
from tests.second_reading import (
    CALM,
    KINDS,
    MANY,
    ONE,
    QUESTIONS,
    SCALES,
    Sheet,
    random_sheet,
    second_reading,
)

FLOW = load_flow()
SHEETS_OF_A_KIND = 2_500


def as_printed(result: Mapping[str, object]) -> Any:
    # As `assess` prints it: tuples are lists, enumerations are their values.
    return json.loads(json.dumps(result))


def check_agreement(sheet: Mapping[str, object]) -> None:
    flow_makes = as_printed(assess_sheet(FLOW, sheet))
    second = second_reading(sheet)
    assert flow_makes == second, f"the flow and the second reading differ on {json.dumps(sheet)}"


@pytest.mark.parametrize("kind", KINDS)
def test_made_up_people(kind: Callable[[Random], Sheet]) -> None:
    rng = Random(f"agree: {kind.__name__}")
    for _ in range(SHEETS_OF_A_KIND):
        check_agreement(kind(rng))


def test_made_up_people_with_gaps() -> None:
    rng = Random("agree: gaps")
    for _ in range(2_000):
        sheet = random_sheet(rng)
        for question in rng.sample(QUESTIONS, rng.randint(1, 4)):
            del sheet[question]
        check_agreement(sheet)


def test_answers_that_are_not_asked_for_are_ignored_even_bad_ones() -> None:
    rng = Random("agree: not asked")
    for _ in range(500):
        sheet = random_sheet(rng)
        asked = second_reading(sheet)["asked"]
        assert isinstance(asked, list)
        for question in QUESTIONS:
            if question not in asked:
                sheet[question] = rng.choice(("nonsense", 99, [], None))
        check_agreement(sheet)


def an_answer(question: str) -> st.SearchStrategy[object]:
    if question in ONE:
        return st.sampled_from(ONE[question])
    if question in MANY:
        # In any order: a sheet need not know the order of the options.
        ticks = st.lists(st.sampled_from(MANY[question]), min_size=1, unique=True)
        return st.just(["none"]) | ticks
    if question in SCALES:
        return st.integers(0, 10)
    return st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=280)


def a_change(question: str) -> st.SearchStrategy[tuple[str, object]]:
    return st.tuples(st.just(question), an_answer(question))


# Few changes of a calm sheet: interviews get far, and a difference shrinks to what makes it.
changes = st.lists(st.sampled_from(QUESTIONS).flatmap(a_change), max_size=10)
any_answers = st.fixed_dictionaries({question: an_answer(question) for question in QUESTIONS})
gaps = st.sets(st.sampled_from(QUESTIONS), min_size=1, max_size=3)


@given(changes)
@settings(max_examples=1_000, deadline=None)
def test_a_calm_sheet_with_some_changes(changed: list[tuple[str, object]]) -> None:
    check_agreement(CALM | dict(changed))


@given(any_answers)
@settings(max_examples=200, deadline=None)
def test_any_answers_at_all(sheet: Sheet) -> None:
    check_agreement(sheet)


@given(changes, gaps)
@settings(max_examples=500, deadline=None)
def test_incomplete_sheets(changed: list[tuple[str, object]], missing: set[str]) -> None:
    sheet = CALM | dict(changed)
    check_agreement(
        {question: answer for question, answer in sheet.items() if question not in missing}
    )
