"""When somebody may be written to: never at night where they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clinic.places import zones_by_country

MORNING, EVENING = 9, 21
"""The hours, by the clock on the wall, from which and until which a message may come by itself."""


def zone_named(name: str) -> tzinfo:
    """A time zone by its IANA name; UTC where the system does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=64)
def zones_of(country: str | None) -> tuple[tzinfo, ...]:
    """The time zones of a country; UTC where none is known."""
    return tuple(map(zone_named, zones_by_country().get(country or "", ()))) or (UTC,)


def daytime(at: datetime, zones: Sequence[tzinfo]) -> datetime:
    """The first time from ``at`` on, which has a zone, when it is day in all of these zones.

    Where it never is day in all of them, as the world is round, only the first one counts.
    """
    return _daytime(at, zones) or _daytime(at, zones[:1]) or at


def _daytime(at: datetime, zones: Sequence[tzinfo]) -> datetime | None:
    # Every step goes to a morning that has to be waited for anyway; two days see all of them.
    end = at + timedelta(days=2)
    moment = at
    while moment <= end:
        waits = [_morning(moment, zone) for zone in zones]
        latest = max(waits)
        if latest <= moment:
            return moment
        moment = latest
    return None


def _morning(at: datetime, zone: tzinfo) -> datetime:
    """``at`` itself by day, else the next morning there."""
    local = at.astimezone(zone)
    if MORNING <= local.hour < EVENING:
        return at
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0, fold=0)
    if local.hour >= EVENING:
        morning = (local + timedelta(days=1)).replace(
            hour=MORNING, minute=0, second=0, microsecond=0, fold=0
        )
    return morning.astimezone(UTC)
