"""What a patient's conversation consists of, and what each step makes of it.

A conversation is a value: a step gives a new one. Where it stands, its `position`, is computed
from it and never stored. Whether a step may be taken at a position is the machine's business
(`flows.machine`); here is only what it changes.

What a patient writes can raise a concern (`flows.concerns`). Then its plain question stands before
everything else, and only an emergency before it. A yes or a not sure sets answers of the protocol,
as if their questions had been asked; a no leads back, with everything as it was.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from flows.answers import NONE, Answer, AnswerError, Answers
from flows.concerns import Concern, after_yes, at_least_as_urgent
from flows.interview import Standing, stand, valid
from flows.models import Flow, Kind, Outcome

WELCOME: Final = "welcome"
CONSENT: Final = "consent"
REVIEW: Final = "review"
RESULT: Final = "result"
EMERGENCY: Final = "emergency"
OUT_OF_SCOPE: Final = "out_of_scope"
CLOSED: Final = "closed"
CONCERN: Final = "concern"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One patient's conversation.

    `drafts` hold, by question, ticks that are not done yet (possibly none) and answers that were
    taken back to be given again; a draft is shown to the patient and counts for nothing. `agreed`:
    the patient agreed to start. `confirmed`: the patient asked for the result of the answers as
    they stand. `closed`: the patient stopped; everything is kept.

    `asking` are the ids of the concerns that words raised and that are still to be asked about,
    the first one now. `raised` are the questions that words have answered: they count as asked.
    Of these, choose-many questions are `unfinished` until the patient has seen all that can be
    ticked: the ticks count, and the question is still asked, with them.
    """

    answers: Answers = field(default_factory=dict)
    drafts: Answers = field(default_factory=dict)
    agreed: bool = False
    reading_note: bool = False
    confirmed: bool = False
    closed: bool = False
    asking: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadNote:
    """Read the privacy note before agreeing."""


@dataclass(frozen=True, slots=True)
class Agree:
    """Agree to be asked, and start."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Tick a code of a choose-many question, or take the tick off."""

    question: str
    code: str


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """Answer the open question. The answer is one that `Question.read` gave."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Back:
    """Go one question back; its answer becomes a draft."""


@dataclass(frozen=True, slots=True)
class Change:
    """Answer one question again; its answer becomes a draft, all others stay.

    Questions before it that are still open, as after a correction that showed an emergency at
    once, come first.
    """

    question: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """The answers on the review are right: show the result."""


@dataclass(frozen=True, slots=True)
class StartOver:
    """Forget the answers and start with the first question.

    What words raised and nobody has answered yet is still asked: a new start sets nothing aside.
    """


@dataclass(frozen=True, slots=True)
class Close:
    """Stop for now; nothing is forgotten."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after stopping."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Words raised these concerns, by id, the most urgent first: ask about them.

    What is still to be asked about from before comes after them, unless it is named among them.
    """

    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to the plain question of a concern; `yes` stands for "not sure", too."""

    concern: Concern
    yes: bool


Step: TypeAlias = (
    ReadNote
    | Agree
    | Tick
    | GiveAnswer
    | Back
    | Change
    | Confirm
    | StartOver
    | Close
    | Resume
    | Ask
    | Reply
)


def position(flow: Flow, conversation: Conversation) -> str:
    """The state of the conversation: the open question, or one of the states named above.

    An emergency that words raised stands before everything, agreed to or not.
    """
    if conversation.asking or (conversation.raised and not conversation.closed):
        standing = standing_of(flow, conversation)
        if standing.outcome is Outcome.EMERGENCY and not conversation.closed:
            return EMERGENCY
        if conversation.asking:
            return CONCERN
    if conversation.closed:
        return CLOSED
    if not conversation.agreed:
        return CONSENT if conversation.reading_note else WELCOME
    standing = standing_of(flow, conversation)
    if standing.outcome is Outcome.EMERGENCY:
        return EMERGENCY
    if standing.outcome is Outcome.OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    if standing.open is not None:
        return standing.open
    return RESULT if conversation.confirmed else REVIEW


def after(flow: Flow, conversation: Conversation, step: Step) -> Conversation:
    """The conversation after a step that may be taken."""
    match step:
        case ReadNote():
            return replace(conversation, reading_note=True)
        case Agree():
            return replace(conversation, agreed=True, reading_note=False)
        case Tick(question=question, code=code):
            return _ticked(flow, conversation, question, code)
        case GiveAnswer(question=question, answer=answer):
            return _answered(flow, conversation, question, answer)
        case Back():
            return _gone_back(flow, conversation)
        case Change(question=question):
            return _taken_back(conversation, question)
        case Confirm():
            return replace(conversation, confirmed=True)
        case StartOver():
            return Conversation(agreed=conversation.agreed, asking=conversation.asking)
        case Close():
            return replace(conversation, closed=True)
        case Resume():
            return replace(conversation, closed=False)
        case Ask(concerns=concerns):
            return replace(
                conversation, asking=tuple(dict.fromkeys((*concerns, *conversation.asking)))
            )
        case Reply(concern=concern, yes=yes):
            rest = tuple(id for id in conversation.asking if id != concern.id)
            replied = replace(conversation, asking=rest)
            return _set_by_words(flow, replied, concern) if yes else replied


