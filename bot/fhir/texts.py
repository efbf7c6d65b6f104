"""Words in one language, with the others as the standard translation extension."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.fhir.terms import TRANSLATION, Resource
from content.markup import Markup
from content.models import Content

Words: TypeAlias = Callable[[Content], str | None]
"""Finds one text among the words of a language."""

# Neither JSON nor FHIR's `string` takes these; nor does UTF-8 take half a character.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: str) -> str:
    """Text as FHIR takes it: no markup, no control characters, no space around it."""
    bare = text.plain() if isinstance(text, Markup) else text
    return _NOT_TEXT.sub("", bare).strip()


class Texts:
    """The words of all languages, one of them first."""

    def __init__(self, language: str, contents: Mapping[str, Content]) -> None:
        self._first = contents[language]
        self._others = [words for code, words in contents.items() if code != language]

    @property
    def first(self) -> Content:
        """The words of the first language."""
        return self._first

    def put(self, element: Resource, name: str, words: Words) -> None:
        """Set a text of an element with its translations; nothing where there is no text."""
        text = words(self._first)
        if not text:
            return
        element[name] = plain(text)
        translations = [
            _translation(other.code, plain(translated))
            for other in self._others
            if (translated := words(other))
        ]
        if translations:
            element[f"_{name}"] = {"extension": translations}

    def everywhere(self, words: Words) -> list[tuple[str, str]]:
        """A text in each other language, with its code."""
        return [
            (other.code, plain(translated))
            for other in self._others
            if (translated := words(other))
        ]


def _translation(language: str, text: str) -> Resource:
    return {
        "url": TRANSLATION,
        "extension": [
            {"url": "lang", "valueCode": language},
            {"url": "content", "valueString": text},
        ],
    }
