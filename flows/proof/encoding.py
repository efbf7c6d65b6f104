"""The flow in the solver's terms, from the very condition objects that the bot runs.

A `Sheet` is every answer that a patient could have, asked or not; a `Reading` is what a flow makes
of it: which questions are asked, where it stops, which rules hold, what is found. It mirrors
`flows.interview.walk` and `flows.assessment.assess`; tests and `check --prove` hold it against them
on concrete patients. Free text is left out: no condition can read it.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import z3  # type: ignore[import-untyped]

from flows.answers import NONE, Answer
from flows.conditions import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    CountOf,
    Defined,
    Equals,
    Has,
    HasAnything,
    Is,
    IsNot,
    Not,
)
from flows.models import SCALE_MAX, Basis, Flow, Item, Kind, Pathway, Question, Rule, Urgency

Formula: TypeAlias = Any
"""A truth or a whole number in the solver's terms."""

OUT_OF_SCOPE_RANK = len(Urgency)
"""The rank of an interview that ended out of scope: below every urgency."""


class Sheet:
    """An answer to every question, as variables of the solver."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.chosen: dict[str, dict[str, Formula]] = {}
        self.numbers: dict[str, Formula] = {}
        for question in flow.questions:
            if question.kind is Kind.SCALE:
                self.numbers[question.id] = z3.Int(question.id)
            elif question.options:
                self.chosen[question.id] = {
                    code: z3.Bool(f"{question.id}.{code}") for code in question.codes
                }

    def changed(self, question: str, codes: Iterable[str]) -> "Sheet":
        """The same sheet with another answer to one question."""
        other = self._copy()
        wanted = frozenset(codes)
        other.chosen[question] = {
            code: z3.BoolVal(code in wanted) for code in self.chosen[question]
        }
        return other

    def with_tick(self, question: str, code: str) -> "Sheet":
        """The same sheet with one more tick."""
        other = self._copy()
        other.chosen[question] = {
            **self.chosen[question],
            code: z3.BoolVal(True),
            NONE: z3.BoolVal(False),
        }
        return other

    def with_more(self, question: str, number: Formula) -> "Sheet":
        """The same sheet with another number on one scale."""
        other = self._copy()
        other.numbers[question] = number
        return other

    def is_(self, question: str, *codes: str) -> Formula:
        """Whether the answer to a question is exactly these codes."""
        wanted = frozenset(codes)
        return z3.And(
            [
                chosen if code in wanted else z3.Not(chosen)
                for code, chosen in self.chosen[question].items()
            ]
        )

    @cached_property
    def valid(self) -> Formula:
        """That every answer is one that its question takes."""
        return z3.And([self._valid(question) for question in self.flow.questions])

    def answers(self, model: Formula) -> dict[str, Answer]:
        """The sheet of a model of the solver, as answers of the flow."""
        sheet: dict[str, Answer] = {}
        for question in self.flow.questions:
            if question.kind is Kind.SCALE:
                value = model.eval(self.numbers[question.id], model_completion=True)
                sheet[question.id] = value.as_long()
            elif question.options:
                codes = {
                    code
                    for code, chosen in self.chosen[question.id].items()
                    if z3.is_true(model.eval(chosen, model_completion=True))
                }
                ticks = question.ordered(codes)
                sheet[question.id] = ticks if question.kind is Kind.MANY else ticks[0]
        return sheet

    def equal_to(self, answers: Mapping[str, Answer]) -> Formula:
        """That the sheet is these answers, as far as they go."""
        parts: list[Formula] = []
        for id, answer in answers.items():
            if id in self.numbers:
                parts.append(self.numbers[id] == answer)
            elif id in self.chosen:
                codes = answer if isinstance(answer, tuple) else (str(answer),)
                parts.append(self.is_(id, *codes))
        return z3.And(parts)

    def _copy(self) -> "Sheet":
        other = Sheet.__new__(Sheet)
        other.flow = self.flow
        other.chosen = dict(self.chosen)
        other.numbers = dict(self.numbers)
        return other

    def _valid(self, question: Question) -> Formula:
        if question.kind is Kind.SCALE:
            number = self.numbers[question.id]
            return z3.And(number >= 0, number <= SCALE_MAX)
        if not question.options:
            return z3.BoolVal(True)
        chosen = self.chosen[question.id]
        if question.kind is Kind.ONE:
            return z3.PbEq([(one, 1) for one in chosen.values()], 1)
        ticks = [one for code, one in chosen.items() if code != NONE]
        alone = z3.Not(z3.And(chosen[NONE], z3.Or(ticks))) if NONE in chosen else True
        return z3.And(z3.Or(list(chosen.values())), alone)


class Reading:
    """What a flow makes of a sheet.

    `applies[i]` is whether the question at place i is asked of somebody whom nothing stopped,
    `visited[i]` whether it is asked; `emergency_at[i]` and `scope_at[i]` whether its answer ends
    the interview.
    """

    def __init__(self, flow: Flow, sheet: Sheet) -> None:
        self.flow = flow
        self.sheet = sheet
        self.places = {question.id: place for place, question in enumerate(flow.questions)}
        self._known: dict[tuple[int, int], tuple[Condition, Formula]] = {}
        self.applies: list[Formula] = []
        self.visited: list[Formula] = []
        self.emergency_at: list[Formula] = []
        self.scope_at: list[Formula] = []
        self.ended_by: dict[str, Formula] = {end.id: z3.BoolVal(False) for end in flow.ends}
        going: Formula = z3.BoolVal(True)
        for place, question in enumerate(flow.questions):
            applies = (
                z3.BoolVal(True)
                if question.asked is None
                else self.holds(question.asked, place - 1)
            )
            self.applies.append(applies)
            visited = z3.simplify(z3.And(going, applies))
            self.visited.append(visited)
            rules = flow.emergencies_reading[question.id]
            emergency = z3.And(visited, z3.Or([self.is_emergency(rule, place) for rule in rules]))
            scope: Formula = z3.BoolVal(False)
            for end in flow.ends_reading[question.id]:
                first = z3.And(
                    visited, z3.Not(emergency), z3.Not(scope), self.holds(end.when, place)
                )
                self.ended_by[end.id] = z3.Or(self.ended_by[end.id], first)
                scope = z3.Or(scope, first)
            self.emergency_at.append(emergency)
            self.scope_at.append(scope)
            going = z3.And(going, z3.Not(emergency), z3.Not(scope))
        self.finished: Formula = going
        self.emergency: Formula = z3.Or(self.emergency_at)
        self.out_of_scope: Formula = z3.Or(self.scope_at)
        self.last = len(flow.questions) - 1

    def holds(self, condition: Condition, place: int | None = None) -> Formula:
        """Whether a condition holds of the answers up to the question at a place; of all without."""
        last = max((self.places[id] for id in condition.reads()), default=-1)
        upto = last if place is None else min(place, last)
        key = (id(condition), upto)
        if key not in self._known:  # the condition is kept with it, so that its id stays its own
            self._known[key] = (condition, self._translate(condition, upto))
        return self._known[key][1]

    def is_emergency(self, rule: Rule, place: int | None = None) -> Formula:
        """Whether a rule gives an emergency for the answers up to a place."""
        return z3.Or([when for urgency, when in self.gives(rule, place) if urgency.rank == 0])

    def gives(self, rule: Rule, place: int | None = None) -> list[tuple[Urgency, Formula]]:
        """What a rule on answers can give, each with when it does."""
        if isinstance(rule.when, Basis):
            return []
        when = self.holds(rule.when, place)
        if rule.raised is None:
            return [(rule.urgency, when)]
        raised = self.holds(rule.raised.when, place)
        return [
            (rule.raised.to, z3.And(when, raised)),
            (rule.urgency, z3.And(when, z3.Not(raised))),
        ]

    def rule_holds(self, rule: Rule) -> Formula:
        """Whether a rule holds at the end of an interview that nothing stopped."""
        if rule.when is Basis.PATHWAY_FOUND:
            return z3.Or(list(self.found.values()))
        if rule.when is Basis.OTHERWISE:
            return z3.Not(z3.Or(self._others))
        return self.holds(rule.when)

    @cached_property
    def found(self) -> dict[str, Formula]:
        """Pathway to whether it is found, possible or likely."""
        return {
            pathway.id: z3.And(self._needed(pathway), self.points(pathway) >= pathway.possible)
            for pathway in self.flow.pathways
        }

    @cached_property
    def likely(self) -> dict[str, Formula]:
        """Pathway to whether it is likely."""
        return {
            pathway.id: z3.BoolVal(False)
            if pathway.likely is None
            else z3.And(self._needed(pathway), self.points(pathway) >= pathway.likely)
            for pathway in self.flow.pathways
        }

    def points(self, pathway: Pathway) -> Formula:
        """The points of a pathway."""
        return z3.Sum(
            [
                z3.If(counts, term.points, 0)
                for item in pathway.items
                for term, counts in zip(item.terms, self.counting(item), strict=True)
            ]
        )

    def counting(self, item: Item) -> list[Formula]:
        """For each term of an item, whether it counts."""
        only = z3.BoolVal(True) if item.only is None else self.holds(item.only)
        return [z3.And(only, self.holds(term.when)) for term in item.terms]

    @cached_property
    def rank(self) -> Formula:
        """The rank of the urgency, 0 for an emergency; the highest number for out of scope."""
        return self.rank_without(None)

    def rank_without(self, left_out: str | None) -> Formula:
        """The rank if one rule were not there."""
        lowest = min(
            (rule.urgency.rank for rule in self.flow.rules if rule.when is Basis.OTHERWISE),
            default=Urgency.SELF_CARE.rank,
        )
        given: dict[int, list[Formula]] = {}
        for rule in self.flow.rules:
            if rule.id == left_out:
                continue
            if rule.when is Basis.PATHWAY_FOUND:
                given.setdefault(rule.urgency.rank, []).append(self.rule_holds(rule))
            for urgency, when in self.gives(rule):
                given.setdefault(urgency.rank, []).append(when)
        rank: Formula = z3.IntVal(lowest)
        for number in sorted(given, reverse=True):
            rank = z3.If(z3.Or(given[number]), number, rank)
        return z3.If(self.emergency, 0, z3.If(self.out_of_scope, OUT_OF_SCOPE_RANK, rank))

    @cached_property
    def link(self) -> Formula:
        """The link as a number: a pathway's place in the protocol, -1 for none, -2 for mixed."""
        best: Formula = z3.IntVal(-1)
        height: Formula = z3.IntVal(-(10**6))
        for place, pathway in enumerate(self.flow.pathways):
            ahead = z3.And(self.found[pathway.id], self.height(pathway) > height)
            best = z3.If(ahead, place, best)
            height = z3.If(ahead, self.height(pathway), height)
        mixed = z3.And([self.found[id] for id in self.flow.mixed if id in self.found])
        return z3.If(mixed, -2, best)

    def height(self, pathway: Pathway) -> Formula:
        """How strong a pathway is beside others: certainty, points, then the order of ties."""
        ties = len(self.flow.tie_order) + 1
        certainty = z3.If(self.likely[pathway.id], 1000 * ties, 0)
        return certainty + self.points(pathway) * ties - self.flow.tie_order.index(pathway.id)

    @cached_property
    def _others(self) -> list[Formula]:
        return [self.rule_holds(rule) for rule in self.flow.rules if rule.when != Basis.OTHERWISE]

    def _needed(self, pathway: Pathway) -> Formula:
        return z3.BoolVal(True) if pathway.needs is None else self.holds(pathway.needs)

    def _translate(self, condition: Condition, place: int) -> Formula:
        match condition:
            case All(parts=parts):
                return z3.And([self.holds(part, place) for part in parts])
            case AnyOf(parts=parts):
                return z3.Or([self.holds(part, place) for part in parts])
            case CountOf(number=number, parts=parts):
                return z3.PbGe([(self.holds(part, place), 1) for part in parts], number)
            case Not(part=part):
                return z3.Not(self.holds(part, place))
            case Defined(part=part):
                return self.holds(part, place)
            case Equals(left=left, right=right):
                rights = self.sheet.chosen[right]
                same = [
                    z3.And(chosen, rights[code])
                    for code, chosen in self.sheet.chosen[left].items()
                    if code in rights
                ]
                return z3.And(
                    self._answered(left, place), self._answered(right, place), z3.Or(same)
                )
        return z3.And(self._answered(condition.question, place), self._compare(condition))

    def _compare(self, condition: Is | IsNot | Has | HasAnything | AtLeast) -> Formula:
        if isinstance(condition, AtLeast):
            return self.sheet.numbers[condition.question] >= condition.number
        chosen = self.sheet.chosen[condition.question]
        match condition:
            case Is(codes=codes) | Has(codes=codes):
                return z3.Or([chosen[code] for code in sorted(codes)])
            case IsNot(codes=codes):
                return z3.Not(z3.Or([chosen[code] for code in codes]))
        return z3.Not(chosen[NONE]) if NONE in chosen else z3.BoolVal(True)

    def _answered(self, question: str, place: int) -> Formula:
        at = self.places[question]
        return self.applies[at] if at <= place else z3.BoolVal(False)


