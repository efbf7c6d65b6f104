"""Holds the languages against each other, text by text and placeholder by placeholder.

The first language, by its code, is what the others are compared with. How many words stand for one
thing when they are typed is each language's own matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable

from content.loader import (
    CONCERNS,
    INTERFACE,
    QUESTIONS,
    RESULTS,
    ContentError,
    languages,
    packaged_content,
)
from content.markup import placeholders
from flows.loader import read_document
from flows.yaml_lines import Document, Path

FILES = (QUESTIONS, RESULTS, INTERFACE, CONCERNS)

OWN = frozenset(
    (
        "synonyms",
        "words",
        "polite",
        "fillers",
        "negations",
        "affirmations",
        "numbers",
        "number_names",
        "out_of_ten",
        "units",
        "list_separator",
    )
)
"""Keys below which each language has as many words as it needs."""


def differences(folder: Traversable | None = None) -> Iterator[ContentError]:
    """Every text that one language has and another has not, or that is filled with something else.

    Raises:
        FlowError: a file cannot be read.
        MarkupError: a text cannot be read.
    """
    source = folder if folder is not None else packaged_content()
    first, *others = languages(source)
    for name in FILES:
        ours = read_document(source / first, name)
        for code in others:
            yield from _compared(ours, read_document(source / code, name), first, code)


def _compared(ours: Document, theirs: Document, first: str, code: str) -> Iterator[ContentError]:
    wanted, found = dict(_texts(ours.data)), dict(_texts(theirs.data))
    for path, text in wanted.items():
        if path not in found:
            yield _error(theirs, path, code, f"is missing: {first} has it")
        elif (of_one := placeholders(text)) != (of_other := placeholders(found[path])):
            names = ", ".join(f"{{{name}}}" for name in sorted(of_one ^ of_other))
            yield _error(theirs, path, code, f"{names} stands in {first} or here, not in both")
    for path in found.keys() - wanted.keys():
        yield _error(theirs, path, code, f"is not in {first}")


def _error(document: Document, path: Path, code: str, reason: str) -> ContentError:
    return ContentError(
        reason,
        file=f"{code}/{document.file}",
        line=document.line(path),
        id=".".join(map(str, path)),
    )


def _texts(data: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if path and path[-1] in OWN:
        yield path, ""
        return
    inside: Iterable[tuple[str | int, object]]
    if isinstance(data, Mapping):
        inside = data.items()
    elif isinstance(data, list):
        inside = enumerate(data)
    else:
        yield path, str(data)
        return
    for key, value in inside:
        yield from _texts(value, (*path, key))
