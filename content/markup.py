"""Texts with a little formatting: <b> and <i>, everything else escaped.

`Markup` is safe to send as it is; a plain `str` is not and is escaped wherever it is filled in. So
nothing that a patient or a clinic typed can ever format, link or break a message.
"""

import html
import re
from string import Formatter
from typing import Self

_TAG = re.compile(r"</?[bi]>")
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_FORMATTER = Formatter()


class MarkupError(ValueError):
    """Formatting that is not allowed or not closed; the message says which, in one line."""


class Markup(str):
    """Text that is escaped but for <b> and <i>, which are rightly nested."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Words as a writer wrote them: tags are kept, any other special character is escaped.

        Raises:
            MarkupError: a tag is not closed, closed in the wrong order, or neither <b> nor <i>.
        """
        for tag in _ANY_TAG.finditer(text):
            if not _TAG.fullmatch(tag.group()):
                raise MarkupError(f"{tag.group()} is not possible: only <b> and <i> are")
        pieces: list[str] = []
        open_tags: list[str] = []
        at = 0
        for tag in _TAG.finditer(text):
            pieces.append(html.escape(text[at : tag.start()], quote=False))
            pieces.append(tag.group())
            at = tag.end()
            if not tag.group().startswith("</"):
                open_tags.append(tag.group()[1])
            elif not open_tags or open_tags.pop() != tag.group()[2]:
                raise MarkupError(f"{tag.group()} closes nothing")
        if open_tags:
            raise MarkupError(f"<{open_tags[-1]}> is not closed")
        pieces.append(html.escape(text[at:], quote=False))
        return cls("".join(pieces))

    @classmethod
    def escape(cls, text: object) -> Self:
        """Any text from outside, made harmless."""
        return cls(html.escape(str(text), quote=False))

    def fill(self, **values: object) -> "Markup":
        """Fill the placeholders; values that are not `Markup` are escaped.

        Raises:
            KeyError: a placeholder has no value.
        """
        if "{" not in self:
            return self
        safe = {
            name: value if isinstance(value, Markup) else Markup.escape(value)
            for name, value in values.items()
        }
        return Markup(str.format_map(self, safe))

    def plain(self) -> str:
        """The text without formatting."""
        return html.unescape(_TAG.sub("", self))

    def length(self) -> int:
        """How long the text is as Telegram counts: UTF-16 units without formatting."""
        # A lone surrogate is legal in Telegram's JSON: it counts, it must not raise.
        return len(self.plain().encode("utf-16-le", "surrogatepass")) // 2


def join(pieces: "list[Markup] | tuple[Markup, ...]", between: str = "\n\n") -> Markup:
    """Pieces one after another; empty ones leave no gap."""
    return Markup(between.join(piece for piece in pieces if piece))


def bold(text: Markup) -> Markup:
    """The text in bold; an empty one stays empty."""
    return Markup(f"<b>{text}</b>") if text else text


def italic(text: Markup) -> Markup:
    """The text in italics; an empty one stays empty."""
    return Markup(f"<i>{text}</i>") if text else text


def placeholders(text: str) -> frozenset[str]:
    """The names of the places to be filled in.

    Raises:
        MarkupError: a brace that stands alone or twice, or a place that is no plain name.
    """
    if "{{" in text or "}}" in text:
        raise MarkupError("a brace cannot be shown: {{ or }}")  # only some texts are ever filled
    try:
        fields = [
            (name, spec, conversion)
            for _, name, spec, conversion in _FORMATTER.parse(text)
            if name is not None
        ]
    except ValueError as error:
        raise MarkupError(f"broken placeholder: {error}") from None
    for name, spec, conversion in fields:
        if not name.isidentifier() or spec or conversion:
            raise MarkupError(f"a placeholder must be a plain name, not {{{name}}}")
    return frozenset(name for name, _, _ in fields)
