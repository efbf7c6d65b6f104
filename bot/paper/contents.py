"""What the page to take along says, free of how it is set."""

from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict

Json: TypeAlias = dict[str, Any]


PAGE = "page"
"""The kind of what is made where it is to be this page, and no picture."""


class Line(BaseModel):
    """One answer: what it is about, and what was said."""

    model_config = ConfigDict(frozen=True)

    topic: str
    said: str


class Section(BaseModel):
    """The answers of one part of the interview."""

    model_config = ConfigDict(frozen=True)

    title: str
    lines: tuple[Line, ...]


class Page(BaseModel):
    """What one page says. What is not known is left empty.

    `findings` is what the picture marks, `picture_text` the same in words; without findings there
    is no picture.
    """

    model_config = ConfigDict(frozen=True)

    language: str
    reference: str = ""
    date: str = ""
    clinic: str = ""
    name: str = ""
    phone: str = ""
    headline: str
    action: str
    why: tuple[str, ...] = ()
    answers: tuple[Section, ...] = ()
    link: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    tests: tuple[Line, ...] = ()
    advised_title: str = ""
    advised: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    findings: Json | None = None
    picture_text: str = ""