def previous(flow: Flow, conversation: Conversation) -> str | None:
    """The question that Back leads to; None before the first one."""
    standing = standing_of(flow, conversation)
    asked = standing.asked[:-1] if standing.open is not None else standing.asked
    return asked[-1] if asked else None


def draft_ticks(conversation: Conversation, question: str) -> tuple[str, ...]:
    """The codes that are ticked so far in an open choose-many question."""
    counting = conversation.answers.get(question) if question in conversation.unfinished else None
    draft = conversation.drafts.get(question, counting)
    return draft if isinstance(draft, tuple) else ()


def fitted(flow: Flow, conversation: Conversation) -> Conversation:
    """A stored conversation as this version of the flow can use it.

    Answers that no longer fit (their question or code is gone) become no answer, so that their
    question, if it still exists, is asked again; all others stay.
    """
    answers = _fitting(flow, conversation.answers)
    return replace(
        conversation,
        answers=answers,
        drafts=_fitting(flow, conversation.drafts),
        raised=tuple(id for id in conversation.raised if id in flow.question_by_id),
        unfinished=tuple(id for id in conversation.unfinished if id in answers),
    )


class _Latest(threading.local):
    """The conversation that was looked at last, and where it stands.

    One tap asks several times where the same conversation stands, and it is dear to find out. A
    conversation is a value: as long as it is the same object, so is what follows from it.
    """

    of: tuple[Flow, Conversation, Standing] | None = None


_latest = _Latest()


def standing_of(flow: Flow, conversation: Conversation) -> Standing:
    """Where the interview inside a conversation stands."""
    latest = _latest.of
    if latest is not None and latest[0] is flow and latest[1] is conversation:
        return latest[2]
    standing = stand(
        flow,
        conversation.answers,
        conversation.drafts,
        raised=conversation.raised,
        unfinished=conversation.unfinished,
    )
    _latest.of = flow, conversation, standing
    return standing


def may_be_emergency(flow: Flow, conversation: Conversation) -> bool:
    """Whether it would be an emergency if the drafts counted: ticks not done, answers taken back.

    A draft counts for nothing else, but nobody may lose sight of what to do meanwhile.
    """
    if not conversation.drafts:
        return False
    together = {**conversation.drafts, **conversation.answers}
    for id in conversation.unfinished:
        together[id] = _ticked_too(flow, id, draft_ticks(conversation, id), together[id])
    raised = conversation.raised
    return stand(flow, together, raised=raised).outcome is Outcome.EMERGENCY


def changeable(flow: Flow, conversation: Conversation) -> tuple[str, ...]:
    """The questions whose answer can be changed, in the order asked.

    Where an emergency or an end out of scope rests on an earlier answer, one given after it
    cannot: it would not be asked again as long as that stands.
    """
    return tuple(
        question
        for question in standing_of(flow, conversation).answers
        if can_change(flow, conversation, question)
    )


def can_change(flow: Flow, conversation: Conversation, question: str) -> bool:
    """Whether taking this answer back leads to its question, or to something that comes before.

    That is an open question, a concern that is to be asked about, or the patient's agreement.
    """
    if question not in conversation.answers:
        return False
    there = position(flow, _taken_back(conversation, question))
    return there in flow.question_by_id or there in (CONCERN, WELCOME, CONSENT)


def _ticked(flow: Flow, conversation: Conversation, question: str, code: str) -> Conversation:
    ticks = set(draft_ticks(conversation, question))
    if code in ticks:
        ticks.remove(code)
    elif code == NONE:
        ticks = {NONE}
    else:
        ticks = (ticks | {code}) - {NONE}
    ordered = flow.question_by_id[question].ordered(ticks)
    return replace(conversation, drafts={**conversation.drafts, question: ordered})


def _answered(
    flow: Flow, conversation: Conversation, question: str, answer: Answer
) -> Conversation:
    answers = {**conversation.answers, question: answer}
    drafts = _without(conversation.drafts, question)
    unfinished = _finished(conversation, question)
    waiting = {id for id in drafts if id not in answers}.union(unfinished)
    gone = _no_longer_apply(flow, answers, waiting, conversation.raised)
    return replace(
        conversation,
        answers=_without(answers, *gone),
        drafts=_without(drafts, *gone),
        confirmed=False,
        unfinished=unfinished,
    )


