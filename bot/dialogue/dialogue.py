"""The one way in: what happened, and what follows from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.clinic.directory import Directory
from bot.dialogue.later import kept_time, on_due
from bot.dialogue.listening import listen
from bot.dialogue.shared import Setting, Shared, new_issue, utc_now
from bot.dialogue.sharing import leave_if_gone, take_contact
from bot.dialogue.turn import Response, Turn, notice_screen
from bot.dialogue.understanding import on_command, on_tap, on_tap_of_old, on_words
from bot.events import (
    Blocked,
    Command,
    Due,
    Edited,
    Happening,
    InGroup,
    SharedContact,
    Tap,
    Unblocked,
    Unreadable,
    Words,
)
from bot.intake.intake import Intake
from bot.intake.making import Issue
from bot.record import Record, View
from bot.screening import Screening
from bot.screens import Screen, Showing
from content.models import Content
from flows.conversation import fitted
from flows.machine import ConversationMachine


class Dialogue:
    """The conversation of one bot with all its patients; it holds nothing of any of them."""

    def __init__(
        self,
        machine: ConversationMachine,
        contents: Mapping[str, Content],
        setting: Setting,
        clinics: Directory | None = None,
        issue: Callable[[], Issue] = new_issue,
        now: Callable[[], datetime] = utc_now,
        *,
        screening: Screening | None = None,
    ) -> None:
        """`screening` looks for concerns in what patients write; by default, with all phrases."""
        self._shared = Shared(
            machine, contents, setting, clinics or Directory(), issue, now, screening=screening
        )

    def respond(
        self,
        record: Record | None,
        happening: Happening,
        *,
        address: str,
        hint: str | None = None,
        first_serial: int = 0,
        intakes: Sequence[Intake] | None = None,
    ) -> Response:
        """What follows from one thing that happened.

        `hint` is the language of the channel. `first_serial` is where the count of screens begins
        for somebody who is not known (any more): far from that of a deleted record, so that
        buttons which still hang in the chat stay stale. `intakes` are those the patient sent, where
        they were asked for.

        Raises:
            IntakesWantedError: it takes what the patient sent to answer this.
        """
        match happening:
            case InGroup():
                return Response(record, changed=False)
            case Due() if record is None:
                return Response(None, changed=False)
            case Due() if record is not None:
                turn = self._turn(record, address, hint, in_place=False)
                turn.record = replace(turn.record, blocked=record.blocked)
                return on_due(turn, happening, self._shared.now())
        response = self._respond(record, happening, address, hint, first_serial, intakes)
        return kept_time(self._shared.flow, record, response, self._shared.now())

    def _respond(
        self,
        record: Record | None,
        happening: Happening,
        address: str,
        hint: str | None,
        first_serial: int,
        intakes: Sequence[Intake] | None,
    ) -> Response:
        match happening:
            case Blocked() | Unblocked():
                if record is None:
                    return Response(None, changed=False)
                return Response(replace(record, blocked=isinstance(happening, Blocked)))
        in_place = isinstance(happening, Tap) and happening.on_live
        turn = self._turn(record, address, hint, in_place=in_place, first_serial=first_serial)
        turn.intakes = intakes
        heard = listen(turn, happening)
        if heard is not None:
            return heard
        leave_if_gone(turn)
        turn.hurried = isinstance(happening, Words | Unreadable) and happening.hurried
        match happening:
            case Command(name="delete" | "mydata") if record is None:
                return turn.gone(turn.interface.notices.deleted_nothing)
            case Command():
                return on_command(turn, happening)
            case Tap() if record is None:
                return on_tap_of_old(turn, happening)
            case Tap():
                return on_tap(turn, happening)
            case Words() if record is not None:
                return on_words(turn, happening.text, whole=happening.whole)
            case SharedContact() if turn.record.view is View.PHONING:
                return take_contact(turn, happening)
            case Edited() if record is None or not turn.has_begun:
                return Response(record, changed=False)
            case Edited():
                turn.say(turn.interface.notices.edited)
            case Unreadable() | SharedContact():
                notices = turn.interface.notices
                turn.say(notices.many_at_once if turn.hurried else notices.not_text)
        return turn.shown(brief=True)

    def where_things_stand(self, record: Record | None, address: str) -> Response:
        """Where things stand, again: for what was delivered twice."""
        if record is None:
            return Response(None, changed=False)
        return self._turn(record, address, None, in_place=True).shown(brief=True)

    def our_error(self, record: Record | None, hint: str | None = None) -> Showing:
        """What a patient is told when something of ours failed; nothing they said is lost."""
        language = record.language if record else self._shared.language(hint)
        wording = self._shared.wording(language)
        words = wording.fill(wording.content.interface.errors.our_error)
        return Showing(notice_screen(words), in_place=False)

    def in_group(self, hint: str | None, bot_link: str) -> Screen:
        """What a group is told: health is nobody else's business."""
        words = self._shared.wording(self._shared.language(hint)).content.interface.notices
        return notice_screen(words.in_group.fill(bot_link=bot_link))

    def _turn(
        self,
        record: Record | None,
        address: str,
        hint: str | None,
        *,
        in_place: bool,
        first_serial: int = 0,
    ) -> Turn:
        """A turn on the record as this version of the flow can use it."""
        shared = self._shared
        if record is None:
            language = shared.language(hint)
            new = Record(language=language, flow=shared.flow_name, serial=first_serial)
            return Turn(shared, new, address, in_place=in_place)
        conversation = fitted(shared.flow, record.conversation)
        asking = tuple(id for id in conversation.asking if id in shared.concerns)
        conversation = replace(conversation, asking=asking)
        known = replace(record, conversation=conversation, blocked=False, flow=shared.flow_name)
        turn = Turn(shared, known, address, in_place=in_place)
        if record.flow != shared.flow_name and record.conversation.answers:
            turn.say(turn.interface.notices.flow_changed)
        return turn
