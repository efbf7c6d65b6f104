"""Phrases that cannot be used are refused in one line: file, line, id and reason."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.screening import Screening, wrong_examples
from content.loader import ContentError, packaged_content
from content.patterns import PatternError, parse_pattern, parse_run
from content.phrases import EXAMPLES, PHRASES, load_examples, load_phrases
from tests.screening.making import CONCERNS, SCREENING
from tests.screening.making import PHRASES as WORDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    for name in (PHRASES, EXAMPLES):
        with (packaged_content() / "en" / name).open("rb") as source:
            (tmp_path / "en" / name).write_bytes(source.read())
    return tmp_path


def change(folder: Path, name: str, change: Any) -> None:
    path = folder / "en" / name
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def add_pattern(pattern: str) -> Any:
    return lambda data: data["concerns"]["saddle"]["patterns"].append(pattern)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda data: data["concerns"].pop("saddle"), "nothing stands here for the concern saddle"),
        (lambda data: data["concerns"]["saddle"].update(patterns=[]), "at least 1 item"),
        (lambda data: data["concerns"].update(other={"patterns": ["a b"]}), "no such concern"),
        (add_pattern("NOSUCH .. numb"), "no such list: NOSUCH"),
        (add_pattern("numb .."), "nothing stands at its end"),
        (add_pattern(".. numb"), "nothing stands before .."),
        (add_pattern("numb ~ ~ bum"), "nothing stands before ~"),
        (add_pattern("numb ..99 bum"), "at most 15 words"),
        (add_pattern("numb ~9 bum"), "at most 5 words"),
        (add_pattern("(a+)+ bum"), "neither a word nor the NAME of a list"),
        (add_pattern("a .. b .. c .. d .. e"), "more than 4 parts"),
        (add_pattern("nu*"), "too short a beginning"),
        (add_pattern(""), "is empty"),
        (lambda data: data["lists"].update(SPARE=["a"]), "is not used"),
        (lambda data: data["lists"]["SADDLE"].append("a .. b"), "belong into patterns"),
        (lambda data: data["lists"]["ANUS"].append("SADDLE"), "contains itself"),
        (lambda data: data["scopes"].pop("self"), "is missing"),
        (lambda data: data["scopes"].update(more=["a"]), "is not used"),
        (lambda data: data.pop("reading"), "is missing"),
    ],
)
def test_broken_phrases_are_refused(folder: Path, broken: Any, reason: str) -> None:
    change(folder, PHRASES, broken)
    with pytest.raises(ContentError) as refused:
        load_phrases("en", CONCERNS, folder)
    assert reason in str(refused.value)
    assert str(refused.value).startswith("en/phrases.yaml")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda data: data["concerns"].pop("saddle"), "nothing stands here for the concern saddle"),
        (lambda data: data["concerns"]["saddle"].update(caught=["a"] * 14), "at least 15 items"),
        (lambda data: data["concerns"]["saddle"].update(calm=["a"] * 9), "at least 10 items"),
        (lambda data: data["concerns"]["saddle"]["calm"].append("numb toes"), "stands twice"),
        (lambda data: data["concerns"].update(other=data["concerns"]["saddle"]), "no such concern"),
    ],
)
def test_too_few_examples_are_refused(folder: Path, broken: Any, reason: str) -> None:
    change(folder, EXAMPLES, broken)
    with pytest.raises(ContentError, match=reason):
        load_examples("en", CONCERNS, folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "en")
    with pytest.raises(ContentError, match=r"en/phrases\.yaml"):
        load_phrases("en", CONCERNS, folder)


def test_nothing_stays_of_the_files_but_what_finds_them() -> None:
    """In a process of its own: the phrases of other tests are alive here."""
    check = (
        "import gc; gc.disable()\n"
        "from bot.screening import load_screening\n"
        "from flows.loader import load_flow\n"
        "screening = load_screening(load_flow())\n"
        "kinds = {'Step', 'Phrases', 'ConcernWords', 'Lists', 'Document', '_Built'}\n"
        "left = [type(one).__name__ for one in gc.get_objects()]\n"
        "print(sorted(kinds.intersection(left)), left.count('Rule') > 5_000)\n"
        "from bot.screening.vocabulary import plain\n"
        "print(plain.cache_info().currsize)\n"
    )
    told = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, text=True)
    assert told.stdout == "[] True\n0\n"


def test_words_that_are_remembered_take_so_much_room_and_no_more() -> None:
    screening = Screening(CONCERNS, WORDS.items())
    # Words that Spanish knows by their beginning, so that English reads them as they stand.
    begun = min(screening._languages["es"]._vocabulary._beginnings)
    for number in range(120):
        endings = (
            f"{chr(97 + number % 26)}{chr(97 + number // 26)}{place}" for place in range(100)
        )
        screening.screen(" ".join(f"{begun}{ending}" for ending in endings), ("es", "en"))
        screening.screen(" ".join(f"{begun}{'x' * place}" for place in range(40, 80)), ("es",))
    for language in screening._languages.values():
        for memory in (
            language._pieces,
            language._pieces_beside,
            language._vocabulary._memory,
        ):
            assert len(memory) <= 5_000
            assert max(map(len, memory), default=0) <= 40
    assert len(screening._languages["en"]._pieces_beside) > 1_000


def test_an_example_that_comes_out_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    calm = Screening(CONCERNS, ())
    missed = list(wrong_examples(calm, CONCERNS, "en"))
    assert "phrases en: saddle is not raised by 'cant feel when i wipe'" in missed
    assert list(wrong_examples(SCREENING, CONCERNS, "en")) == []


def test_patterns_are_read() -> None:
    pattern = parse_pattern("CANT ~ feel .. SADDLE >3 since! numb*")
    assert [[step.symbol for step in run] for run in pattern.runs] == [
        ["CANT", "feel"], ["SADDLE"], ["since", "numb*"],
    ]  # fmt: skip
    assert [(join.within, join.ordered) for join in pattern.joins] == [(8, False), (3, True)]
    assert pattern.runs[0][1].gap == 2
    assert pattern.runs[2][0].needed
    assert list(pattern.names()) == ["CANT", "SADDLE"]
    with pytest.raises(PatternError):
        parse_run("a > b")
