"""The text form of conditions, as the protocol's files write them.

    condition  = both { "or" both }
    both       = one { "and" one }
    one        = "not" one | "(" condition ")" | "at least" NUMBER "of" "(" condition { ";" condition } ")"
               | QUESTION "is" [ "not" ] CODE { "|" CODE }
               | QUESTION "has" ( "anything" | CODE { "|" CODE } )
               | QUESTION ">=" NUMBER
               | QUESTION "equals" QUESTION
               | DEFINITION

`and` binds more tightly than `or`, `not` more tightly than both.
"""

import re
from collections.abc import Mapping

from flows.conditions import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    CountOf,
    Defined,
    Equals,
    Has,
    HasAnything,
    Is,
    IsNot,
    Not,
)

_TOKEN = re.compile(r"\s*(>=|[|();]|[A-Za-z0-9_]+)")
RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "is",
        "has",
        "anything",
        "equals",
        "at",
        "least",
        "of",
        "(",
        ")",
        ";",
        "|",
        ">=",
    ]
)
"""What a question, a code or a definition cannot be called."""
MAX_DIGITS = 3
MAX_DEPTH = 20
"""How deeply conditions may be nested; a file that goes deeper is refused."""


class GrammarError(ValueError):
    """A condition that cannot be read; the message says what was expected where."""


def parse(text: str, definitions: Mapping[str, Condition] | None = None) -> Condition:
    """Read a condition; `definitions` are those that may be used by name.

    Raises:
        GrammarError: what is wrong, in one line.
    """
    reader = _Reader(_tokens(text), definitions or {}, text)
    condition = reader.condition(0)
    reader.expect_end()
    return condition


def write(condition: Condition) -> str:
    """The text of a condition; reading it again gives an equal condition."""
    match condition:
        case Is(question=question, codes=codes):
            return f"{question} is {' | '.join(codes)}"
        case IsNot(question=question, codes=codes):
            return f"{question} is not {' | '.join(codes)}"
        case Has(question=question, codes=ticks):
            return f"{question} has {' | '.join(sorted(ticks))}"
        case HasAnything(question=question):
            return f"{question} has anything"
        case AtLeast(question=question, number=number):
            return f"{question} >= {number}"
        case Equals(left=left, right=right):
            return f"{left} equals {right}"
        case Defined(name=name):
            return name
        case Not(part=part):
            return f"not {_bracketed(part)}"
        case CountOf(number=number, parts=parts):
            return f"at least {number} of ({'; '.join(write(part) for part in parts)})"
        case All(parts=parts):
            return " and ".join(_bracketed(part) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_bracketed(part) for part in parts)


def _bracketed(condition: Condition) -> str:
    text = write(condition)
    return f"({text})" if isinstance(condition, All | AnyOf) else text


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise GrammarError(f"cannot read {text[at:].strip()!r} in the condition {text!r}")
        tokens.append(match.group(1))
        at = match.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[str], definitions: Mapping[str, Condition], text: str) -> None:
        self._tokens = tokens
        self._definitions = definitions
        self._text = text
        self._at = 0

    def condition(self, depth: int) -> Condition:
        parts = [self._both(depth)]
        while self._take("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(parts=tuple(parts))

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise self._wrong("and, or or the end")

    def _both(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._take("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(parts=tuple(parts))

    def _one(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise GrammarError(f"nested more than {MAX_DEPTH} deep: the condition {self._text!r}")
        if self._take("not"):
            return Not(part=self._one(depth + 1))
        if self._take("("):
            inside = self.condition(depth + 1)
            self._need(")")
            return inside
        if self._take("at"):
            return self._count(depth)
        name = self._word("a question or a definition")
        if self._take("is"):
            negated = self._take("not")
            codes = self._codes()
            return IsNot(question=name, codes=codes) if negated else Is(question=name, codes=codes)
        if self._take("has"):
            if self._take("anything"):
                return HasAnything(question=name)
            return Has(question=name, codes=frozenset(self._codes()))
        if self._take(">="):
            return AtLeast(question=name, number=self._number())
        if self._take("equals"):
            return Equals(left=name, right=self._word("a question"))
        if name not in self._definitions:
            self._at -= 1
            raise self._wrong("a comparison (is, has, >=, equals) or the name of a definition")
        return Defined(name=name, part=self._definitions[name])

    def _count(self, depth: int) -> Condition:
        self._need("least")
        number = self._number()
        self._need("of")
        self._need("(")
        parts = [self.condition(depth + 1)]
        while self._take(";"):
            parts.append(self.condition(depth + 1))
        self._need(")")
        if not 1 <= number <= len(parts):
            raise GrammarError(
                f"at least {number} of {len(parts)} is always or never true: "
                f"the condition {self._text!r}"
            )
        return CountOf(number=number, parts=tuple(parts))

    def _codes(self) -> tuple[str, ...]:
        codes = [self._word("a code")]
        while self._take("|"):
            codes.append(self._word("a code"))
        return tuple(codes)

    def _number(self) -> int:
        word = self._word("a number")
        if not word.isdecimal() or len(word) > MAX_DIGITS:
            self._at -= 1
            raise self._wrong("a number")
        return int(word)

    def _word(self, expected: str) -> str:
        if self._at >= len(self._tokens) or self._tokens[self._at] in RESERVED:
            raise self._wrong(expected)
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, token: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == token:
            self._at += 1
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise self._wrong(f"{token!r}")

    def _wrong(self, expected: str) -> GrammarError:
        found = repr(self._tokens[self._at]) if self._at < len(self._tokens) else "the end"
        return GrammarError(
            f"expected {expected} but found {found} in the condition {self._text!r}"
        )
