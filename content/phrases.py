"""The words by which people say what cannot wait, per language and concern.

`phrases.yaml` holds lists of words, the patterns made of them (see `content.patterns`) and the
words that tell whether something is meant (negation, other people, the past, things read about).
`phrase_examples.yaml` holds what must be caught and what must not; no concern goes without.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from content.loader import ContentError, located, packaged_content
from content.patterns import (
    Pattern,
    PatternError,
    Run,
    forget,
    names,
    parse_pattern,
    parse_run,
)
from flows.concerns import Concern
from flows.errors import FlowError
from flows.loader import read_document
from flows.models import Id

PHRASES, EXAMPLES = "phrases.yaml", "phrase_examples.yaml"
FEWEST_CAUGHT, FEWEST_CALM = 15, 10
"""Examples that each concern needs at least: to be caught, and to be left alone."""


def _run(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    try:
        return parse_run(raw)
    except PatternError as error:
        raise ValueError(str(error)) from None


def _pattern(raw: object) -> object:
    if not isinstance(raw, str):
        return raw
    try:
        return parse_pattern(raw)
    except PatternError as error:
        raise ValueError(str(error)) from None


def _split(raw: object) -> object:
    return tuple(raw.split()) if isinstance(raw, str) else raw


Entries: TypeAlias = Annotated[
    tuple[Annotated[Run, BeforeValidator(_run)], ...], Field(min_length=1)
]
OptionalEntries: TypeAlias = tuple[Annotated[Run, BeforeValidator(_run)], ...]
Patterns: TypeAlias = tuple[Annotated[Pattern, BeforeValidator(_pattern)], ...]
Words: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_split)]
ListName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*[A-Z0-9]$")]
Example: TypeAlias = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Reading(_Model):
    """How words are read.

    `same`: a spelling and the words that it stands for. `articles` and `skip`: words that do not
    count between others. `known`: ordinary words that are never taken for a misspelling.
    `endings`: what may follow an apostrophe without belonging to the word ("my leg's numb").
    `letters`: the words of one letter. Of slips: `vowels` are the letters that come and go and are
    taken for each other, `sounds` the groups of letters that sound alike, `keys` the rows of the
    keyboard.
    """

    letters: Words
    vowels: str
    sounds: Words
    keys: Words = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
    same: dict[str, Words]
    articles: Words
    skip: Words
    known: Words
    endings: Words = ()


class ScopeWords(_Model):
    """The words that tell whether what is said is so, now, and of the person who writes.

    Here words of `skip` count. See the head of phrases.yaml for what each list is for.
    """

    self: Entries
    others: Entries
    happening: Entries
    negation: Entries
    negation_of_lists: Entries
    denied_feelings: OptionalEntries = ()
    no_negation: Entries
    inability: OptionalEntries = ()
    no_excuse: OptionalEntries = ()
    said_no: Entries
    contrast: Entries
    joins: Entries
    causes: Entries
    clause_starts: Entries
    doubt: Entries
    recent: Entries
    long_ago: Entries
    long_since: Entries
    resolved: Entries
    anaphora: Entries
    other_matter: Entries
    read_about: Entries
    what_is: Entries
    supposed: Entries
    claims: Entries


class ConcernWords(_Model):
    """How people say one concern.

    `idioms` are never meant (nearly had a heart attack when I saw the bill); `usual` has a known
    harmless cause, unless something about it is new (leaking on coughing since the children). In
    both, only `articles` may be missing.
    """

    patterns: Annotated[Patterns, Field(min_length=1)]
    idioms: Patterns = ()
    usual: Patterns = ()


class Phrases(_Model):
    """The file phrases.yaml; `idioms` are those of every concern."""

    reading: Reading
    lists: dict[ListName, Entries]
    scopes: ScopeWords
    idioms: Patterns = ()
    concerns: dict[Id, ConcernWords]


class Examples(_Model):
    """What must be caught as a concern, and what must be left alone by all."""

    caught: Annotated[tuple[Example, ...], Field(min_length=FEWEST_CAUGHT)]
    calm: Annotated[tuple[Example, ...], Field(min_length=FEWEST_CALM)]


class ExamplesFile(_Model):
    """The file phrase_examples.yaml."""

    concerns: dict[Id, Examples]


def phrase_languages(folder: Traversable | None = None) -> tuple[str, ...]:
    """The codes of the languages that have phrases."""
    source = folder if folder is not None else packaged_content()
    return tuple(
        sorted(
            entry.name
            for entry in source.iterdir()
            if entry.is_dir() and (entry / PHRASES).is_file()
        )
    )


def load_phrases(
    code: str, concerns: Iterable[Concern], folder: Traversable | None = None
) -> Phrases:
    """The phrases of a language for these concerns.

    Raises:
        ContentError: the file is broken, a pattern cannot be read, or a concern has no words.
    """
    document, path = _document(code, PHRASES, folder)
    try:
        phrases = Phrases.model_validate(document.data)
        for where, reason in _problems(phrases, [concern.id for concern in concerns]):
            raise FlowError(reason, file=path, line=document.line(where), id=_dotted(where))
    except ValidationError as error:
        raise _refused(located(error, document), path) from None
    except FlowError as error:
        raise _refused(error, path) from None
    finally:
        forget()
    return phrases


def load_examples(
    code: str, concerns: Iterable[Concern], folder: Traversable | None = None
) -> dict[str, Examples]:
    """The examples of a language, by concern.

    Raises:
        ContentError: the file is broken, a concern has too few examples, or one stands twice.
    """
    document, path = _document(code, EXAMPLES, folder)
    try:
        examples = ExamplesFile.model_validate(document.data).concerns
    except ValidationError as error:
        raise _refused(located(error, document), path) from None
    wrong = _unknown_or_missing(examples, [concern.id for concern in concerns])
    for where, reason in (*wrong, *_twice(examples)):
        raise ContentError(reason, file=path, line=document.line(where), id=_dotted(where))
    return examples


def _document(code: str, name: str, folder: Traversable | None) -> tuple[Any, str]:
    path = f"{code}/{name}"
    try:
        return read_document(
            (folder if folder is not None else packaged_content()) / code, name
        ), path
    except FlowError as error:
        raise _refused(error, path) from None


def _refused(error: FlowError, path: str) -> ContentError:
    return ContentError(error.reason, file=path, line=error.line, id=error.id)


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))


Problem = tuple[tuple[str | int, ...], str]
"""The way to something broken, and the reason."""


def _problems(phrases: Phrases, ids: list[str]) -> Iterator[Problem]:
    yield from _unknown_or_missing(phrases.concerns, ids)
    used: set[str] = set()
    for where, named in _references(phrases):
        for name in named:
            used.add(name)
            if name not in phrases.lists:
                yield where, f"no such list: {name}"
    for name in phrases.lists:
        if name not in used:
            yield ("lists", name), "is not used"
    circle = _circle(phrases.lists)
    if circle is not None:
        yield ("lists", circle), "contains itself"


def _unknown_or_missing(given: Mapping[str, object], ids: list[str]) -> Iterator[Problem]:
    for id in ids:
        if id not in given:
            yield ("concerns",), f"nothing stands here for the concern {id}"
    for id in given:
        if id not in ids:
            yield ("concerns", id), "no such concern"


def _twice(examples: Mapping[str, Examples]) -> Iterator[Problem]:
    for id, lists in examples.items():
        seen: set[str] = set()
        for kind, sentences in (("caught", lists.caught), ("calm", lists.calm)):
            for place, sentence in enumerate(sentences):
                if sentence.casefold() in seen:
                    yield ("concerns", id, kind, place), "stands twice"
                seen.add(sentence.casefold())


def _references(phrases: Phrases) -> Iterator[tuple[tuple[str | int, ...], list[str]]]:
    for name, entries in phrases.lists.items():
        for place, run in enumerate(entries):
            yield ("lists", name, place), list(names(run))
    for name, entries in phrases.scopes:
        for place, run in enumerate(entries):
            yield ("scopes", name, place), list(names(run))
    for place, pattern in enumerate(phrases.idioms):
        yield ("idioms", place), list(pattern.names())
    for id, words in phrases.concerns.items():
        for kind, patterns in words:
            for place, pattern in enumerate(patterns):
                yield ("concerns", id, kind, place), list(pattern.names())


def _circle(lists: Mapping[str, tuple[Run, ...]]) -> str | None:
    """A list that leads back to itself."""
    try:
        in_order(lists)
    except PatternError as error:
        return str(error)
    return None


def in_order(lists: Mapping[str, tuple[Run, ...]]) -> tuple[str, ...]:
    """The names of the lists, each after those that it refers to.

    Raises:
        PatternError: a list contains itself; the message is its name.
    """
    done: dict[str, None] = {}
    for name in lists:
        _put_in_order(name, lists, done, set())
    return tuple(done)


def _put_in_order(
    name: str, lists: Mapping[str, tuple[Run, ...]], done: dict[str, None], within: set[str]
) -> None:
    if name in done:
        return
    if name in within:
        raise PatternError(name)
    within.add(name)
    for run in lists.get(name, ()):
        for inner in names(run):
            _put_in_order(inner, lists, done, within)
    done[name] = None
