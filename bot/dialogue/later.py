"""What comes by itself: a reminder of an unfinished interview, and a question after two weeks.

Both are scheduled in the transaction of the event that caused them, are never shown at night, and
come once.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.daytime import daytime, zone_named
from bot.dialogue.turn import Response, Turn
from bot.events import Due
from bot.intake.intake import Consent, Findings, Intake, Kind, Named, Person, Said
from bot.record import Record, View
from bot.sharing import Later, Sent
from bot.store.clinic_contract import NewIntake, NewSchedule
from bot.store.contract import Clinical
from bot.views.later import (
    NO,
    danger_now_screen,
    danger_words,
    followed,
    how_words,
)
from bot.views.sharing import FOLLOW_UP_DAYS, may_be_asked_later
from bot.wording import Wording
from content.markup import Markup, join
from flows.assessment import NOT_ASSESSED
from flows.conversation import REVIEW
from flows.machine import StepError
from flows.models import Flow, Urgency

REMINDER, FOLLOW_UP = "reminder", "follow_up"
"""The kinds of what is scheduled."""

REMIND_AFTER = timedelta(hours=24)
FOLLOW_UP_AFTER = timedelta(days=FOLLOW_UP_DAYS)

_PRECISION = timedelta(minutes=10)
"""How exactly it is noted when a patient was last here."""

_BUSY = timedelta(hours=1)
"""For how long after they were here a patient is not asked anything by itself."""

_SLACK = timedelta(minutes=1)
"""How much too early the clock may find something due."""


# The reminder.


def kept_time(flow: Flow, before: Record | None, response: Response, now: datetime) -> Response:
    """Note when the patient was last here, and see that an interview just begun is reminded of.

    Only its first answer schedules anything: when the reminder is due and the patient was here
    since, it is put off until they have been away for long enough.
    """
    record = response.record
    if record is None or not response.changed:
        return response
    was_open = before is not None and _wants_an_answer(flow, before)
    is_open = _wants_an_answer(flow, record)
    fresh = not record.conversation.answers
    known = datetime.fromtimestamp(record.active_at, UTC)
    if not known <= now < known + _PRECISION:
        record = replace(record, active_at=int(now.timestamp()))
    record = replace(record, reminded=record.reminded and not fresh)
    clinical = response.clinical
    if is_open and not was_open and not record.reminded:
        due = NewSchedule(REMINDER, (now + REMIND_AFTER).timestamp())
        clinical = _with(clinical, schedules=(due,))
    elif was_open and not is_open:
        clinical = _with(clinical, cancel=(REMINDER,))
    return replace(response, record=record, clinical=clinical)


def _wants_an_answer(flow: Flow, record: Record) -> bool:
    """Whether the interview was begun, and what was shown last still wants something."""
    state = record.shown.partition("/")[0]
    return (
        not record.blocked
        and bool(record.conversation.answers)
        and (state == REVIEW or state in flow.question_by_id)
    )


# What is due.


def on_due(turn: Turn, due: Due, now: datetime) -> Response:
    """Show what is due, put it off, or let it be."""
    if turn.record.blocked:
        return _nothing(turn)
    if due.kind == REMINDER:
        return _remind(turn, now)
    if due.kind == FOLLOW_UP:
        return _ask(turn, due.subject, now)
    return _nothing(turn)


def _remind(turn: Turn, now: datetime) -> Response:
    record = turn.record
    unfinished = turn.state == REVIEW or turn.state in turn.shared.flow.question_by_id
    if record.reminded or not unfinished or not turn.has_begun:
        return _nothing(turn)
    away_enough = datetime.fromtimestamp(record.active_at, UTC) + REMIND_AFTER
    # One who seems to have been here in the future was here before the clock was set back.
    if now + _SLACK < away_enough <= now + REMIND_AFTER:
        return _put_off(turn, NewSchedule(REMINDER, away_enough.timestamp()))
    by_day = _by_day(turn, turn.wording, now)
    if by_day > now + _SLACK:
        return _put_off(turn, NewSchedule(REMINDER, by_day.timestamp()))
    turn.record = replace(record, reminded=True)
    turn.say(turn.wording.content.later.reminder)
    return turn.shown(brief=True)


def _ask(turn: Turn, subject: str, now: datetime) -> Response:
    later = turn.record.sharing.later
    if later is None or later.intake != subject or later.asked or followed(turn.record) is None:
        return _nothing(turn)
    here = datetime.fromtimestamp(turn.record.active_at, UTC)
    if here <= now < here + _BUSY:
        # In the middle of something else, which a question must not push aside.
        return _put_off(turn, NewSchedule(FOLLOW_UP, (now + _BUSY).timestamp(), subject))
    by_day = _by_day(turn, _wording(turn), now)
    if by_day > now + _SLACK:
        return _put_off(turn, NewSchedule(FOLLOW_UP, by_day.timestamp(), subject))
    _note(turn, replace(later, asked=True))
    turn.view(View.FOLLOW_UP_DANGER)
    return turn.shown()


def _by_day(turn: Turn, wording: Wording, now: datetime) -> datetime:
    """When the patient may be written to: by day at their clinic, else in their country."""
    if wording.clinic is not None:
        return daytime(now, (zone_named(wording.clinic.time_zone),))
    return daytime(now, turn.shared.zones)


def _put_off(turn: Turn, later: NewSchedule) -> Response:
    return Response(turn.record, changed=False, clinical=Clinical(schedules=(later,)))


def _nothing(turn: Turn) -> Response:
    return Response(turn.record, changed=False)


# The follow-up: the patient's side.


def agree(turn: Turn) -> Response:
    """Yes, ask me: scheduled with this very event. A later yes takes the place of an earlier one."""
    sent = _just_sent(turn)
    if not may_be_asked_later(turn.wording):
        raise StepError("nothing is kept for so long")
    now = turn.shared.issue().at
    consent = turn.wording.content.later.offer.ask.fill(clinic=sent.clinic_name)
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    _note(turn, Later(sent.id, at, consent.plain()))
    due = NewSchedule(FOLLOW_UP, (now + FOLLOW_UP_AFTER).timestamp(), sent.id)
    turn.clinical = Clinical(schedules=(due,), cancel=(FOLLOW_UP,))
    return turn.shown()


def decline(turn: Turn) -> Response:
    """No, do not ask me."""
    _just_sent(turn)
    _note(turn, None)
    turn.clinical = Clinical(cancel=(FOLLOW_UP,))
    turn.say_beside(turn.wording.content.later.offer.dropped.plain())
    return turn.shown()


def danger(turn: Turn, code: str) -> Response:
    """The answer to the emergency list: yes and not sure are an emergency, at once."""
    sent = _asked(turn, View.FOLLOW_UP_DANGER)
    if code not in danger_words(turn.wording):
        raise StepError("no such answer")
    if code == NO:
        turn.view(View.FOLLOW_UP_HOW)
        return turn.shown()
    _tell_clinic(turn, sent, danger=code, how=None)
    turn.view(View.FOLLOW_UP_EMERGENCY)
    return turn.shown()


def how(turn: Turn, code: str) -> Response:
    """Better, the same or worse."""
    sent = _asked(turn, View.FOLLOW_UP_HOW)
    if code not in how_words(turn.wording):
        raise StepError("no such answer")
    told = _tell_clinic(turn, sent, danger=NO, how=code)
    words = turn.wording.content.later.follow_up
    advice = {"better": words.on_better, "same": words.on_same, "worse": words.on_worse}[code]
    thanks = words.told.fill(clinic=sent.clinic_name) if told else Markup()
    turn.say(join((thanks, advice.fill(clinic=sent.clinic_name))))
    turn.view(None)
    return turn.shown(brief=True)


def leave(turn: Turn) -> Response:
    """Rather not say: nothing is sent, and nothing asked again."""
    if turn.record.view not in (View.FOLLOW_UP_DANGER, View.FOLLOW_UP_HOW):
        raise StepError("nobody asked")
    _note(turn, None)
    turn.say(turn.wording.content.later.follow_up.left)
    turn.view(None)
    return turn.shown(brief=True)


def _just_sent(turn: Turn) -> Sent:
    sharing = turn.record.sharing
    if turn.record.view is not View.SENT or not sharing.with_clinics:
        raise StepError("nothing was sent just now")
    return sharing.with_clinics[-1]


def _asked(turn: Turn, view: View) -> Sent:
    sent = followed(turn.record)
    if turn.record.view is not view or sent is None:
        raise StepError("not asked here")
    return sent


def _note(turn: Turn, later: Later | None) -> None:
    turn.record = replace(turn.record, sharing=replace(turn.record.sharing, later=later))


def _wording(turn: Turn) -> Wording:
    """The words for patients of the clinic that is asked for, whoever sent them here since."""
    sent = followed(turn.record)
    return turn.shared.wording(turn.record.language, sent.clinic if sent else "")


def _tell_clinic(turn: Turn, sent: Sent, *, danger: str, how: str | None) -> bool:
    """Send the answer to the clinic that has the intake; False where it takes none any more."""
    later = turn.record.sharing.later
    clinic = turn.shared.clinics.of(sent.clinic)
    _note(turn, None)
    if clinic is None or later is None:
        return False
    shared, sharing = turn.shared, turn.record.sharing
    language = clinic.language if clinic.language in shared.languages else turn.record.language
    told, issue = shared.wording(language, sent.clinic), shared.issue()
    words = told.content.later.follow_up
    emergency = danger != NO
    said = [
        Said(
            id="danger", question=words.danger_short, code=danger, words=danger_words(told)[danger]
        )
    ]
    if how is not None:
        said.append(Said(id="how", question=words.how_short, code=how, words=how_words(told)[how]))
    advised = (
        Markup(danger_now_screen(told, turn.record).text).plain()
        if how is None
        else {"better": words.on_better, "same": words.on_same, "worse": words.on_worse}[how]
        .fill(clinic=clinic.name)
        .plain()
    )
    intake = Intake(
        id=issue.id,
        reference=issue.reference,
        kind=Kind.FOLLOW_UP,
        clinic=clinic.id,
        clinic_name=clinic.name,
        created_at=issue.at,
        language=told.content.code,
        patient_language=turn.wording.content.code,
        flow=shared.flow_version,
        answers=(),
        findings=_emergency(told) if emergency else None,
        advised=(advised,),
        consent=Consent(
            version=turn.wording.content.later.offer.version,
            at=datetime.fromisoformat(later.agreed_at),
            text=later.agreed_to,
        ),
        person=Person(name=sharing.name, phone=sharing.phone or None),
        follows=sent.reference,
        follow_up=tuple(said),
    )
    urgency = (
        Urgency.EMERGENCY if emergency else Urgency.TWO_WEEKS if how == "worse" else Urgency.ROUTINE
    )
    turn.clinical = Clinical(
        intakes=(
            NewIntake(
                id=str(intake.id),
                reference=intake.reference,
                clinic=str(clinic.id),
                body=intake.to_json(),
                rank=urgency.rank,
                what=str(Kind.FOLLOW_UP),
            ),
        )
    )
    of_it = Sent(
        id=str(intake.id),
        reference=intake.reference,
        clinic=str(clinic.id),
        clinic_name=clinic.name,
        at=issue.at.astimezone(UTC).isoformat(timespec="seconds"),
        digest="",
        follows=sent.reference,
    )
    turn.record = replace(turn.record, sharing=replace(sharing, sent=(*sharing.sent, of_it)))
    return True


def _emergency(wording: Wording) -> Findings:
    word = wording.content.results.urgency[str(Urgency.EMERGENCY)].word
    return Findings(
        urgency=Named(code=str(Urgency.EMERGENCY), words=word),
        rules=(),
        link=Named(code=NOT_ASSESSED, words=""),
    )


def _with(
    clinical: Clinical | None,
    *,
    schedules: tuple[NewSchedule, ...] = (),
    cancel: tuple[str, ...] = (),
) -> Clinical:
    known = clinical or Clinical()
    return replace(known, schedules=(*known.schedules, *schedules), cancel=(*known.cancel, *cancel))
