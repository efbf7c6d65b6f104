"""`questionnaire` prints the flow as a Questionnaire (see tests/fhir), in a language spoken."""

from __future__ import annotations

import json

from content.loader import languages
from tests.commands.running import FLOW, Place

SPOKEN = ", ".join(languages())


def test_the_questionnaire_is_printed(place: Place) -> None:
    ran = place.run("questionnaire", "--language", "es")

    form = json.loads(ran.out)
    assert (ran.status, ran.error) == (0, "")
    assert (form["resourceType"], form["language"]) == ("Questionnaire", "es")
    assert form["version"] == str(FLOW.version)
    assert place.files() == {}


def test_it_is_printed_in_english_with_the_number_of_the_country(place: Place) -> None:
    form = json.loads(place.run("questionnaire", DEFAULT_COUNTRY="US").out)

    assert form["language"] == "en"
    (shown,) = (item for item in form["item"] if item["linkId"] == "end.emergency")
    assert "911" in shown["text"]


def test_with_its_code_systems_it_is_a_transaction(place: Place) -> None:
    ran = place.run("questionnaire", "--with-code-systems")

    kinds = {entry["resource"]["resourceType"] for entry in json.loads(ran.out)["entry"]}
    assert (ran.status, kinds) == (0, {"CodeSystem", "Questionnaire"})


def test_a_language_that_is_not_spoken_is_one_line(place: Place) -> None:
    ran = place.run("questionnaire", "--language", "xx")

    assert ran.status == 2
    assert ran.line == f"plumbline: --language xx is not spoken here; choose of: {SPOKEN}."
