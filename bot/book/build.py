"""Builds the book from the protocol as it is loaded: nothing in it is written by hand twice."""

from collections.abc import Iterable, Iterator

from bot.book.clauses import Phrasing
from bot.book.model import (
    Block,
    Book,
    Bullets,
    Chapter,
    Choice,
    Citation,
    Decision,
    Heading,
    Named,
    Overview,
    Prose,
    QuestionCard,
    RuleCard,
    Seal,
    Signature,
    Stage,
    Table,
    Told,
)
from bot.book.reachable import reachable
from bot.book.subject import Subject
from content.markup import Markup, placeholders
from content.words.results import LinkWords
from flows.answers import Answer, Answers
from flows.assessment import MIXED, NONE_FOUND, item_evidence, rule_evidence
from flows.concerns import Concern
from flows.conditions import Condition, Evidence, merged
from flows.diagram import mermaid
from flows.evidence import EvidenceSource
from flows.fingerprint import short
from flows.interview import walk
from flows.models import Basis, Item, Kind, Outcome, Pathway, Question, Rule, Urgency
from flows.patients import TestPatient

ORIGINAL = "en"
"""The language of the remarks in the protocol's own files; other books leave them out."""


def build(subject: Subject, seal: Seal | None = None) -> Book:
    """The whole book; without a seal, it says that the sign-off was not looked up."""
    return _Builder(subject).book(seal)


