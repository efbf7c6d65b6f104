"""A table that a spreadsheet opens without harm, and that looks the same next year."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bot.intake.csv_form import HEAD, QUESTIONS, as_csv, harmless
from bot.intake.intake import FlowVersion, Intake, Line
from tests.intake.making import FLOW, PATIENTS, intake_of

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows(*intakes: Intake) -> list[dict[str, str]]:
    text = as_csv(intakes)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_every_question_of_the_flow_has_its_columns() -> None:
    assert tuple(question.id for question in FLOW.questions) == QUESTIONS


def test_an_answer_stands_in_codes_and_words() -> None:
    intake = intake_of(next(iter(PATIENTS)))
    (row,) = rows(intake)
    assert row["reference"] == intake.reference
    assert row["urgency"] == intake.urgency
    for line in intake.answers:
        code = " ".join(line.answer) if isinstance(line.answer, tuple) else str(line.answer)
        assert row[line.id] == harmless(code)
        assert row[f"{line.id}_words"] == harmless(line.said)


def test_columns_are_the_same_whoever_is_in_the_table() -> None:
    heads = {as_csv([intake_of(patient)]).splitlines()[0] for patient in PATIENTS}
    assert heads == {as_csv([]).splitlines()[0]}


def test_a_question_of_a_later_flow_is_one_more_pair_at_the_right() -> None:
    now = intake_of(next(iter(PATIENTS)))
    new = Line(
        id="shoes",
        kind="one",
        section="Foot",
        topic="Shoes",
        question="?",
        answer="old",
        said="old",
    )
    later = now.model_copy(
        update={
            "flow": FlowVersion(id="back_foot", version=2, hash="1" * 64),
            "answers": (new, *now.answers[3:]),
        }
    )
    before = as_csv([now]).splitlines()[0]
    assert as_csv([later, now]).splitlines()[0] == f"{before},shoes,shoes_words"
    assert rows(later, now)[0]["age"] == ""


@given(
    st.one_of(
        st.text(max_size=60),
        st.tuples(st.sampled_from([*FORMULAS, " =", "\ufeff="]), st.text(max_size=20)).map("".join),
    )
)
def test_no_cell_begins_a_formula_whatever_was_typed(text: str) -> None:
    (row,) = rows(intake_of(next(iter(PATIENTS)), name=text))
    cell = row["name"]
    assert not cell.lstrip(" \ufeff\u00a0").startswith(FORMULAS)
    assert cell.removeprefix("'") == text or cell == text


def test_a_phone_number_is_no_formula() -> None:
    (row,) = rows(intake_of(next(iter(PATIENTS))))
    assert row["phone"] == "'+447700900123"


def test_the_head_never_changes() -> None:
    assert HEAD[:9] == (
        "reference",
        "id",
        "kind",
        "created_at",
        "clinic",
        "name",
        "phone",
        "urgency",
        "urgency_words",
    )
