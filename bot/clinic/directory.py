"""The clinics as this process knows them: read now and then, asked at every step.

What a patient is shown needs their clinic at once and without asking the database. So it may be a
few seconds old; whether a clinic still takes intakes is settled by the store, when one is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from bot.clinic.clinics import Clinic
from bot.store.clinic_contract import ClinicStore
from bot.store.errors import StoreError

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two readings."""

SOONEST = 0.2
"""Seconds between two readings that were asked for by a code nobody knows."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a code of a link stands for: a clinic, or why there is none.

    Without a clinic and neither `expired` nor `removed` nobody knows the code.
    """

    clinic: Clinic | None = None
    expired: bool = False
    removed: bool = False


class Directory:
    """Clinics by id and by the codes of their links."""

    def __init__(
        self,
        clinics: Iterable[Clinic] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._now = now
        self._by_id: dict[str, Clinic] = {}
        self._by_code: dict[str, Clinic] = {}
        self.hold(clinics)

    def hold(self, clinics: Iterable[Clinic]) -> None:
        """Know these clinics, and no others."""
        everyone = list(clinics)
        self._by_id = {str(one.id): one for one in everyone}
        self._by_code = {code.code: one for one in everyone for code in one.codes}

    def of(self, id: str) -> Clinic | None:
        """The clinic, unless it is removed."""
        clinic = self._by_id.get(id)
        return clinic if clinic is not None and clinic.removed_at is None else None

    def find(self, code: str) -> Found:
        """What a code stands for."""
        clinic = self._by_code.get(code)
        if clinic is None:
            return Found()
        if clinic.removed_at is not None:
            return Found(removed=True)
        now = self._now()
        if not any(one.code == code and one.works(now) for one in clinic.codes):
            return Found(expired=True)
        return Found(clinic)


class Readings:
    """Keeps a directory as fresh as the store."""

    def __init__(self, directory: Directory, store: ClinicStore) -> None:
        self._directory = directory
        self._store = store
        self._reading = asyncio.Lock()
        self._read_at = -SOONEST

    async def read(self) -> None:
        """Read all clinics now.

        Raises:
            StoreError: the directory is as it was.
        """
        clinics = []
        for stored in await self._store.clinics():
            try:
                clinics.append(Clinic.of(stored))
            except ValueError as error:
                log.error("clinic unreadable", extra={"clinic": stored.slug, "error": error})
        self._directory.hold(clinics)
        self._read_at = monotonic()

    async def learn(self, code: str) -> None:
        """Read them if nobody knows this code: its clinic may be a moment old.

        Raises:
            StoreError: the directory is as it was.
        """
        asked_at = monotonic()
        async with self._reading:
            known = self._directory.find(code)
            if known != Found() or self._read_at > asked_at:
                return
            # Somebody who tries codes waits, and nobody else.
            await asyncio.sleep(max(0.0, self._read_at + SOONEST - monotonic()))
            await self.read()

    async def keep_fresh(self) -> None:
        """Read them now and again, until cancelled."""
        while True:
            try:
                await self.read()
            except StoreError as error:
                log.warning("clinics not read", extra={"error": type(error).__name__})
            await asyncio.sleep(EVERY)
