"""The webhook: 200 only after commit, nothing for strangers, Telegram's redelivery for the rest."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.telegram.webhook import BODY_LIMIT, SECRET_HEADER
from bot.web.server import ServerError
from tests.telegram.conftest import Channel
from tests.telegram.interview import Interview, address_of
from tests.telegram_stand_in import StandIn

SECRET = "only-telegram-knows"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def telegram(port: int) -> AsyncIterator[StandIn]:
    async with StandIn(webhook_via=f"http://127.0.0.1:{port}") as stand_in:
        yield stand_in
        assert stand_in.breaches == []


@pytest.fixture
async def channel(stopped: Channel, port: int) -> Channel:
    stopped.start(
        WEBHOOK_URL="https://bot.example/telegram",
        WEBHOOK_SECRET=SECRET,
        WEBHOOK_LISTEN=f"127.0.0.1:{port}",
    )
    await stopped.telegram.until(lambda: stopped.telegram.delivery.webhook is not None)
    return stopped


def update(update_id: int = 1, text: str = "hello", chat: int = 5) -> dict[str, object]:
    person = {"id": chat, "is_bot": False, "first_name": "Eve"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "from": person,
            "text": text,
        },
    }


async def post(
    port: int, body: object, *, secret: str | None = SECRET, path: str = "/telegram", **headers: str
) -> tuple[int, str]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} | headers
    if secret is not None:
        sent[SECRET_HEADER] = secret
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"http://127.0.0.1:{port}{path}", data=io.BytesIO(raw), headers=sent
        ) as response,
    ):
        return response.status, await response.text()


async def test_an_update_that_is_brought_is_answered(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient("Ana")
    await ana.sends("hello")
    await ana.sees("1: hello")
    tap = await ana.taps("1  More")
    await ana.sees("2: tap more")
    assert (await ana.gets_an_answer(tap)).text == ""
    await telegram.drained()
    assert telegram.calls.counts["getUpdates"] == 0


async def test_the_webhook_is_set_with_its_secret_and_the_wanted_updates(
    channel: Channel, telegram: StandIn
) -> None:
    (call,) = telegram.calls_of("setWebhook")
    assert call["url"] == "https://bot.example/telegram"
    assert call["secret_token"] == SECRET
    assert call["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]


async def test_what_cannot_be_committed_is_brought_again_and_applied_once(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    interview.down = True
    await ana.sends("one")
    await ana.sends("two")
    await ben.sends("eins")
    assert telegram.delivery.webhook is not None
    webhook = telegram.delivery.webhook
    await telegram.until(lambda: webhook.attempts >= 4)
    assert telegram.pending == 3
    interview.down = False
    await ana.sees("2: two", timeout=10)
    await ben.sees("1: eins", timeout=10)
    await channel.quiet()
    assert await interview.said(address_of(ana)) == ["one", "two"]


async def test_an_update_brought_twice_is_applied_once(
    channel: Channel, port: int, interview: Interview, telegram: StandIn
) -> None:
    ana = telegram.patient()
    await ana.sends("hello")
    await ana.sees("1: hello")
    status, _ = await post(port, telegram.last_update)
    assert status == 200
    assert await interview.said(address_of(ana)) == ["hello"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], "ö"])
async def test_a_stranger_is_turned_away(
    channel: Channel, port: int, interview: Interview, secret: str | None
) -> None:
    status, body = await post(port, update(), secret=secret)
    assert (status, body) == (401, "")
    assert interview.events == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        ([], 400),
        ({"message": {}}, 400),
        ({"update_id": "1"}, 400),
        (b'"' + b"x" * (BODY_LIMIT + 10) + b'"', 413),
    ],
    ids=["empty", "cut", "bytes", "deep", "list", "no id", "id in words", "large"],
)
async def test_what_is_no_update_is_refused(
    channel: Channel, port: int, interview: Interview, body: object, status: int
) -> None:
    assert (await post(port, body))[0] == status
    assert interview.events == []


async def test_only_json_by_post_and_only_at_its_path(channel: Channel, port: int) -> None:
    assert (await post(port, update(), **{"Content-Type": "text/plain"}))[0] == 415
    assert (await post(port, update(), path="/other"))[0] == 404
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/telegram") as response,
    ):
        assert response.status == 405


async def test_a_poison_update_is_set_aside_and_the_next_is_served(
    channel: Channel, port: int, telegram: StandIn
) -> None:
    ana = telegram.patient()
    await ana.sends("hello")
    await ana.sees("1: hello")
    broken = {"update_id": 1, "message": {"chat": {"id": ana.chat.id, "type": "private"}}}
    assert (await post(port, broken))[0] == 200
    await ana.sees("Something went wrong on our side")
    await ana.sends("and on")
    await ana.sees("2: and on")


async def test_it_tells_whether_it_lives_and_can_serve(channel: Channel, port: int) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
            assert await response.json() == {"status": "ok"}
        async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
            body = await response.json()
            assert (response.status, body["ready"]) == (200, True)
        await channel.interview.store.close()
        async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
            body = await response.json()
            assert (response.status, body["database"]) == (503, "unavailable")


async def test_a_graceful_stop_finishes_what_is_under_way(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient()
    interview.delay = 0.2
    await ana.sends("hello")
    await telegram.until(lambda: len(interview.events) == 1)
    await channel.end()
    assert await interview.said(address_of(ana)) == ["hello"]
    assert telegram.pending == 0


async def test_an_address_that_is_taken_is_told_in_one_line(stopped: Channel, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        stopped.start(
            WEBHOOK_URL="https://bot.example/telegram",
            WEBHOOK_LISTEN=f"127.0.0.1:{taken.getsockname()[1]}",
        )
        with pytest.raises(ServerError, match=r"cannot listen on 127\.0\.0\.1"):
            await stopped.end(wait=True)


async def test_metrics_count_and_hold_nothing_of_a_patient(
    stopped: Channel, telegram: StandIn
) -> None:
    metrics_port = free_port()
    stopped.start(METRICS_LISTEN=f"127.0.0.1:{metrics_port}", long_poll=1)
    ana = telegram.patient("Ana")
    await ana.sends("my heel hurts")
    await ana.sees("1: my heel hurts")
    await stopped.quiet()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{metrics_port}/metrics") as response,
    ):
        text = await response.text()
    assert 'plumbline_updates_total{outcome="Words"} 1.0' in text
    assert 'plumbline_sends_total{place="below"} 1.0' in text
    assert "plumbline_settle_seconds_count 1.0" in text
    assert "heel" not in text
    assert str(ana.chat.id) not in text
