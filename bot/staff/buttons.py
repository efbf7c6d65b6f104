"""What the buttons in a staff group carry: ``staff:<deed>:<intake>``.

Nothing is believed of it: which intakes a group may see is asked of the store at every press.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from bot.intake.reference import read_reference

_PREFIX = "staff"
_OPENING = "open_"


class Deed(StrEnum):
    """What a member of the staff can do with an intake."""

    OPEN = "open"
    HANDLED = "handled"


def button_data(deed: Deed, intake: str) -> str:
    """What the button carries, 50 bytes at most."""
    return f"{_PREFIX}:{deed}:{intake}"


def read_button(data: str) -> tuple[Deed, str] | None:
    """The deed and the id of the intake; None for anything that no button of ours ever carried."""
    prefix, _, rest = data.partition(":")
    deed, _, intake = rest.partition(":")
    if prefix != _PREFIX or deed not in list(Deed):
        return None
    try:
        id = str(UUID(intake))
    except ValueError:
        return None
    return (Deed(deed), id) if id == intake else None


def opening(reference: str) -> str:
    """What follows ``/start`` when a member opens the chat with the bot to read an intake."""
    return f"{_OPENING}{reference}"


def read_opening(argument: str) -> str | None:
    """The reference of the intake in it; None if it is something else."""
    if not argument.startswith(_OPENING):
        return None
    return read_reference(argument.removeprefix(_OPENING))
