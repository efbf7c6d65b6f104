"""What the answers mean (protocol section 4): result, emergency, out of scope, explanation."""

from collections.abc import Iterator

from bot.actions import Verb
from bot.screens import Choice, Screen
from bot.sharing import NOTHING_SHARED, Sharing
from bot.views.parts import bullets, button, numbered, titled
from bot.views.sharing import clinic_choices, how_to_reach, in_emergency, what_was_sent
from bot.wording import Wording
from content.loader import EXPLANATION_PAGES
from content.markup import Markup, bold, join
from content.models import Content
from content.words.results import LinkWords
from flows.answers import Answers
from flows.assessment import Assessment, Finding, assess, item_evidence, rule_evidence
from flows.conversation import Conversation, standing_of
from flows.interview import Standing
from flows.models import Basis, Certainty, Item, Urgency

MOST_EXPLAINED = 2
"""Pathways that are explained in full, the strongest first; of more, nobody reads as much."""


def result_screens(
    wording: Wording,
    conversation: Conversation,
    serial: int,
    sharing: Sharing = NOTHING_SHARED,
) -> list[Screen]:
    """The result in three messages; the last one carries the buttons."""
    standing = standing_of(wording.flow, conversation)
    assessment = assess(wording.flow, standing)
    buttons = wording.content.interface.buttons
    controls = (
        button(serial, buttons.explain, Verb.EXPLAIN, "0"),
        button(serial, buttons.change_answer, Verb.CHOOSE_CHANGE),
        button(serial, buttons.page, Verb.PAGE),
        button(serial, buttons.my_data, Verb.MY_DATA),
        button(serial, buttons.start_over, Verb.ASK_RESTART),
    )
    texts = (
        _how_soon_and_why(wording, standing, assessment),
        _known_and_next(wording, standing, assessment),
        join(
            (
                _visit_and_safety_net(wording, standing, assessment),
                what_was_sent(wording, conversation, sharing),
            )
        ),
    )
    *before, last = (Screen(name="result", text=text, lasting=True) for text in texts)
    return [
        *before,
        Screen(
            name="result",
            text=last.text,
            choices=clinic_choices(wording, conversation, serial, sharing),
            controls=controls,
            lasting=True,
        ),
    ]


def result_reminder(
    wording: Wording,
    conversation: Conversation,
    serial: int,
    sharing: Sharing = NOTHING_SHARED,
) -> Screen:
    """The result in short, with its buttons, for somebody who has read it."""
    urgency = assess(wording.flow, standing_of(wording.flow, conversation)).urgency
    buttons = wording.content.interface.buttons
    return Screen(
        name="result",
        text=join((_how_soon(wording, urgency), what_was_sent(wording, conversation, sharing))),
        choices=clinic_choices(wording, conversation, serial, sharing),
        controls=(
            button(serial, buttons.see_result, Verb.SHOW),
            button(serial, buttons.explain, Verb.EXPLAIN, "0"),
            button(serial, buttons.change_answer, Verb.CHOOSE_CHANGE),
            button(serial, buttons.page, Verb.PAGE),
            button(serial, buttons.my_data, Verb.MY_DATA),
            button(serial, buttons.start_over, Verb.ASK_RESTART),
        ),
    )


def emergency_screen(
    wording: Wording,
    conversation: Conversation,
    serial: int,
    sharing: Sharing = NOTHING_SHARED,
) -> Screen:
    """What to do now, and nothing that could hold the patient up; the clinic comes last."""
    standing = standing_of(wording.flow, conversation)
    words = wording.content.results.emergency_screen
    buttons = wording.content.interface.buttons
    little = not conversation.agreed and not sharing.name and not sharing.sent
    because = bullets(
        wording.told(
            wording.content.results.rules[id],
            rule_evidence(wording.flow.rule_by_id[id], standing.answers),
        )
        for id in standing.rules
    )
    return Screen(
        name="emergency",
        text=join(
            (
                join((bold(words.title), wording.fill(words.text)), "\n"),
                titled(words.because, because),
                words.after,
                wording.content.concerns.stored_little if little else Markup(),
                in_emergency(wording),
                what_was_sent(wording, conversation, sharing),
            )
        ),
        choices=clinic_choices(wording, conversation, serial, sharing, emergency=True),
        controls=(
            button(serial, buttons.read_answers, Verb.READ_ANSWERS),
            button(serial, buttons.correct_answer, Verb.CHOOSE_CHANGE),
            button(serial, buttons.delete_all, Verb.ASK_DELETE),
        ),
        lasting=True,
    )


