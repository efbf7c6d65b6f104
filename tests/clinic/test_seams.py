"""Random walks through everything at once: concerns in words, sharing, the follow-up, old buttons."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Verb, read_data
from bot.clinic.directory import Directory
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.later import FOLLOW_UP, REMINDER
from bot.dialogue.shared import Setting
from bot.dialogue.turn import Response
from bot.events import (
    Command,
    Due,
    Edited,
    Happening,
    SharedContact,
    Tap,
    Unreadable,
    Words,
)
from bot.intake.intake import Intake, Kind
from bot.intake.making import Issue
from bot.intake.reference import new_reference
from bot.record import Record, View
from bot.sharing import Sharing
from bot.store.sqlite import SqliteStore
from content.loader import load_content
from content.markup import Markup
from content.models import Content
from flows.conversation import (
    CLOSED,
    CONSENT,
    EMERGENCY,
    RESULT,
    REVIEW,
    WELCOME,
    standing_of,
)
from flows.machine import ConversationMachine
from flows.models import Outcome
from tests.clinic.making import CORDOBA, RIVERSIDE, WORKS
from tests.clinic.test_sharing import LET_KNOW, SEND, Desk, has_result
from tests.clinic.test_walks import WITH_CLINIC
from tests.dialogue.pure import Pure
from tests.dialogue.talk import Talk
from tests.dialogue.test_only_raise import CRIES
from tests.dialogue.test_walks import Happens

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CRY = "i cant feel when i wipe"
CALL = "If this is happening now, call 999 now."


@pytest.fixture
def desk(store: SqliteStore, runner: asyncio.Runner) -> Desk:
    return Desk(store, runner)


def naming(talk: Talk) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.sees("What is your name?")


def first_words(talk: Talk) -> str:
    """What the last step brought to the eye first."""
    return talk.new[0]


# Words that raise a concern, while something else than a question is open.


def test_a_name_that_sounds_like_a_cry_is_asked_about_once_and_then_taken(talk: Talk) -> None:
    naming(talk)
    talk.says("Socorro Muñoz")
    talk.sees(CALL, "Is something badly wrong right now?")
    talk.taps("No")
    talk.sees("We noted your No", "What is your phone number?")
    talk.taps("Go on without a phone")
    talk.sees("Name: Socorro Muñoz", "Do you want to send it?")


def test_a_cry_while_a_name_is_asked_for_comes_first(talk: Talk, desk: Desk) -> None:
    naming(talk)
    talk.says(CRY)
    assert first_words(talk).startswith(CALL)
    talk.taps("Yes")
    assert first_words(talk).startswith("Get emergency help now")
    assert desk.rows() == []


def test_a_cry_while_the_phone_is_asked_for_stands_above_all_else(talk: Talk) -> None:
    naming(talk)
    talk.says("Ada")
    talk.says(CRY)
    assert first_words(talk).startswith(CALL)


def test_after_a_no_the_button_to_share_the_phone_is_there_again(talk: Talk) -> None:
    naming(talk)
    talk.says("Ada")
    assert contact_buttons(talk) == ["Share my phone number"]
    talk.says(CRY)
    assert contact_buttons(talk) == [""]
    talk.taps("No")
    talk.sees("What is your phone number?")
    assert contact_buttons(talk) == ["Share my phone number"]
    talk.happens(SharedContact("447700900123", own=True))
    talk.sees("we have your number", "Phone: 07700 900123")


def test_a_contact_shared_while_a_concern_is_open_is_not_taken(talk: Talk) -> None:
    naming(talk)
    talk.says("Ada")
    talk.says(CRY)
    talk.happens(SharedContact("447700900123", own=True))
    assert first_words(talk).startswith(CALL)
    assert talk.record is not None
    assert talk.record.sharing.phone == ""


def test_a_cry_at_the_consent_leaves_it_unsent(talk: Talk, desk: Desk) -> None:
    naming(talk)
    talk.says("Ada")
    talk.taps("Go on without a phone")
    send = talk.button("Yes, send it")
    talk.says("my left calf is swollen")
    talk.taps_old(send)
    assert desk.rows() == []
    talk.taps("Yes")
    talk.sees("Please speak to a doctor today.")
    talk.taps_old(send)
    assert desk.rows() == []


def test_what_was_taken_back_meanwhile_is_not_said_to_be_sent(talk: Talk, desk: Desk) -> None:
    naming(talk)
    talk.says("Ada")
    talk.taps("Go on without a phone", "Yes, send it")
    talk.sees("It is sent")
    talk.says(CRY)
    talk.says("/withdraw")
    talk.taps(talk.labels[0])
    assert desk.rows()[0].body is None
    talk.taps("No")
    talk.sees_not("It is sent", "May we ask you")


@pytest.mark.parametrize("said", ["/pictures", "/nonsense", "/language", "/withdraw", "photo"])
def test_nothing_stands_above_what_to_do_now(talk: Talk, said: str) -> None:
    talk.says(f"/start {WORKS}")
    talk.says(CRY)
    for heading in (CALL, "Get emergency help now"):
        if said == "photo":
            talk.sends("photo")
        else:
            talk.says(said)
        if said == "/language":
            talk.taps("English")
        assert first_words(talk).startswith(heading)
        if heading == CALL:
            talk.taps("Yes")


def test_a_link_that_is_opened_during_a_concern_is_kept_and_told_below(talk: Talk) -> None:
    talk.starts()
    talk.says(CRY)
    talk.says(f"/start {WORKS}")
    assert first_words(talk).startswith(CALL)
    talk.taps("Yes")
    talk.sees("let Riverside & Sons <Physio> know", "Their phone: 01632 960123")


def test_who_has_not_agreed_and_sends_is_not_told_that_only_an_answer_is_stored(
    talk: Talk, desk: Desk
) -> None:
    talk.says(f"/start {WORKS}")
    talk.says(CRY)
    talk.taps("Yes")
    talk.sees("we store this one answer only")
    talk.taps(LET_KNOW)
    talk.says("Ada")
    talk.taps("Go on without a phone", "Yes, send it")
    assert desk.intake.kind is Kind.EMERGENCY
    talk.taps("Back to what to do now")
    talk.sees_not("we store this one answer only")


# What is stored is told.


def test_mydata_tells_the_name_and_phone_that_were_given(talk: Talk) -> None:
    naming(talk)
    talk.says("Ada {Lovelace}")
    talk.says("/mydata")
    talk.sees("Your name for a clinic: Ada {Lovelace}")
    talk.sees_not("Your phone number for a clinic")


def test_mydata_does_not_call_sent_what_the_clinic_had_deleted(talk: Talk, desk: Desk) -> None:
    naming(talk)
    talk.says("Ada")
    talk.says("07700 900123")
    talk.taps("Yes, send it")
    (row,) = desk.rows()
    talk.says("/mydata")
    talk.sees(f"{row.reference}: to Riverside", "Your phone number for a clinic: 07700 900123")
    assert desk.runner.run(desk.store.clinics.forget_intake(row.id, "operator"))
    talk.says("/mydata")
    talk.sees(f"{row.reference}: taken back or deleted.")
    talk.sees_not("to Riverside & Sons <Physio>, on")


def contact_buttons(talk: Talk) -> list[str]:
    """What the last step did to the button that shares a phone number."""
    return [one.screen.contact for one in talk.chat.new if one.screen.contact is not None]


# Everything at random.


VERBS = st.sampled_from([verb.value for verb in Verb])
ABOUT = st.sampled_from(
    ["", ":0", ":en", ":es", ":HERE", ":HERE:none", ":ASKED:yes", ":ASKED:no", ":ASKED:seen",
     ":chest:yes", ":chest:no", ":yes", ":no", ":worse", ":better", ":SENT", ":goal"]
)  # fmt: skip


class Clinics(Directory):
    """The clinics, of which some may be removed in the middle of a walk."""

    def all_there(self) -> None:
        self.hold((RIVERSIDE, CORDOBA))


def _forged(verb: str, about: str, shift: int) -> Happens:
    def happens(patient: Pure) -> Happening:
        record = patient.record
        asking = record.conversation.asking if record else ()
        sent = record.sharing.sent if record else ()
        filled = (
            about.replace("HERE", patient.state)
            .replace("ASKED", asking[0] if asking else "chest")
            .replace("SENT", sent[-1].reference if sent else "PL-7K3M-9QXH")
        )
        return Tap(f"{(record.serial if record else 0) + shift}:{verb}{filled}", on_live=True)

    return happens


def _due(kind: str) -> Happens:
    def happens(patient: Pure) -> Happening:
        later = patient.record.sharing.later if patient.record else None
        return Due(kind, later.intake if later else "")

    return happens


def _just(happening: Happening) -> Happens:
    return lambda patient: happening


EVERYTHING: st.SearchStrategy[Happens] = st.one_of(
    WITH_CLINIC,
    WITH_CLINIC,
    st.sampled_from(CRIES).map(lambda text: _just(Words(text))),
    st.sampled_from(CRIES).map(lambda text: _just(Edited(text))),
    st.sampled_from(CRIES).map(lambda text: _just(Unreadable("photo", text))),
    st.builds(_forged, VERBS, ABOUT, st.integers(-1, 1)),
    st.builds(_forged, VERBS, ABOUT, st.just(0)),
    st.sampled_from([REMINDER, FOLLOW_UP]).map(_due),
    st.booleans().map(lambda own: _just(SharedContact("447700900123", own))),
    st.sampled_from(["pictures", "language", "cancel", "restart", "withdraw", "delete"]).map(
        lambda name: _just(Command(name))
    ),
)
REMOVED = st.sampled_from([(), (), (), (RIVERSIDE,), (RIVERSIDE, CORDOBA)])


@pytest.fixture(scope="module")
def known() -> Clinics:
    return Clinics()


@pytest.fixture(scope="module")
def bot(
    machine: ConversationMachine, english: Content, setting: Setting, known: Clinics
) -> Dialogue:
    contents = {"en": english, "es": load_content("es", machine.flow)}
    return Dialogue(machine, contents, setting, known, issue, lambda: NOON)


def issue() -> Issue:
    return Issue(uuid4(), new_reference(), NOON)


STAGES: dict[str, tuple[Verb, ...]] = {
    "": (),
    "naming": (),
    "consenting": (Verb.SHARE,),
    "sent": (Verb.SHARE, Verb.SEND),
    "withdrawing": (Verb.SHARE, Verb.SEND, Verb.ASK_WITHDRAW),
    "agreed to be asked": (Verb.SHARE, Verb.SEND, Verb.FOLLOW_UP),
    "asked": (Verb.SHARE, Verb.SEND, Verb.FOLLOW_UP),
}
"""How far somebody with a result is on the way to sending and being asked later."""


def stands_at(patient: Pure, state: str, stage: str) -> list[str]:
    """Bring somebody there; the consent that they saw last."""
    patient.at(state)
    name = "" if stage == "naming" else "Ada Lovelace"
    sharing = Sharing(str(RIVERSIDE.id), name=name)
    patient.record = replace(patient.record, sharing=sharing)  # type: ignore[type-var]
    shown: list[str] = []
    for verb in STAGES[stage]:
        assert patient.record is not None
        response = patient.taps(f"{patient.record.serial}:{verb}")
        shown = consent_in(response) or shown
    assert patient.record is not None
    if stage == "asked":
        patient.record = replace(patient.record, active_at=0)
        patient.happens(_due(FOLLOW_UP)(patient))
        assert patient.record.view is View.FOLLOW_UP_DANGER
    return shown


def consent_in(response: Response) -> list[str]:
    """What is shown to be said yes to, message by message."""
    return [
        Markup(showing.screen.text).plain()
        for showing in response.showings
        if showing.screen.name == "consenting"
    ]


def is_emergency(machine: ConversationMachine, record: Record | None) -> bool:
    if record is None:
        return False
    return standing_of(machine.flow, record.conversation).outcome is Outcome.EMERGENCY


def is_reply(patient: Pure, happening: Happening) -> bool:
    """Whether this can be a reply to the concern that is asked about."""
    if isinstance(happening, Tap):
        read = read_data(happening.data)
        return read is not None and read[1].verb is Verb.REPLY
    return True  # which words are a reply is tested elsewhere


@given(
    start=st.one_of(
        st.tuples(
            st.sampled_from([WELCOME, CONSENT, "saddle", "goal", REVIEW, CLOSED]), st.just("")
        ),
        st.tuples(st.sampled_from([RESULT, EMERGENCY]), st.sampled_from([*STAGES])),
        st.tuples(st.sampled_from([RESULT, EMERGENCY]), st.sampled_from([*STAGES])),
    ),
    walk=st.lists(st.tuples(EVERYTHING, REMOVED), min_size=5, max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_whatever_happens_nothing_is_lowered_and_nothing_leaves_unseen(
    bot: Dialogue,
    known: Clinics,
    machine: ConversationMachine,
    start: tuple[str, str],
    walk: list[tuple[Happens, tuple[object, ...]]],
) -> None:
    known.all_there()
    patient = Pure(bot, machine)
    shown = stands_at(patient, *start)
    for happens, removed in walk:
        known.hold(one for one in (RIVERSIDE, CORDOBA) if one not in removed)
        happening = happens(patient)
        before, was_emergency = patient.record, is_emergency(machine, patient.record)
        response = patient.happens(happening)
        for new in response.clinical.intakes if response.clinical else ():
            intake = Intake.from_json(new.body)
            assert before is not None
            if intake.kind is Kind.FOLLOW_UP:
                assert before.view in (View.FOLLOW_UP_DANGER, View.FOLLOW_UP_HOW)
                continue
            # What was said yes to is what the patient saw last, word for word.
            assert before.view is View.CONSENTING
            assert shown
            assert intake.consent.text in "\n\n".join(shown)
            assert {line.id for line in intake.answers} == set(
                standing_of(machine.flow, before.conversation).answers
            )
            for line in intake.answers:
                assert line.answer == before.conversation.answers[line.id]
        shown = consent_in(response) or shown
        now = patient.record
        if was_emergency and not is_emergency(machine, now):
            assert before is not None
            correcting = now is not None and now.correcting is not None
            assert correcting or before.view in (View.RESTARTING, View.DELETING)
        if before is not None and before.conversation.asking and now is not None:
            dropped = set(before.conversation.asking) - set(now.conversation.asking)
            assert not dropped or is_reply(patient, happening)
    patient.happens(Command("start"))
    assert patient.live
