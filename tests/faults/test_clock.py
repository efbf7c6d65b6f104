"""A clock that is set back: nobody waits for the time it was to come again."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.crowd import Crowd, each_answer_counts_once, settled
from tests.faults.databases import Database
from tests.faults.running import Program, running
from tests.telegram_stand_in import StandIn

PEOPLE = 6
DAY = 86_400.0
SOON = 40.0
"""Seconds in which screens that were put off are sent, however wrong the clock was."""


class Clock:
    """The clock of a program."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.command = ("-m", "tests.faults.shifted", str(self._file), "run")
        self.be_wrong_by(0)

    def be_wrong_by(self, seconds: float) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds), encoding="utf-8")
        new.replace(self._file)


async def test_a_clock_that_jumps_back_and_forth_under_traffic(
    database: Database, tmp_path: Path
) -> None:
    clock = Clock(tmp_path)
    async with StandIn() as telegram:
        program = Program(telegram, database, tmp_path, command=clock.command)
        async with running(program):
            crowd = Crowd(telegram, PEOPLE)
            edits = telegram.calls.counts
            async with asyncio.TaskGroup() as going:
                going.create_task(crowd.go_through())
                for seconds in (-DAY, 0.0, -3600.0, DAY, -DAY):
                    before = edits["editMessageText"]
                    telegram.faults.add(method="editMessageText", status=500, times=2)
                    await telegram.until(
                        lambda before=before: edits["editMessageText"] > before + 20,  # type: ignore[misc]
                        30,
                    )
                    clock.be_wrong_by(seconds)
            async with database.opened() as store:
                await settled(telegram, store, crowd.members)
                await each_answer_counts_once(telegram, store, crowd.members)
        assert program.told("update set aside") == []
        assert telegram.breaches == []


async def test_what_was_put_off_before_the_clock_was_set_back_is_sent_soon_after_a_start(
    database: Database, tmp_path: Path
) -> None:
    clock = Clock(tmp_path)
    async with StandIn() as telegram:
        program = Program(telegram, database, tmp_path, command=clock.command)
        crowd = Crowd(telegram, PEOPLE)
        async with asyncio.TaskGroup() as going:
            try:
                await program.start()
                going.create_task(crowd.go_through())
                away = telegram.faults.add(method="editMessageText", times=None, status=500)
                await telegram.until(lambda: away.struck >= 2 * PEOPLE, 30)
                await program.kill()
                clock.be_wrong_by(-DAY)
                telegram.faults.clear()
                await program.start()
                await asyncio.gather(*(member.sees_more(SOON) for member in crowd.members))
            except BaseException:
                await program.end()
                raise
        async with database.opened() as store:
            await settled(telegram, store, crowd.members)
            await each_answer_counts_once(telegram, store, crowd.members)
        await program.stop()
        assert telegram.breaches == []
