"""The program as it really runs: `python -m bot run` in a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.telegram_stand_in import StandIn

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def plumbline(
    telegram: StandIn, folder: Path, log: Path | None = None, /, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Plumbline serving this Telegram, with its data in a folder; stopped as an operator would.

    What it logs is written to `log` in the end.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE_URL": telegram.url,
            "DEFAULT_COUNTRY": "GB",
            **environment,
        },
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(20):
            _, errors = await process.communicate()
        if log is not None:
            await asyncio.to_thread(log.write_bytes, errors)
    assert process.returncode == 0, errors.decode()
