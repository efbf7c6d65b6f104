"""What must hold between the parts of a flow, so that no patient ever meets a broken one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations

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
    comparisons,
)
from flows.grammar import RESERVED
from flows.interview import emergencies
from flows.models import SCALE_MAX, Basis, Flow, Kind, Question, Rule
from flows.yaml_lines import Path

MAX_SHEETS = 200_000
"""Steps tried at most to show that one question can be reached."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something broken: the id of the part, the way to its field where one is meant, the reason.

    What belongs to no part with an id has the name of its list instead, `rules` say.
    """

    id: str
    reason: str
    field: Path = ()


def lint(flow: Flow) -> Iterator[Problem]:
    """The problems of a flow, references first: later checks rely on the earlier ones."""
    yield from _references(flow)
    yield from _order(flow)
    yield from _rules(flow)
    yield from _pathways(flow)
    yield from _reachable(flow)
    yield from _ends(flow)


def _conditions(flow: Flow) -> Iterator[tuple[str, Path, Condition]]:
    """Every condition with the id and the field where it stands."""
    for name, condition in flow.definitions.items():
        yield name, (), condition
    for question in flow.questions:
        if question.asked is not None:
            yield question.id, ("asked",), question.asked
    for end in flow.ends:
        yield end.id, ("when",), end.when
    for rule in flow.rules:
        if not isinstance(rule.when, Basis):
            yield rule.id, ("when",), rule.when
        if rule.raised is not None:
            yield rule.id, ("raised", "when"), rule.raised.when
    for pathway in flow.pathways:
        if pathway.needs is not None:
            yield pathway.id, ("needs",), pathway.needs
        for item in pathway.items:
            if item.only is not None:
                yield item.id, ("only",), item.only
            for place, term in enumerate(item.terms):
                yield item.id, ("terms", place, "when"), term.when


def _references(flow: Flow) -> Iterator[Problem]:
    for name in flow.definitions:
        if name in RESERVED:
            yield Problem(name, "is a word of the conditions' own")
    for question in flow.questions:
        if question.id in RESERVED:
            yield Problem(question.id, "is a word of the conditions' own", ("id",))
        for code in question.codes:
            if code in RESERVED:
                yield Problem(question.id, f"{code} is a word of the conditions' own", ("options",))
        if question.section not in flow.sections:
            yield Problem(question.id, f"no such section: {question.section}", ("section",))
    for id, field, condition in _conditions(flow):
        for comparison in comparisons(condition):
            reason = _wrong_comparison(flow, comparison)
            if reason:
                yield Problem(id, reason, field)


def _wrong_comparison(flow: Flow, comparison: Condition) -> str:
    for id in sorted(comparison.reads()):
        if id not in flow.question_by_id:
            return f"no such question: {id}"
    questions = [flow.question_by_id[id] for id in sorted(comparison.reads())]
    wanted = {
        Is: Kind.ONE,
        IsNot: Kind.ONE,
        Equals: Kind.ONE,
        Has: Kind.MANY,
        HasAnything: Kind.MANY,
        AtLeast: Kind.SCALE,
    }[type(comparison)]
    for question in questions:
        if question.kind is not wanted:
            return f"{question.id} is a question of kind {question.kind}, not {wanted}"
    match comparison:
        case Is(codes=codes) | IsNot(codes=codes) | Has(codes=codes):
            for code in sorted(codes):
                if code not in questions[0].codes:
                    return f"{questions[0].id} has no answer {code}"
        case AtLeast(number=number) if not 0 < number <= SCALE_MAX:
            return f"{questions[0].id} >= {number} is always or never true"
        case Equals(left=left, right=right) if left == right:
            return f"{left} is compared with itself"
    return ""


def _order(flow: Flow) -> Iterator[Problem]:
    places = {question.id: place for place, question in enumerate(flow.questions)}
    for question in flow.questions:
        if question.asked is None:
            continue
        for read in sorted(question.asked.reads(), key=places.__getitem__):
            if places[read] >= places[question.id]:
                yield Problem(
                    question.id,
                    f"asked depends on {read}, which is not asked before it",
                    ("asked",),
                )


def _rules(flow: Flow) -> Iterator[Problem]:
    otherwise = [rule for rule in flow.rules if rule.when is Basis.OTHERWISE]
    if not otherwise:
        yield Problem("rules", "a flow needs one rule for otherwise")
    for rule in otherwise[1:]:
        yield Problem(rule.id, "a second rule for otherwise", ("when",))
    for rule in flow.rules:
        if rule.when is Basis.OTHERWISE and _less_urgent(flow, rule):
            yield Problem(rule.id, "otherwise must give the lowest urgency", ("urgency",))
        if isinstance(rule.when, Basis):
            if rule.can_be_emergency:
                yield Problem(rule.id, "an emergency must rest on answers", ("when",))
        elif rule.when.holds({}):
            yield Problem(rule.id, "holds before anything was answered", ("when",))
    for id, field, condition in _endings(flow):
        if condition.holds({}):
            yield Problem(id, "holds before anything was answered", field)
        if _negates(condition):
            yield Problem(
                id, "what ends the interview must not use not: a later answer could undo it", field
            )


def _endings(flow: Flow) -> Iterator[tuple[str, Path, Condition]]:
    """The conditions that can end an interview early, with the id and the field of each."""
    for end in flow.ends:
        yield end.id, ("when",), end.when
    for rule in flow.emergency_rules:
        if not isinstance(rule.when, Basis):
            yield rule.id, ("when",), rule.when
        if rule.raised is not None:
            yield rule.id, ("raised", "when"), rule.raised.when


def _negates(condition: Condition) -> bool:
    match condition:
        case Not():
            return True
        case All(parts=parts) | AnyOf(parts=parts) | CountOf(parts=parts):
            return any(_negates(part) for part in parts)
        case Defined(part=part):
            return _negates(part)
    return False


def _less_urgent(flow: Flow, rule: Rule) -> bool:
    return any(other.urgency.rank > rule.urgency.rank for other in flow.rules)


def _pathways(flow: Flow) -> Iterator[Problem]:
    ids = [pathway.id for pathway in flow.pathways]
    if sorted(flow.tie_order) != sorted(ids):
        yield Problem("tie_order", f"must name each pathway once: {', '.join(ids)}")
    for id in flow.mixed:
        if id not in ids:
            yield Problem("mixed", f"no such pathway: {id}")
    if len(set(flow.mixed)) < 2:
        yield Problem("mixed", "must name at least two pathways")
    for pathway in flow.pathways:
        most = sum(term.points for item in pathway.items for term in item.terms if term.points > 0)
        if pathway.possible < 1:
            yield Problem(pathway.id, "possible needs at least one point", ("possible",))
        if most < (pathway.likely or pathway.possible):
            yield Problem(pathway.id, f"can never be found: its items give at most {most}")


def _reachable(flow: Flow) -> Iterator[Problem]:
    for question in flow.questions:
        if question.asked is None:
            continue
        if not any(question.applies(sheet) for sheet in _sheets(flow, question.asked.reads())):
            yield Problem(
                question.id, "can never be asked: no answers before it lead here", ("asked",)
            )


def _ends(flow: Flow) -> Iterator[Problem]:
    read: frozenset[str] = frozenset()
    for question in flow.questions:
        if flow.ends_reading[question.id] or flow.emergencies_reading[question.id]:
            read |= {question.id}
            if next(_sheets(flow, read), None) is None:
                yield Problem(
                    question.id,
                    "every answer to it ends the interview: there is no way to a result",
                )
                return


def _sheets(flow: Flow, read: frozenset[str]) -> Iterator[dict[str, Answer]]:
    """The answers, to some questions and to those that they depend on, after which more is asked.

    Answers are folded: of a choose-many question only the codes that some condition names are told
    apart, of a scale only the sides of each threshold. Interviews that end early are left out.
    """
    needed = set(read)
    for question in reversed(flow.questions):
        if question.id in needed and question.asked is not None:
            needed |= question.asked.reads()
    questions = [question for question in flow.questions if question.id in needed]
    named = _named_codes(flow, needed)
    tried = 0

    def extend(place: int, sheet: dict[str, Answer]) -> Iterator[dict[str, Answer]]:
        nonlocal tried
        tried += 1
        if tried > MAX_SHEETS:
            return
        if place == len(questions):
            yield sheet
            return
        question = questions[place]
        if not question.applies(sheet):
            yield from extend(place + 1, sheet)
            return
        for answer in _folded(question, named.get(question.id, set())):
            longer = {**sheet, question.id: answer}
            if not _ended(flow, question.id, longer):
                yield from extend(place + 1, longer)

    return extend(0, {})


def _ended(flow: Flow, question: str, sheet: dict[str, Answer]) -> bool:
    ended = any(end.when.holds(sheet) for end in flow.ends_reading[question])
    return ended or bool(emergencies(flow, question, sheet))


def _named_codes(flow: Flow, needed: set[str]) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for _, _, condition in _conditions(flow):
        for comparison in comparisons(condition):
            if isinstance(comparison, Has) and comparison.question in needed:
                named.setdefault(comparison.question, set()).update(comparison.codes)
    return named


def _folded(question: Question, named: set[str]) -> Iterator[Answer]:
    match question.kind:
        case Kind.ONE:
            yield from question.codes
        case Kind.SCALE:
            yield from range(SCALE_MAX + 1)
        case Kind.TEXT:
            yield ""
        case Kind.MANY:
            codes = [code for code in question.codes if code in named and code != NONE]
            other = [code for code in question.codes if code not in named and code != NONE]
            if NONE in question.codes:
                yield (NONE,)
            if other:
                yield (other[0],)
            yield from chain.from_iterable(
                combinations(codes, size) for size in range(1, len(codes) + 1)
            )
