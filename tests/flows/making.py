"""What the tests of the flow share: flows, sheets, conversations that are stored at every step."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from flows.answers import NONE, Answer, Answers, as_json
from flows.conditions import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    CountOf,
    Defined,
    Equals,
    Has,
    HasAnything,
    Is,
    IsNot,
    Not,
)
from flows.conversation import Agree, Conversation, GiveAnswer, Step, fitted, standing_of
from flows.grammar import RESERVED
from flows.interview import Standing
from flows.loader import load_flow
from flows.machine import ConversationMachine
from flows.models import Flow, Kind, Question, Urgency

SMALL_FOLDER = Path(__file__).parent / "small"
FLOW = load_flow()
SMALL = load_flow(SMALL_FOLDER)
MACHINE = ConversationMachine(FLOW)

CALM: dict[str, Answer] = {
    "age": "45_59",
    "complaints": ("back", "leg", "foot"),
    "sudden_danger": (NONE,),
    "saddle": "no",
    "bladder": "no",
    "bowel": "no",
    "sexual": "no",
    "both_legs": "no",
    "weakness": "no",
    "unwell": (NONE,),
    "cord_signs": (NONE,),
    "health": (NONE,),
    "injury": "none",
    "limb_danger": (NONE,),
    "back_side": "left",
    "back_duration": "under_6_weeks",
    "back_began": "45_or_later",
    "back_severity": 3,
    "back_pattern": (NONE,),
    "inflammatory_signs": (NONE,),
    "leg_reach": "thigh",
    "leg_side": "left",
    "leg_feel": ("ache",),
    "leg_line": "unsure",
    "walking": "no_effect",
    "toe_rise": "both_fine",
    "foot_side": "right",
    "foot_place": "whole",
    "foot_timing": (NONE,),
    "foot_feel": (NONE,),
    "foot_duration": "under_6_weeks",
    "foot_severity": 3,
    "foot_load": (NONE,),
    "foot_care": "nothing_yet",
    "gait": (NONE,),
    "gait_order": "unsure",
    "order": "unsure",
    "impact": "little",
    "goal": "walk the dog",
}
"""An answer to every question; back, leg and foot hurt a little and nothing is urgent."""


def rebuilt(flow: Flow, **changed: object) -> Flow:
    """Another flow: this one with some fields changed, nothing remembered of the old one."""
    fields = {name: getattr(flow, name) for name in Flow.model_fields}
    return Flow.model_validate({**fields, **changed})


def stored_and_read(flow: Flow, conversation: Conversation) -> Conversation:
    """The conversation as a store gives it back: through JSON, then fitted to the flow."""

    def dumped(answers: Answers) -> dict[str, object]:
        return {id: as_json(answer) for id, answer in answers.items()}

    def loaded(answers: Mapping[str, object]) -> dict[str, Answer]:
        return {
            id: tuple(raw) if isinstance(raw, list) else raw  # type: ignore[misc]
            for id, raw in answers.items()
        }

    text = json.dumps(
        {
            "answers": dumped(conversation.answers),
            "drafts": dumped(conversation.drafts),
            "flags": [
                conversation.agreed,
                conversation.reading_note,
                conversation.confirmed,
                conversation.closed,
                conversation.asking,
                conversation.raised,
                conversation.unfinished,
            ],
        }
    )
    raw = json.loads(text)
    flags: list[Any] = [tuple(flag) if isinstance(flag, list) else flag for flag in raw["flags"]]
    read = Conversation(loaded(raw["answers"]), loaded(raw["drafts"]), *flags)
    return fitted(flow, read)


class Chat:
    """A patient's dialogue with one machine; the conversation is stored and read at every step."""

    def __init__(
        self, machine: ConversationMachine = MACHINE, conversation: Conversation | None = None
    ) -> None:
        self.machine = machine
        self.flow = machine.flow
        self.conversation = conversation or Conversation()

    @property
    def at(self) -> str:
        return self.machine.state(self.conversation)

    @property
    def standing(self) -> Standing:
        return standing_of(self.flow, self.conversation)

    def take(self, *steps: Step) -> "Chat":
        for step in steps:
            after = self.machine.take(self.conversation, step)
            self.conversation = stored_and_read(self.flow, after)
            assert self.conversation == after
            assert self.at == first_open(self.flow, self.conversation)
        return self

    def say(self, **answers: object) -> "Chat":
        """Answer questions, each of which must be open when its turn comes."""
        for id, raw in answers.items():
            assert self.at == id
            self.take(GiveAnswer(id, self.flow.question_by_id[id].read(raw)))
        return self

    def fill(self, until: str = "", /, **changed: Answer) -> list[str]:
        """Answer from the calm sheet, as changed, until a state is reached; what was asked."""
        asked: list[str] = []
        while self.at in self.flow.question_by_id and self.at != until:
            asked.append(self.at)
            self.take(GiveAnswer(self.at, {**CALM, **changed}[self.at]))
        return asked


