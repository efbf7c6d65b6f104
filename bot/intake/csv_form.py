"""Intakes as a table for a spreadsheet, one row each.

The columns are the same for ever, whatever becomes of the questions: a new question of a later
flow is one more pair of columns at the right, and one that is gone stays, empty. No cell begins a
formula: a spreadsheet that opens the file runs nothing that a patient has typed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from bot.intake.intake import Intake, Line

HEAD = (
    "reference",
    "id",
    "kind",
    "created_at",
    "clinic",
    "name",
    "phone",
    "urgency",
    "urgency_words",
    "rules",
    "link",
    "link_words",
    "pathways",
    "language",
    "patient_language",
    "flow",
    "flow_version",
    "flow_hash",
    "consent_version",
    "consent_at",
    "replaces",
    "follows",
    "follow_up",
)
"""The columns before the answers."""

QUESTIONS = (
    "age",
    "complaints",
    "sudden_danger",
    "saddle",
    "bladder",
    "bowel",
    "sexual",
    "both_legs",
    "weakness",
    "unwell",
    "cord_signs",
    "health",
    "injury",
    "limb_danger",
    "back_side",
    "back_duration",
    "back_began",
    "back_severity",
    "back_pattern",
    "inflammatory_signs",
    "leg_reach",
    "leg_side",
    "leg_feel",
    "leg_line",
    "walking",
    "toe_rise",
    "foot_side",
    "foot_place",
    "foot_timing",
    "foot_feel",
    "foot_duration",
    "foot_severity",
    "foot_load",
    "foot_care",
    "gait",
    "gait_order",
    "order",
    "impact",
    "goal",
)
"""Every question that was ever asked, in the order of its first version. Append only."""

_FORMULA = "=+-@＝＋－＠"
_BREAKS = ("\t", "\r", "\n")


def as_csv(intakes: Iterable[Intake]) -> str:
    """The table, with its head. UTF-8 with a mark at the beginning, as spreadsheets want it."""
    rows = list(intakes)
    questions = columns_of(rows)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([*HEAD, *(name for id in questions for name in (id, f"{id}_words"))])
    for intake in rows:
        cells = [*_head(intake), *_answers(intake, questions)]
        table.writerow([harmless(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def columns_of(intakes: Sequence[Intake]) -> tuple[str, ...]:
    """The ids of the questions that have columns, in their order."""
    asked = dict.fromkeys(QUESTIONS)
    for intake in sorted(intakes, key=lambda one: one.flow.version):
        asked.update(dict.fromkeys(line.id for line in intake.answers))
    return tuple(asked)


def harmless(cell: str) -> str:
    """A cell that a spreadsheet reads as text: what would begin a formula has a ' before it."""
    seen = (sign for sign in cell if sign.isprintable() and not sign.isspace())
    first = next(seen, "")
    return f"'{cell}" if cell.startswith(_BREAKS) or (first and first in _FORMULA) else cell


def _head(intake: Intake) -> list[str]:
    findings = intake.findings
    return [
        intake.reference,
        str(intake.id),
        intake.kind,
        intake.created_at.isoformat(timespec="seconds"),
        intake.clinic_name,
        intake.person.name,
        intake.person.phone or "",
        findings.urgency.code if findings else "",
        findings.urgency.words if findings else "",
        " ".join(rule.id for rule in findings.rules) if findings else "",
        findings.link.code if findings else "",
        findings.link.words if findings else "",
        " ".join(f"{one.id}:{one.certainty.code}:{one.points}" for one in findings.pathways)
        if findings
        else "",
        intake.language,
        intake.patient_language,
        intake.flow.id,
        str(intake.flow.version),
        intake.flow.hash,
        intake.consent.version,
        intake.consent.at.isoformat(timespec="seconds"),
        intake.replaces or "",
        intake.follows or "",
        " ".join(f"{said.id}:{said.code}" for said in intake.follow_up),
    ]


def _answers(intake: Intake, questions: Sequence[str]) -> list[str]:
    lines = {line.id: line for line in intake.answers}
    return [cell for id in questions for cell in _pair(lines.get(id))]


def _pair(line: Line | None) -> tuple[str, str]:
    if line is None:
        return "", ""
    code = " ".join(line.answer) if isinstance(line.answer, tuple) else str(line.answer)
    return code, line.said
