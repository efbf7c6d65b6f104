"""The flow's own test patients: answers and what they must lead to, kept beside the flow.

The program runs them before it serves anybody and refuses to start if one comes out differently.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from flows.assessment import assess_sheet
from flows.errors import FlowError
from flows.loader import packaged_protocol, read_document, refuse
from flows.models import Certainty, Flow, Id, Kind
from flows.yaml_lines import Document, Path

PATIENTS = "patients.yaml"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExpectedPathway(_Model):
    """A pathway that must be found, with its points and items in the protocol's order."""

    pathway: Id
    certainty: Certainty
    points: int
    items: tuple[Id, ...]


class Expected(_Model):
    """What an assessment must say; `asked`, where it is given, the questions in their order."""

    urgency: Id
    rules: tuple[Id, ...]
    link: Id
    pathways: tuple[ExpectedPathway, ...]
    asked: tuple[Id, ...] | None = None


class Patient(_Model):
    """One test patient: the sheet that `like` names, changed by `answers`, and what is expected."""

    id: Id
    about: str
    like: Id
    answers: dict[Id, str | list[str]]
    expect: Expected


@dataclass(frozen=True, slots=True)
class TestPatient:
    """A test patient with the whole sheet of answers."""

    __test__ = False  # pytest: not a test class

    id: str
    about: str
    sheet: Mapping[str, object]
    expect: Expected


@dataclass(frozen=True, slots=True)
class Difference:
    """A test patient that came out differently, in one line."""

    patient: str
    text: str


def load_patients(flow: Flow, folder: Traversable | None = None) -> tuple[TestPatient, ...]:
    """The test patients of a flow's folder; without one, of the packaged protocol.

    Raises:
        FlowError: the file is broken, names something unknown, or an id stands twice.
    """
    document = read_document(folder if folder is not None else packaged_protocol(), PATIENTS)
    sheets = document.data.get("sheets")
    patients = document.data.get("patients")
    if not isinstance(sheets, dict) or not isinstance(patients, list) or not patients:
        raise FlowError("needs sheets and patients", file=PATIENTS, line=1)
    read: dict[str, TestPatient] = {}
    for place, raw in enumerate(patients):
        path = ("patients", place)
        id = str(raw.get("id", "")) if isinstance(raw, dict) else ""
        try:
            patient = Patient.model_validate(raw)
        except ValidationError as error:
            raise refuse(error, document, path, id) from None
        if patient.id in read:
            raise _wrong("two patients with one id", document, path, id)
        if not isinstance(sheets.get(patient.like), dict):
            raise _wrong(f"no such sheet: {patient.like}", document, path, id)
        sheet = {**sheets[patient.like], **patient.answers}
        unknown = next(_unknown(flow, sheet, patient.expect), None)
        if unknown:
            raise _wrong(unknown, document, path, id)
        read[id] = TestPatient(id, patient.about, _typed(flow, sheet), patient.expect)
    return tuple(read.values())


def _wrong(reason: str, document: Document, path: Path, id: str) -> FlowError:
    return FlowError(reason, file=document.file, line=document.line(path), id=id)


def first_difference(flow: Flow, patient: TestPatient) -> str:
    """How one test patient comes out differently, in one line; "" if as expected."""
    return _difference(patient, assess_sheet(flow, patient.sheet))


def run_patients(flow: Flow, patients: tuple[TestPatient, ...]) -> tuple[Difference, ...]:
    """The test patients whose assessment differs from what is expected of them."""
    return tuple(
        Difference(patient.id, text)
        for patient in patients
        if (text := _difference(patient, assess_sheet(flow, patient.sheet)))
    )


def _difference(patient: TestPatient, found: Mapping[str, Any]) -> str:
    expected = patient.expect.model_dump(mode="json", exclude_none=True)
    if "urgency" not in found:
        return f"{patient.id}: {found.get('error') or found.get('outcome')}"
    for key in expected:
        if found[key] != expected[key]:
            return f"{patient.id}: {key} is {found[key]}, expected {expected[key]}"
    return ""


def _unknown(flow: Flow, sheet: Mapping[str, Any], expect: Expected) -> Iterator[str]:
    for id in sheet:
        if id not in flow.question_by_id:
            yield f"no such question: {id}"
    for rule in expect.rules:
        if rule not in flow.rule_by_id:
            yield f"no such rule: {rule}"
    for found in expect.pathways:
        if found.pathway not in flow.pathway_by_id:
            yield f"no such pathway: {found.pathway}"


def _typed(flow: Flow, sheet: Mapping[str, Any]) -> dict[str, object]:
    """YAML keeps every scalar as text; a scale's answer is a number."""
    typed: dict[str, object] = {}
    for id, raw in sheet.items():
        number = flow.question_by_id[id].kind is Kind.SCALE and str(raw).isdecimal()
        typed[id] = int(raw) if number else raw
    return typed
