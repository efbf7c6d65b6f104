"""A process that is killed while it writes: says on standard output what was acknowledged.

Run as ``python -m tests.store.killed DATABASE KEY``, a file or an address. Each event of a patient adds one to their
number, one id to the events done and one entry to the outbox.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.store.contract import Effect, Held, Store
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SqliteStore

PATIENTS = 20


def address(patient: int) -> str:
    return f"test:{patient}"


def store_at(database: str, key: str) -> Store:
    if database.startswith("postgresql:"):
        return PostgresStore(database, key)
    return SqliteStore(Path(database), key)


async def answer_for_ever(store: Store, patient: int) -> None:
    held = await store.read(address(patient))
    number = held.body["number"] if held else 0
    while True:
        number += 1

        def decide(held: Held | None, repeated: bool, number: int = number) -> Effect:
            assert not repeated
            assert (held.body["number"] if held else 0) == number - 1
            return Effect({"number": number}, ({"number": number},))

        await store.apply(address(patient), f"{patient}:{number}", decide)
        sys.stdout.write(f"{patient} {number}\n")
        sys.stdout.flush()


async def main() -> None:
    store = store_at(sys.argv[1], sys.argv[2])
    await store.open()
    await asyncio.gather(*(answer_for_ever(store, patient) for patient in range(PATIENTS)))


if __name__ == "__main__":
    asyncio.run(main())
