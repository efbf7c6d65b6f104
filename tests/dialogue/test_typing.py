"""Typed words: the same as tapping, or a kind line and the question again."""

from __future__ import annotations

import pytest

from flows.conversation import EMERGENCY, RESULT, REVIEW, WELCOME
from tests.dialogue.sheets import EVERYTHING, FOOT
from tests.dialogue.talk import Talk


@pytest.mark.parametrize(
    ("id", "typed", "answer"),
    [
        ("age", "3", "35_44"),
        ("age", "03", "35_44"),
        ("age", "3.", "35_44"),
        ("age", "35 to 44", "35_44"),
        ("age", "70 OR OVER", "70_plus"),
        ("saddle", "no", "no"),
        ("saddle", "Nope", "no"),
        ("saddle", "yes, the same for over 3 months", "longstanding"),
        ("sexual", "prefer not to say", "prefer_not"),
        ("sexual", "I’d rather not say", "prefer_not"),
        ("sexual", "private", "prefer_not"),
        ("leg_line", "not sure", "unsure"),
        ("leg_line", "I don't know", "unsure"),
        ("leg_line", "NÓT SÚRE!", "unsure"),
        ("injury", "none", "none"),
        ("injury", "nothing", "none"),
        ("leg_side", "left leg", "left"),
    ],
)
def test_one_choice(talk: Talk, id: str, typed: str, answer: str) -> None:
    talk.stands_at(id, EVERYTHING)
    talk.says(typed)
    assert talk.answers[id] == answer


@pytest.mark.parametrize(
    ("id", "typed", "answer"),
    [
        ("gait", "1, 3", ("limp", "lean_away")),
        ("gait", "3 1", ("limp", "lean_away")),
        ("gait", "1 and 3", ("limp", "lean_away")),
        ("gait", "1 AND 3", ("limp", "lean_away")),
        ("gait", "1+3", ("limp", "lean_away")),
        ("gait", "1;3;1", ("limp", "lean_away")),
        ("gait", "I limp and I take shorter steps", ("limp", "shorter_steps")),
        ("gait", "8", ("none",)),
        ("gait", "none of these", ("none",)),
        ("gait", "neither", ("none",)),
        ("gait", "no", ("none",)),
        ("sudden_danger", "No.", ("none",)),
        ("complaints", "back, buttock or leg", ("back", "leg")),
        ("gait", "limping and shorter steps", ("limp", "shorter_steps")),
        ("sudden_danger", "chest pain", ("chest",)),
    ],
)
def test_a_whole_list_is_the_answer(
    talk: Talk, id: str, typed: str, answer: tuple[str, ...]
) -> None:
    talk.stands_at(id, EVERYTHING)
    talk.says(typed)
    assert talk.answers.get(id) == answer


@pytest.mark.parametrize(
    ("id", "typed", "ticks"),
    [
        ("gait", "a limp and my steps are shorter", ["I limp", "I take shorter steps"]),
        ("gait", "limping", ["I limp"]),
        ("gait", "1", ["I limp"]),
        ("gait", "I limp", ["I limp"]),
        ("gait", "i have a limp and it throbs", ["I limp"]),
        ("gait", "no limp", []),
        ("complaints", "Back", ["Back"]),
        ("complaints", "ankle, heel or foot", ["Ankle, heel or foot"]),
        ("limb_danger", "A sore, an ulcer or a black area", ["A sore, an ulcer or a black area"]),
        ("limb_danger", "hot, red or swollen foot or joint", ["Hot, red or swollen foot or joint"]),
        ("complaints", "foot", ["Ankle, heel or foot"]),
        ("unwell", "a fever, loss of weight", ["Fever, chills or heavy sweats", "Weight loss I did not plan"]),
        ("unwell", "no fever", []),
        ("unwell", "these", []),
        ("leg_feel", "tingling tingling tingling", ["Tingling"]),
        ("leg_feel", "tingling and numbnes", ["Tingling", "Numbness"]),
    ],
)  # fmt: skip
def test_a_near_miss_only_ticks_so_that_it_can_be_seen_first(
    talk: Talk, id: str, typed: str, ticks: list[str]
) -> None:
    talk.stands_at(id, EVERYTHING)
    talk.says(typed)
    assert talk.state == id
    assert talk.ticked == ticks
    if not ticks:
        talk.sees("We did not understand that.")


