"""Each property is proved of the protocol, and found to fail in a copy broken for it."""

from collections.abc import Callable
from random import Random

import pytest
import z3  # type: ignore[import-untyped]

from flows.assessment import assess_sheet
from flows.concerns import load_concerns
from flows.grammar import parse
from flows.models import End, Flow, Pathway, Raised, Rule, Urgency
from flows.mutation import altered
from flows.proof.encoding import OUT_OF_SCOPE_RANK, Reading, Sheet
from flows.proof.proofs import Proof, prove
from flows.proof.properties import PROPERTIES, property_ids
from tests.flows.making import FLOW
from tests.second_reading import KINDS

CONCERNS = load_concerns(FLOW)
MACHINE_ONLY = {"machine_moves_as_computed"}


def rule(id: str, urgency: Urgency, when: str, raised: Raised | None = None) -> Rule:
    condition = parse(when, FLOW.definitions)
    return Rule(id=id, when=condition, urgency=urgency, raised=raised, source=("made up",))


def with_rule(*new: Rule) -> Flow:
    ids = {one.id for one in new}
    kept = [one for one in FLOW.rules if one.id not in ids]
    return altered(FLOW, rules=(*kept[:-1], *new, kept[-1]))


def with_end(when: str) -> Flow:
    return altered(FLOW, ends=(*FLOW.ends, End(id="made_up", when=parse(when, FLOW.definitions))))


def with_asked(question: str, asked: str) -> Flow:
    condition = parse(asked, FLOW.definitions)
    return altered(
        FLOW,
        questions=tuple(
            one.model_copy(update={"asked": condition}) if one.id == question else one
            for one in FLOW.questions
        ),
    )


def with_pathway(id: str, **changed: object) -> Flow:
    def new(pathway: Pathway) -> Pathway:
        fields = {name: getattr(pathway, name) for name in Pathway.model_fields}
        return Pathway.model_validate({**fields, **changed})

    return altered(FLOW, pathways=tuple(new(one) if one.id == id else one for one in FLOW.pathways))


def items_of(id: str, *, item: str, **changed: object) -> Flow:
    pathway = FLOW.pathway_by_id[id]
    items = [one.model_copy(update=changed) if one.id == item else one for one in pathway.items]
    return with_pathway(id, items=tuple(items))


def term(when: str, points: int = 1) -> tuple[object, ...]:
    known = FLOW.pathway_by_id["nerve"].items[1].terms[0]
    condition = parse(when, FLOW.definitions)
    return (known.model_copy(update={"points": points, "when": condition}),)


E, S, T, R = Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.TWO_WEEKS, Urgency.ROUTINE

BROKEN: dict[str, Callable[[], Flow]] = {
    "emergency_always_wins": lambda: with_end("health has pregnant"),
    "emergency_at_once": lambda: with_rule(rule("U99", E, "injury is pop and not gait has limp")),
    "emergency_alone": lambda: with_rule(
        rule("U99", T, "injury is pop", Raised(to=E, when=parse("not gait has limp")))
    ),
    "out_of_scope_before_danger": lambda: with_end("injury is minor"),
    "safety_yes_never_lowers": lambda: with_rule(rule("U99", S, "injury is none")),
    "safety_tick_never_lowers": lambda: with_rule(
        rule("U22", S, "limb_danger has wound and not limb_danger has rest_pain_hang")
    ),
    "any_tick_never_lowers": lambda: with_rule(rule("U99", T, "not gait has limp")),
    "unsure_counts_as_yes": lambda: with_rule(rule("U05", S, "weakness is new")),
    "newer_is_never_lower": lambda: with_rule(
        rule("U99", S, "saddle is longstanding"), rule("U03", T, "saddle is weeks")
    ),
    "self_care_only_alone": lambda: with_rule(rule("U99", Urgency.SELF_CARE, "injury is minor")),
    "always_one_outcome": lambda: altered(
        FLOW, rules=tuple(one for one in FLOW.rules if one.urgency is not T)
    ),
    "severity_never_lowers": lambda: with_rule(
        rule("U29", S, "impact is cannot and not back_severity >= 8")
    ),
    "concerns_reach_their_level": lambda: with_rule(rule("U18", T, "injury is pop")),
    "weak_flags_stay_weak": lambda: with_rule(rule("U99", T, "foot_timing has rest_night")),
    "both_complaints_for_a_link": lambda: with_pathway("mechanical", needs=None),
    "count_only_where_allowed": lambda: items_of("systemic", item="S1", only=None),
    "link_fits_pathways": lambda: altered(FLOW, mixed=("nerve", "foot_first")),
    "likely_only_where_carried": lambda: with_pathway("mechanical", likely=5),
    "no_rule_impossible": lambda: with_rule(rule("U99", T, "age is 18_34 and age is 35_44")),
    "no_rule_redundant": lambda: with_rule(
        rule("U99", T, "injury is pop and limb_danger has wound")
    ),
    "no_item_impossible": lambda: items_of(
        "nerve", item="N2", terms=term("leg_reach is none and leg_feel has numb")
    ),
    "no_item_redundant": lambda: items_of(
        "nerve", item="N2", terms=term("leg_feel has numb", points=0)
    ),
    "no_code_idle": lambda: with_rule(rule("U05", S, "weakness is new | unsure | hours")),
    "no_undefined_reading": lambda: with_asked("leg_side", "gait has limp"),
}


