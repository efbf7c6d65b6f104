"""The lists and patterns of one language on their way from words to symbols.

What is needed for that takes several times the memory of what comes out, so it lives apart from the
`Finder` and goes when that is there.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from bot.screening.matching import Compiled, Finder, Rule
from bot.screening.vocabulary import plain
from content.patterns import Pattern, Run, Step, names
from content.phrases import in_order

_Same = TypeVar("_Same", bound=Hashable)


class Lists:
    """All lists and runs of one language.

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
        self._raw: list[tuple[int, Run]] = []
        self._shared: dict[Hashable, Hashable] = {}
        for name in in_order(lists):
            self.add_list(name, lists[name])

    def add_list(self, name: str, entries: Iterable[Run]) -> int:
        """A further list, under a name that no other has; its symbol."""
        symbol = self.symbol(name)
        runs = tuple(entries)
        inner = [self._levels[self.symbol(one)] for run in runs for one in names(run)]
        self._levels[symbol] = 1 + max(inner, default=0)
        for run in runs:
            self._add(symbol, self._counted(run))
        return symbol

    def compile(self, pattern: Pattern, *, exact: bool = False) -> Compiled:
        """A pattern of these lists; with `exact`, only articles in it may be missing."""
        symbols = []
        size = 0
        for run in pattern.runs:
            steps = self._counted(run, exact=exact)
            size += len(steps)
            if len(steps) == 1:
                symbols.append(self._step_symbol(steps[0]))
                continue
            symbol = self.symbol(steps)
            if symbol not in self._levels:
                self._levels[symbol] = 1 + max(
                    self._levels.get(self._step_symbol(step), 0) for step in steps
                )
                self._add(symbol, steps)
            symbols.append(symbol)
        return Compiled(self._share(tuple(symbols)), self._share(pattern.joins), size)

    def words(self) -> Iterable[str]:
        """Every word that some entry or pattern uses."""
        return self._words.keys()

    def finder(self) -> Finder:
        """What finds all that was added."""
        levels: list[dict[int, list[Rule]]] = []
        for symbol, steps in self._raw:
            first, *rest = (self._step_symbol(step) for step in steps)
            gaps = (self._share((step.gap, one)) for step, one in zip(steps[1:], rest, strict=True))
            rule = Rule(self._share(tuple(gaps)), self._all_given((symbol,)))
            level = self._levels[symbol]
            while len(levels) < level:
                levels.append({})
            levels[level - 1].setdefault(first, []).append(rule)
        alone = {word: self._all_given(symbols) for word, symbols in self._words.items()}
        return Finder(
            tuple({first: tuple(rules) for first, rules in level.items()} for level in levels),
            alone,
        )

    def symbol(self, key: object) -> int:
        """What stands for the name of a list, a word or a run."""
        return self._symbols.setdefault(key, len(self._symbols))

    def _step_symbol(self, step: Step) -> int:
        if step.is_list:
            return self.symbol(step.symbol)
        known = self._word_symbols.get(step.symbol)
        if known is None:
            word = plain(step.symbol)
            known = self._word_symbols[step.symbol] = self.symbol(("word", word))
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
        if len(steps) > 1:
            return steps
        # Of a single word that counts with others that do not, all are meant: "no will", "to live".
        whole = tuple(
            step for step in meant if step.is_list or plain(step.symbol) not in self._articles
        )
        return whole or tuple(meant)

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

    def _all_given(self, symbols: Iterable[int]) -> tuple[int, ...]:
        """Symbols and all that they alone are hits of."""
        found: set[int] = set()
        waiting = list(symbols)
        while waiting:
            symbol = waiting.pop()
            if symbol not in found:
                found.add(symbol)
                waiting += self._within.get(symbol, ())
        return self._share(tuple(sorted(found)))

    def _share(self, value: _Same) -> _Same:
        """The same object for all equal values: thousands of rules are put together from few."""
        known = self._shared.setdefault(value, value)
        assert isinstance(known, type(value))  # noqa: S101 - it is equal
        return known
