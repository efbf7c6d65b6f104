"""A worker that gets stuck while it has a patient.

Run as ``python -m tests.store.stuck URL KEY deciding|sending``. It stops in the middle of a
transaction, or after it has claimed what is to be sent, and says so.
"""

from __future__ import annotations

import asyncio
import sys
import time

from bot.store.contract import Effect, Held
from bot.store.postgres import PostgresStore

ADDRESS = "test:stuck"


def be_stuck() -> None:
    sys.stdout.write("stuck\n")
    sys.stdout.flush()
    time.sleep(600)


async def main() -> None:
    store = PostgresStore(sys.argv[1], sys.argv[2], alive=0.5)
    await store.open()

    def decide(held: Held | None, repeated: bool) -> Effect:
        be_stuck()
        return Effect({"by": "the stuck one"}, ({"n": 1},))

    if sys.argv[3] == "sending":
        await store.apply(ADDRESS, "e1", lambda held, repeated: Effect({}, ({"n": 1}, {"n": 2})))
        await store.sent((await store.claim(ADDRESS))[0])
        await asyncio.sleep(0.3)  # Some heartbeats.
        be_stuck()
    await store.apply(ADDRESS, "e1", decide)


if __name__ == "__main__":
    asyncio.run(main())
