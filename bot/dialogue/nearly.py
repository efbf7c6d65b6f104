"""What typed words may mean where they are no answer exactly: never assumed, only offered.

On a choose-many question what is found is ticked, to be seen before it counts. Elsewhere the
patient is asked "Did you mean …?"; only where nothing urgent hangs on the answer, and only the
spelling is off or small words stand around it, is it taken at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.actions import read_data
from bot.dialogue.matching import (
    PLAIN_CODES,
    alike,
    all_ours,
    is_one_of,
    normal,
    option_words,
    pieces,
)
from bot.screens import Choice, Screen
from content.models import Content

_STEM = 4
"""Letters from which on a word that begins another is another form of it (limp, limping)."""


@dataclass(frozen=True, slots=True)
class Near:
    """What words may mean.

    `close`: spelling and small words aside, they are the answer itself. `loose`: something is said
    beside the answer, or its no is missing, and may turn it round ("normal until yesterday").
    """

    choice: Choice
    close: bool
    loose: bool


def nearly(text: str, screen: Screen, content: Content) -> Near | None:
    """The one answer of the screen that the text may mean; None where there is none, or several."""
    typed = content_words(text, content)
    if not typed or is_one_of(text, content.interface.synonyms.yes):
        return None  # a yes alone tells nothing of which
    negations = all_ours(content.interface.negations)
    for find, close in ((_is, True), (_in_words, False), (_in_part, False), (_holds, False)):
        found = [choice for choice in screen.choices if find(typed, choice, content)]
        if len(found) == 1 and not (find is _holds and _denies(typed, found[0], content)):
            loose = not close and (find is _holds or _lacks_its_no(typed, found[0], content))
            return Near(found[0], close and negations.isdisjoint(typed), loose)
        if found:
            return None
    return None


def nearly_each(text: str, screen: Screen, content: Content) -> tuple[tuple[Choice, ...], bool]:
    """The answers that a list may mean, and whether every piece of it was understood.

    "None of these" must be meant as a whole. A list with numbers is understood as a whole or not.
    """
    found: list[Choice] = []
    parts = pieces(text, content)
    understood = 0
    for part in parts:
        near = nearly(part, screen, content)
        if near is None or _is_plain(near.choice):
            continue
        understood += 1
        if near.choice not in found:
            found.append(near.choice)
    if any(any(letter.isdecimal() for letter in part) for part in parts):
        found = found if understood == len(parts) else []
    return tuple(found), understood == len(parts)


def content_words(text: str, content: Content) -> list[str]:
    """The words of a text without the small ones around them."""
    small = all_ours(content.interface.fillers)
    words = normal(text).split()
    return [word for word in words if word not in small] or words


def _is(typed: Sequence[str], choice: Choice, content: Content) -> bool:
    """Whether the words are a label or a synonym, slips of spelling aside."""
    return any(
        len(typed) == len(ours) and all(map(alike, typed, ours))
        for ours in _sayings(choice, content)
    )


def _in_words(typed: Sequence[str], choice: Choice, content: Content) -> bool:
    """Whether these are words of the answer's label or synonyms."""
    return _in_part(typed, choice, content, detail=False)


def _in_part(
    typed: Sequence[str], choice: Choice, content: Content, *, detail: bool = True
) -> bool:
    """Whether these are words of the answer, its full meaning included."""
    if _is_plain(choice):
        return False
    vocabulary = {word for ours in _sayings(choice, content, detail=detail) for word in ours}
    return all(any(_kin(word, ours) for ours in vocabulary) for word in typed)


def _holds(typed: Sequence[str], choice: Choice, content: Content) -> bool:
    """Whether a label or a synonym stands among the words."""
    return any(_run(typed, ours) is not None for ours in _sayings(choice, content))


def _denies(typed: Sequence[str], choice: Choice, content: Content) -> bool:
    """Whether the words have a no in them that is not the answer's own."""
    negations = all_ours(content.interface.negations)
    for ours in _sayings(choice, content):
        start = _run(typed, ours)
        if start is not None:
            outside = (*typed[:start], *typed[start + len(ours) :])
            if negations.isdisjoint(outside):
                return False
    return True


def _lacks_its_no(typed: Sequence[str], choice: Choice, content: Content) -> bool:
    """Whether the answer begins with a no and the words have none ("both legs")."""
    negations = all_ours(content.interface.negations)
    return not negations.isdisjoint(normal(choice.label).split()) and negations.isdisjoint(typed)


def _run(typed: Sequence[str], ours: Sequence[str]) -> int | None:
    """Where the words begin in a row, other forms of them allowed."""
    for start in range(len(typed) - len(ours) + 1):
        if ours and all(map(_kin, typed[start : start + len(ours)], ours)):
            return start
    return None


def _sayings(choice: Choice, content: Content, *, detail: bool = False) -> Iterable[list[str]]:
    yield content_words(choice.label, content)
    option = option_words(choice, content)
    if option is None:
        return
    for words in option.words:
        yield content_words(words, content)
    if detail and option.detail is not None:
        yield content_words(option.detail.plain(), content)


def _kin(typed: str, word: str) -> bool:
    """Whether two words are one, a slip or an ending aside."""
    if alike(typed, word):
        return True
    short, long = sorted((typed, word), key=len)
    return len(short) >= _STEM and long.startswith(short)


def _is_plain(choice: Choice) -> bool:
    read = read_data(choice.data)
    return read is not None and bool(read[1].about) and read[1].about[-1] in PLAIN_CODES
