"""A process whose files may not grow any more, then may again.

Run as ``python -m tests.store.full_disk DATABASE KEY``; exit status 0 if all was as it must be.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

from bot.store.contract import Effect, Held, StoreError
from bot.store.sqlite import SqliteStore


def limit(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


async def main() -> None:
    path = Path(sys.argv[1])
    store = SqliteStore(path, sys.argv[2])
    await store.open()
    await store.apply("test:1", "first", lambda held, repeated: Effect({"n": 0}))
    log = path.with_name(path.name + "-wal")

    limit(log.stat().st_size + 200_000)
    done: list[int] = []
    refused: list[int] = []
    lines: list[str] = []

    async def answer(n: int) -> None:
        try:
            await store.apply(
                f"test:{n}", f"e{n}", lambda held, repeated: Effect({"n": n}, ({"x": "y" * 3000},))
            )
        except StoreError as error:
            lines.append(str(error))
            refused.append(n)
        else:
            done.append(n)

    for n in range(2, 60):
        await answer(n)
    await asyncio.gather(*(answer(n) for n in range(60, 120)))
    assert done, "the limit came too early for this test"
    assert len(refused) > 60, refused
    assert all("disk" in line and "\n" not in line for line in lines), lines
    for n in done:
        assert await store.read(f"test:{n}") == Held({"n": n}, None)
    for n in refused:
        assert await store.read(f"test:{n}") is None
        assert await store.pending(f"test:{n}") == []

    limit(resource.RLIM_INFINITY)
    assert await store.healthy()
    for n in refused:
        repetitions: list[bool] = []

        def again(
            held: Held | None, repeated: bool, n: int = n, to: list[bool] = repetitions
        ) -> Effect:
            to.append(repeated)
            return Effect({"n": n})

        await store.apply(f"test:{n}", f"e{n}", again)
        assert repetitions == [False]
    await store.close()
    store = SqliteStore(path, sys.argv[2])
    await store.open()
    for n in (*done, *refused):
        assert await store.read(f"test:{n}") == Held({"n": n}, None)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main())
