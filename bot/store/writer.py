"""One thread that does all the writing, many calls to a transaction.

A commit waits for the disk. Whatever is asked for meanwhile waits in a queue and goes into the next
transaction together, so that the more callers there are, the less each of them pays (group commit).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.store.contract import StoreError

_log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_WAITING = 1_000
"""Calls that may be queued or at work; further ones wait their turn outside."""

MOST_TOGETHER = 200
"""Calls in one transaction, so that the first of them does not wait long for the last."""

LINGER, LINGER_AGAIN = 0.05, 1.0
"""Seconds that a note waits for company, at first and after a failure."""

_OWN_ERRORS = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
)


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Note:
    work: Callable[[sqlite3.Connection], None]
    done: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Outcome:
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs work on one connection in one thread.

    ``connect`` makes the connection (which must commit by itself, ``isolation_level=None``) in that
    thread, and ``begin`` begins a transaction on it. ``explain`` turns an error of SQLite into a
    StoreError. ``rest`` is called in that thread when nothing is waiting, and says after how many
    quiet seconds to call it again, if at all.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        begin: Callable[[sqlite3.Connection], None],
        explain: Callable[[sqlite3.Error], StoreError],
        rest: Callable[[sqlite3.Connection], float | None],
    ) -> None:
        self._connect = connect
        self._begin = begin
        self._explain = explain
        self._rest = rest
        self._connection: sqlite3.Connection | None = None
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(MOST_WAITING)
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._closing = False
        self._notes: deque[_Note] = deque()
        self._lingering: asyncio.TimerHandle | None = None
        self._unaccompanied: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect. Raises what ``connect`` raises, and is then as if never started."""
        started: asyncio.Future[None] = self._loop.create_future()
        threading.Thread(
            target=self._main, args=(started,), name="store-writer", daemon=True
        ).start()
        try:
            await started
        except asyncio.CancelledError:
            self._queue.put(None)
            raise

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` returns, once it is committed.

        If it raises, all it did is undone and its exception is raised here.
        """
        await self._room.acquire()
        if self._closing:
            self._room.release()
            raise StoreError("The database is closed.")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Job(work, future))
        return await future

    def note(self, work: Callable[[sqlite3.Connection], None], done: Callable[[], None]) -> None:
        """Have ``work`` done with whatever is written next, before that, or alone a moment later.

        For what may be lost to a kill, but to nothing else: a failure of the database puts it off.
        ``done`` is called once it is committed.
        """
        if self._closing:
            raise StoreError("The database is closed.")
        self._notes.append(_Note(work, done))
        self._linger(LINGER)

    async def stop(self) -> None:
        """Finish what is queued, then let go of the connection. May be called again."""
        if self._lingering is not None:
            self._lingering.cancel()
        if not self._closing:
            self._closing = True
            self._queue.put(None)
        await asyncio.shield(self._ended)

    # In the writer's thread.

    def _main(self, started: asyncio.Future[None]) -> None:
        try:
            self._connection = self._connect()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to the caller
            self._hand_back(_settle, _Outcome(started, error=error))
            return
        self._hand_back(_settle, _Outcome(started))
        more = True
        while more:
            group, more = self._next_group()
            if group or self._notes:
                self._hand_back(self._settle_all, self._commit(group))
        if self._connection is not None:
            self._rest(self._connection)
            self._connection.close()
        self._hand_back(_settle, _Outcome(self._ended))

    def _next_group(self) -> tuple[list[_Job], bool]:
        """What is to be done together, and whether there will be more after it."""
        group: list[_Job] = []
        job = self._next_job()
        while job is not None:
            group.append(job)
            if len(group) == MOST_TOGETHER:
                return group, True
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _next_job(self) -> _Job | None:
        while True:
            wait = None
            if self._connection is not None and self._queue.empty():
                wait = self._rest(self._connection)
            try:
                return self._queue.get(timeout=wait)
            except queue.Empty:
                continue

    def _commit(self, group: list[_Job]) -> tuple[list[_Outcome], list[_Note]]:
        notes: list[_Note] = []
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._begin(self._connection)
            while self._notes:
                notes.append(self._notes.popleft())
                self._write_down(self._connection, notes[-1])
            outcomes = [self._attempt(self._connection, job) for job in group]
            self._connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - the thread must outlive anything
            self._roll_back()
            self._notes.extendleft(reversed(notes))
            told = self._explain(error) if isinstance(error, sqlite3.Error) else error
            return [_Outcome(job.future, error=told) for job in group], []
        return outcomes, notes

    def _attempt(self, connection: sqlite3.Connection, job: _Job) -> _Outcome:
        result, error = _undone_if_it_raises(connection, job.work)
        if isinstance(error, sqlite3.Error):
            error = self._explain(error)
        return _Outcome(job.future, result, error)

    @staticmethod
    def _write_down(connection: sqlite3.Connection, note: _Note) -> None:
        _, error = _undone_if_it_raises(connection, note.work)
        if error is not None:
            # Trying again cannot help, and nothing else must wait for it.
            _log.error("a note is given up: %s", type(error).__name__)

    def _roll_back(self) -> None:
        if self._connection is None:
            return
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._connection.close()
            self._connection = None

    def _hand_back(self, settle: Callable[[Any], None], outcome: Any) -> None:
        # When the loop is closed nobody is left to be told.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(settle, outcome)

    # In the thread of the event loop.

    def _settle_all(self, settled: tuple[list[_Outcome], list[_Note]]) -> None:
        outcomes, notes = settled
        for note in notes:
            note.done()
        for outcome in outcomes:
            self._room.release()
            _settle(outcome)

    def _linger(self, seconds: float) -> None:
        if self._lingering is None and not self._closing:
            self._lingering = self._loop.call_later(seconds, self._linger_no_more)

    def _linger_no_more(self) -> None:
        self._lingering = None
        if self._notes and self._unaccompanied is None:
            self._unaccompanied = self._loop.create_task(self._write_notes(), name="store-notes")

    async def _write_notes(self) -> None:
        try:
            await self.run(lambda _: None)
        except Exception as error:  # noqa: BLE001 - what else is written will tell of it
            _log.debug("notes are put off", extra={"error": type(error).__name__})
            self._linger(LINGER_AGAIN)
        finally:
            self._unaccompanied = None


def _undone_if_it_raises(
    connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]
) -> tuple[T | None, BaseException | None]:
    """What ``work`` returns or raises; raised here is what the whole transaction fails with."""
    connection.execute("SAVEPOINT job")
    try:
        result = work(connection)
    except BaseException as error:
        own = not isinstance(error, sqlite3.Error) or isinstance(error, _OWN_ERRORS)
        if not own or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return None, error
    connection.execute("RELEASE job")
    return result, None


def _settle(outcome: _Outcome) -> None:
    if outcome.future.done():
        return  # Cancelled by its caller.
    if outcome.error is None:
        outcome.future.set_result(outcome.result)
    elif isinstance(outcome.error, StopIteration):
        # A future refuses this one.
        outcome.future.set_exception(RuntimeError("StopIteration"))
    else:
        outcome.future.set_exception(outcome.error)
