"""What the bot writes by itself: one reminder, one question after two weeks, never at night."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.actions import Action, Verb
from bot.clinic.clinics import Clinic
from bot.clinic.directory import Directory, Readings
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.later import FOLLOW_UP, REMINDER
from bot.dialogue.shared import Setting
from bot.events import Due
from bot.intake.intake import Intake, Kind
from bot.intake.making import Issue
from bot.intake.reference import new_reference
from bot.record import View
from bot.service import Service
from bot.store.clinic_contract import Scheduled
from bot.store.sqlite import SqliteStore
from content.countries import load_countries
from content.loader import load_content
from content.models import Content
from flows.conversation import EMERGENCY, RESULT
from flows.machine import ConversationMachine
from tests.clinic.making import RIVERSIDE, WORKS
from tests.clinic.test_sharing import has_result, sends
from tests.dialogue.talk import PATIENT, Talk

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ASK = "Yes, ask me in 14 days"


class Clock:
    """The time of everything, set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Any, runner: asyncio.Runner, clock: Clock) -> Any:
    store = SqliteStore(database, clock=clock.seconds)
    runner.run(store.open())
    yield store
    runner.run(store.close())


@pytest.fixture
def service(
    machine: ConversationMachine,
    english: Content,
    setting: Setting,
    store: SqliteStore,
    runner: asyncio.Runner,
    clinics: tuple[Clinic, ...],
    clock: Clock,
) -> Service:
    for clinic in clinics:
        runner.run(store.clinics.add_clinic(clinic.stored()))
    contents = {"en": english, "es": load_content("es", machine.flow)}
    directory = Directory()
    readings = Readings(directory, store.clinics)
    runner.run(readings.read())

    def issue() -> Issue:
        return Issue(uuid4(), new_reference(), clock())

    dialogue = Dialogue(machine, contents, setting, directory, issue, clock)
    return Service(dialogue, store, clinics=readings)


class Later:
    """The worker's side: what is due, and what comes of it."""

    def __init__(
        self, store: SqliteStore, runner: asyncio.Runner, clock: Clock, talk: Talk
    ) -> None:
        self.store = store
        self.runner = runner
        self.clock = clock
        self.talk = talk

    def claims(self) -> list[Scheduled]:
        claim = self.store.clinics.claim_schedules([REMINDER, FOLLOW_UP], most=9, lease=60.0)
        return self.runner.run(claim)

    def passes(self, time: timedelta) -> None:
        """Time passes; whatever is due on the way happens, as the worker lets it."""
        until = self.clock.now + time
        while self.clock.now < until:
            self.clock.now = min(until, self.clock.now + HOUR / 4)
            self.happens()

    def happens(self) -> list[Scheduled]:
        due = self.claims()
        for one in due:
            self.talk.happens(Due(one.kind, one.subject), id=f"due:{one.id}:{one.due}")
            self.runner.run(self.store.clinics.finish_schedule(one))
        return due

    def intakes(self) -> list[Intake]:
        rows = self.runner.run(self.store.clinics.intakes())
        return [Intake.from_json(row.body) for row in reversed(rows) if row.body is not None]

    def messages(self) -> int:
        return len(self.talk.chat.messages)


@pytest.fixture
def later(store: SqliteStore, runner: asyncio.Runner, clock: Clock, talk: Talk) -> Later:
    return Later(store, runner, clock, talk)


# The reminder.


def begins(talk: Talk, *, clinic: bool = True) -> None:
    talk.says(f"/start {WORKS}" if clinic else "/start")
    talk.taps("I agree, start", "35 to 44")


def test_an_unfinished_interview_is_reminded_of_once(talk: Talk, later: Later) -> None:
    begins(talk)
    before = later.messages()
    later.passes(DAY - HOUR)
    assert later.messages() == before
    later.passes(2 * HOUR)
    assert later.messages() == before + 1
    talk.sees("You have not finished yet", "Where do you have pain", "call 999", "only reminder")
    later.passes(30 * DAY)
    assert later.messages() == before + 1
    # Its buttons are good, and the interview goes on.
    talk.taps("Ankle, heel or foot", "Done")
    talk.sees_not("older message")
    later.passes(3 * DAY)
    talk.sees_not("You have not finished")


