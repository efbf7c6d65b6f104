"""Everything is reached by the witness that is named for it, and what is not reached is told why."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from pydantic import ValidationError

from flows.answers import Answer
from flows.assessment import Assessment, assess
from flows.folding import every_answer
from flows.grammar import parse
from flows.interview import Standing, walk
from flows.lint import lint
from flows.models import Basis, End, Flow, Pathway, Rule, Urgency
from flows.mutation import Mutant, altered, mutants
from flows.reaching import Reached, Sort, Witness, aims, reach, term_name
from tests.flows.making import FLOW, SMALL

REACHED = reach(FLOW)


def standing_of(flow: Flow, answers: Mapping[str, Answer]) -> Standing:
    return walk(flow, lambda question: answers.get(question.id))


def comes_to(flow: Flow, answers: Mapping[str, Answer]) -> Iterator[tuple[Sort, str]]:
    """All that somebody with these answers comes to, by the code that assesses patients."""
    standing = standing_of(flow, answers)
    for id in standing.asked:
        yield Sort.QUESTION, id
    if standing.open is not None:
        return
    for id, answer in standing.answers.items():
        question = flow.question_by_id[id]
        for code in answer if isinstance(answer, tuple) else (answer,):
            if code in question.codes:
                yield Sort.OPTION, f"{id} {code}"
    yield Sort.END, standing.end or standing.outcome or "result"
    assessment = assess(flow, standing)
    yield from _rules(flow, standing, assessment)
    if standing.outcome is None:
        yield from _pathways(flow, standing, assessment)


def _rules(flow: Flow, standing: Standing, assessment: Assessment) -> Iterator[tuple[Sort, str]]:
    for id in assessment.rules:
        rule = flow.rule_by_id[id]
        given = rule.urgency if isinstance(rule.when, Basis) else rule.gives(standing.answers)
        if given is assessment.urgency:
            yield Sort.RULE, id


def _pathways(flow: Flow, standing: Standing, assessment: Assessment) -> Iterator[tuple[Sort, str]]:
    for finding in assessment.pathways:
        yield Sort.CERTAINTY, f"{finding.pathway} {finding.certainty}"
        for item in flow.pathway_by_id[finding.pathway].items:
            for term in item.counting(standing.answers):
                yield Sort.ITEM, item.id
                yield Sort.TERM, term_name(item, term)
    if len(assessment.pathways) < 2 or assessment.link == "mixed":
        yield Sort.LINK, assessment.link


def brute_force(flow: Flow) -> set[tuple[Sort, str]]:
    """All that anybody comes to, by asking every question with every answer there is."""
    seen: set[tuple[Sort, str]] = set()

    def go_on(answers: dict[str, Answer]) -> None:
        standing = standing_of(flow, answers)
        seen.update(comes_to(flow, answers))
        if standing.open is not None:
            for answer in every_answer(flow.question_by_id[standing.open]):
                go_on({**answers, standing.open: answer})

    go_on({})
    return seen


def ids(reached: Reached) -> set[tuple[Sort, str]]:
    return {(one.aim.sort, one.aim.id) for one in reached.witnesses}


def test_everything_is_reached() -> None:
    assert [str(one) for one in REACHED.unreached] == []
    assert ids(REACHED) == {(aim.sort, aim.id) for aim in aims(FLOW)}


@pytest.mark.parametrize(
    "witness", REACHED.witnesses, ids=lambda one: f"{one.aim.sort} {one.aim.id}"
)
def test_a_witness_comes_to_what_it_is_named_for(witness: Witness) -> None:
    standing = standing_of(FLOW, witness.answers)

    assert dict(standing.answers) == dict(witness.answers)  # nothing that would not be asked
    assert (standing.open == witness.aim.id) is (witness.aim.sort is Sort.QUESTION)
    assert (witness.aim.sort, witness.aim.id) in set(comes_to(FLOW, witness.answers))


def test_the_small_flow_is_reached_as_by_trying_every_answer() -> None:
    assert ids(reach(SMALL)) == brute_force(SMALL)


# The small flow altered in one place: something of it may be dead then, or all of it is refused.


def refusal(mutant: Mutant) -> str | None:
    """Why an altered flow is not loaded at all; None: it is a flow."""
    try:
        flow = mutant.make()
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return next((f"{problem.id}: {problem.reason}" for problem in lint(flow)), None)


REFUSALS = {mutant: refusal(mutant) for mutant in mutants(SMALL)}
ALTERED = [mutant for mutant, why in REFUSALS.items() if why is None][::3]
"""Every third, for time."""

NEVER_ASKED = "numb: can never be asked: no answers before it lead here"


def test_an_altered_flow_that_is_none_is_refused_for_what_is_wrong_with_it() -> None:
    assert {mutant.name: why for mutant, why in REFUSALS.items() if why is not None} == {
        "old: age is adult  →  age is not adult": NEVER_ASKED,
        "old: age is adult  →  age is child": NEVER_ASKED,
        "numb: sore and old  →  sore and not old": NEVER_ASKED,
        "too_young: age is child  →  age is not child": NEVER_ASKED,
        "too_young: age is child  →  age is child | adult": NEVER_ASKED,
        "too_young: age is child  →  age is adult": NEVER_ASKED,
        "place: asked after numb": "numb: asked depends on place, which is not asked before it",
        "R2: place has hand  →  not place has hand": "R2: holds before anything was answered",
        "R2: urgency two_weeks → same_day": (
            "Value error, raised must give a higher urgency than the rule itself"
        ),
        "R4: left out": "rules: a flow needs one rule for otherwise",
        "nerve: left out": "tie_order: must name each pathway once: joint",
        "nerve: possible 1 → 0": "nerve: possible needs at least one point",
        "nerve: possible 1 → 2": "Value error, likely needs more points than possible",
        "nerve: likely 2 → 1": "Value error, likely needs more points than possible",
        "joint: left out": "tie_order: must name each pathway once: nerve",
        "joint: possible 1 → 0": "joint: possible needs at least one point",
        "joint: possible 1 → 2": "joint: can never be found: its items give at most 1",
        "joint: likely from one point more than possible": (
            "joint: can never be found: its items give at most 1"
        ),
        "joint: J1 points 1 → 0": "joint: can never be found: its items give at most 0",
    }


@pytest.mark.parametrize("mutant", ALTERED, ids=lambda one: one.name)
def test_an_altered_flow_is_reached_as_by_trying_every_answer(mutant: Mutant) -> None:
    flow = mutant.make()
    reached = reach(flow)
    wanted = {(aim.sort, aim.id) for aim in aims(flow)}

    assert ids(reached) == brute_force(flow) & wanted
    assert {(one.aim.sort, one.aim.id) for one in reached.unreached} == wanted - ids(reached)


# What is dead is told with the path that leads closest.


def asked_when(id: str, condition: str) -> Flow:
    when = parse(condition, FLOW.definitions)
    return altered(
        FLOW,
        questions=tuple(
            one.model_copy(update={"asked": when}) if one.id == id else one
            for one in FLOW.questions
        ),
    )


def ends_when(id: str, condition: str) -> Flow:
    end = End(id=id, when=parse(condition, FLOW.definitions))
    return altered(FLOW, ends=(*FLOW.ends, end))


def without_emergencies() -> Flow:
    kept = tuple(rule for rule in FLOW.rules if not rule.can_be_emergency)
    return altered(FLOW, rules=kept)


def rule_when(condition: str, urgency: Urgency = Urgency.TWO_WEEKS) -> Flow:
    rule = Rule(
        id="U99", when=parse(condition, FLOW.definitions), urgency=urgency, source=("made up",)
    )
    return altered(FLOW, rules=(*FLOW.rules[:-1], rule, FLOW.rules[-1]))


def pathway_with(id: str, **changed: object) -> Flow:
    def new(pathway: Pathway) -> Pathway:
        return pathway.model_copy(update=changed) if pathway.id == id else pathway

    return altered(FLOW, pathways=tuple(map(new, FLOW.pathways)))


def term_when(pathway: str, item: str, condition: str) -> Flow:
    when = parse(condition, FLOW.definitions)
    items = tuple(
        one.model_copy(update={"terms": (one.terms[0].model_copy(update={"when": when}),)})
        if one.id == item
        else one
        for one in FLOW.pathway_by_id[pathway].items
    )
    return pathway_with(pathway, items=items)


DEAD: dict[str, tuple[Callable[[], Flow], tuple[str, ...]]] = {
    "a question that contradicts itself": (
        lambda: asked_when("leg_side", "leg_reach is thigh and injury is minor and injury is pop"),
        (
            "question leg_side is never asked",
            "complaints back",
            "at injury: this can no longer hold: leg_reach is thigh and injury is minor and injury",
        ),
    ),
    "an option of a question that is never asked": (
        lambda: asked_when("foot_side", "complaints has foot and age is under_18"),
        (
            "option foot_side left is never chosen",
            "at age: the interview ends with under_18 before",
        ),
    ),
    "an end that another one comes before": (
        lambda: ends_when("made_up", "age is under_18 and complaints has back"),
        (
            "end made_up is an end that nobody comes to",
            "at age: ",
            "the interview ends with under_18",
        ),
    ),
    "no emergency at all": (
        without_emergencies,
        ("end emergency is an end that nobody", "at goal: the interview ends with result"),
    ),
    "no result at all": (
        lambda: ends_when("made_up", "complaints has back | leg | foot"),
        ("end result is an end that nobody", "at complaints: ", "the interview ends with made_up"),
    ),
    "a rule that cannot hold": (
        lambda: rule_when("leg_reach is none and leg_feel has numb"),
        (
            "rule U99 never gives the urgency",
            "leg_reach none; then at leg_feel: it is not asked, and this can no longer hold",
        ),
    ),
    "a rule that is always outdone": (
        lambda: rule_when("limb_danger has wound and gait has limp"),
        (
            "rule U99 never gives the urgency",
            "at limb_danger: this can no longer hold",
            "or rule U22 gives a higher urgency",
        ),
    ),
    "an emergency that comes after the interview is over": (
        lambda: rule_when("sudden_danger has chest and injury is pop", Urgency.EMERGENCY),
        (
            "rule U99 never gives the urgency",
            "at sudden_danger: ",
            "the interview ends with emergency",
        ),
    ),
    "a term that cannot count": (
        lambda: term_when("nerve", "N3", "leg_reach is thigh and leg_line is inner_shin"),
        (
            "term N3 never counts",
            "leg_reach thigh",
            "at leg_line: it is not asked, and this can no longer hold",
        ),
    ),
    "an item of a pathway that is never found": (
        lambda: pathway_with("metabolic", possible=4),
        (
            "term D1 never counts",
            "at age: pathway metabolic can no longer come to 4 points",
        ),
    ),
    "a certainty beyond all points": (
        lambda: pathway_with("systemic", likely=40),
        ("certainty systemic likely is never said", "can no longer come to 40 points"),
    ),
    "a link whose pathway is never found": (
        lambda: pathway_with("foot_first", needs=parse("complaints has none")),
        ("link foot_first is never named", "pathway foot_first can no longer come to 3 points"),
    ),
}


@pytest.mark.parametrize("what", DEAD)
def test_what_is_dead_is_told_with_the_path_that_leads_closest(what: str) -> None:
    make, said = DEAD[what]

    told = [str(one) for one in reach(make()).unreached]

    (line,) = [line for line in told if line.startswith(said[0])]
    for piece in said:
        assert piece in line
