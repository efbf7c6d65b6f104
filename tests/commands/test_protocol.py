"""`protocol` prints the book (see test_book) in a language that is spoken."""

from __future__ import annotations

from bot.book import markdown
from content.loader import languages, load_content
from tests.commands.running import FLOW, PATIENTS, Place

SPOKEN = ", ".join(languages())


def test_the_book_is_printed(place: Place) -> None:
    ran = place.run("protocol")

    book = markdown(FLOW, load_content("en", FLOW), tuple(PATIENTS.values()))
    assert (ran.status, ran.out, ran.error) == (0, f"{book}\n", "")
    assert place.files() == {}


def test_a_language_that_is_not_spoken_is_one_line(place: Place) -> None:
    ran = place.run("protocol", "--language", "xx")

    assert ran.status == 2
    assert ran.line == f"plumbline: --language xx is not spoken here; choose of: {SPOKEN}."
