"""What codes stand for, as far as this process knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from bot.clinic.clinics import Clinic, LinkCode
from bot.clinic.directory import SOONEST, Directory, Found, Readings
from bot.store.clinic_contract import StoredClinic
from bot.store.sqlite import SqliteStore
from tests.clinic.making import CORDOBA, OVER, RIVERSIDE, WORKS

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "plumbline.db")
    await store.open()
    yield store
    await store.close()


def directory(*clinics: Clinic) -> Directory:
    return Directory(clinics, lambda: NOW)


def test_a_code_stands_for_its_clinic_and_no_other() -> None:
    known = directory(RIVERSIDE, CORDOBA)
    assert known.find(WORKS).clinic == RIVERSIDE
    assert known.find("cordoba333").clinic == CORDOBA
    assert known.find("") == known.find("nonsense") == Found()


def test_a_code_works_until_its_time() -> None:
    assert directory(RIVERSIDE).find(OVER) == Found(expired=True)
    later = LinkCode(code=OVER, until=datetime(2027, 1, 1, tzinfo=UTC))
    assert directory(RIVERSIDE.model_copy(update={"codes": (later,)})).find(OVER).clinic


def test_a_removed_clinic_has_no_patients() -> None:
    removed = RIVERSIDE.model_copy(update={"removed_at": NOW})
    known = directory(removed)
    assert known.find(WORKS) == known.find(OVER) == Found(removed=True)
    assert known.of(str(RIVERSIDE.id)) is None


async def test_what_others_change_is_known_after_a_reading(store: SqliteStore) -> None:
    known = directory()
    readings = Readings(known, store.clinics)
    await store.clinics.add_clinic(RIVERSIDE.stored())
    assert known.find(WORKS) == Found()
    await readings.read()
    assert known.find(WORKS).clinic == RIVERSIDE
    await store.clinics.remove_clinic(str(RIVERSIDE.id))
    await readings.read()
    assert known.find(WORKS) == Found(removed=True)


async def test_a_new_code_is_learned_when_it_comes(store: SqliteStore) -> None:
    known = directory()
    readings = Readings(known, store.clinics)
    await readings.read()
    await store.clinics.add_clinic(RIVERSIDE.stored())
    await readings.learn(WORKS)
    assert known.find(WORKS).clinic == RIVERSIDE


async def test_a_thousand_wrong_codes_do_not_read_a_thousand_times(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[float] = []
    all_clinics = store.clinics.clinics

    async def counted() -> list[StoredClinic]:
        read.append(monotonic())
        return await all_clinics()

    monkeypatch.setattr(store.clinics, "clinics", counted)
    readings = Readings(directory(), store.clinics)
    began = monotonic()
    await asyncio.gather(*(readings.learn(f"nonsense{n}") for n in range(1000)))
    assert len(read) <= 2 + (monotonic() - began) / SOONEST


async def test_a_clinic_that_cannot_be_read_does_not_hide_the_others(store: SqliteStore) -> None:
    await store.clinics.add_clinic(StoredClinic("c9", "broken", {"name": "Broken"}))
    await store.clinics.add_clinic(RIVERSIDE.stored())
    known = directory()
    await Readings(known, store.clinics).read()
    assert known.of(str(RIVERSIDE.id)) == RIVERSIDE


async def test_a_clinic_is_stored_as_it_is(store: SqliteStore) -> None:
    await store.clinics.add_clinic(RIVERSIDE.stored())
    (stored,) = await store.clinics.clinics()
    assert Clinic.of(stored) == RIVERSIDE


async def test_no_secret_is_shown_by_accident() -> None:
    clinic = RIVERSIDE.model_copy(update={"fhir_token": "sesame", "webhook_keys": ()})
    assert "sesame" not in repr(clinic)
