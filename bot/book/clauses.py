"""Conditions in plain words, in any language: from the very objects that the program runs."""

from collections.abc import Iterable

from bot.book.model import Clause
from content.book import BookWords
from content.models import Content
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
from flows.models import Basis, Flow


class Phrasing:
    """Puts the conditions of a flow into the words of one language.

    What the words do not know, in a protocol other than the one they belong to, reads as its code.
    """

    def __init__(self, flow: Flow, content: Content, words: BookWords) -> None:
        self._flow = flow
        self._content = content
        self._terms = words.definitions
        self._words = words.conditions
        self._numbers = {question.id: place for place, question in enumerate(flow.questions, 1)}

    def number(self, question: str) -> int:
        """The number of a question in the book, from 1."""
        return self._numbers[question]

    def topic(self, question: str) -> str:
        """A question's topic with its number."""
        words = self._content.questions.questions.get(question)
        topic = words.topic if words is not None else question
        return self._words.topic.format(topic=topic, number=self._numbers[question])

    def quoted(self, question: str, codes: Iterable[str]) -> str:
        """The buttons of these codes in the question's order, as "“a”, “b” or “c”"."""
        words = self._content.questions.questions.get(question)
        labels = {code: said.label for code, said in words.options.items()} if words else {}
        wanted = set(codes)
        quotes = [
            self._words.quote.format(label=labels.get(code, code))
            for code in self._flow.question_by_id[question].codes
            if code in wanted
        ]
        if len(quotes) < 2:
            return "".join(quotes)
        return f"{', '.join(quotes[:-1])} {self._words.or_} {quotes[-1]}"

    def clause(self, condition: Condition | Basis) -> Clause:  # noqa: PLR0912 - one case each
        """A condition in words."""
        words = self._words
        match condition:
            case Basis.PATHWAY_FOUND:
                return Clause(words.pathway_found)
            case Basis.OTHERWISE:
                return Clause(words.otherwise)
            case Is(question=question, codes=codes):
                return self._options(words.is_, question, codes)
            case IsNot(question=question, codes=codes):
                return self._options(words.is_not, question, codes)
            case Has(question=question, codes=ticks):
                return self._options(words.has, question, ticks)
            case HasAnything(question=question):
                return Clause(words.has_anything.format(topic=self.topic(question)))
            case AtLeast(question=question, number=number):
                return Clause(words.at_least.format(topic=self.topic(question), number=number))
            case Equals(left=left, right=right):
                return Clause(words.equals.format(left=self.topic(left), right=self.topic(right)))
            case Defined(name=name):
                return Clause(self._terms.get(name, name))
            case All(parts=parts):
                return self._group(words.all, words.and_, parts)
            case AnyOf(parts=parts):
                return self._group(words.any, words.or_, parts)
            case CountOf(number=number, parts=parts):
                return self._group(words.count.format(number=number), "", parts)
            case Not(part=part):
                inside = self.clause(part)
                if inside.parts:
                    return Clause(lead=words.not_lead, parts=(inside,))
                return Clause(words.not_.format(part=inside.text))

    def _options(self, template: str, question: str, codes: Iterable[str]) -> Clause:
        return Clause(
            template.format(topic=self.topic(question), options=self.quoted(question, codes))
        )

    def _group(self, lead: str, joint: str, parts: tuple[Condition, ...]) -> Clause:
        return Clause(lead=lead, joint=joint, parts=tuple(self.clause(part) for part in parts))
