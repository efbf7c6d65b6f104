"""Waiting for something to happen, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Rung when something changed; whoever waits looks again.

    Unlike a condition variable it needs no lock to ring, so plain code can do it; everything
    happens on one event loop.
    """

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everyone who waits."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, condition: Callable[[], T], timeout: float | None) -> T:
        """Wait until `condition` gives something truthy, and return that.

        Raises:
            TimeoutError: it did not within `timeout` seconds (`None`: no limit).
        """
        if outcome := condition():
            return outcome
        async with asyncio.timeout(timeout):
            while not (outcome := condition()):
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.add(waiter)
                try:
                    await waiter
                finally:
                    self._waiters.discard(waiter)
        return outcome
