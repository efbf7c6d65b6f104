"""Pieces that several screens are built from."""

from collections.abc import Iterable

from bot.actions import Action, Verb
from bot.screens import Choice
from content.markup import Markup, bold, join


def button(serial: int, label: str, verb: Verb, *about: str) -> Choice:
    """A button that is no answer."""
    return Choice(label=label, data=Action(verb, about).data(serial))


def titled(title: Markup, *paragraphs: Markup) -> Markup:
    """A heading with what stands under it; nothing at all if there is nothing to stand there."""
    body = join(paragraphs, "\n")
    return join((bold(title), body), "\n") if body else body


def bullets(lines: Iterable[Markup]) -> Markup:
    """Lines as a list, each once."""
    return Markup("\n".join(f"• {line}" for line in dict.fromkeys(lines)))


def numbered(lines: Iterable[Markup]) -> Markup:
    """Lines as a numbered list."""
    return Markup("\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1)))
