"""Intakes as they come out of the store."""

from __future__ import annotations

import logging

from bot.intake.intake import Intake
from bot.store.clinic_contract import ClinicStore, StoredIntake

log = logging.getLogger(__name__)


def intake_in(stored: StoredIntake) -> Intake | None:
    """The intake of a row; None where its content is gone, or cannot be read by this version."""
    if stored.body is None:
        return None
    try:
        return Intake.from_json(stored.body)
    except ValueError as error:
        log.error("intake unreadable", extra={"intake": stored.id, "error": error})
        return None


async def sent_by(store: ClinicStore, address: str) -> tuple[Intake, ...]:
    """What a patient sent and has not taken back, oldest first.

    Raises:
        StoreError: it cannot be read now.
    """
    found = [intake_in(stored) for stored in await store.intakes_of(address)]
    return tuple(intake for intake in found if intake is not None)
