"""Asking about a concern that words raised, and what each reply leads to.

A yes, or a not sure, is an answer of the protocol; a no leads back to exactly where the patient was,
and what they wrote there is then read as the answer that it may be. Nothing else leads on: neither a
command nor a button of another time. Only an emergency stands before what is still to be asked.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256

from bot.dialogue.matching import (
    TYPED_MAX,
    all_ours,
    beginning,
    is_one_of,
    match_exactly,
    normal,
    visible,
)
from bot.dialogue.sharing import leave_if_gone
from bot.dialogue.turn import Response, Turn, notice_screen
from bot.record import SetAside, View, Waiting
from bot.views.concern import NO, SEEN, UNSURE, YES, help_text
from flows.concerns import Concern, Help, Level, after_yes
from flows.conversation import CONCERN, EMERGENCY, Ask, GiveAnswer, Reply
from flows.machine import StepError
from flows.models import TEXT_MAX, Kind

FALLBACK = "danger"
"""The concern that is asked about where a message could not be looked at."""

_SAID_OFTEN = 2
"""A No can be a slip: from so many Noes on, the same words in the same place are not asked about."""

_KEPT = 50
"""Denied concerns that are remembered."""

Replay = Callable[[Turn, str], Response | None]
"""What a patient wrote, read again as an answer; None where it is none."""


def ask_about(turn: Turn, concerns: Iterable[Concern], text: str, words: str) -> Response:
    """Show what to do if it is so, and ask; `words` may be the answer of the open question.

    In an emergency nobody is questioned: what to do stands there already. What was raised is asked
    about when the emergency is gone.
    """
    if turn.state == EMERGENCY:
        return _during_emergency(turn, concerns)
    record = turn.record
    if record.waiting is not None:
        waiting = replace(record.waiting, digest=_digest(text))
    else:
        if _takes(turn, words):
            words = ""
        waiting = Waiting(
            state=turn.state,
            shown=record.shown,
            digest=_digest(text),
            words=words if turn.question is not None or record.view is View.NAMING else "",
            view=record.view,
            page=record.page,
        )
    asked = {one: turn.shared.concerns[one] for one in turn.conversation.asking}
    together = sorted(
        {**{one.id: one for one in concerns}, **asked}.values(), key=lambda one: one.level.rank
    )
    turn.take(Ask(tuple(one.id for one in together)))
    turn.record = replace(turn.record, waiting=waiting)
    return turn.shown()


def mentioned_again(turn: Turn, raised: Iterable[Concern], replay: Replay) -> Response:
    """Somebody who is asked about it writes of it once more: that is a yes.

    Help is shown once more.
    """
    asked = turn.shared.concerns[turn.conversation.asking[0]]
    others = [one.id for one in raised if one.id != asked.id]
    if others:
        turn.take(Ask((asked.id, *others)))
    if asked.help is not None:
        return turn.shown()
    return _replied(turn, asked, YES, replay)


def reply(turn: Turn, about: tuple[str, ...], replay: Replay) -> Response:
    """The reply to the plain question that is shown.

    Raises:
        StepError: it is not a reply to that question.
    """
    if turn.state != CONCERN or turn.record.view is not None or len(about) != 2:
        raise StepError("no concern is asked about here")
    id, said = about
    concern = turn.shared.concerns[turn.conversation.asking[0]]
    if concern.id != id or said not in ((SEEN,) if concern.help else (YES, NO, UNSURE)):
        raise StepError(f"this is no reply about {concern.id}")
    return _replied(turn, concern, said, replay)


def late_reply(turn: Turn, about: tuple[str, ...]) -> Response | None:
    """A button of an earlier concern's question: its No does nothing, its Yes is asked about again."""
    concern = turn.shared.concerns.get(about[0]) if about else None
    if concern is None or concern.help is not None or about[1:] not in ((YES,), (UNSURE,)):
        return None
    answers = turn.conversation.answers
    if dict(answers) == after_yes(turn.shared.flow, concern, answers):
        return None  # it has been said already
    return ask_about(turn, (concern,), "", "")


def read_reply(turn: Turn, text: str, replay: Replay) -> Response | None:
    """Typed words as a reply. A No must be no more than that; a yes may have more behind it.

    But not a no ("right leg only", "i have none of that"): such words are asked about once more.
    """
    if turn.state != CONCERN or turn.record.view is not None:
        return None
    concern = turn.shared.concerns[turn.conversation.asking[0]]
    said = plain_reply(turn, text)
    if said is None and concern.help is None:
        synonyms = turn.interface.synonyms
        begins = {
            YES: 0 if _has_no(turn, text) else beginning(text, turn.interface.affirmations),
            UNSURE: beginning(text, synonyms.unsure),
            NO: beginning(text, synonyms.no),
        }
        longest = max(begins, key=lambda one: begins[one])
        said = longest if begins[longest] and longest != NO else None
    return None if said is None else _replied(turn, concern, said, replay)


