from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import load_settings
from bot.store.sqlite import SqliteStore
from bot.telegram import BotProfile, run
from tests.telegram.interview import Interview
from tests.telegram_stand_in import StandIn

ENGLISH = BotProfile(
    "en",
    (("start", "Begin"), ("help", "What this is")),
    "Finds out how urgent your pain is.",
    "Back and foot pain triage",
)
GERMAN = BotProfile("de", (("start", "Beginnen"),), "Wie dringend ist der Schmerz?", "Triage")


class Channel:
    """The running channel of a test."""

    def __init__(self, telegram: StandIn, interview: Interview) -> None:
        self.telegram = telegram
        self.interview = interview
        self.token = telegram.token
        self.stop = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def start(self, *, long_poll: int = 20, grace: float = 2.0, **environment: str) -> None:
        settings = load_settings(
            TELEGRAM_BOT_TOKEN=self.token, TELEGRAM_API_BASE_URL=self.telegram.url, **environment
        )
        self.stop = asyncio.Event()
        self.task = asyncio.create_task(
            run(
                settings,
                self.interview,
                self.interview.store,
                (ENGLISH, GERMAN),
                self.stop,
                long_poll=long_poll,
                grace=grace,
            )
        )

    async def quiet(self) -> None:
        """Wait until every update is settled and every screen is sent and noted."""
        await self.telegram.drained()
        async with asyncio.timeout(5):
            while await self.interview.store.addresses_pending():  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.01)

    async def end(self, *, wait: bool = False) -> None:
        """Stop gracefully, or wait for it to stop; raises what the channel raised."""
        if not wait:
            self.stop.set()
        if self.task is not None:
            task, self.task = self.task, None
            async with asyncio.timeout(15):
                await task


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "plumbline.db")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def interview(store: SqliteStore) -> Interview:
    return Interview(store)


@pytest.fixture
async def stopped(telegram: StandIn, interview: Interview) -> AsyncIterator[Channel]:
    """A channel that is not started yet."""
    channel = Channel(telegram, interview)
    yield channel
    await channel.end()


@pytest.fixture
async def channel(stopped: Channel) -> Channel:
    stopped.start()
    return stopped


def set_aside(folder: Path) -> list[tuple[str]]:
    """The types of the errors of what was set aside."""
    with closing(sqlite3.connect(folder / "plumbline.db")) as connection:
        return connection.execute("SELECT error FROM set_aside ORDER BY rowid").fetchall()
