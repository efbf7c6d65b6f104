"""Writes the example of docs/fhir.md: `python -m tests.fhir.example > docs/fhir-example.json`."""

from __future__ import annotations

import json
import sys

from bot.fhir.bundle import bundle_of
from tests.fhir.made import CONTENTS, FLOW
from tests.intake.making import PATIENTS, intake_of


def example() -> str:
    """The intake of a made-up patient at the emergency screen: the shortest there is."""
    patients = [id for id, one in PATIENTS.items() if one.expect.urgency == "emergency"]
    shortest = min(patients, key=lambda id: len(intake_of(id).answers))
    made = bundle_of(intake_of(shortest), FLOW, CONTENTS)
    return json.dumps(made, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.stdout.write(f"{example()}\n")
