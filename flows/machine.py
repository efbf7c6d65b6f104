"""The conversation as one `transitions` machine, compiled from the flow and shared by all patients.

Its states are the questions and the states of `flows.conversation`; its transitions say which step
may be taken where and, by the flow's own conditions tried in the order of the questions, where it
leads. No object lives per patient: a step runs on a throw-away model. What the machine says is
held against the position computed from the answers at every step.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from transitions import EventData, Machine, MachineError

from flows.answers import Answers
from flows.conversation import (
    CLOSED,
    CONCERN,
    CONSENT,
    EMERGENCY,
    OUT_OF_SCOPE,
    RESULT,
    REVIEW,
    WELCOME,
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
    after,
    can_change,
    position,
    standing_of,
)
from flows.models import End, Flow, Kind, Question, Urgency

TRIGGERS: Final[dict[type[Step], str]] = {
    ReadNote: "read_note",
    Agree: "agree",
    Tick: "tick",
    GiveAnswer: "answer",
    Back: "back",
    Change: "change",
    Confirm: "confirm",
    StartOver: "start_over",
    Close: "close",
    Resume: "resume",
    Ask: "ask",
    Reply: "reply",
}

ENDINGS: Final = (REVIEW, RESULT, EMERGENCY, OUT_OF_SCOPE)
FINAL: Final = frozenset((RESULT, EMERGENCY, OUT_OF_SCOPE))


class StepError(Exception):
    """A step that cannot be taken where the conversation stands."""


@dataclass(slots=True)
class _Moving:
    """The throw-away model: the state, and what the conversation would be after the step."""

    state: str
    step: Step
    after: Conversation
    answers: Answers


Test = Callable[[_Moving], bool]


@dataclass(frozen=True, slots=True)
class Move:
    """One transition: from a state, by a trigger, to a state, where `holds`; `label` says when."""

    trigger: str
    source: str
    dest: str
    holds: Test
    label: str = ""


class ConversationMachine:
    """The one machine of a flow.

    Raises:
        ValueError: a transition leads from or to a state that does not exist or belongs to no
            step, or a state cannot be reached or left.
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.states = (
            WELCOME,
            CONSENT,
            *(question.id for question in flow.questions),
            *ENDINGS,
            CLOSED,
            CONCERN,
        )
        self.moves = tuple(_moves(flow, self.states))
        _check(self.states, self.moves)
        self._exits = frozenset((move.source, move.trigger) for move in self.moves)
        self._machine = Machine(
            model=None,
            states=list(self.states),
            initial=None,
            auto_transitions=False,
            send_event=True,
        )
        # One object for each test, which stands in dozens of moves.
        conditions = {move.holds: _condition(move.holds) for move in self.moves}
        for move in self.moves:
            self._machine.add_transition(
                move.trigger, move.source, move.dest, conditions=conditions[move.holds]
            )

    def state(self, conversation: Conversation) -> str:
        """Where the conversation stands."""
        return position(self.flow, conversation)

    def allows(self, conversation: Conversation, step: type[Step]) -> bool:
        """Whether this kind of step exists where the conversation stands."""
        return (self.state(conversation), TRIGGERS[step]) in self._exits

    def take(self, conversation: Conversation, step: Step) -> Conversation:
        """The conversation after the step.

        Raises:
            StepError: the step cannot be taken where the conversation stands.
            RuntimeError: the machine and the position disagree; a fault of the program.
        """
        state = self.state(conversation)
        self._refuse_misfits(state, conversation, step)
        changed = after(self.flow, conversation, step)
        model = _Moving(state, step, changed, standing_of(self.flow, changed).counting)
        try:
            moved = self._machine.events[TRIGGERS[type(step)]].trigger(model)
        except MachineError as error:
            raise StepError(f"no {TRIGGERS[type(step)]} at {state}") from error
        if not moved:
            raise StepError(f"{TRIGGERS[type(step)]} leads nowhere from {state}")
        computed = position(self.flow, changed)
        if model.state != computed:
            raise RuntimeError(
                f"from {state} by {TRIGGERS[type(step)]} the machine is at {model.state}, "
                f"but the answers say {computed}"
            )
        return changed

    def _refuse_misfits(self, state: str, conversation: Conversation, step: Step) -> None:
        """Refuse a step whose own contents do not fit, before anything is computed from it."""
        if isinstance(step, Tick | GiveAnswer):
            question = self.flow.question_by_id.get(state)
            if question is None or question.id != step.question:
                raise StepError(f"{step.question} is not open at {state}")
            if isinstance(step, GiveAnswer):
                if not question.takes(step.answer):
                    raise StepError(f"{state} does not take this answer")
            elif question.kind is not Kind.MANY or step.code not in question.codes:
                raise StepError(f"{step.code} cannot be ticked at {state}")
        if isinstance(step, Change) and not can_change(self.flow, conversation, step.question):
            raise StepError(f"{step.question} cannot be changed at {state}")
        if isinstance(step, Ask) and not step.concerns:
            raise StepError("no concern to ask about")
        if isinstance(step, Reply) and step.concern.id not in conversation.asking:
            raise StepError(f"{step.concern.id} is not asked about at {state}")


