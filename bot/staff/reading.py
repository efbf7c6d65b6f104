"""An intake in the language of who reads it: the codes are the same, the words are not."""

from __future__ import annotations

from bot.intake.intake import Findings, Intake, Line, Named, Reason
from bot.wording import Wording
from content.markup import Markup
from flows.answers import Answer, AnswerError, Answers
from flows.assessment import item_evidence, rule_evidence
from flows.conditions import Evidence


def read_by(intake: Intake, wording: Wording) -> Intake:
    """The intake with its words in this language, as far as this version of the flow knows them.

    One that another version of the flow made keeps the words that the patient read.
    """
    flow = wording.flow
    if intake.language == wording.content.code:
        return intake
    if (intake.flow.id, intake.flow.version) != (flow.id, flow.version):
        return intake
    try:
        answers = {line.id: _answer(line) for line in intake.answers}
        lines = tuple(_line(wording, line, answers[line.id]) for line in intake.answers)
        findings = intake.findings and _findings(wording, intake.findings, answers)
    except (KeyError, ValueError, AnswerError):
        return intake
    return intake.model_copy(update={"answers": lines, "findings": findings})


def _answer(line: Line) -> Answer:
    return line.answer


def _line(wording: Wording, line: Line, answer: Answer) -> Line:
    words = wording.content.question(line.id)
    said = wording.said(line.id, answer)
    return line.model_copy(update={"topic": words.topic, "said": said})


def _findings(wording: Wording, findings: Findings, answers: Answers) -> Findings:
    results = wording.content.results
    flow = wording.flow
    items = {item.id: item for pathway in flow.pathways for item in pathway.items}

    def rule(one: Reason) -> Reason:
        evidence = rule_evidence(flow.rule_by_id[one.id], answers)
        return _told(wording, one, results.rules[one.id], evidence)

    def item(one: Reason) -> Reason:
        return _told(wording, one, results.reasons[one.id], item_evidence(items[one.id], answers))

    pathways = tuple(
        one.model_copy(
            update={
                "title": results.links[one.id].title.plain(),
                "reasons": tuple(item(reason) for reason in one.reasons),
            }
        )
        for one in findings.pathways
    )
    link = findings.link
    if link.words:
        link = Named(code=link.code, words=results.links[link.code].title.plain())
    headline = results.urgency[findings.urgency.code].headline.plain()
    return findings.model_copy(
        update={
            "urgency": Named(code=findings.urgency.code, words=headline),
            "rules": tuple(rule(one) for one in findings.rules),
            "link": link,
            "pathways": pathways,
        }
    )


def _told(wording: Wording, one: Reason, text: Markup, evidence: Evidence) -> Reason:
    return one.model_copy(update={"words": wording.told(text, evidence).plain()})