def out_of_scope_screen(wording: Wording, conversation: Conversation, serial: int) -> Screen:
    """Why this chat cannot help, and who can."""
    end = standing_of(wording.flow, conversation).end
    words = wording.content.results.out_of_scope[str(end)]
    buttons = wording.content.interface.buttons
    return Screen(
        name="out_of_scope",
        text=join((bold(words.title), wording.fill(words.text)), "\n"),
        controls=(
            button(serial, buttons.correct_answer, Verb.CHOOSE_CHANGE),
            button(serial, buttons.delete_all, Verb.ASK_DELETE),
        ),
        lasting=True,
    )


def explanation_screen(wording: Wording, page: int, serial: int) -> Screen:
    """One page on how back and foot may be linked, with what speaks for and against it."""
    results = wording.content.results
    buttons = wording.content.interface.buttons
    words = results.explain[EXPLANATION_PAGES[page]]
    controls: tuple[Choice, ...] = (button(serial, buttons.to_result, Verb.SHOW),)
    if page + 1 < len(EXPLANATION_PAGES):
        controls += (button(serial, buttons.next_page, Verb.EXPLAIN, str(page + 1)),)
    return Screen(
        name="explain",
        text=join(
            (
                bold(words.title),
                titled(results.headings.idea, words.idea),
                titled(results.headings.supports, words.supports),
                titled(results.headings.speaks_against, words.against),
                titled(results.headings.so, words.so),
            )
        ),
        controls=controls,
    )


def _how_soon(wording: Wording, urgency: Urgency | None) -> Markup:
    words = wording.content.results.urgency[str(urgency)]
    return join(
        (join((bold(words.headline), wording.fill(words.action)), "\n"), how_to_reach(wording))
    )


def _how_soon_and_why(wording: Wording, standing: Standing, assessment: Assessment) -> Markup:
    results = wording.content.results
    return join(
        (
            _how_soon(wording, assessment.urgency),
            titled(results.headings.why_soon, bullets(why_soon(wording, standing, assessment))),
            titled(results.headings.link, _link(wording, assessment)),
            *_reasons(wording, standing.answers, assessment.pathways),
            results.not_a_diagnosis,
        )
    )


def why_soon(wording: Wording, standing: Standing, assessment: Assessment) -> Iterator[Markup]:
    """The rules that gave the urgency; those that gave less would only blur it."""
    for id in assessment.rules:
        rule = wording.flow.rule_by_id[id]
        given = rule.urgency if isinstance(rule.when, Basis) else rule.gives(standing.answers)
        if given is assessment.urgency:
            yield wording.told(
                wording.content.results.rules[id], rule_evidence(rule, standing.answers)
            )


def _link(wording: Wording, assessment: Assessment) -> Markup:
    links = wording.content.results.links
    named = links[assessment.link]
    parts = [bold(named.title), named.summary or Markup()]
    for finding in assessment.pathways:
        words = links[finding.pathway]
        if finding.pathway != assessment.link:
            parts.append(bold(words.title))
        parts.append(certainty_of(words, finding))
    return join(parts, "\n")


def certainty_of(words: LinkWords, finding: Finding) -> Markup:
    """The sentence that says how well the answers fit."""
    likely = finding.certainty is Certainty.LIKELY
    return (words.likely if likely else words.possible) or Markup()


def _reasons(
    wording: Wording, answers: Answers, findings: tuple[Finding, ...]
) -> tuple[Markup, Markup]:
    headings = wording.content.results.headings
    supporting, against = reasons_of(wording, answers, findings)
    return titled(headings.because, bullets(supporting)), titled(headings.against, bullets(against))


