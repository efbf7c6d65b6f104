"""Sets a clinic's poster: its name, a big QR code of its link and three plain steps, on A4."""

from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any

import segno

from bot.typesetting import typeset
from content.models import Content


def poster_pdf(name: str, link: str, content: Content, *, emergency_number: str) -> bytes:
    """The poster as an accessible PDF (PDF/UA-1), in one language.

    `name` is the clinic's, of any length and in any script; `link` what the code leads to.

    Raises:
        RuntimeError: it cannot be set.
        ValueError: the link is too long for a code.
    """
    data = _data(name, link, content, emergency_number)
    return typeset(_template(), data, form="pdf", standard="ua-1")


def poster_png(
    name: str, link: str, content: Content, *, emergency_number: str, ppi: float
) -> bytes:
    """The same as an image, to be looked at. Raises ``RuntimeError`` when it cannot be set."""
    data = _data(name, link, content, emergency_number)
    return typeset(_template(), data, form="png", ppi=ppi)


def _data(name: str, link: str, content: Content, emergency_number: str) -> dict[str, Any]:
    words = content.paper.poster
    return {
        "language": content.code,
        "title": content.interface.bot.short_description,
        "name": name,
        "link": link,
        "code": _code(link),
        "lead": words.lead.plain(),
        "steps": [step.plain() for step in words.steps],
        "outcome": words.outcome.plain(),
        "by_hand": words.by_hand.plain(),
        "emergency": words.emergency.fill(emergency_number=emergency_number).plain(),
        "not_a_doctor": words.not_a_doctor.plain(),
    }


def _code(link: str) -> str:
    """The QR code as SVG with the free room that it needs round it; a quarter of it may be damaged or covered and it can still be read."""
    out = BytesIO()
    segno.make(link, error="q", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, omitsize=True
    )
    return out.getvalue().decode()


@cache
def _template() -> bytes:
    return (resources.files("bot") / "paper" / "poster.typ").read_bytes()
