"""The poster of a clinic, in its language, with the number to call in its country."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.clinic.clinics import Clinic
from content.countries import load_countries
from content.loader import load_content
from flows.loader import load_flow

_PRESS = "bot.paper"


def clinic_poster(clinic: Clinic, link: str) -> bytes | None:
    """The poster as a PDF, one page; None where this installation has no press."""
    if find_spec(_PRESS) is None:
        return None
    press: Any = import_module(f"{_PRESS}.poster")
    poster: bytes = press.poster_pdf(
        clinic.name,
        link,
        load_content(clinic.language, load_flow()),
        emergency_number=load_countries().of(clinic.country).emergency,
    )
    return poster
