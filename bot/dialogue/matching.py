"""What typed words mean on the screen that is shown: the same as tapping one of its buttons.

A number, the words of a button, or a known synonym of them, compared without case, accents and
punctuation. A slip of spelling is forgiven where only one answer can be meant; a few words of an
answer only where they set a tick, which can be seen before it counts. Nothing else is guessed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from bot.actions import Verb, read_data
from bot.screens import Choice, Layout, Screen
from content.models import InterfaceFile, SynonymWords

TYPED_MAX = 4096
"""Characters of a typed message that are looked at; nobody answers at greater length."""

_PIECES_MAX = 30
"""Answers in one message; no question has so many."""

_SPLIT = re.compile(r"[,;/+&\n]+")
_NOT_WORDS = re.compile(r"[^\w\s]+")
_NEGATIVE = re.compile(r"\s*[-−–]\s*\d")
_OUT_OF_TEN = re.compile(r"\s*/\s*10\s*$")
_JOINERS = "\u200c\u200d"
"""Characters that nobody sees but that Persian words and many emoji need."""

_LONG_WORD = 5
_CLOSE = 0.82
"""Long words so alike are one word with a slip in it; "fever" and "never" are less alike."""

_SYNONYMS_OF_CODES = {
    "yes": ("yes",),
    "no": ("no",),
    "unsure": ("unsure",),
    # "Do you have any of these?" "No."
    "none": ("none", "no"),
    "prefer_not": ("prefer_not",),
}
_SYNONYMS_OF_VERBS = {
    Verb.AGREE: ("agree", "yes", "continue"),
    Verb.DECLINE: ("no", "stop"),
    Verb.DONE: ("done",),
    Verb.BACK: ("back",),
    Verb.SKIP: ("skip",),
    Verb.CONFIRM: ("yes", "agree", "done", "continue"),
    Verb.DELETE: ("yes",),
    Verb.RESTART: ("yes",),
    Verb.RESUME: ("continue", "yes", "agree"),
    Verb.SHOW: ("back", "no"),
}
_ANSWERS = (Verb.PICK, Verb.TICK, Verb.UNTICK)


def visible(text: str) -> str:
    """Typed text without what cannot be seen: control characters, marks that turn it round."""
    seen = "".join(
        letter
        for letter in text
        if letter in _JOINERS
        or letter.isspace()
        or not unicodedata.category(letter).startswith("C")
    )
    return seen.strip() if any(letter not in _JOINERS for letter in seen) else ""


def normal(text: str) -> str:
    """Text as it is compared: no case, no accents, no punctuation, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("'", ""))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_NOT_WORDS.sub(" ", bare).casefold().split())


def is_one_of(text: str, words: tuple[str, ...]) -> bool:
    """Whether the text is one of some words."""
    return normal(text) in _all_ours(words)


def beginning(text: str, words: tuple[str, ...]) -> int:
    """How many words the longest of some words has that the text begins with; 0 for none."""
    typed = normal(text[:TYPED_MAX]).split()
    ours = (one.split() for one in _all_ours(words))
    return max((len(one) for one in ours if one and typed[: len(one)] == one), default=0)


def match_exactly(text: str, screen: Screen, interface: InterfaceFile) -> Choice | None:
    """The one answer of a screen that the text is, with nothing guessed."""
    return _exactly(_wanted(text), screen, interface)


def match(text: str, screen: Screen, interface: InterfaceFile) -> Choice | None:
    """The one button that the text stands for; the answers of the screen before its controls."""
    if screen.layout is Layout.SCALE:
        text = _bare_number(text, interface)
    wanted = _wanted(text)
    if not wanted:
        return None
    for choice in (*screen.choices, *screen.controls):
        if _stands_for(wanted, choice, interface):
            return choice
    return _only(screen.choices, lambda choice: _misspelt(wanted, choice))


def match_several(text: str, screen: Screen, interface: InterfaceFile) -> tuple[Choice, ...]:
    """The answers that a list stands for ("1, 3", "I limp and I lean off one side").

    Empty if one of them is not understood. A button whose own words look like a list is no list.
    """
    return _each(text, screen, interface, lambda wanted: _exactly(wanted, screen, interface))


def match_in_part(text: str, screen: Screen, interface: InterfaceFile) -> tuple[Choice, ...]:
    """As `match_several`, but a few words of an answer will do ("limp and shorter steps")."""
    return _each(
        text,
        screen,
        interface,
        lambda wanted: (
            _exactly(wanted, screen, interface)
            or _only(screen.choices, lambda choice: _in_part(wanted, choice))
        ),
    )


