"""Explorer and proof as they are run, and the page that shows what they say."""

import pytest

from bot.commands import check, line
from bot.commands.proving import NO_SOLVER
from flows.explorer import explore
from flows.folding import every_answer, fold
from flows.interview import walk
from tests.flows.making import FLOW, SMALL
from tests.mutation.trial import PATIENT, SAME, SURVIVED, Court, all_mutants
from tests.proof_page import HEAD, PAGE, checked


def test_the_page_shows_what_the_checks_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.startswith(HEAD), "python -m tests.proof_page"
    assert checked() in page, "python -m tests.proof_page"


def test_shares_of_interviews_are_said_to_be_no_frequencies() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert "are no frequencies, and must never be read or quoted as such" in page
    before, shares = page.split("ends out_of_scope: ")
    assert before.strip().endswith("not patients, and are no frequency")
    assert "of all)" in shares


def test_without_the_solver_there_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "find_spec", lambda name: None)
    assert line.main(["check", "--prove"]) == 2
    assert capsys.readouterr() == ("", f"plumbline: {NO_SOLVER}\n")


def test_the_small_flow_is_counted_as_by_hand() -> None:
    # Every sheet of the small flow, one by one, against the merged walk.
    interviews, sheets = 0, 0
    classes = {id: {one.answer: one.answers for one in told} for id, told in fold(SMALL).items()}

    def go_on(given: dict[str, object], weight: int) -> None:
        nonlocal interviews, sheets
        standing = walk(SMALL, lambda question: given.get(question.id))  # type: ignore[arg-type, return-value]
        if standing.open is None:
            interviews += 1
            sheets += weight
            return
        for answer, answers in classes[standing.open].items():
            go_on({**given, standing.open: answer}, weight * answers)

    go_on({}, 1)
    found = explore(SMALL)
    assert (found.interviews, found.sheets) == (interviews, sheets)


def test_every_answer_is_in_one_class() -> None:
    for question in FLOW.questions:
        answers = sum(1 for _ in every_answer(question))
        assert sum(one.answers for one in fold(FLOW)[question.id]) == answers


def test_a_slice_of_the_altered_protocols_is_caught() -> None:
    court = Court()
    verdicts = [court.tried(mutant) for mutant in all_mutants()[::40]]
    assert [one.name for one in verdicts if one.kind == SURVIVED] == []
    assert {one.kind for one in verdicts} >= {PATIENT, SAME}


def test_without_patients_an_altered_order_survives() -> None:
    (mutant,) = [one for one in all_mutants() if one.name == "injury: asked after limb_danger"]
    court = Court()
    assert court.tried(mutant).kind == PATIENT
    court.patients = []
    assert court.tried(mutant).kind == SURVIVED
