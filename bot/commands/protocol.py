"""`protocol`: the protocol as it runs, as a book; and what changed between two versions of it."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.book.build import build
from bot.book.diff import differences, load_version
from bot.book.model import Book
from bot.book.subject import Subject, load_subject
from bot.settings import SettingsError
from bot.signoff.here import standing_here
from content.loader import languages

FORMATS = ("md", "html", "pdf")


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "protocol",
        help="the protocol as a book, or what changed between two versions",
        description="Prints the protocol as it runs as a book to read, print and sign: every "
        "question as patients see it, every rule and item in words with its sources, the decisions "
        "to sign off and the test patients. With --diff: what changed between two versions, and "
        "which test patients come out differently; exit status 1 if anything did.",
    )
    parser.add_argument("--language", metavar="L", default="en", help="the language of the words")
    parser.add_argument(
        "--format", choices=FORMATS, default="md", help="Markdown (the default), a page, or PDF"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write to this file")
    parser.add_argument(
        "--diff",
        nargs=2,
        metavar=("OLD", "NEW"),
        type=Path,
        help="compare two versions: each a folder like flows/protocol, or a file in it",
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Print the book, or the differences."""
    if given.language not in languages():
        raise SettingsError(
            (
                f"--language {given.language} is not spoken here; choose of: {', '.join(languages())}.",
            )
        )
    subject = load_subject(given.language)
    if given.diff is not None:
        old, new = given.diff
        return _diff(subject, old, new, given.output)
    book = build(subject, standing_here().seal(subject.words.sign_off))
    _put(_rendered(book, given.format), given.output, given.format)
    return 0


def _rendered(book: Book, form: str) -> bytes:
    # Only here, because the libraries take long to load.
    if form == "pdf":
        from bot.book.pdf import pdf  # noqa: PLC0415

        return pdf(book)
    if form == "html":
        from bot.book.html import html  # noqa: PLC0415

        return html(book).encode("utf-8")
    from bot.book.markdown import markdown  # noqa: PLC0415

    return markdown(book).encode("utf-8")


def _put(data: bytes, output: Path | None, form: str = "md") -> None:
    if output is not None:
        _write(data, output)
        return
    if form == "pdf" and sys.stdout.isatty():
        raise SettingsError(("A PDF is nothing for a terminal: name a file with --output.",))
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _write(data: bytes, output: Path) -> None:
    """Whole or not at all: a book that was there before stays if anything fails."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            written.chmod(0o644)
            written.replace(output)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(
            (f"--output {output} cannot be written: {error.strerror or error}.",)
        ) from None


def _diff(subject: Subject, old: Path, new: Path, output: Path | None) -> int:
    versions = [load_version(_folder(path)) for path in (old, new)]
    words = subject.words.diff
    found = differences(versions[0], versions[1], subject.content, subject.words)
    lines = [words.title.format(old=old, new=new), *(found or [words.same])]
    _put(("\n".join(lines) + "\n").encode("utf-8"), output)
    return 1 if found else 0


def _folder(path: Path) -> Path:
    if not path.exists():
        raise SettingsError((f"There is no {path}.",))
    return path if path.is_dir() else path.parent
