"""The book as an accessible PDF (PDF/UA-1), to print and to sign."""

import json
from importlib import resources
from pathlib import Path

import typst

from bot.book.model import Book


def pdf(book: Book) -> bytes:
    """The whole book; the same bytes for the same book."""
    return typst.compile(
        _template(),
        sys_inputs=_inputs(book),
        font_paths=_fonts(),
        format="pdf",
        pdf_standards="ua-1",
        timestamp=0,
    )


def pictures(book: Book, dots_per_inch: float = 80.0) -> list[bytes]:
    """Each page as a PNG, to be looked at."""
    made: bytes | list[bytes] = typst.compile(
        _template(),
        sys_inputs=_inputs(book),
        font_paths=_fonts(),
        format="png",
        ppi=dots_per_inch,
    )
    return made if isinstance(made, list) else [made]


def _template() -> bytes:
    return (resources.files("bot.book") / "book.typ").read_bytes()


def _inputs(book: Book) -> dict[str, str]:
    return {"book": json.dumps(book.data(), ensure_ascii=False)}


def _fonts() -> typst.Fonts:
    """The project's own fonts, where they are shipped, and typst's; never those of the machine."""
    folder = Path(str(resources.files("content") / "fonts"))
    own = [str(folder)] if folder.is_dir() else []
    return typst.Fonts(include_system_fonts=False, font_paths=own)
