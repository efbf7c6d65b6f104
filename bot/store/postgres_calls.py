"""Calls to a PostgreSQL server: a few connections, turns, time limits, errors in one line.

Nothing here waits for ever. A server that is away is found again by the next call that wants it.
No error tells the address, the user or the password of the server, nor any value.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import asyncpg
from asyncpg import exceptions as refusal

from bot.store.contract import StoreError

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    _Driver = asyncpg.Connection[Any]
    Connection = _Driver | PoolConnectionProxy[Any]
else:
    _Driver = asyncpg.Connection

T = TypeVar("T")

CONNECT_SECONDS: Final = 5.0
"""How long a connection may take to come about."""

STATEMENT_SECONDS: Final = 10.0
"""How long one statement may take, waiting for another worker that has the patient included."""

CALL_SECONDS: Final = 30.0
"""How long a call may take, waiting for its turn and for a free connection included."""

STALLED_SECONDS: Final = 5.0
"""After how long the server gives up a transaction whose worker says nothing more."""

MOST_CONNECTIONS: Final = 10
"""Connections of one worker. More make nothing quicker, and the server allows a hundred."""

IDLE_SECONDS: Final = 60.0
"""After how long an unused connection is closed, before something in between forgets it."""

_ATTEMPTS: Final = 3

_SETTINGS: Final = {
    "application_name": "plumbline",
    "statement_timeout": f"{STATEMENT_SECONDS:.0f}s",
    "idle_in_transaction_session_timeout": f"{STALLED_SECONDS:.0f}s",
    # What the locks rely on, and that an answered commit is on the disk, are not left to others.
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    # A machine that vanished lets go of what it had locked.
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

DATABASE_ERRORS: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What can come out of a call that the database, or the way to it, is to blame for."""


_UNDONE: Final = (refusal.DeadlockDetectedError, refusal.SerializationError)
_LOST: Final = (
    refusal.PostgresConnectionError,
    refusal.AdminShutdownError,
    refusal.CrashShutdownError,
    refusal.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    # What the driver says when the server's farewell came between two statements.
    asyncpg.InternalClientError,
    ConnectionError,
)


class _Connection(_Driver):
    """A connection that is not tidied up after each use: all that is done with it ends in place."""

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


class Calls:
    """Runs work on one of a few connections to the server of ``url``.

    Made and used in one event loop.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: asyncpg.Pool[Any] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._turns: dict[str, asyncio.Task[Any]] = {}

    async def prepare(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Run work on a connection of its own, with no limit to a statement. Raises StoreError."""
        try:
            connection = await asyncpg.connect(
                self._url,
                timeout=CONNECT_SECONDS,
                server_settings={**_SETTINGS, "statement_timeout": "0"},
            )
        except ValueError:
            # Not `from`: it tells parts of the address.
            raise StoreError(
                "DATABASE_URL is not understood by the PostgreSQL driver: write it like "
                "postgresql://user:password@host:5432/database."
            ) from None
        except DATABASE_ERRORS as error:
            raise explain(error) from None
        try:
            return await work(connection)
        except DATABASE_ERRORS as error:
            raise explain(error) from None
        finally:
            await _close(connection)

    async def open(self) -> None:
        """Raises StoreError."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=MOST_CONNECTIONS,
                timeout=CONNECT_SECONDS,
                command_timeout=STATEMENT_SECONDS,
                max_inactive_connection_lifetime=IDLE_SECONDS,
                connection_class=_Connection,
                server_settings=_SETTINGS,
            )
        except DATABASE_ERRORS as error:
            raise explain(error) from None

    async def close(self) -> None:
        """Finish what was asked for and let go of the connections. May be called again."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        while self._running:
            await asyncio.wait(set(self._running))
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await pool.close()
        except DATABASE_ERRORS:
            pool.terminate()

    async def run(self, work: Callable[[Connection], Awaitable[T]], turn: str | None = None) -> T:
        """What ``work`` returns. Raises StoreError, or what ``work`` raises.

        Works of one ``turn`` are done one after another, in the order in which they came, so that a
        patient who sends a hundred messages takes up one connection and not all of them. Work
        must begin its own transaction and end it by :func:`commit`; one that it leaves behind by
        raising is undone. It is done again if the server undid it for the sake of another, or if
        the connection turns out to be cut; so a single statement must do no harm when repeated.

        A caller that is cancelled goes away, the work goes on.
        """
        if self._pool is None:
            raise StoreError("The database is closed.")
        before = self._turns.get(turn) if turn else None
        task = asyncio.create_task(self._limited(self._pool, work, before))
        self._running.add(task)
        if turn:
            self._turns[turn] = task

        def done(task: asyncio.Task[T]) -> None:
            self._running.discard(task)
            if turn and self._turns.get(turn) is task:
                del self._turns[turn]
            if not task.cancelled():
                task.exception()  # Its caller may have gone away.

        task.add_done_callback(done)
        return await asyncio.shield(task)

    async def _limited(
        self,
        pool: asyncpg.Pool[Any],
        work: Callable[[Connection], Awaitable[T]],
        before: asyncio.Task[Any] | None,
    ) -> T:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                if before is not None and not before.done():
                    await asyncio.wait((before,))
                for _ in range(_ATTEMPTS - 1):
                    try:
                        return await _attempt(pool, work)
                    except _UNDONE:
                        continue
                    except _LOST:
                        # Others that were cut as well are noticed as soon as there is time for it.
                        await asyncio.sleep(0)
                return await _attempt(pool, work)
        except DATABASE_ERRORS as error:
            raise explain(error) from None


