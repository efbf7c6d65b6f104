"""The book leaves nothing of the protocol out, in any language and any format."""

from __future__ import annotations

import itertools
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bot.book.model import Book, Heading, Named, Prose, RuleCard, Table, Told
from bot.book.pdf import pdf, pictures
from content.loader import languages
from flows.models import Basis
from tests.book.making import (
    BOOKS,
    MARKDOWN,
    PAGES,
    PDF,
    SUBJECTS,
    Seen,
    of_markdown,
    of_page,
    of_pdf,
    squeezed,
)

READERS = {"html": of_page, "md": of_markdown, "pdf": of_pdf}
EACH = pytest.mark.parametrize("code", languages())
TEXTS = {(form, code): read(code) for form, read in READERS.items() for code in languages()}
EVERY = pytest.mark.parametrize(("form", "code"), TEXTS, ids=str)


def missing(form: str, code: str, *texts: str) -> list[str]:
    return [text for text in texts if squeezed(text) not in TEXTS[form, code]]


@EVERY
def test_every_question_stands_in_it_as_patients_see_it(form: str, code: str) -> None:
    subject = SUBJECTS[code]
    for question in subject.flow.questions:
        words = subject.content.question(question.id)
        shown = [question.id, words.topic, words.ask.plain()]
        shown += [extra.plain() for extra in (words.why, words.hint) if extra is not None]
        for option, said in words.options.items():
            shown += [option, said.label]
            shown += [said.detail.plain()] if said.detail is not None else []
        shown += [text for text in (words.low, words.high) if text is not None]
        assert missing(form, code, *shown) == []


@EVERY
def test_every_rule_stands_in_it_with_its_urgency_and_sources(form: str, code: str) -> None:
    subject = SUBJECTS[code]
    for rule in subject.flow.rules:
        shown = [rule.id, subject.content.results.urgency[rule.urgency].word]
        for name in rule.source:
            source = subject.evidence.published(name)
            if source is not None:
                letters = "".join(subject.words.sources.short[seen] for seen in source.seen)
                shown.append(f"{name} ({letters})")
        assert missing(form, code, *shown) == []


@EVERY
def test_every_condition_reads_only_words_and_names_what_it_reads(form: str, code: str) -> None:
    subject = SUBJECTS[code]
    cards = [block for block in BOOKS[code].chapters[3].blocks if isinstance(block, RuleCard)]
    for rule, card in zip(subject.flow.rules, cards, strict=True):
        if isinstance(rule.when, Basis):
            continue
        line = card.when.inline()
        for id in rule.when.reads():
            topic = subject.content.question(id).topic
            named = [term for name, term in subject.words.definitions.items() if term in line]
            assert topic in line or named, (rule.id, id)
        assert "_" not in line


@EVERY
def test_every_item_decision_patient_source_and_end_stands_in_it(form: str, code: str) -> None:
    subject = SUBJECTS[code]
    flow, results = subject.flow, subject.content.results
    for pathway in flow.pathways:
        said = results.links[pathway.id]
        shown = [said.title.plain(), *(item.id for item in pathway.items)]
        shown += [text.plain() for text in (said.known, said.not_known) if text is not None]
        assert missing(form, code, *shown) == []
    assert missing(form, code, *subject.words.decisions.each.values()) == []
    assert missing(form, code, *(source.cite for source in subject.evidence.sources.values())) == []
    assert missing(form, code, *(concern.id for concern in subject.concerns)) == []
    for end in results.out_of_scope.values():
        assert missing(form, code, end.title.plain()) == []
    tables = [block for block in BOOKS[code].chapters[9].blocks if isinstance(block, Table)]
    assert [len(table.rows) for table in tables] == [len(subject.patients)]
    if code == "en":
        assert missing(form, code, *(patient.about for patient in subject.patients)) == []


@EVERY
def test_the_first_page_says_what_this_copy_is(form: str, code: str) -> None:
    subject = SUBJECTS[code]
    cover = subject.words.cover

    shown = [cover.title, cover.subtitle, f"{cover.version} {subject.flow.version}"]
    shown += [subject.hash, subject.words_hash, subject.evidence.dated]
    shown += [subject.words.sign_off.unknown]
    assert missing(form, code, *shown) == []


