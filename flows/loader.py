"""The protocol as data: YAML beside the code, read into a `Flow` or refused with file, line and id."""

from collections.abc import Callable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from flows.conditions import Condition
from flows.errors import FlowError
from flows.grammar import GrammarError, parse
from flows.lint import Problem, lint
from flows.models import Basis, End, Flow, Item, Pathway, Question, Rule, Term
from flows.yaml_lines import Document, Path, read_yaml

QUESTIONS, RULES, PATHWAYS = "questions.yaml", "rules.yaml", "pathways.yaml"
KEYS = {
    QUESTIONS: ("id", "version", "sections", "definitions", "ends", "questions"),
    RULES: ("rules",),
    PATHWAYS: ("tie_order", "mixed", "pathways"),
}
"""What each file may hold at its top level."""

_Built = TypeVar("_Built", bound=BaseModel)


def packaged_protocol() -> Traversable:
    """The folder of the protocol that this program runs."""
    return resources.files("flows") / "protocol"


def load_flow(folder: Traversable | None = None) -> Flow:
    """Read the flow of a folder; without one, of the packaged protocol.

    Raises:
        FlowError: the flow is broken; the text says in one line where and why.
    """
    source = folder if folder is not None else packaged_protocol()
    documents = {name: read_document(source, name) for name in KEYS}
    return _Builder(documents).flow()


def read_document(folder: Traversable, name: str) -> Document:
    """One YAML file of a folder, whose top level must be a mapping.

    Raises:
        FlowError: the file is missing, unreadable, no UTF-8 or no mapping.
    """
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise FlowError("is not UTF-8 text", file=name) from None
    except OSError as error:
        raise FlowError(f"cannot be read: {error.strerror or error}", file=name) from None
    document = read_yaml(text, name)
    if not isinstance(document.data, dict):
        raise FlowError("must be a mapping", file=name, line=1)
    return document


