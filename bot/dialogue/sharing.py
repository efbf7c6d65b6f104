"""The patient and their clinic: coming from its link, sending it an intake, taking it back.

Nothing is sent before the patient has seen all of it and said yes. What is sent is committed with
that yes, and so is what is taken back.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.dialogue.turn import Response, Turn, notice_screen
from bot.events import SharedContact
from bot.intake.intake import Consent, Intake, Person
from bot.intake.making import Issue, digest_of, take_intake
from bot.intake.person import (
    NAME_MAX,
    PersonError,
    PersonProblem,
    example_phone,
    read_name,
    read_phone,
)
from bot.record import View
from bot.screens import Screen
from bot.sharing import Sent, Sharing
from bot.store.clinic_contract import NewIntake
from bot.store.contract import Clinical
from bot.views.result import emergency_screen, result_screens
from bot.views.sharing import consent_texts, may_send
from content.markup import Markup, join
from flows.conversation import EMERGENCY, RESULT
from flows.machine import StepError
from flows.models import Urgency

MOST_A_DAY = 6
"""Intakes that one patient can send in a day: more is a slip, or meant to be a nuisance."""

MOST_KEPT = 30
"""Intakes that the record remembers; the store knows them all."""

STEPS = (View.NAMING, View.PHONING, View.CONSENTING)
"""The steps on the way to sending, in their order."""


def come_from(turn: Turn, code: str) -> None:
    """Bind the clinic of a link; a code that stands for none is told of, and changes nothing."""
    found = turn.shared.clinics.find(code)
    if found.clinic is None:
        codes = turn.wording.content.sharing.codes
        unknown = turn.interface.notices.unknown_clinic_code
        _say(turn, codes.expired if found.expired else codes.removed if found.removed else unknown)
        return
    clinic = found.clinic
    known = turn.record.sharing.clinic == str(clinic.id)
    turn.record = replace(turn.record, sharing=replace(turn.record.sharing, clinic=str(clinic.id)))
    if turn.has_begun or turn.conversation.agreed:
        if not known:
            _say(turn, turn.wording.content.sharing.from_clinic.fill(clinic=clinic.name))
    elif not known and clinic.language in turn.shared.languages:
        turn.record = replace(turn.record, language=clinic.language)


def leave_if_gone(turn: Turn) -> None:
    """Leave the way to sending when its clinic was removed meanwhile: nobody is there to send to.

    And what tells of an intake that was taken back meanwhile.
    """
    view, sharing = turn.record.view, turn.record.sharing
    if view in STEPS and turn.wording.clinic is None:
        turn.view(None)
        _say(turn, turn.wording.content.sharing.sent.clinic_gone)
    elif (view is View.SENT and sharing.sent[-1].gone) or (
        view is View.WITHDRAWING and not sharing.with_clinics
    ):
        turn.view(None)


def begin(turn: Turn) -> Response:
    """On the way to sending: what is known already is not asked again."""
    if turn.state not in (RESULT, EMERGENCY) or not may_send(turn.wording, turn.record):
        raise StepError("there is nothing to be sent here")
    if turn.record.sharing.name:
        _ask_consent(turn)
    else:
        turn.view(View.NAMING)
    return turn.shown()


def take_person(turn: Turn, text: str) -> Response:
    """A name or a phone number that was typed, at the step that asks for it."""
    try:
        if turn.record.view is View.NAMING:
            _know(turn, name=read_name(text))
            turn.view(View.PHONING)
        else:
            _have_phone(turn, text)
    except PersonError as error:
        turn.say(_problem(turn, error.problem))
    return turn.shown()


def take_contact(turn: Turn, contact: SharedContact) -> Response:
    """A contact that was shared: their own number, or that of somebody else."""
    if not contact.own:
        turn.say(turn.wording.content.sharing.problems.phone_of_another)
        return turn.shown()
    try:
        _have_phone(turn, contact.phone if contact.phone.startswith("+") else f"+{contact.phone}")
    except PersonError as error:
        turn.say(_problem(turn, error.problem))
    return turn.shown()


def skip_phone(turn: Turn) -> Response:
    """Send no phone number."""
    _at(turn, View.PHONING)
    _know(turn, phone="")
    _take_contact_button_away(turn, turn.wording.content.sharing.phone_left)
    _ask_consent(turn)
    return turn.shown()


def change_person(turn: Turn) -> Response:
    """Ask for the name and the phone number again."""
    _at(turn, View.CONSENTING)
    turn.view(View.NAMING)
    return turn.shown()


def go_back(turn: Turn) -> bool:
    """One step back on the way to sending; whether there was one before this."""
    if turn.record.view not in STEPS[1:]:
        return False
    turn.view(STEPS[STEPS.index(turn.record.view) - 1])
    return True


def keep_private(turn: Turn) -> Response:
    """Send nothing; a name that was given for nothing else is forgotten."""
    if turn.record.view not in STEPS:
        raise StepError("nobody was asked whether to send")
    turn.say_beside(turn.wording.content.sharing.sent.nothing.plain())
    if not turn.record.sharing.with_clinics:
        _know(turn, name="", phone="")
    turn.view(None)
    return turn.shown(brief=True)


def send(turn: Turn) -> Response:
    """Yes: the intake is taken, and sent with this very event."""
    _at(turn, View.CONSENTING)
    sharing = turn.record.sharing
    if turn.state not in (RESULT, EMERGENCY) or not sharing.name:
        raise StepError("there is nothing to be sent here")
    text = join(consent_texts(turn.wording, turn.record))
    if _digest(text) != sharing.asked:
        # The clinic's name, a wording or the flow has changed since it was shown.
        _ask_consent(turn)
        return turn.shown()
    issue = turn.shared.issue()
    if _sent_lately(sharing, issue.at) >= MOST_A_DAY:
        turn.view(None)
        _say(turn, turn.wording.content.sharing.sent.too_many)
        return turn.shown(brief=True)
    before = sharing.last_sent_to(sharing.clinic)
    intake = _intake(turn, issue, text, before.reference if before else None)
    turn.clinical = Clinical(
        intakes=(
            NewIntake(
                id=str(intake.id),
                reference=intake.reference,
                clinic=str(intake.clinic),
                body=intake.to_json(),
                rank=Urgency(intake.urgency).rank,
                what=intake.urgency,
            ),
        )
    )
    sent = Sent(
        id=str(intake.id),
        reference=intake.reference,
        clinic=str(intake.clinic),
        clinic_name=intake.clinic_name,
        at=intake.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        digest=digest_of(turn.shared.flow, turn.conversation),
    )
    kept = (*sharing.sent, sent)[-MOST_KEPT:]
    turn.record = replace(turn.record, sharing=replace(sharing, sent=kept))
    turn.view(View.SENT)
    return turn.shown()


def book(turn: Turn) -> Response:
    """The address of the clinic's booking page, where a button cannot open it."""
    clinic = turn.wording.clinic
    if clinic is None or clinic.booking_url is None:
        raise StepError("this clinic has no booking page")
    turn.show_before(notice_screen(Markup.escape(clinic.booking_url)))
    return turn.shown(brief=True)


