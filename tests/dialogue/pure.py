"""A patient without a database, for many steps: the same checks on every step."""

from __future__ import annotations

import json

from bot.dialogue.dialogue import Dialogue
from bot.dialogue.turn import Response
from bot.events import Happening, Tap
from bot.record import Record
from bot.screens import NOTICE_LIMIT, Choice, Screen
from flows.answers import Answer
from flows.conversation import (
    CLOSED,
    CONSENT,
    EMERGENCY,
    OUT_OF_SCOPE,
    RESULT,
    REVIEW,
    WELCOME,
    Conversation,
)
from flows.interview import walk
from flows.machine import ConversationMachine
from flows.models import Question
from tests.dialogue.sheets import EVERYTHING
from tests.dialogue.talk import check_record, check_screen, without_patients_words

AT_ENDS = {
    EMERGENCY: {**EVERYTHING, "weakness": "hours"},
    OUT_OF_SCOPE: {**EVERYTHING, "age": "under_18"},
}


class Pure:
    """What is stored, and the buttons that can be tapped; every step goes through JSON."""

    def __init__(self, dialogue: Dialogue, machine: ConversationMachine) -> None:
        self._dialogue = dialogue
        self._machine = machine
        self.record: Record | None = None
        self.live: tuple[Choice, ...] = ()
        self.old: list[Choice] = []
        self.state = ""

    def at(self, state: str) -> Pure:
        """Somebody who stands at this state, and has been shown where."""
        if state in (WELCOME, CONSENT):
            conversation = Conversation(reading_note=state == CONSENT)
        else:
            answers: dict[str, Answer] = {}
            sheet = AT_ENDS.get(state, EVERYTHING)

            def look_up(question: Question) -> Answer | None:
                return None if question.id == state else question.read(sheet[question.id])

            answers.update(walk(self._machine.flow, look_up).answers)
            conversation = Conversation(
                answers=answers, agreed=True, confirmed=state == RESULT, closed=state == CLOSED
            )
        flow = self._machine.flow
        self.record = Record("en", conversation, flow=f"{flow.id}:{flow.version}", serial=40)
        self.taps("39:nothing")
        assert self.state == state
        return self

    def taps(self, data: str) -> Response:
        return self.happens(Tap(data, on_live=True))

    def happens(self, happening: Happening) -> Response:
        """Anything at all, with everything checked after it."""
        response = self._dialogue.respond(self.record, happening, address="test:1", intakes=())
        if response.changed:
            stored = json.dumps(response.record.to_json()) if response.record else None
            self.record = Record.from_json(json.loads(stored)) if stored else None
            assert self.record == response.record
        screens = [showing.screen for showing in response.showings]
        body = self.record.to_json() if self.record else None
        for screen in screens:
            check_screen(without_patients_words(screen, body))
        screens = [screen for screen in screens if screen.picture is None]
        if response.notice is not None:
            assert 1 <= len(response.notice) <= NOTICE_LIMIT
            # A clinic's name may look like markup; ours is never in it.
            assert not any(ours in response.notice for ours in ("<b>", "</b>", "&lt;", "&amp;"))
        self._shows(screens)
        self.state = check_record(self._machine.flow, self.record) if self.record else ""
        return response

    def _shows(self, screens: list[Screen]) -> None:
        for screen in screens:
            buttons = (*screen.choices, *screen.controls)
            if buttons:
                self.old = [*self.old[-30:], *self.live]
                self.live = buttons
        if self.record is None:
            self.live = ()
            if screens:
                assert "/start" in screens[-1].text or "store nothing" in screens[-1].text
        elif screens:
            lowest = [screen for screen in screens if screen.contact != ""][-1]
            assert lowest.has_buttons or REVIEW in lowest.name
            assert self.live
