"""The crowd: people who tap through the interview, as fast as they are let."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from tests.benchmark.script import SHEETS, START, Deed, Say, Sheet, next_deed
from tests.telegram_stand_in import Message, Patient, StandIn

PATIENCE = 15.0
"""Seconds somebody waits for a screen before it counts as an error."""

TURNS_OF_AN_INTERVIEW = 44
"""About how many updates an interview takes."""

Newcomers = Iterator[tuple[Patient, Sheet]]


def strangers(telegram: StandIn) -> Newcomers:
    """People the bot has never met."""
    for number in itertools.count():
        yield telegram.patient(), SHEETS[number % len(SHEETS)]


@dataclass(slots=True)
class Tally:
    """What happened in one window: seconds from an update to the first words of its screen."""

    waits: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0


class Crowd:
    """So many people at the same time; whoever is done makes room for the next newcomer.

    Nobody does anything but in a turn, and turns are given by `run`.
    """

    def __init__(self, people: int, newcomers: Newcomers) -> None:
        self._people = people
        self._newcomers = newcomers
        self._turns = asyncio.Semaphore(0)
        self._tally = Tally()
        self._answered = asyncio.Event()
        self._expected = 0
        self._slots: list[asyncio.Task[Any]] = []

    async def start(self) -> None:
        """Let everybody come in, and each get a different way into the interview."""
        warm: list[asyncio.Event] = []
        for number in range(self._people):
            warm.append(asyncio.Event())
            turns = 1 + number * TURNS_OF_AN_INTERVIEW // self._people
            self._slots.append(asyncio.create_task(self._slot(turns, warm[-1].set)))
        for event in warm:
            await self._unless_failed(event)

    async def run(self, updates: int, rate: float | None) -> Tally:
        """Have so many updates made, at a rate a second (None: each after the last screen).

        At a rate a turn that finds everybody waiting for a screen is taken as soon as somebody has
        seen theirs.
        """
        self._tally = tally = Tally()
        self._expected = updates
        self._answered.clear()
        began = perf_counter()
        given = 0
        while given < updates:
            due = (
                updates if rate is None else min(updates, int((perf_counter() - began) * rate) + 1)
            )
            for _ in range(due - given):
                self._turns.release()
            given = due
            if given < updates:
                await asyncio.sleep(0.002)
                self._raise_failure()
        await self._unless_failed(self._answered)
        tally.seconds = perf_counter() - began
        return tally

    async def leave(self) -> None:
        """Everybody goes."""
        for slot in self._slots:
            slot.cancel()
        await asyncio.gather(*self._slots, return_exceptions=True)

    async def _unless_failed(self, event: asyncio.Event) -> None:
        waiting = asyncio.create_task(event.wait())
        try:
            await asyncio.wait({waiting, *self._slots}, return_when=asyncio.FIRST_COMPLETED)
            self._raise_failure()
        finally:
            waiting.cancel()

    def _raise_failure(self) -> None:
        for slot in self._slots:
            if slot.done():
                slot.result()

    async def _slot(self, free_turns: int, warmed_up: Callable[[], None]) -> None:
        for patient, sheet in self._newcomers:
            deed: Deed | None = START
            while deed is not None:
                if free_turns:
                    free_turns -= 1
                    wait = await _do(patient, deed)
                    if not free_turns:
                        warmed_up()
                else:
                    await self._turns.acquire()
                    wait = await _do(patient, deed)
                    self._note(wait)
                deed = None if wait is None else next_deed(_buttons(patient), sheet)

    def _note(self, wait: float | None) -> None:
        tally = self._tally
        if wait is None:
            tally.errors += 1
        else:
            tally.waits.append(wait)
        if len(tally.waits) + tally.errors >= self._expected:
            self._answered.set()


async def _do(patient: Patient, deed: Deed) -> float | None:
    """Do it and wait for buttons again. Returns the seconds to the first new words, None: none."""
    chat = patient.chat
    seen = chat.version
    live = chat.with_buttons()
    began = perf_counter()
    if isinstance(deed, Say):
        await patient.sends(deed.text)
    else:
        assert live is not None
        await patient.taps(data=deed.data, message=live)

    def words() -> bool:
        return any(m.worded_at > seen for m in reversed(chat.history))

    def buttons() -> Message | None:
        message = chat.with_buttons()
        return message if message and message.buttoned_at > seen else None

    try:
        await chat.changed.until(words, PATIENCE)
        wait = perf_counter() - began
        await chat.changed.until(buttons, PATIENCE)
    except TimeoutError:
        return None
    return wait


def _buttons(patient: Patient) -> list[str]:
    message = patient.chat.with_buttons()
    assert message is not None
    return [button["callback_data"] for row in message.rows for button in row]
