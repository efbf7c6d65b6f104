"""What is too old is really deleted, what is not is kept, and a failure is tried again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import retention
from bot.retention import DAY, EVENTS_DAYS, keep_purging, purge_old
from bot.store.contract import Effect, Held, Purged, Store, StoreError
from bot.store.sealing import new_key
from bot.store.sqlite import SqliteStore

NOW = 1_900_000_000.0


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the store and of the retention, set by hand."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture
async def store(tmp_path: Path, now: Clock) -> AsyncIterator[Store]:
    store = SqliteStore(tmp_path / "plumbline.db", new_key(), clock=now)
    await store.open()
    yield store
    await store.close()


async def writes(store: Store, address: str, event: str) -> bool:
    """Apply an event. Returns whether the store knew it."""
    known: list[bool] = []

    def decide(held: Held | None, repeated: bool) -> Effect:
        known.append(repeated)
        return Effect({"said": address}, ({"to": address},))

    await store.apply(address, event, decide)
    return known[0]


async def test_a_record_lives_as_long_as_the_patient_writes_and_the_days_after(
    store: Store, now: Clock
) -> None:
    now.now = NOW - 91 * DAY
    await writes(store, "old", "1")
    await writes(store, "back again", "2")
    now.now = NOW - 89 * DAY
    await writes(store, "young", "3")
    await writes(store, "back again", "4")
    now.now = NOW

    await purge_old(store, 90)

    assert await store.read("old") is None
    assert await store.pending("old") == []
    assert await store.read("young") == Held({"said": "young"}, None)
    assert await store.read("back again") == Held({"said": "back again"}, None)

    now.now = NOW + 2 * DAY
    await purge_old(store, 90)
    assert await store.read("young") is None


async def test_the_ids_of_updates_are_kept_longer_than_telegram_delivers_again(
    store: Store, now: Clock
) -> None:
    await writes(store, "patient", "1")
    now.now = NOW + 2 * DAY
    await purge_old(store, 1)
    assert await store.read("patient") is None
    assert await writes(store, "patient", "1")  # known, though the record is gone

    now.now = NOW + (EVENTS_DAYS + 1) * DAY
    await purge_old(store, 1)
    assert not await writes(store, "patient", "1")


async def test_how_much_was_deleted_is_logged_and_nothing_else(
    store: Store, now: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, retention.__name__)
    await writes(store, "patient", "1")
    await purge_old(store, 90)
    assert caplog.records == []

    now.now = NOW + 91 * DAY
    await purge_old(store, 90)

    (record,) = caplog.records
    assert record.getMessage() == "purged"
    assert record.__dict__["records"] == 1


class Flaky:
    """A store that cannot purge at first."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.purged = asyncio.Event()
        self.attempts = 0

    async def purge(self, *, records_before: float, events_before: float) -> Purged:
        self.attempts += 1
        if self.attempts <= self.failures:
            raise StoreError("the disk is full: heel")
        self.purged.set()
        return Purged()


async def test_a_purge_that_fails_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "EVERY", 0.001)
    flaky = Flaky(failures=3)

    purging = asyncio.create_task(keep_purging(flaky, 90))  # type: ignore[arg-type]
    await asyncio.wait_for(flaky.purged.wait(), 5)
    purging.cancel()
    await asyncio.wait([purging])

    assert purging.cancelled()
    assert flaky.attempts >= 4
    assert [record.getMessage() for record in caplog.records] == ["not purged"] * 3
    assert "heel" not in caplog.text


async def test_purging_begins_at_once_and_goes_on(
    store: Store, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "EVERY", 0.001)
    await writes(store, "patient", "1")
    purging = asyncio.create_task(keep_purging(store, 90))
    await asyncio.sleep(0.05)
    assert await store.read("patient") is not None

    now.now = NOW + 91 * DAY
    async with asyncio.timeout(5):
        while await store.read("patient"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    purging.cancel()
    await asyncio.wait([purging])
