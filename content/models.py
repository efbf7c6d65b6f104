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


Range: TypeAlias = tuple[float, float]


class OptionWords(_Words):
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
        typed = [words.casefold() for option in self.options.values() for words in option.words]
        for words in typed:
            if typed.count(words) > 1 or words in labels:
                raise ValueError(f"two answers are typed {words!r}")
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
    withdraw: Command
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
    many_at_once: WithNumber
    flow_changed: Sentence
    pictures_on: Sentence
    pictures_off: Sentence
    agree_first: WithNumber
    kept: Sentence
    ticked: Sentence


class ErrorWords(_Words):
    """What is said when something cannot be done."""

    not_understood: WithNumber
    not_understood_scale: WithNumber
    not_understood_many: WithNumber
    which_yes: WithNumber
    unsure_many: Sentence
    ticked_some: Sentence
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


class UnitWords(_Words):
    """How spans of time are called, as one word, in the singular and the plural."""

    day: Synonyms
    week: Synonyms
    month: Synonyms
    year: Synonyms


class MeantWords(_Words):
    """The question whether something was meant that was not typed exactly."""

    ask: Annotated[Markup, words("answer", longest=SENTENCE)]
    yes: Button
    no: Button


class InterfaceFile(_Words):
    """The file interface.yaml.

    `polite` words are left out of what is typed, `fillers` only where it may be nearly an answer,
    `negations` turn it round; the latter are single words. `numbers` are the words
    for 0 to 10, `number_names` what may stand before a number, `out_of_ten` behind one.
    """

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
    meant: MeantWords
    polite: Synonyms
    fillers: Synonyms
    negations: Synonyms
    numbers: Annotated[tuple[Synonyms, ...], Field(min_length=11, max_length=11)]
    number_names: Synonyms
    out_of_ten: Synonyms
    units: UnitWords


class HelpWords(_Words):
    """Help for what is no matter of triage, by whether the country has a line for it."""

    with_line: Annotated[Markup, words("line", "emergency_number", longest=700)]
    without_line: Annotated[Markup, words("emergency_number", longest=700)]


class ConcernsFile(_Words):
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


Stamp: TypeAlias = Annotated[str, label(longest=24)]
"""What stands first in a message to the staff: how soon, in a word."""


class StaffPostWords(_Words):
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


class StaffSummaryWords(_Words):
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


class StaffLineWords(_Words):
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


class StaffNoticeWords(_Words):
    """What is shown beside a tap in the group."""

    opened: BesideTap
    write_first: BesideTap
    handled: BesideTap
    handled_before: Annotated[str, label("name", "time", longest=120)]
    not_here: BesideTap
    not_a_member: BesideTap
    gone: BesideTap
    try_again: BesideTap


class StaffButtonWords(_Words):
    """The buttons of a message in the group."""

    open: Button
    handled: Button


class StaffFile(_Words):
    """The file staff.yaml: what the staff of a clinic read. `urgency` has a stamp for each code."""

    urgency: dict[str, Stamp]
    post: StaffPostWords
    summary: StaffSummaryWords
    lines: StaffLineWords
    notices: StaffNoticeWords
    buttons: StaffButtonWords


Clinic: TypeAlias = Annotated[Markup, words("clinic", longest=SENTENCE)]


class LinkCodeWords(_Words):
    """Why the clinic of a link is not to be had."""

    expired: Sentence
    removed: Sentence


class ContactWords(_Words):
    """How to reach the clinic, where it says what to do."""

    phone: Annotated[Markup, words("phone", longest=60)]
    hours: Annotated[Markup, words("hours", longest=60)]
    emergency: Clinic
    emergency_phone: Annotated[Markup, words("phone", longest=60)]


class SharingButtons(_Words):
    """Buttons about the clinic; its name comes into some of them."""

    send: Annotated[str, label("clinic")]
    send_new: Annotated[str, label("clinic")]
    let_know: Annotated[str, label("clinic")]
    book: Button
    skip_phone: Button
    share_phone: Button
    yes_send: Button
    no_send: Button
    change_person: Button
    take_back: Button
    leave: Button
    take_back_one: Annotated[str, label("reference")]


class PersonProblemWords(_Words):
    """Why a name or a phone number cannot be used."""

    name_without_letters: Sentence
    name_too_long: Annotated[Markup, words("max_length", longest=SENTENCE)]
    name_unreadable: Sentence
    phone_unknown: Sentence
    phone_example: Annotated[Markup, words("example", longest=SENTENCE)]
    phone_of_another: Sentence


class SendingConsentWords(_Words):
    """What will be sent and to whom, before it is; `version` is kept with each consent."""

    version: Annotated[str, label(longest=20)]
    title: Annotated[Markup, words("clinic", longest=60)]
    name: Heading
    phone: Heading
    no_phone: Heading
    how_soon: Heading
    link: Heading
    advice: Sentence
    replaces: Annotated[Markup, words("reference", longest=SENTENCE)]
    text: Annotated[Markup, words("clinic", "retention_days")]
    no_waiting: WithNumber
    ask: Sentence


class SentWords(_Words):
    """What was sent."""

    title: Heading
    reference: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    next: WithNumber
    before: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    changed: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    nothing: Sentence
    clinic_gone: Sentence
    too_many: WithNumber


class WithdrawalWords(_Words):
    """Taking back what was sent."""

    title: Heading
    text: Sentence
    done: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    nothing: Sentence
    deleting: Sentence


class SentDataWords(_Words):
    """Who the patient is to a clinic and what was sent, among everything that is stored."""

    name: Annotated[Markup, words("name", longest=60)]
    phone: Annotated[Markup, words("phone", longest=60)]
    title: Heading
    line: Annotated[Markup, words("clinic", "reference", "date", longest=SENTENCE)]
    gone: Annotated[Markup, words("reference", longest=SENTENCE)]
    as_file: Sentence


class SharingFile(_Words):
    """The file sharing.yaml: the clinic a patient came from, and what they let it have."""

    from_clinic: Clinic
    codes: LinkCodeWords
    contact: ContactWords
    buttons: SharingButtons
    ask_name: Clinic
    ask_phone: Clinic
    share_hint: Sentence
    phone_noted: Sentence
    phone_left: Sentence
    phone_not_asked: Sentence
    problems: PersonProblemWords
    consent: SendingConsentWords
    sent: SentWords
    withdrawal: WithdrawalWords
    mydata: SentDataWords


class OfferWords(_Words):
    """Whether the patient may be asked later; `version` is kept with each yes."""

    version: Annotated[str, label(longest=20)]
    ask: Clinic
    yes: Button
    no: Button
    noted: Clinic
    dropped: Sentence


class FollowUpWords(_Words):
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


class LaterFile(_Words):
    """The file later.yaml: what the bot writes by itself."""

    reminder: WithNumber
    offer: OfferWords
    follow_up: FollowUpWords


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
    staff: StaffFile
    sharing: SharingFile
    later: LaterFile
    concerns: ConcernsFile

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
