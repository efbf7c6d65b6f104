"""The words of the book and of its sign-off: what stands around the words that patients see.

Read by clinicians, operators and clinics, never by patients.
"""

from importlib.resources.abc import Traversable
from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from content.loader import ContentError, located, packaged_content
from content.markup import MarkupError, placeholders
from flows.concerns import Help, Level
from flows.errors import FlowError
from flows.evidence import Evidence, Mark, Seen
from flows.loader import read_document
from flows.models import Certainty, Flow, Kind

BOOK = "book.yaml"


def _words(*names: str) -> BeforeValidator:
    """Plain words that hold exactly these placeholders."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or not raw.strip():
            raise ValueError("a text is missing")
        text = raw.strip()
        try:
            found = placeholders(text)
        except MarkupError as error:
            raise ValueError(str(error)) from None
        for name in sorted(found - set(names)):
            raise ValueError(f"nobody fills the placeholder {{{name}}}")
        for name in sorted(set(names) - found):
            raise ValueError(f"does not say {{{name}}}")
        return text

    return BeforeValidator(read)


Text: TypeAlias = Annotated[str, _words()]
Texts: TypeAlias = Annotated[tuple[Text, ...], Field(min_length=1)]


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CoverWords(_Words):
    """The first page."""

    title: Text
    subtitle: Text
    made: Text
    id: Text
    version: Text
    dated: Text
    language: Text
    protocol_hash: Text
    words_hash: Text
    size: Annotated[str, _words("questions", "rules", "items", "patients")]
    contents: Text
    page: Annotated[str, _words("number", "total")]


class SignOffWords(_Words):
    """Whether the running protocol is signed off.

    `line` stands pinned in a clinic's staff group, `short` in each intake while nobody has signed.
    """

    label: Text
    missing: Text
    given: Annotated[str, _words("name", "role", "date")]
    given_for: Annotated[str, _words("name", "role", "date", "clinic")]
    other_words: Annotated[str, _words("languages")]
    altered: Text
    unknown: Text
    line_missing: Annotated[str, _words("hash")]
    line_given: Annotated[str, _words("name", "role", "date", "hash")]
    line_altered: Annotated[str, _words("hash")]
    line_unknown: Annotated[str, _words("hash")]
    short_missing: Text
    short_unknown: Text
    short_words: Text


class PurposeWords(_Words):
    """The chapter on what it is for."""

    title: Text
    use_title: Text
    use: Texts
    not_for_title: Text
    not_for: Texts
    does_not_title: Text
    does_not: Texts
    reading_title: Text
    reading: Texts


class OverviewWords(_Words):
    """The drawing of the whole way."""

    title: Text
    intro: Text
    start: Text
    agree: Text
    emergency: Text
    out_of_scope: Text
    review: Text
    result: Text
    section: Text
    asks: Text
    leaves: Text
    always: Text
    stops_at: Annotated[str, _words("rules")]


class QuestionsWords(_Words):
    """The chapter of the questions."""

    title: Text
    intro: Text
    asked: Text
    always: Text
    why: Text
    hint: Text
    intimate: Text
    emergency: Annotated[str, _words("rules")]
    ends: Text
    kinds: dict[Kind, Text]


class ConditionWords(_Words):
    """How a condition reads. `topic` names a question, `options` are its buttons, quoted."""

    topic: Annotated[str, _words("topic", "number")]
    quote: Annotated[str, _words("label")]
    is_: Annotated[str, _words("topic", "options")] = Field(alias="is")
    is_not: Annotated[str, _words("topic", "options")]
    has: Annotated[str, _words("topic", "options")]
    has_anything: Annotated[str, _words("topic")]
    at_least: Annotated[str, _words("topic", "number")]
    equals: Annotated[str, _words("left", "right")]
    not_: Annotated[str, _words("part")] = Field(alias="not")
    not_lead: Text
    all: Text
    any: Text
    count: Annotated[str, _words("number")]
    and_: Text = Field(alias="and")
    or_: Text = Field(alias="or")
    pathway_found: Text
    otherwise: Text


class RulesWords(_Words):
    """The chapter of the rules."""

    title: Text
    intro: Text
    rules_title: Text
    when: Text
    told: Text
    sources: Text
    raised: Annotated[str, _words("urgency")]
    gives: Annotated[str, _words("urgency")]
    your_answer: Text
    ends_title: Text
    ends_intro: Text
    definitions_title: Text
    definitions_intro: Text


class LinkWords(_Words):
    """The chapter of the pathways."""

    title: Text
    intro: Texts
    possible: Annotated[str, _words("points")]
    likely: Annotated[str, _words("points")]
    never_likely: Text
    needs: Text
    item: Text
    points: Text
    only: Text
    order: Annotated[str, _words("pathways")]
    mixed: Annotated[str, _words("pathways", "mixed")]
    certainty: dict[Certainty, Text]
    not_assessed: Text


class TypedWords(_Words):
    """The chapter of what typed words can raise."""

    title: Text
    intro: Text
    concern: Text
    level: Text
    sets: Text
    history: Text
    passing: Text
    levels: dict[Level, Text]
    help: dict[Help, Text]


class ToldWords(_Words):
    """The chapter of what patients are told."""

    title: Text
    intro: Text
    urgency: Text
    emergency: Text
    out_of_scope: Text
    until_seen: Text
    for_rule: Annotated[str, _words("rule")]
    self_care: Text
    for_all: Text
    fills: dict[str, Text]


class DecisionWords(_Words):
    """The chapter of the decisions, and the page to sign."""

    title: Text
    intro: Text
    about: Text
    agree: Text
    change: Text
    note: Text
    each: dict[str, Text]
    sign_title: Text
    sign_intro: Annotated[str, _words("hash", "words")]
    name: Text
    role: Text
    registration: Text
    clinic: Text
    date: Text
    signature: Text
    enter: Text


class KnownWords(_Words):
    """The chapter of what is known and what is not."""

    title: Text
    intro: Texts
    known: Text
    not_known: Text
    gaps_title: Text
    gaps: Texts


class PatientsWords(_Words):
    """The chapter of the test patients."""

    title: Text
    intro: Text
    patient: Text
    outcome: Text
    because: Text
    nothing: Text


class SourcesWords(_Words):
    """The chapter of the sources."""

    title: Text
    intro: Text
    seen: dict[Seen, Text]
    short: dict[Seen, Text]
    weak: Text
    at: Text
    marks: dict[Mark, Text]
    marks_short: dict[Mark, Text]
    protocol: Text
    grades_title: Text
    list_title: Text
    source: Text
    grade: Text
    meaning: Text
    cited: Text


class DiffWords(_Words):
    """What changed between two versions of a protocol."""

    title: Annotated[str, _words("old", "new")]
    same: Text
    version: Annotated[str, _words("old", "new")]
    questions: Text
    rules: Text
    pathways: Text
    others: Text
    patients: Text
    patients_same: Text
    refused: Text
    incomplete: Text
    was: Text
    now: Text
    nothing: Text
    added: Annotated[str, _words("what")]
    removed: Annotated[str, _words("what")]
    moved: Annotated[str, _words("what", "after")]
    moved_first: Annotated[str, _words("what")]
    how: Annotated[str, _words("what", "old", "new")]
    options_added: Annotated[str, _words("what", "options")]
    options_removed: Annotated[str, _words("what", "options")]
    options_moved: Annotated[str, _words("what", "options")]
    asked: Annotated[str, _words("what")]
    always: Text
    when: Annotated[str, _words("what")]
    urgency: Annotated[str, _words("what", "old", "new")]
    raised: Annotated[str, _words("what")]
    sources: Annotated[str, _words("what", "old", "new")]
    possible: Annotated[str, _words("what", "old", "new")]
    likely: Annotated[str, _words("what", "old", "new")]
    needs: Annotated[str, _words("what")]
    points: Annotated[str, _words("what", "old", "new")]
    only: Annotated[str, _words("what")]
    term: Annotated[str, _words("what", "term")]
    order: Annotated[str, _words("old", "new")]
    mixed: Annotated[str, _words("old", "new")]
    end: Annotated[str, _words("what")]
    definition: Annotated[str, _words("what")]
    concern: Annotated[str, _words("what")]


class BookWords(_Words):
    """The file book.yaml."""

    language: str
    cover: CoverWords
    sign_off: SignOffWords
    purpose: PurposeWords
    overview: OverviewWords
    questions: QuestionsWords
    conditions: ConditionWords
    definitions: dict[str, Text]
    rules: RulesWords
    link: LinkWords
    typed: TypedWords
    told: ToldWords
    decisions: DecisionWords
    known: KnownWords
    patients: PatientsWords
    sources: SourcesWords
    diff: DiffWords


def load_book_words(
    code: str, flow: Flow, evidence: Evidence, folder: Traversable | None = None
) -> BookWords:
    """The words of the book in a language.

    Raises:
        ContentError: a text is missing, unused, or does not say what it must.
    """
    source = (folder if folder is not None else packaged_content()) / code
    try:
        document = read_document(source, BOOK)
        try:
            words = BookWords.model_validate({**document.data, "language": code})
        except ValidationError as error:
            raise located(error, document) from None
        for path, given, wanted in (
            (("definitions",), words.definitions, flow.definitions),
            (("decisions", "each"), words.decisions.each, evidence.decisions),
            (("questions", "kinds"), words.questions.kinds, Kind),
            (("link", "certainty"), words.link.certainty, Certainty),
            (("typed", "levels"), words.typed.levels, Level),
            (("typed", "help"), words.typed.help, Help),
            (("sources", "seen"), words.sources.seen, Seen),
            (("sources", "short"), words.sources.short, Seen),
            (("sources", "marks"), words.sources.marks, Mark),
            (("sources", "marks_short"), words.sources.marks_short, Mark),
        ):
            known = {str(name) for name in wanted}
            for name in sorted(known ^ {str(name) for name in given}):
                raise FlowError(
                    "is missing" if name in known else "is not used",
                    file=BOOK,
                    line=document.line(path),
                    id=".".join((*path, name)),
                )
    except FlowError as error:
        raise ContentError(
            error.reason, file=f"{code}/{error.file}", line=error.line, id=error.id
        ) from None
    return words
