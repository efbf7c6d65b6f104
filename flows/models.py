"""What a flow is made of: questions with their options, rules of urgency, pathways of the link.

The models only hold and check what one thing can check about itself; `flows.lint` checks what
concerns several of them, `flows.loader` reads them from YAML.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from flows.answers import NONE, Answer, AnswerError, Answers
from flows.conditions import Condition

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Code: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,29}$")]
Source: TypeAlias = Annotated[str, StringConstraints(min_length=2, max_length=80)]
Sources: TypeAlias = Annotated[tuple[Source, ...], Field(min_length=1)]

SCALE_MAX = 10
TEXT_MAX = 280
"""Characters in a free-text answer (protocol section 1, question `goal`)."""


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    MANY = "many"
    SCALE = "scale"
    TEXT = "text"


class Urgency(StrEnum):
    """How soon a clinician is needed, most urgent first (protocol section 2)."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    TWO_WEEKS = "two_weeks"
    ROUTINE = "routine"
    SELF_CARE = "self_care"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return _RANKS[self]


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


class Certainty(StrEnum):
    """How well the answers fit a pathway; words, never a probability (protocol section 3)."""

    LIKELY = "likely"
    POSSIBLE = "possible"


class Outcome(StrEnum):
    """How an interview ends before its last question."""

    EMERGENCY = "emergency"
    OUT_OF_SCOPE = "out_of_scope"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Model):
    """One answer that can be chosen, by its code."""

    code: Code


class Question(_Model):
    """One question: an id, how it is answered, and when it is asked (always, if `asked` is None).

    `intimate` marks the questions that must first say why they are asked.
    """

    id: Id
    kind: Kind
    section: Id
    options: tuple[Option, ...] = ()
    asked: Condition | None = None
    intimate: bool = False

    @model_validator(mode="after")
    def _options_fit_kind(self) -> "Question":
        chosen = self.kind in (Kind.ONE, Kind.MANY)
        if chosen and len(self.options) < 2:
            raise ValueError("a question with choices needs at least two options")
        if not chosen and self.options:
            raise ValueError(f"a question of kind {self.kind} has no options")
        if len(set(self.codes)) < len(self.codes):
            raise ValueError("two options with one code")
        return self

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the options, in order."""
        return tuple(option.code for option in self.options)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    def applies(self, answers: Answers) -> bool:
        """Whether the question is asked of somebody who gave these answers."""
        return self.asked is None or self.asked.holds(answers)

    def read(self, raw: object) -> Answer:
        """The answer that some outside data stands for.

        Raises:
            AnswerError: the question does not take it.
        """
        match self.kind:
            case Kind.ONE:
                return self._read_code(raw)
            case Kind.MANY:
                return self._read_ticks(raw)
            case Kind.SCALE:
                if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= SCALE_MAX:
                    raise AnswerError(
                        f"{self.id}: takes a whole number from 0 to {SCALE_MAX}, not {_shown(raw)}"
                    )
                return raw
            case Kind.TEXT:
                if not isinstance(raw, str):
                    raise AnswerError(f"{self.id}: takes text, not {_shown(raw)}")
                if len(raw) > TEXT_MAX:
                    raise AnswerError(
                        f"{self.id}: takes at most {TEXT_MAX} characters, not {len(raw)}"
                    )
                return raw.strip()

    def takes(self, answer: Answer) -> bool:
        """Whether a stored answer is still one that this question takes, exactly as it is."""
        if not self.options:
            return self._reads_back(answer)
        # The quick twin of `read`: every step asks this of every answer.
        if isinstance(answer, tuple):
            return self.kind is Kind.MANY and self._takes_ticks(answer)
        return answer in self._places and self.kind is Kind.ONE

    def ordered(self, codes: "frozenset[str] | set[str]") -> tuple[str, ...]:
        """Codes in the order of the options."""
        return tuple(sorted(codes, key=self._places.__getitem__))

    def _takes_ticks(self, ticks: tuple[str, ...]) -> bool:
        before = -1
        for code in ticks:
            place = self._places.get(code, -1)
            if place <= before:
                return False
            before = place
        return before >= 0 and (NONE not in ticks or len(ticks) == 1)

    def _reads_back(self, answer: Answer) -> bool:
        try:
            return self.read(answer) == answer
        except AnswerError:
            return False

    def _read_code(self, raw: object) -> str:
        if not isinstance(raw, str) or raw not in self._places:
            raise AnswerError(f"{self.id}: {_shown(raw)} is not one of {', '.join(self.codes)}")
        return raw

    def _read_ticks(self, raw: object) -> tuple[str, ...]:
        if not isinstance(raw, list | tuple):
            raise AnswerError(f"{self.id}: takes a list of codes, not {_shown(raw)}")
        codes = [self._read_code(code) for code in raw]
        if not codes:
            raise AnswerError(f"{self.id}: nothing is ticked")
        if len(set(codes)) < len(codes):
            raise AnswerError(f"{self.id}: a code is ticked twice")
        if NONE in codes and len(codes) > 1:
            raise AnswerError(f"{self.id}: {NONE} excludes the others")
        return self.ordered(frozenset(codes))


class End(_Model):
    """A reason to end the interview as out of scope before its last question."""

    id: Id
    when: Condition


class Raised(_Model):
    """A rule's higher urgency, and when it is given."""

    to: Urgency
    when: Condition