def _set_by_words(flow: Flow, conversation: Conversation, concern: Concern) -> Conversation:
    """The answers that a yes to a concern stands for, in force; ticks that were set stay."""
    answers, drafts = dict(conversation.answers), dict(conversation.drafts)
    unfinished = list(conversation.unfinished)
    after_ = after_yes(flow, concern, answers)
    ids = (*concern.sets, *concern.given)
    for id in ids:
        answer, draft = after_[id], drafts.get(id)
        if isinstance(answer, tuple):
            if id not in answers:
                unfinished.append(id)
            if isinstance(draft, tuple):
                drafts[id] = _ticked_too(flow, id, draft, answer)
        elif draft is not None:
            if not at_least_as_urgent(flow, id, answer, draft):
                continue  # what is being corrected was more urgent: the question stays open
            del drafts[id]
        answers[id] = answer
    raised = tuple(dict.fromkeys((*conversation.raised, *ids)))
    waiting = {id for id in flow.question_by_id if id not in answers}.union(unfinished)
    gone = _no_longer_apply(flow, answers, waiting, raised)
    changed = replace(
        conversation,
        answers=_without(answers, *gone),
        drafts=_without(drafts, *gone),
        confirmed=conversation.confirmed and answers == conversation.answers,
        raised=raised,
        unfinished=tuple(dict.fromkeys(unfinished)),
    )
    in_force = stand(flow, changed.answers, raised=raised, unfinished=changed.unfinished)
    if in_force.outcome is not Outcome.EMERGENCY:
        return changed
    return _without_drafts(flow, replace(changed, closed=False))


def _without_drafts(flow: Flow, conversation: Conversation) -> Conversation:
    """What is being given again stands as it was, and ticks count though they are not done.

    An emergency stops whatever was going on, and must not be hidden behind it.
    """
    answers, unfinished = dict(conversation.answers), list(conversation.unfinished)
    for id, draft in conversation.drafts.items():
        if draft == ():
            continue
        if id in answers:  # set by words, with more ticks beside it
            answers[id] = _ticked_too(flow, id, draft, answers[id])
            continue
        answers[id] = draft
        if flow.question_by_id[id].kind is Kind.MANY:
            unfinished.append(id)
    return replace(conversation, answers=answers, drafts={}, unfinished=tuple(unfinished))


def _ticked_too(flow: Flow, question: str, *ticks: Answer) -> tuple[str, ...]:
    """All of some ticks of a question together."""
    codes = {code for some in ticks if isinstance(some, tuple) for code in some}
    return flow.question_by_id[question].ordered(codes - {NONE} or codes)


def _finished(conversation: Conversation, question: str) -> tuple[str, ...]:
    return tuple(id for id in conversation.unfinished if id != question)


def _gone_back(flow: Flow, conversation: Conversation) -> Conversation:
    if not conversation.agreed:
        return replace(conversation, reading_note=False)
    before = previous(flow, conversation)
    if before is None:
        return replace(conversation, agreed=False)
    return _taken_back(conversation, before)


def _taken_back(conversation: Conversation, question: str) -> Conversation:
    return replace(
        conversation,
        answers=_without(conversation.answers, question),
        drafts={**conversation.drafts, question: conversation.answers[question]},
        confirmed=False,
        unfinished=_finished(conversation, question),
    )


def _no_longer_apply(
    flow: Flow, answers: Answers, waiting: Collection[str], raised: Collection[str]
) -> list[str]:
    """The questions that no longer apply, whose answers are given up (protocol section 1).

    One that words have answered always applies. What comes after one that is `waiting` for its
    answer, as for a correction, is not looked at before that is given.
    """
    known: dict[str, Answer] = {}
    gone: list[str] = []
    for question in flow.questions:
        if question.id not in raised and not question.applies(known):
            gone.append(question.id)
            continue
        if question.id in waiting:
            break
        answer = valid(question, answers)
        if answer is not None:
            known[question.id] = answer
    return gone


def _fitting(flow: Flow, answers: Answers) -> dict[str, Answer]:
    fitting: dict[str, Answer] = {}
    for id, answer in answers.items():
        question = flow.question_by_id.get(id)
        if question is None:
            continue
        if answer == () and question.kind is Kind.MANY:  # a draft whose ticks were all taken off
            fitting[id] = answer
            continue
        try:
            # Ticks come into the order of the options.
            fitting[id] = answer if question.takes(answer) else question.read(answer)
        except AnswerError:
            continue
    return fitting


def _without(answers: Mapping[str, Answer], *questions: str) -> dict[str, Answer]:
    return {id: answer for id, answer in answers.items() if id not in questions}
