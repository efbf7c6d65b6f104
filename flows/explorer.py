"""Walks every state of the conversation that can be told apart, and counts them exactly.

Answers are folded to classes (`flows.folding`). States are merged where everything that later
questions, ends and rules can still tell apart is the same, so that a walk over the merged states is
a walk over all of them; the numbers of states, interviews and sheets are exact whole numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from flows.answers import Answer
from flows.conditions import All, Condition
from flows.folding import AnswerClass, Open, Settling, fold
from flows.models import Basis, Flow, Outcome, Question, Urgency

State: TypeAlias = tuple[Any, ...]
Step: TypeAlias = tuple[str, Answer | None]

COMPLETE: Final = "result"


@dataclass(slots=True)
class Explored:
    """What the walk found; every number is exact.

    `states` counts states with all answers so far told apart as far as anything can, `merged` those
    that differ in what can still follow. `interviews` are the ways to an end by folded answers,
    `sheets` by single answers. `lengths` is how many interviews ask so many questions. `ends` and
    `ways` give the answers that lead to each end, and to the question open in each merged state.
    """

    states: int = 0
    merged: int = 0
    interviews: int = 0
    sheets: int = 0
    lengths: dict[int, int] = field(default_factory=dict)
    ends: dict[str, dict[str, Answer]] = field(default_factory=dict)
    ways: list[tuple[str, dict[str, Answer]]] = field(default_factory=list)

    def length(self, share: float) -> int:
        """The length that so large a share of the interviews does not exceed."""
        seen = 0
        for length in sorted(self.lengths):
            seen += self.lengths[length]
            if seen >= share * self.interviews:
                return length
        raise ValueError("nothing was explored")


@dataclass(slots=True)
class _Count:
    """What is known of a merged state: by length, how many ways and sheets lead to it; one way."""

    ways: dict[int, int]
    sheets: int
    answers: dict[str, Answer]


def explore(flow: Flow) -> Explored:
    """Walk every state of a flow's interview."""
    settling = Settling()
    folded = fold(flow)
    found = Explored()
    states: dict[State, _Count] = {first_state(flow, settling): _Count({0: 1}, 1, {})}
    for place, question in enumerate(flow.questions):
        following: dict[State, _Count] = {}
        for state, count in states.items():
            applies = state[0][0]
            if applies is False:
                _add(following, passed(state, question, None, settling), count, 1, None)
                continue
            found.merged += 1
            found.states += sum(count.ways.values())
            found.ways.append((question.id, count.answers))
            for answers in folded[question.id]:
                new = passed(state, question, answers.answer, settling)
                given = {**count.answers, question.id: answers.answer}
                over = ended(flow, new)
                if over is None and place + 1 < len(flow.questions):
                    _add(following, new, count, answers.answers, (question.id, answers.answer))
                else:
                    _end(found, over or COMPLETE, count, answers, given)
        states = following
    for count in states.values():  # the last question was not asked of these
        _end(found, COMPLETE, count, None, count.answers)
    return found


def first_state(flow: Flow, settling: Settling) -> State:
    """Where every interview begins: what is left of asking, of emergency rules and of ends."""
    asked: tuple[Open, ...] = tuple(
        True if question.asked is None else settling.intern(question.asked)
        for question in flow.questions
    )
    ends: tuple[Open, ...] = tuple(settling.intern(end.when) for end in flow.ends)
    rules: tuple[Open, ...] = tuple(settling.intern(condition) for condition in _emergencies(flow))
    return asked, rules, ends


def _emergencies(flow: Flow) -> Iterator[Condition]:
    for rule in flow.emergency_rules:
        if isinstance(rule.when, Basis):
            continue
        if rule.urgency is Urgency.EMERGENCY or rule.raised is None:
            yield rule.when
        else:
            yield All(parts=(rule.when, rule.raised.when))


def passed(state: State, question: Question, answer: Answer | None, settling: Settling) -> State:
    """The state once its question is answered, or, with None, passed over."""
    asked, rules, ends = state
    settle = settling.settle
    return (
        tuple(settle(one, question.id, answer) for one in asked[1:]),
        tuple(settle(one, question.id, answer) for one in rules),
        tuple(settle(one, question.id, answer) for one in ends),
    )


def ended(flow: Flow, state: State) -> str | None:
    """How the answer just given ends the interview, if it does: `emergency` or the id of an end."""
    _asked, rules, ends = state
    if any(one is True for one in rules):
        return Outcome.EMERGENCY.value
    for end, one in zip(flow.ends, ends, strict=True):
        if one is True:
            return end.id
    return None


def _add(
    states: dict[State, _Count], new: State, count: _Count, answers: int, step: Step | None
) -> None:
    longer = 0 if step is None else 1
    known = states.get(new)
    if known is None:
        given = count.answers if step is None else {**count.answers, step[0]: step[1]}
        states[new] = known = _Count({}, 0, given)  # type: ignore[arg-type]
    for length, ways in count.ways.items():
        known.ways[length + longer] = known.ways.get(length + longer, 0) + ways
    known.sheets += count.sheets * answers


def _end(
    found: Explored,
    name: str,
    count: _Count,
    answers: AnswerClass | None,
    given: Mapping[str, Answer],
) -> None:
    longer = 0 if answers is None else 1
    for length, ways in count.ways.items():
        found.lengths[length + longer] = found.lengths.get(length + longer, 0) + ways
        found.interviews += ways
        found.states += ways
    found.sheets += count.sheets * (1 if answers is None else answers.answers)
    if name not in found.ends:
        found.merged += 1
    found.ends.setdefault(name, dict(given))