def refuse(error: ValidationError, document: Document, path: Path, id: str) -> FlowError:
    """The first problem that pydantic found, as a line of the file."""
    first = error.errors(include_url=False)[0]
    at = (*path, *first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    field = ".".join(str(step) for step in first["loc"])
    return FlowError(
        f"{field}: {reason}" if field else reason,
        file=document.file,
        line=document.line(at),
        id=id,
    )


class _Builder:
    """Builds the models from the documents and remembers where each id stands."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._definitions: dict[str, Condition] = {}
        self._places: dict[str, tuple[Document, Path]] = {}

    def flow(self) -> Flow:
        questions, rules, pathways = (
            self._documents[name] for name in (QUESTIONS, RULES, PATHWAYS)
        )
        for name, document in self._documents.items():
            self._only(document, KEYS[name])
        definitions = self._mapping(questions, ("definitions",))
        for name in definitions:
            path = ("definitions", name)
            self._remember(name, questions, path)
            self._definitions[name] = self._condition(questions, path, name, definitions[name])
        flow = self._whole(
            {
                **_given(questions, "id", "version", "sections"),
                **_given(pathways, "tie_order", "mixed"),
                "definitions": self._definitions,
                "ends": self._each(questions, "ends", self._end),
                "questions": self._each(questions, "questions", self._question),
                "rules": self._each(rules, "rules", self._rule),
                "pathways": self._each(pathways, "pathways", self._pathway),
            }
        )
        for problem in lint(flow):
            raise self._located(problem)
        return flow

    def _question(self, document: Document, path: Path, raw: dict[str, Any], id: str) -> Question:
        built = dict(raw)
        if "options" in raw:
            built["options"] = [
                {"code": code} for code in self._list(document, (*path, "options"), id)
            ]
        if "asked" in raw:
            built["asked"] = self._condition(document, (*path, "asked"), id, raw["asked"])
        return self._build(Question, built, document, path, id)

    def _end(self, document: Document, path: Path, raw: dict[str, Any], id: str) -> End:
        return self._build(End, self._with_when(document, path, raw, id), document, path, id)

    def _rule(self, document: Document, path: Path, raw: dict[str, Any], id: str) -> Rule:
        if raw.get("when") in list(Basis):
            built = {**raw, "when": Basis(raw["when"])}
        else:
            built = self._with_when(document, path, raw, id)
        if "raised" in raw:
            raised = self._mapping(document, (*path, "raised"), id)
            built["raised"] = self._with_when(document, (*path, "raised"), raised, id)
        return self._build(Rule, built, document, path, id)

    def _pathway(self, document: Document, path: Path, raw: dict[str, Any], id: str) -> Pathway:
        built = dict(raw)
        if "needs" in raw:
            built["needs"] = self._condition(document, (*path, "needs"), id, raw["needs"])
        built["items"] = self._each(document, "items", self._item, path, id)
        return self._build(Pathway, built, document, path, id)

    def _item(self, document: Document, path: Path, raw: dict[str, Any], id: str) -> Item:
        if "terms" in raw and ("points" in raw or "when" in raw):
            raise self._wrong(document, path, id, "has terms as well as points of its own")
        built = {key: value for key, value in raw.items() if key not in ("points", "when")}
        if "only" in raw:
            built["only"] = self._condition(document, (*path, "only"), id, raw["only"])
        if "terms" not in raw:
            single = {key: value for key, value in raw.items() if key in ("points", "when")}
            built["terms"] = [self._term(document, path, single, id)]
        else:
            built["terms"] = [
                self._term(
                    document,
                    (*path, "terms", place),
                    self._mapping(document, (*path, "terms", place), id),
                    id,
                )
                for place in range(len(self._list(document, (*path, "terms"), id)))
            ]
        return self._build(Item, built, document, path, id)

    def _term(self, document: Document, path: Path, raw: dict[str, Any], id: str) -> Term:
        return self._build(Term, self._with_when(document, path, raw, id), document, path, id)

    def _each(
        self,
        document: Document,
        key: str,
        build: Callable[[Document, Path, dict[str, Any], str], BaseModel],
        under: Path = (),
        owner: str = "",
    ) -> list[BaseModel]:
        built = []
        for place in range(len(self._list(document, (*under, key), owner))):
            path = (*under, key, place)
            raw = self._mapping(document, path, owner)
            id = raw.get("id")
            if not isinstance(id, str) or not id:
                raise self._wrong(document, path, owner, f"each of {key} needs an id")
            self._remember(id, document, path)
            built.append(build(document, path, raw, id))
        return built

    def _with_when(
        self, document: Document, path: Path, raw: dict[str, Any], id: str
    ) -> dict[str, Any]:
        if "when" not in raw:
            raise self._wrong(document, path, id, "needs a condition under when")
        return {**raw, "when": self._condition(document, (*path, "when"), id, raw["when"])}

    def _condition(self, document: Document, path: Path, id: str, text: object) -> Condition:
        if not isinstance(text, str):
            raise self._wrong(document, path, id, "a condition must be text")
        try:
            return parse(text, self._definitions)
        except GrammarError as error:
            raise self._wrong(document, path, id, str(error)) from None

    def _whole(self, raw: dict[str, Any]) -> Flow:
        try:
            return Flow.model_validate(raw)
        except ValidationError as error:
            document = self._holding(str(error.errors()[0]["loc"][0]))
            raise refuse(error, document, (), "") from None

    def _build(
        self, model: type[_Built], raw: dict[str, Any], document: Document, path: Path, id: str
    ) -> _Built:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            raise refuse(error, document, path, id) from None

    def _remember(self, id: str, document: Document, path: Path) -> None:
        known = self._places.get(id)
        if known is not None:
            before = f"{known[0].file}:{known[0].line(known[1])}"
            raise self._wrong(document, path, id, f"the id stands already at {before}")
        self._places[id] = (document, path)

    def _located(self, problem: Problem) -> FlowError:
        if problem.id not in self._places:
            document = self._holding(problem.id)
            return self._wrong(document, (problem.id,), problem.id, problem.reason)
        document, path = self._places[problem.id]
        field = problem.field
        if field[:1] == ("terms",) and _at(document.data, (*path, "terms")) is None:
            field = field[-1:]  # the only term of an item stands in the item itself
        return self._wrong(document, (*path, *field), problem.id, problem.reason)

    def _holding(self, key: str) -> Document:
        """The document that a top-level key belongs to."""
        return self._documents[next(name for name, keys in KEYS.items() if key in keys)]

    def _list(self, document: Document, path: Path, id: str = "") -> list[Any]:
        value = _at(document.data, path)
        if not isinstance(value, list):
            raise self._wrong(document, path, id, f"{path[-1]} must be a list")
        return value

    def _mapping(self, document: Document, path: Path, id: str = "") -> dict[str, Any]:
        value = _at(document.data, path)
        if not isinstance(value, dict):
            name = path[-1] if isinstance(path[-1], str) else f"each of {path[-2]}"
            raise self._wrong(document, path, id, f"{name} must be a mapping")
        return value

    def _only(self, document: Document, keys: tuple[str, ...]) -> None:
        for key in document.data:
            if key not in keys:
                raise self._wrong(document, (key,), key, "is not known here")

    def _wrong(self, document: Document, path: Path, id: str, reason: str) -> FlowError:
        return FlowError(reason, file=document.file, line=document.line(path), id=id)


def _given(document: Document, *keys: str) -> dict[str, Any]:
    return {key: document.data[key] for key in keys if key in document.data}


def _at(data: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, str):
            data = data.get(step) if isinstance(data, dict) else None
        else:
            data = data[step]
    return data
