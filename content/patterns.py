"""The small language in which emergency phrases are written.

    word        this word; a word of `skip` may be missing, unless it is written word! or the run
                has at most one other
    numb*       every word that begins so
    NAME        any entry of that list
    a b         b right after a (words of `skip` between them do not count)
    a ~ b       b after a, with up to two other words between; ~4: up to four
    a .. b      a and b in either order, within the usual window of words; ..3: at most three between
    a > b       a and later b, within the window; >3: at most three words between

A list entry is a run of words and names (space and ~); a pattern joins such runs with .. and >.
There is no repetition and no nesting, so matching takes time in proportion to the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

WINDOW = 8
"""Words that may stand between two parts of a pattern, where it does not say."""

GAP = 2
LONGEST_WINDOW, LONGEST_GAP = 15, 5
MOST_PARTS = 4

_OPERATOR = re.compile(r"(\.\.|>|~)(\d*)")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*[A-Z0-9]")
_WORD = re.compile(r"[^\W_A-Z]+(?:'[^\W_A-Z]+)*(?:\*|!)?")
_SHORTEST_BEGINNING = 3


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """A word or the name of a list, after at most `gap` other words.

    `needed`: it must be there even if it is a word of `skip`.
    """

    symbol: str
    is_list: bool = False
    gap: int = 0
    needed: bool = False


Run = tuple[Step, ...]
"""Steps, each soon after the one before."""


@dataclass(frozen=True, slots=True)
class Join:
    """How a part of a pattern stands to those before it: `within` so many words, later or not."""

    within: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """Runs and how they are joined: one join less than runs."""

    text: str
    runs: tuple[Run, ...]
    joins: tuple[Join, ...]

    def names(self) -> Iterator[str]:
        """The lists that it refers to."""
        for run in self.runs:
            yield from names(run)


def names(run: Run) -> Iterator[str]:
    """The lists that a run refers to."""
    return (step.symbol for step in run if step.is_list)


def parse_run(text: str) -> Run:
    """Read a list entry.

    Raises:
        PatternError: it is no run of words and names.
    """
    pattern = parse_pattern(text)
    if pattern.joins:
        raise PatternError(f"{text!r}: .. and > belong into patterns, not into lists")
    return pattern.runs[0]


def parse_pattern(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        PatternError: it is not written in the language above.
    """
    runs: list[list[Step]] = [[]]
    joins: list[Join] = []
    gap: int | None = None
    for piece in text.split():
        operator = _OPERATOR.fullmatch(piece) if piece[0] in ".>~" else None
        if operator is None:
            runs[-1].append(_step(text, piece, gap or 0))
            gap = None
            continue
        sign, number = operator.groups()
        if not runs[-1] or gap is not None:
            raise PatternError(f"{text!r}: nothing stands before {piece}")
        if sign == "~":
            gap = _bounded(text, number, GAP, LONGEST_GAP)
        else:
            joins.append(Join(_bounded(text, number, WINDOW, LONGEST_WINDOW), ordered=sign == ">"))
            runs.append([])
    if not runs[-1] or gap is not None:
        raise PatternError(f"{text!r}: nothing stands at its end" if joins else "is empty")
    if len(runs) > MOST_PARTS:
        raise PatternError(f"{text!r}: has more than {MOST_PARTS} parts")
    return Pattern(text, tuple(tuple(run) for run in runs), tuple(joins))


def forget() -> None:
    """Let go of the steps that were read: the same ones come again only within a file."""
    _read.cache_clear()


def _step(text: str, piece: str, gap: int) -> Step:
    step = _read(piece, gap)
    if isinstance(step, str):
        raise PatternError(f"{text!r}: {piece} {step}")
    return step


@cache
def _read(piece: str, gap: int) -> Step | str:
    """A step, or what is wrong with it; the same few thousand stand in all patterns."""
    if _NAME.fullmatch(piece):
        return Step(piece, is_list=True, gap=gap)
    if not _WORD.fullmatch(piece):
        return "is neither a word nor the NAME of a list"
    if piece.endswith("*") and len(piece) <= _SHORTEST_BEGINNING:
        return "is too short a beginning"
    return Step(piece.removesuffix("!"), gap=gap, needed=piece.endswith("!"))


def _bounded(text: str, number: str, usual: int, most: int) -> int:
    wanted = int(number) if number else usual
    if not 0 <= wanted <= most:
        raise PatternError(f"{text!r}: at most {most} words may stand between")
    return wanted
