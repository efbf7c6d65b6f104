"""Nothing lost, nothing twice: an update is acknowledged when its effect is committed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.store.sqlite import SqliteStore
from bot.telegram import updates
from tests.telegram.conftest import Channel, set_aside
from tests.telegram.interview import Interview, address_of
from tests.telegram_stand_in import StandIn
from tests.telegram_stand_in.updates import Waiting


async def test_a_chat_is_handled_in_order(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    for n in range(150):
        await ana.sends(f"a{n}")
        await ben.sends(f"b{n}")
    await channel.quiet()
    assert await interview.said(address_of(ana)) == [f"a{n}" for n in range(150)]
    assert await interview.said(address_of(ben)) == [f"b{n}" for n in range(150)]


async def test_nothing_is_acknowledged_before_it_is_committed(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    interview.gate.clear()
    ana = telegram.patient()
    for n in range(5):
        await ana.sends(f"{n}")
    await telegram.until(lambda: telegram.calls.counts["getUpdates"] >= 4)
    assert telegram.pending == 5
    assert telegram.acknowledged == 0
    interview.gate.set()
    await telegram.drained()
    assert await interview.said(address_of(ana)) == ["0", "1", "2", "3", "4"]


async def test_killed_at_any_moment_it_loses_nothing_and_does_nothing_twice(
    telegram: StandIn, tmp_path: Path
) -> None:
    patients = [telegram.patient(f"P{n}") for n in range(4)]
    for n in range(25):
        for patient in patients:
            await patient.sends(f"{n}")
    lines = 0
    kills = 0
    while telegram.pending:
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.telegram.killed",
            str(tmp_path),
            telegram.token,
            telegram.url,
            stdout=asyncio.subprocess.PIPE,
        )
        assert bot.stdout is not None
        try:
            # Killed in the midst of its work, three times; then it may finish.
            for _ in range(20 + 7 * kills):
                async with asyncio.timeout(20):
                    lines += bool(await bot.stdout.readline())
            if kills == 3:
                await telegram.drained(timeout=20)
        finally:
            bot.kill()
            await bot.wait()
            kills += 1
    assert kills == 4
    store = SqliteStore(tmp_path / "plumbline.db")
    await store.open()
    try:
        for patient in patients:
            held = await store.read(address_of(patient))
            assert held is not None
            assert held.body["said"] == [f"{n}" for n in range(25)]
    finally:
        await store.close()


async def test_one_chat_that_hangs_holds_up_no_other(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    stuck = interview.hold(address_of(ana))
    await ana.sends("slow")
    await telegram.until(lambda: telegram.calls.counts["getUpdates"] >= 2)
    for n in range(20):
        await ben.sends(f"b{n}")
        await ben.sees(f"b{n}", timeout=2)
    assert telegram.pending == 21, "none of them may be acknowledged past the slow one"
    stuck.set()
    await ana.sees("1: slow")
    await channel.quiet()
    assert await interview.said(address_of(ben)) == [f"b{n}" for n in range(20)]


async def test_a_database_that_is_down_costs_nothing_but_time(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    interview.down = True
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sends("two")
    await telegram.until(lambda: telegram.calls.counts["getUpdates"] >= 3)
    await ana.sends("three")
    assert telegram.acknowledged == 0
    interview.down = False
    await ana.sees("three", timeout=10)
    await telegram.drained()
    assert await interview.said(address_of(ana)) == ["one", "two", "three"]
    assert telegram.calls.counts["getUpdates"] < 20, "it asked again and again without a pause"


async def test_what_the_store_refuses_for_a_moment_is_not_set_aside(
    channel: Channel, telegram: StandIn, interview: Interview, tmp_path: Path
) -> None:
    interview.refused = "one"
    ana = telegram.patient()
    await ana.sends("one")
    await telegram.until(lambda: telegram.calls.counts["getUpdates"] >= 3)
    interview.refused = ""
    await ana.sees("1: one")
    assert set_aside(tmp_path) == []


async def test_an_update_that_only_the_store_refuses_holds_up_nobody_and_is_set_aside(
    channel: Channel,
    telegram: StandIn,
    interview: Interview,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(updates, "MOST_REFUSALS", 4)
    interview.refused = "too much"
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    await ana.sends("too much")
    await ana.sends("next")
    await ben.sends("one")
    await ben.sees("1: one", timeout=2)
    await ana.sees("1: next", timeout=10)
    await ana.sees("Something went wrong on our side.", anywhere=True)
    await telegram.drained()
    assert [row[0] for row in set_aside(tmp_path)] == ["StoreError"]


async def test_an_update_that_comes_twice_counts_once(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    message = await ana.sends("once")
    await ana.sees("1: once")
    await telegram.drained()
    telegram.inject({"update_id": telegram.acknowledged, "message": message.as_json()})
    await ana.sends("more")
    await ana.sees("2: more")
    await telegram.drained()
    assert await interview.said(address_of(ana)) == ["once", "more"]
    assert [event.id for event in interview.events].count(interview.events[0].id) == 2


BROKEN: list[dict[str, Any]] = [
    {"message": {"text": "no chat, no date"}},
    {"message": "not even a message"},
    {"callback_query": {"id": "1"}},
    {"message": {"message_id": "x", "date": "never", "chat": {"id": "y"}, "entities": 7}},
    {"my_chat_member": {"chat": {"type": "private"}}},
    {},
]


@pytest.mark.parametrize("broken", BROKEN)
async def test_an_update_that_cannot_be_read_is_set_aside(
    channel: Channel,
    telegram: StandIn,
    interview: Interview,
    tmp_path: Path,
    broken: dict[str, Any],
) -> None:
    ana = telegram.patient()
    telegram.inject(dict(broken))
    await ana.sends("healthy")
    await ana.sees("1: healthy")
    await telegram.drained()


async def test_a_patient_whose_update_cannot_be_read_is_told(
    channel: Channel, telegram: StandIn, tmp_path: Path
) -> None:
    ana = telegram.patient()
    message = await ana.sends("hello")
    await ana.sees("1: hello")
    broken = message.as_json() | {"date": "the secret words"}
    telegram.inject({"message": broken})
    await ana.sees("Something went wrong on our side.")
    await telegram.drained()
    assert [row[0] for row in set_aside(tmp_path)] == ["TypeError"]


async def test_an_update_whose_handling_fails_is_set_aside(
    channel: Channel, telegram: StandIn, interview: Interview, tmp_path: Path
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sends("boom")
    await ana.sends("two")
    await ana.sees("2: two")
    await ana.sees("Something went wrong on our side.", anywhere=True)
    await telegram.drained()
    assert await interview.said(address_of(ana)) == ["one", "two"]
    assert [row[0] for row in set_aside(tmp_path)] == ["ValueError"]


async def test_what_cannot_even_be_set_aside_comes_again(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    interview.cannot_set_aside = True
    ana = telegram.patient()
    await ana.sends("boom")
    await telegram.until(lambda: telegram.calls.counts["getUpdates"] >= 3)
    assert telegram.pending == 1
    interview.cannot_set_aside = False
    await ana.sees("Something went wrong on our side.", timeout=10)
    await telegram.drained()


async def test_an_update_without_an_id_is_passed_over(channel: Channel, telegram: StandIn) -> None:
    ana = telegram.patient()
    telegram.updates._put(Waiting(700_000_000, {"message": {"text": "nobody's"}}, lane=0))
    await asyncio.sleep(0.2)
    assert telegram.calls.counts["getUpdates"] < 5, "it asked again and again without a pause"
    await ana.sends("one")
    await ana.sees("1: one")
    await telegram.drained()


async def test_a_graceful_stop_finishes_what_it_took_and_acknowledges_it(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends("zero")
    await ana.sees("1: zero")
    interview.delay = 0.05
    for n in range(10):
        await ana.sends(f"{n}")
    await telegram.until(lambda: telegram.calls.counts["getUpdates"] >= 3)
    await channel.end()
    assert telegram.pending == 0
    assert await interview.said(address_of(ana)) == ["zero", *(f"{n}" for n in range(10))]
    await ana.sends("later")
    channel.start()
    await ana.sees("12: later")
    assert [event.id for event in interview.events] == sorted(
        {str(event.id) for event in interview.events}, key=lambda id: int(id.split(":")[2])
    )


async def test_a_stop_does_not_wait_for_the_poll(channel: Channel, telegram: StandIn) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    await asyncio.sleep(0.1)
    async with asyncio.timeout(2):
        await channel.end()


async def test_a_stop_never_acknowledges_what_is_not_settled(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    interview.hold(address_of(ana))
    await ana.sends("held")
    await ben.sends("done")
    await ben.sees("1: done")
    await channel.end()
    assert telegram.pending == 2
    interview.held.clear()
    channel.start()
    await ana.sees("1: held")
    await telegram.drained()
    assert await interview.said(address_of(ben)) == ["done"]
