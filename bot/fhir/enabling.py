"""When a question is asked, as one condition on a whole sheet of answers.

The interview walks: it asks one question at a time, drops the answers of questions that no longer
apply, and stops at an emergency or out of scope. A form does not walk: it holds all the answers
there are, perhaps also those of questions that are disabled by now. So each condition is written
once more such that it can be read from the answers alone:

- an answer counts only together with the condition of its own question,
- a question is asked only if nothing before it ended the interview.

What an ending says of an answer that was always asked for is turned round ("not under 18" into
"any other age"), which a form can say plainly. The results are ordinary conditions made of `Is`,
`Has`, `AtLeast`, `All`, `AnyOf`, `CountOf` and `Not`, of which FHIR's `enableWhen` and FHIRPath
know the like.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from flows.answers import NONE
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
from flows.models import Basis, End, Flow, Kind, Question, Rule, Urgency

ALWAYS: Final = All(parts=())
NEVER: Final = AnyOf(parts=())


class Enabling:
    """The conditions of one flow, each on a whole sheet of answers.

    The flow must be sound (`flows.lint`): a condition reads earlier questions only, and what ends
    an interview does not use `not`, so that no later answer can take an end back.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._places = {question.id: place for place, question in enumerate(flow.questions)}
        self._applies = cache(self._work_out_applies)
        emergencies = [self._counting(_emergency(rule)) for rule in flow.emergency_rules]
        self._ends = [self._counting(end.when) for end in flow.ends]
        self._emergency = any_of(emergencies)
        self._endings = [*self._ends, *emergencies]

    def applies(self, question: str) -> Condition:
        """What the question's own condition says, of answers that count."""
        return self._applies(question)

    def goes_on(self, question: str, since: str | None = None) -> Condition:
        """Nothing answered before the question ended the interview.

        With `since`, an earlier question, only what is not yet said by `goes_on(since)`.
        """
        parts = self._going_on(question)
        said = () if since is None else self._going_on(since)
        return all_of(part for part in parts if part not in said)

    def emergency(self) -> Condition:
        """Some answers that count make an emergency rule hold."""
        return self._emergency

    def out_of_scope(self, end: End) -> Condition:
        """The interview ended for this reason; an emergency comes first, then the earlier end."""
        place = self._flow.ends.index(end)
        first = (self._emergency, *self._ends[:place])
        return all_of([self._ends[place], *(Not(part=other) for other in first)])

    def _going_on(self, question: str) -> tuple[Condition, ...]:
        place = self._places[question]
        none = all_of(
            self._negated(_known(ending, self._places, place)) for ending in self._endings
        )
        return none.parts if isinstance(none, All) else (none,)

    def _work_out_applies(self, question: str) -> Condition:
        asked = self._flow.question_by_id[question].asked
        return ALWAYS if asked is None else self._counting(asked)

    def _counting(self, condition: Condition) -> Condition:
        """The condition where answers count only if their questions apply."""
        match condition:
            case All(parts=parts):
                return all_of(self._counting(part) for part in parts)
            case AnyOf(parts=parts):
                return any_of(self._counting(part) for part in parts)
            case CountOf(number=number, parts=parts):
                counted = tuple(self._counting(part) for part in parts)
                return CountOf(number=number, parts=counted)
            case Not(part=part):
                return self._negated(self._counting(part))
            case Defined(part=part):
                return self._counting(part)
            case Equals(left=left, right=right):
                both = [
                    all_of([Is(question=left, codes=(code,)), Is(question=right, codes=(code,))])
                    for code in self._question(left).codes
                    if code in self._question(right).codes
                ]
                return self._counting(any_of(both))
            case IsNot(question=question, codes=codes):
                return self._guarded(self._choice(question, set(codes), others=True))
            case Is(question=question, codes=codes):
                return self._guarded(self._choice(question, set(codes)))
            case Has(question=question, codes=ticks):
                return self._guarded(self._choice(question, ticks))
            case HasAnything(question=question):
                return self._guarded(self._choice(question, {NONE}, others=True))
            case AtLeast():
                return self._guarded(condition)

    def _guarded(self, comparison: Is | Has | AtLeast | AnyOf) -> Condition:
        if isinstance(comparison, AnyOf):
            return comparison  # no answer can make it true
        return all_of([self.applies(comparison.question), comparison])

    def _choice(
        self, question: str, codes: Iterable[str], *, others: bool = False
    ) -> Is | Has | AnyOf:
        """One of these codes is chosen, or one of the question's others."""
        asked = self._question(question)
        named = set(codes)
        chosen = tuple(code for code in asked.codes if (code in named) is not others)
        if not chosen:
            return NEVER
        if asked.kind is Kind.ONE:
            return Is(question=question, codes=chosen)
        return Has(question=question, codes=frozenset(chosen))

    def _negated(self, condition: Condition) -> Condition:
        match condition:
            case Not(part=part):
                return part
            case AnyOf(parts=parts):
                return all_of(self._negated(part) for part in parts)
            case All(parts=()):
                return NEVER
            case Is(question=question, codes=codes) if self._always_asked(question):
                return self._choice(question, codes, others=True)
            case Has(question=question, codes=codes) if self._always_asked(question):
                # `none` stands alone, so here the others are as good as a negation.
                if codes == {NONE} or codes == self._ticks(question):
                    return self._choice(question, codes, others=True)
        return Not(part=condition)

    def _always_asked(self, question: str) -> bool:
        return self._question(question).asked is None

    def _ticks(self, question: str) -> frozenset[str]:
        """Every code but `none`, for a question that has it."""
        codes = frozenset(self._question(question).codes)
        return codes - {NONE} if NONE in codes else frozenset()

    def _question(self, id: str) -> Question:
        return self._flow.question_by_id[id]


