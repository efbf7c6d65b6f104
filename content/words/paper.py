"""The page to take along, and the poster."""

from typing import Annotated

from pydantic import Field

from content.words.texts import Button, Heading, Lines, Sentence, WithNumber, Words, label


class PageWords(Words):
    """The page to take along. Its other words are those of the result."""

    title: Heading
    reference: Button
    date: Button
    name: Button
    phone: Button
    clinic: Button
    how_soon: Heading
    answers: Heading
    link: Heading
    tests: Heading
    no_tests: Sentence
    advised: Heading
    made_by: Sentence
    caption: Sentence
    file_name: Annotated[str, label(longest=40)]


class PosterWords(Words):
    """A clinic's poster."""

    lead: Heading
    steps: Annotated[Lines, Field(min_length=3, max_length=3)]
    outcome: Sentence
    by_hand: Sentence
    emergency: WithNumber
    not_a_doctor: Sentence


class PaperFile(Words):
    """The file paper.yaml."""

    page: PageWords
    poster: PosterWords
