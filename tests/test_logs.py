"""Logs are lines of JSON, and nothing that was said gets into them by way of an error."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.logs import set_up_logs

SAID = "my left heel burns"

log = logging.getLogger("plumbline.test")


@pytest.fixture
def error(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error, with the logs set up to go there."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    root.handlers = []
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logs("INFO")
    yield stream
    root.handlers, level, logging.raiseExceptions = before
    root.setLevel(level)


def lines(error: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in error.getvalue().splitlines()]


def test_a_record_is_one_line_of_json(error: io.StringIO) -> None:
    log.info("sent %d of %s", 3, "7\nand", extra={"chat": "ab12", "took": 0.25, "screen": "saddle"})
    log.debug("not at this level")

    (line,) = lines(error)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "plumbline.test",
        "event": "sent 3 of 7",
        "chat": "ab12",
        "took": 0.25,
        "screen": "saddle",
    }


def test_of_an_error_only_its_type_is_told(error: io.StringIO) -> None:
    try:
        raise ValueError(SAID)
    except ValueError as failure:
        log.exception("failed")
        log.error("failed: %s", failure)
        log.error(failure)
        log.error("failed", exc_info=failure, stack_info=True)
        log.error("failed", extra={"reason": failure, "several": [failure]})

    found = lines(error)
    assert SAID not in str(found)
    assert [line["event"] for line in found] == [
        "failed", "failed: ValueError", "ValueError", "failed", "failed",
    ]  # fmt: skip
    assert [line.get("error") for line in found] == ["ValueError", None, None, "ValueError", None]
    assert (found[-1]["reason"], found[-1]["several"]) == ("ValueError", ["ValueError"])


def test_what_nobody_waited_for_is_told_without_its_text(
    error: io.StringIO,
) -> None:
    async def fails() -> None:
        raise ValueError(SAID)

    async def main() -> None:
        task = asyncio.create_task(fails())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(main())

    (line,) = lines(error)
    assert line["logger"] == "asyncio"
    assert line["error"] == "ValueError"
    assert SAID not in str(line)


def test_a_record_that_cannot_be_formatted_tells_nothing(
    error: io.StringIO,
) -> None:
    log.info("%d answers", SAID)
    log.info("still here", extra={"where": Path("data"), "event": "other", "odd": "\ud800\n"})

    err = error.getvalue()
    assert SAID not in err
    (line,) = map(json.loads, err.splitlines())
    assert (line["event"], line["where"]) == ("still here", "data")


def test_setting_up_twice_logs_once(error: io.StringIO) -> None:
    sys.stderr = error
    set_up_logs("WARNING")
    log.info("quiet")
    log.warning("once")

    assert [line["event"] for line in lines(error)] == ["once"]
