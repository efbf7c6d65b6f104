"""The machine: random walks, and tables that it refuses."""

import gc
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flows import machine as machine_module
from flows.answers import NONE, Answer, as_json
from flows.assessment import assess, assess_sheet
from flows.concerns import Concern, Level, load_concerns
from flows.conversation import (
    Agree,
    Ask,
    Back,
    Change,
    Close,
    Confirm,
    Conversation,
    GiveAnswer,
    ReadNote,
    Reply,
    Resume,
    StartOver,
    Step,
    Tick,
    changeable,
)
from flows.grammar import parse
from flows.interview import Standing, emergencies, walk
from flows.machine import ENDINGS, TRIGGERS, ConversationMachine, Move, StepError
from flows.models import End, Flow, Outcome, Question, Urgency
from tests.flows.making import (
    CALM,
    FLOW,
    MACHINE,
    SMALL,
    Chat,
    answers_to,
    first_open,
    rebuilt,
    started,
    stored_and_read,
)

CONCERNS = load_concerns(FLOW)
PLAIN = [ReadNote(), Agree(), Back(), Confirm(), StartOver(), Close(), Resume()]
QUIET = [ReadNote(), Agree(), Back(), Back(), Confirm(), Resume()]


FINE = End(id="fine", when=parse("age is adult and writes is left or side is left"))
"""An end that one answer or two later ones together can bring about."""
MACHINES = [
    MACHINE,
    ConversationMachine(SMALL),
    ConversationMachine(rebuilt(SMALL, ends=(*SMALL.ends, FINE))),
]


