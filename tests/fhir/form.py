"""A small form engine of its own: which items of a Questionnaire are enabled for given answers.

It knows the R4 specification of `enableWhen` and SDC's `enableWhenExpression`, through fhirpathpy,
and nothing of the flow. What the specification leaves open, or engines are known to do differently,
can be chosen: whether answers of disabled items stay in the response, and what `!=` says of a
question with no answer or several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from fhirpathpy import compile as compile_path
from fhirpathpy.models import models

Json = dict[str, Any]
EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
R4 = models["r4"]


@cache
def compiled(expression: str) -> Callable[..., list[Any]]:
    path: Callable[..., list[Any]] = compile_path(expression, R4)
    return path


def evaluated(resource: Json, expression: str, **context: object) -> list[Any]:
    """The result of an expression on a resource."""
    return compiled(expression)(resource, {"resource": resource, **context})


def evaluated_once(filled: Json, expression: str) -> bool:
    """What an expression that must be true or false says."""
    found = evaluated(filled, expression)
    assert found in ([True], [False]), (expression, found)
    return found == [True]


@dataclass(frozen=True)
class Engine:
    keeps_disabled: bool = True
    """Whether the answers of disabled items stay in the response."""
    differs_when_any: bool = False
    """Whether `!=` means "some answer differs", and not "no answer is equal"."""

    def enabled(self, form: Json, answers: dict[str, list[Json]]) -> list[str]:
        """The linkIds of the enabled items, in the form's order."""
        answered = dict(answers)
        while True:
            found = cache(partial(evaluated_once, response(form, answered)))
            enabled = list(self._walk(form["item"], answered, found))
            left = {link: said for link, said in answers.items() if link in set(enabled)}
            if self.keeps_disabled or left == answered:
                return enabled
            answered = left

    def _walk(
        self, items: list[Json], answers: dict[str, list[Json]], found: Callable[[str], bool]
    ) -> Iterator[str]:
        for item in items:
            if self._holds(item, answers, found):
                yield item["linkId"]
                yield from self._walk(item.get("item", []), answers, found)

    def _holds(
        self, item: Json, answers: dict[str, list[Json]], found: Callable[[str], bool]
    ) -> bool:
        for extension in item.get("extension", []):
            if extension["url"] == EXPRESSION:
                return found(extension["valueExpression"]["expression"])
        rows = [self._row(row, answers) for row in item.get("enableWhen", [])]
        if len(rows) > 1:
            return {"all": all, "any": any}[item["enableBehavior"]](rows)
        return all(rows)

    def _row(self, row: Json, answers: dict[str, list[Json]]) -> bool:
        given = [next(iter(said.values())) for said in answers.get(row["question"], [])]
        ((name, wanted),) = (
            (name, value) for name, value in row.items() if name.startswith("answer")
        )
        match row["operator"]:
            case "exists":
                return bool(given) is wanted
            case "=":
                return any(_same(one, wanted) for one in given)
            case "!=" if self.differs_when_any:
                return any(not _same(one, wanted) for one in given)
            case "!=":
                return not any(_same(one, wanted) for one in given)
            case ">=":
                assert name == "answerInteger"
                return any(one >= wanted for one in given)
        raise AssertionError(f"not an operator that is used: {row['operator']}")


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return bool((one["system"], one["code"]) == (other["system"], other["code"]))
    return bool(one == other)


def response(form: Json, answers: dict[str, list[Json]]) -> Json:
    """The QuestionnaireResponse with these answers, nested as the form is."""
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": f"{form['url']}|{form['version']}",
        "item": _filled(form["item"], answers),
    }


def _filled(items: list[Json], answers: dict[str, list[Json]]) -> list[Json]:
    filled = []
    for item in items:
        if item["type"] == "group":
            inner = _filled(item["item"], answers)
            if inner:
                filled.append({"linkId": item["linkId"], "item": inner})
        elif item["linkId"] in answers:
            filled.append({"linkId": item["linkId"], "answer": answers[item["linkId"]]})
    return filled


def every_item(items: list[Json]) -> Iterator[Json]:
    for item in items:
        yield item
        yield from every_item(item.get("item", []))


def questions(form: Json) -> dict[str, Json]:
    """The items that ask something, by linkId."""
    return {
        item["linkId"]: item
        for item in every_item(form["item"])
        if item["type"] not in ("group", "display")
    }


def answers_of(form: Json, sheet: dict[str, Any]) -> dict[str, list[Json]]:
    """A sheet of codes, numbers and words as the answers of a form."""
    asked = questions(form)
    return {link: _answers(asked[link], said) for link, said in sheet.items() if said != ""}


def _answers(item: Json, said: Any) -> list[Json]:
    if item["type"] == "integer":
        return [{"valueInteger": said}]
    if item["type"] == "text":
        return [{"valueString": said}]
    options = {
        option["valueCoding"]["code"]: option["valueCoding"] for option in item["answerOption"]
    }
    codes = [said] if isinstance(said, str) else said
    return [{"valueCoding": options[code]} for code in codes]
