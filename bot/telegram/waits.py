"""Growing waits between attempts."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import suppress
from random import uniform

from telegram.error import RetryAfter


def growing_wait(attempt: int, *, first: float, longest: float) -> float:
    """Seconds to wait after the given attempt (1, 2, …): doubling, capped, spread by a quarter.

    The spread keeps many chats, or many workers, from coming back in the same instant.
    """
    wait = min(longest, first * 2.0 ** min(max(attempt, 1) - 1, 32))
    return wait * uniform(0.75, 1.0)  # noqa: S311 - nothing secret hangs on it


def asked_to_wait(error: RetryAfter) -> float:
    """Seconds Telegram asks to wait, at least one."""
    # The library is about to change the type of this attribute; either is right.
    asked: object = error.retry_after
    seconds = asked.total_seconds() if isinstance(asked, dt.timedelta) else float(str(asked))
    return max(1.0, seconds)


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Wait, but no longer than until ``stop`` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
