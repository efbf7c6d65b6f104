"""Results: urgencies, whom to see, the link between back and foot, what to do meanwhile."""

from typing import Annotated

from pydantic import Field

from content.markup import Markup
from content.words.texts import (
    SENTENCE,
    Heading,
    Lines,
    Paragraph,
    Reason,
    Sentence,
    Words,
    label,
    words,
)


class UrgencyWords(Words):
    """How soon, and what to do."""

    word: Annotated[str, label(longest=20)]
    headline: Annotated[Markup, words(longest=90)]
    action: Annotated[Markup, words("emergency_number", "urgent_advice", longest=350)]


class UrgentAdvice(Words):
    """Where advice is to be had out of hours, by whether the country has a line for it."""

    with_line: Annotated[Markup, words("urgent_line", longest=SENTENCE)]
    without_line: Sentence


class EmergencyWords(Words):
    """The emergency screen."""

    title: Heading
    text: Annotated[Markup, words("emergency_number", longest=700)]
    because: Heading
    after: Sentence


class OutOfScopeWords(Words):
    """Why this chat cannot help, and who can."""

    title: Heading
    text: Annotated[Markup, words("emergency_number", longest=700)]


class LinkWords(Words):
    """One way in which back and foot may be linked, or none.

    A pathway has `possible` and, where the protocol allows it, `likely`, and the honest parts; a
    link that is no pathway of its own has only a `summary`.
    """

    title: Heading
    summary: Sentence | None = None
    possible: Sentence | None = None
    likely: Sentence | None = None
    how: Paragraph | None = None
    known: Sentence | None = None
    not_known: Sentence | None = None
    meanwhile: Lines | None = None
    who: Annotated[Markup, words(longest=SENTENCE)] | None = None


class TreatmentWords(Words):
    """What treatment usually joins."""

    title: Heading
    back: Paragraph
    foot: Paragraph
    both: Paragraph
    imaging: Sentence


class UntilSeenWords(Words):
    """What to do until a clinician has looked, where general advice could do harm.

    For everybody who needs to be seen today, and by rule.
    """

    same_day: Lines
    rules: dict[str, Lines]


class SelfCareWords(Words):
    """What to try first."""

    title: Heading
    back: Lines
    foot: Lines


class SafetyNetWords(Words):
    """When to get help sooner."""

    title: Heading
    emergency_intro: Annotated[Markup, words("emergency_number", longest=SENTENCE)]
    emergency: Annotated[Lines, Field(max_length=9)]
    same_day_intro: Sentence
    same_day: Lines
    close: Paragraph


class ResultHeadings(Words):
    """Headings inside the result."""

    why_soon: Heading
    link: Heading
    because: Heading
    against: Heading
    how: Heading
    known: Heading
    not_known: Heading
    meanwhile: Heading
    who: Heading
    ask: Heading
    idea: Heading
    supports: Heading
    speaks_against: Heading
    so: Heading


class ExplanationPage(Words):
    """One page on the link: the idea, what speaks for and against it, what follows."""

    title: Heading
    idea: Annotated[Markup, words(longest=900)]
    supports: Annotated[Markup, words(longest=700)]
    against: Annotated[Markup, words(longest=700)]
    so: Paragraph


class ResultsFile(Words):
    """The file results.yaml."""

    urgency: dict[str, UrgencyWords]
    urgent_advice: UrgentAdvice
    emergency_screen: EmergencyWords
    out_of_scope: dict[str, OutOfScopeWords]
    rules: dict[str, Reason]
    reasons: dict[str, Reason]
    links: dict[str, LinkWords]
    who_to_see: Paragraph
    questions_to_ask: Annotated[Lines, Field(min_length=5, max_length=5)]
    treatment: TreatmentWords
    until_seen: UntilSeenWords
    self_care: SelfCareWords
    safety_net: SafetyNetWords
    not_a_diagnosis: Sentence
    headings: ResultHeadings
    explain: dict[str, ExplanationPage]
