"""What is made is valid FHIR: by the models of fhir.resources and by the standard's invariants.

fhir.resources has no models of R4 itself; R4B, its correction, differs from it in other resources
only (subscriptions, medicines, evidence).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.codesystem import CodeSystem
from fhir.resources.R4B.questionnaire import Questionnaire

from bot.fhir.bundle import bundle_of, transaction_of
from bot.fhir.code_systems import code_systems, definitions
from bot.fhir.terms import OPTION_EXCLUSIVE, TRANSLATION, answers_system
from bot.intake.forms import FORMS
from bot.intake.intake import Consent, Intake, Kind, Person, Said
from bot.intake.making import Issue, take_intake, version_of
from content.loader import languages
from flows.conversation import Conversation
from tests.fhir.example import example
from tests.fhir.form import Engine, evaluated, every_item, questions
from tests.fhir.made import CONTENTS, FLOW, FORM, form_of
from tests.intake.making import AT, CONCERNS, PATIENTS, intake_of, wording

ITEM_INVARIANTS = {
    "que-1": "(type='group' implies item.empty().not()) and (type.trace('type')='display' implies item.empty())",
    "que-3": "type!='display' or code.empty()",
    "que-4": "answerOption.empty() or answerValueSet.empty()",
    "que-5": "(type='choice' or type = 'open-choice') or (answerOption.empty() and answerValueSet.empty())",
    "que-6": "type!='display' or (required.empty() and repeats.empty())",
    "que-8": "(type!='group' and type!='display') or initial.empty()",
    "que-10": "(type in ('boolean' | 'decimal' | 'integer' | 'string' | 'text' | 'url')) or maxLength.empty()",
    "que-12": "enableWhen.count() > 1 implies enableBehavior.exists()",
}
"""R4's invariants of Questionnaire.item, as the standard writes them."""

SAMPLE = [*sorted(PATIENTS)[::16], "emergency"]


