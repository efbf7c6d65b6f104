"""What was sent and is noted, but is not on the disk yet."""

from __future__ import annotations

from collections.abc import Collection

from bot.store.contract import UNSET, Unset


class Sent:
    """Entries of the outbox that count as gone, and the live notes that came with them, sealed."""

    def __init__(self) -> None:
        self._ids: dict[str, set[int]] = {}
        self._live: dict[str, bytes | None] = {}

    def __bool__(self) -> bool:
        return bool(self._ids)

    def add(self, patient: str, id: int, live: bytes | Unset | None) -> None:
        """An entry of a patient was sent; ``live`` is UNSET where the live message stays."""
        self._ids.setdefault(patient, set()).add(id)
        if not isinstance(live, Unset):
            self._live[patient] = live

    def remove(self, patient: str, id: int) -> None:
        """An entry has gone from the disk."""
        left = self._ids.get(patient, set())
        left.discard(id)
        if not left:
            self._ids.pop(patient, None)
            self._live.pop(patient, None)

    def ids(self, patient: str) -> Collection[int]:
        """Entries of a patient that are gone, whatever the disk says."""
        return self._ids.get(patient, ())

    def live(self, patient: str, stored: bytes | None) -> bytes | None:
        """The sealed live note of a patient, where the disk says ``stored``."""
        noted = self._live.get(patient, UNSET)
        return stored if isinstance(noted, Unset) else noted
