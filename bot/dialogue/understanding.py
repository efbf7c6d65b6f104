"""What a command, a tap or typed words ask for."""

from dataclasses import replace

from bot.actions import Action, Verb, read_data
from bot.dialogue.deeds import (
    answer_all,
    ask_restart,
    do,
    go_back,
    my_data,
    open_view,
    stop,
    tick_all,
    turn_pictures,
)
from bot.dialogue.matching import (
    TYPED_MAX,
    is_one_of,
    match,
    match_in_part,
    match_several,
    visible,
)
from bot.dialogue.turn import Response, Turn, notice_screen
from bot.events import Command, Tap
from bot.record import View
from bot.screens import Choice
from bot.views.answers import change_screen
from bot.views.menu import privacy_text
from flows.conversation import (
    CLOSED,
    CONSENT,
    EMERGENCY,
    RESULT,
    REVIEW,
    WELCOME,
    GiveAnswer,
    Resume,
)
from flows.models import TEXT_MAX, Kind


def on_command(turn: Turn, command: Command) -> Response:
    """Carry out a command; an unknown one is answered kindly and changes nothing."""
    match command.name:
        case "start":
            return _start(turn, command.argument)
        case "back":
            return go_back(turn)
        case "restart":
            return ask_restart(turn)
        case "language":
            return open_view(turn, View.LANGUAGES)
        case "mydata":
            return my_data(turn)
        case "pictures":
            return turn_pictures(turn)
        case "delete":
            return open_view(turn, View.DELETING)
        case "cancel":
            return stop(turn)
        case "help":
            turn.show_before(notice_screen(turn.wording.fill(turn.interface.help)))
        case "privacy":
            turn.show_before(notice_screen(privacy_text(turn.wording)))
        case _:
            turn.say(turn.interface.errors.unknown_command)
    return turn.shown(brief=True)


def on_tap(turn: Turn, tap: Tap) -> Response:
    """Carry out what a button asks for, if it is one of the screen that is shown now."""
    read = read_data(tap.data)
    if read is not None and read[0] == turn.record.serial:
        return do(turn, read[1])
    if read is not None and read[0] == turn.record.serial - 1 and _repeats(turn, read[1]):
        return Response(turn.record, changed=False)
    turn.say_beside(turn.interface.notices.stale)
    return turn.shown(brief=True)


def on_tap_of_old(turn: Turn, tap: Tap) -> Response:
    """Answer a tap of somebody of whom nothing is kept (any more): begin again.

    The second tap of a double tap on "delete" stores nothing anew.
    """
    read = read_data(tap.data)
    if read is not None and read[1].verb is Verb.DELETE:
        return Response(None, changed=False)
    turn.say_beside(turn.interface.notices.stale)
    return turn.shown()


def on_words(turn: Turn, text: str) -> Response:
    """Do what typed words stand for on the screen that is shown; else say so and ask again."""
    if len(text) > TYPED_MAX:
        turn.say(turn.interface.errors.too_long)
        return turn.shown(brief=True)
    words = visible(text)
    return (
        _as_tapped(turn, words)
        or _as_line(turn, words)
        or _as_command(turn, words)
        or _as_ticks(turn, words)
        or _as_written(turn, words)
        or _not_understood(turn)
    )


def _start(turn: Turn, code: str) -> Response:
    turn.view(None)
    turn.leave_correction()
    if code:
        turn.say(turn.interface.notices.unknown_clinic_code)
    if turn.state == CLOSED:
        turn.take(Resume())
    if turn.state == RESULT:
        turn.say(turn.interface.welcome.finished)
    elif turn.state == REVIEW or (turn.question is not None and turn.has_begun):
        turn.say(turn.interface.welcome.returning)
    return turn.shown()


def _as_tapped(turn: Turn, text: str) -> Response | None:
    """The words as buttons of the screen: several answers, or one of anything."""
    screen = turn.screens(brief=True)[-1]
    question = turn.question
    if question is not None and question.kind is Kind.MANY:
        several = match_several(text, screen, turn.interface)
        if several:
            return answer_all(turn, question, _codes(several))
    choice = match(text, screen, turn.interface)
    read = read_data(choice.data) if choice else None
    return do(turn, read[1]) if read else None


def _as_line(turn: Turn, text: str) -> Response | None:
    """At the review, a line by its number or topic: to be changed; so is "no", it is not right."""
    if turn.state != REVIEW or turn.record.view is not None:
        return None
    if is_one_of(text, turn.interface.synonyms.no):
        return open_view(turn, View.CHANGING)
    lines = change_screen(turn.wording, turn.conversation, turn.state, turn.record.serial)
    choice = match(text, replace(lines, controls=()), turn.interface)
    read = read_data(choice.data) if choice else None
    return do(turn, read[1]) if read else None


def _as_command(turn: Turn, text: str) -> Response | None:
    synonyms = turn.interface.synonyms
    if is_one_of(text, synonyms.stop):
        return stop(turn)
    if is_one_of(text, synonyms.help):
        return on_command(turn, Command("help"))
    if is_one_of(text, synonyms.restart):
        return ask_restart(turn)
    if is_one_of(text, synonyms.back):
        return go_back(turn)
    if is_one_of(text, synonyms.repeat):
        return turn.shown()
    return None


def _as_ticks(turn: Turn, text: str) -> Response | None:
    """Parts of answers, which are ticked to be seen before they count."""
    question = turn.question
    if question is None or question.kind is not Kind.MANY:
        return None
    several = match_in_part(text, turn.screens(brief=True)[-1], turn.interface)
    return tick_all(turn, question, _codes(several)) if several else None


def _as_written(turn: Turn, text: str) -> Response | None:
    """The words themselves, where a question asks for words."""
    question = turn.question
    answer = " ".join(text.split())
    if question is None or question.kind is not Kind.TEXT or not answer:
        return None
    if len(answer) > TEXT_MAX:
        words = turn.interface.errors.text_too_long
        turn.say(words.fill(length=len(answer), max_length=TEXT_MAX))
    else:
        turn.take(GiveAnswer(question.id, question.read(answer)))
    return turn.shown()


def _not_understood(turn: Turn) -> Response:
    errors = turn.interface.errors
    kind = turn.question.kind if turn.question is not None else None
    if turn.state in (WELCOME, CONSENT) and turn.record.view is None:
        turn.say(turn.interface.notices.agree_first)
    elif turn.state == EMERGENCY and turn.record.view is None:
        pass  # nothing stands above what to do now
    elif kind is Kind.SCALE:
        turn.say(errors.not_understood_scale)
    elif kind is Kind.MANY:
        turn.say(errors.not_understood_many)
    else:
        turn.say(errors.not_understood)
    return turn.shown(brief=True)


def _repeats(turn: Turn, action: Action) -> bool:
    """Whether a tap on the screen before only says again what led here: a double tap."""
    answers = turn.conversation.answers
    match action:
        case Action(Verb.AGREE):
            return turn.conversation.agreed
        case Action(Verb.PICK, (id, code)):
            return str(answers.get(id)) == code
        case Action(Verb.DONE | Verb.SKIP | Verb.KEEP, (id,)):
            return id in answers
        case Action(Verb.CONFIRM):
            return turn.state == RESULT
    return False


def _codes(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.data.rsplit(":", 1)[1] for choice in choices]
