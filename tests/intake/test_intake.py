"""The snapshot: whole, frozen, and readable for ever."""

from __future__ import annotations

import json
from os import environ
from subprocess import check_output
from sys import executable
from typing import Any

import pytest
from pydantic import ValidationError

from bot.intake.intake import FORMAT, Intake, Kind
from bot.intake.making import digest_of, version_of
from bot.intake.summary import summary, top_reasons
from content.loader import languages
from flows.conversation import Conversation
from flows.fingerprint import protocol_fingerprint
from flows.models import Urgency
from tests.intake.making import AT, CONCERNS, FLOW, PATIENTS, conversation_of, intake_of, wording

EARLIEST: dict[str, Any] = {
    "format": 1,
    "id": "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
    "reference": "PL-7K3M-9QXH",
    "kind": "intake",
    "clinic": "11111111-1111-4111-8111-111111111111",
    "clinic_name": "Riverside",
    "created_at": "2026-11-25T09:30:00Z",
    "language": "en",
    "patient_language": "es",
    "flow": {"id": "back_foot", "version": 1, "hash": "0" * 64},
    "answers": [
        {
            "id": "complaints",
            "kind": "many",
            "section": "You",
            "topic": "Where",
            "question": "Where do you have pain?",
            "answer": ["back", "foot"],
            "said": "the back and the foot",
        },
        {
            "id": "foot_severity",
            "kind": "scale",
            "section": "Foot",
            "topic": "How bad",
            "question": "How bad is it?",
            "answer": 7,
            "said": "7 out of 10",
        },
    ],
    "findings": {
        "urgency": {"code": "routine", "words": "Routine"},
        "rules": [{"id": "R1", "words": "Because.", "points": 0}],
        "link": {"code": "none_found", "words": "No link found"},
        "pathways": [],
    },
    "advised": ["Book a visit."],
    "consent": {"version": "1", "at": "2026-11-25T09:30:00Z", "text": "This is what they get"},
    "person": {"name": "Ada Lovelace", "phone": None},
    "replaces": None,
    "follows": None,
    "follow_up": [],
}
"""The first form that was ever stored. Never changed: a later version must read it."""


def test_the_first_form_is_still_read() -> None:
    intake = Intake.from_json(json.loads(json.dumps(EARLIEST)))
    assert intake.answer("complaints").answer == ("back", "foot")  # type: ignore[union-attr]
    assert intake.answer("foot_severity").answer == 7  # type: ignore[union-attr]
    assert (intake.kind, intake.urgency) == (Kind.INTAKE, "routine")
    assert intake.to_json() == EARLIEST


def test_what_a_later_version_may_have_dropped_or_added_is_read() -> None:
    fewer = {name: EARLIEST[name] for name in EARLIEST if name not in ("replaces", "follow_up")}
    assert Intake.from_json({**fewer, "new": 1}) == Intake.from_json(EARLIEST)


def test_a_later_format_is_refused() -> None:
    with pytest.raises(ValueError, match="later format"):
        Intake.from_json({**EARLIEST, "format": FORMAT + 1})


def test_what_is_no_intake_is_refused() -> None:
    for body in ({}, {**EARLIEST, "created_at": "2026-11-25T09:30:00"}, {**EARLIEST, "id": "x"}):
        with pytest.raises(ValueError):  # noqa: PT011 - what pydantic says is not ours
            Intake.from_json(body)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        intake_of(next(iter(PATIENTS))).reference = "PL-AAAA-AAAA"  # type: ignore[misc]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("patient", PATIENTS)
def test_every_patients_intake_is_whole_and_survives_json(patient: str, language: str) -> None:
    intake = intake_of(patient, language)
    expected = PATIENTS[patient].expect
    assert Intake.from_json(json.loads(json.dumps(intake.to_json()))) == intake
    assert intake.urgency == expected.urgency
    assert (intake.kind is Kind.EMERGENCY) is (expected.urgency == "emergency")
    assert intake.findings is not None
    assert {rule.id for rule in intake.findings.rules} >= set(expected.rules)
    assert intake.findings.link.code == expected.link
    words = [
        *(line.said for line in intake.answers),
        *(line.question for line in intake.answers),
        *(reason.words for reason in intake.findings.rules),
        *(reason.words for one in intake.findings.pathways for reason in one.reasons),
    ]
    for text in words:
        assert text.strip()
        assert not set("{}<>") & set(text), text
    first = intake.findings.rules[0]
    rule = FLOW.rule_by_id[first.id]
    assert Urgency(intake.urgency) in (rule.urgency, rule.raised.to if rule.raised else None)
    told = summary(intake)
    for line in intake.answers:
        assert f"- {line.topic}: {line.said}" in told
    assert all(reason in told for reason in top_reasons(intake))


def test_out_of_scope_there_is_nothing_to_send() -> None:
    from bot.intake.intake import Consent, Person  # noqa: PLC0415
    from bot.intake.making import Issue, take_intake  # noqa: PLC0415

    with pytest.raises(ValueError, match="nothing that a clinic could be sent"):
        take_intake(
            wording(),
            version_of(FLOW, CONCERNS),
            Conversation(answers={"age": "under_18"}, agreed=True),
            Issue(EARLIEST["id"], "PL-7K3M-9QXH", AT),
            person=Person(name="Ada"),
            consent=Consent(version="1", at=AT, text="x"),
            patient_language="en",
            advised=(),
        )


def test_the_flows_hash_tells_protocols_apart() -> None:
    whole = version_of(FLOW, CONCERNS).hash
    other = FLOW.model_copy(update={"tie_order": FLOW.tie_order[::-1]})
    assert version_of(other, CONCERNS).hash != whole
    assert version_of(FLOW, CONCERNS[:-1]).hash != whole


def test_the_flows_hash_is_the_fingerprint_that_is_signed_off_in_every_process() -> None:
    said = "from tests.intake.making import *; print(version_of(FLOW, CONCERNS).hash)"
    hashes = {
        check_output(
            [executable, "-c", said], env={**environ, "PYTHONHASHSEED": seed}, text=True
        ).strip()
        for seed in ("1", "2")
    }
    assert hashes == {protocol_fingerprint(FLOW, CONCERNS)}


def test_the_digest_tells_answers_apart() -> None:
    conversations = [conversation_of(patient) for patient in PATIENTS.values()]
    digests = {digest_of(FLOW, one) for one in conversations}
    assert len(digests) == len(
        {json.dumps(dict(one.answers), sort_keys=True) for one in conversations}
    )
