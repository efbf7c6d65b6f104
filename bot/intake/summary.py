"""An intake as plain text, for a terminal or a message: everything that is in it, urgent first."""

from __future__ import annotations

from collections.abc import Iterator

from bot.intake.intake import Findings, Intake


def summary(intake: Intake) -> str:
    """The whole intake, in its own language where it has words of its own."""
    return "\n".join(_lines(intake)) + "\n"


def top_reasons(intake: Intake, most: int = 3) -> tuple[str, ...]:
    """Why it is urgent and what speaks for the link, the weightiest first."""
    if intake.findings is None:
        return ()
    pathways = [
        reason.words
        for pathway in intake.findings.pathways
        for reason in sorted(pathway.reasons, key=lambda one: -one.points)
        if reason.points > 0
    ]
    words = [rule.words for rule in intake.findings.rules] + pathways
    return tuple(dict.fromkeys(words))[:most]


def _lines(intake: Intake) -> Iterator[str]:
    yield f"{intake.reference}  {intake.kind}  {intake.created_at.isoformat(timespec='minutes')}"
    yield f"To: {intake.clinic_name}"
    phone = f", {intake.person.phone}" if intake.person.phone else ""
    yield f"From: {intake.person.name}{phone} (asked in: {intake.patient_language})"
    if intake.replaces:
        yield f"Replaces: {intake.replaces}"
    if intake.follows:
        yield f"Follows: {intake.follows}"
    if intake.findings is not None:
        yield from _findings(intake.findings)
    for said in intake.follow_up:
        yield f"{said.question}: {said.words}"
    section = ""
    for line in intake.answers:
        if line.section != section:
            section = line.section
            yield ""
            yield section.upper()
        yield f"- {line.topic}: {line.said}"
    yield ""
    yield f"Consent, version {intake.consent.version}, {intake.consent.at.isoformat(timespec='minutes')}"
    yield f"Flow {intake.flow.id}, version {intake.flow.version}, {intake.flow.hash[:12]}"


def _findings(findings: Findings) -> Iterator[str]:
    yield ""
    yield f"{findings.urgency.words.upper()} ({findings.urgency.code})"
    for rule in findings.rules:
        yield f"- {rule.words} [{rule.id}]"
    if findings.link.words:
        yield f"Link: {findings.link.words} ({findings.link.code})"
    for pathway in findings.pathways:
        yield f"{pathway.title}: {pathway.certainty.words} ({pathway.points} points)"
        for reason in pathway.reasons:
            yield f"- {reason.words} [{reason.id}, {reason.points:+d}]"
