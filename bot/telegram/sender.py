"""Sends what the outbox holds: in order within a chat, side by side between chats.

The outbox is in the store, written together with the answers, so nothing here may be lost: a
screen leaves it only after Telegram has confirmed it, or has refused it for good. A call whose
answer never came may have had its effect; it is made again, because Telegram knows no way to ask,
and a screen seen twice does less harm than one never seen.

Flood limits. Telegram answers 429 both when one chat gets too much and when the whole bot sends
too much, and does not say which. So a 429 holds back the chat it was given for; when a second chat
gets one while the first is still held back, it is the bot as a whole that is too fast, and every
chat waits for as long as was asked last.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from time import monotonic, time

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
    TelegramError,
)

from bot.events import Blocked, Event
from bot.pictures.painter import Painter
from bot.screens import Screen, Showing
from bot.store.contract import (
    LONGEST_PUT_OFF,
    UNSET,
    DamagedRecordError,
    Json,
    Sending,
    Store,
    StoreError,
    Unset,
)
from bot.telegram.addresses import address_of, chat_of
from bot.telegram.pace import LONGEST, QUIET
from bot.telegram.pictures import Pictures
from bot.telegram.ports import Patients
from bot.telegram.presenter import ChatGoneError, Presenter, reason_of
from bot.telegram.quiet import kind_of, place_of
from bot.telegram.waits import asked_to_wait, growing_wait, pause
from bot.web.metrics import Metrics

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Chats that are sent to at the same time."""

RETRY_FIRST, RETRY_LONGEST = 1.0, LONGEST_PUT_OFF
"""Seconds between attempts while Telegram cannot be reached or fails."""

PACE, BURST = 1.0, 10.0
"""Seconds that a new message in one chat counts for, and how many may be ahead of the clock: ten
messages at once, then one a second, which is what Telegram asks of bots. What waits meanwhile is
mostly overtaken by what comes behind it, so that one who sends a thousand messages gets a few."""

MOST_PACED = 1_000
"""Chats after which those that have been silent are forgotten."""

SWEEP = 3.0
"""Seconds between two looks for what another worker has left behind."""

MOST_ATTEMPTS = 2000
"""Attempts for one screen, a day and more at the longest wait; after that it is given up."""

MOST_BLUNDERS = 5
"""Attempts for a screen that fails on our side, before any call or after it."""


Queued = Sequence[tuple[Sending, Showing | None]]
"""Entries of the outbox with what they show; None: what cannot be read."""