def entries(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def bundle(intake: Intake) -> dict[str, Any]:
    made = bundle_of(intake, FLOW, CONTENTS)
    assert json.loads(json.dumps(made)) == made
    return made


def emergency() -> str:
    return next(id for id, one in PATIENTS.items() if one.expect.urgency == "emergency")


def one_of(id: str) -> Intake:
    return intake_of(emergency() if id == "emergency" else id)


# The answers


@pytest.mark.parametrize("answers", [{}, {"age": "35_44", "complaints": ("foot",)}])
def test_an_emergency_that_words_raised_is_not_said_to_be_a_completed_form(
    answers: dict[str, Any],
) -> None:
    """Questions of the form that stand open before it, or one that it would not have enabled."""
    conversation = Conversation(answers={**answers, "saddle": "new"}, raised=("saddle",))
    intake = take_intake(
        wording(),
        version_of(FLOW, CONCERNS),
        conversation,
        Issue(UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"), "PL-7K3M-9QXH", AT),
        person=Person(name="Ada"),
        consent=Consent(version="1", at=AT, text="This is what Riverside gets"),
        patient_language="en",
        advised=("Call 999 now.",),
    )
    (response,) = entries(bundle(intake), "QuestionnaireResponse")
    assert response["status"] == "stopped"


@pytest.mark.parametrize("id", SAMPLE)
def test_an_interview_that_was_asked_to_its_end_is_a_completed_form(id: str) -> None:
    (response,) = entries(bundle(one_of(id)), "QuestionnaireResponse")
    assert response["status"] == "completed"


# The Questionnaire


@pytest.mark.parametrize("language", languages())
def test_the_questionnaire_is_valid(language: str) -> None:
    form = form_of(FLOW, language)
    Questionnaire.model_validate(form)
    assert form["language"] == language
    assert evaluated(form, "descendants().linkId.isDistinct()") == [True]  # que-2
    assert evaluated(form, "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')") == [True]  # que-0
    rows = [row for item in every_item(form["item"]) for row in item.get("enableWhen", [])]
    assert rows
    for row in rows:
        que_7 = "operator = 'exists' implies (answer is Boolean)"
        assert (row["operator"] != "exists") or isinstance(row["answerBoolean"], bool), que_7
    for item in every_item(form["item"]):
        for name, invariant in ITEM_INVARIANTS.items():
            assert evaluated(item, invariant) == [True], (name, item["linkId"])


def test_the_link_ids_are_the_question_ids() -> None:
    assert list(questions(FORM)) == [question.id for question in FLOW.questions]


def test_every_condition_names_a_question_before_it_and_one_of_its_options() -> None:
    seen: dict[str, dict[str, Any]] = {}
    for item in every_item(FORM["item"]):
        for row in item.get("enableWhen", []):
            assert row["question"] in seen
            if "answerCoding" in row:
                options = [
                    (option["valueCoding"]["system"], option["valueCoding"]["code"])
                    for option in seen[row["question"]]["answerOption"]
                ]
                assert (row["answerCoding"]["system"], row["answerCoding"]["code"]) in options
        seen[item["linkId"]] = item


def test_none_excludes_the_others_and_only_where_several_are_ticked() -> None:
    for id, item in questions(FORM).items():
        exclusive = [
            option["valueCoding"]["code"]
            for option in item.get("answerOption", [])
            if {"url": OPTION_EXCLUSIVE, "valueBoolean": True} in option.get("extension", [])
        ]
        codes = FLOW.question_by_id[id].codes
        assert exclusive == (["none"] if item["repeats"] and "none" in codes else []), id


def test_every_text_is_there_in_every_language() -> None:
    for item in every_item(FORM["item"]):
        told = item["_text"]["extension"]
        assert [one["url"] for one in told] == [TRANSLATION] * (len(CONTENTS) - 1)
        assert {one["extension"][0]["valueCode"] for one in told} == set(CONTENTS) - {"en"}


def test_what_is_private_says_why() -> None:
    links = {item["linkId"] for item in every_item(FORM["item"])}
    for question in FLOW.questions:
        if question.intimate:
            assert f"{question.id}.why" in links


# The code systems


def test_the_code_systems_are_valid_and_hold_every_answer() -> None:
    systems = {one["url"]: one for one in code_systems(FLOW, CONTENTS, "en")}
    for one in systems.values():
        CodeSystem.model_validate(one)
        assert evaluated(one, "concept.code.isDistinct()") == [True]
    for question in FLOW.questions:
        if question.options:
            concepts = systems[answers_system(FLOW.id, question.id)]["concept"]
            assert tuple(concept["code"] for concept in concepts) == question.codes


def test_the_definitions_are_one_transaction() -> None:
    made = definitions(FLOW, CONTENTS, FORM)
    Bundle.model_validate(made)
    assert len({entry["request"]["url"] for entry in made["entry"]}) == len(made["entry"])


# An intake


@pytest.mark.parametrize("id", SAMPLE)
def test_an_intake_is_a_valid_transaction(id: str) -> None:
    made = bundle(one_of(id))
    Bundle.model_validate(made)
    assert evaluated(made, "total.empty() or (type = 'searchset') or (type = 'history')") == [True]
    assert evaluated(made, "entry.all(request.exists() and response.empty())") == [True]
    assert evaluated(made, "entry.fullUrl.isDistinct()") == [True]
    urls = {entry["fullUrl"] for entry in made["entry"]}
    assert set(evaluated(made, "entry.resource.descendants().reference")) <= urls
    (answers,) = entries(made, "QuestionnaireResponse")
    qrs_1 = "(answer.exists() and item.exists()).not()"
    assert all(evaluated(item, qrs_1) == [True] for item in every_item(answers["item"]))


@pytest.mark.parametrize("id", SAMPLE)
def test_every_answer_is_an_option_of_the_questionnaire_and_was_asked(id: str) -> None:
    intake = one_of(id)
    (said,) = entries(bundle(intake), "QuestionnaireResponse")
    assert said["questionnaire"] == f"{FORM['url']}|{FORM['version']}"
    asked = questions(FORM)
    groups = {item["linkId"] for item in FORM["item"]}
    answers: dict[str, list[Any]] = {}
    for group in said["item"]:
        assert group["linkId"] in groups
        for item in group["item"]:
            options = [
                option["valueCoding"] for option in asked[item["linkId"]].get("answerOption", [])
            ]
            offered = [(one["system"], one["code"], one["display"]) for one in options]
            for answer in item.get("answer", []):
                if "valueCoding" in answer:
                    coding = answer["valueCoding"]
                    assert (coding["system"], coding["code"], coding["display"]) in offered
            if "answer" in item:
                answers[item["linkId"]] = item["answer"]
            assert item["text"] == asked[item["linkId"]]["text"]
    enabled = [link for link in Engine().enabled(FORM, answers) if link in asked]
    assert enabled == [line.id for line in intake.answers]


def test_the_same_intake_makes_the_same_bundle_and_another_one_other_ids() -> None:
    intake = one_of(SAMPLE[0])
    other = intake.model_copy(update={"id": UUID(int=7)})
    assert bundle(intake) == bundle(intake)
    ours, theirs = (
        {entry["request"]["ifNoneExist"] for entry in bundle(one)["entry"]}
        for one in (intake, other)
    )
    assert len(ours) == len(bundle(intake)["entry"])
    assert ours.isdisjoint(theirs)


def test_the_patient_holds_only_what_was_given() -> None:
    (patient,) = entries(bundle(intake_of(SAMPLE[0], phone=None)), "Patient")
    assert patient.keys() == {"resourceType", "identifier", "name"}
    (patient,) = entries(bundle(intake_of(SAMPLE[0])), "Patient")
    assert patient["telecom"] == [{"system": "phone", "value": "+447700900123"}]


def test_an_emergency_is_stat_and_its_link_was_not_assessed() -> None:
    made = bundle(one_of("emergency"))
    (task,) = entries(made, "Task")
    assert task["priority"] == "stat"
    urgency, link = entries(made, "Observation")
    assert urgency["valueCodeableConcept"]["coding"][0]["code"] == "emergency"
    assert urgency["component"]
    assert link["dataAbsentReason"]["coding"][0]["code"] == "not-performed"
    assert "valueCodeableConcept" not in link


def test_the_words_are_the_clinics_with_the_patients_beside_them() -> None:
    intake = intake_of(SAMPLE[0], "en").model_copy(update={"patient_language": "es"})
    (said,) = entries(bundle(intake), "QuestionnaireResponse")
    coding = said["item"][0]["item"][0]["answer"][0]["valueCoding"]
    words = (CONTENTS[code].question("age").options[coding["code"]].label for code in ("en", "es"))
    english, spanish = words
    assert coding["display"] == english
    assert coding["_display"]["extension"][0]["extension"][1]["valueString"] == spanish


def test_the_example_in_the_documentation_is_what_is_made_today() -> None:
    shown = (Path(__file__).parents[2] / "docs" / "fhir-example.json").read_text(encoding="utf-8")
    assert shown == f"{example()}\n"


def test_a_follow_up_is_a_valid_transaction() -> None:
    intake = one_of(SAMPLE[0]).model_copy(
        update={
            "kind": Kind.FOLLOW_UP,
            "answers": (),
            "findings": None,
            "follow_up": (Said(id="now", question="How is it?", code="same", words="The same"),),
            "follows": "PL-7K3M-9QXH",
        }
    )
    made = bundle(intake)
    Bundle.model_validate(made)
    assert entries(made, "Observation") == []


def test_an_intake_of_a_flow_that_is_no_more_is_still_sent() -> None:
    intake = one_of(SAMPLE[0])
    first, *others = intake.answers
    gone = first.model_copy(update={"id": "no_longer_asked", "answer": "gone"})
    old = intake.model_copy(update={"answers": (gone, *others)})
    made = bundle(old)
    Bundle.model_validate(made)
    (said,) = entries(made, "QuestionnaireResponse")
    assert said["item"][0]["answer"][0]["valueCoding"]["code"] == "gone"


@pytest.mark.parametrize("name", ["<b>Ada</b>", "Ada\x00\x07", "\ud800Ada", "أدا لوفليس", " Ada "])
def test_a_strange_name_is_still_valid(name: str) -> None:
    intake = one_of(SAMPLE[0])
    odd = intake.model_copy(update={"person": Person.model_construct(name=name, phone=None)})
    made = bundle(odd)
    json.dumps(made, ensure_ascii=False).encode()
    Bundle.model_validate(made)


def test_the_file_of_several_intakes_is_one_transaction() -> None:
    one = one_of(SAMPLE[0])
    other = one.model_copy(update={"id": UUID(int=7)})
    made = json.loads(FORMS["fhir"].write([one, other]))
    Bundle.model_validate(made)
    assert len(made["entry"]) == 2 * len(bundle(one)["entry"])
    assert json.loads(FORMS["fhir"].write([one])) == bundle(one)
    assert "entry" not in transaction_of([], FLOW, CONTENTS)
