"""What the tests of the FHIR forms share: the packaged flow and its Questionnaire."""

from __future__ import annotations

from typing import Any

from bot.fhir.questionnaire import questionnaire
from content.countries import load_countries
from content.loader import languages, load_content
from flows.loader import load_flow
from flows.models import Flow

FLOW = load_flow()
CONTENTS = {code: load_content(code, FLOW) for code in languages()}
COUNTRY = load_countries().of("GB")


def form_of(flow: Flow, language: str = "en") -> dict[str, Any]:
    """The Questionnaire of a flow with the questions of the packaged one."""
    return questionnaire(flow, CONTENTS, language, COUNTRY)


FORM = form_of(FLOW)
