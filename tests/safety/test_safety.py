"""Every hazard has a control, every control a proof, and every proof is there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tests.safety.log import LOG, PAGE, exists, load_log, proved
from tests.safety.page import page

SAFETY = load_log()
PROOFS = sorted(
    {proof for hazard in SAFETY.hazards for control in hazard.controls for proof in control.proof}
)


@pytest.mark.parametrize("proof", PROOFS)
def test_every_proof_is_there(proof: str) -> None:
    assert exists(proof)


@pytest.mark.parametrize(
    "proof",
    [
        "tests/safety/test_safety.py::test_that_nobody_wrote",
        "tests/safety/test_nothing.py::test_every_proof_is_there",
        "tests/safety/log.py::load_log",
        "tests/safety/test_safety.py",
        "tests/safety/log.py::*",
        "proof:nothing_of_the_kind",
    ],
)
def test_a_proof_that_is_not_there_is_noticed(proof: str) -> None:
    assert not exists(proof)


def test_a_proof_that_is_there_is_found() -> None:
    assert exists("tests/safety/test_safety.py::test_a_proof_that_is_there_is_found")
    assert exists("tests/safety/test_safety.py::*")
    assert all(exists(f"proof:{id}") for id in proved())


@pytest.mark.parametrize("hazard", SAFETY.hazards, ids=lambda hazard: hazard.id)
def test_every_hazard_is_rated_on_the_scales_and_not_made_worse(hazard: object) -> None:
    (found,) = [one for one in SAFETY.hazards if one is hazard]
    for severity, likelihood in (found.before, found.after):
        assert severity in SAFETY.severities
        assert likelihood in SAFETY.likelihoods
    assert SAFETY.risk(found.after) <= SAFETY.risk(found.before)
    assert SAFETY.risk(found.after) <= 3, "4 and 5 are not acceptable"
    assert SAFETY.risk(found.after) in SAFETY.acceptance


def test_the_scales_are_whole_and_rise() -> None:
    severities, likelihoods = list(SAFETY.severities), list(SAFETY.likelihoods)
    assert list(SAFETY.risks) == likelihoods
    rows = [[SAFETY.risks[likelihood][s] for s in severities] for likelihood in likelihoods]
    assert all(row == sorted(row) for row in rows)
    assert all(list(column) == sorted(column, reverse=True) for column in zip(*rows, strict=True))
    assert {risk for row in rows for risk in row} == set(SAFETY.acceptance)


def test_ids_are_given_once_and_in_order() -> None:
    assert [hazard.id for hazard in SAFETY.hazards] == [
        f"H{number:02}" for number in range(1, len(SAFETY.hazards) + 1)
    ]


@pytest.mark.parametrize("gap", ["controls", "proof", "causes", "left", "after"])
def test_a_hazard_with_a_gap_is_refused(gap: str, tmp_path: Path) -> None:
    log = yaml.safe_load(LOG.read_text(encoding="utf-8"))
    hazard = log["hazards"][0]
    if gap == "proof":
        hazard["controls"][0]["proof"] = []
    elif gap in ("controls", "causes"):
        hazard[gap] = []
    else:
        del hazard[gap]
    path = tmp_path / "safety.yaml"
    path.write_text(yaml.safe_dump(log), encoding="utf-8")

    with pytest.raises(ValidationError):
        load_log(path)


def test_the_page_is_the_log() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(SAFETY), "run: python -m tests.safety"
