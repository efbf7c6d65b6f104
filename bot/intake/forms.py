"""The forms in which intakes leave as a file: one entry each, and nowhere else to be named."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.fhir.bundle import transaction_of
from bot.intake.csv_form import as_csv
from bot.intake.intake import Intake
from bot.wording import Wording
from content.countries import load_countries
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


def _pdf(intakes: Sequence[Intake]) -> bytes:
    # Only here, because typst takes its time to load.
    from bot.paper.page import page_pdf  # noqa: PLC0415
    from bot.views.page import page_of_intake  # noqa: PLC0415

    (intake,) = intakes
    flow = load_flow()
    content = load_content(intake.language, flow)
    # What depends on the country stands in the words that the patient was shown.
    wording = Wording(flow, content, load_countries().of(None), retention_days=0)
    page = page_of_intake(intake.to_json(), wording)
    return page_pdf(page, content, date=page.date)


FORMS: Final[Mapping[str, Form]] = {
    "json": Form("json", "application/json", _json),
    "csv": Form("csv", "text/csv", _csv),
    "fhir": Form("json", "application/fhir+json", _fhir),
    "pdf": Form("pdf", "application/pdf", _pdf, one=True),
}
"""By the name that ``intake export --format`` takes."""
