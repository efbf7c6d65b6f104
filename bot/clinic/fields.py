"""What an operator says of a clinic, checked field by field."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from base64 import b64encode
from secrets import choice, token_bytes
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from bot.clinic.clinics import HOURS_MAX, NAME_MAX, SLUG, SLUG_MAX, URL_MAX
from bot.clinic.places import zones_by_country
from bot.intake.person import PersonError, read_phone

CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of a link's code: no two of them look alike in print."""

CODE_LENGTH = 10
"""Eight hundred million million codes: nobody finds one by trying, and it can still be typed."""

_JOINERS = "\u200c\u200d"


class ClinicError(ValueError):
    """What was said of a clinic cannot be used; the text is one line that says what to do."""


def read_name(text: str) -> str:
    """The name of a clinic, at most :data:`NAME_MAX` characters on one line."""
    name = _line(text, "name", NAME_MAX)
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        raise ClinicError("the name of a clinic needs a letter in it")
    return name


def read_hours(text: str) -> str:
    """When it is open, in words."""
    return _line(text, "hours", HOURS_MAX)


def read_slug(text: str) -> str:
    """The short name by which commands know it."""
    if len(text) > SLUG_MAX or not SLUG.fullmatch(text):
        raise ClinicError(
            f"--slug must be small letters, digits and single dashes, at most {SLUG_MAX}: "
            "for example riverside-physio"
        )
    return text


def slug_of(name: str) -> str:
    """A slug made of a name; of one in another script, a name of its own."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.lower().replace("'", "")))[:SLUG_MAX].strip("-")
    return slug if re.search("[a-z]", slug) else f"clinic-{new_code()[:6]}"


def read_country(text: str) -> str:
    """A country by its ISO 3166-1 alpha-2 code."""
    code = text.strip().upper()
    if code == "UK":
        raise ClinicError("--country must be GB for the United Kingdom")
    if code not in zones_by_country():
        raise ClinicError(
            "--country must be the two-letter code of a country, such as GB, IE or DE"
        )
    return code


def read_language(text: str, spoken: tuple[str, ...]) -> str:
    """A language that is spoken here."""
    if text not in spoken:
        raise ClinicError(f"--language must be one of: {', '.join(spoken)}")
    return text


def read_time_zone(text: str | None, country: str) -> str:
    """An IANA time zone; that of the country, where it has only one."""
    zones = zones_by_country()[country]
    if text is None:
        if len(zones) == 1:
            return zones[0]
        some = ", ".join(zones[:3])
        raise ClinicError(
            f"--time-zone is needed, because {country} has several, such as {some}"
            if zones
            else "--time-zone is needed, such as Europe/London"
        )
    if text not in available_timezones():
        raise ClinicError("--time-zone must be a name such as Europe/London or America/New_York")
    return text


def read_clinic_phone(text: str, country: str) -> str:
    """The clinic's own number, in E.164 form."""
    try:
        return read_phone(text, country)
    except PersonError:
        raise ClinicError(
            f"--phone {_shown(text)} is not a phone number of {country}; one of another country "
            "begins with + and its code"
        ) from None


def read_url(text: str, option: str) -> str:
    """A public web address, https only, as Telegram and every browser take it."""
    wrong = ClinicError(f"{option} must be a web address that begins with https://")
    if len(text) > URL_MAX or not text.isascii() or re.search(r"[\s<>\"{}|\\^`\x00-\x1f]", text):
        raise wrong
    try:
        parts = urlsplit(text)
        port_is_sound = parts.port != 0
    except ValueError:
        raise wrong from None
    host = parts.hostname or ""
    if parts.scheme != "https" or not port_is_sound or "@" in parts.netloc:
        raise wrong
    if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", host) and not _is_address(host):
        raise wrong
    return text


def read_receiver_url(text: str, option: str) -> str:
    """Where intakes are sent: an https address; plain http only to this very machine.

    Whether the address behind it may be called is looked at with every delivery.
    """
    parts = urlsplit(text) if text.isascii() else None
    if (
        parts is not None
        and parts.scheme == "http"
        and parts.hostname in ("127.0.0.1", "localhost")
    ):
        return text
    return read_url(text, option)


def new_code() -> str:
    """A code for a clinic's link, at random."""
    return "".join(choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def new_webhook_secret() -> str:
    """A signing key in the form of the Standard Webhooks specification: ``whsec_`` and base64."""
    return "whsec_" + b64encode(token_bytes(32)).decode("ascii")


def _line(text: str, field: str, longest: int) -> str:
    line = " ".join(text.split())
    if not line:
        raise ClinicError(f"the {field} of a clinic is empty")
    if len(line) > longest:
        raise ClinicError(
            f"the {field} of a clinic is {len(line)} characters long; at most {longest} fit on a "
            "phone"
        )
    for sign in line:
        if sign in "{}" or (unicodedata.category(sign).startswith("C") and sign not in _JOINERS):
            raise ClinicError(f"the {field} of a clinic has a sign in it that cannot be shown")
    return unicodedata.normalize("NFC", line)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _shown(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else "?" for sign in text[:30])
    return repr(shown)
