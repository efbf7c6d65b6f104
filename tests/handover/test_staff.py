"""A clinic's staff in their group on Telegram: the real channel over real sockets."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.clinic_contract import State
from tests.handover.making import SECRET_WORDS, sent, withdraws
from tests.handover.staff import HOUR, KNOWLEDGE, Clinics, answer, nurse, shown, soon, times_named
from tests.telegram_stand_in import StandIn

BUTTONS = ["Open", "Mark as handled"]


# Linking.


async def test_a_code_links_a_group_once(clinics: Clinics, telegram: StandIn) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe")
    group = telegram.group("Staff", maria)
    await group.adds_bot()
    member = group.member(maria)
    await member.sees("/link@plumbline_test_bot CODE")
    code = await clinics.code(clinics.riverside)
    await member.sends("/link")
    await member.sees("Send the code with the command")
    await member.sends(f"/link@plumbline_test_bot {code.lower().replace('-', ' ')}")
    await member.sees("now gets the intakes of Riverside Physiotherapy")

    await member.sends(f"/link {code}")
    again = await member.sees("This group")
    assert "now gets the intakes of Riverside" in again.text  # true, and said within ten minutes

    other = telegram.group("Others", joe)
    await other.adds_bot()
    await other.member(joe).sends(f"/link {code}")
    await other.member(joe).sees("That code cannot be used")
    assert len(await clinics.deeds("staff linked")) == 1


async def test_a_code_is_good_for_a_day(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = telegram.group("Staff", maria)
    await group.adds_bot()
    code = await clinics.code(clinics.riverside)
    clinics.later = 24 * HOUR + 1
    await group.member(maria).sends(f"/link {code}")
    await group.member(maria).sees("That code cannot be used")


async def test_codes_cannot_be_guessed_at_will(clinics: Clinics, telegram: StandIn) -> None:
    eve = nurse(telegram, "Eve")
    group = telegram.group("Guessing", eve)
    await group.adds_bot()
    for number in range(5):
        await group.member(eve).sends(f"/link 3467-9ACD-EFG{number}")
        await group.member(eve).sees("That code cannot be used")
    # Not even with the right one, nor from another group.
    code = await clinics.code(clinics.riverside)
    await group.member(eve).sends(f"/link {code}")
    await group.member(eve).sees("too many tries")
    second = telegram.group("Guessing on", eve)
    await second.adds_bot()
    await second.member(eve).sends(f"/link {code}")
    await second.member(eve).sees("too many tries")
    assert await clinics.deeds("staff linked") == []

    maria = nurse(telegram)
    await clinics.group(clinics.riverside, maria)


async def test_a_group_that_anybody_can_join_is_not_linked(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = telegram.group("Staff", maria)
    group.chat.username = "riverside_staff"
    await group.adds_bot()
    await group.member(maria).sends(f"/link {await clinics.code(clinics.riverside)}")
    await group.member(maria).sees("This group is public")
    assert await clinics.deeds("staff linked") == []


async def test_a_group_that_is_made_public_later_loses_its_link(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    first = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(first.reference)
    await clinics.until(first, State.DELIVERED)
    group.chat.username = "riverside_staff"
    second = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    await clinics.until(second, State.FAILED)
    await soon(lambda: second.reference not in group.chat.render())
    assert await clinics.staff_of(clinics.riverside) is None
    post = next(message for message in shown(group) if first.reference in message.text)
    toast = await answer(group.member(maria), "Open", post)
    assert toast.text.startswith("This does not belong")


async def test_opening_in_a_group_that_was_made_public_is_refused(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    await maria.sends("hello")
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    group.chat.username = "riverside_staff"
    await group.member(maria).taps("Open", message=post)
    await group.member(maria).sees("This group is public")
    assert SECRET_WORDS not in maria.chat.render()
    assert await clinics.deeds("opened") == []


async def test_a_group_that_is_not_linked_is_told_to_write_alone(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = telegram.group("Staff", maria)
    await group.adds_bot()
    await group.member(maria).sends("/start@plumbline_test_bot")
    await group.member(maria).sees("Please write to me privately")
    await group.member(maria).sends("/unlink")
    await group.member(maria).sees("not linked to a clinic")


async def test_unlinking_ends_it_at_once(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    first = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(first.reference)
    await group.member(maria).sends("/unlink")
    await group.member(maria).sees("no longer gets the intakes")
    toast = await answer(group.member(maria), "Open", post)
    assert toast.text == "This does not belong to this group."
    before = len(shown(group))
    second = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    await asyncio.sleep(0.3)
    assert len(shown(group)) == before
    assert await clinics.state(second) is None


@pytest.mark.parametrize("kicked", [True, False])
async def test_when_the_bot_leaves_a_group_the_link_ends(
    clinics: Clinics, telegram: StandIn, kicked: bool
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    await group.removes_bot()
    await telegram.drained()
    assert await clinics.staff_of(clinics.riverside) is None
    assert len(await clinics.deeds("staff unlinked")) == 1


async def test_what_came_meanwhile_is_posted_when_a_group_is_linked_again(
    clinics: Clinics, telegram: StandIn
) -> None:
    waiting = await sent(clinics.store, clinics.riverside)
    other = await sent(clinics.store, clinics.hilltop, patient="telegram:1:1002")
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    await group.member(maria).sees(waiting.reference, anywhere=True)
    await asyncio.sleep(0.2)
    assert other.reference not in group.chat.render()


async def test_a_new_group_takes_the_place_of_the_old_one_which_is_told(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe")
    old = await clinics.group(clinics.riverside, maria)
    open_ = await sent(clinics.store, clinics.riverside)
    done = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    post = await old.member(maria).sees(open_.reference, anywhere=True)
    handled = await old.member(maria).sees(done.reference, anywhere=True)
    await old.member(maria).taps("Mark as handled", message=handled)
    await old.member(maria).sees("Handled by")
    await clinics.until(done, State.DELIVERED)
    new = await clinics.group(clinics.riverside, joe)
    await old.member(maria).sees("no longer gets the intakes")
    await new.member(joe).sees(open_.reference, anywhere=True)
    assert done.reference not in new.chat.render()
    toast = await answer(old.member(maria), "Open", post)
    assert toast.text.startswith("This does not belong")


# What is posted.


async def test_a_post_says_how_soon_first_and_no_more_than_is_needed(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="same_day")
    post = await group.member(maria).sees(made.reference)
    assert post.text.splitlines()[0] == f"SAME DAY · {made.reference}"
    assert "Age: 35 to 44" in post.text
    assert "Possible link: A nerve from the lower back" in post.text
    assert post.text.count("•") == 3
    assert post.labels == BUTTONS
    for private in (SECRET_WORDS, "Ana", "Belén", "+44", "Goal"):
        assert private not in post.text


async def test_an_emergency_says_so_in_a_word(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="emergency")
    post = await group.member(maria).sees(made.reference)
    assert post.text.startswith("EMERGENCY")
    assert "told to get emergency help now" in post.text


async def test_a_clinic_reads_in_its_own_language(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    spanish, group = await clinics.spanish(maria)
    made = await sent(clinics.store, spanish, urgency="same_day")
    post = await group.member(maria).sees(made.reference)
    es = KNOWLEDGE.contents["es"]
    assert post.text.startswith(f"HOY MISMO · {made.reference}")
    assert f"Edad: {es.question('age').options['35_44'].label}" in post.text
    assert post.labels == ["Abrir", "Marcar como atendido"]


# Opening and handling.


async def test_a_member_opens_the_whole_intake_privately(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    await maria.sends("hello")
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(made.reference)
    await maria.sends("hello again")
    await maria.sees("hello again")
    tap = await group.member(maria).taps("Open")
    summary = await maria.sees(made.reference)
    assert (await group.member(maria).gets_an_answer(tap)).text.startswith("Sent to you alone")
    for told in (SECRET_WORDS, "Name: Ana <b>Belén</b>", "+447700900123", "wording 1"):
        assert told in summary.text
    assert SECRET_WORDS not in group.chat.render()
    assert await clinics.deeds("opened") == [(str(clinics.riverside.id), str(made.id))]


async def test_who_never_wrote_to_the_bot_is_led_to_it(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(made.reference)
    toast = await answer(group.member(maria), "Open")
    assert toast.url is not None
    payload = toast.url.partition("?start=")[2]
    assert await clinics.deeds("opened") == []
    await maria.sends(f"/start {payload}")
    await maria.sees(SECRET_WORDS)
    assert len(await clinics.deeds("opened")) == 1

    # The same link is of no use to anybody else.
    eve = nurse(telegram, "Eve")
    await eve.sends(f"/start {payload}")
    line = await eve.sees("does not belong")
    assert SECRET_WORDS not in eve.chat.render()
    assert line.text == "This does not belong to this group."
    assert await clinics.deeds("refused") == [(str(clinics.riverside.id), str(made.id))]


async def test_marking_as_handled_says_who_and_when_and_a_second_press_changes_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe & <b>Co</b>")
    group = await clinics.group(clinics.riverside, maria, joe)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(joe).sees(made.reference)
    taps = [
        await group.member(joe).taps("Mark as handled", message=post),
        await group.member(maria).taps("Mark as handled", message=post),
        await group.member(joe).taps("Mark as handled", message=post),
    ]
    toasts = [
        (await group.member(who).gets_an_answer(tap)).text
        for who, tap in zip((joe, maria, joe), taps, strict=True)
    ]
    assert toasts[0] == "Marked as handled."
    assert all(toast.startswith("Joe & <b>Co</b> marked this") for toast in toasts[1:])
    edited = await group.member(joe).sees("Handled by Joe & <b>Co</b>, 20")
    assert edited is post
    assert post.labels == ["Open"]
    assert await clinics.deeds("handled") == [(str(clinics.riverside.id), str(made.id))]


async def test_who_is_no_longer_a_member_can_do_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, joe = nurse(telegram), nurse(telegram, "Joe")
    await joe.sends("hello")
    group = await clinics.group(clinics.riverside, maria, joe)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(made.reference)
    as_before = group.member(joe)
    await group.loses(joe, kicked=True)
    for label in BUTTONS:
        assert (await answer(as_before, label, post)).text.startswith("Only a member")
    assert SECRET_WORDS not in joe.chat.render()
    found = await clinics.store.clinics.intake(str(made.id))
    assert found is not None
    assert found.handling is None
    assert len(await clinics.deeds("refused")) == 2


async def test_a_clinic_sees_only_its_own_whatever_it_presses(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria, eve = nurse(telegram), nurse(telegram, "Eve")
    await eve.sends("hello")
    riverside = await clinics.group(clinics.riverside, maria)
    hilltop = await clinics.group(clinics.hilltop, eve)
    theirs = await sent(clinics.store, clinics.riverside, urgency="same_day")
    own = await sent(clinics.store, clinics.hilltop, patient="telegram:1:1002")
    await riverside.member(maria).sees(theirs.reference)
    post = await hilltop.member(eve).sees(own.reference)
    assert theirs.reference not in hilltop.chat.render()
    assert own.reference not in riverside.chat.render()

    forged = [
        f"staff:open:{theirs.id}",
        f"staff:handled:{theirs.id}",
        f"staff:open:{str(theirs.id).upper()}",
        f"staff:open:{theirs.reference}",
        f"staff:delete:{own.id}",
        "staff:open:",
        "staff:open:00000000-0000-0000-0000-000000000000",
        "1:agree",
        "nonsense",
    ]
    for data in forged:
        toast = await answer(hilltop.member(eve), message=post, data=data)
        assert toast.text == "This does not belong to this group.", data
    await eve.sends(f"/start open_{theirs.reference}")
    await eve.sees("does not belong")
    assert SECRET_WORDS not in eve.chat.render()
    assert await clinics.deeds("opened") == []
    assert await clinics.deeds("handled") == []
    refused = await clinics.deeds("refused")
    assert len(refused) == len(forged) + 1
    assert refused.count((str(clinics.hilltop.id), str(theirs.id))) == 2


async def test_a_group_goes_on_when_telegram_gives_it_another_id(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    small = await clinics.group(clinics.riverside, maria)
    large = await small.becomes_supergroup()
    await telegram.drained()
    made = await sent(clinics.store, clinics.riverside)
    await large.member(maria).sees(made.reference)
    assert made.reference not in small.chat.render()


async def test_a_group_that_moved_unnoticed_is_followed(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    small = await clinics.group(clinics.riverside, maria)
    world = telegram.world
    large = world.new_supergroup(small.chat)
    made = await sent(clinics.store, clinics.riverside)
    await soon(lambda: any(made.reference in message.text for message in large.messages))


async def test_when_a_patient_takes_it_back_the_post_says_so_and_holds_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    await maria.sends("hello")
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="same_day")
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    await clinics.store.apply("telegram:1:1001", None, withdraws(made.id))
    await group.member(maria).sees("TAKEN BACK")
    await soon(lambda: "TAKEN BACK" in post.text)
    await soon(lambda: len([m for m in shown(group) if "TAKEN BACK" in m.text]) == 2)
    assert post.labels == []
    assert "Age" not in group.chat.render().partition(made.reference)[2]
    toast = await answer(group.member(maria), "Open", post)
    assert toast.text == "This is no longer kept here."


async def test_what_telegram_could_not_take_is_posted_later_and_once(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    fault = telegram.faults.add(method="sendMessage", status=500, times=None)
    made = await sent(clinics.store, clinics.riverside)
    await soon(lambda: bool(fault.struck))
    fault.remove()
    clinics.later += 20
    await clinics.until(made, State.DELIVERED)
    assert times_named(group, made) == 1


@pytest.mark.parametrize("urgency", ["emergency", "same_day"])
async def test_an_urgent_intake_is_repeated_until_somebody_has_it(
    clinics: Clinics, telegram: StandIn, urgency: str
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency=urgency)
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    await asyncio.sleep(0.2)
    assert "Not handled" not in group.chat.render()

    clinics.later += 15 * 60 + 1
    first = await group.member(maria).sees("Not handled for 15 minutes")
    assert first.labels == BUTTONS
    assert first.text.startswith(post.text.splitlines()[0])
    await clinics.until(made, State.DELIVERED)
    await asyncio.sleep(0.2)
    clinics.later += 15 * 60 + 1
    second = await group.member(maria).sees("Not handled for 30 minutes")
    await soon(lambda: first.deleted)
    await clinics.until(made, State.DELIVERED)

    await group.member(maria).taps("Mark as handled", message=second)
    await group.member(maria).sees("Handled by Maria")
    await soon(lambda: second.deleted)
    await clinics.until(made, State.DELIVERED)
    clinics.later += 2 * HOUR
    await asyncio.sleep(0.3)
    assert times_named(group, made) == 1


async def test_what_can_wait_is_not_repeated(clinics: Clinics, telegram: StandIn) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside, urgency="two_weeks")
    await clinics.until(made, State.DELIVERED)
    clinics.later += 24 * HOUR
    await asyncio.sleep(0.3)
    assert times_named(group, made) == 1


async def test_what_is_not_kept_here_is_not_shown_there(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    made = await sent(clinics.store, clinics.riverside)
    post = await group.member(maria).sees(made.reference)
    await clinics.until(made, State.DELIVERED)
    clinics.later += 88 * 24 * HOUR
    await asyncio.sleep(0.3)
    assert "Age" in post.text
    clinics.later += 24 * HOUR
    await soon(lambda: post.text.startswith("DELETED"))
    assert "Age" not in post.text
    assert post.labels == []


async def test_a_restart_posts_nothing_twice_and_loses_nothing(
    clinics: Clinics, telegram: StandIn
) -> None:
    maria = nurse(telegram)
    group = await clinics.group(clinics.riverside, maria)
    first = await sent(clinics.store, clinics.riverside)
    await group.member(maria).sees(first.reference)
    await clinics.until(first, State.DELIVERED)
    await clinics.end()
    second = await sent(clinics.store, clinics.riverside, patient="telegram:1:1002")
    clinics.start()
    await group.member(maria).sees(second.reference)
    await asyncio.sleep(0.2)
    for one in (first, second):
        assert times_named(group, one) == 1
