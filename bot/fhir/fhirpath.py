"""A condition as a FHIRPath expression on the whole QuestionnaireResponse.

Every comparison is written with `exists()`, which is true or false and never empty, so that `and`,
`or` and `not()` mean what they mean in the flow. `repeat(item)` finds a question in whichever group
it stands. Only what the FHIRPath standard itself defines is used, and `%resource`, which SDC
(structured data capture) hands to every expression.
"""

from collections.abc import Iterable

from flows.conditions import All, AnyOf, AtLeast, Condition, CountOf, Has, Is, Not

LANGUAGE = "text/fhirpath"


def expression(condition: Condition) -> str:
    """The expression of a condition made of what `bot.fhir.enabling` gives.

    Raises:
        TypeError: another kind of condition.
    """
    match condition:
        case Is(question=question, codes=codes):
            return _chosen(question, codes)
        case Has(question=question, codes=ticks):
            return _chosen(question, sorted(ticks))
        case AtLeast(question=question, number=number):
            return f"{_values(question)}.where($this >= {number}).exists()"
        case All(parts=()):
            return "true"
        case AnyOf(parts=()):
            return "false"
        case All(parts=parts):
            return " and ".join(_bracketed(part) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_bracketed(part) for part in parts)
        case CountOf(number=number, parts=parts):
            ones = " + ".join(f"iif({expression(part)}, 1, 0)" for part in parts)
            return f"({ones}) >= {number}"
        case Not(part=part):
            return f"({expression(part)}).not()"
    raise TypeError(f"not a condition that a form can be given: {condition!r}")


def _values(question: str) -> str:
    return f"%resource.repeat(item).where(linkId = '{question}').answer.value"


def _chosen(question: str, codes: Iterable[str]) -> str:
    names = [f"'{code}'" for code in codes]
    test = f"code = {names[0]}" if len(names) == 1 else f"code in ({' | '.join(names)})"
    return f"{_values(question)}.where({test}).exists()"


def _bracketed(condition: Condition) -> str:
    text = expression(condition)
    compound = isinstance(condition, All | AnyOf | CountOf) and condition.parts
    return f"({text})" if compound else text
