"""A patient and the clinic they came from: what it gets, only after a yes, and what it gives back."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.actions import Action, Verb
from bot.dialogue.sharing import MOST_A_DAY
from bot.events import SharedContact
from bot.intake.intake import Intake, Kind
from bot.record import View
from bot.store.clinic_contract import Channel, State, StoredIntake, Task
from bot.store.contract import Effect
from bot.store.sqlite import SqliteStore
from flows.assessment import assess
from flows.conversation import EMERGENCY, RESULT, WELCOME, standing_of
from flows.machine import ConversationMachine
from tests.clinic.making import CORDOBA, OVER, RIVERSIDE, WORKS
from tests.dialogue.sheets import EVERYTHING, FOOT
from tests.dialogue.talk import Talk

SEND = "Send to Riverside & Sons <Physio>"
LET_KNOW = "Let Riverside & Sons <Physio> know"
BEN = "test:2"


class Desk:
    """What the clinics have: the store, seen from their side."""

    def __init__(self, store: SqliteStore, runner: asyncio.Runner) -> None:
        self.store = store
        self.runner = runner

    def rows(self) -> list[StoredIntake]:
        return list(reversed(self.runner.run(self.store.clinics.intakes())))

    def intakes(self) -> list[Intake]:
        return [Intake.from_json(row.body) for row in self.rows() if row.body is not None]

    @property
    def intake(self) -> Intake:
        (intake,) = self.intakes()
        return intake

    def claims(self) -> list[Any]:
        claim = self.store.clinics.claim_deliveries(tuple(Channel), most=9, lease=60.0)
        return self.runner.run(claim)

    def receives_all(self) -> list[Any]:
        claimed = self.claims()
        for one in claimed:
            assert self.runner.run(self.store.clinics.delivered(one))
        return claimed

    def removes(self, clinic: str = str(RIVERSIDE.id)) -> None:
        self.runner.run(self.store.clinics.remove_clinic(clinic))


@pytest.fixture
def desk(store: SqliteStore, runner: asyncio.Runner) -> Desk:
    return Desk(store, runner)


def has_result(talk: Talk, sheet: dict[str, Any] = FOOT, goal: str = "") -> None:
    """Come from the clinic's link and go all the way to the result."""
    talk.stands_at("goal", sheet)
    talk.says(f"/start {WORKS}")
    if goal:
        talk.says(goal)
    else:
        talk.taps("Skip")
    talk.taps("See my result")
    assert talk.state == RESULT


def sends(talk: Talk, name: str = "Ada Lovelace", phone: str = "07700 900123") -> None:
    talk.taps(SEND)
    talk.says(name)
    if phone:
        talk.says(phone)
    else:
        talk.taps("Go on without a phone")
    talk.taps("Yes, send it")


# Coming from a link.


def test_the_clinic_of_the_link_is_named_on_the_welcome(talk: Talk) -> None:
    talk.says(f"/start {WORKS}")
    talk.sees("This is Plumbline", "You came here from Riverside & Sons <Physio>.", "call 999")


def test_somebody_without_a_clinic_sees_nothing_of_one(talk: Talk) -> None:
    talk.stands_at("goal", FOOT)
    talk.taps("Skip", "See my result")
    talk.sees_not("Riverside", "Send to")
    assert not [label for label in talk.labels if "Send" in label]
    assert talk.record is not None
    assert talk.record.to_json()["sharing"] is None


def test_language_and_country_are_those_of_the_clinic(talk: Talk) -> None:
    talk.hint = "en"
    talk.says("/start cordoba333")
    talk.sees("Hola. Esto es Plumbline.", "Clínica Córdoba", "llame al 112")


def test_who_has_begun_keeps_their_language(talk: Talk) -> None:
    talk.starts()
    talk.taps("18 to 34")
    talk.says("/start cordoba333")
    talk.sees("You came here from Clínica Córdoba.", "Where do you have pain")
    assert talk.record is not None
    assert talk.record.language == "en"


@pytest.mark.parametrize("code", ["nonsense", "x" * 600, "<b>", "РИВЕР", WORKS.upper(), "'; --"])
def test_an_unknown_code_leads_to_the_bot_without_a_clinic(talk: Talk, code: str) -> None:
    talk.says(f"/start {code}")
    talk.sees("We do not know the clinic in that link.", "This is Plumbline")
    talk.sees_not("You came here from")


