"""The program as an operator runs it, to be started, stopped, killed and started again."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.faults.databases import Database
from tests.telegram_stand_in import StandIn

ROOT = Path(__file__).parents[2]
PROGRAM = ("-m", "bot", "run")
START = 30.0
"""Seconds a start may take, on a busy machine."""


class Program:
    """One worker: the same command, environment and folder at every start."""

    def __init__(
        self,
        telegram: StandIn,
        database: Database,
        folder: Path,
        *,
        port: int | None = None,
        public: int | None = None,
        command: tuple[str, ...] = PROGRAM,
        **environment: str,
    ) -> None:
        """With a `port` by webhook; `public` is the port of a proxy before it."""
        self.telegram = telegram
        self.port = port
        self.log = folder / f"log-{port or 'polling'}.jsonl"
        self._folder = folder
        self._command = command
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE_URL": telegram.url,
            "DEFAULT_COUNTRY": "GB",
            "DATABASE_URL": database.url,
            "DATA_KEY": database.key,
            **environment,
        }
        if port is not None:
            self._environment |= {
                "WEBHOOK_URL": f"http://127.0.0.1:{public or port}/telegram",
                "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def id(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    async def launch(self) -> None:
        """Start it, and wait for nothing."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._command,
                cwd=self._folder,
                env=self._environment,
                stderr=log,
            )

    async def start(self) -> None:
        """Start it, and wait until it has told Telegram how updates shall come."""
        counts = self.telegram.calls.counts
        told = "setWebhook" if self.port else "getUpdates"
        before = counts[told]
        await self.launch()
        await self.telegram.until(lambda: counts[told] > before, START)

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        assert self._process.returncode is None, f"it ended by itself:\n{self.last_lines()}"
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """Stop it as an operator does; it must end well, and soon."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        async with asyncio.timeout(START):
            assert await self._process.wait() == 0, self.last_lines()

    async def end(self) -> None:
        """Let nothing of it remain, whatever happened."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def told(self, event: str) -> list[dict[str, Any]]:
        """The log lines of one event."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        # A kill may leave half a line, with the next start's first one behind it.
        return [json.loads(line) for line in lines if f'"event": "{event}"' in line]

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8").splitlines()[-15:])


@asynccontextmanager
async def running(*programs: Program) -> AsyncIterator[None]:
    """The programs, started; stopped at the end, and killed if anything went wrong."""
    try:
        for program in programs:
            await program.start()
        yield
        for program in programs:
            await program.stop()
    finally:
        for program in programs:
            await program.end()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
