"""The protocol altered in one place at a time, to see whether checks and test patients notice.

Each mutant is a whole flow, or one that the linter refuses. Altered are: each rule (left out, its
urgency, its raise), each item (left out, its points, its terms), each threshold, each condition
(every comparison, code, number, and, or, not), each question's condition and its place, each end,
the order of ties and what makes the link mixed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel

from flows.conditions import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    CountOf,
    Defined,
    Has,
    HasAnything,
    Is,
    IsNot,
    Not,
)
from flows.grammar import write
from flows.models import SCALE_MAX, Basis, End, Flow, Item, Pathway, Question, Rule, Urgency

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One alteration: the part of the protocol, what was done to it, and how to make the flow."""

    part: str
    change: str
    make: Callable[[], Flow]

    @property
    def name(self) -> str:
        return f"{self.part}: {self.change}"


def mutants(flow: Flow) -> Iterator[Mutant]:
    """Every mutant of a flow, each once, always in the same order."""
    yield from _of_definitions(flow)
    yield from _of_questions(flow)
    yield from _of_list(flow, "ends", flow.ends, partial(_of_end, flow))
    yield from _of_list(flow, "rules", flow.rules, partial(_of_rule, flow))
    yield from _of_list(flow, "pathways", flow.pathways, partial(_of_pathway, flow))
    for name in ("tie_order", "mixed"):
        yield from _of_names(flow, name)


def altered(flow: Flow, **changed: Any) -> Flow:
    """The flow with some fields changed, and nothing remembered of the old one.

    Raises:
        pydantic.ValidationError: it is no flow any more.
    """
    return Flow.model_validate(
        {**{name: getattr(flow, name) for name in Flow.model_fields}, **changed}
    )


def altered_conditions(flow: Flow, condition: Condition) -> Iterator[tuple[str, Condition]]:
    """A condition with one thing altered, each with what was done."""
    before = write(condition)
    for change in _changes(flow, condition):
        yield f"{before}  →  {write(change)}", change


def without_code(condition: Condition, question: str, code: str) -> Condition:
    """A condition that no longer names an answer in its plain comparisons with a question."""

    def left(part: Condition) -> Condition:
        return without_code(part, question, code)

    match condition:
        case Is(question=asked, codes=codes) if asked == question:
            return Is(question=asked, codes=tuple(one for one in codes if one != code))
        case Has(question=asked, codes=ticks) if asked == question:
            return Has(question=asked, codes=ticks - {code})
        case All(parts=parts) | AnyOf(parts=parts):
            return type(condition)(parts=tuple(map(left, parts)))
        case CountOf(parts=parts, number=number):
            return CountOf(number=number, parts=tuple(map(left, parts)))
        case Defined(part=part):
            return left(part)
    return condition


Replace = Callable[[Any], Flow]
"""Puts something in the place of a part, None for nothing, and gives the flow."""


def _with(flow: Flow, name: str, parts: tuple[Any, ...], place: int, new: Any) -> Flow:
    kept = () if new is None else (new,)
    return altered(flow, **{name: (*parts[:place], *kept, *parts[place + 1 :])})


def _updated(model: _Model, **changed: Any) -> _Model:
    """The model with some fields changed, checked anew."""
    fields = {name: getattr(model, name) for name in type(model).model_fields}
    return type(model).model_validate({**fields, **changed})


def _of_list(
    flow: Flow,
    name: str,
    parts: tuple[Any, ...],
    inside: Callable[[Any], Iterator[tuple[str, Callable[[], Any]]]],
) -> Iterator[Mutant]:
    for place, part in enumerate(parts):

        def put(new: Callable[[], Any], place: int = place) -> Flow:
            return _with(flow, name, parts, place, new())

        yield Mutant(part.id, "left out", partial(put, _nothing))
        for change, new in inside(part):
            yield Mutant(part.id, change, partial(put, new))


def _nothing() -> None:
    return None


Change = tuple[str, Callable[[], Any]]


def _of_end(flow: Flow, end: End) -> Iterator[Change]:
    for change, when in altered_conditions(flow, end.when):
        yield change, partial(_updated, end, when=when)


