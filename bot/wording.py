"""The words of one language, filled for one place: numbers to call, answers as they were said."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.clinic.clinics import Clinic
from content.countries import Country
from content.loader import SAID
from content.markup import Markup
from content.models import Content
from flows.answers import Answer
from flows.conditions import Evidence
from flows.models import Flow, Kind


@dataclass(frozen=True, slots=True)
class Wording:
    """Content with what it needs to be filled; `clinic` is the one the patient came from."""

    flow: Flow
    content: Content
    country: Country
    retention_days: int
    clinic: Clinic | None = None

    def fill(self, text: Markup) -> Markup:
        """A text with the numbers and times that are the same for every patient."""
        return text.fill(
            emergency_number=self.country.emergency,
            urgent_advice=self.urgent_advice,
            retention_days=self.retention_days,
        )

    @property
    def urgent_advice(self) -> Markup:
        """Where advice is to be had when the clinic is closed."""
        advice = self.content.results.urgent_advice
        if self.country.urgent_line is None:
            return advice.without_line
        return advice.with_line.fill(urgent_line=self.country.urgent_line)

    def said(self, question: str, answer: Answer) -> str:
        """An answer as it reads in a list of answers: plain text, not escaped."""
        kind = self.flow.question_by_id[question].kind
        if kind is Kind.TEXT:
            return str(answer) or self.content.interface.skipped
        codes = answer if isinstance(answer, tuple) else (str(answer),)
        return self.content.list_of(self._said(question, codes))

    def told(self, text: Markup, evidence: Evidence) -> Markup:
        """A rule's or a reason's sentence, filled with what the patient said."""
        values = {
            question: self.content.list_of(self._said(question, codes))
            for question, codes in evidence.items()
        }
        everything = [
            words for question, codes in evidence.items() for words in self._said(question, codes)
        ]
        return text.fill(**{SAID: self.content.list_of(everything)}, **values)

    def _said(self, question: str, codes: Iterable[str]) -> list[str]:
        words = self.content.question(question)
        if self.flow.question_by_id[question].kind is Kind.SCALE:
            return [self.content.interface.scale_value.format(value=code) for code in codes]
        return [words.options[code].said for code in codes]
