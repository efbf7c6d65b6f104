"""Takes the snapshot of an interview: codes from the flow, words from the content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from uuid import UUID

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
from bot.wording import Wording
from content.markup import Markup
from flows.answers import Answers, as_json
from flows.assessment import Assessment, Finding, assess, item_evidence, rule_evidence
from flows.concerns import Concern
from flows.conversation import Conversation, standing_of
from flows.fingerprint import protocol_fingerprint
from flows.interview import Standing
from flows.models import Basis, Flow, Outcome, Rule


@dataclass(frozen=True, slots=True)
class Issue:
    """What makes one intake a thing of its own: its id, its reference and its time (UTC)."""

    id: UUID
    reference: str
    at: datetime


def version_of(flow: Flow, concerns: Iterable[Concern]) -> FlowVersion:
    """The flow's version, with the fingerprint of the whole protocol: the one that is signed off."""
    return FlowVersion(id=flow.id, version=flow.version, hash=protocol_fingerprint(flow, concerns))


def digest_of(flow: Flow, conversation: Conversation) -> str:
    """A short name for the answers in force, to see whether they are the same as once before."""
    answers = standing_of(flow, conversation).answers
    told = dumps({id: as_json(answer) for id, answer in answers.items()}, sort_keys=True)
    return sha256(f"{flow.id}:{told}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def take_intake(
    wording: Wording,
    version: FlowVersion,
    conversation: Conversation,
    issue: Issue,
    *,
    person: Person,
    consent: Consent,
    patient_language: str,
    advised: Sequence[str],
    replaces: str | None = None,
) -> Intake:
    """The snapshot of a finished interview, in the words of ``wording``, for its clinic.

    Raises:
        ValueError: a question is still open, it ended out of scope, or there is no clinic.
    """
    clinic = wording.clinic
    standing = standing_of(wording.flow, conversation)
    assessment = assess(wording.flow, standing)
    if clinic is None or assessment.urgency is None:
        raise ValueError("there is nothing that a clinic could be sent")
    emergency = standing.outcome is Outcome.EMERGENCY
    return Intake(
        id=issue.id,
        reference=issue.reference,
        kind=Kind.EMERGENCY if emergency else Kind.INTAKE,
        clinic=clinic.id,
        clinic_name=clinic.name,
        created_at=issue.at,
        language=wording.content.code,
        patient_language=patient_language,
        flow=version,
        answers=answer_lines(wording, standing.answers),
        findings=findings_of(wording, standing, assessment),
        advised=tuple(advised),
        consent=consent,
        person=person,
        replaces=replaces,
    )


def answer_lines(wording: Wording, answers: Answers) -> tuple[Line, ...]:
    """The answers in force, in the order in which they were asked."""
    lines = []
    for id, answer in answers.items():
        question = wording.flow.question_by_id[id]
        words = wording.content.question(id)
        lines.append(
            Line(
                id=id,
                kind=question.kind,
                section=wording.content.questions.sections[question.section],
                topic=words.topic,
                question=words.ask.plain(),
                answer=answer,
                said=wording.said(id, answer),
            )
        )
    return tuple(lines)


def findings_of(wording: Wording, standing: Standing, assessment: Assessment) -> Findings:
    """What the answers mean, in codes and words."""
    results = wording.content.results
    urgency = str(assessment.urgency)
    link = results.links.get(assessment.link)
    return Findings(
        urgency=Named(code=urgency, words=results.urgency[urgency].word),
        rules=_rules(wording, standing, assessment),
        link=Named(code=assessment.link, words=link.title.plain() if link else ""),
        pathways=tuple(
            _pathway(wording, finding, standing.answers) for finding in assessment.pathways
        ),
    )


def _rules(wording: Wording, standing: Standing, assessment: Assessment) -> tuple[Reason, ...]:
    def gave_it(rule: Rule) -> bool:
        given = rule.urgency if isinstance(rule.when, Basis) else rule.gives(standing.answers)
        return given is assessment.urgency

    rules = [wording.flow.rule_by_id[id] for id in assessment.rules]
    rules.sort(key=lambda rule: not gave_it(rule))
    return tuple(
        Reason(
            id=rule.id,
            words=wording.told(
                wording.content.results.rules[rule.id], rule_evidence(rule, standing.answers)
            ).plain(),
        )
        for rule in rules
    )


def _pathway(wording: Wording, finding: Finding, answers: Answers) -> Pathway:
    results = wording.content.results
    words = results.links[finding.pathway]
    certainty = words.likely if finding.certainty == "likely" else words.possible
    items = wording.flow.pathway_by_id[finding.pathway].items
    return Pathway(
        id=finding.pathway,
        title=words.title.plain(),
        certainty=Named(code=finding.certainty, words=(certainty or Markup()).plain()),
        points=finding.points,
        reasons=tuple(
            Reason(
                id=item.id,
                words=wording.told(results.reasons[item.id], item_evidence(item, answers)).plain(),
                points=sum(term.points for term in item.counting(answers)),
            )
            for item in items
            if item.id in finding.items
        ),
    )