def test_a_code_that_is_over_says_so(talk: Talk) -> None:
    talk.says(f"/start {OVER}")
    talk.sees("That link is no longer in use.", "This is Plumbline")


def test_the_link_of_a_removed_clinic_says_so(talk: Talk, desk: Desk) -> None:
    desk.removes()
    talk.says("/start nonsense")  # the bot hears of it
    talk.says(f"/start {WORKS}")
    talk.sees("does not take answers from us any more", "This is Plumbline")


def test_a_wrong_code_does_not_take_a_clinic_away(talk: Talk) -> None:
    talk.says(f"/start {WORKS}")
    talk.says("/start nonsense")
    talk.sees("You came here from Riverside")


def test_a_clinic_added_a_moment_ago_is_known(
    talk: Talk, store: SqliteStore, runner: asyncio.Runner
) -> None:
    talk.says("/start hilltop444")
    talk.sees("We do not know the clinic")
    hilltop = CORDOBA.model_dump() | {
        "id": "33333333-3333-4333-8333-333333333333",
        "slug": "hilltop",
        "name": "Hilltop",
        "codes": [{"code": "hilltop444"}],
    }
    runner.run(store.clinics.add_clinic(type(CORDOBA).model_validate(hilltop).stored()))
    talk.says("/start hilltop444")
    talk.sees("Hilltop")


# What to do says how to reach it.


def test_the_result_says_how_to_reach_the_clinic(talk: Talk) -> None:
    has_result(talk)
    talk.sees("Riverside & Sons <Physio>\nPhone: 01632 960123\nOpen: Mon to Fri, 8 to 18")
    book = talk.button("Book a visit")
    assert book.url == RIVERSIDE.booking_url
    talk.says("book a visit")
    talk.sees("https://riverside.example/book")


def test_at_an_emergency_the_clinic_comes_last(talk: Talk) -> None:
    talk.stands_at("weakness", EVERYTHING)
    talk.says(f"/start {WORKS}")
    talk.gives("weakness", "hours")
    assert talk.state == EMERGENCY
    text = talk.new[0]
    assert text.index("999") < text.index("Riverside")
    assert text.rstrip().endswith("Their phone: 01632 960123")
    assert "Book a visit" not in talk.labels
    assert LET_KNOW in talk.labels


# Sending.


def test_a_patient_sends_what_they_saw_and_nothing_else(
    talk: Talk, desk: Desk, machine: ConversationMachine
) -> None:
    has_result(talk, goal="to dance in the old barn")
    talk.taps(SEND)
    talk.sees("What is your name?", "Nothing is sent yet.")
    talk.says("  Ada   Lovelace ")
    talk.sees("What is your phone number?", "You can leave it out.")
    talk.says("07700 900123")
    talk.sees(
        "This is what Riverside & Sons <Physio> gets",
        "Name: Ada Lovelace",
        "Phone: 07700 900123",
        "to dance in the old barn",
        "Do you want to send it?",
    )
    shown = "\n\n".join(talk.new[1:])
    assert desk.rows() == []
    talk.taps("Yes, send it")
    intake = desk.intake
    talk.sees("It is sent", f"Your number is {intake.reference}.", "do not wait", "999")

    assert (intake.person.name, intake.person.phone) == ("Ada Lovelace", "+447700900123")
    assert (intake.kind, intake.clinic) == (Kind.INTAKE, RIVERSIDE.id)
    assert intake.consent.version == "1"
    assert intake.consent.text == shown
    for line in intake.answers:
        assert f"{line.topic}: {line.said}" in shown
    record = talk.record
    assert record is not None
    standing = standing_of(machine.flow, record.conversation)
    assert {line.id: line.answer for line in intake.answers} == dict(standing.answers)
    assessment = assess(machine.flow, standing)
    assert intake.findings is not None
    assert intake.urgency == assessment.urgency
    assert {rule.id for rule in intake.findings.rules} == set(assessment.rules)
    assert [(one.id, one.points) for one in intake.findings.pathways] == [
        (one.pathway, one.points) for one in assessment.pathways
    ]
    for found in intake.findings.pathways:
        assert sum(reason.points for reason in found.reasons) == found.points
    assert len(intake.advised) == 3
    assert intake.advised[0].startswith("Start with self-care")


