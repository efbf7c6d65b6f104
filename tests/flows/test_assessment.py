"""Urgency, rules, pathways and link of finished interviews."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import NONE, Answer, Answers, as_json
from flows.assessment import (
    MIXED,
    NONE_FOUND,
    NOT_ASSESSED,
    Assessment,
    Finding,
    assess,
    assess_sheet,
    find_pathways,
    item_evidence,
    rule_evidence,
)
from flows.interview import stand
from flows.models import Certainty, Kind, Urgency
from tests.flows.making import CALM, FLOW, SMALL, calm_sheets, rebuilt, sheets

LIKELY, POSSIBLE = Certainty.LIKELY, Certainty.POSSIBLE


def assessed(**changed: Answer) -> Assessment:
    return assess(FLOW, stand(FLOW, {**CALM, **changed}))


NERVE: dict[str, Answer] = {"leg_reach": "foot", "leg_feel": ("tingling",)}
MECHANICAL: dict[str, Answer] = {"gait": ("limp",), "gait_order": "after_back"}
FOOT_FIRST: dict[str, Answer] = {"order": "foot_first", "gait": ("avoid_heel",)}
SYSTEMIC: dict[str, Answer] = {
    "age": "18_34",
    "back_duration": "over_12_weeks",
    "back_pattern": ("better_moving",),
    "inflammatory_signs": ("relative",),
}
METABOLIC: dict[str, Answer] = {
    "health": ("diabetes",),
    "foot_side": "both",
    "foot_feel": ("burning",),
}


def test_calm_person_is_self_care_without_link() -> None:
    assert assessed() == Assessment(Urgency.SELF_CARE, ("U36",), NONE_FOUND)


@pytest.mark.parametrize(
    ("changed", "findings", "link"),
    [
        (NERVE, [("nerve", POSSIBLE, 4)], "nerve"),
        ({**NERVE, "leg_line": "inner_shin"}, [("nerve", LIKELY, 5)], "nerve"),
        (MECHANICAL, [("mechanical", POSSIBLE, 3)], "mechanical"),
        (FOOT_FIRST, [("foot_first", POSSIBLE, 3)], "foot_first"),
        (SYSTEMIC, [("systemic", POSSIBLE, 3)], "systemic"),
        ({**METABOLIC, "leg_reach": "none"}, [("metabolic", POSSIBLE, 3)], "metabolic"),
        # likely before possible, whatever the points
        (
            {**SYSTEMIC, "health": ("inflammatory",), **MECHANICAL, "order": "back_first"},
            [("systemic", LIKELY, 4), ("mechanical", POSSIBLE, 5)],
            "systemic",
        ),
        # more points first
        (
            {**NERVE, **FOOT_FIRST, "gait_order": "after_foot"},
            [("foot_first", POSSIBLE, 5), ("nerve", POSSIBLE, 4)],
            "foot_first",
        ),
        # equal points: nerve, systemic, metabolic, foot_first, mechanical
        (
            {
                **SYSTEMIC,
                **METABOLIC,
                "leg_reach": "below_knee",  # N1 2, N4 1
                "gait": ("rolls_in", "avoid_heel"),  # M2 1, M3 1, M5 1; F3 1
                "order": "foot_first",  # F1 2
            },
            [
                ("nerve", POSSIBLE, 3),
                ("systemic", POSSIBLE, 3),
                ("metabolic", POSSIBLE, 3),
                ("foot_first", POSSIBLE, 3),
                ("mechanical", POSSIBLE, 3),
            ],
            MIXED,
        ),
        # mixed wherever nerve and mechanical stand
        (
            {**NERVE, **MECHANICAL, "order": "back_first"},
            [("nerve", POSSIBLE, 4), ("mechanical", POSSIBLE, 4)],
            MIXED,
        ),
        # no back, no mechanical link
        ({**MECHANICAL, "complaints": ("leg", "foot")}, [], NONE_FOUND),
        ({**FOOT_FIRST, "complaints": ("back", "leg")}, [], NONE_FOUND),
    ],
)
def test_pathways_their_order_and_the_link(
    changed: dict[str, Answer], findings: list[tuple[str, Certainty, int]], link: str
) -> None:
    assessment = assessed(**changed)
    assert [(f.pathway, f.certainty, f.points) for f in assessment.pathways] == findings
    assert assessment.link == link
    assert ("U33" in assessment.rules) is bool(findings)


def test_points_taken_away_are_an_item_too() -> None:
    taken: dict[str, Answer] = {
        "leg_reach": "foot",
        "leg_feel": ("numb",),
        "leg_line": "sock_both_feet",
    }
    assert assessed(**taken).pathways == ()
    walking = {**taken, "walking": "eased_sitting_forward", "both_legs": "longstanding"}
    assert assessed(**walking).pathways == (
        Finding("nerve", POSSIBLE, 4, ("N1", "N2", "N8", "N10")),
    )


def test_emergency_and_out_of_scope_are_not_assessed_further() -> None:
    assert assessed(**NERVE, injury="major") == Assessment(
        Urgency.EMERGENCY, ("U16",), NOT_ASSESSED
    )
    assert assessed(**NERVE, age="under_18") == Assessment(None, (), NOT_ASSESSED)


def test_an_open_interview_is_not_assessed() -> None:
    answers = {id: answer for id, answer in CALM.items() if id != "gait"}
    with pytest.raises(ValueError, match="the question gait is still open"):
        assess(FLOW, stand(FLOW, answers))


def test_highest_urgency_wins_and_every_rule_is_told() -> None:
    assessment = assessed(
        weakness="longstanding", unwell=("cancer_ever",), impact="a_lot", leg_reach="none"
    )
    assert assessment.urgency is Urgency.SAME_DAY
    assert assessment.rules == ("U06", "U12", "U35")


@pytest.mark.parametrize("age", ["18_34", "45_59"])
@pytest.mark.parametrize(
    "changed",
    [
        {"foot_timing": ("rest_night",)},
        {"bladder": "longstanding"},
        {"leg_side": "left"},
        {"back_pattern": ("worse_cough_sneeze",), "leg_reach": "none"},
        {"back_severity": 10, "foot_severity": 10},
    ],
)
def test_weak_flags_alone_stay_weak(age: str, changed: dict[str, Answer]) -> None:
    assert assessed(**{**changed, "age": age}).urgency is Urgency.SELF_CARE


def test_evidence_tells_the_answers_behind_rules_and_items() -> None:
    answers = {**CALM, "injury": "minor", "age": "70_plus", "back_severity": 9, **NERVE}
    assert rule_evidence(FLOW.rule_by_id["U17"], answers) == {
        "injury": ("minor",),
        "complaints": ("back",),
        "age": ("70_plus",),
        "back_severity": ("9",),
        "leg_reach": ("foot",),
    }
    assert rule_evidence(FLOW.rule_by_id["U33"], answers) == {}
    nerve = {item.id: item for item in FLOW.pathway_by_id["nerve"].items}
    assert item_evidence(nerve["N1"], answers) == {"leg_reach": ("foot",)}
    assert item_evidence(nerve["N8"], answers) == {}


@given(sheets() | calm_sheets())
def test_everything_that_fired_has_evidence_in_the_answers(sheet: dict[str, Answer]) -> None:
    standing = stand(FLOW, sheet)
    assessment = assess(FLOW, standing)
    items = {item.id: item for pathway in FLOW.pathways for item in pathway.items}
    pieces = [
        rule_evidence(FLOW.rule_by_id[rule], standing.answers)
        for rule in assessment.rules
        if rule not in {"U33", "U36"}
    ]
    pieces += [
        item_evidence(items[item], standing.answers)
        for finding in assessment.pathways
        for item in finding.items
    ]
    for evidence in pieces:
        assert evidence
        for question, codes in evidence.items():
            answer = standing.answers[question]
            assert set(codes) <= (set(answer) if isinstance(answer, tuple) else {str(answer)})


@given(sheets() | calm_sheets())
def test_the_same_answers_give_the_same_assessment_in_any_order(sheet: dict[str, Answer]) -> None:
    turned = dict(reversed(sheet.items()))
    assert assess(FLOW, stand(FLOW, sheet)) == assess(FLOW, stand(FLOW, turned))


@given(sheets() | calm_sheets())
def test_findings_stand_strongest_first(sheet: dict[str, Answer]) -> None:
    findings = find_pathways(FLOW, sheet)
    order = [
        (finding.certainty is POSSIBLE, -finding.points, FLOW.tie_order.index(finding.pathway))
        for finding in findings
    ]
    assert order == sorted(order)


# Worse answers never make it less urgent

WORSE: dict[str, tuple[str, ...]] = {
    "saddle": ("no", "longstanding", "weeks", "new"),
    "bladder": ("no", "longstanding", "weeks", "new"),
    "bowel": ("no", "longstanding", "weeks", "unsure"),
    "sexual": ("no", "longstanding", "weeks", "new"),
    "both_legs": ("no", "longstanding", "weeks", "unsure"),
    "weakness": ("no", "longstanding", "new", "hours"),
    "injury": ("none", "minor", "twist_cannot_walk", "major"),
    "impact": ("little", "some", "a_lot", "cannot"),
}
TICKS = ("sudden_danger", "unwell", "cord_signs", "health", "limb_danger")


def rank(sheet: Answers) -> int:
    urgency = assess(FLOW, stand(FLOW, sheet)).urgency
    assert urgency is not None
    return urgency.rank


def in_scope(sheet: dict[str, Answer]) -> dict[str, Answer]:
    age, complaints = sheet["age"], sheet["complaints"]
    return {
        **sheet,
        "age": "18_34" if age == "under_18" else age,
        "complaints": ("foot",) if complaints == (NONE,) else complaints,
    }


@given((sheets() | calm_sheets()).map(in_scope), st.sampled_from(sorted(WORSE)), st.data())
def test_a_worse_answer_is_never_less_urgent(
    sheet: dict[str, Answer], question: str, data: st.DataObject
) -> None:
    codes = WORSE[question]
    better = data.draw(st.integers(0, len(codes) - 2))
    worse = data.draw(st.integers(better + 1, len(codes) - 1))
    assert rank({**sheet, question: codes[worse]}) <= rank({**sheet, question: codes[better]})


@given((sheets() | calm_sheets()).map(in_scope), st.sampled_from(TICKS), st.data())
def test_one_more_tick_is_never_less_urgent(
    sheet: dict[str, Answer], id: str, data: st.DataObject
) -> None:
    question = FLOW.question_by_id[id]
    ticked = sheet[id]
    assert isinstance(ticked, tuple)
    code = data.draw(st.sampled_from([code for code in question.codes if code != NONE]))
    more = question.ordered({*ticked, code} - {NONE})
    assert rank({**sheet, id: more}) <= rank(sheet)


# Sheets from outside


def test_sheet_comes_out_as_printed() -> None:
    sheet = {id: as_json(answer) for id, answer in {**CALM, **NERVE}.items()}
    printed = assess_sheet(FLOW, sheet)
    asked = printed.pop("asked")
    assert asked == list(stand(FLOW, {**CALM, **NERVE}).asked)
    assert json.loads(json.dumps(printed)) == {
        "urgency": "routine",
        "rules": ["U33"],
        "link": "nerve",
        "pathways": [
            {"pathway": "nerve", "certainty": "possible", "points": 4, "items": ["N1", "N2"]}
        ],
    }


def test_sheet_may_leave_out_the_free_text_only() -> None:
    sheet: dict[str, object] = {id: as_json(answer) for id, answer in CALM.items()}
    del sheet["goal"]
    assert assess_sheet(FLOW, sheet)["urgency"] == "self_care"
    del sheet["impact"]
    printed = assess_sheet(FLOW, sheet)
    assert printed["outcome"] == "incomplete"
    assert printed["asked"][-1] == "impact"
    assert "urgency" not in printed


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"age": "old"}, "age: 'old' is not one of under_18, 18_34, 35_44, 45_59, 60_69, 70_plus"),
        ({"unwell": ["none", "fever"]}, "unwell: none excludes the others"),
        ({"back_severity": 11}, "back_severity: takes a whole number from 0 to 10, not 11"),
        ({"goal": "x" * 281}, "goal: takes at most 280 characters, not 281"),
    ],
)
def test_sheet_with_a_wrong_answer_says_so(changed: dict[str, object], error: str) -> None:
    assert assess_sheet(FLOW, {**CALM, **changed}) == {"error": error}


def test_wrong_answer_to_a_question_that_is_not_asked_is_nobodys_business() -> None:
    printed = assess_sheet(FLOW, {**CALM, "leg_line": 7, "gait_order": {}, "unheard": "of"})
    assert printed["urgency"] == "self_care"


def test_text_never_changes_anything() -> None:
    text = [question.id for question in FLOW.questions if question.kind is Kind.TEXT]
    assert text == ["goal"]
    assert assessed(goal="I cannot feel my legs, call an ambulance") == assessed(goal="")


def test_a_flow_without_pathways_finds_none() -> None:
    flow = rebuilt(SMALL, pathways=(), tie_order=(), mixed=())
    assert find_pathways(flow, {"place": ("elbow",)}) == ()
