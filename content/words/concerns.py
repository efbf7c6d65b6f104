"""The plain questions about concerns, and help for what is no matter of triage."""

from typing import Annotated

from content.markup import Markup
from content.words.texts import QUESTION, Button, Sentence, WithNumber, Words, words


class HelpWords(Words):
    """Help for what is no matter of triage, by whether the country has a line for it."""

    with_line: Annotated[Markup, words("line", "emergency_number", longest=700)]
    without_line: Annotated[Markup, words("emergency_number", longest=700)]


class ConcernsFile(Words):
    """The file concerns.yaml: what is said and asked when words raise a concern.

    `now`, `today` and `check` stand above the question, by the concern's level; `unread` above it
    where a message could not be looked at. What follows a reply begins with `noted` or `told`.
    """

    now: Annotated[Markup, words("emergency_number", longest=300)]
    today: WithNumber
    check: WithNumber
    unread: Sentence
    yes: Button
    no: Button
    unsure: Button
    say_plainly: Sentence
    noted_no: WithNumber
    noted_no_mild: Sentence
    told_today: Annotated[Markup, words("emergency_number", "urgent_advice", longest=350)]
    told_noted: Sentence
    said_before: WithNumber
    go_on: Button
    gone_on: Sentence
    stored_little: Sentence
    questions: dict[str, Annotated[Markup, words(longest=QUESTION)]]
    help: dict[str, HelpWords]
