"""The phrases that this program ships, ready to screen with, and their examples."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.screening.screening import Screening
from bot.screening.vocabulary import plain
from content.phrases import load_examples, load_phrases, phrase_languages
from content.weights import load_weights
from flows.concerns import Concern, load_concerns
from flows.models import Flow


def load_screening(flow: Flow) -> Screening:
    """Screening in every language that has phrases.

    Raises:
        FlowError: the concerns or the phrases of a language are broken.
    """
    concerns = load_concerns(flow)
    with _uncollected():
        codes = phrase_languages()
        ids = [concern.id for concern in concerns]
        screening = Screening(
            concerns,
            ((code, load_phrases(code, concerns)) for code in codes),
            {code: load_weights(code, ids) for code in codes},
        )
    # The same words come again and again, but only while phrases are put together.
    plain.cache_clear()
    return screening


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: loading only builds up, and a third of its time went there."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Figures:
    """How the examples of one concern come out: how many were to be caught and were, and so on."""

    concern: Concern
    to_catch: int
    to_leave: int
    wrong: tuple[str, ...]

    @property
    def right(self) -> int:
        return self.to_catch + self.to_leave - len(self.wrong)


def figures(screening: Screening, concerns: Sequence[Concern], code: str) -> Iterator[Figures]:
    """The figures of a language's examples, concern by concern.

    Raises:
        ContentError: the file is missing or broken, or a concern has too few examples.
    """
    by_id = {concern.id: concern for concern in concerns}
    for id, examples in load_examples(code, concerns).items():
        wrong = []
        for sentence in examples.caught:
            raised = screening.screen(sentence, (code,))
            found = () if raised is None else (raised.concern, *raised.also)
            if id not in (concern.id for concern in found):
                wrong.append(f"phrases {code}: {id} is not raised by {sentence!r}")
        for sentence in examples.calm:
            raised = screening.screen(sentence, (code,))
            if raised is not None:
                wrong.append(
                    f"phrases {code}: {raised.id} is raised by {sentence!r} ({raised.phrase})"
                )
        yield Figures(by_id[id], len(examples.caught), len(examples.calm), tuple(wrong))


def wrong_examples(screening: Screening, concerns: Sequence[Concern], code: str) -> Iterator[str]:
    """The examples of a language that come out wrong, a line each; none if all is well.

    Raises:
        ContentError: as for `figures`.
    """
    for one in figures(screening, concerns, code):
        yield from one.wrong
