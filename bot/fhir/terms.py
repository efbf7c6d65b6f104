"""Addresses, extensions and small shared pieces of the FHIR resources.

The project's own addresses are names, not places: they never change, and nothing is fetched there.
"""

from typing import Any, Final, TypeAlias

Resource: TypeAlias = dict[str, Any]
"""A FHIR resource or element as plain JSON."""

BASE: Final = "https://plumbline.example/fhir"
"""The stem of the project's own canonical addresses (`.example` belongs to nobody, RFC 2606)."""

PUBLISHER: Final = "The Plumbline authors"

_CORE = "http://hl7.org/fhir/StructureDefinition"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
TRANSLATION: Final = f"{_CORE}/translation"
ITEM_CONTROL: Final = f"{_CORE}/questionnaire-itemControl"
ITEM_CONTROLS: Final = "http://hl7.org/fhir/questionnaire-item-control"
OPTION_EXCLUSIVE: Final = f"{_CORE}/questionnaire-optionExclusive"
SLIDER_STEP: Final = f"{_CORE}/questionnaire-sliderStepValue"
MIN_VALUE: Final = f"{_CORE}/minValue"
MAX_VALUE: Final = f"{_CORE}/maxValue"
ENABLE_WHEN_EXPRESSION: Final = f"{_SDC}/sdc-questionnaire-enableWhenExpression"


def dashed(id: str) -> str:
    """An id of the flow as FHIR takes it: there an underscore cannot stand in an id."""
    return id.replace("_", "-")


def questionnaire_url(flow: str) -> str:
    """The canonical address of a flow's Questionnaire, without its version."""
    return f"{BASE}/Questionnaire/{dashed(flow)}"


def system(flow: str, name: str) -> str:
    """A code system of the flow that is not the answers to one question: `questions`, `rules`."""
    return f"{BASE}/CodeSystem/{dashed(flow)}-{dashed(name)}"


def answers_system(flow: str, question: str) -> str:
    """The code system of the answers to one question.

    One for each question, because the same code can mean different things: `foot` is where it
    hurts and how far the pain in a leg goes.
    """
    return f"{BASE}/CodeSystem/{dashed(flow)}.{dashed(question)}"


def answer_coding(flow: str, question: str, code: str) -> Resource:
    """An answer, without its words."""
    return {"system": answers_system(flow, question), "code": code}


def section_link(section: str, turn: int = 1) -> str:
    """The linkId of a section's group; `turn` counts groups of one section that stand apart."""
    return f"section.{section}" if turn == 1 else f"section.{section}.{turn}"
