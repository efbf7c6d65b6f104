"""What a picture of the chain marks: codes of the protocol, taken from answers and assessment."""

from dataclasses import dataclass, fields
from typing import Any, Self, TypeAlias

from flows.answers import NONE, Answers
from flows.assessment import MIXED, NOT_ASSESSED, Assessment
from flows.models import Certainty, Flow

Json = dict[str, Any]

LEFT, RIGHT = "left", "right"
Sides: TypeAlias = tuple[str, ...]
"""`left`, `right`, both of them in this order, or none."""

MOST_SIGNS = 4
"""Signs of gait that a picture has room for; the text beside it names them all."""

ROOTS = {"outer_foot_sole_heel": "S1", "top_foot_big_toe": "L5", "inner_shin": "L4"}
"""The nerve root of each strip of the leg (protocol, item N3)."""

SOCK = "sock_both_feet"

NERVE, MECHANICAL, FOOT_FIRST = "nerve", "mechanical", "foot_first"
SYSTEMIC, METABOLIC = "systemic", "metabolic"
"""The pathways of the protocol (section 3), each drawn in its own way."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What to mark.

    `back` is an answer to `back_side`, or "" where the back is not troubled; `reach`, `line` and
    `place` are answers to `leg_reach`, `leg_line` and `foot_place`, or "". `signs` are ticks of
    `gait`, those that counted first. `pathways` are what is drawn as a link, with its certainty;
    empty where none was found.
    """

    back: str = ""
    leg: Sides = ()
    reach: str = ""
    line: str = ""
    foot: Sides = ()
    place: str = ""
    signs: tuple[str, ...] = ()
    pathways: tuple[tuple[str, Certainty], ...] = ()

    def to_json(self) -> Json:
        """The JSON form; what is not set is left out."""
        body = {field.name: getattr(self, field.name) for field in fields(self)}
        body["pathways"] = [[id, str(certainty)] for id, certainty in self.pathways]
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in body.items()
            if value
        }

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the JSON form. Raises ``TypeError`` or ``ValueError`` when it is broken."""
        return cls(
            back=body.get("back", ""),
            leg=tuple(body.get("leg", ())),
            reach=body.get("reach", ""),
            line=body.get("line", ""),
            foot=tuple(body.get("foot", ())),
            place=body.get("place", ""),
            signs=tuple(body.get("signs", ())),
            pathways=tuple((id, Certainty(sure)) for id, sure in body.get("pathways", ())),
        )


def findings_of(flow: Flow, answers: Answers, assessment: Assessment) -> Findings | None:
    """What the picture of a finished interview marks; None where there is to be no picture.

    There is none in an emergency, nor for somebody this bot is not for.
    """
    if assessment.link == NOT_ASSESSED:
        return None
    reach = _one(answers, "leg_reach")
    return Findings(
        back=_one(answers, "back_side"),
        leg=sides_of(_one(answers, "leg_side")),
        reach="" if reach == NONE else reach,
        line=_one(answers, "leg_line"),
        foot=sides_of(_one(answers, "foot_side")),
        place=_one(answers, "foot_place"),
        signs=_signs(flow, answers, assessment)[:MOST_SIGNS],
        pathways=_drawn(flow, assessment),
    )


def _drawn(flow: Flow, assessment: Assessment) -> tuple[tuple[str, Certainty], ...]:
    """The link that was found: both parts of a mixed one."""
    wanted = flow.mixed if assessment.link == MIXED else {assessment.link}
    return tuple(
        (finding.pathway, finding.certainty)
        for finding in assessment.pathways
        if finding.pathway in wanted
    )


def _signs(flow: Flow, answers: Answers, assessment: Assessment) -> tuple[str, ...]:
    ticked = answers.get("gait", ())
    signs = [code for code in ticked if code != NONE] if isinstance(ticked, tuple) else []
    counted: set[str] = set()
    for finding in assessment.pathways:
        for item in flow.pathway_by_id[finding.pathway].items:
            if item.id in finding.items:
                for term in item.counting(answers):
                    counted.update(term.when.evidence(answers).get("gait", ()))
    return (*(s for s in signs if s in counted), *(s for s in signs if s not in counted))


def _one(answers: Answers, question: str) -> str:
    answer = answers.get(question, "")
    return answer if isinstance(answer, str) else ""


def sides_of(side: str) -> Sides:
    """An answer to a question for a side, as sides."""
    return (LEFT, RIGHT) if side == "both" else (side,) if side else ()
