"""How updates reach the bot: long polling or a webhook."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from .errors import Refused, breach
from .parameters import Parameters
from .updates import DEFAULT_KINDS, Updates, Waiting

MAX_POLL_SECONDS = 50
MAX_SECRET = 256
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_WAIT = 60.0

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


Respond = Callable[[dict[str, Any]], Awaitable[None]]
"""Carries out the call that a bot makes in its response to a webhook's post."""


class Delivery:
    """Hands updates to whoever asks, or carries them to the webhook."""

    def __init__(
        self, updates: Updates, respond: Respond, *, webhook_via: str | None, webhook_wait: float
    ) -> None:
        self._updates = updates
        self._respond = respond
        self._poll: object = None
        self._poll_ended = ""
        self._via = webhook_via
        self._wait = webhook_wait
        self.webhook: Webhook | None = None
        self.methods: dict[str, Callable[[Parameters], Any]] = {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.webhook_info,
        }

    async def get_updates(self, call: Parameters) -> list[dict[str, Any]]:
        if self.webhook is not None:
            raise _conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        offset = call.integer("offset")
        limit = call.integer("limit", 100, 1, 100)
        timeout = call.integer("timeout", 0, 0, MAX_POLL_SECONDS)
        self._updates.allow(call.values.get("allowed_updates"))
        if offset < 0:
            self._updates.forget_all_but(-offset)
        elif offset > 0:
            self._updates.confirm_below(offset)
        offset = max(offset, 0)
        ready = self._updates.ready(offset, limit)
        if timeout and not ready:
            ready = await self._long_poll(offset, limit, timeout)
        for update in ready:
            update.handed_out = True
        return [update.body for update in ready]

    async def _long_poll(self, offset: int, limit: int, timeout: int) -> list[Waiting]:
        """Wait for an update. Of two who wait, the earlier is turned away."""
        self._end_poll(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        mine = self._poll = object()
        try:
            await self._updates.arrived.until(
                lambda: self._poll is not mine or self._updates.ready(offset, 1), timeout
            )
        except TimeoutError:
            return []
        finally:
            ended = self._poll is not mine
            if not ended:
                self._poll = None
        if ended:
            raise _conflict(self._poll_ended)
        return self._updates.ready(offset, limit)

    def _end_poll(self, reason: str) -> None:
        if self._poll is not None:
            self._poll, self._poll_ended = None, reason
            self._updates.arrived.ring()

    async def set_webhook(self, call: Parameters) -> bool:
        url = call.text("url")
        if not url:
            return await self.delete_webhook(call)
        target = urlsplit(url)
        if not target.hostname:
            raise breach("invalid webhook URL specified")
        if target.scheme != "https" and target.hostname not in _LOOPBACK:
            raise breach("bad webhook: An HTTPS URL must be provided for webhook")
        secret = call.text("secret_token")
        if len(secret) > MAX_SECRET:
            raise breach("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise breach("secret token contains unallowed characters")
        await self.close()
        self._end_poll("terminated by setWebhook request")
        self._updates.allow(call.values.get("allowed_updates"))
        if call.flag("drop_pending_updates"):
            self._updates.forget_all_but(0)
        self.webhook = Webhook(
            self._updates,
            url=url,
            reached_at=self._reached_at(url),
            secret=secret,
            max_connections=call.integer("max_connections", 40, 1, 100),
            first_wait=self._wait,
            respond=self._respond,
        )
        return True

    def _reached_at(self, url: str) -> str:
        """The URL behind the proxy that takes the TLS off, where there is one."""
        if self._via is None:
            return url
        via, public = urlsplit(self._via), urlsplit(url)
        return urlunsplit((via.scheme, via.netloc, public.path, public.query, ""))

    async def delete_webhook(self, call: Parameters) -> bool:
        await self.close()
        if call.flag("drop_pending_updates"):
            self._updates.forget_all_but(0)
        return True

    def webhook_info(self, _: Parameters) -> dict[str, Any]:
        info: dict[str, Any] = {"url": ""} if self.webhook is None else self.webhook.info()
        info["has_custom_certificate"] = False
        info["pending_update_count"] = len(self._updates)
        if self._updates.kinds != DEFAULT_KINDS:
            info["allowed_updates"] = sorted(self._updates.kinds)
        return info

    async def close(self) -> None:
        """End the webhook, and the requests it has under way."""
        while self.webhook is not None:  # somebody may set another one meanwhile
            webhook, self.webhook = self.webhook, None
            await webhook.close()


class Webhook:
    """Posts updates to a URL: those of one chat in order, those of several at once.

    Args:
        url: as the bot gave it.
        reached_at: where it is reached from here.
        secret: sent with every update, unless empty.
        max_connections: posts under way at once.
        first_wait: seconds before the second try of an update; doubles from try to try.
        respond: carries out the call that stands in a response.
    """

    def __init__(
        self,
        updates: Updates,
        *,
        url: str,
        reached_at: str,
        secret: str,
        max_connections: int,
        first_wait: float,
        respond: Respond,
    ) -> None:
        self._updates = updates
        self._respond = respond
        self._url = url
        self._reached_at = reached_at
        self._headers = {SECRET_HEADER: secret} if secret else {}
        self._max_connections = max_connections
        self._first_wait = first_wait
        self._error = ""
        self._error_date = 0
        self._free = asyncio.Semaphore(max_connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=60),
        )
        self._lanes: dict[int, deque[Waiting]] = {}
        self._carriers: set[asyncio.Task[None]] = set()
        self.attempts = 0
        """Posts so far, successful or not."""
        for update in updates:
            self._take(update)
        updates.taker = self._take

    def info(self) -> dict[str, Any]:
        """What `getWebhookInfo` tells of it."""
        info: dict[str, Any] = {"url": self._url, "max_connections": self._max_connections}
        if self._error:
            info |= {"last_error_date": self._error_date, "last_error_message": self._error}
        return info

    async def close(self) -> None:
        """Stop at once; what is not confirmed stays in the queue."""
        self._updates.taker = None
        for carrier in self._carriers:
            carrier.cancel()
        await asyncio.gather(*self._carriers, return_exceptions=True)
        await self._session.close()

    def _take(self, update: Waiting) -> None:
        """Put an update behind the others of its chat, and see that somebody carries them."""
        if lane := self._lanes.get(update.lane):
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        carrier = asyncio.create_task(self._carry(update.lane))
        self._carriers.add(carrier)
        carrier.add_done_callback(self._carriers.discard)

    async def _carry(self, lane: int) -> None:
        """Carry the updates of one chat, one after the other, until none waits."""
        waiting = self._lanes[lane]
        while waiting:
            wait = self._first_wait
            while not await self._post(waiting[0]):
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            self._updates.confirm(waiting.popleft())
        del self._lanes[lane]

    async def _post(self, update: Waiting) -> bool:
        async with self._free:
            self.attempts += 1
            try:
                async with self._session.post(
                    self._reached_at, json=update.body, headers=self._headers
                ) as response:
                    if response.ok:
                        if body := await response.read():
                            await self._respond(json.loads(body))
                        return True
                    reason = f"Wrong response from the webhook: {response.status} {response.reason}"
            except (aiohttp.ClientError, TimeoutError) as error:
                reason = f"Connection failed: {type(error).__name__}"
        self._error = reason
        self._error_date = int(time.time())
        self._updates.happened.ring()
        return False


def _conflict(reason: str) -> Refused:
    return Refused(409, f"Conflict: {reason}")
