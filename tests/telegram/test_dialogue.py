"""A patient talks to the bot: every kind of message, every kind of screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.events import Blocked, Command, Edited, InGroup, Tap, Unblocked, Unreadable, Words
from tests.telegram.conftest import Channel, set_aside
from tests.telegram.interview import Interview, address_of, lasting, letter, scale
from tests.telegram_stand_in import StandIn


@pytest.fixture(autouse=True)
async def nothing_set_aside(channel: Channel, tmp_path: Path) -> AsyncIterator[None]:
    yield
    assert set_aside(tmp_path) == []


async def test_a_command_is_heard_with_its_argument(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient("Ana", language_code="pt-br")
    await ana.sends("/start  clinic-7 ")
    await ana.sees("1: /start clinic-7")
    event = interview.events[0]
    assert event.happening == Command("start", "clinic-7")
    assert event.patient == address_of(ana)
    assert event.language == "pt-br"
    assert event.id is not None
    assert event.id.startswith(f"telegram:{telegram.world.bot.id}:")


async def test_commands_in_every_spelling(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends("/HELP")
    await ana.sees("1: /help")
    await ana.sends("/help@Plumbline_Test_Bot me")
    await ana.sees("2: /help me")
    await ana.sends("/nonsense x")
    await ana.sees("3: /nonsense x")
    await ana.sends("/")
    await ana.sees("4: /")
    assert [type(event.happening) for event in interview.events] == [Command] * 3 + [Words]


async def test_a_tap_edits_the_same_message(channel: Channel, telegram: StandIn) -> None:
    ana = telegram.patient()
    await ana.sends("hello")
    first = await ana.sees("1: hello")
    tap = await ana.taps("1  More")
    shown = await ana.sees("2: tap more")
    assert shown is first
    assert (await ana.gets_an_answer(tap)).text == ""


async def test_typed_text_gets_a_message_below_and_the_old_one_loses_its_buttons(
    channel: Channel, telegram: StandIn
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    first = await ana.sees("1: one")
    await ana.sends("two")
    second = await ana.sees("2: two")
    assert second is not first
    await telegram.until(lambda: not first.rows)
    assert second.rows


async def test_a_double_tap_is_told_and_changes_nothing(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends("hello")
    message = await ana.sees("1: hello")
    await ana.taps(data="1:more", message=message)
    await ana.taps(data="1:more", message=message)
    await ana.sees_toast("That was an earlier question.")
    await telegram.drained()
    assert await interview.said(address_of(ana)) == ["hello", "tap more"]


async def test_a_tap_on_an_old_message_takes_its_buttons_and_shows_where_things_stand(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    old = await ana.sees("1: one")
    telegram.faults.add(method="editMessageReplyMarkup", status=500)
    await ana.sends("two")
    await ana.sees("2: two")
    assert old.rows, "the fault kept its buttons on"
    await channel.quiet()
    await ana.taps("1  More", message=old)
    await ana.sees_toast("That was an earlier question.")
    below = await ana.sees("2: two")
    assert below.id > old.id
    await telegram.until(lambda: not old.rows)
    tap = interview.events[-1].happening
    assert tap == Tap("1:more", on_live=False)


async def test_pictures_voices_and_the_like(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends_photo(caption="I cannot feel <my> leg")
    await ana.sees("I cannot look at a photo. I cannot feel <my> leg")
    await ana.sends_voice()
    await ana.sees("I cannot look at a voice.")
    await ana.sends_sticker()
    await ana.sees("I cannot look at a sticker.")
    await ana.sends_document("scan.pdf", b"%PDF", "application/pdf")
    await ana.sees("I cannot look at a document.")
    await ana.sends_anything(
        location={"latitude": 1.0, "longitude": 2.0},
        venue={
            "location": {"latitude": 1.0, "longitude": 2.0},
            "title": "Home",
            "address": "Street",
        },
    )
    await ana.sees("I cannot look at a venue.")
    await ana.sends_anything(
        video_note={"file_id": "f", "file_unique_id": "u", "length": 240, "duration": 7}
    )
    await ana.sees("I cannot look at a video_note.")
    assert interview.events[0].happening == Unreadable("photo", "I cannot feel <my> leg")


async def test_service_messages_are_passed_over(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends_anything(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    await channel.quiet()
    assert telegram.acknowledged
    assert interview.events == []


async def test_edited_messages_are_handed_on_as_such(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    message = await ana.sends("one")
    await ana.sees("1: one")
    await ana.edits_message(message, "/start again")
    await channel.quiet()
    assert "Something went wrong" not in ana.transcript()
    await ana.sends("two")
    await ana.sees("2: two")
    happened = [event.happening for event in interview.events]
    assert happened == [Words("one"), Edited("/start again"), Words("two")]


async def test_what_people_write_is_not_markup(channel: Channel, telegram: StandIn) -> None:
    ana = telegram.patient("<b>Ana</b> & Co")
    await ana.sends("<script>1 < 2 & 3</b>")
    await ana.sees("1: <script>1 < 2 & 3</b>")
    await ana.sends("\u200fשלום 👩‍🦽")
    await ana.sees("שלום 👩‍🦽")


async def test_in_a_group_it_answers_only_when_it_is_called(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient("Ana")
    group = telegram.group("Back pain", ana)
    await group.adds_bot()
    member = group.member(ana)
    await member.sends("/start")
    await member.sees("Please write to me privately: https://t.me/plumbline_test_bot")
    await member.sends("/nonsense")
    await telegram.drained()
    await member.sends("/nonsense@plumbline_test_bot")
    await member.sees("Please write to me privately: https://t.me/plumbline_test_bot")
    await group.removes_bot()
    await telegram.drained()
    assert [event.happening for event in interview.events] == [InGroup(), InGroup()]
    assert interview.events[0].patient == address_of(group)


async def test_blocked_and_let_in_again(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    await ana.blocks_bot()
    await telegram.drained()
    await ana.unblocks_bot()
    await telegram.drained()
    assert [event.happening for event in interview.events[1:]] == [Blocked(), Unblocked()]


async def test_a_lasting_screen_stays(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    interview.extra["the end"] = lasting
    ana = telegram.patient()
    await ana.sends("the end")
    result = await ana.sees("The result.")
    await ana.taps("Again")
    below = await ana.sees("2: tap again")
    assert below is not result
    assert result.text == "The result."
    await telegram.until(lambda: not result.rows)


async def test_a_file_is_sent(channel: Channel, telegram: StandIn, interview: Interview) -> None:
    interview.extra["mine"] = letter
    ana = telegram.patient()
    await ana.sends("mine")
    message = await ana.sees_document()
    assert message.document is not None
    assert (message.document.name, message.document.content) == ("mydata.json", b'{"a": 1}')
    assert message.text == "Your file."


async def test_a_scale_is_compact(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    interview.extra["bad"] = scale
    ana = telegram.patient()
    await ana.sends("bad")
    message = await ana.sees("How bad is it?")
    labels = [[button["text"] for button in row] for row in message.rows]
    assert labels == [list("012345"), ["6", "7", "8", "9", "10"], ["Back", "Skip"]]


async def test_commands_and_descriptions_are_set_once(channel: Channel, telegram: StandIn) -> None:
    await telegram.until(lambda: telegram.calls.counts["getMyShortDescription"] == 3)
    # For everybody and for Germans; for English speakers it is right already.
    await telegram.until(lambda: telegram.calls.counts["setMyShortDescription"] == 2)
    assert [call.get("language_code") for call in telegram.calls_of("setMyCommands")] == [
        None,
        "en",
        "de",
    ]
    await channel.end()
    telegram.calls.clear()
    channel.start()
    await telegram.until(lambda: telegram.calls.counts["getMyShortDescription"] == 3)
    await asyncio.sleep(0.1)
    assert not [call for call in telegram.calls if call.method.startswith("setMy")]
