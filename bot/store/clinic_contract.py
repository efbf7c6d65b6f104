"""What a store promises about clinics, and about what patients let them have.

A clinic has a row, its content sealed. An intake has a row, its content sealed, and one *delivery*
for each channel of its clinic: where it goes, how often that was tried, and what came of it. A
*schedule* is something to be done at a time. The audit trail only grows.

What is claimed is this worker's until its lease ends; then any worker may have it again. So what is
done with it must do no harm when it is done twice, and each note of the outcome is believed only
while the lease it was made under is the last one (its ``attempts``).

Times are seconds since the epoch. Nothing here knows what is in a body.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from bot.store.errors import StoreError

Json = dict[str, Any]

STAFF_CODE_SECONDS = 24 * 60 * 60.0
"""For how long a staff code can be used."""

REPEAT = "repeat"
"""The kind of schedule that posts an intake again until it is handled; handling drops it."""


class ClinicGoneError(StoreError):
    """The clinic was removed meanwhile: nothing was committed, and nothing goes to it."""


class ReferenceTakenError(StoreError):
    """Another intake has this reference: nothing was committed; try again with another one."""


class SlugTakenError(StoreError):
    """Another clinic has this slug: nothing was changed."""


class Channel(StrEnum):
    """How an intake reaches a clinic."""

    GROUP = "group"
    WEBHOOK = "webhook"
    FHIR = "fhir"


class State(StrEnum):
    """What became of a delivery."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up, or refused for good; shown to the operator."""
    WITHDRAWN = "withdrawn"
    """Taken back before it was delivered, or the clinic was removed."""


class Task(StrEnum):
    """What a delivery brings."""

    INTAKE = "intake"
    WITHDRAWAL = "withdrawal"
    """That the patient took it back: what was delivered is to be deleted there."""


@dataclass(frozen=True, slots=True)
class StoredClinic:
    """A clinic as it is stored. ``body`` is what :mod:`bot.clinic.clinics` makes of it.

    ``channels`` are those that its body names; the staff group, which has its own way of coming
    and going, is the address ``staff`` (``"telegram:<bot id>:<chat id>"``), if there is one.
    """

    id: str
    slug: str
    body: Json
    channels: tuple[Channel, ...] = ()
    staff: str | None = None
    created_at: float = 0.0
    removed_at: float | None = None


@dataclass(frozen=True, slots=True)
class NewIntake:
    """An intake to be committed with the patient's event, and delivered on every channel.

    ``rank`` orders deliveries that wait, 0 first. ``what`` is what it is counted as: a code of
    urgency, or ``follow_up``. The store finds out the channels, and refuses with ClinicGoneError
    where the clinic was removed.
    """

    id: str
    reference: str
    clinic: str
    body: Json
    rank: int
    what: str


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """Something to be done at ``due``. One of a ``kind`` for each ``subject``: a later one replaces it.

    ``subject`` is an intake's id, or empty for one that belongs to the patient alone. ``body`` is
    sealed; the patient's address is kept beside it and need not be in it.
    """

    kind: str
    due: float
    subject: str = ""
    body: Json | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery. ``id`` is stable over all attempts; the receiver knows repeats by ``key``.

    ``key`` is the ``Idempotency-Key``: the intake's id for an intake, another for its withdrawal.
    ``note`` is what the channel wants to remember, such as the id of its message. ``last_error`` is
    a word or a type name, never what a receiver said. ``body`` is the intake's, or None if it is
    gone: then there is nothing to deliver any more.
    """

    id: int
    intake: str
    reference: str
    clinic: str
    channel: Channel
    task: Task
    state: State
    attempts: int
    next_try: float
    last_error: str
    queued_at: float
    settled_at: float | None
    note: Json | None = None
    body: Json | None = None

    @property
    def key(self) -> str:
        return self.intake if self.task is Task.INTAKE else f"{self.intake}:{self.task}"


@dataclass(frozen=True, slots=True)
class Handling:
    """Who marked an intake as handled, and when. ``by`` is what the staff's channel calls them."""

    at: float
    by: str