def test_it_is_queued_for_the_clinics_channels(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    (row,) = desk.rows()
    assert [(one.channel, one.state) for one in row.deliveries] == [(Channel.WEBHOOK, State.QUEUED)]
    (claimed,) = desk.receives_all()
    assert claimed.body == desk.intake.to_json()


def test_the_phone_can_be_left_out(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk, phone="")
    assert desk.intake.person.phone is None
    assert "Phone: none" in desk.intake.consent.text


def test_a_no_sends_nothing_and_forgets_the_name(talk: Talk, desk: Desk, database: Path) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone", "No, send nothing")
    assert talk.notice == "That is fine. Nothing was sent."
    assert desk.rows() == []
    assert talk.record is not None
    assert talk.record.sharing.name == ""
    assert SEND in talk.labels  # and can be sent later


@pytest.mark.parametrize("said", ["no", "No, send nothing", "/start", "/cancel", "/language"])
def test_nothing_but_a_yes_sends(talk: Talk, desk: Desk, said: str) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone")
    talk.says(said)
    assert desk.rows() == []


def test_a_typed_yes_sends(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.says("skip")
    talk.says("yes")
    assert desk.intake.person.name == "Ada Lovelace"


def test_one_step_back_at_a_time(talk: Talk) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone")
    talk.says("/back")
    talk.sees("What is your phone number?")
    talk.taps("Go back")
    talk.sees("What is your name?")
    talk.taps("Go back")
    assert talk.screen.name == "result"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("12345", "does not look like a name"),
        ("...", "does not look like a name"),
        ("x" * 81, "at most 80 letters"),
        ("ا" * 200, "at most 80 letters"),
    ],
)
def test_what_is_no_name_is_asked_again(talk: Talk, desk: Desk, name: str, why: str) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says(name)
    talk.sees(why, "What is your name?")
    assert desk.rows() == []


@pytest.mark.parametrize(
    "name",
    ["<b>Bob</b>", "Zoë O'Brien-Núñez", "محمد علي", "Ada & Co", "{name}", "李小龍", "-- DROP"],
)
def test_any_name_with_letters_is_kept_as_it_is(talk: Talk, desk: Desk, name: str) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says(name)
    talk.taps("Go on without a phone")
    if "{" not in name:
        talk.sees(f"Name: {name}")
    talk.taps("Yes, send it")
    assert desk.intake.person.name == name


@pytest.mark.parametrize(
    "phone", ["12345", "abc", "999", "07700 900123 07700 900124", "+", "1" * 90]
)
def test_what_is_no_phone_number_is_asked_again(talk: Talk, desk: Desk, phone: str) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.says(phone)
    talk.sees("We could not read that as a phone number.", "like this: 07400 123456")
    assert talk.record is not None
    assert talk.record.view is View.PHONING