class _Builder:
    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._flow = subject.flow
        self._content = subject.content
        self._words = subject.words
        self._phrasing = Phrasing(subject.flow, subject.content, subject.words)
        self._results = subject.content.results

    def book(self, seal: Seal | None) -> Book:
        words, flow = self._words, self._flow
        cover = words.cover
        items = sum(len(pathway.items) for pathway in flow.pathways)
        size = cover.size.format(
            questions=len(flow.questions),
            rules=len(flow.rules),
            items=items,
            patients=len(self._subject.patients),
        )
        return Book(
            language=words.language,
            title=cover.title,
            subtitle=cover.subtitle,
            made=cover.made,
            facts=(
                (cover.id, f"{flow.id} · {cover.version} {flow.version}"),
                (cover.dated, self._subject.evidence.dated),
                (cover.protocol_hash, self._subject.hash),
                (cover.words_hash, self._subject.words_hash),
                (cover.language, self._content.interface.language.name),
                ("Plumbline", size),
            ),
            seal=seal or Seal(words.sign_off.label, words.sign_off.unknown, sound=False),
            contents=cover.contents,
            page=cover.page,
            labels={
                "hash": short(self._subject.hash),
                "version": f"{cover.version} {flow.version}",
                "asked": words.questions.asked,
                "always": words.questions.always,
                "why": words.questions.why,
                "hint": words.questions.hint,
                "private": words.questions.intimate,
                "ends": words.questions.ends,
                "when": words.rules.when,
                "told": words.rules.told,
                "sources": words.rules.sources,
                "agree": words.decisions.agree,
                "change": words.decisions.change,
                "note": words.decisions.note,
                "about": words.decisions.about,
                "out": words.overview.always,
            },
            chapters=(
                self._chapter("purpose", words.purpose.title, self._purpose()),
                self._chapter("overview", words.overview.title, self._overview()),
                self._chapter("questions", words.questions.title, self._questions()),
                self._chapter("rules", words.rules.title, self._rules()),
                self._chapter("link", words.link.title, self._link()),
                self._chapter("typed", words.typed.title, self._typed()),
                self._chapter("told", words.told.title, self._told()),
                self._chapter("known", words.known.title, self._known()),
                self._chapter("decisions", words.decisions.title, self._decisions()),
                self._chapter("patients", words.patients.title, self._patients()),
                self._chapter("sources", words.sources.title, self._sources()),
            ),
        )

    @staticmethod
    def _chapter(id: str, title: str, blocks: Iterator[Block]) -> Chapter:
        return Chapter(id, title, tuple(blocks))

    def _purpose(self) -> Iterator[Block]:
        words = self._words.purpose
        yield Heading(words.use_title)
        yield Bullets(words.use)
        yield Heading(words.not_for_title)
        yield Bullets(words.not_for)
        yield Heading(words.does_not_title)
        yield Bullets(words.does_not)
        yield Heading(words.reading_title)
        yield Bullets(words.reading)

    def _overview(self) -> Iterator[Block]:
        words, flow = self._words.overview, self._flow
        stages = [Stage(words.start, (words.agree,))]
        for section in flow.sections:
            asked = [question for question in flow.questions if question.section == section]
            rules = self._emergency_rules(asked)
            leaves = [words.stops_at.format(rules=rules)] if rules else []
            leaves += [
                f"{words.out_of_scope}: {_plain(self._results.out_of_scope[end.id].title)}"
                for question in asked
                for end in flow.ends_reading[question.id]
            ]
            stages.append(
                Stage(
                    self._content.questions.sections[section],
                    tuple(self._phrasing.topic(question.id) for question in asked),
                    tuple(leaves),
                )
            )
        stages += [Stage(words.review), Stage(words.result, self._urgency_words())]
        yield Prose(words.intro)
        yield Overview(tuple(stages), (words.asks, words.leaves), mermaid(self._subject.machine))

    def _urgency_words(self) -> tuple[str, ...]:
        return tuple(self._results.urgency[urgency].word for urgency in Urgency)

    def _emergency_rules(self, questions: Iterable[Question]) -> str:
        found = {
            rule.id
            for question in questions
            for rule in self._flow.emergencies_reading[question.id]
            if not isinstance(rule.when, Basis) and self._decides(question, rule.when)
        }
        return ", ".join(sorted(found))

    def _decides(self, question: Question, condition: Condition) -> bool:
        """Whether, in a first interview, the answer to this question can make it true."""
        ids = [one.id for one in self._flow.questions]
        asked = frozenset(ids[: ids.index(question.id) + 1])
        return reachable(condition, asked, question.id)

    def _questions(self) -> Iterator[Block]:
        yield Prose(self._words.questions.intro)
        for section in self._flow.sections:
            yield Heading(self._content.questions.sections[section])
            for question in self._flow.questions:
                if question.section == section:
                    yield self._question(question)

    def _question(self, question: Question) -> QuestionCard:
        said, words = self._content.question(question.id), self._words.questions
        choices = [
            Choice(said.options[code].label, _plain(said.options[code].detail), code)
            for code in question.codes
        ]
        if question.kind is Kind.SCALE:
            choices = [Choice(f"0: {said.low}", "", "0"), Choice(f"10: {said.high}", "", "10")]
        rules = self._emergency_rules([question])
        return QuestionCard(
            number=self._phrasing.number(question.id),
            id=question.id,
            topic=said.topic,
            how=words.kinds[question.kind],
            private=question.intimate,
            asked=None if question.asked is None else self._phrasing.clause(question.asked),
            why=_plain(said.why),
            ask=_plain(said.ask),
            hint=_plain(said.hint),
            choices=tuple(choices),
            leads=words.emergency.format(rules=rules) if rules else "",
            ends=tuple(
                self._phrasing.clause(end.when) for end in self._flow.ends_reading[question.id]
            ),
        )

    def _rules(self) -> Iterator[Block]:
        words, flow = self._words.rules, self._flow
        yield Prose(words.intro)
        yield Heading(words.rules_title)
        for rule in flow.rules:
            yield self._rule(rule)
        yield Heading(words.ends_title)
        yield Prose(words.ends_intro, leads=True)
        for end in flow.ends:
            title = _plain(self._results.out_of_scope[end.id].title)
            yield Named(title, self._phrasing.clause(end.when), end.id)
        yield Heading(words.definitions_title)
        yield Prose(words.definitions_intro, leads=True)
        for name, condition in flow.definitions.items():
            term = self._words.definitions[name]
            yield Named(term[:1].upper() + term[1:], self._phrasing.clause(condition), name)

    def _rule(self, rule: Rule) -> RuleCard:
        raised, raised_when = "", None
        if rule.raised is not None:
            higher = self._results.urgency[rule.raised.to].word
            raised = self._words.rules.raised.format(urgency=higher)
            raised_when = self._phrasing.clause(rule.raised.when)
        return RuleCard(
            id=rule.id,
            urgency=self._results.urgency[rule.urgency].word,
            rank=rule.urgency.rank,
            when=self._phrasing.clause(rule.when),
            raised=raised,
            raised_when=raised_when,
            told=self._filled(self._results.rules[rule.id]),
            sources=self._citations(rule.id, rule.source),
        )

    def _citations(self, id: str, names: Iterable[str]) -> tuple[Citation, ...]:
        words = self._words.sources
        cited = [
            Citation(name, self._grade(source))
            for name in names
            if (source := self._subject.evidence.published(name)) is not None
        ]
        marks = [
            Citation(words.marks_short[mark]) for mark in self._subject.evidence.marks.get(id, ())
        ]
        return (*cited, *marks)

    def _grade(self, source: EvidenceSource) -> str:
        return "".join(self._words.sources.short[seen] for seen in source.seen)

    def _link(self) -> Iterator[Block]:
        words = self._words.link
        yield from (Prose(text) for text in words.intro)
        for pathway in self._flow.pathways:
            yield Heading(self._title(pathway.id))
            yield Prose(self._thresholds(pathway), leads=True)
            yield Table(
                self._title(pathway.id),
                (
                    words.item,
                    words.points,
                    self._words.rules.when,
                    self._words.rules.told,
                    self._words.rules.sources,
                ),
                tuple(row for item in pathway.items for row in self._item(item)),
                (9, 8, 38, 30, 15),
            )
        order = ", ".join(self._quoted_title(id) for id in self._flow.tie_order)
        yield Prose(words.order.format(pathways=order))
        mixed = f" {self._words.conditions.and_} ".join(
            self._quoted_title(id) for id in self._flow.mixed
        )
        yield Prose(words.mixed.format(pathways=mixed, mixed=self._title(MIXED)))

    def _title(self, link: str) -> str:
        return _plain(self._results.links[link].title)

    def _quoted_title(self, link: str) -> str:
        return self._words.conditions.quote.format(label=self._title(link))

    def _thresholds(self, pathway: Pathway) -> str:
        words = self._words.link
        likely = (
            words.never_likely
            if pathway.likely is None
            else words.likely.format(points=pathway.likely)
        )
        text = f"{words.possible.format(points=pathway.possible)}; {likely}."
        if pathway.needs is not None:
            text += f" {words.needs} {self._phrasing.clause(pathway.needs).inline()}."
        return text

    def _item(self, item: Item) -> Iterator[tuple[str, ...]]:
        told = self._filled(self._results.reasons[item.id])
        sources = ", ".join(c.inline() for c in self._citations(item.id, item.source))
        only = ""
        if item.only is not None:
            only = f"; {self._words.link.only} {self._phrasing.clause(item.only).inline()}"
        for term in item.terms:
            when = self._phrasing.clause(term.when).inline()
            points = str(term.points).replace("-", "−")
            yield item.id, points, f"{when}{only}", told, sources

    def _typed(self) -> Iterator[Block]:
        words = self._words.typed
        yield Prose(words.intro)
        yield Table(
            words.title,
            (words.concern, words.level, words.sets),
            tuple(self._concern(concern) for concern in self._subject.concerns),
            (18, 18, 64),
            coded=True,
        )

    def _concern(self, concern: Concern) -> tuple[str, ...]:
        words = self._words.typed
        if concern.help is not None:
            return concern.id, words.levels[concern.level], words.help[concern.help]
        sets = [
            f"{self._phrasing.topic(id)}: "
            f"{self._phrasing.quoted(id, (value,) if isinstance(value, str) else value)}"
            for id, value in concern.sets.items()
        ]
        also = [words.history] * concern.history + [words.passing] * concern.passing
        text = f" {self._words.conditions.and_} ".join(sets)
        return concern.id, words.levels[concern.level], "; ".join((text, *also))

    def _told(self) -> Iterator[Block]:
        words, results = self._words.told, self._results
        yield Prose(words.intro)
        yield Heading(words.emergency)
        screen = results.emergency_screen
        yield Told(
            _plain(screen.title), (*self._paragraphs(screen.text), self._filled(screen.after))
        )
        yield Heading(words.urgency)
        for urgency in Urgency:
            said = results.urgency[urgency]
            yield Told(said.word, (_plain(said.headline), self._filled(said.action)))
        yield Heading(words.out_of_scope)
        for end in results.out_of_scope.values():
            yield Told(_plain(end.title), self._paragraphs(end.text))
        yield Heading(words.until_seen)
        yield Told(words.for_all, _plains(results.until_seen.same_day))
        for rule, lines in results.until_seen.rules.items():
            yield Told(words.for_rule.format(rule=rule), _plains(lines))
        yield Heading(words.self_care)
        yield Bullets((*_plains(results.self_care.back), *_plains(results.self_care.foot)))
        treatment = results.treatment
        yield Heading(_plain(treatment.title))
        yield Bullets(_plains((treatment.back, treatment.foot, treatment.both, treatment.imaging)))
        net = results.safety_net
        yield Heading(_plain(net.title))
        yield Told(self._filled(net.emergency_intro), _plains(net.emergency))
        yield Told(_plain(net.same_day_intro), _plains(net.same_day))
        yield Prose(_plain(net.close))

    def _known(self) -> Iterator[Block]:
        words = self._words.known
        yield from (Prose(text) for text in words.intro)
        for pathway in self._flow.pathways:
            said = self._results.links[pathway.id]
            yield Heading(self._title(pathway.id))
            yield Told(words.known, (_plain(said.known),))
            yield Told(words.not_known, (_plain(said.not_known),))
            yield Told(self._words.rules.told, self._explained(said))
        yield Heading(words.gaps_title)
        yield Bullets(words.gaps)

    @staticmethod
    def _explained(said: LinkWords) -> tuple[str, ...]:
        texts = (said.possible, said.likely, said.how, *(said.meanwhile or ()), said.who)
        return tuple(_plain(text) for text in texts if text is not None)

    def _decisions(self) -> Iterator[Block]:
        words = self._words.decisions
        yield Prose(words.intro)
        for place, (id, about) in enumerate(self._subject.evidence.decisions.items(), 1):
            names = [
                name if name in self._flow.rule_by_id else self._quoted_title(name)
                for name in about
            ]
            yield Decision(place, words.each[id], f"{words.about} {', '.join(names)}")
        yield Heading(words.sign_title)
        yield Signature(
            words.sign_intro.format(
                hash=_grouped(self._subject.hash), words=_grouped(self._subject.words_hash)
            ),
            (
                words.name,
                words.role,
                words.registration,
                words.clinic,
                words.date,
                words.signature,
            ),
            words.enter,
            f'plumbline signoff add --name "…" --role "…" --hash {self._subject.hash[:12]}',
        )

    def _patients(self) -> Iterator[Block]:
        words = self._words.patients
        yield Prose(words.intro)
        yield Table(
            words.title,
            (words.patient, words.outcome, words.because),
            tuple(self._patient(patient) for patient in self._subject.patients),
            (30, 30, 40),
            coded=self._words.language != ORIGINAL,
        )

    def _patient(self, patient: TestPatient) -> tuple[str, ...]:
        expect = patient.expect
        told = patient.id
        if self._words.language == ORIGINAL:
            told = patient.about
        outcome = [self._outcome(expect.urgency)]
        outcome += [
            f"{self._title(found.pathway)} "
            f"({self._words.link.certainty[found.certainty]}, {found.points})"
            for found in expect.pathways
        ]
        if expect.link == NONE_FOUND:
            outcome.append(self._title(NONE_FOUND))
        rules = f" [{', '.join(expect.rules)}]" if expect.rules else ""
        return told, "; ".join(outcome) + rules, self._because(patient)

    def _outcome(self, urgency: str) -> str:
        if urgency == Outcome.OUT_OF_SCOPE:
            return self._words.overview.out_of_scope
        return self._results.urgency[urgency].word

    def _because(self, patient: TestPatient) -> str:
        standing = walk(self._flow, lambda question: self._answer(question, patient))
        answers = standing.answers
        pieces = [
            rule_evidence(self._flow.rule_by_id[id], answers)
            for id in patient.expect.rules
            if not isinstance(self._flow.rule_by_id[id].when, Basis)
        ]
        for found in patient.expect.pathways:
            pieces += self._counted(found.pathway, answers)
        for end in self._flow.ends:
            if patient.expect.urgency == Outcome.OUT_OF_SCOPE:
                pieces.append(end.when.evidence(answers))
        said = [text for id, codes in merged(pieces).items() for text in self._said(id, codes)]
        return "; ".join(said) or self._words.patients.nothing

    def _counted(self, pathway: str, answers: Answers) -> list[Evidence]:
        return [item_evidence(item, answers) for item in self._flow.pathway_by_id[pathway].items]

    @staticmethod
    def _answer(question: Question, patient: TestPatient) -> Answer | None:
        raw = patient.sheet.get(question.id, "" if question.kind is Kind.TEXT else None)
        return None if raw is None else question.read(raw)

    def _said(self, question: str, codes: Iterable[str]) -> Iterator[str]:
        words = self._content.question(question)
        for code in codes:
            option = words.options.get(code)
            yield option.said if option is not None else f"{words.topic}: {code}"

    def _sources(self) -> Iterator[Block]:
        words, evidence = self._words.sources, self._subject.evidence
        yield Prose(words.intro)
        yield Heading(words.grades_title)
        grades = [(words.short[seen], text) for seen, text in words.seen.items()]
        grades += [(words.marks_short[mark], text) for mark, text in words.marks.items()]
        yield Table(
            words.grades_title,
            (words.grade, words.meaning),
            tuple(grades),
            (10, 90),
        )
        yield Heading(words.list_title)
        yield Table(
            words.list_title,
            (words.source, words.grade, words.cited),
            tuple(
                (name, self._grade(source), self._cited(source))
                for name, source in evidence.sources.items()
            ),
            (9, 7, 84),
        )

    def _cited(self, source: EvidenceSource) -> str:
        weak = f" ({self._words.sources.weak})" if source.weak else ""
        at = f"; {self._words.sources.at} {source.at}" if source.at else ""
        return f"{source.cite}{at}{weak}"

    def _filled(self, text: Markup) -> str:
        """A text whose places to fill say what comes there."""
        fills = self._words.told.fills
        answer = self._words.rules.your_answer
        return _plain(text.fill(**{name: fills.get(name, answer) for name in placeholders(text)}))

    def _paragraphs(self, text: Markup) -> tuple[str, ...]:
        fills = self._words.told.fills
        filled = text.fill(**{name: fills.get(name, "…") for name in placeholders(text)})
        return tuple(" ".join(part.split()) for part in filled.plain().split("\n\n"))


def _plain(text: Markup | str | None) -> str:
    if text is None:
        return ""
    plain = text.plain() if isinstance(text, Markup) else text
    return " ".join(plain.split())


def _grouped(digits: str) -> str:
    """A fingerprint in groups of eight, so that lines can break in it."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _plains(texts: Iterable[Markup]) -> tuple[str, ...]:
    return tuple(_plain(text) for text in texts)
