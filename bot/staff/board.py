"""Keeps the messages of every staff group as their intakes stand.

A delivery to a group is brought by posting a message, and brought again by editing it: when the
intake was handled, and, while nobody handles an urgent one, by a reminder every fifteen minutes.
Which message is whose is noted with the delivery. Several workers may do this at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.clinic.clinics import Clinic
from bot.daytime import zone_named
from bot.handover.retrying import next_try
from bot.handover.rounds import Rounds
from bot.intake.intake import Intake
from bot.staff.desk import SYSTEM, Desk
from bot.staff.ports import ChannelError, GroupGoneError, GroupMovedError, SignOffs, Wall
from bot.staff.posts import gone_screen, post_screen, reminder_screen, withdrawn_screen
from bot.staff.words import StaffWords
from bot.store.clinic_contract import (
    REPEAT,
    Channel,
    ClinicStore,
    Delivery,
    Json,
    NewSchedule,
    Scheduled,
    StoredIntake,
    Task,
)
from bot.web.metrics import Metrics

log = logging.getLogger(__name__)

AT_ONCE = 4
LEASE = 60.0
"""Seconds after which another worker may have what this one claimed."""

REPEAT_AFTER = 15 * 60.0
"""Seconds after which an urgent intake that nobody handled is posted once more."""

URGENT = ("emergency", "same_day")

FADE = "fade"
"""The kind of schedule that takes an intake out of its message when it has been kept long enough."""

FADE_EARLY = 24 * 60 * 60.0
"""Seconds before the rest is deleted, for then nobody would know any more where the message is."""

AGAIN = 60 * 60.0
"""Seconds until a message that could not be changed is tried again."""

LONGEST_WAIT = 60.0
"""Seconds between two attempts at most: a group is Telegram's, which is seldom away for long."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is remembered of an intake in a group: its messages, and when they were posted."""

    group: str
    message: int
    first: float
    last: float
    reminder: int | None = None
    attempts: int = 0

    @classmethod
    def of(cls, body: Json | None, group: str) -> Note | None:
        """The note of a delivery, if it is about this group and can be read."""
        try:
            note = cls(**body) if body else None
        except TypeError:
            return None
        return note if note is not None and note.group == group else None

    def to_json(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}


