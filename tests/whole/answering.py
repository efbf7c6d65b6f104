"""A patient who answers every question as a sheet says."""

from collections.abc import Callable, Mapping
from functools import partial

from content.loader import load_content
from flows.loader import load_flow
from flows.models import Kind
from tests.telegram_stand_in import Patient

FLOW = load_flow()
WORDS = load_content("en", FLOW)
BUTTONS = WORDS.interface.buttons


async def answers(
    patient: Patient, sheet: Mapping[str, object], before: Callable[[], None] = lambda: None
) -> list[str]:
    """Answer every question that is asked as the sheet says; give the questions, in order.

    `before` is called before each answer, when the question is on the screen.
    """
    asked: list[str] = []
    while True:
        question = _question_on(patient)
        if question is None:
            return asked
        asked.append(question)
        before()
        words = WORDS.question(question)
        answer = sheet[question]
        match FLOW.question_by_id[question].kind:
            case Kind.ONE:
                await patient.taps(data=await _data(patient, f":pick:{question}:{answer}"))
            case Kind.MANY:
                assert isinstance(answer, list)
                for code in answer:
                    await patient.taps(data=await _data(patient, f":tick:{question}:{code}"))
                    await patient.sees(words.options[code].label)
                await patient.taps(BUTTONS.done)
            case Kind.SCALE:
                await patient.taps(str(answer))
            case Kind.TEXT:
                await patient.sends(str(answer) or "skip")
        await patient.chat.changed.until(partial(_has_moved_on, patient, question), 10)


def in_words(question: str, answer: object) -> str:
    """A question and its answer as they stand on the screen, in two lines."""
    words = WORDS.question(question)
    codes = answer if isinstance(answer, list) else [answer]
    labels = [
        words.options[str(code)].label if words.options else str(code) or BUTTONS.skip
        for code in codes
    ]
    return f"{words.ask.plain()}\n  > {', '.join(labels)}"


def _has_moved_on(patient: Patient, question: str) -> bool:
    return patient.chat.with_buttons() is not None and _question_on(patient) != question


def _question_on(patient: Patient) -> str | None:
    """The question that the newest buttons belong to; None when they belong to none."""
    message = patient.chat.with_buttons()
    assert message is not None
    for row in message.buttons:
        for button in row:
            parts = str(button.data).split(":")
            if parts[1] in ("pick", "tick", "untick", "skip"):
                return parts[2]
    return None


async def _data(patient: Patient, ending: str) -> str:
    message = patient.chat.with_buttons()
    assert message is not None
    return next(
        str(button.data)
        for row in message.buttons
        for button in row
        if str(button.data).endswith(ending)
    )
