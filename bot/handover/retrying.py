"""When a delivery that failed is tried again, and when it is given up."""

from __future__ import annotations

from random import uniform

FIRST = 5.0
"""Seconds to wait after the first attempt."""

GROWTH = 3.0
"""By how much each wait is longer than the one before."""

LONGEST = 60 * 60.0
"""Seconds between two attempts at most: a receiver that is back has everything within the hour."""

FOR = 3 * 24 * 60 * 60.0
"""Seconds since an intake was sent for which it is tried."""

LEAST_ATTEMPTS = 10
"""Attempts that are made whatever the clock says: this program may have been off for days, or the
clock may have been wrong."""


def next_try(
    attempts: int,
    created_at: float,
    now: float,
    *,
    asked: float | None = None,
    longest: float = LONGEST,
) -> float | None:
    """When to try again after so many attempts; None: it has failed.

    ``asked`` is how many seconds the receiver asked to wait, ``longest`` how many are waited at most
    when it did not ask. The last attempt is made when the
    three days end, not some time before. Waits are spread by a fifth, so that what failed together
    does not come back together.
    """
    end = created_at + FOR
    if now >= end and attempts >= LEAST_ATTEMPTS:
        return None
    wait = min(longest, FIRST * GROWTH ** min(max(attempts, 1) - 1, 20))
    wait *= uniform(0.8, 1.0)  # noqa: S311 - nothing secret hangs on it
    if asked is not None:
        wait = max(wait, min(asked, LONGEST))
    return now + wait if now >= end else min(now + wait, end)
