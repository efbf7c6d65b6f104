"""Runs :mod:`bot.store.work` on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.store.clinic_tables import for_sqlite
from bot.store.sealing import Sealer
from bot.store.work import Work

T = TypeVar("T")


class _Write(Protocol):
    def __call__(self, work: Callable[[sqlite3.Connection], T], /) -> Awaitable[T]: ...


def carry_out(connection: sqlite3.Connection, work: Work[T]) -> T:
    """What the work returns, in whatever transaction the connection is."""
    try:
        statement, values = next(work)
        while True:
            rows = connection.execute(for_sqlite(statement), values).fetchall()
            statement, values = work.send(rows)
    except StopIteration as end:
        result: T = end.value
        return result


class SqliteDatabase:
    """A :class:`bot.store.stored_clinics.Database` in the file of a store.

    ``write`` runs a function in the thread that writes, in a transaction; ``reader`` gives the
    connection to read with; ``erase`` says that something was deleted.
    """

    def __init__(
        self,
        sealer: Callable[[], Sealer],
        clock: Callable[[], float],
        write: _Write,
        reader: Callable[[], sqlite3.Connection],
        erase: Callable[[], None],
        explain: Callable[[sqlite3.Error], Exception],
    ) -> None:
        self._clock = clock
        self._write = write
        self._reader = reader
        self._erase = erase
        self._explain = explain
        self.sealer = sealer

    def now(self) -> float:
        """The time."""
        return self._clock()

    async def change(self, work: Callable[[], Work[T]], *, erases: bool = False) -> T:
        """Run work in one transaction."""

        def run(connection: sqlite3.Connection) -> T:
            result = carry_out(connection, work())
            if erases:
                self._erase()
            return result

        return await self._write(run)

    async def look(self, work: Callable[[], Work[T]]) -> T:
        """Run work that only reads, all of it of one moment."""
        reader = self._reader()
        try:
            reader.execute("BEGIN")
            try:
                return carry_out(reader, work())
            finally:
                reader.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._explain(error) from error
