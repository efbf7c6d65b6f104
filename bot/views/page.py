"""The page to take along, as something to be made and sent.

A page is made from a conversation as it stands (:func:`page_of`), or from an intake as it left
(:func:`page_of_intake`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from bot.paper.contents import PAGE, Line, Page, Section
from bot.pictures.findings import findings_of
from bot.screens import Picture, Screen
from bot.views.pictures import chain_text
from bot.views.result import certainty_of, meanwhile, reasons_of, why_soon
from bot.wording import Wording
from content.markup import Markup
from flows.answers import Answer, Answers
from flows.assessment import NONE_FOUND, NOT_ASSESSED, Assessment, Finding, assess
from flows.conversation import Conversation, standing_of
from flows.models import Certainty, Urgency

Json: TypeAlias = dict[str, Any]

SELF_TESTS = {"toe_rise": (), "foot_load": ("squeeze_sore",)}
"""Questions that report a test of one's own; of ticks only these (protocol section 1)."""

_NOT_TRIED = "not_tried"


def page_screen(wording: Wording, conversation: Conversation) -> Screen:
    """The page of a finished interview, with what is said beside it."""
    page = page_of(wording, conversation)
    return Screen(
        name="page",
        text=wording.content.paper.page.caption,
        lasting=True,
        picture=Picture(PAGE, wording.content.code, page.model_dump(mode="json")),
    )


def page_of(wording: Wording, conversation: Conversation) -> Page:
    """The page of a conversation that is finished.

    Raises:
        ValueError: a question is still open, or it ended out of scope.
    """
    standing = standing_of(wording.flow, conversation)
    assessment = assess(wording.flow, standing)
    if assessment.urgency is None:
        raise ValueError("there is nothing to put on a page")
    answers = standing.answers
    results = wording.content.results
    supporting, against = reasons_of(wording, answers, assessment.pathways)
    return _page(
        wording,
        answers,
        assessment,
        why=_plain(why_soon(wording, standing, assessment)),
        sections=_sections(wording, answers),
        link=_plain(
            (
                results.links[assessment.link].summary or Markup(),
                *(certainty_of(results.links[f.pathway], f) for f in assessment.pathways),
            )
            if assessment.link != NOT_ASSESSED
            else ()
        ),
        reasons=_plain(supporting),
        against=_plain(against),
    )


def page_of_intake(intake: Json, wording: Wording) -> Page:
    """The page of an intake in its JSON form, in the words that the patient read.

    `wording` is that of the intake's language; what the page adds of its own, and what the picture
    shows, comes from it and from the intake's codes.

    Raises:
        KeyError, ValueError: it is no intake with a finding.
    """
    found = intake["findings"]
    if not found:
        raise ValueError("this intake has no finding to put on a page")
    answers: dict[str, Answer] = {}
    sections: dict[str, list[Line]] = {}
    for line in intake["answers"]:
        answer = line["answer"]
        answers[line["id"]] = tuple(answer) if isinstance(answer, list) else answer
        told = Line(topic=line["topic"], said=line["said"])
        sections.setdefault(line["section"], []).append(told)
    pathways = found.get("pathways", ())
    assessment = Assessment(
        urgency=Urgency(found["urgency"]["code"]),
        rules=tuple(rule["id"] for rule in found["rules"]),
        link=found["link"]["code"],
        pathways=tuple(
            Finding(
                pathway["id"],
                Certainty(pathway["certainty"]["code"]),
                pathway["points"],
                tuple(reason["id"] for reason in pathway["reasons"]),
            )
            for pathway in pathways
        ),
    )
    reasons = [reason for pathway in pathways for reason in pathway["reasons"]]
    person = intake.get("person") or {}
    page = _page(
        wording,
        answers,
        assessment,
        why=tuple(rule["words"] for rule in found["rules"]),
        sections=_as_sections(sections),
        link=tuple(
            words
            for words in (found["link"]["words"], *(p["certainty"]["words"] for p in pathways))
            if words
        ),
        reasons=tuple(r["words"] for r in reasons if r.get("points", 0) >= 0),
        against=tuple(r["words"] for r in reasons if r.get("points", 0) < 0),
    )
    headline, action = _shown_then(intake) or (page.headline, page.action)
    return page.model_copy(
        update={
            "headline": headline,
            "action": action,
            "reference": intake["reference"],
            "date": str(intake["created_at"])[:10],
            "clinic": intake.get("clinic_name", ""),
            "name": person.get("name", ""),
            "phone": person.get("phone") or "",
        }
    )


def _shown_then(intake: Json) -> tuple[str, str] | None:
    """How soon and what to do, as the patient was shown it: the top of the first message."""
    first, *_ = intake.get("advised") or ("",)
    headline, _, action = first.split("\n\n")[0].partition("\n")
    return (headline, action) if action else None


def _page(
    wording: Wording,
    answers: Answers,
    assessment: Assessment,
    *,
    why: tuple[str, ...],
    sections: tuple[Section, ...],
    link: tuple[str, ...],
    reasons: tuple[str, ...],
    against: tuple[str, ...],
) -> Page:
    content = wording.content
    urgency = content.results.urgency[str(assessment.urgency)]
    title, advised = meanwhile(content, answers, assessment)
    emergency = assessment.urgency is Urgency.EMERGENCY
    links = content.results.links
    found = [links[finding.pathway] for finding in assessment.pathways]
    whom = [words.who for words in found or [links[NONE_FOUND]]]
    findings = findings_of(wording.flow, answers, assessment)
    text = chain_text(wording, answers, assessment, findings).plain() if findings else ""
    return Page(
        language=content.code,
        headline=urgency.headline.plain(),
        action=wording.fill(urgency.action).plain(),
        why=why,
        answers=sections,
        link=link,
        reasons=reasons,
        against=against,
        tests=tuple(_tests(wording, answers)),
        advised_title="" if emergency else title.plain(),
        advised=() if emergency else _plain(dict.fromkeys(advised)),
        who=() if emergency else _plain((content.results.who_to_see, *whom)),
        findings=findings.to_json() if findings else None,
        picture_text=text,
    )


def _sections(wording: Wording, answers: Answers) -> tuple[Section, ...]:
    sections: dict[str, list[Line]] = {}
    for id, answer in answers.items():
        title = wording.content.questions.sections[wording.flow.question_by_id[id].section]
        topic = wording.content.question(id).topic
        line = Line(topic=topic, said=wording.said(id, answer))
        sections.setdefault(title, []).append(line)
    return _as_sections(sections)


def _as_sections(lines: Mapping[str, Sequence[Line]]) -> tuple[Section, ...]:
    return tuple(Section(title=title, lines=tuple(told)) for title, told in lines.items())


def _tests(wording: Wording, answers: Answers) -> list[Line]:
    lines = []
    for question, ticks in SELF_TESTS.items():
        answer = answers.get(question)
        if ticks and isinstance(answer, tuple):
            answer = tuple(code for code in answer if code in ticks)
        if answer and answer != _NOT_TRIED:
            topic = wording.content.question(question).topic
            lines.append(Line(topic=topic, said=wording.said(question, answer)))
    return lines


def _plain(texts: Any) -> tuple[str, ...]:
    return tuple(text.plain() for text in texts if text)