class Walk(RuleBasedStateMachine):
    """A patient who does anything at all; every step is stored and read back."""

    machine: ConversationMachine
    conversation: Conversation

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        self.machine = data.draw(st.sampled_from(MACHINES))
        self.conversation = Conversation()
        if data.draw(st.booleans()):
            self.take(Agree())
        if self.machine is MACHINE and data.draw(st.booleans()):
            self.calm(data.draw(st.integers(1, 40)))

    @property
    def flow(self) -> Flow:
        return self.machine.flow

    @property
    def state(self) -> str:
        return self.machine.state(self.conversation)

    @property
    def open(self) -> Question | None:
        return self.flow.question_by_id.get(self.state)

    def take(self, step: Step) -> bool:
        state, before = self.state, self.conversation
        try:
            after = self.machine.take(self.conversation, step)
        except StepError:
            return False
        assert self.machine.allows(before, type(step))
        self.conversation = stored_and_read(self.flow, after)
        assert self.conversation == after
        moves = [(move.source, move.dest) for move in self.machine.moves]
        assert (state, self.state) in moves
        return True

    def calm(self, steps: int) -> None:
        for _ in range(steps):
            if self.open is not None and self.machine is MACHINE:
                assert self.take(GiveAnswer(self.open.id, CALM[self.open.id]))

    @rule(steps=st.integers(1, 10))
    def answer_calmly(self, steps: int) -> None:
        self.calm(steps)

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        if self.open is not None:
            given = data.draw(answers_to(self.open))
            assert self.take(GiveAnswer(self.open.id, given))

    @rule(data=st.data(), done=st.booleans())
    def tick(self, data: st.DataObject, done: bool) -> None:
        if self.open is not None and NONE in self.open.codes and self.open.kind == "many":
            assert self.take(Tick(self.open.id, data.draw(st.sampled_from(self.open.codes))))

    @rule(step=st.sampled_from(QUIET))
    def quiet_step(self, step: Step) -> None:
        self.take(step)

    @rule(step=st.sampled_from(PLAIN))
    def plain_step(self, step: Step) -> None:
        self.take(step)

    @precondition(lambda self: self.state in ENDINGS)
    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        questions = changeable(self.flow, self.conversation)
        assert questions
        question = data.draw(st.sampled_from(questions))
        assert self.take(Change(question))
        if self.open is None:
            assert self.state in ("concern", "welcome", "consent")
            return
        ids = [question.id for question in self.flow.questions]
        assert ids.index(self.open.id) <= ids.index(question)

    @precondition(lambda self: self.machine is MACHINE)
    @rule(
        concerns=st.lists(
            st.sampled_from(CONCERNS), min_size=1, max_size=3, unique_by=lambda one: one.id
        ),
        replies=st.lists(st.booleans(), max_size=3),
    )
    def writes(self, concerns: list[Concern], replies: list[bool]) -> None:
        """Words raise concerns, and the patient replies to some or all of them."""
        was, before = self.state, self.conversation
        assert self.take(Ask(tuple(concern.id for concern in concerns)))
        assert self.state == ("emergency" if was == "emergency" else "concern")
        replied = list(zip(concerns, replies, strict=False))
        for concern, yes in replied:
            assert self.take(Reply(concern, yes))
            sure = concern.level is Level.EMERGENCY and concern.sets and not before.drafts
            if was == "emergency" or (yes and sure):
                assert self.state == "emergency"
        if len(replied) == len(concerns) and not any(replies) and not before.asking:
            assert self.state == was
            assert self.conversation == before

    @rule(data=st.data())
    def nonsense(self, data: st.DataObject) -> None:
        ids = st.sampled_from([*CALM, *ENDINGS, "welcome", "closed", "", "nonsense"])
        some: st.SearchStrategy[Answer] = st.one_of(
            st.sampled_from(["no", "none", "", "x" * 300, "🦶"]),
            st.integers(-3, 12),
            st.lists(st.sampled_from(["back", "none", "fever", "?"])).map(tuple),
        )
        step = data.draw(
            st.one_of(
                st.builds(GiveAnswer, question=ids, answer=some),
                st.builds(Tick, question=ids, code=st.sampled_from(["none", "back", "?", ""])),
                st.builds(Change, question=ids),
            )
        )
        self.take(step)

    @invariant()
    def stands_at_the_first_open_question(self) -> None:
        if hasattr(self, "conversation"):
            assert self.state == first_open(self.flow, self.conversation)

    @invariant()
    def nothing_that_does_not_apply_counts(self) -> None:
        if hasattr(self, "conversation") and not self.conversation.closed:
            standing = Chat(self.machine, self.conversation).standing
            known: dict[str, Answer] = {}
            for id, answer in standing.answers.items():
                raised = id in self.conversation.raised
                assert raised or self.flow.question_by_id[id].applies(known)
                assert not emergencies(self.flow, id, known)
                known[id] = answer

    @invariant()
    def end_is_the_assessment_of_the_answers(self) -> None:
        if not hasattr(self, "conversation") or self.state not in ENDINGS:
            return
        standing = Chat(self.machine, self.conversation).standing
        assessment = assess(self.flow, standing)
        sheet = {id: as_json(answer) for id, answer in standing.answers.items()}
        walked = walk(self.flow, lambda question: standing.answers.get(question.id))
        if self.state == "emergency":
            assert assessment.urgency is Urgency.EMERGENCY
            holding = {
                rule.id
                for rule in self.flow.rules
                if rule.gives(standing.answers) is Urgency.EMERGENCY
            }
            assert set(assessment.rules) == holding
        elif self.state == "out_of_scope":
            assert assessment.urgency is None
            assert assess_sheet(self.flow, sheet)["urgency"] == "out_of_scope"
        else:
            assert self.conversation.answers == standing.answers
            if not self.conversation.raised:  # a sheet does not know what was raised by words
                printed = assess_sheet(self.flow, sheet)
                assert printed["urgency"] == assessment.urgency
                assert printed["rules"] == list(assessment.rules)
            assert assessment.urgency is not Urgency.EMERGENCY
        if self.conversation.raised:
            return
        if walked.open is None and walked.outcome is not Outcome.OUT_OF_SCOPE:
            assert walked == standing


TestWalk = pytest.mark.filterwarnings("default")(Walk.TestCase)
TestWalk.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


# The table

Moves = Callable[[Flow, tuple[str, ...]], list[Move]]


def broken(change: Callable[[list[Move]], list[Move]]) -> Moves:
    real = machine_module._moves
    return lambda flow, states: change(list(real(flow, states)))


def refused(monkeypatch: pytest.MonkeyPatch, change: Callable[[list[Move]], list[Move]]) -> str:
    monkeypatch.setattr(machine_module, "_moves", broken(change))
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - what it says is tested by the caller
        ConversationMachine(SMALL)
    return str(refusal.value)


def always(_moving: object) -> bool:
    return True


def test_move_to_an_unknown_state_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    says = refused(monkeypatch, lambda moves: [*moves, Move("answer", "age", "heaven", always)])
    assert says == "answer leads from age to heaven: no such state"


