"""The conversation in the terminal, on the same service and store as every other channel.

With a terminal it completes answers as they are typed; without one it reads a line for each
answer, so that a script can talk to it.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from html import unescape
from io import FileIO
from pathlib import Path
from threading import Thread
from typing import Protocol
from uuid import uuid4

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.shortcuts import CompleteStyle
from rich.columns import Columns
from rich.console import Console
from rich.text import Text

from bot.events import Command, Event, Happening, Tap, Words
from bot.paper.contents import PAGE
from bot.pictures.painter import Painter
from bot.screens import Attachment, Choice, Layout, Picture, Screen, Showing
from bot.service import Service
from bot.store import Store, StoreError

ADDRESS = "terminal:local"

LINE_MAX = 80
"""Columns of a line; a wider terminal stays empty on the right, because long lines read badly."""

LIST_MAX = 12
"""Choices that stand one a line; more of them stand in columns."""

_TAG = re.compile(r"(</?[bi]>)")
_STYLES = {"<b>": "bold", "<i>": "italic"}
_DETAIL = re.compile(r"^<b>(\d+)</b> (.+)\n?", re.MULTILINE)
_GAP = re.compile(r"\n{3,}")
_BULLET = re.compile(r"• |\d+\. ")
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Lines(Protocol):
    """Where the patient's lines come from."""

    async def next(self, words: list[str]) -> str | None:
        """The next line; None when there are no more. `words` may complete what is typed."""


class TypedLines:
    """Lines typed at a terminal; Tab completes them."""

    def __init__(self) -> None:
        # Completion below the line, on demand: a menu would take a third of a small terminal.
        self._session: PromptSession[str] = PromptSession(
            complete_while_typing=False, complete_style=CompleteStyle.READLINE_LIKE
        )

    async def next(self, words: list[str]) -> str | None:
        completer = WordCompleter(words, ignore_case=True, sentence=True)
        try:
            return await self._session.prompt_async("> ", completer=completer)
        except (EOFError, KeyboardInterrupt):
            return None


class PipedLines:
    """Lines from a file or another program; what is not UTF-8 is read as far as it can be."""

    def __init__(self) -> None:
        self._source = FileIO(sys.stdin.fileno(), closefd=False)

    async def next(self, words: list[str]) -> str | None:
        loop = asyncio.get_running_loop()
        coming: asyncio.Future[bytes] = loop.create_future()

        def read() -> None:
            line = self._source.readline()
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(coming.set_result, line)

        # A thread that ends with the program: an interrupt must not wait for a line to come.
        Thread(target=read, daemon=True).start()
        line = await coming
        return line.decode("utf-8", "replace").rstrip("\r\n") if line else None


class Terminal:
    """One patient at one terminal."""

    def __init__(
        self,
        service: Service,
        store: Store,
        lines: Lines,
        paper: "Paper",
        language: str | None,
        painter: Painter | None = None,
    ) -> None:
        self._service = service
        self._store = store
        self._lines = lines
        self._paper = paper
        self._language = language
        self._painter = painter
        self._screen: Screen | None = None

    async def talk(self, clinic: str = "") -> None:
        """Talk until the lines end; everything said so far is kept for the next time."""
        await self._happens(Command("start", clinic))
        while (line := await self._lines.next(self._words())) is not None:
            happening = self._read(line)
            if happening is not None:
                await self._happens(happening)

    def _read(self, line: str) -> Happening | None:
        text = line.strip()
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            return Command(name.lower(), argument.strip())
        if text:
            return Words(line, whole=True)
        # An empty line is the natural way past a question that may be left out.
        past = next((one for one in self._buttons() if _verb(one) in ("keep", "skip")), None)
        return Tap(past.data, on_live=False) if past else None

    async def _happens(self, happening: Happening) -> None:
        event = Event(patient=ADDRESS, happening=happening, language=self._language)
        try:
            reply = await self._service.handle(event)
        except StoreError as error:
            self._paper.say(str(error))
            return
        except Exception as error:  # noqa: BLE001 - the patient is told, and can go on
            await self._service.set_aside(f"terminal:{uuid4()}", ADDRESS, type(error).__name__)
        else:
            if reply.notice:
                self._paper.say(reply.notice)
        await self._show_waiting()

    async def _show_waiting(self) -> None:
        for sending in await self._store.pending(ADDRESS):
            screen = Showing.from_json(sending.body).screen
            if screen.contact:
                pass  # there is no such button here: a number is typed
            elif screen.picture is None:
                self._screen = screen
                self._paper.show(screen)
            elif not screen.picture.passing:
                self._paper.show(screen)
            if screen.picture is not None and screen.picture.kind == PAGE:
                await self._lay_down(screen.picture)
            await self._store.sent(sending)

    async def _lay_down(self, page: Picture) -> None:
        """Write the page into the folder where this runs."""
        if self._painter is None:
            return
        try:
            planned = await self._painter.plan(page)
            made = await self._painter.image(planned)
            await asyncio.to_thread(Path(planned.name).write_bytes, made)
        except (OSError, ValueError, RuntimeError) as error:
            self._paper.say(f"The page cannot be written here ({type(error).__name__}).")
        else:
            self._paper.say(planned.name)

    def _buttons(self) -> tuple[Choice, ...]:
        return (*self._screen.choices, *self._screen.controls) if self._screen else ()

    def _words(self) -> list[str]:
        return [choice.label for choice in self._buttons()]


