"""`check --explore`: a text that nobody is shown is named, and witnesses can be had."""

import json
from collections.abc import Iterator
from functools import cache

import pytest

import bot.views.result
from bot.commands import line
from bot.commands.exploring import explored, witness_lines
from bot.commands.showing import Looking, occurs
from bot.screening import Screening, load_screening
from content.loader import load_content
from content.marking import mark
from content.markup import Markup
from content.models import Content
from content.phrases import load_examples
from flows.assessment import assess_sheet
from flows.concerns import load_concerns
from flows.models import Flow
from flows.mutation import mutants
from flows.reaching import Reached, Sort, reach
from tests.flows.making import FLOW, SMALL
from tests.flows.test_reaching import rule_when

ENGLISH = load_content("en", FLOW)


@cache
def phrases() -> Screening:
    return load_screening(FLOW)


@cache
def reached() -> Reached:
    return reach(FLOW)


DEAD = {
    "numb: sore and old  →  sore and not old": "question numb is never asked",
    "place: asked after numb": "option numb now is never chosen",
    "R1: left out": "end emergency is an end that nobody comes to",
    "R2: place has hand  →  place has elbow | hand": "rule R3 never gives the urgency",
    "nerve: N1 numb is unsure  →  numb is now": "term N1 never counts",
    "nerve: N2 left out": "certainty nerve possible is never said",
    "joint: J1 place has anything and side is not left  →  place has anything": "link nerve is never",
    "too_young: left out": "the machine cannot be made: out_of_scope cannot be reached",
}
"""The small flow altered in one place, and what is dead in it then."""


def looking(
    flow: Flow = FLOW, content: Content = ENGLISH, screening: Screening | None = None
) -> Looking:
    examples = load_examples("en", load_concerns(FLOW))
    return Looking(flow, content, screening or phrases(), examples)


def wrong(lines: Iterator[tuple[str, bool]]) -> list[str]:
    return [line for line, sound in lines if not sound]


def found(content: Content = ENGLISH, flow: Flow = FLOW) -> list[str]:
    """What is wrong with the texts that are shown."""
    witnesses = (reached() if flow is FLOW else reach(flow)).witnesses
    return wrong(looking(flow, content).marks_found(witnesses))


def with_results(**changed: object) -> Content:
    return ENGLISH.model_copy(update={"results": ENGLISH.results.model_copy(update=changed)})


@pytest.mark.parametrize("change", DEAD)
def test_what_is_dead_is_an_error(change: str) -> None:
    (mutant,) = [one for one in mutants(SMALL) if one.name == change]

    lines = wrong(explored(mutant.make()))

    (line,) = [line for line in lines if line.startswith(DEAD[change])]
    assert "Closest: " in line or "machine" in line


def test_nothing_is_dead_in_the_small_flow() -> None:
    assert wrong(explored(SMALL)) == []


def test_advice_after_an_emergency_rule_is_never_shown() -> None:
    until = ENGLISH.results.until_seen
    rules = {**until.rules, "U04": (Markup("Do not lift."),)}

    (text, summary) = found(with_results(until_seen=until.model_copy(update={"rules": rules})))

    assert text.startswith("en/results.yaml:")
    assert text.endswith("until_seen.rules.U04.0: no state of the conversation shows it")
    assert summary.startswith("texts en: 824 of 825 are shown")


def test_the_text_of_a_rule_that_never_decides_is_never_shown() -> None:
    dead = rule_when("limb_danger has wound and gait has limp")
    content = with_results(rules={**ENGLISH.results.rules, "U99": Markup("Nobody reads this.")})

    text, _summary = found(content, dead)

    assert "rules.U99: no state of the conversation shows it" in text


def test_a_screen_that_leaves_a_sentence_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.views.result, "certainty_of", lambda words, finding: Markup())

    *texts, _summary = found()

    assert {text.split(": ")[1] for text in texts} == {
        *(f"links.{pathway.id}.possible" for pathway in FLOW.pathways),
        *(f"links.{pathway.id}.likely" for pathway in FLOW.pathways if pathway.likely),
    }


def test_a_concern_that_no_words_raise_is_noticed() -> None:
    deaf = Screening(load_concerns(FLOW), ())

    lines = wrong(looking(screening=deaf).marks_found(reached().witnesses))

    assert "en: no example of what people type raises saddle" in lines
    assert any("questions.saddle: no state of the conversation shows it" in line for line in lines)


def test_other_words_at_the_end_are_noticed() -> None:
    urgency = ENGLISH.results.urgency["self_care"]
    other = urgency.model_copy(update={"headline": Markup("All is well")})
    english = looking()
    words = with_results(urgency={**ENGLISH.results.urgency, "self_care": other})
    english.__dict__["marked"] = mark(words)  # what is shown is not what is looked for

    text, summary = wrong(english.tapped(reached().of(Sort.RULE)))

    assert "urgency.self_care.headline is not what the witness of rule U36 reads" in text
    assert "screens en: " in summary


def test_words_occur_whatever_is_filled_in() -> None:
    assert occurs(
        "You told us about {said}. That is <b>old</b>.", "… You told us about a, b. That is old. …"
    )
    assert occurs("2 < 3 (really?)", "so 2 < 3 (really?)")
    assert not occurs("You told us about {said}. That is old.", "You told us about a. That is new.")


def test_witnesses_are_printed_as_lines_that_assess_takes() -> None:
    lines = {told.split(": ")[0]: told.split(": ", 1)[1] for told, _ in witness_lines(reached())}

    assert len(lines) == len(reached().witnesses)
    sheet = json.loads(lines["witness rule U17"])["answers"]
    assessed = assess_sheet(FLOW, sheet)
    assert (assessed["urgency"], "U17" in assessed["rules"]) == ("two_weeks", True)
    assert assess_sheet(FLOW, json.loads(lines["witness link mixed"])["answers"])["link"] == "mixed"


def test_witnesses_are_only_to_be_had_with_the_walk(capsys: pytest.CaptureFixture[str]) -> None:
    assert line.main(["check", "--witness"]) == 2
    assert capsys.readouterr() == ("", "plumbline: --witness goes with --explore\n")
