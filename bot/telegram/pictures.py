"""Sends pictures and pages: beside everything else, so that none of them ever holds up words.

A picture stands in the outbox behind the words it belongs to. It is drawn and uploaded by a task of
its own while later screens go out; a kill leaves it in the outbox. What was uploaded once is sent
again by Telegram's own id, which is kept in the store for each bot.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from telegram import Bot, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.paper.contents import PAGE
from bot.pictures.painter import Painter
from bot.screens import Screen
from bot.store.contract import Sending, Store
from bot.telegram.addresses import address_of, chat_of
from bot.telegram.quiet import kind_of, place_of
from bot.telegram.waits import asked_to_wait, growing_wait

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 4
"""Attempts for one picture; after that it is given up: the words have said the same."""

MOST_ATTEMPTS_FOR_A_PAGE = 15
"""The same for a page: some ten minutes."""

RETRY_FIRST, RETRY_LONGEST = 1.0, 60.0
"""Seconds between attempts."""

LOOK = 0.5
"""Seconds between two looks for what other workers have queued behind a picture."""

AT_ONCE = 8
"""Pictures under way at the same time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a picture: the id of its message, or None where it was given up."""

    message_id: int | None


class Pictures:
    """The pictures under way. ``done`` is called with the address when one is settled."""

    def __init__(
        self, bot: Bot, store: Store, painter: Painter, done: Callable[[str], None]
    ) -> None:
        self._bot = bot
        self._channel = address_of(bot.id, "")
        self._store = store
        self._painter = painter
        self._done = done
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[int, asyncio.Task[Outcome]] = {}
        self._of: dict[str, set[int]] = {}
        self._watching: set[asyncio.Task[None]] = set()

    def under_way(self, address: str, there: Collection[int]) -> Collection[int]:
        """Entries of an address that are being seen to and not settled; `there` is all it has.

        A picture whose entry is gone (the patient deleted everything) is not wanted any more.
        """
        for id in [i for i in self._of.get(address, ()) if i not in there]:
            self._tasks.pop(id).cancel()
            self._forget(address, id)
        return [id for id in self._of.get(address, ()) if not self._tasks[id].done()]

    def has_begun(self, row: Sending) -> bool:
        """Whether this entry was begun with: then it may be in the chat already."""
        return row.id in self._tasks

    def see_to(self, row: Sending, screen: Screen) -> Outcome | None:
        """Begin with an entry, or tell what became of it; None while it is under way."""
        task = self._tasks.get(row.id)
        if task is None:
            task = asyncio.create_task(self._send(row, screen), name="telegram-picture")
            task.add_done_callback(lambda _: self._done(row.address))
            if self._store.shared:
                self._watching.add(watch := asyncio.create_task(self._watch(row.address, task)))
                watch.add_done_callback(self._watching.discard)
            self._tasks[row.id] = task
            self._of.setdefault(row.address, set()).add(row.id)
            return None
        if not task.done():
            return None
        del self._tasks[row.id]
        self._forget(row.address, row.id)
        return Outcome(None) if task.cancelled() else task.result()

    async def stop(self) -> None:
        """Leave what is under way in the outbox."""
        for task in (*self._tasks.values(), *self._watching):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        self._of.clear()

    def _forget(self, address: str, id: int) -> None:
        left = self._of[address]
        left.discard(id)
        if not left:
            del self._of[address]

    async def _watch(self, address: str, task: asyncio.Task[Outcome]) -> None:
        """Look for what other workers queue behind a picture: while it is here, it is ours to send."""
        while not (await asyncio.wait((task,), timeout=LOOK))[0]:
            self._done(address)

    async def _send(self, row: Sending, screen: Screen) -> Outcome:
        # A page was asked for, and no words say the same.
        most = MOST_ATTEMPTS if screen.name != PAGE else MOST_ATTEMPTS_FOR_A_PAGE
        for attempt in range(1, most + 1):
            try:
                async with self._room:
                    return Outcome(await self._attempt(row, screen))
            except (Forbidden, BadRequest) as error:
                # It would be refused in the same way again.
                self._log("picture refused", row, screen, error)
                return Outcome(None)
            except Exception as error:  # noqa: BLE001 - a picture's trouble is nobody else's
                if attempt == most:
                    self._log("picture given up", row, screen, error)
                    break
                wait = growing_wait(attempt, first=RETRY_FIRST, longest=RETRY_LONGEST)
                if isinstance(error, RetryAfter):
                    wait = max(wait, asked_to_wait(error))
                await asyncio.sleep(wait)
        return Outcome(None)

    async def _attempt(self, row: Sending, screen: Screen) -> int | None:
        assert screen.picture is not None  # noqa: S101 - it is sent here for its picture
        planned = await self._painter.plan(screen.picture)
        if planned.is_page:
            page = InputFile(await self._painter.image(planned), filename=planned.name)
            message = await self._bot.send_document(
                chat_of(row.address), page, caption=screen.text, parse_mode=ParseMode.HTML
            )
            return message.message_id
        known = await self._store.file_of(self._channel, planned.hash)
        if known is not None:
            try:
                return (await self._post(row.address, screen, known))[0]
            except BadRequest as error:
                if "file" not in error.message.lower():
                    raise
                log.info("picture uploaded anew", extra={"picture": planned.hash})
        image = await self._painter.image(planned)
        upload = InputFile(image, filename=planned.name)
        message_id, file = await self._post(row.address, screen, upload)
        if file:
            await self._store.keep_file(self._channel, planned.hash, file)
        return message_id

    async def _post(self, address: str, screen: Screen, photo: InputFile | str) -> tuple[int, str]:
        message = await self._bot.send_photo(
            chat_of(address), photo, caption=screen.text, parse_mode=ParseMode.HTML
        )
        return message.message_id, message.photo[-1].file_id if message.photo else ""

    def _log(self, what: str, row: Sending, screen: Screen, error: Exception) -> None:
        about = {
            "chat": self._store.key_for(row.address),
            "screen": screen.name,
            "error": kind_of(error),
            "at": place_of(error),
        }
        log.warning(what, extra=about)
