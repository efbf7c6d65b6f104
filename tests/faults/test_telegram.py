"""Telegram in trouble: everything arrives in the end, in order, and counts once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.faults.crowd import Crowd, each_answer_counts_once, settled
from tests.faults.databases import Database
from tests.faults.relay import Relay
from tests.faults.running import Program, free_port, running
from tests.telegram_stand_in import StandIn

PEOPLE = 8

TROUBLES: tuple[dict[str, Any], ...] = (
    {"status": 429, "retry_after": 1},
    {"status": 500},
    {"close": True},
    {"malformed": True},
    {"status": 502},
    {"close": True, "applied": True},
)

BY_WEBHOOK = ("sendMessage", "editMessageText")
BY_POLLING = (*BY_WEBHOOK, "getUpdates", "answerCallbackQuery")


async def test_whatever_telegram_answers_everything_arrives_in_the_end(
    sqlite: Database, by_webhook: bool, tmp_path: Path
) -> None:
    async with StandIn() as telegram:
        faults = [
            telegram.faults.add(method=method, skip=12 + 15 * number, **trouble)
            for method in (BY_WEBHOOK if by_webhook else BY_POLLING)
            for number, trouble in enumerate(TROUBLES)
        ]
        program = Program(telegram, sqlite, tmp_path, port=free_port() if by_webhook else None)
        async with running(program):
            crowd = Crowd(telegram, PEOPLE, open=True)
            async with asyncio.TaskGroup() as going:
                going.create_task(crowd.go_through())
                await telegram.until(lambda: all(fault.spent for fault in faults), 90)
                crowd.open = False
            async with sqlite.opened() as store:
                await settled(telegram, store, crowd.members)
                await each_answer_counts_once(telegram, store, crowd.members)
        assert program.told("update set aside") == []
        assert telegram.breaches == []


async def test_a_call_that_is_never_answered_holds_up_only_its_own_chat(
    sqlite: Database, tmp_path: Path
) -> None:
    async with StandIn() as telegram:
        hanging = telegram.faults.add(method="editMessageText", skip=20, hang=True)
        lost = telegram.faults.add(method="editMessageText", skip=60, hang=True, applied=True)
        poll = telegram.faults.add(method="getUpdates", skip=30, hang=True)
        async with running(Program(telegram, sqlite, tmp_path)):
            crowd = Crowd(telegram, PEOPLE)
            async with asyncio.TaskGroup() as going:
                going.create_task(crowd.go_through())
                await telegram.until(lambda: poll.struck, 30)
                poll.remove()  # Its connection breaks, after a while.
                await telegram.until(lambda: hanging.struck and lost.struck, 30)
                await telegram.until(lambda: sum(m.done for m in crowd.members) >= PEOPLE - 2, 15)
            async with sqlite.opened() as store:
                await settled(telegram, store, crowd.members)
                await each_answer_counts_once(telegram, store, crowd.members)
        assert telegram.breaches == []


async def test_connections_that_break_or_close_half_way_lose_nothing(
    sqlite: Database, by_webhook: bool, tmp_path: Path
) -> None:
    async with StandIn() as telegram, Relay(telegram.port, every=20) as relay:
        program = Program(
            telegram,
            sqlite,
            tmp_path,
            port=free_port() if by_webhook else None,
            TELEGRAM_API_BASE_URL=relay.url,
        )
        async with running(program):
            crowd = Crowd(telegram, PEOPLE)
            await crowd.go_through()
            relay.heal()
            async with sqlite.opened() as store:
                await settled(telegram, store, crowd.members)
                await each_answer_counts_once(telegram, store, crowd.members)
        assert relay.harmed > 10
        assert program.told("update set aside") == []
        assert telegram.breaches == []
