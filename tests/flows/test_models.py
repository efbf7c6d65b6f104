"""Questions take answers, rules give urgencies, pathways need points."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.answers import Answer, AnswerError, as_json
from flows.models import TEXT_MAX, Certainty, Flow, Kind, Option, Pathway, Question, Urgency
from tests.flows.making import FLOW, answers_to

QUESTION = FLOW.question_by_id


@pytest.mark.parametrize(
    ("question", "raw", "answer"),
    [
        ("saddle", "new", "new"),
        ("complaints", ["foot", "back"], ("back", "foot")),
        ("complaints", ("foot",), ("foot",)),
        ("complaints", ["none"], ("none",)),
        ("back_severity", 0, 0),
        ("back_severity", 10, 10),
        ("goal", "  walk ", "walk"),
        ("goal", "", ""),
        ("goal", "x" * TEXT_MAX, "x" * TEXT_MAX),
    ],
)
def test_question_takes(question: str, raw: object, answer: Answer) -> None:
    assert QUESTION[question].read(raw) == answer


@pytest.mark.parametrize(
    ("question", "raw", "reason"),
    [
        ("saddle", "often", "saddle: 'often' is not one of no, new, weeks, longstanding, unsure"),
        ("saddle", ["no"], "saddle: ['no'] is not one of no, new, weeks, longstanding, unsure"),
        ("saddle", None, "saddle: None is not one of no, new, weeks, longstanding, unsure"),
        ("saddle", {}, "saddle: {} is not one of no, new, weeks, longstanding, unsure"),
        ("complaints", "back", "complaints: takes a list of codes, not 'back'"),
        ("complaints", [], "complaints: nothing is ticked"),
        ("complaints", ["back", "back"], "complaints: a code is ticked twice"),
        ("complaints", ["back", "none"], "complaints: none excludes the others"),
        ("complaints", ["knee"], "complaints: 'knee' is not one of back, leg, foot, none"),
        ("complaints", [["back"]], "complaints: ['back'] is not one of back, leg, foot, none"),
        ("back_severity", 11, "back_severity: takes a whole number from 0 to 10, not 11"),
        ("back_severity", -1, "back_severity: takes a whole number from 0 to 10, not -1"),
        ("back_severity", 3.0, "back_severity: takes a whole number from 0 to 10, not 3.0"),
        ("back_severity", "3", "back_severity: takes a whole number from 0 to 10, not '3'"),
        ("back_severity", True, "back_severity: takes a whole number from 0 to 10, not True"),
        ("goal", 7, "goal: takes text, not 7"),
        ("goal", "x" * 281, "goal: takes at most 280 characters, not 281"),
        (
            "goal",
            ["x" * 10_000],
            "goal: takes text, not ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...",
        ),
    ],
)
def test_question_refuses_in_one_line(question: str, raw: object, reason: str) -> None:
    with pytest.raises(AnswerError) as refusal:
        QUESTION[question].read(raw)
    assert str(refusal.value) == reason


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(st.sampled_from(FLOW.questions), any_json)
def test_question_reads_anything_or_refuses_it_kindly(question: Question, raw: object) -> None:
    try:
        answer = question.read(raw)
    except AnswerError as error:
        said = str(error)
    else:
        assert question.takes(answer)
        return
    assert said.startswith(f"{question.id}: ")
    assert "\n" not in said


@given(st.data())
def test_valid_answers_survive_storing(data: st.DataObject) -> None:
    for question in FLOW.questions:
        answer = data.draw(answers_to(question))
        assert question.takes(answer)
        assert question.read(json.loads(json.dumps(as_json(answer)))) == answer


@pytest.mark.parametrize(
    "answer",
    [("foot", "back"), ("back", "back"), ("back", "none"), ("none", "back"), ("knee",), (), "back"],
)
def test_ticks_that_are_not_as_read_are_not_taken(answer: Answer) -> None:
    assert not QUESTION["complaints"].takes(answer)
    assert QUESTION["complaints"].takes(("back", "foot"))


guesses: st.SearchStrategy[Answer] = st.one_of(
    st.sampled_from(sorted({code for question in FLOW.questions for code in question.codes})),
    st.integers(-1, 11),
    st.booleans(),
    st.text(max_size=3),
    st.lists(st.sampled_from(["back", "leg", "foot", "none", "knee"]), max_size=3).map(tuple),
)


@given(st.sampled_from(FLOW.questions), guesses)
def test_takes_is_reading_without_change(question: Question, answer: Answer) -> None:
    try:
        unchanged = question.read(answer) == answer and type(question.read(answer)) is type(answer)
    except AnswerError:
        unchanged = False
    assert question.takes(answer) is unchanged


def test_urgencies_are_ordered_most_urgent_first() -> None:
    assert [urgency.rank for urgency in Urgency] == [0, 1, 2, 3, 4]
    assert Urgency.EMERGENCY.rank == 0


def test_raised_urgency_is_given_only_where_its_condition_holds() -> None:
    rule = FLOW.rule_by_id["U17"]
    hurt: dict[str, Answer] = {"injury": "minor", "complaints": ("back",), "age": "70_plus"}
    assert rule.gives({**hurt, "age": "60_69"}) is None
    assert rule.gives(hurt) is Urgency.TWO_WEEKS
    assert rule.gives({**hurt, "back_severity": 7}) is Urgency.TWO_WEEKS
    assert rule.gives({**hurt, "back_severity": 8}) is Urgency.SAME_DAY
    assert rule.gives({**hurt, "leg_reach": "foot"}) is Urgency.SAME_DAY


@pytest.mark.parametrize(
    ("pathway", "points", "certainty"),
    [
        ("nerve", 2, None),
        ("nerve", 3, Certainty.POSSIBLE),
        ("nerve", 4, Certainty.POSSIBLE),
        ("nerve", 5, Certainty.LIKELY),
        ("systemic", 2, None),
        ("systemic", 3, Certainty.POSSIBLE),
        ("systemic", 4, Certainty.LIKELY),
        ("mechanical", 2, None),
        ("mechanical", 8, Certainty.POSSIBLE),
        ("foot_first", 2, None),
        ("foot_first", 5, Certainty.POSSIBLE),
        ("metabolic", 0, None),
        ("metabolic", 3, Certainty.POSSIBLE),
    ],
)
def test_points_and_certainty(pathway: str, points: int, certainty: Certainty | None) -> None:
    assert FLOW.pathway_by_id[pathway].certainty(points) is certainty


def test_models_are_frozen_and_know_their_fields() -> None:
    with pytest.raises(ValidationError):
        FLOW.version = 2  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Option.model_validate({"code": "no", "label": "No"})
    assert isinstance(FLOW, Flow)
    assert isinstance(FLOW.pathways[0], Pathway)


def test_emergencies_are_found_by_the_questions_they_read() -> None:
    reading = {id: [rule.id for rule in rules] for id, rules in FLOW.emergencies_reading.items()}
    assert reading["weakness"] == ["U04", "U08"]
    assert reading["saddle"] == ["U02"]
    assert reading["health"] == ["U21"]
    assert reading["goal"] == []


def test_intimate_questions_are_marked() -> None:
    marked = [question.id for question in FLOW.questions if question.intimate]
    assert marked == ["saddle", "bladder", "bowel", "sexual"]


def test_every_kind_of_question_is_met() -> None:
    assert {question.kind for question in FLOW.questions} == set(Kind)
