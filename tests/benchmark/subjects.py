"""The programs that are measured, each in a process of its own."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.benchmark.processes import children, peak_memory, processor
from tests.benchmark.script import SHEETS, Step, buttons_of, interviews
from tests.telegram_stand_in import StandIn

ROOT = Path(__file__).parents[2]
START_PATIENCE = 60.0
END_PATIENCE = 60.0

MODES = ("webhook", "polling")


class SubjectError(Exception):
    """A program did not start, or ended in between; the text has its last lines."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A program: its name, and the command with its environment in a folder of its own."""

    name: str
    command: tuple[str, ...]
    environment: Callable[[Path, str | None], dict[str, str]]


@dataclass(slots=True)
class Running:
    """A program under way. `start` is how many seconds it took to its first poll or webhook.

    `beside` is the most memory, in MB, that processes it has started were seen with.
    """

    process: asyncio.subprocess.Process
    start: float
    log: Path
    beside: float = 0.0

    def processor(self) -> tuple[float, float]:
        """Seconds of processor time so far, with all that it has started: its own, the kernel's."""
        # Those that draw come and go, so they are looked at whenever anything is.
        self.beside = max(self.beside, sum(map(_peak_memory, children(self.process.pid))))
        return processor(self.process.pid)

    def peak_memory(self) -> float:
        """The most memory that the program itself ever had, in MB."""
        return peak_memory(self.process.pid)


def _peak_memory(pid: int) -> float:
    try:
        return peak_memory(pid)
    except OSError:
        return 0.0  # it has ended in the meantime


def _plumbline(_: Path, webhook: str | None) -> dict[str, str]:
    listen = {} if webhook is None else {"WEBHOOK_LISTEN": webhook.split("/")[2]}
    return {"DEFAULT_COUNTRY": "GB", **listen} | ({"WEBHOOK_URL": webhook} if webhook else {})


def _stock(folder: Path, webhook: str | None) -> dict[str, str]:
    script = folder / "script.json"
    script.write_text(json.dumps(stock_script()), encoding="utf-8")
    return {"SCRIPT": str(script)} | ({"WEBHOOK_URL": webhook} if webhook else {})


SUBJECTS = {
    subject.name: subject
    for subject in (
        Subject("plumbline", ("-m", "bot", "run"), _plumbline),
        Subject("stock", ("-m", "tests.benchmark.stock"), _stock),
        Subject("bare", ("-m", "tests.benchmark.bare"), _stock),
    )
}


@asynccontextmanager
async def running(
    subject: Subject, telegram: StandIn, folder: Path, mode: str
) -> AsyncIterator[Running]:
    """The program, serving this Telegram with its data in this folder.

    Raises:
        SubjectError: it did not start, or did not end well.
    """
    webhook = f"http://127.0.0.1:{_free_port()}/telegram" if mode == "webhook" else None
    log = folder / f"{subject.name}.log"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE_URL": telegram.url,
        **subject.environment(folder, webhook),
    }
    with log.open("wb") as errors:
        began = perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, *subject.command, cwd=folder, env=environment, stderr=errors
        )
    try:
        first = "setWebhook" if webhook else "getUpdates"
        try:
            await telegram.until(
                lambda: telegram.calls.counts[first] or process.returncode is not None,
                START_PATIENCE,
            )
        except AssertionError:
            raise SubjectError(f"{subject.name} did not start:\n{_last_lines(log)}") from None
        start = perf_counter() - began
        # A webhook is first set, then taken: the first update would be too early for some.
        await asyncio.sleep(0.5)
        if process.returncode is not None:
            raise SubjectError(f"{subject.name} did not start:\n{_last_lines(log)}")
        yield Running(process, start, log)
        if process.returncode is not None:
            raise SubjectError(f"{subject.name} ended:\n{_last_lines(log)}")
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), END_PATIENCE)
            except TimeoutError:
                process.kill()
                await process.wait()


def stock_script() -> dict[str, Any]:
    """The same screens for the stock bot, ready-made: it has nothing to compute or to put together."""
    paths = {}
    recorded = interviews()
    for sheet, steps in zip(SHEETS, recorded, strict=True):
        complaints = sheet["complaints"]
        assert isinstance(complaints, list)
        paths[" ".join(complaints)] = {
            "questions": _questions(steps),
            "review": _screen(next(step for step in steps if step.screen.name == "review")),
            "result": [{"text": one.text, "rows": _rows(one)} for one in steps[-1].shown],
        }
    return {"welcome": _screen(recorded[0][0]), "paths": paths}


def _questions(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    questions: dict[str, dict[str, Any]] = {}
    for step in steps:
        verbs = {data.split(":")[1] for data in buttons_of(step.screen)}
        kind = next((verb for verb in ("done", "pick", "skip") if verb in verbs), None)
        if kind is not None and step.screen.name not in questions:
            questions[step.screen.name] = {"id": step.screen.name, "kind": kind, **_screen(step)}
    return list(questions.values())


def _screen(step: Step) -> dict[str, Any]:
    return {"text": step.screen.text, "rows": _rows(step.screen)}


def _rows(screen: Any) -> list[list[tuple[str, str]]]:
    # Here, so that only those who ask for it load the library.
    from bot.telegram.render import keyboard  # noqa: PLC0415

    markup = keyboard(screen)
    if markup is None:
        return []
    return [
        [(button["text"], "0:" + button["callback_data"].partition(":")[2]) for button in row]
        for row in markup["inline_keyboard"]
    ]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert isinstance(port, int)
        return port


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
