"""At which question of a first interview a condition can become true."""

from flows.conditions import All, AnyOf, Condition, CountOf, Defined, Not


def reachable(condition: Condition, asked: frozenset[str], last: str) -> bool:
    """Whether the answer to `last` can make it true when these questions have been asked so far.

    A question that was not asked yet has no answer, so that no plain comparison with it holds.
    """
    return _holds(condition, asked) and _needs(condition, asked, last)


def _holds(condition: Condition, asked: frozenset[str]) -> bool:
    """Whether some answers to these questions make it true."""
    match condition:
        case All(parts=parts):
            return all(_holds(part, asked) for part in parts)
        case AnyOf(parts=parts):
            return any(_holds(part, asked) for part in parts)
        case CountOf(number=number, parts=parts):
            return sum(_holds(part, asked) for part in parts) >= number
        case Not():
            return True
        case Defined(part=part):
            return _holds(part, asked)
        case _:
            return condition.reads() <= asked


def _needs(condition: Condition, asked: frozenset[str], last: str) -> bool:
    """Whether a part that can be true here looks at the last question."""
    match condition:
        case All(parts=parts):
            return any(_needs(part, asked, last) for part in parts)
        case AnyOf(parts=parts) | CountOf(parts=parts):
            return any(_holds(part, asked) and _needs(part, asked, last) for part in parts)
        case Defined(part=part) | Not(part=part):
            return _needs(part, asked, last)
        case _:
            return last in condition.reads()
