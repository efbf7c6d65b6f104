"""The poster of a clinic, in its language, with the number to call in its country."""

from __future__ import annotations

from bot.clinic.clinics import Clinic
from bot.paper.poster import poster_pdf
from content.countries import load_countries
from content.loader import load_content
from flows.loader import load_flow


def clinic_poster(clinic: Clinic, link: str) -> bytes:
    """The poster as a PDF, one page.

    Raises:
        RuntimeError: it cannot be set.
    """
    return poster_pdf(
        clinic.name,
        link,
        load_content(clinic.language, load_flow()),
        emergency_number=load_countries().of(clinic.country).emergency,
    )
