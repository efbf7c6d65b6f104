"""The book is sound Markdown and leaves nothing of the protocol out."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.book import markdown
from content.loader import languages, load_content
from flows.grammar import write
from flows.loader import load_flow
from flows.models import Basis
from flows.patients import load_patients

FLOW = load_flow()
PATIENTS = load_patients(FLOW)
CONTENT = {code: load_content(code, FLOW) for code in languages()}
BOOKS = {code: markdown(FLOW, content, PATIENTS) for code, content in CONTENT.items()}
EACH = pytest.mark.parametrize("code", BOOKS)


def tokens(code: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(BOOKS[code])


def texts(code: str, kind: str) -> list[str]:
    """What stands in every block of a kind: of its words, without Markdown's own signs."""
    found = tokens(code)
    return [
        "".join(child.content for child in found[place + 1].children or ())
        for place, token in enumerate(found)
        if token.type == kind
    ]


def rows(code: str) -> list[list[str]]:
    cells: list[list[str]] = []
    found = tokens(code)
    for place, token in enumerate(found):
        if token.type == "tr_open":
            cells.append([])
        if token.type in ("td_open", "th_open"):
            cells[-1].append("".join(child.content for child in found[place + 1].children or ()))
    return cells


def squeezed(text: object) -> str:
    return " ".join(str(text).split())


@EACH
def test_every_table_is_a_table_with_equal_columns(code: str) -> None:
    tables = [line for line in BOOKS[code].splitlines() if line.startswith("| --- ")]
    written = [line for line in BOOKS[code].splitlines() if line.startswith("|")]

    assert len([token for token in tokens(code) if token.type == "table_open"]) == len(tables)
    assert len(tables) == 1 + len(FLOW.pathways)
    assert {line.count("|") for line in written} == {6}
    assert {len(row) for row in rows(code)} == {5}
    assert all(all(row) for row in rows(code))


@EACH
def test_no_word_is_taken_for_formatting(code: str) -> None:
    for token in tokens(code):
        assert token.type not in ("html_block", "code_block", "blockquote_open"), token.content
        kinds = {child.type for child in token.children or ()}
        assert kinds <= {"text", "softbreak", "strong_open", "strong_close", "code_inline"}, token


@EACH
def test_every_question_and_answer_stands_in_it(code: str) -> None:
    content = CONTENT[code]
    paragraphs, lists = texts(code, "paragraph_open"), set(texts(code, "paragraph_open"))

    assert texts(code, "heading_open")[2 : 2 + len(FLOW.sections)] == [
        content.questions.sections[section] for section in FLOW.sections
    ]
    for question in FLOW.questions:
        words = content.question(question.id)
        (asked,) = [line for line in paragraphs if line.startswith(f"{question.id} (")]
        assert asked.endswith(f": {squeezed(words.ask.plain())}")
        for option in question.codes:
            said = words.options[option]
            detail = f". {squeezed(said.detail.plain())}" if said.detail else ""
            assert f"{option}: {said.label}{detail}" in lists
        for extra in (words.why, words.hint):
            assert extra is None or any(line.endswith(squeezed(extra.plain())) for line in lists)


@EACH
def test_every_rule_and_item_stands_in_it_with_its_sources(code: str) -> None:
    results = CONTENT[code].results
    found = rows(code)

    for rule in FLOW.rules:
        (row,) = [row for row in found if row[0] == rule.id]
        assert row[3:] == [squeezed(results.rules[rule.id].plain()), ", ".join(rule.source)]
        assert results.urgency[rule.urgency].word in row[2]
        assert rule.raised is None or results.urgency[rule.raised.to].word in row[2]
        when = rule.when.value if isinstance(rule.when, Basis) else write(rule.when)
        assert row[1] == when.replace(" | ", " / ")
    for pathway in FLOW.pathways:
        for item in pathway.items:
            its = [row for row in found if row[0] == item.id]
            assert [row[1] for row in its] == [str(term.points) for term in item.terms]
            assert {row[3] for row in its} == {squeezed(results.reasons[item.id].plain())}
            assert {row[4] for row in its} == {", ".join(item.source)}


@EACH
def test_ends_definitions_and_patients_stand_in_it(code: str) -> None:
    lists = texts(code, "paragraph_open")

    for end in FLOW.ends:
        assert any(line.startswith(f"out of scope, {end.id} (") for line in lists)
    for name in FLOW.definitions:
        assert any(line.startswith(f"{name}: ") for line in lists)
    for patient in PATIENTS:
        assert any(line.startswith(f"{patient.id} → {patient.expect.urgency}, ") for line in lists)
