"""What people type instead of what stands on the buttons: taken, ticked or confirmed, never assumed."""

from __future__ import annotations

import pytest

from flows.conversation import CONCERN, EMERGENCY, REVIEW
from tests.dialogue.sheets import EVERYTHING
from tests.dialogue.talk import Talk


@pytest.mark.parametrize(
    ("id", "typed", "answer"),
    [
        ("age", "47", "45_59"),
        ("age", "I'm 47", "45_59"),
        ("age", "71 years old", "70_plus"),
        ("age", "option 2", "18_34"),
        ("age", "number 3 please", "35_44"),
        ("back_side", "on the left", "left"),
        ("back_side", "both sides", "both"),
        ("back_duration", "3 weeks", "under_6_weeks"),
        ("back_duration", "about 2 months", "6_to_12_weeks"),
        ("back_duration", "two years", "over_12_weeks"),
        ("back_duration", "a week", "under_6_weeks"),
        ("back_duration", "for years", "over_12_weeks"),
        ("foot_place", "under my heel", "under_heel"),
        ("foot_place", "in the arch", "arch"),
        ("foot_side", "the rihgt one", "right"),
        ("order", "the foot", "foot_first"),
        ("toe_rise", "both fine", "both_fine"),
        ("leg_reach", "all the way down", "foot"),
        ("saddle", "all normal", "no"),
        ("weakness", "no, thank you", "no"),
        ("leg_line", "maybe", "unsure"),
        ("impact", "not much", "little"),
    ],
)
def test_words_of_people_are_the_answer(talk: Talk, id: str, typed: str, answer: str) -> None:
    talk.stands_at(id, EVERYTHING)
    talk.says(typed)
    assert talk.answers.get(id) == answer


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", 7), ("seven", 7), ("7/10", 7), ("7 / 10", 7), ("7 out of 10", 7), ("about 6", 6),
        ("seven out of ten", 7), ("I'd say 6", 6), ("it's a 4", 4), ("ten", 10), ("0", 0),
        ("10/10", 10), ("maybe a 5", 5), ("zero", 0),
    ],
)  # fmt: skip
def test_numbers_in_words(talk: Talk, typed: str, number: int) -> None:
    talk.stands_at("foot_severity", EVERYTHING)
    talk.says(typed)
    assert talk.answers.get("foot_severity") == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("6 or 7", 7), ("6-7", 7), ("7.5", 8), ("7,5", 8), ("seven when I run", 7),
     ("no pain", 0), ("the worst pain", 10), ("a 3, sometimes a 9", 9)],
)  # fmt: skip
def test_of_several_numbers_the_higher_is_confirmed(talk: Talk, typed: str, number: int) -> None:
    talk.stands_at("foot_severity", EVERYTHING)
    talk.says(typed)
    talk.sees("Did you mean this?", f"{number} out of 10")
    assert "foot_severity" not in talk.answers
    talk.says("yes")
    assert talk.answers["foot_severity"] == number


@pytest.mark.parametrize(
    ("id", "typed", "label", "answer"),
    [
        ("saddle", "it feels normal I think", "No, it feels normal", "no"),
        ("saddle", "yes, the same for over 3 monhts", "Yes, the same for over 3 months", "longstanding"),
        ("bladder", "for 2 months", "Yes, for 2 weeks to 3 months", "weeks"),
        ("weakness", "one", "No, not weak", "no"),
        ("injury", "a small twist, lift", "Small fall, lift, twist or cough", "minor"),
        ("leg_reach", "it goes past my knee", "Below the knee", "below_knee"),
        ("age", "seventyish, over 70", "70 or over", "70_plus"),
        ("impact", "I cannot managge", "I cannot manage", "cannot"),
    ],
)  # fmt: skip
def test_a_near_miss_is_confirmed_by_one_tap(
    talk: Talk, id: str, typed: str, label: str, answer: str
) -> None:
    talk.stands_at(id, EVERYTHING)
    before = talk.answers
    talk.says(typed)
    talk.sees("Did you mean this?", label)
    assert talk.answers == before
    assert talk.labels == [label, "Something else"]
    talk.taps("Something else")
    assert talk.state == id
    assert talk.answers == before
    assert talk.screen.name == id
    talk.says(typed)
    talk.taps(label)
    assert talk.answers[id] == answer


def test_another_answer_instead_of_yes_or_no(talk: Talk) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says("it feels normal I think")
    talk.says("yes, the same for over 3 months")
    assert talk.answers["saddle"] == "longstanding"


