"""Emergency phrases in typed words: offline, in any state, before anything else."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.screening.lists import Lists
from bot.screening.matching import (
    Compiled,
    Hits,
    Match,
    Places,
    Span,
    between,
    matches,
)
from bot.screening.normal import SENTENCE, Text, read
from bot.screening.scopes import DENIALS, Scopes
from bot.screening.signs import SILENCED, Sign, signs
from bot.screening.vocabulary import CALENDAR, NUMERAL, Slips, Vocabulary, keep, plain
from bot.screening.weighing import Scale
from content.patterns import Pattern, Run, names
from content.phrases import Phrases
from content.weights import Weights
from flows.concerns import Concern, Level

CHUNK, OVERLAP = 400, 60
"""Words looked at together, and those looked at again with the next: no text is left out."""

_SENTENCE_STEP, _COMMA_STEP = 4, 1
"""How many words a pause counts as."""

_USUAL_REACH = 6
_SPELT_OUT, _SPELT_OUT_MAX = 4, 40
"""Single letters in a row that are read as words (h e l p): at least, and at most together."""

_MOSTLY = 1.5
"""Two words of three known to a language: the message is in that one."""

_PHRASE_MAX = 200
"""Characters of the matched piece that are handed on."""


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
            code: _Language(self._concerns, words, weights.get(code)) for code, words in phrases
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
        own: _Language | None = None
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


@dataclass(frozen=True, slots=True)
class _Found:
    """A concern and the piece of the text that it was found in, by a phrase or by weight."""

    id: str
    phrase: str
    weighed: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled words of one concern."""

    concern: Concern
    idioms: tuple[Compiled, ...]
    usual: tuple[Compiled, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word as a language reads it."""

    word: str
    counts: bool
    symbols: tuple[int, ...]
    scope_symbols: tuple[int, ...]
    denies: bool


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found in a message.

    `meant` is a match of a phrase for each concern that is meant, and whether it is said to be new;
    `silenced` are those that are not meant.
    """

    hits: Hits
    scope_hits: Hits
    meant: dict[str, tuple[Span, bool]] = field(default_factory=dict)
    silenced: list[Span] = field(default_factory=list)


class _Language:
    """The words of one language, ready to be found."""

    def __init__(
        self, concerns: Sequence[Concern], phrases: Phrases, weights: Weights | None
    ) -> None:
        reading = phrases.reading
        reached = _reached(phrases.lists, _runs_of_concerns(phrases))
        lists = Lists(
            reached,
            reading.same,
            reading.skip,
            reading.articles,
        )
        scope_lists = Lists(
            _reached(phrases.lists, (run for _, runs in phrases.scopes for run in runs)),
            reading.same,
        )
        self._scope_names = {
            name: scope_lists.add_list(name, entries) for name, entries in phrases.scopes
        }
        self._words: list[_Words] = []
        self._index: dict[int, list[tuple[Compiled, int]]] = {}
        everywhere = _exactly(lists, phrases.idioms)
        for concern in concerns:
            self._add(concern, phrases, lists, everywhere)
        self._finder = lists.finder()
        self._list_names = {lists.symbol(name): name for name in reached}
        self._scale = None if weights is None else Scale(weights)
        self._scope_finder = scope_lists.finder()
        self._skip = {plain(word) for word in (*reading.articles, *reading.skip)}
        wanted = {*lists.words(), *scope_lists.words()} - {NUMERAL, CALENDAR}
        self._vocabulary = Vocabulary(
            wanted,
            (*reading.known, *self._skip),
            reading.same,
            Slips.of(reading.vowels, reading.sounds, reading.keys),
            reading.letters,
            reading.endings,
        )
        self._denials = {
            plain(run[0].symbol)
            for run in (
                *phrases.scopes.negation,
                *phrases.scopes.negation_of_lists,
                *phrases.scopes.contrast,
            )
            if len(run) == 1
        } - self._skip
        self._pieces: dict[str, tuple[_Piece, ...]] = {}
        self._pieces_beside: dict[str, tuple[_Piece, ...]] = {}

    def knows(self, word: str) -> bool:
        """Whether a word is one of this language, spelt right."""
        return self._vocabulary.knows(word)

    def found(self, typed: Text, beside: "_Language | None" = None) -> Iterator[_Found]:
        """The concerns of a text and the pieces that they were found in.

        `beside` is the language of the conversation, if it is another: a word that it knows is not
        taken for a misspelt one of this language.
        """
        message = self._read(typed, beside)
        size = len(message.pieces)
        for first in range(0, max(1, size), CHUNK):
            yield from self._in_chunk(message.part(first, first + CHUNK + OVERLAP), beside)

    def signs(self, typed: Text) -> Iterator[Sign]:
        """The signs of a text (see `content.weights`)."""
        message = self._read(typed, None)
        return self._signs(message, self._look(message, set()))

    def _add(
        self, concern: Concern, phrases: Phrases, lists: Lists, everywhere: Iterable[Compiled]
    ) -> None:
        words = phrases.concerns[concern.id]
        place = len(self._words)
        for pattern in words.patterns:
            compiled = lists.compile(pattern)
            self._index.setdefault(compiled.symbols[-1], []).append((compiled, place))
        self._words.append(
            _Words(
                concern,
                (*everywhere, *_exactly(lists, words.idioms)),
                _exactly(lists, words.usual),
            )
        )

    def _read(self, typed: Text, beside: "_Language | None") -> "_Message":
        message = _Message(typed)
        words = typed.words
        known = 0 if beside is None else sum(map(beside.knows, words))
        elsewhere = len(words) < _MOSTLY * known  # then a word nobody knows is no slip of this one
        place = 0
        while place < len(words):
            last = _spelt_out(typed, place)
            joined = self._vocabulary.joined("".join(words[place:last])) if last > place else None
            if joined is not None:
                pieces = tuple(self._piece(one) for one in joined)
                message.add(pieces, place, last - 1)
                place = last
            else:
                word = words[place]
                foreign = beside is not None and (elsewhere or beside.knows(word))
                pieces = self._pieces_of_another(word) if foreign else self._pieces_of(word)
                message.add(pieces, place, place)
                place += 1
        return message

    def _pieces_of_another(self, word: str) -> tuple[_Piece, ...]:
        pieces = self._pieces_beside.get(word)
        if pieces is None:
            reading = self._vocabulary.read_as_it_stands(word)
            pieces = tuple(self._piece(one) for one in reading)
            keep(self._pieces_beside, word, pieces)
        return pieces

    def _pieces_of(self, word: str) -> tuple[_Piece, ...]:
        pieces = self._pieces.get(word)
        if pieces is None:
            pieces = tuple(self._piece(one) for one in self._vocabulary.read(word))
            keep(self._pieces, word, pieces)
        return pieces

    def _piece(self, spellings: tuple[str, ...]) -> _Piece:
        whole = [word for word in spellings if not word.endswith("*")] or spellings
        return _Piece(
            word=whole[0],
            counts=not self._skip.issuperset(whole),
            symbols=self._finder.symbols(spellings),
            scope_symbols=self._scope_finder.symbols(spellings),
            denies=not self._denials.isdisjoint(spellings),
        )

    def _in_chunk(self, message: "_Message", beside: "_Language | None") -> Iterator[_Found]:
        shared: set[int] = set() if beside is None else set(message.known_to(beside))
        look = self._look(message, shared)
        # Of a message in another language, the weights of this one know nothing.
        scale = self._scale if 2 * len(shared) <= len(message.pieces) else None
        weighing = (
            None if scale is None else scale.weigh(self._signs(message, look), message.pauses)
        )
        for id, (span, new) in look.meant.items():
            insists = new or self._insists(look, span)
            if insists or weighing is None or not weighing.doubts(span):
                yield _Found(id, message.shown(*span))
        for piece in () if weighing is None else weighing.heard():
            for id in piece.concerns:
                yield _Found(id, message.shown(*piece.span), weighed=True)

    def _insists(self, look: _Look, span: Span) -> bool:
        """Whether the message owns up ("well, maybe", "that is me"), or turns to this with a but."""
        turns = look.scope_hits.get(self._scope_names["contrast"], {})
        return any(place <= span[0] for place in turns) or any(
            self._scope_names[name] in look.scope_hits for name in ("doubt", "claims")
        )

    def _look(self, message: "_Message", shared: set[int]) -> _Look:
        """Everything that the phrases find in a message."""
        places = message.places(skipping=True)
        barriers = {place for place, piece in enumerate(message.pieces) if piece.denies}
        hits = self._finder.find([piece.symbols for piece in message.pieces], places, barriers)
        scope_hits = self._scope_finder.find(
            [piece.scope_symbols for piece in message.pieces], message.places(skipping=False)
        )
        look = _Look(hits, scope_hits)
        wanted: dict[int, list[Compiled]] = {}
        for symbol in self._index.keys() & hits.keys():
            for pattern, place in self._index[symbol]:
                if all(one in hits for one in pattern.symbols):
                    wanted.setdefault(place, []).append(pattern)
        if wanted:
            scopes = Scopes(scope_hits, self._scope_names, message.pauses, barriers)
            for place, patterns in wanted.items():
                words = self._words[place]
                match = self._meant(words, patterns, hits, places, scopes, shared, look.silenced)
                if match is not None:
                    look.meant[words.concern.id] = _whole(match), scopes.is_new(match)
        return look

    def _signs(self, message: "_Message", look: _Look) -> Iterator[Sign]:
        scopes = {
            name: look.scope_hits[symbol].items()
            for name, symbol in self._scope_names.items()
            if symbol in look.scope_hits
        }
        return signs(
            [piece.word for piece in message.pieces],
            message.pauses,
            {
                self._list_names[symbol]: look.hits[symbol].items()
                for symbol in self._list_names.keys() & look.hits.keys()
            },
            {**scopes, SILENCED: look.silenced},
            [span for name in DENIALS for span in scopes.get(name, ())],
        )

    def _meant(
        self,
        words: _Words,
        patterns: Iterable[Compiled],
        hits: Hits,
        places: Places,
        scopes: Scopes,
        shared: set[int],
        silenced: list[Span],
    ) -> Match | None:
        """The first match of a concern that is meant.

        Of nothing but `shared` words, the other language is the judge. Those that are not meant
        are added to `silenced`.
        """
        idioms = _spans(words.idioms, hits, places, scopes)
        usual: list[Span] | None = None
        judged: set[Match] = set()
        for pattern in sorted(patterns, key=lambda one: -one.size):
            for match in matches(pattern, hits, places):
                ordered = tuple(sorted(match))
                if ordered in judged:
                    continue
                judged.add(ordered)
                if shared and all(one in shared for part in ordered for one in range(*part)):
                    continue
                if any(_overlap(ordered, span) for span in idioms):
                    silenced.append(_whole(ordered))
                    continue
                if scopes.silences(
                    ordered, history=words.concern.history, passing=words.concern.passing
                ):
                    silenced.append(_whole(ordered))
                    continue
                if usual is None:
                    spans = _spans(words.usual, hits, places, scopes)
                    usual = [span for span in spans if not scopes.refused(span)]
                near = [
                    span
                    for span in _beside(ordered, usual, places, _USUAL_REACH)
                    if not scopes.is_denied(span, ordered)
                ]
                if near and not scopes.is_new(ordered) and scopes.together(ordered, near):
                    silenced.append(_whole(ordered))
                    continue
                return ordered
        return None


class _Message:
    """A text as one language reads it: a piece for each word."""

    def __init__(self, typed: Text) -> None:
        self._typed = typed
        self.pieces: list[_Piece] = []
        self.pauses: list[int] = []
        self._first: list[int] = []
        self._last: list[int] = []

    def add(self, pieces: tuple[_Piece, ...], first: int, last: int) -> None:
        """Add the pieces that the typed words from `first` to `last` stand for."""
        pause = self._typed.pauses[first]
        for piece in pieces:
            self.pieces.append(piece)
            self.pauses.append(pause)
            self._first.append(first)
            self._last.append(last)
            pause = 0

    def part(self, first: int, last: int) -> "_Message":
        """Some of the message's words."""
        if first == 0 and last >= len(self.pieces):
            return self
        part = _Message(self._typed)
        part.pieces, part.pauses = self.pieces[first:last], self.pauses[first:last]
        part._first, part._last = self._first[first:last], self._last[first:last]
        return part

    def places(self, *, skipping: bool) -> Places:
        """How far along every word is; with `skipping`, words that do not count take no room."""
        begins: list[int] = []
        ends: list[int] = []
        along = 0
        for piece, pause in zip(self.pieces, self.pauses, strict=True):
            if pause:
                along += _SENTENCE_STEP if pause == SENTENCE else _COMMA_STEP
            begins.append(along)
            if piece.counts or not skipping:
                along += 1
            ends.append(along)
        return begins, ends

    def known_to(self, language: "_Language") -> Iterator[int]:
        """The places of the words that another language knows too."""
        for place, first in enumerate(self._first):
            if language.knows(self._typed.words[first]):
                yield place

    def shown(self, first: int, last: int) -> str:
        """The piece of the text from one word to before another."""
        start = self._typed.starts[self._first[first]]
        end = self._typed.ends[self._last[last - 1]]
        return " ".join(self._typed.shown[start:end].split())[:_PHRASE_MAX]


def _exactly(lists: Lists, patterns: Iterable[Pattern]) -> tuple[Compiled, ...]:
    return tuple(lists.compile(pattern, exact=True) for pattern in patterns)


def _runs_of_concerns(phrases: Phrases) -> Iterator[Run]:
    patterns = [*phrases.idioms]
    for words in phrases.concerns.values():
        patterns += (*words.patterns, *words.idioms, *words.usual)
    return (run for pattern in patterns for run in pattern.runs)


def _reached(
    lists: Mapping[str, tuple[Run, ...]], runs: Iterable[Run]
) -> dict[str, tuple[Run, ...]]:
    """The lists that some runs refer to, directly or not."""
    reached: dict[str, tuple[Run, ...]] = {}
    waiting = [name for run in runs for name in names(run)]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = lists[name]
            waiting += (inner for run in lists[name] for inner in names(run))
    return reached


def _spelt_out(typed: Text, place: int) -> int:
    """Where single letters in a row end that begin here; `place` itself if they are too few."""
    words = typed.words
    last = place
    most = min(len(words), place + _SPELT_OUT_MAX)
    while last < most and len(words[last]) == 1 and words[last].isalpha():
        if (
            last > place
            and typed.pauses[last] == SENTENCE
            and typed.shown[typed.ends[last - 1]] != "."
        ):
            break
        last += 1
    return last if last - place >= _SPELT_OUT else place


def _spans(patterns: Iterable[Compiled], hits: Hits, places: Places, scopes: Scopes) -> list[Span]:
    """Where patterns stand, each said in one breath."""
    spans = (
        (min(first for first, _ in match), max(last for _, last in match))
        for pattern in patterns
        for match in matches(pattern, hits, places)
        if scopes.in_one_breath(match)
    )
    return [span for span in spans if not scopes.no_excuse(span)]


def _whole(match: Match) -> Span:
    """From the first word of a match to its last."""
    return match[0][0], max(last for _, last in match)


def _overlap(match: Match, span: Span) -> bool:
    """Whether a span shares a word with a match."""
    return any(span[0] < last and first < span[1] for first, last in match)


def _beside(match: Match, spans: Iterable[Span], places: Places, reach: int) -> list[Span]:
    """Those of some spans that stand in a match or close to it."""
    return [span for span in spans if between(span, _whole(match), places) <= reach]
