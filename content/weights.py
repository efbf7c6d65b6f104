"""What the words of a language weigh: how much each speaks for a concern, or for nothing at all.

`weights.txt` is made from lists of messages (`python -m tests.screening.training`), never by hand.
After its head, which says from when on something is heard, each line holds a sign of a message and
what it adds, in tenths, to each concern:

    numb<TAB>saddle 12 both_legs 9 harmless -4

A sign is a word as phrases.yaml reads it, two words that follow each other, the NAME of a list that
was found, the same with `no ` before it if it is denied, the <name> of a list of scopes, or
<silenced> for a phrase that is not meant. A message adds up its signs, each once. The sums are the
logits of a softmax over the concerns and `harmless`.
"""

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from zlib import crc32

from content.loader import ContentError, packaged_content

WEIGHTS = "weights.txt"
HARMLESS = "harmless"
ALWAYS = "*"
"""The sign that every message has."""

MOST_TENTHS = 63
"""The largest weight, either way."""

ALWAYS_MOST = 127
"""The largest weight of what every message has."""

LANE = 2
"""Bytes that each sum takes in `Weights.adds`: enough for 500 signs."""

_SHAPE = f"a sign, a tab, and concerns with tenths up to {MOST_TENTHS} belong here"


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one language, as small as they can be kept.

    `kinds` are the concerns and `HARMLESS`, `always` the tenths that every message has of each.
    `signs` are the hashes of the signs, in order; at the same places `adds` holds what each adds:
    for every kind `LANE` bytes with the tenths and `MOST_TENTHS` more, so that none is below zero
    and all kinds are added up as one number. `heard_above` and `harmless_below` are logarithms of
    the odds that something is meant: above the one a message is asked about, below the other no
    phrase counts, or no phrase of an emergency.
    """

    kinds: tuple[str, ...]
    always: tuple[int, ...]
    signs: "array[int]"
    adds: bytes
    heard_above: float
    harmless_below: float
    emergency_harmless_below: float


def hashed(sign: str) -> int:
    """What stands for a sign here, in 32 bits: thousands of strings would take more room."""
    return crc32(sign.encode("utf-8", errors="surrogatepass"))


def load_weights(
    code: str, concerns: Iterable[str], folder: Traversable | None = None
) -> Weights | None:
    """The weights of a language, for these ids of concerns; None if it has none.

    Raises:
        ContentError: a line cannot be read, names no concern, or stands twice.
    """
    source = (folder if folder is not None else packaged_content()) / code / WEIGHTS
    if not source.is_file():
        return None
    kinds = {kind: place for place, kind in enumerate((*concerns, HARMLESS))}
    lines = _lines(source)
    heard_above = _number(code, lines, "heard_above")
    harmless_below = _number(code, lines, "harmless_below")
    emergency_harmless_below = _number(code, lines, "emergency_harmless_below")
    weighed = {hashed(sign): row for sign, row in _weighed(code, lines, kinds)}
    always = weighed.pop(hashed(ALWAYS), _row(len(kinds)))
    signs = array("I", sorted(weighed))
    adds = array("H")
    for sign in signs:
        adds.extend(weighed[sign])
    if sys.byteorder == "big":
        adds.byteswap()
    return Weights(
        tuple(kinds),
        tuple(lane - MOST_TENTHS for lane in always),
        signs,
        adds.tobytes(),
        heard_above,
        harmless_below,
        emergency_harmless_below,
    )


def weights_text(code: str, folder: Traversable | None = None) -> str:
    """The lines of a language's weights without the comments; empty if it has none."""
    source = (folder if folder is not None else packaged_content()) / code / WEIGHTS
    return "\n".join(line for _, line in _lines(source)) if source.is_file() else ""


_Lines = Iterator[tuple[int, str]]


def _lines(source: Traversable) -> _Lines:
    """The lines that count, with their numbers."""
    for number, line in enumerate(source.read_text(encoding="utf-8").split("\n"), start=1):
        if line and not line.startswith("# "):
            yield number, line


def _number(code: str, lines: _Lines, name: str) -> float:
    number, line = next(lines, (None, ""))
    given, _, value = line.partition("\t")
    try:
        if given != name:
            raise ValueError
        return float(value)
    except ValueError:
        raise _refused(code, number, f"{name}, a tab and a number belong here") from None


def _weighed(
    code: str, lines: _Lines, kinds: Mapping[str, int]
) -> Iterator[tuple[str, "array[int]"]]:
    empty = _row(len(kinds))
    seen: set[int] = set()
    for number, line in lines:
        sign, tab, weights = line.partition("\t")
        most = ALWAYS_MOST if sign == ALWAYS else MOST_TENTHS
        given = weights.split(" ")
        row = empty[:]
        try:
            for kind, weight in zip(given[::2], given[1::2], strict=True):
                tenths = int(weight)
                if not -MOST_TENTHS <= tenths <= most:
                    raise ValueError
                row[kinds[kind]] = tenths + MOST_TENTHS
        except KeyError as error:
            raise _refused(code, number, f"{error.args[0]} is no concern") from None
        except ValueError:
            raise _refused(code, number, _SHAPE) from None
        key = hashed(sign)
        if not tab:
            raise _refused(code, number, _SHAPE)
        if key in seen:
            raise _refused(code, number, f"{sign!r} stands twice")
        seen.add(key)
        yield sign, row


def _row(size: int) -> "array[int]":
    """What a sign adds that adds nothing."""
    return array("H", [MOST_TENTHS] * size)


def _refused(code: str, line: int | None, reason: str) -> ContentError:
    return ContentError(reason, file=f"{code}/{WEIGHTS}", line=line)
