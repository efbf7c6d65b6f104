"""What a command, a tap or typed words ask for."""

from dataclasses import replace

from bot.actions import Action, Verb, read_data
from bot.dialogue.concerns import late_reply, read_reply, reply, say_plainly
from bot.dialogue.deeds import (
    CANNOT,
    answer_all,
    ask_meant,
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
    beginning,
    is_label,
    is_one_of,
    match,
    match_exactly,
    match_several,
    visible,
)
from bot.dialogue.measures import counted, in_range, on_scale
from bot.dialogue.nearly import nearly, nearly_each
from bot.dialogue.sharing import ask_withdraw, come_from, take_person
from bot.dialogue.turn import Response, Turn, notice_screen
from bot.events import Command, Tap
from bot.record import View
from bot.screens import Choice, Screen
from bot.views.answers import change_screen
from bot.views.menu import privacy_text
from flows.concerns import at_least_as_urgent
from flows.conversation import (
    CLOSED,
    CONCERN,
    CONSENT,
    EMERGENCY,
    RESULT,
    REVIEW,
    WELCOME,
    GiveAnswer,
    Resume,
)
from flows.models import TEXT_MAX, Kind, Question


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
        case "withdraw":
            return ask_withdraw(turn)
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
    if read is not None and read[1].verb is Verb.REPLY:
        return _on_reply(turn, *read)
    if read is not None and read[0] == turn.record.serial:
        return do(turn, read[1])
    if read is not None and read[0] == turn.record.serial - 1 and _repeats(turn, read[1]):
        return Response(turn.record, changed=False)
    turn.say_beside(turn.interface.notices.stale)
    return turn.shown(brief=True)


def _on_reply(turn: Turn, serial: int, action: Action) -> Response:
    late = turn.record.serial - serial
    if late == 0:
        try:
            return reply(turn, action.about, answer_again)
        except CANNOT:
            pass
    asked_again = late_reply(turn, action.about) if late > 0 else None
    if asked_again is not None:
        return asked_again
    if late == 1:
        return Response(turn.record, changed=False)  # a double tap
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


def on_words(turn: Turn, text: str, *, whole: bool = False) -> Response:
    """Do what typed words stand for on the screen that is shown; else say so and ask again.

    `whole`: one tick alone is the whole answer. What comes in a flood was written before the screen
    could be read, and answers nothing.
    """
    if turn.hurried:
        return _not_understood(turn, text)
    if len(text) > TYPED_MAX:
        turn.say(turn.interface.errors.too_long)
        return turn.shown(brief=True)
    words = visible(text)
    if turn.state == CONCERN and turn.record.view is None:
        return (
            read_reply(turn, words, answer_again) or _as_command(turn, words) or say_plainly(turn)
        )
    if _may_mean_the_question(turn, words):
        turn.view(None)
        return _not_understood(turn, words)
    done = _as_shown(turn, words, whole=whole) or _as_command(turn, words)
    if done is None and turn.record.view is View.MEANT:
        turn.view(None)  # neither yes nor no: another answer to the question itself
        done = _as_shown(turn, words, whole=whole)
    return done or _as_said(turn, words) or _not_understood(turn, words)


def answer_again(turn: Turn, text: str) -> Response | None:
    """Words that have waited, as the answer that they may be; None where they are none."""
    if len(text) > TYPED_MAX:
        return None
    words = visible(text)
    return _as_shown(turn, words, whole=False) or _as_said(turn, words)


def codes_in(turn: Turn, text: str, *, near: bool = False) -> tuple[str, ...]:
    """The codes of the open question that typed words stand for.

    Nothing is guessed, unless `near` and the question takes ticks, which are seen before they count.
    """
    question = turn.question
    if question is None or len(text) > TYPED_MAX:
        return ()
    screen = turn.screens(brief=True)[-1]
    if question.kind is Kind.MANY:
        several = match_several(visible(text), screen, turn.wording.content)
        if near and not several:
            several, _ = nearly_each(visible(text), screen, turn.wording.content)
        return tuple(_codes(several))
    choice = match_exactly(visible(text), screen, turn.wording.content)
    return () if choice is None else tuple(_codes((choice,)))


def is_on_screen(turn: Turn, text: str) -> bool:
    """Whether the text is, word for word, a button that is shown, or a line of the review."""
    if len(text) > TYPED_MAX or turn.record.view not in (None, View.CHANGING):
        return False
    screen = turn.screens(brief=True)[-1]
    choices = (*screen.choices, *screen.controls)
    if turn.state == REVIEW:
        choices = (*choices, *_lines(turn).choices)
    return is_label(visible(text), choices)


def _as_shown(turn: Turn, words: str, *, whole: bool) -> Response | None:
    return _as_tapped(turn, words, whole=whole) or _as_line(turn, words)


def _as_said(turn: Turn, words: str) -> Response | None:
    return _as_ticks(turn, words) or _as_written(turn, words) or _as_meant(turn, words)


def _start(turn: Turn, code: str) -> Response:
    turn.view(None)
    turn.leave_correction()
    if code:
        come_from(turn, code)
    if turn.state == CLOSED:
        turn.take(Resume())
    if turn.state == RESULT:
        turn.say(turn.interface.welcome.finished)
    elif turn.state == REVIEW or (turn.question is not None and turn.has_begun):
        turn.say(turn.interface.welcome.returning)
    return turn.shown()


