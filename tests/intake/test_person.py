"""Names and phone numbers as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinic.places import zones_by_country
from bot.intake.person import (
    NAME_MAX,
    PersonError,
    PersonProblem,
    example_phone,
    read_name,
    read_phone,
    shown_phone,
)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_name_that_can_be_shown_or_refused(text: str) -> None:
    try:
        name = read_name(text)
    except PersonError:
        return
    assert 1 <= len(name) <= NAME_MAX * 4
    assert name.isprintable() or "\u200c" in name or "\u200d" in name
    assert read_name(name) == name


@pytest.mark.parametrize(
    "text", ["A\x00da", "A\u202eda", "A\u2066da", "Ada\ud800", "A\u00adda", "Ada\x1b[31m"]
)
def test_signs_that_steer_what_is_shown_are_refused(text: str) -> None:
    with pytest.raises(PersonError) as refused:
        read_name(text)
    assert refused.value.problem is PersonProblem.NAME_UNREADABLE


@given(st.text(max_size=60), st.sampled_from(["GB", "ES", "US", "DE", "XX", ""]))
def test_whatever_is_typed_is_a_phone_number_in_one_form_or_refused(
    text: str, country: str
) -> None:
    try:
        phone = read_phone(text, country)
    except PersonError:
        return
    assert phone.startswith("+")
    assert phone[1:].isdecimal()
    assert read_phone(phone, country) == phone


@pytest.mark.parametrize("country", sorted(zones_by_country()))
def test_the_example_of_a_country_is_one_itself(country: str) -> None:
    example = example_phone(country)
    if example:
        assert read_phone(example, country).startswith("+")


def test_a_number_is_shown_as_at_home_or_as_from_abroad() -> None:
    assert shown_phone("+447700900123", "GB") == "07700 900123"
    assert shown_phone("+447700900123", "ES") == "+44 7700 900123"
    assert shown_phone("nonsense", "GB") == "nonsense"
