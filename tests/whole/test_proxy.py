"""The proxy of compose.yaml, the real program: Telegram is never told that a lost update arrived."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientConnectionError, ClientSession, web

from tests.faults.running import free_port

ROOT = Path(__file__).resolve().parents[2]
CADDY = Path(sys.executable).with_name("caddy")


def caddyfile(port: int, worker: int) -> str:
    """What compose.yaml gives to Caddy, with addresses of this machine.

    There is no name server for a worker here, so that it is named by its address.
    """
    compose: Any = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    text = str(compose["configs"]["proxy"]["content"])
    text, hosts = re.subn(r"\$\{PUBLIC_HOST:\?[^}]*\}", f"http://127.0.0.1:{port}", text)
    text, workers = re.subn(r"dynamic a worker 8080 \{[^}]*\}", f"to 127.0.0.1:{worker}", text)
    assert hosts == workers == 1
    assert text.startswith("{\n")
    return "{\n\tadmin off\n\tauto_https off" + text[1:]


@pytest.fixture
async def worker() -> AsyncIterator[tuple[int, list[str]]]:
    """A worker that takes everything; its port and the paths that reach it."""
    reached: list[str] = []

    async def take(request: web.Request) -> web.Response:
        reached.append(request.path)
        if request.query_string == "break":
            assert request.transport is not None
            request.transport.close()
        return web.Response(text="taken")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield port, reached
    await runner.cleanup()


@pytest.fixture
async def proxy(worker: tuple[int, list[str]], tmp_path: Path) -> AsyncIterator[str]:
    """Caddy, running; its address."""
    port = free_port()
    file = tmp_path / "Caddyfile"
    file.write_text(caddyfile(port, worker[0]), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        CADDY, "run", "--config", file, "--adapter", "caddyfile",
        stderr=asyncio.subprocess.PIPE, env={"HOME": str(tmp_path)},
    )  # fmt: skip
    try:
        async with asyncio.timeout(30), ClientSession() as session:
            while process.returncode is None:
                try:
                    await session.get(f"http://127.0.0.1:{port}/")
                    break
                except ClientConnectionError:
                    await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        _, told = await process.communicate()
    assert b"not formatted" not in told
    assert SECRET.encode() not in told


SECRET = "only-telegram-knows"


async def test_only_the_webhook_is_let_through(proxy: str, worker: tuple[int, list[str]]) -> None:
    async with ClientSession() as session:
        async with session.post(f"{proxy}/telegram", data=b"{}") as answer:
            assert (answer.status, await answer.text()) == (200, "taken")
        for path in ("/", "/telegram/", "/telegram/x", "/healthz", "/metrics"):
            async with session.post(f"{proxy}{path}", data=b"{}") as answer:
                assert answer.status == 404, path
    assert worker[1] == ["/telegram"]


async def test_a_worker_that_is_away_is_no_answer_and_its_request_leaves_no_secret(
    proxy: str, worker: tuple[int, list[str]]
) -> None:
    """What the proxy tells of it is looked at when it has ended."""
    async with ClientSession() as session:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with session.post(f"{proxy}/telegram/lost", headers=headers) as answer:
            assert answer.status == 404
        async with session.post(f"{proxy}/telegram?break", headers=headers) as answer:
            assert answer.status == 502