def _as_tapped(turn: Turn, text: str, *, whole: bool) -> Response | None:
    """The words as buttons of the screen: several answers, or one of anything."""
    screen = turn.screens(brief=True)[-1]
    question = turn.question
    if question is not None and question.kind is Kind.MANY:
        several = match_several(text, screen, turn.wording.content)
        if several:
            return answer_all(turn, question, _codes(several), whole=whole)
    forgiving = question is None or question.id not in turn.shared.flow.safety_questions
    choice = match(text, screen, turn.wording.content, forgiving=forgiving)
    read = read_data(choice.data) if choice else None
    return do(turn, read[1]) if read else None


def _as_line(turn: Turn, text: str) -> Response | None:
    """At the review, a line by its number or topic: to be changed; so is "no", it is not right."""
    if turn.state != REVIEW or turn.record.view is not None:
        return None
    if is_one_of(text, turn.interface.synonyms.no):
        return open_view(turn, View.CHANGING)
    choice = match(text, replace(_lines(turn), controls=()), turn.wording.content)
    read = read_data(choice.data) if choice else None
    return do(turn, read[1]) if read else None


def _lines(turn: Turn) -> Screen:
    return change_screen(turn.wording, turn.conversation, turn.state, turn.record.serial)


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
    several, everything = nearly_each(text, turn.screens(brief=True)[-1], turn.wording.content)
    if not several:
        return None
    notices = turn.interface
    turn.say(notices.notices.ticked if everything else notices.errors.ticked_some)
    return tick_all(turn, question, _codes(several))


def _as_meant(turn: Turn, text: str) -> Response | None:
    """What the words may mean, to be confirmed; taken at once only where they leave no doubt."""
    question = turn.question
    if question is None or question.kind not in (Kind.ONE, Kind.SCALE):
        return None
    content = turn.wording.content
    words = content.question(question.id)
    measure = on_scale if question.kind is Kind.SCALE else in_range
    measured = measure(text, words, content)
    safety = question.id in turn.shared.flow.safety_questions
    if measured is None and question.kind is Kind.ONE:
        return _as_near(turn, question, text, safety=safety)
    if measured is None:
        return None
    option = words.options.get(measured.value)
    since = option is not None and option.weeks is not None
    if measured.sure and not (since and safety):
        return do(turn, Action(Verb.PICK, (question.id, measured.value)))
    if since and not measured.sure and _is_calm(turn, question, measured.value):
        return None  # "for years, but worse since today"
    return ask_meant(turn, question, measured.value)


def _as_near(turn: Turn, question: Question, text: str, *, safety: bool) -> Response | None:
    screen = turn.screens(brief=True)[-1]
    near = nearly(text, screen, turn.wording.content)
    if near is not None:
        (code,) = _codes((near.choice,))
        if near.loose and _is_calm(turn, question, code):
            return None
        if near.close and not safety:
            return do(turn, Action(Verb.PICK, (question.id, code)))
        return ask_meant(turn, question, code)
    number = counted(text, turn.wording.content)
    for choice in screen.choices:
        if number is not None and choice.number == number:
            return ask_meant(turn, question, _codes((choice,))[0])
    return None


def _is_calm(turn: Turn, question: Question, code: str) -> bool:
    """Whether another answer to the question is more urgent than this one."""
    flow = turn.shared.flow
    return not all(at_least_as_urgent(flow, question.id, code, one) for one in question.codes)


def _may_mean_the_question(turn: Turn, text: str) -> bool:
    """Whether a yes to "Did you mean this? No, …" may be the answer to the question above it."""
    if turn.record.view is not View.MEANT or turn.record.meant is None:
        return False
    if not is_one_of(text, turn.interface.synonyms.yes):
        return False
    id, code = turn.record.meant
    question = turn.shared.flow.question_by_id[id]
    option = turn.wording.content.question(id).options.get(code)
    return option is not None and option.weeks is None and _is_calm(turn, question, code)


def _as_written(turn: Turn, text: str) -> Response | None:
    """The words themselves, where a question asks for words."""
    if turn.record.view in (View.NAMING, View.PHONING):
        return take_person(turn, text)
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


def _not_understood(turn: Turn, text: str) -> Response:
    errors, synonyms = turn.interface.errors, turn.interface.synonyms
    question = turn.question
    kind = question.kind if question is not None else None
    if turn.state in (WELCOME, CONSENT) and turn.record.view is None and not turn.hurried:
        turn.say(turn.interface.notices.agree_first)
    elif turn.state == EMERGENCY and turn.record.view is None:
        pass  # nothing stands above what to do now
    elif turn.hurried:
        turn.say(turn.interface.notices.many_at_once)
    elif kind is Kind.SCALE:
        turn.say(errors.not_understood_scale)
    elif kind is Kind.MANY and beginning(text, synonyms.unsure):
        turn.say(errors.unsure_many)
    elif question is not None and _asks_since_when(turn, question):
        yes = beginning(text, turn.interface.affirmations)
        turn.say(errors.which_yes if yes else errors.which_one)
    elif kind is Kind.MANY and is_one_of(text, synonyms.yes):
        turn.say(errors.which_many)
    elif kind is Kind.MANY:
        turn.say(errors.not_understood_many)
    else:
        turn.say(errors.not_understood)
    return turn.shown(brief=True)


def _asks_since_when(turn: Turn, question: Question) -> bool:
    """Whether a yes to this question alone could be an emergency."""
    return question.kind is Kind.ONE and bool(turn.shared.flow.emergencies_reading[question.id])


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
        case Action(Verb.SEND):
            return turn.record.view is View.SENT
    return False


def _codes(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.data.rsplit(":", 1)[1] for choice in choices]
