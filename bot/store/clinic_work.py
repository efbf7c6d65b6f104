"""What happens in one transaction when a patient lets a clinic have something, or takes it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.store import clinic_tables as tables
from bot.store.clinic_contract import (
    Channel,
    ClinicGoneError,
    Entry,
    NewIntake,
    NewSchedule,
    ReferenceTakenError,
    Task,
)
from bot.store.contract import Clinical
from bot.store.sealing import Purpose, Sealer
from bot.store.work import Work, ask, ask_one

UNDER_WAY_SECONDS: Final = 60.0
"""For how long an attempt under way is waited for before its receiver is told of a withdrawal."""

PATIENT: Final = "patient"
"""How the audit trail calls a patient: it knows no more of them."""


def place_of(clinic: str, intake: str) -> str:
    """What the texts of an intake are bound to: they do not open as another clinic's."""
    return f"{clinic}/{intake}"


def apply_clinical(
    sealer: Sealer, patient: str, address: str, clinical: Clinical, now: float
) -> Work[None]:
    """All that an event changes of what clinics have of a patient."""
    for intake in clinical.withdraw:
        yield from end_intake(intake, now, Entry("withdrawn", PATIENT), patient)
    for kind in clinical.cancel:
        yield from ask(tables.CANCEL_KIND, patient, kind)
    for new in clinical.intakes:
        yield from _add_intake(sealer, patient, new, now)
    for later in clinical.schedules:
        yield from add_schedule(sealer, patient, address, later, now)


def forget_patient(patient: str, now: float) -> Work[None]:
    """Nothing of a patient is kept: all intakes are taken back, nothing is scheduled any more."""
    rows = yield from ask(tables.IDS_OF_PATIENT, patient)
    for (intake,) in rows:
        yield from end_intake(intake, now, Entry("deleted", PATIENT), patient)
    yield from ask(tables.CANCEL_ALL, patient)


def end_intake(
    intake: str, now: float, entry: Entry, patient: str | None = None
) -> Work[str | None]:
    """Delete the content of an intake and tell where it went. Its clinic; None: it was gone.

    With ``patient`` only if it is theirs.
    """
    if patient is None:
        row = yield from ask_one(tables.END_INTAKE, intake, now)
    else:
        row = yield from ask_one(tables.END_INTAKE_OF_PATIENT, intake, now, patient)
    if row is None:
        return None
    clinic: str = row[0]
    yield from ask(tables.WITHDRAW_DELIVERIES, intake, now)
    yield from ask(tables.WITHDRAWALS, intake, now, now + UNDER_WAY_SECONDS)
    yield from ask(tables.CANCEL_SUBJECT, intake)
    yield from note(Entry(entry.what, entry.who, clinic, intake), now)
    return clinic


def add_schedule(
    sealer: Sealer, patient: str, address: str, new: NewSchedule, now: float
) -> Work[None]:
    """Schedule something; it replaces what was scheduled of this kind for the same subject."""
    body = None if new.body is None else sealer.seal(Purpose.SCHEDULE, patient, new.body)
    to = sealer.seal_address(patient, address)
    yield from ask(tables.SCHEDULE, new.kind, patient, new.subject, to, body, new.due, now)


def note(entry: Entry, now: float) -> Work[None]:
    """Add to the audit trail."""
    yield from ask(tables.NOTE, now, entry.what, entry.who, entry.clinic, entry.intake)


def _add_intake(sealer: Sealer, patient: str, new: NewIntake, now: float) -> Work[None]:
    found = yield from ask_one(tables.FIND_CHANNELS, new.clinic)
    if found is None:
        raise ClinicGoneError("The clinic takes no intakes any more.")
    body = sealer.seal(Purpose.INTAKE, place_of(new.clinic, new.id), new.body)
    row = (new.id, new.reference, new.clinic, patient, body, now)
    if (yield from ask_one(tables.ADD_INTAKE, *row)) is None:
        raise ReferenceTakenError("An intake of this reference is there already.")
    channels, staff = found
    for channel in (*([Channel.GROUP] if staff else []), *channels.split()):
        delivery = (new.id, new.clinic, channel, Task.INTAKE, new.rank, now)
        yield from ask(tables.ADD_DELIVERY, *delivery)
    month = datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
    yield from ask(tables.COUNT_INTAKE, new.clinic, month, new.what)
    yield from note(Entry("sent", PATIENT, new.clinic, new.id), now)
