"""Questions: what they ask, their answers, and what people type for them."""

from typing import Annotated, TypeAlias

from pydantic import Field, model_validator

from content.markup import Markup
from content.words.texts import DETAIL, QUESTION, SAID, SENTENCE, TOPIC, Button, Words, label, words

Range: TypeAlias = tuple[float, float]


class OptionWords(Words):
    """An answer: its button, its full meaning, and how it reads inside a sentence.

    `words` are what people type for it. `years` and `weeks` are what a number that is typed must
    lie in to be this answer, both ends included; of several answers the first one counts.
    """

    label: Button
    detail: Annotated[Markup, words(longest=DETAIL)] | None = None
    said: Annotated[str, label(longest=SAID)]
    words: tuple[Annotated[str, label(longest=SAID)], ...] = ()
    years: Range | None = None
    weeks: Range | None = None


class QuestionWords(Words):
    """A question. `topic` names it on the review; `low` and `high` are the ends of a scale."""

    topic: Annotated[str, label(longest=TOPIC)]
    ask: Annotated[Markup, words(longest=QUESTION)]
    why: Annotated[Markup, words(longest=SENTENCE)] | None = None
    hint: Annotated[Markup, words(longest=SENTENCE)] | None = None
    options: dict[str, OptionWords] = Field(default={})
    low: Button | None = None
    high: Button | None = None

    @model_validator(mode="after")
    def _labels_differ(self) -> "QuestionWords":
        labels = [option.label.casefold() for option in self.options.values()]
        if len(set(labels)) < len(labels):
            raise ValueError("two answers have the same button")
        typed = [one.casefold() for option in self.options.values() for one in option.words]
        for one in typed:
            if typed.count(one) > 1 or one in labels:
                raise ValueError(f"two answers are typed {one!r}")
        return self


class QuestionsFile(Words):
    """The file questions.yaml."""

    sections: dict[str, Button]
    questions: dict[str, QuestionWords]
