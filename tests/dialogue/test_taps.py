"""Taps on buttons that are not, or no longer, on the screen that is shown."""

from __future__ import annotations

import pytest

from bot.actions import Action, Verb, read_data
from bot.dialogue.dialogue import Dialogue
from bot.events import Command
from bot.screens import DATA_LIMIT
from flows.conversation import EMERGENCY, RESULT, REVIEW, WELCOME
from flows.machine import ConversationMachine
from tests.dialogue.pure import Pure
from tests.dialogue.sheets import EVERYTHING, FOOT
from tests.dialogue.talk import Talk

STALE = "That button belongs to an older message. This is where we are now."


def test_a_button_of_an_old_question_answers_nothing(talk: Talk) -> None:
    talk.starts()
    old = talk.button("70 or over")
    talk.says("2")
    talk.taps("Ankle, heel or foot", "Done")
    answers = talk.answers
    talk.taps_old(old)
    assert talk.notice == STALE
    talk.sees("Do you have any of these now")
    assert talk.answers == answers


def test_a_button_of_an_old_question_with_the_answer_that_was_given(talk: Talk) -> None:
    talk.starts()
    old = talk.button("18 to 34")
    talk.taps("18 to 34", "Ankle, heel or foot", "Done")
    talk.taps_old(old)
    assert talk.notice == STALE


def test_a_button_of_the_same_question_before_it_was_asked_again(talk: Talk) -> None:
    talk.starts()
    old = talk.button("70 or over")
    talk.taps("18 to 34")
    talk.goes_back()
    talk.taps_old(old)
    assert talk.notice == STALE
    assert talk.answers == {}


def test_a_double_tap_is_one_tap(talk: Talk) -> None:
    talk.says("/start")
    agree = talk.button("I agree, start")
    talk.taps("I agree, start")
    talk.taps_data(agree.data)
    assert talk.notice is None
    assert talk.new == []
    answer = talk.button("18 to 34")
    talk.taps("18 to 34")
    talk.taps_data(answer.data)
    assert talk.notice is None
    assert talk.new == []
    talk.taps("Ankle, heel or foot")
    done = talk.button("Done")
    talk.taps("Done")
    talk.taps_data(done.data)
    assert talk.notice is None
    assert talk.new == []
    assert talk.state == "sudden_danger"


def test_a_double_tap_shows_an_emergency_once(talk: Talk) -> None:
    talk.stands_at("weakness", EVERYTHING)
    tapped = talk.button(talk.label_of("weakness", "hours"))
    talk.taps(tapped.label)
    assert talk.state == EMERGENCY
    talk.taps_data(tapped.data)
    assert talk.new == []


def test_a_double_tap_shows_the_result_once(talk: Talk) -> None:
    talk.stands_at("goal", FOOT)
    skip = talk.button("Skip")
    talk.taps("Skip")
    talk.taps_data(skip.data)
    assert talk.new == []
    confirm = talk.button("See my result")
    talk.taps("See my result")
    talk.taps_data(confirm.data, on_live=False)
    assert talk.new == []
    assert talk.state == RESULT


def test_another_answer_tapped_on_the_way_out_of_a_screen_is_not_lost_in_silence(
    talk: Talk,
) -> None:
    talk.starts()
    other = talk.button("35 to 44")
    talk.taps("18 to 34")
    talk.taps_data(other.data)
    assert talk.notice == STALE
    assert talk.answers == {"age": "18_34"}


FORGED = ["", ":", "::", "x", "7", "7:", "-1:agree", "7:nonsense", "７:agree", "1e3:agree",
          "99999999999:agree", "7:pick", "7:pick:age", "7:pick:age:18_34:more", "7:done", "7:skip",
          "7:keep", "7:explain", "7:language", "\x00", "7:pick:age:" + "9" * 50, "💥:💥", "null",
          "0:done", "0:pick", "0:agree", "7:tick", "7:done:", " 7:agree", "7 :agree", "²:agree"]  # fmt: skip


