"""A patient's side of a conversation, over the real service and a real database.

Every step is checked: what is stored reads back as it was, the position and the urgency are what
the answers say, and every screen keeps the limits of a channel.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from bot.actions import Action, read_data
from bot.events import (
    Blocked,
    Command,
    Event,
    Happening,
    InGroup,
    Tap,
    Unblocked,
    Unreadable,
    Words,
)
from bot.record import Record
from bot.screens import (
    CAPTION_LIMIT,
    DATA_LIMIT,
    NOTICE_LIMIT,
    TEXT_LIMIT,
    Choice,
    Layout,
    Screen,
    Showing,
)
from bot.service import Service
from bot.store.contract import Effect, Store
from flows.answers import Answer
from flows.assessment import assess
from flows.conversation import (
    CONCERN,
    EMERGENCY,
    OUT_OF_SCOPE,
    REVIEW,
    Conversation,
    position,
    standing_of,
)
from flows.interview import walk
from flows.machine import ConversationMachine
from flows.models import Flow, Kind, Question, Urgency

PATIENT = "test:1"
_TAG = re.compile(r"</?[bi]>")
_STRAY = re.compile(r"[<>]|&(?!(?:lt|gt|amp|quot|#x27);)")
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """What a patient reads; fails where the markup is not valid."""
    open_tags: list[str] = []
    for tag in _TAG.findall(text):
        if not tag.startswith("</"):
            open_tags.append(tag[1])
        else:
            assert open_tags, text
            assert open_tags.pop() == tag[2], text
    assert not open_tags, text
    bare = _TAG.sub("", text)
    assert not _STRAY.search(bare), text
    return unescape(bare)


def check_screen(screen: Screen) -> None:
    """What every channel relies on."""
    text = plain(screen.text)
    assert text.strip(), screen.name
    assert 1 <= len(text.encode("utf-16-le")) // 2 <= TEXT_LIMIT
    assert not _HIDDEN.search(text)
    assert "{" not in text
    buttons = (*screen.choices, *screen.controls)
    for choice in buttons:
        assert choice.label.strip()
        assert len(choice.data.encode()) <= DATA_LIMIT
        assert read_data(choice.data) is not None
    assert len({choice.data for choice in buttons}) == len(buttons)
    numbers = [choice.number for choice in buttons if choice.number is not None]
    assert len(set(numbers)) == len(numbers)
    if screen.layout is Layout.SCALE:
        assert [choice.label for choice in screen.choices] == [str(n) for n in range(11)]
    assert Showing.from_json(json.loads(json.dumps(Showing(screen, True).to_json()))) == Showing(
        screen, True
    )


def without_patients_words(screen: Screen, body: dict[str, Any] | None) -> Screen:
    """Braces that the patient typed are the patient's."""
    goals = [(body or {}).get(part, {}).get("goal", "") for part in ("answers", "drafts")]
    goals.append(((body or {}).get("sharing") or {}).get("name", ""))
    text = screen.text
    for goal in goals:
        if "{" in goal:
            text = text.replace("{", "(")
    return replace(screen, text=text)


def check_record(flow: Flow, record: Record) -> str:
    """The invariants of what is stored. Returns the position."""
    body = record.to_json()
    assert Record.from_json(json.loads(json.dumps(body))) == record
    conversation = record.conversation
    state = position(flow, conversation)
    assert state == CONCERN or record.waiting is None
    if state == CONCERN:
        return state
    if conversation.closed or (not conversation.agreed and state != EMERGENCY):
        return state
    standing = standing_of(flow, conversation)
    for id in standing.asked:
        question = flow.question_by_id[id]
        assert question.applies(standing.answers) or id in conversation.raised, id
    for id, answer in standing.answers.items():
        assert conversation.answers[id] == answer
    if state in flow.question_by_id:
        first = next(
            question.id
            for question in flow.questions
            if question.id not in standing.answers
            and (question.applies(standing.answers) or question.id in conversation.raised)
        )
        assert state == standing.open == first
    else:
        urgency = assess(flow, standing).urgency
        assert (state == EMERGENCY) is (urgency is Urgency.EMERGENCY)
        assert (state == OUT_OF_SCOPE) is (urgency is None)
    return state


@dataclass
class Message:
    """One message in the patient's chat."""

    screen: Screen
    buttons: tuple[Choice, ...] = field(default=())


