"""What a picture marks follows from the answers, and from nothing else."""

import json

import pytest

from bot.pictures.findings import Findings, findings_of
from flows.assessment import assess
from flows.interview import Standing, walk
from flows.loader import load_flow
from flows.models import Question
from tests.pictures.people import PEOPLE, Person

FLOW = load_flow()


def stands(person: Person) -> Standing:
    def look_up(question: Question) -> object:
        return question.read(person.sheet[question.id])

    return walk(FLOW, look_up)  # type: ignore[arg-type]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_the_picture_marks_what_this_person_told(person: Person) -> None:
    standing = stands(person)
    assert findings_of(FLOW, standing.answers, assess(FLOW, standing)) == person.picture


def test_there_is_no_picture_for_somebody_this_bot_is_not_for() -> None:
    child = Person("child", {"age": "under_18"}, None)
    standing = stands(child)
    assert findings_of(FLOW, standing.answers, assess(FLOW, standing)) is None


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_findings_come_back_from_json(person: Person) -> None:
    if person.picture is not None:
        stored = json.loads(json.dumps(person.picture.to_json()))
        assert Findings.from_json(stored) == person.picture
