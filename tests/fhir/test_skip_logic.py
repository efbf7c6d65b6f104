"""A form engine enables exactly the questions that the bot asks, for every sheet of answers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.fhir.enabling import Enabling, concise
from bot.fhir.fhirpath import expression
from bot.fhir.questionnaire import groups_of
from flows.answers import Answer
from flows.conditions import Not
from flows.interview import Standing, stand, walk
from flows.models import Flow, Kind, Outcome
from flows.patients import load_patients
from tests.fhir.form import EXPRESSION, Engine, answers_of, every_item, questions
from tests.fhir.made import FLOW, FORM, form_of
from tests.flows.making import calm_sheets, conditions, partial_sheets, rebuilt, sheets
from tests.second_reading import KINDS, Sheet

ENGINES = [
    Engine(keeps_disabled=keeps, differs_when_any=differs)
    for keeps in (True, False)
    for differs in (True, False)
]
SHEETS_OF_A_KIND = 6


def read(flow: Flow, sheet: Mapping[str, Any]) -> dict[str, Answer]:
    """A whole sheet of raw answers, as the flow stores them."""
    return {
        question.id: question.read(sheet[question.id])
        for question in flow.questions
        if sheet.get(question.id) is not None
    }


def walked(flow: Flow, sheet: dict[str, Answer]) -> Standing:
    def look_up(question: Any) -> Answer | None:
        return sheet.get(question.id, "" if question.kind is Kind.TEXT else None)

    return walk(flow, look_up)


def up_to_the_first_open(form: dict[str, Any], enabled: list[str], sheet: Any) -> list[str]:
    asked: list[str] = []
    for link in enabled:
        asked.append(link)
        if link not in sheet and questions(form)[link]["required"]:
            break
    return asked


def check(flow: Flow, form: dict[str, Any], sheet: dict[str, Answer], engine: Engine) -> None:
    enabled = engine.enabled(form, answers_of(form, sheet))
    told = f"{engine} on {json.dumps(sheet)}"
    asked = [link for link in enabled if link in flow.question_by_id]
    standing = walked(flow, sheet)
    if standing.open is not None:
        assert up_to_the_first_open(form, asked, sheet) == list(standing.asked), told
        return
    assert asked == list(standing.asked), told
    # An emergency among answers that are kept comes before an end out of scope, as in the bot.
    seen = stand(flow, sheet) if engine.keeps_disabled else standing
    expected = {Outcome.EMERGENCY: "end.emergency", Outcome.OUT_OF_SCOPE: f"end.{seen.end}"}
    shown = [link for link in enabled if link.startswith("end.")]
    assert shown == ([expected[seen.outcome]] if seen.outcome else []), told


@pytest.mark.parametrize("turn", range(2))
def test_the_test_patients_are_asked_the_same(turn: int) -> None:
    for place, patient in enumerate(load_patients(FLOW)[turn::6]):
        check(FLOW, FORM, read(FLOW, patient.sheet), ENGINES[place % len(ENGINES)])


@pytest.mark.parametrize("kind", KINDS)
def test_made_up_people_are_asked_the_same(kind: Callable[[Random], Sheet]) -> None:
    rng = Random(f"form: {kind.__name__}")
    for turn in range(SHEETS_OF_A_KIND):
        check(FLOW, FORM, read(FLOW, kind(rng)), ENGINES[turn % len(ENGINES)])


@given(sheets(), st.sampled_from(ENGINES))
@settings(max_examples=12, deadline=None)
def test_any_answers_at_all(sheet: dict[str, Answer], engine: Engine) -> None:
    check(FLOW, FORM, sheet, engine)


@given(calm_sheets(), st.sampled_from(ENGINES))
@settings(max_examples=15, deadline=None)
def test_a_calm_sheet_with_some_changes(sheet: dict[str, Answer], engine: Engine) -> None:
    check(FLOW, FORM, sheet, engine)


@given(partial_sheets(), st.sampled_from(ENGINES))
@settings(max_examples=12, deadline=None)
def test_the_first_open_question_of_the_form_is_the_one_the_bot_asks_next(
    sheet: dict[str, Answer], engine: Engine
) -> None:
    check(FLOW, FORM, sheet, engine)


@given(calm_sheets(), st.sets(st.sampled_from(sorted(FLOW.question_by_id)), max_size=3))
@settings(max_examples=12, deadline=None)
def test_gaps_in_a_calm_sheet(sheet: dict[str, Answer], gaps: set[str]) -> None:
    left = {question: answer for question, answer in sheet.items() if question not in gaps}
    for keeps in (True, False):
        check(FLOW, FORM, left, Engine(keeps_disabled=keeps))


# The same for conditions that the protocol does not use today


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_any_condition_of_the_grammar(data: st.DataObject) -> None:
    """Whatever the last question of a flow is asked on, the form asks it when the bot does."""
    last = FLOW.questions[-1].id
    earlier = rebuilt(FLOW, ends=(), rules=[rule for rule in FLOW.rules if rule.id == "U36"])
    asked = data.draw(conditions(earlier))
    changed = tuple(
        question.model_copy(update={"asked": asked}) if question.id == last else question
        for question in earlier.questions
    )
    flow = rebuilt(earlier, questions=changed)
    form = form_of(flow)
    sheet = data.draw(calm_sheets())
    engine = data.draw(st.sampled_from(ENGINES))
    enabled = engine.enabled(form, answers_of(form, sheet))
    assert [link for link in enabled if link in flow.question_by_id] == list(
        walked(flow, sheet).asked
    )


# The tests above can fail


def lies(form: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The form with one wrong condition each."""

    def changed(link: str, **fields: Any) -> dict[str, Any]:
        wrong = copy.deepcopy(form)
        item = next(one for one in every_item(wrong["item"]) if one["linkId"] == link)
        for name, value in fields.items():
            if value is None:
                item.pop(name)
            else:
                item[name] = value
        return wrong

    yield "an end that does not end", changed("section.safety", enableWhen=None)
    yield "asked of everybody", changed("gait_order", enableWhen=None)
    yield "any for all", changed("order", enableBehavior="any")
    yield "an emergency that goes on", changed("section.back", extension=[])
    yield (
        "answers that do not count any more",
        changed(
            "leg_side",
            extension=[],
            enableWhen=[{"question": "both_legs", "operator": "exists", "answerBoolean": True}],
            enableBehavior=None,
        ),
    )


