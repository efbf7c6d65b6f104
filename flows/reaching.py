"""What an interview can come to, each with a witness: the answers of one who comes to it.

A walk over the states of `flows.explorer`, calm answers first, goes on only where its aim can still
come true, and never twice from states that are the same in everything that counts. So it finds a
witness wherever there is one, and where it finds none, it has tried every state. It needs no solver.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from flows.answers import NONE, Answer
from flows.assessment import MIXED, NONE_FOUND
from flows.conditions import All, Condition, Has, Is, Not
from flows.explorer import COMPLETE, State, ended, first_state, passed
from flows.folding import Open, Settling, fold
from flows.grammar import write
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
    Term,
    Urgency,
)

_CALM: Final = ((NONE,), NONE, "no")
"""Answers that are tried first, so that a witness tells of little else."""


class Sort(StrEnum):
    """What can be reached.

    A rule is reached where it gives the urgency, an item, and a term of it, where it counts in a
    pathway that is found, a link where its pathway is the only one that is found (so that it is named), an option where an
    interview ends with it as an answer.
    """

    QUESTION = "question"
    OPTION = "option"
    END = "end"
    RULE = "rule"
    ITEM = "item"
    TERM = "term"
    CERTAINTY = "certainty"
    LINK = "link"


_NEVER: Final = {
    Sort.QUESTION: "is never asked",
    Sort.OPTION: "is never chosen in an interview that ends",
    Sort.END: "is an end that nobody comes to",
    Sort.RULE: "never gives the urgency",
    Sort.ITEM: "never counts in a pathway that is found",
    Sort.TERM: "never counts in a pathway that is found",
    Sort.CERTAINTY: "is never said",
    Sort.LINK: "is never named alone",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """That a pathway gathers so many points, and what else it needs; or, unless `met`, that not."""

    pathway: Pathway
    points: int
    met: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which an aim can be reached.

    `end` is how the interview must end (any way, if None), `when` what must hold of the answers
    then, and `unless` which rules, by what they hold on, must not. `stop`: it is enough to be asked this question. `pinned` is the only answer to a question.
    """

    end: str | None = None
    when: Condition | None = None
    demands: tuple[Demand, ...] = ()
    unless: tuple[tuple[str, Condition], ...] = ()
    stop: str | None = None
    pinned: tuple[str, Answer] | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """Something to be reached, by its id, in one of several ways."""

    sort: Sort
    id: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """The answers of one interview that reaches an aim, in the order asked."""

    aim: Aim
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Unreached:
    """An aim that nobody reaches: the path that leads closest, where it breaks off, and why."""

    aim: Aim
    answers: Mapping[str, Answer]
    question: str
    reason: str

    def __str__(self) -> str:
        path = ", ".join(f"{id} {_told(answer)}" for id, answer in self.answers.items())
        return (
            f"{self.aim.sort} {self.aim.id} {_NEVER[self.aim.sort]}. Closest: "
            f"{path or 'no answer yet'}; then at {self.question}: {self.reason}"
        )


@dataclass(slots=True)
class Reached:
    """Every aim of a flow, with its witness or with why there is none."""

    witnesses: list[Witness] = field(default_factory=list)
    unreached: list[Unreached] = field(default_factory=list)

    def of(self, sort: Sort) -> list[Witness]:
        """The witnesses of one sort."""
        return [one for one in self.witnesses if one.aim.sort is sort]


def reach(flow: Flow) -> Reached:
    """Look for a witness for everything that an interview can come to."""
    searching = _Searching(flow)
    reached = Reached()
    for aim in aims(flow):
        found = searching.look_for(aim)
        if isinstance(found, Witness):
            reached.witnesses.append(found)
        else:
            reached.unreached.append(found)
    return reached


def aims(flow: Flow) -> Iterator[Aim]:
    """Everything that an interview should be able to come to, in the protocol's order."""
    for question in flow.questions:
        yield Aim(Sort.QUESTION, question.id, (Way(when=question.asked, stop=question.id),))
        yield from (_option(question, code) for code in question.codes)
    yield Aim(Sort.END, Outcome.EMERGENCY.value, (Way(Outcome.EMERGENCY.value),))
    yield Aim(Sort.END, COMPLETE, (Way(COMPLETE),))
    yield from (Aim(Sort.END, end.id, (Way(end.id, end.when),)) for end in flow.ends)
    yield from (Aim(Sort.RULE, rule.id, tuple(_rule(flow, rule))) for rule in flow.rules)
    for pathway in flow.pathways:
        yield from _certainties(pathway)
        for item in pathway.items:
            ways = {term: _counting(pathway, item, term) for term in item.terms}
            yield Aim(Sort.ITEM, item.id, tuple(ways.values()))
            yield from (Aim(Sort.TERM, term_name(item, term), (ways[term],)) for term in ways)
    yield from _links(flow)


