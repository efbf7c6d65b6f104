"""One intake as a FHIR R4 transaction Bundle: response, patient, findings, and the request.

Everything comes from the intake's own snapshot; flow and words only add where a question stands in
the Questionnaire and what each option is called. Ids follow from the intake's id alone, and each
entry is created only if its identifier does not exist yet, so that sent twice it is stored once.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import uuid5

from bot.fhir.questionnaire import groups_of
from bot.fhir.terms import (
    BASE,
    TRANSLATION,
    Resource,
    answer_coding,
    questionnaire_url,
    system,
)
from bot.fhir.texts import plain
from bot.intake.intake import Intake, Line, Named, Pathway
from content.models import Content
from flows.assessment import NOT_ASSESSED
from flows.interview import valid, walk
from flows.models import Flow, Kind, Urgency

URI: Final = "urn:ietf:rfc:3986"
REFERENCES: Final = f"{BASE}/sid/intake"
"""Names the human-readable references."""
CLINICS: Final = f"{BASE}/sid/clinic"
_PRIORITIES = {
    Urgency.EMERGENCY: "stat",
    Urgency.SAME_DAY: "asap",
    Urgency.TWO_WEEKS: "urgent",
    Urgency.ROUTINE: "routine",
    Urgency.SELF_CARE: "routine",
}


def bundle_of(intake: Intake, flow: Flow, contents: Mapping[str, Content]) -> Resource:
    """The Bundle of an intake, to be posted to the root of a FHIR server.

    An answer or a question that this flow no longer knows is sent without the words of its option.
    """
    return _Builder(intake, flow, contents).whole()


def transaction_of(
    intakes: Sequence[Intake], flow: Flow, contents: Mapping[str, Content]
) -> Resource:
    """Any number of intakes in one: a single intake's own Bundle, or the entries of them all."""
    bundles = [bundle_of(intake, flow, contents) for intake in intakes]
    if len(bundles) == 1:
        return bundles[0]
    entries = [entry for bundle in bundles for entry in bundle["entry"]]
    together: Resource = {"resourceType": "Bundle", "type": "transaction"}
    return {**together, "entry": entries} if entries else together


