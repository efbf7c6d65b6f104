"""What is said of sending answers to a clinic, and of taking them back."""

from typing import Annotated

from content.markup import Markup
from content.words.texts import (
    SENTENCE,
    Button,
    Clinic,
    Heading,
    Sentence,
    WithNumber,
    Words,
    label,
    words,
)


class LinkCodeWords(Words):
    """Why the clinic of a link is not to be had."""

    expired: Sentence
    removed: Sentence


class ContactWords(Words):
    """How to reach the clinic, where it says what to do."""

    phone: Annotated[Markup, words("phone", longest=60)]
    hours: Annotated[Markup, words("hours", longest=60)]
    emergency: Clinic
    emergency_phone: Annotated[Markup, words("phone", longest=60)]


class SharingButtons(Words):
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


class PersonProblemWords(Words):
    """Why a name or a phone number cannot be used."""

    name_without_letters: Sentence
    name_too_long: Annotated[Markup, words("max_length", longest=SENTENCE)]
    name_unreadable: Sentence
    phone_unknown: Sentence
    phone_example: Annotated[Markup, words("example", longest=SENTENCE)]
    phone_of_another: Sentence


class SendingConsentWords(Words):
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


class SentWords(Words):
    """What was sent."""

    title: Heading
    reference: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    next: WithNumber
    before: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    changed: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    nothing: Sentence
    clinic_gone: Sentence
    too_many: WithNumber


class WithdrawalWords(Words):
    """Taking back what was sent."""

    title: Heading
    text: Sentence
    done: Annotated[Markup, words("clinic", "reference", longest=SENTENCE)]
    nothing: Sentence
    deleting: Sentence


class SentDataWords(Words):
    """Who the patient is to a clinic and what was sent, among everything that is stored."""

    name: Annotated[Markup, words("name", longest=60)]
    phone: Annotated[Markup, words("phone", longest=60)]
    title: Heading
    line: Annotated[Markup, words("clinic", "reference", "date", longest=SENTENCE)]
    gone: Annotated[Markup, words("reference", longest=SENTENCE)]
    as_file: Sentence


class SharingFile(Words):
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
