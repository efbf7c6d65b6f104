"""Two workers on one PostgreSQL: each update counts once, and each is there for the other."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmark.script import SHEETS, Deed, Tap
from tests.faults.crowd import Crowd, Member, each_answer_counts_once, settled
from tests.faults.databases import Database
from tests.faults.proxy import Proxy
from tests.faults.running import Program, free_port, running
from tests.telegram_stand_in import StandIn

PEOPLE = 10


@dataclass
class Workers:
    """Two workers behind a proxy."""

    telegram: StandIn
    database: Database
    proxy: Proxy
    programs: tuple[Program, Program]

    async def have_served(self, members: list[Member]) -> None:
        """Both have served everybody, as if each had been alone."""
        async with self.database.opened() as store:
            await settled(self.telegram, store, members)
            await each_answer_counts_once(self.telegram, store, members)
        for program in self.programs:
            assert program.told("update set aside") == []
            assert program.told("update settled"), "it was never asked"


@pytest.fixture
async def workers(postgres: Database, tmp_path: Path) -> AsyncIterator[Workers]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(StandIn())
        ports = free_port(), free_port()
        proxy = await stack.enter_async_context(Proxy(*ports))
        first, second = (
            Program(telegram, postgres, tmp_path, port=port, public=proxy.port) for port in ports
        )
        await stack.enter_async_context(running(first, second))
        yield Workers(telegram, postgres, proxy, (first, second))
    assert telegram.breaches == []


async def test_by_turns_they_serve_everybody_as_one(workers: Workers) -> None:
    crowd = Crowd(workers.telegram, PEOPLE)
    await crowd.go_through()
    await workers.have_served(crowd.members)


async def test_an_update_that_both_get_at_once_is_applied_once(workers: Workers) -> None:
    workers.proxy.to_all = True
    crowd = Crowd(workers.telegram, PEOPLE)
    await crowd.go_through()
    await workers.have_served(crowd.members)


@dataclass(eq=False, kw_only=True)
class Hasty(Member):
    """Taps two ticks at the same time, each of which another worker gets."""

    workers: Workers
    ids: Iterator[int]
    at_once: int = 0

    async def do(self, deed: Deed) -> None:
        ticks = self._ticks()
        if not (isinstance(deed, Tap) and deed.data in ticks and len(ticks) > 1):
            await super().do(deed)
            return
        self.at_once += 1
        await asyncio.gather(
            *(self._bring(*one) for one in zip(self.workers.proxy.ports, ticks, strict=False))
        )
        await self.patient.chat.changed.until(
            lambda: not set(ticks[:2]) & set(self.buttons()), None
        )

    def _ticks(self) -> list[str]:
        """What is still to be ticked on the screen, for this patient's answer."""
        fields = ((data, *data.split(":")[1:]) for data in self.buttons())
        return [data for data, verb, *about in fields if verb == "tick" and self._wants(*about)]

    def _wants(self, question: str, code: str) -> bool:
        answer = SHEETS[self.sheet][question]
        return isinstance(answer, list) and code in answer

    async def _bring(self, port: int, data: str) -> None:
        telegram = self.workers.telegram
        message = self.patient.chat.with_buttons()
        assert message is not None
        tap = telegram.taps.new(self.patient.user, message, data, self.patient.toasts)
        body = {"update_id": next(self.ids), "callback_query": tap.as_json()}
        answer = await self.workers.proxy.bring(port, json.dumps(body).encode())
        assert answer.status == 200


async def test_two_updates_of_one_chat_at_once_both_count(workers: Workers) -> None:
    ids = itertools.count(900_000_001)
    members = [
        Hasty(workers.telegram.patient(f"P{n}"), n % 2, workers=workers, ids=ids)
        for n in range(PEOPLE)
    ]
    async with asyncio.timeout(60), asyncio.TaskGroup() as going:
        for member in members:
            going.create_task(member.go_through())
    assert sum(member.at_once for member in members) >= PEOPLE
    await workers.have_served([*members])


async def test_what_a_killed_worker_has_not_sent_the_other_one_sends(workers: Workers) -> None:
    telegram = workers.telegram
    crowd = Crowd(telegram, PEOPLE, open=True)
    async with asyncio.TaskGroup() as going:
        going.create_task(crowd.go_through())
        for program in workers.programs:
            stuck = telegram.faults.add(method="editMessageText", times=None, hang=True)
            await telegram.until(lambda stuck=stuck: stuck.struck >= PEOPLE // 2, 30)  # type: ignore[misc]
            await program.kill()
            telegram.faults.clear()
            # The other one sends while this one is away.
            await asyncio.gather(*(member.sees_more(30) for member in crowd.members))
            await program.start()
        crowd.open = False
    await workers.have_served(crowd.members)


async def test_one_of_them_stopped_and_started_under_traffic_loses_nothing(
    workers: Workers,
) -> None:
    telegram = workers.telegram
    crowd = Crowd(telegram, PEOPLE, open=True)
    async with asyncio.TaskGroup() as going:
        going.create_task(crowd.go_through())
        for program in workers.programs * 2:
            sent = telegram.calls.counts["editMessageText"]
            await telegram.until(
                lambda sent=sent: telegram.calls.counts["editMessageText"] > sent + 20,  # type: ignore[misc]
                30,
            )
            await program.stop()
            await program.start()
        crowd.open = False
    await workers.have_served(crowd.members)
