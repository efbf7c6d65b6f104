"""The words that staff read, in the language of their clinic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clinic.clinics import Clinic
from bot.wording import Wording
from content.countries import load_countries
from content.models import Content
from flows.models import Flow


class StaffWords:
    """The words of every language; ``default`` is for a clinic whose language is not spoken."""

    def __init__(self, flow: Flow, contents: Mapping[str, Content], default: str) -> None:
        country = load_countries().of(None)
        self._default = default
        self._wordings = {
            code: Wording(flow, content, country, 0) for code, content in contents.items()
        }
        self.languages = {code: words.interface.language.name for code, words in contents.items()}

    def wording(self, language: str | None) -> Wording:
        """The words of a language, given as a code or as Telegram's hint (``pt-br``)."""
        code = (language or "").replace("_", "-").split("-")[0].lower()
        return self._wordings.get(code) or self._wordings[self._default]

    def content(self, language: str | None) -> Content:
        """The texts of a language."""
        return self.wording(language).content


def zone_of(clinic: Clinic) -> tzinfo:
    """The time zone of a clinic; UTC where the system does not know it."""
    try:
        return ZoneInfo(clinic.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
