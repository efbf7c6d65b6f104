"""The pictures in the documentation are the ones that are drawn today."""

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from bot.pictures.drawing import Drawing
from tests.pictures.examples import FOLDER, examples, small

MEAN = 2.0
"""How far all pixels may be off on average, of 255: another version of typst smooths differently."""

FAR, MOST_FAR = 60, 0.004
"""Which pixels count as wrong, once edges are smoothed, and how large a part of them may be."""

EXAMPLES = dict(examples())


def differ(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The mean difference, and the part of pixels that are wrong."""
    smooth = ImageFilter.GaussianBlur(1.2)
    a, b = (image.convert("RGB").filter(smooth) for image in (one, other))
    apart = ImageChops.difference(a, b).convert("L")
    counts = apart.histogram()
    return ImageStat.Stat(apart).mean[0], sum(counts[FAR:]) / sum(counts)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_looks_as_it_was_approved(name: str) -> None:
    with Image.open(FOLDER / f"{name}.png") as golden:
        drawn = small(EXAMPLES[name])
        assert drawn.size == golden.size
        mean, wrong = differ(drawn, golden)
    assert mean < MEAN
    assert wrong < MOST_FAR


def test_a_picture_with_one_mark_on_the_other_side_is_noticed() -> None:
    drawn = EXAMPLES["nerve-l4"]
    swapped = Drawing(
        drawn.language,
        drawn.height,
        drawn.svg.replace("scale(-1 1)", "scale(1 1)"),
        drawn.headings,
        drawn.columns,
        drawn.fixed,
    )
    mean, wrong = differ(small(swapped), small(drawn))
    assert mean > MEAN or wrong > MOST_FAR


def test_nothing_lies_there_that_is_not_compared() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(EXAMPLES)