def term_name(item: Item, term: Term) -> str:
    """What a term is called: as its item, with its own name where there are several."""
    return item.id if term.name is None else f"{item.id} {term.name}"


def _option(question: Question, code: str) -> Aim:
    answer: Answer = (code,) if question.kind is Kind.MANY else code
    chosen: Condition = (
        Has(question=question.id, codes=frozenset((code,)))
        if question.kind is Kind.MANY
        else Is(question=question.id, codes=(code,))
    )
    way = Way(when=_all(question.asked, chosen), pinned=(question.id, answer))
    return Aim(Sort.OPTION, f"{question.id} {code}", (way,))


def _rule(flow: Flow, rule: Rule) -> Iterator[Way]:
    """The ways in which a rule gives the urgency: no other rule, and no pathway, gives a higher one."""
    if rule.when is Basis.OTHERWISE:
        nothing = len(Urgency)
        yield Way(COMPLETE, None, _none_found(flow, nothing), _above(flow, nothing))
    elif rule.when is Basis.PATHWAY_FOUND:
        for pathway in flow.pathways:
            yield Way(COMPLETE, None, (_found(pathway),), _above(flow, rule.urgency.rank))
    else:
        own: list[tuple[int, Condition | None]] = [(rule.urgency.rank, rule.when)]
        if rule.raised is not None:
            own = [
                (rule.urgency.rank, _all(rule.when, Not(part=rule.raised.when))),
                (rule.raised.to.rank, _all(rule.when, rule.raised.when)),
            ]
        for rank, when in own:
            if rank == Urgency.EMERGENCY.rank:
                yield Way(Outcome.EMERGENCY.value, when)
            else:
                yield Way(COMPLETE, when, _none_found(flow, rank), _above(flow, rank))


def _above(flow: Flow, rank: int) -> tuple[tuple[str, Condition], ...]:
    """The rules that give a higher urgency by the answers alone, and on what they hold."""
    above: list[tuple[str, Condition]] = []
    for rule in flow.rules:
        if isinstance(rule.when, Basis):
            continue
        if rule.urgency.rank < rank:
            above.append((rule.id, rule.when))
        elif rule.raised is not None and rule.raised.to.rank < rank:
            above.append((rule.id, All(parts=(rule.when, rule.raised.when))))
    return tuple(above)


def _found(pathway: Pathway) -> Demand:
    return Demand(pathway, pathway.possible, met=True)


def _none_found(flow: Flow, rank: int) -> tuple[Demand, ...]:
    """That no pathway is found, where a rule would give more for that than this rank."""
    found = (rule.urgency.rank for rule in flow.rules if rule.when is Basis.PATHWAY_FOUND)
    if not any(one < rank for one in found):
        return ()
    return tuple(Demand(pathway, pathway.possible, met=False) for pathway in flow.pathways)


def _certainties(pathway: Pathway) -> Iterator[Aim]:
    found = _found(pathway)
    demands: tuple[Demand, ...] = (found,)
    if pathway.likely is not None:
        likely = Demand(pathway, pathway.likely, met=True)
        yield _certainty(pathway, Certainty.LIKELY, (likely,))
        demands = (found, Demand(pathway, pathway.likely, met=False))
    yield _certainty(pathway, Certainty.POSSIBLE, demands)


def _certainty(pathway: Pathway, certainty: Certainty, demands: tuple[Demand, ...]) -> Aim:
    return Aim(Sort.CERTAINTY, f"{pathway.id} {certainty}", (Way(COMPLETE, None, demands),))


def _counting(pathway: Pathway, item: Item, term: Term) -> Way:
    return Way(COMPLETE, _all(item.only, term.when), (_found(pathway),))