def plain_reply(turn: Turn, text: str) -> str | None:
    """The reply to the question about a concern that words are, and nothing else."""
    if turn.state != CONCERN or turn.record.view is not None:
        return None
    concern = turn.shared.concerns[turn.conversation.asking[0]]
    synonyms = turn.interface.synonyms
    choice = match_exactly(text, turn.screens()[-1], turn.wording.content)
    if choice is not None:
        return choice.data.rsplit(":", 1)[1]
    if concern.help is not None:
        on = (*synonyms.continue_, *synonyms.agree, *synonyms.yes, *synonyms.no, *synonyms.back)
        return SEEN if is_one_of(text, on) else None
    for said, words in ((NO, synonyms.no), (YES, synonyms.yes), (UNSURE, synonyms.unsure)):
        if is_one_of(text, words):
            return said
    return None


def _has_no(turn: Turn, text: str) -> bool:
    words = normal(text[:TYPED_MAX]).split()
    return not all_ours(turn.interface.negations).isdisjoint(words)


def say_plainly(turn: Turn) -> Response:
    """Ask once more for one of the replies."""
    concern = turn.shared.concerns[turn.conversation.asking[0]]
    if concern.help is None:
        turn.say(turn.wording.content.concerns.say_plainly)
    return turn.shown()


def said_before(turn: Turn, concern: Concern, text: str) -> bool:
    """Whether this was denied, twice, for these very words and in this very place.

    Anything written elsewhere, later or in other words is a fresh mention. Help is always shown.
    """
    if concern.help is not None:
        return False
    now = SetAside(concern.id, _digest(text), turn.record.shown)
    return turn.record.set_aside.count(now) >= _SAID_OFTEN


def _replied(turn: Turn, concern: Concern, said: str, replay: Replay) -> Response:
    words = turn.wording.content.concerns
    waiting = turn.record.waiting
    yes = said in (YES, UNSURE)
    turn.take(Reply(concern, yes))
    if said == NO and waiting is not None:
        denied = SetAside(concern.id, waiting.digest, waiting.shown)
        turn.record = replace(turn.record, set_aside=(*turn.record.set_aside, denied)[-_KEPT:])
    if turn.state == EMERGENCY:
        turn.record = replace(turn.record, waiting=None)
        _show_help(turn)
        return turn.shown()
    emergency = concern.level is Level.EMERGENCY
    if yes and concern.level is Level.ASK:
        turn.say_first(words.told_noted)
    elif yes:
        turn.say_first(words.told_today)
    elif said == SEEN:
        turn.say_first(words.gone_on)
    else:
        turn.say_first(words.noted_no if emergency else words.noted_no_mild)
    if turn.state == CONCERN:
        return turn.shown()  # the next one
    turn.record = replace(turn.record, waiting=None)
    if waiting is None or waiting.state != turn.state:
        return turn.shown()
    turn.view(waiting.view, waiting.page)
    leave_if_gone(turn)
    # Who has just said No to it has not given it as the answer of the open question either.
    denied_here = said == NO and concern.about == turn.state
    answered = replay(turn, waiting.words) if waiting.words and not denied_here else None
    return answered or turn.shown(brief=True)


def _takes(turn: Turn, words: str) -> bool:
    """Take the words as the answer to a question that asks for words, where they fit.

    So nothing is lost, whatever is replied; the review shows it and it can be changed.
    """
    question, answer = turn.question, " ".join(visible(words).split())
    if question is None or question.kind is not Kind.TEXT or not 0 < len(answer) <= TEXT_MAX:
        return False
    turn.take(GiveAnswer(question.id, question.read(answer)))
    return True


def _during_emergency(turn: Turn, concerns: Iterable[Concern]) -> Response:
    turn.take(Ask(tuple(one.id for one in concerns)))
    _show_help(turn)
    return turn.shown()


def _show_help(turn: Turn) -> None:
    """Whom to call for what is no matter of triage, above what to do now."""
    for id in turn.conversation.asking:
        concern = turn.shared.concerns[id]
        if isinstance(concern.help, Help):
            turn.show_before(notice_screen(help_text(turn.wording, concern.help)))
            turn.take(Reply(concern, yes=False))


def _digest(text: str) -> str:
    """What the same words are known by; the words themselves are not kept for it."""
    return sha256(normal(text).encode("utf-8", "replace")).hexdigest()[:16]
