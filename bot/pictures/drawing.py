"""A drawing, ready to be set: shapes as SVG, words as data for the template beside this file."""

from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version
from typing import Any

from bot.pictures.strokes import Point
from bot.typesetting import Typeset, notes, typeset

Json = dict[str, Any]

WIDTH = 720
"""Units across; on a phone a picture is some 320 points wide."""

SMALLEST = 24
"""Units a text is high: 10.7 points on a phone."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words in a column, with a line to what they name, or with a sign before them."""

    id: str
    text: str
    at: Point | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Labels one below the other between two heights, each as near to its place as there is room.

    `side` is where the column stands: lines to what is named leave it on the other one.
    """

    x: float
    width: float
    top: float
    bottom: float
    side: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above the figure: how sure, about what, and a sample of how it is drawn."""

    id: str
    strong: str
    text: str
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Words in a box of their own; a number stands in a disc."""

    id: str
    text: str
    x: float
    y: float
    width: float
    height: float
    align: str = "center"
    disc: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture before it is set."""

    language: str
    height: float
    svg: str
    headings: tuple[Heading, ...] = ()
    columns: tuple[Column, ...] = ()
    fixed: tuple[Fixed, ...] = field(default=())

    @property
    def data(self) -> Json:
        """What the template is filled with."""
        return {"width": WIDTH, "smallest": SMALLEST, **asdict(self)}

    @property
    def hash(self) -> str:
        """Names this picture: the same for all that would look the same."""
        return sha256(f"{_made_by()}{self.data!r}".encode()).hexdigest()[:32]


def png(drawing: Drawing, *, pixels: int = 900, by: Typeset = typeset) -> bytes:
    """The picture as an image, so many pixels wide."""
    return by(template(), drawing.data, form="png", ppi=72 * pixels / WIDTH)


def vector(drawing: Drawing, *, by: Typeset = typeset) -> str:
    """The picture as SVG with its words as shapes, for print."""
    return by(template(), drawing.data, form="svg").decode()


def boxes(drawing: Drawing) -> list[Json]:
    """Where every text came to stand: id, x, y, width and height in units."""
    return notes(template(), drawing.data)


@cache
def template() -> bytes:
    """The template of all pictures."""
    return (resources.files("bot") / "pictures" / "picture.typ").read_bytes()


@cache
def _made_by() -> str:
    return f"{version('typst')}:{sha256(template()).hexdigest()}:"
