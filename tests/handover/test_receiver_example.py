"""The receiver in docs/receiver.md, run as it stands there."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.clinic.clinics import Clinic
from bot.handover import rounds
from bot.handover.courier import Courier
from bot.handover.http import GuardedClient
from bot.handover.signing import new_secret, signed_headers
from bot.intake.intake import Intake
from bot.store.clinic_contract import State, Task
from bot.store.sqlite import SqliteStore
from bot.web.metrics import Metrics
from tests.handover.making import clinic, sent, withdraws

PAGE = (Path(__file__).parents[2] / "docs" / "receiver.md").read_text(encoding="utf-8")


@dataclass
class Example:
    folder: Path
    riverside: Clinic
    url: str

    def stored(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "intakes.db")) as connection:
            return [row[0] for row in connection.execute("SELECT id FROM intake")]


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Example]:
    match = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert match is not None
    (tmp_path / "receiver.py").write_text(match[1], encoding="utf-8")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    riverside = clinic(webhook_url=url)
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "receiver.py", str(port)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "WEBHOOK_SECRET": riverside.webhook_keys[0].secret},
    )
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    yield Example(tmp_path, riverside, url)
    process.terminate()
    process.wait()


async def test_it_takes_what_is_sent_once_and_forgets_what_is_taken_back(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    store = SqliteStore(tmp_path / "plumbline.db")
    await store.open()
    await store.clinics.add_clinic(example.riverside.stored())
    client = GuardedClient(private_allowed=True, time_limit=5.0)
    stop = asyncio.Event()
    task = asyncio.create_task(Courier(store.clinics, client, Metrics()).run(stop, 2.0))
    first = await sent(store, example.riverside)
    second = await sent(store, example.riverside, patient="telegram:1:1002")

    async def arrived(of: Intake, which: Task) -> None:
        async with asyncio.timeout(10):
            while True:
                found = await store.clinics.intake(str(of.id))
                assert found is not None
                if any(d.task is which and d.state is State.DELIVERED for d in found.deliveries):
                    return
                await asyncio.sleep(0.02)

    for one in (first, second):
        await arrived(one, Task.INTAKE)
    assert sorted(example.stored()) == sorted([str(first.id), str(second.id)])
    await store.apply("telegram:1:1001", None, withdraws(first.id))
    await arrived(first, Task.WITHDRAWAL)
    assert example.stored() == [str(second.id)]
    stop.set()
    await task
    await client.close()
    await store.close()


async def test_it_believes_nobody_else_and_counts_nothing_twice(example: Example) -> None:
    secret = example.riverside.webhook_keys[0].secret
    body = b'{"type": "intake.created", "timestamp": "2026-11-25", "data": {"id": "i1"}}'
    now = int(time.time())
    async with aiohttp.ClientSession() as session:

        async def status(given: bytes, headers: dict[str, str]) -> int:
            async with session.post(example.url, data=given, headers=headers) as response:
                return response.status

        good = signed_headers("i1", now, body, [secret])
        for wrong in (
            {},
            signed_headers("i1", now, body, [new_secret()]),
            signed_headers("i1", now - 3600, body, [secret]),
            good | {"webhook-id": "i2"},
            good | {"webhook-timestamp": "soon"},
        ):
            assert await status(body, wrong) == 401
        assert await status(body + b" ", good) == 401
        assert example.stored() == []
        both = signed_headers("i1", now, body, [new_secret(), secret])
        assert [await status(body, headers) for headers in (good, both, good)] == [204] * 3
    assert example.stored() == ["i1"]
