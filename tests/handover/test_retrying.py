"""When a delivery is tried again."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.handover.retrying import FOR, LEAST_ATTEMPTS, LONGEST, next_try

HOUR, DAY = 3600.0, 86400.0


def attempts_at(start: float = 0.0) -> list[float]:
    """When the attempts at a receiver that is never there are made, in seconds since the first."""
    now, made = start, [start]
    while (at := next_try(len(made), 0.0, now)) is not None:
        now = at
        made.append(now)
    return made


def test_waits_grow_and_end_after_three_days() -> None:
    made = attempts_at()
    waits = [after - before for before, after in pairwise(made)]
    assert waits[0] <= 5
    assert waits[4] > 200
    assert all(wait <= HOUR for wait in waits)
    assert made[-1] == 3 * DAY == FOR
    assert 70 < len(made) < 110


def test_a_program_that_was_off_for_days_still_tries_properly() -> None:
    made = attempts_at(start=30 * DAY)
    assert len(made) == LEAST_ATTEMPTS
    assert made[-1] - made[0] > HOUR


def test_a_receiver_may_ask_for_a_little_longer_but_not_for_ever() -> None:
    assert (at := next_try(1, 0.0, 0.0, asked=120)) is not None
    assert at == 120
    assert next_try(1, 0.0, 0.0, asked=999_999) == LONGEST
    assert (soon := next_try(9, 0.0, 0.0, asked=1)) is not None
    assert soon > HOUR / 2


@given(st.integers(1, 10**6), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_whatever_the_clock_says_it_is_later_and_not_much(
    attempts: int, created_at: float, now: float
) -> None:
    at = next_try(attempts, created_at, now)
    assert at is None or now <= at <= now + HOUR
