"""Which words of a language a typed word can be: spelt right, wrong, stretched or run together.

Words with fewer than four letters are never corrected, those with four only where a letter is
missing or two changed places, and ordinary words never at all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from bot.screening.normal import fold

NUMERAL, CALENDAR = "numeral", "calendar"
"""Words that patterns use for any number and for any year such as 2015."""

_NOT_LONG_AGO = "2024"
"""The first year that is not taken to be long ago. Nothing here knows what day it is, so in later
years it is only asked about too much."""

_LOST_LETTER, _ONE_SLIP, _TWO_SLIPS, _ANY_BEGINNING = 4, 5, 8, 7
"""Letters from which on slips are forgiven: a lost letter, any one, two, one in the first letter."""

_JOINED_MIN, _JOINED_MAX, _PIECE_MAX = 5, 120, 18
_RUNS_MAX = 4
_STRETCHED = re.compile(r"(.)\1+")
_MUCH_STRETCHED = re.compile(r"(.)\1\1")
_PARTS = re.compile(r"\d+|[^\d]+")
_AS_LETTERS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"})
_MEMORY, _LONGEST_KEPT = 5_000, 40
"""Words remembered in one place, and their letters: nobody can fill the memory by writing."""

_Value = TypeVar("_Value")

Reading = tuple[tuple[str, ...], ...]
"""What a typed word stands for: one word or several, each with its possible spellings."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Which letters of a language are written for which others.

    `vowels` come and go and stand for each other; `near` are the letters that sound like a letter
    or lie beside it on the keyboard.
    """

    vowels: frozenset[str]
    near: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, vowels: str, sounds: Iterable[str], keys: Sequence[str]) -> "Slips":
        """From groups of letters that sound alike, and the rows of the keyboard."""
        near: dict[str, set[str]] = {}
        for row, line in enumerate(keys):
            for place, key in enumerate(line):
                around = {key, *line[max(0, place - 1) : place + 2]}
                for other in keys[max(0, row - 1) : row + 2]:
                    around.update(other[max(0, place - 1) : place + 2])
                near.setdefault(key, set()).update(around)
        for group in sounds:
            for key in group:
                near.setdefault(key, set()).update(group)
        return cls(frozenset(vowels), {key: frozenset(around) for key, around in near.items()})

    def may_be(self, word: str, other: str) -> bool:
        """Whether one word can be a slip for another: most pairs so close are just two words."""
        if word[0] != other[0] and len(word) < _ANY_BEGINNING and word[:2] != other[1::-1]:
            return False
        edits = Levenshtein.editops(word, other)
        if len(edits) > OSA.distance(word, other):
            return True  # letters changed places
        if len(word) < _ONE_SLIP and any(edit.tag != "insert" for edit in edits):
            return False
        return all(
            self._is_slip(word, other, edit.tag, edit.src_pos, edit.dest_pos) for edit in edits
        )

    def _is_slip(self, word: str, other: str, kind: str, place: int, meant: int) -> bool:
        """Whether one edit is what fingers or ears do.

        A letter left out always is. One too many is a doubled one, a vowel or one from beside its
        neighbour on the keyboard; a wrong one is from beside the right one or sounds like it.
        """
        if kind == "insert":
            return True
        letter = word[place]
        if kind == "delete":
            around = word[max(0, place - 1) : place] + word[place + 1 : place + 2]
            return letter in self.vowels or any(self._near(letter, one) for one in around)
        wanted = other[meant]
        return self._near(letter, wanted) or (letter in self.vowels and wanted in self.vowels)

    def _near(self, one: str, other: str) -> bool:
        return other in self.near.get(one, ())


class Vocabulary:
    """The words of one language.

    `wanted` are the words of patterns (a final * for a beginning), `known` the ordinary ones,
    `same` the spellings with what they stand for, `slips` the letters written for others,
    `letters` the words of one letter, `endings` what may follow an apostrophe without belonging to
    the word ("my leg's numb").
    """

    def __init__(
        self,
        wanted: Iterable[str],
        known: Iterable[str],
        same: Mapping[str, Iterable[str]],
        slips: Slips,
        letters: Iterable[str],
        endings: Iterable[str] = (),
    ) -> None:
        self._slips = slips
        self._letters = frozenset(letters)
        self._endings = frozenset(endings)
        words = {plain(word) for word in wanted}
        # In order, so that a word is read the same way every time.
        self._beginnings = dict.fromkeys(sorted(word[:-1] for word in words if word.endswith("*")))
        self._lengths = sorted({len(beginning) for beginning in self._beginnings}, reverse=True)
        self._wanted = {word for word in words if not word.endswith("*")}
        self._known = {plain(word) for word in known}
        self._same = {plain(key): tuple(map(plain, value)) for key, value in same.items()}
        self._whole = self._wanted | self._known | self._same.keys()
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._wanted | self._known):
            if len(word) >= _LOST_LETTER and word.isalpha():
                self._by_length.setdefault(len(word), []).append(word)
        self._near: dict[int, list[str]] = {}
        self._memory: dict[str, Reading] = {}

    def read(self, word: str) -> Reading:
        """What a folded word stands for; a word that nobody knows stands for itself."""
        known = self._memory.get(word)
        if known is None:
            known = self._read(word)
            keep(self._memory, word, known)
        return known

    def read_as_it_stands(self, word: str) -> Reading:
        """What a folded word of another language stands for here: it is no slip."""
        if word.isdigit():
            return (self._number(word),)
        return self._exact(word) or ((word,),)

    def knows(self, word: str) -> bool:
        """Whether it is a word as it stands, or begins as one."""
        return word in self._whole or bool(self._begun(word))

    def joined(self, letters: str) -> Reading | None:
        """The words that were run together, if letters are nothing but words."""
        pieces = self._pieces(letters)
        return (
            None if pieces is None else tuple(one for piece in pieces for one in self.read(piece))
        )

    def _read(self, word: str) -> Reading:
        if "'" in word:
            base, _, ending = word.rpartition("'")
            whole = word.replace("'", "")
            apart = ending in self._endings and whole not in self._same
            return self.read(base.replace("'", "") if apart and base else whole)
        if not word:
            return ((word,),)
        if word.isdigit():
            return (self._number(word),)
        found = self._exact(word)
        if found is None and not word.isalpha():
            found = self._with_digits(word)
        if found is None and (len(word) < _ONE_SLIP or _MUCH_STRETCHED.search(word)):
            found = self._shortened(word)
        if found is None and word.isalpha():
            begun = self._begun(word)
            found = self._misspelt(word, 1, beyond=max(map(len, begun), default=1) - 1) or (
                (begun,) if begun else None
            )
            if begun and found:
                found = (tuple(dict.fromkeys((*found[0], *begun))),)
            found = found or self._run_together(word) or self._misspelt(word, 2)
        return found if found is not None else ((word,),)

    def _number(self, word: str) -> tuple[str, ...]:
        calendar = len(word) == 4 and "1900" <= word < _NOT_LONG_AGO
        return (word, NUMERAL, *((CALENDAR,) if calendar else ()))

    def _exact(self, word: str) -> Reading | None:
        if word in self._same:
            return tuple((one, *self._begun(one)) for one in self._same[word])
        return ((word, *self._begun(word)),) if word in self._whole else None

    def _begun(self, word: str) -> tuple[str, ...]:
        return tuple(
            f"{word[:length]}*" for length in self._lengths if word[:length] in self._beginnings
        )

    def _with_digits(self, word: str) -> Reading | None:
        if word[0].isalpha():
            as_letters = self._exact(word.translate(_AS_LETTERS))
            if as_letters is not None:
                return as_letters
        parts = _PARTS.findall(word)
        if not 1 < len(parts) <= _RUNS_MAX:
            return None
        return tuple(one for part in parts for one in self.read(part))

    def _shortened(self, word: str) -> Reading | None:
        """A stretched word (heeelp): each run of a letter once or twice."""
        runs = _STRETCHED.findall(word)
        if not 0 < len(runs) <= _RUNS_MAX:
            return None
        pieces = _STRETCHED.split(word)  # text, letter, text, letter, text …
        words: list[str] = []
        for times in product((2, 1), repeat=len(runs)):
            letters = [
                piece if place % 2 == 0 else piece * times[place // 2]
                for place, piece in enumerate(pieces)
            ]
            found = self._exact("".join(letters))
            if found is not None and len(found) > 1:
                return found
            if found is not None:
                words += found[0]
            elif _MUCH_STRETCHED.search(word):
                words += self._begun("".join(letters))
        return (tuple(dict.fromkeys(words)),) if words else None

    def _misspelt(self, word: str, slips: int, beyond: int | None = None) -> Reading | None:
        if len(word) < (_LOST_LETTER if slips == 1 else _TWO_SLIPS) or len(word) > _PIECE_MAX + 2:
            return None
        found = process.extract(
            word, self._like(len(word), slips), scorer=OSA.distance, score_cutoff=slips, limit=8
        )
        best = min((distance for _, distance, _ in found), default=None)
        near = [
            one for one, distance, _ in found if distance == best and self._slips.may_be(word, one)
        ]
        swapped = [one for one in near if sorted(one) == sorted(word)]
        near = swapped or near  # letters that changed places are the surest slip
        if beyond is not None:
            near += self._nearly_begun(word, beyond)
        meant = [one for one in near if one in self._wanted or one.endswith("*")] or near[:1]
        return (tuple(dict.fromkeys(self._with_beginnings(meant))),) if meant else None

    def _with_beginnings(self, words: Iterable[str]) -> Iterator[str]:
        for word in words:
            yield word
            yield from self._begun(word)

    def _nearly_begun(self, word: str, beyond: int) -> Iterator[str]:
        """The beginnings longer than `beyond` that it has but for one slip.

        Of five letters that would be half the words of a language: only longer ones.
        """
        for beginning in self._beginnings:
            length = len(beginning)
            if (
                length <= beyond
                or length <= _ONE_SLIP
                or len(word) < length
                or word[0] != beginning[0]
            ):
                continue
            for begun in (word[:length], word[: length - 1], word[: length + 1]):
                if OSA.distance(begun, beginning) <= 1 and self._slips.may_be(begun, beginning):
                    yield f"{beginning}*"
                    break

    def _like(self, length: int, slips: int) -> list[str]:
        key = length * 4 + slips
        if key not in self._near:
            self._near[key] = [
                word
                for near in range(length - slips, length + slips + 1)
                for word in self._by_length.get(near, ())
            ]
        return self._near[key]

    def _run_together(self, word: str) -> Reading | None:
        if not _JOINED_MIN <= len(word) <= _JOINED_MAX:
            return None
        pieces = self._pieces(word)
        if pieces is None or max(map(len, pieces)) < _LOST_LETTER:
            return None  # of crumbs alone, any word can be made
        return tuple(one for piece in pieces for one in self.read(piece))

    def _pieces(self, letters: str) -> list[str] | None:
        """The fewest known words that letters consist of; short ones count double."""
        best: list[tuple[int, list[str]] | None] = [(0, [])] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - _PIECE_MAX), end):
                before = best[start]
                if before is None or not self._is_piece(letters[start:end]):
                    continue
                cost = before[0] + (1 if end - start > 2 else 2)
                known = best[end]
                if known is None or cost < known[0]:
                    best[end] = (cost, [*before[1], letters[start:end]])
        whole = best[-1]
        return None if whole is None else whole[1]

    def _is_piece(self, letters: str) -> bool:
        return letters in self._whole and (len(letters) > 1 or letters in self._letters)


def keep(memory: dict[str, _Value], word: str, value: _Value) -> None:
    """Remember what was worked out for a word, in so much room and no more."""
    if len(word) > _LONGEST_KEPT:
        return
    if len(memory) >= _MEMORY:
        memory.clear()
    memory[word] = value


@cache
def plain(word: str) -> str:
    """A word of the data as it is compared; a final * stays."""
    return fold(word).replace("'", "") + ("*" if word.endswith("*") else "")
