"""Commands, wherever the conversation stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.dialogue.dialogue import Dialogue
from bot.events import Command
from flows.conversation import CLOSED, EMERGENCY, OUT_OF_SCOPE, RESULT, REVIEW, WELCOME
from flows.machine import ConversationMachine
from tests.dialogue.pure import Pure
from tests.dialogue.sheets import EVERYTHING, FOOT
from tests.dialogue.talk import PATIENT, Talk

COMMANDS = ["start", "help", "back", "restart", "language", "privacy", "mydata", "delete",
            "cancel", "nonsense", "", "START"]  # fmt: skip


def test_restart_asks_first_where_there_is_something_to_lose(talk: Talk) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says("/restart")
    talk.sees("Do you want to start over? This deletes the answers you gave so far.")
    talk.taps("No, keep my answers")
    talk.sees("Nothing was changed. Your answers are kept.", "Has the feeling changed")
    assert len(talk.answers) == 3
    talk.says("/restart")
    talk.says("yes")
    talk.sees("Your old answers are gone.", "How old are you?")
    assert talk.answers == {}
    assert talk.state == "age"


def test_restart_does_not_ask_where_there_is_nothing_to_lose(talk: Talk) -> None:
    talk.starts()
    talk.says("/restart")
    talk.sees("How old are you?")
    talk.sees_not("start over?")


def test_restart_after_the_result(talk: Talk) -> None:
    talk.stands_at("goal", FOOT)
    talk.taps("Skip", "See my result", "Start over", "Yes, start over")
    assert talk.state == "age"
    talk.sees("Your old answers are gone.")


def test_delete_asks_once_and_then_nothing_is_left(
    talk: Talk, database: Path, machine: ConversationMachine
) -> None:
    talk.stands_at("goal", EVERYTHING)
    talk.says("dance in the old barn")
    talk.says("/delete")
    talk.sees("This cannot be undone.")
    talk.taps("No, keep it")
    assert len(talk.answers) == 39
    talk.says("/delete")
    talk.taps("Yes, delete all")
    talk.sees("All we stored about you is deleted.", "/start")
    talk.sees_once("deleted")
    assert talk.record is None
    for file in database.parent.glob(f"{database.name}*"):
        raw = file.read_bytes()
        assert b"barn" not in raw
        assert PATIENT.encode() not in raw
    talk.says("/delete")
    talk.sees("We store nothing about you")
    assert talk.record is None


def test_delete_in_words(talk: Talk) -> None:
    talk.starts()
    talk.says("/delete")
    talk.says("certainly not")
    talk.sees("We did not understand that.", "This cannot be undone.")
    talk.says("Yes, delete all")
    assert talk.record is None


def test_my_data_are_a_text_and_a_file(talk: Talk) -> None:
    talk.stands_at("goal", EVERYTHING)
    talk.says("walk & <run>")
    talk.says("/mydata")
    talk.sees("All we store about you", "version 1", "About you: age 35 to 44", "walk & <run>")
    talk.sees_once("as a file that programs can read")
    files = [m.screen.attachment for m in talk.chat.new if m.screen.attachment]
    assert len(files) == 1
    stored = json.loads(files[0].content)
    record = talk.record
    assert record is not None
    assert files[0].name == "plumbline-my-data.json"
    assert stored["chat"] == PATIENT
    assert stored["answers"]["complaints"] == ["back", "leg", "foot"]
    assert stored["answers"]["goal"] == "walk & <run>"
    assert {**stored, "serial": 0} == {"chat": PATIENT, **record.to_json(), "serial": 0}
    assert talk.state == REVIEW
    talk.sees("Is this right?")


def test_my_data_show_what_is_ticked_but_not_done(talk: Talk) -> None:
    talk.starts()
    talk.taps("18 to 34", "Ankle, heel or foot")
    talk.says("/mydata")
    talk.sees("Where it troubles you: trouble in the ankle, heel or foot")


def test_my_data_before_any_answer(talk: Talk) -> None:
    talk.says("/mydata")
    talk.sees("We store nothing about you")
    assert talk.record is None
    talk.starts()
    talk.says("/mydata")
    talk.sees("You have not answered a question yet.", "How old are you?")


def test_cancel_and_going_on(talk: Talk) -> None:
    talk.stands_at("unwell", EVERYTHING)
    talk.says("/cancel")
    assert talk.state == CLOSED
    talk.sees("We stop here. Your answers are kept.", "999")
    assert talk.labels == ["Go on", "Start over"]
    talk.taps("Go on")
    assert talk.state == "unwell"
    talk.says("/cancel")
    talk.says("/cancel")
    talk.sees("We stop here.")
    talk.says("/back")
    talk.sees_not("first question")
    talk.says("/start")
    assert talk.state == "unwell"
    talk.sees("Welcome back.", "Does any of this fit you?")


def test_cancel_and_restart_leave_what_is_shown_for_a_moment(talk: Talk) -> None:
    talk.stands_at("unwell", EVERYTHING)
    talk.says("/cancel")
    talk.says("/restart")
    talk.says("/cancel")
    talk.sees("We stop here.")
    talk.says("/delete")
    talk.says("/cancel")
    talk.sees("We stop here.")


def test_restart_at_the_welcome_leaves_the_languages(talk: Talk) -> None:
    talk.says("/start")
    talk.says("/language")
    talk.says("/restart")
    talk.sees("This is Plumbline")


def test_start_again_goes_on_where_things_stand(talk: Talk) -> None:
    talk.starts()
    talk.says("/start")
    talk.sees_not("Welcome back")
    talk.taps("18 to 34")
    talk.says("/start")
    talk.sees("Welcome back.", "Where do you have pain")
    talk.stands_at("goal", FOOT)
    talk.taps("Skip", "See my result")
    result = talk.new
    talk.says("/start")
    talk.sees("Welcome back. Your result is ready.")
    assert talk.new[1:] == result[1:]


def test_help_and_privacy_show_the_question_again_below(talk: Talk) -> None:
    talk.starts()
    talk.says("/help")
    assert len(talk.new) == 2
    talk.sees("call 999 now", "/mydata", "How old are you?")
    talk.says("/privacy")
    talk.sees("What we store", "How old are you?")
    assert talk.live is talk.chat.messages[-1]


def test_language(talk: Talk) -> None:
    talk.starts()
    talk.says("/language")
    talk.sees("Which language would you like?")
    talk.taps("English")
    talk.sees("We now write in English.", "How old are you?")
    talk.says("/language")
    talk.taps("Go back")
    talk.sees("How old are you?")


def test_an_unknown_command(talk: Talk) -> None:
    talk.starts()
    talk.says("/nonsense")
    talk.sees("We do not know that command.", "/help", "How old are you?")


@pytest.mark.parametrize("code", ["clinic-x", "<b>", "{x}", "x" * 5000, "💥"])
def test_an_unknown_clinic_code(talk: Talk, code: str) -> None:
    talk.says(f"/start {code}")
    talk.sees("We do not know the clinic in that link.", "This is Plumbline")
    talk.taps("I agree, start")
    talk.says(f"/start {code}")
    talk.sees("We do not know the clinic in that link.", "How old are you?")


@pytest.mark.parametrize(
    "state", ["", WELCOME, "consent", "age", "unwell", "foot_severity", "goal", REVIEW, RESULT,
              EMERGENCY, OUT_OF_SCOPE, CLOSED],
)  # fmt: skip
def test_every_command_after_every_command_in_every_state(
    dialogue: Dialogue, machine: ConversationMachine, state: str
) -> None:
    for first in COMMANDS:
        for second in COMMANDS:
            patient = Pure(dialogue, machine)
            if state:
                patient.at(state)
            patient.happens(Command(first))
            patient.happens(Command(second))
            patient.happens(Command("start"))
            assert patient.live
            if state in (EMERGENCY, OUT_OF_SCOPE, RESULT):
                assert patient.state == state
