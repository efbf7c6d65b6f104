"""The running channel with two clinics whose staff have groups, and what they do there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from bot.assembly import Knowledge, load_knowledge
from bot.clinic.clinics import Clinic
from bot.intake.intake import Intake
from bot.settings import load_settings
from bot.signoff.lines import SignOffLines
from bot.signoff.standing import running_of
from bot.staff.words import StaffWords
from bot.store.clinic_contract import Channel, State
from bot.store.sqlite import SqliteStore
from bot.telegram import run
from tests.handover.making import clinic
from tests.telegram.conftest import ENGLISH
from tests.telegram.interview import Interview
from tests.telegram_stand_in import Group, Message, Patient, StandIn, Toast

KNOWLEDGE = load_knowledge()
WORDS = StaffWords(KNOWLEDGE.contents, "en")
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

    def start(self, knowledge: Knowledge = KNOWLEDGE) -> None:
        """Serve; with other `knowledge`, another protocol is what runs."""
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
                sign_offs=SignOffLines(self.store, knowledge, running_of(knowledge), "en"),
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

    async def spanish(self, of_staff: Patient) -> tuple[Clinic, Group]:
        """A third clinic, whose staff speak Spanish, and its group."""
        spanish = clinic("Clínica del Río", slug="rio", language="es")
        await self.store.clinics.add_clinic(spanish.stored())
        group = self.telegram.group("Equipo", of_staff)
        await group.adds_bot()
        await group.member(of_staff).sends(f"/link {await self.code(spanish)}")
        await group.member(of_staff).sees("recibe desde ahora")
        return spanish, group

    async def deeds(self, what: str) -> list[tuple[str, str]]:
        """(clinic, intake) of every such line of the audit trail."""
        trail = await self.store.clinics.trail()
        return [(one.clinic, one.intake) for one in trail if one.what == what]

    async def staff_of(self, of: Clinic) -> str | None:
        """The address of the group that is linked to a clinic."""
        stored = await self.store.clinics.clinics()
        return next(one.staff for one in stored if one.id == str(of.id))

    async def state(self, of: Intake) -> State | None:
        found = await self.store.clinics.intake(str(of.id))
        assert found is not None
        return next((d.state for d in found.deliveries if d.channel is Channel.GROUP), None)


async def soon(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.02)


def shown(group: Group) -> list[Message]:
    """What the bot has said in a group."""
    return [message for message in group.chat.messages if message.from_bot]


def nurse(telegram: StandIn, name: str = "Maria") -> Patient:
    return telegram.patient(name)


async def answer(
    member: Patient,
    label: str | None = None,
    message: Message | None = None,
    *,
    data: str | None = None,
) -> Toast:
    """What a member is answered beside a tap."""
    return await member.gets_an_answer(await member.taps(label, data=data, message=message))


def times_named(group: Group, of: Intake) -> int:
    """How many messages of the bot in a group name an intake."""
    return sum(of.reference in message.text for message in shown(group))
