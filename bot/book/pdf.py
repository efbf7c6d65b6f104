"""The book as an accessible PDF (PDF/UA-1), to print and to sign."""

import json
from importlib import resources

import typst

from bot.book.model import Book


def pdf(book: Book) -> bytes:
    """The whole book; the same bytes for the same book."""
    return typst.compile(_files(book), format="pdf", pdf_standards="ua-1", timestamp=0, **_FONTS)


def pictures(book: Book, dots_per_inch: float = 80.0) -> list[bytes]:
    """Each page as a PNG, to be looked at."""
    made = typst.compile(_files(book), format="png", ppi=dots_per_inch, **_FONTS)
    return made if isinstance(made, list) else [made]


_FONTS = {"ignore_system_fonts": True}


def _files(book: Book) -> dict[str, bytes]:
    return {
        "main.typ": (resources.files("bot.book") / "book.typ").read_bytes(),
        "book.json": json.dumps(book.data(), ensure_ascii=False).encode("utf-8"),
    }
