"""What members of a staff group do, and what follows from it.

Every deed is asked for again and again by whoever can make a button or a command: so each one looks
up whose group this is, whose intake that is, and whether this person is in the group now. What is
refused is noted in the audit trail, and changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.clinic.clinics import Clinic
from bot.daytime import zone_named
from bot.intake.intake import Intake
from bot.screens import Screen, Showing
from bot.staff import top_line
from bot.staff.buttons import Deed, opening, read_button, read_opening
from bot.staff.ports import ChannelError, Group, Member, People, SignOffs
from bot.staff.posts import time_in
from bot.staff.summary import summary_screens
from bot.staff.words import StaffWords
from bot.store.clinic_contract import Channel, Entry, State, StoredClinic, StoredIntake, Task
from bot.store.contract import Effect, Held, Json, Store
from content.markup import Markup, join
from content.models import Content

MOST_TRIES = 5
"""Codes that one person may try in an hour."""

HOUR = 60 * 60.0

CAUGHT_UP = 3 * 24 * HOUR
"""Intakes of so many seconds before a group is linked are posted there, if nobody handled them."""

SYSTEM = "system"
"""How the audit trail calls what nobody did."""

_LINKED_JUST_NOW = 10 * 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows for the channel.

    ``notice`` goes beside the tap, ``url`` is opened by it. ``wake`` are addresses for which there
    is something in the outbox. ``posts`` tells that messages of a group are to be changed.
    """

    notice: str | None = None
    url: str | None = None
    wake: tuple[str, ...] = ()
    posts: bool = False


