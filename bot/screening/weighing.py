"""Weighs the words of a message: what it may tell of, though no phrase was found in it.

A linear classifier: each sign adds its weight to each concern, and nothing else decides. It hears
what patterns cannot foresee, and tells a phrase that is harmless beside all the rest.
"""

import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

from bot.screening.matching import Span
from bot.screening.normal import SENTENCE
from bot.screening.signs import Sign
from content.weights import LANE, MOST_TENTHS, Weights, hashed

_WHOLE_MAX = 80
"""Words up to which a message is also weighed as one: in longer ones a cry would drown."""

_SENTENCE_MAX, _SENTENCE_STEP = 40, 20
"""Words of a sentence without an end that are weighed together, and how far apart."""

_SIGNS_MAX = 500
"""Signs that are added up at once: no more than the sums have room for."""

_SURE_OF = 5
"""Words that a clause has at least when a phrase in it can be harmless by all the others."""

_ALSO = 0.3
"""The share from which on a second concern is heard with the first."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a piece of a message tells of, the likeliest first."""

    concerns: tuple[str, ...]
    span: Span


class Scale:
    """Weighs messages of one language."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._size = LANE * len(weights.kinds)

    def weigh(self, signs: Iterable[Sign], pauses: Sequence[int]) -> "Weighing":
        """A message on the scale."""
        known = sorted(
            (sign.first, sign.last, place)
            for sign in signs
            if (place := self._place(sign.name)) is not None
        )
        return Weighing(self, known, pauses)

    def sums(self, places: Sequence[int]) -> list[int]:
        """The tenths of each kind, for the signs that stand at some places of the weights."""
        if len(places) > _SIGNS_MAX:
            rest = zip(self.sums(places[_SIGNS_MAX:]), self.weights.always, strict=True)
            first = self.sums(places[:_SIGNS_MAX])
            return [one + (more - once) for one, (more, once) in zip(first, rest, strict=True)]
        adds, size = self.weights.adds, self._size
        total = sum(
            int.from_bytes(adds[place * size : (place + 1) * size], "little") for place in places
        )
        lanes = memoryview(total.to_bytes(size, sys.byteorder)).cast("H")
        if sys.byteorder == "big":
            lanes = lanes[::-1]
        return [
            lane - len(places) * MOST_TENTHS + always
            for lane, always in zip(lanes, self.weights.always, strict=True)
        ]

    def _place(self, sign: str) -> int | None:
        key, signs = hashed(sign), self.weights.signs
        place = bisect_left(signs, key)
        return place if place < len(signs) and signs[place] == key else None


class Weighing:
    """One message on a scale."""

    def __init__(
        self, scale: Scale, known: Sequence[tuple[int, int, int]], pauses: Sequence[int]
    ) -> None:
        self._scale = scale
        self._known = known
        self._pauses = pauses

    def heard(self) -> Iterator[Heard]:
        """The pieces that tell of something: each sentence, and all together."""
        for span in _pieces(self._pauses):
            *sums, harmless = self._sums(span)
            if _odds(sums, harmless) > self._scale.weights.heard_above:
                yield Heard(self._likely(sums), span)

    def doubts(self, span: Span, *, emergency: bool) -> bool:
        """Whether a phrase that stands here is surely harmless: in its clause and in all around.

        Of a clause of a few words nobody can be sure. For an emergency it must be surer.
        """
        weights = self._scale.weights
        below = weights.emergency_harmless_below if emergency else weights.harmless_below
        size = len(self._pauses)
        first, last = span
        while first and not self._pauses[first]:
            first -= 1
        while last < size and not self._pauses[last]:
            last += 1
        around = (piece for piece in _pieces(self._pauses) if piece[0] < last and first < piece[1])
        return last - first >= _SURE_OF and all(
            _odds(sums, harmless) < below
            for *sums, harmless in map(self._sums, ((first, last), *around))
        )

    def _sums(self, span: Span) -> list[int]:
        first, last = span
        begin, end = bisect_left(self._known, (first,)), bisect_left(self._known, (last,))
        return self._scale.sums(
            list({place for _, to, place in self._known[begin:end] if to <= last})
        )

    def _likely(self, sums: Sequence[int]) -> tuple[str, ...]:
        shares = [exp((one - max(sums)) / 10) for one in sums]
        order = sorted(range(len(sums)), key=lambda kind: -sums[kind])
        return tuple(
            self._scale.weights.kinds[kind]
            for place, kind in enumerate(order)
            if place == 0 or shares[kind] >= _ALSO * sum(shares)
        )


def _odds(sums: Sequence[int], harmless: int) -> float:
    """The logarithm of the odds that something is meant."""
    most = max(sums)
    return (most - harmless) / 10 + log(sum(exp((one - most) / 10) for one in sums))


def _pieces(pauses: Sequence[int]) -> Iterator[Span]:
    size = len(pauses)
    starts = [0, *(place for place in range(1, size) if pauses[place] == SENTENCE), size]
    whole = size <= _WHOLE_MAX
    if whole:
        yield 0, size
    for first, last in pairwise(starts):
        if whole and last - first == size:
            return
        for begin in range(first, max(first + 1, last - _SENTENCE_STEP), _SENTENCE_STEP):
            yield begin, min(begin + _SENTENCE_MAX, last)
