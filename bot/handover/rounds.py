"""Works off what is claimed from a store: some at once, looking again now and then, until stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar

from bot.store.contract import StoreError

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks when nobody said that there is something."""

T = TypeVar("T")


class Rounds(Generic[T]):
    """Claims with ``claim`` (at most how many), works each off with ``work``, at most ``at_once``.

    What ``work`` raises is logged by its type and harms nothing else.
    """

    def __init__(
        self,
        claim: Callable[[int], Awaitable[list[T]]],
        work: Callable[[T], Awaitable[None]],
        *,
        at_once: int,
        name: str,
    ) -> None:
        self._claim = claim
        self._work = work
        self._at_once = at_once
        self._name = name
        self._woken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something now. Returns at once."""
        self._woken.set()

    async def run(self, stop: asyncio.Event, grace: float) -> None:
        """Work until ``stop`` is set; what is under way then is given ``grace`` seconds."""
        stopping = asyncio.create_task(self._wake_when(stop), name=f"{self._name}-stop")
        try:
            while not stop.is_set():
                self._woken.clear()
                room = self._at_once - len(self._tasks)
                claimed = await self._claimed(room) if room else []
                for one in claimed:
                    task = asyncio.create_task(self._worked(one), name=self._name)
                    self._tasks.add(task)
                    task.add_done_callback(self._done)
                if len(claimed) < room or not room:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._woken.wait(), EVERY)
        finally:
            stopping.cancel()
            await self._finish(grace)

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    async def _claimed(self, most: int) -> list[T]:
        try:
            return await self._claim(most)
        except StoreError as error:
            log.warning(
                "nothing claimed", extra={"worker": self._name, "error": type(error).__name__}
            )
        except Exception as error:  # noqa: BLE001 - the next look may find it well
            log.error("claim broken", extra={"worker": self._name, "error": type(error).__name__})
        return []

    async def _worked(self, one: T) -> None:
        try:
            await self._work(one)
        except Exception as error:  # noqa: BLE001 - it is had again when its lease ends
            log.error("work failed", extra={"worker": self._name, "error": type(error).__name__})

    def _done(self, task: asyncio.Task[None]) -> None:
        full = len(self._tasks) >= self._at_once
        self._tasks.discard(task)
        if full:
            self._woken.set()

    async def _finish(self, grace: float) -> None:
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=grace)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
