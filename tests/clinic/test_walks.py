"""Random walks of patients with a clinic: nothing leaves without a yes to what was shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Verb, read_data
from bot.clinic.directory import Directory
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.events import Command, Happening, SharedContact, Tap, Words
from bot.intake.intake import Intake
from bot.record import Record, View
from bot.sharing import Sharing
from content.loader import load_content
from content.models import Content
from flows.conversation import EMERGENCY, RESULT, REVIEW
from flows.machine import ConversationMachine
from tests.clinic.making import CORDOBA, OVER, RIVERSIDE, WORKS
from tests.dialogue.pure import Pure
from tests.dialogue.talk import plain
from tests.dialogue.test_walks import HAPPENS, Happens

SHARING = st.sampled_from([verb.value for verb in (
    Verb.SHARE, Verb.SKIP_PHONE, Verb.CHANGE_PERSON, Verb.SEND, Verb.KEEP_PRIVATE, Verb.BOOK,
    Verb.ASK_WITHDRAW, Verb.WITHDRAW,
)])  # fmt: skip
PEOPLE = st.sampled_from(["Ada Lovelace", "<b>", "12345", "07700 900123", "skip", "yes", "{x}"])
CODES = st.sampled_from([WORKS, OVER, "cordoba333", "nonsense", ""])


def _forged(verb: str, about: str, shift: int) -> Happens:
    def happens(patient: Pure) -> Happening:
        serial = patient.record.serial if patient.record else 0
        return Tap(f"{serial + shift}:{verb}{about}", on_live=True)

    return happens


def _toward(place: int) -> Happens:
    """The next button on the way to sending, if there is one."""

    def happens(patient: Pure) -> Happening:
        wanted = (Verb.SHARE, Verb.SEND, Verb.SKIP_PHONE, Verb.CONFIRM, Verb.ASK_WITHDRAW)
        for choice in patient.live:
            read = read_data(choice.data)
            if read is not None and read[1].verb in wanted:
                return Tap(choice.data, on_live=True)
        return Words("Ada Lovelace")

    return happens


WITH_CLINIC: st.SearchStrategy[Happens] = st.one_of(
    st.integers(0, 1).map(_toward),
    st.integers(0, 1).map(_toward),
    HAPPENS,
    PEOPLE.map(lambda text: lambda patient: Words(text)),
    CODES.map(lambda code: lambda patient: Command("start", code)),
    st.booleans().map(lambda own: lambda patient: SharedContact("447700900123", own)),
    st.builds(
        _forged, SHARING, st.sampled_from(["", ":", ":PL-7K3M-9QXH", ":x:y"]), st.integers(-1, 1)
    ),
    st.sampled_from(["withdraw", "mydata", "delete"]).map(
        lambda name: lambda patient: Command(name)
    ),
)


@pytest.fixture(scope="module")
def with_clinics(machine: ConversationMachine, english: Content, setting: Setting) -> Dialogue:
    contents = {"en": english, "es": load_content("es", machine.flow)}
    return Dialogue(machine, contents, setting, Directory((RIVERSIDE, CORDOBA)))


def is_yes(patient: Pure, happening: Happening, before: Record) -> bool:
    """Whether this is a yes to the consent that is shown."""
    match happening:
        case Tap(data):
            read = read_data(data)
            return read is not None and read[0] == before.serial and read[1].verb is Verb.SEND
        case Words():
            return True  # which words mean yes is tested elsewhere
    return False


@given(
    start=st.sampled_from([RESULT, EMERGENCY, REVIEW, "goal"]),
    walk=st.lists(WITH_CLINIC, max_size=80),
)
@settings(max_examples=150, deadline=None)
def test_nothing_leaves_without_a_yes(
    with_clinics: Dialogue, machine: ConversationMachine, start: str, walk: list[Happens]
) -> None:
    patient = Pure(with_clinics, machine).at(start)
    patient.record = replace(patient.record, sharing=Sharing(str(RIVERSIDE.id)))  # type: ignore[type-var]
    sent: set[str] = set()
    for happens in walk:
        happening = happens(patient)
        before, shown = patient.record, [*patient.live]
        response = patient.happens(happening)
        clinical = response.clinical
        for new in clinical.intakes if clinical else ():
            assert before is not None
            assert before.view is View.CONSENTING
            assert is_yes(patient, happening, before)
            assert any(":send" in choice.data for choice in shown)
            intake = Intake.from_json(new.body)
            assert intake.person.name == before.sharing.name
            assert intake.person.name in intake.consent.text
            assert str(intake.clinic) == before.sharing.clinic
            sent.add(new.id)
        for id in clinical.withdraw if clinical else ():
            assert id in sent
            sent.remove(id)
        if patient.record is None:
            sent.clear()
        else:
            assert {one.id for one in patient.record.sharing.with_clinics} == sent
        if patient.state == EMERGENCY and response.showings:
            # What to do now is in the first message that this step brings, or in the next one.
            first = [plain(showing.screen.text) for showing in response.showings[:3]]
            assert any(_says_to_call(text) for text in first) or not _urgent(patient)


def _says_to_call(text: str) -> bool:
    """In English or Spanish, in the clinic's country or without one."""
    return any(said in text.lower() for said in ("call 999 now", "call 112 now", "llame al"))


def _urgent(patient: Pure) -> bool:
    """Whether a step of sending is shown: everything else has tests of its own."""
    steps = (View.NAMING, View.PHONING, View.CONSENTING, View.SENT, View.WITHDRAWING, None)
    return patient.record is not None and patient.record.view in steps
