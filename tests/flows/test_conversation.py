"""What patients do, as dialogues; the conversation is stored and read back at every step."""

import pytest

from flows.answers import Answer
from flows.assessment import assess
from flows.conversation import (
    Agree,
    Back,
    Change,
    Close,
    Confirm,
    Conversation,
    GiveAnswer,
    ReadNote,
    Resume,
    StartOver,
    Tick,
    changeable,
    draft_ticks,
    fitted,
    previous,
)
from flows.grammar import parse
from flows.machine import ConversationMachine, StepError
from flows.models import Flow, Kind, Option, Question, Urgency
from tests.flows.making import CALM, FLOW, MACHINE, Chat, rebuilt, started, stored_and_read


def at_review(machine: ConversationMachine = MACHINE, **changed: Answer) -> Chat:
    chat = started(machine)
    chat.fill(**changed)
    assert chat.at == "review"
    return chat


# From the first word to the result


def test_from_welcome_to_result() -> None:
    chat = Chat()
    assert chat.at == "welcome"
    assert chat.take(ReadNote()).at == "consent"
    assert chat.take(Back()).at == "welcome"
    assert chat.take(ReadNote(), Agree()).at == "age"
    assert len(chat.fill()) == 34
    assert chat.at == "review"
    assert chat.take(Confirm()).at == "result"
    assert assess(FLOW, chat.standing).urgency is Urgency.SELF_CARE


def test_back_leg_and_foot_is_37_questions_one_step_each() -> None:
    chat = started()
    asked = chat.fill(leg_reach="foot", leg_feel=("cramp_walking",), gait=("limp",))
    assert (len(asked), chat.at) == (37, "review")


def test_foot_alone_is_21_questions_one_step_each() -> None:
    chat = started()
    asked = chat.fill(complaints=("foot",), leg_reach="none")
    assert (len(asked), chat.at) == (21, "review")


def test_ticking_and_unticking() -> None:
    chat = started().say(age="45_59").take(Tick("complaints", "foot"), Tick("complaints", "back"))
    assert draft_ticks(chat.conversation, "complaints") == ("back", "foot")
    chat.take(Tick("complaints", "none"))
    assert draft_ticks(chat.conversation, "complaints") == ("none",)
    chat.take(Tick("complaints", "leg"))
    assert draft_ticks(chat.conversation, "complaints") == ("leg",)
    chat.take(Tick("complaints", "leg"))
    assert draft_ticks(chat.conversation, "complaints") == ()
    assert chat.at == "complaints"
    assert "complaints" not in chat.conversation.answers


# Back


def test_back_shows_the_answer_again_and_keeps_it_for_one_tap() -> None:
    chat = started()
    chat.fill("weakness")
    assert previous(FLOW, chat.conversation) == "both_legs"
    assert chat.take(Back()).at == "both_legs"
    assert chat.conversation.drafts == {"both_legs": "no"}
    assert chat.take(Back()).at == "sexual"
    chat.say(sexual="prefer_not")
    assert chat.at == "both_legs"
    chat.say(both_legs="no")
    assert chat.at == "weakness"
    assert chat.conversation.drafts == {}


def test_back_all_the_way_to_the_welcome_and_forth_again() -> None:
    chat = started()
    chat.fill("unwell")
    answers = dict(chat.conversation.answers)
    steps = 0
    while chat.at != "welcome":
        chat.take(Back())
        steps += 1
    assert steps == len(answers) + 1
    assert previous(FLOW, chat.conversation) is None
    chat.take(Agree())
    for id, answer in answers.items():
        chat.say(**{id: answer})
    assert (chat.at, chat.conversation.drafts) == ("unwell", {})


def test_back_leaves_out_what_was_not_asked() -> None:
    chat = started()
    chat.fill("weakness", complaints=("foot",))
    assert chat.take(Back()).at == "sudden_danger"


def test_back_from_the_review() -> None:
    assert at_review().take(Back()).at == "goal"


def test_back_with_ticks_that_are_not_done_keeps_them() -> None:
    chat = started().say(age="45_59").take(Tick("complaints", "foot"), Back())
    assert chat.at == "age"
    chat.say(age="60_69")
    assert chat.at == "complaints"
    assert draft_ticks(chat.conversation, "complaints") == ("foot",)


