"""Clinics and intakes to hand over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from bot.clinic.clinics import Clinic, LinkCode, WebhookKey
from bot.handover.signing import new_secret
from bot.intake.intake import (
    Consent,
    Findings,
    FlowVersion,
    Intake,
    Kind,
    Line,
    Named,
    Pathway,
    Person,
    Reason,
)
from bot.intake.reference import new_reference
from bot.store.clinic_contract import NewIntake
from bot.store.contract import Clinical, Effect, Store

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
SECRET_WORDS = "I cannot climb the stairs to my flat"

RANKS = {"emergency": 0, "same_day": 1, "two_weeks": 2, "routine": 3, "self_care": 4}


def clinic(name: str = "Riverside Physiotherapy", **more: Any) -> Clinic:
    slug = name.split(maxsplit=1)[0].lower()
    given: dict[str, Any] = {
        "id": uuid4(),
        "slug": slug,
        "name": name,
        "country": "GB",
        "language": "en",
        "time_zone": "Europe/London",
        "codes": (LinkCode(code=slug),),
        "webhook_keys": (WebhookKey(secret=new_secret()),),
        "created_at": NOW,
    }
    return Clinic(**given | more)


def intake(for_: Clinic, urgency: str = "routine", **more: Any) -> Intake:
    given: dict[str, Any] = {
        "id": uuid4(),
        "reference": new_reference(),
        "kind": Kind.EMERGENCY if urgency == "emergency" else Kind.INTAKE,
        "clinic": for_.id,
        "clinic_name": for_.name,
        "created_at": NOW,
        "language": "en",
        "patient_language": "en",
        "flow": FlowVersion(id="back-foot", version=1, hash="0" * 64),
        "answers": (
            Line(
                id="age",
                kind="one",
                section="about_you",
                topic="Age",
                question="How old are you?",
                answer="35_44",
                said="35 to 44",
            ),
            Line(
                id="goal",
                kind="text",
                section="your_goal",
                topic="Goal",
                question="What would you most like to do again without pain?",
                answer=SECRET_WORDS,
                said=SECRET_WORDS,
            ),
        ),
        "findings": Findings(
            urgency=Named(code=urgency, words="Book a planned visit"),
            rules=tuple(
                Reason(id=f"U3{number}", words=f"You told us about reason {number}.")
                for number in range(1, 6)
            ),
            link=Named(code="nerve", words="A nerve from the lower back"),
            pathways=(
                Pathway(
                    id="nerve",
                    title="A nerve from the lower back",
                    certainty=Named(code="possible", words="possible"),
                    points=4,
                    reasons=(Reason(id="N1", words="Pain travels into the foot.", points=3),),
                ),
            ),
        ),
        "advised": ("Book a visit with a clinician who looks at both.",),
        "consent": Consent(version="1", at=NOW, text="You agree that we send this."),
        "person": Person(name="Ana <b>Belén</b>", phone="+447700900123"),
    }
    return Intake(**given | more)


def new(of: Intake) -> NewIntake:
    rank = RANKS.get(of.urgency, 3)
    return NewIntake(
        id=str(of.id),
        reference=of.reference,
        clinic=str(of.clinic),
        body=of.to_json(),
        rank=rank,
        what=of.urgency or str(of.kind),
    )


def sends(*intakes: Intake) -> Callable[..., Effect]:
    """What a patient's yes does."""
    return lambda held, repeated: Effect(
        {"sent": True}, clinical=Clinical(intakes=tuple(new(one) for one in intakes))
    )


def withdraws(*ids: UUID) -> Callable[..., Effect]:
    return lambda held, repeated: Effect(
        {"sent": False}, clinical=Clinical(withdraw=tuple(str(id) for id in ids))
    )


async def sent(store: Store, of: Clinic, patient: str = "telegram:1:1001", **more: Any) -> Intake:
    """An intake that a patient has let a clinic have."""
    made = intake(of, **more)
    await store.apply(patient, None, sends(made))
    return made