@pytest.mark.parametrize("state", ["welcome", "age", "complaints", "goal", RESULT, EMERGENCY, ""])
def test_forged_data_of_all_sorts(
    dialogue: Dialogue, machine: ConversationMachine, state: str
) -> None:
    for data in FORGED:
        patient = Pure(dialogue, machine)
        if state:
            patient.at(state)
        before = patient.record
        response = patient.taps(data)
        assert response.notice == STALE
        assert patient.live
        assert before is None or patient.record == before


@pytest.mark.parametrize("data", ["done", "pick", "skip", "done:", "pick:age", "tick", "confirm"])
def test_a_broken_button_of_the_screen_before(
    dialogue: Dialogue, machine: ConversationMachine, data: str
) -> None:
    patient = Pure(dialogue, machine).at("saddle")
    assert patient.record is not None
    assert patient.taps(f"{patient.record.serial - 1}:{data}").notice == STALE


def _every_action(machine: ConversationMachine) -> list[Action]:
    words = ("", "en", "xx", "0", "-1", "7", "11", "1_0", "٣", "age", "goal", "none", "1:2")
    actions = [Action(verb) for verb in Verb]
    actions += [Action(verb, (word,)) for verb in Verb for word in words]
    for question in machine.flow.questions:
        for code in (*question.codes, "nonsense", "5"):
            actions += [
                Action(verb, (question.id, code)) for verb in (Verb.PICK, Verb.TICK, Verb.UNTICK)
            ]
        actions += [
            Action(verb, (question.id,)) for verb in (Verb.DONE, Verb.SKIP, Verb.KEEP, Verb.CHANGE)
        ]
    return actions


@pytest.mark.parametrize(
    "state", ["welcome", "consent", "age", "unwell", "foot_severity", "goal", REVIEW, RESULT,
              EMERGENCY, "out_of_scope", "closed"],
)  # fmt: skip
def test_the_right_serial_with_anything_else_answers_only_what_is_asked(
    machine: ConversationMachine, dialogue: Dialogue, state: str
) -> None:
    for action in _every_action(machine):
        patient = Pure(dialogue, machine).at(state)
        record = patient.record
        assert record is not None
        answers = record.conversation.answers
        patient.taps(action.data(record.serial))
        after = patient.record
        if action.verb is Verb.DELETE:
            assert after is not None
        if after is None:
            assert action.verb is Verb.DECLINE
            continue
        changed = {
            id
            for id in {*answers, *after.conversation.answers}
            if answers.get(id) != after.conversation.answers.get(id)
        }
        allowed = {state, *action.about[:1]}
        if action.verb is Verb.BACK and state not in ("welcome", "consent"):
            continue
        assert changed <= allowed, action
        if action.verb is Verb.RESTART:
            assert not changed


def test_every_button_of_a_life_before_is_stale(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.randbelow", lambda most: 700_000)
    talk.stands_at("saddle", EVERYTHING)
    old = talk.button(talk.label_of("saddle", "new"))
    talk.says("/delete")
    delete = talk.button("Yes, delete all")
    talk.taps("Yes, delete all")
    talk.starts()
    read = read_data(old.data)
    record = talk.record
    assert read is not None
    assert record is not None
    assert record.serial > 700_000 > read[0]
    talk.taps_old(old)
    assert talk.notice == STALE
    talk.taps_old(delete)
    assert talk.notice == STALE
    assert talk.record is not None


def test_a_double_tap_on_delete_stores_nothing_again(talk: Talk) -> None:
    talk.starts()
    talk.says("/delete")
    yes = talk.button("Yes, delete all")
    talk.taps("Yes, delete all")
    talk.taps_data(yes.data)
    assert talk.record is None


def test_a_tap_from_last_week_of_somebody_who_is_forgotten_begins_again(talk: Talk) -> None:
    talk.taps_data("17:pick:saddle:new", on_live=False)
    assert talk.notice == STALE
    assert talk.state == WELCOME
    talk.sees("This is Plumbline")
    assert talk.answers == {}


def test_the_data_of_every_button_fits(machine: ConversationMachine) -> None:
    for action in _every_action(machine):
        assert len(action.data(999_999_999).encode()) <= DATA_LIMIT


def test_a_new_patient_begins_with_the_serial_that_is_given(dialogue: Dialogue) -> None:
    response = dialogue.respond(None, Command("start"), address="test:1", first_serial=500)
    assert response.record is not None
    assert response.record.serial == 501