# Changing one answer at the review


def test_change_keeps_all_later_answers() -> None:
    chat = at_review()
    before = dict(chat.conversation.answers)
    chat.take(Change("weakness"))
    assert (chat.at, chat.conversation.drafts) == ("weakness", {"weakness": "no"})
    chat.say(weakness="longstanding")
    assert chat.at == "review"
    assert chat.conversation.answers == {**before, "weakness": "longstanding"}


def test_change_to_the_same_answer_changes_nothing() -> None:
    chat = at_review()
    before = dict(chat.conversation.answers)
    for question in changeable(FLOW, chat.conversation):
        chat.take(Change(question), GiveAnswer(question, before[question]))
        assert (chat.at, chat.conversation.answers) == ("review", before)


def test_change_asks_what_now_applies_and_only_that() -> None:
    chat = at_review(complaints=("foot",), leg_reach="none")
    chat.take(Change("complaints")).say(complaints=["back", "foot"])
    assert chat.fill() == [
        "saddle",
        "bladder",
        "bowel",
        "sexual",
        "both_legs",
        "cord_signs",
        "back_side",
        "back_duration",
        "back_severity",
        "back_pattern",
        "order",
    ]
    assert chat.at == "review"


def test_change_drops_what_no_longer_applies() -> None:
    chat = at_review(foot_care="no_help", foot_duration="over_12_weeks")
    assert "U35" in assess(FLOW, chat.standing).rules
    chat.take(Change("complaints")).say(complaints=["back", "leg"])
    assert chat.at == "review"
    for kept in (chat.standing.answers, chat.conversation.answers):
        assert not [id for id in kept if id.startswith("foot_") or id in {"order", "gait_order"}]
    assert assess(FLOW, chat.standing).rules == ("U36",)
    chat.take(Change("complaints")).say(complaints=["back", "leg", "foot"])
    assert chat.at == "foot_side"


def test_answers_that_no_longer_apply_count_nowhere_even_if_stored() -> None:
    stale: dict[str, Answer] = {**CALM, "complaints": ("foot",), "leg_reach": "none"}
    stale |= {"saddle": "new", "bladder": "weeks", "leg_feel": ("shooting",), "back_severity": 10}
    chat = Chat(conversation=Conversation(answers=stale, agreed=True))
    assert chat.at == "review"
    assert len(chat.standing.answers) == 21
    assert {"saddle", "bladder", "leg_feel", "back_severity"}.isdisjoint(chat.standing.answers)
    assert assess(FLOW, chat.standing).rules == ("U36",)
    assert "saddle" not in changeable(FLOW, chat.conversation)


def test_change_takes_the_confirmation_back() -> None:
    chat = at_review().take(Confirm())
    assert chat.at == "result"
    chat.take(Change("impact")).say(impact="a_lot")
    assert chat.at == "review"
    assert chat.take(Confirm()).at == "result"
    assert "U35" in assess(FLOW, chat.standing).rules


def test_going_back_from_a_change_drops_nothing_before_it_is_done() -> None:
    chat = at_review(gait=("limp",))
    before = dict(chat.conversation.answers)
    chat.take(Change("complaints"), Tick("complaints", "foot"), Back())
    assert chat.at == "age"
    chat.say(age="45_59")
    assert draft_ticks(chat.conversation, "complaints") == ("back", "leg")
    chat.take(Tick("complaints", "foot")).say(complaints=["back", "leg", "foot"])
    assert (chat.at, chat.conversation.answers) == ("review", before)


# Emergencies and ends


def test_emergency_ends_at_once_and_nothing_more_is_asked() -> None:
    chat = started()
    asked = chat.fill(bladder="new")
    assert (asked[-1], chat.at) == ("bladder", "emergency")
    assert assess(FLOW, chat.standing).rules == ("U02",)
    assert not MACHINE.allows(chat.conversation, Back)
    assert not MACHINE.allows(chat.conversation, Confirm)
    assert not MACHINE.allows(chat.conversation, GiveAnswer)


