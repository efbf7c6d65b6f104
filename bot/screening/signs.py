"""The signs of a message that words are weighed by (see `content.weights`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.screening.matching import Span

SILENCED = "silenced"
"""Named like a scope: a phrase that was found but is not meant."""

_DENIED_REACH = 5
"""Words after a denial within which a list counts as denied."""


class Sign(NamedTuple):
    """A sign and where it stands: its first word and the one after its last."""

    name: str
    first: int
    last: int


def signs(
    words: Sequence[str],
    pauses: Sequence[int],
    lists: Mapping[str, Iterable[Span]],
    scopes: Mapping[str, Iterable[Span]],
    denials: Iterable[Span],
) -> Iterator[Sign]:
    """Every sign of a message.

    `words` are as the language reads them, `pauses` stand before each; `lists` and `scopes` are
    what was found of either, by name, and `denials` those of the scopes that deny.
    """
    for place, word in enumerate(words):
        yield Sign(word, place, place + 1)
        if place and not pauses[place]:
            yield Sign(f"{words[place - 1]} {word}", place - 1, place + 1)
    denied = {place for _, last in denials for place in range(last, last + _DENIED_REACH + 1)}
    for name, spans in lists.items():
        for first, last in spans:
            yield Sign(name, first, last)
            if first in denied:
                yield Sign(f"no {name}", first, last)
    for name, spans in scopes.items():
        for first, last in spans:
            yield Sign(f"<{name}>", first, last)