class Desk:
    """The staff's side of the bot; it holds nothing of any clinic or patient."""

    def __init__(
        self,
        store: Store,
        words: StaffWords,
        people: People,
        *,
        sign_offs: SignOffs | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`sign_offs` is what a group is told when it is linked, and with what it opens."""
        self._sign_offs = sign_offs
        self._store = store
        self._clinics = store.clinics
        self._words = words
        self._people = people
        self._clock = clock

    # The group.

    async def joined(self, group: Group, member: Member, event_id: str) -> Outcome:
        """The bot was added to a group."""
        if await self._clinics.clinic_of_staff(group.address) is not None:
            return Outcome()  # It has moved here, with its link.
        lines = self._words.content(member.language).staff.lines
        return await self._say(group, event_id, lines.added.fill(bot=group.bot))

    async def left(self, group: str) -> None:
        """The bot is no longer in a group: the link ends."""
        await self._clinics.unlink_staff(group, SYSTEM)
        await self._store.apply(group, None, top_line.when_out())

    async def moved(self, group: str, to: str) -> None:
        """The group goes on under another address, and the link with it."""
        stored = await self._clinics.clinic_of_staff(group)
        if stored is not None:
            code = await self._clinics.new_staff_code(stored.id)
            await self._clinics.link_staff(code, to, SYSTEM)
        await self._store.apply(group, None, top_line.when_out())

    async def link(self, group: Group, member: Member, code: str, event_id: str) -> Outcome:
        """Use a code to link the group to a clinic."""
        now_linked = await self._clinics.clinic_of_staff(group.address)
        language = Clinic.of(now_linked).language if now_linked else member.language
        lines = self._words.content(language).staff.lines
        if group.public:
            return await self._say(group, event_id, lines.public_group)
        if not code:
            return await self._say(group, event_id, lines.code_missing)
        if not await self._may_try(member):
            await self._note("refused", member)
            return await self._say(group, event_id, lines.too_many_tries)
        before = {one.id: one.staff for one in await self._clinics.clinics()}
        stored = await self._clinics.link_staff(code, group.address, self._who(member))
        if stored is None:
            stored = await self._linked_just_now(group, member)
        if stored is None:
            await self._note("refused", member, now_linked.id if now_linked else "")
            still = lines.still_linked.fill(clinic=Clinic.of(now_linked).name) if now_linked else ""
            return await self._say(group, event_id, join((lines.code_refused, Markup(still))))
        clinic = Clinic.of(stored)
        await self._catch_up(clinic, group.address)
        lines = self._words.content(clinic.language).staff.lines
        wake = [group.address]
        former = before.get(stored.id)
        if former is not None and former != group.address:
            # Whoever reads there must learn of it, most of all if nobody meant it.
            await self._end(former, None, lines.unlinked.fill(clinic=clinic.name))
            wake.append(former)
        linked = _line(lines.linked.fill(clinic=clinic.name))
        if self._sign_offs is None:
            await self._send(group.address, event_id, [linked])
        else:
            line = (await self._sign_offs.of(clinic)).line
            await self._store.apply(
                group.address, event_id, top_line.when_linked(stored.id, line, linked)
            )
        return Outcome(wake=tuple(wake), posts=True)

    async def unlink(self, group: Group, member: Member, event_id: str) -> Outcome:
        """End the link."""
        stored = await self._clinics.unlink_staff(group.address, self._who(member))
        if stored is None:
            line = self._words.content(member.language).staff.lines.nothing_to_unlink
            return await self._say(group, event_id, line)
        clinic = Clinic.of(stored)
        line = self._words.content(clinic.language).staff.lines.unlinked.fill(clinic=clinic.name)
        await self._end(group.address, event_id, line)
        return Outcome(wake=(group.address,))

    async def press(self, group: Group, member: Member, data: str, event_id: str) -> Outcome:
        """A button in the group was pressed, or something that claims to be one."""
        stored = await self._clinics.clinic_of_staff(group.address)
        clinic = Clinic.of(stored) if stored else None
        content = self._words.content(clinic.language if clinic else member.language)
        notices = content.staff.notices
        read = read_button(data)
        id = read[1] if read else ""
        found = await self._clinics.intake(id) if read and clinic else None
        if clinic is None or read is None or found is None or found.clinic != str(clinic.id):
            await self._note("refused", member, str(clinic.id) if clinic else "", id)
            return Outcome(notices.not_here)
        if group.public:
            # Made public since it was linked: anybody could join and press this.
            await self._clinics.unlink_staff(group.address, SYSTEM)
            await self._note("refused", member, found.clinic, id)
            said = await self._say(group, event_id, content.staff.lines.public_group)
            return Outcome(notices.not_here, wake=said.wake)
        try:
            if not await self._people.is_member(group.address, member.address):
                await self._note("refused", member, found.clinic, id)
                return Outcome(notices.not_a_member)
            if found.body is None:
                return Outcome(notices.gone)
            if read[0] is Deed.HANDLED:
                return await self._handle(clinic, content, member, found)
            if not await self._people.can_be_written_to(member.address):
                url = self._people.link_to_open(opening(found.reference))
                return Outcome(notices.write_first, url=url)
        except ChannelError:
            return Outcome(notices.try_again)
        await self._show(clinic, found, member, event_id)
        return Outcome(notices.opened, wake=(member.address,))

    # The member alone.

    async def started(self, member: Member, argument: str, event_id: str) -> Outcome | None:
        """``/start`` in a member's own chat. None: it is not about an intake."""
        reference = read_opening(argument)
        if reference is None:
            return None
        found = await self._clinics.intake(reference)
        clinic = await self._clinic(found.clinic) if found else None
        refusal = self._words.content(member.language).staff.notices.not_here
        if found is not None and found.body is not None and clinic is not None and clinic.staff:
            try:
                if await self._people.is_member(clinic.staff, member.address):
                    await self._show(clinic, found, member, event_id)
                    return Outcome(wake=(member.address,))
            except ChannelError:
                refusal = self._words.content(clinic.language).staff.notices.try_again
        # Whoever only guesses references is told the same, whether there is one or not.
        await self._note(
            "refused", member, found.clinic if found else "", found.id if found else ""
        )
        await self._send(member.address, event_id, [_line(Markup.escape(refusal))])
        return Outcome(wake=(member.address,))

    # What is done, once it may be.

    async def _handle(
        self, clinic: Clinic, content: Content, member: Member, found: StoredIntake
    ) -> Outcome:
        handling = await self._clinics.handle_intake(found.id, member.name, self._who(member))
        notices = content.staff.notices
        if handling is None:
            return Outcome(notices.gone)
        await self._clinics.queue_delivery(found.id, Channel.GROUP)
        if found.handling is None and handling.by == member.name:
            return Outcome(notices.handled, posts=True)
        at = time_in(zone_named(clinic.time_zone), handling.at)
        return Outcome(notices.handled_before.format(name=handling.by, time=at), posts=True)

    async def _show(
        self, clinic: Clinic, found: StoredIntake, member: Member, event_id: str
    ) -> None:
        """Queue the whole intake for one member; who opened it is noted first."""
        content = self._words.content(clinic.language)
        intake = Intake.from_json(found.body or {})
        zone = zone_named(clinic.time_zone)
        signed = (await self._sign_offs.of(clinic)).short if self._sign_offs else ""
        screens = summary_screens(content, intake, zone, self._words.languages, signed)
        await self._note("opened", member, found.clinic, found.id)
        await self._send(member.address, event_id, screens)

    async def _catch_up(self, clinic: Clinic, group: str) -> None:
        """What the group has not seen, and nobody has handled, is posted now."""
        since = self._clock() - CAUGHT_UP
        for found in await self._clinics.intakes(clinic=str(clinic.id), since=since):
            posted = any(
                one.channel is Channel.GROUP
                and one.task is Task.INTAKE
                and one.state is State.DELIVERED
                and (one.note or {}).get("group") == group
                for one in found.deliveries
            )
            if found.body is not None and found.handling is None and not posted:
                await self._clinics.queue_delivery(found.id, Channel.GROUP)

    async def _linked_just_now(self, group: Group, member: Member) -> StoredClinic | None:
        """The clinic, if this member has linked this group a moment ago.

        A kill between the use of the code and the answer brings the command back, and its code is
        used up then.
        """
        stored = await self._clinics.clinic_of_staff(group.address)
        if stored is None:
            return None
        who, since = self._who(member), self._clock() - _LINKED_JUST_NOW
        mine = any(
            (one.what, one.who, one.clinic) == ("staff linked", who, stored.id) and one.at > since
            for one in await self._clinics.trail(most=100)
        )
        return stored if mine else None

    async def _clinic(self, id: str) -> Clinic | None:
        for stored in await self._clinics.clinics():
            if stored.id == id and stored.removed_at is None:
                return Clinic.of(stored)
        return None

    async def _may_try(self, member: Member) -> bool:
        """Count one more try of a code; whether it is not one too many."""
        now = self._clock()

        def decide(held: Held | None, _: bool) -> Effect:
            before: list[float] = held.body["tries"] if held else []
            # A clock that was set back must not keep anybody out for longer than an hour.
            tries = [at for at in before if now - HOUR < at <= now]
            allowed = len(tries) < MOST_TRIES
            return Effect({"tries": [*tries, now] if allowed else tries}, result=allowed)

        applied = await self._store.apply(f"staff-tries:{member.address}", None, decide)
        return bool(applied.result)

    async def _note(self, what: str, member: Member, clinic: str = "", intake: str = "") -> None:
        await self._clinics.note(Entry(what, self._who(member), clinic, intake))

    def _who(self, member: Member) -> str:
        return self._store.key_for(member.address)

    async def _say(self, group: Group, event_id: str, line: Markup) -> Outcome:
        await self._send(group.address, event_id, [_line(line)])
        return Outcome(wake=(group.address,))

    async def _end(self, group: str, event_id: str | None, said: Markup) -> None:
        """Say in a group that its link has ended."""
        await self._store.apply(group, event_id, top_line.when_ended(said, _line(said)))

    async def _send(self, address: str, event_id: str | None, screens: list[Screen]) -> None:
        """Queue screens in the transaction that notes the event as done, once."""
        sends: tuple[Json, ...] = tuple(
            Showing(screen, in_place=False).to_json() for screen in screens
        )

        def decide(_: Held | None, repeated: bool) -> Effect:
            return Effect(None, () if repeated else sends, changed=False)

        await self._store.apply(address, event_id, decide)


def _line(text: Markup) -> Screen:
    return Screen(name="staff_line", text=text, lasting=True)
