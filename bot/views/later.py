"""What is asked two weeks after something was sent: the emergency list first, then how it is."""

from bot.actions import Action, Verb
from bot.record import Record, View
from bot.screens import Choice, Screen
from bot.sharing import Sent
from bot.views.parts import bullets, button
from bot.views.sharing import in_emergency
from bot.wording import Wording
from content.markup import Markup, bold, join

YES, UNSURE, NO = "yes", "unsure", "no"
BETTER, SAME, WORSE = "better", "same", "worse"


def danger_words(wording: Wording) -> dict[str, str]:
    """The answers to the emergency list, by their codes."""
    words = wording.content.later.follow_up
    return {YES: words.danger_yes, UNSURE: words.danger_unsure, NO: words.danger_no}


def how_words(wording: Wording) -> dict[str, str]:
    """The answers to how it is, by their codes."""
    words = wording.content.later.follow_up
    return {BETTER: words.better, SAME: words.same, WORSE: words.worse}


def follow_up_screen(wording: Wording, record: Record) -> Screen:
    """Where the follow-up stands."""
    if record.view is View.FOLLOW_UP_DANGER:
        return danger_screen(wording, record)
    if record.view is View.FOLLOW_UP_HOW:
        return how_screen(wording, record)
    return danger_now_screen(wording, record)


def danger_screen(wording: Wording, record: Record) -> Screen:
    """The whole emergency list on one screen; to be answered before anything else."""
    words, net = wording.content.later.follow_up, wording.content.results.safety_net
    sent = followed(record)
    intro = (
        words.intro.fill(reference=sent.reference, clinic=sent.clinic_name) if sent else Markup()
    )
    return Screen(
        name="follow_up_danger",
        text=join((intro, bold(words.danger), bullets(net.emergency), words.unsure)),
        choices=tuple(
            Choice(label, Action(Verb.DANGER, (code,)).data(record.serial), number)
            for number, (code, label) in enumerate(danger_words(wording).items(), 1)
        ),
        controls=(button(record.serial, words.leave, Verb.LEAVE_FOLLOW_UP),),
    )


def how_screen(wording: Wording, record: Record) -> Screen:
    """Better, the same or worse."""
    words = wording.content.later.follow_up
    return Screen(
        name="follow_up_how",
        text=bold(words.how),
        choices=tuple(
            Choice(label, Action(Verb.HOW, (code,)).data(record.serial), number)
            for number, (code, label) in enumerate(how_words(wording).items(), 1)
        ),
        controls=(button(record.serial, words.leave, Verb.LEAVE_FOLLOW_UP),),
    )


def danger_now_screen(wording: Wording, record: Record) -> Screen:
    """What to do now: the same words as in an emergency of the interview."""
    words = wording.content.results.emergency_screen
    buttons = wording.content.interface.buttons
    return Screen(
        name="emergency",
        text=join(
            (
                join((bold(words.title), wording.fill(words.text)), "\n"),
                in_emergency(wording),
            )
        ),
        controls=(button(record.serial, buttons.read_answers, Verb.SHOW),),
        lasting=True,
    )


def is_asked(record: Record) -> bool:
    """Whether the follow-up was asked, and waits for its answer."""
    later = record.sharing.later
    return later is not None and later.asked and followed(record) is not None


def followed(record: Record) -> Sent | None:
    """What was sent and is asked about now; None if it was taken back meanwhile."""
    later = record.sharing.later
    if later is None:
        return None
    return next((one for one in record.sharing.with_clinics if one.id == later.intake), None)
