"""What a staff group sees of an intake: the urgency first, in a word, and no more than is needed.

No name, no phone, nothing the patient wrote: what is private is opened privately.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from bot.intake.intake import Intake, Kind, Line
from bot.screens import Choice, Screen
from bot.staff.buttons import Deed, button_data
from bot.store.clinic_contract import Handling
from bot.views.parts import bullets, titled
from content.markup import Markup, bold, join
from content.models import Content

MOST_REASONS = 3


def post_screen(
    content: Content, intake: Intake, handling: Handling | None, zone: tzinfo, unsigned: str = ""
) -> Screen:
    """An intake in the group, as it stands: open, or handled by somebody.

    ``unsigned`` says that nobody has signed the protocol that runs. It never comes first: how soon
    is what a clinic must see at once.
    """
    words = content.staff.post
    return Screen(
        name="staff_post",
        text=join(
            (
                join((_heading(content, intake), *_about(content, intake)), "\n"),
                titled(words.why, bullets(_reasons(intake))),
                words.told_emergency if intake.urgency == "emergency" else Markup(),
                Markup.escape(unsigned),
                _handled(content, handling, zone),
            )
        ),
        choices=_choices(content, intake, handled=handling is not None),
        lasting=True,
    )


def reminder_screen(content: Content, intake: Intake, minutes: int) -> Screen:
    """That an urgent intake waits still."""
    waiting = content.staff.post.waiting.fill(minutes=minutes)
    return Screen(
        name="staff_reminder",
        text=join((_heading(content, intake), waiting), "\n"),
        choices=_choices(content, intake, handled=False),
        lasting=True,
    )


def withdrawn_screen(content: Content, reference: str) -> Screen:
    """What is left of an intake that its patient took back."""
    words = content.staff.post
    heading = _stamped(Markup.escape(words.withdrawn), reference)
    text = words.withdrawn_text.fill(reference=reference)
    return Screen(name="staff_withdrawn", text=join((heading, text), "\n"), lasting=True)


def gone_screen(content: Content, reference: str) -> Screen:
    """What is left of an intake that is no longer kept."""
    heading = _stamped(Markup.escape(content.staff.post.gone), reference)
    notice = Markup.escape(content.staff.notices.gone)
    return Screen(name="staff_gone", text=join((heading, notice), "\n"), lasting=True)


def time_in(zone: tzinfo, at: float) -> str:
    """A time as every language writes it: ``2026-11-25 09:30``."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def stamp_of(content: Content, intake: Intake) -> str:
    """How soon, in a word."""
    if intake.urgency:
        return content.staff.urgency[intake.urgency]
    return content.staff.post.follow_up


def _heading(content: Content, intake: Intake) -> Markup:
    return _stamped(Markup.escape(stamp_of(content, intake)), intake.reference)


def _stamped(stamp: Markup, reference: str) -> Markup:
    return Markup(f"{bold(stamp)} · {Markup.escape(reference)}")


def _about(content: Content, intake: Intake) -> tuple[Markup, ...]:
    words = content.staff.post
    if intake.kind is Kind.FOLLOW_UP:
        follows = words.follows.fill(reference=intake.follows or "")
        return (follows, *(bold(Markup.escape(said.words)) for said in intake.follow_up))
    age = intake.answer("age")
    link = intake.findings.link if intake.findings else None
    replaces = words.replaces.fill(reference=intake.replaces) if intake.replaces else Markup()
    return (
        words.age.fill(age=_age(content, age)) if age else Markup(),
        _link(content, link.code, link.words) if link else Markup(),
        replaces,
    )


def _age(content: Content, age: Line) -> str:
    """The band as it stands on the button; what was said, if that button is no more."""
    option = content.question(age.id).options.get(str(age.answer))
    return option.label if option else age.said


def _link(content: Content, code: str, said: str) -> Markup:
    words = content.staff.post
    if code == "not_assessed":
        return Markup()
    return words.link.fill(link=said) if code != "none_found" and said else words.no_link


def _reasons(intake: Intake) -> tuple[Markup, ...]:
    if intake.findings is None or intake.kind is Kind.FOLLOW_UP:
        return ()
    return tuple(Markup.escape(rule.words) for rule in intake.findings.rules[:MOST_REASONS])


def _handled(content: Content, handling: Handling | None, zone: tzinfo) -> Markup:
    if handling is None:
        return Markup()
    return content.staff.post.handled.fill(name=handling.by, time=time_in(zone, handling.at))


def _choices(content: Content, intake: Intake, *, handled: bool) -> tuple[Choice, ...]:
    words = content.staff.buttons
    choices = [Choice(words.open, button_data(Deed.OPEN, str(intake.id)))]
    if not handled:
        choices.append(Choice(words.handled, button_data(Deed.HANDLED, str(intake.id))))
    return tuple(choices)
