"""Conditions read as plain words that say exactly what runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.book.clauses import Phrasing
from bot.book.html import html
from bot.book.markdown import markdown
from bot.book.model import Book, Chapter, Clause, Named, Prose, Seal, Table, Told
from bot.book.pdf import pdf
from bot.book.reachable import reachable
from flows.conditions import comparisons
from flows.grammar import parse
from flows.models import Basis
from tests.book.making import BOOKS, SUBJECTS, Seen

ENGLISH = SUBJECTS["en"]
FLOW = ENGLISH.flow
PHRASING = Phrasing(FLOW, ENGLISH.content, ENGLISH.words)


def read(text: str) -> Clause:
    return PHRASING.clause(parse(text, FLOW.definitions))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("weakness is hours", "Weak leg or foot (9): “Yes, it came on within a day”"),
        (
            "weakness is unsure | new",
            "Weak leg or foot (9): “Yes, new or getting worse” or “Not sure”",
        ),
        (
            "leg_reach is not none",
            "How far down the leg (21): answered, but not “Nothing goes down the leg”",
        ),
        ("complaints has back", "Where it troubles you (2): “Back” ticked"),
        ("sudden_danger has anything", "Sudden danger signs (3): anything ticked but “none”"),
        ("back_severity >= 8", "Back pain, 0 to 10 (18): 8 or more"),
        ("leg_side equals foot_side", "the same answer to Which leg (22) and Which foot (27)"),
        ("back_and_foot", "both the back and the foot hurt"),
        ("not injury is pop", "not where Injury (13): “Pop or kick behind the ankle”"),
        (
            "not (complaints has back and back_and_foot)",
            (
                "not where (Where it troubles you (2): “Back” ticked; "
                "and both the back and the foot hurt)"
            ),
        ),
        (
            "back_and_foot and (back_severity >= 8 or foot_severity >= 8)",
            (
                "both the back and the foot hurt; and "
                "(Back pain, 0 to 10 (18): 8 or more; or Foot pain, 0 to 10 (32): 8 or more)"
            ),
        ),
        (
            "at least 2 of (back_and_foot; back_severity >= 8)",
            (
                "at least 2 of these (both the back and the foot hurt); "
                "(Back pain, 0 to 10 (18): 8 or more)"
            ),
        ),
    ],
)
def test_a_condition_reads_as_words(text: str, words: str) -> None:
    assert read(text).inline() == words


def leaves(clause: Clause) -> int:
    return sum(leaves(part) for part in clause.parts) if clause.parts else 1


@pytest.mark.parametrize("code", SUBJECTS)
def test_no_comparison_of_any_condition_is_lost(code: str) -> None:
    subject = SUBJECTS[code]
    phrasing = Phrasing(subject.flow, subject.content, subject.words)
    conditions = [rule.when for rule in subject.flow.rules if not isinstance(rule.when, Basis)]
    conditions += [item.only for p in subject.flow.pathways for item in p.items if item.only]
    conditions += [t.when for p in subject.flow.pathways for i in p.items for t in i.terms]
    conditions += [question.asked for question in subject.flow.questions if question.asked]

    for condition in conditions:
        clause = phrasing.clause(condition)
        terms = [term for term in subject.words.definitions.values() if term in clause.inline()]
        assert leaves(clause) == len(list(comparisons(condition))) or terms


FIRST = [question.id for question in FLOW.questions]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("weakness is hours", {"weakness"}),
        ("complaints has back and weakness is new and unwell has fever", {"unwell"}),
        ("saddle is new or bladder is new", {"saddle", "bladder"}),
        ("unwell has fever and not weakness is new", {"unwell"}),
        (
            "at least 2 of (unwell has fever; health has diabetes; injury is pop)",
            {"health", "injury"},
        ),
        ("back_and_foot", {"complaints"}),
    ],
)
def test_it_is_known_at_which_question_a_condition_can_become_true(text: str, at: set[str]) -> None:
    condition = parse(text, FLOW.definitions)

    assert {
        id
        for place, id in enumerate(FIRST)
        if reachable(condition, frozenset(FIRST[: place + 1]), id)
    } == at


PLAIN = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=60
).filter(lambda text: text.strip() == text and "  " not in text)


def book_of(text: str) -> Book:
    return Book(
        language="en",
        title=text,
        subtitle=text,
        made=text,
        facts=((text, text),),
        seal=Seal(text, text, sound=False),
        contents=text,
        page="{number} {total}",
        labels=BOOKS["en"].labels,
        chapters=(
            Chapter(
                "one",
                text,
                (
                    Prose(text),
                    Told(text, (text,)),
                    Named(text, Clause(text)),
                    Table(text, (text, text), ((text, text),), (1, 1)),
                ),
            ),
        ),
    )


MARKED = PLAIN.map(lambda text: f"Qz{text}zQ")
PLAINEST = book_of("QzWordzQ")


def of_markdown(book: Book) -> str:
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown(book))
    return " ".join(token.content for token in every(tokens) if not token.children)


def every(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every(token.children or [])


@example("- Qz first zQ")
@example("1. Qz first zQ")
@example("=== zQ")
@example("Qz<script>alert(1)</script>zQ")
@example("Qz&amp;<b>zQ")
@example("Qz| a | b |zQ")
@example("Qz[x](y) *z* `c` _d_ \\zQ")
@given(MARKED)
def test_no_words_are_ever_taken_for_code(text: str) -> None:
    book = book_of(text)
    page = Seen(html(book))

    assert page.text.count(text) == Seen(html(PLAINEST)).text.count("QzWordzQ")
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in Seen(html(PLAINEST)).tags]
    assert of_markdown(book).count(text) == of_markdown(PLAINEST).count("QzWordzQ")


@pytest.mark.parametrize(
    "text",
    ['#panic("no")', "$x$ *bold* _it_ <label> @ref `raw` // gone", "\\ [x] #{1}", "</style>"],
)
def test_the_pdf_shows_signs_as_they_are(text: str) -> None:
    assert pdf(book_of(text)).startswith(b"%PDF")
