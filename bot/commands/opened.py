"""The database of the settings, open for as long as a command needs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from bot.store import Store, open_store


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, open.

    Raises:
        StoreError: it cannot be opened.
    """
    store = open_store(settings)
    await store.open()
    try:
        yield store
    finally:
        await store.close()
