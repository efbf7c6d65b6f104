"""`diagram`: sound Mermaid, drawn from the machine, with every step of a first interview."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

from flows.answers import Answer
from flows.conversation import CLOSED, CONCERN
from flows.diagram import mermaid
from flows.interview import walk
from flows.machine import FINAL, ConversationMachine
from flows.models import Kind, Question
from tests.commands.running import FLOW, Place

MACHINE = ConversationMachine(FLOW)
FORWARD = {"read_note", "agree", "answer", "confirm"}

# A label ends at a colon, a semicolon or the line, and "#" would begin an entity.
LINE = re.compile(
    r'state "(?P<name>\w+)" as (?P<id>s_\w+)'
    r"|(?P<source>s_\w+|\[\*\]) --> (?P<dest>s_\w+|\[\*\])(?: : (?P<label>[^:;#\n]+))?"
)


def lines() -> list[re.Match[str]]:
    first, *rest = mermaid(MACHINE).split("\n")
    assert first == "stateDiagram-v2"
    found = [LINE.fullmatch(line.strip()) for line in rest]
    assert None not in found
    return [line for line in found if line]


def drawn() -> dict[tuple[str, str], str]:
    return {
        (line["source"].removeprefix("s_"), line["dest"].removeprefix("s_")): line["label"] or ""
        for line in lines()
        if line["source"]
    }


def test_every_state_is_drawn_and_reached() -> None:
    states = {line["name"] for line in lines() if line["name"]}
    assert all(line["id"] == f"s_{line['name']}" for line in lines() if line["name"])
    assert states == set(MACHINE.states) - {CLOSED, CONCERN}

    reached, waiting = set(), ["[*]"]
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting += [dest for source, dest in drawn() if source == here and dest not in reached]
    assert reached == states | {"[*]"}
    assert {source for source, dest in drawn() if dest == "[*]"} == set(FINAL)


def test_every_step_is_one_of_the_machine_and_drawn_once() -> None:
    steps = [(line["source"], line["dest"]) for line in lines() if line["source"]]
    assert len(steps) == len(set(steps))

    moves = {(move.source, move.dest) for move in MACHINE.moves if move.trigger in FORWARD}
    assert {step for step in drawn() if "[*]" not in step} <= moves


def test_conditions_stand_at_their_steps() -> None:
    assert drawn()["age", "out_of_scope"] == "age is under_18"
    assert drawn()["sudden_danger", "saddle"] == "complaints has back | leg"
    assert drawn()["sudden_danger", "weakness"] == "answer"
    assert drawn()["sudden_danger", "emergency"] == "U01"
    assert ("sudden_danger", "bladder") not in drawn()  # saddle is surely asked before


def test_every_step_of_made_up_interviews_is_drawn() -> None:
    chance = Random(7)

    def answer(question: Question) -> Answer:
        codes = [code for code in question.codes if code != "none"]
        if question.kind is Kind.SCALE:
            return chance.randint(0, 10)
        if question.kind is Kind.TEXT:
            return ""
        calm = [code for code in ("no", "none") if code in question.codes]
        if question.section == "safety" and calm and chance.random() < 0.9:
            return (calm[0],) if question.kind is Kind.MANY else calm[0]
        if question.kind is Kind.ONE:
            return chance.choice(question.codes)
        return question.ordered(frozenset(chance.sample(codes, chance.randint(1, 3))))

    taken: set[tuple[str, str]] = set()
    for _ in range(2000):
        standing = walk(FLOW, answer)
        path = [*standing.asked, str(standing.outcome or "review")]
        taken.update(pairwise(path))

    assert len(taken) > 60
    assert taken - set(drawn()) == set()


def test_the_diagram_is_printed(place: Place) -> None:
    ran = place.run("diagram")

    assert (ran.status, ran.out, ran.error) == (0, f"{mermaid(MACHINE)}\n", "")
