"""The forms in which intakes leave as a file: one entry each, and nowhere else to be named."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.fhir.bundle import transaction_of
from bot.intake.csv_form import as_csv
from bot.intake.intake import Intake
from content.loader import languages, load_content
from flows.loader import load_flow


@dataclass(frozen=True, slots=True)
class Form:
    """How intakes become a file. ``suffix`` is that of its name, without a dot.

    A form for ``one`` takes a single intake, every other takes any number. ``write`` may raise
    ValueError, in one line, where it cannot be done.
    """

    suffix: str
    media_type: str
    write: Callable[[Sequence[Intake]], bytes]
    one: bool = False


def _json(intakes: Sequence[Intake]) -> bytes:
    told = [intake.to_json() for intake in intakes]
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(intakes: Sequence[Intake]) -> bytes:
    return as_csv(intakes).encode("utf-8", "replace")


def _fhir(intakes: Sequence[Intake]) -> bytes:
    flow = load_flow()
    contents = {code: load_content(code, flow) for code in languages()}
    told = transaction_of(intakes, flow, contents)
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


FORMS: Final[Mapping[str, Form]] = {
    "json": Form("json", "application/json", _json),
    "csv": Form("csv", "text/csv", _csv),
    "fhir": Form("json", "application/fhir+json", _fhir),
}
"""By the name that ``intake export --format`` takes."""
