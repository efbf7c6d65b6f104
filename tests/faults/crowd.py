"""Patients who tap through the whole interview, and what must be stored of them afterwards.

Nobody ever repeats what they did because nothing came of it: a screen that is lost leaves its
patient waiting, and an update that is lost does too.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cache

from bot.store.contract import Json, Store
from bot.telegram.addresses import address_of
from tests.benchmark.script import (
    SHEETS,
    START,
    Deed,
    Say,
    Step,
    buttons_of,
    interviews,
    next_deed,
)
from tests.telegram_stand_in import Message, Patient, StandIn

LONGEST = 240.0
"""Seconds after which a test that hangs is ended."""


@cache
def undisturbed() -> tuple[tuple[Step, ...], ...]:
    """The interview of each of the sheets, as it is when nothing goes wrong."""
    return interviews()


@dataclass(eq=False)
class Member:
    """One patient with one of the sheets."""

    patient: Patient
    sheet: int
    done: bool = False

    async def go_through(self) -> None:
        """From the start to the result, doing what the newest buttons ask for."""
        deed: Deed | None = START
        while deed is not None:
            await self.do(deed)
            deed = next_deed(self.buttons(), SHEETS[self.sheet])
        self.done = True

    async def do(self, deed: Deed) -> None:
        """Do it, and wait for buttons again."""
        chat = self.patient.chat
        live = chat.with_buttons()
        if isinstance(deed, Say):
            await self.patient.sends(deed.text)
        else:
            assert live is not None
            await self.patient.taps(data=deed.data, message=live)
        seen = chat.version

        def answered() -> Message | None:
            message = chat.with_buttons()
            return message if message is not None and message.buttoned_at > seen else None

        await chat.changed.until(answered, None)

    async def sees_more(self, seconds: float) -> None:
        """Wait until something is shown that was not there before, unless there is no more."""
        than = self.patient.chat.version
        await self.patient.chat.changed.until(
            lambda: self.done or self.patient.chat.version > than, seconds
        )

    def buttons(self) -> list[str]:
        """What the newest buttons carry."""
        message = self.patient.chat.with_buttons()
        rows = message.rows if message else ()
        return [button["callback_data"] for row in rows for button in row]


@dataclass(eq=False)
class Crowd:
    """So many patients at the same time; while it is open a newcomer follows whoever is done."""

    telegram: StandIn
    people: int
    open: bool = False
    members: list[Member] = field(default_factory=list)

    async def go_through(self) -> None:
        """Let everybody come to the result. Raises AssertionError when somebody never does."""
        try:
            async with asyncio.timeout(LONGEST), asyncio.TaskGroup() as slots:
                for _ in range(self.people):
                    slots.create_task(self._slot())
        except TimeoutError:
            raise AssertionError(self._left_waiting()) from None

    async def _slot(self) -> None:
        while True:
            await self.joined().go_through()
            if not self.open:
                return

    def joined(self) -> Member:
        """One more patient, who has done nothing yet."""
        number = len(self.members)
        member = Member(self.telegram.patient(f"P{number}"), number % len(SHEETS))
        self.members.append(member)
        return member

    def _left_waiting(self) -> str:
        waiting = [member for member in self.members if not member.done]
        screens = "\n".join(f"{m.patient.chat.id}: {m.patient.screen()}" for m in waiting)
        return f"{len(waiting)} of {len(self.members)} wait for a screen:\n{screens}"


async def each_answer_counts_once(telegram: StandIn, store: Store, members: list[Member]) -> None:
    """What is stored of everybody, and what they were shown, is as if nothing had happened.

    The record has the answers, in order, and the number of the screen that is shown: an answer
    applied twice, or out of order, would have led to other screens, and to more of them.
    """
    bot_id = telegram.world.bot.id
    shown = _serials_shown(telegram)
    for member in members:
        chat = member.patient.chat
        expected = undisturbed()[member.sheet]
        first, last = _serials_expected(expected)
        serials = shown[chat.id]
        assert serials == sorted(serials), f"screens out of order in {chat.id}: {serials}"
        begin = serials[0]
        assert sorted(set(serials)) == list(range(begin, begin + last - first + 1))
        held = await store.read(address_of(bot_id, chat.id))
        assert held is not None
        record: Json = {
            **expected[-1].record,
            "serial": begin + last - first,
            "active_at": held.body["active_at"],
        }
        assert held.body == record
        assert list(held.body["answers"]) == list(record["answers"])
        assert await store.pending(address_of(bot_id, chat.id)) == []
        assert [m.text for m in chat.messages[-len(expected[-1].shown) :]]


def _serials_expected(steps: tuple[Step, ...]) -> tuple[int, int]:
    first, last = (int(buttons_of(step.screen)[0].split(":")[0]) for step in (steps[0], steps[-1]))
    return first, last


def _serials_shown(telegram: StandIn) -> dict[int, list[int]]:
    """The numbers of the screens that each chat was shown, in the order in which it was."""
    shown: dict[int, list[int]] = {}
    for call in telegram.calls:
        markup = call.get("reply_markup")
        if call.method not in ("sendMessage", "editMessageText") or not markup:
            continue
        if call.applied:
            data = str(markup["inline_keyboard"][0][0]["callback_data"])
            shown.setdefault(int(call["chat_id"]), []).append(int(data.split(":", maxsplit=1)[0]))
    return shown


async def settled(telegram: StandIn, store: Store, members: list[Member]) -> None:
    """Wait until every update is acknowledged and everybody's outbox is empty."""
    await telegram.drained(30)
    addresses = [address_of(telegram.world.bot.id, m.patient.chat.id) for m in members]

    async def waiting() -> bool:
        return any([await store.pending(address) for address in addresses])

    async with asyncio.timeout(30):
        while await waiting():  # noqa: ASYNC110 - a database rings no bell
            await asyncio.sleep(0.02)
