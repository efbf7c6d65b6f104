"""Small HTTP servers, each on an address of its own."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.settings import Listen
from bot.web.metrics import Metrics

TELEGRAM_SILENT = 120.0
"""Seconds without one successful call to Telegram until the process is not ready."""

SHUTDOWN = 10.0
"""Seconds that requests under way are given when a server stops."""


class ServerError(Exception):
    """A server cannot listen; the text is one line that says what to do."""


class Readiness:
    """Whether the process can serve: the database can be written and Telegram is heard.

    `sign_off` gives details on the protocol that runs. They do not change whether it can serve.
    """

    def __init__(
        self,
        store_is_healthy: Callable[[], Awaitable[bool]],
        last_heard: Callable[[], float],
        sign_off: Callable[[], Awaitable[dict[str, object]]] | None = None,
    ) -> None:
        self._store_is_healthy = store_is_healthy
        self._last_heard = last_heard
        self._sign_off = sign_off

    async def healthz(self, _: web.Request) -> web.Response:
        """The process answers, so it lives."""
        return web.json_response({"status": "ok"})

    async def readyz(self, _: web.Request) -> web.Response:
        """200 if the process can serve, else 503; the details say which part cannot."""
        silent = time.monotonic() - self._last_heard()
        parts = {
            "database": await self._store_is_healthy(),
            "telegram": silent < TELEGRAM_SILENT,
        }
        ready = all(parts.values())
        body = {
            "ready": ready,
            **{part: "ok" if sound else "unavailable" for part, sound in parts.items()},
            "seconds_since_telegram": round(silent, 1),
            **(await self._sign_off() if self._sign_off is not None else {}),
        }
        return web.json_response(body, status=200 if ready else 503)

    @property
    def routes(self) -> list[web.RouteDef]:
        """The routes that load balancers and orchestrators ask."""
        return [web.get("/healthz", self.healthz), web.get("/readyz", self.readyz)]


def metrics_route(metrics: Metrics) -> web.RouteDef:
    """The route that Prometheus asks."""

    async def scrape(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return web.get("/metrics", scrape)


@asynccontextmanager
async def serving(
    listen: Listen, routes: Iterable[web.RouteDef], *, body_limit: int = 1024
) -> AsyncIterator[None]:
    """Serve these routes on an address.

    Raises:
        ServerError: the address cannot be listened on.
    """
    application = web.Application(client_max_size=body_limit)
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, listen.host, listen.port).start()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ServerError(
                f"cannot listen on {listen.host}:{listen.port}: {reason}; choose another address."
            ) from None
        yield
    finally:
        await runner.cleanup()
