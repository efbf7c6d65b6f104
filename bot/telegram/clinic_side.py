"""Everything that works for clinics beside the patients' lanes, on one Telegram bot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from time import time

from telegram.ext import ExtBot

from bot.handover.courier import Bundles, Courier
from bot.handover.http import GuardedClient
from bot.scheduler import Scheduler
from bot.staff.board import Board
from bot.staff.desk import Desk
from bot.staff.herald import Herald
from bot.staff.ports import SignOffs
from bot.staff.words import StaffWords
from bot.store.contract import Store
from bot.telegram.addresses import address_of
from bot.telegram.ports import Patients
from bot.telegram.sender import Sender
from bot.telegram.staff import TelegramPeople, TelegramWall
from bot.telegram.staff_updates import StaffUpdates
from bot.web.metrics import Metrics

log = logging.getLogger(__name__)


class ClinicSide:
    """The staff's groups and the clinics' servers. Any number of workers may have one each."""

    def __init__(
        self,
        bot: ExtBot[None],
        store: Store,
        words: StaffWords,
        metrics: Metrics,
        *,
        service: Patients,
        sender: Sender,
        client: GuardedClient,
        bundles: Bundles | None = None,
        sign_offs: SignOffs | None = None,
        retention_days: int,
        clock: Callable[[], float] = time,
    ) -> None:
        desk = Desk(store, words, TelegramPeople(bot), sign_offs=sign_offs, clock=clock)
        self._client = client
        self._board = Board(
            store.clinics,
            words,
            TelegramWall(bot),
            desk,
            metrics,
            sign_offs=sign_offs,
            retention_days=retention_days,
            clock=clock,
        )
        self._courier = Courier(store.clinics, client, metrics, bundles, clock=clock)
        ours = address_of(bot.id, "")
        self._scheduler = Scheduler(store.clinics, ours, service.handle, sender.wake, clock=clock)
        self._herald = Herald(store, words, sign_offs, ours, sender.wake) if sign_offs else None
        self.updates = StaffUpdates(bot.id, bot.username, desk, self._board.wake)

    def wake(self) -> None:
        """A patient's event was committed that a clinic may have to hear of. Returns at once."""
        self._board.wake()
        self._courier.wake()

    async def run(self, stop: asyncio.Event, grace: float) -> None:
        """Work until ``stop`` is set; what is under way then is given ``grace`` seconds."""
        running = [
            self._board.run(stop, grace),
            self._courier.run(stop, grace),
            self._scheduler.run(stop, grace),
        ]
        if self._herald is not None:
            running.append(self._herald.run(stop, grace))
        try:
            await asyncio.gather(*running)
        finally:
            await self._client.close()
