"""What goes wrong in a store."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what was asked; ``str`` is one line that says what to do.

    Nothing was changed. Trying again later may succeed (a full disk, a locked file), except for
    :class:`DamagedRecordError`.
    """


class DamagedRecordError(StoreError):
    """One stored text cannot be opened with any of the keys; trying again will not help."""