def test_who_was_here_since_is_given_another_day(talk: Talk, later: Later) -> None:
    begins(talk)
    later.passes(20 * HOUR)  # 8 in the morning
    talk.taps("Ankle, heel or foot", "Done")
    before = later.messages()
    later.passes(23 * HOUR)
    assert later.messages() == before
    later.passes(4 * HOUR)
    assert later.messages() == before + 1


@pytest.mark.parametrize("hour", range(24))
def test_nobody_is_reminded_at_night(talk: Talk, later: Later, clock: Clock, hour: int) -> None:
    clock.now = NOON.replace(hour=hour)
    begins(talk)
    before = later.messages()
    while later.messages() == before:
        later.passes(HOUR / 4)
    assert 9 <= clock.now.hour < 21  # London in winter
    waited = clock.now - NOON.replace(hour=hour)
    assert DAY <= waited <= DAY + timedelta(hours=12, minutes=15)


def test_the_night_is_that_of_the_clinic(talk: Talk, later: Later, clock: Clock) -> None:
    clock.now = NOON.replace(hour=20, minute=30)  # half past nine in Madrid
    talk.says("/start cordoba333")
    talk.taps("Acepto, empezar" if "Acepto, empezar" in talk.labels else talk.labels[0])
    talk.taps(talk.labels[0] if "Menos" not in talk.labels[0] else talk.labels[1])
    before = later.messages()
    later.passes(DAY + 11 * HOUR)
    assert later.messages() == before
    later.passes(HOUR)
    assert later.messages() == before + 1


@pytest.mark.parametrize("what", ["finishes", "stops", "blocks", "deletes", "has not begun"])
def test_nobody_else_is_reminded(talk: Talk, later: Later, what: str) -> None:
    match what:
        case "finishes":
            has_result(talk)
        case "stops":
            begins(talk)
            talk.says("/cancel")
        case "blocks":
            begins(talk)
            talk.blocks()
        case "deletes":
            begins(talk)
            talk.says("/delete")
            talk.taps("Yes, delete all")
        case "has not begun":
            talk.says("/start")
            talk.taps("I agree, start")
    before = later.messages()
    later.passes(5 * DAY)
    assert later.messages() == before


def test_an_emergency_is_not_reminded_of(talk: Talk, later: Later) -> None:
    begins(talk)
    talk.taps("Ankle, heel or foot", "Done", "Not sure", "Done")
    assert talk.state == EMERGENCY
    before = later.messages()
    later.passes(5 * DAY)
    assert later.messages() == before


def test_a_kill_after_the_reminder_does_not_bring_it_again(
    talk: Talk, later: Later, clock: Clock
) -> None:
    begins(talk)
    clock.now += DAY + HOUR / 2
    (due,) = later.claims()
    talk.happens(Due(due.kind, due.subject), id=f"due:{due.id}:{due.due}")
    talk.sees("You have not finished")
    before = later.messages()
    clock.now += timedelta(minutes=2)  # the worker is gone, its lease is over
    assert later.happens()
    assert later.messages() == before
    assert talk.new == []
    assert not later.claims()


def test_a_clock_that_was_wrong_for_a_while_brings_one_reminder(
    talk: Talk, later: Later, clock: Clock
) -> None:
    begins(talk)
    clock.now -= 40 * DAY
    talk.taps("Ankle, heel or foot", "Done")
    clock.now += 40 * DAY
    before = later.messages()
    later.passes(10 * DAY)
    assert later.messages() == before + 1


def test_who_was_reminded_and_stops_and_goes_on_is_not_reminded_again(
    talk: Talk, later: Later
) -> None:
    begins(talk)
    later.passes(26 * HOUR)
    talk.sees("You have not finished")
    talk.says("/cancel")
    talk.taps("Go on")
    before = later.messages()
    later.passes(5 * DAY)
    assert later.messages() == before


def test_a_new_interview_is_reminded_of_again(talk: Talk, later: Later) -> None:
    begins(talk)
    later.passes(26 * HOUR)
    talk.sees("You have not finished")
    talk.says("/restart")
    talk.taps("Yes, start over", "35 to 44")
    before = later.messages()
    later.passes(26 * HOUR)
    assert later.messages() == before + 1


# The follow-up.


def agrees(talk: Talk) -> None:
    has_result(talk)
    sends(talk)
    talk.sees("May we ask you in 14 days how you are?", RIVERSIDE.name)
    talk.taps(ASK)
    talk.sees("We will ask you in 14 days")


def test_nobody_is_asked_without_a_yes(talk: Talk, later: Later) -> None:
    has_result(talk)
    sends(talk)
    before = later.messages()
    later.passes(30 * DAY)
    assert later.messages() == before


