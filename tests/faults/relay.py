"""The wire between the program and Telegram, which can be bad."""

from __future__ import annotations

import asyncio
import itertools
from enum import Enum
from types import TracebackType
from typing import Self


class Harm(Enum):
    """What happens to an answer."""

    HALF_CLOSED = "nothing comes, and the other side says that it has ended"
    CUT = "half of it comes, then the connection breaks"


class Relay:
    """Carries bytes to and from a port; every `every`-th piece of an answer is harmed, by turns."""

    def __init__(self, to: int, *, every: int) -> None:
        self._to = to
        self._every = every
        self._pieces = itertools.count(1)
        self._harms = itertools.cycle(Harm)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.harmed = 0

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def heal(self) -> None:
        """From now on everything comes through."""
        self._every = 0

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        back: asyncio.StreamWriter | None = None
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
            asking = asyncio.create_task(self._ask(reader, back))
            try:
                await self._answer(there, writer)
            finally:
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass  # One side has gone, or the test is over.
        finally:
            for side in (writer, back):
                if side is not None:
                    side.transport.abort()
            self._tasks.discard(task)

    async def _ask(self, reader: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            back.write(piece)
            await back.drain()

    async def _answer(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await there.read(65536):
            if not self._every or next(self._pieces) % self._every:
                writer.write(piece)
                await writer.drain()
                continue
            self.harmed += 1
            if next(self._harms) is Harm.CUT:
                writer.write(piece[: len(piece) // 2])
                await writer.drain()
                writer.transport.abort()
                return
            writer.write_eof()
