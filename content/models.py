"""The words of one language, as its files hold them.

A missing or an unknown key, a text that is too long and a placeholder that nobody fills are
refused when the files are read. Lengths are characters as Telegram counts them.
"""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

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


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


Button: TypeAlias = Annotated[str, label()]
Heading: TypeAlias = Annotated[Markup, words(longest=60)]
Sentence: TypeAlias = Annotated[Markup, words(longest=SENTENCE)]
Paragraph: TypeAlias = Annotated[Markup, words()]
WithNumber: TypeAlias = Annotated[Markup, words("emergency_number")]
Lines: TypeAlias = Annotated[tuple[Sentence, ...], Field(min_length=1)]
Reason: TypeAlias = Annotated[Markup, words(longest=SENTENCE, any_names=True)]


class OptionWords(_Words):
    """An answer: its button, its full meaning, and how it reads inside a sentence."""

    label: Button
    detail: Annotated[Markup, words(longest=DETAIL)] | None = None
    said: Annotated[str, label(longest=SAID)]


class QuestionWords(_Words):
    """A question. `topic` names it on the review; `low` and `high` are the ends of a scale."""

    topic: Annotated[str, label(longest=TOPIC)]
    ask: Annotated[Markup, words(longest=QUESTION)]
    why: Annotated[Markup, words(longest=SENTENCE)] | None = None
    hint: Annotated[Markup, words(longest=SENTENCE)] | None = None
    options: dict[str, OptionWords] = {}
    low: Button | None = None
    high: Button | None = None

    @model_validator(mode="after")
    def _labels_differ(self) -> "QuestionWords":
        labels = [option.label.casefold() for option in self.options.values()]
        if len(set(labels)) < len(labels):
            raise ValueError("two answers have the same button")
        return self


class QuestionsFile(_Words):
    """The file questions.yaml."""

    sections: dict[str, Button]
    questions: dict[str, QuestionWords]


class UrgencyWords(_Words):
    """How soon, and what to do."""

    word: Annotated[str, label(longest=20)]
    headline: Annotated[Markup, words(longest=90)]
    action: Annotated[Markup, words("emergency_number", "urgent_advice", longest=350)]


class UrgentAdvice(_Words):
    """Where advice is to be had out of hours, by whether the country has a line for it."""

    with_line: Annotated[Markup, words("urgent_line", longest=SENTENCE)]
    without_line: Sentence


class EmergencyWords(_Words):
    """The emergency screen."""

    title: Heading
    text: Annotated[Markup, words("emergency_number", longest=700)]
    because: Heading
    after: Sentence


class OutOfScopeWords(_Words):
    """Why this chat cannot help, and who can."""

    title: Heading
    text: Annotated[Markup, words("emergency_number", longest=700)]


class LinkWords(_Words):
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


class TreatmentWords(_Words):
    """What treatment usually joins."""

    title: Heading
    back: Paragraph
    foot: Paragraph
    both: Paragraph
    imaging: Sentence


class UntilSeenWords(_Words):
    """What to do until a clinician has looked, where general advice could do harm.

    For everybody who needs to be seen today, and by rule.
    """

    same_day: Lines
    rules: dict[str, Lines]


class SelfCareWords(_Words):
    """What to try first."""

    title: Heading
    back: Lines
    foot: Lines


class SafetyNetWords(_Words):
    """When to get help sooner."""

    title: Heading
    emergency_intro: Annotated[Markup, words("emergency_number", longest=SENTENCE)]
    emergency: Annotated[Lines, Field(max_length=9)]
    same_day_intro: Sentence
    same_day: Lines
    close: Paragraph


class ResultHeadings(_Words):
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


class ExplanationPage(_Words):
    """One page on the link: the idea, what speaks for and against it, what follows."""

    title: Heading
    idea: Annotated[Markup, words(longest=900)]
    supports: Annotated[Markup, words(longest=700)]
    against: Annotated[Markup, words(longest=700)]
    so: Paragraph


