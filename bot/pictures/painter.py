"""Makes what is drawn or printed; a picture only once, kept in a folder by its hash.

What is to be drawn is put together in a thread, and set in a process of its own (`bot.press`).

What lies in the folder is nobody's in particular: a picture shows codes, no name and no words of a
patient. It may be deleted at any time, and is drawn again when it is wanted. A page holds what one
patient said, so it is kept nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import TypeVar

from bot.paper.contents import PAGE, Page
from bot.paper.page import page_pdf
from bot.pictures.chain import chain_drawing
from bot.pictures.drawing import Drawing, png
from bot.pictures.findings import Findings, sides_of
from bot.pictures.pointing import FOOT_PLACE, LEG_LINE, foot_drawing, leg_drawing
from bot.press.press import Press
from bot.screens import Picture
from bot.typesetting import Typeset
from content.models import Content

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_BYTES = 200 * 1024 * 1024
"""How much the folder holds; the pictures not wanted for longest make room."""

LEFT_AFTER_ROOM = 0.8
"""What part of it is left when room was made."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A picture or a page that can be made, and the name of its file.

    `hash` is the same for all pictures that look the same; a page has none.
    """

    name: str
    hash: str
    draw: Callable[[Typeset], bytes]

    @property
    def is_page(self) -> bool:
        """Whether it is a PDF of one patient, and no picture."""
        return not self.hash


class Painter:
    """Draws pictures in the words of these contents; keeps them in a folder, or nowhere."""

    def __init__(
        self,
        contents: Mapping[str, Content],
        folder: Path | None,
        *,
        most_bytes: int = MOST_BYTES,
        press: Press | None = None,
    ) -> None:
        self._contents = contents
        self._shelf = None if folder is None else _Shelf(folder, most_bytes)
        self._press = press or Press()
        self._planning = ThreadPoolExecutor(1, thread_name_prefix="painter")
        # Beside planning, so that a picture that is there already waits for none that is drawn.
        self._drawing = ThreadPoolExecutor(1, thread_name_prefix="press")

    async def plan(self, picture: Picture) -> Planned:
        """What is to be drawn. Raises ``ValueError`` when it is no picture of ours."""
        return await _done_in(self._planning, lambda: self._plan(picture))

    async def image(self, planned: Planned) -> bytes:
        """The picture as PNG, or the page as PDF. Raises ``RuntimeError`` when it cannot be set."""
        kept = await _done_in(self._planning, lambda: self._kept(planned))
        if kept is not None:
            return kept
        return await _done_in(self._drawing, lambda: self._image(planned))

    def close(self) -> None:
        """Draw nothing more."""
        for threads in (self._planning, self._drawing):
            threads.shutdown(wait=False, cancel_futures=True)
        self._press.close()

    def _plan(self, picture: Picture) -> Planned:
        if picture.kind == PAGE:
            return self._plan_page(picture)
        drawing = drawing_of(picture, self._contents)
        return Planned(f"{picture.kind}.png", drawing.hash, lambda by: png(drawing, by=by))

    def _plan_page(self, picture: Picture) -> Planned:
        try:
            content = self._contents[picture.language]
        except KeyError:
            raise ValueError("a page in a language that is not spoken here") from None
        page = Page.model_validate(picture.about)
        date = datetime.now().astimezone().date().isoformat()
        name = f"{content.paper.page.file_name}-{date}.pdf"
        return Planned(name, "", lambda by: page_pdf(page, content, date=date, by=by))

    def _kept(self, planned: Planned) -> bytes | None:
        return None if planned.is_page or not self._shelf else self._shelf.take(planned.hash)

    def _image(self, planned: Planned) -> bytes:
        # Once more: it may have been drawn while this one waited for its turn.
        kept = self._kept(planned)
        if kept is not None:
            return kept
        image = planned.draw(self._press.typeset)
        if self._shelf is not None and not planned.is_page:
            self._shelf.put(planned.hash, image)
        return image


async def _done_in(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, work)


def drawing_of(picture: Picture, contents: Mapping[str, Content]) -> Drawing:
    """The drawing that a picture stands for. Raises ``ValueError`` when it is none of ours."""
    about = picture.about
    try:
        content = contents[picture.language]
        if picture.kind == FOOT_PLACE:
            return foot_drawing(about["side"], about["codes"], content)
        if picture.kind == LEG_LINE:
            return leg_drawing(sides_of(about["side"]), about["codes"], content)
        return chain_drawing(Findings.from_json(about), content)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a picture of ours: {picture.kind}") from error


class _Shelf:
    """Images on the disk. Whatever the disk does, pictures are still made."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._bytes: int | None = None
        self._lock = Lock()

    def take(self, hash_: str) -> bytes | None:
        path = self._folder / f"{hash_}.png"
        try:
            image = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return image or None

    def put(self, hash_: str, image: bytes) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whole or not at all: another worker may read it at any moment.
            with NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as file:
                file.write(image)
            Path(file.name).replace(self._folder / f"{hash_}.png")
            self._make_room(len(image))
        except OSError as error:
            log.warning("picture not kept", extra={"error": type(error).__name__})

    def _make_room(self, added: int) -> None:
        with self._lock:
            if self._bytes is not None and self._bytes + added <= self._most:
                self._bytes += added
                return
            files = []
            for path in self._folder.iterdir():
                with suppress(FileNotFoundError):
                    known = path.stat()
                    files.append((known.st_mtime, known.st_size, path))
            total = sum(size for _, size, _ in files)
            if total > self._most:
                for _, size, path in sorted(files):
                    if total <= self._most * LEFT_AFTER_ROOM:
                        break
                    path.unlink(missing_ok=True)
                    total -= size
            self._bytes = total
