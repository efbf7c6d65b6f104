"""Back, changing one answer, ticks, the scale and the goal."""

from __future__ import annotations

import pytest

from flows.conversation import EMERGENCY, RESULT, REVIEW, WELCOME
from tests.dialogue.sheets import EVERYTHING, FOOT, TYPICAL
from tests.dialogue.talk import Talk


def test_back_shows_what_was_answered(talk: Talk) -> None:
    talk.starts()
    talk.taps("45 to 59")
    talk.goes_back()
    assert talk.state == "age"
    talk.taps("45 to 59")
    talk.says("/back")
    assert talk.state == "age"
    talk.sees("How old are you?", "Your answer before: age 45 to 59.")


def test_back_in_words(talk: Talk) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says("Go back!")
    assert talk.state == "sudden_danger"
    assert talk.ticked == ["None of these"]


def test_back_to_a_tick_question_shows_the_ticks(talk: Talk) -> None:
    talk.stands_at("sudden_danger", EVERYTHING)
    talk.goes_back()
    assert talk.ticked == ["Back", "Buttock or leg", "Ankle, heel or foot"]
    talk.sees("Ticked: Back, Buttock or leg and Ankle, heel or foot")
    talk.taps("Done")
    assert talk.state == "sudden_danger"


def test_back_to_a_scale_shows_the_number(talk: Talk) -> None:
    talk.stands_at("back_pattern", EVERYTHING)
    talk.taps("Go back")
    talk.sees("Your answer before: 6 out of 10.", "0 is no pain. 10 is the worst pain.")


def test_back_to_the_goal_lets_it_stand(talk: Talk) -> None:
    talk.starts()
    talk.answers_with({**FOOT, "goal": "Run <b>with</b> my {daughter} & 'son'"})
    talk.sees("Run <b>with</b> my {daughter} & 'son'")
    talk.taps("Go back")
    talk.sees("Your answer before: Run <b>with</b> my {daughter} & 'son'.")
    assert talk.labels == ["Go back", "Keep what I wrote", "Skip"]
    talk.taps("Keep what I wrote")
    assert talk.state == REVIEW
    assert talk.answers["goal"] == "Run <b>with</b> my {daughter} & 'son'"


