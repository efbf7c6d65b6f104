"""What goes over the wire, and what its failures tell."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TimedOut

from bot.telegram.http import AiohttpRequest
from tests.telegram_stand_in import TOKEN, StandIn


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    request = AiohttpRequest(connections=2, read_timeout=0.2)
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot", request=request) as bot:
        yield bot


async def test_an_answer_that_does_not_come_in_time(bot: Bot, telegram: StandIn) -> None:
    telegram.faults.add(method="getMe", hang=True)
    with pytest.raises(TimedOut) as told:
        await bot.get_me()
    assert TOKEN not in repr(told.getrepr(style="long"))


@pytest.mark.parametrize("away", [True, False])
async def test_a_failure_tells_its_type_and_no_address(
    bot: Bot, telegram: StandIn, away: bool
) -> None:
    if away:
        await telegram.close()
    else:
        telegram.faults.add(method="getMe", close=True)
    with pytest.raises(NetworkError) as told:
        await bot.get_me()
    error: BaseException | None = told.value
    assert str(error).isidentifier(), "a type, not a sentence"
    assert error is not None
    assert error.__cause__ is None
    if away:
        await telegram.start(telegram.port)


async def test_more_calls_than_connections(bot: Bot, telegram: StandIn) -> None:
    telegram.faults.add(method="getMe", delay=0.05, times=None)
    assert len(await asyncio.gather(*(bot.get_me() for _ in range(8)))) == 8


async def test_text_and_files_arrive_as_they_are(bot: Bot, telegram: StandIn) -> None:
    ana = telegram.patient()
    await ana.sends("/start")
    await bot.send_message(ana.chat.id, 'ä "quoted" & 👣\n\u200fשלום')
    await ana.sees('ä "quoted" & 👣')
    await bot.send_document(
        ana.chat.id, InputFile(b"\x00\xff", filename="été.pdf"), caption="für Sie"
    )
    message = await ana.sees_document()
    assert message.document is not None
    assert (message.document.name, message.document.content) == ("été.pdf", b"\x00\xff")
    assert message.text == "für Sie"
