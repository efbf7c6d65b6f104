"""The store in one SQLite file, for one machine. No server, nothing to set up.

Writes go through one thread (:mod:`bot.store.writer`). A commit is on the disk before its caller
hears of it. What is deleted is overwritten, and leaves the write-ahead log at the next quiet
moment. Several processes may have the file open at once.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.store import clinic_tables, files, schema
from bot.store.clinic_contract import ClinicStore
from bot.store.clinic_work import apply_clinical, forget_patient
from bot.store.contract import (
    UNSET,
    Applied,
    Decide,
    Effect,
    Held,
    Json,
    Purged,
    Sending,
    StoreError,
    Unset,
    type_name,
)
from bot.store.rows import hour_of, open_address, open_held, open_live, open_sendings
from bot.store.sealing import Purpose, Sealer, SealError
from bot.store.sent import Sent
from bot.store.sign_off_contract import SignOffStore
from bot.store.sqlite_work import SqliteDatabase, carry_out
from bot.store.stored_clinics import StoredClinics
from bot.store.stored_sign_offs import StoredSignOffs
from bot.store.writer import Writer

_log = logging.getLogger(__name__)

T = TypeVar("T")

_Found = tuple[int | None, bytes | None, bytes | None, int | None]
"""Whether an event was applied; the sealed record, the sealed live note, the hour of the change."""

_BATCH: Final = 500
_CHECKPOINT_AGAIN_SECONDS: Final = 1.0
_WAL_KEPT_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Decided:
    """What follows from what was found: the effect, and what of it is stored, sealed."""

    found: _Found
    effect: Effect
    record: bytes
    sends: list[bytes]


class SqliteStore:
    """A :class:`bot.store.contract.Store` in the file ``path``.

    ``data_key`` is what DATA_KEY holds; None: the key is kept in a file beside the database.
    ``clock`` gives the time in seconds since the epoch. ``patience`` is for how many seconds a file
    locked by another process is waited for.
    """

    def __init__(
        self,
        path: Path,
        data_key: str | None = None,
        *,
        clock: Callable[[], float] = time.time,
        patience: float = 5.0,
    ) -> None:
        self._path = path
        self._data_key = data_key
        self._clock = clock
        self._patience = patience
        self._sealer: Sealer | None = None
        self._writer: Writer | None = None
        self._reader: sqlite3.Connection | None = None
        self._erased = False
        self._applying: Counter[str] = Counter()
        self._sent = Sent()
        database = SqliteDatabase(
            self._open_sealer, clock, self._write, self._open_reader, self._erase, self._explain
        )
        self._clinics = StoredClinics(database)
        self._sign_offs = StoredSignOffs(database)

    @property
    def shared(self) -> bool:
        return False

    @property
    def clinics(self) -> ClinicStore:
        return self._clinics

    @property
    def sign_offs(self) -> SignOffStore:
        return self._sign_offs

    async def open(self) -> None:
        if self._writer is not None:
            return
        self._sealer = None
        self._sent = Sent()
        writer = Writer(self._connect, self._begin, self._explain, self._rest)
        await writer.start()
        try:
            # Reads take microseconds, less than handing them to a thread, and never wait for the
            # writer; so they are done right here.
            self._reader = self._bare_connection()
            self._reader.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            await writer.stop()
            raise self._explain(error) from error
        self._writer = writer

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._writer is not None:
            await self._writer.stop()
            self._writer = None

    def key_for(self, address: str) -> str:
        return self._open_sealer().key_for(address)

    async def apply(
        self, address: str, event_id: str | None, decide: Decide, *, also: tuple[str, ...] = ()
    ) -> Applied:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        query = (event_id, patient)

        def decided(found: _Found) -> _Decided:
            done, body, live, _ = found
            effect = decide(open_held(sealer, patient, body, live), done is not None)
            kept = effect.changed and effect.body is not None
            return _Decided(
                found,
                effect,
                sealer.seal(Purpose.RECORD, patient, effect.body) if kept else b"",
                [sealer.seal(Purpose.SEND, patient, send) for send in effect.sends],
            )

        beforehand: _Decided | None = None
        if patient not in self._applying:
            # Here rather than in the writer's thread: two threads that compute get in each other's
            # way. Whether nothing has changed meanwhile is seen to in the transaction; whatever is
            # raised here is raised there again, if it still holds.
            with contextlib.suppress(Exception):
                beforehand = decided(self._found(query))

        def work(connection: sqlite3.Connection) -> Applied:
            found = connection.execute(schema.FIND_EVENT_AND_CONVERSATION, query).fetchone()
            made = beforehand
            if made is None or found[:2] != made.found[:2]:
                made = decided(found)
            effect = made.effect
            now = self._clock()
            if event_id is not None and found[0] is None:
                connection.execute(schema.WRITE_EVENT, (event_id, now))
            for id in also:
                connection.execute(schema.WRITE_EVENT, (id, now))
            if effect.changed and effect.body is None:
                connection.execute(schema.DELETE_CONVERSATION, (patient,))
                connection.execute(schema.DELETE_PENDING, (patient,))
                carry_out(connection, forget_patient(patient, now))
                self._erased = True
            elif effect.changed:
                if found[3] == hour_of(now):
                    connection.execute(schema.WRITE_BODY, (made.record, now, patient))
                else:
                    connection.execute(
                        schema.WRITE_CONVERSATION, (made.record, now, hour_of(now), patient)
                    )
            if effect.clinical is not None:
                carry_out(
                    connection, apply_clinical(sealer, patient, address, effect.clinical, now)
                )
                self._erased = self._erased or bool(effect.clinical.withdraw)
            ids = self._queue(connection, sealer, address, made.sends, now)
            return Applied(effect, _all_there_is(connection, patient, address, ids, effect.sends))

        self._applying[patient] += 1
        try:
            return await self._write(work)
        finally:
            self._applying[patient] -= 1
            if not self._applying[patient]:
                del self._applying[patient]

    async def read(self, address: str) -> Held | None:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        found = self._rows(schema.FIND_CONVERSATION, (patient,))
        if not found:
            return None
        body, live = found[0]
        return open_held(sealer, patient, body, self._sent.live(patient, live))

    async def live(self, address: str) -> Json | None:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        found = self._rows(schema.FIND_LIVE, (patient,))
        return open_live(sealer, patient, self._sent.live(patient, found[0][0])) if found else None

    async def set_aside(
        self, event_id: str, address: str | None, error: str, sends: tuple[Json, ...] = ()
    ) -> None:
        sealer = self._open_sealer()
        if address is None and sends:
            raise ValueError("sends need an address")
        kind = type_name(error)
        patient = None if address is None else sealer.key_for(address)
        sealed = [sealer.seal(Purpose.SEND, patient or "", send) for send in sends]

        def work(connection: sqlite3.Connection) -> None:
            now = self._clock()
            if connection.execute(schema.WRITE_EVENT, (event_id, now)).rowcount:
                connection.execute(schema.WRITE_SET_ASIDE, (event_id, kind, now))
                if address is not None:
                    self._queue(connection, sealer, address, sealed, now)

        await self._write(work)

    async def pending(self, address: str) -> list[Sending]:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        sent = self._sent.ids(patient)
        rows = self._rows(schema.FIND_PENDING, (patient,))
        left = ((id, body, attempts) for id, _, body, attempts in rows if id not in sent)
        return open_sendings(sealer, patient, address, left)

    async def claim(self, address: str) -> list[Sending]:
        # One worker to a file: nobody else could be at it, nor take over.
        return await self.pending(address)

    async def unclaimed(self) -> list[str]:
        return []

    async def addresses_pending(self) -> list[tuple[str, float]]:
        sealer = self._open_sealer()
        if self._sent:
            await self._write(lambda _: None)
        waiting = []
        for patient, sealed, due in self._rows(schema.FIND_ALL_PENDING, ()):
            address = open_address(sealer, patient, sealed)
            if address is not None:
                waiting.append((address, due))
        return waiting

    async def sent(self, sending: Sending, live: Json | Unset | None = UNSET) -> None:
        sealer = self._open_sealer()
        id, patient = row = (sending.id, sending.patient)
        if self._writer is None or not self._rows(schema.FIND_SENDING, row):
            return
        note: bytes | Unset | None
        note = sealer.seal(Purpose.LIVE, patient, live) if isinstance(live, dict) else live

        def work(connection: sqlite3.Connection) -> None:
            there = connection.execute(schema.DELETE_SENDING, row).rowcount
            if there and not isinstance(note, Unset):
                connection.execute(schema.WRITE_LIVE, (note, patient))

        self._sent.add(patient, id, note)
        self._writer.note(work, lambda: self._sent.remove(patient, id))

    async def postpone(self, sending: Sending, until: float) -> None:
        row = (until, sending.id, sending.patient)
        await self._change(schema.POSTPONE, row)

    async def drop(self, sending: Sending) -> None:
        await self._change(schema.DELETE_SENDING, (sending.id, sending.patient))

    async def drop_all(self, address: str) -> None:
        await self._change(schema.DELETE_PENDING, (self.key_for(address),))

    async def file_of(self, channel: str, picture: str) -> str | None:
        found = self._rows(schema.FIND_FILE, (channel, picture))
        return found[0][0] if found else None

    async def keep_file(self, channel: str, picture: str, file: str) -> None:
        await self._change(schema.WRITE_FILE, (channel, picture, file, self._clock()))

    async def purge(self, *, records_before: float, events_before: float) -> Purged:
        await self._purge(schema.PURGE_FILES, records_before)
        return Purged(
            records=await self._purge(
                schema.PURGE_CONVERSATIONS, hour_of(records_before), records_before
            ),
            sends=await self._purge(schema.PURGE_OUTBOX, records_before),
            events=await self._purge(schema.PURGE_EVENTS, events_before),
            set_aside=await self._purge(schema.PURGE_SET_ASIDE, records_before),
            intakes=await self._clinics.purge(records_before),
        )

    async def healthy(self) -> bool:
        try:
            await self._change(schema.BEAT, (self._clock(),))
        except StoreError:
            return False
        return True

    # In the event loop's thread.

    def _open_sealer(self) -> Sealer:
        if self._writer is None or self._sealer is None:
            raise StoreError("The database is closed.")
        return self._sealer

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._writer is None:
            raise StoreError("The database is closed.")
        return await self._writer.run(work)

    def _found(self, query: tuple[str | None, str]) -> _Found:
        done, body, live, hour = self._rows(schema.FIND_EVENT_AND_CONVERSATION, query)[0]
        return done, body, self._sent.live(query[1], live), hour

    def _open_reader(self) -> sqlite3.Connection:
        if self._reader is None:
            raise StoreError("The database is closed.")
        return self._reader

    def _erase(self) -> None:
        self._erased = True

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        reader = self._open_reader()
        try:
            return reader.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._explain(error) from error

    async def _change(self, statement: str, values: tuple[object, ...]) -> int:
        return await self._write(lambda c: c.execute(statement, values).rowcount)

    async def _purge(self, statement: str, *before: float) -> int:
        def step(connection: sqlite3.Connection) -> int:
            gone = connection.execute(statement, (*before, _BATCH)).rowcount
            self._erased = self._erased or gone > 0
            return gone

        # In steps, so that patients who are waiting get their turn in between.
        deleted = gone = await self._write(step)
        while gone == _BATCH:
            gone = await self._write(step)
            deleted += gone
        return deleted

    # In either thread.

    def _bare_connection(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=self._patience,
            isolation_level=None,
        )

    def _explain(self, error: sqlite3.Error) -> StoreError:
        # The low byte is the kind of error, the rest a shade of it.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        line = _EXPLAINED.get(code, f"The database {{path}} does not work ({error}).")
        return StoreError(line.replace("{path}", str(self._path)))

    # In the writer's thread.

    def _connect(self) -> sqlite3.Connection:
        try:
            if self._sealer is None:
                keys = files.prepare(self._path, self._data_key)
                connection = self._bare_connection()
                try:
                    self._check(connection)
                    self._set_up(connection)
                    self._sealer = self._unlock(connection, Sealer(keys))
                except BaseException:
                    connection.close()
                    raise
            else:
                # Again, after a failure: a file that has vanished meanwhile is not made anew.
                connection = self._bare_connection()
                self._set_up(connection)
        except sqlite3.Error as error:
            raise self._explain(error) from error
        self._file = self._path.stat()
        return connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        # A file that was deleted or replaced can still be written, and all of it would be lost.
        try:
            same = os.path.samestat(self._file, self._path.stat())
        except OSError:
            same = False
        if not same:
            raise StoreError(
                f"The database {self._path} was removed or replaced while it was in use: put it "
                "back, then start again."
            )
        connection.execute("BEGIN IMMEDIATE")

    def _check(self, connection: sqlite3.Connection) -> None:
        try:
            schema.check_ours(connection)
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode != "wal":
                raise StoreError("its folder must be on a local disk")
            schema.migrate(connection, self._clock())
        except StoreError as error:
            raise StoreError(
                f"The database {self._path} cannot be used: {error}; let DATABASE_URL name another "
                "file."
            ) from None

    @staticmethod
    def _set_up(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")

    def _unlock(self, connection: sqlite3.Connection, sealer: Sealer) -> Sealer:
        # One process makes the charter of a new database, the others then find it.
        connection.execute(schema.WRITE_CHARTER_OF_NEW, (sealer.charter(),))
        (charter,) = connection.execute(schema.FIND_CHARTER).fetchone()
        try:
            sealer = sealer.under(charter)
        except SealError:
            beside = files.key_file(self._path)
            hint = f" (it may be the one in {beside})" if self._data_key and beside.exists() else ""
            raise StoreError(
                f"The DATA_KEY does not belong to this database, {self._path}: set the one it was "
                f"made with{hint}."
            ) from None
        if not charter.startswith(sealer.header):
            self._reseal(connection, sealer)
        return sealer

    def _reseal(self, connection: sqlite3.Connection, sealer: Sealer) -> None:
        """Seal everything with the first key, so that the others may be forgotten.

        The charter comes last: a kill in between means that the rest is done at the next start.
        """

        def again(purpose: Purpose, patient: str, sealed: bytes | None) -> bytes | None:
            if sealed is None or sealed.startswith(sealer.header):
                return sealed
            try:
                return sealer.seal(purpose, patient, sealer.open(purpose, patient, sealed))
            except SealError as error:
                _log.error("%s of chat %s is left as it is: %s", purpose, patient, error)
                return sealed

        translated = clinic_tables.for_sqlite
        for find, write, columns, first in (
            (
                schema.EVERY_CONVERSATION,
                schema.RESEAL_CONVERSATION,
                (Purpose.RECORD, Purpose.LIVE),
                0,
            ),
            (schema.EVERY_SENDING, schema.RESEAL_SENDING, (Purpose.ADDRESS, Purpose.SEND), 0),
            *(
                (translated(one.every), translated(one.write), one.purposes, one.first)
                for one in clinic_tables.SEALED
            ),
        ):
            last: int | str = first
            while True:
                connection.execute("BEGIN IMMEDIATE")
                rows = connection.execute(find, (last, _BATCH)).fetchall()
                for id, patient, *sealed in rows:
                    renewed = [again(p, patient, s) for p, s in zip(columns, sealed, strict=True)]
                    connection.execute(write, (*renewed, id))
                    last = id
                connection.execute("COMMIT")
                if len(rows) < _BATCH:
                    break
        connection.execute(schema.WRITE_CHARTER, (sealer.charter(),))
        self._erased = True

    def _rest(self, connection: sqlite3.Connection) -> float | None:
        if not self._erased:
            return None
        try:
            # What was deleted is overwritten in the database, but old pages are still in the log.
            # Another process that is reading is not waited for: patients may come meanwhile.
            connection.execute("PRAGMA busy_timeout = 0")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute(f"PRAGMA busy_timeout = {round(self._patience * 1000)}")
        except sqlite3.Error:
            busy = 1
        self._erased = bool(busy)
        return _CHECKPOINT_AGAIN_SECONDS if busy else None

    @staticmethod
    def _queue(
        connection: sqlite3.Connection,
        sealer: Sealer,
        address: str,
        sealed: Sequence[bytes],
        now: float,
    ) -> list[int]:
        """Queue what is sealed already. Returns the ids of its entries."""
        if not sealed:
            return []
        patient = sealer.key_for(address)
        to = sealer.seal_address(patient, address)
        return [
            connection.execute(schema.QUEUE, (patient, to, body, now, now)).lastrowid or 0
            for body in sealed
        ]


def _all_there_is(
    connection: sqlite3.Connection,
    patient: str,
    address: str,
    ids: Sequence[int],
    sends: Sequence[Json],
) -> tuple[Sending, ...] | None:
    """The entries just queued, if no others wait before them."""
    if not ids or connection.execute(schema.FIND_FIRST_SENDING, (patient,)).fetchone()[0] != ids[0]:
        return None
    return tuple(
        Sending(id, patient, address, body, 0) for id, body in zip(ids, sends, strict=True)
    )


_MAY_NOT_WRITE = (
    "The database {path} cannot be opened for writing: let this user write the file and its "
    "folder, or let DATABASE_URL name a file elsewhere."
)
_EXPLAINED: Final = {
    sqlite3.SQLITE_FULL: "The disk of the database {path} is full: free some space on it.",
    sqlite3.SQLITE_IOERR: (
        "The disk of the database {path} cannot be read or written: check that it works and has "
        "space left."
    ),
    sqlite3.SQLITE_BUSY: (
        "The database {path} is locked by another program: close that program, then try again."
    ),
    sqlite3.SQLITE_LOCKED: (
        "The database {path} is locked by another program: close that program, then try again."
    ),
    sqlite3.SQLITE_READONLY: _MAY_NOT_WRITE,
    sqlite3.SQLITE_CANTOPEN: _MAY_NOT_WRITE,
    sqlite3.SQLITE_PERM: _MAY_NOT_WRITE,
    sqlite3.SQLITE_NOTADB: (
        "The file {path} is not a database: let DATABASE_URL name another file."
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The database {path} is damaged: put back a copy of it, or let DATABASE_URL name another "
        "file."
    ),
}
