"""Intakes of the flow's own test patients, taken as the bot takes them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from bot.intake.intake import Consent, Intake, Person
from bot.intake.making import Issue, take_intake, version_of
from bot.wording import Wording
from content.countries import load_countries
from content.loader import load_content
from flows.concerns import load_concerns
from flows.conversation import Conversation
from flows.interview import walk
from flows.loader import load_flow
from flows.models import Flow, Question
from flows.patients import TestPatient, load_patients
from tests.clinic.making import RIVERSIDE

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
FLOW = load_flow()
CONCERNS = load_concerns(FLOW)
PATIENTS = {
    patient.id: patient
    for patient in load_patients(FLOW)
    if patient.expect.urgency != "out_of_scope"
}


@lru_cache
def wording(language: str = "en") -> Wording:
    country = load_countries().of("GB")
    return Wording(FLOW, load_content(language, FLOW), country, 90, RIVERSIDE)


def conversation_of(patient: TestPatient, flow: Flow = FLOW) -> Conversation:
    def look_up(question: Question) -> object:
        raw = patient.sheet.get(question.id, "" if question.id == "goal" else None)
        return None if raw is None else question.read(raw)

    answers = walk(flow, look_up).answers  # type: ignore[arg-type]
    return Conversation(answers=answers, agreed=True, confirmed=True)


def intake_of(
    patient: str,
    language: str = "en",
    *,
    name: str = "Ada Lovelace",
    phone: str | None = "+447700900123",
) -> Intake:
    """What this test patient's clinic gets."""
    return take_intake(
        wording(language),
        version_of(FLOW, CONCERNS),
        conversation_of(PATIENTS[patient]),
        Issue(UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"), "PL-7K3M-9QXH", AT),
        person=Person(name=name, phone=phone),
        consent=Consent(version="1", at=AT, text="This is what Riverside gets"),
        patient_language=language,
        advised=("Call us.",),
    )
