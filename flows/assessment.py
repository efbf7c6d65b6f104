"""How urgent it is and how back and foot may be linked (protocol sections 2 and 3).

Pure and deterministic: the same answers always give the same assessment, with the rules and items
that led to it. The points are an expert-set ordering, not a validated score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flows.answers import SKIPPED, Answer, AnswerError
from flows.conditions import Evidence, merged
from flows.interview import Standing, walk
from flows.models import (
    Basis,
    Certainty,
    Flow,
    Item,
    Kind,
    Outcome,
    Pathway,
    Question,
    Rule,
    Urgency,
)

NOT_ASSESSED: Final = "not_assessed"
NONE_FOUND: Final = "none_found"
MIXED: Final = "mixed"


@dataclass(frozen=True, slots=True)
class Finding:
    """A pathway that was found: its points and the items that counted, in the protocol's order."""

    pathway: str
    certainty: Certainty
    points: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers of a finished interview mean.

    `urgency` is None when the interview ended out of scope. `rules` are the ids of the rules that
    hold (at an emergency: those that gave it), sorted. `link` names the first pathway, `mixed`,
    `none_found` or `not_assessed`.
    """

    urgency: Urgency | None
    rules: tuple[str, ...]
    link: str
    pathways: tuple[Finding, ...] = field(default=())


def assess(flow: Flow, standing: Standing) -> Assessment:
    """Assess a finished interview.

    Raises:
        ValueError: a question is still open.
    """
    if standing.open is not None:
        raise ValueError(f"the question {standing.open} is still open")
    if standing.outcome is Outcome.OUT_OF_SCOPE:
        return Assessment(urgency=None, rules=(), link=NOT_ASSESSED)
    if standing.outcome is Outcome.EMERGENCY:
        return Assessment(Urgency.EMERGENCY, tuple(sorted(standing.rules)), NOT_ASSESSED)
    findings = find_pathways(flow, standing.answers)
    given = _rules_that_hold(flow, standing.answers, pathway_found=bool(findings))
    return Assessment(
        urgency=min(given.values(), key=lambda urgency: urgency.rank),
        rules=tuple(sorted(given)),
        link=_link(flow, findings),
        pathways=findings,
    )


def find_pathways(flow: Flow, answers: Mapping[str, Answer]) -> tuple[Finding, ...]:
    """The pathways that are found, strongest first: likely before possible, points, tie order."""
    found = [
        finding for pathway in flow.pathways if (finding := _find(pathway, answers)) is not None
    ]
    found.sort(
        key=lambda finding: (
            finding.certainty is not Certainty.LIKELY,
            -finding.points,
            flow.tie_order.index(finding.pathway),
        )
    )
    return tuple(found)


def rule_evidence(rule: Rule, answers: Mapping[str, Answer]) -> Evidence:
    """The answers that made a rule hold."""
    if isinstance(rule.when, Basis):
        return {}
    pieces = [rule.when.evidence(answers)]
    if rule.raised is not None:
        pieces.append(rule.raised.when.evidence(answers))
    return merged(pieces)


def item_evidence(item: Item, answers: Mapping[str, Answer]) -> Evidence:
    """The answers that made an item count."""
    return merged([term.when.evidence(answers) for term in item.counting(answers)])


def assess_sheet(flow: Flow, sheet: Mapping[str, object]) -> dict[str, Any]:
    """Assess a sheet of outside answers, as the command `assess` prints it.

    The flow takes from the sheet what it asks, in order, and stops where the protocol stops;
    answers to questions that are not asked are not even looked at. The optional free text counts
    as skipped where it is missing. Where another answer is missing, `asked` ends with its question.
    """
    try:
        standing = walk(flow, lambda question: _from_sheet(question, sheet))
    except AnswerError as error:
        return {"error": str(error)}
    if standing.open is not None:
        return {"asked": list(standing.asked), "outcome": "incomplete"}
    assessment = assess(flow, standing)
    return {
        "asked": list(standing.asked),
        "urgency": str(assessment.urgency or Outcome.OUT_OF_SCOPE),
        "rules": list(assessment.rules),
        "link": assessment.link,
        "pathways": [
            {
                "pathway": finding.pathway,
                "certainty": str(finding.certainty),
                "points": finding.points,
                "items": list(finding.items),
            }
            for finding in assessment.pathways
        ],
    }


def _from_sheet(question: Question, sheet: Mapping[str, object]) -> Answer | None:
    raw = sheet.get(question.id)
    if raw is None:
        return SKIPPED if question.kind is Kind.TEXT else None
    return question.read(raw)


def _find(pathway: Pathway, answers: Mapping[str, Answer]) -> Finding | None:
    if pathway.needs is not None and not pathway.needs.holds(answers):
        return None
    points = 0
    items: list[str] = []
    for item in pathway.items:
        counting = item.counting(answers)
        if counting:
            points += sum(term.points for term in counting)
            items.append(item.id)
    certainty = pathway.certainty(points)
    return Finding(pathway.id, certainty, points, tuple(items)) if certainty else None


def _rules_that_hold(
    flow: Flow, answers: Mapping[str, Answer], *, pathway_found: bool
) -> dict[str, Urgency]:
    given: dict[str, Urgency] = {}
    otherwise: list[Rule] = []
    for rule in flow.rules:
        if rule.when is Basis.OTHERWISE:
            otherwise.append(rule)
        elif rule.when is Basis.PATHWAY_FOUND:
            if pathway_found:
                given[rule.id] = rule.urgency
        elif (urgency := rule.gives(answers)) is not None:
            given[rule.id] = urgency
    return given or {rule.id: rule.urgency for rule in otherwise}


def _link(flow: Flow, findings: tuple[Finding, ...]) -> str:
    if not findings:
        return NONE_FOUND
    found = {finding.pathway for finding in findings}
    return MIXED if found.issuperset(flow.mixed) else findings[0].pathway