def _links(flow: Flow) -> Iterator[Aim]:
    """A pathway is named where it is the only one found; at best where nothing else is found either."""
    ranks = [rule.urgency.rank for rule in flow.rules if rule.when is Basis.PATHWAY_FOUND]
    above = _above(flow, min(ranks, default=0))
    for pathway in flow.pathways:
        demands = tuple(
            Demand(other, other.possible, met=other is pathway) for other in flow.pathways
        )
        ways = (Way(COMPLETE, None, demands, above), Way(COMPLETE, None, demands))
        yield Aim(Sort.LINK, pathway.id, ways)
    if flow.mixed:
        mixed = tuple(_found(flow.pathway_by_id[id]) for id in flow.mixed)
        yield Aim(Sort.LINK, MIXED, (Way(COMPLETE, None, mixed, above), Way(COMPLETE, None, mixed)))
    nothing = tuple(Demand(pathway, pathway.possible, met=False) for pathway in flow.pathways)
    yield Aim(Sort.LINK, NONE_FOUND, (Way(COMPLETE, None, nothing),))


def _all(*parts: Condition | None) -> Condition | None:
    there: list[Condition] = []
    for part in parts:
        if part is not None:
            there += part.parts if isinstance(part, All) else (part,)
    if len(there) < 2:
        return there[0] if there else None
    return All(parts=tuple(there))


Gathering: TypeAlias = tuple[Open, int, tuple[tuple[Condition, int], ...]]
"""A demand as far as it is open: what is needed, the points that are missing, what still counts."""

_Here: TypeAlias = tuple[State, Open, tuple[Gathering | bool, ...], tuple[Open, ...]]
"""The state, what must still hold, be gathered, and must not hold."""


class _Searching:
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.settling = Settling()
        self.first = first_state(flow, self.settling)
        self.answers = {
            id: sorted((one.answer for one in classes), key=lambda answer: answer not in _CALM)
            for id, classes in fold(flow).items()
        }
        self._passed: dict[tuple[State, Answer | None], State] = {}

    def look_for(self, aim: Aim) -> Witness | Unreached:
        """A witness; otherwise the way that led furthest."""
        furthest: _Search | None = None
        for way in aim.ways:
            search = _Search(self, way)
            found = search.run()
            if found is not None:
                return Witness(aim, found)
            if furthest is None or search.place > furthest.place:
                furthest = search
        if furthest is None:
            return Unreached(aim, {}, self.flow.questions[0].id, "nothing leads there")
        question = self.flow.questions[furthest.place].id
        return Unreached(aim, furthest.closest, question, furthest.reason)

    def passed(self, state: State, question: Question, answer: Answer | None) -> State:
        key = (state, answer)
        if key not in self._passed:
            self._passed[key] = passed(state, question, answer, self.settling)
        return self._passed[key]