def _emergency(rule: Rule) -> Condition:
    """When the rule gives an emergency."""
    if isinstance(rule.when, Basis):
        return NEVER
    if rule.urgency is Urgency.EMERGENCY or rule.raised is None:
        return rule.when
    return All(parts=(rule.when, rule.raised.when))


def _known(condition: Condition, places: dict[str, int], before: int) -> Condition:
    """The condition where only the questions before a place are answered."""
    match condition:
        case All(parts=parts):
            return all_of(_known(part, places, before) for part in parts)
        case AnyOf(parts=parts):
            return any_of(_known(part, places, before) for part in parts)
        case CountOf(number=number, parts=parts):
            known = tuple(_known(part, places, before) for part in parts)
            able = tuple(part for part in known if part != NEVER)
            return CountOf(number=number, parts=able) if len(able) >= number else NEVER
        case _:
            reads = condition.reads()
            return condition if all(places[id] < before for id in reads) else NEVER


def all_of(conditions: Iterable[Condition]) -> Condition:
    """All of these hold: flat, nothing said twice or by a narrower part already."""
    parts: list[Condition] = []
    for condition in conditions:
        for part in condition.parts if isinstance(condition, All) else (condition,):
            if part == NEVER:
                return NEVER
            if not any(_says(known, part) for known in parts):
                parts = [known for known in parts if not _says(part, known)]
                parts.append(part)
    return parts[0] if len(parts) == 1 else All(parts=tuple(parts))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """One of these holds: flat, choices of one question together, what all share said once."""
    parts: list[Condition] = []
    for condition in conditions:
        for part in condition.parts if isinstance(condition, AnyOf) else (condition,):
            if part == ALWAYS:
                return ALWAYS
            if part not in parts:
                parts.append(part)
    if len(parts) < 2:
        return parts[0] if parts else NEVER
    shared = [
        one for one in _conjuncts(parts[0]) if all(one in _conjuncts(part) for part in parts[1:])
    ]
    if not shared:
        return AnyOf(parts=tuple(_together(parts)))
    left = (all_of(one for one in _conjuncts(part) if one not in shared) for part in parts)
    return all_of([*shared, any_of(left)])


def _conjuncts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, All) else (condition,)


def concise(condition: Condition) -> Condition:
    """The same condition without what a comparison beside or around it says already."""
    match condition:
        case All(parts=parts):
            whole = all_of(concise(part) for part in parts)
            parts = whole.parts if isinstance(whole, All) else (whole,)
            said = [part for part in parts if isinstance(part, Is | Has)]
            return all_of(part if part in said else _given(part, said) for part in parts)
        case AnyOf(parts=parts):
            return any_of(concise(part) for part in parts)
        case Not(part=part):
            return Not(part=concise(part))
        case CountOf(number=number, parts=parts):
            return CountOf(number=number, parts=tuple(concise(part) for part in parts))
    return condition


def _given(condition: Condition, said: list[Is | Has]) -> Condition:
    """What a condition still says where these comparisons hold."""
    match condition:
        case All(parts=parts):
            return all_of(_given(part, said) for part in parts)
        case AnyOf(parts=parts):
            return any_of(_given(part, said) for part in parts)
        case Not(part=part):
            left = _given(part, said)
            return NEVER if left == ALWAYS else Not(part=left)
        case CountOf(number=number, parts=parts):
            return CountOf(number=number, parts=tuple(_given(part, said) for part in parts))
    return ALWAYS if any(_says(one, condition) for one in said) else condition


def _says(narrow: Condition, wide: Condition) -> bool:
    """Whether the first already says the second."""
    if isinstance(narrow, Is | Has) and type(narrow) is type(wide):
        return narrow.question == wide.question and set(narrow.codes) <= set(wide.codes)
    return narrow == wide


def _together(parts: list[Condition]) -> list[Condition]:
    """Choices of the same question as one."""
    merged: list[Condition] = []
    for part in parts:
        for place, known in enumerate(merged):
            if isinstance(part, Is) and isinstance(known, Is) and part.question == known.question:
                codes = tuple(dict.fromkeys((*known.codes, *part.codes)))
                merged[place] = Is(question=part.question, codes=codes)
                break
            if isinstance(part, Has) and isinstance(known, Has) and part.question == known.question:
                merged[place] = Has(question=part.question, codes=known.codes | part.codes)
                break
        else:
            merged.append(part)
    return merged
