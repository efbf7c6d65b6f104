"""The test patients beside the flow."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.models import Flow
from flows.patients import TestPatient, load_patients, run_patients
from tests.flows.making import FLOW, SMALL, SMALL_FOLDER

PATIENTS = load_patients(FLOW)


@pytest.mark.parametrize(
    ("flow", "folder"), [(FLOW, None), (SMALL, SMALL_FOLDER)], ids=["protocol", "small"]
)
def test_every_patient_comes_out_as_expected(flow: Flow, folder: Path | None) -> None:
    assert run_patients(flow, load_patients(flow, folder)) == ()


def test_there_are_enough_of_them() -> None:
    assert len(PATIENTS) >= 60


def test_every_rule_and_every_item_has_a_patient() -> None:
    rules = {rule for patient in PATIENTS for rule in patient.expect.rules}
    items = {
        item for patient in PATIENTS for found in patient.expect.pathways for item in found.items
    }
    assert rules == {rule.id for rule in FLOW.rules}
    assert items == {item.id for pathway in FLOW.pathways for item in pathway.items}


def test_every_urgency_and_every_link_has_a_patient() -> None:
    assert {patient.expect.urgency for patient in PATIENTS} == {
        "emergency",
        "same_day",
        "two_weeks",
        "routine",
        "self_care",
        "out_of_scope",
    }
    assert {patient.expect.link for patient in PATIENTS} == {
        "nerve",
        "mechanical",
        "foot_first",
        "systemic",
        "metabolic",
        "mixed",
        "none_found",
        "not_assessed",
    }


def other(patient: TestPatient, **changed: object) -> TestPatient:
    return replace(patient, expect=patient.expect.model_copy(update=changed))


def test_difference_names_patient_and_what_differs() -> None:
    calm, elbow = load_patients(SMALL, SMALL_FOLDER)
    assert [
        difference.text
        for difference in run_patients(
            SMALL,
            (
                calm,
                other(calm, urgency="routine"),
                other(calm, rules=("R1",)),
                other(calm, link="nerve"),
                other(elbow, pathways=()),
                replace(calm, sheet={"age": "adult"}),
                replace(calm, sheet={"age": "old"}),
            ),
        )
    ] == [
        "calm: urgency is self_care, expected routine",
        "calm: rules is ['R4'], expected ['R1']",
        "calm: link is none_found, expected nerve",
        (
            "elbow: pathways is [{'pathway': 'joint', 'certainty': 'possible', 'points': 1, "
            "'items': ['J1']}, {'pathway': 'nerve', 'certainty': 'possible', 'points': 1, "
            "'items': ['N2']}], expected []"
        ),
        "calm: incomplete",
        "calm: age: 'old' is not one of child, adult",
    ]
