"""The name of an intake that people say and write: ``PL-7K3M-9QXH``.

Eight signs of which none is taken for another when it is spoken or written by hand: no 0 and O, no
1, I and L, no 2 and Z, no 5 and S, no 8 and B, no U and V. The last one is a check sign, so that a
single wrong sign, or two neighbours in each other's place, are noticed.
"""

import re
from collections.abc import Callable
from secrets import choice

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
"""23 signs: a prime number, which the check sign needs."""

PREFIX = "PL"
_CHOSEN = 7
_SHAPE = re.compile(rf"{PREFIX}[-\s]*([{ALPHABET}]{{4}})[-\s]*([{ALPHABET}]{{4}})")


def new_reference(pick: Callable[[str], str] = choice) -> str:
    """A reference at random, one of 3.4 thousand million; the store refuses one that is taken."""
    chosen = "".join(pick(ALPHABET) for _ in range(_CHOSEN))
    signs = chosen + _check_sign(chosen)
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"


def read_reference(text: str) -> str | None:
    """The reference that somebody typed, in capitals and with its dashes; None if it is none.

    Small letters, missing dashes and spaces do no harm.
    """
    found = _SHAPE.fullmatch(text.strip().upper())
    if found is None:
        return None
    signs = found[1] + found[2]
    if _check_sign(signs[:_CHOSEN]) != signs[_CHOSEN]:
        return None
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"


def _check_sign(signs: str) -> str:
    weighed = sum(place * ALPHABET.index(sign) for place, sign in enumerate(signs, 2))
    # So that the check sign, of weight 1, brings the sum to a multiple of 23.
    return ALPHABET[-weighed % len(ALPHABET)]
