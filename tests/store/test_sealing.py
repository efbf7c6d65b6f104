"""Sealed texts open where they belong, with their key, unharmed; and nowhere else."""

from __future__ import annotations

import base64
import os
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.store.sealing import KeyFormatError, Purpose, Sealer, SealError, new_key, parse_keys

ANNA, BEN = "a" * 32, "b" * 32


def key() -> bytes:
    return parse_keys(new_key())[0]


SEALER = Sealer([key()])


@example("half of an emoji: \ud83d")
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=())),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_sealed_opens_as_it_was(value: Any) -> None:
    assert SEALER.open(Purpose.RECORD, ANNA, SEALER.seal(Purpose.RECORD, ANNA, value)) == value


def test_the_text_cannot_be_seen_and_two_seals_differ() -> None:
    one, two = (SEALER.seal(Purpose.RECORD, ANNA, {"said": "MARKER"}) for _ in range(2))

    assert b"MARKER" not in one
    assert one[5:] != two[5:]


def test_a_sealed_text_opens_neither_for_another_patient_nor_for_another_purpose() -> None:
    sealed = SEALER.seal(Purpose.RECORD, ANNA, {"n": 1})

    with pytest.raises(SealError):
        SEALER.open(Purpose.RECORD, BEN, sealed)
    with pytest.raises(SealError):
        SEALER.open(Purpose.SEND, ANNA, sealed)


def test_no_byte_of_a_sealed_text_can_be_changed_or_cut_off() -> None:
    sealed = SEALER.seal(Purpose.RECORD, ANNA, {"n": 1})

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealError):
            SEALER.open(Purpose.RECORD, ANNA, bytes(changed))
        with pytest.raises(SealError):
            SEALER.open(Purpose.RECORD, ANNA, sealed[:place])


def test_another_key_does_not_open() -> None:
    with pytest.raises(SealError, match="not in DATA_KEY"):
        Sealer([key()]).open(Purpose.RECORD, ANNA, SEALER.seal(Purpose.RECORD, ANNA, 1))


def test_the_first_key_seals_and_all_of_them_open() -> None:
    old, new = key(), key()
    sealed_before = Sealer([old]).seal(Purpose.RECORD, ANNA, "before")
    both = Sealer([new, old])

    assert both.open(Purpose.RECORD, ANNA, sealed_before) == "before"
    after = both.seal(Purpose.RECORD, ANNA, "after")
    assert Sealer([new]).open(Purpose.RECORD, ANNA, after) == "after"
    assert after.startswith(both.header)
    assert not sealed_before.startswith(both.header)


def test_a_patient_key_depends_on_the_address_and_on_a_secret() -> None:
    one = SEALER.key_for("telegram:1:1001")

    assert one == SEALER.key_for("telegram:1:1001")
    assert len(one) == 32
    assert int(one, 16)
    assert one != SEALER.key_for("telegram:1:1002")
    assert one != Sealer([key()]).key_for("telegram:1:1001")


def test_patient_keys_survive_a_change_of_keys_through_the_charter() -> None:
    old, new = key(), key()
    before = Sealer([old])
    during = Sealer([new, old]).under(before.charter())
    after = Sealer([new]).under(during.charter())

    assert before.key_for("x") == during.key_for("x") == after.key_for("x")
    with pytest.raises(SealError):
        Sealer([new]).under(before.charter())


def test_keys_are_read_with_and_without_padding_and_with_spaces_around() -> None:
    raw = os.urandom(32)
    padded = base64.urlsafe_b64encode(raw).decode()

    assert len(padded) == 44
    assert parse_keys(padded) == (raw,)
    assert parse_keys(f" {padded.rstrip('=')} , {padded}") == (raw, raw)


@pytest.mark.parametrize(
    "text", ["", "x", "x" * 42, "x" * 45, "+" * 43, "é" * 43, f"{'x' * 43},", "x" * 43 + "=="]
)
def test_a_key_that_is_none_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(KeyFormatError) as refused:
        parse_keys(text)
    assert "xxx" not in str(refused.value)


def test_a_sealer_does_not_show_its_keys() -> None:
    assert repr(Sealer([key(), key()])) == "Sealer(2 keys)"
