"""What a patient can answer, as codes.

An answer is a code (one choice), a tuple of codes in the order of the question's options
(several ticks), a whole number (a 0-10 scale) or free text, where "" means skipped.
"""

from collections.abc import Mapping
from typing import TypeAlias

Answer: TypeAlias = str | int | tuple[str, ...]
Answers: TypeAlias = Mapping[str, Answer]
JsonAnswer: TypeAlias = str | int | list[str]

NONE = "none"
"""The code that means "none of these" and stands alone among ticks."""

SKIPPED = ""
"""The answer to a free-text question that the patient skipped."""


class AnswerError(ValueError):
    """An answer that its question does not take; the message says why, in one line."""


def as_json(answer: Answer) -> JsonAnswer:
    """The answer as it stands in stored data and exports."""
    return list(answer) if isinstance(answer, tuple) else answer
