"""The one way in: what happened, and what follows from it."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue.listening import listen
from bot.dialogue.shared import Setting, Shared
from bot.dialogue.turn import Response, Turn, notice_screen
from bot.dialogue.understanding import on_command, on_tap, on_tap_of_old, on_words
from bot.events import (
    Blocked,
    Command,
    Edited,
    Happening,
    InGroup,
    Tap,
    Unblocked,
    Unreadable,
    Words,
)
from bot.record import Record
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
        *,
        screening: Screening | None = None,
    ) -> None:
        """`screening` looks for concerns in what patients write; by default, with all phrases."""
        self._shared = Shared(machine, contents, setting, screening=screening)

    def respond(
        self,
        record: Record | None,
        happening: Happening,
        *,
        address: str,
        hint: str | None = None,
        first_serial: int = 0,
    ) -> Response:
        """What follows from one thing that happened.

        `hint` is the language of the channel. `first_serial` is where the count of screens begins
        for somebody who is not known (any more): far from that of a deleted record, so that
        buttons which still hang in the chat stay stale.
        """
        match happening:
            case InGroup():
                return Response(record, changed=False)
            case Blocked() | Unblocked():
                if record is None:
                    return Response(None, changed=False)
                return Response(replace(record, blocked=isinstance(happening, Blocked)))
        in_place = isinstance(happening, Tap) and happening.on_live
        turn = self._turn(record, address, hint, in_place=in_place, first_serial=first_serial)
        heard = listen(turn, happening)
        if heard is not None:
            return heard
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
            case Edited():
                return Response(record, changed=False)
            case Unreadable():
                turn.say(turn.interface.notices.not_text)
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