def reasons_of(
    wording: Wording, answers: Answers, findings: tuple[Finding, ...]
) -> tuple[list[Markup], list[Markup]]:
    """Every item that counted, as a reason; those that count against stand apart."""
    supporting: list[Markup] = []
    against: list[Markup] = []
    for finding in findings:
        for item in wording.flow.pathway_by_id[finding.pathway].items:
            if item.id in finding.items:
                side = against if _points(item, answers) < 0 else supporting
                side.append(
                    wording.told(
                        wording.content.results.reasons[item.id], item_evidence(item, answers)
                    )
                )
    return supporting, against


def _points(item: Item, answers: Answers) -> int:
    return sum(term.points for term in item.counting(answers))


def _known_and_next(wording: Wording, standing: Standing, assessment: Assessment) -> Markup:
    results = wording.content.results
    headings = results.headings
    found = [results.links[finding.pathway] for finding in assessment.pathways]
    whom = found or [results.links[assessment.link]]
    return join(
        (
            titled(headings.how, *(words.how for words in found[:MOST_EXPLAINED] if words.how)),
            titled(headings.known, bullets(words.known for words in found if words.known)),
            titled(
                headings.not_known, bullets(words.not_known for words in found if words.not_known)
            ),
            _meanwhile(wording, standing, assessment),
            titled(
                headings.who,
                results.who_to_see,
                bullets(words.who for words in whom if words.who),
            ),
            # With several links explained above them, they have more room in the next message.
            _questions(wording) if len(assessment.pathways) <= 1 else Markup(),
        )
    )


def _questions(wording: Wording) -> Markup:
    results = wording.content.results
    return titled(results.headings.ask, numbered(results.questions_to_ask))


def _meanwhile(wording: Wording, standing: Standing, assessment: Assessment) -> Markup:
    title, lines = meanwhile(wording.content, standing.answers, assessment)
    return titled(title, bullets(lines))


def meanwhile(
    content: Content, answers: Answers, assessment: Assessment
) -> tuple[Markup, list[Markup]]:
    """What to do meanwhile, under its heading.

    Where a rule needs care of its own, nothing else is advised.
    """
    results = content.results
    title = results.headings.meanwhile
    lines = _care(content, assessment)
    if assessment.urgency is Urgency.SAME_DAY:
        lines += results.until_seen.same_day
    if lines:
        return title, lines
    found = [results.links[finding.pathway] for finding in assessment.pathways]
    if found:
        return title, [line for words in found for line in words.meanwhile or ()]
    if assessment.urgency is Urgency.TWO_WEEKS:
        return title, []
    back, foot = _ends_troubled(answers)
    self_care = results.self_care
    steps = [*(self_care.back if back else ()), *(self_care.foot if foot else ())]
    return self_care.title, steps


def _care(content: Content, assessment: Assessment) -> list[Markup]:
    """What the rules that hold ask for until a clinician has looked."""
    by_rule = content.results.until_seen.rules
    return [line for rule in assessment.rules for line in by_rule.get(rule, ())]


def _ends_troubled(answers: Answers) -> tuple[bool, bool]:
    """Whether the back or leg, and whether the foot is troubled."""
    complaints = answers["complaints"]
    ticked = complaints if isinstance(complaints, tuple) else ()
    return "back" in ticked or "leg" in ticked, "foot" in ticked


def _treatment(wording: Wording, standing: Standing, assessment: Assessment) -> Markup:
    """What treatment usually joins; kept back where something else has to be looked at first."""
    words = wording.content.results.treatment
    if assessment.urgency is Urgency.SAME_DAY or _care(wording.content, assessment):
        return Markup()
    back, foot = _ends_troubled(standing.answers)
    return titled(
        words.title,
        words.back if back else Markup(),
        words.foot if foot else Markup(),
        words.both if back and foot else Markup(),
        Markup() if assessment.urgency is Urgency.TWO_WEEKS else words.imaging,
    )


def _visit_and_safety_net(wording: Wording, standing: Standing, assessment: Assessment) -> Markup:
    results = wording.content.results
    net = results.safety_net
    return join(
        (
            _questions(wording) if len(assessment.pathways) > 1 else Markup(),
            _treatment(wording, standing, assessment),
            titled(net.title, wording.fill(net.emergency_intro), bullets(net.emergency)),
            join((net.same_day_intro, bullets(net.same_day)), "\n"),
            net.close,
        )
    )
