"""What typed words can raise: each concern with its level and the answers that a "yes" stands for.

Codes only; the words are in `content`. A level is never a second opinion: it is held against what
the protocol's own rules give for the answers of the concern.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.resources.abc import Traversable

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from flows.answers import NONE, Answer, AnswerError, Answers
from flows.errors import FlowError
from flows.loader import packaged_protocol, read_document, refuse
from flows.models import Basis, Flow, Id, Kind, Urgency

CONCERNS = "concerns.yaml"


class Level(StrEnum):
    """How urgently a concern is taken up, most urgent first."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    ASK = "ask"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


class Help(StrEnum):
    """Help for what is no matter of triage."""

    DESPAIR = "despair"
    VIOLENCE = "violence"


class Concern(BaseModel):
    """Something that words can raise.

    `sets` are the answers that a "yes" or a "not sure" to the plain question stands for, `given`
    other answers under which the rules give the level. A concern has either `sets` or a kind of
    `help`. With `history` it counts however long ago it was (cancer), with `passing` even if it has
    passed (a face that drooped for ten minutes).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    level: Level
    sets: dict[Id, str | tuple[str, ...]] = {}
    given: dict[Id, str | tuple[str, ...]] = {}
    help: Help | None = None
    history: bool = False
    passing: bool = False

    @model_validator(mode="after")
    def _asks_or_helps(self) -> "Concern":
        if bool(self.sets) == (self.help is not None):
            raise ValueError("a concern has either answers under sets or a kind of help")
        if self.help is not None and self.given:
            raise ValueError("a concern with help has no answers under given")
        return self

    @property
    def about(self) -> str | None:
        """The question that is asked about; None where there is only help."""
        return next(iter(self.sets), None)


def load_concerns(flow: Flow, folder: Traversable | None = None) -> tuple[Concern, ...]:
    """The concerns of a protocol, in their order of precedence among equals.

    Raises:
        FlowError: the file is broken, names a question or an answer that the flow does not have,
            or a level is not the one that the flow's rules give.
    """
    document = read_document(folder if folder is not None else packaged_protocol(), CONCERNS)
    for key in document.data:
        if key != "concerns":
            raise FlowError("is not known here", file=CONCERNS, line=document.line((key,)), id=key)
    raw = document.data.get("concerns")
    if not isinstance(raw, list) or not raw:
        raise FlowError("concerns must be a list with something in it", file=CONCERNS, line=1)
    concerns: dict[str, Concern] = {}
    for place, entry in enumerate(raw):
        path = ("concerns", place)
        id = str(entry.get("id", "")) if isinstance(entry, dict) else ""
        try:
            concern = Concern.model_validate(_booleans(entry))
        except ValidationError as error:
            raise refuse(error, document, path, id) from None
        reason = next(_problems(flow, concern, concerns), None)
        if reason is not None:
            raise FlowError(reason, file=CONCERNS, line=document.line(path), id=id)
        concerns[concern.id] = concern
    return tuple(concerns.values())


def after_yes(flow: Flow, concern: Concern, answers: Answers) -> dict[str, Answer]:
    """The answers of somebody who said "yes" or "not sure" to the concern's question.

    Those under `given` are part of what was asked ("back pain and a fever") and are set, too. Ticks
    are added to those there are. A single choice is replaced, unless the rules give a higher
    urgency for the one already there: words only raise.
    """
    after = dict(answers)
    for id, set_ in {**concern.given, **concern.sets}.items():
        question = flow.question_by_id[id]
        wanted = _read(flow, id, set_)
        known = after.get(id)
        if question.kind is Kind.MANY and isinstance(wanted, tuple) and isinstance(known, tuple):
            after[id] = question.ordered((set(known) | set(wanted)) - {NONE})
        elif known is None or at_least_as_urgent(flow, id, wanted, known):
            after[id] = wanted
    return after


def at_least_as_urgent(flow: Flow, question: str, one: Answer, other: Answer) -> bool:
    """Whether the rules give no lower an urgency for one answer alone than for another."""
    return _rank(flow, {question: one}) <= _rank(flow, {question: other})


def _booleans(entry: object) -> object:
    """The entry with its flags as booleans: YAML is read as text throughout."""
    if not isinstance(entry, dict):
        return entry
    flags = {"true": True, "false": False}
    return {
        key: flags.get(str(value), value) if key in ("history", "passing") else value
        for key, value in entry.items()
    }


def _problems(flow: Flow, concern: Concern, before: Mapping[str, Concern]) -> Iterator[str]:
    if concern.id in before:
        yield "the id stands already above"
    answers: dict[str, Answer] = {}
    for id, raw in {**concern.given, **concern.sets}.items():
        if id not in flow.question_by_id:
            yield f"no such question: {id}"
            continue
        try:
            answers[id] = _read(flow, id, raw)
        except AnswerError as error:
            yield str(error)
    for id in concern.given.keys() & concern.sets.keys():
        yield f"{id} stands under sets and under given"
    if concern.help is None:
        given = _urgency(flow, answers)
        fits = {Urgency.EMERGENCY: Level.EMERGENCY, Urgency.SAME_DAY: Level.SAME_DAY}
        wanted = fits.get(given, Level.ASK) if given is not None else Level.ASK
        if concern.level is not wanted:
            yield f"level is {concern.level}, but by the rules these answers are {wanted}"


def _read(flow: Flow, id: str, raw: str | tuple[str, ...]) -> Answer:
    return flow.question_by_id[id].read(raw)


def _urgency(flow: Flow, answers: Answers) -> Urgency | None:
    """The highest urgency that a rule gives for these answers alone."""
    given = [rule.gives(answers) for rule in flow.rules if not isinstance(rule.when, Basis)]
    return min((one for one in given if one), key=lambda one: one.rank, default=None)


def _rank(flow: Flow, answers: Answers) -> int:
    urgency = _urgency(flow, answers)
    return len(Urgency) if urgency is None else urgency.rank