def different(one: Reading, other: Reading) -> Formula:
    """That two flows with the same questions make something different of the same sheet.

    Compared is everything that is told: what is asked and in which order, the end, the rules, the
    urgency, each pathway with certainty, points and items, their order, and the link.
    """
    return z3.Or([*_asked_differently(one, other), *_assessed_differently(one, other)])


def _asked_differently(one: Reading, other: Reading) -> list[Formula]:
    parts: list[Formula] = [one.emergency != other.emergency]
    parts += [
        one.visited[place] != other.visited[other.places[id]] for id, place in one.places.items()
    ]
    order = sorted(one.places, key=other.places.__getitem__)
    for before, after in pairwise(order):
        if one.places[before] > one.places[after]:
            parts.append(z3.And(one.visited[one.places[before]], one.visited[one.places[after]]))
    ends = one.ended_by.keys() | other.ended_by.keys()
    nothing = z3.BoolVal(False)
    parts += [one.ended_by.get(id, nothing) != other.ended_by.get(id, nothing) for id in ends]
    return parts


def _assessed_differently(one: Reading, other: Reading) -> list[Formula]:
    parts: list[Formula] = []
    rules = one.flow.rule_by_id.keys() | other.flow.rule_by_id.keys()
    for id in rules:
        told = []
        for reading in (one, other):
            rule = reading.flow.rule_by_id.get(id)
            told.append(z3.BoolVal(False) if rule is None else _told(reading, rule))
        parts.append(told[0] != told[1])
    finished = z3.And(one.finished, other.finished)
    later: list[Formula] = [one.rank != other.rank, one.link != other.link]
    for id in one.flow.pathway_by_id.keys() & other.flow.pathway_by_id.keys():
        mine, theirs = one.flow.pathway_by_id[id], other.flow.pathway_by_id[id]
        later.append(one.found[id] != other.found[id])
        later.append(one.likely[id] != other.likely[id])
        shown = [one.points(mine) != other.points(theirs), *_items_differ(one, other, id)]
        later.append(z3.And(one.found[id], z3.Or(shown)))
        for second in one.flow.pathways:
            if second.id > id:
                higher = one.height(mine) > one.height(second)
                there = other.flow.pathway_by_id[second.id]
                still = other.height(theirs) > other.height(there)
                later.append(z3.And(one.found[id], one.found[second.id], higher != still))
    parts.append(z3.And(finished, z3.Or(later)))
    return parts


def _items_differ(one: Reading, other: Reading, pathway: str) -> list[Formula]:
    def counted(reading: Reading) -> dict[str, Formula]:
        return {
            item.id: z3.Or(reading.counting(item))
            for item in reading.flow.pathway_by_id[pathway].items
        }

    mine, theirs = counted(one), counted(other)
    nothing = z3.BoolVal(False)
    return [mine.get(id, nothing) != theirs.get(id, nothing) for id in mine.keys() | theirs.keys()]


def _told(reading: Reading, rule: Rule) -> Formula:
    """Whether a rule is among those that the assessment names."""
    at_stop = [
        z3.And(stopped, reading.is_emergency(rule, place))
        for place, stopped in enumerate(reading.emergency_at)
        if rule in reading.flow.emergencies_reading[reading.flow.questions[place].id]
    ]
    return z3.Or([*at_stop, z3.And(reading.finished, reading.rule_holds(rule))])
