"""Sets words and drawings with typst, in the fonts that are shipped.

typst and what it keeps take some 60 MB, so it is loaded only where something is set. The bot has
that done in a process of its own (`bot.press`).

Whatever a person wrote reaches typst only as data: a template reads it from JSON and never as
markup. Characters that no shipped font has are shown as a question mark in a lozenge, because an accessible PDF may not
hold a character that cannot be shown.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from bot.glyphs import characters_of

if TYPE_CHECKING:
    import typst

Json = Any
Format = Literal["png", "pdf", "svg"]


class Typeset(Protocol):
    """Whatever sets: `typeset` itself, or somebody who has it done elsewhere."""

    def __call__(
        self,
        template: bytes,
        data: Json,
        *,
        form: Format,
        ppi: float = 144.0,
        standard: str | None = None,
    ) -> bytes:
        """A template filled with data. Raises ``RuntimeError`` when it cannot be set."""


FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari")
"""In the order in which a character is looked for. All are under the SIL Open Font License."""

MISSING = "\ufffd"
"""Stands for a character that no shipped font has."""

_INVISIBLE = frozenset("\u200c\u200d\u200e\u200f\u2060\u00ad")
"""Characters that shape or direct text; they are dropped where no font has them."""


def typeset(
    template: bytes, data: Json, *, form: Format, ppi: float = 144.0, standard: str | None = None
) -> bytes:
    """A template filled with data. Quick, but to be called in a thread: it keeps a core busy.

    ``ppi`` is dots per inch, for PNG only; ``standard`` the PDF standard that must be met.

    Raises:
        typst.TypstError: it cannot be set, or does not meet the standard; a ``RuntimeError``.
    """
    import typst  # noqa: PLC0415 - see above

    made = typst.compile(
        template,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format=form,
        ppi=ppi,
        sys_inputs=_inputs(data),
        # The list of the types is longer than what is needed here.
        pdf_standards=[standard] if standard else [],  # type: ignore[list-item]
        timestamp=0,
    )
    assert isinstance(made, bytes)  # noqa: S101 - a template of several pages would be ours
    return made


def notes(template: bytes, data: Json) -> list[Json]:
    """What a template notes about itself with ``metadata``, in order."""
    import typst  # noqa: PLC0415 - see above

    found = typst.query(
        template,
        "metadata",
        field="value",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=_inputs(data),
    )
    read: list[Json] = json.loads(found)
    return read


def showable(text: str) -> str:
    """The text with `MISSING` for each character that no shipped font has."""
    return _unknown().sub(lambda found: "" if found[0] in _INVISIBLE else MISSING, text)


def _inputs(data: Json) -> dict[str, str]:
    return {"data": json.dumps(_shown(data), ensure_ascii=False)}


def _shown(data: Json) -> Json:
    """The same data with every text showable."""
    if isinstance(data, str):
        return showable(data)
    if isinstance(data, dict):
        return {key: _shown(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_shown(value) for value in data]
    return data


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 - see above

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path.parent) for path in _font_files()][:1],
    )


@cache
def _unknown() -> re.Pattern[str]:
    """Any character that no shipped font has; arrows are drawn where there is no letter for them."""
    known = {"\n", "\t", "→", "←"}
    for path in _font_files():
        if path.name.endswith("-Regular.ttf"):
            known.update(characters_of(path.read_bytes()))
    return re.compile(f"[^{''.join(map(re.escape, sorted(known)))}]")


def _font_files() -> Iterable[Path]:
    with as_file(resources.files("content") / "fonts") as folder:
        return sorted(folder.glob("*.ttf"))