def ask_withdraw(turn: Turn) -> Response:
    """Ask what to take back."""
    if not turn.record.sharing.with_clinics:
        turn.say(turn.wording.content.sharing.withdrawal.nothing)
        return turn.shown(brief=True)
    turn.view(View.WITHDRAWING)
    return turn.shown()


def withdraw(turn: Turn, reference: str) -> Response:
    """Take back what was sent under this reference."""
    _at(turn, View.WITHDRAWING)
    sharing = turn.record.sharing
    found = next((one for one in sharing.with_clinics if one.reference == reference), None)
    if found is None:
        raise StepError("this was not sent, or is taken back already")
    turn.clinical = Clinical(withdraw=(found.id,))
    sent = tuple(replace(one, gone=True) if one is found else one for one in sharing.sent)
    sharing = replace(sharing, sent=sent)
    if not sharing.with_clinics:
        sharing = replace(sharing, name="", phone="")
    turn.record = replace(turn.record, sharing=sharing)
    done = turn.wording.content.sharing.withdrawal.done
    turn.show_before(notice_screen(done.fill(reference=found.reference, clinic=found.clinic_name)))
    turn.view(View.WITHDRAWING if sharing.with_clinics else None)
    return turn.shown(brief=True)


def _ask_consent(turn: Turn) -> None:
    """Show all that would be sent; on another page than before, so that no earlier yes counts."""
    text = join(consent_texts(turn.wording, turn.record))
    sharing = replace(turn.record.sharing, asked=_digest(text))
    turn.record = replace(turn.record, sharing=sharing)
    again = turn.record.view is View.CONSENTING
    turn.view(View.CONSENTING, turn.record.page + 1 if again else 0)