class ResultsFile(_Words):
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


class LanguageWords(_Words):
    """How the language calls itself and joins lists."""

    name: Button
    and_: Annotated[str, label(longest=10)] = Field(alias="and")
    list_separator: Annotated[str, Field(min_length=1)]


class BotWords(_Words):
    """How the bot presents itself (Telegram's limits: 120 and 512 characters)."""

    short_description: Annotated[str, label(longest=120)]
    description: Annotated[str, label(longest=512)]


Command: TypeAlias = Annotated[str, label(longest=COMMAND)]


class CommandWords(_Words):
    """One line per command, as the command menu shows them, in this order."""

    start: Command
    help: Command
    back: Command
    restart: Command
    language: Command
    privacy: Command
    pictures: Command
    mydata: Command
    delete: Command
    cancel: Command


class WelcomeWords(_Words):
    """The first screen, and what stands before the others on coming back."""

    text: Annotated[Markup, words("emergency_number", "retention_days", longest=MESSAGE)]
    returning: Sentence
    finished: Sentence


class PrivacyWords(_Words):
    """The note about data; `version` is recorded with each agreement."""

    title: Heading
    version: Annotated[str, label(longest=20)]
    text: Annotated[Markup, words("retention_days", longest=MESSAGE)]


class ButtonWords(_Words):
    """Buttons that are no answers."""

    agree: Button
    read_privacy: Button
    not_now: Button
    language: Button
    back: Button
    done: Button
    skip: Button
    keep: Button
    see_result: Button
    change_answer: Button
    to_review: Button
    start_over: Button
    continue_: Button = Field(alias="continue")
    delete_all: Button
    my_data: Button
    page: Button
    explain: Button
    next_page: Button
    to_result: Button
    read_answers: Button
    correct_answer: Button
    to_emergency: Button


class ReviewWords(_Words):
    """The review of all answers."""

    title: Heading
    text: Sentence
    change_prompt: Sentence
    closed: Sentence


class NoticeWords(_Words):
    """Short lines about what just happened. Those beside a tap fit its limit."""

    stale: Annotated[str, label(longest=NOTICE)]
    language_set: Sentence
    nothing_to_go_back_to: Sentence
    restarted: Sentence
    deleted: Sentence
    deleted_nothing: Sentence
    stopped: WithNumber
    declined: WithNumber
    unknown_clinic_code: Sentence
    in_group: Annotated[Markup, words("bot_link", longest=300)]
    not_text: WithNumber
    flow_changed: Sentence
    pictures_on: Sentence
    pictures_off: Sentence
    agree_first: WithNumber
    kept: Sentence


class ErrorWords(_Words):
    """What is said when something cannot be done."""

    not_understood: WithNumber
    not_understood_scale: WithNumber
    not_understood_many: WithNumber
    pick_at_least_one: Annotated[str, label(longest=NOTICE)]
    text_too_long: Annotated[Markup, words("length", "max_length", longest=SENTENCE)]
    too_long: Sentence
    our_error: WithNumber
    unknown_command: WithNumber


class ConfirmWords(_Words):
    """A question before something that cannot be undone."""

    confirm: Sentence
    yes: Button
    no: Button


class MyDataWords(_Words):
    """Everything stored about a patient, to the patient."""

    title: Heading
    intro: Paragraph
    answers: Heading
    agreed: Annotated[Markup, words("version", longest=SENTENCE)]
    file_caption: Sentence
    empty: Sentence


Synonyms: TypeAlias = Annotated[tuple[Button, ...], Field(min_length=1)]


class SynonymWords(_Words):
    """Words that stand for an answer or a control; compared without case and accents."""

    yes: Synonyms
    no: Synonyms
    unsure: Synonyms
    none: Synonyms
    prefer_not: Synonyms
    done: Synonyms
    back: Synonyms
    skip: Synonyms
    stop: Synonyms
    help: Synonyms
    restart: Synonyms
    repeat: Synonyms
    continue_: Synonyms = Field(alias="continue")
    agree: Synonyms


