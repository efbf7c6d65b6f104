"""A clinic's staff in their group on Telegram: the real channel over real sockets."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest

from bot.assembly import load_knowledge
from bot.clinic.clinics import Clinic
from bot.handover import rounds
from bot.intake.intake import Intake
from bot.settings import load_settings
from bot.signoff.lines import SignOffLines
from bot.signoff.record import SignOff, text_of
from bot.signoff.standing import running_of
from bot.staff.words import StaffWords
from bot.store.clinic_contract import Channel, State
from bot.store.sqlite import SqliteStore
from bot.telegram import run
from tests.handover.making import SECRET_WORDS, clinic, sent, withdraws
from tests.telegram.conftest import ENGLISH
from tests.telegram.interview import Interview
from tests.telegram_stand_in import Group, Message, Patient, StandIn

KNOWLEDGE = load_knowledge()
WORDS = StaffWords(KNOWLEDGE.contents, "en")
BUTTONS = ["Open", "Mark as handled"]
HOUR = 3600.0


class Clinics:
    """The running channel, two clinics, and what they see."""

    def __init__(self, telegram: StandIn, path: Path) -> None:
        self.telegram = telegram
        self.later = 0.0
        self.store = SqliteStore(path, clock=self.now)
        self.interview = Interview(self.store)
        self.riverside = clinic()
        self.hilltop = clinic("Hilltop Podiatry")
        self.stop = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        settings = load_settings(
            TELEGRAM_BOT_TOKEN=self.telegram.token, TELEGRAM_API_BASE_URL=self.telegram.url
        )
        self.stop = asyncio.Event()
        self.task = asyncio.create_task(
            run(
                settings,
                self.interview,
                self.store,
                (ENGLISH,),
                self.stop,
                staff=WORDS,
                sign_off_line=SignOffLines(self.store, KNOWLEDGE, running_of(KNOWLEDGE), "en").of,
                clock=self.now,
                long_poll=20,
                grace=2.0,
            )
        )

    def now(self) -> float:
        return time.time() + self.later

    async def until(self, of: Intake, state: State) -> None:
        """Wait until the delivery to the group is in this state."""
        async with asyncio.timeout(10):
            while await self.state(of) is not state:  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.02)

    async def end(self) -> None:
        self.stop.set()
        if self.task is not None:
            task, self.task = self.task, None
            async with asyncio.timeout(15):
                await task

    async def code(self, of: Clinic) -> str:
        return await self.store.clinics.new_staff_code(str(of.id))

    async def group(self, of: Clinic, *people: Patient) -> Group:
        """A group that is linked to a clinic."""
        group = self.telegram.group(f"Staff of {of.name}", *people)
        await group.adds_bot()
        first = group.member(people[0])
        await first.sees("sends the code")
        await first.sends(f"/link {await self.code(of)}")
        await first.sees("now gets the intakes")
        return group

    async def deeds(self, what: str) -> list[tuple[str, str]]:
        """(clinic, intake) of every such line of the audit trail."""
        trail = await self.store.clinics.trail()
        return [(one.clinic, one.intake) for one in trail if one.what == what]

    async def state(self, of: Intake) -> State | None:
        found = await self.store.clinics.intake(str(of.id))
        assert found is not None
        return next((d.state for d in found.deliveries if d.channel is Channel.GROUP), None)


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as stand_in:
        yield stand_in
        assert stand_in.breaches == []


@pytest.fixture
async def clinics(
    telegram: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Clinics]:
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    clinics = Clinics(telegram, tmp_path / "plumbline.db")
    store = clinics.store
    await store.open()
    for one in (clinics.riverside, clinics.hilltop):
        await store.clinics.add_clinic(one.stored())
    clinics.start()
    yield clinics
    await clinics.end()
    await store.close()


async def soon(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.02)


def shown(group: Group) -> list[Message]:
    """What the bot has said in a group."""
    return [message for message in group.chat.messages if message.from_bot]


def nurse(telegram: StandIn, name: str = "Maria") -> Patient:
    return telegram.patient(name)


# Linking.


async def test_a_code_links_a_group_once(clinics: Clinics, telegram: StandIn) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe")
    group = telegram.group("Staff", maria)
    await group.adds_bot()
    member = group.member(maria)
    await member.sees("/link@plumbline_test_bot CODE")
    code = await clinics.code(clinics.riverside)
    await member.sends("/link")
    await member.sees("Send the code with the command")
    await member.sends(f"/link@plumbline_test_bot {code.lower().replace('-', ' ')}")
    await member.sees("now gets the intakes of Riverside Physiotherapy")

    await member.sends(f"/link {code}")
    again = await member.sees("This group")
    assert "now gets the intakes of Riverside" in again.text  # true, and said within ten minutes

    other = telegram.group("Others", joe)
    await other.adds_bot()
    await other.member(joe).sends(f"/link {code}")
    await other.member(joe).sees("That code cannot be used")
    assert len(await clinics.deeds("staff linked")) == 1


async def test_a_group_is_told_first_whether_the_protocol_is_signed_off(
    clinics: Clinics, telegram: StandIn
) -> None:
    group = await clinics.group(clinics.riverside, nurse(telegram))
    linked = shown(group)[-1]
    assert re.match(r"⚠ The protocol that runs here \(.{14}\) is NOT signed off", linked.text)
    assert linked.marked("bold")[0] == linked.text.split("\n")[0]
    assert group.chat.pinned is None  # nobody gave the bot the right to

    running = running_of(KNOWLEDGE)
    signed = SignOff(
        date=date(2026, 11, 25),
        name="Dr Ana Ruiz",
        role="Medical director",
        clinic=str(clinics.hilltop.id),
        protocol=running.protocol,
        words=running.words,
    )
    await clinics.store.sign_offs.add(text_of(signed))
    group = await clinics.group(clinics.hilltop, nurse(telegram, "Joe"))
    assert "was signed off by Dr Ana Ruiz, Medical director" in shown(group)[-1].text
    # What is for one clinic is for that one alone.
    group = await clinics.group(clinics.riverside, nurse(telegram, "Eve"))
    assert "NOT signed off" in shown(group)[-1].text


async def test_the_first_line_is_pinned_where_the_bot_may(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = telegram.group("Staff", maria)
    await group.adds_bot()
    await group.promotes_bot(may_pin=True)
    member = group.member(maria)
    await member.sends(f"/link {await clinics.code(clinics.riverside)}")
    linked = await member.sees("now gets the intakes")
    await soon(lambda: group.chat.pinned is not None)
    assert group.chat.pinned is linked
    assert [
        call["disable_notification"] for call in telegram.calls if call.method == "pinChatMessage"
    ] == [True]


async def test_a_code_is_good_for_a_day(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = telegram.group("Staff", maria)
    await group.adds_bot()
    code = await clinics.code(clinics.riverside)
    clinics.later = 24 * HOUR + 1
    await group.member(maria).sends(f"/link {code}")
    await group.member(maria).sees("That code cannot be used")


async def test_codes_cannot_be_guessed_at_will(clinics: Clinics, telegram: StandIn) -> None:
    eve = nurse(telegram, "Eve")
    group = telegram.group("Guessing", eve)
    await group.adds_bot()
    for number in range(5):
        await group.member(eve).sends(f"/link 3467-9ACD-EFG{number}")
        await group.member(eve).sees("That code cannot be used")
    # Not even with the right one, nor from another group.
    code = await clinics.code(clinics.riverside)
    await group.member(eve).sends(f"/link {code}")
    await group.member(eve).sees("too many tries")
    second = telegram.group("Guessing on", eve)
    await second.adds_bot()
    await second.member(eve).sends(f"/link {code}")
    await second.member(eve).sees("too many tries")
    assert await clinics.deeds("staff linked") == []

    maria = nurse(telegram)
    await clinics.group(clinics.riverside, maria)


async def test_a_group_that_anybody_can_join_is_not_linked(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = telegram.group("Staff", maria)
    group.chat.username = "riverside_staff"
    await group.adds_bot()
    await group.member(maria).sends(f"/link {await clinics.code(clinics.riverside)}")
    await group.member(maria).sees("This group is public")
    assert await clinics.deeds("staff linked") == []


async def test_a_group_that_is_made_public_later_loses_its_link(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    first = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(first.reference)
    await clinics.until(first, State.DELIVERED)
    group.chat.username = "riverside_staff"
    second = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    await clinics.until(second, State.FAILED)
    await soon(lambda: second.reference not in group.chat.render())
    (stored, _) = await clinics.store.clinics.clinics()
    assert stored.staff is None
    post = next(message for message in shown(group) if first.reference in message.text)
    tap = await group.member(maria).taps("Open", message=post)
    assert (await group.member(maria).gets_an_answer(tap)).text.startswith("This does not belong")


async def test_opening_in_a_group_that_was_made_public_is_refused(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    await maria.sends("hello")
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    group.chat.username = "riverside_staff"
    await group.member(maria).taps("Open", message=post)
    await group.member(maria).sees("This group is public")
    assert SECRET_WORDS not in maria.chat.render()
    assert await clinics.deeds("opened") == []


async def test_a_group_that_is_not_linked_is_told_to_write_alone(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = telegram.group("Staff", maria)
    await group.adds_bot()
    await group.member(maria).sends("/start@plumbline_test_bot")
    await group.member(maria).sees("Please write to me privately")
    await group.member(maria).sends("/unlink")
    await group.member(maria).sees("not linked to a clinic")


async def test_unlinking_ends_it_at_once(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    first = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(first.reference)
    await group.member(maria).sends("/unlink")
    await group.member(maria).sees("no longer gets the intakes")
    tap = await group.member(maria).taps("Open", message=post)
    toast = await group.member(maria).gets_an_answer(tap)
    assert toast.text == "This does not belong to this group."
    before = len(shown(group))
    second = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    await asyncio.sleep(0.3)
    assert len(shown(group)) == before
    assert await clinics.state(second) is None


@pytest.mark.parametrize("kicked", [True, False])
async def test_when_the_bot_leaves_a_group_the_link_ends(
    clinics: Clinics, telegram: StandIn, kicked: bool
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    await group.removes_bot()
    await telegram.drained()
    (stored, _) = await clinics.store.clinics.clinics()
    assert stored.staff is None
    assert len(await clinics.deeds("staff unlinked")) == 1


async def test_what_came_meanwhile_is_posted_when_a_group_is_linked_again(
    clinics: Clinics, telegram: StandIn
) -> None:
    waiting = await sent(clinics.store, clinics.riverside)
    other = await sent(clinics.store, clinics.hilltop, patient="telegram:1:1002")
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    await group.member(maria).sees(waiting.reference, anywhere=True)
    await asyncio.sleep(0.2)
    assert other.reference not in group.chat.render()


async def test_a_new_group_takes_the_place_of_the_old_one_which_is_told(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe")
    old = await clinics.group(clinics.riverside, maria)
    open_ = await sent(clinics.store, clinics.riverside)
    done = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    post = await old.member(maria).sees(open_.reference, anywhere=True)
    handled = await old.member(maria).sees(done.reference, anywhere=True)
    await old.member(maria).taps("Mark as handled", message=handled)
    await old.member(maria).sees("Handled by")
    await clinics.until(done, State.DELIVERED)
    new = await clinics.group(clinics.riverside, joe)
    await old.member(maria).sees("no longer gets the intakes")
    await new.member(joe).sees(open_.reference, anywhere=True)
    assert done.reference not in new.chat.render()
    tap = await old.member(maria).taps("Open", message=post)
    assert (await old.member(maria).gets_an_answer(tap)).text.startswith("This does not belong")


# What is posted.


async def test_a_post_says_how_soon_first_and_no_more_than_is_needed(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="same_day")
    post = await group.member(maria).sees(made.reference)
    assert post.text.splitlines()[0] == f"SAME DAY · {made.reference}"
    assert "Age: 35 to 44" in post.text
    assert "Possible link: A nerve from the lower back" in post.text
    assert post.text.count("•") == 3
    assert post.labels == BUTTONS
    for private in (SECRET_WORDS, "Ana", "Belén", "+44", "Goal"):
        assert private not in post.text


async def test_an_emergency_says_so_in_a_word(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="emergency")
    post = await group.member(maria).sees(made.reference)
    assert post.text.startswith("EMERGENCY")
    assert "told to get emergency help now" in post.text


async def test_a_clinic_reads_in_its_own_language(clinics: Clinics, telegram: StandIn) -> None:
    spanish = clinic("Clínica del Río", slug="rio", language="es")
    await clinics.store.clinics.add_clinic(spanish.stored())
    maria = nurse(telegram)
    group = telegram.group("Equipo", maria)
    await group.adds_bot()
    await group.member(maria).sends(f"/link {await clinics.code(spanish)}")
    await group.member(maria).sees("recibe desde ahora")
    made = await sent(clinics.store, spanish, urgency="same_day")
    post = await group.member(maria).sees(made.reference)
    es = KNOWLEDGE.contents["es"]
    assert post.text.startswith(f"HOY MISMO · {made.reference}")
    assert f"Edad: {es.question('age').options['35_44'].label}" in post.text
    assert post.labels == ["Abrir", "Marcar como atendido"]


# Opening and handling.


async def test_a_member_opens_the_whole_intake_privately(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    await maria.sends("hello")
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(made.reference)
    await maria.sends("hello again")
    await maria.sees("hello again")
    tap = await group.member(maria).taps("Open")
    summary = await maria.sees(made.reference)
    assert (await group.member(maria).gets_an_answer(tap)).text.startswith("Sent to you alone")
    for told in (SECRET_WORDS, "Name: Ana <b>Belén</b>", "+447700900123", "wording 1"):
        assert told in summary.text
    assert SECRET_WORDS not in group.chat.render()
    assert await clinics.deeds("opened") == [(str(clinics.riverside.id), str(made.id))]


async def test_who_never_wrote_to_the_bot_is_led_to_it(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(made.reference)
    tap = await group.member(maria).taps("Open")
    answer = await group.member(maria).gets_an_answer(tap)
    assert answer.url is not None
    payload = answer.url.partition("?start=")[2]
    assert await clinics.deeds("opened") == []
    await maria.sends(f"/start {payload}")
    await maria.sees(SECRET_WORDS)
    assert len(await clinics.deeds("opened")) == 1

    # The same link is of no use to anybody else.
    eve = nurse(telegram, "Eve")
    await eve.sends(f"/start {payload}")
    line = await eve.sees("does not belong")
    assert SECRET_WORDS not in eve.chat.render()
    assert line.text == "This does not belong to this group."
    assert await clinics.deeds("refused") == [(str(clinics.riverside.id), str(made.id))]


async def test_marking_as_handled_says_who_and_when_and_a_second_press_changes_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe & <b>Co</b>")
    group = await clinics.group(clinics.riverside, maria, joe)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(joe).sees(made.reference)
    taps = [
        await group.member(joe).taps("Mark as handled", message=post),
        await group.member(maria).taps("Mark as handled", message=post),
        await group.member(joe).taps("Mark as handled", message=post),
    ]
    answers = [
        (await group.member(who).gets_an_answer(tap)).text
        for who, tap in zip((joe, maria, joe), taps, strict=True)
    ]
    assert answers[0] == "Marked as handled."
    assert all(answer.startswith("Joe & <b>Co</b> marked this") for answer in answers[1:])
    edited = await group.member(joe).sees("Handled by Joe & <b>Co</b>, 20")
    assert edited is post
    assert post.labels == ["Open"]
    assert await clinics.deeds("handled") == [(str(clinics.riverside.id), str(made.id))]


async def test_who_is_no_longer_a_member_can_do_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe")
    await joe.sends("hello")
    group = await clinics.group(clinics.riverside, maria, joe)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(made.reference)
    as_before = group.member(joe)
    await group.loses(joe, kicked=True)
    for label in BUTTONS:
        tap = await as_before.taps(label, message=post)
        assert (await as_before.gets_an_answer(tap)).text.startswith("Only a member")
    assert SECRET_WORDS not in joe.chat.render()
    found = await clinics.store.clinics.intake(str(made.id))
    assert found is not None
    assert found.handling is None
    assert len(await clinics.deeds("refused")) == 2


async def test_a_clinic_sees_only_its_own_whatever_it_presses(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, eve = nurse(telegram), nurse(telegram, "Eve")
    await eve.sends("hello")
    riverside = await clinics.group(clinics.riverside, maria)
    hilltop = await clinics.group(clinics.hilltop, eve)
    theirs = await sent(clinics.store, clinics.riverside, urgency="same_day")
    own = await sent(clinics.store, clinics.hilltop, patient="telegram:1:1002")
    await riverside.member(maria).sees(theirs.reference)
    post = await hilltop.member(eve).sees(own.reference)
    assert theirs.reference not in hilltop.chat.render()
    assert own.reference not in riverside.chat.render()

    forged = [
        f"staff:open:{theirs.id}",
        f"staff:handled:{theirs.id}",
        f"staff:open:{str(theirs.id).upper()}",
        f"staff:open:{theirs.reference}",
        f"staff:delete:{own.id}",
        "staff:open:",
        "staff:open:00000000-0000-0000-0000-000000000000",
        "1:agree",
        "nonsense",
    ]
    for data in forged:
        tap = await hilltop.member(eve).taps(data=data, message=post)
        answer = await hilltop.member(eve).gets_an_answer(tap)
        assert answer.text == "This does not belong to this group.", data
    await eve.sends(f"/start open_{theirs.reference}")
    await eve.sees("does not belong")
    assert SECRET_WORDS not in eve.chat.render()
    assert await clinics.deeds("opened") == []
    assert await clinics.deeds("handled") == []
    refused = await clinics.deeds("refused")
    assert len(refused) == len(forged) + 1
    assert refused.count((str(clinics.hilltop.id), str(theirs.id))) == 2


async def test_a_group_goes_on_when_telegram_gives_it_another_id(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    small = await clinics.group(clinics.riverside, maria)
    large = await small.becomes_supergroup()
    await telegram.drained()
    made = await sent(clinics.store, clinics.riverside)
    await large.member(maria).sees(made.reference)
    assert made.reference not in small.chat.render()


async def test_a_group_that_moved_unnoticed_is_followed(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    small = await clinics.group(clinics.riverside, maria)
    world = telegram.world
    large = world.new_supergroup(small.chat)
    made = await sent(clinics.store, clinics.riverside)
    await soon(lambda: any(made.reference in message.text for message in large.messages))


async def test_when_a_patient_takes_it_back_the_post_says_so_and_holds_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    await maria.sends("hello")
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="same_day")
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    await clinics.store.apply("telegram:1:1001", None, withdraws(made.id))
    await group.member(maria).sees("TAKEN BACK")
    await soon(lambda: "TAKEN BACK" in post.text)
    await soon(lambda: len([m for m in shown(group) if "TAKEN BACK" in m.text]) == 2)
    assert post.labels == []
    assert "Age" not in group.chat.render().partition(made.reference)[2]
    tap = await group.member(maria).taps("Open", message=post)
    answer = await group.member(maria).gets_an_answer(tap)
    assert answer.text == "This is no longer kept here."


async def test_what_telegram_could_not_take_is_posted_later_and_once(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    fault = telegram.faults.add(method="sendMessage", status=500, times=None)
    made = await sent(clinics.store, clinics.riverside)
    await soon(lambda: bool(fault.struck))
    fault.remove()
    clinics.later += 20
    await clinics.until(made, State.DELIVERED)
    assert sum(made.reference in message.text for message in shown(group)) == 1


@pytest.mark.parametrize("urgency", ["emergency", "same_day"])
async def test_an_urgent_intake_is_repeated_until_somebody_has_it(
    clinics: Clinics, telegram: StandIn, urgency: str
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency=urgency)
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    await asyncio.sleep(0.2)
    assert "Not handled" not in group.chat.render()

    clinics.later += 15 * 60 + 1
    first = await group.member(maria).sees("Not handled for 15 minutes")
    assert first.labels == BUTTONS
    assert first.text.startswith(post.text.splitlines()[0])
    await clinics.until(made, State.DELIVERED)
    await asyncio.sleep(0.2)
    clinics.later += 15 * 60 + 1
    second = await group.member(maria).sees("Not handled for 30 minutes")
    await soon(lambda: first.deleted)
    await clinics.until(made, State.DELIVERED)

    await group.member(maria).taps("Mark as handled", message=second)
    await group.member(maria).sees("Handled by Maria")
    await soon(lambda: second.deleted)
    await clinics.until(made, State.DELIVERED)
    clinics.later += 2 * HOUR
    await asyncio.sleep(0.3)
    assert sum(made.reference in message.text for message in shown(group)) == 1


async def test_what_can_wait_is_not_repeated(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="two_weeks")
    await clinics.until(made, State.DELIVERED)
    clinics.later += 24 * HOUR
    await asyncio.sleep(0.3)
    assert sum(made.reference in message.text for message in shown(group)) == 1


async def test_what_is_not_kept_here_is_not_shown_there(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    clinics.later += 88 * 24 * HOUR
    await asyncio.sleep(0.3)
    assert "Age" in post.text
    clinics.later += 24 * HOUR
    await soon(lambda: post.text.startswith("DELETED"))
    assert "Age" not in post.text
    assert post.labels == []


async def test_a_restart_posts_nothing_twice_and_loses_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    first = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(first.reference)
    await clinics.until(first, State.DELIVERED)
    await clinics.end()
    second = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    clinics.start()
    await group.member(maria).sees(second.reference)
    await asyncio.sleep(0.2)
    for one in (first, second):
        assert sum(one.reference in message.text for message in shown(group)) == 1
