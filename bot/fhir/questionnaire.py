"""The flow as a FHIR R4 Questionnaire.

Its linkIds are the question ids. Questions stand in one group for each section; what stands around
them has a linkId with a full stop in it, which no question id has. A question is enabled exactly
when the bot asks it: what ends the interview early is said where it can be said once, at the
groups, and at the questions of a section only for what came up inside it.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import Final

from bot.fhir.enable_when import enable_when
from bot.fhir.enabling import ALWAYS, Enabling, all_of, concise
from bot.fhir.fhirpath import LANGUAGE, expression
from bot.fhir.terms import (
    ENABLE_WHEN_EXPRESSION,
    ITEM_CONTROL,
    ITEM_CONTROLS,
    MAX_VALUE,
    MIN_VALUE,
    OPTION_EXCLUSIVE,
    PUBLISHER,
    SLIDER_STEP,
    Resource,
    answer_coding,
    dashed,
    questionnaire_url,
    section_link,
    system,
)
from bot.fhir.texts import Texts, plain
from content.countries import Country
from content.models import Content
from flows.answers import NONE
from flows.conditions import Condition
from flows.grammar import write
from flows.models import SCALE_MAX, TEXT_MAX, End, Flow, Kind, Question

STATUS: Final = "draft"
"""As long as no clinician has signed the protocol off (docs/clinician.md)."""

LICENCE: Final = "Apache-2.0"
_TYPES = {
    Kind.ONE: "choice",
    Kind.MANY: "choice",
    Kind.SCALE: "integer",
    Kind.TEXT: "text",
}
_CONTROLS = {Kind.ONE: "radio-button", Kind.MANY: "check-box", Kind.SCALE: "slider"}
_ENDED = "unless an answer before it was an emergency or out of scope"


def questionnaire(
    flow: Flow, contents: Mapping[str, Content], language: str, country: Country
) -> Resource:
    """The Questionnaire in one language, with the words of all others as translations.

    `country` gives the emergency number that stands in the text of an early end.
    """
    return _Builder(flow, Texts(language, contents), country).whole()


def groups_of(flow: Flow) -> dict[str, str]:
    """Question id to the linkId of its group: one for each row of questions of one section."""
    groups: dict[str, str] = {}
    turns: dict[str, int] = {}
    for section, run in groupby(flow.questions, key=lambda question: question.section):
        turns[section] = turns.get(section, 0) + 1
        link = section_link(section, turns[section])
        groups.update({question.id: link for question in run})
    return groups


class _Builder:
    def __init__(self, flow: Flow, texts: Texts, country: Country) -> None:
        self._flow = flow
        self._texts = texts
        self._country = country
        self._enabling = Enabling(flow)
        self._groups_of = groups_of(flow)

    def whole(self) -> Resource:
        flow = self._flow
        whole: Resource = {
            "resourceType": "Questionnaire",
            "id": dashed(flow.id),
            "language": self._texts.first.code,
            "url": questionnaire_url(flow.id),
            "version": str(flow.version),
            "name": "".join(word.capitalize() for word in flow.id.split("_")),
            "status": STATUS,
            "subjectType": ["Patient"],
            "publisher": PUBLISHER,
            "copyright": LICENCE,
        }
        self._texts.put(whole, "title", lambda words: words.interface.bot.short_description)
        self._texts.put(whole, "description", lambda words: words.interface.bot.description)
        self._texts.put(whole, "purpose", lambda words: words.results.not_a_diagnosis)
        whole["item"] = [*self._groups(), *self._ends()]
        return whole

    def _groups(self) -> Iterator[Resource]:
        for link, members in groupby(
            self._flow.questions, key=lambda question: self._groups_of[question.id]
        ):
            run = list(members)
            section = run[0].section
            group: Resource = {"linkId": link, "type": "group"}
            self._texts.put(group, "text", partial(_section, section))
            self._enable(group, self._enabling.goes_on(run[0].id), f"shown {_ENDED}")
            group["item"] = [self._question(question, run[0]) for question in run]
            yield group

    def _question(self, question: Question, first: Question) -> Resource:
        id = question.id
        item: Resource = {
            "linkId": id,
            "code": [{"system": system(self._flow.id, "questions"), "code": id}],
            "type": _TYPES[question.kind],
            "required": question.kind is not Kind.TEXT,
            "repeats": question.kind is Kind.MANY,
        }
        self._texts.put(item["code"][0], "display", lambda words: words.question(id).topic)
        self._texts.put(item, "text", lambda words: words.question(id).ask)
        control = _CONTROLS.get(question.kind)
        if control:
            item["extension"] = [_control(control)]
        going_on = self._enabling.goes_on(id, since=first.id)
        self._enable(
            item,
            all_of([going_on, self._enabling.applies(id)]),
            _told(question, ended=going_on != ALWAYS),
        )
        match question.kind:
            case Kind.ONE | Kind.MANY:
                item["answerOption"] = [self._option(question, code) for code in question.codes]
            case Kind.SCALE:
                item["extension"] += [
                    {"url": MIN_VALUE, "valueInteger": 0},
                    {"url": MAX_VALUE, "valueInteger": SCALE_MAX},
                    {"url": SLIDER_STEP, "valueInteger": 1},
                ]
            case Kind.TEXT:
                item["maxLength"] = TEXT_MAX
        around = list(self._around(question))
        if around:
            item["item"] = around
        return item

    def _option(self, question: Question, code: str) -> Resource:
        coding = answer_coding(self._flow.id, question.id, code)
        self._texts.put(
            coding, "display", lambda words: words.question(question.id).options[code].label
        )
        option: Resource = {"valueCoding": coding}
        if question.kind is Kind.MANY and code == NONE:
            option["extension"] = [{"url": OPTION_EXCLUSIVE, "valueBoolean": True}]
        return option

    def _around(self, question: Question) -> Iterator[Resource]:
        """Why it is asked, what the answers mean, the ends of a scale, and how to answer."""
        id = question.id
        texts = (
            ("why", "", lambda words: words.question(id).why),
            ("details", "", lambda words: _details(words, question)),
            ("low", "lower", lambda words: words.question(id).low),
            ("high", "upper", lambda words: words.question(id).high),
            ("hint", "help", lambda words: words.question(id).hint),
        )
        for name, control, words in texts:
            display: Resource = {"linkId": f"{id}.{name}", "type": "display"}
            if control:
                display["extension"] = [_control(control)]
            self._texts.put(display, "text", words)
            if "text" in display:
                yield display

    def _ends(self) -> Iterator[Resource]:
        """What to do where the interview ends early."""
        emergency: Resource = {"linkId": "end.emergency", "type": "display"}
        self._texts.put(emergency, "text", self._emergency_text)
        self._enable(emergency, self._enabling.emergency(), "shown at an emergency")
        yield emergency
        for end in self._flow.ends:
            yield self._out_of_scope(end)

    def _out_of_scope(self, end: End) -> Resource:
        display: Resource = {"linkId": f"end.{end.id}", "type": "display"}

        def words_of(words: Content) -> str:
            screen = words.results.out_of_scope[end.id]
            text = screen.text.fill(emergency_number=self._country.emergency)
            return f"{plain(screen.title)}\n\n{plain(text)}"

        self._texts.put(display, "text", words_of)
        told = f"shown out of scope, when {write(end.when)}"
        self._enable(display, self._enabling.out_of_scope(end), told)
        return display

    def _emergency_text(self, words: Content) -> str:
        screen = words.results.emergency_screen
        text = screen.text.fill(emergency_number=self._country.emergency)
        return f"{plain(screen.title)}\n\n{plain(text)}"

    def _enable(self, item: Resource, condition: Condition, told: str) -> None:
        if condition == ALWAYS:
            return
        short = concise(condition)
        rows = enable_when(self._flow, short)
        if rows is not None:
            item.update(rows)
            return
        said = {
            "description": told,
            "language": LANGUAGE,
            "expression": expression(short, self._groups_of),
        }
        item.setdefault("extension", []).append(
            {"url": ENABLE_WHEN_EXPRESSION, "valueExpression": said}
        )


def _section(id: str, words: Content) -> str:
    return words.questions.sections[id]


def _told(question: Question, *, ended: bool) -> str:
    asked = f"asked when {write(question.asked)}" if question.asked is not None else "asked"
    return f"{asked}, {_ENDED}" if ended else asked


def _details(words: Content, question: Question) -> str:
    """What the answers with more to say mean, one to a line."""
    options = words.question(question.id).options
    return "\n".join(
        f"{options[code].label}: {plain(detail)}"
        for code in question.codes
        if (detail := options[code].detail) is not None
    )


def _control(code: str) -> Resource:
    coding = {"system": ITEM_CONTROLS, "code": code}
    return {"url": ITEM_CONTROL, "valueCodeableConcept": {"coding": [coding]}}
