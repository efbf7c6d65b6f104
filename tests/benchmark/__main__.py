"""Measure: `make bench`, or `python -m tests.benchmark --help` for what can be chosen."""

import argparse
import asyncio
import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmark.crowd import strangers
from tests.benchmark.measure import Load, Run, as_json, middle, run_once
from tests.benchmark.report import compared, stored
from tests.benchmark.stored import fill, returning
from tests.benchmark.subjects import MODES, SUBJECTS, SubjectError
from tests.telegram_stand_in import StandIn

MOST_ROUNDS = 20
MOST_UPDATES = 200_000
MOST_PEOPLE = 2_000
MOST_STORED = 1_000_000


async def compare(names: list[str], load: Load, rounds: int) -> dict[str, list[Run]]:
    """Run the programs one after the other, several times."""
    runs: dict[str, list[Run]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            _tell(f"round {number + 1} of {rounds}: {name}")
            with TemporaryDirectory(prefix="plumbline-bench-") as folder:
                async with _stand_in() as telegram:
                    run = await run_once(
                        SUBJECTS[name], telegram, strangers(telegram), Path(folder), load
                    )
            runs[name].append(run)
    return runs


async def with_stored(counts: list[int], load: Load, rounds: int) -> dict[int, list[Run]]:
    """Run Plumbline with more and more unfinished conversations stored, several times."""
    runs: dict[int, list[Run]] = {count: [] for count in counts}
    with TemporaryDirectory(prefix="plumbline-bench-") as above:
        for count in counts:
            _tell(f"storing {count:,} conversations")
            folder = Path(above) / str(count)
            folder.mkdir()
            await fill(folder, count)
        for number in range(rounds):
            for count in counts:
                _tell(f"round {number + 1} of {rounds}: {count:,} conversations stored")
                async with _stand_in(first_update=1_000_000 * (number + 1)) as telegram:
                    back = returning(telegram, count, number * count // rounds)
                    folder = Path(above) / str(count)
                    runs[count].append(
                        await run_once(SUBJECTS["plumbline"], telegram, back, folder, load)
                    )
    return runs


def _stand_in(first_update: int = 1_000_000) -> StandIn:
    return StandIn(calls_kept=100, first_update_id=first_update)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line} …\n")
    sys.stderr.flush()


async def bench(given: argparse.Namespace) -> dict[str, Any]:
    """Measure what was chosen and print it; returns everything as JSON."""
    everything: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    rates = (*given.rate, None) if given.full_speed else tuple(given.rate)
    load = Load(given.patients, given.updates, rates, given.mode)
    everything["load"] = {
        "patients": load.people,
        "updates": load.updates,
        "rates": load.rates,
        "mode": load.mode,
    }
    if given.subjects:
        runs = await compare(given.subjects, load, given.rounds)
        _write(compared({name: middle(these) for name, these in runs.items()}, load))
        everything["subjects"] = {
            name: [as_json(run) for run in these] for name, these in runs.items()
        }
    if given.stores:
        filled = await with_stored(given.stores, load, given.rounds)
        _write(stored({count: middle(these) for count, these in filled.items()}, load))
        everything["stores"] = {
            count: [as_json(run) for run in these] for count, these in filled.items()
        }
    return everything


def _write(table: str) -> None:
    sys.stdout.write(f"\n{table}\n")
    sys.stdout.flush()


def _number(highest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not 1 <= value <= highest:
            raise argparse.ArgumentTypeError(f"must be from 1 to {highest:,}")
        return value

    return number


def _list_of(one: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    return lambda text: [one(part) for part in text.split(",") if part]


def _subject(name: str) -> str:
    if name not in SUBJECTS:
        raise argparse.ArgumentTypeError(f"choose of: {', '.join(SUBJECTS)}")
    return name


def options() -> argparse.ArgumentParser:
    """What can be chosen. Lists are written with commas; an empty one leaves the part out."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmark",
        description="Lets a crowd of simulated patients tap through the interview, against a local "
        "stand-in for Telegram, and measures Plumbline and a stock bot in turn.",
    )
    add = parser.add_argument
    compared = ["plumbline", "stock"]
    add("--subjects", type=_list_of(_subject), default=compared, help=", ".join(SUBJECTS))
    add(
        "--stores",
        type=_list_of(_number(MOST_STORED)),
        default=[1_000, 10_000, 100_000],
        help="numbers of unfinished conversations stored, for Plumbline alone",
    )
    add("--rate", type=_list_of(_number(10_000)), default=[300], help="updates a second")
    add(
        "--full-speed",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="and as fast as screens come",
    )
    add("--patients", type=_number(MOST_PEOPLE), default=100, help="people at the same time")
    add("--updates", type=_number(MOST_UPDATES), default=4_500, help="updates in one window")
    add("--rounds", type=_number(MOST_ROUNDS), default=3, help="the median of so many is shown")
    add("--mode", choices=MODES, default=MODES[0], help="how updates come")
    add("--json", type=Path, help="write everything there")
    return parser


def main() -> int:
    """Read the command line and measure."""
    given = options().parse_args()
    with asyncio.Runner(loop_factory=_new_event_loop) as runner:
        try:
            everything = runner.run(bench(given))
        except SubjectError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except TimeoutError:
            sys.stderr.write("It took far too long; choose fewer updates or a lower rate.\n")
            return 1
    if given.json:
        given.json.write_text(json.dumps(everything, indent=1), encoding="utf-8")
    return 0


def _new_event_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


if __name__ == "__main__":
    sys.exit(main())
