"""The whole intake, for one member of the staff who asked, in as many messages as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo

from bot.intake.intake import Intake
from bot.screens import TEXT_LIMIT, Screen
from bot.staff.posts import stamp_of, time_in
from bot.views.parts import bullets
from content.markup import Markup, bold, join
from content.models import Content

ROOM = TEXT_LIMIT - 200
"""Characters of one message; what is over goes into the next."""


def summary_screens(
    content: Content,
    intake: Intake,
    zone: tzinfo,
    languages: Mapping[str, str],
    unsigned: str = "",
) -> list[Screen]:
    """Everything the patient let the clinic have.

    ``unsigned`` says that nobody has signed the protocol that runs.
    """
    words = content.staff.summary
    heading = Markup(f"{bold(Markup.escape(stamp_of(content, intake)))} · {intake.reference}")
    continued = Markup(f"{heading} · {words.continued}")
    lines = _lines(content, intake, zone, languages, unsigned)
    pages = _pages(lines, heading, continued)
    return [Screen(name="staff_summary", text=page, lasting=True) for page in pages]


def _lines(
    content: Content,
    intake: Intake,
    zone: tzinfo,
    languages: Mapping[str, str],
    unsigned: str,
) -> Iterator[Markup]:
    words = content.staff.summary
    person = intake.person
    if unsigned:
        yield Markup.escape(unsigned)
    yield words.intro.fill(reference=intake.reference, clinic=intake.clinic_name)
    yield words.name.fill(name=person.name)
    yield words.phone.fill(phone=person.phone) if person.phone else words.no_phone
    yield words.sent.fill(time=time_in(zone, intake.created_at.timestamp()))
    yield words.language.fill(
        language=languages.get(intake.patient_language, intake.patient_language)
    )
    yield from _titled(
        words.follow_up,
        (Markup.escape(f"{said.question} {said.words}") for said in intake.follow_up),
    )
    findings = intake.findings
    if findings is not None:
        yield from _titled(words.why, (Markup.escape(rule.words) for rule in findings.rules))
        if findings.link.words:
            yield from _titled(words.link, [Markup.escape(findings.link.words)])
        for pathway in findings.pathways:
            yield words.speaks.fill(pathway=pathway.title, certainty=pathway.certainty.words)
            yield from _listed(Markup.escape(reason.words) for reason in pathway.reasons)
    yield from _titled(
        words.answers,
        (
            Markup(f"{bold(Markup.escape(one.topic))}: {Markup.escape(one.said)}")
            for one in intake.answers
        ),
    )
    yield from _titled(words.advised, (Markup.escape(told) for told in intake.advised))
    yield Markup()
    at = time_in(zone, intake.consent.at.timestamp())
    yield words.consent.fill(version=intake.consent.version, time=at)
    yield words.after


def _titled(title: Markup, lines: Iterable[Markup]) -> Iterator[Markup]:
    """A heading, with the first line so that no page ends in it; nothing where there is no line."""
    listed = list(_listed(lines))
    if listed:
        yield Markup()
        yield join((bold(title), listed[0]), "\n")
        yield from listed[1:]


def _listed(lines: Iterable[Markup]) -> Iterator[Markup]:
    return (bullets([line]) for line in lines)


def _pages(lines: Iterable[Markup], heading: Markup, continued: Markup) -> Iterator[Markup]:
    page = [heading]
    length = heading.length()
    for line in (piece for one in lines for piece in _cut(one)):
        if length + line.length() + 1 > ROOM:
            yield Markup("\n".join(page))
            page, length = [continued], continued.length()
        page.append(line)
        length += line.length() + 1
    yield Markup("\n".join(page))


def _cut(line: Markup) -> Iterator[Markup]:
    """A line that would fill a message by itself, as what was advised may, in pieces."""
    if line.length() <= ROOM // 2:
        yield line
        return
    plain = line.plain()
    size = ROOM // 4
    for start in range(0, len(plain), size):
        yield Markup.escape(plain[start : start + size])
