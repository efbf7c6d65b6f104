"""The store in PostgreSQL, for several workers on any number of machines.

One conversation is locked at a time. Every change to a patient takes an advisory lock on the
patient key for the length of its transaction; a lock of the row would not do, because a stranger
has none yet. The id of the event is noted only under that lock: the same event at two workers at
once waits for the first of them and is then seen to be done, or not to be if the first one failed.

The outbox belongs to all workers. Whoever claims the first entry of a patient has this patient
until nothing is left or until that worker is gone: it closed its store, or has not been heard of
for some seconds. Another one then finds what is unclaimed by asking now and then. It is not told by
NOTIFY, because that makes commits wait for one another, and nearly always the worker that queued an
entry sends it a moment later.

What is deleted is gone for every statement at once, but PostgreSQL overwrites it only when it needs
the room: until then, and in the write-ahead log, archives and backups for as long as those are
kept, the sealed text remains, which nobody opens without DATA_KEY.

A connection to the server itself, or a pooler that keeps a session to its client, is needed. If the
connection is lost in the very moment of a commit, the call fails although it may have taken effect;
the event then comes again and is seen to be done.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.store import clinic_tables
from bot.store import postgres_schema as schema
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
from bot.store.postgres_calls import Calls, commit
from bot.store.postgres_work import PostgresDatabase, carry_out
from bot.store.rows import SendingRow, hour_of, open_address, open_held, open_live, open_sendings
from bot.store.sealing import KeyFormatError, Purpose, Sealer, SealError, parse_keys
from bot.store.sign_off_contract import SignOffStore
from bot.store.stored_clinics import StoredClinics
from bot.store.stored_sign_offs import StoredSignOffs

if TYPE_CHECKING:
    from bot.store.postgres_calls import Connection

_log = logging.getLogger(__name__)

T = TypeVar("T")

ALIVE_SECONDS: Final = 10.0
"""For how long a worker is thought to be there after it was last heard of."""

OPEN_SECONDS: Final = 300.0
"""How long opening may take: migrations, a change of keys, and waiting for a worker at it."""

_WORKER: Final = "worker"
_BEATS: Final = 4
_BATCH: Final = 500
_MOST_UNCLAIMED: Final = 200


class _Raised:
    """What a decision raised, apart from what the database raises."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class PostgresStore:
    """A :class:`bot.store.contract.Store` in the database of ``url``, and one of its workers.

    ``data_key`` is what DATA_KEY holds, the same for all workers. ``clock`` gives the time in
    seconds since the epoch. ``alive`` is for how many seconds the other workers think this one is
    there when they do not hear of it; it must be the same for all of them.
    """

    def __init__(
        self,
        url: str,
        data_key: str | None,
        *,
        clock: Callable[[], float] = time.time,
        alive: float = ALIVE_SECONDS,
    ) -> None:
        self._calls = Calls(url)
        self._data_key = data_key
        self._clock = clock
        self._alive = alive
        self._sealer: Sealer | None = None
        self._worker = 0
        self._beating: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        database = PostgresDatabase(self._open_sealer, clock, self._calls)
        self._clinics = StoredClinics(database)
        self._sign_offs = StoredSignOffs(database)

    @property
    def shared(self) -> bool:
        return True

    @property
    def clinics(self) -> ClinicStore:
        return self._clinics

    @property
    def sign_offs(self) -> SignOffStore:
        return self._sign_offs

    async def open(self) -> None:
        async with self._opening:
            if self._sealer is not None:
                return
            sealer = Sealer(self._keys())
            try:
                async with asyncio.timeout(OPEN_SECONDS):
                    sealer = await self._calls.prepare(lambda c: self._set_up(c, sealer))
                    await self._calls.open()
            except TimeoutError:
                raise StoreError(
                    "The database is not ready after minutes: see whether another worker is still "
                    "migrating it."
                ) from None
            self._worker = secrets.randbits(63)
            self._sealer = sealer

    async def close(self) -> None:
        async with self._opening:
            if self._sealer is None:
                return
            self._sealer = None
            if self._beating is not None:
                self._beating.cancel()
                await asyncio.wait((self._beating,))
                self._beating = None
                with contextlib.suppress(StoreError):
                    await self._calls.run(
                        lambda c: c.execute(schema.BE_GONE, self._worker), turn=_WORKER
                    )
            await self._calls.close()

    def key_for(self, address: str) -> str:
        return self._open_sealer().key_for(address)

    async def apply(
        self, address: str, event_id: str | None, decide: Decide, *, also: tuple[str, ...] = ()
    ) -> Applied:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)

        async def work(connection: Connection) -> Effect | _Raised:
            await connection.execute(schema.begin_for(patient))
            now = self._clock()
            repeated = False
            if event_id is None:
                row = await connection.fetchrow(schema.FIND_CONVERSATION, patient)
            else:
                row = await connection.fetchrow(
                    schema.CLAIM_EVENT_AND_FIND_CONVERSATION, event_id, now, patient
                )
                repeated = row is not None and not row["claimed"]
            body, live = (row["body"], row["live"]) if row else (None, None)
            try:
                effect = decide(open_held(sealer, patient, body, live), repeated)
                changed = effect.changed and effect.body is not None
                record = sealer.seal(Purpose.RECORD, patient, effect.body) if changed else b""
                sends = [sealer.seal(Purpose.SEND, patient, send) for send in effect.sends]
            except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the caller
                await connection.execute("ROLLBACK")
                return _Raised(error)
            if also:
                await connection.executemany(schema.CLAIM_EVENT, [(id, now) for id in also])
            to = sealer.seal_address(patient, address) if sends else b""
            if changed:
                await connection.execute(
                    schema.WRITE_CONVERSATION_AND_QUEUE,
                    *(patient, record, now, hour_of(now), to, sends),
                )
            else:
                if effect.changed:
                    # In the order in which `sent` does it, lest each wait for the other.
                    await connection.execute(schema.DELETE_PENDING, patient)
                    await connection.execute(schema.DELETE_CONVERSATION, patient)
                    await carry_out(connection, forget_patient(patient, now))
                if sends:
                    await connection.execute(schema.QUEUE, patient, to, now, sends)
            if effect.clinical is not None:
                await carry_out(
                    connection, apply_clinical(sealer, patient, address, effect.clinical, now)
                )
            await commit(connection)
            return effect

        outcome = await self._calls.run(work, turn=patient)
        if isinstance(outcome, _Raised):
            if isinstance(outcome.error, StopIteration):
                raise RuntimeError("StopIteration")  # A coroutine may not raise that one.
            raise outcome.error
        return Applied(outcome)

    async def read(self, address: str) -> Held | None:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        row = await self._calls.run(lambda c: c.fetchrow(schema.FIND_CONVERSATION, patient))
        return open_held(sealer, patient, row["body"], row["live"]) if row else None

    async def live(self, address: str) -> Json | None:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        row = await self._calls.run(lambda c: c.fetchrow(schema.FIND_LIVE, patient))
        return open_live(sealer, patient, row["live"]) if row else None

    async def set_aside(
        self, event_id: str, address: str | None, error: str, sends: tuple[Json, ...] = ()
    ) -> None:
        sealer = self._open_sealer()
        if address is None and sends:
            raise ValueError("sends need an address")
        kind = type_name(error)
        patient = None if address is None else sealer.key_for(address)
        sealed = [sealer.seal(Purpose.SEND, patient or "", send) for send in sends]

        async def work(connection: Connection) -> None:
            await connection.execute(schema.begin_for(patient) if patient else "BEGIN")
            now = self._clock()
            if await connection.execute(schema.CLAIM_EVENT, event_id, now) == "INSERT 0 1":
                await connection.execute(schema.WRITE_SET_ASIDE, event_id, kind, now)
                if patient and sealed:
                    to = sealer.seal_address(patient, address)
                    await connection.execute(schema.QUEUE, patient, to, now, sealed)
            await commit(connection)

        await self._calls.run(work, turn=patient)

    async def pending(self, address: str) -> list[Sending]:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        rows = await self._calls.run(lambda c: c.fetch(schema.FIND_PENDING, patient))
        return open_sendings(sealer, patient, address, _sending_rows(rows))

    async def claim(self, address: str) -> list[Sending]:
        sealer = self._open_sealer()
        patient = sealer.key_for(address)
        if self._beating is None:
            await self._be_alive()
            if self._beating is None:
                self._beating = asyncio.create_task(self._beat(), name="store-beat")
        rows = await self._calls.run(
            lambda c: c.fetch(
                schema.CLAIM_PENDING, patient, self._worker, self._clock(), self._alive
            )
        )
        return open_sendings(sealer, patient, address, sorted(_sending_rows(rows)))

    async def unclaimed(self) -> list[str]:
        sealer = self._open_sealer()
        rows = await self._calls.run(
            lambda c: c.fetch(schema.FIND_UNCLAIMED, self._clock(), self._alive, _MOST_UNCLAIMED)
        )
        return [
            address
            for row in rows
            if (address := open_address(sealer, row["patient"], row["address"])) is not None
        ]

    async def addresses_pending(self) -> list[tuple[str, float]]:
        sealer = self._open_sealer()
        rows = await self._calls.run(lambda c: c.fetch(schema.FIND_ALL_PENDING))
        return [
            (address, row["due"])
            for row in rows
            if (address := open_address(sealer, row["patient"], row["address"])) is not None
        ]

    async def sent(self, sending: Sending, live: Json | Unset | None = UNSET) -> None:
        sealer = self._open_sealer()
        row = (sending.id, sending.patient)
        if isinstance(live, Unset):
            await self._change(schema.DELETE_SENDING, *row)
        else:
            note = None if live is None else sealer.seal(Purpose.LIVE, sending.patient, live)
            await self._change(schema.DELETE_SENDING_AND_NOTE_LIVE, *row, note)

    async def postpone(self, sending: Sending, until: float) -> None:
        await self._change(schema.POSTPONE, until, sending.id, sending.patient)

    async def drop(self, sending: Sending) -> None:
        await self._change(schema.DELETE_SENDING, sending.id, sending.patient)

    async def drop_all(self, address: str) -> None:
        await self._change(schema.DELETE_PENDING, self.key_for(address))

    async def file_of(self, channel: str, picture: str) -> str | None:
        self._open_sealer()
        row = await self._calls.run(lambda c: c.fetchrow(schema.FIND_FILE, channel, picture))
        return row["file"] if row else None

    async def keep_file(self, channel: str, picture: str, file: str) -> None:
        await self._change(schema.WRITE_FILE, channel, picture, file, self._clock())

    async def purge(self, *, records_before: float, events_before: float) -> Purged:
        await self._change(schema.FORGET_THE_GONE)
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
            await self._change(schema.BEAT, self._clock())
        except StoreError:
            return False
        return True

    def _open_sealer(self) -> Sealer:
        if self._sealer is None:
            raise StoreError("The database is closed.")
        return self._sealer

    async def _change(self, statement: str, *values: object) -> int:
        """Run one statement by itself; how many rows it changed."""
        self._open_sealer()
        status = await self._calls.run(lambda c: c.execute(statement, *values))
        return int(status.rpartition(" ")[2])

    async def _purge(self, statement: str, *before: float) -> int:
        # In steps, so that patients who are waiting get their turn in between.
        deleted = gone = await self._change(statement, *before, _BATCH)
        while gone == _BATCH:
            gone = await self._change(statement, *before, _BATCH)
            deleted += gone
        return deleted

    async def _be_alive(self) -> None:
        self._open_sealer()
        await self._calls.run(
            lambda c: c.execute(schema.BE_ALIVE, self._worker, self._alive), turn=_WORKER
        )

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._alive / _BEATS)
            try:
                await self._be_alive()
            except StoreError as error:
                _log.debug("other workers do not hear of this one: %s", error)

    # While it opens.

    def _keys(self) -> tuple[bytes, ...]:
        try:
            if self._data_key is not None:
                return parse_keys(self._data_key)
        except KeyFormatError:
            pass
        raise StoreError(
            "DATA_KEY does not hold a key (32 bytes in urlsafe base64, 44 characters), which "
            "PostgreSQL needs: set the one of the other workers."
        )

    async def _set_up(self, connection: Connection, sealer: Sealer) -> Sealer:
        try:
            await schema.migrate(connection, self._clock())
        except StoreError as error:
            raise StoreError(
                f"The database of DATABASE_URL cannot be used: {error}; let DATABASE_URL name "
                "another one."
            ) from None
        # One worker makes the charter of a new database, the others then find it.
        await connection.execute(schema.WRITE_CHARTER_OF_NEW, sealer.charter())
        charter = await connection.fetchval(schema.FIND_CHARTER)
        try:
            sealer = sealer.under(charter)
        except SealError:
            raise StoreError(
                "The DATA_KEY does not belong to the database of DATABASE_URL: set the one it was "
                "made with."
            ) from None
        if not charter.startswith(sealer.header):
            await self._reseal(connection, sealer)
        return sealer

    async def _reseal(self, connection: Connection, sealer: Sealer) -> None:
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

        resealed = (
            clinic_tables.Sealed(
                schema.EVERY_CONVERSATION,
                schema.RESEAL_CONVERSATION,
                (Purpose.RECORD, Purpose.LIVE),
                "",
            ),
            clinic_tables.Sealed(
                schema.EVERY_SENDING, schema.RESEAL_SENDING, (Purpose.ADDRESS, Purpose.SEND), 0
            ),
            *clinic_tables.SEALED,
        )
        for table in resealed:
            last = table.first
            more = True
            while more:
                async with connection.transaction():
                    rows = await connection.fetch(table.every, last, _BATCH)
                    for place, patient, *sealed in rows:
                        renewed = [
                            again(p, patient, s)
                            for p, s in zip(table.purposes, sealed, strict=True)
                        ]
                        await connection.execute(table.write, *renewed, place)
                        last = place
                more = len(rows) == _BATCH
        await connection.execute(schema.WRITE_CHARTER, sealer.charter())


def _sending_rows(rows: Sequence[Any]) -> list[SendingRow]:
    return [(row["id"], row["body"], row["attempts"]) for row in rows]