@dataclass(frozen=True, slots=True)
class StoredIntake:
    """An intake as it is stored, with its deliveries.

    ``body`` is None when its content is gone: withdrawn, forgotten, deleted or too old.
    ``patient`` is the patient key, empty when it is gone as well.
    """

    id: str
    reference: str
    clinic: str
    patient: str
    created_at: float
    body: Json | None
    gone_at: float | None
    handling: Handling | None
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Something that is due. ``address`` is the patient's; ``attempts`` counts its claims."""

    id: int
    kind: str
    due: float
    patient: str
    address: str
    subject: str
    body: Json | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit trail: who did what to which intake of which clinic. No content.

    ``who`` is ``patient``, ``operator``, ``system``, or the key of a staff member
    (:meth:`bot.store.contract.Store.key_for` of their address).
    """

    what: str
    who: str
    clinic: str = ""
    intake: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Count:
    """How many intakes a clinic was sent in a month (``2026-11``). Stays when they are gone."""

    clinic: str
    month: str
    what: str
    number: int


class ClinicStore(Protocol):
    """The part of a store that is about clinics. Every method raises :class:`StoreError`.

    Open as long as its store is. A call that returned has been committed.
    """

    # Clinics.

    async def add_clinic(self, clinic: StoredClinic) -> None:
        """Add a clinic. Raises SlugTakenError when another one, not removed, has its slug."""

    async def clinics(self) -> list[StoredClinic]:
        """Every clinic, removed ones included, oldest first."""

    async def change_clinic(
        self, id: str, change: Callable[[StoredClinic], StoredClinic]
    ) -> StoredClinic:
        """Replace body, slug and channels by what ``change`` makes of them, in one transaction.

        ``change`` is pure and may raise; then nothing is changed. Raises ClinicGoneError.
        """

    async def remove_clinic(self, id: str) -> None:
        """From now on nothing goes to this clinic: what waits is withdrawn, its staff let go."""

    # Its staff.

    async def new_staff_code(self, clinic: str) -> str:
        """A code that links one staff group to the clinic, once, within 24 hours. Kept hashed."""

    async def link_staff(self, code: str, address: str, who: str) -> StoredClinic | None:
        """Use a code for the group at ``address``; None if it is wrong, used up or too old.

        A clinic has one group, and a group one clinic: an earlier link of either ends.
        """

    async def unlink_staff(self, address: str, who: str) -> StoredClinic | None:
        """End the link of the group at ``address``, at once; None if there was none."""

    async def clinic_of_staff(self, address: str) -> StoredClinic | None:
        """The clinic whose staff group this is."""

    # Intakes.

    async def intake(self, id_or_reference: str) -> StoredIntake | None:
        """One intake with its deliveries, by its id or its reference."""

    async def intakes(
        self, *, clinic: str | None = None, since: float = 0.0, most: int = 1000
    ) -> list[StoredIntake]:
        """The latest intakes, newest first, those whose content is gone included."""

    async def intakes_of(self, address: str) -> list[StoredIntake]:
        """All intakes of a patient whose content is still here, oldest first."""

    async def handle_intake(self, id: str, by: str, who: str) -> Handling | None:
        """Mark as handled by ``by``; who did it first counts, and is returned. None: it is gone.

        Its schedule of kind :data:`REPEAT` is dropped. ``who`` is for the audit trail.
        """

    async def forget_intake(self, id: str, who: str) -> bool:
        """Delete the content of an intake, as if its patient withdrew it. False: it was gone."""

    # Deliveries.

    async def claim_deliveries(
        self, channels: Sequence[Channel], *, most: int, lease: float
    ) -> list[Delivery]:
        """Deliveries that are due, for this worker alone until ``lease`` seconds from now.

        Urgent ones first, then the oldest. Each claim counts as an attempt.
        """

    async def delivered(self, delivery: Delivery, note: Json | None = None) -> bool:
        """The receiver has it. False: another worker has claimed it since, or it was withdrawn."""

    async def retry_delivery(self, delivery: Delivery, at: float, error: str) -> bool:
        """It did not work; try again at ``at``. ``error`` is cut to a dotted type name."""

    async def fail_delivery(self, delivery: Delivery, error: str) -> bool:
        """It will not work: given up, to be shown to the operator."""

    async def queue_delivery(self, intake: str, channel: Channel) -> bool:
        """Deliver an intake on one more channel, or there once more. False: it is gone.

        Does nothing but return True where it is queued already.
        """

    async def deliveries(self, states: Sequence[State], *, most: int = 1000) -> list[Delivery]:
        """Deliveries in these states, without bodies, oldest first."""

    # Schedules.

    async def schedule(self, address: str, new: NewSchedule) -> None:
        """Schedule something for a patient outside of an event of theirs."""

    async def claim_schedules(
        self, kinds: Sequence[str], *, most: int, lease: float
    ) -> list[Scheduled]:
        """What is due, for this worker alone until ``lease`` seconds from now, earliest first."""

    async def finish_schedule(self, scheduled: Scheduled) -> bool:
        """It is done. False: another worker has it, or it was cancelled or replaced."""

    async def postpone_schedule(self, scheduled: Scheduled, due: float) -> bool:
        """It is due again at ``due``."""

    # What is kept of it all.

    async def note(self, entry: Entry) -> None:
        """Add to the audit trail; ``at`` is now."""

    async def trail(self, *, intake: str | None = None, most: int = 1000) -> list[Entry]:
        """The audit trail, newest first."""

    async def counts(self) -> list[Count]:
        """How many intakes there were, by clinic, month and urgency or kind; purged ones too."""
