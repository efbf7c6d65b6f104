"""The whole interview, from /start to an end."""

from __future__ import annotations

import pytest

from content.models import Content
from flows.conversation import EMERGENCY, OUT_OF_SCOPE, RESULT, REVIEW
from flows.loader import load_flow
from flows.patients import TestPatient, load_patients
from tests.dialogue.sheets import BACK, EVERYTHING, FOOT, TYPICAL, Sheet
from tests.dialogue.talk import Talk


def test_the_first_screen_says_what_this_is_before_anything_is_asked(talk: Talk) -> None:
    talk.says("/start")
    talk.sees("This is Plumbline", "not a doctor", "call 999 now", "30 days", "Do you agree")
    assert talk.labels == ["I agree, start", "Read about my data"]
    assert talk.answers == {}


def test_who_reads_about_the_data_first_can_go_back_agree_or_leave(talk: Talk) -> None:
    talk.says("/start")
    talk.taps("Read about my data")
    talk.sees("What we store", "30 days", "/delete")
    talk.taps("Go back")
    talk.sees("This is Plumbline")
    talk.taps("Read about my data", "I agree, start")
    talk.sees("How old are you?")
    record = talk.record
    assert record is not None
    assert record.agreed_version == "3"


def test_who_does_not_agree_leaves_nothing_behind(talk: Talk) -> None:
    talk.says("/start")
    talk.taps("Read about my data", "Not now")
    talk.sees("That is fine. We have stored no answers.", "/start", "999")
    assert talk.record is None


@pytest.mark.parametrize(
    ("sheet", "questions"),
    [(EVERYTHING, 39), (TYPICAL, 37), (FOOT, 21), (BACK, 21)],
    ids=["everything", "typical", "foot", "back"],
)
def test_the_whole_interview_with_taps_only(talk: Talk, sheet: Sheet, questions: int) -> None:
    talk.starts()
    asked = talk.answers_with(sheet)
    assert len(asked) == questions
    assert talk.state == REVIEW
    talk.sees("Is this right?", f"{questions}. ")
    talk.taps("See my result")
    assert talk.state == RESULT
    assert len(talk.chat.new) == 3
    talk.sees("Why this soon", "Who to see", "Five questions to ask", "The warning list", "999")
    assert talk.labels == [
        "More about the link",
        "Change an answer",
        "Page to take along",
        "Get my data",
        "Start over",
    ]
    # One message for the welcome, edited into each question and the review; then the result.
    assert len(talk.chat.messages) == 4


def test_every_question_shows_where_it_stands_and_offers_the_way_back(talk: Talk) -> None:
    talk.starts()
    section = talk.new[0].splitlines()[0]
    assert section.startswith("You and your pain · 1 of about ")
    asked = len(talk.answers_with(EVERYTHING, until="goal"))
    assert talk.new[0].splitlines()[0] == f"Your daily life · {asked + 1} of about {asked + 1}"
    assert talk.labels == ["Go back", "Skip"]


@pytest.mark.parametrize("id", ["saddle", "bladder", "bowel", "sexual"])
def test_a_private_question_says_why_before_it_asks(talk: Talk, english: Content, id: str) -> None:
    words = english.question(id)
    assert words.why is not None
    talk.stands_at(id, EVERYTHING)
    shown = talk.new[0]
    assert shown.index(words.why.plain()) < shown.index(words.ask.plain())


def _one_for_each_emergency_rule() -> list[TestPatient]:
    flow = load_flow()
    patients = load_patients(flow)
    return [
        next(
            patient
            for patient in patients
            if rule.id in patient.expect.rules and patient.expect.urgency == "emergency"
        )
        for rule in flow.emergency_rules
    ]


