"""Words can only raise: whatever is typed beside the same taps, nothing comes out less urgent."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import read_data
from bot.dialogue.dialogue import Dialogue
from bot.events import Words
from flows.assessment import assess
from flows.conversation import CONCERN, EMERGENCY, OUT_OF_SCOPE, REVIEW, standing_of
from flows.machine import ConversationMachine
from flows.models import Kind, Urgency
from tests.dialogue.pure import Pure
from tests.second_reading import random_sheet

CRIES = [
    "i cant feel when i wipe", "my left calf is swollen", "chest pain", "i want to die",
    "numb between my legs and i cant pee", "my foot is getting weaker", "i have a fever",
    "heard a pop in my ankle", "i had cancer and my back hurts", "no numbness down there",
    "my foot is hot and red and i cant walk since i twisted it", "i fell off a ladder",
    "both legs are numb, and my hands are clumsy", "my dad had a stroke", "/help i cant feel my bum",
]  # fmt: skip
BESIDE = st.one_of(
    st.none(),
    st.none(),
    st.sampled_from(CRIES),
    st.sampled_from(["hello?", "what is this", "xyzzy", "it hurts so much", "help", "1.5.2", "🙏"]),
    st.text(alphabet="qzxjk ,.!?\u200b\U0001f9b6", max_size=12),
)


def taps_as(patient: Pure, sheet: dict[str, Any], machine: ConversationMachine) -> None:
    """Answer the open question with taps, as the sheet says."""
    id = patient.state
    question = machine.flow.question_by_id[id]
    if question.kind is Kind.TEXT:
        patient.taps(_button(patient, "skip", id))
        return
    answer = sheet[id]
    if question.kind is Kind.MANY:
        for code in answer:
            patient.taps(_button(patient, "tick", id, code) or _button(patient, "untick", id, code))
            if not _button(patient, "untick", id, code):  # it was ticked by words: tick it again
                patient.taps(_button(patient, "tick", id, code))
        patient.taps(_button(patient, "done", id))
    else:
        patient.taps(_button(patient, "pick", id, str(answer)))


def _button(patient: Pure, verb: str, *about: str) -> str:
    for choice in patient.live:
        read = read_data(choice.data)
        if read is not None and read[1].verb == verb and read[1].about == about:
            return choice.data
    return ""


def urgency(patient: Pure, machine: ConversationMachine) -> int:
    """How urgent the answers of somebody at an end are; out of scope is after everything."""
    assert patient.record is not None
    found = assess(machine.flow, standing_of(machine.flow, patient.record.conversation)).urgency
    return len(Urgency) if found is None else found.rank


@given(
    seed=st.integers(0, 10_000),
    beside=st.lists(BESIDE, min_size=45, max_size=45),
    replies=st.lists(st.sampled_from(["yes", "no", "unsure"]), min_size=90, max_size=90),
)
@settings(max_examples=40, deadline=None)
def test_nothing_typed_lowers_what_the_same_taps_reach(
    dialogue: Dialogue,
    machine: ConversationMachine,
    seed: int,
    beside: list[str | None],
    replies: list[str],
) -> None:
    sheet = random_sheet(Random(seed))
    ends = (REVIEW, EMERGENCY, OUT_OF_SCOPE)

    silent = Pure(dialogue, machine).at("age")
    while silent.state not in ends:
        taps_as(silent, sheet, machine)

    typing = Pure(dialogue, machine).at("age")
    while typing.state not in ends:
        text = beside.pop() if beside else None
        if text is not None:
            typing.happens(Words(text))
            while typing.state == CONCERN:
                id, said = _reply(typing, replies.pop() if replies else "no")
                typing.taps(_button(typing, "reply", id, said))
            if typing.record is not None and typing.record.view is not None:
                typing.taps(_button(typing, "show"))
        elif typing.state in machine.flow.question_by_id:
            taps_as(typing, sheet, machine)

    assert urgency(typing, machine) <= urgency(silent, machine)


def _reply(patient: Pure, wanted: str) -> tuple[str, str]:
    read = [read_data(choice.data) for choice in patient.live]
    about = [one[1].about for one in read if one is not None]
    said = {one[1]: one[0] for one in about}
    return (said[wanted], wanted) if wanted in said else (said["seen"], "seen")
