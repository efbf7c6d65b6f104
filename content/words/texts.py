"""What every file of words is made of: texts with a length, and placeholders that somebody fills.

A missing or an unknown key, a text that is too long and a placeholder that nobody fills are
refused when the files are read. Lengths are characters as Telegram counts them.
"""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from content.markup import Markup, MarkupError, placeholders

BUTTON = 34
TOPIC = 32
COMMAND = 60
DETAIL = 160
SAID = 90
SENTENCE = 220
QUESTION = 300
PARAGRAPH = 520
MESSAGE = 1500
NOTICE = 200
"""How long words may be, by their use. `NOTICE` also fits beside a tap."""


def words(*names: str, longest: int = PARAGRAPH, any_names: bool = False) -> BeforeValidator:
    """Marked-up words with these placeholders, at most so long."""

    def read(raw: object) -> Markup:
        if isinstance(raw, Markup):
            return raw
        text = Markup.parse(_text(raw, longest))
        _only(text, names, any_names=any_names)
        return text

    return BeforeValidator(read)


def label(*names: str, longest: int = BUTTON) -> BeforeValidator:
    """Words without any formatting: a button, a name, a description."""

    def read(raw: object) -> str:
        text = _text(raw, longest)
        _only(text, names, any_names=False)
        if Markup.parse(text).plain() != text:
            raise ValueError("formatting is not possible here")
        return text

    return BeforeValidator(read)


def _text(raw: object, longest: int) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("a text is missing")
    text = raw.strip()
    try:
        length = Markup.parse(text).length()
    except MarkupError as error:
        raise ValueError(str(error)) from None
    if length > longest:
        raise ValueError(f"is {length} characters long, at most {longest} fit")
    return text


def _only(text: str, names: tuple[str, ...], *, any_names: bool) -> None:
    try:
        found = placeholders(text)
    except MarkupError as error:
        raise ValueError(str(error)) from None
    unknown = sorted(found - set(names))
    if unknown and not any_names:
        raise ValueError(f"nobody fills the placeholder {{{unknown[0]}}}")


class Words(BaseModel):
    """Words that belong together; frozen, and no key more or less."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


Button: TypeAlias = Annotated[str, label()]
Heading: TypeAlias = Annotated[Markup, words(longest=60)]
Sentence: TypeAlias = Annotated[Markup, words(longest=SENTENCE)]
Paragraph: TypeAlias = Annotated[Markup, words()]
WithNumber: TypeAlias = Annotated[Markup, words("emergency_number")]
Lines: TypeAlias = Annotated[tuple[Sentence, ...], Field(min_length=1)]
Reason: TypeAlias = Annotated[Markup, words(longest=SENTENCE, any_names=True)]
Clinic: TypeAlias = Annotated[Markup, words("clinic", longest=SENTENCE)]
