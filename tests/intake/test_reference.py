"""References that survive a phone call."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.intake.reference import ALPHABET, new_reference, read_reference


def reference_of(signs: list[str]) -> str:
    left = iter(signs)
    return new_reference(lambda _: next(left))


references = st.lists(st.sampled_from(ALPHABET), min_size=7, max_size=7).map(reference_of)


def test_no_sign_can_be_taken_for_another() -> None:
    assert not set("0O1IL2Z5S8BUV") & set(ALPHABET)
    assert len(set(ALPHABET)) == 23


def test_two_are_not_the_same() -> None:
    assert len({new_reference() for _ in range(1000)}) == 1000


@given(references)
def test_it_is_read_however_it_was_written(reference: str) -> None:
    assert read_reference(reference) == reference
    assert read_reference(f"  {reference.lower().replace('-', ' ')} ") == reference
    assert read_reference(reference.replace("-", "")) == reference


@given(references, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(reference: str, place: int, sign: str) -> None:
    signs = list(reference.removeprefix("PL-").replace("-", ""))
    wrong = [*signs[:place], sign, *signs[place + 1 :]]
    assert (read_reference("PL" + "".join(wrong)) is None) is (wrong != signs)


@given(references, st.integers(0, 6))
def test_two_neighbours_in_each_others_place_are_noticed(reference: str, place: int) -> None:
    signs = list(reference.removeprefix("PL-").replace("-", ""))
    wrong = [*signs]
    wrong[place], wrong[place + 1] = signs[place + 1], signs[place]
    assert (read_reference("PL" + "".join(wrong)) is None) is (wrong != signs)


@given(st.text(max_size=40))
def test_anything_else_is_no_reference(text: str) -> None:
    found = read_reference(text)
    assert found is None or read_reference(found) == found
