"""Nobody is written to at night."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinic.places import zones_by_country
from bot.daytime import daytime, zone_named, zones_of

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "given_", "expected"),
    [
        ("Europe/London", "2026-11-25T12:00:00+00:00", "2026-11-25T12:00:00+00:00"),
        ("Europe/London", "2026-11-25T20:59:59+00:00", "2026-11-25T20:59:59+00:00"),
        ("Europe/London", "2026-11-25T21:00:00+00:00", "2026-11-26T09:00:00+00:00"),
        ("Europe/London", "2026-11-25T08:59:59+00:00", "2026-11-25T09:00:00+00:00"),
        ("Europe/London", "2026-07-01T20:30:00+00:00", "2026-07-02T08:00:00+00:00"),
        ("Asia/Tokyo", "2026-11-25T12:00:00+00:00", "2026-11-26T00:00:00+00:00"),
        ("Asia/Kathmandu", "2026-11-25T16:00:00+00:00", "2026-11-26T03:15:00+00:00"),
        # The night in which the clocks are set back, and the one in which they are set forward.
        ("Europe/London", "2026-10-25T00:30:00+00:00", "2026-10-25T09:00:00+00:00"),
        ("Europe/London", "2026-03-28T22:00:00+00:00", "2026-03-29T08:00:00+00:00"),
        ("No/Where", "2026-11-25T23:00:00+00:00", "2026-11-26T09:00:00+00:00"),
    ],
)
def test_the_night_is_waited_for(zone: str, given_: str, expected: str) -> None:
    assert daytime(at(given_), [zone_named(zone)]) == at(expected)


def test_in_a_large_country_it_is_day_everywhere() -> None:
    zones = zones_of("US")
    found = daytime(at("2026-11-25T15:00:00+00:00"), zones)
    assert all(9 <= found.astimezone(zone).hour < 21 for zone in zones)


@given(
    st.sampled_from(sorted(zones_by_country())),
    st.integers(0, 11 * 365 * 24).map(lambda hour: at("2024-01-01T00:10:00+00:00") + hour * HOUR),
)
def test_in_every_country_and_at_every_hour(country: str, moment: datetime) -> None:
    zones = zones_of(country)
    found = daytime(moment, zones)
    assert moment <= found <= moment + timedelta(days=3)
    assert 9 <= found.astimezone(zones[0]).hour < 21
    assert daytime(found, zones) == found
