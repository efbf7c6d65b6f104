"""The part of a store that keeps sign-offs, the same for every database."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from bot.store import sign_off_table as table
from bot.store.errors import StoreError
from bot.store.sealing import Sealer
from bot.store.sign_off_contract import SignedEntry
from bot.store.stored_clinics import Database
from bot.store.work import Row, Work, ask, ask_one

_USE = "sign-off"


class StoredSignOffs:
    """A :class:`bot.store.sign_off_contract.SignOffStore` in some database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def entries(self) -> tuple[SignedEntry, ...]:
        rows = await self._database.look(lambda: ask(table.EVERY))
        return tuple(_checked(self._database.sealer(), rows))

    async def add(self, text: str) -> int:
        sealer = self._database.sealer()

        def work() -> Work[int]:
            rows = yield from ask(table.EVERY)
            if not all(entry.sound for entry in _checked(sealer, rows)):
                raise StoreError(
                    "The record of sign-offs was altered; nothing can be added to it. "
                    "Restore the database from a backup."
                )
            number = len(rows) + 1
            before = rows[-1][2] if rows else ""
            seal = _seal(sealer, number, text, before)
            if (yield from ask_one(table.ADD, number, text, seal)) is None:
                raise StoreError("Somebody else added a sign-off just now: look, and try again.")
            return number

        return await self._database.change(work)


def _checked(sealer: Sealer, rows: Iterable[Row]) -> Iterable[SignedEntry]:
    before, sound = "", True
    for place, (number, text, seal) in enumerate(rows, 1):
        expected = _seal(sealer, number, text, before)
        sound = sound and number == place and hmac.compare_digest(seal, expected)
        yield SignedEntry(number, text, sound)
        before = seal


def _seal(sealer: Sealer, number: int, text: str, before: str) -> str:
    return sealer.mark(_USE, f"{number}\0{before}\0{text}")