def _of_rule(flow: Flow, rule: Rule) -> Iterator[Change]:
    for urgency in Urgency:
        if abs(urgency.rank - rule.urgency.rank) == 1:
            yield f"urgency {rule.urgency} → {urgency}", partial(_updated, rule, urgency=urgency)
    if isinstance(rule.when, Basis):
        return
    for change, when in altered_conditions(flow, rule.when):
        yield change, partial(_updated, rule, when=when)
    raised = rule.raised
    if raised is not None:
        yield "never raised", partial(_updated, rule, raised=None)
        for urgency in Urgency:
            if abs(urgency.rank - raised.to.rank) == 1 and urgency.rank < rule.urgency.rank:
                yield (
                    f"raised to {raised.to} → {urgency}",
                    partial(_updated, rule, raised=_updated(raised, to=urgency)),
                )
        for change, when in altered_conditions(flow, raised.when):
            yield (
                f"raised when {change}",
                partial(_updated, rule, raised=_updated(raised, when=when)),
            )


def _of_pathway(flow: Flow, pathway: Pathway) -> Iterator[Change]:
    for step in (-1, 1):
        possible = pathway.possible + step
        yield (
            f"possible {pathway.possible} → {possible}",
            partial(_updated, pathway, possible=possible),
        )
        if pathway.likely is not None:
            likely = pathway.likely + step
            yield f"likely {pathway.likely} → {likely}", partial(_updated, pathway, likely=likely)
    if pathway.likely is None:
        yield (
            "likely from one point more than possible",
            partial(_updated, pathway, likely=pathway.possible + 1),
        )
    else:
        yield "never likely", partial(_updated, pathway, likely=None)
    if pathway.needs is not None:
        yield "needs nothing", partial(_updated, pathway, needs=None)
        for change, needs in altered_conditions(flow, pathway.needs):
            yield f"needs {change}", partial(_updated, pathway, needs=needs)
    for place, item in enumerate(pathway.items):
        before, after = pathway.items[:place], pathway.items[place + 1 :]
        if before or after:
            yield f"{item.id} left out", partial(_updated, pathway, items=(*before, *after))
        for change, new in _of_item(flow, item):
            yield f"{item.id} {change}", partial(_updated, pathway, items=(*before, new, *after))


def _of_item(flow: Flow, item: Item) -> Iterator[tuple[str, Item]]:
    if item.only is not None:
        yield "counts without its condition", _updated(item, only=None)
        for change, only in altered_conditions(flow, item.only):
            yield f"only {change}", _updated(item, only=only)
    for place, term in enumerate(item.terms):
        before, after = item.terms[:place], item.terms[place + 1 :]
        name = f"{term.name} " if term.name else ""
        if before or after:
            yield f"{name}left out", _updated(item, terms=(*before, *after))
        for step in (-1, 1):
            points = _updated(term, points=term.points + step)
            yield (
                f"{name}points {term.points} → {points.points}",
                _updated(item, terms=(*before, points, *after)),
            )
        for change, when in altered_conditions(flow, term.when):
            new = _updated(term, when=when)
            yield f"{name}{change}", _updated(item, terms=(*before, new, *after))


def _of_questions(flow: Flow) -> Iterator[Mutant]:
    questions = flow.questions

    def put(place: int, new: Question) -> Flow:
        return _with(flow, "questions", questions, place, new)

    def swapped(place: int) -> Flow:
        order = list(questions)
        order[place], order[place + 1] = order[place + 1], order[place]
        return altered(flow, questions=tuple(order))

    for place, question in enumerate(questions):
        if place + 1 < len(questions):
            yield Mutant(
                question.id, f"asked after {questions[place + 1].id}", partial(swapped, place)
            )
        if question.asked is None:
            continue
        yield Mutant(
            question.id, "always asked", partial(put, place, _updated(question, asked=None))
        )
        for change, asked in altered_conditions(flow, question.asked):
            yield Mutant(question.id, change, partial(put, place, _updated(question, asked=asked)))


def _of_definitions(flow: Flow) -> Iterator[Mutant]:
    """A definition altered wherever it is used."""
    for name, condition in flow.definitions.items():
        for change, new in altered_conditions(flow, condition):
            yield Mutant(name, change, partial(_redefined, flow, name, new))


