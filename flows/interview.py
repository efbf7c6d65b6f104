"""Where an interview stands: computed from the answers, never stored.

The next question is the first one that applies and has no valid answer. Emergency rules are
evaluated at every answer, so an emergency ends the interview at the first answer that makes it
true. Going back, correcting, resuming after months and a newer version of the flow all follow
from this one walk.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from types import MappingProxyType

from flows.answers import Answer, Answers
from flows.models import Flow, Outcome, Question, Urgency

LookUp = Callable[[Question], Answer | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an interview stands.

    `asked` are the questions in the order asked; the last one is `open` where one is. `answers`
    hold what was answered of them, and nothing else. `outcome` says how the interview ended
    early: `rules` are then the emergency rules that did it, or `end` the reason to be out of scope.
    Where it was computed by `stand`, `counting` are all answers that count: of questions behind an
    open one, too.
    """

    asked: tuple[str, ...]
    answers: Answers
    open: str | None = None
    outcome: Outcome | None = None
    rules: tuple[str, ...] = ()
    end: str | None = None
    counting: Answers = field(default_factory=dict, compare=False, repr=False)

    @property
    def complete(self) -> bool:
        """Whether every question that applies was answered and nothing ended the interview."""
        return self.open is None and self.outcome is None


def walk(flow: Flow, look_up: LookUp) -> Standing:
    """Ask the flow's questions in order, as far as `look_up` knows valid answers.

    The walk stops at the first question without an answer, at the first emergency (protocol
    section 2) and at the first end out of scope. `look_up` gives None for "no answer"; whatever it
    raises reaches the caller.
    """
    asked: list[str] = []
    answers: dict[str, Answer] = {}
    for question in flow.questions:
        if not question.applies(answers):
            continue
        asked.append(question.id)
        answer = look_up(question)
        if answer is None:
            return Standing(tuple(asked), answers, open=question.id)
        answers[question.id] = answer
        ended = _ended(flow, question, answers, asked)
        if ended is not None:
            return ended
    return Standing(tuple(asked), answers)


def stand(
    flow: Flow,
    answers: Answers,
    drafts: Answers = MappingProxyType({}),
    *,
    raised: Collection[str] = (),
    unfinished: Collection[str] = (),
) -> Standing:
    """Where a patient with these stored answers stands.

    Unlike `walk`, it looks past an open question, and past an end out of scope, for an emergency
    among the answers as they stand: a correction may open an earlier question while later answers
    are kept, and such an emergency comes first. Only a question with a draft, one that the patient
    is correcting right now, is asked before anything after it is looked at.

    `raised` questions, answered by what the patient wrote, count as asked whatever their condition
    says; the answers of `unfinished` ones count, and are asked for all the same.
    """
    known, before, gap = _known(flow, answers, drafts, raised, unfinished)
    if any(rule.gives(known) is Urgency.EMERGENCY for rule in flow.emergency_rules):
        return replace(_first_emergency(flow, known), counting=known)
    settled = dict(islice(known.items(), before))
    if any(end.when.holds(settled) for end in flow.ends):
        ended = walk(flow, lambda question: settled.get(question.id))
        return replace(ended, counting=known)
    asked = tuple(settled) if gap is None else (*settled, gap)
    return Standing(asked, settled, open=gap, counting=known)


def counting(
    flow: Flow, answers: Answers, drafts: Answers, *, raised: Collection[str] = ()
) -> dict[str, Answer]:
    """The answers that count now: valid, their questions apply, no correction is open before them."""
    return _known(flow, answers, drafts, raised, ())[0]


def valid(question: Question, answers: Answers) -> Answer | None:
    """The stored answer to a question, if it is one that the question still takes."""
    answer = answers.get(question.id)
    return answer if answer is not None and question.takes(answer) else None


def _known(
    flow: Flow,
    answers: Answers,
    drafts: Answers,
    raised: Collection[str],
    unfinished: Collection[str],
) -> tuple[dict[str, Answer], int, str | None]:
    """The answers that count, how many of them stand before the open question, and that question."""
    known: dict[str, Answer] = {}
    before, gap = 0, None
    for question in flow.questions:
        id = question.id
        if not (question.asked is None or question.asked.holds(known) or id in raised):
            continue
        answer = answers.get(id)
        answered = answer is not None and question.takes(answer)
        if gap is None and (not answered or id in unfinished):
            before, gap = len(known), id
        if answer is not None and answered:
            known[id] = answer
        elif id in drafts:
            break
    return known, before if gap is not None else len(known), gap


def _first_emergency(flow: Flow, known: Answers) -> Standing:
    """The standing at the first of these answers that makes an emergency rule hold."""
    answers: dict[str, Answer] = {}
    for question, answer in known.items():
        answers[question] = answer
        rules = emergencies(flow, question, answers)
        if rules:
            break
    return Standing(tuple(answers), answers, outcome=Outcome.EMERGENCY, rules=rules)


def _ended(
    flow: Flow, question: Question, answers: dict[str, Answer], asked: list[str]
) -> Standing | None:
    rules = emergencies(flow, question.id, answers)
    if rules:
        return Standing(tuple(asked), answers, outcome=Outcome.EMERGENCY, rules=rules)
    for end in flow.ends_reading[question.id]:
        if end.when.holds(answers):
            return Standing(tuple(asked), answers, outcome=Outcome.OUT_OF_SCOPE, end=end.id)
    return None


def emergencies(flow: Flow, question: str, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The emergency rules that hold now that this question is answered, by id."""
    rules = flow.emergencies_reading[question]
    if not rules:  # so it is for most questions
        return ()
    return tuple(rule.id for rule in rules if rule.gives(answers) is Urgency.EMERGENCY)
