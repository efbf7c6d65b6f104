"""Clinics to send to."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from bot.clinic.clinics import Clinic, LinkCode

WORKS, OVER = "riverside22", "riverside11"

RIVERSIDE = Clinic(
    id=UUID("11111111-1111-4111-8111-111111111111"),
    slug="riverside",
    name="Riverside & Sons <Physio>",
    country="GB",
    language="en",
    time_zone="Europe/London",
    phone="+441632960123",
    hours="Mon to Fri, 8 to 18",
    booking_url="https://riverside.example/book",
    codes=(
        LinkCode(code=WORKS),
        LinkCode(code=OVER, until=datetime(2026, 1, 1, tzinfo=UTC)),
    ),
    webhook_url="https://riverside.example/hook",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
"""Whose name has signs that markup would trip over, with one code that is over."""

CORDOBA = Clinic(
    id=UUID("22222222-2222-4222-8222-222222222222"),
    slug="cordoba",
    name="Clínica Córdoba",
    country="ES",
    language="es",
    time_zone="Europe/Madrid",
    codes=(LinkCode(code="cordoba333"),),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
"""In another country and another language, with no phone and no channel."""
