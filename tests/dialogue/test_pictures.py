"""Pictures in the conversation: when one is sent, what stands for it in words, and how to stop it."""

from typing import Any

import pytest

from bot.record import Record
from bot.screens import CAPTION_LIMIT
from bot.views.pictures import pictures_of
from bot.wording import Wording
from content.countries import load_countries
from content.loader import languages, load_content
from content.markup import Markup
from flows.answers import Answer
from flows.conversation import RESULT, Conversation
from flows.interview import walk
from flows.loader import load_flow
from flows.models import Question
from tests.dialogue.talk import Talk, plain
from tests.paper.test_page import everything
from tests.pictures.people import PEOPLE, Person
from tests.whole.people import ANA

FLOW = load_flow()


def finished(sheet: dict[str, Any], language: str = "en") -> Record:
    def look_up(question: Question) -> Answer | None:
        return question.read(sheet[question.id])

    answers = walk(FLOW, look_up).answers
    return Record(language, Conversation(answers=answers, agreed=True, confirmed=True))


def wording(language: str) -> Wording:
    return Wording(FLOW, load_content(language, FLOW), load_countries().of("GB"), 30)


def kinds(talk: Talk) -> list[str]:
    return [screen.picture.kind for screen in talk.chat.pictures if screen.picture]


def test_pictures_go_with_the_questions_that_are_hard_in_words(talk: Talk) -> None:
    talk.starts()
    seen = {}
    for _ in range(60):
        if talk.state == "review":
            break
        seen[talk.state] = kinds(talk)
        talk.gives(talk.state, ANA[talk.state])
    assert {question for question, shown in seen.items() if shown} == {"foot_place", "leg_line"}
    talk.taps("See my result")
    assert kinds(talk) == ["chain"]
    (picture,) = talk.chat.pictures
    assert "Gold chain, how you walk: Your foot pain could be related" in plain(picture.text)
    assert "Blue line, the way of the nerve: Your answers fit a nerve" in plain(picture.text)


def test_the_foot_is_drawn_as_answered(talk: Talk) -> None:
    for side in ("left", "right", "both"):
        talk.stands_at("foot_place", {**ANA, "foot_side": side})
        (picture,) = talk.chat.pictures
        assert picture.picture is not None
        assert picture.picture.passing
        assert picture.picture.about["side"] == side


def test_the_numbers_of_the_picture_are_those_of_the_buttons(talk: Talk) -> None:
    for question in ("foot_place", "leg_line"):
        talk.stands_at(question, ANA)
        (picture,) = talk.chat.pictures
        assert picture.picture is not None
        codes = picture.picture.about["codes"]
        for choice in talk.screen.choices:
            assert choice.number is not None
            assert choice.data.endswith(f":{codes[choice.number - 1]}")


def test_a_question_that_is_only_written_anew_keeps_its_picture(talk: Talk) -> None:
    talk.stands_at("foot_place", ANA)
    talk.taps_data("1:nothing")
    assert kinds(talk) == []
    talk.says("up there somewhere")
    assert kinds(talk) == ["foot_place"]


def test_pictures_can_be_turned_off_and_on(talk: Talk) -> None:
    talk.stands_at("foot_place", ANA)
    talk.says("/pictures")
    talk.sees("We send no pictures now", "Where in the foot is it worst?")
    assert kinds(talk) == []
    record = talk.record
    assert record is not None
    assert not record.pictures
    talk.answers_with(ANA)
    talk.taps("See my result")
    assert kinds(talk) == []
    talk.says("/pictures")
    talk.sees("We send pictures again")
    talk.taps("See my result")
    assert kinds(talk) == ["chain"]


def test_a_record_of_before_there_were_pictures_gets_them(talk: Talk) -> None:
    body = Record("en").to_json()
    del body["pictures"]
    assert Record.from_json(body).pictures


def test_the_page_is_offered_with_the_result_and_comes_when_asked_for(talk: Talk) -> None:
    talk.stands_at("impact", ANA)
    talk.answers_with(ANA)
    talk.taps("See my result", "Page to take along")
    assert kinds(talk) == ["page"]
    talk.sees("Book a planned visit with a specialist")
    talk.says("Page to take along")
    assert kinds(talk) == ["page"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_each_picture_has_a_text_that_says_the_same(person: Person, language: str) -> None:
    words = wording(language)
    screens = pictures_of(words, finished(person.sheet, language), RESULT)
    if person.picture is None:
        assert screens == []
        return
    (screen,) = screens
    told = Markup(screen.text).plain()
    assert len(told) <= CAPTION_LIMIT
    for pathway, certainty in person.picture.pathways:
        link = words.content.results.links[pathway]
        sentence = link.likely if certainty == "likely" else link.possible
        assert sentence is not None
        assert sentence.plain() in told
    for question in ("back_side", "leg_reach", "foot_side", "foot_place", "gait"):
        answer = person.sheet.get(question)
        if answer not in (None, "none", ["none"]) and question in screen_answers(person):
            read = FLOW.question_by_id[question].read(answer)
            assert words.said(question, read) in told


def screen_answers(person: Person) -> set[str]:
    return set(finished(person.sheet).conversation.answers)


@pytest.mark.parametrize("language", languages())
def test_even_the_longest_text_fits_below_a_picture(language: str) -> None:
    sheet = {**everything(), "back_side": "both", "leg_reach": "foot", "foot_place": "top_outer"}
    (screen,) = pictures_of(wording(language), finished(sheet, language), RESULT)
    assert Markup(screen.text).length() <= CAPTION_LIMIT
