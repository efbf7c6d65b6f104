"""What the rows of a database hold, opened: the same for every database."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable

from bot.store.contract import DamagedRecordError, Held, Json, Sending
from bot.store.sealing import Purpose, Sealer, SealError

_log = logging.getLogger(__name__)

SendingRow = tuple[int, bytes, int]
"""The id, the sealed body and the attempts of an outbox entry."""


def open_held(sealer: Sealer, patient: str, body: bytes | None, live: bytes | None) -> Held | None:
    """What is stored of a patient. Raises DamagedRecordError."""
    if body is None:
        return None
    try:
        return Held(
            sealer.open(Purpose.RECORD, patient, body),
            None if live is None else sealer.open(Purpose.LIVE, patient, live),
        )
    except SealError as error:
        raise DamagedRecordError(
            f"What is stored of chat {patient} cannot be opened: {error}."
        ) from error


def open_live(sealer: Sealer, patient: str, live: bytes | None) -> Json | None:
    """The note of a patient's live message. Raises DamagedRecordError."""
    if live is None:
        return None
    try:
        note: Json = sealer.open(Purpose.LIVE, patient, live)
    except SealError as error:
        raise DamagedRecordError(
            f"The live message of chat {patient} cannot be opened: {error}."
        ) from error
    return note


def open_sendings(
    sealer: Sealer, patient: str, address: str, rows: Iterable[SendingRow]
) -> list[Sending]:
    """The outbox entries of a patient.

    One that cannot be opened can never be sent, and must not hold up the rest: it is left out.
    """
    opened = []
    for id, body, attempts in rows:
        try:
            plain = sealer.open(Purpose.SEND, patient, body)
        except SealError as error:
            _log.error("outbox entry %d of chat %s: %s", id, patient, error)
            continue
        opened.append(Sending(id, patient, address, plain, attempts))
    return opened


def open_address(sealer: Sealer, patient: str, sealed: bytes) -> str | None:
    """The address that outbox entries go to; None if it cannot be opened."""
    try:
        return str(sealer.open(Purpose.ADDRESS, patient, sealed))
    except SealError as error:
        _log.error("outbox of chat %s: %s", patient, error)
        return None


def hour_of(at: float) -> int:
    """The hour that a time lies in: the index of old records need not know more."""
    return math.floor(at / 3600)