def _each(
    text: str, screen: Screen, interface: InterfaceFile, find: Callable[[str], Choice | None]
) -> tuple[Choice, ...]:
    whole = _exactly(_wanted(text), screen, interface)
    if whole is not None:
        return (whole,)
    found: list[Choice] = []
    pieces = _pieces(text, interface.language.and_)
    if len(pieces) > _PIECES_MAX:
        return ()
    for piece in pieces:
        choice = find(_wanted(piece))
        if choice is None:
            return ()
        if choice not in found:
            found.append(choice)
    return tuple(found)


def _pieces(text: str, conjunction: str) -> list[str]:
    joined = re.compile(rf"\s{re.escape(conjunction)}\s", re.IGNORECASE)
    pieces = [
        piece
        for part in _SPLIT.split(text[:TYPED_MAX])
        for piece in joined.split(part)
        if piece.strip()
    ]
    if len(pieces) == 1 and all(word.isdecimal() for word in pieces[0].split()):
        return pieces[0].split()
    return pieces


def _wanted(text: str) -> str:
    """The text as it is compared; nothing for a number below zero, which loses its sign there."""
    return "" if _NEGATIVE.match(text) else normal(text[:TYPED_MAX])


def _only(choices: Iterable[Choice], fits: Callable[[Choice], bool]) -> Choice | None:
    fitting = [choice for choice in choices if fits(choice)]
    return fitting[0] if len(fitting) == 1 else None


def _exactly(wanted: str, screen: Screen, interface: InterfaceFile) -> Choice | None:
    for choice in screen.choices:
        if _stands_for(wanted, choice, interface):
            return choice
    return None


def _stands_for(wanted: str, choice: Choice, interface: InterfaceFile) -> bool:
    if not wanted:
        return False
    if choice.number is not None and wanted in (str(choice.number), f"{choice.number:02}"):
        return True
    return wanted == _ours(choice.label) or any(
        wanted in _all_ours(words) for words in _synonyms(choice, interface.synonyms)
    )


def _synonyms(choice: Choice, synonyms: SynonymWords) -> Iterable[tuple[str, ...]]:
    read = read_data(choice.data)
    if read is None:
        return
    _, action = read
    for name in _SYNONYMS_OF_VERBS.get(action.verb, ()):
        yield _of(synonyms, name)
    if action.verb in _ANSWERS and action.about[-1] in _SYNONYMS_OF_CODES:
        for name in _SYNONYMS_OF_CODES[action.about[-1]]:
            yield _of(synonyms, name)


def _of(synonyms: SynonymWords, name: str) -> tuple[str, ...]:
    words: tuple[str, ...] = getattr(synonyms, f"{name}_" if name == "continue" else name)
    return words


def _misspelt(wanted: str, choice: Choice) -> bool:
    """Whether this is the label, word for word, with slips in long words."""
    typed, label = wanted.split(), _ours(choice.label).split()
    return len(typed) == len(label) and all(map(_alike, typed, label))


def _in_part(wanted: str, choice: Choice) -> bool:
    """Whether these are words of the label. "None of these" must be meant as a whole."""
    read = read_data(choice.data)
    if not wanted or read is None or read[1].about[-1] in _SYNONYMS_OF_CODES:
        return False
    typed_words, label = wanted.split(), _ours(choice.label).split()
    if len(typed_words) > len(label):
        return False
    return all(any(_alike(typed, word) for word in label) for typed in typed_words)


def _alike(typed: str, word: str) -> bool:
    if typed == word:
        return True
    long = min(len(typed), len(word)) >= _LONG_WORD
    return long and SequenceMatcher(None, typed, word).ratio() >= _CLOSE


def _bare_number(text: str, interface: InterfaceFile) -> str:
    """The number alone of "7/10" and of "7 out of 10"."""
    before, _, after = interface.scale_value.casefold().partition("{value}")
    bare = _OUT_OF_TEN.sub("", text.strip().casefold())
    return bare.removeprefix(before).removesuffix(after)


@lru_cache(maxsize=4096)
def _ours(words: str) -> str:
    """Words of a button, normal; what patients type is never kept here."""
    return normal(words)


@lru_cache(maxsize=256)
def _all_ours(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(normal, words))
