"""How often each rule gives the urgency: exact numbers over all interviews that can be told apart.

These count ways to answer, not patients: they are no frequency and must never be read as one.

The walk of `flows.explorer`, with the rules beside the questions: a state also holds the highest
urgency so far, what is left of every rule that could still decide, and, as long as a link could
decide, the points gathered. How the interviews from each state end is counted from the last
question back.
"""

from collections import defaultdict
from typing import Any, TypeAlias

from flows.answers import Answer
from flows.conditions import All, Condition
from flows.folding import Open, Settling, fold
from flows.models import Basis, Flow, Pathway, Question, Urgency

Rules: TypeAlias = tuple[tuple[str, int, Open], ...]
State: TypeAlias = tuple[Any, ...]
Endings: TypeAlias = dict[tuple[int, bool], int]
"""The rank of the urgency and whether a pathway is found: how many interviews end so."""

_NOTHING = len(Urgency)
"""The rank as long as no rule holds."""
_SCOPE = _NOTHING + 1


def deciding(flow: Flow) -> tuple[dict[str, int], dict[str, int]]:
    """In how many interviews each rule gives the urgency, and how many end with each urgency."""
    return _Deciding(flow).counted()


class _Deciding:
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.settling = Settling()
        self.folded = fold(flow)
        self._known: dict[State, list[tuple[State, int, tuple[tuple[str, int], ...]]]] = {}
        self.found_rank = min(
            (rule.urgency.rank for rule in flow.rules if rule.when is Basis.PATHWAY_FOUND),
            default=-1,
        )

    def counted(self) -> tuple[dict[str, int], dict[str, int]]:
        layers = self._forward()
        endings: dict[State, Endings] = {}
        rules: dict[str, int] = defaultdict(int)
        for place in range(len(self.flow.questions) - 1, -1, -1):
            endings, held = self._backward(place, layers[place], endings)
            for rule, count in held.items():
                rules[rule] += count
        (all_endings,) = endings.values()
        urgencies: dict[str, int] = defaultdict(int)
        for (rank, found), count in all_endings.items():
            name = "out_of_scope" if rank == _SCOPE else list(Urgency)[rank].value
            urgencies[name] += count
            for rule_ in self.flow.rules:
                by_link = rule_.when is Basis.PATHWAY_FOUND and found
                otherwise = rule_.when is Basis.OTHERWISE and not found
                if rank == rule_.urgency.rank and (by_link or otherwise):
                    rules[rule_.id] += count
        return dict(rules), dict(urgencies)

    def _forward(self) -> list[dict[State, int]]:
        flow, intern = self.flow, self.settling.intern
        asked = tuple(
            True if question.asked is None else intern(question.asked)
            for question in flow.questions
        )
        ends = tuple(intern(end.when) for end in flow.ends)
        pathways = tuple(self._pathway(pathway) for pathway in flow.pathways)
        first = (asked, ends, _NOTHING, self._rules(), pathways)
        layers: list[dict[State, int]] = [{first: 1}]
        for place, question in enumerate(flow.questions):
            following: dict[State, int] = defaultdict(int)
            for state, ways in layers[place].items():
                for new, number, _held in self._steps(state, question):
                    if new[2] not in (0, _SCOPE):
                        following[new] += ways * number
            layers.append(following)
        return layers

    def _backward(
        self, place: int, layer: dict[State, int], after: dict[State, Endings]
    ) -> tuple[dict[State, Endings], dict[str, int]]:
        question = self.flow.questions[place]
        last = place + 1 == len(self.flow.questions)
        rules: dict[str, int] = defaultdict(int)
        endings: dict[State, Endings] = {}
        for state, ways in layer.items():
            own: Endings = defaultdict(int)
            for new, number, held in self._steps(state, question):
                then = {self._end(new): 1} if last or new[2] in (0, _SCOPE) else after[new]
                for end, count in then.items():
                    own[end] += count * number
                    for rule, rank in held:
                        if rank == end[0]:
                            rules[rule] += ways * count * number
            endings[state] = own
        return endings, rules

    def _end(self, state: State) -> tuple[int, bool]:
        best: int = state[2]
        if best in (0, _SCOPE):
            return best, False
        found = state[4] is True
        if found and best > self.found_rank:
            best = self.found_rank
        if best == _NOTHING:
            best = next(r.urgency.rank for r in self.flow.rules if r.when is Basis.OTHERWISE)
        return best, found

    def _steps(
        self, state: State, question: Question
    ) -> list[tuple[State, int, tuple[tuple[str, int], ...]]]:
        if state not in self._known:
            self._known[state] = self._stepped(state, question)
        return self._known[state]

    def _stepped(
        self, state: State, question: Question
    ) -> list[tuple[State, int, tuple[tuple[str, int], ...]]]:
        if state[0][0] is False:
            return [(self._step(state, question, None)[0], 1, ())]
        grouped: dict[tuple[State, tuple[tuple[str, int], ...]], int] = defaultdict(int)
        for one in self.folded[question.id]:
            grouped[self._step(state, question, one.answer)] += 1
        return [(new, number, held) for (new, held), number in grouped.items()]

    def _step(
        self, state: State, question: Question, answer: Answer | None
    ) -> tuple[State, tuple[tuple[str, int], ...]]:
        settle = self.settling.settle
        asked, ends, best, rules, pathways = state
        left = [(id, rank, settle(when, question.id, answer)) for id, rank, when in rules]
        held = tuple((id, rank) for id, rank, when in left if when is True)
        best = min((best, *(rank for _, rank in held)))
        still_ends = tuple(settle(end, question.id, answer) for end in ends)
        if best == 0:
            return ((), (), 0, (), None), held
        if any(end is True for end in still_ends):
            return ((), (), _SCOPE, (), None), ()
        open_ = tuple(
            (id, rank, when)
            for id, rank, when in left
            if not isinstance(when, bool) and rank <= best
        )
        return (
            tuple(settle(one, question.id, answer) for one in asked[1:]),
            still_ends,
            best,
            open_,
            self._gathered(best, pathways, question, answer),
        ), held

    def _rules(self) -> Rules:
        gives: list[tuple[str, int, Open]] = []
        for rule in self.flow.rules:
            if isinstance(rule.when, Basis):
                continue
            gives.append((rule.id, rule.urgency.rank, self.settling.intern(rule.when)))
            if rule.raised is not None:
                both = All(parts=(rule.when, rule.raised.when))
                gives.append((rule.id, rule.raised.to.rank, self.settling.intern(both)))
        return tuple(gives)

    def _pathway(self, pathway: Pathway) -> State:
        terms: list[tuple[Condition, int]] = []
        for item in pathway.items:
            for term in item.terms:
                when = term.when if item.only is None else All(parts=(item.only, term.when))
                terms.append((self.settling.intern(when), term.points))
        needs = True if pathway.needs is None else self.settling.intern(pathway.needs)
        return needs, pathway.possible, tuple(terms)

    def _gathered(self, best: int, pathways: Any, question: Question, answer: Answer | None) -> Any:
        """What could still be found; True once something is; None where it decides nothing."""
        if best < self.found_rank or pathways is None:
            return None
        if pathways is True:
            return True
        settle = self.settling.settle
        kept: list[State] = []
        for needs, missing, terms in pathways:
            needed = settle(needs, question.id, answer)
            wanted = missing
            open_: dict[int, tuple[Condition, int]] = {}
            for when, points in terms:
                now = settle(when, question.id, answer)
                if now is True:
                    wanted -= points
                elif not isinstance(now, bool):
                    known = open_.get(id(now), (now, 0))[1]
                    open_[id(now)] = (now, known + points)
            rest = tuple(open_.values())
            most = sum(points for _, points in rest if points > 0)
            least = sum(points for _, points in rest if points < 0)
            if needed is False or most < wanted:
                continue
            if needed is True and least >= wanted:
                return True
            kept.append((needed, wanted, rest))
        return tuple(kept)