def test_move_from_an_unknown_state_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    says = refused(monkeypatch, lambda moves: [*moves, Move("close", "limbo", "closed", always)])
    assert says == "close leads from limbo to closed: no such state"


def test_move_by_an_unknown_step_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    says = refused(monkeypatch, lambda moves: [*moves, Move("fly", "age", "review", always)])
    assert says == "fly from age is no step"


@pytest.mark.parametrize("state", ["pain", "result", "emergency", "consent"])
def test_state_that_cannot_be_reached_is_refused(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    says = refused(monkeypatch, lambda moves: [move for move in moves if move.dest != state])
    assert says == f"{state} cannot be reached"


@pytest.mark.parametrize("state", ["wish", "review"])
def test_dead_end_is_refused(monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    def without_way_on(moves: list[Move]) -> list[Move]:
        return [
            move
            for move in moves
            if move.source != state or move.trigger not in {"answer", "confirm"}
        ] + [Move("answer", "age", "result", always)]

    assert refused(monkeypatch, without_way_on) == f"there is no way from {state} to an end"


def test_question_with_the_name_of_a_state_is_refused() -> None:
    fields = {name: getattr(SMALL.questions[-1], name) for name in Question.model_fields}
    review = Question.model_validate({**fields, "id": "review"})
    with pytest.raises(ValueError, match="a question has the name of another state"):
        ConversationMachine(rebuilt(SMALL, questions=(*SMALL.questions, review)))


def test_table_that_disagrees_with_the_answers_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        machine_module,
        "_moves",
        broken(lambda moves: [Move("answer", "age", "pain", always), *moves]),
    )
    machine = ConversationMachine(SMALL)
    with pytest.raises(RuntimeError, match="the machine is at pain, but the answers say place"):
        machine.take(Conversation(agreed=True), GiveAnswer("age", "adult"))


def test_an_end_counts_with_the_answers_before_it_only() -> None:
    chat = started(MACHINES[2]).say(age="adult", place=["other"], pain=1, writes="left")
    assert chat.at == "out_of_scope"
    chat.take(Change("place")).say(place=["elbow"])
    assert chat.at == "numb"
    assert chat.say(numb="no", side="right").at == "out_of_scope"


def test_every_step_has_its_moves() -> None:
    assert {move.trigger for move in MACHINE.moves} == set(TRIGGERS.values())
    assert set(MACHINE.states) == {
        *(question.id for question in FLOW.questions),
        "welcome",
        "consent",
        "review",
        "result",
        "emergency",
        "out_of_scope",
        "closed",
        "concern",
    }


def test_what_can_be_done_where() -> None:
    def steps(chat: Chat) -> set[str]:
        return {name for kind, name in TRIGGERS.items() if MACHINE.allows(chat.conversation, kind)}

    chat = Chat()
    assert steps(chat) == {"read_note", "agree", "start_over", "close", "ask"}
    assert steps(chat.take(ReadNote())) == {"agree", "back", "start_over", "close", "ask"}
    assert steps(chat.take(Agree())) == {"answer", "back", "start_over", "close", "ask"}
    chat.fill("complaints")
    assert steps(chat) == {"answer", "tick", "back", "start_over", "close", "ask"}
    chat.fill()
    assert steps(chat) == {"confirm", "change", "back", "start_over", "close", "ask"}
    assert steps(chat.take(Confirm())) == {"change", "start_over", "close", "ask"}
    assert steps(chat.take(Close())) == {"resume", "start_over", "ask"}
    ill = started()
    ill.fill(weakness="hours")
    assert steps(ill) == {"change", "start_over", "ask", "reply"}


# Cost


def test_nothing_is_kept_of_a_patient() -> None:
    def conversations(number: int) -> None:
        for _ in range(number):
            conversation = MACHINE.take(Conversation(), Agree())
            MACHINE.take(conversation, GiveAnswer("age", "18_34"))

    conversations(100)
    gc.collect()
    before = len(gc.get_objects())
    conversations(10_000)
    gc.collect()
    assert len(gc.get_objects()) - before < 100
    assert MACHINE._machine.models == []


def test_standing_never_claims_both_an_open_question_and_an_end() -> None:
    assert not Standing(("age",), {}, open="age").complete
    assert Standing(("age",), {"age": "18_34"}).complete