class InterfaceFile(_Words):
    """The file interface.yaml."""

    language: LanguageWords
    bot: BotWords
    commands: CommandWords
    welcome: WelcomeWords
    privacy: PrivacyWords
    buttons: ButtonWords
    progress: Annotated[Markup, words("number", "total", longest=40)]
    ticked: Annotated[Markup, words("list", longest=40)]
    answer_before: Annotated[Markup, words("said", longest=60)]
    scale: Annotated[Markup, words("low", "high", longest=100)]
    scale_value: Annotated[str, label("value", longest=40)]
    skipped: Annotated[str, label(longest=40)]
    review: ReviewWords
    help: Annotated[Markup, words("emergency_number", longest=MESSAGE)]
    language_choice: Sentence
    emergency_line: WithNumber
    notices: NoticeWords
    errors: ErrorWords
    delete: ConfirmWords
    restart: ConfirmWords
    mydata: MyDataWords
    synonyms: SynonymWords


Part: TypeAlias = Annotated[str, label(longest=60)]


class PathwayWords(_Words):
    """A link in a picture: a word on what it is about, and the parts of the body that it joins."""

    word: Annotated[str, label(longest=20)] | None = None
    parts: Part


class PartWords(_Words):
    """Parts of the body along the chain."""

    low_back: Part
    pelvis_hip: Part
    knee: Part
    ankle: Part
    arch_heel: Part
    sciatic_nerve: Part
    nerve_root: Part


class ViewWords(_Words):
    """From where a part is seen."""

    front: Part
    back: Part
    sole: Part
    inner: Part


class ChainWords(_Words):
    """The text that says the same as the picture of the chain."""

    title: Heading
    marked: Annotated[Markup, words("list", longest=SENTENCE)]
    nothing_marked: Sentence
    nerve: Annotated[Markup, words("sentence", longest=SENTENCE)]
    chain: Annotated[Markup, words("sentence", longest=SENTENCE)]
    site: Annotated[Markup, words("sentence", longest=SENTENCE)]
    none_found: Annotated[Markup, words("sentence", longest=SENTENCE)]


class PicturesFile(_Words):
    """The file pictures.yaml."""

    sides: dict[str, Annotated[str, label(longest=12)]]
    certainty: dict[str, Annotated[str, label(longest=16)]]
    pathways: dict[str, PathwayWords]
    none_found: Annotated[str, label(longest=40)]
    parts: PartWords
    reach: dict[str, Part]
    strips: dict[str, Part]
    places: dict[str, Part]
    views: ViewWords
    signs: dict[str, Annotated[str, label(longest=20)]]
    chain: ChainWords
    pointing: dict[str, Sentence]


class PageWords(_Words):
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


class PosterWords(_Words):
    """A clinic's poster."""

    lead: Heading
    steps: Annotated[Lines, Field(min_length=3, max_length=3)]
    outcome: Sentence
    by_hand: Sentence
    emergency: WithNumber
    not_a_doctor: Sentence


class PaperFile(_Words):
    """The file paper.yaml."""

    page: PageWords
    poster: PosterWords


class Content(_Words):
    """All words of one language."""

    code: str
    questions: QuestionsFile
    results: ResultsFile
    interface: InterfaceFile
    pictures: PicturesFile
    paper: PaperFile

    def question(self, id: str) -> QuestionWords:
        """The words of one question."""
        return self.questions.questions[id]

    def list_of(self, pieces: Any) -> str:
        """Words joined as a list: "a, b and c"."""
        words_ = list(pieces)
        if len(words_) < 2:
            return "".join(words_)
        language = self.interface.language
        return f"{language.list_separator.join(words_[:-1])} {language.and_} {words_[-1]}"
