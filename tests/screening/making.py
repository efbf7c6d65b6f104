"""What the tests of the screening share."""

from pathlib import Path
from typing import Any

import yaml

from bot.screening import Raised, Screening
from content.phrases import Examples, load_examples, load_phrases, phrase_languages
from content.weights import load_weights
from flows.concerns import Concern, load_concerns
from flows.loader import load_flow

CONCERNS: tuple[Concern, ...] = load_concerns(load_flow())
LEVELS = {concern.id: concern.level for concern in CONCERNS}
LANGUAGES = phrase_languages()
PHRASES = {code: load_phrases(code, CONCERNS) for code in LANGUAGES}
WEIGHTS = {code: load_weights(code, LEVELS) for code in LANGUAGES}
SCREENING = Screening(CONCERNS, PHRASES.items(), WEIGHTS)
EXAMPLES: dict[str, dict[str, Examples]] = {
    code: load_examples(code, CONCERNS) for code in LANGUAGES
}

CAUGHT = [
    (code, id, sentence)
    for code, concerns in EXAMPLES.items()
    for id, examples in concerns.items()
    for sentence in examples.caught
]
CALM = [
    (code, sentence)
    for code, concerns in EXAMPLES.items()
    for examples in concerns.values()
    for sentence in examples.calm
]

LEARNED = sorted((Path(__file__).parent / "learned").glob("*.yaml"))
"""Lists that the weights are learned from; no phrase was worked on with them."""

WORKED = sorted((Path(__file__).parent / "worked").glob("*.yaml"))
"""Lists that the phrases were worked through with; the weights are learned from them, too."""

UNSEEN = sorted((Path(__file__).parent / "unseen").glob("*.yaml"))
"""Lists that nobody who works on the phrases has read: what new messages may expect. Whoever reads
one to work on it moves it to the others."""


def language_of(file: Path) -> str:
    """The language of a list: the two letters its name begins with, or else English."""
    code = file.stem.partition("_")[0]
    return code if code in LANGUAGES else "en"


def messages_of(file: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """The messages of a list: to be caught (with their concern), and to be left alone."""
    data: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    caught = [(id, str(one)) for id, sentences in data["caught"].items() for one in sentences]
    return caught, [str(one) for one in data["calm"]]


def screen(text: str, language: str = "en") -> Raised | None:
    return SCREENING.screen(text, (language,))


def rank(text: str, language: str = "en") -> int:
    """How urgent a message is: 0 an emergency, 3 nothing."""
    raised = screen(text, language)
    return 3 if raised is None else raised.level.rank


def ids(raised: Raised | None) -> set[str]:
    return set() if raised is None else {raised.id, *(concern.id for concern in raised.also)}
