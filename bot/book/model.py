"""What stands in the book, as plain data: every renderer shows the same.

All texts are plain words of one language. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words: a `text`, or a `lead` with `parts` that are joined by `joint`."""

    text: str = ""
    lead: str = ""
    joint: str = ""
    parts: tuple[Clause, ...] = ()

    def inline(self) -> str:
        """The whole condition on one line, with brackets where parts are nested."""
        if not self.parts:
            return self.text
        inside = [part.inline() for part in self.parts]
        if not self.joint:
            return f"{self.lead} " + "; ".join(f"({text})" for text in inside)
        nested = (
            f"({text})" if part.parts and part.joint else text
            for part, text in zip(self.parts, inside, strict=True)
        )
        return f"; {self.joint} ".join(nested)


@dataclass(frozen=True, slots=True)
class Citation:
    """A source and how it was seen (`grade`, one or two letters), or a mark without a source."""

    name: str
    grade: str = ""

    def inline(self) -> str:
        return f"{self.name} ({self.grade})" if self.grade else self.name


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. `leads`: it stays on one page with what comes after it."""

    text: str
    leads: bool = False
    kind: str = "prose"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a chapter."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question."""

    label: str
    detail: str
    code: str


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question as the patient sees it. `asked` is None where everybody is asked."""

    number: int
    id: str
    topic: str
    how: str
    private: bool
    asked: Clause | None
    why: str
    ask: str
    hint: str
    choices: tuple[Choice, ...]
    leads: str
    ends: tuple[Clause, ...]
    kind: str = "question"


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule of urgency. `rank` is 0 for the most urgent."""

    id: str
    urgency: str
    rank: int
    when: Clause
    raised: str
    raised_when: Clause | None
    told: str
    sources: tuple[Citation, ...]
    kind: str = "rule"


@dataclass(frozen=True, slots=True)
class Named:
    """A condition under a name."""

    name: str
    when: Clause
    code: str = ""
    kind: str = "named"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: plain words in every cell. `wide` holds the relative widths of its columns.

    `coded`: the first column holds codes.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[int, ...]
    coded: bool = False
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Told:
    """Words as patients read them, under a label."""

    label: str
    paragraphs: tuple[str, ...]
    kind: str = "told"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, with boxes to tick."""

    number: int
    text: str
    about: str
    kind: str = "decision"


@dataclass(frozen=True, slots=True)
class Signature:
    """The fields to sign in, and the command that enters it."""

    intro: str
    fields: tuple[str, ...]
    enter: str
    command: str
    kind: str = "signature"


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the interview in the overview: what it asks, and where it can lead at once."""

    title: str
    asks: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The drawing of the whole way; `mermaid` is the machine's own diagram, for Markdown."""

    stages: tuple[Stage, ...]
    columns: tuple[str, str]
    mermaid: str
    kind: str = "overview"


Block: TypeAlias = (
    Prose
    | Heading
    | Bullets
    | QuestionCard
    | RuleCard
    | Named
    | Table
    | Told
    | Decision
    | Signature
    | Overview
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter; `id` is the same in every language."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """What the first page says of the sign-off; `sound` only if somebody has signed."""

    label: str
    text: str
    sound: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The whole book in one language. `facts` are label and value; `labels` stand in the blocks."""

    language: str
    title: str
    subtitle: str
    made: str
    facts: tuple[tuple[str, str], ...]
    seal: Seal
    contents: str
    page: str
    labels: dict[str, str]
    chapters: tuple[Chapter, ...] = field(default=())

    def data(self) -> dict[str, Any]:
        """The book as JSON data."""
        return asdict(self)
