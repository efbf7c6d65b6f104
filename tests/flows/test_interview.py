"""Which question comes next, and where an interview ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import Answer
from flows.interview import Standing, counting, emergencies, stand, walk
from flows.models import Outcome, Question, Urgency
from tests.flows.making import CALM, FLOW, calm_sheets, partial_sheets, sheets

BACK_LEG_FOOT = tuple(
    id for id in CALM if id not in {"back_began", "inflammatory_signs", "leg_line", "gait_order"}
)


def asked(**changed: Answer) -> tuple[str, ...]:
    answers = {**CALM, **changed}
    return walk(FLOW, lambda question: answers[question.id]).asked


def test_foot_alone_takes_21_questions() -> None:
    assert len(asked(complaints=("foot",), leg_reach="none")) == 21


def test_back_leg_and_foot_take_37_questions() -> None:
    questions = asked(
        leg_reach="foot", leg_feel=("cramp_walking",), gait=("limp",), back_duration="6_to_12_weeks"
    )
    assert len(questions) == 37
    assert set(CALM) - set(questions) == {"back_began", "inflammatory_signs"}


def test_calm_sheet_asks_in_the_order_of_the_flow() -> None:
    assert asked() == tuple(id for id in BACK_LEG_FOOT if id != "walking")


@pytest.mark.parametrize(
    ("question", "changed", "is_asked"),
    [
        ("saddle", {"complaints": ("foot",)}, False),
        ("saddle", {"complaints": ("leg",)}, True),
        ("cord_signs", {"complaints": ("foot",)}, False),
        ("cord_signs", {"complaints": ("foot",), "unwell": ("cancer_ever",)}, True),
        ("limb_danger", {"complaints": ("back",)}, False),
        ("limb_danger", {"complaints": ("leg",)}, True),
        ("back_began", {"back_duration": "over_12_weeks"}, True),
        ("back_began", {"back_duration": "over_12_weeks", "age": "18_34"}, False),
        ("back_began", {"back_duration": "6_to_12_weeks"}, False),
        ("inflammatory_signs", {"back_duration": "over_12_weeks", "age": "18_34"}, True),
        ("inflammatory_signs", {"back_duration": "over_12_weeks", "age": "35_44"}, True),
        ("inflammatory_signs", {"back_duration": "over_12_weeks"}, False),
        (
            "inflammatory_signs",
            {"back_duration": "over_12_weeks", "back_began": "35_to_44"},
            True,
        ),
        ("leg_side", {"leg_reach": "none"}, False),
        ("leg_line", {"leg_reach": "thigh"}, False),
        ("leg_line", {"leg_reach": "below_knee"}, True),
        ("walking", {"leg_feel": ("ache", "cramp_walking")}, True),
        ("walking", {"both_legs": "longstanding"}, True),
        ("walking", {"back_pattern": ("worse_standing_walking",)}, True),
        ("toe_rise", {"leg_reach": "none", "complaints": ("back",)}, False),
        ("toe_rise", {"leg_reach": "none"}, True),
        ("toe_rise", {"injury": "pop"}, False),
        ("toe_rise", {"injury": "twist_cannot_walk"}, False),
        ("toe_rise", {"injury": "minor"}, True),
        ("toe_rise", {"limb_danger": ("wound",)}, False),
        ("toe_rise", {"limb_danger": ("hot_red",)}, False),
        ("toe_rise", {"limb_danger": ("rest_pain_hang",)}, True),
        ("toe_rise", {"complaints": ("back",)}, True),
        ("foot_side", {"complaints": ("back", "leg")}, False),
        ("gait_order", {"gait": ("limp",)}, True),
        ("gait_order", {"gait": ("limp",), "complaints": ("back", "leg")}, False),
        ("order", {"complaints": ("leg", "foot")}, False),
    ],
)
def test_when_a_question_is_asked(
    question: str, changed: dict[str, Answer], is_asked: bool
) -> None:
    assert (question in asked(**changed)) is is_asked


@pytest.mark.parametrize(
    ("changed", "last", "outcome", "rules", "end"),
    [
        ({"age": "under_18"}, "age", Outcome.OUT_OF_SCOPE, (), "under_18"),
        ({"complaints": ("none",)}, "complaints", Outcome.OUT_OF_SCOPE, (), "no_complaint"),
        ({"sudden_danger": ("unsure",)}, "sudden_danger", Outcome.EMERGENCY, ("U01",), None),
        ({"bladder": "new", "bowel": "new"}, "bladder", Outcome.EMERGENCY, ("U02",), None),
        ({"sexual": "prefer_not"}, "goal", None, (), None),
        ({"weakness": "hours"}, "weakness", Outcome.EMERGENCY, ("U04",), None),
        (
            {"weakness": "new", "unwell": ("fever", "very_ill")},
            "unwell",
            Outcome.EMERGENCY,
            ("U07", "U08"),
            None,
        ),
        (
            {"unwell": ("cancer_ever",), "cord_signs": ("band", "worsening")},
            "cord_signs",
            Outcome.EMERGENCY,
            ("U11", "U13"),
            None,
        ),
        ({"injury": "major"}, "injury", Outcome.EMERGENCY, ("U16",), None),
        (
            {"unwell": ("fever",), "health": ("diabetes",), "limb_danger": ("hot_red",)},
            "limb_danger",
            Outcome.EMERGENCY,
            ("U21",),
            None,
        ),
    ],
)
def test_where_an_interview_ends(
    changed: dict[str, Answer],
    last: str,
    outcome: Outcome | None,
    rules: tuple[str, ...],
    end: str | None,
) -> None:
    answers = {**CALM, **changed}
    standing = walk(FLOW, lambda question: answers[question.id])
    assert standing.asked[-1] == last
    assert (standing.outcome, standing.rules, standing.end) == (outcome, rules, end)
    assert standing == stand(FLOW, answers)
    assert standing.complete is (outcome is None)


def test_answers_after_the_end_are_not_even_looked_at() -> None:
    answers = {**CALM, "weakness": "hours"}
    looked: list[str] = []

    def look_up(question: Question) -> Answer:
        looked.append(question.id)
        return answers[question.id]

    walk(FLOW, look_up)
    assert looked[-1] == "weakness"


@given(sheets() | calm_sheets())
def test_standing_is_the_walk_where_nothing_is_missing(sheet: dict[str, Answer]) -> None:
    standing = stand(FLOW, sheet)
    walked = walk(FLOW, lambda question: sheet[question.id])
    if walked.outcome is Outcome.OUT_OF_SCOPE and standing != walked:
        assert standing.outcome is Outcome.EMERGENCY  # it comes first, whoever it is
    else:
        assert standing == walked


@given(partial_sheets() | calm_sheets(), st.sets(st.sampled_from(sorted(CALM)), max_size=3))
def test_standing_holds_what_applies_and_was_answered(
    answers: dict[str, Answer], missing: set[str]
) -> None:
    for id in missing:
        answers.pop(id, None)
    standing = stand(FLOW, answers)
    assert standing.answers.items() <= answers.items()
    known: dict[str, Answer] = {}
    for id, answer in standing.answers.items():
        assert FLOW.question_by_id[id].applies(known)
        assert not emergencies(FLOW, id, known)
        known[id] = answer
    assert standing.asked[: len(known)] == tuple(known)
    assert standing.asked[len(known) :] == ((standing.open,) if standing.open else ())
    assert standing.complete is (standing.open is None and standing.outcome is None)


def test_emergency_behind_an_open_question_comes_first() -> None:
    answers = {**CALM, "injury": "major", "saddle": "new"}
    del answers["complaints"]
    standing = stand(FLOW, answers)  # without complaints, saddle is not asked
    assert (standing.outcome, standing.rules) == (Outcome.EMERGENCY, ("U16",))
    assert standing.asked == tuple(standing.answers)
    assert {"saddle", "complaints"}.isdisjoint(standing.answers)


def test_emergency_behind_an_open_question_is_the_first_one() -> None:
    answers: dict[str, Answer] = {
        **CALM,
        "weakness": "new",
        "unwell": ("fever",),
        "injury": "major",
    }
    del answers["saddle"]
    standing = stand(FLOW, answers)
    assert standing.rules == ("U08",)
    assert list(standing.answers)[-1] == "unwell"


def test_nothing_behind_a_question_that_is_being_corrected_is_looked_at() -> None:
    answers: dict[str, Answer] = {**CALM, "injury": "major"}
    drafts = {"complaints": answers.pop("complaints")}
    assert stand(FLOW, answers, drafts) == Standing(
        ("age", "complaints"), {"age": "45_59"}, open="complaints"
    )
    assert counting(FLOW, answers, drafts) == {"age": "45_59"}


def test_draft_of_a_question_that_does_not_apply_stops_nothing() -> None:
    answers: dict[str, Answer] = {**CALM, "complaints": ("foot",), "injury": "major"}
    assert stand(FLOW, answers, {"saddle": "no"}).outcome is Outcome.EMERGENCY


def test_emergency_comes_before_an_end_out_of_scope() -> None:
    answers: dict[str, Answer] = {**CALM, "age": "under_18", "weakness": "hours"}
    assert stand(FLOW, answers).outcome is Outcome.EMERGENCY
    assert stand(FLOW, {**answers, "weakness": "new"}).outcome is Outcome.OUT_OF_SCOPE


def test_an_answer_that_its_question_does_not_take_is_none() -> None:
    answers: dict[str, Answer] = {**CALM, "weakness": "a bit", "unwell": ("fever", "none")}
    assert stand(FLOW, answers).open == "weakness"
    assert {"weakness", "unwell"}.isdisjoint(counting(FLOW, answers, {}))


@given(sheets())
def test_emergency_rules_are_never_taken_back_by_a_later_answer(sheet: dict[str, Answer]) -> None:
    known: dict[str, Answer] = {}
    before: set[str] = set()
    for question in FLOW.questions:
        known[question.id] = sheet[question.id]
        holding = {rule.id for rule in FLOW.rules if rule.gives(known) is Urgency.EMERGENCY}
        assert before <= holding
        before = holding