class _Search:
    """The walk for one way of one aim. `closest`, `place` and `reason` tell where it came furthest."""

    def __init__(self, searching: _Searching, way: Way) -> None:
        self._of = searching
        self._way = way
        self._dead: set[_Here] = set()
        self.closest: Mapping[str, Answer] = {}
        self._furthest = (-1, False)
        self._reasons: dict[str, None] = {}

    @property
    def place(self) -> int:
        return self._furthest[0]

    @property
    def reason(self) -> str:
        return ", or ".join(self._reasons)

    def run(self) -> dict[str, Answer] | None:
        of, way = self._of, self._way
        when: Open = True if way.when is None else of.settling.intern(way.when)
        demands = tuple(self._gathering(demand) for demand in way.demands)
        unless: tuple[Open, ...] = tuple(of.settling.intern(one) for _, one in way.unless)
        return self._from(0, (of.first, when, demands, unless), {})

    def _from(self, place: int, here: _Here, given: dict[str, Answer]) -> dict[str, Answer] | None:
        if here in self._dead:
            return None
        found = self._tried(place, here, given)
        if found is None:
            self._dead.add(here)
        return found

    def _tried(self, place: int, here: _Here, given: dict[str, Answer]) -> dict[str, Answer] | None:
        of, way = self._of, self._way
        question = of.flow.questions[place]
        asked = here[0][0][0] is not False
        if question.id == way.stop:
            if not asked:
                self._breaks(place, given, "nothing else is wrong", asked=False)
            return given if asked else None
        if not asked:
            return self._on(place, here, given, None)
        answers = of.answers[question.id]
        if way.pinned is not None and way.pinned[0] == question.id:
            answers = [way.pinned[1]]
        for answer in answers:
            found = self._on(place, here, given, answer)
            if found is not None:
                return found
        return None

    def _on(
        self, place: int, here: _Here, given: dict[str, Answer], answer: Answer | None
    ) -> dict[str, Answer] | None:
        """Go on with an answer to the question, or, with None, past it."""
        question = self._of.flow.questions[place]
        then = given if answer is None else {**given, question.id: answer}
        there = self._there(question, here, answer)
        if isinstance(there, str):
            self._breaks(place, given, there, asked=answer is not None)
            return None
        over = ended(self._of.flow, there[0]) if answer is not None else None
        if over is None and place + 1 < len(self._of.flow.questions):
            return self._from(place + 1, there, then)
        reason = self._not_met(over or COMPLETE, there)
        if reason:
            self._breaks(place, given, reason)
        return None if reason else then

    def _there(self, question: Question, here: _Here, answer: Answer | None) -> _Here | str:
        """What is left after the answer; otherwise why nothing leads on from there."""
        settle = self._of.settling.settle
        when = settle(here[1], question.id, answer)
        if when is False:
            return _can_no_longer_hold(here[1])
        demands = []
        for demand, before in zip(self._way.demands, here[2], strict=True):
            now = self._gathered(demand, before, question.id, answer)
            if now is False:
                return _cannot_be_met(demand)
            demands.append(now)
        unless = tuple(settle(one, question.id, answer) for one in here[3])
        for (rule, _), one in zip(self._way.unless, unless, strict=True):
            if one is True:
                return f"rule {rule} gives a higher urgency"
        return self._of.passed(here[0], question, answer), when, tuple(demands), unless

    def _not_met(self, over: str, there: _Here) -> str:
        """Why an interview that ends here does not reach the aim; empty if it does."""
        way = self._way
        if way.end not in (None, over) or way.stop is not None:
            return f"the interview ends with {over}"
        if there[1] is True and all(demand is True for demand in there[2]):
            return ""
        return f"the interview ends with {over} before the rest is known"

    def _breaks(
        self, place: int, given: dict[str, Answer], reason: str, *, asked: bool = True
    ) -> None:
        """Note where it breaks off, if that is further than before."""
        if (place, asked) > self._furthest:
            self._furthest = place, asked
            self.closest, self._reasons = given, {}
        if given is self.closest and (place, asked) == self._furthest:
            self._reasons[reason if asked else f"it is not asked, and {reason}"] = None

    def _gathering(self, demand: Demand) -> Gathering:
        pathway, intern = demand.pathway, self._of.settling.intern
        needs: Open = True if pathway.needs is None else intern(pathway.needs)
        terms: list[tuple[Condition, int]] = []
        for item in pathway.items:
            for term in item.terms:
                when = term.when if item.only is None else All(parts=(item.only, term.when))
                terms.append((intern(when), term.points))
        return needs, demand.points, tuple(terms)

    def _gathered(
        self, demand: Demand, before: Gathering | bool, question: str, answer: Answer | None
    ) -> Gathering | bool:
        """The demand after an answer; True or False once no later answer can change it."""
        if isinstance(before, bool):
            return before
        settle = self._of.settling.settle
        needs, missing, terms = before
        needs = settle(needs, question, answer)
        still: list[tuple[Condition, int]] = []
        for when, points in terms:
            now = settle(when, question, answer)
            if now is True:
                missing -= points
            elif not isinstance(now, bool):
                still.append((now, points))
        most = sum(points for _, points in still if points > 0)
        least = sum(points for _, points in still if points < 0)
        if needs is False or most < missing:
            return not demand.met
        if needs is True and least >= missing:
            return demand.met
        return needs, missing, tuple(still)


def _can_no_longer_hold(condition: Open) -> str:
    if isinstance(condition, bool):
        return "that cannot hold"
    return f"this can no longer hold: {write(condition)}"


def _cannot_be_met(demand: Demand) -> str:
    if demand.met:
        return f"pathway {demand.pathway.id} can no longer come to {demand.points} points"
    return f"pathway {demand.pathway.id} comes to {demand.points} points in any case"


def _told(answer: Any) -> str:
    return " + ".join(answer) if isinstance(answer, tuple) else str(answer)
