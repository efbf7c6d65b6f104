"""The part of a store that is about clinics, the same for every database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from secrets import choice
from typing import Any, Final, Protocol, TypeVar

from bot.store import clinic_tables as tables
from bot.store.clinic_contract import (
    REPEAT,
    STAFF_CODE_SECONDS,
    Channel,
    ClinicGoneError,
    Count,
    Delivery,
    Entry,
    Handling,
    Json,
    NewSchedule,
    Scheduled,
    SlugTakenError,
    State,
    StoredClinic,
    StoredIntake,
    Task,
)
from bot.store.clinic_work import add_schedule, end_intake, note, place_of
from bot.store.contract import type_name
from bot.store.errors import DamagedRecordError
from bot.store.sealing import Purpose, Sealer, SealError
from bot.store.work import Row, Work, ask, ask_one

_log = logging.getLogger(__name__)

T = TypeVar("T")

_STAFF_SIGNS: Final = "34679ACDEFGHJKMNPQRTWXY"
_STAFF_CODE_LENGTH: Final = 12
_BATCH: Final = 100


class Database(Protocol):
    """What a store lends: its key, its clock, and a way to run work in one transaction."""

    def sealer(self) -> Sealer:
        """The sealer. Raises StoreError when the store is closed."""

    def now(self) -> float:
        """The time."""

    async def change(self, work: Callable[[], Work[T]], *, erases: bool = False) -> T:
        """Run work in one transaction; ``erases``: what it deletes must leave every file soon.

        ``work`` begins the work, and may be called again if the transaction has to be repeated.
        """

    async def look(self, work: Callable[[], Work[T]]) -> T:
        """Run work that only reads."""


class StoredClinics:
    """A :class:`bot.store.clinic_contract.ClinicStore` in some database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Clinics.

    async def add_clinic(self, clinic: StoredClinic) -> None:
        body = self._sealer.seal(Purpose.CLINIC, clinic.id, clinic.body)
        row = (clinic.id, clinic.slug, body, _joined(clinic.channels), clinic.created_at)

        def work() -> Work[None]:
            if (yield from ask_one(tables.ADD_CLINIC, *row)) is None:
                raise _slug_taken(clinic.slug)

        await self._database.change(work)

    async def clinics(self) -> list[StoredClinic]:
        rows = await self._database.look(lambda: ask(tables.EVERY_CLINIC))
        return list(self._clinics(rows))

    async def change_clinic(
        self, id: str, change: Callable[[StoredClinic], StoredClinic]
    ) -> StoredClinic:
        def work() -> Work[StoredClinic]:
            row = yield from ask_one(tables.FIND_CLINIC, id)
            if row is None:
                raise ClinicGoneError("There is no such clinic any more.")
            before = self._clinic(row)
            after = change(before)
            if after.slug != before.slug and (
                yield from ask_one(tables.FIND_OTHER_BY_SLUG, after.slug, id)
            ):
                raise _slug_taken(after.slug)
            body = self._sealer.seal(Purpose.CLINIC, id, after.body)
            channels = _joined(after.channels)
            yield from ask(tables.CHANGE_CLINIC, id, after.slug, body, channels)
            return replace(before, slug=after.slug, body=after.body, channels=after.channels)

        return await self._database.change(work)

    async def remove_clinic(self, id: str) -> None:
        now = self._database.now()

        def work() -> Work[None]:
            if (yield from ask_one(tables.REMOVE_CLINIC, id, now)) is None:
                raise ClinicGoneError("There is no such clinic any more.")
            yield from ask(tables.WITHDRAW_FROM_CLINIC, id, now)
            yield from ask(tables.CANCEL_FOR_INTAKE_OF, id)
            yield from ask(tables.DELETE_STAFF_CODES, id)
            yield from note(Entry("clinic removed", "operator", id), now)

        await self._database.change(work)

    # Its staff.

    async def new_staff_code(self, clinic: str) -> str:
        code = "".join(choice(_STAFF_SIGNS) for _ in range(_STAFF_CODE_LENGTH))
        now = self._database.now()
        hashed = self._staff_hash(code)

        def work() -> Work[None]:
            if (yield from ask_one(tables.FIND_CLINIC, clinic)) is None:
                raise ClinicGoneError("There is no such clinic any more.")
            yield from ask(tables.ADD_STAFF_CODE, hashed, clinic, now + STAFF_CODE_SECONDS)
            yield from note(Entry("staff code made", "operator", clinic), now)

        await self._database.change(work)
        return "-".join(code[at : at + 4] for at in range(0, _STAFF_CODE_LENGTH, 4))

    async def link_staff(self, code: str, address: str, who: str) -> StoredClinic | None:
        hashed = self._staff_hash(code)
        now = self._database.now()
        group = self._sealer.key_for(address)

        def work() -> Work[StoredClinic | None]:
            row = yield from ask_one(tables.USE_STAFF_CODE, hashed, now)
            if row is None:
                return None
            clinic: str = row[0]
            sealed = self._sealer.seal(Purpose.ADDRESS, clinic, address)
            yield from ask(tables.LEAVE_STAFF, group)
            if (yield from ask_one(tables.LINK_STAFF, clinic, group, sealed)) is None:
                return None
            yield from note(Entry("staff linked", who, clinic), now)
            found = yield from ask_one(tables.FIND_CLINIC, clinic)
            return self._clinic(found) if found else None

        return await self._database.change(work)

    async def unlink_staff(self, address: str, who: str) -> StoredClinic | None:
        group = self._sealer.key_for(address)
        now = self._database.now()

        def work() -> Work[StoredClinic | None]:
            row = yield from ask_one(tables.LEAVE_STAFF, group)
            if row is None:
                return None
            yield from note(Entry("staff unlinked", who, row[0]), now)
            found = yield from ask_one(tables.FIND_CLINIC, row[0])
            return self._clinic(found) if found else None

        return await self._database.change(work)

    async def clinic_of_staff(self, address: str) -> StoredClinic | None:
        group = self._sealer.key_for(address)
        row = await self._database.look(lambda: ask_one(tables.FIND_BY_STAFF, group))
        return self._clinic(row) if row else None

    # Intakes.

    async def intake(self, id_or_reference: str) -> StoredIntake | None:
        def work() -> Work[StoredIntake | None]:
            row = yield from ask_one(tables.FIND_INTAKE, id_or_reference)
            if row is None:
                return None
            deliveries = yield from ask(tables.DELIVERIES_OF, row[0])
            return self._intake(row, [self._delivery(one) for one in deliveries])

        return await self._database.look(work)

    async def intakes(
        self, *, clinic: str | None = None, since: float = 0.0, most: int = 1000
    ) -> list[StoredIntake]:
        if clinic is None:
            return await self._intakes(tables.LATEST, since, most)
        return await self._intakes(tables.LATEST_OF_CLINIC, since, most, clinic)

    async def intakes_of(self, address: str) -> list[StoredIntake]:
        return await self._intakes(tables.OF_PATIENT, self._sealer.key_for(address))

    async def handle_intake(self, id: str, by: str, who: str) -> Handling | None:
        now = self._database.now()

        def work() -> Work[Handling | None]:
            row = yield from ask_one(tables.FIND_INTAKE, id)
            if row is None:
                return None
            clinic: str = row[2]
            sealed = self._sealer.seal(Purpose.HANDLED, place_of(clinic, id), by)
            if (yield from ask_one(tables.HANDLE_INTAKE, id, now, sealed)) is not None:
                yield from ask(tables.CANCEL_KIND_OF, id, REPEAT)
                yield from note(Entry("handled", who, clinic, id), now)
            row = yield from ask_one(tables.FIND_INTAKE, id)
            return self._handling(row) if row else None

        return await self._database.change(work)

    async def forget_intake(self, id: str, who: str) -> bool:
        now = self._database.now()
        clinic = await self._database.change(
            lambda: end_intake(id, now, Entry("forgotten", who)), erases=True
        )
        return clinic is not None

    # Deliveries.

    async def claim_deliveries(
        self, channels: Sequence[Channel], *, most: int, lease: float
    ) -> list[Delivery]:
        now = self._database.now()

        def work() -> Work[list[Delivery]]:
            ids: list[int] = []
            for channel in channels:
                found = yield from ask(tables.FIND_DUE_DELIVERIES, now, channel, most - len(ids))
                ids += [row[0] for row in found]
            claimed: list[tuple[int, float, Delivery]] = []
            for id in ids:
                yield from ask(tables.CLAIM_DELIVERY, id, now + lease)
                row = yield from ask_one(tables.FIND_CLAIMED, id)
                if row is not None:
                    delivery = self._delivery(row)
                    claimed.append((row[14], delivery.queued_at, delivery))
            claimed.sort(key=lambda one: one[:2])
            return [delivery for _, _, delivery in claimed]

        # Asked for every few seconds, and nearly always there is nothing: no need to write then.
        if not await self._any_due(tables.ANY_DUE_DELIVERY, now):
            return []
        return await self._database.change(work)

    async def delivered(self, delivery: Delivery, note: Json | None = None) -> bool:
        return await self._settle(delivery, State.DELIVERED, "", note)

    async def fail_delivery(self, delivery: Delivery, error: str) -> bool:
        return await self._settle(delivery, State.FAILED, type_name(error), None)

    async def retry_delivery(self, delivery: Delivery, at: float, error: str) -> bool:
        row = (delivery.id, delivery.attempts, at, type_name(error))
        return await self._did(tables.RETRY_DELIVERY, *row)

    async def queue_delivery(self, intake: str, channel: Channel) -> bool:
        now = self._database.now()

        def work() -> Work[bool]:
            row = yield from ask_one(tables.FIND_INTAKE, intake)
            if row is None or row[5] is None:
                return False
            if (yield from ask_one(tables.FIND_CHANNELS, row[2])) is None:
                return False
            ranked = yield from ask_one(tables.RANK_OF_INTAKE, row[0])
            rank = ranked[0] if ranked and ranked[0] is not None else 0
            queued = (row[0], row[2], channel, Task.INTAKE, rank, now)
            yield from ask(tables.ADD_DELIVERY_AGAIN, *queued)
            return True

        return await self._database.change(work)

    async def deliveries(self, states: Sequence[State], *, most: int = 1000) -> list[Delivery]:
        def work() -> Work[list[Delivery]]:
            rows: list[Row] = []
            for state in states:
                rows += yield from ask(tables.DELIVERIES_IN, state, most)
            return [self._delivery(row) for row in rows]

        found = await self._database.look(work)
        return sorted(found, key=lambda one: (one.queued_at, one.id))[:most]

    # Schedules.

    async def schedule(self, address: str, new: NewSchedule) -> None:
        sealer, now = self._sealer, self._database.now()
        patient = sealer.key_for(address)
        await self._database.change(lambda: add_schedule(sealer, patient, address, new, now))

    async def claim_schedules(
        self, kinds: Sequence[str], *, most: int, lease: float
    ) -> list[Scheduled]:
        now = self._database.now()

        def work() -> Work[list[Scheduled]]:
            ids: list[int] = []
            for kind in kinds:
                found = yield from ask(tables.FIND_DUE_SCHEDULES, now, kind, most - len(ids))
                ids += [row[0] for row in found]
            claimed = []
            for id in ids:
                row = yield from ask_one(tables.CLAIM_SCHEDULE, id, now + lease)
                scheduled = self._scheduled(row) if row else None
                if scheduled is not None:
                    claimed.append(scheduled)
            return sorted(claimed, key=lambda one: (one.due, one.id))

        if not await self._any_due(tables.ANY_DUE_SCHEDULE, now):
            return []
        return await self._database.change(work)

    async def finish_schedule(self, scheduled: Scheduled) -> bool:
        return await self._did(tables.FINISH_SCHEDULE, scheduled.id, scheduled.attempts)

    async def postpone_schedule(self, scheduled: Scheduled, due: float) -> bool:
        return await self._did(tables.POSTPONE_SCHEDULE, scheduled.id, scheduled.attempts, due)

    # What is kept of it all.

    async def note(self, entry: Entry) -> None:
        now = self._database.now()
        await self._database.change(lambda: note(entry, now))

    async def trail(self, *, intake: str | None = None, most: int = 1000) -> list[Entry]:
        if intake is None:
            rows = await self._database.look(lambda: ask(tables.TRAIL, most))
        else:
            rows = await self._database.look(lambda: ask(tables.TRAIL_OF, most, intake))
        return [Entry(what, who, clinic, id, at) for what, who, clinic, id, at in rows]

    async def counts(self) -> list[Count]:
        rows = await self._database.look(lambda: ask(tables.FIND_COUNTS))
        return [Count(*row) for row in rows]

    async def purge(self, before: float) -> int:
        """Delete intakes, deliveries and schedules from before this time; how many intakes."""
        now = self._database.now()

        def step() -> Work[int]:
            rows = yield from ask(tables.FIND_OLD_INTAKES, before, _BATCH)
            for (intake,) in rows:
                yield from ask(tables.DELETE_DELIVERIES, intake)
                yield from ask(tables.CANCEL_SUBJECT, intake)
                yield from ask(tables.DELETE_INTAKE, intake)
            yield from ask(tables.PURGE_SCHEDULES, before)
            yield from ask(tables.PURGE_STAFF_CODES, now)
            return len(rows)

        # In steps, so that patients who are waiting get their turn in between.
        deleted = gone = await self._database.change(step, erases=True)
        while gone == _BATCH:
            gone = await self._database.change(step, erases=True)
            deleted += gone
        return deleted

    # Rows, opened.

    @property
    def _sealer(self) -> Sealer:
        return self._database.sealer()

    def _staff_hash(self, code: str) -> str:
        bare = "".join(sign for sign in code.upper() if sign.isalnum())
        return self._sealer.key_for(f"staff code {bare}")

    async def _did(self, statement: str, *values: object) -> bool:
        row = await self._database.change(lambda: ask_one(statement, *values))
        return row is not None

    async def _any_due(self, statement: str, now: float) -> bool:
        return await self._database.look(lambda: ask_one(statement, now)) is not None

    async def _settle(
        self, delivery: Delivery, state: State, error: str, note: Json | None
    ) -> bool:
        now = self._database.now()
        sealed = None if note is None else self._sealer.seal(Purpose.NOTE, delivery.intake, note)
        fence = (delivery.id, delivery.attempts)

        def work() -> Work[bool]:
            if (yield from ask_one(tables.SETTLE_DELIVERY, *fence, state, now, error, sealed)):
                return True
            if sealed is not None:
                yield from ask(tables.NOTE_WITHDRAWN, *fence, sealed)
            return False

        return await self._database.change(work)

    async def _intakes(self, which: str, *values: object) -> list[StoredIntake]:
        def work() -> Work[list[StoredIntake]]:
            rows = yield from ask(tables.INTAKES + which, *values)
            found = yield from ask(tables.DELIVERIES_OF_ALL.format(which=which), *values)
            by_intake: dict[str, list[Delivery]] = {}
            for row in found:
                delivery = self._delivery(row)
                by_intake.setdefault(delivery.intake, []).append(delivery)
            return [self._intake(row, by_intake.get(row[0], [])) for row in rows]

        return await self._database.look(work)

    def _intake(self, row: Row, deliveries: Sequence[Delivery]) -> StoredIntake:
        id, reference, clinic, patient, created_at, body, gone_at, _, _ = row
        return StoredIntake(
            id=id,
            reference=reference,
            clinic=clinic,
            patient=patient or "",
            created_at=created_at,
            body=self._opened(Purpose.INTAKE, place_of(clinic, id), body),
            gone_at=gone_at,
            handling=self._handling(row),
            deliveries=tuple(deliveries),
        )

    def _handling(self, row: Row) -> Handling | None:
        id, clinic, at, by = row[0], row[2], row[7], row[8]
        if at is None:
            return None
        return Handling(at, self._opened(Purpose.HANDLED, place_of(clinic, id), by) or "")

    def _delivery(self, row: Row) -> Delivery:
        id, intake, reference, clinic, channel, task, state, attempts, due = row[:9]
        last_error, queued_at, settled_at, sealed, body = row[9:14]
        return Delivery(
            id=id,
            intake=intake,
            reference=reference,
            clinic=clinic,
            channel=Channel(channel),
            task=Task(task),
            state=State(state),
            attempts=attempts,
            next_try=due,
            last_error=last_error,
            queued_at=queued_at,
            settled_at=settled_at,
            note=self._opened(Purpose.NOTE, intake, sealed),
            body=self._opened(Purpose.INTAKE, place_of(clinic, intake), body),
        )

    def _scheduled(self, row: Row) -> Scheduled | None:
        id, kind, due, patient, to, subject, body, attempts = row
        address = self._opened(Purpose.ADDRESS, patient, to)
        if address is None:
            return None
        opened = self._opened(Purpose.SCHEDULE, patient, body)
        return Scheduled(id, kind, due, patient, address, subject, opened, attempts)

    def _clinics(self, rows: Iterable[Row]) -> Iterable[StoredClinic]:
        for row in rows:
            try:
                yield self._clinic(row)
            except DamagedRecordError as error:
                _log.error("%s", error)  # One that cannot be read is not the others' trouble.

    def _clinic(self, row: Row) -> StoredClinic:
        id, slug, body, channels, address, created_at, removed_at = row
        opened = self._opened(Purpose.CLINIC, id, body)
        if opened is None:
            raise DamagedRecordError(f"What is stored of the clinic {slug} cannot be opened.")
        return StoredClinic(
            id=id,
            slug=slug,
            body=opened,
            channels=tuple(Channel(one) for one in channels.split()),
            staff=self._opened(Purpose.ADDRESS, id, address),
            created_at=created_at,
            removed_at=removed_at,
        )

    def _opened(self, purpose: Purpose, place: str, sealed: bytes | None) -> Any:
        """What is sealed; None if there is nothing, or it cannot be opened with any key."""
        if sealed is None:
            return None
        try:
            return self._sealer.open(purpose, place, sealed)
        except SealError as error:
            _log.error("%s of %s: %s", purpose, place, error)
            return None


def _joined(channels: Iterable[Channel]) -> str:
    return " ".join(channels)


def _slug_taken(slug: str) -> SlugTakenError:
    return SlugTakenError(f"There is a clinic {slug} already: choose another short name.")
