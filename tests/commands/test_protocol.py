"""`protocol` prints the book (see tests/book) and what changed between two versions."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from bot.book.build import build
from bot.book.html import html
from bot.book.markdown import markdown
from bot.book.model import Book, Seal
from bot.book.pdf import pdf
from bot.book.subject import load_subject
from content.loader import languages
from tests.commands.running import Place

SPOKEN = ", ".join(languages())
PROTOCOL = Path(str(resources.files("flows") / "protocol"))


def unsigned(code: str) -> Book:
    """The book of an installation that has no sign-off."""
    subject = load_subject(code)
    words = subject.words.sign_off
    return build(subject, Seal(words.label, words.missing, sound=False))


def test_the_book_is_printed_as_markdown_and_makes_no_database(place: Place) -> None:
    ran = place.run("protocol")

    assert (ran.status, ran.out, ran.error) == (0, markdown(unsigned("en")), "")
    assert place.files() == {}


def test_the_book_is_a_page_in_the_language_asked_for(place: Place) -> None:
    ran = place.run("protocol", "--format", "html", "--language", "es")

    assert (ran.status, ran.out, ran.error) == (0, html(unsigned("es")), "")


def test_the_book_is_written_whole_into_a_file_in_place_of_the_old_one(place: Place) -> None:
    (place.folder / "book.pdf").write_bytes(b"old")

    ran = place.run("protocol", "--format", "pdf", "--output", "book.pdf")

    assert (ran.status, ran.out, ran.error) == (0, "", "")
    assert place.files() == {"book.pdf": pdf(unsigned("en"))}


def test_a_database_that_cannot_be_read_is_not_passed_over_in_silence(place: Place) -> None:
    words = load_subject("en").words.sign_off

    ran = place.run("protocol", DATABASE_URL="nonsense")

    assert ran.status == 0
    assert words.unknown in ran.out
    assert words.missing not in ran.out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--language", "xx"), f"--language xx is not spoken here; choose of: {SPOKEN}."),
        (("--output", "no/such/book"), "--output no/such/book cannot be written"),
        (("--output", "."), "--output . cannot be written"),
        (("--diff", "nowhere", "."), "There is no nowhere."),
        (("--diff", ".", "."), "questions.yaml: cannot be read"),
    ],
)
def test_bad_use_is_one_line_and_changes_nothing(
    place: Place, words: tuple[str, ...], line: str
) -> None:
    ran = place.run("protocol", *words)

    assert ran.status == 2
    assert ran.line.startswith(f"plumbline: {line}")
    assert place.files() == {}


def test_two_versions_are_compared_folders_or_files(place: Place) -> None:
    new = Path(shutil.copytree(PROTOCOL, place.folder / "new"))
    rules = new / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("urgency: two_weeks", "urgency: same_day", 1), encoding="utf-8")

    same = place.run("protocol", "--diff", str(PROTOCOL), str(PROTOCOL))
    ran = place.run("protocol", "--diff", str(PROTOCOL), "new/rules.yaml", "--language", "es")

    assert (same.status, same.error) == (0, "")
    assert same.out.splitlines()[-1] == "Nothing that the protocol does has changed."
    assert (ran.status, ran.error) == (1, "")
    assert "  - U06: urgencia Dos semanas → Hoy mismo" in ran.out.splitlines()
