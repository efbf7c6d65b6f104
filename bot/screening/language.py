"""Everything that one language finds in a text: by its phrases, and by what its words weigh."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from bot.screening.message import Message, Piece
from bot.screening.normal import SENTENCE, Text
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

_USUAL_REACH = 6
_SPELT_OUT, _SPELT_OUT_MAX = 4, 40
"""Single letters in a row that are read as words (h e l p): at least, and at most together."""

_MOSTLY = 1.5
"""Of three words two that a language knows: the message is in that one."""


@dataclass(frozen=True, slots=True)
class Found:
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
class _Meant:
    """A phrase of a concern that is meant, where it stands, and whether it is said to be new."""

    concern: Concern
    span: Span
    new: bool


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found in a message; `silenced` is where phrases stand that are not meant."""

    hits: Hits
    scope_hits: Hits
    meant: list[_Meant] = field(default_factory=list)
    silenced: list[Span] = field(default_factory=list)


class Language:
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
        self._pieces: dict[str, tuple[Piece, ...]] = {}
        self._pieces_beside: dict[str, tuple[Piece, ...]] = {}

    def knows(self, word: str) -> bool:
        """Whether a word is one of this language, spelt right."""
        return self._vocabulary.knows(word)

    def found(self, typed: Text, beside: "Language | None" = None) -> Iterator[Found]:
        """The concerns of a text and the pieces that they were found in.

        `beside` is the language of the conversation, if it is another: a word that it knows is not
        taken for a misspelt one of this language, and no word of a message that is mostly in it.
        Of such a message, what words weigh here tells nothing.
        """
        known = 0 if beside is None else sum(map(beside.knows, typed.words))
        elsewhere = len(typed.words) < _MOSTLY * known
        message = self._read(typed, beside, elsewhere=elsewhere)
        size = len(message.pieces)
        for first in range(0, max(1, size), CHUNK):
            part = message.part(first, first + CHUNK + OVERLAP)
            shared = set() if beside is None else set(part.known_to(beside.knows))
            yield from self._in_chunk(part, shared, elsewhere=elsewhere)

    def signs(self, typed: Text) -> Iterator[Sign]:
        """The signs of a text (see `content.weights`)."""
        message = self._read(typed)
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

    def _read(
        self, typed: Text, beside: "Language | None" = None, *, elsewhere: bool = False
    ) -> Message:
        message = Message(typed)
        words = typed.words
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
                foreign = elsewhere or (beside is not None and beside.knows(word))
                pieces = self._pieces_of_another(word) if foreign else self._pieces_of(word)
                message.add(pieces, place, place)
                place += 1
        return message

    def _pieces_of_another(self, word: str) -> tuple[Piece, ...]:
        pieces = self._pieces_beside.get(word)
        if pieces is None:
            reading = self._vocabulary.read_as_it_stands(word)
            pieces = tuple(self._piece(one) for one in reading)
            keep(self._pieces_beside, word, pieces)
        return pieces

    def _pieces_of(self, word: str) -> tuple[Piece, ...]:
        pieces = self._pieces.get(word)
        if pieces is None:
            pieces = tuple(self._piece(one) for one in self._vocabulary.read(word))
            keep(self._pieces, word, pieces)
        return pieces

    def _piece(self, spellings: tuple[str, ...]) -> Piece:
        whole = [word for word in spellings if not word.endswith("*")] or spellings
        return Piece(
            word=whole[0],
            counts=not self._skip.issuperset(whole),
            symbols=self._finder.symbols(spellings),
            scope_symbols=self._scope_finder.symbols(spellings),
            denies=not self._denials.isdisjoint(spellings),
        )

    def _in_chunk(self, message: Message, shared: set[int], *, elsewhere: bool) -> Iterator[Found]:
        look = self._look(message, shared)
        weighing = None
        if self._scale is not None and not elsewhere:
            weighing = self._scale.weigh(self._signs(message, look), message.pauses)
        for one in look.meant:
            emergency = one.concern.level is Level.EMERGENCY
            if (
                weighing is None
                or one.new
                or self._insists(look, one.span)
                or not weighing.doubts(one.span, emergency=emergency)
            ):
                yield Found(one.concern.id, message.shown(*one.span))
        for piece in () if weighing is None else weighing.heard():
            for id in piece.concerns:
                yield Found(id, message.shown(*piece.span), weighed=True)

    def _insists(self, look: _Look, span: Span) -> bool:
        """Whether the message owns up ("well, maybe", "that is me"), or turns to this with a but."""
        turns = look.scope_hits.get(self._scope_names["contrast"], {})
        return any(place <= span[0] for place in turns) or any(
            self._scope_names[name] in look.scope_hits for name in ("doubt", "claims")
        )

    def _look(self, message: Message, shared: set[int]) -> _Look:
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
                    look.meant.append(_Meant(words.concern, _whole(match), scopes.is_new(match)))
        return look

    def _signs(self, message: Message, look: _Look) -> Iterator[Sign]:
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
