"""A picture is drawn once, and whatever the disk does, it is drawn."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.pictures import painter as painting
from bot.pictures.drawing import Drawing, png
from bot.pictures.findings import Findings
from bot.pictures.painter import Painter
from bot.press.press import Press
from bot.screens import Picture
from bot.typesetting import Typeset
from content.models import Content
from tests.pictures.people import PEOPLE

ANA, BEN = (person.picture or Findings() for person in PEOPLE[:2])
CHAIN = Picture("chain", "en", ANA.to_json())
OTHER = Picture("chain", "en", BEN.to_json())


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was drawn: a language for each picture."""
    languages: list[str] = []

    def counted(drawing: Drawing, *, by: Typeset) -> bytes:
        languages.append(drawing.language)
        return png(drawing, by=by)

    monkeypatch.setattr(painting, "png", counted)
    return languages


@pytest.fixture
def painter(contents: dict[str, Content], tmp_path: Path) -> Iterator[Painter]:
    painter = Painter(contents, tmp_path / "pictures")
    yield painter
    painter.close()


async def image(painter: Painter, picture: Picture) -> bytes:
    return await painter.image(await painter.plan(picture))


async def test_a_picture_is_drawn_once(
    painter: Painter, drawn: list[str], contents: dict[str, Content], tmp_path: Path
) -> None:
    first = await image(painter, CHAIN)
    assert await image(painter, CHAIN) == first
    later = Painter(contents, tmp_path / "pictures")
    assert await image(later, CHAIN) == first
    later.close()
    assert len(drawn) == 1
    await image(painter, OTHER)
    assert len(drawn) == 2


async def test_a_picture_wanted_twice_at_the_same_time_is_drawn_once(
    painter: Painter, drawn: list[str]
) -> None:
    one, other = await asyncio.gather(image(painter, CHAIN), image(painter, CHAIN))
    assert one == other
    assert len(drawn) == 1


async def test_pictures_are_drawn_in_another_process_which_is_ended_at_the_end(
    contents: dict[str, Content],
) -> None:
    press = Press()
    painter = Painter(contents, None, press=press)
    await image(painter, CHAIN)
    assert press.pid not in (None, os.getpid())
    painter.close()
    assert press.pid is None


async def test_a_picture_that_is_there_waits_for_none_that_is_drawn(
    contents: dict[str, Content], tmp_path: Path
) -> None:
    press = Press(limit=60)
    painter = Painter(contents, tmp_path, press=press)
    there = await image(painter, CHAIN)
    assert press.pid is not None
    os.kill(press.pid, signal.SIGSTOP)
    other = asyncio.create_task(image(painter, OTHER))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(2):
        assert await image(painter, CHAIN) == there
    assert not other.done()
    os.kill(press.pid, signal.SIGCONT)
    assert await other != there
    painter.close()


async def test_the_name_of_a_picture_is_what_it_shows(painter: Painter) -> None:
    names = {
        (await painter.plan(picture)).hash
        for picture in (
            CHAIN,
            Picture("chain", "en", ANA.to_json(), passing=True),
            OTHER,
            Picture("chain", "es", ANA.to_json()),
        )
    }
    assert len(names) == 3


async def test_other_work_goes_on_while_a_picture_is_drawn(
    contents: dict[str, Content],
) -> None:
    painter = Painter(contents, None)
    drawing = asyncio.gather(*(image(painter, CHAIN) for _ in range(3)))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert len(set(drawing.result())) == 1
    assert turns > 10
    painter.close()


async def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(
    contents: dict[str, Content], tmp_path: Path, drawn: list[str]
) -> None:
    file = tmp_path / "pictures"
    file.write_text("no folder")
    painter = Painter(contents, file)
    assert await image(painter, CHAIN) == await image(painter, CHAIN)
    assert len(drawn) == 2
    painter.close()


async def test_an_image_that_was_cut_off_is_drawn_again(
    painter: Painter, drawn: list[str], tmp_path: Path
) -> None:
    first = await image(painter, CHAIN)
    (kept,) = (tmp_path / "pictures").iterdir()
    kept.write_bytes(b"")
    assert await image(painter, CHAIN) == first
    assert len(drawn) == 2


async def test_the_folder_stays_within_its_room(
    contents: dict[str, Content], tmp_path: Path
) -> None:
    painter = Painter(contents, tmp_path, most_bytes=700_000)
    for person in PEOPLE:
        if person.picture is not None:
            await image(painter, Picture("chain", "en", person.picture.to_json()))
            assert 0 < _size(tmp_path) <= 700_000
    painter.close()


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


@pytest.mark.parametrize(
    "picture",
    [
        Picture("chain", "xx", {}),
        Picture("foot_place", "en", {}),
        Picture("foot_place", "en", {"side": "up", "codes": ["arch"]}),
        Picture("chain", "en", {"pathways": [["nerve", "certain"]]}),
        Picture("chain", "en", {"foot": ["left"], "place": "elbow"}),
        Picture("page", "en", {"headline": "Soon"}),
    ],
)
async def test_what_is_no_picture_of_ours_is_refused(painter: Painter, picture: Picture) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts differ
        await painter.plan(picture)