@pytest.mark.parametrize("patient", _one_for_each_emergency_rule(), ids=lambda one: one.id)
def test_an_emergency_shows_at_once_what_to_do_and_why(talk: Talk, patient: TestPatient) -> None:
    talk.starts()
    talk.answers_with(dict(patient.sheet))
    assert talk.state == EMERGENCY
    talk.sees("Get emergency help now", "Call 999 now.", "Do not drive yourself", "Why we say this")
    talk.sees_once("Get emergency help now")
    shown = talk.new[0]
    assert shown.index("Call 999") < shown.index("You told us about")
    assert talk.labels == ["Read my answers", "Correct an answer", "Delete my data"]

    talk.taps("Read my answers")
    talk.sees("This is what you told us.", "1. About you: age")
    talk.taps("Back to what to do now")
    talk.sees("Call 999 now.")
    talk.taps("Correct an answer")
    talk.sees("Which answer do you want to change?")
    talk.taps("Back to what to do now", "Delete my data", "No, keep it")
    talk.sees("Nothing was changed.", "Call 999 now.")
    talk.taps("Delete my data", "Yes, delete all")
    assert talk.record is None


def test_a_corrected_answer_ends_the_emergency_and_the_interview_goes_on(talk: Talk) -> None:
    talk.starts()
    talk.answers_with({**EVERYTHING, "saddle": "new"})
    assert talk.state == EMERGENCY
    talk.taps("Correct an answer", "Feeling where you sit")
    talk.sees("Your answer before: new or worse numbness")
    talk.gives("saddle", "no")
    assert talk.state == "bladder"
    talk.answers_with(EVERYTHING)
    assert talk.state == REVIEW


@pytest.mark.parametrize(
    "said",
    ["no", "none", "back", "stop", "help", "repeat", "I am fine", "1", "skip", "done", "no change",
     "start over", "see my result", "correct", "/back", "/start", "/help", "/privacy", "/cancel",
     "/language", "/mydata", "/restart", "/delete", "/nonsense"],
)  # fmt: skip
def test_nothing_typed_lowers_an_emergency(talk: Talk, said: str) -> None:
    talk.starts()
    talk.answers_with({**EVERYTHING, "weakness": "hours"})
    answers = talk.answers
    talk.says(said)
    assert talk.answers == answers
    talk.sees_not("did not understand")
    talk.says("/start")
    assert talk.state == EMERGENCY
    talk.sees("Call 999 now.")
    talk.sees_not("go on where you stopped")


def test_too_young(talk: Talk) -> None:
    talk.starts()
    talk.taps("Under 18")
    assert talk.state == OUT_OF_SCOPE
    talk.sees("This chat is for adults", "see a doctor", "999")
    assert talk.labels == ["Correct an answer", "Delete my data"]
    talk.says("/start")
    talk.sees_not("go on where you stopped")
    talk.taps("Correct an answer", "About you", "18 to 34")
    assert talk.state == "complaints"


def test_no_complaint(talk: Talk) -> None:
    talk.starts()
    talk.taps("18 to 34", "None of these", "Done")
    assert talk.state == OUT_OF_SCOPE
    talk.sees("may not fit your problem", "999")
    talk.taps("Correct an answer", "Where it troubles you")
    assert talk.ticked == ["None of these"]
    talk.taps("Ankle, heel or foot", "Done")
    assert talk.answers["complaints"] == ("foot",)
    assert talk.state == "sudden_danger"


def test_the_result_can_be_explained_changed_and_read_again(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(EVERYTHING)
    talk.taps("See my result")
    result = talk.new
    talk.taps("More about the link")
    talk.sees("How you stand and walk", "What speaks for it", "What speaks against it")
    talk.taps("Next page")
    talk.sees("Nerves from back to foot")
    talk.taps("Next page")
    talk.sees("Treating both ends")
    assert talk.labels == ["Back to my result"]
    talk.taps("Back to my result")
    assert talk.state == RESULT
    talk.sees("Book a planned visit with a specialist")
    assert len(talk.chat.new) == 1
    assert talk.labels[0] == "See my result"
    talk.taps("See my result")
    assert talk.new == result
    talk.taps("Change an answer")
    talk.sees("Which answer do you want to change?")
    talk.taps("Back to my result")
    assert talk.state == RESULT


def test_the_urgency_is_that_of_the_answers(talk: Talk) -> None:
    talk.starts()
    talk.answers_with({**TYPICAL, "weakness": "new"})
    talk.taps("See my result")
    talk.sees("Speak to a doctor today", "You can also call 111 for advice.")
    talk.sees("You told us about new or growing weakness in a leg or foot.")
