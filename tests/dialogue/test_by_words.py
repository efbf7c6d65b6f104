"""A whole interview without touching a button, in either language, in the words of people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.dialogue.tongues import Tongues
from bot.record import Record, View
from bot.service import Service
from bot.store.sqlite import SqliteStore
from content.loader import languages, load_content
from content.models import Content
from content.phrases import phrase_languages
from flows.conversation import CONCERN, EMERGENCY, RESULT, REVIEW, WELCOME, Conversation
from flows.machine import ConversationMachine
from tests.dialogue.sheets import FOOT
from tests.dialogue.talk import Talk
from tests.whole.typed import AGREED, ASKED, HELLO, MEANT, SAID, TYPISTS
from tests.whole.typed import REVIEW as AT_REVIEW

every_language = pytest.mark.parametrize("code", TYPISTS)


@pytest.fixture(scope="session")
def contents(machine: ConversationMachine) -> dict[str, Content]:
    return {code: load_content(code, machine.flow) for code in languages()}


@pytest.fixture
def everybody(
    machine: ConversationMachine,
    contents: dict[str, Content],
    setting: Setting,
    store: SqliteStore,
    runner: asyncio.Runner,
) -> Talk:
    """A patient of a bot that speaks every language."""
    service = Service(Dialogue(machine, contents, setting), store)
    return Talk(service, store, machine, runner)


def types_everything(talk: Talk, code: str) -> Iterator[str]:
    """Type what the script says wherever the conversation stands; each state on the way."""
    left = {place: list(lines) for place, lines in TYPISTS[code].script.items()}
    talk.hint = code
    talk.says(left[HELLO].pop(0))
    while talk.state != RESULT:
        yield talk.state
        record = talk.record
        meant = record is not None and record.view is View.MEANT
        place = {WELCOME: AGREED, REVIEW: AT_REVIEW, CONCERN: ASKED}.get(talk.state, talk.state)
        lines = left[MEANT if meant else place]
        assert lines, f"at {place}: {talk.new}"
        talk.says(lines.pop(0))
        assert talk.notice is None


@every_language
def test_everything_can_be_typed(everybody: Talk, code: str) -> None:
    for _ in types_everything(everybody, code):
        record = everybody.record
        assert record is not None
        assert record.language == code
    answers = everybody.answers
    assert {id: answers.get(id) for id in SAID} == SAID
    assert answers["goal"] == TYPISTS[code].script["goal"][0]


@pytest.mark.parametrize("code", [code for code in TYPISTS if code in phrase_languages()])
def test_an_emergency_in_words_before_agreeing(everybody: Talk, code: str) -> None:
    words, reply = TYPISTS[code].urgent
    everybody.hint = code
    everybody.says(words)
    assert everybody.state == CONCERN
    everybody.says(reply)
    assert everybody.state == EMERGENCY
    everybody.sees("999")


def test_who_writes_as_at_home_is_heard_in_another_language(everybody: Talk) -> None:
    everybody.hint = "en"
    everybody.says("/start")
    everybody.says("no siento nada cuando me limpio")
    everybody.sees("Is the skin where you sit", "999")


@pytest.mark.parametrize(
    ("text", "language", "looked_at"),
    [
        ("this is not an emergency", "en", ("en",)),
        ("no puedo orinar desde ayer", "en", ("en", "es")),
        ("no puedo orinar desde ayer", "es", ("es",)),
        ("i can't feel my legs", "es", ("es", "en")),
        ("qzx", "en", ("en", "es")),
        ("", "xx", ("xx", "en", "es")),
    ],
)
def test_the_language_of_a_message_is_seen_in_its_words(
    contents: dict[str, Content], text: str, language: str, looked_at: tuple[str, ...]
) -> None:
    assert Tongues(contents).of(text, language) == looked_at


def test_changing_the_language_at_every_question_keeps_every_answer(
    everybody: Talk, contents: dict[str, Content]
) -> None:
    asked: list[str] = []
    for code in ("es", "en") * 15:
        if everybody.record is None:
            everybody.says("/start")
            everybody.taps("I agree, start")
        if everybody.state == REVIEW:
            break
        before = everybody.answers
        everybody.says("/language")
        everybody.says(contents[code].interface.language.name)
        everybody.sees(contents[code].interface.notices.language_set.plain())
        everybody.sees(contents[code].question(everybody.state).ask.plain())
        assert everybody.answers == before
        id = everybody.state
        asked.append(id)
        answer = FOOT[id]
        if isinstance(answer, list):
            for one in answer:
                everybody.taps(everybody.label_of(id, one))
            everybody.taps(contents[code].interface.buttons.done)
        elif id == "goal":
            everybody.taps(contents[code].interface.buttons.skip)
        else:
            everybody.taps(everybody.label_of(id, str(answer)))
        assert set(everybody.answers) == {*before, id}
    assert everybody.state == REVIEW
    assert len(asked) == 21


@pytest.mark.parametrize(
    ("hint", "code"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("es_419", "es"),
        ("en-GB", "en"),
        ("pt-br", "en"),
        (None, "en"),
    ],
)
def test_the_language_of_telegram_then_the_default(
    everybody: Talk, contents: dict[str, Content], hint: str | None, code: str
) -> None:
    everybody.hint = hint
    everybody.says("/start")
    everybody.sees(contents[code].interface.welcome.text.plain().split("\n", maxsplit=1)[0])
    assert contents[code].interface.buttons.language in everybody.labels  # one tap away


SPANISH = [
    ("age", "38 años", "35_44"),
    ("age", "la 3", "35_44"),
    ("back_severity", "siete", 7),
    ("back_severity", "como un 6", 6),
    ("back_severity", "7/10", 7),
    ("back_severity", "8 de 10", 8),
    ("back_severity", "diria que un cuatro", 4),
    ("back_side", "izquierda", "left"),
    ("back_duration", "tres semanas", "under_6_weeks"),
    ("back_duration", "hace años", "over_12_weeks"),
    ("saddle", "NO", "no"),
    ("leg_line", "no estoy segura", "unsure"),
    ("foot_place", "debajo del talon", "under_heel"),
    ("toe_rise", "no lo intente", "not_tried"),
    ("sexual", "prefiero no decirlo por favor", "prefer_not"),
    ("gait", "cojera, pasos cortos", ("limp", "shorter_steps")),
    ("gait", "ninguno", ("none",)),
]


@pytest.mark.parametrize(("id", "typed", "answer"), SPANISH)
def test_spanish_words(
    everybody: Talk, machine: ConversationMachine, id: str, typed: str, answer: object
) -> None:
    stands_in_spanish(everybody, machine, id)
    everybody.says(typed)
    assert everybody.answers.get(id) == answer


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("ayuda", "/mydata"),
        ("atras", "¿"),
        ("otra vez", "¿"),
        ("parar", "Paramos aquí."),
        ("empezar de nuevo", "¿Quiere empezar de nuevo?"),
        ("si", "Nos dijo que sí."),
        ("creo que lo siento normal", "¿Quiso decir esto?"),
    ],
)
def test_spanish_controls(
    everybody: Talk, machine: ConversationMachine, typed: str, seen: str
) -> None:
    stands_in_spanish(everybody, machine, "saddle")
    everybody.says(typed)
    everybody.sees(seen)


@pytest.mark.parametrize(
    ("id", "typed"),
    [
        ("both_legs", "las dos piernas"),
        ("both_legs", "ambas piernas"),
        ("saddle", "anormal"),
        ("saddle", "nada de sensación"),
        ("saddle", "hace años pero peor"),
        ("weakness", "hace años pero peor"),
    ],
)
def test_no_calm_answer_is_offered_in_spanish_to_who_says_more(
    everybody: Talk, machine: ConversationMachine, id: str, typed: str
) -> None:
    stands_in_spanish(everybody, machine, id)
    everybody.says(typed)
    if everybody.state != CONCERN:
        everybody.sees_not("Quiso decir")
        everybody.says("sí")
    assert id not in everybody.answers


def test_the_words_of_an_emergency_are_taken_as_that(
    everybody: Talk, machine: ConversationMachine
) -> None:
    stands_in_spanish(everybody, machine, "unwell")
    everybody.says("no puedo ponerme de pie")
    assert everybody.state == EMERGENCY
    assert everybody.screen.text.startswith("<b>Pida ayuda de emergencia ahora")


def stands_in_spanish(talk: Talk, machine: ConversationMachine, id: str) -> None:
    """Stand at a question, speaking Spanish."""
    from tests.dialogue.sheets import EVERYTHING  # noqa: PLC0415

    talk.stands_at(id, EVERYTHING)
    record = talk.record
    assert record is not None
    conversation: Conversation = record.conversation
    flow = f"{machine.flow.id}:{machine.flow.version}"
    talk.stores(Record("es", conversation, agreed_version="1", flow=flow, serial=record.serial))
    talk.says("/start")