def test_a_skipped_goal_can_be_skipped_again(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(FOOT)
    talk.sees("What you want to do again: left out")
    talk.taps("Go back")
    assert talk.labels == ["Go back", "Skip"]
    talk.taps("Skip")
    assert talk.state == REVIEW


def test_a_goal_that_is_too_long_is_not_taken(talk: Talk) -> None:
    talk.stands_at("goal", FOOT)
    talk.says("x" * 281)
    talk.sees("That is a little long: 281 letters. Please use at most 280.")
    assert talk.state == "goal"
    talk.says("x" * 280)
    assert talk.state == REVIEW


def test_back_all_the_way_keeps_every_answer(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(FOOT)
    for _ in range(21):
        talk.goes_back()
    assert talk.state == "age"
    talk.taps("Go back")
    assert talk.state == WELCOME
    talk.says("/back")
    assert talk.state == WELCOME
    talk.taps("I agree, start")
    talk.sees("Your answer before: age 35 to 44.")


def test_stopping_at_the_welcome_after_going_back_keeps_the_answers(talk: Talk) -> None:
    talk.starts()
    talk.taps("35 to 44", "Go back", "Go back")
    assert talk.state == WELCOME
    talk.says("/cancel")
    talk.sees("Your answers are kept.")
    talk.taps("Go on", "I agree, start")
    assert talk.state == "age"
    talk.sees("Your answer before: age 35 to 44.")


def test_not_now_after_going_back_keeps_the_answers(talk: Talk) -> None:
    talk.starts()
    talk.taps("45 to 59")
    talk.goes_back()
    talk.taps("Go back", "Read about my data", "Not now")
    talk.sees("Your answers are kept.")
    assert talk.record is not None


def test_starting_over_at_the_welcome_after_going_back_is_no_dead_end(talk: Talk) -> None:
    talk.starts()
    talk.taps("45 to 59")
    talk.goes_back()
    talk.taps("Go back")
    assert talk.state == WELCOME
    talk.says("/restart")
    if "Yes, start over" in talk.labels:
        talk.taps("Yes, start over")
        talk.sees_not("older message")
    assert "I agree, start" in talk.labels


def test_one_changed_answer_keeps_the_later_ones(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(EVERYTHING)
    before = talk.answers
    talk.taps("Change an answer")
    assert "How the leg feels" in talk.labels
    talk.taps("How the leg feels", "A dull ache", "Done")
    assert talk.state == REVIEW
    assert talk.answers == {**before, "leg_feel": ("shooting", "tingling", "ache")}


def test_a_change_that_opens_questions_asks_only_those(talk: Talk) -> None:
    talk.starts()
    talk.answers_with({**TYPICAL, "leg_reach": "none"})
    talk.taps("Change an answer", "How far down the leg", "Into the foot")
    assert talk.answers_with(EVERYTHING) == ["leg_side", "leg_feel", "leg_line"]
    assert talk.state == REVIEW


def test_a_change_that_closes_questions_drops_their_answers(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(EVERYTHING)
    talk.taps("Change an answer", "How far down the leg", "Nothing goes down the leg")
    assert talk.state == REVIEW
    assert not {"leg_side", "leg_feel", "leg_line"} & set(talk.answers)
    talk.sees_not("Which leg")


def test_a_change_after_the_result_asks_for_the_review_again(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(TYPICAL)
    talk.taps("See my result", "Change an answer", "Weak leg or foot", "Yes, new or getting worse")
    assert talk.state == REVIEW
    talk.taps("See my result")
    assert talk.state == RESULT
    talk.sees("Speak to a doctor today")


def test_a_change_to_an_emergency_shows_it_at_once(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(TYPICAL)
    talk.taps("Change an answer", "Passing urine", "Yes, new or getting worse")
    assert talk.state == EMERGENCY
    talk.sees("Call 999 now.")


@pytest.mark.parametrize("typed", ["3", "Sudden danger signs", "sudden danger signs"])
def test_the_answer_to_change_can_be_typed(talk: Talk, typed: str) -> None:
    talk.starts()
    talk.answers_with(FOOT)
    talk.taps("Change an answer")
    talk.says(typed)
    assert talk.state == "sudden_danger"


def test_ticks(talk: Talk) -> None:
    talk.starts()
    talk.taps("18 to 34")
    ticked = talk.button("Back")
    talk.taps("Back")
    assert talk.state == "complaints"
    assert talk.ticked == ["Back"]
    talk.taps_data(ticked.data)  # a double tap
    assert talk.ticked == ["Back"]
    assert talk.notice is None
    talk.taps("Ankle, heel or foot")
    talk.sees("Ticked: Back and Ankle, heel or foot")
    talk.taps("None of these")
    assert talk.ticked == ["None of these"]
    talk.taps("Buttock or leg")
    assert talk.ticked == ["Buttock or leg"]
    talk.taps("Buttock or leg")
    assert talk.ticked == []
    talk.taps("Done")
    assert talk.state == "complaints"
    talk.sees("Please tick at least one. If nothing fits, tick None of these.")
    talk.says("done")
    talk.sees("Please tick at least one.")


def test_ticks_outlive_a_pause(talk: Talk) -> None:
    talk.starts()
    talk.taps("18 to 34")
    talk.taps("Ankle, heel or foot")
    talk.says("/cancel")
    talk.says("/start")
    assert talk.ticked == ["Ankle, heel or foot"]


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("10", 10), (" 7 ", 7), ("７", 7)])
def test_a_typed_number_on_the_scale(talk: Talk, typed: str, number: int) -> None:
    talk.stands_at("foot_severity", FOOT)
    talk.says(typed)
    assert talk.answers["foot_severity"] == number


@pytest.mark.parametrize(
    "typed", ["11", "-1", "−3", "- 1", "a lot", "1e1", "not 7", "7/20", "99999999999"]
)
def test_no_number_on_the_scale(talk: Talk, typed: str) -> None:
    talk.stands_at("foot_severity", FOOT)
    talk.says(typed)
    assert talk.state == "foot_severity"
    talk.sees("Please tap or type a number from 0 to 10.", "999")


@pytest.mark.parametrize("typed", ["7/10", "7 out of 10", "7."])
def test_a_number_out_of_ten(talk: Talk, typed: str) -> None:
    talk.stands_at("foot_severity", FOOT)
    talk.says(typed)
    assert talk.answers["foot_severity"] == 7


def test_a_correction_that_is_left_changes_nothing(talk: Talk) -> None:
    talk.starts()
    talk.answers_with(EVERYTHING)
    answers = talk.answers
    talk.taps("Change an answer", "About you")
    assert talk.state == "age"
    talk.taps("Back to my answers")
    assert talk.state == REVIEW
    assert talk.answers == answers
    talk.taps("Change an answer", "About you")
    talk.says("/back")
    assert talk.state == REVIEW
    assert talk.answers == answers


@pytest.mark.parametrize("leave", ["/start", "/back", "/cancel", "go back", "stop", "back"])
def test_an_emergency_comes_back_when_its_correction_is_left(talk: Talk, leave: str) -> None:
    talk.starts()
    talk.taps("35 to 44", "Back", "Done", "Not sure", "Done")
    assert talk.state == EMERGENCY
    talk.taps("Correct an answer", "Sudden danger signs")
    talk.sees("call 999 now")
    assert "Back to what to do now" in talk.labels
    talk.says(leave)
    assert talk.state == EMERGENCY
    talk.sees("Get emergency help now")


def test_an_emergency_is_not_stopped(talk: Talk) -> None:
    talk.starts()
    talk.taps("35 to 44", "Back", "Done", "Not sure", "Done")
    talk.says("/cancel")
    assert talk.state == EMERGENCY
    talk.sees("Get emergency help now")


def test_a_tick_that_would_be_an_emergency_says_so_before_done(talk: Talk) -> None:
    talk.starts()
    talk.taps("35 to 44", "Back", "Done", "Chest pain or short of breath")
    talk.sees("If what you told us is so, call 999 now.")
    talk.says("/cancel")
    talk.sees("If what you told us is so, call 999 now.")
    talk.taps("Go on")
    talk.sees("If what you told us is so, call 999 now.")
    talk.taps("None of these")
    talk.sees_not("call 999 now")
