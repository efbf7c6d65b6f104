"""What the tests of the book share: both books, and what a reader of each format sees."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO

from markdown_it import MarkdownIt
from pypdf import PdfReader

from bot.book.build import build
from bot.book.html import html
from bot.book.markdown import markdown
from bot.book.model import Book
from bot.book.pdf import pdf
from bot.book.subject import Subject, load_subject
from content.loader import languages

SUBJECTS: dict[str, Subject] = {code: load_subject(code) for code in languages()}
BOOKS: dict[str, Book] = {code: build(subject) for code, subject in SUBJECTS.items()}
PAGES: dict[str, str] = {code: html(book) for code, book in BOOKS.items()}
MARKDOWN: dict[str, str] = {code: markdown(book) for code, book in BOOKS.items()}
PDF: dict[str, bytes] = {code: pdf(book) for code, book in BOOKS.items()}

VOID = frozenset(("meta", "col", "path", "br"))


def squeezed(text: str) -> str:
    """Without any white space: a PDF breaks lines where it likes."""
    return "".join(text.replace("\u200b", "").split())


class Seen(HTMLParser):
    """What a reader of a page sees, and whether its tags are rightly nested."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += f"{data} "


def of_page(code: str) -> str:
    return squeezed(Seen(PAGES[code]).text)


def of_markdown(code: str) -> str:
    tokens = MarkdownIt("commonmark").enable("table").parse(MARKDOWN[code])
    return squeezed("".join(child.content for token in tokens for child in token.children or ()))


def of_pdf(code: str) -> str:
    reader = PdfReader(BytesIO(PDF[code]))
    return squeezed("".join(page.extract_text() for page in reader.pages))
