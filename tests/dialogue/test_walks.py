"""Random walks: whatever happens, nothing breaks, and there is always a way on."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Verb
from bot.dialogue.dialogue import Dialogue
from bot.events import Blocked, Command, Happening, Tap, Unblocked, Unreadable, Words
from bot.record import View
from flows.conversation import (
    CLOSED,
    CONSENT,
    EMERGENCY,
    OUT_OF_SCOPE,
    RESULT,
    REVIEW,
    WELCOME,
    standing_of,
)
from flows.machine import ConversationMachine
from flows.models import Outcome
from tests.dialogue.pure import Pure
from tests.dialogue.test_commands import COMMANDS

Happens = Callable[[Pure], Happening]

GARBAGE = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789,;-+/ and\n", max_size=12),
    st.sampled_from(["x" * 4097, "<b>", "{x}", "&amp;", "\u202e\u200b", "😀", "لا", "\ud800"]),
)
SAID = st.sampled_from(
    ["yes", "no", "not sure", "none", "prefer not to say", "done", "back", "skip", "stop", "help",
     "start over", "again", "go on", "ok", "1, 2", "1 and 3", "7/10", "left", "fever", "pain"]
)  # fmt: skip
VERBS = st.sampled_from([verb.value for verb in Verb])


def _live(place: int) -> Happens:
    def happens(patient: Pure) -> Happening:
        if not patient.live:
            return Command("start")
        return Tap(patient.live[place % len(patient.live)].data, on_live=True)

    return happens


def _old(place: int) -> Happens:
    def happens(patient: Pure) -> Happening:
        if not patient.old:
            return Command("back")
        return Tap(patient.old[place % len(patient.old)].data, on_live=False)

    return happens


def _forged(verb: str, about: str, shift: int) -> Happens:
    def happens(patient: Pure) -> Happening:
        serial = patient.record.serial if patient.record else 0
        about_now = about.replace("HERE", patient.state)
        return Tap(f"{serial + shift}:{verb}{about_now}", on_live=True)

    return happens


def _typed_label(place: int) -> Happens:
    def happens(patient: Pure) -> Happening:
        labels = [choice.label for choice in patient.live] or ["hello"]
        return Words(labels[place % len(labels)])

    return happens


def _just(happening: Happening) -> Happens:
    return lambda patient: happening


ONWARD = st.integers(0, 11).map(_live)
HAPPENS: st.SearchStrategy[Happens] = st.one_of(
    ONWARD,
    ONWARD,
    ONWARD,
    st.integers(0, 11).map(_typed_label),
    st.integers(0, 12).map(lambda number: _just(Words(str(number)))),
    SAID.map(lambda text: _just(Words(text))),
    st.integers(0, 30).map(_old),
    st.sampled_from(COMMANDS).map(lambda name: _just(Command(name))),
    GARBAGE.map(lambda text: _just(Words(text))),
    GARBAGE.map(lambda text: _just(Tap(text, on_live=True))),
    st.builds(
        _forged,
        VERBS,
        st.sampled_from(["", ":", ":HERE", ":HERE:none", ":HERE:5", ":saddle:no", ":goal", ":en"]),
        st.integers(-1, 1),
    ),
    st.sampled_from([_just(Blocked()), _just(Unblocked()), _just(Unreadable("photo"))]),
)
STARTS = st.sampled_from(
    ["", WELCOME, CONSENT, "age", "complaints", "weakness", "back_severity", "gait", "goal",
     REVIEW, RESULT, EMERGENCY, OUT_OF_SCOPE, CLOSED]
)  # fmt: skip


def _is_emergency(patient: Pure, machine: ConversationMachine) -> bool:
    if patient.record is None or not patient.record.conversation.agreed:
        return False
    standing = standing_of(machine.flow, patient.record.conversation)
    return standing.outcome is Outcome.EMERGENCY


@given(start=STARTS, walk=st.lists(HAPPENS, max_size=120))
@settings(max_examples=150, deadline=None)
def test_whatever_happens(
    dialogue: Dialogue, machine: ConversationMachine, start: str, walk: list[Happens]
) -> None:
    patient = Pure(dialogue, machine)
    if start:
        patient.at(start)
    for happens in walk:
        happening = happens(patient)
        before, was_emergency = patient.record, _is_emergency(patient, machine)
        patient.happens(happening)
        if was_emergency and not _is_emergency(patient, machine):
            # Only the patient's own correction, which can be left again, a new start or deletion.
            assert before is not None
            now = patient.record
            correcting = now is not None and now.correcting is not None
            assert correcting or before.view in (View.RESTARTING, View.DELETING)
        if isinstance(happening, Unreadable | Command) and before is not None:
            assert patient.record is not None or before.shown.startswith((WELCOME, CONSENT))
    patient.happens(Command("start"))
    assert patient.live


@given(taps=st.lists(st.integers(0, 11), min_size=60, max_size=120), start=STARTS)
@settings(max_examples=80, deadline=None)
def test_taps_alone_always_lead_on(
    dialogue: Dialogue, machine: ConversationMachine, taps: list[int], start: str
) -> None:
    """A button of the screen that is shown is never stale and never without effect or words."""
    patient = Pure(dialogue, machine)
    patient.at(start or WELCOME)
    for place in taps:
        if not patient.live:
            patient.happens(Command("start"))
        before = patient.record
        response = patient.happens(_live(place)(patient))
        assert response.showings
        assert response.notice is None or patient.record == before
        assert "older message" not in (response.notice or "")
