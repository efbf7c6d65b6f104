"""Who sends an intake: a name and a phone number, as somebody typed them, checked."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

NAME_MAX = 80
PHONE_MAX = 40
"""Characters of a phone number that are looked at."""

_JOINERS = "\u200c\u200d"
"""Signs that nobody sees but that names in some scripts are written with."""


class PersonProblem(StrEnum):
    """Why a name or a number cannot be used."""

    NAME_WITHOUT_LETTERS = "name_without_letters"
    NAME_TOO_LONG = "name_too_long"
    NAME_UNREADABLE = "name_unreadable"
    PHONE_UNKNOWN = "phone_unknown"


class PersonError(ValueError):
    """A name or a number that cannot be used."""

    def __init__(self, problem: PersonProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_name(text: str) -> str:
    """A name with single spaces, at most :data:`NAME_MAX` characters, with a letter in it.

    Raises:
        PersonError: it cannot be a name, or has signs that steer how text is shown.
    """
    name = " ".join(text.split())
    if any(unicodedata.category(sign).startswith("C") and sign not in _JOINERS for sign in name):
        raise PersonError(PersonProblem.NAME_UNREADABLE)
    if len(name) > NAME_MAX:
        raise PersonError(PersonProblem.NAME_TOO_LONG)
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        raise PersonError(PersonProblem.NAME_WITHOUT_LETTERS)
    return unicodedata.normalize("NFC", name)


def read_phone(text: str, country: str) -> str:
    """A phone number in E.164 form; without a + it is one of ``country``.

    Raises:
        PersonError: it is no number that can be called.
    """
    try:
        number = phonenumbers.parse(text[: PHONE_MAX + 1], country)
    except NumberParseException:
        raise PersonError(PersonProblem.PHONE_UNKNOWN) from None
    # By its length alone: what ranges are in use changes faster than any table of them, and a
    # patient's own number must not be refused.
    length = phonenumbers.is_possible_number_with_reason(number)
    if len(text) > PHONE_MAX or length != ValidationResult.IS_POSSIBLE:
        raise PersonError(PersonProblem.PHONE_UNKNOWN)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown_phone(phone: str, country: str) -> str:
    """An E.164 number as people of ``country`` write it: without its own code at home."""
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return phone
    at_home = phonenumbers.country_code_for_region(country) == number.country_code
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def example_phone(country: str) -> str:
    """A number that shows how one is written in ``country``; empty where none is known."""
    number = phonenumbers.example_number_for_type(
        country, phonenumbers.PhoneNumberType.MOBILE
    ) or phonenumbers.example_number(country)
    if number is None:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
