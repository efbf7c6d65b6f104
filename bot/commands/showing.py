"""`check --explore`: which texts of each language the bot's own screens show, and to whom.

The witnesses of `flows.reaching` are shown what patients with their answers would be shown, by the
very code that shows it to them, in words of which each text carries a mark (`content.marking`).
What people type raises the concerns. A text whose mark turns up nowhere is a finding. A sample of
the witnesses then taps through the whole dialogue in the plain words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from bot.actions import Action, Verb
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.events import Command, Happening, Tap, Words
from bot.record import Record, View
from bot.screening import Screening, load_screening
from bot.screens import Screen
from bot.views.current import current_screens
from bot.views.page import page_of
from bot.views.sharing import consent_texts
from bot.wording import Wording
from content.countries import Country, load_countries
from content.loader import CONCERNS, EXPLANATION_PAGES, languages, load_content, packaged_content
from content.marking import Marked, Text, mark
from content.markup import Markup
from content.models import Content
from content.phrases import Examples, load_examples
from flows.answers import Answer
from flows.assessment import assess
from flows.concerns import Concern, Level, load_concerns
from flows.conversation import EMERGENCY, RESULT, REVIEW, Conversation, position
from flows.errors import FlowError
from flows.interview import stand
from flows.loader import read_document
from flows.machine import ConversationMachine
from flows.models import Flow, Kind
from flows.reaching import Reached, Sort, Witness

NO_STATE: Final = {(CONCERNS, "unread"): "said only where our own look at the words fails"}
"""Texts that no state of the conversation shows, each with the reason."""

_BESIDE: Final = "urgency"
"""Texts below this key may also stand on the page or in the consent only; all others in the chat."""

_KEPT_FOR = 180
"""Days that the texts say the answers are kept; no text depends on how many."""

_SAMPLED: Final = (Sort.END, Sort.RULE, Sort.CERTAINTY, Sort.LINK)
"""Witnesses of these sorts tap through the whole dialogue, one for each different end."""

_NO_ANSWER: Final = "?"
"""Words that answer nothing and raise nothing."""


def texts_shown(flow: Flow, reached: Reached) -> Iterator[tuple[str, bool]]:
    """Line by line, whether every text is shown to somebody and read as it is written."""
    try:
        screening = load_screening(flow)
    except FlowError:
        return  # `check` says what is wrong with the phrases
    for code in languages():
        try:
            examples = load_examples(code, load_concerns(flow))
            looking = Looking(flow, load_content(code, flow), screening, examples)
        except FlowError:
            continue  # `check` says what is wrong with the words
        yield from looking.marks_found(reached.witnesses)
        yield from looking.tapped(reached.witnesses)


def of_countries() -> tuple[Country, Country]:
    """Countries with the most and with the fewest lines to call: between them every text is used."""
    countries = load_countries()

    def lines(country: Country) -> int:
        there = (country.urgent_line, country.despair, country.violence)
        return sum(line is not None for line in there)

    known: list[Country] = [countries.default, *countries.countries.values()]
    return max(known, key=lines), min(known, key=lines)


@dataclass(frozen=True)
class Looking:
    """One language, looked at through the screens."""

    flow: Flow
    content: Content
    screening: Screening
    examples: Mapping[str, Examples]

    @cached_property
    def machine(self) -> ConversationMachine:
        return ConversationMachine(self.flow)

    @cached_property
    def marked(self) -> Marked:
        return mark(self.content)

    @cached_property
    def countries(self) -> tuple[Country, Country]:
        return of_countries()

    def marks_found(self, witnesses: list[Witness]) -> Iterator[tuple[str, bool]]:
        """Whether every text is shown to a witness, or where words raise a concern."""
        code, texts = self.content.code, self.marked.texts
        seen: set[Text] = set()
        for witness in witnesses:
            for shown in self._shown_to(witness):
                seen.update(self.marked.seen_in(shown))
            for shown in self._beside(witness):
                seen.update(text for text in self.marked.seen_in(shown) if text.path[0] == _BESIDE)
        typed = 0
        for concern in load_concerns(self.flow):
            shown_typed = list(self._asked_about(concern))
            typed += len(shown_typed)
            if not shown_typed:
                yield f"{code}: no example of what people type raises {concern.id}", False
            for shown in shown_typed:
                seen.update(self.marked.seen_in(shown))
        known = [text for text in texts.values() if (text.file, text.key) not in NO_STATE]
        missing = [text for text in known if text not in seen]
        for text in missing:
            yield f"{self._place(text)}: no state of the conversation shows it", False
        yield (
            (
                f"texts {code}: {len(known) - len(missing)} of {len(known)} are shown on the screens of "
                f"{len(witnesses)} witnesses and of {typed} replies to what people type"
            ),
            not missing,
        )

    def tapped(self, witnesses: list[Witness]) -> Iterator[tuple[str, bool]]:
        """Whether those who tap their answers read, at the end, the words of each text shown."""
        count = read = missing = 0
        for witness in _sample(self.flow, witnesses):
            count += 1
            screens = self._taps(witness.answers)
            words = "\n".join(Markup(screen.text).plain() for screen in screens)
            for shown in self._end_of(witness):
                for text in self.marked.seen_in(shown):
                    read += 1
                    if not occurs(text.words, words):
                        missing += 1
                        yield f"{self._place(text)} is not what {_named(witness)} reads", False
        yield (
            (
                f"screens {self.content.code}: {count} witnesses tapped through the whole dialogue; the "
                f"words of {read - missing} of the {read} texts at their ends stand there"
            ),
            not missing,
        )

    def _place(self, text: Text) -> str:
        """The file, the line and the key of a text."""
        code = self.content.code
        line = read_document(packaged_content() / code, text.file).line(text.path)
        return f"{code}/{text.file}:{line}: {text.key}"

    # What a witness is shown, in words with marks.

    def _shown_to(self, witness: Witness) -> Iterator[str]:
        conversation = Conversation(answers=dict(witness.answers), agreed=True)
        if witness.aim.sort is Sort.QUESTION:
            yield from self._screens(conversation, self.countries[0])
            return
        yield from self._screens(conversation, self.countries[0], view=View.ANSWERS)
        for country in self.countries:
            yield from self._at_end(conversation, country)

    def _at_end(self, conversation: Conversation, country: Country) -> Iterator[str]:
        yield from self._screens(conversation, country)
        if position(self.flow, conversation) == REVIEW:
            conversation = replace(conversation, confirmed=True)
            yield from self._screens(conversation, country)
            yield from self._screens(conversation, country, brief=True)
            for page in range(len(EXPLANATION_PAGES)):
                yield from self._screens(conversation, country, view=View.EXPLAINING, page=page)

    def _beside(self, witness: Witness) -> Iterator[str]:
        """The page to take along, and what a clinic would get."""
        conversation = self._ended(witness)
        if position(self.flow, conversation) in (RESULT, EMERGENCY):
            wording = self._wording(self.countries[0])
            yield page_of(wording, conversation).model_dump_json()
            yield from consent_texts(wording, Record(self.content.code, conversation))

    def _ended(self, witness: Witness) -> Conversation:
        """The conversation at its end, where it has one: the result asked for."""
        conversation = Conversation(answers=dict(witness.answers), agreed=True)
        if position(self.flow, conversation) == REVIEW:
            return replace(conversation, confirmed=True)
        return conversation

    def _end_of(self, witness: Witness) -> Iterator[str]:
        yield from self._screens(self._ended(witness), self.countries[0])

    def _screens(
        self,
        conversation: Conversation,
        country: Country,
        *,
        view: View | None = None,
        page: int = 0,
        brief: bool = False,
    ) -> Iterator[str]:
        record = Record(self.content.code, conversation, view=view, page=page)
        state = position(self.flow, conversation)
        screens = current_screens(self._wording(country), record, state, {}, brief=brief)
        yield from map(_readable, screens)

    def _wording(self, country: Country) -> Wording:
        return Wording(self.flow, self.marked.content, country, _KEPT_FOR)

    # What people type.

    def _asked_about(self, concern: Concern) -> Iterator[str]:
        """What is shown where words raise a concern, and after each reply.

        Whom to call hangs on the country; before agreeing, less is said of what is stored.
        """
        for country in self.countries if concern.help is not None else self.countries[:1]:
            for agreed in (True, False) if concern.level is Level.EMERGENCY else (True,):
                talk = _Talk(self._dialogue(self.marked.content, country), self.content.code)
                talk.happens(Command("start"))
                if agreed:
                    talk.taps(Verb.AGREE)
                yield from self._raised(talk, concern)

    def _raised(self, talk: "_Talk", concern: Concern) -> Iterator[str]:
        before = talk.record
        for example in self.examples[concern.id].caught:
            talk.record = before
            screens = talk.happens(Words(example))
            if talk.asked_about == concern.id:
                break
        else:
            return
        yield from map(_readable, screens)
        asked = talk.record
        for reply in [choice.data for choice in screens[-1].choices]:
            talk.record = asked
            yield from map(_readable, talk.happens(Tap(reply, on_live=True)))
        talk.record = asked
        yield from map(_readable, talk.happens(Words(_NO_ANSWER)))
        if concern.level is Level.EMERGENCY and concern.help is None:
            yield from self._denied(talk, concern, example)

    def _denied(self, talk: "_Talk", concern: Concern, example: str) -> Iterator[str]:
        """No is said to the same words until they are no longer asked about."""
        for _ in range(3):
            if talk.asked_about == concern.id:
                talk.taps(Verb.REPLY, concern.id, "no")
            yield from map(_readable, talk.happens(Words(example)))

    def _dialogue(self, content: Content, country: Country) -> Dialogue:
        setting = Setting(content.code, country, _KEPT_FOR)
        return Dialogue(self.machine, {content.code: content}, setting, screening=self.screening)

    # Tapping.

    def _taps(self, answers: Mapping[str, Answer]) -> list[Screen]:
        """What is shown last to somebody who taps these answers."""
        talk = _Talk(self._dialogue(self.content, self.countries[0]), self.content.code)
        talk.happens(Command("start"))
        screens = talk.taps(Verb.AGREE)
        for id, answer in answers.items():
            screens = self._answered(talk, id, answer)
        return talk.taps(Verb.CONFIRM) if screens[-1].name == REVIEW else screens

    def _answered(self, talk: "_Talk", id: str, answer: Answer) -> list[Screen]:
        match self.flow.question_by_id[id].kind, answer:
            case Kind.TEXT, _:
                return talk.taps(Verb.SKIP, id)
            case Kind.MANY, tuple(ticks):
                for code in ticks:
                    talk.taps(Verb.TICK, id, code)
                return talk.taps(Verb.DONE, id)
        return talk.taps(Verb.PICK, id, str(answer))


def occurs(words: str, shown: str) -> bool:
    """Whether a text stands in what is shown, whatever its places were filled with."""
    pieces = re.split(r"\{\w+\}", Markup(words).plain())
    return re.search(".*?".join(map(re.escape, pieces)), shown, re.DOTALL) is not None


def _sample(flow: Flow, witnesses: Iterable[Witness]) -> Iterator[Witness]:
    """One witness for each different urgency with its pathways, and for each end out of scope."""
    seen: set[tuple[object, ...]] = set()
    for witness in witnesses:
        if witness.aim.sort in _SAMPLED:
            standing = stand(flow, witness.answers)
            assessment = assess(flow, standing)
            found = tuple(finding.pathway for finding in assessment.pathways)
            end = (standing.end, assessment.urgency, found)
            if end not in seen:
                seen.add(end)
                yield witness


def _named(witness: Witness) -> str:
    return f"the witness of {witness.aim.sort} {witness.aim.id}"


def _readable(screen: Screen) -> str:
    """All that can be read on a screen: its text and its buttons."""
    labels = (choice.label for choice in (*screen.choices, *screen.controls))
    return "\n".join((screen.text, *labels))


class _Talk:
    """One person who talks with the bot; nothing is stored."""

    def __init__(self, dialogue: Dialogue, language: str) -> None:
        self._dialogue = dialogue
        self._language = language
        self.record: Record | None = None

    def happens(self, happening: Happening) -> list[Screen]:
        response = self._dialogue.respond(
            self.record, happening, address="check:1", hint=self._language, intakes=()
        )
        self.record = response.record
        return [showing.screen for showing in response.showings]

    def taps(self, verb: Verb, *about: str) -> list[Screen]:
        serial = self.record.serial if self.record is not None else 0
        return self.happens(Tap(Action(verb, about).data(serial), on_live=True))

    @property
    def asked_about(self) -> str | None:
        """The concern that is asked about now."""
        asking = self.record.conversation.asking if self.record is not None else ()
        return asking[0] if asking else None