def test_emergency_corrected_goes_on_where_it_stopped() -> None:
    chat = started()
    chat.fill(bladder="new")
    assert changeable(FLOW, chat.conversation)[-1] == "bladder"
    chat.take(Change("bladder")).say(bladder="longstanding")
    assert chat.at == "bowel"
    assert chat.fill()[0] == "bowel"
    assert chat.at == "review"


def test_emergency_stays_when_something_else_is_corrected() -> None:
    chat = started()
    chat.fill(bladder="new")
    chat.take(Change("age")).say(age="70_plus")
    assert chat.at == "emergency"


def test_emergency_while_it_is_being_corrected_is_asked_again_after_a_pause() -> None:
    chat = started()
    chat.fill(weakness="hours")
    chat.take(Change("weakness"), Close(), Resume())
    assert chat.at == "weakness"
    assert chat.say(weakness="hours").at == "emergency"


def test_correction_that_makes_an_emergency_of_kept_answers_shows_it_at_once() -> None:
    chat = at_review(complaints=("foot",), unwell=("fever",), weakness="new", leg_reach="none")
    chat.take(Change("complaints")).say(complaints=["back", "foot"])
    assert chat.at == "emergency"  # although saddle and others are open now
    assert assess(FLOW, chat.standing).rules == ("U08",)


@pytest.mark.parametrize("question", ["weakness", "unwell", "complaints", "age"])
def test_emergency_of_kept_answers_can_be_corrected_wherever_it_comes_from(question: str) -> None:
    chat = at_review(complaints=("foot",), unwell=("fever",), weakness="new", leg_reach="none")
    chat.take(Change("complaints")).say(complaints=["back", "foot"])
    assert question in changeable(FLOW, chat.conversation)
    chat.take(Change(question))
    chat.fill(complaints=("foot",), leg_reach="none")
    assert chat.at == ("emergency" if question == "age" else "review")


def test_one_emergency_corrected_shows_the_next() -> None:
    chat = at_review(complaints=("foot",), unwell=("fever",), weakness="new", leg_reach="none")
    chat.take(Change("complaints")).say(complaints=["back", "foot"])
    chat.take(Change("unwell"))
    assert chat.at == "saddle"
    assert chat.say(saddle="new").at == "emergency"
    assert assess(FLOW, chat.standing).rules == ("U02",)


@pytest.mark.parametrize(
    ("question", "wrong", "right"),
    [("age", "under_18", "18_34"), ("complaints", ("none",), ("foot",))],
)
def test_out_of_scope_corrected_goes_on(question: str, wrong: Answer, right: Answer) -> None:
    chat = started()
    chat.fill(**{question: wrong})
    assert chat.at == "out_of_scope"
    assert assess(FLOW, chat.standing).urgency is None
    chat.take(Change(question), GiveAnswer(question, right))
    assert chat.fill(complaints=("foot",), leg_reach="none")
    assert chat.at == "review"


def test_out_of_scope_by_a_correction_and_back_again_keeps_the_answers() -> None:
    chat = at_review()
    before = dict(chat.conversation.answers)
    chat.take(Change("age")).say(age="under_18")
    assert chat.at == "out_of_scope"
    assert changeable(FLOW, chat.conversation) == ("age",)
    chat.take(Change("age")).say(age="45_59")
    assert (chat.at, chat.conversation.answers) == ("review", before)


def test_emergency_is_not_hidden_by_an_end_out_of_scope() -> None:
    chat = started()
    chat.fill(weakness="hours")
    chat.take(Change("age")).say(age="under_18")
    assert chat.at == "emergency"
    assert changeable(FLOW, chat.conversation) == ("age",)
    with pytest.raises(StepError):
        chat.take(Change("weakness"))
    chat.take(Change("age")).say(age="18_34")
    assert chat.take(Change("weakness")).at == "weakness"


# Starting over, stopping, going on


@pytest.mark.parametrize("until", ["age", "complaints", "weakness", "goal", ""])
def test_starting_over_forgets_the_answers(until: str) -> None:
    chat = started()
    chat.fill(until)
    chat.take(StartOver())
    assert chat.conversation == Conversation(agreed=True)
    assert chat.at == "age"


