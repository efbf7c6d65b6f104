"""What a store promises, free of any database.

A store keeps one record per patient, the channel's note of that patient's live message, the ids of
the events that were applied, and the outbox: what is still to be sent, in order for each patient.

Patients are named from outside by their *address* (``"telegram:<bot id>:<chat id>"``). Inside they
are named by a *patient key*, a keyed hash of the address; the address itself, like everything that
a patient said, is stored only sealed (see :mod:`bot.store.sealing`).

Times are seconds since the epoch, as ``time.time()`` gives them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Protocol

from bot.store.clinic_contract import ClinicStore, NewIntake, NewSchedule
from bot.store.errors import DamagedRecordError, StoreError
from bot.store.sign_off_contract import SignOffStore

__all__ = ["DamagedRecordError", "StoreError"]

Json = dict[str, Any]


_TYPE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}")


def type_name(error: str) -> str:
    """The dotted type name that ``error`` begins with, and nothing of what a patient may have said.

    "?" if it begins with none.
    """
    name = _TYPE_NAME.match(error)
    return name[0] if name else "?"


class Unset(Enum):
    """The type of :data:`UNSET`, so that ``None`` can mean "there is no live message"."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of one patient.

    ``body`` is the record. ``live`` is the channel's own note of the message that carries the
    buttons, for example ``{"message_id": 17, "lasting": False}``.
    """

    body: Json
    live: Json | None


@dataclass(frozen=True, slots=True)
class Clinical:
    """What one event changes of what clinics have of this patient.

    ``withdraw`` are ids of intakes: their content is deleted, and where they went, or may have
    gone, their withdrawal is queued. ``schedules`` are set or moved, and those of the kinds in
    ``cancel`` are dropped first.
    """

    intakes: tuple[NewIntake, ...] = ()
    withdraw: tuple[str, ...] = ()
    schedules: tuple[NewSchedule, ...] = ()
    cancel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What one event does to one patient.

    ``body`` is the record from now on. None keeps nothing of this patient: record, live note and
    everything still waiting in the outbox are deleted, then ``sends`` are added. With ``changed``
    False the stored record stays as it is, whatever ``body`` says, and only ``sends`` are added.
    ``result`` is handed back to the caller and never stored.

    What a clinic is to have is in ``clinical``, and happens in the same transaction. Where nothing
    of the patient is kept, every intake and schedule of theirs goes too, as if withdrawn.
    """

    body: Json | None
    sends: tuple[Json, ...] = ()
    result: object = None
    changed: bool = True
    clinical: Clinical | None = None


