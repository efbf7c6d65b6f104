"""The conversation's machine drawn as a Mermaid state diagram."""

from collections.abc import Iterator

from flows.conditions import Condition
from flows.conversation import (
    CLOSED,
    CONCERN,
    CONSENT,
    EMERGENCY,
    OUT_OF_SCOPE,
    RESULT,
    REVIEW,
    WELCOME,
)
from flows.grammar import write
from flows.machine import FINAL, ConversationMachine

_FORWARD = frozenset(("read_note", "agree", "answer", "confirm"))


def mermaid(machine: ConversationMachine) -> str:
    """The way of a first interview through the machine, each step with its condition.

    Left out for legibility: back, change, start over, close and resume, which exist everywhere, the
    plain question about a concern, which comes from anywhere and leads back or to an emergency, and
    leaps over questions that are surely asked, which need answers kept from before.
    """
    drawn = [state for state in machine.states if state not in (CLOSED, CONCERN)]
    lines = [
        f"[*] --> {_id(WELCOME)}",
        *(f'state "{state}" as {_id(state)}' for state in drawn),
        *_edges(machine),
        *(f"{_id(state)} --> [*]" for state in drawn if state in FINAL),
    ]
    return "\n    ".join(("stateDiagram-v2", *lines))


def _edges(machine: ConversationMachine) -> Iterator[str]:
    first = _first_interview(machine)
    done: set[tuple[str, str]] = set()
    for move in machine.moves:
        edge = (move.source, move.dest)
        if move.trigger not in _FORWARD or edge not in first or edge in done:
            continue
        done.add(edge)
        yield f"{_id(move.source)} --> {_id(move.dest)} : {_text(first[edge] or move.trigger)}"


def _first_interview(machine: ConversationMachine) -> dict[tuple[str, str], str]:
    """The steps that somebody without earlier answers can take, and the condition of each."""
    flow = machine.flow
    edges = {(WELCOME, CONSENT): "", (REVIEW, RESULT): ""}
    for source in (WELCOME, CONSENT):
        edges[source, flow.questions[0].id] = ""
    for place, question in enumerate(flow.questions):
        rules = [rule.id for rule in flow.emergencies_reading[question.id]]
        if rules:
            edges[question.id, EMERGENCY] = " or ".join(rules)
        ends = [write(end.when) for end in flow.ends_reading[question.id]]
        if ends:
            edges[question.id, OUT_OF_SCOPE] = " or ".join(ends)
        passed: list[Condition] = []
        for after in flow.questions[place + 1 :]:
            if after.asked is None or after.asked == question.asked:
                edges[question.id, after.id] = ""
                break
            if after.asked not in passed:
                edges[question.id, after.id] = write(after.asked)
                passed.append(after.asked)
        else:
            edges[question.id, REVIEW] = ""
    return edges


def _id(state: str) -> str:
    # A prefix, because words such as "end" and "state" mean something to Mermaid.
    return f"s_{state}"


def _text(label: str) -> str:
    # Mermaid ends a label at a semicolon and reads # as the start of an entity.
    return label.replace(";", ",").replace("#", "")