def test_a_shared_contact_is_taken_only_if_it_is_their_own(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    assert [message.screen.contact for message in talk.chat.new] == ["Share my phone number", None]
    talk.happens(SharedContact("447700900999", own=False))
    talk.sees("That is somebody else's number.")
    talk.happens(SharedContact("447700900123", own=True))
    assert talk.chat.new[0].screen.contact == ""  # its button is taken away again
    talk.taps("Yes, send it")
    assert desk.intake.person.phone == "+447700900123"


@pytest.mark.parametrize("said", ["/start", "/cancel", "no", "/back", "/delete", "/language"])
def test_the_button_that_shares_a_contact_never_stays_behind(talk: Talk, said: str) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.says("12")
    assert not [one for one in talk.chat.new if one.screen.contact is not None]  # it is there
    talk.says(said)
    assert [one.screen.contact for one in talk.chat.new if one.screen.contact is not None] == [""]
    talk.says("/help")
    assert not [one for one in talk.chat.new if one.screen.contact is not None]


def test_a_contact_that_nobody_asked_for_is_no_answer(talk: Talk) -> None:
    talk.starts()
    talk.happens(SharedContact("447700900123", own=True))
    talk.sees("we can only read taps and typed words", "How old are you?")
    assert talk.answers == {}


def test_a_double_tap_on_yes_sends_once(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone")
    yes = talk.button("Yes, send it")
    talk.taps("Yes, send it")
    talk.taps_data(yes.data)
    assert len(desk.rows()) == 1
    assert talk.notice is None


def test_an_event_that_comes_twice_sends_once(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone")
    talk.says("yes", id="e1")
    talk.says("yes", id="e1")
    assert len(desk.rows()) == 1


@pytest.mark.parametrize(
    "action",
    [
        Action(Verb.SEND),
        Action(Verb.KEEP_PRIVATE),
        Action(Verb.SKIP_PHONE),
        Action(Verb.CHANGE_PERSON),
        Action(Verb.WITHDRAW, ("PL-3FD6-KXFC",)),
    ],
)
def test_a_forged_button_sends_and_takes_back_nothing(
    talk: Talk, desk: Desk, action: Action
) -> None:
    has_result(talk)
    talk.forges(action)
    assert desk.rows() == []
    assert talk.state == RESULT


@pytest.mark.parametrize("verb", [Verb.SHARE, Verb.SEND, Verb.BOOK, Verb.ASK_WITHDRAW])
def test_without_a_clinic_no_button_sends(talk: Talk, desk: Desk, verb: Verb) -> None:
    talk.stands_at("goal", FOOT)
    talk.taps("Skip", "See my result")
    talk.forges(Action(verb))
    assert desk.rows() == []
    assert talk.screen.name == "result"


def test_before_the_result_nothing_can_be_sent(talk: Talk, desk: Desk) -> None:
    talk.stands_at("goal", FOOT)
    talk.says(f"/start {WORKS}")
    talk.forges(Action(Verb.SHARE))
    assert talk.record is not None
    assert talk.record.view is None


def test_a_clinic_removed_before_the_yes_gets_nothing(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone")
    desk.removes()
    talk.taps("Yes, send it")
    talk.sees("This clinic does not take answers from us any more. Nothing was sent.")
    assert desk.rows() == []
    assert SEND not in talk.labels


def test_a_clinic_removed_on_the_way_is_not_sent_to(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    talk.taps(SEND)
    desk.removes()
    talk.another(BEN).says("/start nonsense")  # the bot hears of it
    talk.says("Ada Lovelace")
    talk.sees("This clinic does not take answers from us any more. Nothing was sent.")
    assert talk.record is not None
    assert talk.record.sharing.name == ""
    assert SEND not in talk.labels


def test_a_reference_that_is_taken_is_made_anew(
    talk: Talk, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = iter(["PL-AAAA-AAAA", "PL-AAAA-AAAA", "PL-AAAA-CCCC"])
    monkeypatch.setattr("bot.dialogue.shared.new_reference", lambda: next(references))
    has_result(talk)
    sends(talk)
    ben = talk.another(BEN)
    has_result(ben)
    sends(ben, name="Ben")
    assert [one.reference for one in desk.intakes()] == ["PL-AAAA-AAAA", "PL-AAAA-CCCC"]


def test_what_a_clinic_reads_is_in_its_language(talk: Talk, desk: Desk) -> None:
    talk.stands_at("goal", FOOT)
    talk.says("/start cordoba333")
    talk.taps("Skip", "See my result", "Send to Clínica Córdoba")
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone", "Yes, send it")
    intake = desk.intake
    assert (intake.language, intake.patient_language) == ("es", "en")
    assert intake.answers[0].topic != "Age"
    assert intake.consent.text.startswith("This is what Clínica Córdoba gets")


def test_a_yes_counts_only_for_the_text_that_was_shown(
    talk: Talk, desk: Desk, runner: asyncio.Runner, store: SqliteStore
) -> None:
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone")
    old = talk.button("Yes, send it")
    renamed = RIVERSIDE.model_copy(update={"name": "Other Clinic"}).stored()
    runner.run(store.clinics.change_clinic(str(RIVERSIDE.id), lambda before: renamed))
    talk.another(BEN).says("/start nonsense")  # the bot hears of it
    talk.taps("Yes, send it")
    talk.sees("This is what Other Clinic gets", "Do you want to send it?")
    talk.taps_data(old.data)  # the second tap of a double tap
    assert desk.rows() == []
    talk.taps("Yes, send it")
    assert desk.intake.consent.text.startswith("This is what Other Clinic gets")


def test_a_clinic_is_not_flooded(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    for number in range(MOST_A_DAY):
        talk.says("/start")
        talk.taps("Change an answer", "What you want to do again")
        talk.says(f"to run {number} miles")
        talk.taps("See my result", "Send new answers to Riverside & Sons <Physio>", "Yes, send it")
    talk.sees("You have sent a lot today.", "999")
    assert len(desk.rows()) == MOST_A_DAY


# At an emergency.


def test_an_emergency_is_sent_without_ever_standing_before_what_to_do(
    talk: Talk, desk: Desk
) -> None:
    talk.stands_at("weakness", EVERYTHING)
    talk.says(f"/start {WORKS}")
    talk.gives("weakness", "hours")
    talk.taps(LET_KNOW)
    assert talk.new[-1].startswith("If what you told us is so, call 999 now.")
    talk.says("Ada Lovelace")
    assert talk.new[-1].startswith("If what you told us is so, call 999 now.")
    talk.taps("Go on without a phone")
    assert talk.new[1].startswith("If what you told us is so, call 999 now.")
    talk.taps("Yes, send it")
    assert talk.new[0].startswith("If what you told us is so, call 999 now.")
    talk.taps("Back to what to do now")
    assert talk.screen.name == "emergency"
    assert LET_KNOW not in talk.labels
    intake = desk.intake
    assert (intake.kind, intake.urgency) == (Kind.EMERGENCY, "emergency")
    assert intake.findings is not None
    assert intake.findings.link.code == "not_assessed"
    assert intake.findings.rules
    assert "999" in intake.advised[0]


def test_emergencies_are_delivered_first(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    ben = talk.another(BEN)
    ben.stands_at("weakness", EVERYTHING)
    ben.says(f"/start {WORKS}")
    ben.gives("weakness", "hours")
    ben.taps(LET_KNOW)
    ben.says("Ben")
    ben.taps("Go on without a phone", "Yes, send it")
    assert [one.body["person"]["name"] for one in desk.claims()] == ["Ben", "Ada Lovelace"]


# Changed answers.


def test_what_was_sent_is_not_offered_again(talk: Talk) -> None:
    has_result(talk)
    sends(talk)
    talk.taps("Back to my result")
    talk.sees("You sent this to Riverside & Sons <Physio>. Your number: PL-")
    assert SEND not in talk.labels
    talk.forges(Action(Verb.SHARE))
    assert talk.screen.name == "result"


def test_changed_answers_can_be_sent_as_a_new_intake_that_says_what_it_replaces(
    talk: Talk, desk: Desk
) -> None:
    has_result(talk)
    sends(talk)
    first = desk.intake
    talk.taps("Back to my result", "Change an answer", "What you want to do again")
    talk.says("to run")
    talk.taps("See my result")
    talk.sees(
        f"are not the same as those you sent to Riverside & Sons <Physio> ({first.reference})"
    )
    talk.taps("Send new answers to Riverside & Sons <Physio>")
    talk.sees("Ada Lovelace", f"It takes the place of what you sent before, {first.reference}.")
    talk.taps("Yes, send it")
    before, after = desk.intakes()
    assert before == first  # a snapshot is a snapshot
    assert after.replaces == first.reference
    assert after.answer("goal").said == "to run"  # type: ignore[union-attr]


def test_another_clinic_gets_it_as_new(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    talk.says("/start cordoba333")
    talk.taps("Send to Clínica Córdoba", "Yes, send it")
    assert [(one.clinic, one.replaces) for one in desk.intakes()] == [
        (RIVERSIDE.id, None),
        (CORDOBA.id, None),
    ]


# Taking back.


def test_what_was_sent_can_be_taken_back(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    desk.receives_all()
    reference = desk.intake.reference
    talk.says("/withdraw")
    talk.sees("Take it back?", reference, "This cannot be undone.")
    talk.taps(f"Take back {reference}")
    talk.sees(f"You have taken back {reference}.", "is told")
    assert desk.intakes() == []
    (withdrawal,) = desk.receives_all()
    assert (withdrawal.task, withdrawal.reference) == (Task.WITHDRAWAL, reference)
    assert SEND in talk.labels
    assert talk.record is not None
    assert talk.record.sharing.name == ""


def test_taking_back_can_be_thought_over(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    talk.taps("Take back what I sent", "No, leave it there")
    assert len(desk.intakes()) == 1


def test_who_sent_nothing_has_nothing_to_take_back(talk: Talk) -> None:
    talk.starts()
    talk.says("/withdraw")
    talk.sees("You have sent nothing to a clinic.", "How old are you?")


def test_one_of_two_is_taken_back(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    talk.says("/start cordoba333")
    talk.taps("Send to Clínica Córdoba", "Yes, send it")
    first, second = desk.intakes()
    talk.says("/withdraw")
    talk.taps(f"Take back {first.reference}")
    assert desk.intakes() == [second]
    talk.taps(f"Take back {second.reference}")
    assert desk.intakes() == []


def test_nobody_takes_back_what_another_sent(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    theirs = desk.intake.reference
    ben = talk.another(BEN)
    has_result(ben)
    sends(ben, name="Ben")
    ben.says("/withdraw")
    ben.forges(Action(Verb.WITHDRAW, (theirs,)))
    assert len(desk.intakes()) == 2


def test_deleting_everything_takes_back_what_was_sent(talk: Talk, desk: Desk) -> None:
    has_result(talk, goal="to dance in the old barn")
    sends(talk)
    desk.receives_all()
    talk.says("/delete")
    talk.sees("What you sent to a clinic is taken back as well, and the clinic is told.")
    talk.taps("Yes, delete all")
    assert desk.intakes() == []
    (withdrawal,) = desk.receives_all()
    assert withdrawal.task is Task.WITHDRAWAL


def test_after_deleting_nothing_of_the_patient_is_in_the_file(
    talk: Talk, desk: Desk, database: Path, runner: asyncio.Runner, store: SqliteStore
) -> None:
    has_result(talk, goal="to dance in the old barn")
    sends(talk, name="Ada Lovelace")
    sealed = runner.run(store.clinics.intakes())[0].id
    talk.says("/delete")
    talk.taps("Yes, delete all")
    runner.run(store.close())
    raw = b"".join(path.read_bytes() for path in database.parent.iterdir())
    for words in ("old barn", "Lovelace", "7700900123", store_key(store)):
        assert words.encode() not in raw
    assert sealed.encode() in raw  # that there was one is told to the clinic
    runner.run(store.open())


def store_key(store: SqliteStore) -> str:
    """The patient key, from the index secret that the closed store still holds."""
    assert store._sealer is not None
    return store._sealer.key_for("test:1")


# Everything that is stored.


def test_mydata_has_what_was_sent(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    intake = desk.intake
    talk.says("/mydata")
    talk.sees("What you sent to a clinic", f"{intake.reference}: to Riverside & Sons <Physio>")
    file = next(message.screen.attachment for message in talk.chat.new if message.screen.attachment)
    stored = json.loads(file.content)
    assert stored["intakes"] == [intake.to_json()]
    assert stored["sharing"]["name"] == "Ada Lovelace"


def test_mydata_of_what_the_operator_forgot(
    talk: Talk, desk: Desk, runner: asyncio.Runner, store: SqliteStore
) -> None:
    has_result(talk)
    sends(talk)
    runner.run(store.clinics.forget_intake(str(desk.intake.id), "operator"))
    talk.says("/mydata")
    talk.sees("What you sent to a clinic")


# What was stored before.


def test_a_record_from_before_clinics_is_read(
    talk: Talk, runner: asyncio.Runner, store: SqliteStore
) -> None:
    talk.stands_at("goal", FOOT)
    record = talk.record
    assert record is not None
    body = record.to_json()
    del body["sharing"]
    runner.run(store.apply("test:1", None, lambda held, again: Effect(body)))
    talk.says(f"/start {WORKS}")
    talk.taps("Skip", "See my result")
    assert SEND in talk.labels


def test_a_welcome_from_a_clinic_stores_no_answer(talk: Talk) -> None:
    talk.says(f"/start {WORKS}")
    assert talk.state == WELCOME
    talk.taps("Read about my data")
    talk.sees("Your name and phone number only if you give them for a clinic, and what you sent")
    talk.taps("Not now")
    assert talk.record is None


def test_every_reference_in_the_chat_is_one_the_clinic_has(talk: Talk, desk: Desk) -> None:
    has_result(talk)
    sends(talk)
    shown = set(re.findall(r"PL-\w{4}-\w{4}", "\n".join(talk.new)))
    assert shown == {desk.intake.reference}
