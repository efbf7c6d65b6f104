"""What seldom happens: photos, blocks, groups, repeats, errors, a newer flow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.events import Command, Tap
from bot.service import Service
from bot.store.sqlite import SqliteStore
from content.markup import Markup
from content.models import Content
from flows.conversation import REVIEW, WELCOME
from flows.machine import ConversationMachine
from flows.models import Flow, Question
from tests.dialogue.sheets import EVERYTHING, FOOT
from tests.dialogue.talk import Talk


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "<b>"])
def test_a_photo_gets_a_kind_line_and_the_question_again(talk: Talk, kind: str) -> None:
    talk.starts()
    talk.sends(kind)
    talk.sees("we can only read taps and typed words", "999", "How old are you?")
    assert talk.state == "age"


def test_a_photo_from_a_stranger(talk: Talk) -> None:
    talk.sends("photo")
    talk.sees("we can only read taps and typed words", "This is Plumbline")
    assert talk.state == WELCOME


def test_a_blocked_bot_says_nothing_and_loses_nothing(talk: Talk) -> None:
    talk.stands_at("unwell", EVERYTHING)
    answers = talk.answers
    talk.blocks()
    assert talk.new == []
    assert _blocked(talk)
    talk.unblocks()
    assert talk.new == []
    assert not _blocked(talk)
    talk.blocks()
    talk.says("/start")
    talk.sees("Does any of this fit you?")
    assert not _blocked(talk)
    assert talk.answers == answers


def _blocked(talk: Talk) -> bool:
    record = talk.record
    assert record is not None
    return record.blocked


def test_a_stranger_who_blocks_leaves_nothing(talk: Talk) -> None:
    talk.blocks()
    talk.unblocks()
    assert talk.record is None


def test_a_group_is_told_to_write_privately(talk: Talk, service: Service) -> None:
    service.bot_link = "https://t.me/plumbline?x=<1>&y"
    talk.calls_from_group()
    talk.sees("we do not talk about it in a group", "https://t.me/plumbline?x=<1>&y")
    assert talk.record is None


def test_an_event_that_comes_again_is_applied_once(talk: Talk) -> None:
    talk.says("/start", id="u1")
    agree = Tap(talk.button("I agree, start").data, on_live=True)
    talk.happens(agree, id="u2")
    answer = Tap(talk.button("18 to 34").data, on_live=True)
    talk.happens(answer, id="u3")
    tick = Tap(talk.button("Ankle, heel or foot").data, on_live=True)
    talk.happens(tick, id="u4")
    before = talk.record
    for event, id in ((answer, "u3"), (tick, "u4"), (agree, "u2"), (Command("restart"), "u1")):
        talk.happens(event, id=id)
        talk.sees("Where do you have pain")
        assert talk.notice is None
        assert talk.record == before


def test_a_deletion_that_comes_again(talk: Talk) -> None:
    talk.starts()
    talk.says("/delete")
    yes = Tap(talk.button("Yes, delete all").data, on_live=True)
    talk.happens(yes, id="u9")
    talk.happens(yes, id="u9")
    assert talk.new == []
    assert talk.record is None


def test_an_error_of_ours_loses_nothing(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    talk.stands_at("saddle", EVERYTHING)
    before = talk.record
    tap = talk.button(talk.label_of("saddle", "no"))

    def breaks(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr("bot.views.current.question_screen", breaks)
        with pytest.raises(KeyError):
            talk.happens(Tap(tap.data, on_live=True), id="u7")
    assert talk.record == before
    talk.set_aside("u7", "KeyError")
    talk.sees("Something went wrong on our side.", "what you told us is not lost", "999")
    assert talk.record == before
    talk.taps(tap.label)
    assert talk.state == "bladder"


def test_an_error_for_a_stranger(talk: Talk) -> None:
    talk.set_aside("u1", "ValueError")
    talk.sees("Something went wrong on our side.")


def _newer(flow: Flow) -> ConversationMachine:
    """A newer flow, in which a weakness can no longer be an old one."""
    questions = [
        Question(
            id=question.id,
            kind=question.kind,
            section=question.section,
            options=tuple(option for option in question.options if option.code != "longstanding"),
            asked=question.asked,
            intimate=question.intimate,
        )
        if question.id == "weakness"
        else question
        for question in flow.questions
    ]
    parts = {name: getattr(flow, name) for name in Flow.model_fields}
    newer = {**parts, "version": flow.version + 1, "questions": tuple(questions)}
    return ConversationMachine(Flow.model_construct(**newer))


def test_a_newer_flow_goes_on_with_what_still_fits(
    talk: Talk,
    machine: ConversationMachine,
    english: Content,
    setting: Setting,
    store: SqliteStore,
) -> None:
    talk.stands_at("goal", {**EVERYTHING, "weakness": "longstanding"})
    talk.taps("Skip")
    answers = talk.answers
    newer = _newer(machine.flow)
    talk.is_served_by(Service(Dialogue(newer, {"en": english}, setting), store), newer)
    talk.says("/start")
    talk.sees("We have improved the questions", "Is a leg or foot weak")
    assert talk.state == "weakness"
    assert talk.answers == {id: a for id, a in answers.items() if id != "weakness"}
    talk.gives("weakness", "no")
    assert talk.state == REVIEW
    talk.sees_not("We have improved")


def test_a_record_of_another_time_still_reads(talk: Talk) -> None:
    talk.stands_at("goal", FOOT)
    record = talk.record
    assert record is not None
    conversation = replace(
        record.conversation, answers={**record.conversation.answers, "gone": "x", "impact": "odd"}
    )
    talk.stores(replace(record, conversation=conversation, flow="back_foot:0"))
    talk.says("/start")
    assert talk.state == "impact"
    assert "gone" not in talk.answers
    talk.gives("impact", "some")
    talk.taps("Skip")
    assert talk.state == REVIEW


def test_a_language_that_is_no_longer_spoken(talk: Talk) -> None:
    talk.starts()
    record = talk.record
    assert record is not None
    talk.stores(replace(record, language="xx"))
    talk.says("/start")
    talk.sees("How old are you?")


@pytest.fixture
def bilingual(
    machine: ConversationMachine, english: Content, setting: Setting, store: SqliteStore
) -> Service:
    """A bot with a second language, which says the same but for its name."""
    interface = english.interface.model_copy(
        update={
            "language": english.interface.language.model_copy(update={"name": "Other"}),
            "notices": english.interface.notices.model_copy(
                update={"language_set": Markup("We now write in Other.")}
            ),
        }
    )
    other = english.model_copy(update={"code": "xx", "interface": interface})
    return Service(Dialogue(machine, {"en": english, "xx": other}, setting), store)


def test_a_second_language_can_be_chosen_at_any_time(
    talk: Talk, bilingual: Service, machine: ConversationMachine
) -> None:
    talk.is_served_by(bilingual, machine)
    talk.says("/start")
    talk.taps("Change language")
    assert talk.labels == ["English", "Other", "Go back"]
    talk.taps("Other")
    talk.sees("We now write in Other.", "This is Plumbline")
    talk.taps("I agree, start", "18 to 34")
    talk.says("/language")
    talk.says("1")
    talk.sees("We now write in English. Your answers are kept.", "Where do you have pain")
    assert talk.answers == {"age": "18_34"}


@pytest.mark.parametrize(
    ("hint", "language"),
    [("xx", "xx"), ("XX-br", "xx"), ("xx_BR", "xx"), ("zz", "en"), ("", "en"), (None, "en")],
)
def test_the_channel_hints_at_the_first_language(
    talk: Talk, bilingual: Service, machine: ConversationMachine, hint: str | None, language: str
) -> None:
    talk.is_served_by(bilingual, machine)
    talk.hint = hint
    talk.says("/start")
    talk.hint = "en"
    talk.says("/start")
    record = talk.record
    assert record is not None
    assert record.language == language


def test_patients_do_not_meet(talk: Talk) -> None:
    other = talk.another("test:2")
    talk.starts()
    other.starts()
    talk.taps("18 to 34")
    other.says("/delete")
    other.taps("Yes, delete all")
    assert talk.answers == {"age": "18_34"}
    assert other.record is None
