"""A bot in a process of its own, to be killed. It writes a line for everything it handles."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.events import Event
from bot.reply import Reply
from bot.settings import load_settings
from bot.store.sqlite import SqliteStore
from bot.telegram import run
from tests.telegram.interview import Interview


class Telling(Interview):
    async def handle(self, event: Event) -> Reply:
        reply = await super().handle(event)
        sys.stdout.write(".\n" * (1 + len(event.also)))
        sys.stdout.flush()
        await asyncio.sleep(0.005)
        return reply


async def main(folder: str, token: str, url: str) -> None:
    store = SqliteStore(Path(folder) / "plumbline.db")
    await store.open()
    settings = load_settings(TELEGRAM_BOT_TOKEN=token, TELEGRAM_API_BASE_URL=url)
    await run(settings, Telling(store), store, (), asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
