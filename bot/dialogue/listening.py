"""Before anything else: whether what a patient wrote raises a concern, and what follows.

Looked at are messages, also changed ones, what stands behind a command, and captions, in any state,
from anybody, in the patient's language, English and whatever it is written in (`tongues`). A concern that is
already answered by the same words, as an answer of the open question, is not asked about again.
"""

import logging

from bot.dialogue.concerns import (
    FALLBACK,
    ask_about,
    mentioned_again,
    plain_reply,
    said_before,
)
from bot.dialogue.turn import Response, Turn
from bot.dialogue.understanding import answer_again, codes_in, is_on_screen
from bot.events import Command, Edited, Happening, Unreadable, Words
from flows.concerns import Concern, Level
from flows.conversation import CONCERN, EMERGENCY

_log = logging.getLogger(__name__)


def listen(turn: Turn, happening: Happening) -> Response | None:
    """What a concern in the words leads to; None where they raise none that is still to be asked."""
    text = _words(happening)
    raised = _raised(turn, text) if text and plain_reply(turn, text) is None else ()
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