class _Builder:
    def __init__(self, intake: Intake, flow: Flow, contents: Mapping[str, Content]) -> None:
        self._intake = intake
        self._flow = flow
        self._contents = contents
        self._groups = groups_of(flow) if flow.id == intake.flow.id else {}

    def whole(self) -> Resource:
        return {
            "resourceType": "Bundle",
            "id": str(self._intake.id),
            "identifier": {"system": URI, "value": self._intake.id.urn},
            "type": "transaction",
            "timestamp": self._at,
            "entry": [self._entry(name, resource) for name, resource in self._resources()],
        }

    def _resources(self) -> Iterator[tuple[str, Resource]]:
        intake = self._intake
        yield "patient", self._patient()
        if intake.answers:
            yield "answers", self._response()
        if intake.follow_up:
            yield "follow_up", self._follow_up()
        if intake.findings is not None:
            yield "urgency", self._urgency(intake.findings.urgency)
            yield "link", self._link(intake.findings.link, intake.findings.pathways)
        yield "request", self._task()

    def _entry(self, name: str, resource: Resource) -> Resource:
        kind = resource["resourceType"]
        return {
            "fullUrl": self._urn(name),
            "resource": resource,
            "request": {
                "method": "POST",
                "url": kind,
                "ifNoneExist": f"identifier={URI}|{self._urn(name)}",
            },
        }

    def _patient(self) -> Resource:
        """Nothing but what the patient gave for this."""
        person = self._intake.person
        patient: Resource = {
            "resourceType": "Patient",
            "identifier": [self._identifier("patient")],
            "name": [{"text": plain(person.name)}],
        }
        if person.phone:
            patient["telecom"] = [{"system": "phone", "value": plain(person.phone)}]
        return patient

    def _response(self) -> Resource:
        flow = self._intake.flow
        return {
            **self._response_of("answers"),
            "status": "completed" if self._was_asked_to_its_end() else "stopped",
            "questionnaire": f"{questionnaire_url(flow.id)}|{flow.version}",
            "item": list(self._items()),
        }

    def _was_asked_to_its_end(self) -> bool:
        """Whether these answers are the whole Questionnaire, as it enables its questions.

        They are not where words raised an emergency while questions before it stood open, or one
        that would not have been asked. Of another flow, or another version, nobody knows.
        """
        intake, flow = self._intake, self._flow
        if (flow.id, flow.version) != (intake.flow.id, intake.flow.version):
            return True
        answers = {line.id: line.answer for line in intake.answers}
        asked = walk(flow, lambda question: valid(question, answers))
        return asked.open is None and asked.answers.keys() == answers.keys()

    def _follow_up(self) -> Resource:
        codes = system(self._intake.flow.id, "follow_up")
        return {
            **self._response_of("follow_up"),
            "item": [
                {
                    "linkId": said.id,
                    "text": plain(said.question),
                    "answer": [
                        {"valueCoding": {"system": codes, "code": said.code, **_shown(said.words)}}
                    ],
                }
                for said in self._intake.follow_up
            ],
        }

    def _response_of(self, name: str) -> Resource:
        return {
            "resourceType": "QuestionnaireResponse",
            "language": self._intake.language,
            "identifier": self._identifier(name),
            "status": "completed",
            "subject": self._reference("patient"),
            "authored": self._at,
            "source": self._reference("patient"),
        }

    def _items(self) -> Iterator[Resource]:
        """The answers in the groups of the Questionnaire; what it does not know stands beside."""
        for group, lines in groupby(
            self._intake.answers, key=lambda line: self._groups.get(line.id)
        ):
            items = [self._item(line) for line in lines]
            if group is None:
                yield from items
            else:
                yield {"linkId": group, "item": items}

    def _item(self, line: Line) -> Resource:
        item: Resource = {"linkId": line.id, "text": plain(line.question)}
        answers = list(self._answers(line))
        return {**item, "answer": answers} if answers else item

    def _answers(self, line: Line) -> Iterator[Resource]:
        answer = line.answer
        if isinstance(answer, int):
            yield {"valueInteger": answer}
        elif line.kind == Kind.TEXT:
            if text := plain(str(answer)):
                yield {"valueString": text}
        else:
            for code in (answer,) if isinstance(answer, str) else answer:
                yield {"valueCoding": self._coding(line, code)}

    def _coding(self, line: Line, code: str) -> Resource:
        coding = answer_coding(self._intake.flow.id, line.id, code)
        label = self._label(self._intake.language, line.id, code)
        if not label:
            return coding
        coding["display"] = label
        theirs = self._label(self._intake.patient_language, line.id, code)
        if theirs and self._intake.patient_language != self._intake.language:
            language = {"url": "lang", "valueCode": self._intake.patient_language}
            content = {"url": "content", "valueString": theirs}
            translation = {"url": TRANSLATION, "extension": [language, content]}
            coding["_display"] = {"extension": [translation]}
        return coding

    def _label(self, language: str, question: str, code: str) -> str:
        words = self._contents.get(language)
        asked = words.questions.questions.get(question) if words is not None else None
        option = asked.options.get(code) if asked is not None else None
        return plain(option.label) if option is not None else ""

    def _urgency(self, urgency: Named) -> Resource:
        findings = self._intake.findings
        observation = self._observation("urgency")
        observation["valueCodeableConcept"] = self._concept("urgency", urgency.code, urgency.words)
        rules = [
            {
                "code": self._concept("rules", rule.id, rule.words),
                "valueBoolean": True,
            }
            for rule in (findings.rules if findings is not None else ())
        ]
        return {**observation, "component": rules} if rules else observation

    def _link(self, link: Named, pathways: tuple[Pathway, ...]) -> Resource:
        observation = self._observation("link")
        if link.code == NOT_ASSESSED:
            reason = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
            observation["dataAbsentReason"] = {
                "coding": [{"system": reason, "code": "not-performed", "display": "Not Performed"}]
            }
            return observation
        observation["valueCodeableConcept"] = self._concept("links", link.code, link.words)
        components: list[Resource] = []
        for pathway in pathways:
            certainty = pathway.certainty
            components.append(
                {
                    "code": self._concept("links", pathway.id, pathway.title),
                    "valueCodeableConcept": self._concept(
                        "certainty", certainty.code, certainty.words
                    ),
                }
            )
            components += [
                {
                    "code": self._concept("items", reason.id, reason.words),
                    "valueInteger": reason.points,
                }
                for reason in pathway.reasons
            ]
        return {**observation, "component": components} if components else observation

    def _observation(self, name: str) -> Resource:
        """A finding of the program from what the patient said, not of a clinician."""
        flow = self._intake.flow
        categories = "http://terminology.hl7.org/CodeSystem/observation-category"
        observation: Resource = {
            "resourceType": "Observation",
            "language": self._intake.language,
            "identifier": [self._identifier(name)],
            "status": "final",
            "category": [{"coding": [{"system": categories, "code": "survey"}]}],
            "code": {"coding": [{"system": system(flow.id, "findings"), "code": name}]},
            "subject": self._reference("patient"),
            "effectiveDateTime": self._at,
            "method": {"text": f"Plumbline, flow {flow.id}, version {flow.version}, {flow.hash}"},
        }
        if self._intake.answers:
            observation["derivedFrom"] = [self._reference("answers")]
        words = self._contents.get(self._intake.language)
        if words is not None:
            observation["note"] = [{"text": plain(words.results.not_a_diagnosis)}]
        return observation

    def _task(self) -> Resource:
        intake = self._intake
        urgency = intake.findings.urgency if intake.findings is not None else None
        focus = "answers" if intake.answers else "follow_up" if intake.follow_up else "patient"
        task: Resource = {
            "resourceType": "Task",
            "language": intake.language,
            "identifier": [
                self._identifier("request"),
                {"system": REFERENCES, "value": intake.reference},
            ],
            "status": "requested",
            "intent": "proposal",
            "priority": _PRIORITIES[Urgency(urgency.code)] if urgency is not None else "routine",
            "code": self._concept("requests", intake.kind, ""),
            "description": plain(": ".join(self._told(urgency))),
            "focus": self._reference(focus),
            "for": self._reference("patient"),
            "authoredOn": self._at,
            "requester": self._reference("patient"),
            "owner": {
                "type": "Organization",
                "identifier": {"system": CLINICS, "value": str(intake.clinic)},
                "display": plain(intake.clinic_name),
            },
        }
        notes = [{"text": text} for advice in intake.advised if (text := plain(advice))]
        if notes:
            task["note"] = notes
        if intake.findings is not None:
            task["input"] = [
                {
                    "type": self._concept("findings", name, ""),
                    "valueReference": self._reference(name),
                }
                for name in ("urgency", "link")
            ]
        earlier = [one for one in (intake.replaces, intake.follows) if one]
        if earlier:
            task["groupIdentifier"] = {"system": REFERENCES, "value": earlier[0]}
        return task

    def _told(self, urgency: Named | None) -> Iterator[str]:
        yield self._intake.reference
        if urgency is not None:
            yield urgency.words

    def _concept(self, name: str, code: str, words: str) -> Resource:
        concept: Resource = {
            "coding": [{"system": system(self._intake.flow.id, name), "code": str(code)}]
        }
        text = plain(words)
        return {**concept, "text": text} if text else concept

    @property
    def _at(self) -> str:
        return self._intake.created_at.isoformat(timespec="seconds")

    def _urn(self, name: str) -> str:
        return uuid5(self._intake.id, name).urn

    def _identifier(self, name: str) -> Resource:
        return {"system": URI, "value": self._urn(name)}

    def _reference(self, name: str) -> Resource:
        return {"reference": self._urn(name)}


def _shown(words: str) -> dict[str, Any]:
    text = plain(words)
    return {"display": text} if text else {}
