"""A condition as plain `enableWhen` rows, where they can say it.

Rows are joined by all or by any, with nothing nested. `!=` is used only beside `exists` and only
where one answer is given, or where `none` stands alone: engines differ in what `!=` makes of a
question without an answer and of several answers, and here every reading gives the same.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from bot.fhir.terms import Resource, answer_coding
from flows.answers import NONE
from flows.conditions import All, AnyOf, AtLeast, Condition, Has, Is
from flows.models import Flow, Kind, Question

Rows: TypeAlias = list[Resource]


def enable_when(flow: Flow, condition: Condition) -> dict[str, Any] | None:
    """The element's `enableWhen` and `enableBehavior`; None where it needs an expression."""
    for behaviour, rows in (
        ("any", _any_rows(flow, condition)),
        ("all", _all_rows(flow, condition)),
    ):
        if rows:
            more = {"enableBehavior": behaviour} if len(rows) > 1 else {}
            return {"enableWhen": rows, **more}
    return None


def _any_rows(flow: Flow, condition: Condition) -> Rows | None:
    parts = condition.parts if isinstance(condition, AnyOf) else (condition,)
    return _together(parts, lambda part: _one_of(flow, part))


def _all_rows(flow: Flow, condition: Condition) -> Rows | None:
    parts = condition.parts if isinstance(condition, All) else (condition,)
    return _together(parts, lambda part: _every(flow, part))


def _together(
    parts: tuple[Condition, ...], rows_of: Callable[[Condition], Rows | None]
) -> Rows | None:
    rows: Rows = []
    for part in parts:
        found = rows_of(part)
        if found is None:
            return None
        rows += found
    return rows


def _one_of(flow: Flow, condition: Condition) -> Rows | None:
    """Rows of which one must hold."""
    match condition:
        case Is(question=question, codes=codes):
            return [_row(flow, question, "=", code) for code in codes]
        case Has(question=question, codes=ticks):
            ordered = flow.question_by_id[question].ordered(ticks)
            return [_row(flow, question, "=", code) for code in ordered]
        case AtLeast():
            return [_at_least(condition)]
    return None


def _every(flow: Flow, condition: Condition) -> Rows | None:
    """Rows all of which must hold."""
    match condition:
        case Is() | Has():
            rows = _one_of(flow, condition)
            if rows is not None and len(rows) == 1:
                return rows
            question = flow.question_by_id[condition.question]
            others = [code for code in question.codes if code not in condition.codes]
            if not others:
                return [_answered(question)]
            if question.kind is Kind.ONE or others == [NONE]:
                unwanted = [_row(flow, question.id, "!=", code) for code in others]
                return [_answered(question), *unwanted]
        case AtLeast():
            return [_at_least(condition)]
    return None


def _row(flow: Flow, question: str, operator: str, code: str) -> Resource:
    coding = answer_coding(flow.id, question, code)
    return {"question": question, "operator": operator, "answerCoding": coding}


def _at_least(condition: AtLeast) -> Resource:
    return {
        "question": condition.question,
        "operator": ">=",
        "answerInteger": condition.number,
    }


def _answered(question: Question) -> Resource:
    return {"question": question.id, "operator": "exists", "answerBoolean": True}
