"""What the tests of the FHIR forms share: the packaged flow and its Questionnaire."""

from __future__ import annotations

from typing import Any

from bot.fhir.questionnaire import questionnaire
from content.countries import load_countries
from content.loader import languages, load_content
from content.models import Content
from flows.loader import load_flow
from flows.models import Flow

FLOW = load_flow()
CONTENTS = {code: load_content(code, FLOW) for code in languages()}
COUNTRY = load_countries().of("GB")


def form_of(flow: Flow, language: str = "en") -> dict[str, Any]:
    """The Questionnaire of a flow; what it has no words for is called by its id."""
    return questionnaire(flow, {code: _worded(flow, CONTENTS[code]) for code in CONTENTS}, language, COUNTRY)


def _worded(flow: Flow, content: Content) -> Content:
    return content


FORM = form_of(FLOW)
