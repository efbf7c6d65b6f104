"""A reverse proxy before several workers, reduced to what matters: who gets an update."""

from __future__ import annotations

import asyncio
import itertools
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

HEADERS = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")


class Proxy:
    """Brings updates to workers by turns; who is not there is passed over.

    With `to_all` each update is brought to all workers at once, and one success is enough.
    """

    def __init__(self, *ports: int) -> None:
        self.ports = ports
        self.port = 0
        self.to_all = False
        self.headers: dict[str, str] = {}
        """Those of the newest update, to bring one by hand."""
        self._turns = itertools.cycle(range(len(ports)))
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._runner is not None
        assert self._session is not None
        await self._runner.cleanup()
        await self._session.close()

    async def bring(self, port: int, body: bytes) -> web.Response:
        """Bring an update to one worker. Raises ClientConnectorError when it is not there."""
        assert self._session is not None
        url = f"http://127.0.0.1:{port}/telegram"
        try:
            async with self._session.post(url, data=body, headers=self.headers) as answer:
                return web.Response(
                    status=answer.status,
                    body=await answer.read(),
                    content_type=answer.content_type,
                )
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientError, TimeoutError):
            return web.Response(status=502)

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        self.headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
        if self.to_all:
            return await self._bring_to_all(body)
        for _ in self.ports:
            try:
                return await self.bring(self.ports[next(self._turns)], body)
            except aiohttp.ClientConnectorError:
                continue
        return web.Response(status=502)

    async def _bring_to_all(self, body: bytes) -> web.Response:
        answers = await asyncio.gather(*(self.bring(port, body) for port in self.ports))
        return min(answers, key=lambda answer: answer.status)
