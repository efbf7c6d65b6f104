"""A text as one language reads it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.screening.matching import Places
from bot.screening.normal import SENTENCE, Text

_SENTENCE_STEP, _COMMA_STEP = 4, 1
"""How many words a pause counts as."""

_PHRASE_MAX = 200
"""Characters of a piece of the text that are handed on."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One word as a language reads it."""

    word: str
    counts: bool
    symbols: tuple[int, ...]
    scope_symbols: tuple[int, ...]
    denies: bool


class Message:
    """A text as one language reads it: a piece for each word."""

    def __init__(self, typed: Text) -> None:
        self._typed = typed
        self.pieces: list[Piece] = []
        self.pauses: list[int] = []
        self._first: list[int] = []
        self._last: list[int] = []

    def add(self, pieces: tuple[Piece, ...], first: int, last: int) -> None:
        """Add the pieces that the typed words from `first` to `last` stand for."""
        pause = self._typed.pauses[first]
        for piece in pieces:
            self.pieces.append(piece)
            self.pauses.append(pause)
            self._first.append(first)
            self._last.append(last)
            pause = 0

    def part(self, first: int, last: int) -> "Message":
        """Some of the message's words."""
        if first == 0 and last >= len(self.pieces):
            return self
        part = Message(self._typed)
        part.pieces, part.pauses = self.pieces[first:last], self.pauses[first:last]
        part._first, part._last = self._first[first:last], self._last[first:last]
        return part

    def places(self, *, skipping: bool) -> Places:
        """How far along every word is; with `skipping`, words that do not count take no room."""
        begins: list[int] = []
        ends: list[int] = []
        along = 0
        for piece, pause in zip(self.pieces, self.pauses, strict=True):
            if pause:
                along += _SENTENCE_STEP if pause == SENTENCE else _COMMA_STEP
            begins.append(along)
            if piece.counts or not skipping:
                along += 1
            ends.append(along)
        return begins, ends

    def known_to(self, knows: Callable[[str], bool]) -> Iterator[int]:
        """The places of the words that another language knows too."""
        for place, first in enumerate(self._first):
            if knows(self._typed.words[first]):
                yield place

    def shown(self, first: int, last: int) -> str:
        """The piece of the text from one word to before another."""
        start = self._typed.starts[self._first[first]]
        end = self._typed.ends[self._last[last - 1]]
        return " ".join(self._typed.shown[start:end].split())[:_PHRASE_MAX]