def proofs(flow: Flow, *ids: str) -> list[Proof]:
    return list(prove(flow, CONCERNS, ids))


def test_every_property_is_proved() -> None:
    proved = proofs(FLOW)
    assert {one.of.id: one.failures for one in proved if not one.proved} == {}
    assert {one.of.id for one in proved} | MACHINE_ONLY == set(property_ids())
    assert len(set(property_ids())) == len(PROPERTIES)


@pytest.mark.parametrize("id", BROKEN)
def test_a_copy_broken_for_it_is_found(id: str) -> None:
    (proof,) = proofs(BROKEN[id](), id)
    assert not proof.proved
    for failure in proof.failures:
        assert failure.reason in "\n".join(failure.lines(FLOW))


def test_an_assessment_that_overlooks_a_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def rank(reading: Reading) -> object:
        return reading.rank_without("U05")

    monkeypatch.setattr(Reading, "rank", property(rank))
    (proof,) = proofs(FLOW, "highest_rule_wins")
    assert [failure.reason for failure in proof.failures] == [
        "U05 gives same_day, but the urgency is lower"
    ]


def test_every_property_of_the_solver_is_seen_to_fail() -> None:
    assert {*BROKEN, "highest_rule_wins"} == set(property_ids()) - MACHINE_ONLY


@pytest.mark.parametrize("kind", KINDS)
def test_the_translation_reads_as_the_running_code_does(kind: Callable[[Random], object]) -> None:
    rng = Random(f"translation: {kind.__name__}")
    sheet = Sheet(FLOW)
    reading = Reading(FLOW, sheet)
    for _ in range(15):
        made_up = kind(rng)
        assert isinstance(made_up, dict)
        answers = {id: FLOW.question_by_id[id].read(raw) for id, raw in made_up.items()}
        solver = z3.Solver()
        solver.add(sheet.valid, sheet.equal_to(answers))
        assert solver.check() == z3.sat
        model = solver.model()
        says = assess_sheet(FLOW, answers)
        rank = model.eval(reading.rank, model_completion=True).as_long()
        ranks = {urgency.value: urgency.rank for urgency in Urgency}
        assert rank == ranks.get(says["urgency"], OUT_OF_SCOPE_RANK)
        asked = [
            question.id
            for place, question in enumerate(FLOW.questions)
            if z3.is_true(model.eval(reading.visited[place], model_completion=True))
        ]
        assert asked == list(says["asked"])
        if says["urgency"] in ("emergency", "out_of_scope"):
            continue
        found = {
            id
            for id, formula in reading.found.items()
            if z3.is_true(model.eval(formula, model_completion=True))
        }
        assert found == {one["pathway"] for one in says["pathways"]}
        names = [*FLOW.pathway_by_id, "mixed", "none_found"]
        assert says["link"] == names[model.eval(reading.link, model_completion=True).as_long()]
