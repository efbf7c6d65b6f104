"""Learns what words weigh: `python -m tests.screening.training [language …]` writes weights.txt.

It learns from every message whose meaning somebody gave: the examples, the lists that the phrases
were worked through with, and the lists that are only learned from. The lists under `unseen` are
never learned from. With `--judge` nothing is written: each list that is only learned from is left
out in turn, and what would have come of it is told.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from bot.screening import Screening
from bot.screening.normal import SENTENCE, read
from content.loader import load_content, packaged_content
from content.weights import ALWAYS, HARMLESS, WEIGHTS
from flows.concerns import Level
from flows.loader import load_flow
from tests.screening.making import (
    CONCERNS,
    EXAMPLES,
    LANGUAGES,
    LEARNED,
    PHRASES,
    SCREENING,
    WORKED,
    language_of,
    messages_of,
)

HEARD_ABOVE, HARMLESS_BELOW, EMERGENCY_HARMLESS_BELOW = -0.3, -2.0, -4.0
"""Logarithms of odds: what is asked about, and below which a phrase is not believed (--judge)."""

SEEN_AT_LEAST = 3
"""Messages that a sign must stand in."""

STRENGTH = 0.7
"""The inverse of how strongly large weights are held back."""

EXAMPLE_WEIGHT = 12.0
"""How many messages an example or an answer counts for: those are what a clinician reads."""

PHRASES_ALONE = Screening(CONCERNS, PHRASES.items())
"""What is found without any weights."""

KINDS = (*(concern.id for concern in CONCERNS), HARMLESS)


class Message(NamedTuple):
    """A message and what it tells of."""

    source: str
    text: str
    kind: str
    weight: float


class Model(NamedTuple):
    """Weights for each kind and sign, and for what every message has."""

    places: dict[str, int]
    weights: Any
    always: Any


def messages(code: str) -> Iterator[Message]:
    """Everything that a language is learned from."""
    for id, examples in EXAMPLES[code].items():
        for text in examples.caught:
            yield Message("examples", text, id, EXAMPLE_WEIGHT)
        for text in examples.calm:
            for piece in pieces(text):
                yield Message("examples", piece, HARMLESS, EXAMPLE_WEIGHT)
    for text in sorted(answers(code)):
        if PHRASES_ALONE.screen(text, (code,)) is None:
            yield Message("answers", text, HARMLESS, EXAMPLE_WEIGHT)
    for file in (*WORKED, *LEARNED):
        if language_of(file) != code:
            continue
        caught, calm = messages_of(file)
        for id, text in caught:
            yield Message(file.stem, text, id, 1.0)
        for text in calm:
            for piece in pieces(text):
                yield Message(file.stem, piece, HARMLESS, 1.0)


def pieces(text: str) -> Iterator[str]:
    """A harmless message and each of its sentences: they are weighed alone, too."""
    yield text
    typed = read(text)
    starts = [place for place, pause in enumerate(typed.pauses) if pause == SENTENCE and place]
    if starts:
        for first, last in pairwise((0, *starts, len(typed.words))):
            yield typed.shown[typed.starts[first] : typed.ends[last - 1]]


def answers(code: str) -> set[str]:
    """What people tap, or type for it: the question it answers tells more than its words."""
    questions = load_content(code, load_flow()).questions.questions.values()
    options = [option for question in questions for option in question.options.values()]
    return {text for option in options for text in (option.label, option.said, *option.words)}


def signs_of(learned: Iterable[Message], code: str) -> list[list[str]]:
    return [SCREENING.signs(one.text, code) for one in learned]


def digest(learned: Iterable[Message], signs: Iterable[Sequence[str]]) -> str:
    """What was learned from, in 64 hex digits: other messages or another reading give others."""
    total = sha256()
    for message, found in zip(learned, signs, strict=True):
        total.update(f"{message.kind}\t{message.weight}\t{' | '.join(sorted(found))}\n".encode())
    return total.hexdigest()


def learn(learned: Sequence[Message], signs: Sequence[Sequence[str]]) -> Model:
    seen = Counter(sign for found in signs for sign in found)
    kept = sorted(sign for sign, times in seen.items() if times >= SEEN_AT_LEAST)
    places = {sign: place for place, sign in enumerate(kept)}
    classifier = LogisticRegression(C=STRENGTH, max_iter=400)
    classifier.fit(
        _matrix(signs, places),
        [KINDS.index(one.kind) for one in learned],
        sample_weight=[one.weight for one in learned],
    )
    return Model(places, np.round(classifier.coef_, 1), np.round(classifier.intercept_, 1))


def odds(model: Model, signs: Sequence[Sequence[str]]) -> Any:
    """The logarithm of the odds that each message tells of something."""
    sums = _matrix(signs, model.places) @ model.weights.T + model.always
    concerns, harmless = sums[:, :-1], sums[:, -1]
    most = concerns.max(axis=1)
    return most + np.log(np.exp(concerns - most[:, None]).sum(axis=1)) - harmless


def written(model: Model, made_from: str) -> Iterator[str]:
    """The lines of weights.txt."""
    yield "# What words weigh, in tenths (content/weights.py). Made, never written by hand, by"
    yield "# python -m tests.screening.training"
    yield f"# {made_from}"
    yield f"heard_above\t{HEARD_ABOVE}"
    yield f"harmless_below\t{HARMLESS_BELOW}"
    yield f"emergency_harmless_below\t{EMERGENCY_HARMLESS_BELOW}"
    yield f"{ALWAYS}\t{_tenths(model.always)}"
    for sign, place in model.places.items():
        adds = _tenths(model.weights[:, place])
        if adds:
            yield f"{sign}\t{adds}"


def main() -> None:
    given = sys.argv[1:]
    for code in [one for one in given if one in LANGUAGES] or LANGUAGES:
        learned = list(messages(code))
        signs = signs_of(learned, code)
        if "--judge" in given:
            _judge(code, learned, signs)
            continue
        model = learn(learned, signs)
        lines = written(model, digest(learned, signs))
        target = Path(str(packaged_content() / code / WEIGHTS))
        target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        sys.stdout.write(f"{code}: {len(learned)} messages, {len(model.places)} signs\n")


def _judge(code: str, learned: Sequence[Message], signs: Sequence[Sequence[str]]) -> None:
    """Tell what share is caught, and asked about, of each list that was left out."""
    raised = [PHRASES_ALONE.screen(one.text, (code,)) for one in learned]
    said = np.array([one is not None for one in raised])
    emergency = np.array([one is not None and one.level is Level.EMERGENCY for one in raised])
    doubted_below = np.where(emergency, EMERGENCY_HARMLESS_BELOW, HARMLESS_BELOW)
    meant = np.array([one.kind != HARMLESS for one in learned])
    source = np.array([one.source for one in learned])
    found = np.zeros(len(learned))
    files = [file.stem for file in LEARNED if language_of(file) == code]
    for left_out in files:
        rest = [place for place, one in enumerate(learned) if one.source != left_out]
        out = [place for place, one in enumerate(learned) if one.source == left_out]
        model = learn([learned[place] for place in rest], [signs[place] for place in rest])
        found[out] = odds(model, [signs[place] for place in out])
        of = source == left_out
        asked = (found > HEARD_ABOVE) | (said & (found > doubted_below))
        sys.stdout.write(
            f"{left_out}: phrases {_shares(said[of], meant[of])}, "
            f"with weights {_shares(asked[of], meant[of])}\n"
        )
    tried = np.isin(source, files)
    for heard_above in np.arange(-1.5, 1.1, 0.5):
        asked = (found > heard_above) | (said & (found > doubted_below))
        shares = _shares(asked[tried], meant[tried])
        sys.stdout.write(f"{code}, heard above {heard_above:+.1f}: {shares}\n")


def _shares(asked: Any, meant: Any) -> str:
    return f"{asked[meant].mean():.1%} and {asked[~meant].mean():.1%}"


def _matrix(signs: Sequence[Sequence[str]], places: dict[str, int]) -> Any:
    columns = [[places[sign] for sign in found if sign in places] for found in signs]
    starts = np.cumsum([0, *map(len, columns)])
    indices = np.array([place for found in columns for place in found], dtype=np.int32)
    return csr_array((np.ones(len(indices)), indices, starts), shape=(len(signs), len(places)))


def _tenths(weights: Any) -> str:
    return " ".join(
        f"{kind} {round(weight * 10)}"
        for kind, weight in zip(KINDS, weights, strict=True)
        if round(weight * 10)
    )


if __name__ == "__main__":
    main()
