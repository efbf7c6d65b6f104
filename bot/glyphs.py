"""Which characters a TrueType font has: its `cmap` table, in the two forms that fonts use today."""

from collections.abc import Iterator
from struct import error as StructError  # noqa: N812 - it is an error
from struct import unpack_from


def characters_of(font: bytes) -> Iterator[str]:
    """Every character that the font has a shape for.

    Raises:
        ValueError: it is not a font, or has no table of characters in a form that is known.
    """
    try:
        yield from _characters(font)
    except (KeyError, StructError, OverflowError) as error:
        raise ValueError("not a font that can be read") from error


def _characters(font: bytes) -> Iterator[str]:
    (count,) = unpack_from(">H", font, 4)
    tables = {font[at : at + 4]: unpack_from(">I", font, at + 8)[0] for at in _steps(12, 16, count)}
    cmap = tables[b"cmap"]
    (count,) = unpack_from(">H", font, cmap + 2)
    starts = {unpack_from(">I", font, at + 4)[0] + cmap for at in _steps(cmap + 4, 8, count)}
    forms = {unpack_from(">H", font, start)[0]: start for start in starts}
    if 12 in forms:
        yield from _by_groups(font, forms[12])
    elif 4 in forms:
        yield from _by_segments(font, forms[4])
    else:
        raise ValueError("its characters are listed in a form that is not known")


def _by_groups(font: bytes, start: int) -> Iterator[str]:
    (count,) = unpack_from(">I", font, start + 12)
    for at in _steps(start + 16, 12, count):
        first, last = unpack_from(">II", font, at)
        yield from map(chr, range(first, last + 1))


def _by_segments(font: bytes, start: int) -> Iterator[str]:
    (twice,) = unpack_from(">H", font, start + 6)
    ends = unpack_from(f">{twice // 2}H", font, start + 14)
    firsts = unpack_from(f">{twice // 2}H", font, start + 16 + twice)
    for first, end in zip(firsts, ends, strict=True):
        yield from map(chr, range(first, min(end, 0xFFFE) + 1))


def _steps(start: int, length: int, count: int) -> range:
    return range(start, start + length * count, length)
