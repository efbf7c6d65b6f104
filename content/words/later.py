"""Reminders and follow-ups."""

from typing import Annotated

from content.markup import Markup
from content.words.texts import (
    DETAIL,
    SENTENCE,
    Button,
    Clinic,
    Sentence,
    WithNumber,
    Words,
    label,
    words,
)


class OfferWords(Words):
    """Whether the patient may be asked later; `version` is kept with each yes."""

    version: Annotated[str, label(longest=20)]
    ask: Clinic
    yes: Button
    no: Button
    noted: Clinic
    dropped: Sentence


class FollowUpWords(Words):
    """What is asked two weeks after something was sent."""

    intro: Annotated[Markup, words("reference", "clinic", longest=SENTENCE)]
    danger: Sentence
    danger_short: Annotated[str, label(longest=DETAIL)]
    unsure: Sentence
    danger_yes: Button
    danger_unsure: Button
    danger_no: Button
    how: Sentence
    how_short: Annotated[str, label(longest=DETAIL)]
    better: Button
    same: Button
    worse: Button
    leave: Button
    told: Clinic
    left: Sentence
    on_better: Clinic
    on_same: Clinic
    on_worse: Clinic


class LaterFile(Words):
    """The file later.yaml: what the bot writes by itself."""

    reminder: WithNumber
    offer: OfferWords
    follow_up: FollowUpWords
