"""What a store promises about the record of sign-offs.

The record is a chain that only grows. Each entry has a *seal*: a keyed hash (HMAC-SHA-256) of its
number, its text and the seal before it. So an entry that was changed, moved, slipped in or taken
out of the middle by anybody without the DATA_KEY is found out, and so is everything after it.
Entries taken off the end are not: keep the signed paper.

The texts are not encrypted: whoever may see the database may read who signed what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """One entry, from number 1 on. `sound` is False from the first broken seal on."""

    number: int
    text: str
    sound: bool


class SignOffStore(Protocol):
    """The part of a store that keeps sign-offs. Every method raises :class:`StoreError`."""

    async def entries(self) -> tuple[SignedEntry, ...]:
        """The whole record, in order."""

    async def add(self, text: str) -> int:
        """Add an entry and return its number.

        Raises StoreError when the record is not sound, or somebody else added at this moment.
        """
