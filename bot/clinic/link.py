"""A clinic's link, and the QR code that a phone reads it from."""

from __future__ import annotations

import io
from pathlib import Path

import segno

from bot.clinic.clinics import Clinic

_SCALE = 16
"""Dots of the PNG for each square: about six hundred across, sharp when printed a hand wide."""


def link_of(bot_name: str, clinic: Clinic) -> str:
    """The link that opens the bot for this clinic. ``bot_name`` is the bot's username."""
    return f"https://t.me/{bot_name}?start={clinic.code}"


def qr_png(link: str) -> bytes:
    """The QR code as a PNG image."""
    return _image(link, "png", scale=_SCALE)


def qr_svg(link: str) -> bytes:
    """The QR code as an SVG drawing, to be printed at any size."""
    return _image(link, "svg", scale=4, title="Plumbline")


def write_qr(link: str, folder: Path, stem: str) -> tuple[Path, Path]:
    """Write both beside each other and return where.

    Raises:
        OSError: they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = folder / f"{stem}.png", folder / f"{stem}.svg"
    png.write_bytes(qr_png(link))
    svg.write_bytes(qr_svg(link))
    return png, svg


def _image(link: str, kind: str, **how: object) -> bytes:
    # With a quarter of it dirty or torn it can still be read: posters hang for years.
    code = segno.make(link, error="q", micro=False, boost_error=False)
    out = io.BytesIO()
    code.save(out, kind=kind, border=4, **how)
    return out.getvalue()