def started(machine: ConversationMachine = MACHINE) -> Chat:
    return Chat(machine).take(Agree())


def first_open(flow: Flow, conversation: Conversation) -> str:
    """Where a conversation must stand, written down once more from the protocol's words."""
    words = conversation.asking or conversation.raised
    if not words and conversation.closed:
        return "closed"
    if not words and not conversation.agreed:
        return "consent" if conversation.reading_note else "welcome"
    seen: dict[str, Answer] = {}
    stands = ""
    for question in flow.questions:
        raised = question.id in conversation.raised
        if not raised and question.asked is not None and not question.asked.holds(seen):
            continue
        if question.id in conversation.unfinished:
            stands = stands or question.id
        if question.id in conversation.answers:
            answer = conversation.answers[question.id]
            assert question.read(as_json(answer)) == answer
            seen[question.id] = answer
            if not stands and any(end.when.holds(seen) for end in flow.ends):
                stands = "out_of_scope"
        else:
            stands = stands or question.id
            if question.id in conversation.drafts:
                break
    emergency = any(rule.gives(seen) is Urgency.EMERGENCY for rule in flow.rules)
    if emergency and not conversation.closed:
        return "emergency"
    if conversation.asking:
        return "concern"
    if conversation.closed:
        return "closed"
    if not conversation.agreed:
        return "consent" if conversation.reading_note else "welcome"
    return stands or ("result" if conversation.confirmed else "review")


# Made-up answers


def answers_to(question: Question) -> st.SearchStrategy[Answer]:
    match question.kind:
        case Kind.ONE:
            return st.sampled_from(question.codes)
        case Kind.MANY:
            codes = [code for code in question.codes if code != NONE]
            some = st.sets(st.sampled_from(codes), min_size=1).map(question.ordered)
            return some | st.just((NONE,)) if NONE in question.codes else some
        case Kind.SCALE:
            return st.integers(0, 10)
        case Kind.TEXT:
            return st.sampled_from(["", "run again", "<b>גב</b> 🦶"])


def sheets(flow: Flow = FLOW) -> st.SearchStrategy[dict[str, Answer]]:
    """Valid answers to every question, asked or not."""
    return st.fixed_dictionaries({question.id: answers_to(question) for question in flow.questions})


def calm_sheets(flow: Flow = FLOW) -> st.SearchStrategy[dict[str, Answer]]:
    """The calm sheet with a few other answers: interviews that get far."""
    change = st.sampled_from(flow.questions).flatmap(
        lambda question: st.tuples(st.just(question.id), answers_to(question))
    )
    return st.lists(change, max_size=10).map(lambda changes: {**CALM, **dict(changes)})


# Made-up conditions

words = st.from_regex(r"[a-z0-9][a-z0-9_]{0,6}", fullmatch=True).filter(
    lambda word: word not in RESERVED
)


def conditions(flow: Flow, *, negated: bool = True) -> st.SearchStrategy[Condition]:
    """Conditions on the questions of a flow; without Not unless `negated`."""
    ones = st.sampled_from([q for q in flow.questions if q.kind is Kind.ONE])
    manys = st.sampled_from([q for q in flow.questions if q.kind is Kind.MANY])
    scales = st.sampled_from([q.id for q in flow.questions if q.kind is Kind.SCALE])

    def codes(question: Question) -> st.SearchStrategy[frozenset[str]]:
        return st.frozensets(st.sampled_from(question.codes), min_size=1)

    leaves: st.SearchStrategy[Condition] = st.one_of(
        ones.flatmap(lambda q: st.builds(Is, question=st.just(q.id), codes=codes(q).map(tuple))),
        ones.flatmap(lambda q: st.builds(IsNot, question=st.just(q.id), codes=codes(q).map(tuple))),
        manys.flatmap(lambda q: st.builds(Has, question=st.just(q.id), codes=codes(q))),
        manys.map(lambda q: HasAnything(question=q.id)),
        st.builds(AtLeast, question=scales, number=st.integers(1, 10)),
        st.tuples(ones, ones).map(lambda pair: Equals(left=pair[0].id, right=pair[1].id)),
        st.sampled_from(sorted(flow.definitions)).map(
            lambda name: Defined(name=name, part=flow.definitions[name])
        ),
    )

    def larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=2, max_size=4).map(tuple)
        built = [
            st.builds(All, parts=several),
            st.builds(AnyOf, parts=several),
            several.flatmap(
                lambda parts: st.builds(
                    CountOf, number=st.integers(1, len(parts)), parts=st.just(parts)
                )
            ),
        ]
        negation = [st.builds(Not, part=inner)] if negated else []
        return st.one_of(*built, *negation)

    return st.recursive(leaves, larger, max_leaves=12)


def partial_sheets(flow: Flow = FLOW) -> st.SearchStrategy[dict[str, Answer]]:
    """Answers to some of the questions."""
    return st.fixed_dictionaries(
        {}, optional={question.id: answers_to(question) for question in flow.questions}
    )
