"""What rules and points rest on: the sources, how each was read, and what is to be decided.

Codes, names and citations; what they mean in words is in `content/<language>/book.yaml`.
"""

from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from flows.errors import FlowError
from flows.loader import packaged_protocol, read_document, refuse
from flows.models import Flow, Id

EVIDENCE = "evidence.yaml"


Day: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-[0-3]\d$")]
"""A day as ISO 8601 writes it."""


class Seen(StrEnum):
    """How a source was read; no full paper was."""

    ABSTRACT = "abstract"
    EXCERPT = "excerpt"
    SECONDARY = "secondary"
    CITATION = "citation"


class Mark(StrEnum):
    """What is not a published rule."""

    DESIGN_CHOICE = "design_choice"
    GENERAL_KNOWLEDGE = "general_knowledge"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceSource(_Model):
    """One source: its citation, how it was seen, and `at` what address, if at another's.

    `weak`: a source of low authority, named because no better one was seen.
    """

    cite: str
    seen: tuple[Seen, ...] = Field(min_length=1)
    at: str | None = None
    weak: bool = False


class Evidence(_Model):
    """The evidence of a protocol.

    `dated` is the day of the last change of the rules. `marks` are of rules and pathway items,
    `decisions` name the rules and pathways that each is about.
    """

    dated: Day
    marks: dict[Id, tuple[Mark, ...]]
    decisions: dict[Id, tuple[Id, ...]]
    sources: dict[str, EvidenceSource]

    def published(self, source: str) -> EvidenceSource | None:
        """The source that a rule names; None where it names a section of the protocol."""
        return self.sources.get(source)


def load_evidence(flow: Flow, folder: Traversable | None = None) -> Evidence:
    """The evidence of a flow's folder; without one, of the packaged protocol.

    Raises:
        FlowError: the file is broken, or something rests on a source that it does not have, or on
            none at all without saying so.
    """
    document = read_document(folder if folder is not None else packaged_protocol(), EVIDENCE)
    raw = {**document.data}
    for id, source in (
        raw.get("sources", {}).items() if isinstance(raw.get("sources"), dict) else ()
    ):
        if isinstance(source, dict) and "weak" in source:
            raw["sources"] = {**raw["sources"], id: {**source, "weak": source["weak"] == "true"}}
    try:
        evidence = Evidence.model_validate(raw)
    except ValidationError as error:
        raise refuse(error, document, (), "") from None
    items = {item.id: item.source for pathway in flow.pathways for item in pathway.items}
    resting = {rule.id: rule.source for rule in flow.rules} | items
    for id in evidence.marks:
        if id not in resting:
            raise FlowError(
                "no such rule or item", file=EVIDENCE, line=document.line(("marks", id)), id=id
            )
    for id, sources in resting.items():
        for name in sources:
            numbered = name[:1] == "S" and name[1:2].isdigit()
            if numbered and name not in evidence.sources:
                raise FlowError(f"rests on {name}, which is not there", file=EVIDENCE, id=id)
        if not any(name in evidence.sources for name in sources) and id not in evidence.marks:
            raise FlowError("rests on no source and has no mark", file=EVIDENCE, id=id)
    for id, about in evidence.decisions.items():
        for name in about:
            if name not in flow.rule_by_id and name not in flow.pathway_by_id:
                raise FlowError(
                    f"no such rule or pathway: {name}",
                    file=EVIDENCE,
                    line=document.line(("decisions", id)),
                    id=id,
                )
    return evidence