class Board:
    """One worker. ``wake`` says that there may be something; it looks by itself now and then."""

    def __init__(
        self,
        clinics: ClinicStore,
        words: StaffWords,
        wall: Wall,
        desk: Desk,
        metrics: Metrics,
        *,
        sign_offs: SignOffs | None = None,
        retention_days: int = 90,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clinics = clinics
        self._words = words
        self._wall = wall
        self._desk = desk
        self._metrics = metrics
        self._sign_offs = sign_offs
        self._clock = clock
        kept = retention_days * 24 * 60 * 60.0
        self._shown_for = max(kept - FADE_EARLY, kept / 2)
        self._fading = Rounds(self._claim_fading, self._fade, at_once=1, name="staff-fade")
        self._posting = Rounds(self._claim, self._bring, at_once=AT_ONCE, name="staff-board")
        self._repeating = Rounds(self._claim_due, self._repeat, at_once=1, name="staff-repeat")

    def wake(self) -> None:
        """There may be something now. Returns at once."""
        self._posting.wake()
        self._repeating.wake()

    async def run(self, stop: asyncio.Event, grace: float) -> None:
        """Post until ``stop`` is set; calls under way then are given ``grace`` seconds."""
        await asyncio.gather(
            self._posting.run(stop, grace),
            self._repeating.run(stop, grace),
            self._fading.run(stop, grace),
        )

    async def _claim(self, most: int) -> list[Delivery]:
        return await self._clinics.claim_deliveries([Channel.GROUP], most=most, lease=LEASE)

    async def _claim_due(self, most: int) -> list[Scheduled]:
        return await self._clinics.claim_schedules([REPEAT], most=most, lease=LEASE)

    async def _claim_fading(self, most: int) -> list[Scheduled]:
        return await self._clinics.claim_schedules([FADE], most=most, lease=LEASE)

    async def _fade(self, due: Scheduled) -> None:
        """Leave nothing of an intake in its message: what is not kept here is not shown there."""
        body = due.body or {}
        content = self._words.content(body.get("language"))
        screen = gone_screen(content, str(body.get("reference", "")))
        try:
            await self._wall.edit(due.address, int(body.get("message", 0)), screen)
        except (GroupGoneError, GroupMovedError):
            pass  # Nothing can be changed there any more.
        except ChannelError:
            await self._clinics.postpone_schedule(due, self._clock() + AGAIN)
            return
        await self._clinics.finish_schedule(due)

    async def _repeat(self, due: Scheduled) -> None:
        """Let an intake be looked at again, where there is still a group to look at it."""
        found = await self._clinics.intake(due.subject)
        if found is not None and found.handling is None:
            clinic = await self._clinic(found.clinic)
            if clinic is not None and clinic.staff is not None:
                await self._clinics.queue_delivery(found.id, Channel.GROUP)
                self._posting.wake()
        await self._clinics.finish_schedule(due)

    async def _bring(self, delivery: Delivery) -> None:
        clinic = await self._clinic(delivery.clinic)
        found = await self._clinics.intake(delivery.intake)
        group = clinic.staff if clinic else None
        if clinic is None or group is None or found is None:
            await self._give_up(delivery, "NoGroup")
            return
        try:
            if delivery.task is Task.WITHDRAWAL:
                await self._take_back(delivery, clinic, group, found)
                note = None
            elif found.body is None:
                await self._give_up(delivery, "IntakeGone")
                return
            else:
                note = await self._show(delivery, clinic, group, found)
        except GroupMovedError as error:
            await self._desk.moved(group, error.address)
            await self._clinics.retry_delivery(delivery, self._clock(), error.kind)
        except GroupGoneError as error:
            await self._clinics.unlink_staff(group, SYSTEM)
            await self._give_up(delivery, error.kind)
        except ChannelError as error:
            await self._try_later(delivery, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one, not in the others
            await self._try_later(delivery, ChannelError(type(error).__name__))
        else:
            self._metrics.deliveries.labels(Channel.GROUP, "delivered").inc()
            await self._clinics.delivered(delivery, note.to_json() if note else None)
            await self._look_again(delivery, found)

    async def _look_again(self, delivery: Delivery, shown: StoredIntake) -> None:
        """What was handled while its message was made is to be seen in it too."""
        found = await self._clinics.intake(delivery.intake)
        if found is not None and found.body is not None and found.handling != shown.handling:
            await self._clinics.queue_delivery(found.id, Channel.GROUP)
            self._posting.wake()

    async def _show(
        self, delivery: Delivery, clinic: Clinic, group: str, found: StoredIntake
    ) -> Note:
        content = self._words.content(clinic.language)
        intake = Intake.from_json(found.body or {})
        unsigned = (await self._sign_offs.of(clinic)).short if self._sign_offs else ""
        zone = zone_named(clinic.time_zone)
        screen = post_screen(content, intake, found.handling, zone, unsigned)
        note = Note.of(delivery.note, group)
        if note is not None and not await self._wall.edit(group, note.message, screen):
            note = None
        now = self._clock()
        if note is None:
            note = Note(group, await self._wall.post(group, screen), now, now)
            body = {
                "message": note.message,
                "reference": found.reference,
                "language": clinic.language,
            }
            fading = found.created_at + self._shown_for
            # Not by the intake's own id: what goes with the intake would go before it is done.
            await self._clinics.schedule(
                group, NewSchedule(FADE, fading, f"{FADE}:{found.id}", body)
            )
        elif found.handling is not None:
            note = await self._without_reminder(note)
        elif intake.urgency in URGENT and not 0 <= now - note.last < REPEAT_AFTER:
            minutes = max(1, round((now - note.first) / 60))
            reminder = reminder_screen(content, intake, minutes)
            # The new one first: if anything fails after it, one too many stands there.
            message = await self._wall.post(group, reminder, reply_to=note.message)
            note = replace(await self._without_reminder(note), reminder=message, last=now)
        if intake.urgency in URGENT and found.handling is None:
            due = note.last + REPEAT_AFTER
            await self._clinics.schedule(group, NewSchedule(REPEAT, due, found.id))
        return replace(note, attempts=delivery.attempts)

    async def _without_reminder(self, note: Note) -> Note:
        if note.reminder is not None:
            await self._wall.remove(note.group, note.reminder)
        return replace(note, reminder=None)

    async def _take_back(
        self, delivery: Delivery, clinic: Clinic, group: str, found: StoredIntake
    ) -> None:
        """Leave nothing of an intake in the group but that it was taken back, and say so."""
        posted = next(
            (
                one.note
                for one in found.deliveries
                if one.channel is Channel.GROUP and one.task is Task.INTAKE
            ),
            None,
        )
        screen = withdrawn_screen(self._words.content(clinic.language), delivery.reference)
        note = Note.of(posted, group)
        if note is not None:
            await self._without_reminder(note)
            edited = await self._wall.edit(group, note.message, screen)
            # An edit tells nobody: so it is said once more below.
            await self._wall.post(group, screen, reply_to=note.message if edited else None)
        else:
            await self._wall.post(group, screen)

    async def _clinic(self, id: str) -> Clinic | None:
        for stored in await self._clinics.clinics():
            if stored.id == id and stored.removed_at is None:
                return Clinic.of(stored)
        return None

    async def _give_up(self, delivery: Delivery, kind: str) -> None:
        self._metrics.deliveries.labels(Channel.GROUP, "failed").inc()
        log.error("not posted to the group", extra=_about(delivery, kind))
        await self._clinics.fail_delivery(delivery, kind)

    async def _try_later(self, delivery: Delivery, error: ChannelError) -> None:
        now = self._clock()
        before = int((delivery.note or {}).get("attempts", 0))
        at = next_try(
            max(1, delivery.attempts - before),
            delivery.queued_at,
            now,
            asked=error.retry_after,
            longest=LONGEST_WAIT,
        )
        if at is None:
            await self._give_up(delivery, error.kind)
            return
        self._metrics.deliveries.labels(Channel.GROUP, "retried").inc()
        log.warning("to be posted later", extra=_about(delivery, error.kind))
        await self._clinics.retry_delivery(delivery, at, error.kind)


def _about(delivery: Delivery, error: str) -> Json:
    return {
        "delivery": delivery.id,
        "intake": delivery.reference,
        "attempt": delivery.attempts,
        "error": error,
    }
