"""The project's own code systems: questions, answers, urgency, rules and the link."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.fhir.questionnaire import LICENCE, STATUS
from bot.fhir.terms import PUBLISHER, Resource, answers_system, system
from bot.fhir.texts import Texts, Words
from content.models import Content
from flows.assessment import MIXED, NONE_FOUND, NOT_ASSESSED
from flows.grammar import write
from flows.models import Basis, Certainty, Flow, Item, Outcome, Question, Rule, Urgency

FINDINGS: Final = {
    "urgency": "How soon a clinician is needed",
    "link": "How back and foot may be linked",
}
REQUESTS: Final = {
    "intake": "An interview with its result",
    "emergency": "An interview that ended at the emergency screen",
    "follow_up": "How it is two weeks after an intake",
}
"""What the clinic is told, by the kinds of intake."""


def definitions(flow: Flow, contents: Mapping[str, Content], form: Resource) -> Resource:
    """A transaction Bundle that puts the Questionnaire and its code systems on a FHIR server.

    Sent again, it changes nothing: each is put at its own id.
    """
    resources = (*code_systems(flow, contents, form["language"]), form)
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": resource["url"],
                "resource": resource,
                "request": {
                    "method": "PUT",
                    "url": f"{resource['resourceType']}/{resource['id']}",
                },
            }
            for resource in resources
        ],
    }


def code_systems(
    flow: Flow, contents: Mapping[str, Content], language: str
) -> tuple[Resource, ...]:
    """All code systems of a flow, in one language with the others as designations."""
    return tuple(_Builder(flow, Texts(language, contents)).all())


class _Builder:
    def __init__(self, flow: Flow, texts: Texts) -> None:
        self._flow = flow
        self._texts = texts

    def all(self) -> Iterator[Resource]:
        flow = self._flow
        yield self._whole(system(flow.id, "questions"), "The questions", self._questions())
        for question in flow.questions:
            if question.options:
                url = answers_system(flow.id, question.id)
                yield self._whole(url, f"The answers to {question.id}", self._answers(question))
        yield self._whole(system(flow.id, "findings"), "What is found", _named(FINDINGS))
        yield self._whole(system(flow.id, "requests"), "What is sent", _named(REQUESTS))
        yield self._whole(system(flow.id, "urgency"), "How soon", self._urgencies())
        yield self._whole(system(flow.id, "rules"), "The rules of urgency", self._rules())
        yield self._whole(system(flow.id, "links"), "Links of back and foot", self._links())
        yield self._whole(system(flow.id, "certainty"), "How well a link fits", self._certainties())
        yield self._whole(system(flow.id, "items"), "Reasons for a link", self._items())

    def _whole(self, url: str, title: str, concepts: Iterable[Resource]) -> Resource:
        id = url.rpartition("/")[2]
        listed = list(concepts)
        return {
            "resourceType": "CodeSystem",
            "id": id,
            "language": self._texts.first.code,
            "url": url,
            "version": str(self._flow.version),
            "name": "".join(word.capitalize() for word in id.replace(".", "-").split("-")),
            "title": f"{title} ({self._flow.id})",
            "status": STATUS,
            "publisher": PUBLISHER,
            "copyright": LICENCE,
            "caseSensitive": True,
            "content": "complete",
            "count": len(listed),
            "concept": listed,
        }

    def _concept(self, code: str, display: Words, definition: Words | None = None) -> Resource:
        concept: Resource = {"code": code}
        self._texts.put(concept, "display", display)
        # A code system has a place of its own for other languages.
        concept.pop("_display", None)
        if definition is not None:
            self._texts.put(concept, "definition", definition)
        designations = [
            {"language": language, "value": text}
            for language, text in self._texts.everywhere(display)
        ]
        return {**concept, "designation": designations} if designations else concept

    def _questions(self) -> Iterator[Resource]:
        for question in self._flow.questions:
            yield self._question(question)

    def _question(self, question: Question) -> Resource:
        return self._concept(
            question.id,
            lambda words: words.question(question.id).topic,
            lambda words: words.question(question.id).ask,
        )

    def _answers(self, question: Question) -> Iterator[Resource]:
        return (self._answer(question, code) for code in question.codes)

    def _answer(self, question: Question, code: str) -> Resource:
        return self._concept(
            code,
            lambda words: words.question(question.id).options[code].label,
            lambda words: words.question(question.id).options[code].detail,
        )

    def _urgencies(self) -> Iterator[Resource]:
        for urgency in Urgency:
            yield self._urgency(urgency)
        yield {"code": str(Outcome.OUT_OF_SCOPE), "display": "Out of scope"}

    def _urgency(self, urgency: Urgency) -> Resource:
        return self._concept(
            urgency.value,
            lambda words: words.results.urgency[urgency].word,
            lambda words: words.results.urgency[urgency].headline,
        )

    def _links(self) -> Iterator[Resource]:
        for link in (*self._flow.pathway_by_id, MIXED, NONE_FOUND):
            yield self._linked(link)
        yield {"code": NOT_ASSESSED, "display": "Not assessed"}

    def _linked(self, link: str) -> Resource:
        return self._concept(link, lambda words: words.results.links[link].title)

    def _certainties(self) -> Iterator[Resource]:
        yield from _named({str(certainty): str(certainty) for certainty in Certainty})

    def _rules(self) -> Iterator[Resource]:
        for rule in self._flow.rules:
            yield {"code": rule.id, "display": rule.id, "definition": _rule(rule)}

    def _items(self) -> Iterator[Resource]:
        for pathway in self._flow.pathways:
            for item in pathway.items:
                yield {"code": item.id, "display": item.id, "definition": _item(item)}


def _named(names: Mapping[str, str]) -> Iterator[Resource]:
    for code, display in names.items():
        yield {"code": code, "display": display}


def _rule(rule: Rule) -> str:
    when = str(rule.when) if isinstance(rule.when, Basis) else write(rule.when)
    raised = f"; {rule.raised.to} when {write(rule.raised.when)}" if rule.raised else ""
    return f"{rule.urgency} when {when}{raised}"


def _item(item: Item) -> str:
    terms = "; ".join(f"{term.points} when {write(term.when)}" for term in item.terms)
    return f"{terms}; only where {write(item.only)}" if item.only is not None else terms
