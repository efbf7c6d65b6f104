"""What a patient writes is heard before anything else, wherever they are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.actions import Action, Verb
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.events import Command, Edited, Unreadable
from bot.record import Record
from bot.screening import Raised, Screening
from bot.service import Service
from bot.store.sqlite import SqliteStore
from content.models import Content
from flows.conversation import (
    CONCERN,
    EMERGENCY,
    REVIEW,
    WELCOME,
)
from flows.machine import ConversationMachine
from tests.dialogue.sheets import EVERYTHING, FOOT
from tests.dialogue.talk import Talk

NUMB = "I can't feel anything when I wipe, since this morning"
CALF = "my left calf is swollen"
DIE = "I don't want to live any more"
HIT = "my husband hits me"
ASKED = "Is the skin where you sit"


def stands(talk: Talk, place: str) -> None:
    """Come to one of the places where people write."""
    match place:
        case "nobody":
            pass
        case "welcome":
            talk.says("/start")
        case "consent":
            talk.says("/start")
            talk.taps("Read about my data")
        case "closed":
            talk.stands_at("gait", EVERYTHING)
            talk.says("stop")
        case "result":
            talk.stands_at(REVIEW, FOOT)
            talk.taps("See my result")
        case "out_of_scope":
            talk.stands_at("age", EVERYTHING)
            talk.taps("Under 18")
        case "languages":
            talk.stands_at("gait", EVERYTHING)
            talk.says("/language")
        case "deleting":
            talk.stands_at("gait", EVERYTHING)
            talk.says("/delete")
        case _:
            talk.stands_at(place, FOOT if place == REVIEW else EVERYTHING)


PLACES = [
    "nobody", "welcome", "consent", "age", "sudden_danger", "weakness", "foot_severity", "gait",
    "goal", "review", "result", "out_of_scope", "closed", "languages", "deleting",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_cry_for_help_is_heard_everywhere_and_yes_is_an_emergency(talk: Talk, place: str) -> None:
    stands(talk, place)
    talk.says(NUMB)
    talk.sees("If this is happening now, call 999 now.", ASKED)
    assert talk.new[-1].startswith("If this is happening now, call 999 now.")
    assert talk.labels == ["Yes", "No", "Not sure"]
    assert talk.state == CONCERN
    talk.taps("Yes")
    talk.sees("Get emergency help now", "Call 999 now.", "new or worse numbness")
    assert talk.state == EMERGENCY
    assert talk.answers["saddle"] == "new"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("reply", ["No", "no", "2", "no, it is not"])
def test_no_leads_back_to_exactly_where_the_patient_was(talk: Talk, place: str, reply: str) -> None:
    stands(talk, place)
    before = talk.record
    screen = talk.screen if before else None
    talk.says(NUMB)
    if reply == "No":
        talk.taps("No")
    else:
        talk.says(reply)
    talk.sees("We noted your No.", "999")
    after = talk.record
    assert after is not None
    if before is None:
        assert talk.state == WELCOME
        assert after.conversation.answers == {}
        return
    assert screen is not None
    if place == "goal":
        assert talk.state == REVIEW
        assert talk.answers["goal"] == NUMB
        return
    assert after.conversation == before.conversation
    assert (after.view, after.page) == (before.view, before.page)
    assert talk.screen.name == screen.name
    assert [one.concern for one in after.set_aside] == ["saddle"]


@pytest.mark.parametrize("reply", ["not sure", "maybe", "yes since yesterday", "3", "1", "I do"])
def test_a_reply_in_words(talk: Talk, reply: str) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB)
    talk.says(reply)
    assert talk.state == EMERGENCY


@pytest.mark.parametrize(
    "said", ["what do you mean?", "no idea about that, it is a bit odd", "purple", "no but a bit",
             "/back", "/cancel", "/start", "back", "stop", "again", "4", "0", "😀"]
)  # fmt: skip
def test_nothing_but_a_reply_leads_on(talk: Talk, said: str) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB)
    talk.says(said)
    if said.startswith("no idea"):
        assert talk.state == EMERGENCY  # not sure
        return
    talk.sees("If this is happening now, call 999 now.", ASKED)
    assert talk.state == CONCERN


def test_writing_of_it_once_more_is_a_yes(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB)
    talk.says("it is all numb down there when i wipe!!")
    assert talk.state == EMERGENCY


def test_a_concern_of_today_goes_on_with_its_answer_in_force(talk: Talk) -> None:
    talk.stands_at("gait", FOOT)
    talk.says(CALF)
    talk.sees("If this is so, speak to a doctor today.", "Is one calf or leg swollen")
    talk.taps("Yes")
    talk.sees("Please speak to a doctor today.", "111", "the way you walk")
    assert talk.state == "gait"
    assert talk.answers["limb_danger"] == ("calf_swelling",)
    talk.answers_with(FOOT)
    talk.taps("See my result")
    talk.sees("Speak to a doctor today")


def test_ticks_that_words_set_are_seen_in_their_question(talk: Talk) -> None:
    talk.starts()
    talk.says(CALF)
    talk.taps("Yes")
    assert talk.state == "age"
    talk.answers_with(FOOT, until="limb_danger")
    assert talk.ticked == ["One calf or leg swollen or sore"]
    talk.taps("A sore, an ulcer or a black area", "Done")
    assert talk.answers["limb_danger"] == ("calf_swelling", "wound")


def test_an_answer_already_given_is_only_raised(talk: Talk) -> None:
    talk.stands_at(REVIEW, {**FOOT, "weakness": "longstanding"})
    talk.says("my foot is getting weaker")
    talk.taps("Not sure")
    talk.sees("Please speak to a doctor today.")
    assert talk.answers["weakness"] == "new"
    assert talk.state == REVIEW


def test_after_the_result_the_review_shows_what_changed(talk: Talk) -> None:
    stands(talk, "result")
    talk.says(CALF)
    talk.taps("Yes")
    assert talk.state == REVIEW
    talk.sees("Please speak to a doctor today.", "one calf or leg that is swollen")
    talk.taps("See my result")
    talk.sees("Speak to a doctor today")


def test_the_most_urgent_first_then_the_next(talk: Talk) -> None:
    talk.stands_at("age", FOOT)
    talk.says("my calf is swollen. and i cant feel when i wipe")
    talk.sees("If this is happening now", ASKED)
    talk.taps("No")
    talk.sees("We noted your No.", "Is one calf or leg swollen")
    talk.sees_not(ASKED)
    talk.taps("No")
    talk.sees("How old are you?")
    assert talk.answers == {}
    assert [one.concern for one in _record(talk).set_aside] == ["saddle", "calf_swelling"]


def test_what_was_not_asked_because_of_an_emergency_is_asked_when_it_is_gone(talk: Talk) -> None:
    talk.stands_at("gait", FOOT)
    talk.says("my calf is swollen. and i cant feel when i wipe")
    talk.taps("Yes")
    assert talk.state == EMERGENCY
    talk.taps("Correct an answer", "Feeling where you sit")
    talk.sees("Is one calf or leg swollen")
    talk.taps("No")
    assert talk.state == "saddle"
    talk.sees("If what you told us is so, call 999 now.")
    talk.taps("No, it feels normal")
    assert talk.state == "gait"


def test_a_question_that_words_have_answered_stays_asked(talk: Talk) -> None:
    talk.stands_at("gait", FOOT)  # only the foot hurts: nobody asked about numbness
    talk.says(NUMB)
    talk.taps("Yes")
    talk.taps("Correct an answer", "Feeling where you sit", "Yes, for 2 weeks to 3 months")
    assert talk.state == "gait"
    talk.answers_with(FOOT)
    talk.taps("See my result")
    talk.sees("Speak to a doctor today", "numbness or changed feeling where you sit")


def test_an_answer_with_a_concern_in_it_is_not_lost(talk: Talk) -> None:
    talk.stands_at("goal", FOOT)
    goal = "to walk the dog again, my legs have gone numb since yesterday"
    talk.says(goal)
    assert talk.state == CONCERN
    talk.taps("No")
    assert talk.state == REVIEW
    talk.sees(goal)


def test_an_answer_with_a_concern_in_it_is_not_lost_in_an_emergency(talk: Talk) -> None:
    talk.stands_at("goal", FOOT)
    talk.says(NUMB)
    talk.taps("Yes")
    assert talk.state == EMERGENCY
    assert talk.answers["goal"] == NUMB


def test_ticks_in_the_same_message_are_read_after_the_no(talk: Talk) -> None:
    talk.stands_at("foot_feel", FOOT)
    talk.says("stabbing, burning, chest pain")
    talk.taps("No")
    assert talk.state == "foot_feel"
    talk.sees("We noted your No.")


def test_ticks_that_were_set_stay(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.taps("I limp")
    talk.says(NUMB)
    talk.taps("No")
    assert talk.ticked == ["I limp"]


def test_a_correction_goes_on_after_the_no(talk: Talk) -> None:
    talk.stands_at(REVIEW, FOOT)
    talk.taps("Change an answer", "Weak leg or foot")
    talk.says(NUMB)
    talk.taps("No")
    assert talk.state == "weakness"
    talk.taps("Back to my answers")
    assert talk.state == REVIEW
    assert len(talk.answers) == 21


@pytest.mark.parametrize(
    ("id", "typed", "answer"),
    [
        ("weakness", "Yes, in the last 48 hours", "hours"),
        ("limb_danger", "A sore, an ulcer or a black area", ("wound",)),
        ("injury", "Crash, big fall or hard blow", "major"),
        ("unwell", "Fever, chills or heavy sweats", ("fever",)),
    ],
)
def test_the_answer_itself_needs_no_question(
    talk: Talk, id: str, typed: str, answer: object
) -> None:
    talk.stands_at(id, EVERYTHING)
    typed = next((label for label in talk.labels if label.casefold() == typed.casefold()), typed)
    talk.says(typed)
    assert talk.state != CONCERN


def test_the_same_words_are_asked_about_twice_and_never_fall_silent(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    for _ in range(2):
        talk.says(NUMB)
        assert talk.state == CONCERN
        talk.taps("No")
    talk.says(NUMB.upper() + "!")
    assert talk.state == "gait"
    talk.sees("You wrote this before and said No.", "call 999 now")
    talk.says("i have no feeling when i wipe")  # other words
    assert talk.state == CONCERN
    talk.taps("No", "I limp", "Done")
    assert talk.state != "gait"
    talk.says(NUMB)  # another place, later
    assert talk.state == CONCERN


def test_before_agreeing_only_the_answer_is_stored(talk: Talk) -> None:
    talk.says(NUMB)
    waiting = _record(talk).waiting
    assert waiting is not None
    assert waiting.words == ""
    talk.taps("Yes")
    record = _record(talk)
    assert record.conversation.answers == {"saddle": "new"}
    assert not record.conversation.agreed
    assert NUMB not in str(record.to_json())
    talk.sees("we store this one answer only")
    talk.taps("Read my answers")
    talk.sees("new or worse numbness")
    talk.taps("Back to what to do now")
    talk.says("/start")
    assert talk.state == EMERGENCY
    talk.taps("Delete my data", "Yes, delete all")
    assert talk.record is None


def test_a_slip_before_agreeing_can_be_corrected(talk: Talk) -> None:
    talk.says(NUMB)
    talk.taps("Yes", "Correct an answer", "Feeling where you sit")
    assert talk.state == WELCOME
    talk.sees("If what you told us is so, call 999 now.", "This is Plumbline")
    talk.taps("I agree, start")
    talk.answers_with(FOOT, until="saddle")
    assert talk.state == "saddle"  # asked, although only the foot hurts
    talk.taps("No, it feels normal")
    assert talk.state == "weakness"


def test_who_leaves_before_agreeing_leaves_nothing(talk: Talk) -> None:
    talk.says(CALF)
    talk.taps("Yes")
    assert talk.state == WELCOME
    talk.sees("Please speak to a doctor today.")
    talk.says("stop")
    assert talk.record is None


@pytest.mark.parametrize(
    "happening",
    [
        Unreadable("photo", NUMB),
        Edited(NUMB),
        Command("help", "i cant feel when i wipe"),
        Command("i", "cant feel when i wipe"),
        Command("start", "i cant feel when i wipe"),
        Command("mydata", "i cant feel when i wipe"),
    ],
)
def test_captions_and_what_stands_behind_a_command(talk: Talk, happening: Command) -> None:
    talk.happens(happening)
    assert talk.state == CONCERN
    talk.taps("No")
    assert talk.state == WELCOME


def test_a_changed_message_answers_nothing_but_is_heard(talk: Talk) -> None:
    talk.happens(Edited("no"))
    assert talk.record is None
    talk.stands_at("weakness", EVERYTHING)
    before = _record(talk)
    talk.happens(Edited("no"))
    talk.sees("You changed an earlier message. We keep the answer that we read first.")
    assert _record(talk) == before
    talk.happens(Edited(f"no. {NUMB}"))
    assert talk.state == CONCERN
    talk.taps("No")
    assert talk.state == "weakness"
    assert _record(talk).conversation == before.conversation


def test_the_code_of_a_link_is_nobodys_words(talk: Talk) -> None:
    talk.says("/start chest-pain-clinic")
    assert talk.state == WELCOME


def test_despair_gets_a_line_and_no_triage(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    before = _record(talk).conversation
    talk.says(DIE)
    talk.sees("116 123", "999", "You do not have to carry it alone.")
    talk.sees_not("back", "foot", "answer", "Yes", "No")
    assert talk.labels == ["Go on"]
    talk.says("whatever")
    talk.sees("116 123")
    talk.taps("Go on")
    talk.sees("There is no hurry.", "the way you walk")
    assert _record(talk).conversation == before
    talk.says(DIE)
    talk.sees("116 123")  # always, however often


def test_violence_gets_its_line(talk: Talk) -> None:
    talk.says(HIT)
    talk.sees("0808 2000 247", "999", "It is not your fault.")
    talk.says("ok")
    assert talk.state == WELCOME


def test_despair_beside_an_emergency_is_not_lost(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB + " and i want to die")
    talk.sees(ASKED)
    talk.taps("Yes")
    assert talk.state == EMERGENCY
    assert "116 123" in talk.new[0]
    assert "Call 999 now." in talk.new[1]
    talk.says("i want to die")
    assert "116 123" in talk.new[0]
    assert "Call 999 now." in talk.new[1]


def test_in_an_emergency_nobody_is_questioned(talk: Talk) -> None:
    talk.stands_at("weakness", EVERYTHING)
    talk.gives("weakness", "hours")
    talk.says(NUMB)
    talk.sees("Get emergency help now")
    assert talk.state == EMERGENCY
    talk.taps("Correct an answer", "Weak leg or foot")
    assert talk.state == CONCERN
    talk.sees(ASKED)


def test_an_old_yes_is_asked_about_and_an_old_no_is_nothing(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB)
    yes, no = talk.button("Yes"), talk.button("No")
    talk.taps("No", "I limp", "Done")
    state = talk.state
    talk.taps_old(no)
    assert talk.state == state
    assert talk.notice is not None
    talk.taps_old(yes)
    assert talk.state == CONCERN
    talk.sees(ASKED)
    talk.taps_old(no)
    assert talk.state == CONCERN
    talk.taps("No")
    assert talk.state == state


def test_a_double_tap_on_no_is_one(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB)
    no = talk.button("No")
    talk.taps("No")
    before = talk.record
    talk.taps_old(no)
    assert talk.record == before
    assert talk.new == []


def test_starting_over_sets_nothing_aside(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB)
    talk.says("/restart")
    talk.taps("Yes, start over")
    assert talk.state == CONCERN
    talk.sees(ASKED)
    talk.taps("No")
    assert talk.state == "age"


def test_changing_the_language_while_asked(talk: Talk) -> None:
    talk.stands_at("gait", EVERYTHING)
    talk.says(NUMB)
    talk.says("/language")
    talk.taps("Go back")
    assert talk.state == CONCERN
    talk.sees(ASKED)


class BrokenScreening(Screening):
    """One that fails at every message."""

    def __init__(self) -> None:
        super().__init__((), {})

    def screen(self, text: str, languages: Sequence[str] | None = None) -> Raised | None:
        raise RecursionError(text)


@pytest.fixture
def broken(
    machine: ConversationMachine, english: Content, setting: Setting, store: SqliteStore, talk: Talk
) -> Talk:
    """A patient of a bot whose screening fails."""
    dialogue = Dialogue(machine, {"en": english}, setting, screening=BrokenScreening())
    talk.is_served_by(Service(dialogue, store), machine)
    return talk


def test_screening_that_fails_falls_towards_the_emergency_line(
    broken: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    broken.stands_at("gait", EVERYTHING)
    broken.says("limping since Sunday")
    broken.sees("If this is happening now, call 999 now.", "Is something badly wrong right now?")
    assert "RecursionError" in str([vars(record) for record in caplog.records])
    assert "limping" not in str([vars(record) for record in caplog.records])
    broken.says("no")
    assert broken.state == "gait"
    assert broken.ticked == ["I limp"]  # what was written is not lost


def test_screening_that_fails_never_makes_a_yes_of_other_words(broken: Talk) -> None:
    broken.stands_at("gait", EVERYTHING)
    broken.says("limping")
    broken.says("what?")
    assert broken.state == CONCERN
    broken.says("not sure")
    assert broken.state == EMERGENCY


def _record(talk: Talk) -> Record:
    record = talk.record
    assert record is not None
    return record


# While an answer before it is being given again.


@pytest.mark.parametrize("back", ["Go back", "/back"])
def test_a_yes_is_an_emergency_though_a_question_before_it_was_gone_back_to(
    talk: Talk, back: str
) -> None:
    talk.stands_at("unwell", EVERYTHING)
    if back == "/back":
        talk.says(back)
    else:
        talk.goes_back()
    talk.goes_back()
    assert talk.state == "both_legs"
    talk.says("my leg gave way an hour ago and i cannot lift my foot since")
    talk.sees("Has a leg or foot gone weak in the last 2 days")
    talk.taps("Yes")
    assert talk.state == EMERGENCY
    talk.sees("Get emergency help now")


def test_a_yes_is_an_emergency_while_an_answer_before_it_is_corrected(talk: Talk) -> None:
    talk.stands_at("goal", EVERYTHING)
    talk.taps("Skip", "Change an answer")
    talk.forges(Action(Verb.CHANGE, ("age",)))
    assert talk.state == "age"
    talk.says("i cant feel when i wipe")
    talk.taps("Yes")
    assert talk.state == EMERGENCY
    talk.sees_not("speak to a doctor today")


def test_a_yes_is_an_emergency_though_ticks_before_it_are_not_done(talk: Talk) -> None:
    talk.stands_at("sudden_danger", EVERYTHING)
    talk.taps("None of these")
    talk.says(NUMB)
    talk.taps("Yes")
    assert talk.state == EMERGENCY
    talk.sees("Get emergency help now", "numbness or changed feeling where you sit")
    # The ticks are seen again when the emergency is corrected.
    talk.taps("Correct an answer")
    talk.forges(Action(Verb.CHANGE, ("saddle",)))
    assert talk.state == "sudden_danger"
    assert talk.ticked == ["None of these"]


def test_an_emergency_that_is_corrected_with_a_concern_waiting_can_be_had_back(talk: Talk) -> None:
    talk.starts()
    talk.answers_with({**EVERYTHING, "sudden_danger": ["chest"]})
    assert talk.state == EMERGENCY
    talk.says("i cant feel when i wipe")
    talk.taps("Correct an answer")
    talk.forges(Action(Verb.CHANGE, ("sudden_danger",)))
    talk.sees("Is the skin where you sit")
    talk.taps("No")
    assert talk.state == "sudden_danger"
    talk.taps("Back to what to do now")
    assert talk.state == EMERGENCY


@pytest.mark.parametrize(
    "typed",
    [
        "right leg only", "right now no", "i have none of that", "i have no numbness", "it is ok",
        "it is not new", "i am fine", "correct, only one", "yes but it is not new",
    ],
)  # fmt: skip
def test_a_reply_with_a_no_in_it_is_no_yes(talk: Talk, typed: str) -> None:
    talk.stands_at("goal", EVERYTHING)
    talk.says("both my legs tingle")
    assert talk.state == CONCERN
    talk.says(typed)
    assert talk.state != EMERGENCY


@pytest.mark.parametrize("typed", ["yes", "yes since monday", "yeah both", "maybe a bit"])
def test_a_yes_with_more_behind_it_is_a_yes(talk: Talk, typed: str) -> None:
    talk.stands_at("goal", EVERYTHING)
    talk.says("both my legs tingle")
    talk.says(typed)
    assert talk.state == EMERGENCY


@pytest.mark.parametrize("typed", ["it came on today", "came on suddenly"])
def test_the_words_of_an_emergency_answer_wait_for_nothing(talk: Talk, typed: str) -> None:
    talk.stands_at("weakness", EVERYTHING)
    talk.says(typed)
    assert talk.state == EMERGENCY
    assert talk.screen.text.startswith("<b>Get emergency help now")


def test_nothing_stands_above_an_emergency_that_a_reply_leads_to(talk: Talk) -> None:
    talk.stands_at("weakness", EVERYTHING)
    talk.says("it got much worse within hours, and my calf is swollen and hot")
    while talk.state == CONCERN:
        talk.taps("No")
    if talk.state == EMERGENCY:
        assert talk.screen.text.startswith("<b>Get emergency help now")


@pytest.mark.parametrize(
    ("id", "typed"),
    [
        ("injury", "no accident"), ("injury", "didn't hurt myself"),
        ("gait", "I limp, I lean off one side"), ("health", "Diabetes, Blood thinners"),
        ("unwell", "Fever or chills, Pain that never lets up"),
        ("back_side", "left and right"), ("leg_side", "left and right"),
        ("foot_side", "left and right"),
    ],
)  # fmt: skip
def test_the_words_of_the_buttons_raise_nothing_more_than_a_tap(
    talk: Talk, id: str, typed: str
) -> None:
    talk.stands_at(id, EVERYTHING)
    talk.says(typed)
    assert talk.state not in (CONCERN, EMERGENCY)