def _condition(holds: Test) -> Callable[[EventData], bool]:
    def condition(event: EventData) -> bool:
        model: Any = event.model
        return holds(model)

    return condition


class _Tests:
    """The flow's own conditions, each made once: they stand in thousands of moves."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self.emergency = _emergency(flow)
        self.open = {question.id: _is_open(question) for question in flow.questions}
        self._ends = [
            [(end.id, _ends(flow, end, place)) for end in flow.ends_reading[question.id]]
            for place, question in enumerate(flow.questions)
        ]

    def landings(self, start: int) -> Iterator[tuple[str, Test, str]]:
        """Where the answers lead, first match first, with everything before `start` answered."""
        yield EMERGENCY, self.emergency, "an emergency rule holds"
        for place, question in enumerate(self._flow.questions):
            if place >= start:
                yield question.id, self.open[question.id], ""
            for id, holds in self._ends[place]:
                yield OUT_OF_SCOPE, holds, id
        yield RESULT, _confirmed, "confirmed"
        yield REVIEW, _always, ""


def _moves(flow: Flow, states: tuple[str, ...]) -> Iterator[Move]:
    tests = _Tests(flow)
    first = flow.questions[0].id
    yield Move("read_note", WELCOME, CONSENT, _always)
    for source in (WELCOME, CONSENT):
        for dest, holds, label in tests.landings(0):
            yield Move("agree", source, dest, holds, label)
    yield Move("back", CONSENT, WELCOME, _always)
    for place, question in enumerate(flow.questions):
        if question.kind is Kind.MANY:
            yield Move("tick", question.id, question.id, _always)
        for dest, holds, label in tests.landings(place + 1):
            yield Move("answer", question.id, dest, holds, label)
        yield from _moves_back(flow, tests, question.id, place)
    yield from _moves_back(flow, tests, REVIEW, len(flow.questions))
    yield Move("confirm", REVIEW, RESULT, _always)
    yield Move("change", EMERGENCY, CONCERN, _asks)
    yield from _before_agreement("change", EMERGENCY)
    for source in ENDINGS:
        for question in flow.questions:
            yield Move("change", source, question.id, tests.open[question.id])
    yield from _moves_away(states, first)
    yield from _moves_of_words(states, tests)
    yield Move("resume", CLOSED, CONSENT, _reads_note)
    yield Move("resume", CLOSED, WELCOME, _has_not_agreed)
    for dest, holds, label in tests.landings(0):
        yield Move("resume", CLOSED, dest, holds, label)


def _moves_away(states: tuple[str, ...], first: str) -> Iterator[Move]:
    """Starting over, and stopping."""
    for source in (EMERGENCY, CONCERN):
        yield Move("start_over", source, CONCERN, _asks)
    for source in states:
        if source not in (WELCOME, CONSENT):
            yield Move("start_over", source, first, _agreed)
        # Nobody is led away from an emergency, nor from what may be one: closing would put
        # something else in its place.
        if source not in (CLOSED, EMERGENCY, CONCERN):
            yield Move("close", source, CLOSED, _always)
    for source in (WELCOME, CONSENT, CLOSED, EMERGENCY, CONCERN):
        yield Move("start_over", source, WELCOME, _has_not_agreed)


def _moves_of_words(states: tuple[str, ...], tests: _Tests) -> Iterator[Move]:
    """A concern can be raised anywhere; what is replied leads back, on, or to an emergency."""

    def raised(moving: _Moving) -> bool:
        return _open(moving) and tests.emergency(moving)

    for source in states:
        yield Move("ask", source, EMERGENCY, raised)
        yield Move("ask", source, CONCERN, _asks)
    for source in (CONCERN, EMERGENCY):
        yield Move("reply", source, EMERGENCY, raised)
    yield Move("reply", CONCERN, CONCERN, _asks)
    yield Move("reply", CONCERN, CLOSED, _is_closed)
    yield from _before_agreement("reply", CONCERN)
    for dest, holds, label in tests.landings(0):
        yield Move("reply", CONCERN, dest, holds, label)


def _before_agreement(trigger: str, source: str) -> Iterator[Move]:
    yield Move(trigger, source, CONSENT, _reads_note)
    yield Move(trigger, source, WELCOME, _has_not_agreed)


def _moves_back(flow: Flow, tests: _Tests, source: str, place: int) -> Iterator[Move]:
    yield Move("back", source, WELCOME, _has_not_agreed)
    for before in flow.questions[:place]:
        yield Move("back", source, before.id, tests.open[before.id])


def _always(_moving: _Moving) -> bool:
    return True


def _agreed(moving: _Moving) -> bool:
    return moving.after.agreed


def _has_not_agreed(moving: _Moving) -> bool:
    return not moving.after.agreed


def _reads_note(moving: _Moving) -> bool:
    return not moving.after.agreed and moving.after.reading_note


def _asks(moving: _Moving) -> bool:
    return bool(moving.after.asking)


def _is_closed(moving: _Moving) -> bool:
    return moving.after.closed


def _open(moving: _Moving) -> bool:
    return not moving.after.closed


def _confirmed(moving: _Moving) -> bool:
    return moving.after.confirmed


def _is_open(question: Question) -> Test:
    id = question.id

    def holds(moving: _Moving) -> bool:
        after_ = moving.after
        if id in moving.answers and id not in after_.unfinished:
            return False
        return id in after_.raised or question.applies(moving.answers)

    return holds


def _emergency(flow: Flow) -> Test:
    rules = flow.emergency_rules
    return lambda moving: any(rule.gives(moving.answers) is Urgency.EMERGENCY for rule in rules)


def _ends(flow: Flow, end: End, place: int) -> Test:
    so_far = [question.id for question in flow.questions[: place + 1]]
    return lambda moving: end.when.holds(
        {id: moving.answers[id] for id in so_far if id in moving.answers}
    )


def _check(states: tuple[str, ...], moves: tuple[Move, ...]) -> None:
    known = set(states)
    if len(known) < len(states):
        raise ValueError("a question has the name of another state")
    triggers = set(TRIGGERS.values())
    for move in moves:
        if move.trigger not in triggers:
            raise ValueError(f"{move.trigger} from {move.source} is no step")
        if move.source not in known or move.dest not in known:
            raise ValueError(
                f"{move.trigger} leads from {move.source} to {move.dest}: no such state"
            )
    forward = {"agree", "answer", "confirm", "read_note"}
    onward: dict[str, set[str]] = {state: set() for state in states}
    back: dict[str, set[str]] = {state: set() for state in states}
    for move in moves:
        if move.trigger in forward:
            onward[move.source].add(move.dest)
            back[move.dest].add(move.source)
    reached = _reach(WELCOME, onward)
    for state in states:
        if state not in (CLOSED, CONCERN) and state not in reached:
            raise ValueError(f"{state} cannot be reached")
    ending = set().union(*(_reach(final, back) for final in FINAL))
    for state in reached:
        if state not in ending:
            raise ValueError(f"there is no way from {state} to an end")


def _reach(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen = {start}
    waiting = [start]
    while waiting:
        for state in edges[waiting.pop()] - seen:
            seen.add(state)
            waiting.append(state)
    return seen
