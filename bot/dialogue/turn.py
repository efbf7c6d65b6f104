"""One answer in the making: the record changes, what is to be said and shown is gathered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dialogue.shared import Shared
from bot.intake.intake import Intake
from bot.record import Record, View
from bot.screens import Screen, Showing
from bot.store.contract import Clinical
from bot.views.concern import concern_screen
from bot.views.current import current_screens
from bot.views.later import is_asked
from bot.views.pictures import pictures_of
from bot.wording import Wording
from content.markup import Markup, join
from content.words.interface import InterfaceFile
from flows.assessment import assess
from flows.conversation import (
    CONCERN,
    EMERGENCY,
    RESULT,
    Change,
    Conversation,
    GiveAnswer,
    Step,
    standing_of,
)
from flows.machine import StepError
from flows.models import Question


@dataclass(frozen=True, slots=True)
class Response:
    """What follows from one thing that happened.

    `record` is the patient's from now on; None: nothing is kept. `changed` is False where nothing
    is to be written. `notice` is a short plain line for beside a tap. `moved_to` names the state
    that the conversation came to, if it moved, and `urgency` what was found there. `clinical` is
    what changes of what clinics have.
    """

    record: Record | None
    showings: tuple[Showing, ...] = ()
    notice: str | None = None
    changed: bool = True
    moved_to: str = ""
    urgency: str = ""
    clinical: Clinical | None = None


class IntakesWantedError(Exception):
    """What the patient sent has to be read before this can be answered; nothing has happened yet."""


class Turn:
    """One answer in the making. `in_place` tells whether the tapped message may be edited.

    `hurried` is set where what is answered came with many other messages, all at once.
    """

    def __init__(self, shared: Shared, record: Record, address: str, *, in_place: bool) -> None:
        self.shared = shared
        self.record = record
        self.address = address
        self.in_place = in_place
        self.state = shared.machine.state(record.conversation)
        self._said: list[Markup] = []
        self._replied: list[Markup] = []
        self._before: list[Screen] = []
        self._after: list[Screen] = []
        self._beside: str | None = None
        self.hurried = False
        self._asked_for_phone = record.view is View.PHONING
        self.intakes: Sequence[Intake] | None = None
        self.clinical: Clinical | None = None

    @property
    def wording(self) -> Wording:
        """The words of the patient's language, for their clinic if they have one."""
        return self.shared.wording(self.record.language, self.record.sharing.clinic)

    @property
    def interface(self) -> InterfaceFile:
        """The words that are no questions and no results."""
        return self.wording.content.interface

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands now."""
        return self.record.conversation

    @property
    def question(self) -> Question | None:
        """The open question, if one is shown."""
        if self.record.view is not None:
            return None
        return self.shared.flow.question_by_id.get(self.state)

    @property
    def has_begun(self) -> bool:
        """Whether the patient has answered anything, or ticked something, that could be lost."""
        return bool(self.conversation.answers or self.conversation.drafts)

    def may(self, step: type[Step]) -> bool:
        """Whether a kind of step exists where things stand."""
        return self.shared.machine.allows(self.conversation, step)

    def would_be_emergency(self, answer: GiveAnswer) -> bool:
        """Whether this answer to the open question would be an emergency."""
        try:
            after = self.shared.machine.take(self.conversation, answer)
        except StepError:
            return False
        return self.shared.machine.state(after) == EMERGENCY

    def take(self, step: Step) -> None:
        """Take a step of the machine; what was shown for a moment is left.

        Raises:
            StepError: the step cannot be taken.
        """
        conversation = self.shared.machine.take(self.conversation, step)
        self.record = replace(self.record, conversation=conversation, view=None, meant=None)
        self.state = self.shared.machine.state(conversation)
        if (
            self.record.correcting is not None
            and self.record.correcting[0] != self.state != CONCERN
        ):
            self.record = replace(self.record, correcting=None)

    def correct(self, question: str) -> None:
        """Ask a question again; until it is answered, its answer can be had back.

        Raises:
            StepError: this answer cannot be changed.
        """
        answer = self.conversation.answers.get(question)
        self.take(Change(question))
        # A concern that waited for this is asked about before the question.
        if answer is not None and self.state in (question, CONCERN):
            self.record = replace(self.record, correcting=(question, answer))

    def leave_correction(self) -> bool:
        """Let an answer that is being corrected stand as it was; whether there was one."""
        if self.record.correcting is None or self.record.correcting[0] != self.state:
            return False
        self.take(GiveAnswer(*self.record.correcting))
        return True

    def view(self, view: View | None, page: int = 0) -> None:
        """Show something instead of where things stand; None: show where they stand."""
        self.record = replace(self.record, view=view, page=page, meant=None)

    def say(self, notice: Markup) -> None:
        """Say something above the next screen; below it where that says what to do now."""
        self._said.append(self.wording.fill(notice))

    def say_first(self, notice: Markup) -> None:
        """Say something of what to do now, which may stand above everything else."""
        self._replied.append(self.wording.fill(notice))

    def say_beside(self, notice: str) -> None:
        """Say something short beside the tap."""
        self._beside = notice

    def show_before(self, *screens: Screen) -> None:
        """Show something in messages of its own, before where things stand."""
        self._before.extend(screens)

    def show_after(self, screen: Screen) -> None:
        """Send a picture or a page when it is made, after where things stand."""
        self._after.append(screen)

    def screens(self, *, brief: bool = False) -> list[Screen]:
        """The screens of where things stand."""
        if self.state == CONCERN and self.record.view is None:
            concern = self.shared.concerns[self.conversation.asking[0]]
            return [concern_screen(self.wording, concern, self.record.serial)]
        return current_screens(
            self.wording, self.record, self.state, self.shared.languages, brief=brief
        )

    def shown(self, *, brief: bool = False) -> Response:
        """Show where things stand.

        Another screen than before gets a new serial, so that buttons of earlier ones are stale.
        """
        state = (
            f"{self.state}:{self.conversation.asking[0]}" if self.state == CONCERN else self.state
        )
        if self.state == RESULT and self.record.view is None and is_asked(self.record):
            # It was left for something more urgent, and still waits for its answer.
            self.view(View.FOLLOW_UP_DANGER)
        shown = f"{state}/{self.record.view or ''}/{self.record.page}"
        moved = shown != self.record.shown and self.record.view is None
        # Where a message is only written anew, its picture is still there.
        anew = shown == self.record.shown and self.in_place
        if shown != self.record.shown:
            self.record = replace(self.record, serial=self.record.serial + 1, shown=shown)
        first, *others = self.screens(brief=brief)
        # Nothing stands above what to do in an emergency.
        view = self.record.view
        urgent = view is View.FOLLOW_UP_EMERGENCY or (
            view is None and self.state in (EMERGENCY, CONCERN)
        )
        above, below = [*self._replied, *self._said], list[Markup]()
        if view is None and self.state == EMERGENCY:
            above, below = below, above
        elif urgent:
            above, below = self._replied, self._said
        text = join((*above, Markup(first.text), *below))
        first = replace(first, text=text)
        contact = self._contact_button()
        screens = (*self._before, first, *others)
        screens = (*screens, *contact) if urgent else (*contact, *screens)
        in_place = self.in_place and len(screens) == 1
        pictures = self._pictures(unwanted=brief if self.state == RESULT else anew)
        return Response(
            self.record,
            (
                *(Showing(screen, in_place=in_place) for screen in screens),
                *(Showing(screen, in_place=False) for screen in (*pictures, *self._after)),
            ),
            self._beside,
            moved_to=self.state if moved else "",
            urgency=self._urgency() if moved else "",
            clinical=self.clinical,
        )

    def _pictures(self, *, unwanted: bool) -> list[Screen]:
        """The pictures of where things stand."""
        return [] if unwanted else pictures_of(self.wording, self.record, self.state)

    def _contact_button(self) -> tuple[Screen, ...]:
        """What brings or takes the button that shares a phone number.

        It is there as long as its question is, however that was come to or left.
        """
        asks_for_phone = self.record.view is View.PHONING
        said = any(screen.contact is not None for screen in self._before)
        if self._asked_for_phone is asks_for_phone or said:
            return ()
        words = self.wording.content.sharing
        if asks_for_phone:
            label = words.buttons.share_phone
            return (Screen("contact", words.share_hint, lasting=True, contact=label),)
        return (Screen("notice", words.phone_not_asked, lasting=True, contact=""),)

    def _urgency(self) -> str:
        """What was found, where the conversation has come to an end with a finding."""
        if self.state not in (RESULT, EMERGENCY):
            return ""
        standing = standing_of(self.shared.flow, self.conversation)
        return str(assess(self.shared.flow, standing).urgency)

    def gone(self, notice: Markup) -> Response:
        """Keep nothing of this patient, and say so."""
        return Response(None, (Showing(notice_screen(self.wording.fill(notice)), in_place=True),))


def notice_screen(text: Markup) -> Screen:
    """A message without buttons."""
    return Screen(name="notice", text=text, lasting=True)
