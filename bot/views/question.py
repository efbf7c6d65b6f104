"""One question to a screen."""

from dataclasses import replace
from itertools import dropwhile

from bot.actions import Action, Verb
from bot.screens import Choice, Layout, Screen
from bot.views.parts import button
from bot.wording import Wording
from content.markup import Markup, bold, italic, join
from flows.conversation import Conversation, draft_ticks, may_be_emergency, standing_of
from flows.models import SCALE_MAX, Kind, Question

SHORT_LABEL = 16
"""Answers whose labels are all at most so long stand two in a row."""


def question_screen(
    wording: Wording,
    conversation: Conversation,
    question: Question,
    serial: int,
    *,
    correcting: bool = False,
) -> Screen:
    """The open question with its answers as buttons, progress, and Back.

    While its answer is being corrected, Back leaves everything as it was.
    """
    urgent = may_be_emergency(wording.flow, conversation)
    words = wording.content.question(question.id)
    interface = wording.content.interface
    text = join(
        (
            wording.fill(interface.emergency_line) if urgent else Markup(),
            _progress(wording, conversation, question),
            join((words.why or Markup(), bold(words.ask)), "\n"),
            _details(wording, question),
            words.hint or Markup(),
            _scale(wording, question),
            _so_far(wording, conversation, question),
        )
    )
    leave = interface.buttons.to_emergency if urgent else interface.buttons.to_review
    back = button(serial, leave if correcting else interface.buttons.back, Verb.BACK)
    return Screen(
        name=question.id,
        text=text,
        choices=_choices(wording, conversation, question, serial),
        controls=(back, *_controls(wording, conversation, question, serial)),
        layout=_layout(wording, question),
    )


def meant_screen(
    wording: Wording, conversation: Conversation, meant: tuple[str, str], serial: int
) -> Screen:
    """Whether typed words mean this answer; above it what to do, if it would be an emergency.

    The answer itself stands on the button: a Yes could be taken for that to the question.
    """
    id, code = meant
    words = wording.content.interface.meant
    question = wording.flow.question_by_id[id]
    option = wording.content.question(id).options.get(code)
    trial = {**conversation.answers, id: code}
    urgent = may_be_emergency(wording.flow, replace(conversation, answers=trial, drafts=trial))
    label = code if option is None else option.label
    if question.kind is Kind.SCALE:
        label = wording.content.interface.scale_value.format(value=code)
    return Screen(
        name="meant",
        text=join(
            (
                wording.fill(wording.content.interface.emergency_line) if urgent else Markup(),
                wording.content.question(id).ask,
                words.ask.fill(answer=label),
                (option.detail or Markup()) if option is not None else Markup(),
            )
        ),
        choices=(
            Choice(label, Action(Verb.MEANT, meant).data(serial), 1),
            Choice(words.no, Action(Verb.SHOW).data(serial), 2),
        ),
    )


def _progress(wording: Wording, conversation: Conversation, question: Question) -> Markup:
    standing = standing_of(wording.flow, conversation)
    number = len(standing.asked)
    known = {**conversation.answers, **standing.answers}
    from_here = dropwhile(lambda one: one.id != question.id, wording.flow.questions)
    total = number - 1 + sum(one.applies(known) for one in from_here)
    section = Markup.escape(wording.content.questions.sections[question.section])
    count = wording.content.interface.progress.fill(number=number, total=total)
    return italic(Markup(f"{section} · {count}"))


def _details(wording: Wording, question: Question) -> Markup:
    options = wording.content.question(question.id).options
    lines = [
        f"<b>{number}</b> {options[code].detail}"
        for number, code in enumerate(question.codes, 1)
        if options[code].detail is not None
    ]
    return Markup("\n".join(lines))


def _scale(wording: Wording, question: Question) -> Markup:
    words = wording.content.question(question.id)
    if question.kind is not Kind.SCALE:
        return Markup()
    return wording.content.interface.scale.fill(low=words.low, high=words.high)


def _so_far(wording: Wording, conversation: Conversation, question: Question) -> Markup:
    """What is ticked, or what was answered before it was taken back."""
    interface = wording.content.interface
    if question.kind is Kind.MANY:
        ticks = draft_ticks(conversation, question.id)
        labels = wording.content.question(question.id).options
        if not ticks:
            return Markup()
        listed = wording.content.list_of(labels[code].label for code in ticks)
        return interface.ticked.fill(list=listed)
    draft = conversation.drafts.get(question.id)
    if draft is None:
        return Markup()
    return interface.answer_before.fill(said=wording.said(question.id, draft))


def _choices(
    wording: Wording, conversation: Conversation, question: Question, serial: int
) -> tuple[Choice, ...]:
    options = wording.content.question(question.id).options
    match question.kind:
        case Kind.ONE:
            return tuple(
                Choice(
                    label=options[code].label,
                    data=Action(Verb.PICK, (question.id, code)).data(serial),
                    number=number,
                )
                for number, code in enumerate(question.codes, 1)
            )
        case Kind.MANY:
            ticks = draft_ticks(conversation, question.id)
            return tuple(
                Choice(
                    label=options[code].label,
                    data=Action(
                        Verb.UNTICK if code in ticks else Verb.TICK, (question.id, code)
                    ).data(serial),
                    number=number,
                    ticked=code in ticks,
                )
                for number, code in enumerate(question.codes, 1)
            )
        case Kind.SCALE:
            return tuple(
                Choice(
                    label=str(number),
                    data=Action(Verb.PICK, (question.id, str(number))).data(serial),
                    number=number,
                )
                for number in range(SCALE_MAX + 1)
            )
        case Kind.TEXT:
            return ()


def _controls(
    wording: Wording, conversation: Conversation, question: Question, serial: int
) -> tuple[Choice, ...]:
    buttons = wording.content.interface.buttons
    if question.kind is Kind.MANY:
        return (button(serial, buttons.done, Verb.DONE, question.id),)
    if question.kind is Kind.TEXT:
        skip = button(serial, buttons.skip, Verb.SKIP, question.id)
        if conversation.drafts.get(question.id):
            return (button(serial, buttons.keep, Verb.KEEP, question.id), skip)
        return (skip,)
    return ()


def _layout(wording: Wording, question: Question) -> Layout:
    if question.kind is Kind.SCALE:
        return Layout.SCALE
    labels = [option.label for option in wording.content.question(question.id).options.values()]
    short = labels and all(len(label) <= SHORT_LABEL for label in labels)
    return Layout.GRID if short and len(labels) <= 6 else Layout.LIST
