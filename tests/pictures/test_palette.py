"""Contrast as WCAG 2 computes it, and colours that stay apart for people who see few of them."""

from itertools import combinations

import pytest

from bot.pictures import palette

Colour = tuple[float, float, float]

# Brettel-style single matrices for full protanopia, deuteranopia and tritanopia on linear RGB
# (Machado, Oliveira and Fernandes 2009, doi 10.1109/TVCG.2009.113, severity 1.0).
SEEN_BY = {
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopes": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopes": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopes": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Colour:
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def luminance(colour: Colour) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(linear(one)), luminance(linear(other))))
    return (light + 0.05) / (dark + 0.05)


def seen(colour: str, who: str) -> Colour:
    rgb = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True))))
        for row in SEEN_BY[who]
    )
    return red, green, blue


def lab(colour: Colour) -> Colour:
    red, green, blue = colour
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "behind"), palette.TEXT_ON)
def test_text_is_legible(text: str, behind: str) -> None:
    assert contrast(text, behind) >= 4.5  # WCAG 2.2, 1.4.3, level AA


@pytest.mark.parametrize(("mark", "behind"), palette.MARKS_ON)
def test_marks_are_seen(mark: str, behind: str) -> None:
    assert contrast(mark, behind) >= 3  # WCAG 2.2, 1.4.11, level AA


@pytest.mark.parametrize("who", SEEN_BY)
def test_what_was_felt_and_what_was_found_stay_apart(who: str) -> None:
    for one, other in combinations((palette.FELT, palette.NERVE, palette.CHAIN, palette.BODY), 2):
        a, b = lab(seen(one, who)), lab(seen(other, who))
        apart = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert apart > 20, (one, other)  # CIE 1976; some 2 are just noticed, 10 at a glance
