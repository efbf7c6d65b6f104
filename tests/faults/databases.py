"""The databases that the program is run on, and a look into them past the program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.store.contract import Store
from bot.store.postgres import PostgresStore
from bot.store.sealing import new_key
from bot.store.sqlite import SqliteStore

SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Database:
    """A database and its key, as DATABASE_URL and DATA_KEY name them."""

    url: str
    key: str = field(default_factory=new_key)

    @property
    def path(self) -> Path:
        """The file of an embedded one."""
        assert self.url.startswith(SQLITE)
        return Path(self.url.removeprefix(SQLITE))

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Store]:
        """The store on it."""
        store: Store
        if self.url.startswith(SQLITE):
            store = SqliteStore(self.path, self.key)
        else:
            store = PostgresStore(self.url, self.key)
        await store.open()
        try:
            yield store
        finally:
            await store.close()


def in_folder(folder: Path) -> Database:
    """An embedded one, not there yet."""
    return Database(f"{SQLITE}{folder / 'plumbline.db'}")
