"""The order of polls and updates that no real Telegram can be made to produce on demand."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, cast

import pytest
from telegram import Bot

from bot.telegram import polling
from bot.telegram.addresses import Raw, address_of, chat_in, chat_of, update_id_in
from bot.telegram.polling import Polling


class ScriptedBot:
    """Answers each poll with the next batch, once ``ask`` lets it; then stops the polling."""

    def __init__(self, *batches: list[int]) -> None:
        self.batches = deque(batches)
        self.offsets: list[int | None] = []
        self.stop = asyncio.Event()
        self.before: dict[int, Any] = {}

    async def do_api_request(self, _: str, api_kwargs: Raw, **__: object) -> list[Raw]:
        self.offsets.append(api_kwargs["offset"])
        await asyncio.sleep(0)
        if happens := self.before.get(len(self.offsets)):
            happens()
        if not self.batches:
            self.stop.set()
            return []
        return [{"update_id": update_id} for update_id in self.batches.popleft()]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATIENCE", "HURRY", "RETRY_FIRST", "RETRY_LONGEST"):
        monkeypatch.setattr(polling, name, 0.001)


async def test_what_is_refused_while_a_poll_is_open_is_handed_over_first_again() -> None:
    bot = ScriptedBot([1, 2], [1, 2, 3])
    submitted: list[int] = []
    futures: dict[int, asyncio.Future[bool]] = {}

    def submit(update_id: int, _: Raw) -> asyncio.Future[bool]:
        submitted.append(update_id)
        futures[update_id] = asyncio.get_running_loop().create_future()
        if len(submitted) > 2:
            futures[update_id].set_result(True)
        return futures[update_id]

    def refuse() -> None:
        futures[1].set_result(False)
        futures[2].set_result(False)

    bot.before[2] = refuse
    await Polling(cast("Bot", bot)).run(submit, bot.stop)
    assert submitted == [1, 2, 1, 2, 3]


async def test_the_offset_never_passes_what_is_not_settled() -> None:
    bot = ScriptedBot([1, 2, 3], [1, 4], [1])
    verdicts = {1: deque([False, False, True]), 2: deque([True]), 3: deque([True])}
    verdicts[4] = deque([True])

    def submit(update_id: int, _: Raw) -> asyncio.Future[bool]:
        settled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        settled.set_result(verdicts[update_id].popleft())
        return settled

    await Polling(cast("Bot", bot)).run(submit, bot.stop)
    assert bot.offsets == [None, 1, 1, 2]


async def test_ids_may_start_anew() -> None:
    bot = ScriptedBot([900], [5], [])

    def submit(_: int, __: Raw) -> asyncio.Future[bool]:
        settled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        settled.set_result(True)
        return settled

    await Polling(cast("Bot", bot)).run(submit, bot.stop)
    assert bot.offsets == [None, 901, 6, 6]


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"update_id": "7"}, {"update_id": True}])
def test_no_update_id(raw: object) -> None:
    assert update_id_in(raw) is None


def test_chats_of_updates() -> None:
    chat = {"id": 5, "type": "private"}
    assert chat_in({"update_id": 1, "message": {"chat": chat}}) == chat
    assert chat_in({"update_id": 1, "callback_query": {"message": {"chat": chat}}}) == chat
    assert chat_in({"update_id": 1, "my_chat_member": {"chat": chat}}) == chat
    assert chat_in({"update_id": 1, "callback_query": {"message": None}}) is None
    assert chat_in({"update_id": 1, "poll": {}}) is None
    assert chat_of(address_of(1, -100)) == -100
    with pytest.raises(ValueError, match=r"\w"):
        chat_of("terminal:local")
