"""What is neither a question nor a result: commands, buttons, notices, what people type."""

from typing import Annotated, TypeAlias

from pydantic import Field

from content.markup import Markup
from content.words.texts import (
    COMMAND,
    MESSAGE,
    NOTICE,
    SENTENCE,
    Button,
    Heading,
    Paragraph,
    Sentence,
    WithNumber,
    Words,
    label,
    words,
)


class LanguageWords(Words):
    """How the language calls itself and joins lists."""

    name: Button
    and_: Annotated[str, label(longest=10)] = Field(alias="and")
    list_separator: Annotated[str, Field(min_length=1)]


class BotWords(Words):
    """How the bot presents itself (Telegram's limits: 120 and 512 characters)."""

    short_description: Annotated[str, label(longest=120)]
    description: Annotated[str, label(longest=512)]


Command: TypeAlias = Annotated[str, label(longest=COMMAND)]


class CommandWords(Words):
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


class WelcomeWords(Words):
    """The first screen, and what stands before the others on coming back."""

    text: Annotated[Markup, words("emergency_number", "retention_days", longest=MESSAGE)]
    returning: Sentence
    finished: Sentence


class PrivacyWords(Words):
    """The note about data; `version` is recorded with each agreement."""

    title: Heading
    version: Annotated[str, label(longest=20)]
    text: Annotated[Markup, words("retention_days", longest=MESSAGE)]


class ButtonWords(Words):
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


class ReviewWords(Words):
    """The review of all answers."""

    title: Heading
    text: Sentence
    change_prompt: Sentence
    closed: Sentence


class NoticeWords(Words):
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
    edited: Sentence
    ticked: Sentence


class ErrorWords(Words):
    """What is said when something cannot be done."""

    not_understood: WithNumber
    not_understood_scale: WithNumber
    not_understood_many: WithNumber
    which_yes: WithNumber
    which_one: WithNumber
    which_many: WithNumber
    unsure_many: Sentence
    ticked_some: Sentence
    pick_at_least_one: Annotated[str, label(longest=NOTICE)]
    text_too_long: Annotated[Markup, words("length", "max_length", longest=SENTENCE)]
    too_long: Sentence
    our_error: WithNumber
    unknown_command: WithNumber


class ConfirmWords(Words):
    """A question before something that cannot be undone."""

    confirm: Sentence
    yes: Button
    no: Button


class MyDataWords(Words):
    """Everything stored about a patient, to the patient."""

    title: Heading
    intro: Paragraph
    answers: Heading
    agreed: Annotated[Markup, words("version", longest=SENTENCE)]
    file_caption: Sentence
    empty: Sentence


Synonyms: TypeAlias = Annotated[tuple[Button, ...], Field(min_length=1)]


class SynonymWords(Words):
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


class UnitWords(Words):
    """How spans of time are called, as one word, in the singular and the plural."""

    day: Synonyms
    week: Synonyms
    month: Synonyms
    year: Synonyms


class MeantWords(Words):
    """The question whether something was meant that was not typed exactly."""

    ask: Annotated[Markup, words("answer", longest=SENTENCE)]
    no: Button


class InterfaceFile(Words):
    """The file interface.yaml.

    `polite` words are left out of what is typed, `fillers` only where it may be nearly an answer,
    `negations` turn it round; the latter are single words. `affirmations` are what a yes may begin
    with that has more behind it. `numbers` are the words
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
    affirmations: Synonyms
    numbers: Annotated[tuple[Synonyms, ...], Field(min_length=11, max_length=11)]
    number_names: Synonyms
    out_of_ten: Synonyms
    units: UnitWords
