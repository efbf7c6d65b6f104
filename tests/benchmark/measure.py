"""What is measured, and how several rounds become one figure."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median

from tests.benchmark.crowd import Crowd, Newcomers
from tests.benchmark.processes import TICKS
from tests.benchmark.subjects import Running, Subject, running
from tests.telegram_stand_in import StandIn

SETTLE = 0.3
"""Seconds after the last screen in which the rest of the work is still counted in."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the crowd does: so many people, so many updates in a window, at these rates a second.

    A rate of None is full speed: everybody goes on as soon as they see the next screen.
    """

    people: int
    updates: int
    rates: tuple[float | None, ...]
    mode: str


@dataclass(frozen=True, slots=True)
class Window:
    """One window. Times are in milliseconds, `user` and `system` of processor time per update.

    `wait_p50` and `wait_p99` are from the update to the first words of the next screen at the
    stand-in. `calls` are calls over the wire per update, `answers` those made in a response to a
    webhook's post. `crowd` is which part of one core the stand-in and the crowd needed, `others`
    which part all other programs did that ran on the machine.
    """

    updates_per_second: float
    user: float
    system: float
    wait_p50: float
    wait_p99: float
    calls: float
    answers: float
    errors: float
    crowd: float
    others: float

    @property
    def processor(self) -> float:
        """The processor time of an update, in milliseconds."""
        return self.user + self.system


@dataclass(frozen=True, slots=True)
class Run:
    """One program's run: seconds to its first poll or webhook, peak memory in MB, its windows.

    `memory` is the program's own, `beside` that of the processes it has started, as seen at the
    beginnings and ends of windows.
    """

    start: float
    memory: float
    beside: float
    windows: tuple[Window, ...]


async def run_once(
    subject: Subject, telegram: StandIn, newcomers: Newcomers, folder: Path, load: Load
) -> Run:
    """Start the program, let the crowd at it, end it.

    Raises:
        SubjectError: the program did not start or did not live.
        TimeoutError: it has not come to an end in any sensible time.
    """
    async with running(subject, telegram, folder, load.mode) as program:
        crowd = Crowd(load.people, newcomers)
        slowest = 60 + load.updates / 20
        try:
            async with asyncio.timeout(slowest):
                await crowd.start()
            windows = []
            for rate in load.rates:
                async with asyncio.timeout(slowest):
                    windows.append(await _window(program, telegram, crowd, load.updates, rate))
        finally:
            await crowd.leave()
        return Run(program.start, program.peak_memory(), program.beside, tuple(windows))


async def _window(
    program: Running, telegram: StandIn, crowd: Crowd, updates: int, rate: float | None
) -> Window:
    await asyncio.sleep(SETTLE)
    calls = telegram.calls
    before = _counts(telegram), program.processor(), _own_processor()
    machine = _machine_processor()
    refused, breaches = calls.refusals, len(calls.breaches)
    tally = await crowd.run(updates, rate)
    own = _own_processor() - before[2]
    everything = _machine_processor() - machine
    others = everything - own - (sum(program.processor()) - sum(before[1]))
    await asyncio.sleep(SETTLE)
    user, system = (
        (after - first) * 1000 / updates
        for first, after in zip(before[1], program.processor(), strict=True)
    )
    made, answered = (
        (after - first) / updates for first, after in zip(before[0], _counts(telegram), strict=True)
    )
    waits = sorted(tally.waits) or [0.0]
    return Window(
        updates_per_second=len(tally.waits) / tally.seconds,
        user=user,
        system=system,
        wait_p50=_quantile(waits, 0.5) * 1000,
        wait_p99=_quantile(waits, 0.99) * 1000,
        calls=made,
        answers=answered,
        errors=tally.errors + calls.refusals - refused + len(calls.breaches) - breaches,
        crowd=own / tally.seconds,
        others=max(0.0, others / tally.seconds),
    )


def _counts(telegram: StandIn) -> tuple[int, int]:
    calls = telegram.calls
    polls = calls.counts["getUpdates"]
    return calls.counts.total() - calls.in_responses - polls, calls.in_responses


def _own_processor() -> float:
    times = os.times()
    return times.user + times.system


def _machine_processor() -> float:
    """Seconds of processor time of the whole machine so far, also what its host took away."""
    cpu = Path("/proc/stat").read_text(encoding="utf-8").partition("\n")[0].split()[1:9]
    user, nice, system, _idle, _io_wait, interrupts, soft, stolen = map(int, cpu)
    return (user + nice + system + interrupts + soft + stolen) / TICKS


def _quantile(values: Sequence[float], part: float) -> float:
    return values[min(len(values) - 1, int(part * len(values)))]


def middle(runs: Iterable[Run]) -> Run:
    """The median of every figure over several runs."""
    runs = list(runs)
    windows = []
    for same in zip(*(run.windows for run in runs), strict=True):
        figures = {
            field.name: median(getattr(window, field.name) for window in same)
            for field in fields(Window)
        }
        windows.append(Window(**figures))
    return Run(
        median(run.start for run in runs),
        median(run.memory for run in runs),
        median(run.beside for run in runs),
        tuple(windows),
    )


def as_json(run: Run) -> dict[str, object]:
    """A run as JSON."""
    return asdict(run)
