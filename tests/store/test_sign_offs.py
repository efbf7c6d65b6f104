"""The record of sign-offs only grows, and whoever alters it without the key is found out."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.store import StoreError
from bot.store.contract import Store
from bot.store.sealing import new_key
from bot.store.sign_off_contract import SignedEntry
from bot.store.sqlite import SqliteStore
from tests.store.conftest import World


async def test_what_was_added_is_read_in_order_and_is_sound(store: Store) -> None:
    assert await store.sign_offs.entries() == ()

    assert await store.sign_offs.add("one") == 1
    assert await store.sign_offs.add("two: ñ, “”") == 2

    assert await store.sign_offs.entries() == (
        SignedEntry(1, "one", sound=True),
        SignedEntry(2, "two: ñ, “”", sound=True),
    )


async def test_it_outlives_the_process_and_every_worker_reads_it(world: World) -> None:
    one, other = world.store(), world.store()
    await one.open()
    await one.sign_offs.add("one")
    await other.open()

    await other.sign_offs.add("two")

    assert [entry.text for entry in await one.sign_offs.entries()] == ["one", "two"]
    assert all(entry.sound for entry in await one.sign_offs.entries())
    await one.close()
    await other.close()


async def test_two_who_add_at_once_never_take_one_number(world: World) -> None:
    stores = [world.store(), world.store()]
    for store in stores:
        await store.open()

    added = await asyncio.gather(
        *(store.sign_offs.add(f"{place}") for place in range(6) for store in stores),
        return_exceptions=True,
    )

    numbers = sorted(one for one in added if isinstance(one, int))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers
    assert all(isinstance(one, int | StoreError) for one in added)
    entries = await stores[0].sign_offs.entries()
    assert [entry.number for entry in entries] == numbers
    assert all(entry.sound for entry in entries)
    for store in stores:
        await store.close()


@pytest.mark.parametrize(
    ("tampering", "sound"),
    [
        ("UPDATE sign_off SET text = 'other' WHERE number = 2", [True, False, False]),
        ("UPDATE sign_off SET text = 'other' WHERE number = 1", [False, False, False]),
        ("DELETE FROM sign_off WHERE number = 1", [False, False]),
        ("DELETE FROM sign_off WHERE number = 2", [True, False]),
        (
            "INSERT INTO sign_off VALUES (4, 'four', (SELECT max(seal) FROM sign_off))",
            [True] * 3 + [False],
        ),
        ("UPDATE sign_off SET seal = upper(seal) WHERE number = 3", [True, True, False]),
        (
            "REPLACE INTO sign_off SELECT 3, text, seal FROM sign_off WHERE number = 1",
            [True, True, False],
        ),
    ],
)
async def test_whoever_alters_it_without_the_key_is_found_out(
    tampering: str, sound: list[bool], tmp_path: Path
) -> None:
    path, key = tmp_path / "plumbline.db", new_key()
    store = SqliteStore(path, key)
    await store.open()
    for text in ("one", "two", "three"):
        await store.sign_offs.add(text)
    await store.close()

    with sqlite3.connect(path) as connection:
        connection.execute(tampering)
    connection.close()

    await store.open()
    assert [entry.sound for entry in await store.sign_offs.entries()] == sound
    with pytest.raises(StoreError, match="altered"):
        await store.sign_offs.add("four")
    await store.close()


async def test_it_stays_sound_under_a_new_key(tmp_path: Path) -> None:
    path, old, new = tmp_path / "plumbline.db", new_key(), new_key()
    for key in (old, f"{new},{old}", new):
        store = SqliteStore(path, key)
        await store.open()
        await store.sign_offs.add("again")
        assert all(entry.sound for entry in await store.sign_offs.entries())
        await store.close()


async def test_an_entry_of_another_past_does_not_fit_in(tmp_path: Path) -> None:
    """Somebody puts back a backup, and an entry from after it: the chain does not close."""
    path, key = tmp_path / "plumbline.db", new_key()
    store = SqliteStore(path, key)
    await store.open()
    for text in ("one", "two", "three"):
        await store.sign_offs.add(text)
    await store.close()
    connection = sqlite3.connect(path)
    with connection:
        (three,) = connection.execute("SELECT * FROM sign_off WHERE number = 3").fetchall()
        connection.execute("DELETE FROM sign_off WHERE number > 1")

    await store.open()
    await store.sign_offs.add("another two")
    await store.close()
    with connection:
        connection.execute("INSERT INTO sign_off VALUES (?, ?, ?)", three)
    connection.close()

    await store.open()
    assert [entry.sound for entry in await store.sign_offs.entries()] == [True, True, False]
    await store.close()
