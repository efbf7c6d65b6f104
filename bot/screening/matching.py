"""Finds lists and patterns among words.

Lists are found bottom-up: each hit of a list is a place where one of its entries stands. A pattern
then only looks at the hits of its parts. Nothing is ever tried twice, so the time grows with the
text and not with the number of ways to read it.
"""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.screening.vocabulary import plain
from content.patterns import Join, Pattern, Run, Step, names
from content.phrases import in_order

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
class _Rule:
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
    """All lists and runs of one language, ready to be found.

    `same` says what a spelling stands for, `skip` are the words that do not count; entries are read
    just as the text must be.
    """

    def __init__(
        self,
        lists: Mapping[str, tuple[Run, ...]],
        same: Mapping[str, Iterable[str]],
        skip: Iterable[str] = (),
        articles: Iterable[str] = (),
    ) -> None:
        self._same = {plain(key): tuple(value) for key, value in same.items()}
        self._articles = {plain(word) for word in articles}
        self._skip = {plain(word) for word in skip} | self._articles
        self._symbols: dict[object, int] = {}
        self._meanings: dict[Step, tuple[Step, ...]] = {}
        self._word_symbols: dict[str, int] = {}
        self._words: dict[str, set[int]] = {}
        self._within: dict[int, set[int]] = {}  # symbol -> the lists that it alone is a hit of
        self._levels: dict[int, int] = {}
        self._rules: list[dict[int, list[_Rule]]] = []
        self._raw: list[tuple[int, Run]] = []
        for name in in_order(lists):
            self.add_list(name, lists[name])
        self._settled: dict[str, tuple[int, ...]] = {}

    def compile(self, pattern: Pattern, *, exact: bool = False) -> Compiled:
        """A pattern of these lists; with `exact`, only articles in it may be missing.

        All patterns must be compiled before the first search.
        """
        symbols = []
        size = 0
        for run in pattern.runs:
            steps = self._counted(run, exact=exact)
            size += len(steps)
            if len(steps) == 1:
                symbols.append(self._step_symbol(steps[0]))
                continue
            symbol = self._symbol(steps)
            if symbol not in self._levels:
                self._levels[symbol] = 1 + max(
                    self._levels.get(self._step_symbol(step), 0) for step in steps
                )
                self._add(symbol, steps)
            symbols.append(symbol)
        return Compiled(tuple(symbols), pattern.joins, size)

    def add_list(self, name: str, entries: Iterable[Run]) -> int:
        """A further list, under a name that no other has; its symbol."""
        symbol = self._symbol(name)
        runs = tuple(entries)
        inner = [self._levels[self._symbol(one)] for run in runs for one in names(run)]
        self._levels[symbol] = 1 + max(inner, default=0)
        for run in runs:
            self._add(symbol, self._counted(run))
        return symbol

    def seal(self) -> None:
        """Ready for searching: nothing is added any more."""
        for symbol, steps in self._raw:
            first, *rest = (self._step_symbol(step) for step in steps)
            rule = _Rule(
                tuple((step.gap, one) for step, one in zip(steps[1:], rest, strict=True)),
                tuple(self._closure(symbol)),
            )
            level = self._levels[symbol]
            while len(self._rules) < level:
                self._rules.append({})
            self._rules[level - 1].setdefault(first, []).append(rule)
        self._settled = {
            word: tuple(sorted(set().union(*(self._closure(one) for one in symbols))))
            for word, symbols in self._words.items()
        }

    def symbols(self, spellings: Iterable[str]) -> tuple[int, ...]:
        """What a word is a hit of by itself."""
        found: set[int] = set()
        for word in spellings:
            found.update(self._settled.get(word, ()))
        return tuple(found)

    def wanted(self) -> Iterator[str]:
        """Every word that some entry or pattern uses."""
        return iter(self._words)

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
        for rules in self._rules:
            for first in rules.keys() & hits.keys():
                for rule in rules[first]:
                    self._apply(rule, first, hits, places, barriers)
        return hits

    def _apply(
        self,
        rule: _Rule,
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

    def _symbol(self, key: object) -> int:
        return self._symbols.setdefault(key, len(self._symbols))

    def _step_symbol(self, step: Step) -> int:
        if step.is_list:
            return self._symbol(step.symbol)
        known = self._word_symbols.get(step.symbol)
        if known is None:
            word = plain(step.symbol)
            known = self._word_symbols[step.symbol] = self._symbol(("word", word))
            self._words.setdefault(word, set()).add(known)
        return known

    def _counted(self, run: Run, *, exact: bool = False) -> Run:
        """The steps of a run that must be there."""
        free = self._articles if exact else self._skip
        meant = [step for given in run for step in self._meant(given)]
        steps = tuple(
            step
            for step in meant
            if step.is_list
            or step.needed
            or plain(step.symbol) not in free
            or (exact and step is meant[-1])
        )
        return steps or tuple(meant)  # of nothing but words that do not count, all are meant

    def _meant(self, step: Step) -> tuple[Step, ...]:
        known = self._meanings.get(step)
        if known is None:
            stands_for = () if step.is_list else self._same.get(plain(step.symbol), ())
            known = self._meanings[step] = tuple(
                Step(word, gap=step.gap if place == 0 else 0, needed=step.needed)
                for place, word in enumerate(stands_for)
            ) or (step,)
        return known

    def _add(self, symbol: int, steps: Run) -> None:
        if len(steps) == 1:
            self._within.setdefault(self._step_symbol(steps[0]), set()).add(symbol)
        else:
            for step in steps:
                self._step_symbol(step)
            self._raw.append((symbol, steps))

    def _closure(self, symbol: int) -> set[int]:
        found = {symbol}
        for outer in self._within.get(symbol, ()):
            found |= self._closure(outer)
        return found


def matches(pattern: Compiled, hits: Hits, places: Places) -> Iterator[Match]:
    """Where a pattern stands, for each hit of its first part with the nearest hits of the others."""
    parts: list[list[Span]] = []
    for symbol in pattern.symbols:
        if symbol not in hits:
            return
        parts.append(sorted(hits[symbol].items()))
    for span in parts[0]:
        yield from _extended((span,), pattern, parts, places)


def _follow(rule: _Rule, end: int, hits: Hits, places: Places, barriers: Container[int]) -> int:
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
