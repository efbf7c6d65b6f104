"""Has things set in a process of its own, which is started on need and ended when nobody wants it.

A crash, a hang or a kill of that process costs a second attempt with a fresh one, and nothing else.
What is to be set goes through a pipe: nothing of it is on the disk or on a command line.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen
from threading import Lock, Timer

from bot.press.orders import LIMIT
from bot.typesetting import Format, Json

IDLE = 60.0
"""Seconds without an order after which the process is ended."""

ATTEMPTS = 2
"""How often an order is given: what ends the process once may have been a kill from outside."""

_NEEDED = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "PYTHONHOME", "PYTHONUTF8")
"""Variables that the process is given: none of them a secret of ours."""


class PressError(RuntimeError):
    """It cannot be set. ``str`` is the type of the error and nothing of what was to be set."""


class Press:
    """One order at a time, in threads that may wait: `typeset` blocks.

    ``limit`` is how many seconds an attempt may take, ``idle`` after how many without an order the
    process is ended.
    """

    def __init__(self, *, limit: float = LIMIT, idle: float = IDLE) -> None:
        self._limit = limit
        self._idle = idle
        self._turn = Lock()
        self._process: Popen[bytes] | None = None
        self._leaving: Timer | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process there is, if there is one."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def typeset(
        self,
        template: bytes,
        data: Json,
        *,
        form: Format,
        ppi: float = 144.0,
        standard: str | None = None,
    ) -> bytes:
        """A template filled with data, as `bot.typesetting.typeset` does it.

        Raises:
            PressError: it cannot be set, or the process ended or hung each time.
        """
        asked = {"form": form, "ppi": ppi, "standard": standard}
        order = json.dumps({"template": template.decode(), "data": data, **asked}).encode() + b"\n"
        with self._turn:
            self._stay()
            try:
                for _ in range(ATTEMPTS):
                    made = self._attempt(order)
                    if made is not None:
                        return made
            finally:
                self._leave_later()
        raise PressError("ProcessEnded")

    def close(self) -> None:
        """Set nothing more, and end the process even in the middle of an order."""
        self._closed = True
        # Not in turn: who has it now waits for this very process.
        self._stay()
        self._end()

    def _attempt(self, order: bytes) -> bytes | None:
        """What was made; None when the process ended over it."""
        if self._closed:
            return None
        try:
            process = self._process or self._start()
        except OSError as error:
            raise PressError(type(error).__name__) from None
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        # To be killed is the one thing that also ends a process that hangs.
        guard = Timer(self._limit, process.kill)
        guard.start()
        try:
            process.stdin.write(order)
            process.stdin.flush()
            answer = json.loads(process.stdout.readline() or b"{}")
            made = process.stdout.read(answer.get("size", 0))
        except (OSError, ValueError):
            answer, made = {}, b""
        finally:
            guard.cancel()
        if "error" in answer:
            raise PressError(answer["error"])
        if not made or len(made) < answer["size"]:
            self._end()
            return None
        return made

    def _start(self) -> Popen[bytes]:
        self._process = Popen(
            # Its modules are found where ours were, and nowhere else.
            (sys.executable, "-P", "-m", "bot.press"),
            stdin=PIPE,
            stdout=PIPE,
            # What a library says in its last words may hold what was to be set.
            stderr=DEVNULL,
            env={name: os.environ[name] for name in _NEEDED if name in os.environ}
            | {"PYTHONPATH": os.pathsep.join(path or str(os.curdir) for path in sys.path)},
            # Ctrl-C at a terminal is for the program, which lets an order come to its end.
            start_new_session=True,
        )
        if self._closed:
            self._end()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _stay(self) -> None:
        leaving, self._leaving = self._leaving, None
        if leaving is not None:
            leaving.cancel()

    def _leave_later(self) -> None:
        if self._process is None:
            return
        self._leaving = leaving = Timer(self._idle, lambda: self._leave(leaving))
        leaving.daemon = True
        leaving.start()

    def _leave(self, leaving: Timer) -> None:
        with self._turn:
            # Somebody may have come in the meantime.
            if self._leaving is leaving:
                self._end()