def test_a_yes_of_another_time_answers_nothing(talk: Talk) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says("it feels normal I think")
    yes = talk.button("No, it feels normal")
    talk.taps("Something else")
    talk.taps_old(yes)
    assert "saddle" not in talk.answers
    talk.says("changed for a year now")
    talk.taps_old(yes)
    assert talk.answers.get("saddle") != "no"


def test_what_may_be_an_emergency_is_said_while_it_is_confirmed(talk: Talk) -> None:
    talk.stands_at("both_legs", EVERYTHING)
    talk.says("getting wrose yes")
    talk.sees("call 999 now", "Did you mean this?")


@pytest.mark.parametrize("typed", ["yes", "Yes!", "yes I do", "yep"])
def test_yes_alone_says_what_to_do_and_asks_since_when(talk: Talk, typed: str) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says(typed)
    talk.sees("You said yes.", "call 999 now", "Has the feeling changed")
    assert talk.state == "saddle"


def test_not_sure_on_a_list_says_to_tick(talk: Talk) -> None:
    talk.stands_at("unwell", EVERYTHING)
    talk.says("not sure")
    talk.sees("If you are not sure about one of these, please tick it.")


def test_one_after_the_other_and_done(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says("1")
    talk.sees("Ticked.", "Done")
    talk.says("shorter steps")
    talk.says("and i am leaning")
    assert talk.state == "gait"
    talk.says("that's all")
    assert talk.answers["gait"] == ("limp", "shorter_steps", "lean_away")


def test_what_was_understood_is_ticked_and_the_rest_asked_for(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says("limping, xyzzy and shorter steps")
    talk.sees("We ticked what we understood.")
    assert talk.ticked == ["I limp", "I take shorter steps"]


def test_a_danger_sign_alone_waits_for_nothing(talk: Talk) -> None:
    talk.stands_at("sudden_danger", EVERYTHING)
    talk.says("1")
    assert talk.state == EMERGENCY


def test_none_alone_is_the_whole_answer(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says("none of them")
    assert talk.answers["gait"] == ("none",)


@pytest.mark.parametrize("typed", ["back please", "go back", "Previous", "BACK"])
def test_back_in_words(talk: Talk, typed: str) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says(typed)
    assert talk.state == "sudden_danger"


def test_the_review_in_words(talk: Talk) -> None:
    talk.stands_at(REVIEW, EVERYTHING)
    talk.says("that's right")
    talk.sees("the whole kinetic chain")


@pytest.mark.parametrize(
    ("id", "typed"),
    [
        ("both_legs", "more than one leg"), ("both_legs", "each leg"), ("saddle", "abnormal"),
        ("saddle", "normal until yesterday"), ("saddle", "all normal but numb"),
        ("saddle", "used to be normal"), ("bladder", "no problem until yesterday"),
        ("saddle", "years but much worse"), ("saddle", "2 months, worse now"),
        ("weakness", "for years but worse since today"), ("weakness", "strong until today"),
    ],
)  # fmt: skip
def test_a_calm_answer_is_not_offered_to_who_says_more(talk: Talk, id: str, typed: str) -> None:
    talk.stands_at(id, EVERYTHING)
    talk.says(typed)
    if talk.state == CONCERN:
        return  # it is asked about, which is as well
    talk.sees_not("Did you mean this?")
    talk.sees("If it is new or getting worse, call 999 now.")
    talk.says("yes")
    assert talk.answers.get(id) != "no"


@pytest.mark.parametrize("typed", ["numb", "a bit numb", "tingly", "it comes and goes"])
def test_what_is_not_understood_where_danger_is_asked_for(talk: Talk, typed: str) -> None:
    talk.stands_at("saddle", EVERYTHING)
    talk.says(typed)
    if talk.state != CONCERN:
        talk.sees("Please tell us which of these", "If it is new or getting worse, call 999 now.")


def test_a_bare_yes_to_a_no_that_is_offered_is_not_taken_for_it(talk: Talk) -> None:
    """The question stands above it: the yes may be the answer to that."""
    talk.stands_at("saddle", EVERYTHING)
    talk.says("it feels normal I think")
    talk.sees("Did you mean this?", "No, it feels normal")
    talk.says("yes")
    assert "saddle" not in talk.answers
    talk.sees("If it is new or getting worse, call 999 now.")


def test_a_bare_yes_to_a_list_asks_which(talk: Talk) -> None:
    talk.stands_at("unwell", EVERYTHING)
    talk.says("yes")
    talk.sees("You said yes. Please tick which")