def test_stopping_and_going_on_anywhere() -> None:
    chat = started()
    while chat.at != "result":
        before = chat.at, chat.conversation
        assert chat.take(Close()).at == "closed"
        assert changeable(FLOW, chat.conversation) == ()
        chat.take(Resume())
        assert (chat.at, chat.conversation) == before
        chat.take(Confirm() if chat.at == "review" else GiveAnswer(chat.at, CALM[chat.at]))
    assert chat.take(Close(), Resume()).at == "result"


def test_stopping_before_agreeing() -> None:
    chat = Chat().take(Close())
    assert chat.take(Resume()).at == "welcome"
    assert chat.take(ReadNote(), Close(), Resume()).at == "consent"
    assert chat.take(Close(), StartOver()).at == "welcome"


def test_starting_over_after_stopping() -> None:
    chat = started()
    chat.fill("weakness")
    assert chat.take(Close(), StartOver()).at == "age"


# A newer version of the flow


def newer(flow: Flow, questions: list[Question]) -> ConversationMachine:
    return ConversationMachine(rebuilt(flow, version=flow.version + 1, questions=tuple(questions)))


def continued(chat: Chat, machine: ConversationMachine) -> Chat:
    return Chat(machine, stored_and_read(machine.flow, chat.conversation))


def with_options(question: Question, *codes: str) -> Question:
    return rebuilt_question(question, options=tuple(Option(code=code) for code in codes))


def rebuilt_question(question: Question, **changed: object) -> Question:
    fields = {name: getattr(question, name) for name in Question.model_fields}
    return Question.model_validate({**fields, **changed})


SHOES = Question(
    id="shoes",
    kind=Kind.ONE,
    section="walking",
    options=(Option(code="soft"), Option(code="hard")),
)


def with_shoes() -> ConversationMachine:
    questions = list(FLOW.questions)
    questions.insert([question.id for question in questions].index("weakness"), SHOES)
    return newer(FLOW, questions)


@pytest.mark.parametrize("finished", [False, True])
def test_newer_flow_with_a_new_question_in_the_middle(finished: bool) -> None:
    chat = at_review().take(*([Confirm()] if finished else []))
    chat = continued(chat, with_shoes())
    assert chat.at == "shoes"
    assert chat.say(shoes="soft").at == "review"
    assert chat.take(Confirm()).at == "result"


def test_newer_flow_with_a_new_question_before_an_emergency_still_shows_it() -> None:
    chat = started()
    chat.fill(weakness="hours")
    chat = continued(chat, with_shoes())
    assert chat.at == "emergency"
    chat.take(Change("weakness"))
    assert chat.at == "shoes"
    chat.say(shoes="hard")
    assert (chat.at, chat.conversation.drafts) == ("weakness", {"weakness": "hours"})
    assert chat.say(weakness="no").at == "unwell"


def test_newer_flow_without_a_code_asks_that_question_again_and_no_other() -> None:
    questions = [
        with_options(question, "back", "foot", "none") if question.id == "complaints" else question
        for question in FLOW.questions
    ]
    chat = continued(at_review(), newer(FLOW, questions))
    assert chat.at == "complaints"
    assert chat.say(complaints=["back", "foot"]).at == "review"


def test_newer_flow_with_a_removed_question_continues_without_it() -> None:
    machine = newer(FLOW, [question for question in FLOW.questions if question.id != "foot_place"])
    chat = started()
    chat.fill("foot_timing")
    chat = continued(chat, machine)
    assert chat.at == "foot_timing"
    assert chat.take(Back()).at == "foot_side"
    assert "foot_place" not in chat.conversation.answers


def test_newer_flow_that_removes_the_open_question() -> None:
    chat = started()
    chat.fill("foot_timing")
    chat.take(Tick("foot_timing", "constant"))
    questions = [question for question in FLOW.questions if question.id != "foot_timing"]
    chat = continued(chat, newer(FLOW, questions))
    assert (chat.at, chat.conversation.drafts) == ("foot_feel", {})