def differs(form: dict[str, Any], sheet: dict[str, Answer]) -> bool:
    try:
        check(FLOW, form, sheet, Engine())
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize(("name", "wrong"), list(lies(FORM)), ids=lambda value: str(value)[:40])
def test_a_wrong_condition_is_found(name: str, wrong: dict[str, Any]) -> None:
    rng = Random(f"lies: {name}")
    sheets_ = (read(FLOW, kind(rng)) for _ in range(40) for kind in KINDS)
    assert any(differs(wrong, sheet) for sheet in sheets_)


@pytest.mark.parametrize("question", [q.id for q in FLOW.questions if q.asked is not None])
def test_each_condition_turned_round_is_found(question: str) -> None:
    wrong = form_of(FLOW)
    item = questions(wrong)[question]
    truth = concise(Enabling(FLOW).applies(question))
    item.pop("enableWhen", None)
    item.pop("enableBehavior", None)
    kept = [one for one in item["extension"] if "enableWhenExpression" not in one["url"]]
    lie = {"language": "text/fhirpath", "expression": expression(Not(part=truth), groups_of(FLOW))}
    item["extension"] = [*kept, {"url": EXPRESSION, "valueExpression": lie}]
    # Whoever gets to a result meets most conditions.
    patients = [one for one in load_patients(FLOW) if one.expect.urgency != "emergency"]
    assert any(differs(wrong, read(FLOW, patient.sheet)) for patient in reversed(patients))
