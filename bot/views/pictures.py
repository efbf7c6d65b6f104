"""Pictures that go with what is shown, each with a text that says the same."""

from bot.pictures.findings import METABOLIC, NERVE, SYSTEMIC, Findings, findings_of
from bot.record import Record
from bot.screens import Picture, Screen
from bot.wording import Wording
from content.loader import POINTED_AT
from content.markup import Markup, bold, join
from flows.answers import Answers
from flows.assessment import Assessment, assess
from flows.conversation import RESULT, standing_of
from flows.models import Certainty

CHAIN = "chain"
"""The kind of the picture of the chain; the others are named by the question they belong to."""

_SIDE_OF = {"foot_place": "foot_side", "leg_line": "leg_side"}
_MARKED = ("back_side", "leg_reach", "leg_side", "leg_line", "foot_side", "foot_place", "gait")
"""Questions whose answers are marked, in the order in which they are told."""


def pictures_of(wording: Wording, record: Record, state: str) -> list[Screen]:
    """The pictures that go with a question or the result, if any are wanted."""
    if not record.pictures or record.view is not None:
        return []
    if state in POINTED_AT:
        return [_pointing(wording, record, state)]
    if state == RESULT:
        return _chain(wording, record)
    return []


def _pointing(wording: Wording, record: Record, question: str) -> Screen:
    answers = standing_of(wording.flow, record.conversation).answers
    about = {
        "side": answers[_SIDE_OF[question]],
        "codes": list(wording.flow.question_by_id[question].codes),
    }
    return Screen(
        name=question,
        text=wording.content.pictures.pointing[question],
        lasting=True,
        picture=Picture(question, wording.content.code, about, passing=True),
    )


def _chain(wording: Wording, record: Record) -> list[Screen]:
    standing = standing_of(wording.flow, record.conversation)
    assessment = assess(wording.flow, standing)
    findings = findings_of(wording.flow, standing.answers, assessment)
    if findings is None:
        return []
    picture = Picture(CHAIN, wording.content.code, findings.to_json())
    text = chain_text(wording, standing.answers, assessment, findings)
    return [Screen(name="picture", text=text, lasting=True, picture=picture)]


def chain_text(
    wording: Wording, answers: Answers, assessment: Assessment, findings: Findings
) -> Markup:
    """What the picture of the chain shows, in words."""
    words = wording.content.pictures.chain
    told = [
        wording.said(question, answers[question])
        for question in _MARKED
        if question in answers and answers[question] not in ("none", ("none",), "unsure")
    ]
    marked = words.marked.fill(list=wording.content.list_of(told)) if told else words.nothing_marked
    links = [
        _drawn_as(pathway, wording).fill(sentence=_sentence(wording, pathway, certainty))
        for pathway, certainty in findings.pathways
    ]
    if not links:
        summary = wording.content.results.links[assessment.link].summary or Markup()
        links = [words.none_found.fill(sentence=summary)]
    return join(
        (join((bold(words.title), marked), "\n"), *links, wording.content.results.not_a_diagnosis)
    )


def _drawn_as(pathway: str, wording: Wording) -> Markup:
    words = wording.content.pictures.chain
    if pathway == NERVE:
        return words.nerve
    return words.site if pathway in (SYSTEMIC, METABOLIC) else words.chain


def _sentence(wording: Wording, pathway: str, certainty: Certainty) -> Markup:
    words = wording.content.results.links[pathway]
    sentence = words.likely if certainty is Certainty.LIKELY else words.possible
    return sentence or Markup()