class Basis(StrEnum):
    """What a rule stands on when it is not a condition on answers."""

    PATHWAY_FOUND = "pathway found"
    OTHERWISE = "otherwise"


class Rule(_Model):
    """One rule of urgency (protocol section 2): when it holds, it gives its urgency.

    `source` names the entries of the evidence list that it rests on.
    """

    id: Id
    when: Condition | Basis
    urgency: Urgency
    raised: Raised | None = None
    source: Sources

    @model_validator(mode="after")
    def _raised_is_higher(self) -> "Rule":
        if self.raised and self.raised.to.rank >= self.urgency.rank:
            raise ValueError("raised must give a higher urgency than the rule itself")
        return self

    def gives(self, answers: Answers) -> Urgency | None:
        """The urgency for these answers, or None when the rule does not hold on answers."""
        if isinstance(self.when, Basis) or not self.when.holds(answers):
            return None
        if self.raised is not None and self.raised.when.holds(answers):
            return self.raised.to
        return self.urgency

    @cached_property
    def can_be_emergency(self) -> bool:
        """Whether the rule, raised or not, can give `emergency`."""
        return self.urgency is Urgency.EMERGENCY or (
            self.raised is not None and self.raised.to is Urgency.EMERGENCY
        )

    def reads(self) -> frozenset[str]:
        """The questions that the rule looks at."""
        conditions = [] if isinstance(self.when, Basis) else [self.when]
        if self.raised is not None:
            conditions.append(self.raised.when)
        return frozenset().union(*(condition.reads() for condition in conditions))


class Term(_Model):
    """Points that count when a condition holds. `name` tells terms of one item apart in words."""

    points: int
    when: Condition
    name: Id | None = None


class Item(_Model):
    """One pathway item (protocol section 3): the points of its terms that hold, where `only` holds."""

    id: Id
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    only: Condition | None = None
    source: Sources

    @model_validator(mode="after")
    def _several_terms_have_names(self) -> "Item":
        names = [term.name for term in self.terms]
        if len(names) > 1 and (None in names or len(set(names)) < len(names)):
            raise ValueError("each of several terms needs a name of its own")
        return self

    def counting(self, answers: Answers) -> tuple[Term, ...]:
        """The terms that count for these answers."""
        if self.only is not None and not self.only.holds(answers):
            return ()
        return tuple(term for term in self.terms if term.when.holds(answers))

    def reads(self) -> frozenset[str]:
        """The questions that the item looks at."""
        only = frozenset[str]() if self.only is None else self.only.reads()
        return only.union(*(term.when.reads() for term in self.terms))


class Pathway(_Model):
    """A way in which back and foot may be linked, found from so many points on.

    `likely` is None where the evidence never carries more than "possible".
    """

    id: Id
    possible: int
    likely: int | None = None
    needs: Condition | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _likely_needs_more(self) -> "Pathway":
        if self.likely is not None and self.likely <= self.possible:
            raise ValueError("likely needs more points than possible")
        return self

    def certainty(self, points: int) -> Certainty | None:
        """What so many points mean; None when the pathway is not found."""
        if self.likely is not None and points >= self.likely:
            return Certainty.LIKELY
        return Certainty.POSSIBLE if points >= self.possible else None


class Flow(_Model):
    """A whole protocol: its questions in the order in which they are asked, rules and pathways.

    `pathways` stand in the protocol's order; `tie_order` settles equal points; `mixed` names the
    pathways that, found together, make the link `mixed`.
    """

    id: Id
    version: Annotated[int, Field(ge=1)]
    sections: tuple[Id, ...]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    ends: tuple[End, ...]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    pathways: tuple[Pathway, ...]
    tie_order: tuple[Id, ...]
    mixed: tuple[Id, ...]
    definitions: dict[Id, Condition]

    @cached_property
    def question_by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def rule_by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def pathway_by_id(self) -> dict[str, Pathway]:
        return {pathway.id: pathway for pathway in self.pathways}

    @cached_property
    def emergency_rules(self) -> tuple[Rule, ...]:
        """The rules that can give an emergency."""
        return tuple(rule for rule in self.rules if rule.can_be_emergency)

    @cached_property
    def safety_questions(self) -> frozenset[str]:
        """The questions that a rule reads which can give an emergency or the same day."""
        urgent = (Urgency.EMERGENCY, Urgency.SAME_DAY)
        return frozenset[str]().union(
            *(
                rule.reads()
                for rule in self.rules
                if rule.urgency in urgent or (rule.raised is not None and rule.raised.to in urgent)
            )
        )

    @cached_property
    def emergencies_reading(self) -> dict[str, tuple[Rule, ...]]:
        """Question id to the emergency rules that its answer can make true."""
        return {
            question.id: tuple(rule for rule in self.emergency_rules if question.id in rule.reads())
            for question in self.questions
        }

    @cached_property
    def ends_reading(self) -> dict[str, tuple[End, ...]]:
        """Question id to the ends that its answer can make true."""
        return {
            question.id: tuple(end for end in self.ends if question.id in end.when.reads())
            for question in self.questions
        }


def _shown(raw: object) -> str:
    """Outside data in an error line: short, on one line."""
    text = repr(raw)
    return text if len(text) <= 40 else f"{text[:37]}..."
