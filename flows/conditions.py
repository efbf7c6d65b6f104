"""Conditions on answers: one small vocabulary for skip logic, urgency rules and pathway points.

A condition reads the answers of questions that were asked. A question that was not asked, or not
answered yet, has no answer, and every plain comparison with it is false, `IsNot` included. Only
`Not` turns "no answer" into true, so it is used where that is meant ("never after a fall").

Each condition can say whether it `holds`, which questions it `reads`, and, where it holds, the
`evidence`: the very codes that made it true, from which reasons are told in the patient's words.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from flows.answers import NONE, Answers

Evidence: TypeAlias = dict[str, tuple[str, ...]]
"""Question id to the codes (or the number, as text) that counted."""

_NOTHING: tuple[str, ...] = ()


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Is(_Part):
    """The one choice is one of these codes: `weakness is new | unsure`."""

    kind: Literal["is"] = "is"
    question: str
    codes: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        return answers.get(self.question) in self.codes

    def reads(self) -> frozenset[str]:
        return frozenset((self.question,))

    def evidence(self, answers: Answers) -> Evidence:
        answer = answers.get(self.question)
        return {self.question: (str(answer),)} if answer in self.codes else {}


class IsNot(_Part):
    """The question was answered, with none of these codes: `leg_reach is not none`."""

    kind: Literal["is_not"] = "is_not"
    question: str
    codes: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        answer = answers.get(self.question)
        return answer is not None and answer not in self.codes

    def reads(self) -> frozenset[str]:
        return frozenset((self.question,))

    def evidence(self, answers: Answers) -> Evidence:
        return {self.question: (str(answers[self.question]),)} if self.holds(answers) else {}


class Has(_Part):
    """At least one of these codes is ticked: `complaints has back | leg`."""

    kind: Literal["has"] = "has"
    question: str
    codes: frozenset[str]

    @field_serializer("codes")
    def _in_order(self, codes: frozenset[str]) -> list[str]:
        return sorted(codes)  # a flow is known by a hash of what it dumps

    def holds(self, answers: Answers) -> bool:
        ticked = answers.get(self.question)
        return isinstance(ticked, tuple) and not self.codes.isdisjoint(ticked)

    def reads(self) -> frozenset[str]:
        return frozenset((self.question,))

    def evidence(self, answers: Answers) -> Evidence:
        ticked = tuple(code for code in _ticked(answers, self.question) if code in self.codes)
        return {self.question: ticked} if ticked else {}


class HasAnything(_Part):
    """Anything but `none` is ticked: `sudden_danger has anything`."""

    kind: Literal["has_anything"] = "has_anything"
    question: str

    def holds(self, answers: Answers) -> bool:
        ticked = _ticked(answers, self.question)
        return bool(ticked) and NONE not in ticked

    def reads(self) -> frozenset[str]:
        return frozenset((self.question,))

    def evidence(self, answers: Answers) -> Evidence:
        return {self.question: _ticked(answers, self.question)} if self.holds(answers) else {}


class AtLeast(_Part):
    """The number on the scale is this or more: `back_severity >= 8`."""

    kind: Literal["at_least"] = "at_least"
    question: str
    number: int

    def holds(self, answers: Answers) -> bool:
        answer = answers.get(self.question)
        return isinstance(answer, int) and answer >= self.number

    def reads(self) -> frozenset[str]:
        return frozenset((self.question,))

    def evidence(self, answers: Answers) -> Evidence:
        return {self.question: (str(answers[self.question]),)} if self.holds(answers) else {}


class Equals(_Part):
    """Two one-choice questions were given the same code: `leg_side equals foot_side`."""

    kind: Literal["equals"] = "equals"
    left: str
    right: str

    def holds(self, answers: Answers) -> bool:
        left = answers.get(self.left)
        return left is not None and left == answers.get(self.right)

    def reads(self) -> frozenset[str]:
        return frozenset((self.left, self.right))

    def evidence(self, answers: Answers) -> Evidence:
        if not self.holds(answers):
            return {}
        same = (str(answers[self.left]),)
        return {self.left: same, self.right: same}


class All(_Part):
    """Every part holds: `a and b`."""

    kind: Literal["all"] = "all"
    parts: "tuple[Condition, ...]"

    def holds(self, answers: Answers) -> bool:
        for part in self.parts:  # a plain loop: this is the hottest line of an assessment
            if not part.holds(answers):
                return False
        return True

    def reads(self) -> frozenset[str]:
        return frozenset().union(*(part.reads() for part in self.parts))

    def evidence(self, answers: Answers) -> Evidence:
        return _together(self.parts, answers) if self.holds(answers) else {}


class AnyOf(_Part):
    """At least one part holds: `a or b`."""

    kind: Literal["any"] = "any"
    parts: "tuple[Condition, ...]"

    def holds(self, answers: Answers) -> bool:
        for part in self.parts:
            if part.holds(answers):
                return True
        return False

    def reads(self) -> frozenset[str]:
        return frozenset().union(*(part.reads() for part in self.parts))

    def evidence(self, answers: Answers) -> Evidence:
        return _together(self.parts, answers)


class CountOf(_Part):
    """So many of the parts hold: `at least 2 of (a; b; c)`."""

    kind: Literal["count"] = "count"
    number: int
    parts: "tuple[Condition, ...]"

    def holds(self, answers: Answers) -> bool:
        return sum(part.holds(answers) for part in self.parts) >= self.number

    def reads(self) -> frozenset[str]:
        return frozenset().union(*(part.reads() for part in self.parts))

    def evidence(self, answers: Answers) -> Evidence:
        return _together(self.parts, answers) if self.holds(answers) else {}


class Not(_Part):
    """The part does not hold; also true where its question was not asked: `not injury is pop`."""

    kind: Literal["not"] = "not"
    part: "Condition"

    def holds(self, answers: Answers) -> bool:
        return not self.part.holds(answers)

    def reads(self) -> frozenset[str]:
        return self.part.reads()

    def evidence(self, answers: Answers) -> Evidence:
        return {}


class Defined(_Part):
    """A condition that the flow defines once under a name and uses by it: `began_before_45`."""

    kind: Literal["defined"] = "defined"
    name: str
    part: "Condition"

    def holds(self, answers: Answers) -> bool:
        return self.part.holds(answers)

    def reads(self) -> frozenset[str]:
        return self.part.reads()

    def evidence(self, answers: Answers) -> Evidence:
        return self.part.evidence(answers)


Condition: TypeAlias = Annotated[
    Is | IsNot | Has | HasAnything | AtLeast | Equals | All | AnyOf | CountOf | Not | Defined,
    Field(discriminator="kind"),
]

for _model in (All, AnyOf, CountOf, Not, Defined):
    _model.model_rebuild()


def comparisons(condition: Condition) -> Iterator[Condition]:
    """The comparisons with an answer inside a condition, from left to right."""
    if isinstance(condition, All | AnyOf | CountOf):
        for part in condition.parts:
            yield from comparisons(part)
    elif isinstance(condition, Not | Defined):
        yield from comparisons(condition.part)
    else:
        yield condition


def merged(pieces: "list[Evidence]") -> Evidence:
    """Several pieces of evidence as one, each code once, in the order in which they came."""
    whole: dict[str, dict[str, None]] = {}
    for piece in pieces:
        for question, codes in piece.items():
            whole.setdefault(question, {}).update(dict.fromkeys(codes))
    return {question: tuple(codes) for question, codes in whole.items()}


def _together(parts: "tuple[Condition, ...]", answers: Answers) -> Evidence:
    return merged([part.evidence(answers) for part in parts])


def _ticked(answers: Mapping[str, object], question: str) -> tuple[str, ...]:
    answer = answers.get(question)
    return answer if isinstance(answer, tuple) else _NOTHING
