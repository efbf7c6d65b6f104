"""The book as one self-contained, accessible page that also prints well."""

from collections.abc import Iterator
from html import escape
from importlib import resources

from bot.book.model import (
    Block,
    Book,
    Bullets,
    Chapter,
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

# A line with a bob, as it hangs on the first page.
_PLUMB = (
    '<svg class="plumb" viewBox="0 0 24 120" aria-hidden="true">'
    '<path d="M12 0V84" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M5 84h14l-2 12-5 20-5-20z" fill="currentColor"/></svg>'
)


def html(book: Book) -> str:
    """The whole book; it needs no other file and no network."""
    return "\n".join(_Page(book).lines()) + "\n"


class _Page:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._labels = {name: escape(text) for name, text in book.labels.items()}

    def lines(self) -> Iterator[str]:
        book = self._book
        style = (resources.files("bot.book") / "page.css").read_text(encoding="utf-8")
        yield "<!doctype html>"
        yield f'<html lang="{escape(book.language)}">'
        yield '<head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{escape(book.title)} · {self._labels['hash']}</title>"
        yield f"<style>{style}</style></head>"
        yield "<body>"
        yield '<header class="cover">'
        yield _PLUMB
        yield '<p class="brand">Plumbline</p>'
        yield f"<h1>{escape(book.title)}</h1>"
        yield f'<p class="subtitle">{escape(book.subtitle)}</p>'
        sound = "sound" if book.seal.sound else "unsound"
        yield f'<p class="seal {sound}"><strong>{escape(book.seal.label)}</strong> '
        yield f"{escape(book.seal.text)}</p>"
        yield "<dl>"
        for label, value in book.facts:
            yield f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
        yield "</dl>"
        yield f'<p class="made">{escape(book.made)}</p>'
        yield "</header>"
        yield f'<nav aria-labelledby="contents"><h2 id="contents">{escape(book.contents)}</h2><ol>'
        for chapter in book.chapters:
            yield f'<li><a href="#{chapter.id}">{escape(chapter.title)}</a></li>'
        yield "</ol></nav>"
        yield "<main>"
        for number, chapter in enumerate(book.chapters, 1):
            yield from self._chapter(number, chapter)
        yield "</main></body></html>"

    def _chapter(self, number: int, chapter: Chapter) -> Iterator[str]:
        yield f'<section id="{chapter.id}" aria-labelledby="{chapter.id}-title">'
        yield f'<h2 id="{chapter.id}-title"><span class="number">{number}</span> '
        yield f"{escape(chapter.title)}</h2>"
        for block in chapter.blocks:
            yield from self._block(block)
        yield "</section>"

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Prose(text=text):
                yield f"<p>{escape(text)}</p>"
            case Heading(text=text):
                yield f"<h3>{escape(text)}</h3>"
            case Bullets(items=items):
                yield f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
            case QuestionCard():
                yield from self._question(block)
            case RuleCard():
                yield from self._rule(block)
            case Named(name=name, when=when, code=code):
                yield f"<p><strong>{escape(name)}</strong> <code>{escape(code)}</code></p>"
                yield _clause(when)
            case Table():
                yield from _table(block)
            case Told(label=label, paragraphs=paragraphs):
                told = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
                yield f'<div class="told"><p class="label">{escape(label)}</p>{told}</div>'
            case Decision():
                yield from self._decision(block)
            case Signature():
                yield from self._signature(block)
            case Overview():
                yield from self._overview(block)

    def _question(self, card: QuestionCard) -> Iterator[str]:
        labels = self._labels
        private = f" · {labels['private']}" if card.private else ""
        yield f'<article class="question" id="q-{escape(card.id)}">'
        yield f'<h4><span class="number">{card.number}</span> {escape(card.topic)} '
        yield f"<small>{escape(card.how)}{private} <code>{escape(card.id)}</code></small></h4>"
        if card.why:
            yield f'<p class="aside">{labels["why"]}: {escape(card.why)}</p>'
        yield f'<p class="ask">{escape(card.ask)}</p>'
        if card.hint:
            yield f'<p class="aside">{labels["hint"]}: {escape(card.hint)}</p>'
        if card.choices:
            yield '<ul class="choices">'
            for choice in card.choices:
                detail = f" <span>{escape(choice.detail)}</span>" if choice.detail else ""
                yield f"<li><b>{escape(choice.label)}</b>{detail} <code>{choice.code}</code></li>"
            yield "</ul>"
        if card.asked is None:
            yield f'<p class="when">{labels["always"]}</p>'
        else:
            yield f'<div class="when"><p>{labels["asked"]}</p>{_clause(card.asked)}</div>'
        if card.leads:
            yield f'<p class="leads">{escape(card.leads)}</p>'
        for end in card.ends:
            yield f'<p class="leads">{labels["ends"]} {escape(end.inline())}</p>'
        yield "</article>"

    def _rule(self, card: RuleCard) -> Iterator[str]:
        labels = self._labels
        yield f'<article class="rule rank{card.rank}" id="rule-{escape(card.id)}">'
        yield f'<h4>{escape(card.id)} <span class="urgency">{escape(card.urgency)}</span></h4>'
        yield f'<div class="when"><p>{labels["when"]}</p>{_clause(card.when)}</div>'
        if card.raised_when is not None:
            yield f'<div class="when"><p>{escape(card.raised)}</p>{_clause(card.raised_when)}</div>'
        yield f'<p class="aside">{labels["told"]}: {escape(card.told)}</p>'
        sources = ", ".join(one.inline() for one in card.sources)
        yield f'<p class="aside">{labels["sources"]}: {escape(sources)}</p></article>'

    def _decision(self, block: Decision) -> Iterator[str]:
        labels = self._labels
        yield f'<article class="decision"><p><b>{block.number}.</b> {escape(block.text)} '
        yield f"<small>{escape(block.about)}</small></p>"
        yield f'<p class="boxes"><span class="box"></span> {labels["agree"]} '
        yield f'<span class="box"></span> {labels["change"]} '
        yield f'<span class="line">{labels["note"]}</span></p></article>'

    @staticmethod
    def _signature(block: Signature) -> Iterator[str]:
        fields = "".join(f"<li>{escape(label)}</li>" for label in block.fields)
        yield f'<p>{escape(block.intro)}</p><ul class="fields">{fields}</ul>'
        yield f'<p class="aside">{escape(block.enter)} <code>{escape(block.command)}</code></p>'

    @staticmethod
    def _overview(block: Overview) -> Iterator[str]:
        asks, leaves = (escape(column) for column in block.columns)
        yield f'<ol class="overview"><li class="head" aria-hidden="true"><div>{asks}</div>'
        yield f"<div>{leaves}</div></li>"
        for stage in block.stages:
            yield f'<li><div class="stage"><b>{escape(stage.title)}</b> '
            yield f"{escape(' · '.join(stage.asks))}</div>"
            if stage.leaves:
                exits = "".join(f"<p>→ {escape(leave)}</p>" for leave in stage.leaves)
                yield f'<div class="exits">{exits}</div>'
            yield "</li>"
        yield "</ol>"


def _clause(clause: Clause) -> str:
    if not clause.parts:
        return f'<p class="clause">{escape(clause.text)}</p>'
    return f'<div class="clause">{_group(clause)}</div>'


def _group(clause: Clause) -> str:
    parts = "".join(
        f"<li>{_group(part) if part.parts else escape(part.text)}</li>" for part in clause.parts
    )
    return f"<i>{escape(clause.lead)}</i><ul>{parts}</ul>"


def _table(table: Table) -> Iterator[str]:
    yield f'<table class="of{len(table.columns)}"><caption>{escape(table.title)}</caption><colgroup>'
    yield "".join(f'<col style="width:{width}%">' for width in table.wide)
    yield "</colgroup><thead><tr>"
    yield "".join(
        f'<th scope="col">{escape(column)}</th>' if column else "<td></td>"
        for column in table.columns
    )
    yield "</tr></thead><tbody>"
    for row in table.rows:
        first, *others = (escape(text) for text in row)
        cells = "".join(f"<td>{text}</td>" for text in others)
        first = f"<code>{first}</code>" if table.coded else first
        yield f'<tr><th scope="row">{first}</th>{cells}</tr>'
    yield "</tbody></table>"
