"""The tables that are printed."""

from collections.abc import Callable, Iterable, Mapping

from tests.benchmark.measure import Load, Run, Window

Row = tuple[str, Callable[[Window], str], Callable[[Window], float] | None]
Figure = Callable[[Run], float]

ROWS: tuple[Row, ...] = (
    (
        "CPU per update, ms (user + system)",
        lambda w: f"{w.processor:.2f} ({w.user:.2f} + {w.system:.2f})",
        lambda w: w.processor,
    ),
    ("updates per second", lambda w: f"{w.updates_per_second:.0f}", None),
    ("update to next screen, p50, ms", lambda w: f"{w.wait_p50:.1f}", lambda w: w.wait_p50),
    ("update to next screen, p99, ms", lambda w: f"{w.wait_p99:.1f}", lambda w: w.wait_p99),
    ("API calls per update", lambda w: f"{w.calls:.2f}", lambda w: w.calls),
    ("… and in the webhook's response", lambda w: f"{w.answers:.2f}", None),
    ("errors", lambda w: f"{w.errors:.0f}", None),
    ("stand-in and crowd, part of a core", lambda w: f"{w.crowd:.0%}", None),
    ("everything else here, part of a core", lambda w: f"{w.others:.0%}", None),
)

BUSY = 0.9
"""From here on the crowd may be what holds up a program."""

NOISY = 0.1
"""From here on the machine has too much else to do for its figures to be trusted."""


def compared(runs: Mapping[str, Run], load: Load) -> str:
    """Several programs side by side, and how many times the first one's figure the second's is."""
    names = list(runs)
    ratio = len(names) == 2
    lines = _head(["", *names, *(["times"] if ratio else [])])
    for index, rate in enumerate(load.rates):
        windows = [run.windows[index] for run in runs.values()]
        lines.append(_line([f"**{speed(rate)}**", *("" for _ in names), *[""] * ratio]))
        for title, show, value in ROWS:
            times = [_times(*map(value, windows)) if value else ""] if ratio else []
            lines.append(_line([title, *map(show, windows), *times]))
    lines.append(_line(["**the whole run**", *("" for _ in names), *[""] * ratio]))
    whole: tuple[tuple[str, Figure, str], ...] = (
        (f"start to first {_first(load)}, s", lambda run: run.start, ".2f"),
        ("peak memory, MB", lambda run: run.memory, ".0f"),
        ("… of processes started by it, MB", lambda run: run.beside, ".0f"),
    )
    for title, figure, form in whole:
        figures = [figure(run) for run in runs.values()]
        times = [_times(*figures)] if ratio else []
        lines.append(_line([title, *(format(number, form) for number in figures), *times]))
    return "\n".join([*lines, *_warnings(runs.values(), load)])


def stored(runs: Mapping[int, Run], load: Load) -> str:
    """One program with more and more conversations stored; in brackets: against the fewest."""
    lines = _head(["conversations stored", *(f"{count:,}" for count in runs)])
    values: tuple[tuple[str, Callable[[Window], float]], ...] = (
        ("CPU per update, ms", lambda w: w.processor),
        ("p50, ms", lambda w: w.wait_p50),
        ("p99, ms", lambda w: w.wait_p99),
        ("updates per second", lambda w: w.updates_per_second),
        ("errors", lambda w: w.errors),
    )
    for index, rate in enumerate(load.rates):
        for title, value in values:
            figures = [value(run.windows[index]) for run in runs.values()]
            lines.append(_line([f"{title} ({speed(rate)})", *_against_first(figures)]))
    for title, figures in (
        (f"start to first {_first(load)}, s", [run.start for run in runs.values()]),
        ("peak memory, MB", [run.memory for run in runs.values()]),
        ("… of processes started by it, MB", [run.beside for run in runs.values()]),
    ):
        lines.append(_line([title, *_against_first(figures)]))
    return "\n".join([*lines, *_warnings(runs.values(), load)])


def speed(rate: float | None) -> str:
    """The name of a rate."""
    return "full speed" if rate is None else f"{rate:g} updates a second"


def _first(load: Load) -> str:
    return "poll" if load.mode == "polling" else "webhook set"


def _warnings(runs: Iterable[Run], load: Load) -> list[str]:
    windows = [
        (speed(rate), window)
        for run in runs
        for rate, window in zip(load.rates, run.windows, strict=True)
    ]
    busy = dict.fromkeys(name for name, window in windows if window.crowd > BUSY)
    lines = [f"\nAt {name} the stand-in and the crowd were a bottleneck." for name in busy]
    if any(window.others > NOISY for _, window in windows):
        lines.append("\nOther programs were busy meanwhile: these figures are rough.")
    return lines


def _times(first: float, second: float) -> str:
    return f"{second / first:.1f}" if first else ""


def _against_first(figures: list[float]) -> list[str]:
    first = figures[0]
    return [
        f"{figure:.2f}" + (f" ({figure / first - 1:+.0%})" if first and number else "")
        for number, figure in enumerate(figures)
    ]


def _head(cells: list[str]) -> list[str]:
    return [_line(cells), _line(["---", *("---:" for _ in cells[1:])])]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
