"""What the patient told so far, by section: the review, the list to change from, to read only."""

from collections.abc import Iterator

from bot.actions import Action, Verb
from bot.screens import Choice, Layout, Screen
from bot.views.parts import button
from bot.wording import Wording
from content.markup import Markup, bold, join
from flows.answers import Answers
from flows.conversation import (
    EMERGENCY,
    OUT_OF_SCOPE,
    RESULT,
    Conversation,
    changeable,
    standing_of,
)

MESSAGE_LIMIT = 3000
"""Characters of a list of answers in one message; more goes into a second one."""


def review_screens(wording: Wording, conversation: Conversation, serial: int) -> list[Screen]:
    """Everything told so far, to be confirmed or changed."""
    interface = wording.content.interface
    top = join((bold(interface.review.title), interface.review.text), "\n")
    controls = (
        button(serial, interface.buttons.back, Verb.BACK),
        button(serial, interface.buttons.change_answer, Verb.CHOOSE_CHANGE),
        button(serial, interface.buttons.see_result, Verb.CONFIRM),
    )
    return _listed(wording, conversation, "review", top, controls)


def read_screens(
    wording: Wording, conversation: Conversation, state: str, serial: int
) -> list[Screen]:
    """Everything told, to be read again from an end of the interview."""
    interface = wording.content.interface
    controls = (
        button(serial, interface.buttons.correct_answer, Verb.CHOOSE_CHANGE),
        button(serial, way_back(wording, state), Verb.SHOW),
    )
    return _listed(wording, conversation, "answers", bold(interface.review.closed), controls)


def change_screen(wording: Wording, conversation: Conversation, state: str, serial: int) -> Screen:
    """The answers that can be changed, one button each, numbered as on the review."""
    can_change = set(changeable(wording.flow, conversation))
    asked = standing_of(wording.flow, conversation).answers
    return Screen(
        name="changing",
        text=wording.content.interface.review.change_prompt,
        choices=tuple(
            Choice(
                label=wording.content.question(id).topic,
                data=Action(Verb.CHANGE, (id,)).data(serial),
                number=number,
            )
            for number, id in enumerate(asked, 1)
            if id in can_change
        ),
        controls=(button(serial, way_back(wording, state), Verb.SHOW),),
        layout=Layout.GRID,
    )


def way_back(wording: Wording, state: str) -> str:
    """The label of the button that leads back to where the conversation stands."""
    buttons = wording.content.interface.buttons
    match state:
        case s if s == EMERGENCY:
            return buttons.to_emergency
        case s if s == RESULT:
            return buttons.to_result
        case s if s == OUT_OF_SCOPE:
            return buttons.back
    return buttons.to_review


def answer_sections(wording: Wording, answers: Answers) -> list[Markup]:
    """The answers as numbered lines, one piece of text for each section."""
    return [
        join((bold(Markup.escape(title)), Markup("\n".join(lines))), "\n")
        for title, lines in _by_section(wording, answers)
    ]


def in_messages(top: Markup, sections: list[Markup]) -> list[Markup]:
    """Sections put together into as few messages as they fit."""
    messages = [top]
    for section in sections:
        longer = join((messages[-1], section))
        if longer.length() > MESSAGE_LIMIT:
            messages.append(section)
        else:
            messages[-1] = longer
    return messages


def _listed(
    wording: Wording,
    conversation: Conversation,
    name: str,
    top: Markup,
    controls: tuple[Choice, ...],
) -> list[Screen]:
    answers = standing_of(wording.flow, conversation).answers
    *before, last = in_messages(top, answer_sections(wording, answers))
    return [
        *(Screen(name=name, text=text, lasting=True) for text in before),
        Screen(name=name, text=last, controls=controls),
    ]


def _by_section(wording: Wording, answers: Answers) -> Iterator[tuple[str, list[str]]]:
    lines: dict[str, list[str]] = {}
    for number, (id, answer) in enumerate(answers.items(), 1):
        question = wording.flow.question_by_id[id]
        topic = Markup.escape(wording.content.question(id).topic)
        said = Markup.escape(wording.said(id, answer))
        lines.setdefault(question.section, []).append(f"{number}. {topic}: {said}")
    for section, of_section in lines.items():
        yield wording.content.questions.sections[section], of_section
