"""The snapshot of one hand-over: what was answered, found, advised and consented to, frozen.

It holds words and codes side by side: the codes for programs, the words as the patient read them,
so that it can be read for ever, whatever becomes of the flow and the texts. Every form in which an
intake leaves (JSON, CSV, FHIR, the page, the message to the staff) is made from it alone.

A later version of these models still reads the earlier ones: a new field has a default, and what
is not known is left out in reading.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Json: TypeAlias = dict[str, Any]

FORMAT = 1
"""The version of the stored form."""


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value


Time: TypeAlias = Annotated[datetime, AfterValidator(_with_zone)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Kind(StrEnum):
    """What the clinic is told."""

    INTAKE = "intake"
    """A finished interview with its result."""
    EMERGENCY = "emergency"
    """An interview that ended at the emergency screen; the patient was told what to do now."""
    FOLLOW_UP = "follow_up"
    """How it is two weeks after an intake."""


class FlowVersion(_Part):
    """The flow that read the answers. ``hash`` is of its content, 64 hex digits (SHA-256)."""

    id: str
    version: int
    hash: str


class Line(_Part):
    """One answer: the question, and what was said, in words and as stored.

    ``answer`` is a code, a list of codes, a number or the patient's own text, as ``kind`` says
    (one, many, scale, text). ``question``, ``topic`` and ``said`` are the words the patient read,
    without markup.
    """

    id: str
    kind: str
    section: str
    topic: str
    question: str
    answer: str | int | tuple[str, ...]
    said: str


class Named(_Part):
    """A code with the words that the patient read for it."""

    code: str
    words: str


class Reason(_Part):
    """Why: the id of a rule or an item, and its sentence as the patient read it.

    ``points`` are those an item counted with, negative where it speaks against; 0 for a rule.
    """

    id: str
    words: str
    points: int = 0


class Pathway(_Part):
    """One way in which back and foot may be linked, with what speaks for and against it."""

    id: str
    title: str
    certainty: Named
    points: int
    reasons: tuple[Reason, ...]


class Findings(_Part):
    """What the answers mean: how soon, why, and what the link may be.

    ``rules`` are all that hold, those that gave the urgency first. At an emergency ``link`` is
    ``not_assessed`` with no words.
    """

    urgency: Named
    rules: tuple[Reason, ...]
    link: Named
    pathways: tuple[Pathway, ...] = ()


class Consent(_Part):
    """What the patient agreed to: the exact text shown, and the version of its wording."""

    version: str
    at: Time
    text: str


class Person(_Part):
    """Who it is, as they said themselves. ``phone`` is in E.164 form, such as ``+447700900123``."""

    name: str
    phone: str | None = None


class Said(_Part):
    """One answer of a follow-up, in code and words."""

    id: str
    question: str
    code: str
    words: str


class Intake(_Part):
    """One hand-over to one clinic.

    ``id`` is the same at every receiver and every attempt: what comes twice is recognised by it.
    ``replaces`` is the reference of an earlier intake whose answers this one corrects, ``follows``
    that of the intake a follow-up belongs to. ``language`` is that of all words in it, the clinic's
    where it is spoken here; ``patient_language`` is the one the patient was asked in, and in which
    the consent's text is. ``advised`` is what the patient was told to do, message by message.
    ``follow_up`` holds the answers of a follow-up and is empty for every other kind.
    """

    format: int = FORMAT
    id: UUID
    reference: str
    kind: Kind
    clinic: UUID
    clinic_name: str
    created_at: Time
    language: str
    patient_language: str
    flow: FlowVersion
    answers: tuple[Line, ...]
    findings: Findings | None
    advised: tuple[str, ...]
    consent: Consent
    person: Person
    replaces: str | None = None
    follows: str | None = None
    follow_up: tuple[Said, ...] = Field(default=())

    @property
    def urgency(self) -> str:
        """The code of the urgency; empty where nothing was assessed, as in a follow-up."""
        return self.findings.urgency.code if self.findings else ""

    def answer(self, question: str) -> Line | None:
        """What was answered to a question; None if it was not asked."""
        return next((line for line in self.answers if line.id == question), None)

    def to_json(self) -> Json:
        """The stored form, which is also what leaves as JSON."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the stored form.

        Raises:
            ValueError: it is no intake that this version can read.
        """
        if body.get("format", FORMAT) > FORMAT:
            raise ValueError("an intake of a later format")
        return cls.model_validate(body)
