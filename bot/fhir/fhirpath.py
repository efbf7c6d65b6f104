"""A condition as a FHIRPath expression on the whole QuestionnaireResponse.

Every comparison is written with `exists()`, which is true or false and never empty, so that `and`,
`or` and `not()` mean what they mean in the flow. A question is found by the way through its group,
which is many times quicker than a search through the whole response. Only what the FHIRPath
standard itself defines is used, and `%resource`, which SDC (structured data capture) hands to every
expression.
"""

from collections.abc import Iterable, Mapping

from flows.conditions import All, AnyOf, AtLeast, Condition, CountOf, Has, Is, Not

LANGUAGE = "text/fhirpath"


def expression(condition: Condition, groups: Mapping[str, str]) -> str:
    """The expression of a condition made of what `bot.fhir.enabling` gives.

    `groups` gives the linkId of the group in which each question stands.

    Raises:
        TypeError: another kind of condition.
    """

    def written(part: Condition) -> str:
        return expression(part, groups)

    def bracketed(part: Condition) -> str:
        compound = isinstance(part, All | AnyOf | CountOf) and part.parts
        return f"({written(part)})" if compound else written(part)

    match condition:
        case Is(question=question, codes=codes):
            return _chosen(_values(question, groups), codes)
        case Has(question=question, codes=ticks):
            return _chosen(_values(question, groups), sorted(ticks))
        case AtLeast(question=question, number=number):
            return f"{_values(question, groups)}.where($this >= {number}).exists()"
        case All(parts=()):
            return "true"
        case AnyOf(parts=()):
            return "false"
        case All(parts=parts):
            return " and ".join(bracketed(part) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(bracketed(part) for part in parts)
        case CountOf(number=number, parts=parts):
            ones = " + ".join(f"iif({written(part)}, 1, 0)" for part in parts)
            return f"({ones}) >= {number}"
        case Not(part=part):
            return f"({written(part)}).not()"
    raise TypeError(f"not a condition that a form can be given: {condition!r}")


def _values(question: str, groups: Mapping[str, str]) -> str:
    group = f"%resource.item.where(linkId = '{groups[question]}')"
    return f"{group}.item.where(linkId = '{question}').answer.value"


def _chosen(values: str, codes: Iterable[str]) -> str:
    names = [f"'{code}'" for code in codes]
    test = f"code = {names[0]}" if len(names) == 1 else f"code in ({' | '.join(names)})"
    return f"{values}.where({test}).exists()"
