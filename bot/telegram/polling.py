"""Long polling that acknowledges an update only when its effect is committed.

Telegram counts an update as delivered when the next ``getUpdates`` asks for a higher id, and never
sends it again. So the offset moves only past updates that are settled, and everything else (a
crash, a database that is down) brings the update back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from telegram import Bot
from telegram.error import (
    Conflict,
    EndPointNotFound,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.telegram.addresses import ALLOWED_UPDATES, Raw, update_id_in
from bot.telegram.quiet import kind_of
from bot.telegram.waits import asked_to_wait, growing_wait, pause

log = logging.getLogger(__name__)

Submit = Callable[[int, Raw], asyncio.Future[bool]]

BATCH = 100
"""Updates in one answer: the most that Telegram gives."""

LONG_POLL = 30
"""Seconds Telegram holds a poll open when there is nothing to tell."""

READ_TIMEOUT = 10
"""Seconds to wait for the answer beyond the time the poll is held open."""

PATIENCE = 0.25
"""Seconds a batch may take before the next poll goes out with some of it still under way."""

HURRY = 0.01
"""Seconds between polls that bring only what is under way; doubles up to :data:`PATIENCE`."""

RETRY_FIRST, RETRY_LONGEST = 0.5, 30.0
"""Seconds between polls while Telegram, or the database, cannot be reached."""

CONFLICT_WAIT = 15.0
"""Seconds between polls while another program polls with the same token."""

FAREWELL = 5.0
"""Seconds for the last poll, which only acknowledges."""


class TokenRefusedError(Exception):
    """Telegram no longer accepts the token; ``str`` is one line that says what to do."""


class Polling:
    """Polls, hands every update on and moves the offset past what is settled.

    ``long_poll`` is how many seconds Telegram may hold a poll open.
    """

    def __init__(self, bot: Bot, *, long_poll: int = LONG_POLL) -> None:
        self._bot = bot
        self._long_poll = long_poll
        self._under_way: dict[int, asyncio.Future[bool]] = {}
        self._settled: set[int] = set()
        self._unsettled: set[int] = set()
        self._next: int | None = None
        self._trouble: str | None = None
        self._failures = 0
        self._stuck = 0
        self._told_stuck = False
        self._progress = False
        self._idle = 0

    async def run(self, submit: Submit, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set. Raises :class:`TokenRefusedError`.

        ``submit`` takes an update and returns a future that tells whether it was settled; it must
        keep the order of one chat.
        """
        stopping = asyncio.create_task(stop.wait(), name="telegram-stop")
        polling: asyncio.Task[float] | None = None
        try:
            while not stop.is_set():
                polling = asyncio.create_task(self._poll(submit), name="telegram-poll")
                await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not polling.done():
                    return
                wait = await polling
                if wait:
                    await pause(wait, stop)
        finally:
            stopping.cancel()
            if polling is not None and not polling.done():
                # What this poll might have brought is not acknowledged: it comes again.
                polling.cancel()
                await asyncio.wait({polling})

    async def farewell(self) -> None:
        """Acknowledge what was settled since the last poll, so that it does not come again.

        Call it when nothing is under way any more. Best effort: what is not acknowledged comes
        again and is recognised.
        """
        offset = self._offset()
        if offset is None:
            return
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self._get_updates(offset, limit=1, hold=0)

    async def _poll(self, submit: Submit) -> float:
        """Poll once and see to the batch. Returns the seconds to wait before the next poll."""
        offset = self._offset()
        self._forget_below(offset)
        try:
            # Something under way comes again at once, so there is nothing to hold a poll open for.
            batch = await self._get_updates(
                offset, limit=BATCH, hold=0 if self._under_way else self._long_poll
            )
        except (InvalidToken, EndPointNotFound):
            raise TokenRefusedError(
                "Telegram refuses the token: it was revoked or changed. "
                "Set TELEGRAM_BOT_TOKEN to the one @BotFather shows."
            ) from None
        except TelegramError as error:
            return self._wait_after(error)
        self._reached()
        fresh = self._hand_over(batch, submit)
        if fresh:
            await asyncio.wait(fresh, timeout=PATIENCE)
            self._idle = 0
        elif self._under_way:
            self._idle += 1
            await asyncio.wait(
                set(self._under_way.values()),
                timeout=min(PATIENCE, HURRY * 2 ** min(self._idle, 8)),
                return_when=asyncio.FIRST_COMPLETED,
            )
        return self._wait_if_stuck(moved=not batch or self._offset() != offset)

    async def _get_updates(self, offset: int | None, *, limit: int, hold: int) -> list[object]:
        result = await self._bot.do_api_request(
            "getUpdates",
            api_kwargs={
                "offset": offset,
                "limit": limit,
                "timeout": hold,
                "allowed_updates": list(ALLOWED_UPDATES),
            },
            read_timeout=hold + READ_TIMEOUT,
        )
        return result if isinstance(result, list) else []

    def _hand_over(self, batch: list[object], submit: Submit) -> list[asyncio.Future[bool]]:
        """Submit everything in the batch that is neither settled nor under way."""
        # What was refused since must be handed over again before anything behind it.
        self._collect()
        fresh: list[asyncio.Future[bool]] = []
        for raw in batch:
            update_id = update_id_in(raw)
            if update_id is None or not isinstance(raw, dict):
                # Without an id there is nothing to acknowledge or to set aside it by.
                log.error("update without an id passed over")
                continue
            self._next = update_id + 1
            if update_id in self._settled or update_id in self._under_way:
                continue
            self._unsettled.discard(update_id)
            self._under_way[update_id] = submit(update_id, raw)
            fresh.append(self._under_way[update_id])
        return fresh

    def _collect(self) -> None:
        """Note how everything that ended under way has ended."""
        ended = [update_id for update_id, settled in self._under_way.items() if settled.done()]
        for update_id in ended:
            if self._under_way.pop(update_id).result():
                self._settled.add(update_id)
                self._progress = True
            else:
                self._unsettled.add(update_id)

    def _offset(self) -> int | None:
        """The lowest id that is not settled, or the one after the newest; None: from the start."""
        self._collect()
        return min((*self._under_way, *self._unsettled), default=self._next)

    def _forget_below(self, offset: int | None) -> None:
        if offset is not None:
            self._settled = {update_id for update_id in self._settled if update_id >= offset}

    def _wait_if_stuck(self, *, moved: bool) -> float:
        """Seconds to wait because the same updates would only come again at once."""
        self._collect()
        progress, self._progress = self._progress, False
        if not self._unsettled and (moved or self._under_way):
            if self._told_stuck:
                log.info("every update is settled again")
            self._stuck, self._told_stuck = 0, False
            return 0.0
        # As long as some are settled, those of the others must not wait long for the next poll.
        self._stuck = 1 if progress else self._stuck + 1
        if self._unsettled and not self._told_stuck:
            self._told_stuck = True
            log.error(
                "updates cannot be settled and are not acknowledged; trying again",
                extra={"waiting": len(self._unsettled)},
            )
        return growing_wait(self._stuck, first=RETRY_FIRST, longest=RETRY_LONGEST)

    def _wait_after(self, error: TelegramError) -> float:
        """Seconds to wait after a failed poll; says so when the trouble is a new one."""
        self._failures += 1
        trouble = kind_of(error)
        if isinstance(error, Conflict):
            wait = CONFLICT_WAIT
            message = "another program polls with this token; only one may: stop the other one"
        elif isinstance(error, RetryAfter):
            wait = asked_to_wait(error)
            message = "Telegram asks to poll more slowly"
        else:
            wait = growing_wait(self._failures, first=RETRY_FIRST, longest=RETRY_LONGEST)
            message = "Telegram cannot be reached; trying again"
        if trouble != self._trouble:
            log.warning(message, extra={"error": trouble})
        self._trouble = trouble
        return wait

    def _reached(self) -> None:
        if self._trouble is not None:
            log.info("Telegram is reached again", extra={"failed_polls": self._failures})
        self._trouble = None
        self._failures = 0
