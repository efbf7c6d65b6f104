"""What leaves the outbox, when, and what happens when Telegram does not want it."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot.events import Blocked
from bot.screens import Choice, Screen
from bot.store.contract import StoreError
from bot.store.sqlite import SqliteStore
from bot.telegram import sender
from tests.telegram.conftest import Channel
from tests.telegram.interview import Interview, address_of
from tests.telegram_stand_in import StandIn


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "RETRY_FIRST", 0.05)
    monkeypatch.setattr(sender, "RETRY_LONGEST", 0.4)


async def test_not_modified_is_success(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    await channel.quiet()
    tap = await ana.taps("Same")
    await ana.gets_an_answer(tap)
    await channel.quiet()
    assert telegram.calls.counts["editMessageText"] == 1
    assert telegram.calls.counts["sendMessage"] == 1


async def test_an_edit_of_a_message_that_is_gone_becomes_a_new_one(
    channel: Channel, telegram: StandIn
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    message = await ana.sees("1: one")
    await channel.quiet()
    await ana.deletes(message)
    await ana.taps(data="1:more", message=message)
    shown = await ana.sees("2: tap more")
    assert shown is not message
    await ana.taps("More")
    assert await ana.sees("3: tap more") is shown


async def test_a_flooded_chat_waits_as_long_as_telegram_asks_and_others_do_not(
    channel: Channel, telegram: StandIn
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    telegram.faults.add(method="sendMessage", chat=ana.chat, status=429, retry_after=1)
    await ana.sends("one")
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 1)
    await ana.sends("two")
    await ben.sends("hello")
    await ben.sees("1: hello", timeout=0.8)
    await ana.sees("2: two")
    times = [call.at for call in telegram.calls_of("sendMessage") if call["chat_id"] == ana.chat.id]
    assert times[1] - times[0] >= 1.0


async def test_when_a_second_chat_is_flooded_the_whole_bot_waits(
    channel: Channel, telegram: StandIn
) -> None:
    ana, ben, cem = (telegram.patient(name) for name in ("Ana", "Ben", "Cem"))
    telegram.faults.add(method="sendMessage", chat=ana.chat, status=429, retry_after=1)
    telegram.faults.add(method="sendMessage", chat=ben.chat, status=429, retry_after=2)
    await ana.sends("one")
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 1)
    await ben.sends("one")
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 2)
    await cem.sends("one")
    await cem.sees("1: one")
    await ana.sees("1: one", anywhere=True)
    await ben.sees("1: one", anywhere=True)
    times = [call.at for call in telegram.calls_of("sendMessage")]
    assert times[2] - times[1] >= 2.0


async def test_a_chat_that_is_gone_ends_cleanly(
    channel: Channel, telegram: StandIn, interview: Interview, store: SqliteStore
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    interview.gate.clear()
    await ana.sends("one")
    await ana.sends("two")
    await ana.leaves_telegram()
    interview.gate.set()
    await channel.quiet()
    # Telegram hears nothing of it any more, so that nothing it is asked for tells of it.
    for _ in range(2_000):
        if Blocked() in [event.happening for event in interview.events]:
            break
        await asyncio.sleep(0.01)
    else:
        pytest.fail("the block was not noted")
    assert await store.pending(address_of(ana)) == []
    await ben.sends("hello")
    await ben.sees("1: hello")
    refused = [call for call in telegram.calls_of("sendMessage") if call.error]
    assert len(refused) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502},
        {"close": True},
        {"malformed": True},
        {"close": True, "applied": True},
    ],
)
async def test_a_send_that_fails_is_repeated(
    channel: Channel, telegram: StandIn, fault: dict[str, int]
) -> None:
    ana = telegram.patient()
    struck = telegram.faults.add(method="sendMessage", times=3, **fault)  # type: ignore[arg-type]
    await ana.sends("one")
    await ana.sees("1: one")
    await telegram.until(lambda: struck.struck == 3)
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 4)
    await channel.quiet()
    times = [call.at for call in telegram.calls_of("sendMessage")]
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps[2] > gaps[0]
    tap = await ana.taps("More", message=list(ana.chat.messages)[-1])
    await ana.gets_an_answer(tap)
    await ana.sees("2: tap more")


async def test_an_answer_that_is_lost_may_show_a_screen_twice_but_never_not(
    channel: Channel, telegram: StandIn
) -> None:
    ana = telegram.patient()
    telegram.faults.add(method="sendMessage", close=True, applied=True)
    await ana.sends("one")
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 2)
    await channel.quiet()
    assert [message.text for message in ana.chat.messages if message.from_bot] == ["1: one"] * 2


async def test_a_screen_that_telegram_refuses_is_dropped_and_the_next_one_sent(
    channel: Channel, telegram: StandIn, store: SqliteStore
) -> None:
    ana = telegram.patient()
    telegram.faults.add(method="sendMessage", status=400, description="Bad Request: WHATEVER")
    await ana.sends("one")
    await channel.quiet()
    await ana.sends("two")
    await ana.sees("2: two")
    assert telegram.calls.counts["sendMessage"] == 2


async def test_a_slip_in_the_markup_does_not_keep_a_screen_from_the_patient(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    interview.extra["slip"] = lambda _: Screen("slip", "<b>Call 112</b> now <u &amp; go")
    ana = telegram.patient()
    await ana.sends("slip")
    await ana.sees("Call 112 now <u & go")
    telegram.calls.breaches.clear()


async def test_what_a_stop_leaves_in_the_outbox_is_sent_after_the_next_start(
    stopped: Channel, telegram: StandIn, store: SqliteStore
) -> None:
    telegram.faults.add(method="sendMessage", status=500, times=None)
    stopped.start()
    ana = telegram.patient()
    await ana.sends("one")
    await telegram.drained()
    await stopped.end()
    assert len(await store.pending(address_of(ana))) == 1
    telegram.faults.clear()
    stopped.start()
    await ana.sees("1: one")


async def test_a_stop_waits_for_a_call_under_way_but_not_for_ever(
    stopped: Channel, telegram: StandIn, store: SqliteStore
) -> None:
    telegram.faults.add(method="sendMessage", delay=0.3)
    stopped.start()
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    await ana.sends("one")
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 1)
    await stopped.end()
    assert await store.pending(address_of(ana)) == []
    telegram.faults.add(method="sendMessage", hang=True)
    stopped.start(grace=0.2)
    await ben.sends("one")
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 2)
    async with asyncio.timeout(3):
        await stopped.end()
    assert len(await store.pending(address_of(ben))) == 1


async def test_a_slow_send_to_one_chat_holds_up_no_other(
    channel: Channel, telegram: StandIn
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    fault = telegram.faults.add(method="sendMessage", chat=ana.chat, hang=True, times=None)
    await ana.sends("one")
    await telegram.until(lambda: fault.struck == 1)
    for n in range(10):
        await ben.sends(f"b{n}")
        await ben.sees(f"b{n}", timeout=1)
    await ana.sends("two")
    await telegram.drained()


async def test_an_outbox_that_cannot_be_written_does_not_send_twice(
    channel: Channel, telegram: StandIn, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, failures = store.sent, 3

    async def failing(*args: object) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise StoreError("full")
        await sent(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "sent", failing)
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    await channel.quiet()
    assert failures == 0
    assert telegram.calls.counts["sendMessage"] == 1


async def test_a_patient_who_floods_is_answered_with_where_things_stand(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    for n in range(500):
        await ana.sends(f"{n}")
    await ben.sends("hello")
    await ben.sees("1: hello", timeout=10)
    await ana.sees("500: 499", timeout=20)
    await channel.quiet()
    assert len(await interview.said(address_of(ana))) == 500
    assert telegram.calls.counts["sendMessage"] < 250
    assert [len(m.rows) > 0 for m in ana.chat.messages if m.from_bot].count(True) == 1


async def test_a_screen_that_takes_the_place_of_one_below_goes_below_too(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    first = await ana.sees("1: one")
    await channel.quiet()
    telegram.faults.add(method="sendMessage", status=429, retry_after=1)
    typed = await ana.sends("two")
    await telegram.until(lambda: telegram.calls.counts["sendMessage"] == 2)
    await ana.taps(data="2:more", message=first)
    shown = await ana.sees("3: tap more")
    assert shown.id > typed.id
    await telegram.until(lambda: not first.rows)
    assert telegram.calls.counts["sendMessage"] == 3, "the second screen is skipped"


async def test_screens_that_say_something_of_their_own_are_never_skipped(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    interview.extra["result"] = lambda serial: Screen(
        "result", "Call 112.", choices=(Choice("ok", f"{serial}:ok"),), lasting=True
    )
    ana = telegram.patient()
    interview.gate.clear()
    await ana.sends("one")
    await ana.sends("result")
    await ana.sends_sticker()
    await ana.sends("two")
    fault = telegram.faults.add(method="sendMessage", status=500, times=1)
    interview.gate.set()
    await ana.sees("3: two")
    await channel.quiet()
    assert fault.spent
    texts = [message.text for message in ana.chat.messages if message.from_bot]
    assert "Call 112." in texts
    assert "I cannot look at a sticker. " in [text + " " for text in texts] or any(
        text.startswith("I cannot look at a sticker.") for text in texts
    )
    assert texts[-1] == "3: two"