def test_who_is_in_the_middle_of_something_is_asked_an_hour_later(talk: Talk, later: Later) -> None:
    agrees(talk)
    later.passes(14 * DAY - HOUR / 4)
    talk.says("/help")
    before = later.messages()
    later.passes(HOUR / 2)
    assert later.messages() == before
    later.passes(2 * HOUR)
    assert later.messages() == before + 1


def test_where_nothing_is_kept_for_so_long_nobody_is_offered_it(
    talk: Talk,
    machine: ConversationMachine,
    english: Content,
    store: SqliteStore,
    runner: asyncio.Runner,
) -> None:
    directory = Directory()
    readings = Readings(directory, store.clinics)
    runner.run(readings.read())
    brief = Setting("en", load_countries().of("GB"), 14)
    dialogue = Dialogue(machine, {"en": english}, brief, directory)
    talk.is_served_by(Service(dialogue, store, clinics=readings), machine)
    has_result(talk)
    sends(talk)
    talk.sees("Your number is")
    talk.sees_not("14 days")
    assert ASK not in talk.labels
    talk.forges(Action(Verb.FOLLOW_UP))
    assert talk.record is not None
    assert talk.record.sharing.later is None


def test_who_takes_the_yes_back_is_not_asked(talk: Talk, later: Later) -> None:
    agrees(talk)
    talk.taps("No, do not ask me")
    talk.sees("We will not ask you")
    before = later.messages()
    later.passes(30 * DAY)
    assert later.messages() == before


def test_after_two_weeks_the_emergency_list_comes_first(talk: Talk, later: Later) -> None:
    agrees(talk)
    before = later.messages()
    later.passes(14 * DAY - HOUR)
    assert later.messages() == before
    later.passes(2 * HOUR)
    assert later.messages() == before + 1
    first = later.intakes()[0]
    talk.sees(f"Two weeks ago you sent {first.reference} to {RIVERSIDE.name}")
    for sign in ("where you sit", "urine or stool", "both legs", "goes weak", "Chest pain"):
        talk.sees(sign)
    assert talk.labels[:3] == ["Yes, at least one", "Not sure", "No, none of these"]
    talk.taps("No, none of these")
    talk.sees("How is it now, compared with two weeks ago?")
    assert talk.labels[:3] == ["Better", "About the same", "Worse"]
    talk.taps("Worse")
    talk.sees("gets your answer", "Please do not just wait")

    told = later.intakes()[1]
    assert told.kind is Kind.FOLLOW_UP
    assert (told.follows, told.clinic) == (first.reference, RIVERSIDE.id)
    assert [(one.id, one.code) for one in told.follow_up] == [("danger", "no"), ("how", "worse")]
    assert told.urgency == ""
    assert told.person == first.person
    assert "May we ask you in 14 days" in told.consent.text
    before = later.messages()
    later.passes(60 * DAY)
    assert later.messages() == before
    assert len(later.intakes()) == 2


@pytest.mark.parametrize("label", ["Yes, at least one", "Not sure"])
def test_a_sign_of_an_emergency_stops_it_at_once(talk: Talk, later: Later, label: str) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    talk.taps(label)
    talk.sees("Get emergency help now", "Call 999 now")
    told = later.intakes()[1]
    assert told.urgency == "emergency"
    assert [one.id for one in told.follow_up] == ["danger"]
    row = later.runner.run(later.store.clinics.intakes())[0]
    assert row.deliveries


@pytest.mark.parametrize("typed", ["yes", "not sure", "1", "2"])
def test_it_can_be_typed(talk: Talk, later: Later, typed: str) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    talk.says("it is raining")
    talk.sees("do you have any of these now")
    talk.says(typed)
    talk.sees("Get emergency help now")


def test_nobody_is_asked_at_night(talk: Talk, later: Later, clock: Clock) -> None:
    clock.now = NOON.replace(hour=23)
    agrees(talk)
    before = later.messages()
    later.passes(14 * DAY + 9 * HOUR)
    assert later.messages() == before
    later.passes(HOUR + HOUR / 2)
    assert later.messages() == before + 1


def test_what_was_taken_back_is_not_asked_about(talk: Talk, later: Later) -> None:
    agrees(talk)
    talk.says("/withdraw")
    talk.taps(f"Take back {later.intakes()[0].reference}")
    before = later.messages()
    later.passes(30 * DAY)
    assert later.messages() == before


