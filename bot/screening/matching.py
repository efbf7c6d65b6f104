"""Finds lists and patterns among words.

Lists are found bottom-up: each hit of a list is a place where one of its entries stands. A pattern
then only looks at the hits of its parts. Nothing is ever tried twice, so the time grows with the
text and not with the number of ways to read it.
"""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from content.patterns import Join

Hits = dict[int, dict[int, int]]
"""Symbol to its hits: first place to the place after the last, the longest hit of each."""

Places = tuple[Sequence[int], Sequence[int]]
"""How far along each word begins and ends; a word that does not count takes no room."""

Span = tuple[int, int]
Match = tuple[Span, ...]
"""Where the parts of a pattern stand, first to last."""

_NEIGHBOURS = 3
"""Hits on either side that are tried for each further part of a pattern."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A run of several symbols; where it stands, it is a hit of the symbols it gives."""

    rest: tuple[tuple[int, int], ...]  # gap and symbol
    gives: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern in symbols, one for each of its runs; `size` are the words it names."""

    symbols: tuple[int, ...]
    joins: tuple[Join, ...]
    size: int


class Finder:
    """All lists and runs of one language, ready to be found (see `bot.screening.lists`).

    `levels` are the rules by the symbol that they begin with, each level after those it needs;
    `alone` says what a word is a hit of by itself.
    """

    def __init__(
        self,
        levels: Sequence[Mapping[int, Sequence[Rule]]],
        alone: Mapping[str, tuple[int, ...]],
    ) -> None:
        self._levels = levels
        self._alone = alone

    def symbols(self, spellings: Iterable[str]) -> tuple[int, ...]:
        """What a word is a hit of by itself."""
        found: set[int] = set()
        for word in spellings:
            found.update(self._alone.get(word, ()))
        return tuple(found)

    def find(
        self,
        words: Sequence[tuple[int, ...]],
        places: Places,
        barriers: Container[int] = (),
    ) -> Hits:
        """The hits among words, given by their symbols.

        `places` say how far along each word stands; pauses make room. No gap leaps over the words
        at `barriers`.
        """
        hits: Hits = {}
        for place, symbols in enumerate(words):
            for symbol in symbols:
                if symbol in hits:
                    hits[symbol][place] = place + 1
                else:
                    hits[symbol] = {place: place + 1}
        for rules in self._levels:
            for first in rules.keys() & hits.keys():
                for rule in rules[first]:
                    self._apply(rule, first, hits, places, barriers)
        return hits

    def _apply(
        self,
        rule: Rule,
        first: int,
        hits: Hits,
        places: Places,
        barriers: Container[int],
    ) -> None:
        for _, symbol in rule.rest:
            if symbol not in hits:
                return
        for start, end in hits[first].items():
            last = _follow(rule, end, hits, places, barriers)
            if last:
                for symbol in rule.gives:
                    known = hits.setdefault(symbol, {})
                    if known.get(start, 0) < last:
                        known[start] = last


def matches(pattern: Compiled, hits: Hits, places: Places) -> Iterator[Match]:
    """Where a pattern stands, for each hit of its first part with the nearest hits of the others."""
    parts: list[list[Span]] = []
    for symbol in pattern.symbols:
        if symbol not in hits:
            return
        parts.append(sorted(hits[symbol].items()))
    for span in parts[0]:
        yield from _extended((span,), pattern, parts, places)


def _follow(rule: Rule, end: int, hits: Hits, places: Places, barriers: Container[int]) -> int:
    begins, ends = places
    for gap, symbol in rule.rest:
        stands = hits[symbol]
        reach = ends[end - 1] + gap
        place = end
        while place < len(begins) and begins[place] <= reach:
            if place in stands:
                break
            if place in barriers:
                return 0
            place += 1
        else:
            return 0
        end = stands[place]
    return end


def _extended(
    found: Match, pattern: Compiled, parts: list[list[Span]], places: Places
) -> Iterator[Match]:
    if len(found) == len(parts):
        yield found
        return
    join = pattern.joins[len(found) - 1]
    spans = parts[len(found)]
    near = bisect_left(spans, found[-1])
    first = near if join.ordered else max(0, near - _NEIGHBOURS)
    for span in spans[first : near + _NEIGHBOURS]:
        if _apart(span, found) and _distance(span, found, places) <= join.within:
            if join.ordered and span[0] < found[-1][1]:
                continue
            yield from _extended((*found, span), pattern, parts, places)


def _apart(span: Span, found: Match) -> bool:
    return all(span[0] >= other[1] or span[1] <= other[0] for other in found)


def _distance(span: Span, found: Match, places: Places) -> int:
    """Words between a span and the nearest part found so far."""
    return min(between(span, other, places) for other in found)


def between(one: Span, other: Span, places: Places) -> int:
    """How many words stand between two spans; below zero where they overlap."""
    begins, ends = places
    if one[0] >= other[1]:
        return begins[one[0]] - ends[other[1] - 1]
    if other[0] >= one[1]:
        return begins[other[0]] - ends[one[1] - 1]
    return -1