def test_a_typed_list_adds_to_the_ticks(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.taps("I limp")
    talk.says("3")
    assert talk.ticked == ["I limp", "I lean off one side"]
    talk.says("done")
    assert talk.answers["gait"] == ("limp", "lean_away")


def test_none_typed_after_ticks_is_seen_before_it_counts(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.taps("I limp")
    talk.says("none")
    assert talk.state == "gait"
    assert talk.ticked == ["None of these"]


@pytest.mark.parametrize("typed", ["1, 9", "1, none", "8, 1", "0", "1, x", "99999999999999999999"])
def test_a_list_that_is_not_understood_changes_nothing(talk: Talk, typed: str) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(typed)
    talk.sees("We did not understand that.", "type their numbers, such as 1, 3", "999")
    assert talk.state == "gait"
    assert talk.ticked == []


@pytest.mark.parametrize(
    "typed",
    ["perhaps later on", "weak as ever", "6", "0", "-1", "1 2",
     "😀", "؟؟؟", "ما معنى هذا", "<b>no</b> & {emergency_number}", "\u202eon", "%s", "{0}", "no no",
     "\x00", "a\x00b", "\u200b", "\u2060", "\ud800", "½", "null", "'; DROP TABLE x; --"],
)  # fmt: skip
def test_what_is_not_understood_is_asked_again(talk: Talk, typed: str) -> None:
    talk.stands_at("weakness", EVERYTHING)
    answers = talk.answers
    talk.says(typed)
    assert talk.state == "weakness"
    assert talk.answers == answers
    talk.sees("We did not understand that.", "Is a leg or foot weak", "999")


@pytest.mark.parametrize("typed", ["n\u200bo", "\u202eno\u202c", " no\n", "no.", "no\x00"])
def test_what_cannot_be_seen_does_not_matter(talk: Talk, typed: str) -> None:
    talk.stands_at("weakness", EVERYTHING)
    talk.says(typed)
    assert talk.answers["weakness"] == "no"


@pytest.mark.parametrize("id", ["age", "gait", "foot_severity", "goal"])
def test_ten_thousand_characters(talk: Talk, id: str) -> None:
    talk.stands_at(id, EVERYTHING)
    talk.says("no " * 3334)
    talk.sees("That was too long for us to read.")
    assert talk.state == id


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Run again 🏃‍♀️", "Run again 🏃‍♀️"),
        ("أريد أن أمشي", "أريد أن أمشي"),
        ("walk\u202e\u2066 far", "walk far"),
        ("to\x00 dance\x07", "to dance"),
        ("\ud83dwalk", "walk"),
        ("line one\n\n\nline  two\t", "line one line two"),
        ("<script>alert(1)</script> & <b>", "<script>alert(1)</script> & <b>"),
        ("{emergency_number} {", "{emergency_number} {"),
        ("1", "1"),
        ("yes", "yes"),
        ("😀", "😀"),
    ],
)
def test_a_goal_is_kept_as_it_was_meant(talk: Talk, typed: str, kept: str) -> None:
    talk.stands_at("goal", FOOT)
    talk.says(typed)
    assert talk.state == REVIEW
    assert talk.answers["goal"] == kept
    talk.sees(f"What you want to do again: {kept}")
    talk.says("/mydata")
    talk.sees(kept)


@pytest.mark.parametrize("typed", ["   ", "\u200b", "\u2060\ufeff", "\x00", "\ud800", "\n"])
def test_a_goal_of_nothing_is_no_goal(talk: Talk, typed: str) -> None:
    talk.stands_at("goal", FOOT)
    talk.says(typed)
    assert talk.state == "goal"


@pytest.mark.parametrize("typed", ["skip", "pass", "Skip."])
def test_the_goal_can_be_skipped_in_words(talk: Talk, typed: str) -> None:
    talk.stands_at("goal", FOOT)
    talk.says(typed)
    assert talk.answers["goal"] == ""


@pytest.mark.parametrize("typed", ["yes", "I agree", "ok", "1", "I agree, start", "go on"])
def test_agreeing_in_words(talk: Talk, typed: str) -> None:
    talk.says("/start")
    talk.says(typed)
    assert talk.state == "age"


def test_what_is_typed_before_agreeing(talk: Talk) -> None:
    talk.says("my heel hurts")
    talk.sees("This is Plumbline")
    talk.says("my heel hurts")
    talk.sees("First we need your yes to start.", "This is Plumbline")
    assert talk.state == WELCOME
    assert talk.answers == {}


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("help", "Tap a button, or type its number"),
        ("how does this work?", "Tap a button, or type its number"),
        ("stop", "We stop here. Your answers are kept."),
        ("start over", "Do you want to start over?"),
        ("say again", "Has the feeling changed"),
        ("undo", "Do you have any of these now"),
    ],
)
def test_commands_in_words(talk: Talk, typed: str, seen: str) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says(typed)
    talk.sees(seen)


def test_not_sure_about_a_danger_sign_is_an_emergency(talk: Talk) -> None:
    talk.stands_at("sudden_danger", EVERYTHING)
    talk.says("maybe")
    assert talk.state == EMERGENCY
    talk.sees("a possible sudden danger sign (you were not sure)")


def test_typed_text_gets_a_new_message_and_the_old_one_loses_its_buttons(talk: Talk) -> None:
    talk.starts()
    before = talk.live
    talk.says("2")
    assert before.buttons == ()
    assert talk.live is talk.chat.messages[-1]


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("yes", RESULT),
        ("ok", RESULT),
        ("done", RESULT),
        ("see my result", RESULT),
        ("3", "sudden_danger"),
        ("Weak leg or foot", "weakness"),
        ("22", REVIEW),
        ("0", REVIEW),
    ],
)
def test_what_is_typed_at_the_review(talk: Talk, typed: str, state: str) -> None:
    talk.stands_at(REVIEW, FOOT)
    talk.says(typed)
    assert talk.state == state


def test_no_at_the_review_asks_what_to_change(talk: Talk) -> None:
    talk.stands_at(REVIEW, FOOT)
    talk.says("no")
    talk.sees("Which answer do you want to change?")
    assert len(talk.answers) == 21


def test_a_number_typed_while_reading_the_answers_ends_no_emergency(talk: Talk) -> None:
    talk.stands_at("weakness", EVERYTHING)
    talk.gives("weakness", "hours")
    talk.taps("Read my answers")
    talk.says("1")
    assert talk.state == EMERGENCY
