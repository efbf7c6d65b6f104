"""Starting, losing Telegram, finding it again, and what gets into the log meanwhile."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

import pytest

from bot.telegram import StartError, TokenRefusedError, polling, setup
from tests.telegram.conftest import Channel
from tests.telegram.interview import Interview
from tests.telegram_stand_in import TOKEN, StandIn


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (polling, setup):
        monkeypatch.setattr(module, "RETRY_FIRST", 0.05)
        monkeypatch.setattr(module, "RETRY_LONGEST", 0.2)


async def test_a_wrong_token_is_told_in_one_line(stopped: Channel, telegram: StandIn) -> None:
    telegram.token = "987654321:another_token_that_is_not_the_one"
    stopped.token = TOKEN
    stopped.start()
    with pytest.raises(StartError, match="@BotFather") as told:
        await stopped.end(wait=True)
    assert TOKEN not in repr(told.value)
    assert "\n" not in str(told.value)
    cause: BaseException | None = told.value
    assert cause is not None
    assert cause.__cause__ is None
    assert cause.__suppress_context__


async def test_telegram_may_be_away_at_the_start(stopped: Channel, telegram: StandIn) -> None:
    port = telegram.port
    await telegram.close()
    stopped.start()
    await asyncio.sleep(0.3)
    await telegram.start(port)
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")


async def test_a_stop_while_telegram_is_away_ends_at_once(
    stopped: Channel, telegram: StandIn
) -> None:
    await telegram.close()
    stopped.start()
    await asyncio.sleep(0.1)
    async with asyncio.timeout(1):
        await stopped.end()
    await telegram.start()


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 502}, {"close": True}, {"malformed": True}]
)
async def test_polls_that_fail_are_repeated_with_growing_waits_and_one_line(
    stopped: Channel,
    telegram: StandIn,
    fault: dict[str, int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram.faults.add(method="getUpdates", times=5, **fault)  # type: ignore[arg-type]
    ana = telegram.patient()
    with caplog.at_level(logging.DEBUG):
        stopped.start()
        await ana.sends("one")
        await ana.sees("1: one")
    lines = [record.getMessage() for record in caplog.records]
    assert lines.count("Telegram cannot be reached; trying again") == 1
    assert lines.count("Telegram is reached again") == 1
    times = [call.at for call in telegram.calls_of("getUpdates")[:6]]
    assert times[5] - times[4] > times[1] - times[0]


async def test_telegram_asks_to_poll_more_slowly(stopped: Channel, telegram: StandIn) -> None:
    telegram.faults.add(method="getUpdates", status=429, retry_after=1)
    ana = telegram.patient()
    stopped.start()
    await ana.sends("one")
    await ana.sees("1: one")
    first, second, *_ = (call.at for call in telegram.calls_of("getUpdates"))
    assert second - first >= 1.0


async def test_another_poller_is_told_clearly(
    stopped: Channel,
    telegram: StandIn,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polling, "CONFLICT_WAIT", 0.2)
    telegram.faults.add(method="getUpdates", status=409, times=2)
    stopped.start()
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    told = [r.getMessage() for r in caplog.records if "another program polls" in r.getMessage()]
    assert len(told) == 1


async def test_a_revoked_token_ends_it_with_one_line(channel: Channel, telegram: StandIn) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    telegram.token = "987654321:another_token_that_is_not_the_one"
    await ana.sends("two")
    with pytest.raises(TokenRefusedError, match="TELEGRAM_BOT_TOKEN") as told:
        await channel.end(wait=True)
    assert TOKEN not in str(told.value)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_gracefully(
    channel: Channel, telegram: StandIn, name: signal.Signals
) -> None:
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    os.kill(os.getpid(), name)
    async with asyncio.timeout(3):
        await channel.end(wait=True)
    assert telegram.pending == 0


SECRET = "xyzzy-my-left-leg"


async def test_no_word_no_name_and_no_token_gets_into_a_log(
    stopped: Channel,
    telegram: StandIn,
    interview: Interview,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("", "telegram", "telegram.ext.ExtBot", "telegram.ext.Application", "httpx"):
        caplog.set_level(logging.DEBUG, logger=name)
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    stopped.start()
    ana = telegram.patient(f"Name{SECRET}")
    await ana.sends(f"/start {SECRET}")
    message = await ana.sees(SECRET)
    await ana.sends(SECRET)
    await ana.sees(SECRET)
    await ana.sends("boom")
    await ana.sees("Something went wrong")
    broken = message.as_json() | {"date": SECRET, "text": SECRET}
    telegram.inject({"message": broken})
    await ana.sees("Something went wrong")
    telegram.faults.add(method="sendMessage", malformed=True)
    telegram.faults.add(
        method="sendMessage", skip=1, status=400, description=f"Bad Request: {SECRET}"
    )
    telegram.faults.add(method="getUpdates", malformed=True)
    telegram.faults.add(method="answerCallbackQuery", status=400, description=SECRET)
    await ana.sends(SECRET)
    await stopped.quiet()
    await ana.sends(SECRET)
    await ana.sees(SECRET)
    await ana.taps("More")
    await ana.sees("tap more")
    await stopped.quiet()
    await stopped.end()
    asyncio.get_running_loop().set_debug(False)
    assert len(caplog.records) > 10
    for record in caplog.records:
        shown = f"{record.getMessage()} {record.__dict__} {record.exc_text}"
        assert SECRET not in shown, shown
        assert "boom" not in shown, shown
        assert TOKEN not in shown, shown
        assert TOKEN.split(":")[1] not in shown, shown
        assert f":{ana.chat.id}" not in shown, shown
        assert record.exc_info is None, shown


async def test_logs_tell_update_chat_kind_and_time(
    stopped: Channel, telegram: StandIn, interview: Interview, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stopped.start()
    ana = telegram.patient()
    await ana.sends("one")
    await ana.sees("1: one")
    await telegram.drained()
    (line,) = (record for record in caplog.records if record.getMessage() == "update settled")
    fields = line.__dict__
    assert fields["update"] == telegram.acknowledged
    assert len(fields["chat"]) == 32
    assert fields["kind"] == "Words"
    assert 0 <= fields["ms"] < 5000