class Chat:
    """What is on a patient's screen, kept as a channel keeps it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.new: list[Message] = []
        self.pictures: list[Screen] = []
        """Those that the last step brought."""

    def begins(self) -> None:
        self.new = []
        self.pictures = []

    def shows(self, showing: Showing, live: Any) -> dict[str, Any] | None:
        """Show a screen; the note of the live message from now on."""
        screen = showing.screen
        if screen.picture is not None:
            # It comes when it is drawn, beside everything else.
            assert not screen.has_buttons
            assert not showing.in_place
            assert len(plain(screen.text)) <= CAPTION_LIMIT
            self.pictures.append(screen)
            return live  # type: ignore[no-any-return]
        buttons = (*screen.choices, *screen.controls)
        message = Message(screen, buttons)
        if showing.in_place and live and not live["lasting"] and screen.attachment is None:
            self.messages[live["at"]] = message
            self.new.append(message)
            return {"at": live["at"], "lasting": screen.lasting} if buttons else None
        if buttons and live:
            self.messages[live["at"]].buttons = ()
        self.messages.append(message)
        self.new.append(message)
        return {"at": len(self.messages) - 1, "lasting": screen.lasting} if buttons else live


class Talk:
    """Says, taps and looks; a step that breaks a promise fails at once."""

    def __init__(
        self,
        service: Service,
        store: Store,
        machine: ConversationMachine,
        runner: asyncio.Runner,
        patient: str = PATIENT,
    ) -> None:
        self._service = service
        self._store = store
        self._machine = machine
        self._flow = machine.flow
        self._runner = runner
        self._patient = patient
        self.chat = Chat()
        self.notice: str | None = None
        self.hint: str | None = None
        self.state = ""

    def another(self, patient: str) -> Talk:
        """Another patient of the same bot."""
        return Talk(self._service, self._store, self._machine, self._runner, patient)

    def is_served_by(self, service: Service, machine: ConversationMachine) -> None:
        """From now on another bot on the same store answers."""
        self._service = service
        self._machine = machine
        self._flow = machine.flow

    # What the patient does.

    def says(self, text: str, id: str | None = None) -> None:
        """Type a message; one that begins with a slash is a command."""
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            self.happens(Command(name, argument), id)
        else:
            self.happens(Words(text), id)

    def taps(self, *labels: str) -> None:
        """Tap buttons of the live message, one after another."""
        for label in labels:
            self.happens(Tap(self.button(label).data, on_live=True))

    def goes_back(self) -> None:
        """Tap the Back below the answers; at one question an answer is called Back, too."""
        back = [choice for choice in self.screen.controls if choice.label == "Go back"]
        self.happens(Tap(back[0].data, on_live=True))

    def taps_old(self, choice: Choice) -> None:
        """Tap a button that was kept from an earlier screen."""
        self.happens(Tap(choice.data, on_live=False))

    def taps_data(self, data: str, *, on_live: bool = True) -> None:
        """Tap a button that carries anything at all."""
        self.happens(Tap(data, on_live=on_live))

    def forges(self, action: Action) -> None:
        """Tap a button with the right serial that no screen has shown."""
        record = self.record
        assert record is not None
        self.taps_data(action.data(record.serial))

    def sends(self, kind: str) -> None:
        """Send something that is not text."""
        self.happens(Unreadable(kind))

    def blocks(self) -> None:
        self.happens(Blocked())

    def unblocks(self) -> None:
        self.happens(Unblocked())

    def calls_from_group(self) -> None:
        self.happens(InGroup())

    def happens(self, happening: Happening, id: str | None = None) -> None:
        """Anything at all, as a channel hands it over, with everything checked after it."""
        self._runner.run(self._happens(Event(self._patient, happening, id, self.hint)))
        self._check()

    async def _happens(self, event: Event) -> None:
        reply = await self._service.handle(event)
        self.notice = reply.notice
        assert reply.pending is bool(await self._store.pending(self._patient))
        await self._drain()

    async def _drain(self) -> None:
        self.chat.begins()
        for sending in await self._store.pending(self._patient):
            held = await self._store.read(self._patient)
            showing = Showing.from_json(sending.body)
            check_screen(without_patients_words(showing.screen, held.body if held else None))
            note = self.chat.shows(showing, held.live if held else None)
            await self._store.sent(sending, note)

    def set_aside(self, id: str, error: str) -> None:
        """What a channel does with an event that cannot be applied."""

        async def aside() -> None:
            await self._service.set_aside(id, self._patient, error)
            await self._drain()

        self._runner.run(aside())
        self._check()

    # What the patient sees.

    @property
    def live(self) -> Message:
        """The message with the buttons."""
        held = self._runner.run(self._store.read(self._patient))
        assert held is not None
        assert held.live is not None, "nothing can be tapped"
        message = self.chat.messages[held.live["at"]]
        assert message.buttons
        return message

    @property
    def screen(self) -> Screen:
        return self.live.screen

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.live.buttons]

    @property
    def ticked(self) -> list[str]:
        return [choice.label for choice in self.live.buttons if choice.ticked]

    def button(self, label: str) -> Choice:
        found = [choice for choice in self.live.buttons if choice.label == label]
        assert found, f"no button {label!r} in {self.labels}"
        return found[0]

    @property
    def new(self) -> list[str]:
        """What the last step brought, as it reads."""
        return [plain(message.screen.text) for message in self.chat.new]

    def sees(self, *pieces: str) -> None:
        """The last step brought this to read."""
        everything = "\n---\n".join([*self.new, self.notice or ""])
        for piece in pieces:
            assert piece in everything, f"{piece!r} is not in:\n{everything}"

    def sees_not(self, *pieces: str) -> None:
        everything = "\n---\n".join([*self.new, self.notice or ""])
        for piece in pieces:
            assert piece not in everything, f"{piece!r} is in:\n{everything}"

    def sees_once(self, piece: str) -> None:
        count = "\n".join([*self.new, self.notice or ""]).count(piece)
        assert count == 1, f"{piece!r} is there {count} times"

    # What is stored.

    @property
    def record(self) -> Record | None:
        held = self._runner.run(self._store.read(self._patient))
        return Record.from_json(held.body) if held else None

    @property
    def answers(self) -> dict[str, Any]:
        record = self.record
        return dict(record.conversation.answers) if record else {}

    def stores(self, record: Record) -> None:
        """Put a record into the store, as an earlier version of the bot left it."""

        async def put() -> None:
            await self._store.apply(
                self._patient, None, lambda held, again: Effect(record.to_json())
            )

        self._runner.run(put())

    def _check(self) -> None:
        if self.notice is not None:
            assert 1 <= len(self.notice) <= NOTICE_LIMIT
            assert plain(self.notice) == self.notice
        assert not self._runner.run(self._store.pending(self._patient))
        record = self.record
        self.state = check_record(self._flow, record) if record else ""
        if record is not None and self.chat.messages:
            assert self.live.buttons  # there is always a way on
        elif self.chat.new:
            # Nothing is kept: then the last line says how to go on, or that there is no need to.
            ways_on = ("/start", "write to us alone", "store nothing", "try again")
            assert any(way in self.new[-1] for way in ways_on)

    # Long ways, told short.

    def starts(self) -> None:
        self.says("/start")
        self.taps("I agree, start")

    def stands_at(self, id: str, sheet: dict[str, Any]) -> None:
        """Come back to this question, with everything before it answered as the sheet says."""
        answers: dict[str, Answer] = {}

        def look_up(question: Question) -> Answer | None:
            return None if question.id == id else question.read(sheet[question.id])

        answers.update(walk(self._flow, look_up).answers)
        conversation = Conversation(answers=answers, agreed=True)
        flow = f"{self._flow.id}:{self._flow.version}"
        self.stores(Record("en", conversation, agreed_version="1", flow=flow))
        self.says("/start")
        assert self.state == id

    def answers_with(self, sheet: dict[str, Any], until: str | None = None) -> list[str]:
        """Answer every question by tapping what the sheet says. Returns the questions, in order.

        One tap for each single choice, and nothing between questions that is not a question.
        """
        asked: list[str] = []
        while self.state in self._flow.question_by_id and self.state != until:
            question = self._flow.question_by_id[self.state]
            assert self.screen.name == self.state
            asked.append(self.state)
            self.gives(question.id, sheet[question.id])
            assert self.state != question.id
            if self.state not in (REVIEW, EMERGENCY, OUT_OF_SCOPE):
                assert len(self.chat.new) == 1
            assert self.notice is None
        return asked

    def gives(self, id: str, answer: Any) -> None:
        """Answer the open question with codes, a number or text."""
        kind = self._flow.question_by_id[id].kind
        if kind is Kind.TEXT:
            if answer:
                self.says(answer)
            else:
                self.taps("Skip")
        elif kind is Kind.MANY:
            for code in answer:
                self.taps(self.label_of(id, code))
            self.taps("Done")
        else:
            self.taps(self.label_of(id, str(answer)))

    def label_of(self, id: str, code: str) -> str:
        """The label of the live button that gives this code to this question."""
        for choice in self.live.buttons:
            read = read_data(choice.data)
            if read is not None and read[1].about == (id, code):
                return choice.label
        raise AssertionError(f"no button for {code} in {self.labels}")
