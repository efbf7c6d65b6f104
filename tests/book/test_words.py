"""The book's words and the evidence are refused where they have a gap."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from content.book import load_book_words
from content.loader import ContentError
from flows.errors import FlowError
from flows.evidence import load_evidence
from flows.loader import load_flow

FLOW = load_flow()
EVIDENCE = load_evidence(FLOW)
CONTENT = Path(str(resources.files("content")))
PROTOCOL = Path(str(resources.files("flows") / "protocol"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('  made: "', '  maid: "', "cover.made"),
        ('"Page {number} of {total}"', '"Page {number}"', "does not say {total}"),
        (
            '"Page {number} of {total}"',
            '"Page {no} of {total}"',
            "nobody fills the placeholder {no}",
        ),
        ('  title: "Test patients"', '  title: ""', "a text is missing"),
        ('    both_legs: "', '    all_legs: "', "decisions.each.all_legs"),
        ('  back_and_foot: "', '  foot_and_back: "', "definitions.back_and_foot"),
        ('    despair: "', '    sorrow: "', "typed.help"),
        ("  seen:\n    abstract", "  seen:\n    extract", "sources.seen"),
    ],
)
def test_a_gap_in_the_words_is_one_line(old: str, new: str, reason: str, tmp_path: Path) -> None:
    shutil.copytree(CONTENT / "en", tmp_path / "en")
    file = tmp_path / "en" / "book.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError) as refused:
        load_book_words("en", FLOW, EVIDENCE, tmp_path)

    assert "en/book.yaml" in str(refused.value)
    assert reason in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def without(line: str) -> Callable[[str], str]:
    return lambda text: "".join(one for one in text.splitlines(True) if line not in one)


@pytest.mark.parametrize(
    ("rewrite", "reason"),
    [
        (without("  S18: "), "rests on S18"),
        (without("  N9: "), "rests on no source and has no mark"),
        (lambda text: text.replace("  U02: [", "  U99: [", 1), "no such rule or item"),
        (lambda text: text.replace("foot_drop: [U05]", "foot_drop: [U55]"), "U55"),
        (lambda text: text.replace("seen: [abstract]", "seen: [dreamt]", 1), "sources.S01.seen.0"),
        (lambda text: text.replace("seen: [abstract]", "seen: []", 1), "seen"),
        (lambda text: text.replace("dated: 2026-11-22", "dated: lately"), "dated"),
        (lambda text: text + "more: 1\n", "more"),
    ],
)
def test_a_gap_in_the_evidence_is_one_line(
    rewrite: Callable[[str], str], reason: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(PROTOCOL, tmp_path / "protocol"))
    file = folder / "evidence.yaml"
    file.write_text(rewrite(file.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(FlowError) as refused:
        load_evidence(FLOW, folder)

    assert "evidence.yaml" in str(refused.value)
    assert reason in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
