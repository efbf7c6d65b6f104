"""Tells every staff group when it has changed whether the protocol that runs is signed off.

A sign-off is entered and revoked by a command, in a process of its own, and a protocol may change
while nothing runs. So this looks by itself, from the start of the bot on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.clinic.clinics import Clinic
from bot.handover.rounds import Rounds
from bot.staff import top_line
from bot.staff.ports import SignOffs
from bot.staff.words import StaffWords
from bot.store.contract import Store


@dataclass(frozen=True, slots=True)
class _News:
    """What a group is to be told; ``line`` None: that it is no longer linked to the clinic."""

    group: str
    clinic: Clinic
    line: str | None


class Herald:
    """One worker for the groups whose addresses begin with ``addresses``.

    ``wake`` says that there is something to be sent to an address.

    A worker speaks up when what *it* finds changes, not whenever a group was told something else:
    while workers with two protocols run side by side, as in an update, they would contradict each
    other without end. The one that was started last has the last word.
    """

    def __init__(
        self,
        store: Store,
        words: StaffWords,
        sign_offs: SignOffs,
        addresses: str,
        wake: Callable[[str], None],
    ) -> None:
        self._store = store
        self._words = words
        self._sign_offs = sign_offs
        self._addresses = addresses
        self._wake = wake
        self._told: dict[str, tuple[Clinic, str]] = {}
        self._rounds = Rounds(self._news, self._tell, at_once=1, name="staff-sign-off")

    async def run(self, stop: asyncio.Event, grace: float) -> None:
        """Work until ``stop`` is set; what is under way then is given ``grace`` seconds."""
        await self._rounds.run(stop, grace)

    async def _news(self, most: int) -> list[_News]:
        linked = await self._linked()
        signed = await self._sign_offs.of_each(list(linked.values()))
        news = [
            _News(group, clinic, stands.line)
            for (group, clinic), stands in zip(linked.items(), signed, strict=True)
            # While the record cannot be read, the next look may find it well.
            if stands.known and self._known(group) != (clinic.id, stands.line)
        ]
        news += [
            _News(group, clinic, None)
            for group, (clinic, _) in self._told.items()
            if group not in linked
        ]
        return news[:most]

    async def _tell(self, news: _News) -> None:
        group, clinic = news.group, news.clinic
        if news.line is None:
            lines = self._words.content(clinic.language).staff.lines
            decide = top_line.when_ended(lines.unlinked.fill(clinic=clinic.name))
        else:
            decide = top_line.when_changed(str(clinic.id), news.line)
        applied = await self._store.apply(group, None, decide)
        if news.line is None:
            self._told.pop(group, None)
        else:
            self._told[group] = (clinic, news.line)
        if applied.result:
            self._wake(group)

    async def _linked(self) -> dict[str, Clinic]:
        """The groups of this bot, and whose they are."""
        linked = {}
        for stored in await self._store.clinics.clinics():
            group = stored.staff
            if stored.removed_at is None and group and group.startswith(self._addresses):
                try:
                    linked[group] = Clinic.of(stored)
                except ValueError:
                    continue  # One that cannot be read is told of elsewhere, and harms no other.
        return linked

    def _known(self, group: str) -> tuple[object, str] | None:
        told = self._told.get(group)
        return (told[0].id, told[1]) if told else None
