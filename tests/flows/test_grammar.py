"""The text form of conditions."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.conditions import All, AnyOf, Condition, Is, Not
from flows.grammar import MAX_DEPTH, RESERVED, GrammarError, parse, write
from tests.flows.making import FLOW, conditions, words


def a(code: str) -> Is:
    return Is(question="q", codes=(code,))


SORE: dict[str, Condition] = {"sore": a("a")}
READABLE = r"(expected|cannot read|nested|at least) .+"


def refusal(text: str) -> str | None:
    """What the grammar says against a text; anything but a GrammarError fails the test."""
    try:
        parse(text, SORE)
    except GrammarError as error:
        return str(error)
    return None


@given(conditions(FLOW))
def test_what_is_written_reads_as_the_same(condition: Condition) -> None:
    assert parse(write(condition), FLOW.definitions) == condition


@given(words, st.lists(words, min_size=1, max_size=3))
def test_any_question_and_any_codes(question: str, codes: list[str]) -> None:
    condition = Is(question=question, codes=tuple(codes))
    assert parse(write(condition)) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("q is a and q is b or q is c", AnyOf(parts=(All(parts=(a("a"), a("b"))), a("c")))),
        ("q is a or q is b and q is c", AnyOf(parts=(a("a"), All(parts=(a("b"), a("c")))))),
        ("q is a and (q is b or q is c)", All(parts=(a("a"), AnyOf(parts=(a("b"), a("c")))))),
        ("not q is a and q is b", All(parts=(Not(part=a("a")), a("b")))),
        ("not q is a or q is b", AnyOf(parts=(Not(part=a("a")), a("b")))),
        ("not (q is a or q is b)", Not(part=AnyOf(parts=(a("a"), a("b"))))),
        ("not not q is a", Not(part=Not(part=a("a")))),
        ("((q is a))", a("a")),
        ("q is a and q is b and q is c", All(parts=(a("a"), a("b"), a("c")))),
        (" q  is\n a ", a("a")),
        ("q is a|b", Is(question="q", codes=("a", "b"))),
    ],
)
def test_precedence_and_space(text: str, condition: Condition) -> None:
    assert parse(text) == condition


def test_protocol_survives_being_written_and_read() -> None:
    for question in FLOW.questions:
        if question.asked is not None:
            assert parse(write(question.asked), FLOW.definitions) == question.asked


@given(st.text(max_size=60))
def test_garbage_is_refused_in_one_readable_line(text: str) -> None:
    assert refusal(text) is None or re.fullmatch(READABLE, refusal(text) or "")


tokens = st.sampled_from([*sorted(RESERVED), "q", "a", "2", "99999", "sore"])


@given(st.lists(tokens, max_size=12).map(" ".join))
def test_garbage_of_the_right_words_is_refused_in_one_readable_line(text: str) -> None:
    says = refusal(text)
    if says is None:
        condition = parse(text, SORE)
        assert parse(write(condition), SORE) == condition
    else:
        assert re.fullmatch(READABLE, says)


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000, "not " * 10_000 + "q is a", "q >= " + "9" * 5_000, "q is " + "a|" * 5_000],
)
def test_huge_garbage_is_refused_too(text: str) -> None:
    with pytest.raises(GrammarError):
        parse(text)


def test_nesting_is_limited() -> None:
    assert parse("(" * MAX_DEPTH + "q is a" + ")" * MAX_DEPTH) == a("a")
    with pytest.raises(GrammarError, match="nested more than"):
        parse("(" * (MAX_DEPTH + 1) + "q is a" + ")" * (MAX_DEPTH + 1))
