"""What each action does. A deed that cannot be done raises and has changed nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from bot.actions import Action, Verb
from bot.dialogue import later, sharing
from bot.dialogue.turn import IntakesWantedError, Response, Turn
from bot.record import View
from bot.views.mydata import mydata_screens
from bot.views.page import page_screen
from content.loader import EXPLANATION_PAGES
from content.markup import Markup
from flows.answers import NONE, SKIPPED, AnswerError
from flows.conversation import (
    CLOSED,
    CONSENT,
    RESULT,
    WELCOME,
    Agree,
    Back,
    Change,
    Close,
    Confirm,
    GiveAnswer,
    ReadNote,
    Resume,
    StartOver,
    Tick,
    draft_ticks,
)
from flows.machine import StepError
from flows.models import Kind, Question

Deed: TypeAlias = Callable[..., Response]
"""A turn, and as many words as the action of its verb is about, make a response."""

CANNOT = (StepError, AnswerError)
"""What a deed raises when its action does not fit: a forged button, or one of another time."""


def do(turn: Turn, action: Action) -> Response:
    """Carry out an action.

    An action that cannot be carried out changes nothing and shows where things stand.
    """
    try:
        deed, words = _DEEDS[action.verb]
        if len(action.about) != words:
            raise StepError("an action about something else")
        return deed(turn, *action.about)
    except CANNOT:
        turn.say_beside(turn.interface.notices.stale)
        return turn.shown(brief=True)


def answer_all(turn: Turn, question: Question, codes: list[str], *, whole: bool) -> Response:
    """A typed list: the whole answer, or more ticks where some are there already.

    One alone is only ticked, because people write one after the other, unless it is `whole`, or "none
    of these", or an emergency by itself: that waits for nothing.
    """
    if NONE in codes and len(codes) > 1:
        turn.say(turn.interface.errors.not_understood_many)
        return turn.shown()
    if draft_ticks(turn.conversation, question.id):
        turn.say(turn.interface.notices.ticked)
        return tick_all(turn, question, codes)
    answer = GiveAnswer(question.id, question.ordered(set(codes)))
    if not whole and len(codes) == 1 and codes != [NONE] and not turn.would_be_emergency(answer):
        turn.say(turn.interface.notices.ticked)
        return tick_all(turn, question, codes)
    turn.take(answer)
    return turn.shown()


def ask_meant(turn: Turn, question: Question, code: str) -> Response:
    """Ask whether typed words mean this answer."""
    turn.view(View.MEANT)
    turn.record = replace(turn.record, meant=(question.id, code))
    return turn.shown()


def tick_all(turn: Turn, question: Question, codes: list[str]) -> Response:
    """Tick these answers, to be done with Done."""
    for code in codes:
        _set_tick(turn, question.id, code, ticked=True)
    return turn.shown()


def go_back(turn: Turn) -> Response:
    """One question back; out of what is shown for a moment, or of a correction, with nothing changed.

    From the result, where no question is before, to a change.
    """
    if sharing.go_back(turn):
        pass
    elif turn.record.view is not None:
        turn.view(None)
    elif turn.leave_correction():
        pass
    elif turn.may(Back):
        turn.take(Back())
    elif turn.may(Change):
        turn.view(View.CHANGING)
    elif turn.state != CLOSED:
        turn.say(turn.interface.notices.nothing_to_go_back_to)
    return turn.shown(brief=True)


def ask_restart(turn: Turn) -> Response:
    """Ask before answers are forgotten; where there are none, just begin."""
    turn.view(None)
    if turn.may(StartOver):
        if turn.has_begun:
            turn.view(View.RESTARTING)
        else:
            turn.take(StartOver())
    return turn.shown()


def stop(turn: Turn) -> Response:
    """Stop for now; who has not agreed yet, and answered nothing, leaves nothing behind.

    An emergency is not left: it is shown again.
    """
    turn.view(None)
    turn.leave_correction()
    agreed_before = turn.has_begun and turn.record.agreed_version
    if turn.state in (WELCOME, CONSENT) and not agreed_before:
        return turn.gone(turn.interface.notices.declined)
    if turn.may(Close):
        turn.take(Close())
    return turn.shown()


def my_data(turn: Turn) -> Response:
    """Give the patient everything that is stored."""
    if turn.intakes is None and turn.record.sharing.sent:
        raise IntakesWantedError
    turn.show_before(*mydata_screens(turn.wording, turn.record, turn.address, turn.intakes or ()))
    return turn.shown(brief=True)


def turn_pictures(turn: Turn) -> Response:
    """Send no pictures any more, or send them again; the words say the same without them."""
    turn.record = replace(turn.record, pictures=not turn.record.pictures)
    notices = turn.interface.notices
    turn.say(notices.pictures_on if turn.record.pictures else notices.pictures_off)
    return turn.shown(brief=True)


def open_view(turn: Turn, view: View) -> Response:
    """Show something for a moment."""
    turn.view(view)
    return turn.shown()


def _agree(turn: Turn) -> Response:
    turn.take(Agree())
    turn.record = replace(turn.record, agreed_version=turn.interface.privacy.version)
    return turn.shown()


def _read_note(turn: Turn) -> Response:
    turn.take(ReadNote())
    return turn.shown()


def _decline(turn: Turn) -> Response:
    if turn.state not in (WELCOME, CONSENT):
        raise StepError("there is nothing to decline here")
    return stop(turn)


def _choose_language(turn: Turn) -> Response:
    return open_view(turn, View.LANGUAGES)


def _set_language(turn: Turn, code: str) -> Response:
    if code not in turn.shared.languages:
        raise StepError("this language is not spoken here")
    turn.record = replace(turn.record, language=code, view=None)
    turn.say(turn.interface.notices.language_set)
    return turn.shown(brief=True)


def _pick(turn: Turn, id: str, code: str) -> Response:
    question = _shown(turn, id)
    number = question.kind is Kind.SCALE and code.isdecimal() and len(code) <= 2
    turn.take(GiveAnswer(id, question.read(int(code) if number else code)))
    return turn.shown()


def _meant(turn: Turn, id: str, code: str) -> Response:
    if turn.record.view is not View.MEANT or turn.record.meant != (id, code):
        raise StepError("nobody was asked whether this was meant")
    turn.view(None)
    return _pick(turn, id, code)


def _tick(turn: Turn, id: str, code: str) -> Response:
    _set_tick(turn, id, code, ticked=True)
    return turn.shown()


def _untick(turn: Turn, id: str, code: str) -> Response:
    _set_tick(turn, id, code, ticked=False)
    return turn.shown()


def _set_tick(turn: Turn, id: str, code: str, *, ticked: bool) -> None:
    """A tick says how it shall be, so that a double tap changes nothing."""
    _shown(turn, id)
    if (code in draft_ticks(turn.conversation, id)) is not ticked:
        turn.take(Tick(id, code))


def _done(turn: Turn, id: str) -> Response:
    _shown(turn, id)
    ticks = draft_ticks(turn.conversation, id)
    if ticks:
        turn.take(GiveAnswer(id, ticks))
    elif turn.in_place:
        turn.say_beside(turn.interface.errors.pick_at_least_one)
    else:
        turn.say(Markup.escape(turn.interface.errors.pick_at_least_one))
    return turn.shown()


def _skip(turn: Turn, id: str) -> Response:
    _shown(turn, id)
    turn.take(GiveAnswer(id, SKIPPED))
    return turn.shown()


def _keep(turn: Turn, id: str) -> Response:
    _shown(turn, id)
    draft = turn.conversation.drafts.get(id)
    if draft is None:
        raise StepError(f"nothing was written for {id}")
    turn.take(GiveAnswer(id, draft))
    return turn.shown()


def _shown(turn: Turn, id: str) -> Question:
    """The question that is shown, if it is the one meant."""
    question = turn.question
    if question is None or question.id != id:
        raise StepError(f"{id} is not asked here")
    return question


def _confirm(turn: Turn) -> Response:
    turn.take(Confirm())
    return turn.shown()


def _choose_change(turn: Turn) -> Response:
    if not turn.may(Change):
        raise StepError("nothing can be changed here")
    return open_view(turn, View.CHANGING)


def _change(turn: Turn, id: str) -> Response:
    turn.correct(id)
    return turn.shown()


def _explain(turn: Turn, number: str) -> Response:
    pages = [str(page) for page in range(len(EXPLANATION_PAGES))]
    if turn.state != RESULT or number not in pages:
        raise StepError("there is nothing to explain here")
    turn.view(View.EXPLAINING, int(number))
    return turn.shown()


def _read_answers(turn: Turn) -> Response:
    if not turn.may(Change):
        raise StepError("there is nothing to read here")
    return open_view(turn, View.ANSWERS)


def _show(turn: Turn) -> Response:
    if turn.record.view in (View.DELETING, View.RESTARTING):
        turn.say(turn.interface.notices.kept)
        turn.view(None)
        return turn.shown(brief=True)
    left = turn.record.view
    turn.view(None)
    return turn.shown(brief=left is not None)


def _page(turn: Turn) -> Response:
    """Give the patient the page to take along."""
    if turn.state != RESULT:
        raise StepError("there is no result to put on a page")
    turn.show_after(page_screen(turn.wording, turn.conversation))
    return turn.shown(brief=True)


def _ask_delete(turn: Turn) -> Response:
    return open_view(turn, View.DELETING)


def _delete(turn: Turn) -> Response:
    if turn.record.view is not View.DELETING:
        raise StepError("nobody was asked whether to delete")
    return turn.gone(turn.interface.notices.deleted)


def _restart(turn: Turn) -> Response:
    if turn.record.view is not View.RESTARTING:
        raise StepError("nobody was asked whether to start over")
    turn.take(StartOver())
    turn.say(turn.interface.notices.restarted)
    return turn.shown()


def _resume(turn: Turn) -> Response:
    turn.take(Resume())
    return turn.shown()


_DEEDS: dict[Verb, tuple[Deed, int]] = {
    Verb.AGREE: (_agree, 0),
    Verb.READ_NOTE: (_read_note, 0),
    Verb.DECLINE: (_decline, 0),
    Verb.CHOOSE_LANGUAGE: (_choose_language, 0),
    Verb.SET_LANGUAGE: (_set_language, 1),
    Verb.PICK: (_pick, 2),
    Verb.TICK: (_tick, 2),
    Verb.UNTICK: (_untick, 2),
    Verb.DONE: (_done, 1),
    Verb.SKIP: (_skip, 1),
    Verb.KEEP: (_keep, 1),
    Verb.BACK: (go_back, 0),
    Verb.CONFIRM: (_confirm, 0),
    Verb.CHOOSE_CHANGE: (_choose_change, 0),
    Verb.CHANGE: (_change, 1),
    Verb.EXPLAIN: (_explain, 1),
    Verb.READ_ANSWERS: (_read_answers, 0),
    Verb.SHOW: (_show, 0),
    Verb.MY_DATA: (my_data, 0),
    Verb.PAGE: (_page, 0),
    Verb.ASK_DELETE: (_ask_delete, 0),
    Verb.DELETE: (_delete, 0),
    Verb.ASK_RESTART: (ask_restart, 0),
    Verb.RESTART: (_restart, 0),
    Verb.RESUME: (_resume, 0),
    Verb.SHARE: (sharing.begin, 0),
    Verb.SKIP_PHONE: (sharing.skip_phone, 0),
    Verb.CHANGE_PERSON: (sharing.change_person, 0),
    Verb.SEND: (sharing.send, 0),
    Verb.KEEP_PRIVATE: (sharing.keep_private, 0),
    Verb.BOOK: (sharing.book, 0),
    Verb.ASK_WITHDRAW: (sharing.ask_withdraw, 0),
    Verb.WITHDRAW: (sharing.withdraw, 1),
    Verb.FOLLOW_UP: (later.agree, 0),
    Verb.NO_FOLLOW_UP: (later.decline, 0),
    Verb.DANGER: (later.danger, 1),
    Verb.HOW: (later.how, 1),
    Verb.LEAVE_FOLLOW_UP: (later.leave, 0),
    Verb.MEANT: (_meant, 2),
}
