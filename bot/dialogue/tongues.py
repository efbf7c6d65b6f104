"""In which languages a message is screened: the patient's, English, and whatever it is written in.

In fear people write as they speak at home, whatever language the bot speaks to them. But a phrase
of one language can mean nothing in another, so another one is looked at only where the message
shows it: it knows more of the message's words than the patient's own language does.
"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from bot.dialogue.matching import normal
from content.models import Content

LOOKED_AT = 2_000
"""Characters by which the language of a message is guessed."""


class Tongues:
    """The words that each language uses anywhere in its own texts."""

    def __init__(self, contents: Mapping[str, Content]) -> None:
        self._words = {
            code: frozenset(word for text in _texts(words) for word in normal(text).split())
            for code, words in contents.items()
        }

    def of(self, text: str, language: str) -> tuple[str, ...]:
        """The languages to screen a message in, the patient's first; English is always added."""
        typed = normal(text[:LOOKED_AT]).split()
        known = {code: sum(word in words for word in typed) for code, words in self._words.items()}
        own = known.get(language, 0)
        others = (code for code, number in known.items() if number > own or not own)
        return tuple(dict.fromkeys((language, *others)))


def _texts(words: object) -> Iterator[str]:
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        yield from _texts(tuple(words.values()))
    elif isinstance(words, list | tuple):
        for one in words:
            yield from _texts(one)
    elif isinstance(words, BaseModel):
        yield from _texts(tuple(dict(words).values()))
