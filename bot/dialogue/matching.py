"""What typed words mean on the screen that is shown: the same as tapping one of its buttons.

A number, the words of a button, or a known synonym of them, compared without case, accents and
punctuation, and without words of courtesy. A slip of spelling is forgiven where only one answer can
be meant and nothing urgent hangs on it. Whatever is less sure is a matter of `nearly`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from bot.actions import Verb, read_data
from bot.screens import Choice, Screen
from content.models import Content
from content.words.interface import SynonymWords
from content.words.questions import OptionWords

TYPED_MAX = 4096
"""Characters of a typed message that are looked at; nobody answers at greater length."""

_PIECES_MAX = 30
"""Answers in one message; no question has so many."""

_SPLIT = re.compile(r"[,;/+&\n]+")
_NOT_WORDS = re.compile(r"[^\w\s]+")
_NEGATIVE = re.compile(r"\s*[-−–]\s*\d")
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
    Verb.SEND: ("yes",),
    Verb.KEEP_PRIVATE: ("no",),
    Verb.SKIP_PHONE: ("skip", "no"),
    Verb.FOLLOW_UP: ("yes",),
    Verb.NO_FOLLOW_UP: ("no",),
    Verb.LEAVE_FOLLOW_UP: ("skip", "stop"),
    Verb.MEANT: ("yes", "agree"),
}
_ANSWERS = (Verb.PICK, Verb.TICK, Verb.UNTICK, Verb.DANGER, Verb.HOW)

PLAIN_CODES = frozenset(_SYNONYMS_OF_CODES)
"""Answers that must be meant as a whole: of their few words, each could mean anything."""


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
    return normal(text) in all_ours(words)


def beginning(text: str, words: tuple[str, ...]) -> int:
    """How many words the longest of some words has that the text begins with; 0 for none."""
    typed = normal(text[:TYPED_MAX]).split()
    ours = (one.split() for one in all_ours(words))
    return max((len(one) for one in ours if one and typed[: len(one)] == one), default=0)


def match_exactly(text: str, screen: Screen, content: Content) -> Choice | None:
    """The one answer of a screen that the text is, with nothing guessed."""
    return _exactly(_wanted(text, content), screen, content)


def match(text: str, screen: Screen, content: Content, *, forgiving: bool = True) -> Choice | None:
    """The one button that the text stands for; the answers of the screen before its controls.

    If `forgiving`, slips in long words are no matter.
    """
    wanted = _wanted(text, content)
    if not wanted:
        return None
    for choice in (*screen.choices, *screen.controls):
        if _stands_for(wanted, choice, content):
            return choice
    return _only(screen.choices, lambda choice: _misspelt(wanted, choice)) if forgiving else None


def match_several(text: str, screen: Screen, content: Content) -> tuple[Choice, ...]:
    """The answers that a list stands for ("1, 3", "I limp and I lean off one side").

    Empty if one of them is not understood. A button whose own words look like a list is no list.
    """
    whole = match_exactly(text, screen, content)
    if whole is not None:
        return (whole,)
    found: list[Choice] = []
    for piece in pieces(text, content):
        choice = match_exactly(piece, screen, content)
        if choice is None:
            return ()
        if choice not in found:
            found.append(choice)
    return tuple(found)


def is_label(text: str, choices: Iterable[Choice]) -> bool:
    """Whether the text is, word for word, what a button says."""
    wanted = normal(text[:TYPED_MAX])
    return any(wanted == _ours(choice.label) for choice in choices)


def option_words(choice: Choice, content: Content) -> OptionWords | None:
    """The words of the answer that a button gives; None for any other button."""
    read = read_data(choice.data)
    if read is None or read[1].verb not in _ANSWERS or len(read[1].about) != 2:
        return None
    question = content.questions.questions.get(read[1].about[0])
    return None if question is None else question.options.get(read[1].about[1])


def pieces(text: str, content: Content) -> list[str]:
    """The pieces of a list; none if there are more than any question has answers."""
    joined = re.compile(rf"\s{re.escape(content.interface.language.and_)}\s", re.IGNORECASE)
    found = [
        piece
        for part in _SPLIT.split(text[:TYPED_MAX])
        for piece in joined.split(part)
        if piece.strip()
    ]
    if len(found) == 1 and all(word.isdecimal() for word in found[0].split()):
        found = found[0].split()
    return found if len(found) <= _PIECES_MAX else []


def _wanted(text: str, content: Content) -> str:
    """The text as it is compared; nothing for a number below zero, which loses its sign there."""
    if _NEGATIVE.match(text):
        return ""
    words = normal(text[:TYPED_MAX])
    plain = " ".join(_polite(content.interface.polite).sub(" ", words).split())
    return plain or words


def _only(choices: Iterable[Choice], fits: Callable[[Choice], bool]) -> Choice | None:
    fitting = [choice for choice in choices if fits(choice)]
    return fitting[0] if len(fitting) == 1 else None


def _exactly(wanted: str, screen: Screen, content: Content) -> Choice | None:
    for choice in screen.choices:
        if _stands_for(wanted, choice, content):
            return choice
    return None


def _stands_for(wanted: str, choice: Choice, content: Content) -> bool:
    if not wanted:
        return False
    if choice.number is not None and wanted in _numbered(choice.number, content):
        return True
    option = option_words(choice, content)
    if option is not None and wanted in all_ours(option.words):
        return True
    return wanted == _ours(choice.label) or any(
        wanted in all_ours(words) for words in _synonyms(choice, content.interface.synonyms)
    )


def _numbered(number: int, content: Content) -> tuple[str, ...]:
    named = (f"{word} {number}" for word in all_ours(content.interface.number_names))
    return (str(number), f"{number:02}", *named)


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
    return len(typed) == len(label) and all(map(alike, typed, label))


def alike(typed: str, word: str) -> bool:
    """Whether two words are one, with a slip in it at most."""
    if typed == word:
        return True
    short, longer = sorted((typed, word), key=len)
    if longer.endswith(short) and longer[0] != short[0]:
        return False  # abnormal, unable: what stands before a word turns it round
    return len(short) >= _LONG_WORD and (
        SequenceMatcher(None, typed, word).ratio() >= _CLOSE or _letters_swapped(typed, word)
    )


def _letters_swapped(typed: str, word: str) -> bool:
    """Whether two letters beside each other changed places (rihgt)."""
    if len(typed) != len(word):
        return False
    first, *others = [place for place in range(len(word)) if typed[place] != word[place]]
    return others == [first + 1] and typed[first : first + 2] == word[first + 1] + word[first]


@lru_cache(maxsize=64)
def _polite(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(map(normal, phrases), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@lru_cache(maxsize=4096)
def _ours(words: str) -> str:
    """Words of a button, normal; what patients type is never kept here."""
    return normal(words)


@lru_cache(maxsize=4096)
def all_ours(words: tuple[str, ...]) -> frozenset[str]:
    """Words of ours as they are compared."""
    return frozenset(map(normal, words))