Decide = Callable[[Held | None, bool], Effect]
"""(what is held, was this event applied before?) -> effect.

Pure, quick and without I/O, because it may run inside the transaction and in another thread. It may
raise, and it may be called again for the same event: if the transaction failed, or if what it was
given turns out to have changed meanwhile. Only the last call counts.
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """One entry of the outbox. ``patient`` is the patient key, ``address`` the channel's own."""

    id: int
    patient: str
    address: str
    body: Json
    attempts: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What one event did.

    ``queued`` are the entries made of the effect's ``sends``, in their order, where they are all
    that is to be sent to this address and this worker is the one to send them: what a claim right
    now would give. None: claim, to see.
    """

    effect: Effect
    queued: tuple[Sending, ...] | None = None

    @property
    def result(self) -> object:
        """The effect's own."""
        return self.effect.result


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows a purge deleted."""

    records: int = 0
    sends: int = 0
    events: int = 0
    set_aside: int = 0
    intakes: int = 0


LONGEST_PUT_OFF: Final = 60.0
"""Seconds that an entry of the outbox may be put off for. One that seems to be due later than that
was put off before the clock was set back, and is due."""


class Store(Protocol):
    """The promise. Every method except :meth:`key_for` raises :class:`StoreError`.

    A call that returned has been committed to the disk. A call that was cancelled may or may not
    take effect.
    """

    @property
    def shared(self) -> bool:
        """Whether workers in other processes may use the same database."""

    @property
    def clinics(self) -> ClinicStore:
        """Clinics, and what patients let them have."""

    @property
    def sign_offs(self) -> SignOffStore:
        """The record of who signed the protocol off."""

    async def open(self) -> None:
        """Make what is missing, migrate, check the key. Does nothing when already open."""

    async def close(self) -> None:
        """Finish what is queued and let go of the database. May be called again."""

    def key_for(self, address: str) -> str:
        """The patient key of an address: 32 hex digits. Also what logs show of a chat."""

    async def apply(
        self, address: str, event_id: str | None, decide: Decide, *, also: tuple[str, ...] = ()
    ) -> Applied:
        """One event in one transaction: the id noted as done, the record written, sends queued.

        Applies to one address run one after another. If ``decide`` raises, nothing at all is
        changed and its exception reaches the caller. ``event_id`` None cannot be repeated. The
        events in ``also`` are noted as done with it, whether or not they were before.
        """

    async def read(self, address: str) -> Held | None:
        """What is stored of this patient."""

    async def live(self, address: str) -> Json | None:
        """The channel's note of the live message alone, which is cheaper than all of it."""

    async def set_aside(
        self, event_id: str, address: str | None, error: str, sends: tuple[Json, ...] = ()
    ) -> None:
        """Note an event that could not be applied as done, with the type of its error.

        ``error`` is cut off where a dotted type name ends, so that no text of a patient gets in.
        ``sends`` are queued for ``address``. Does nothing for an event already done.
        """

    async def pending(self, address: str) -> list[Sending]:
        """Everything to be sent to this address, in order, postponed or not."""

    async def claim(self, address: str) -> list[Sending]:
        """The same, for this worker alone to send; empty if another worker is at it.

        A worker is one open store. What it claimed, and whatever is queued behind that, no other
        worker gets until all of it is sent or dropped, or this worker has gone: closed its store,
        or not been able to reach the database for some seconds. What another worker has postponed
        and left behind is had when it is due. Claiming again gives what was queued meanwhile, and
        is needed after any StoreError, since another worker may have taken over.
        """

    async def unclaimed(self) -> list[str]:
        """Addresses with something due that no worker has claimed; some of them, if many.

        To be asked for every few seconds, so that what a worker left behind is sent by another.
        Always empty where there can be only one worker, as in the embedded database.
        """

    async def addresses_pending(self) -> list[tuple[str, float]]:
        """Every address with something to send, and the time its first entry is due."""

    async def sent(self, sending: Sending, live: Json | Unset | None = UNSET) -> None:
        """Delete the entry and, if given, note the live message, in one transaction.

        An entry that is gone by now (the patient deleted everything) changes nothing, and no
        record is ever created by this. This one call may return a moment before it is on the disk,
        though this store knows it at once: after a kill in between the entry is there again, as
        after a kill in the middle of sending.
        """

    async def postpone(self, sending: Sending, until: float) -> None:
        """Count one more attempt; the entry is due again at ``until``.

        That may be :data:`LONGEST_PUT_OFF` from now.
        """

    async def drop(self, sending: Sending) -> None:
        """Delete one entry without having sent it."""

    async def drop_all(self, address: str) -> None:
        """Delete everything that waits for this address."""

    async def file_of(self, channel: str, picture: str) -> str | None:
        """What a channel keeps a picture under, if it was uploaded before.

        ``picture`` is the hash of what it shows; it belongs to no patient.
        """

    async def keep_file(self, channel: str, picture: str, file: str) -> None:
        """Note what a channel keeps a picture under, in place of what was noted before."""

    async def purge(self, *, records_before: float, events_before: float) -> Purged:
        """Retention: delete what was last changed, or noted, before these times.

        ``records_before`` counts for records, outbox entries, what was set aside, and intakes with
        their deliveries and schedules, of which only the counts remain;
        also for the files of pictures, which are not counted;
        but not for the record of a staff group, which is kept for as long as the group is linked;
        ``events_before`` for the ids of applied events.
        """

    async def healthy(self) -> bool:
        """Whether something can be written now. Never raises."""
