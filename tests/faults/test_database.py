"""A database that goes away under traffic: nothing is acknowledged that is not committed."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd, each_answer_counts_once, settled
from tests.faults.databases import Database, in_folder
from tests.faults.running import Program, free_port, running
from tests.store.postgres_server import Server
from tests.telegram_stand_in import StandIn

PEOPLE = 8
LATE = 3
OUTAGES = 2
SOON = 20.0
"""Seconds after the end of an outage in which everybody who waited must be served."""

Change = Callable[[Program], Awaitable[None]]


async def serve_through_outages(
    program: Program, database: Database, take: Change, give_back: Change
) -> None:
    """Take the database away under traffic and give it back, and see that everybody is served."""
    telegram = program.telegram
    crowd = Crowd(telegram, PEOPLE, open=True)
    async with running(program):
        async with asyncio.TaskGroup() as going:
            going.create_task(crowd.go_through())
            for _ in range(OUTAGES):
                await _some_more(telegram, "editMessageText", 40)
                await take(program)
                late = [crowd.joined() for _ in range(LATE)]
                for member in late:
                    going.create_task(member.go_through())
                await _tried_again(telegram)
                waiting = [update.lane for update in telegram.updates]
                assert all(member.patient.chat.id in waiting for member in late)
                await give_back(program)
                await asyncio.gather(*(member.sees_more(SOON) for member in crowd.members))
            crowd.open = False
        async with database.opened() as store:
            await settled(telegram, store, crowd.members)
            await each_answer_counts_once(telegram, store, crowd.members)
    assert program.told("update set aside") == []
    assert telegram.breaches == []


async def _some_more(telegram: StandIn, method: str, calls: int) -> None:
    counts = telegram.calls.counts
    enough = counts[method] + calls
    await telegram.until(lambda: counts[method] >= enough, 60)


async def _tried_again(telegram: StandIn) -> None:
    """Wait until all that waits has been given to the program twice."""
    webhook = telegram.delivery.webhook
    if webhook is None:
        await _some_more(telegram, "getUpdates", 3)
        return
    enough = webhook.attempts + 3 * len(telegram.updates)
    await telegram.until(lambda: webhook.attempts >= enough, 30)


async def test_a_postgresql_stopped_and_started(
    own_server: Server, postgres: Database, by_webhook: bool, tmp_path: Path
) -> None:
    own = own_server.own
    assert own is not None

    async def stop(_: Program) -> None:
        await asyncio.to_thread(own.stop)

    async def start(_: Program) -> None:
        await asyncio.to_thread(own.start)

    async with StandIn() as telegram:
        port = free_port() if by_webhook else None
        program = Program(telegram, postgres, tmp_path, port=port)
        await serve_through_outages(program, postgres, stop, start)


async def test_a_file_that_cannot_be_written(
    sqlite: Database, by_webhook: bool, tmp_path: Path
) -> None:
    async def no_more(program: Program) -> None:
        resource.prlimit(program.id, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    async def as_before(program: Program) -> None:
        limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(program.id, resource.RLIMIT_FSIZE, limit)

    async with StandIn() as telegram:
        port = free_port() if by_webhook else None
        program = Program(telegram, sqlite, tmp_path, port=port)
        await serve_through_outages(program, sqlite, no_more, as_before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_disk_that_is_full(small_disk: Path, by_webhook: bool, tmp_path: Path) -> None:
    ballast = small_disk / "ballast"
    database = in_folder(small_disk)

    async def fill(_: Program) -> None:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        # The database has some room within its own files.
        async with asyncio.timeout(60):
            while await beside.healthy():
                pass

    async def free(_: Program) -> None:
        ballast.unlink()

    async with StandIn() as telegram, database.opened() as beside:
        port = free_port() if by_webhook else None
        program = Program(telegram, database, tmp_path, port=port)
        await serve_through_outages(program, database, fill, free)
