"""Which texts the program reads, found in its own source: attributes of the models of the words.

A small reading of types: `wording.content.results` is known by the names of its fields, names by
what is assigned to them and by their annotations. What cannot be followed counts as not read.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from content.countries import Country
from content.models import Content
from content.words.questions import QuestionWords
from content.words.texts import Words

Models = frozenset[type[BaseModel]]
Names = dict[str, Models]
NOTHING: Models = frozenset()


def _kinds(of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


CLASSES: dict[str, type[BaseModel]] = {kind.__name__: kind for kind in _kinds(Words)} | {
    "Country": Country
}


def inside(annotation: Any) -> Models:
    """The models in a type: itself, or what a list, a mapping or an optional one holds."""
    if isinstance(annotation, type) and annotation in CLASSES.values():
        return frozenset((annotation,))
    return NOTHING.union(*(inside(part) for part in get_args(annotation)))


def fields_of(model: type[BaseModel]) -> Mapping[str, Models]:
    return {name: inside(field.annotation) for name, field in model.model_fields.items()}


def by_field_name() -> Names:
    """The models that a name stands for, whatever it is an attribute of."""
    names: Names = {"content": frozenset((Content,)), "country": frozenset((Country,))}
    for model in CLASSES.values():
        for name, found in fields_of(model).items():
            if found:
                names[name] = names.get(name, NOTHING) | found
    return names


BY_FIELD_NAME = by_field_name()
METHODS: Names = {"question": frozenset((QuestionWords,))}


class _Reader(ast.NodeVisitor):
    """Goes through one module and notes every field that is read, with its model."""

    def __init__(self) -> None:
        self.names: Names = {}
        self.read: set[tuple[str, str]] = set()

    def kind(self, node: ast.expr | None) -> Models:
        match node:
            case ast.Name(id=name):
                return self.names.get(name, NOTHING)
            case ast.Attribute(value=value, attr=name):
                return self.field(self.kind(value), name)
            case ast.Subscript(value=value):
                return self.kind(value)
            case ast.Call(func=ast.Attribute(attr=name)) if name in METHODS:
                return METHODS[name]
            case ast.Call(func=ast.Attribute(value=value, attr="items" | "values" | "get")):
                return self.kind(value)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                return self.kind(element)
            case ast.BoolOp(values=values):
                return NOTHING.union(*map(self.kind, values))
        return NOTHING

    def field(self, owners: Models, name: str) -> Models:
        if not owners:
            return BY_FIELD_NAME.get(name, NOTHING)
        return NOTHING.union(*(fields_of(owner).get(name, NOTHING) for owner in owners))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        for owner in self.kind(node.value):
            if node.attr in owner.model_fields:
                self.read.add((owner.__name__, node.attr))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before = dict(self.names)
        for argument in (*node.args.args, *node.args.kwonlyargs):
            written = ast.walk(argument.annotation) if argument.annotation else ()
            named = {part.id for part in written if isinstance(part, ast.Name)}
            self.names[argument.arg] = frozenset(CLASSES[name] for name in named & CLASSES.keys())
        self.generic_visit(node)
        self.names = before

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self.assign(target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self.assign(node.target, node.iter)
        self.generic_visit(node)

    def comprehension_first(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> None:
        for part in node.generators:
            self.assign(part.target, part.iter)
        self.generic_visit(node)

    visit_ListComp = visit_GeneratorExp = visit_DictComp = comprehension_first  # noqa: N815

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
                for one, its in zip(targets, values, strict=True):
                    self.assign(one, its)
            case ast.Tuple(elts=targets), _:
                for one in targets:
                    self.assign(one, value)
            case ast.Name(id=name), _:
                self.names[name] = self.kind(value)


def texts_read(folders: tuple[Path, ...]) -> set[tuple[str, str]]:
    """(model, field) of every text that the modules of these folders read."""
    read: set[tuple[str, str]] = set()
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            reader = _Reader()
            reader.visit(ast.parse(file.read_text(encoding="utf-8")))
            read |= reader.read
    return read


def texts_there_are() -> Iterator[tuple[str, str]]:
    """(model, field) of every text of the model."""
    for name, model in CLASSES.items():
        for field in model.model_fields:
            yield name, field
