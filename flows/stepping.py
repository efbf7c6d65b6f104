"""Takes the real machine through every explored state: on, back, and changing an answer.

Each merged state is stood for by one conversation. The machine itself refuses to land anywhere but
at the position computed from the answers; here every way out of every state is tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.answers import Answer
from flows.conversation import (
    REVIEW,
    Back,
    Change,
    Confirm,
    Conversation,
    GiveAnswer,
    changeable,
    position,
    previous,
)
from flows.explorer import Explored
from flows.folding import fold
from flows.machine import FINAL, ConversationMachine, StepError


@dataclass(slots=True)
class Stepped:
    """How many steps of each kind were taken, and what went wrong, each with its answers."""

    onward: int = 0
    back: int = 0
    changes: int = 0
    wrong: list[str] = field(default_factory=list)


def step_through(machine: ConversationMachine, explored: Explored) -> Stepped:
    """Try every way out of every explored state."""
    stepped = Stepped()
    classes = {id: [one.answer for one in folded] for id, folded in fold(machine.flow).items()}
    calm: dict[frozenset[str], Conversation] = {}
    for question, answers in explored.ways:
        here = Conversation(answers=dict(answers), agreed=True)
        try:
            if machine.state(here) != question:
                stepped.wrong.append(f"{_told(answers)} stands at {machine.state(here)}")
                continue
            _back(machine, here, stepped)
            for answer in classes[question]:
                there = machine.take(here, GiveAnswer(question, answer))
                stepped.onward += 1
                _back(machine, there, stepped)
            ended = _to_an_end(machine, here, classes)
            calm.setdefault(frozenset(ended.answers), ended)
            if position(machine.flow, ended) not in FINAL:
                stepped.wrong.append(f"{_told(answers)} leads to no end")
        except (StepError, RuntimeError) as error:
            stepped.wrong.append(f"{_told(answers)}: {error}")
    for ended in (*calm.values(), *_early_ends(machine, explored)):
        try:
            _change(machine, ended, classes, stepped)
        except (StepError, RuntimeError) as error:
            stepped.wrong.append(f"{_told(ended.answers)}: {error}")
    return stepped


def _back(machine: ConversationMachine, here: Conversation, stepped: Stepped) -> None:
    """Back leads to the question before, and giving its answer again leads here again."""
    before = previous(machine.flow, here)
    if before is None or not machine.allows(here, Back):
        return
    gone = machine.take(here, Back())
    again = machine.take(gone, GiveAnswer(before, here.answers[before]))
    stepped.back += 1
    if machine.state(gone) != before or again.answers != here.answers:
        stepped.wrong.append(f"back from {machine.state(here)} after {_told(here.answers)}")


def _change(
    machine: ConversationMachine,
    ended: Conversation,
    classes: dict[str, list[Answer]],
    stepped: Stepped,
) -> None:
    """Every answer can be changed, and whatever it is changed to leads somewhere sound."""
    flow = machine.flow
    for question in changeable(flow, ended):
        taken = machine.take(ended, Change(question))
        if machine.state(taken) != question:
            continue  # an earlier open question comes first
        for answer in classes[question]:
            machine.take(taken, GiveAnswer(question, answer))
            stepped.changes += 1
        same = machine.take(taken, GiveAnswer(question, ended.answers[question]))
        at = machine.state(ended)
        if machine.state(same) != (REVIEW if at not in FINAL or ended.confirmed else at):
            stepped.wrong.append(f"{question} changed and changed back in {_told(ended.answers)}")


def _to_an_end(
    machine: ConversationMachine, here: Conversation, classes: dict[str, list[Answer]]
) -> Conversation:
    while (at := machine.state(here)) in machine.flow.question_by_id:
        calm = next(
            (answer for answer in classes[at] if answer in (("none",), "no", "none")),
            classes[at][-1],
        )
        here = machine.take(here, GiveAnswer(at, calm))
    return machine.take(here, Confirm()) if machine.state(here) == REVIEW else here


def _early_ends(machine: ConversationMachine, explored: Explored) -> Iterator[Conversation]:
    for name, answers in explored.ends.items():
        ended = Conversation(answers=dict(answers), agreed=True)
        yield machine.take(ended, Confirm()) if name == "result" else ended


def _told(answers: object) -> str:
    return str(answers)
