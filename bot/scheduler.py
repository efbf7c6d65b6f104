"""Lets what is due for patients happen: as an event like any other, once, in one transaction.

Several workers may do this at once. A kill between the event and the note that it is done brings it
again; the event has an id and is then seen to be done.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.dialogue.later import FOLLOW_UP, REMINDER
from bot.events import Due, Event
from bot.handover.rounds import Rounds
from bot.reply import Reply
from bot.store.clinic_contract import ClinicStore, Scheduled
from bot.store.contract import StoreError

log = logging.getLogger(__name__)

KINDS = (REMINDER, FOLLOW_UP)
AT_ONCE = 4
LEASE = 60.0
"""Seconds after which another worker may have what this one claimed."""

AGAIN = 60 * 60.0
"""Seconds until something that failed, or belongs to another bot, is looked at again."""

MOST_ATTEMPTS = 24


class Scheduler:
    """One worker for the patients whose addresses begin with ``addresses``.

    ``handle`` applies an event, ``wake`` says that there is something to be sent to an address.
    """

    def __init__(
        self,
        clinics: ClinicStore,
        addresses: str,
        handle: Callable[[Event], Awaitable[Reply]],
        wake: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clinics = clinics
        self._addresses = addresses
        self._handle = handle
        self._wake = wake
        self._clock = clock
        self._rounds = Rounds(self._claim, self._let_happen, at_once=AT_ONCE, name="scheduler")

    async def run(self, stop: asyncio.Event, grace: float) -> None:
        """Work until ``stop`` is set; what is under way then is given ``grace`` seconds."""
        await self._rounds.run(stop, grace)

    async def _claim(self, most: int) -> list[Scheduled]:
        return await self._clinics.claim_schedules(KINDS, most=most, lease=LEASE)

    async def _let_happen(self, due: Scheduled) -> None:
        if not due.address.startswith(self._addresses):
            await self._clinics.postpone_schedule(due, self._clock() + AGAIN)
            return
        event = Event(due.address, Due(due.kind, due.subject), id=f"due:{due.id}:{due.due}")
        try:
            reply = await self._handle(event)
        except StoreError:
            raise  # Its lease ends, and it is had again.
        except Exception as error:  # noqa: BLE001 - one patient's trouble is not the others'
            log.error(
                "what is due failed",
                extra={"chat": due.patient, "kind": due.kind, "error": type(error).__name__},
            )
            if due.attempts < MOST_ATTEMPTS:
                await self._clinics.postpone_schedule(due, self._clock() + AGAIN)
                return
        else:
            if reply.pending:
                self._wake(due.address)
        # Where the event has put it off, another is there in its place and stays.
        await self._clinics.finish_schedule(due)
