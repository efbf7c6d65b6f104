"""kill -9 at random instants: whatever it was doing, nothing is lost and nothing happens twice."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from tests.benchmark.script import SHEETS, START, Deed, Say, next_deed
from tests.faults.crowd import Crowd, Member, each_answer_counts_once, settled
from tests.faults.databases import Database, in_folder
from tests.faults.running import Program, free_port
from tests.store.postgres_server import Server
from tests.telegram_stand_in import StandIn

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "200"))
"""Kills over both ways in which updates come and both kinds of database; for a quick look fewer."""

PEOPLE = 12
MOST_CALLS = 40
"""Calls to Telegram that the program may make until it is killed."""

IDLE = 0.3
"""Seconds in which it must make as many, or it is killed all the same."""


@pytest.fixture(params=["sqlite", "postgres"])
async def databases(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Database, Database]]:
    """Two of a kind."""
    if request.param == "sqlite":
        folders = (tmp_path / "polling", tmp_path / "webhook")
        for folder in folders:
            folder.mkdir()
        yield in_folder(folders[0]), in_folder(folders[1])
        return
    server: Server = request.getfixturevalue("server")
    schemas = [await server.make_schema(), await server.make_schema()]
    yield Database(server.within(schemas[0])), Database(server.within(schemas[1]))
    for schema in schemas:
        await server.drop_schema(schema)


async def test_killed_at_any_instant_it_loses_nothing_and_does_nothing_twice(
    databases: tuple[Database, Database], tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    log.info("seed %d", seed)
    # Both at once, for the time it takes: most of it is one start after another.
    async with asyncio.TaskGroup() as both:
        for database, by_webhook in zip(databases, (False, True), strict=True):
            chance = random.Random(seed + by_webhook)
            both.create_task(_killed(database, by_webhook, tmp_path, KILLS // 4, chance))


async def _killed(
    database: Database, by_webhook: bool, folder: Path, kills: int, chance: random.Random
) -> None:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(StandIn())
        program = Program(telegram, database, folder, port=free_port() if by_webhook else None)
        stack.push_async_callback(program.end)
        crowd = Crowd(telegram, PEOPLE, open=True)
        async with asyncio.TaskGroup() as going:
            going.create_task(crowd.go_through())
            in_the_midst = await _kill_again_and_again(program, kills, chance)
            crowd.open = False
            await program.start()
        store = await stack.enter_async_context(database.opened())
        await settled(telegram, store, crowd.members)
        await program.stop()
        await each_answer_counts_once(telegram, store, crowd.members)
        people = len(crowd.members)
        log.info(
            "by webhook: %s; %d kills, %d with updates under way; %d patients",
            *(by_webhook, kills, in_the_midst, people),
        )
        assert program.told("update set aside") == []
        assert telegram.breaches == []


async def _kill_again_and_again(program: Program, kills: int, chance: random.Random) -> int:
    """Start it, and kill it in the midst of whatever it does, so many times.

    Gives the number of kills that came while updates were not acknowledged.
    """
    in_the_midst = 0
    telegram = program.telegram
    counts = telegram.calls.counts
    for _ in range(kills):
        before = counts.total()
        await program.launch()
        await telegram.until(lambda before=before: counts.total() > before, 30)  # type: ignore[misc]
        enough = before + chance.randint(1, MOST_CALLS)
        with suppress(AssertionError):
            await telegram.until(lambda enough=enough: counts.total() >= enough, IDLE)  # type: ignore[misc]
        # Between two calls, or within one.
        await asyncio.sleep(chance.uniform(0, 0.01))
        await program.kill()
        in_the_midst += telegram.pending > 0
    return in_the_midst


async def test_after_a_kill_the_newest_message_is_the_one_that_counts(
    sqlite: Database, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(StandIn())
        program = Program(telegram, sqlite, tmp_path)
        stack.push_async_callback(program.end)
        await program.start()
        member = Member(telegram.patient(), 1)
        deed: Deed | None = START
        while deed is not None and "complaints" not in str(deed):
            await member.do(deed)
            deed = next_deed(member.buttons(), SHEETS[1])

        # Twice a message is sent and not noted, because the answer does not come before the kill.
        telegram.faults.add(method="sendMessage", hang=True, applied=True)
        await member.do(Say("whatever"))
        await _tapped(telegram, member, "tick:complaints:foot")
        await program.kill()
        telegram.faults.add(method="sendMessage", hang=True, applied=True)
        await asyncio.gather(member.sees_more(20), program.start())
        await _tapped(telegram, member, "done:complaints")
        await program.kill()

        await asyncio.gather(member.sees_more(20), program.start())
        assert not any("complaints" in data for data in member.buttons())
        await program.stop()


async def _tapped(telegram: StandIn, member: Member, ending: str) -> None:
    """Tap on the newest message, and wait until that is committed and acknowledged."""
    data = next(data for data in member.buttons() if data.endswith(ending))
    await member.patient.taps(data=data, message=member.patient.chat.with_buttons())
    await telegram.drained()