class Sender:
    """Drains the outbox. ``wake`` says that there is something for an address."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        service: Patients,
        metrics: Metrics,
        *,
        painter: Painter | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._metrics = metrics
        self._addresses = address_of(bot.id, "")
        self._presenter = Presenter(bot)
        self._pictures = Pictures(bot, store, painter, self.wake) if painter else None
        self._store = store
        self._service = service
        self._at_once = at_once
        self._ready: deque[str] = deque()
        self._woken: dict[str, bool] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._quieting: dict[str, tuple[asyncio.TimerHandle, float]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._working = 0
        self._stop = asyncio.Event()
        self._sweeping: asyncio.Task[None] | None = None
        self._held_back: dict[str, float] = {}
        self._all_until = 0.0
        self._trouble: str | None = None
        self._refusals: dict[str, int] = {}
        self._paced: dict[str, float] = {}
        self._left_behind: set[str] = set()
        self._owed: set[str] = set()
        self._queued: dict[str, Queued] = {}

    def __len__(self) -> int:
        """How many chats have screens to be sent."""
        return len(self._woken) + len(self._timers) + len(self._quieting)

    def owes(self, address: str) -> bool:
        """Whether nothing has been on the way to this address since there was something to show."""
        return address in self._owed

    def wake(self, address: str, queued: Queued | None = None) -> None:
        """There is something to send to this address. Returns at once.

        ``queued`` is all that the outbox holds for it, where that is known: it is then sent without
        asking the store, unless more has come meanwhile.
        """
        self._owed.add(address)
        if self._stop.is_set() or address in self._timers:
            return
        if address in self._woken:
            self._woken[address] = True
            self._queued.pop(address, None)
            return
        self._woken[address] = False
        if queued is not None and address not in self._left_behind:
            self._queued[address] = queued
        self._ready.append(address)
        if self._working < self._at_once:
            self._working += 1
            worker = asyncio.create_task(self._worker(), name="telegram-sender")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    def wake_when_quiet(self, address: str) -> None:
        """Something to send that can wait until no more comes, as one screen then says it all."""
        now = monotonic()
        self._owed.add(address)
        timer, since = self._quieting.pop(address, (None, now))
        if timer is not None:
            timer.cancel()
        if self._stop.is_set():
            return
        wait = min(QUIET, since + LONGEST - now)
        loop = asyncio.get_running_loop()
        self._quieting[address] = loop.call_later(wait, self._quiet_now, address), since

    def _quiet_now(self, address: str) -> None:
        self._quieting.pop(address, None)
        self.wake(address)

    async def start(self) -> None:
        """Take up what an earlier run left. Raises ``StoreError``."""
        now = time()
        for address, due in await self._store.addresses_pending():
            # Other channels, and other bots, have screens in the same store.
            if address.startswith(self._addresses):
                self._left_behind.add(address)
                wait = due - now
                self._wake_in(address, wait if wait <= LONGEST_PUT_OFF else 0.0)
        if self._store.shared:
            self._sweeping = asyncio.create_task(self._sweep(), name="telegram-sweep")

    async def stop(self, seconds: float) -> None:
        """Finish the calls that are under way, within so many seconds; the rest stays for later."""
        self._stop.set()
        if self._sweeping is not None:
            self._sweeping.cancel()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for quieting, _ in self._quieting.values():
            quieting.cancel()
        self._quieting.clear()
        if self._workers:
            _, late = await asyncio.wait(set(self._workers), timeout=seconds)
            for worker in late:
                worker.cancel()
            if late:
                await asyncio.wait(late)
        if self._pictures is not None:
            await self._pictures.stop()

    async def _sweep(self) -> None:
        """Take up what workers that are gone have left behind."""
        while True:
            await asyncio.sleep(SWEEP)
            try:
                left = await self._store.unclaimed()
            except StoreError as error:
                log.debug("no sweep", extra={"error": kind_of(error)})
                continue
            for address in left:
                if address.startswith(self._addresses):
                    self._left_behind.add(address)
                    self.wake(address)

    def _wake_in(self, address: str, seconds: float) -> None:
        if self._stop.is_set():
            return
        if seconds <= 0:
            self.wake(address)
        elif address not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[address] = loop.call_later(seconds, self._wake_now, address)

    def _wake_now(self, address: str) -> None:
        self._timers.pop(address, None)
        self.wake(address)

    async def _worker(self) -> None:
        try:
            while self._ready and not self._stop.is_set():
                address = self._ready.popleft()
                wait: float | None = None
                try:
                    wait = await self._serve(address)
                finally:
                    again = self._woken.pop(address)
                    if wait is not None:
                        self._wake_in(address, wait)
                    elif again:
                        self.wake(address)
        finally:
            self._working -= 1

    async def _serve(self, address: str) -> float | None:
        """Send what there is for one address. Returns seconds to come back in, or None.

        What is queued meanwhile comes with a wake of its own, after the others had their turn; of
        what another worker queues there is no such word, so that is looked for once more.
        """
        try:
            rows = self._queued.pop(address, None)
            if rows is None:
                rows = [(row, _showing(row)) for row in await self._store.claim(address)]
            rows = self._not_under_way(address, rows)
            wait = await self._send_all(address, rows)
            self._refusals.pop(address, None)
            if wait is None:
                self._left_behind.discard(address)
                self._owed.discard(address)
            return 0.0 if wait is None and rows and self._store.shared else wait
        except DamagedRecordError as error:
            log.error("outbox entry unreadable", extra=self._about(address, error))
        except StoreError as error:
            # As often as not the database is only away for a moment, and the patient is waiting.
            refusals = self._refusals[address] = self._refusals.get(address, 0) + 1
            if refusals == 1:
                log.warning("outbox cannot be read", extra=self._about(address, error))
            return growing_wait(refusals, first=RETRY_FIRST, longest=RETRY_LONGEST)
        except Exception as error:  # noqa: BLE001 - one chat's trouble is not the others'
            log.error("sending failed", extra=self._about(address, error))
            return RETRY_LONGEST
        return None

    async def _send_all(self, address: str, rows: Queued) -> float | None:
        waiting = deque(rows)
        if address in self._left_behind:
            # Whoever left it behind may have sent it in a message that is not noted. Only what
            # goes below that one is where the patient looks.
            waiting = deque((row, s and replace(s, in_place=False)) for row, s in waiting)
        while waiting and not self._stop.is_set():
            row, showing = waiting.popleft()
            if showing is None:
                log.error("outbox entry broken", extra=self._about(address))
                await self._drop(row)
                continue
            if showing.screen.picture is not None:
                await self._see_to_picture(row, showing.screen, waiting)
                continue
            if waiting and _superseded(showing, waiting):
                await self._drop(row)
                if not showing.in_place:
                    _below(waiting)
                continue
            wait = self._too_fast(address)
            if wait is None:
                wait = await self._send(row, showing)
            if wait is not None:
                return wait
        return None

    def _not_under_way(self, address: str, rows: Queued) -> Queued:
        """What is to be done now: all but the pictures that are being seen to."""
        if self._pictures is None:
            return rows
        under_way = self._pictures.under_way(address, {row.id for row, _ in rows})
        return [one for one in rows if one[0].id not in under_way]

    async def _see_to_picture(self, row: Sending, screen: Screen, later: Waiting) -> None:
        """Begin with a picture, or note what became of it; never waits for Telegram's answer."""
        pictures = self._pictures
        if pictures is None or (not pictures.has_begun(row) and _overtaken(screen, later)):
            await self._drop(row)
            return
        outcome = pictures.see_to(row, screen)
        if outcome is None:
            return
        if outcome.message_id is None:
            await self._drop(row)
            return
        self._count_message(row.address)
        self._metrics.sends.labels("picture").inc()
        live = await self._beside(row, screen, outcome.message_id)
        await self._keep(lambda: self._store.sent(row, live))

    async def _beside(self, row: Sending, screen: Screen, message_id: int) -> Json | Unset:
        """The note of the live message with its picture, so that it is taken away in time."""
        if screen.picture is None or not screen.picture.passing:
            return UNSET
        noted = await self._store.live(row.address)
        if noted and noted.get("shows") == screen.name:
            return {**noted, "picture": message_id}
        # The question was answered meanwhile.
        await self._presenter.take_away(chat_of(row.address), message_id)
        return UNSET

    def _too_fast(self, address: str) -> float | None:
        """Seconds to hold this chat back because it was sent so much, or None."""
        wait = self._paced.get(address, 0.0) - monotonic() - BURST
        return wait if wait > 0 else None

    def _count_message(self, address: str) -> None:
        now = monotonic()
        if len(self._paced) >= MOST_PACED:
            self._paced = {chat: until for chat, until in self._paced.items() if until > now}
        self._paced[address] = max(now, self._paced.get(address, now)) + PACE

    async def _send(self, row: Sending, showing: Showing) -> float | None:
        """Send one screen. Returns seconds to hold this chat back, or None to go on."""
        if await self._waited_with_all():
            # Long enough for the patient to have moved on, or to have everything deleted.
            return 0.0
        try:
            noted = await self._store.live(row.address)
            # From now on it may be seen, long before Telegram has said so.
            self._owed.discard(row.address)
            live = await self._presenter.show(chat_of(row.address), showing, noted)
        except RetryAfter as error:
            seconds = asked_to_wait(error)
            self._count_failure(error)
            self._hold_back(row.address, seconds)
            # Who takes it over after a start asks once too often, and is told how long to wait.
            until = time() + min(seconds, LONGEST_PUT_OFF)
            await self._keep(lambda: self._store.postpone(row, until))
            return seconds
        except (ChatGoneError, Forbidden, ChatMigrated) as error:
            await self._give_up_chat(row, error)
            return None
        except BadRequest as error:
            # Telegram would refuse it in the same way for ever.
            self._count_failure(error)
            log.error(
                "screen refused by Telegram",
                extra=self._about(row.address, error)
                | {"screen": showing.screen.name, "reason": reason_of(error)},
            )
            await self._drop(row)
            return None
        except TelegramError as error:
            return await self._try_later(row, error, MOST_ATTEMPTS)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours in one screen
            return await self._try_later(row, error, MOST_BLUNDERS)
        self._reached()
        if not showing.in_place:
            self._count_message(row.address)
        self._metrics.sends.labels(_place(showing)).inc()
        if not await self._keep(lambda: self._store.sent(row, live)):
            # Another worker may have taken over meanwhile: claim again before the next screen.
            return 0.0
        return None

    async def _try_later(self, row: Sending, error: Exception, most: int) -> float:
        """Postpone what may or may not have happened; it is repeated rather than dropped."""
        self._count_failure(error)
        if kind_of(error) != self._trouble:
            self._trouble = kind_of(error)
            log.warning("sending fails; trying again", extra=self._about(row.address, error))
        if row.attempts + 1 >= most:
            log.error("screen given up", extra=self._about(row.address, error))
            await self._drop(row)
            return 0.0
        wait = growing_wait(row.attempts + 1, first=RETRY_FIRST, longest=RETRY_LONGEST)
        self._metrics.retries.inc()
        await self._keep(lambda: self._store.postpone(row, time() + wait))
        return wait

    async def _give_up_chat(self, row: Sending, error: Exception) -> None:
        """The patient blocked the bot or is gone: drop what waits, tell the service."""
        self._count_failure(error)
        log.info("chat gone", extra=self._about(row.address, error))
        await self._keep(lambda: self._store.drop_all(row.address))
        if chat_of(row.address) < 0:
            return  # A group is no patient; that the bot is out of it comes as an update.
        try:
            await self._service.handle(Event(row.address, Blocked()))
        except Exception as second:  # noqa: BLE001 - the next send will find out again
            log.error("block not noted", extra=self._about(row.address, second))

    def _count_failure(self, error: Exception) -> None:
        self._metrics.send_failures.labels(kind_of(error)).inc()

    def _hold_back(self, address: str, seconds: float) -> None:
        now = monotonic()
        self._held_back = {held: end for held, end in self._held_back.items() if end > now}
        if self._held_back.keys() - {address}:
            self._all_until = max(self._all_until, now + seconds)
        self._held_back[address] = now + seconds
        log.warning(
            "Telegram asks to send more slowly",
            extra=self._about(address) | {"seconds": seconds, "all": self._all_until > now},
        )

    async def _waited_with_all(self) -> bool:
        """Wait while the whole bot is held back; whether that was so."""
        waited = False
        while (wait := self._all_until - monotonic()) > 0 and not self._stop.is_set():
            waited = True
            await pause(wait, self._stop)
        return waited

    async def _drop(self, row: Sending) -> None:
        await self._keep(lambda: self._store.drop(row))

    async def _keep(self, change: Callable[[], Awaitable[None]]) -> bool:
        """Note in the store what Telegram has done; tried until it is, or this screen comes twice.

        Returns whether it worked at once. Raises ``StoreError`` when the sender is stopped before,
        or if trying cannot help.
        """
        attempt = 0
        while True:
            try:
                await change()
                return attempt == 0
            except DamagedRecordError:
                raise
            except StoreError as error:
                if self._stop.is_set():
                    raise
                attempt += 1
                if attempt == 1:
                    log.warning("outbox cannot be written", extra={"error": kind_of(error)})
                wait = growing_wait(attempt, first=RETRY_FIRST, longest=RETRY_LONGEST)
                await pause(wait, self._stop)

    def _reached(self) -> None:
        if self._trouble is not None:
            self._trouble = None
            log.info("sending works again")

    def _about(self, address: str, error: BaseException | None = None) -> Json:
        about: Json = {"chat": self._store.key_for(address)}
        if error is not None:
            about |= {"error": kind_of(error), "at": place_of(error)}
        return about


