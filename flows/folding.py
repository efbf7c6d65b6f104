"""Answers folded to what can be told apart, and conditions as far as they are still open.

Two answers to a question are one class where every comparison with it, in the conditions of
questions, ends, rules and items, is true of both or of neither. A condition is settled question by
question, in the order of the interview, until it is true or false.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TypeAlias

from flows.answers import NONE, Answer
from flows.conditions import (
    All,
    AnyOf,
    Condition,
    CountOf,
    Defined,
    Equals,
    Is,
    Not,
    comparisons,
)
from flows.models import SCALE_MAX, Basis, Flow, Kind, Question

Open: TypeAlias = Condition | bool
"""A condition as far as it is not settled; true or false where it is."""


@dataclass(frozen=True, slots=True)
class AnswerClass:
    """Answers that nothing can tell apart: one of them, and how many there are."""

    answer: Answer
    answers: int


def conditions(flow: Flow) -> Iterator[Condition]:
    """Every condition that the flow decides by."""
    yield from (question.asked for question in flow.questions if question.asked is not None)
    yield from (end.when for end in flow.ends)
    for rule in flow.rules:
        if not isinstance(rule.when, Basis):
            yield rule.when
        if rule.raised is not None:
            yield rule.raised.when
    for pathway in flow.pathways:
        if pathway.needs is not None:
            yield pathway.needs
        for item in pathway.items:
            if item.only is not None:
                yield item.only
            yield from (term.when for term in item.terms)


def fold(flow: Flow) -> dict[str, tuple[AnswerClass, ...]]:
    """Each question with its classes of answers. Free text is one class: nothing reads it."""
    compared: dict[str, list[Condition]] = {question.id: [] for question in flow.questions}
    for condition in conditions(flow):
        for comparison in comparisons(condition):
            for id in comparison.reads():
                compared[id].append(comparison)
    folded = {}
    for question in flow.questions:
        counts: dict[tuple[object, ...], int] = {}
        first: dict[tuple[object, ...], Answer] = {}
        for answer in every_answer(question):
            told = tuple(
                answer
                if isinstance(comparison, Equals)
                else comparison.holds({question.id: answer})
                for comparison in compared[question.id]
            )
            first.setdefault(told, answer)
            counts[told] = counts.get(told, 0) + 1
        folded[question.id] = tuple(AnswerClass(first[told], counts[told]) for told in first)
    return folded


def every_answer(question: Question) -> Iterator[Answer]:
    """Every answer that a question takes; free text as skipped only."""
    match question.kind:
        case Kind.ONE:
            yield from question.codes
        case Kind.SCALE:
            yield from range(SCALE_MAX + 1)
        case Kind.TEXT:
            yield ""
        case Kind.MANY:
            codes = [code for code in question.codes if code != NONE]
            if NONE in question.codes:
                yield (NONE,)
            yield from chain.from_iterable(
                combinations(codes, size) for size in range(1, len(codes) + 1)
            )


class Settling:
    """Settles conditions question by question; equal remainders are one and the same object."""

    def __init__(self) -> None:
        self._same: dict[tuple[object, ...], Condition] = {}
        self._done: dict[tuple[int, str, Answer | None], Open] = {}
        self._reads: dict[int, frozenset[str]] = {}
        self._interned: set[int] = set()

    def settle(self, condition: Open, question: str, answer: Answer | None) -> Open:
        """What is left once a question is answered, or, with None, passed over."""
        if isinstance(condition, bool):
            return condition
        own = self.intern(condition)
        key = (id(own), question, answer)
        if key not in self._done:
            touched = question in self._read_by(own)
            self._done[key] = self._settled(own, question, answer) if touched else own
        return self._done[key]

    def intern(self, condition: Condition) -> Condition:
        """The one object for conditions that say the same."""
        if id(condition) in self._interned:
            return condition
        match condition:
            case Defined(part=part):
                return self.intern(part)
            case All(parts=parts) | AnyOf(parts=parts):
                own = tuple(self.intern(part) for part in parts)
                key: tuple[object, ...] = (type(condition), *map(id, own))
                return self._one(key, type(condition).model_construct(parts=own))
            case CountOf(parts=parts, number=number):
                own = tuple(self.intern(part) for part in parts)
                return self._one(
                    (CountOf, number, *map(id, own)),
                    CountOf.model_construct(number=number, parts=own),
                )
            case Not(part=part):
                inner = self.intern(part)
                return self._one((Not, id(inner)), Not.model_construct(part=inner))
        return self._one((condition,), condition)

    def _one(self, key: tuple[object, ...], condition: Condition) -> Condition:
        one = self._same.setdefault(key, condition)
        self._interned.add(id(one))  # kept in _same, so that its id stays its own
        return one

    def _read_by(self, condition: Condition) -> frozenset[str]:
        if id(condition) not in self._reads:
            self._reads[id(condition)] = condition.reads()
        return self._reads[id(condition)]

    def _settled(self, condition: Condition, question: str, answer: Answer | None) -> Open:
        match condition:
            case All(parts=parts):
                return self._joined(All, [self.settle(p, question, answer) for p in parts], False)
            case AnyOf(parts=parts):
                return self._joined(AnyOf, [self.settle(p, question, answer) for p in parts], True)
            case CountOf(parts=parts, number=number):
                return self._counted(number, [self.settle(p, question, answer) for p in parts])
            case Not(part=part):
                left = self.settle(part, question, answer)
                return not left if isinstance(left, bool) else self.intern(Not(part=left))
            case Equals(left=one, right=other):
                if answer is None:
                    return False
                rest = other if question == one else one
                return self.intern(Is(question=rest, codes=(str(answer),)))
        return condition.holds({} if answer is None else {question: answer})

    def _joined(self, kind: type[All] | type[AnyOf], parts: list[Open], decides: bool) -> Open:
        if any(part is decides for part in parts):
            return decides
        left = list(dict.fromkeys(id(p) for p in parts if not isinstance(p, bool)))
        by_id = {id(p): p for p in parts if not isinstance(p, bool)}
        kept = tuple(by_id[one] for one in left)
        if not kept:
            return not decides
        return kept[0] if len(kept) == 1 else self.intern(kind.model_construct(parts=kept))

    def _counted(self, number: int, parts: list[Open]) -> Open:
        left = tuple(part for part in parts if not isinstance(part, bool))
        wanted = number - sum(part is True for part in parts)
        if wanted <= 0 or wanted > len(left):
            return wanted <= 0
        return self.intern(CountOf.model_construct(number=wanted, parts=left))
