"""What is kept, and for how long."""

import asyncio
import logging
import time

from bot.store import Store, StoreError

DAY = 24 * 60 * 60
EVERY = 60 * 60
"""Seconds between two purges."""

EVENTS_DAYS = 14
"""How long ids of applied updates are kept; Telegram delivers again for at most a day."""

log = logging.getLogger(__name__)


async def purge_old(store: Store, retention_days: int) -> None:
    """Delete what has been kept long enough.

    Raises:
        StoreError: nothing was deleted.
    """
    now = time.time()
    purged = await store.purge(
        records_before=now - retention_days * DAY, events_before=now - EVENTS_DAYS * DAY
    )
    if purged.records or purged.intakes:
        log.info("purged", extra={"records": purged.records, "intakes": purged.intakes})


async def keep_purging(store: Store, retention_days: int) -> None:
    """Purge now and every hour, until cancelled; a failure is tried again the next time."""
    while True:
        try:
            await purge_old(store, retention_days)
        except StoreError as error:
            log.warning("not purged", extra={"error": type(error).__name__})
        await asyncio.sleep(EVERY)
