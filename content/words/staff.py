"""What a clinic's staff are told in their group."""

from typing import Annotated, TypeAlias

from content.markup import Markup
from content.words.texts import (
    NOTICE,
    SENTENCE,
    Button,
    Heading,
    Paragraph,
    Sentence,
    Words,
    label,
    words,
)

Stamp: TypeAlias = Annotated[str, label(longest=24)]
"""What stands first in a message to the staff: how soon, in a word."""


class StaffPostWords(Words):
    """A new intake, to the staff group of a clinic. Nothing else of it is shown there."""

    age: Annotated[Markup, words("age", longest=60)]
    link: Annotated[Markup, words("link", longest=60)]
    no_link: Sentence
    why: Heading
    told_emergency: Sentence
    follow_up: Stamp
    follows: Annotated[Markup, words("reference", longest=SENTENCE)]
    replaces: Annotated[Markup, words("reference", longest=SENTENCE)]
    waiting: Annotated[Markup, words("minutes", longest=SENTENCE)]
    handled: Annotated[Markup, words("name", "time", longest=SENTENCE)]
    withdrawn: Stamp
    withdrawn_text: Annotated[Markup, words("reference")]
    gone: Stamp


class StaffSummaryWords(Words):
    """The whole intake, privately to a member of the staff who asked."""

    intro: Annotated[Markup, words("reference", "clinic", longest=SENTENCE)]
    name: Annotated[Markup, words("name", longest=60)]
    phone: Annotated[Markup, words("phone", longest=60)]
    no_phone: Sentence
    sent: Annotated[Markup, words("time", longest=SENTENCE)]
    language: Annotated[Markup, words("language", longest=SENTENCE)]
    why: Heading
    link: Heading
    speaks: Annotated[Markup, words("pathway", "certainty", longest=SENTENCE)]
    answers: Heading
    advised: Heading
    consent: Annotated[Markup, words("version", "time", longest=SENTENCE)]
    follow_up: Heading
    after: Paragraph
    continued: Heading


class StaffLineWords(Words):
    """What the bot says in the group of a clinic's staff."""

    added: Annotated[Markup, words("bot")]
    linked: Annotated[Markup, words("clinic")]
    code_refused: Paragraph
    code_missing: Paragraph
    still_linked: Annotated[Markup, words("clinic", longest=SENTENCE)]
    too_many_tries: Paragraph
    public_group: Paragraph
    unlinked: Annotated[Markup, words("clinic")]
    nothing_to_unlink: Sentence


BesideTap: TypeAlias = Annotated[str, label(longest=NOTICE)]


class StaffNoticeWords(Words):
    """What is shown beside a tap in the group."""

    opened: BesideTap
    write_first: BesideTap
    handled: BesideTap
    handled_before: Annotated[str, label("name", "time", longest=120)]
    not_here: BesideTap
    not_a_member: BesideTap
    gone: BesideTap
    try_again: BesideTap


class StaffButtonWords(Words):
    """The buttons of a message in the group."""

    open: Button
    handled: Button


class StaffFile(Words):
    """The file staff.yaml: what the staff of a clinic read. `urgency` has a stamp for each code."""

    urgency: dict[str, Stamp]
    post: StaffPostWords
    summary: StaffSummaryWords
    lines: StaffLineWords
    notices: StaffNoticeWords
    buttons: StaffButtonWords