def _digest(text: Markup) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sent_lately(sharing: Sharing, now: datetime) -> int:
    """How often something was sent in the last day, taken back or not."""
    day = timedelta(days=1)
    return sum(now - datetime.fromisoformat(one.at) < day for one in sharing.sent)


def _intake(turn: Turn, issue: Issue, shown: Markup, replaces: str | None) -> Intake:
    shared, record = turn.shared, turn.record
    wording, sharing = turn.wording, record.sharing
    assert wording.clinic is not None  # noqa: S101 - its caller has looked
    of_clinic = wording.clinic.language
    told = shared.wording(
        of_clinic if of_clinic in shared.languages else record.language, sharing.clinic
    )
    return take_intake(
        told,
        shared.flow_version,
        turn.conversation,
        issue,
        person=Person(name=sharing.name, phone=sharing.phone or None),
        consent=Consent(
            version=wording.content.sharing.consent.version, at=issue.at, text=shown.plain()
        ),
        patient_language=wording.content.code,
        advised=tuple(
            Markup(screen.text).plain()
            for screen in (
                [emergency_screen(told, turn.conversation, 0)]
                if turn.state == EMERGENCY
                else result_screens(told, turn.conversation, 0)
            )
        ),
        replaces=replaces,
    )


def _say(turn: Turn, notice: Markup) -> None:
    """Say something; at an emergency only beside the tap, if there is one."""
    if turn.state == EMERGENCY:
        turn.say_beside(notice.plain())
    else:
        turn.say(notice)


def _at(turn: Turn, view: View) -> None:
    if turn.record.view is not view:
        raise StepError(f"not asked here: {view}")


def _know(turn: Turn, name: str | None = None, phone: str | None = None) -> None:
    known = turn.record.sharing
    sharing = replace(
        known,
        name=known.name if name is None else name,
        phone=known.phone if phone is None else phone,
    )
    turn.record = replace(turn.record, sharing=sharing)


def _have_phone(turn: Turn, text: str) -> None:
    clinic = turn.wording.clinic
    _know(turn, phone=read_phone(text, clinic.country if clinic else ""))
    _take_contact_button_away(turn, turn.wording.content.sharing.phone_noted)
    _ask_consent(turn)


def _take_contact_button_away(turn: Turn, words: Markup) -> None:
    turn.show_before(Screen("notice", words, lasting=True, contact=""))


def _problem(turn: Turn, problem: PersonProblem) -> Markup:
    words = turn.wording.content.sharing.problems
    match problem:
        case PersonProblem.NAME_TOO_LONG:
            return words.name_too_long.fill(max_length=NAME_MAX)
        case PersonProblem.NAME_WITHOUT_LETTERS:
            return words.name_without_letters
        case PersonProblem.NAME_UNREADABLE:
            return words.name_unreadable
    clinic = turn.wording.clinic
    example = example_phone(clinic.country) if clinic else ""
    return words.phone_example.fill(example=example) if example else words.phone_unknown
