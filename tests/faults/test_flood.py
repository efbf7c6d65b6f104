"""One patient sends a thousand messages in a second: they get a few screens, the others theirs."""

from __future__ import annotations

import asyncio
import logging
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from bot.telegram.addresses import address_of
from tests.benchmark.script import SHEETS, Deed
from tests.faults.crowd import Member, each_answer_counts_once, settled
from tests.faults.databases import Database
from tests.faults.running import Program, free_port, running
from tests.telegram_stand_in import Patient, StandIn

log = logging.getLogger(__name__)

PEOPLE = 8
MESSAGES = 1_000

FEW = 6
"""Screens that the one who floods may get: one for each message until it is a flood, then one."""

ANSWERS_IN = 0.05
"""Seconds that Telegram takes for a call in the chat that is flooded; it is never quicker."""

MEMORY = 30.0
"""Megabytes that a flood may cost."""


@dataclass(eq=False)
class Timed(Member):
    """A patient who notes how long each screen takes to come, in milliseconds."""

    waits: list[float] = field(default_factory=list)

    async def do(self, deed: Deed) -> None:
        began = perf_counter()
        await super().do(deed)
        self.waits.append((perf_counter() - began) * 1000)


async def test_a_flood_is_answered_kindly_and_the_others_are_served(
    sqlite: Database, by_webhook: bool, tmp_path: Path
) -> None:
    async with StandIn() as telegram:
        program = Program(telegram, sqlite, tmp_path, port=free_port() if by_webhook else None)
        async with running(program):
            flooder = telegram.patient("Flora")
            await flooder.sends("/start")
            await flooder.sees("This is Plumbline", timeout=20)
            telegram.faults.add(chat=flooder.chat, delay=ANSWERS_IN, times=None)
            before = await _served(telegram)
            memory = _memory(program)

            meanwhile = await _served(telegram, flooder)

            grown = _memory(program) - memory
            async with sqlite.opened() as store:
                await settled(telegram, store, [*before, *meanwhile, Member(flooder, 0)])
                await each_answer_counts_once(telegram, store, [*before, *meanwhile])
                held = await store.read(address_of(telegram.world.bot.id, flooder.chat.id))
            screens = [message for message in flooder.chat.messages if message.from_bot]
        log.info("by webhook: %s; without a flood %s", by_webhook, _told(before))
        log.info("with one %s; %d screens, %.1f MB", _told(meanwhile), len(screens), grown)
        assert held is not None
        assert not held.body["agreed"]
        assert "This is Plumbline" in screens[-1].text
        assert 1 <= sum("Many messages came at once" in screen.text for screen in screens) <= 3
        assert len(screens) <= FEW
        assert grown < MEMORY
        assert program.told("update set aside") == []
        assert telegram.breaches == []


async def _served(telegram: StandIn, flooder: Patient | None = None) -> list[Timed]:
    """Patients who have gone through the interview, perhaps with a flood in the midst of it."""
    counts = telegram.calls.counts
    members = [Timed(telegram.patient(f"P{n}"), n % len(SHEETS)) for n in range(PEOPLE)]
    async with asyncio.timeout(60), asyncio.TaskGroup() as going:
        for member in members:
            going.create_task(member.go_through())
        if flooder is not None:
            some = counts["editMessageText"] + 5 * PEOPLE
            await telegram.until(lambda: counts["editMessageText"] > some, 30)
            for number in range(MESSAGES):
                await flooder.sends("anybody there? " * (number % 9 + 1))
    return members


def _told(members: list[Timed]) -> str:
    waits = sorted(wait for member in members for wait in member.waits)
    p99 = waits[len(waits) * 99 // 100]
    return f"median {statistics.median(waits):.0f} ms, p99 {p99:.0f} ms"


def _memory(program: Program) -> float:
    """The most megabytes it ever had."""
    status = Path(f"/proc/{program.id}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