async def _attempt(pool: asyncpg.Pool[Any], work: Callable[[Connection], Awaitable[T]]) -> T:
    connection = await pool.acquire()
    try:
        return await work(connection)
    except (TimeoutError, asyncio.CancelledError, *_LOST):
        # Who knows what it is at; to ask would mean to wait again.
        connection.terminate()
        raise
    except BaseException:
        await _roll_back(connection)
        raise
    finally:
        await pool.release(connection)


async def commit(connection: Connection) -> None:
    """End a transaction. Raises StoreError: whether it was committed is not known if that is lost.

    So the work is not done again; its caller finds out by the id of the event.
    """
    try:
        await connection.execute("COMMIT")
    except DATABASE_ERRORS as error:
        connection.terminate()
        raise explain(error) from None


async def _roll_back(connection: PoolConnectionProxy[Any]) -> None:
    try:
        if not connection.is_closed() and connection.is_in_transaction():
            await connection.execute("ROLLBACK")
    except BaseException as error:
        connection.terminate()
        if not isinstance(error, DATABASE_ERRORS):
            raise


async def _close(connection: _Driver) -> None:
    try:
        await connection.close(timeout=CONNECT_SECONDS)
    except DATABASE_ERRORS:
        connection.terminate()


def explain(error: BaseException) -> StoreError:
    """The line for an error of the database: what to do, and nothing that was in it."""
    for kinds, line in _EXPLAINED:
        if isinstance(error, kinds):
            return StoreError(line)
    code = getattr(error, "sqlstate", None)
    return StoreError(
        f"The database does not work ({type(error).__name__}{f', {code}' if code else ''})."
    )


_EXPLAINED: Final[tuple[tuple[tuple[type[BaseException], ...], str], ...]] = (
    (
        (refusal.InvalidAuthorizationSpecificationError,),
        "The PostgreSQL server does not accept the user and password of DATABASE_URL.",
    ),
    (
        (refusal.InvalidCatalogNameError,),
        "The PostgreSQL server has no database of the name in DATABASE_URL: create it.",
    ),
    (
        (refusal.TooManyConnectionsError,),
        "The PostgreSQL server has no connection left: let it have more, or run fewer workers.",
    ),
    (
        (refusal.InsufficientPrivilegeError,),
        "The user of DATABASE_URL may not do all that is needed in its database: make it the owner.",
    ),
    (
        (refusal.ReadOnlySQLTransactionError,),
        "The PostgreSQL server of DATABASE_URL can only be read: name one that can be written.",
    ),
    (
        (refusal.InsufficientResourcesError, refusal.PostgresIOError),
        "The PostgreSQL server has run out of disk, memory or the like: free some of it.",
    ),
    (
        (refusal.QueryCanceledError, refusal.LockNotAvailableError),
        "The database took too long: look at what the PostgreSQL server is busy with.",
    ),
    (
        (
            refusal.OperatorInterventionError,
            refusal.PostgresConnectionError,
            refusal.IdleInTransactionSessionTimeoutError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
        ),
        "The connection to the PostgreSQL server was lost: see that the server runs.",
    ),
    (
        (TimeoutError,),
        "The PostgreSQL server of DATABASE_URL does not answer in time: see that it can be reached.",
    ),
    (
        (OSError,),
        "The PostgreSQL server of DATABASE_URL cannot be reached: see that it runs, and where.",
    ),
)
