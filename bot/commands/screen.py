"""`screen`: messages of free text in, one a line; what each raises out, as JSON Lines."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import IO, Any

from bot.screening import Raised, Screening, load_screening
from content.phrases import phrase_languages
from flows.loader import load_flow

PIECE_MAX = 1_000_000
"""Bytes of a line that are looked at together; of a longer line the pieces overlap."""

OVERLAP = 1_000


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "screen",
        help="look for what cannot wait in messages, one a line",
        description="Reads one message a line from standard input and prints a line of JSON for "
        'each: {"concern": null, "emergency", "same_day" or "ask", "about": the question it is '
        'about or null, "phrase": the words that were found or null}. English is always looked '
        "at too.",
    )
    parser.add_argument(
        "--language", default="en", choices=phrase_languages(), help="of the messages (default en)"
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Screen every line of standard input."""
    screening = load_screening(load_flow())
    output = sys.stdout
    for pieces in _lines(sys.stdin.buffer):
        raised = _most_urgent(screening, pieces, given.language)
        output.write(json.dumps(_answer(raised), ensure_ascii=False))
        output.write("\n")
        output.flush()
    return 0


def _lines(source: IO[bytes]) -> Iterator[Iterator[str]]:
    """Each line as its pieces, which must be read before the next line."""
    while piece := source.readline(PIECE_MAX):
        pieces = _pieces(source, piece)
        yield pieces
        for _ in pieces:  # whatever was not looked at
            pass


def _pieces(source: IO[bytes], piece: bytes) -> Iterator[str]:
    before = b""
    while True:
        yield (before + piece).decode("utf-8", errors="replace")
        if piece.endswith(b"\n") or len(piece) < PIECE_MAX:
            return
        before = piece[-OVERLAP:]
        piece = source.readline(PIECE_MAX)


def _most_urgent(screening: Screening, pieces: Iterator[str], language: str) -> Raised | None:
    found = [raised for piece in pieces if (raised := screening.screen(piece, (language,)))]
    return min(found, key=lambda raised: raised.level.rank, default=None)


def _answer(raised: Raised | None) -> dict[str, str | None]:
    if raised is None:
        return {"concern": None, "about": None, "phrase": None}
    return {"concern": raised.level, "about": raised.about, "phrase": raised.phrase}
