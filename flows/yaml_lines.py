"""YAML with the line of every value kept, all scalars read as text.

YAML's own guesses would turn the code `no` into False and `18_34` into 1834, so none are made.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from flows.errors import FlowError

Path: TypeAlias = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its name, its data, and the line (from 1) on which each value begins."""

    file: str
    data: Any
    lines: dict[Path, int] = field(repr=False)

    def line(self, path: Path) -> int | None:
        """The line of a value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def read_yaml(text: str, file: str) -> Document:
    """Read YAML text.

    Raises:
        FlowError: it is no YAML, or a key stands twice in one mapping.
    """
    lines: dict[Path, int] = {}
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = None if node is None else _value(node, (), lines, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = None if mark is None else mark.line + 1
        raise FlowError(f"not valid YAML: {error.problem}", file=file, line=line) from None
    except yaml.YAMLError as error:
        raise FlowError(f"not valid YAML: {' '.join(str(error).split())}", file=file) from None
    except RecursionError:  # also an alias inside its own anchor
        raise FlowError("nested too deeply", file=file) from None
    return Document(file, data, lines)


def _value(node: Any, path: Path, lines: dict[Path, int], file: str) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, place), lines, file) for place, item in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise FlowError("a key must be a word", file=file, line=key_line)
        if key_node.value in mapping:
            raise FlowError("the key stands twice", file=file, line=key_line, id=key_node.value)
        mapping[key_node.value] = _value(value_node, (*path, key_node.value), lines, file)
        lines[(*path, key_node.value)] = key_line
    return mapping
