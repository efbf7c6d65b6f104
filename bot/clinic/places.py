"""Countries and time zones, from the list that comes with the time zones themselves."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def zones_by_country() -> dict[str, tuple[str, ...]]:
    """The time zones of every country, by ISO 3166-1 alpha-2 code; none for one nobody lives in."""
    names = [line.split("\t")[0] for line in _lines("iso3166.tab")]
    zones: dict[str, list[str]] = {name: [] for name in names}
    for line in _lines("zone.tab"):
        country, _, zone, *_ = line.split("\t")
        zones[country].append(zone)
    return {country: tuple(found) for country, found in zones.items()}


def _lines(name: str) -> list[str]:
    text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
