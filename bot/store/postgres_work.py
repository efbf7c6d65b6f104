"""Runs :mod:`bot.store.work` on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bot.store.postgres_calls import Calls, commit
from bot.store.sealing import Sealer
from bot.store.work import Work

if TYPE_CHECKING:
    from bot.store.postgres_calls import Connection

T = TypeVar("T")


async def carry_out(connection: Connection, work: Work[T]) -> T:
    """What the work returns, in whatever transaction the connection is."""
    try:
        statement, values = next(work)
        while True:
            rows = await connection.fetch(statement, *values)
            statement, values = work.send([tuple(row) for row in rows])
    except StopIteration as end:
        result: T = end.value
        return result


class PostgresDatabase:
    """A :class:`bot.store.stored_clinics.Database` over the calls of a store."""

    def __init__(
        self, sealer: Callable[[], Sealer], clock: Callable[[], float], calls: Calls
    ) -> None:
        self._clock = clock
        self._calls = calls
        self.sealer = sealer

    def now(self) -> float:
        """The time."""
        return self._clock()

    async def change(self, work: Callable[[], Work[T]], *, erases: bool = False) -> T:
        """Run work in one transaction."""
        self.sealer()

        async def run(connection: Connection) -> T:
            await connection.execute("BEGIN")
            result = await carry_out(connection, work())
            await commit(connection)
            return result

        return await self._calls.run(run)

    async def look(self, work: Callable[[], Work[T]]) -> T:
        """Run work that only reads."""
        self.sealer()
        return await self._calls.run(lambda connection: carry_out(connection, work()))
