"""What a patient sees of their clinic: how to reach it, what it would get, what was sent to it."""

from collections.abc import Collection

from bot.actions import Verb
from bot.intake.making import digest_of
from bot.intake.person import shown_phone
from bot.record import Record
from bot.screens import Choice, Screen
from bot.sharing import NOTHING_SHARED, Sent, Sharing
from bot.views.answers import answer_sections, in_messages, way_back
from bot.views.parts import button
from bot.wording import Wording
from content.markup import Markup, bold, join
from flows.assessment import assess
from flows.conversation import EMERGENCY, Conversation, standing_of

FOLLOW_UP_DAYS = 14
"""Days after which a patient may be asked how they are."""

MOST_WITHDRAWN = 8
"""Intakes that can be taken back from one screen, the latest first."""


def from_clinic(wording: Wording) -> Markup:
    """Which clinic the patient came from; empty without one."""
    if wording.clinic is None:
        return Markup()
    return wording.content.sharing.from_clinic.fill(clinic=wording.clinic.name)


def how_to_reach(wording: Wording) -> Markup:
    """The clinic's name, phone and hours; empty where there is nothing to reach it by."""
    clinic, words = wording.clinic, wording.content.sharing.contact
    if clinic is None or not (clinic.phone or clinic.hours):
        return Markup()
    lines = [bold(Markup.escape(clinic.name))]
    if clinic.phone:
        lines.append(words.phone.fill(phone=shown_phone(clinic.phone, clinic.country)))
    if clinic.hours:
        lines.append(words.hours.fill(hours=clinic.hours))
    return join(lines, "\n")


def in_emergency(wording: Wording) -> Markup:
    """Below what to do now: that the clinic can be told, later."""
    clinic, words = wording.clinic, wording.content.sharing.contact
    if clinic is None:
        return Markup()
    lines = [words.emergency.fill(clinic=clinic.name)]
    if clinic.phone:
        lines.append(words.emergency_phone.fill(phone=shown_phone(clinic.phone, clinic.country)))
    return join(lines, "\n")


def may_send(wording: Wording, record: Record) -> bool:
    """Whether there is a clinic, and something that it does not have yet."""
    return wording.clinic is not None and not _has_it(wording, record.conversation, record.sharing)


def what_was_sent(
    wording: Wording, conversation: Conversation, sharing: Sharing = NOTHING_SHARED
) -> Markup:
    """What the patient's clinic has of them, and whether it is what they would say now."""
    if wording.clinic is None:
        return Markup()
    sent = sharing.last_sent_to(str(wording.clinic.id))
    if sent is None:
        return Markup()
    words = wording.content.sharing.sent
    has_it = _has_it(wording, conversation, sharing)
    return (words.before if has_it else words.changed).fill(
        clinic=sent.clinic_name, reference=sent.reference
    )


def clinic_choices(
    wording: Wording,
    conversation: Conversation,
    serial: int,
    sharing: Sharing = NOTHING_SHARED,
    *,
    emergency: bool = False,
) -> tuple[Choice, ...]:
    """The buttons about the clinic below a result; none without a clinic."""
    clinic, buttons = wording.clinic, wording.content.sharing.buttons
    choices: list[Choice] = []
    if clinic is not None and not _has_it(wording, conversation, sharing):
        sent = sharing.last_sent_to(str(clinic.id))
        label = buttons.let_know if emergency else buttons.send_new if sent else buttons.send
        choices.append(button(serial, label.format(clinic=clinic.name), Verb.SHARE))
    if clinic is not None and clinic.booking_url and not emergency:
        book = button(serial, buttons.book, Verb.BOOK)
        choices.append(Choice(book.label, book.data, url=clinic.booking_url))
    if sharing.with_clinics:
        choices.append(button(serial, buttons.take_back, Verb.ASK_WITHDRAW))
    return tuple(choices)


def name_screen(wording: Wording, record: Record, state: str) -> Screen:
    """Asks for the name."""
    return _step(wording, record, state, "naming", wording.content.sharing.ask_name, ())


def phone_screen(wording: Wording, record: Record, state: str) -> Screen:
    """Asks for the phone number, which can be left out."""
    words = wording.content.sharing
    skip = button(record.serial, words.buttons.skip_phone, Verb.SKIP_PHONE)
    return _step(wording, record, state, "phoning", words.ask_phone, (skip,))


def consent_screens(wording: Wording, record: Record, state: str) -> list[Screen]:
    """All that the clinic would get, who that is, and what becomes of it: to be said yes to."""
    buttons, serial = wording.content.sharing.buttons, record.serial
    *before, last = consent_texts(wording, record)
    first = _urgent(wording, state)
    texts = [
        join((first, text)) if not place else text for place, text in enumerate((*before, last))
    ]
    return [
        *(Screen(name="consenting", text=text, lasting=True) for text in texts[:-1]),
        Screen(
            name="consenting",
            text=texts[-1],
            choices=(
                button(serial, buttons.yes_send, Verb.SEND),
                button(serial, buttons.no_send, Verb.KEEP_PRIVATE),
            ),
            controls=(button(serial, buttons.change_person, Verb.CHANGE_PERSON),),
        ),
    ]


