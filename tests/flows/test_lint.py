"""What holds between the parts of a flow. Broken flows are in test_loader.py and broken/."""

from itertools import product

import pytest

from flows.grammar import parse
from flows.lint import Problem, lint
from flows.models import Flow, Kind, Option, Question
from tests.flows.making import CALM, FLOW, SMALL, rebuilt, started


@pytest.mark.parametrize("flow", [FLOW, SMALL], ids=lambda flow: flow.id)
def test_sound_flows_have_no_problems(flow: Flow) -> None:
    assert list(lint(flow)) == []


def changed(**questions: str) -> Flow:
    """The small flow with other conditions for some questions."""
    return rebuilt(
        SMALL,
        questions=tuple(
            question.model_copy(update={"asked": parse(questions[question.id])})
            if question.id in questions
            else question
            for question in SMALL.questions
        ),
    )


@pytest.mark.parametrize(
    "asked",
    [
        "age is adult",
        "age is not child",
        "place has hand and place has elbow and place has other",
        "place has anything and not place has hand",
        "numb is no | unsure",
        "not numb is unsure",
    ],
)
def test_what_can_be_reached_is_not_refused(asked: str) -> None:
    assert list(lint(changed(side=asked))) == []


@pytest.mark.parametrize(
    "asked",
    [
        "age is child",
        "age is child and age is adult",
        "place has none and place has hand",
        "place has none and numb is no",
        "numb is now",
        "not age is adult",
        "at least 2 of (place has none; place has hand; age is child)",
    ],
)
def test_what_cannot_be_reached_is_refused(asked: str) -> None:
    assert [(problem.id, problem.field) for problem in lint(changed(side=asked))] == [
        ("side", ("asked",))
    ]


def test_several_problems_are_found_references_first() -> None:
    flow = rebuilt(changed(side="numb is now"), mixed=("nerve", "bone"))
    assert [problem.id for problem in lint(flow)] == ["mixed", "side"]


def test_search_gives_up_rather_than_hang() -> None:
    codes = tuple(Option(code=f"c{number}") for number in range(8))
    many = tuple(
        Question(id=f"q{number}", kind=Kind.ONE, section="you", options=codes)
        for number in range(9)
    )
    never = " and ".join(f"q{number} is c7" for number in range(9)) + " and q0 is c6"
    last = Question(id="last", kind=Kind.SCALE, section="you", asked=parse(never))
    flow = rebuilt(SMALL, questions=(*SMALL.questions, *many, last))
    problems = list(lint(flow))
    assert problems == [
        Problem("last", "can never be asked: no answers before it lead here", ("asked",))
    ]


def test_every_question_of_the_protocol_is_reached_by_some_of_its_codes() -> None:
    # Not by the linter's own search, but as patients reach them.
    reached: set[str] = set()
    for complaints, duration, age in product(
        [("back", "leg", "foot"), ("foot",)],
        ["under_6_weeks", "over_12_weeks"],
        ["35_44", "45_59"],
    ):
        chat = started()
        reached.update(
            chat.fill(
                complaints=complaints,
                age=age,
                back_duration=duration,
                back_began="before_35",
                leg_reach="foot",
                leg_feel=("cramp_walking",),
                gait=("limp",),
            )
        )
        assert chat.at == "review"
    assert reached == set(CALM) == {question.id for question in FLOW.questions}
