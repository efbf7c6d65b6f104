"""What every test patient of the flow is told in the end: short, whole and readable."""

from __future__ import annotations

import re

import pytest

from bot.screens import Screen
from bot.views.result import emergency_screen, out_of_scope_screen, result_screens
from bot.wording import Wording
from content.countries import load_countries
from content.loader import languages, load_content
from content.markup import Markup
from content.models import Content
from flows.answers import Answer
from flows.conversation import EMERGENCY, OUT_OF_SCOPE, Conversation, position
from flows.interview import walk
from flows.loader import load_flow
from flows.machine import ConversationMachine
from flows.models import Question
from flows.patients import TestPatient, load_patients
from tests.dialogue.talk import check_screen, plain

EASY, LONGEST = 2100, 3400
"""Characters of a message for up to one pathway, and for all of them at once."""


@pytest.fixture(scope="module")
def wording(machine: ConversationMachine, english: Content) -> Wording:
    return Wording(machine.flow, english, load_countries().of("GB"), 30)


def told(wording: Wording, patient: TestPatient) -> list[Screen]:
    def look_up(question: Question) -> Answer | None:
        raw = patient.sheet.get(question.id, "" if question.id == "goal" else None)
        return None if raw is None else question.read(raw)

    answers = dict(walk(wording.flow, look_up).answers)
    conversation = Conversation(answers=answers, agreed=True, confirmed=True)
    match position(wording.flow, conversation):
        case state if state == EMERGENCY:
            return [emergency_screen(wording, conversation, 1)]
        case state if state == OUT_OF_SCOPE:
            return [out_of_scope_screen(wording, conversation, 1)]
    return result_screens(wording, conversation, 1)


@pytest.mark.parametrize("patient", load_patients(load_flow()), ids=lambda one: one.id)
def test_every_patient_gets_an_answer_that_reads_well(
    wording: Wording, patient: TestPatient
) -> None:
    screens = told(wording, patient)
    assert len(screens) == (1 if patient.expect.urgency in ("emergency", "out_of_scope") else 3)
    longest = EASY if len(patient.expect.pathways) < 2 else LONGEST
    urgency = wording.content.results.urgency
    for screen in screens:
        check_screen(screen)
        text = plain(screen.text)
        assert Markup(screen.text).length() <= longest
        assert not re.search(r"  |\.\.|,,| ,| \.|\n\n\n", text)
        lines = [line for line in text.splitlines() if line.startswith("• ")]
        for line in lines:
            assert "none of these" not in line
            assert line[2].isupper() or line[2].isdecimal()
            assert line[-1] == "."
        assert len(set(lines)) == len(lines)
    if patient.expect.urgency in urgency:
        first = plain(screens[0].text).splitlines()[0]
        assert first == urgency[patient.expect.urgency].headline.plain()
    if patient.expect.urgency == "emergency":
        words = wording.content.results.rules
        for rule in patient.expect.rules:
            end = words[rule].plain().rsplit("}", 1)[-1]
            assert end in plain(screens[0].text)


@pytest.mark.parametrize("language", languages())
def test_no_answer_is_too_long_to_be_sent_in_any_language(
    machine: ConversationMachine, language: str
) -> None:
    words = load_content(language, machine.flow)
    wording = Wording(machine.flow, words, load_countries().of("GB"), 30)
    for patient in load_patients(machine.flow):
        for screen in told(wording, patient):
            assert Markup(screen.text).length() <= 3900, patient.id


NEEDS_CARE = {"U17", "U18", "U19", "U20", "U22", "U23", "U25", "U32"}


@pytest.mark.parametrize("patient", load_patients(load_flow()), ids=lambda one: one.id)
def test_nobody_is_advised_what_could_do_harm(wording: Wording, patient: TestPatient) -> None:
    said = " ".join(plain(screen.text) for screen in told(wording, patient)).casefold()
    rules = set(patient.expect.rules)
    if rules & NEEDS_CARE or patient.expect.urgency == "same_day":
        assert "what treatment often includes" not in said
        assert "what to try first" not in said
        assert "stay active" not in said
        assert "stretch the sole" not in said
    if patient.expect.urgency in ("same_day", "two_weeks"):
        assert "a scan is usually not needed" not in said
    for rule in rules & NEEDS_CARE:
        if patient.expect.urgency != "emergency":
            (care,) = wording.content.results.until_seen.rules[rule]
            assert care.plain().casefold() in said


def test_each_is_told_about_the_end_that_troubles_them(wording: Wording) -> None:
    by_id = {patient.id: patient for patient in load_patients(wording.flow)}
    calm = [p for p in by_id.values() if p.expect.urgency in ("self_care", "routine")]
    for patient in calm:
        said = " ".join(plain(screen.text) for screen in told(wording, patient))
        if set(patient.expect.rules) & NEEDS_CARE:
            continue
        complaints = set(patient.sheet["complaints"])  # type: ignore[call-overload]
        assert ("For the foot:" in said) == ("foot" in complaints), patient.id
        assert ("For the back:" in said) == bool({"back", "leg"} & complaints), patient.id
