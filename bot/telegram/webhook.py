"""The webhook: Telegram brings each update and is answered 200 only when its effect is committed.

Anything else than 200 makes Telegram bring the update again, which is what a full disk or a stopped
database needs; the store recognises what was applied before.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram.ext import ExtBot

from bot.settings import Settings
from bot.telegram.addresses import Raw, update_id_in
from bot.telegram.setup import by_webhook, introduce, watch_webhook
from bot.web.server import Readiness, serving

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

BODY_LIMIT = 1024 * 1024
"""Bytes of one update; Telegram's own are far smaller."""

PATIENCE = 50.0
"""Seconds an update may take to be committed before Telegram is asked to bring it again."""

Submit = Callable[[int, Raw], asyncio.Future[bool]]
TakeAnswer = Callable[[int], dict[str, Any] | None]


def secret_of(settings: Settings) -> str:
    """What Telegram must show with every update.

    Without WEBHOOK_SECRET it follows from the token, so that every worker of a bot expects the
    same; the token cannot be found from it.
    """
    if settings.webhook_secret is not None:
        return settings.webhook_secret.get_secret_value()
    token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
    return hmac.new(token.encode(), b"plumbline webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Receives updates. `take_answer` gives the call that may be made in the response, if any."""

    def __init__(self, secret: str, submit: Submit, take_answer: TakeAnswer) -> None:
        self._secret = secret.encode()
        self._submit = submit
        self._take_answer = take_answer

    async def receive(self, request: web.Request) -> web.Response:
        """One update.

        Answers 200 once it is settled; 401 without the secret, 415 for anything but JSON, 400 for
        a body that is no update, 413 for one that is too large, 503 if it must come again.
        """
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return web.Response(status=401)
        if request.content_type != "application/json":
            return web.Response(status=415)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        update_id = update_id_in(raw)
        if update_id is None:
            return web.Response(status=400)
        settled = self._submit(update_id, raw)
        try:
            async with asyncio.timeout(PATIENCE):
                done = await asyncio.shield(settled)
        except TimeoutError:
            done = False
        answer = self._take_answer(update_id)
        if not done:
            return web.Response(status=503)
        return web.json_response(answer) if answer else web.Response()


class WebhookServer:
    """Listens where WEBHOOK_LISTEN says, at the path of WEBHOOK_URL, and tells Telegram so."""

    def __init__(
        self,
        settings: Settings,
        bot: ExtBot[Any],
        readiness: Readiness,
        take_answer: TakeAnswer,
    ) -> None:
        self._url = settings.webhook_url or ""
        self._listen = settings.webhook_listen
        self._secret = secret_of(settings)
        self._bot = bot
        self._readiness = readiness
        self._take_answer = take_answer

    async def run(self, submit: Submit, stop: asyncio.Event) -> None:
        """Take what Telegram brings until `stop` is set; what is under way then is finished.

        Raises:
            ServerError: the address cannot be listened on.
            StartError: Telegram refuses the webhook's address.
        """
        webhook = Webhook(self._secret, submit, self._take_answer)
        path = urlsplit(self._url).path or "/"
        routes = [web.post(path, webhook.receive), *self._readiness.routes]
        async with serving(self._listen, routes, body_limit=BODY_LIMIT):
            set_webhook = partial(by_webhook, self._bot, self._url, self._secret)
            if not await introduce(_nothing, set_webhook, stop):
                return
            watching = asyncio.create_task(
                watch_webhook(self._bot, stop), name="telegram-webhook-watch"
            )
            try:
                await stop.wait()
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)

    async def farewell(self) -> None:
        """The webhook stays set: Telegram keeps what comes and brings it to the next start."""


async def _nothing() -> None:
    """The bot has introduced itself already."""
