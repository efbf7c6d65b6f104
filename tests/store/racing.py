"""One of several workers that get the same events at the same time.

Run as ``python -m tests.store.racing URL KEY``. Says on standard output which events it was the one
to apply, then how many it found applied.
"""

from __future__ import annotations

import asyncio
import sys

from bot.store.contract import Effect, Held
from bot.store.postgres import PostgresStore

PATIENTS = 5
EVENTS = 60


async def main() -> None:
    store = PostgresStore(sys.argv[1], sys.argv[2])
    await store.open()
    sys.stdin.readline()  # All begin together.
    repetitions = 0

    async def take(patient: int, event: int) -> None:
        nonlocal repetitions
        flags: list[bool] = []

        def decide(held: Held | None, repeated: bool) -> Effect:
            flags.append(repeated)
            seen = held.body["seen"] if held else []
            if repeated:
                assert event in seen
                return Effect(None, changed=False)
            return Effect({"seen": [*seen, event]}, ({"seen": len(seen) + 1},))

        await store.apply(f"test:{patient}", f"{patient}:{event}", decide)
        if flags[-1]:
            repetitions += 1
        else:
            sys.stdout.write(f"{patient} {event}\n")

    await asyncio.gather(*(take(p, e) for e in range(EVENTS) for p in range(PATIENTS)))
    sys.stdout.write(f"repeated {repetitions}\n")
    await store.close()


if __name__ == "__main__":
    asyncio.run(main())
