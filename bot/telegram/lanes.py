"""One lane per chat: in order within a chat, side by side between chats.

A lane exists only while its chat has work, and takes one item at a turn, so that a chat with a
hundred messages waiting delays another chat by one message and not by a hundred.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from bot.telegram.quiet import kind_of, place_of

log = logging.getLogger(__name__)

Item = TypeVar("Item")

AT_ONCE = 64
"""Chats that are worked for at the same time."""

WAITING = 200
"""Items that may wait in one lane; what comes on top is refused, not kept in memory."""


class Lanes(Generic[Item]):
    """Runs ``work`` for every submitted item; ``work`` tells whether the item is settled.

    An item that is not settled (its effect is not committed) is refused together with everything
    that waits behind it in its lane: whoever submitted them brings them again, in order.

    Where many wait, ``together`` says how many of them, from the first on, are one piece of work,
    which ``work_together`` does; all of them are settled, or none.
    """

    def __init__(
        self,
        work: Callable[[Item], Awaitable[bool]],
        *,
        together: Callable[[Sequence[Item]], int] = lambda _: 0,
        work_together: Callable[[Sequence[Item]], Awaitable[bool]] | None = None,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
    ) -> None:
        self._work = work
        self._together = together
        self._work_together = work_together
        self._at_once = at_once
        self._waiting = waiting
        self._lanes: dict[Hashable, deque[tuple[Item, asyncio.Future[bool]]]] = {}
        self._ready: deque[Hashable] = deque()
        self._workers: set[asyncio.Task[None]] = set()
        self._working = 0

    def __len__(self) -> int:
        """How many chats have work."""
        return len(self._lanes)

    def submit(self, chat: Hashable, item: Item) -> asyncio.Future[bool]:
        """Put an item at the end of its chat's lane. The future tells whether it was settled."""
        settled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = deque()
            self._ready.append(chat)
            if self._working < self._at_once:
                # Counted here and in the worker itself: a finished task leaves the set later.
                self._working += 1
                worker = asyncio.create_task(self._worker(), name="telegram-lane")
                self._workers.add(worker)
                worker.add_done_callback(self._workers.discard)
        elif len(lane) >= self._waiting:
            settled.set_result(False)
            return settled
        lane.append((item, settled))
        return settled

    async def finish(self, seconds: float) -> None:
        """Return when nothing is left to do; what takes longer is broken off and not settled."""
        if self._workers:
            _, late = await asyncio.wait(set(self._workers), timeout=seconds)
            for worker in late:
                worker.cancel()
            if late:
                await asyncio.wait(late)
        for lane in self._lanes.values():
            _refuse(lane)
        self._lanes.clear()
        self._ready.clear()

    async def _worker(self) -> None:
        try:
            await self._take_turns()
        finally:
            self._working -= 1

    async def _take_turns(self) -> None:
        while self._ready:
            chat = self._ready.popleft()
            lane = self._lanes[chat]
            items, settled = self._taken(lane)
            done = False
            try:
                done = await self._done(items)
            except Exception as error:  # noqa: BLE001 - a lane must outlive whatever its work does
                log.error("lane failed", extra={"error": kind_of(error), "at": place_of(error)})
            finally:
                for one in settled:
                    if not one.done():
                        one.set_result(done)
                if not done:
                    _refuse(lane)
                if lane:
                    self._ready.append(chat)
                else:
                    del self._lanes[chat]

    def _taken(
        self, lane: deque[tuple[Item, asyncio.Future[bool]]]
    ) -> tuple[list[Item], list[asyncio.Future[bool]]]:
        """Take the next piece of work out of a lane."""
        count = 1
        if len(lane) > 1 and self._work_together is not None:
            count = max(1, self._together([item for item, _ in lane]))
        taken = [lane.popleft() for _ in range(count)]
        return [item for item, _ in taken], [settled for _, settled in taken]

    async def _done(self, items: list[Item]) -> bool:
        if len(items) == 1 or self._work_together is None:
            return await self._work(items[0])
        return await self._work_together(items)


def _refuse(lane: deque[tuple[Item, asyncio.Future[bool]]]) -> None:
    while lane:
        settled = lane.popleft()[1]
        if not settled.done():
            settled.set_result(False)
