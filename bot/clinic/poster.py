"""The poster of a clinic: its name, the QR code, three plain steps. One page, A4."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.clinic.clinics import Clinic


def poster_pdf(clinic: Clinic, link: str) -> bytes | None:
    """The poster as a PDF; None where this installation has no press."""
    if find_spec("bot.paper") is None:
        return None
    press: Any = import_module("bot.paper")
    made: bytes = press.poster(clinic, link)
    return made
