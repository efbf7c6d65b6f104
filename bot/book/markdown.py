"""The book as Markdown."""

import re
from collections.abc import Iterator

from bot.book.model import (
    Block,
    Book,
    Bullets,
    Clause,
    Decision,
    Heading,
    Named,
    Overview,
    Prose,
    QuestionCard,
    RuleCard,
    Signature,
    Table,
    Told,
)

_SIGNS = re.compile(r"[\\*_`\[\]<>|#&~$]")
_BEGINNING = re.compile(r"^(\d*)([-+=.)])")
"""What makes a list or a heading of a line that begins with it."""


def markdown(book: Book) -> str:
    """The whole book, for reading as text and for comparing versions line by line."""
    return "\n".join(_Markdown(book).lines()).rstrip() + "\n"


class _Markdown:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._labels = book.labels

    def lines(self) -> Iterator[str]:
        book = self._book
        yield f"# {_safe(book.title)}"
        yield from ("", _safe(book.subtitle), "")
        for label, value in book.facts:
            yield f"- {_safe(label)}: {_safe(value)}"
        yield from ("", f"**{_safe(book.seal.label)}: {_safe(book.seal.text)}**", "")
        yield _safe(book.made)
        for number, chapter in enumerate(book.chapters, 1):
            yield from ("", f"## {number}. {_safe(chapter.title)}")
            for block in chapter.blocks:
                yield ""
                yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Prose(text=text):
                yield _safe(text)
            case Heading(text=text):
                yield f"### {_safe(text)}"
            case Bullets(items=items):
                yield from (f"- {_safe(item)}" for item in items)
            case QuestionCard():
                yield from self._question(block)
            case RuleCard():
                yield from self._rule(block)
            case Named(name=name, when=when, code=code):
                yield f"**{_safe(name)}** (`{code}`)"
                yield ""
                yield from _clause(when, 0)
            case Table():
                yield from _table(block)
            case Told(label=label, paragraphs=paragraphs):
                yield f"**{_safe(label)}**"
                for paragraph in paragraphs:
                    yield from ("", f"> {_safe(paragraph)}")
            case Decision(number=number, text=text, about=about):
                yield f"**{number}.** {_safe(text)} ({_safe(about)})"
                yield ""
                yield f"☐ {self._labels['agree']} ☐ {self._labels['change']}"
            case Signature():
                yield from self._signature(block)
            case Overview():
                yield from self._overview(block)

    def _question(self, card: QuestionCard) -> Iterator[str]:
        private = f", {self._labels['private']}" if card.private else ""
        yield f"**{card.number}. {_safe(card.topic)}** (`{card.id}`, {_safe(card.how)}{private})"
        yield ""
        if card.why:
            yield f"- {self._labels['why']}: {_safe(card.why)}"
        yield f"- **{_safe(card.ask)}**"
        if card.hint:
            yield f"- {self._labels['hint']}: {_safe(card.hint)}"
        for choice in card.choices:
            detail = f". {_safe(choice.detail)}" if choice.detail else ""
            yield f"- ○ {_safe(choice.label)}{detail} (`{choice.code}`)"
        if card.asked is None:
            yield f"- {self._labels['always']}"
        else:
            yield f"- {self._labels['asked']}:"
            yield from _clause(card.asked, 1)
        if card.leads:
            yield f"- {_safe(card.leads)}"
        for end in card.ends:
            yield f"- {self._labels['ends']}: {_safe(end.inline())}"

    def _rule(self, card: RuleCard) -> Iterator[str]:
        yield f"**{card.id}: {_safe(card.urgency)}**"
        yield ""
        yield f"- {self._labels['when']}:"
        yield from _clause(card.when, 1)
        if card.raised_when is not None:
            yield f"- {_safe(card.raised)}:"
            yield from _clause(card.raised_when, 1)
        yield f"- {self._labels['told']}: {_safe(card.told)}"
        sources = ", ".join(one.inline() for one in card.sources)
        yield f"- {self._labels['sources']}: {_safe(sources)}"

    @staticmethod
    def _signature(block: Signature) -> Iterator[str]:
        yield _safe(block.intro)
        yield ""
        yield from (f"- {_safe(label)}: ____________________" for label in block.fields)
        yield ""
        yield f"{_safe(block.enter)} `{block.command}`"

    @staticmethod
    def _overview(block: Overview) -> Iterator[str]:
        for place, stage in enumerate(block.stages, 1):
            asks = f": {_safe(', '.join(stage.asks))}" if stage.asks else ""
            yield f"{place}. **{_safe(stage.title)}**{asks}"
            yield from (f"   - → {_safe(leave)}" for leave in stage.leaves)
        yield from ("", "```mermaid", *block.mermaid.splitlines(), "```")


def _clause(clause: Clause, depth: int) -> Iterator[str]:
    """A condition as a list, nested as it is."""
    indent = "  " * depth
    if not clause.parts:
        yield f"{indent}- {_safe(clause.text)}"
        return
    yield f"{indent}- {_safe(clause.lead)}:"
    for part in clause.parts:
        yield from _clause(part, depth + 1)


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(_cell(column) for column in table.columns)} |"
    yield f"| {' | '.join('---' for _ in table.columns)} |"
    for first, *others in table.rows:
        cells = [f"`{first}`" if table.coded else _cell(first), *map(_cell, others)]
        yield f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _safe(text) or " "


def _safe(text: str) -> str:
    """Words whose signs no reader of Markdown takes for formatting."""
    text = _SIGNS.sub(r"\\\g<0>", text)
    return _BEGINNING.sub(r"\1\\\2", text)
