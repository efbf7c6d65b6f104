"""Before anything else: whether what a patient wrote raises a concern, and what follows.

Looked at are messages, also changed ones, what stands behind a command, and captions, in any state,
from anybody, in the patient's language, English and whatever it is written in (`tongues`). A concern that is
already answered by the same words, as an answer of the open question, is not asked about again.
"""

import logging
from collections.abc import Sequence

from bot.dialogue.concerns import (
    FALLBACK,
    ask_about,
    mentioned_again,
    plain_reply,
    said_before,
)
from bot.dialogue.matching import pieces
from bot.dialogue.turn import Response, Turn
from bot.dialogue.understanding import answer_again, codes_in, is_on_screen
from bot.events import Command, Edited, Happening, Unreadable, Words
from flows.answers import NONE, AnswerError
from flows.concerns import Concern, Level
from flows.conversation import CONCERN, EMERGENCY, GiveAnswer
from flows.models import Kind

_log = logging.getLogger(__name__)


def listen(turn: Turn, happening: Happening) -> Response | None:
    """What a concern in the words leads to; None where they raise none that is still to be asked."""
    text = _words(happening)
    if not text or plain_reply(turn, text) is not None:
        return None
    codes = codes_in(turn, text) if isinstance(happening, Words) and not happening.hurried else ()
    if codes and _answers_emergency(turn, codes):
        return None  # it is shown at once, with nothing above it
    raised = _raised_beside(turn, text, codes) if codes else _raised(turn, text)
    if not raised:
        return None
    if turn.state == CONCERN and turn.conversation.asking[0] in (one.id for one in raised):
        return mentioned_again(turn, raised, answer_again)
    if isinstance(happening, Words) and is_on_screen(turn, text):
        return None  # the same as tapping it
    concerns = [one for one in raised if not _is_answer(turn, one, happening)]
    fresh = [one for one in concerns if not said_before(turn, one, text)]
    if fresh:
        answer = isinstance(happening, Words) and not happening.hurried
        words = text if answer else ""
        return ask_about(turn, fresh, text, words)
    if concerns and turn.state != EMERGENCY:
        turn.say(turn.wording.content.concerns.said_before)
    return None


def _words(happening: Happening) -> str:
    match happening:
        case Words(text) | Edited(text):
            return text
        case Unreadable(_, caption):
            return caption
        case Command("start", argument) if " " not in argument:
            return ""  # the code of a link, which nobody wrote
        case Command(name, argument):
            return f"{name} {argument}"
    return ""


def _answers_emergency(turn: Turn, codes: Sequence[str]) -> bool:
    """Whether these codes of the open question are an emergency by themselves."""
    question = turn.question
    if question is None or question.kind not in (Kind.ONE, Kind.MANY):
        return False
    try:
        answer = question.read(list(codes) if question.kind is Kind.MANY else codes[0])
    except AnswerError:
        return False  # "1, none"
    return turn.would_be_emergency(GiveAnswer(question.id, answer))


def _raised_beside(turn: Turn, text: str, codes: Sequence[str]) -> tuple[Concern, ...]:
    """The concerns of words that are answers of the open question, each answer heard by itself.

    The words of a button raise no more than a tap on it; those of "none of these" need no help line.
    """
    question = turn.question
    parts = [text]
    if question is not None and question.kind is Kind.MANY:
        parts = pieces(text, turn.wording.content)
    found = {
        concern.id
        for part in parts
        if not is_on_screen(turn, part)
        for concern in _raised(turn, part)
        if concern.help is None or NONE not in codes
    }
    raised = [concern for id, concern in turn.shared.concerns.items() if id in found]
    return tuple(sorted(raised, key=lambda concern: concern.level.rank))


def _raised(turn: Turn, text: str) -> tuple[Concern, ...]:
    """The concerns of a text, most urgent first. One that cannot be looked at may be anything."""
    shared = turn.shared
    try:
        languages = shared.tongues.of(text, turn.record.language)
        raised = shared.screening.screen(text, languages)
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody may be left unheard
        _log.error("screening failed", extra={"error": type(error).__name__})
        if turn.state == CONCERN:
            return ()  # something is asked about already
        turn.say(turn.wording.content.concerns.unread)
        return (shared.concerns[FALLBACK],)
    return () if raised is None else (raised.concern, *raised.also)


def _is_answer(turn: Turn, concern: Concern, happening: Happening) -> bool:
    """Whether the words, as the answer of the open question, say all that a yes would.

    What only nearly is the answer will do where it sets a tick and nothing hangs on minutes.
    """
    question = turn.question
    if question is None or list(concern.sets) != [question.id] or not isinstance(happening, Words):
        return False
    wanted = question.read(concern.sets[question.id])
    near = concern.level is not Level.EMERGENCY
    codes = codes_in(turn, happening.text, near=near)
    return set(wanted) <= set(codes) if isinstance(wanted, tuple) else codes == (wanted,)
