"""What changed between two versions of a protocol, in clinical words, and for which test patients."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from bot.book.build import ORIGINAL
from bot.book.clauses import Phrasing
from content.book import BookWords
from content.models import Content
from flows.assessment import NONE_FOUND, NOT_ASSESSED, assess_sheet
from flows.concerns import Concern, load_concerns
from flows.conditions import Condition
from flows.loader import load_flow
from flows.models import Basis, Flow, Item, Outcome, Pathway, Question, Rule, Term
from flows.patients import TestPatient, load_patients

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a protocol, as its folder holds it."""

    flow: Flow
    concerns: tuple[Concern, ...]
    patients: tuple[TestPatient, ...]


def load_version(folder: Traversable) -> Version:
    """A version of the protocol. Raises FlowError."""
    flow = load_flow(folder)
    return Version(flow, load_concerns(flow, folder), load_patients(flow, folder))


def differences(old: Version, new: Version, content: Content, words: BookWords) -> list[str]:
    """The differences, a line each, under headings; empty if both do the same."""
    return list(_Diff(old, new, content, words).lines())


class _Diff:
    def __init__(self, old: Version, new: Version, content: Content, words: BookWords) -> None:
        self._old, self._new = old, new
        self._content = content
        self._words = words
        self._diff = words.diff
        self._before = Phrasing(old.flow, content, words)
        self._after = Phrasing(new.flow, content, words)

    def lines(self) -> Iterator[str]:
        words = self._diff
        version = []
        if self._old.flow.version != self._new.flow.version:
            version = [words.version.format(old=self._old.flow.version, new=self._new.flow.version)]
        yield from version
        changed = bool(version)
        for title, part in (
            (words.questions, self._questions()),
            (words.rules, self._rules()),
            (words.pathways, self._pathways()),
            (words.others, self._others()),
        ):
            found = list(part)
            if found:
                changed = True
                yield from ("", title, *found)
        if not changed:
            return
        patients = list(self._patients())
        yield ""
        if patients:
            yield from (words.patients, *patients)
        else:
            yield words.patients_same

    # Questions.

    def _questions(self) -> Iterator[str]:
        old, new = self._old.flow.question_by_id, self._new.flow.question_by_id
        yield from self._gone_and_come(old, new, self._before.topic, self._after.topic)
        yield from self._moved(list(old), list(new), self._after.topic)
        for id in new:
            if id in old:
                yield from self._question(old[id], new[id])

    def _question(self, old: Question, new: Question) -> Iterator[str]:
        words, what = self._diff, self._after.topic(new.id)
        if old.kind is not new.kind:
            kinds = self._words.questions.kinds
            yield _dash(words.how.format(what=what, old=kinds[old.kind], new=kinds[new.kind]))
        come = [code for code in new.codes if code not in old.codes]
        gone = [code for code in old.codes if code not in new.codes]
        if come:
            options = self._after.quoted(new.id, come)
            yield _dash(words.options_added.format(what=what, options=options))
        if gone:
            options = self._before.quoted(old.id, gone)
            yield _dash(words.options_removed.format(what=what, options=options))
        if [c for c in old.codes if c in new.codes] != [c for c in new.codes if c in old.codes]:
            options = self._after.quoted(new.id, new.codes)
            yield _dash(words.options_moved.format(what=what, options=options))
        yield from self._condition(
            words.asked.format(what=what), old.asked, new.asked, words.always
        )
        if old.intimate != new.intimate:
            intimate = self._words.questions.intimate
            private = (words.nothing, intimate) if new.intimate else (intimate, words.nothing)
            yield _dash(words.how.format(what=what, old=private[0], new=private[1]))

    # Rules.

    def _rules(self) -> Iterator[str]:
        old, new = self._old.flow.rule_by_id, self._new.flow.rule_by_id
        yield from self._gone_and_come(
            old,
            new,
            lambda id: self._rule_in_full(old[id], self._before),
            lambda id: self._rule_in_full(new[id], self._after),
        )
        for id in new:
            if id in old:
                yield from self._rule(old[id], new[id])

    def _rule_in_full(self, rule: Rule, phrasing: Phrasing) -> str:
        when = phrasing.clause(rule.when).inline()
        return f"{rule.id} ({self._urgency(rule.urgency)}: {when})"

    def _rule(self, old: Rule, new: Rule) -> Iterator[str]:
        words = self._diff
        if old.urgency is not new.urgency:
            yield _dash(
                words.urgency.format(
                    what=new.id, old=self._urgency(old.urgency), new=self._urgency(new.urgency)
                )
            )
        yield from self._condition(words.when.format(what=new.id), old.when, new.when, "")
        before = None if old.raised is None else old.raised.when
        after = None if new.raised is None else new.raised.when
        yield from self._condition(words.raised.format(what=new.id), before, after, words.nothing)
        if old.raised and new.raised and old.raised.to is not new.raised.to:
            yield _dash(
                words.urgency.format(
                    what=new.id, old=self._urgency(old.raised.to), new=self._urgency(new.raised.to)
                )
            )
        if old.source != new.source:
            yield self._sources(new.id, old.source, new.source)

    def _urgency(self, urgency: str) -> str:
        if urgency == Outcome.OUT_OF_SCOPE:
            return self._words.overview.out_of_scope
        known = self._content.results.urgency.get(urgency)
        return known.word if known is not None else urgency

    def _sources(self, id: str, old: Iterable[str], new: Iterable[str]) -> str:
        return _dash(self._diff.sources.format(what=id, old=", ".join(old), new=", ".join(new)))

    # Pathways.

    def _pathways(self) -> Iterator[str]:
        old, new = self._old.flow.pathway_by_id, self._new.flow.pathway_by_id
        yield from self._gone_and_come(old, new, self._title, self._title)
        for id in new:
            if id in old:
                yield from self._pathway(old[id], new[id])
        words = self._diff
        for template, before, after in (
            (words.order, self._old.flow.tie_order, self._new.flow.tie_order),
            (words.mixed, self._old.flow.mixed, self._new.flow.mixed),
        ):
            if before != after:
                yield _dash(
                    template.format(
                        old=", ".join(map(self._title, before)),
                        new=", ".join(map(self._title, after)),
                    )
                )

    def _title(self, link: str) -> str:
        known = self._content.results.links.get(link)
        title = " ".join(known.title.plain().split()) if known is not None else link
        return self._words.conditions.quote.format(label=title)

    def _pathway(self, old: Pathway, new: Pathway) -> Iterator[str]:
        words, what = self._diff, self._title(new.id)
        if old.possible != new.possible:
            yield _dash(words.possible.format(what=what, old=old.possible, new=new.possible))
        if old.likely != new.likely:
            never = self._words.link.never_likely
            yield _dash(
                words.likely.format(what=what, old=old.likely or never, new=new.likely or never)
            )
        yield from self._condition(
            words.needs.format(what=what), old.needs, new.needs, words.always
        )
        before = {item.id: item for item in old.items}
        after = {item.id: item for item in new.items}
        yield from self._gone_and_come(before, after, str, str)
        for id, item in after.items():
            if id in before:
                yield from self._item(before[id], item)

    def _item(self, old: Item, new: Item) -> Iterator[str]:
        words = self._diff
        before = {term.name: term for term in old.terms}
        after = {term.name: term for term in new.terms}
        for name in {**before, **after}:
            what = new.id if name is None else words.term.format(what=new.id, term=name)
            yield from self._term(what, before.get(name), after.get(name))
        yield from self._condition(words.only.format(what=new.id), old.only, new.only, words.always)
        if old.source != new.source:
            yield self._sources(new.id, old.source, new.source)

    def _term(self, what: str, old: Term | None, new: Term | None) -> Iterator[str]:
        words = self._diff
        if old is None or new is None:
            template = words.added if old is None else words.removed
            yield _dash(template.format(what=what))
            return
        if old.points != new.points:
            yield _dash(words.points.format(what=what, old=old.points, new=new.points))
        yield from self._condition(words.when.format(what=what), old.when, new.when, "")

    # Ends, definitions, concerns.

    def _others(self) -> Iterator[str]:
        words = self._diff
        for name, old, new in (
            (
                words.end,
                {end.id: end.when for end in self._old.flow.ends},
                {end.id: end.when for end in self._new.flow.ends},
            ),
            (words.definition, self._old.flow.definitions, self._new.flow.definitions),
        ):

            def named(id: str, template: str = name) -> str:
                return template.format(what=id)

            yield from self._gone_and_come(old, new, named, named)
            for id in new:
                if id in old:
                    yield from self._condition(
                        words.when.format(what=named(id)), old[id], new[id], ""
                    )
        before = {concern.id: concern for concern in self._old.concerns}
        after = {concern.id: concern for concern in self._new.concerns}

        def concern(id: str) -> str:
            return words.concern.format(what=id)

        yield from self._gone_and_come(before, after, concern, concern)
        yield from self._moved(list(before), list(after), concern)
        for id, now in after.items():
            was = before.get(id)
            if was is not None and was != now:
                yield _dash(
                    words.how.format(
                        what=concern(id),
                        old=self._concern(was, self._before),
                        new=self._concern(now, self._after),
                    )
                )

    def _concern(self, concern: Concern, phrasing: Phrasing) -> str:
        typed = self._words.typed
        pieces = [typed.levels[concern.level]]
        for id, value in {**concern.sets, **concern.given}.items():
            codes = (value,) if isinstance(value, str) else value
            pieces.append(f"{phrasing.topic(id)}: {phrasing.quoted(id, codes)}")
        pieces += [typed.help[concern.help]] if concern.help is not None else []
        pieces += [typed.history] * concern.history + [typed.passing] * concern.passing
        return f"({'; '.join(pieces)})"

    # What is the same everywhere.

    def _gone_and_come(
        self,
        old: Mapping[str, object],
        new: Mapping[str, object],
        name_old: Any,
        name_new: Any,
    ) -> Iterator[str]:
        for id in old:
            if id not in new:
                yield _dash(self._diff.removed.format(what=name_old(id)))
        for id in new:
            if id not in old:
                yield _dash(self._diff.added.format(what=name_new(id)))

    def _moved(self, old: Sequence[str], new: Sequence[str], name: Any) -> Iterator[str]:
        """What stands elsewhere now, told for as few as possible."""
        both = [id for id in new if id in set(old)]
        places = {id: place for place, id in enumerate(id for id in old if id in set(new))}
        staying = _longest_rising(both, places)
        for id in both:
            if id in staying:
                continue
            at = new.index(id)
            if at == 0:
                yield _dash(self._diff.moved_first.format(what=name(id)))
            else:
                after = name(new[at - 1])
                yield _dash(self._diff.moved.format(what=name(id), after=after))

    def _condition(
        self,
        title: str,
        old: Condition | Basis | None,
        new: Condition | Basis | None,
        without: str,
    ) -> Iterator[str]:
        if old == new:
            return
        yield _dash(title)
        before = without if old is None else self._before.clause(old).inline()
        after = without if new is None else self._after.clause(new).inline()
        yield f"    {self._diff.was}: {before}"
        yield f"    {self._diff.now}: {after}"

    # Test patients.

    def _patients(self) -> Iterator[str]:
        patients = {patient.id: patient for patient in (*self._old.patients, *self._new.patients)}
        for patient in patients.values():
            before = self._outcome(assess_sheet(self._old.flow, patient.sheet))
            after = self._outcome(assess_sheet(self._new.flow, patient.sheet))
            if before != after:
                what = patient.id
                if self._words.language == ORIGINAL:
                    what = f"{what} ({patient.about.rstrip('.')})"
                yield _dash(self._diff.how.format(what=what, old=before, new=after))

    def _outcome(self, found: Mapping[str, Any]) -> str:
        if "urgency" not in found:
            return self._diff.refused if "error" in found else self._diff.incomplete
        pieces = [self._urgency(found["urgency"])]
        certainty = self._words.link.certainty
        pieces += [
            f"{self._title(one['pathway'])} ({certainty[one['certainty']]}, {one['points']})"
            for one in found["pathways"]
        ]
        if found["link"] == NONE_FOUND:
            pieces.append(self._title(NONE_FOUND))
        elif found["link"] == NOT_ASSESSED:
            pieces.append(self._words.link.not_assessed)
        return f"{'; '.join(pieces)} [{', '.join(found['rules'])}]"


def _longest_rising(ids: Sequence[str], places: Mapping[str, int]) -> set[str]:
    """The most of them that kept their order: the rest was moved."""
    best: list[list[str]] = []
    for id in ids:
        before = [chain for chain in best if places[chain[-1]] < places[id]]
        longest: list[str] = max(before, key=len, default=[])
        best.append([*longest, id])
    kept: list[str] = max(best, key=len, default=[])
    return set(kept)


def _dash(text: str) -> str:
    return f"  - {text}"