class Paper:
    """Where screens are printed. Lines that nobody sees on a terminal are not `wrapped`."""

    def __init__(self, console: Console, *, wrapped: bool) -> None:
        self._console = console
        self._wrapped = wrapped

    def say(self, line: str) -> None:
        """Print a plain line."""
        self._print(Text(line))

    def show(self, screen: Screen) -> None:
        """Print a screen: its text, its choices with what each means, what else can be typed."""
        text, details = apart(screen)
        self._print(Text())
        self._print(styled(text))
        if screen.choices:
            self._print(Text())
            self._choices(screen, details)
        typed = [*_numbers(screen.choices), *(control.label for control in screen.controls)]
        if typed:
            self._print(Text())
            self._print(Text(" · ".join(typed), style="dim"))
        if screen.attachment is not None:
            self._print(Text(_content(screen.attachment)))

    def _choices(self, screen: Screen, details: Mapping[int, str]) -> None:
        labels = [_label(choice, screen.choices) for choice in screen.choices]
        if screen.layout is Layout.SCALE:
            self._print(Text("  " + "  ".join(choice.label for choice in screen.choices)))
        elif self._wrapped and len(labels) > LIST_MAX:
            self._console.print(
                Columns(labels, padding=(0, 2), column_first=True), width=self._width
            )
        else:
            for choice, label in zip(screen.choices, labels, strict=True):
                self._print(Text(label))
                if choice.number is not None and choice.number in details:
                    indent = len(label) - len(choice.label)
                    self._print(styled(details[choice.number]), indent)

    def _print(self, text: Text, indent: int = 0) -> None:
        for line in text.split("\n", allow_blank=True):
            bullet = _BULLET.match(line.plain)
            hanging = len(bullet[0]) if bullet else 0
            pieces = line.wrap(self._console, self._width - indent - hanging)
            for place, piece in enumerate(pieces if self._wrapped else [line]):
                piece.rstrip()
                before = " " * (indent + (hanging if place else 0))
                self._console.print(Text(before) + piece, soft_wrap=True)

    @property
    def _width(self) -> int:
        return min(self._console.width, LINE_MAX)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave a closed pipe to whoever runs the command, instead of ending as if it failed."""
        raise BrokenPipeError


def here() -> tuple[Lines, Paper]:
    """What this program was started with: a terminal, or files and pipes in its place."""
    lines = TypedLines() if sys.stdin.isatty() else PipedLines()
    return lines, Paper(_Console(highlight=False), wrapped=sys.stdout.isatty())


def apart(screen: Screen) -> tuple[str, dict[int, str]]:
    """The text of a screen without what it says about single choices, and that by their numbers.

    A chat can only say it above the buttons; here each choice has room below it.
    """
    numbers = {choice.number for choice in screen.choices}
    details = {
        int(found[1]): found[2]
        for found in _DETAIL.finditer(screen.text)
        if int(found[1]) in numbers
    }
    text = _DETAIL.sub(lambda found: "" if int(found[1]) in details else found[0], screen.text)
    return _GAP.sub("\n\n", text).strip("\n"), details


def styled(text: str) -> Text:
    """Marked-up text for the terminal, without characters that could command it."""
    result = Text()
    style: list[str] = []
    for piece in _TAG.split(_UNPRINTABLE.sub(" ", text)):
        if piece in _STYLES:
            style.append(_STYLES[piece])
        elif piece.startswith("</"):
            style.pop()
        else:
            result.append(unescape(piece), style=" ".join(style))
    return result


def _label(choice: Choice, among: tuple[Choice, ...]) -> str:
    tick = "" if choice.ticked is None else "[x] " if choice.ticked else "[ ] "
    widest = max(len(str(one.number)) for one in among)
    number = "" if choice.number is None else f"{choice.number:>{widest}}  "
    return f"  {tick}{number}{choice.label}"


def _numbers(choices: tuple[Choice, ...]) -> list[str]:
    numbers = [choice.number for choice in choices if choice.number is not None]
    if len(numbers) < 2:
        return [str(number) for number in numbers]
    return [f"{min(numbers)}–{max(numbers)}"]


def _verb(choice: Choice) -> str:
    return choice.data.split(":")[1]


def _content(attachment: Attachment) -> str:
    text = attachment.media_type == "application/json" or attachment.media_type.startswith("text/")
    return attachment.content.decode("utf-8", "replace") if text else attachment.name
