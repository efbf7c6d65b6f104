"""Texts by their place in the files, and a copy of the words in which each one carries a mark.

A mark is one character of Unicode's private use that no text has of itself. Where it turns up in a screen,
that very text was shown: words alone would not tell two texts apart that read alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from content.loader import CONCERNS, QUESTIONS, RESULTS
from content.markup import Markup
from content.models import Content
from flows.yaml_lines import Path

_FIRST, _LAST = 0xE000, 0xF8FF
"""Unicode's private use area in the basic plane."""

_TYPED: Final = "words"
"""The field with what people type for an answer: it is read, never shown."""

FILES: Final = {QUESTIONS: "questions", RESULTS: "results", CONCERNS: "concerns"}
"""The files whose texts depend on the protocol, with their fields in `Content`."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a language: its file, its path there, and its words."""

    file: str
    path: Path
    words: str

    @property
    def key(self) -> str:
        """The path as it is told: `rules.U05`."""
        return ".".join(map(str, self.path))


@dataclass(slots=True)
class Marked:
    """Words with marks, and which text each mark stands for."""

    content: Content
    texts: dict[str, Text] = field(default_factory=dict)

    def seen_in(self, shown: str) -> Iterator[Text]:
        """The texts whose marks stand in what is shown, each once."""
        for letter in set(shown):
            if letter in self.texts:
                yield self.texts[letter]


def mark(content: Content) -> Marked:
    """A copy of the words in which every text that depends on the protocol has its mark.

    Raises:
        ValueError: there are more texts than marks.
    """
    marking = _Marking(content)
    files = {name: marking.marked(file, (), getattr(content, name)) for file, name in FILES.items()}
    return Marked(content.model_copy(update=files), marking.texts)


class _Marking:
    def __init__(self, content: Content) -> None:
        self.texts: dict[str, Text] = {}
        written = set(content.model_dump_json())
        self._free = (chr(code) for code in range(_FIRST, _LAST + 1) if chr(code) not in written)

    def marked(self, file: str, path: Path, value: Any) -> Any:
        if isinstance(value, BaseModel):
            return self._model(file, path, value)
        if isinstance(value, dict):
            return {key: self.marked(file, (*path, key), one) for key, one in value.items()}
        if isinstance(value, tuple):
            return tuple(self.marked(file, (*path, at), one) for at, one in enumerate(value))
        if isinstance(value, str):
            letter = self._next(Text(file, path, value))
            return Markup(letter + value) if isinstance(value, Markup) else letter + value
        return value

    def _model(self, file: str, path: Path, model: BaseModel) -> BaseModel:
        changed = {}
        for name, info in type(model).model_fields.items():
            value = getattr(model, name)
            if name != _TYPED:
                value = self.marked(file, (*path, info.alias or name), value)
            changed[name] = value
        return model.model_copy(update=changed)

    def _next(self, text: Text) -> str:
        letter = next(self._free, "")
        if not letter:
            raise ValueError("there are more texts than marks")
        self.texts[letter] = text
        return letter
