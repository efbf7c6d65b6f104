"""A staff group always sees whether the protocol that runs is signed off, whatever happens to it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date

import pytest

from bot.clinic.clinics import Clinic
from bot.events import Blocked
from bot.signoff.record import Revocation, SignOff, text_of
from bot.signoff.standing import running_of
from tests.handover.making import sent
from tests.handover.staff import HOUR, KNOWLEDGE, Clinics, answer, nurse, shown, soon
from tests.telegram_stand_in import Group, Patient, StandIn

UNSIGNED = r"⚠ The protocol that runs here \(.{14}\) is NOT signed off by a clinician\."
SIGNED = r"The protocol that runs here \(.{14}\) was signed off by Dr Ana Ruiz, Medical director"
SHORT = "⚠ No clinician has signed off the protocol that runs here."
EDITED = replace(KNOWLEDGE, flow=KNOWLEDGE.flow.model_copy(update={"version": 2}))


async def signs(clinics: Clinics, of: Clinic | None = None) -> int:
    """A sign-off of the protocol that runs is entered, as the command does it."""
    running = running_of(KNOWLEDGE)
    signed = SignOff(
        date=date(2026, 11, 25),
        name="Dr Ana Ruiz",
        role="Medical director",
        clinic=str(of.id) if of else None,
        protocol=running.protocol,
        words=running.words,
    )
    return await clinics.store.sign_offs.add(text_of(signed))


async def revokes(clinics: Clinics, number: int) -> None:
    entry = Revocation(date=date(2026, 11, 25), number=number, reason="a mistake was found")
    await clinics.store.sign_offs.add(text_of(entry))


async def pinning(clinics: Clinics, of: Clinic, maria: Patient | None = None) -> Group:
    """A linked group where the bot may pin."""
    maria = maria or nurse(clinics.telegram)
    group = clinics.telegram.group("Staff", maria)
    await group.adds_bot()
    await group.promotes_bot(may_pin=True)
    await group.member(maria).sends(f"/link {await clinics.code(of)}")
    await group.member(maria).sees("now gets the intakes")
    await soon(lambda: group.chat.pinned is not None)
    return group


def top(group: Group) -> str:
    """What stands at the top of a group: one message, and no other beside it."""
    (message,) = group.chat.pins
    return message.text


def told(group: Group) -> list[str]:
    """All that was said of the sign-off in a group, as it reads now."""
    return [
        message.text
        for message in shown(group)
        if message.text.startswith(("⚠ The protocol that", "The protocol that"))
    ]


def written(telegram: StandIn) -> int:
    """How often the bot has tried to say something."""
    return sum(telegram.calls.counts[method] for method in ("sendMessage", "editMessageText"))


async def until_top(group: Group, line: str) -> None:
    await soon(lambda: re.match(line, top(group)) is not None)


# When it is linked.


async def test_a_group_is_told_first_whether_the_protocol_is_signed_off(
    clinics: Clinics, telegram: StandIn
) -> None:
    group = await clinics.group(clinics.riverside, nurse(telegram))
    line, linked = shown(group)[-2:]
    assert re.fullmatch(UNSIGNED, line.text)
    assert line.marked("bold") == [line.text]
    assert linked.text.startswith("This group now gets the intakes of Riverside")
    assert group.chat.pins == []  # nobody gave the bot the right to

    await signs(clinics, clinics.hilltop)
    group = await clinics.group(clinics.hilltop, nurse(telegram, "Joe"))
    assert re.match(SIGNED, shown(group)[-2].text)
    # What is for one clinic is for that one alone.
    group = await clinics.group(clinics.riverside, nurse(telegram, "Eve"))
    assert re.fullmatch(UNSIGNED, shown(group)[-2].text)


async def test_the_line_is_pinned_where_the_bot_may(clinics: Clinics, telegram: StandIn) -> None:
    group = await pinning(clinics, clinics.riverside)
    assert re.fullmatch(UNSIGNED, top(group))
    assert [
        call["disable_notification"] for call in telegram.calls if call.method == "pinChatMessage"
    ] == [True]


# When it changes.


async def test_a_sign_off_and_its_revocation_are_told_at_once_and_change_what_is_pinned(
    clinics: Clinics,
) -> None:
    riverside = await pinning(clinics, clinics.riverside)
    hilltop = await pinning(clinics, clinics.hilltop)
    pinned = riverside.chat.pinned

    number = await signs(clinics, clinics.riverside)
    await until_top(riverside, SIGNED)
    await soon(lambda: len(told(riverside)) == 2)
    assert riverside.chat.pinned is pinned
    assert all(re.match(SIGNED, line) for line in told(riverside))

    await revokes(clinics, number)
    await until_top(riverside, UNSIGNED)
    await soon(lambda: len(told(riverside)) == 3)
    assert re.fullmatch(UNSIGNED, told(riverside)[-1])  # said below too: an edit tells nobody

    # In the other group nothing has changed, and nothing is said.
    await asyncio.sleep(0.3)
    assert [bool(re.fullmatch(UNSIGNED, line)) for line in told(hilltop)] == [True]
    assert len(told(riverside)) == 3


async def test_a_protocol_that_changed_while_the_bot_was_down_is_told_at_its_start(
    clinics: Clinics,
) -> None:
    await signs(clinics)
    group = await pinning(clinics, clinics.riverside)
    assert re.match(SIGNED, top(group))
    await clinics.end()

    clinics.start(EDITED)
    await until_top(group, UNSIGNED)
    await clinics.end()

    clinics.start()
    await until_top(group, SIGNED)


async def test_a_start_with_nothing_new_says_nothing(clinics: Clinics) -> None:
    group = await pinning(clinics, clinics.riverside)
    for _ in range(2):
        await clinics.end()
        clinics.later += 200 * 24 * HOUR  # longer than anything of a patient is kept
        before = clinics.now() - 90 * 24 * HOUR
        await clinics.store.purge(records_before=before, events_before=before)
        clinics.start()
        await asyncio.sleep(0.5)
    assert len(told(group)) == 1


async def test_what_changes_while_telegram_is_away_is_told_when_it_is_back(
    clinics: Clinics, telegram: StandIn
) -> None:
    group = await pinning(clinics, clinics.riverside)
    fault = telegram.faults.add(method="editMessageText", status=500, times=None)
    await signs(clinics)
    await soon(lambda: bool(fault.struck))
    await clinics.end()
    fault.remove()
    clinics.start()
    await until_top(group, SIGNED)
    await soon(lambda: len(told(group)) == 2)


async def test_where_the_bot_may_not_pin_it_says_so_all_the_same(
    clinics: Clinics, telegram: StandIn
) -> None:
    group = await clinics.group(clinics.riverside, nurse(telegram))
    await signs(clinics)
    await soon(lambda: len(told(group)) == 2)
    assert all(re.match(SIGNED, line) for line in told(group))


async def test_where_the_bot_may_no_longer_write_what_is_pinned_is_true_all_the_same(
    clinics: Clinics, telegram: StandIn
) -> None:
    number = await signs(clinics)
    group = await pinning(clinics, clinics.riverside)
    refused = "not enough rights to send text messages to the chat"
    fault = telegram.faults.add(method="sendMessage", status=400, description=refused, times=None)
    await revokes(clinics, number)
    await until_top(group, UNSIGNED)
    await soon(lambda: bool(fault.struck))
    await asyncio.sleep(0.2)
    # A group is no patient, who could have blocked the bot.
    assert not any(isinstance(event.happening, Blocked) for event in clinics.interview.events)


async def test_a_line_that_somebody_deleted_is_pinned_anew(clinics: Clinics) -> None:
    group = await pinning(clinics, clinics.riverside)
    former = group.chat.pins.pop()
    former.deleted = True
    await signs(clinics)
    await soon(lambda: len(group.chat.pins) == 1)
    assert re.match(SIGNED, top(group))
    assert len(told(group)) == 1


async def test_a_record_that_was_altered_is_told(clinics: Clinics) -> None:
    await signs(clinics)
    group = await pinning(clinics, clinics.riverside)
    await clinics.store.sign_offs.add("nonsense")
    await until_top(group, "⚠ The record of sign-offs was ALTERED")


async def test_a_clinic_is_told_in_its_own_language(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    spanish, group = await clinics.spanish(maria)
    made = await sent(clinics.store, spanish)
    post = await group.member(maria).sees(made.reference)
    assert "⚠ Ningún profesional clínico ha aprobado el protocolo que se usa aquí." in post.text
    await signs(clinics)
    await group.member(maria).sees("fue aprobado por Dr Ana Ruiz", anywhere=True)


# When the link ends.


@pytest.mark.parametrize("how", ["unlinked", "removed", "linked elsewhere"])
async def test_nothing_is_left_at_the_top_of_a_group_that_is_no_longer_linked(
    clinics: Clinics, telegram: StandIn, how: str
) -> None:
    maria = nurse(telegram)
    group = await pinning(clinics, clinics.riverside, maria)
    await asyncio.sleep(0.2)
    if how == "unlinked":
        await group.member(maria).sends("/unlink")
    elif how == "removed":
        await clinics.store.clinics.remove_clinic(str(clinics.riverside.id))
    else:
        await clinics.group(clinics.riverside, nurse(telegram, "Joe"))
    await until_top(group, "This group no longer gets the intakes of Riverside")

    def said() -> int:
        return sum("no longer gets" in message.text for message in shown(group))

    await soon(lambda: said() == 2)  # at the top first, then below
    await signs(clinics)
    await asyncio.sleep(0.3)
    assert said() == 2
    assert top(group).startswith("This group no longer gets")


async def test_a_group_without_the_bot_is_told_nothing_and_all_of_it_when_the_bot_is_back(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await pinning(clinics, clinics.riverside, maria)
    await asyncio.sleep(0.2)
    tried = written(telegram)
    await group.removes_bot()
    await telegram.drained()
    await signs(clinics)
    await asyncio.sleep(0.3)
    assert written(telegram) == tried

    await group.adds_bot()
    await group.member(maria).sends(f"/link {await clinics.code(clinics.riverside)}")
    await group.member(maria).sees("now gets the intakes")
    await until_top(group, SIGNED)


async def test_a_group_that_becomes_another_clinics_is_told_for_that_one(clinics: Clinics) -> None:
    group = await pinning(clinics, clinics.riverside)
    await signs(clinics, clinics.hilltop)
    code = await clinics.code(clinics.hilltop)
    stored = await clinics.store.clinics.link_staff(
        code, str(await clinics.staff_of(clinics.riverside)), "nurse"
    )
    assert stored is not None
    await until_top(group, SIGNED)


# With each intake.


async def test_each_intake_says_that_nobody_has_signed_and_no_more_once_somebody_has(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    await maria.sends("hello")
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(made.reference)
    assert post.text.splitlines()[0] == f"ROUTINE · {made.reference}"
    assert SHORT in post.text
    await maria.sends("hello again")
    await maria.sees("hello again")
    await answer(group.member(maria), "Open", post)
    opened = await maria.sees("sent to Riverside")
    assert opened.text.splitlines()[:2] == [f"ROUTINE · {made.reference}", SHORT]

    await signs(clinics)
    await soon(lambda: len(told(group)) == 2)
    await group.member(maria).taps("Mark as handled", message=post)
    await group.member(maria).sees("Handled by Maria")
    assert SHORT not in post.text
    other = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    assert SHORT not in (await group.member(maria).sees(other.reference)).text
    await answer(group.member(maria), "Open")
    assert SHORT not in (await maria.sees(other.reference)).text


async def test_the_first_line_of_an_emergency_stays_how_soon(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="emergency")
    post = await group.member(maria).sees(made.reference)
    assert post.text.splitlines()[0] == f"EMERGENCY · {made.reference}"
    assert post.text.index("told to get emergency help now") < post.text.index(SHORT)