def _redefined(flow: Flow, name: str, new: Condition) -> Flow:
    def fresh(value: Any) -> Any:
        if isinstance(value, Defined):
            part = new if value.name == name else fresh(value.part)
            return Defined(name=value.name, part=part)
        if isinstance(value, BaseModel):
            fields = {key: fresh(getattr(value, key)) for key in type(value).model_fields}
            return type(value).model_validate(fields)
        if isinstance(value, tuple):
            return tuple(map(fresh, value))
        if isinstance(value, dict):
            return {key: fresh(entry) for key, entry in value.items()}
        return value

    renewed: Flow = fresh(flow)
    return altered(renewed, definitions={**renewed.definitions, name: new})


def _of_names(flow: Flow, name: str) -> Iterator[Mutant]:
    names: tuple[str, ...] = getattr(flow, name)
    if name == "tie_order":
        for place in range(len(names) - 1):
            order = list(names)
            order[place], order[place + 1] = order[place + 1], order[place]
            yield Mutant(
                name,
                f"{names[place + 1]} before {names[place]}",
                partial(altered, flow, tie_order=tuple(order)),
            )
        return
    for place, pathway in enumerate(names):
        for other in flow.pathway_by_id:
            if other not in names:
                changed = (*names[:place], other, *names[place + 1 :])
                yield Mutant(name, f"{pathway} → {other}", partial(altered, flow, mixed=changed))


def _changes(flow: Flow, condition: Condition) -> Iterator[Condition]:  # noqa: PLR0912 - a kind each
    match condition:
        case Is(question=question, codes=codes):
            yield IsNot(question=question, codes=codes)
            for changed in _codes(flow, question, codes):
                yield Is(question=question, codes=changed)
        case IsNot(question=question, codes=codes):
            yield Is(question=question, codes=codes)
            for changed in _codes(flow, question, codes):
                yield IsNot(question=question, codes=changed)
        case Has(question=question, codes=ticks):
            yield Not(part=condition)
            for changed in _codes(flow, question, tuple(sorted(ticks))):
                yield Has(question=question, codes=frozenset(changed))
        case HasAnything(question=question):
            yield Not(part=condition)
            for code in flow.question_by_id[question].codes[:-1]:
                others = frozenset(flow.question_by_id[question].codes[:-1]) - {code}
                yield Has(question=question, codes=others)
        case AtLeast(question=question, number=number):
            for other in (number - 1, number + 1):
                if 0 < other <= SCALE_MAX:
                    yield AtLeast(question=question, number=other)
        case All(parts=parts) | AnyOf(parts=parts):
            yield (AnyOf if isinstance(condition, All) else All)(parts=parts)
            yield from _parts_changed(flow, condition, parts)
        case CountOf(parts=parts, number=number):
            for other in (number - 1, number + 1):
                if 1 <= other <= len(parts):
                    yield CountOf(number=other, parts=parts)
            yield from _parts_changed(flow, condition, parts)
        case Not(part=part):
            yield part
            for changed_part in _changes(flow, part):
                yield Not(part=changed_part)
        case Defined(part=part):
            yield Not(part=condition)
            del part  # altered on its own, wherever it is used
        case _:
            yield Not(part=condition)


def _parts_changed(
    flow: Flow, condition: All | AnyOf | CountOf, parts: tuple[Condition, ...]
) -> Iterator[Condition]:
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        for new in _changes(flow, part):
            yield condition.model_copy(update={"parts": (*before, new, *after)})
        fits = not isinstance(condition, CountOf) or condition.number < len(parts)
        if len(parts) > 1 and fits:
            left = (*before, *after)
            alone = len(left) == 1 and not isinstance(condition, CountOf)
            yield left[0] if alone else condition.model_copy(update={"parts": left})


def _codes(flow: Flow, question: str, codes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """One code fewer, one more, or another one in the place of the only one."""
    known = flow.question_by_id[question].codes
    if len(codes) > 1:
        for code in codes:
            yield tuple(one for one in codes if one != code)
    for code in known:
        if code not in codes:
            yield (*codes, code)
            if len(codes) == 1:
                yield (code,)
