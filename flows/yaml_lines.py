"""YAML with the line of every value to be had, all scalars read as text.

YAML's own guesses would turn the code `no` into False and `18_34` into 1834, so none are made. What
is read is built straight from the parser's events: a tree of nodes in between takes five times the
memory and twice the time, and lines are only wanted where something is wrong.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from flows.errors import FlowError

Path: TypeAlias = tuple[str | int, ...]

MOST_LEVELS = 100
"""How deep values may stand in each other."""

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its name, its data, and its text."""

    file: str
    data: Any
    text: str = field(repr=False)

    def line(self, path: Path) -> int | None:
        """The line (from 1) on which a value begins, or the nearest thing around it.

        Reads the whole text again.
        """
        node = yaml.compose(self.text, Loader=_Loader)
        if node is None:
            return None
        line = _line(node)
        for step in path:
            found = _inside(node, step)
            if found is None:
                break
            line, node = found
        return line


def read_yaml(text: str, file: str) -> Document:
    """Read YAML text.

    Raises:
        FlowError: it is no YAML, or a key stands twice in one mapping.
    """
    built = _Built(file)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            built.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = None if mark is None else mark.line + 1
        raise FlowError(f"not valid YAML: {error.problem}", file=file, line=line) from None
    except yaml.YAMLError as error:
        raise FlowError(f"not valid YAML: {' '.join(str(error).split())}", file=file) from None
    return Document(file, built.data, text)


@dataclass(slots=True)
class _Open:
    """A list or a mapping under way: its anchor, and the key whose value comes next."""

    container: Any
    anchor: str | None = None
    key: str | None = None


class _Built:
    """What was read so far."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._documents: list[Any] = []
        # From the outermost in.
        self._open = [_Open(self._documents)]
        self._anchors: dict[str, Any] = {}

    @property
    def data(self) -> Any:
        """The data of the only document; None if it is empty."""
        return self._documents[0] if self._documents else None

    def take(self, event: Any) -> None:
        """Go on by one event of the parser."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._put(event, event.value)
            self._name(event, event.anchor, event.value)
        elif kind is yaml.MappingStartEvent:
            self._begin(event, {})
        elif kind is yaml.SequenceStartEvent:
            self._begin(event, [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            ended = self._open.pop()
            # Named only now, so that nothing can stand in itself.
            self._name(event, ended.anchor, ended.container)
        elif kind is yaml.AliasEvent:
            if event.anchor not in self._anchors:
                raise self._wrong(event, "not valid YAML: found undefined alias")
            self._put(event, self._anchors[event.anchor])
        elif kind is yaml.DocumentStartEvent and self._documents:
            raise self._wrong(event, "not valid YAML: but found another document")

    def _begin(self, event: Any, container: Any) -> None:
        if len(self._open) > MOST_LEVELS:
            raise self._wrong(event, "nested too deeply")
        self._put(event, container)
        self._open.append(_Open(container, event.anchor))

    def _put(self, event: Any, value: Any) -> None:
        into = self._open[-1]
        if isinstance(into.container, list):
            into.container.append(value)
        elif into.key is not None:
            into.container[into.key] = value
            into.key = None
        elif not isinstance(value, str):
            raise self._wrong(event, "a key must be a word")
        elif value in into.container:
            raise self._wrong(event, "the key stands twice", id=value)
        else:
            into.key = value

    def _name(self, event: Any, anchor: str | None, value: Any) -> None:
        if anchor is None:
            return
        if anchor in self._anchors:
            raise self._wrong(event, "not valid YAML: found duplicate anchor")
        self._anchors[anchor] = value

    def _wrong(self, event: Any, reason: str, *, id: str = "") -> FlowError:
        return FlowError(reason, file=self._file, line=_line(event), id=id)


def _line(place: Any) -> int:
    line: int = place.start_mark.line + 1
    return line


def _inside(node: Any, step: str | int) -> tuple[int, Any] | None:
    """The line and the node of a value in a list or a mapping; in a mapping it is the key's line."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return _line(key), value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return _line(node.value[step]), node.value[step]
    return None