def test_newer_flow_in_another_order_asks_only_what_is_missing() -> None:
    chat = started()
    chat.fill("gait")
    questions = list(FLOW.questions)
    places = {question.id: place for place, question in enumerate(questions)}
    questions.insert(places["back_side"], questions.pop(places["impact"]))
    chat = continued(chat, newer(FLOW, questions))
    assert chat.at == "impact"
    assert chat.say(impact="some").at == "gait"


def test_newer_flow_with_options_in_another_order_keeps_the_answers() -> None:
    questions = [
        with_options(question, *reversed(question.codes)) if question.options else question
        for question in FLOW.questions
    ]
    chat = at_review(unwell=("weight_loss", "repeat_visits"))
    rules = assess(FLOW, chat.standing).rules
    chat = continued(chat, newer(FLOW, questions))
    assert chat.at == "review"
    assert chat.standing.answers["unwell"] == ("repeat_visits", "weight_loss")
    assert assess(chat.flow, chat.standing).rules == rules


def test_newer_flow_that_asks_a_question_in_another_way_asks_it_again() -> None:
    questions = [
        rebuilt_question(question, kind=Kind.MANY, options=FLOW.question_by_id["gait"].options)
        if question.id == "foot_care"
        else question
        for question in FLOW.questions
    ]
    chat = continued(at_review(), newer(FLOW, questions))
    assert chat.at == "foot_care"


def test_newer_flow_that_asks_less_often_forgets_only_what_no_longer_applies() -> None:
    questions = [
        rebuilt_question(question, asked=parse("complaints has foot and gait has anything"))
        if question.id == "order"
        else question
        for question in FLOW.questions
    ]
    chat = continued(at_review(), newer(FLOW, questions))
    assert chat.at == "review"
    assert "order" not in chat.standing.answers


def test_newer_flow_under_half_done_steps_back() -> None:
    # A draft of a question that the newer flow would not have asked must not lead the way back.
    chat = started()
    chat.fill("weakness")
    chat.take(Back())
    questions = [
        rebuilt_question(question, asked=parse("complaints has back and not sexual is no"))
        if question.id == "both_legs"
        else question
        for question in FLOW.questions
    ]
    chat = continued(chat, newer(FLOW, questions))
    assert chat.at == "weakness"
    assert chat.take(Back()).at == "sexual"


def test_fitting_leaves_what_fits_as_it_is() -> None:
    chat = at_review().take(Change("complaints"), Tick("complaints", "foot"))
    chat.take(Tick("complaints", "leg"), Tick("complaints", "back"))
    assert draft_ticks(chat.conversation, "complaints") == ()
    assert fitted(FLOW, chat.conversation) == chat.conversation


# Steps that cannot be taken


@pytest.mark.parametrize(
    "step",
    [
        Agree(),
        ReadNote(),
        Confirm(),
        Resume(),
        Change("age"),
        Change("nothing"),
        GiveAnswer("age", "18_34"),
        GiveAnswer("bladder", "no"),
        GiveAnswer("weakness", "sometimes"),
        GiveAnswer("weakness", ("no",)),
        GiveAnswer("review", ""),
        Tick("weakness", "no"),
        Tick("unwell", "fever"),
    ],
)
def test_step_that_does_not_fit_is_refused_and_changes_nothing(step: object) -> None:
    chat = started()
    chat.fill("weakness")
    before = chat.conversation
    with pytest.raises(StepError):
        MACHINE.take(chat.conversation, step)  # type: ignore[arg-type]
    assert chat.conversation == before


@pytest.mark.parametrize("state", ["welcome", "review", "result", "closed"])
@pytest.mark.parametrize("kind", [Tick, GiveAnswer])
def test_nothing_is_answered_where_no_question_is_open(
    state: str, kind: type[Tick | GiveAnswer]
) -> None:
    chat = Chat()
    if state != "welcome":
        chat = at_review()
    if state == "result":
        chat.take(Confirm())
    if state == "closed":
        chat.take(Close())
    assert chat.at == state
    for question in (state, "age"):
        with pytest.raises(StepError, match=f"^{question} is not open at {state}$"):
            MACHINE.take(chat.conversation, kind(question, "18_34"))