def consent_texts(wording: Wording, record: Record) -> list[Markup]:
    """The text of the consent, message by message: what is sent, word for word."""
    words, clinic = wording.content.sharing.consent, _clinic_name(wording)
    sharing, conversation = record.sharing, record.conversation
    standing = standing_of(wording.flow, conversation)
    assessment = assess(wording.flow, standing)
    results = wording.content.results
    link = results.links.get(assessment.link)
    country = wording.clinic.country if wording.clinic else ""
    phone = shown_phone(sharing.phone, country) if sharing.phone else words.no_phone.plain()
    person = [
        _field(words.name, sharing.name),
        _field(words.phone, phone),
        _field(words.how_soon, results.urgency[str(assessment.urgency)].word),
    ]
    if link is not None:
        person.append(_field(words.link, link.title.plain()))
    top = join((bold(words.title.fill(clinic=clinic)), join(person, "\n")))
    before = sharing.last_sent_to(sharing.clinic)
    replaces = words.replaces.fill(reference=before.reference) if before else Markup()
    end = join(
        (
            join((words.advice, replaces), "\n"),
            words.text.fill(clinic=clinic, retention_days=wording.retention_days),
            bold(wording.fill(words.no_waiting)),
            bold(words.ask),
        )
    )
    return in_messages(top, [*answer_sections(wording, standing.answers), end])


def may_be_asked_later(wording: Wording) -> bool:
    """Whether what was sent is still kept when it would be asked about."""
    return wording.retention_days > FOLLOW_UP_DAYS


def sent_screen(wording: Wording, record: Record, state: str) -> Screen:
    """It is sent: the reference, and what it does not mean."""
    words, serial = wording.content.sharing, record.serial
    sent = record.sharing.sent[-1]
    offer, later = wording.content.later.offer, record.sharing.later
    asking, choices = Markup(), tuple[Choice, ...]()
    if may_be_asked_later(wording):
        agreed = later is not None and later.intake == sent.id
        asking = (offer.noted if agreed else offer.ask).fill(clinic=sent.clinic_name)
        label, verb = (offer.no, Verb.NO_FOLLOW_UP) if agreed else (offer.yes, Verb.FOLLOW_UP)
        choices = (button(serial, label, verb),)
    return Screen(
        name="sent",
        text=join(
            (
                _urgent(wording, state),
                bold(words.sent.title),
                words.sent.reference.fill(reference=sent.reference, clinic=sent.clinic_name),
                wording.fill(words.sent.next),
                asking,
            )
        ),
        choices=choices,
        controls=(
            button(serial, way_back(wording, state), Verb.SHOW),
            button(serial, words.buttons.take_back, Verb.ASK_WITHDRAW),
        ),
    )


def withdraw_screen(wording: Wording, record: Record, state: str) -> Screen:
    """What was sent, to be taken back one by one."""
    words, serial = wording.content.sharing, record.serial
    latest = tuple(reversed(record.sharing.with_clinics))[:MOST_WITHDRAWN]
    lines = [_sent_line(wording, one) for one in latest]
    return Screen(
        name="withdrawing",
        text=join(
            (
                _urgent(wording, state),
                bold(words.withdrawal.title),
                Markup("\n".join(lines)),
                words.withdrawal.text,
            )
        ),
        choices=tuple(
            button(
                serial,
                words.buttons.take_back_one.format(reference=one.reference),
                Verb.WITHDRAW,
                one.reference,
            )
            for one in latest
        ),
        controls=(button(serial, words.buttons.leave, Verb.SHOW),),
    )


def sharing_lines(wording: Wording, sharing: Sharing, kept: Collection[str]) -> Markup:
    """What is stored for a clinic: who the patient is, what was sent, when and to whom.

    `kept` are the ids of the intakes that are still there. Empty where nothing is stored.
    """
    words = wording.content.sharing.mydata
    country = wording.clinic.country if wording.clinic else ""
    person = (
        words.name.fill(name=sharing.name) if sharing.name else Markup(),
        words.phone.fill(phone=shown_phone(sharing.phone, country)) if sharing.phone else Markup(),
    )
    if not sharing.sent:
        return join(person, "\n")
    lines = [
        _sent_line(wording, one)
        if one.id in kept and not one.gone
        else words.gone.fill(reference=one.reference)
        for one in sharing.sent
    ]
    return join((join(person, "\n"), join((bold(words.title), *lines), "\n"), words.as_file))


def _has_it(wording: Wording, conversation: Conversation, sharing: Sharing) -> bool:
    """Whether the clinic has these very answers."""
    sent = sharing.last_sent_to(str(wording.clinic.id)) if wording.clinic else None
    return sent is not None and sent.digest == digest_of(wording.flow, conversation)


def _step(
    wording: Wording,
    record: Record,
    state: str,
    name: str,
    words: Markup,
    more: tuple[Choice, ...],
) -> Screen:
    buttons = wording.content.sharing.buttons
    back = button(record.serial, wording.content.interface.buttons.back, Verb.BACK)
    private = button(record.serial, buttons.no_send, Verb.KEEP_PRIVATE)
    return Screen(
        name=name,
        text=join((_urgent(wording, state), words.fill(clinic=_clinic_name(wording)))),
        controls=(back, *more, private),
    )


def _urgent(wording: Wording, state: str) -> Markup:
    """In an emergency, what to do now stands above everything else."""
    return (
        wording.fill(wording.content.interface.emergency_line) if state == EMERGENCY else Markup()
    )


def _sent_line(wording: Wording, sent: Sent) -> Markup:
    line = wording.content.sharing.mydata.line
    return line.fill(reference=sent.reference, clinic=sent.clinic_name, date=sent.at[:10])


def _field(name: Markup, value: str) -> Markup:
    return Markup(f"{bold(name)}: {Markup.escape(value)}")


def _clinic_name(wording: Wording) -> str:
    return wording.clinic.name if wording.clinic else ""
