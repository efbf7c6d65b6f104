"""Proves each property of the protocol, or finds a patient for whom it is not so.

Each proof asks the solver for a sheet of answers that breaks the property; that there is none is
the proof. Where something must be possible, it asks for a witness instead. A counter-example is
read back into answers and assessed by the running code.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import z3  # type: ignore[import-untyped]

from flows.answers import NONE, Answer
from flows.assessment import assess_sheet
from flows.concerns import Concern, Level
from flows.conditions import (
    All,
    AnyOf,
    Condition,
    CountOf,
    Defined,
    Has,
    Is,
    comparisons,
)
from flows.models import Basis, Flow, Item, Kind, Pathway, Question, Rule, Urgency
from flows.mutation import altered, without_code
from flows.proof.encoding import OUT_OF_SCOPE_RANK, Formula, Reading, Sheet
from flows.proof.known import IDLE_CODES, LOWERING_TICKS
from flows.proof.properties import PROPERTIES, Property

SAFETY: Final = "safety"
"""The section with the questions about danger."""
SCREENED_FIRST: Final = frozenset(("age", "complaints"))
"""The questions that may end the interview as out of scope."""
NO_ANSWERS: Final = ("no", NONE)
NEVER_YES: Final = "prefer_not"
"""Not wanting to say is neither yes nor unsure (protocol section 1, question `sexual`)."""
DANGER_RISING: Final = ("longstanding", "weeks", "new")
CARRIED_LIKELY: Final = frozenset(("nerve", "systemic"))
NEED_BOTH: Final = ("mechanical", "foot_first")


@dataclass(frozen=True, slots=True)
class Failure:
    """What breaks a property, in one line, with a patient where one shows it.

    `before` is the same patient with the answer that the property compares with.
    """

    reason: str
    patient: Mapping[str, Answer] = field(default_factory=dict)
    before: Mapping[str, Answer] = field(default_factory=dict)

    def lines(self, flow: Flow) -> Iterator[str]:
        """The failure with its test patient, and what the running code makes of them."""
        yield self.reason
        if self.before:
            yield from _shown(flow, "before", self.before)
        if self.patient:
            yield from _shown(flow, "patient", self.patient)


@dataclass(frozen=True, slots=True)
class Proof:
    """One property: proved where nothing failed. `questions` is how often the solver was asked."""

    of: Property
    failures: tuple[Failure, ...]
    questions: int

    @property
    def proved(self) -> bool:
        return not self.failures


def prove(
    flow: Flow, concerns: tuple[Concern, ...] = (), ids: tuple[str, ...] = ()
) -> Iterator[Proof]:
    """Prove the properties of a flow, all or those named, in their order.

    `machine_moves_as_computed` is no matter of the solver: `flows.explorer` checks it.
    """
    solver = _Solver(flow, concerns)
    for one in PROPERTIES:
        check = _CHECKS.get(one.id)
        if check is None or (ids and one.id not in ids):
            continue
        asked = solver.asked
        failures = tuple(check(solver))
        yield Proof(one, failures, solver.asked - asked)


class _Solver:
    """A flow, a sheet of free answers, what the flow makes of it, and a count of questions."""

    def __init__(self, flow: Flow, concerns: tuple[Concern, ...]) -> None:
        self.flow = flow
        self.concerns = concerns
        self.sheet = Sheet(flow)
        self.read = Reading(flow, self.sheet)
        self.asked = 0
        self._solver: Any = z3.Solver()
        self._solver.add(self.sheet.valid)

    def some(self, *wanted: Formula) -> Mapping[str, Answer] | None:
        """A sheet for which all of this is so; None is the proof that there is none."""
        self.asked += 1
        self._solver.push()
        try:
            self._solver.add(*wanted)
            found = self._solver.check()
            if found == z3.unknown:
                raise RuntimeError(f"the solver gave up: {self._solver.reason_unknown()}")
            return self.sheet.answers(self._solver.model()) if found == z3.sat else None
        finally:
            self._solver.pop()

    def never(self, reason: str, *broken: Formula) -> Iterator[Failure]:
        """A failure, if there is a sheet for which this is so."""
        patient = self.some(*broken)
        if patient is not None:
            yield Failure(reason, patient)

    def possible(self, reason: str, *wanted: Formula) -> Iterator[Failure]:
        """A failure, if there is no sheet for which this is so."""
        if self.some(*wanted) is None:
            yield Failure(reason)

    def never_lower(
        self, reason: str, changed: Sheet, answers: Mapping[str, Answer], *given: Formula
    ) -> Iterator[Failure]:
        """A failure, if with the changed answers the urgency is lower."""
        patient = self.some(*given, Reading(self.flow, changed).rank > self.read.rank)
        if patient is not None:
            yield Failure(reason, {**patient, **answers}, before=patient)

    def questions(self, *kinds: Kind, section: str | None = None) -> Iterator[Question]:
        """The questions of these kinds, of one section or of all."""
        for question in self.flow.questions:
            if question.kind in kinds and section in (None, question.section):
                yield question


def _emergency_always_wins(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    in_scope = z3.Not(
        z3.Or([read.ended_by[end.id] for end in solver.flow.ends if _is_early(end.when)])
    )
    for rule in solver.flow.emergency_rules:
        yield from solver.never(
            f"{rule.id} holds, but there is no emergency",
            in_scope,
            read.is_emergency(rule),
            z3.Not(read.emergency),
        )


def _emergency_at_once(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    for place, question in enumerate(solver.flow.questions):
        for rule in solver.flow.emergency_rules:
            here = z3.And(read.visited[place], read.is_emergency(rule, place))
            if rule in solver.flow.emergencies_reading[question.id]:
                yield from solver.never(
                    f"{rule.id} holds at {question.id}, but something is asked after it",
                    here,
                    z3.Or(read.visited[place + 1 :]),
                )
                yield from solver.never(
                    f"{rule.id} holds at {question.id}, but a later answer could undo it",
                    here,
                    z3.Not(read.is_emergency(rule)),
                )


def _emergency_alone(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    yield from solver.never(
        "an interview is finished in spite of an emergency", read.finished, read.emergency
    )
    yield from solver.never(
        "an interview has a lesser urgency in spite of an emergency", read.emergency, read.rank != 0
    )
    for rule in solver.flow.emergency_rules:
        yield from solver.never(
            f"{rule.id} gives an emergency at the result, where pathways are shown",
            read.finished,
            read.is_emergency(rule),
        )
    for rule in solver.flow.emergency_rules:
        if not isinstance(rule.when, Basis) and rule.raised is not None:
            yield from solver.never(
                f"{rule.id} gives a lesser urgency at first and an emergency later",
                read.emergency,
                z3.Not(read.is_emergency(rule)),
                read.holds(rule.when),
            )


def _out_of_scope_before_danger(solver: _Solver) -> Iterator[Failure]:
    safety = [
        place for place, question in enumerate(solver.flow.questions) if question.section == SAFETY
    ]
    for end in solver.flow.ends:
        for place in safety:
            yield from solver.never(
                f"{end.id} ends the interview after {solver.flow.questions[place].id}",
                solver.read.ended_by[end.id],
                solver.read.visited[place],
            )


def _safety_yes_never_lowers(solver: _Solver) -> Iterator[Failure]:
    for question in solver.questions(Kind.ONE, Kind.MANY, section=SAFETY):
        for no in NO_ANSWERS:
            if no not in question.codes:
                continue
            for code in question.codes:
                if code not in (no, NEVER_YES):
                    yield from solver.never_lower(
                        f"{question.id} from {no} to {code} lowers the urgency",
                        solver.sheet.changed(question.id, [code]),
                        {question.id: _answer(question, code)},
                        solver.sheet.is_(question.id, no),
                    )


def _safety_tick_never_lowers(solver: _Solver) -> Iterator[Failure]:
    for question in solver.questions(Kind.MANY, section=SAFETY):
        for code in question.codes:
            if code != NONE:
                yield from _one_more_tick(solver, question, code)


def _any_tick_never_lowers(solver: _Solver) -> Iterator[Failure]:
    found: set[tuple[str, str]] = set()
    for question in solver.questions(Kind.MANY):
        for code in question.codes:
            if code == NONE:
                continue
            for failure in _one_more_tick(solver, question, code):
                found.add((question.id, code))
                if (question.id, code) not in LOWERING_TICKS:
                    yield failure
                else:
                    yield from _only_from_routine(solver, question, code)
    for question_id, code in LOWERING_TICKS:
        if (question_id, code) not in found and question_id in solver.flow.question_by_id:
            yield Failure(f"{question_id} {code} is listed as lowering, but never does")


def _only_from_routine(solver: _Solver, question: Question, code: str) -> Iterator[Failure]:
    """A listed tick may take a link away, and with it a planned visit, but nothing sooner."""
    after = Reading(solver.flow, solver.sheet.with_tick(question.id, code)).rank
    yield from solver.never(
        f"{question.id} {code} lowers more than routine to self-care",
        z3.Not(solver.sheet.chosen[question.id][code]),
        after > solver.read.rank,
        solver.read.rank != Urgency.ROUTINE.rank,
    )


def _one_more_tick(solver: _Solver, question: Question, code: str) -> Iterator[Failure]:
    ticked = solver.sheet.chosen[question.id]
    for failure in solver.never_lower(
        f"ticking {question.id} {code} as well lowers the urgency",
        solver.sheet.with_tick(question.id, code),
        {},
        z3.Not(ticked[code]),
    ):
        before = failure.before[question.id]
        ticks = {*(before if isinstance(before, tuple) else ()), code} - {NONE}
        after = {**failure.before, question.id: question.ordered(ticks)}
        yield Failure(failure.reason, after, failure.before)


def _unsure_counts_as_yes(solver: _Solver) -> Iterator[Failure]:
    for question in solver.questions(Kind.ONE, section=SAFETY):
        if {"unsure", "new"} <= set(question.codes):
            yield from solver.never_lower(
                f"{question.id} unsure is less urgent than new",
                solver.sheet.changed(question.id, ["unsure"]),
                {question.id: "unsure"},
                solver.sheet.is_(question.id, "new"),
            )
    for question in solver.questions(Kind.MANY, section=SAFETY):
        if "unsure" in question.codes:
            for code in question.codes:
                if code not in ("unsure", NONE):
                    yield from solver.never_lower(
                        f"{question.id} unsure is less urgent than {code}",
                        solver.sheet.changed(question.id, ["unsure"]),
                        {question.id: ("unsure",)},
                        solver.sheet.is_(question.id, code),
                    )


def _newer_is_never_lower(solver: _Solver) -> Iterator[Failure]:
    for question in solver.questions(Kind.ONE, section=SAFETY):
        rising = [code for code in (*DANGER_RISING, "hours") if code in question.codes]
        if len(rising) > 1:
            for lower, higher in pairwise(rising):
                yield from solver.never_lower(
                    f"{question.id} {higher} is less urgent than {lower}",
                    solver.sheet.changed(question.id, [higher]),
                    {question.id: higher},
                    solver.sheet.is_(question.id, lower),
                )


def _severity_never_lowers(solver: _Solver) -> Iterator[Failure]:
    for question in solver.questions(Kind.SCALE):
        number = solver.sheet.numbers[question.id]
        for failure in solver.never_lower(
            f"one point more on {question.id} lowers the urgency",
            solver.sheet.with_more(question.id, number + 1),
            {},
            number < 10,
        ):
            before = failure.before[question.id]
            more = before + 1 if isinstance(before, int) else before
            yield Failure(failure.reason, {**failure.before, question.id: more}, failure.before)


def _highest_rule_wins(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    for rule in solver.flow.rules:
        if rule.when is Basis.PATHWAY_FOUND:
            given = [(rule.urgency, read.rule_holds(rule))]
        else:
            given = read.gives(rule)
        for urgency, when in given:
            yield from solver.never(
                f"{rule.id} gives {urgency}, but the urgency is lower",
                z3.Not(read.out_of_scope),
                when,
                read.rank > urgency.rank,
            )


def _self_care_only_alone(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    self_care = read.rank == Urgency.SELF_CARE.rank
    for rule in solver.flow.rules:
        if rule.when is not Basis.OTHERWISE:
            yield from solver.never(
                f"self-care in spite of {rule.id}", self_care, read.rule_holds(rule)
            )
    for pathway, found in read.found.items():
        yield from solver.never(
            f"self-care with the pathway {pathway}", self_care, read.finished, found
        )


def _weak_flags_stay_weak(solver: _Solver) -> Iterator[Failure]:
    """Everything that is not a weak flag is answered as by somebody with nothing else to tell."""
    sheet = solver.sheet
    weak_ticks = {
        "foot_timing": {"rest_night"},
        "back_pattern": {"worse_cough_sneeze", "wakes_second_half"},
    }
    weak_choices = {"bladder": ("no", "longstanding"), "leg_side": ("left", "right")}
    free = ("age", "complaints", "leg_reach", "back_side", "foot_side", "foot_place")
    calm: list[Formula] = []
    for question in solver.questions(Kind.ONE, Kind.MANY):
        chosen = sheet.chosen[question.id]
        if question.id in weak_ticks:
            others = set(question.codes) - weak_ticks[question.id] - {NONE}
            calm += [z3.Not(chosen[code]) for code in sorted(others)]
        elif question.id in weak_choices:
            calm.append(z3.Or([chosen[code] for code in weak_choices[question.id]]))
        elif question.id == "impact":
            calm.append(z3.Not(chosen["cannot"]))
        elif question.id not in free:
            for no in (*NO_ANSWERS, "both_fine"):
                if no in question.codes:
                    calm.append(sheet.is_(question.id, no))
    yield from solver.never(
        "a weak flag alone leads beyond routine", *calm, solver.read.rank < Urgency.ROUTINE.rank
    )


def _both_complaints_for_a_link(solver: _Solver) -> Iterator[Failure]:
    complaints = solver.sheet.chosen["complaints"]
    both = z3.And(complaints["back"], complaints["foot"])
    for id in NEED_BOTH:
        yield from solver.never(
            f"{id} is found without both back and foot pain",
            solver.read.finished,
            solver.read.found[id],
            z3.Not(both),
        )


def _count_only_where_allowed(solver: _Solver) -> Iterator[Failure]:
    read, sheet = solver.read, solver.sheet
    age, began = sheet.chosen["age"], sheet.chosen["back_began"]
    asked = read.applies[read.places["back_began"]]
    long = z3.And(
        sheet.chosen["complaints"]["back"], sheet.chosen["back_duration"]["over_12_weeks"]
    )
    young = z3.Or(
        age["18_34"],
        age["35_44"],
        z3.And(asked, z3.Or(began["before_35"], began["35_to_44"])),
    )
    for pathway in solver.flow.pathways:
        for item in pathway.items:
            if item.id == "S1":
                yield from solver.never(
                    "S1 counts where the count has no meaning",
                    read.finished,
                    z3.Or(read.counting(item)),
                    z3.Not(z3.And(long, young)),
                )


def _link_fits_pathways(solver: _Solver) -> Iterator[Failure]:
    read, flow = solver.read, solver.flow
    found = list(read.found.values())
    nothing, mixed = read.link == -1, read.link == -2
    both = z3.And(read.found["nerve"], read.found["mechanical"])
    yield from solver.never("none_found where a pathway is found", nothing, z3.Or(found))
    yield from solver.never("a link where nothing is found", z3.Not(nothing), z3.Not(z3.Or(found)))
    yield from solver.never("mixed where nerve and mechanical are not both found", mixed != both)
    for place, pathway in enumerate(flow.pathways):
        named = read.link == place
        yield from solver.never(
            f"the link is {pathway.id}, which is not found", named, z3.Not(read.found[pathway.id])
        )
        for other in flow.pathways:
            yield from solver.never(
                f"the link is {pathway.id}, but {other.id} is likely",
                named,
                z3.Not(read.likely[pathway.id]),
                read.likely[other.id],
            )


def _likely_only_where_carried(solver: _Solver) -> Iterator[Failure]:
    for pathway in solver.flow.pathways:
        if pathway.id not in CARRIED_LIKELY:
            yield from solver.never(
                f"{pathway.id} is called likely", solver.read.likely[pathway.id]
            )


def _concerns_reach_their_level(solver: _Solver) -> Iterator[Failure]:
    read, flow = solver.read, solver.flow
    ranks = {Level.EMERGENCY: Urgency.EMERGENCY.rank, Level.SAME_DAY: Urgency.SAME_DAY.rank}
    for concern in solver.concerns:
        if not concern.sets or concern.level not in ranks:
            continue
        given: list[Formula] = [z3.Not(read.out_of_scope)]
        for id, raw in {**concern.sets, **concern.given}.items():
            answer = flow.question_by_id[id].read(raw)
            codes = answer if isinstance(answer, tuple) else (str(answer),)
            given.append(read.applies[read.places[id]])
            given += [solver.sheet.chosen[id][code] for code in codes]
        yield from solver.never(
            f"the answers of the concern {concern.id} do not reach {concern.level}",
            *given,
            read.rank > ranks[concern.level],
        )


def _no_rule_impossible(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    for rule in solver.flow.rules:
        if isinstance(rule.when, Basis):
            yield from solver.possible(
                f"{rule.id} can never hold", read.finished, read.rule_holds(rule)
            )
        for urgency, when in read.gives(rule):
            ends = read.emergency if urgency is Urgency.EMERGENCY else read.finished
            yield from solver.possible(f"{rule.id} can never give {urgency}", ends, when)


def _no_rule_redundant(solver: _Solver) -> Iterator[Failure]:
    for rule in solver.flow.rules:
        if rule.when is Basis.OTHERWISE:
            continue
        rules = tuple(one for one in solver.flow.rules if one is not rule)
        without = Reading(altered(solver.flow, rules=rules), solver.sheet)
        yield from solver.possible(
            f"without {rule.id} nobody would have another urgency",
            without.rank != solver.read.rank,
        )


def _no_item_impossible(solver: _Solver) -> Iterator[Failure]:
    for pathway, item in _items(solver.flow):
        for term, counts in zip(item.terms, solver.read.counting(item), strict=True):
            name = f"{item.id} {term.name}" if term.name else item.id
            yield from solver.possible(
                f"{name} can never count for {pathway.id}",
                solver.read.finished,
                solver.read.found[pathway.id],
                counts,
            )


def _no_item_redundant(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    for pathway, item in _items(solver.flow):
        own = z3.Sum(
            [
                z3.If(counts, term.points, 0)
                for term, counts in zip(item.terms, read.counting(item), strict=True)
            ]
        )
        without = read.points(pathway) - own
        limits = [pathway.possible, *([] if pathway.likely is None else [pathway.likely])]
        changes = [(read.points(pathway) >= limit) != (without >= limit) for limit in limits]
        yield from solver.possible(
            f"without {item.id} {pathway.id} would be found as surely for everybody",
            read.finished,
            z3.BoolVal(True) if pathway.needs is None else read.holds(pathway.needs),
            z3.Or(changes),
        )


def _no_code_idle(solver: _Solver) -> Iterator[Failure]:
    idle: set[tuple[str, str, str]] = set()
    for rule in solver.flow.rules:
        if isinstance(rule.when, Basis):
            continue
        for question, code in dict.fromkeys(_named(rule.when)):
            if not _matters(solver, rule, question, code):
                idle.add((rule.id, question, code))
                if (rule.id, question, code) not in IDLE_CODES:
                    yield Failure(f"{rule.id}: {question} {code} decides nobody's urgency")
    for listed in IDLE_CODES:
        if listed not in idle and listed[0] in solver.flow.rule_by_id:
            yield Failure(f"{' '.join(listed)} is listed as idle, but decides somebody's urgency")


def _matters(solver: _Solver, rule: Rule, question: str, code: str) -> bool:
    """Whether somebody would have another urgency if the rule did not name this answer."""
    narrower = rule.model_copy(update={"when": without_code(_when(rule), question, code)})
    rules = tuple(narrower if one is rule else one for one in solver.flow.rules)
    other = Reading(altered(solver.flow, rules=rules), solver.sheet)
    return solver.some(other.rank != solver.read.rank) is not None


def _no_undefined_reading(solver: _Solver) -> Iterator[Failure]:
    flow, places = solver.flow, solver.read.places
    for question in flow.questions:
        before = frozenset[str]() if question.asked is None else question.asked.reads()
        for id in sorted(before):
            if places[id] >= places[question.id]:
                yield Failure(f"{question.id} depends on {id}, which is not asked before it")
    for condition in _conditions(flow):
        for comparison in comparisons(condition):
            for id in sorted(comparison.reads()):
                yield from solver.never(
                    f"a comparison with {id} is true although {id} was not asked",
                    solver.read.holds(comparison),
                    z3.Not(solver.read.applies[places[id]]),
                )


def _always_one_outcome(solver: _Solver) -> Iterator[Failure]:
    read = solver.read
    outcomes = [read.emergency, read.out_of_scope, read.finished]
    yield from solver.never(
        "a sheet has no outcome or several", z3.Not(z3.PbEq([(one, 1) for one in outcomes], 1))
    )
    known = [read.rank == urgency.rank for urgency in Urgency]
    yield from solver.never("a result without an urgency", read.finished, z3.Not(z3.Or(known)))
    yield from solver.never(
        "an urgency although out of scope", read.out_of_scope, read.rank != OUT_OF_SCOPE_RANK
    )
    for rule in solver.flow.rules:
        if rule.when is Basis.OTHERWISE:
            others = [
                read.rule_holds(one) for one in solver.flow.rules if one.when != Basis.OTHERWISE
            ]
            yield from solver.never(
                "neither a rule nor otherwise holds",
                read.finished,
                z3.Not(z3.Or([read.rule_holds(rule), *others])),
            )
    for urgency in Urgency:
        ended = read.emergency if urgency is Urgency.EMERGENCY else read.finished
        yield from solver.possible(f"nobody is told {urgency}", ended, read.rank == urgency.rank)


_CHECKS: Final[dict[str, Callable[[_Solver], Iterator[Failure]]]] = {
    check.__name__.removeprefix("_"): check
    for check in (
        _emergency_always_wins,
        _emergency_at_once,
        _emergency_alone,
        _out_of_scope_before_danger,
        _safety_yes_never_lowers,
        _safety_tick_never_lowers,
        _any_tick_never_lowers,
        _unsure_counts_as_yes,
        _newer_is_never_lower,
        _severity_never_lowers,
        _highest_rule_wins,
        _self_care_only_alone,
        _weak_flags_stay_weak,
        _both_complaints_for_a_link,
        _count_only_where_allowed,
        _link_fits_pathways,
        _likely_only_where_carried,
        _concerns_reach_their_level,
        _no_rule_impossible,
        _no_rule_redundant,
        _no_item_impossible,
        _no_item_redundant,
        _no_code_idle,
        _no_undefined_reading,
        _always_one_outcome,
    )
}


def _is_early(condition: Condition) -> bool:
    return condition.reads() <= SCREENED_FIRST


def _when(rule: Rule) -> Condition:
    if isinstance(rule.when, Basis):
        raise TypeError(f"{rule.id} rests on no answers")
    return rule.when


def _answer(question: Question, code: str) -> Answer:
    return (code,) if question.kind is Kind.MANY else code


def _items(flow: Flow) -> Iterator[tuple[Pathway, Item]]:
    for pathway in flow.pathways:
        for item in pathway.items:
            yield pathway, item


def _named(condition: Condition) -> Iterator[tuple[str, str]]:
    """The answers that a condition names as reasons; what it excludes is left out."""
    match condition:
        case Is(question=question, codes=codes) | Has(question=question, codes=codes):
            for code in sorted(codes):
                yield question, code
        case All(parts=parts) | AnyOf(parts=parts) | CountOf(parts=parts):
            for part in parts:
                yield from _named(part)
        case Defined(part=part):
            yield from _named(part)


def _conditions(flow: Flow) -> Iterator[Condition]:
    for question in flow.questions:
        if question.asked is not None:
            yield question.asked
    for end in flow.ends:
        yield end.when
    for rule in flow.rules:
        if not isinstance(rule.when, Basis):
            yield rule.when
        if rule.raised is not None:
            yield rule.raised.when
    for pathway, item in _items(flow):
        if pathway.needs is not None:
            yield pathway.needs
        if item.only is not None:
            yield item.only
        yield from (term.when for term in item.terms)


def _shown(flow: Flow, title: str, sheet: Mapping[str, Answer]) -> Iterator[str]:
    found = assess_sheet(flow, sheet)
    asked = found.get("asked", ())
    yield f"{title}: " + ", ".join(f"{id}: {_text(sheet[id])}" for id in sheet if id in asked)
    yield f"  gives {found.get('urgency')}, rules {found.get('rules')}, link {found.get('link')}"


def _text(answer: Answer) -> str:
    return f"[{', '.join(answer)}]" if isinstance(answer, tuple) else str(answer)