def test_what_is_taken_back_while_it_is_asked_about_leads_nowhere(talk: Talk, later: Later) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    old = talk.button("No, none of these")
    talk.says("/withdraw")
    talk.taps(f"Take back {later.intakes()[0].reference}")
    talk.taps_old(old)
    talk.sees("older message")
    for action in (Action(Verb.DANGER, ("yes",)), Action(Verb.HOW, ("worse",))):
        talk.forges(action)
    assert later.intakes() == []


def test_forged_answers_and_those_out_of_order_change_nothing(talk: Talk, later: Later) -> None:
    agrees(talk)
    for action in (
        Action(Verb.DANGER, ("no",)),
        Action(Verb.HOW, ("better",)),
        Action(Verb.LEAVE_FOLLOW_UP),
    ):
        talk.forges(action)
    later.passes(14 * DAY + HOUR)
    for action in (
        Action(Verb.HOW, ("better",)),
        Action(Verb.DANGER, ("nonsense",)),
        Action(Verb.DANGER),
        Action(Verb.FOLLOW_UP),
    ):
        talk.forges(action)
        assert talk.record is not None
        assert talk.record.view is View.FOLLOW_UP_DANGER
    assert len(later.intakes()) == 1


def test_who_would_rather_not_say_is_left_alone(talk: Talk, later: Later) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    talk.taps("I would rather not say")
    talk.sees("We do not ask again")
    assert talk.state == RESULT
    before = later.messages()
    later.passes(30 * DAY)
    assert later.messages() == before
    assert len(later.intakes()) == 1


def test_where_the_clinic_is_gone_the_advice_is_still_given(
    talk: Talk, later: Later, store: SqliteStore, runner: asyncio.Runner, service: Service
) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    runner.run(store.clinics.remove_clinic(str(RIVERSIDE.id)))
    talk.taps("Not sure")
    talk.sees("Get emergency help now")
    assert [one.kind for one in later.intakes()] == [Kind.INTAKE]


def test_both_survive_a_restart(
    talk: Talk, later: Later, store: SqliteStore, runner: asyncio.Runner
) -> None:
    agrees(talk)
    runner.run(store.close())
    runner.run(store.open())
    before = later.messages()
    later.passes(14 * DAY + HOUR)
    assert later.messages() == before + 1


def test_another_sent_later_is_asked_about_in_its_place(talk: Talk, later: Later) -> None:
    agrees(talk)
    later.passes(7 * DAY)
    talk.says("/start")
    talk.taps("Change an answer", "What you want to do again")
    talk.says("to run")
    talk.taps("See my result")
    talk.taps("Send new answers to Riverside & Sons <Physio>")
    talk.taps("Yes, send it")
    talk.taps(ASK)
    before = later.messages()
    later.passes(10 * DAY)
    assert later.messages() == before
    later.passes(5 * DAY)
    assert later.messages() == before + 1
    talk.sees(later.intakes()[1].reference)


def test_nothing_of_it_is_lost_from_mydata_and_delete(talk: Talk, later: Later) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    talk.taps("No, none of these", "Better")
    told = later.intakes()[1]
    talk.says("/mydata")
    talk.sees(told.reference)
    talk.says("/delete")
    talk.taps("Yes, delete all")
    assert later.intakes() == []
    assert later.runner.run(later.store.clinics.intakes_of(PATIENT)) == []


@pytest.mark.parametrize("view", ["danger", "how"])
def test_an_emergency_that_is_typed_there_is_heard_first(
    talk: Talk, later: Later, view: str
) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    if view == "how":
        talk.taps("No, none of these")
    talk.says("I can't feel when I wipe and I can't pee")
    talk.sees("If this is happening now, call 999 now")
    talk.taps("No", "No")
    # Only then does the follow-up go on.
    if view == "danger":
        talk.sees("do you have any of these now")
        talk.taps("No, none of these")
    talk.sees("How is it now")
    talk.taps("Better")
    assert [one.follow_up[1].code for one in later.intakes()[1:]] == ["better"]


def test_a_question_that_was_left_waits_for_its_answer(talk: Talk, later: Later) -> None:
    agrees(talk)
    later.passes(14 * DAY + HOUR)
    talk.says("/start")
    talk.sees("do you have any of these now")
    talk.taps("No, none of these", "Better")
    talk.says("/start")
    talk.sees_not("do you have any of these now")