@pytest.mark.parametrize("form", READERS)
def test_no_english_frame_stands_in_the_spanish_book(form: str) -> None:
    def texts(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        values = value.values() if isinstance(value, dict) else value
        if isinstance(values, list | tuple) or isinstance(value, dict):
            return [text for one in values for text in texts(one)]  # type: ignore[attr-defined]
        return []

    english = texts(SUBJECTS["en"].words.model_dump())
    spanish = set(texts(SUBJECTS["es"].words.model_dump()))

    frames = [text for text in english if len(text) > 12 and "{" not in text]
    assert [text for text in frames if text in spanish] == []
    assert [text for text in frames if squeezed(text) in TEXTS[form, "es"]] == []
    # Patients are told about in English beside the data: the Spanish book goes without.
    abouts = [patient.about for patient in SUBJECTS["es"].patients]
    assert [text for text in abouts if squeezed(text) in TEXTS[form, "es"]] == []


@EACH
def test_the_page_needs_nothing_from_anywhere_and_can_be_read_aloud(code: str) -> None:
    seen = Seen(PAGES[code])
    ids = [str(given["id"]) for _, given in seen.tags if given.get("id")]
    names = [tag for tag, _ in seen.tags]
    levels = [int(tag[1]) for tag in names if tag in ("h1", "h2", "h3", "h4")]

    assert dict(seen.tags)["html"] == {"lang": code}
    assert len(ids) == len(set(ids))
    for tag, given in seen.tags:
        assert "src" not in given
        assert tag not in ("script", "link", "img", "iframe")
        if tag == "a":
            assert str(given["href"]).removeprefix("#") in ids
        if given.get("aria-labelledby"):
            assert given["aria-labelledby"] in ids
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert names.count("table") == names.count("caption")
    assert "url(" not in PAGES[code]
    assert "@import" not in PAGES[code]


@EACH
def test_the_pdf_is_accessible_and_always_the_same(code: str) -> None:
    reader = PdfReader(BytesIO(PDF[code]))
    catalog: Any = reader.trailer["/Root"]

    assert catalog["/Lang"] == code
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert SUBJECTS[code].words.cover.title in str(reader.metadata.title)
    assert pdf(BOOKS[code]) == PDF[code]


@EACH
def test_who_was_chosen_by_a_solver_is_known_by_how_its_line_begins(code: str) -> None:
    subject = SUBJECTS[code]
    begins = {"en": "Tells", "es": "near_"}[code]
    assert begins in subject.words.patients.intro
    (table,) = [
        block
        for chapter in BOOKS[code].chapters
        for block in chapter.blocks
        if isinstance(block, Table) and block.title == subject.words.patients.title
    ]
    assert [row[0].startswith(begins) for row in table.rows] == [
        patient.id.startswith("near_") for patient in subject.patients
    ]


def leading(book: Book) -> set[str]:
    """All that says nothing without what comes after it, as the lines of a page are."""
    lines = set()
    for chapter in book.chapters:
        for block in chapter.blocks:
            match block:
                case Heading(text=text) | Prose(text=text, leads=True):
                    lines.add(text)
                case Told(label=label):
                    lines.add(label)
                case Named(name=name, code=code):
                    lines.add(f"{name} {code}")
                case Table(columns=columns):
                    lines.add(" ".join(columns))
    return {squeezed(line) for line in lines}


@EACH
def test_nothing_at_the_foot_of_a_page_waits_for_the_next_one(code: str) -> None:
    waits = leading(BOOKS[code])
    for number, page in enumerate(PdfReader(BytesIO(PDF[code])).pages, 1):
        *lines, _ = page.extract_text().splitlines()  # the last one is the footer
        foot = ["".join(map(squeezed, lines[-count:])) for count in (1, 2, 3)]
        assert waits.isdisjoint(foot), number


@EACH
def test_no_page_of_the_pdf_is_empty(code: str) -> None:
    reader = PdfReader(BytesIO(PDF[code]))

    assert len(pictures(BOOKS[code], 20.0)) == len(reader.pages)
    for number, page in enumerate(reader.pages, 1):
        assert len(page.extract_text()) > 120, number


@EACH
def test_every_table_of_the_markdown_has_equal_columns(code: str) -> None:
    blocks: list[list[str]] = [[]]
    for line in MARKDOWN[code].splitlines():
        if line.startswith("| "):
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    tables = [block for block in blocks if block]

    assert len(tables) == 2 + 1 + 1 + len(SUBJECTS[code].flow.pathways)
    for table in tables:
        assert len({line.replace("\\|", "").count("|") for line in table}) == 1