def _place(showing: Showing) -> str:
    return "in_place" if showing.in_place else "below"


def _showing(row: Sending) -> Showing | None:
    try:
        return Showing.from_json(row.body)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


Waiting = deque[tuple[Sending, Showing | None]]


def _superseded(showing: Showing, later: Waiting) -> bool:
    """Whether a screen would be replaced by a later one before anybody could read it.

    So that a patient who sends a hundred messages at once, or whose screens waited while Telegram
    was away, is shown where things stand once. What carries no buttons, stays in the chat or
    brings a file says something of its own and is always sent.
    """
    screen = showing.screen
    if not screen.has_buttons or screen.lasting or screen.attachment is not None:
        return False
    return any(next_ is not None and next_.screen.has_buttons for _, next_ in later)


def _overtaken(screen: Screen, later: Waiting) -> bool:
    """Whether the question that a picture belongs to has been left, or asked again below."""
    if screen.picture is None or not screen.picture.passing:
        return False
    return any(
        next_ is not None
        and next_.screen.has_buttons
        and not (next_.in_place and next_.screen.name == screen.name)
        for _, next_ in later
    )


def _below(later: Waiting) -> None:
    """The screen that takes another one's place goes below the patient's message, as that would."""
    for index, (row, showing) in enumerate(later):
        if showing is not None and showing.screen.has_buttons:
            later[index] = (row, replace(showing, in_place=False))
            return
