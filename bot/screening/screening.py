"""What typed words raise: offline, in any state, before anything else."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.screening.language import Language
from bot.screening.normal import read
from content.phrases import Phrases
from content.weights import Weights
from flows.concerns import Concern, Level


@dataclass(frozen=True, slots=True)
class Raised:
    """What a message raises.

    `phrase` is the piece of the message that was matched; never log it. `also` are the other
    concerns of the message, most urgent first.
    """

    concern: Concern
    phrase: str
    also: tuple[Concern, ...] = ()

    @property
    def id(self) -> str:
        return self.concern.id

    @property
    def level(self) -> Level:
        return self.concern.level

    @property
    def about(self) -> str | None:
        """The question that a yes or no to this answers; None where there is only help."""
        return self.concern.about


class Screening:
    """Looks for concerns in what people type, in one or several languages at once."""

    def __init__(
        self,
        concerns: Iterable[Concern],
        phrases: Iterable[tuple[str, Phrases]],
        weights: Mapping[str, Weights | None] = MappingProxyType({}),
    ) -> None:
        """`phrases` are taken one language after the other, and none is kept.

        `weights` are those of the languages that have any; the others hear by phrases alone.
        """
        self._concerns = tuple(concerns)
        self._languages = {
            code: Language(self._concerns, words, weights.get(code)) for code, words in phrases
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that are known."""
        return tuple(self._languages)

    def screen(self, text: str, languages: Sequence[str] | None = None) -> Raised | None:
        """What a message raises, the most urgent first; None if nothing.

        `languages` are looked at with English always among them; without any, all are. Takes time
        in proportion to the text and never fails, whatever the text holds.
        """
        typed = read(text)
        if not typed.words:
            return None
        said: dict[str, str] = {}
        heard: dict[str, str] = {}
        own: Language | None = None
        for code in self._codes(languages):
            language = self._languages[code]
            for one in language.found(typed, own):
                (heard if one.weighed else said).setdefault(one.id, one.phrase)
            own = own or language
        raised = self._in_order(said)
        # What is plainly said is asked about as it is; what is only heard must be worse than that.
        worse = [
            concern
            for concern in self._in_order(heard)
            if not raised or concern.level.rank < raised[0].level.rank
        ]
        if not (worse or raised):
            return None
        first, *also = (*worse, *raised)
        return Raised(first, (heard if worse else said)[first.id], tuple(also))

    def signs(self, text: str, code: str) -> list[str]:
        """The signs of a message in a language, to learn from what they weigh."""
        return list(dict.fromkeys(sign.name for sign in self._languages[code].signs(read(text))))

    def _in_order(self, found: Container[str]) -> list[Concern]:
        """Concerns by their ids, the most urgent first."""
        return sorted(
            (concern for concern in self._concerns if concern.id in found),
            key=lambda concern: concern.level.rank,
        )

    def _codes(self, languages: Sequence[str] | None) -> Iterator[str]:
        if languages is None:
            yield from self._languages
            return
        for code in dict.fromkeys((*languages, "en")):
            if code in self._languages:
                yield code
