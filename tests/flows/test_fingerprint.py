"""Equal protocols have one fingerprint, everywhere; the smallest difference gives another."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from content.fingerprint import words_fingerprint
from content.loader import languages
from flows.concerns import load_concerns
from flows.fingerprint import protocol_fingerprint, short
from flows.loader import load_flow

PROTOCOL = Path(str(resources.files("flows") / "protocol"))
WORDS = Path(str(resources.files("content")))


def of(folder: Path) -> str:
    flow = load_flow(folder)
    return protocol_fingerprint(flow, load_concerns(flow, folder))


RUNNING = of(PROTOCOL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROTOCOL, tmp_path / "protocol"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_is_the_same_in_every_process() -> None:
    ask = (
        "from flows.loader import load_flow; from flows.concerns import load_concerns; "
        "from flows.fingerprint import protocol_fingerprint as f; "
        "flow = load_flow(); print(f(flow, load_concerns(flow)))"
    )

    # Sets are laid out by the hashes of their members, which differ with the seed.
    told = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(WORDS.parent)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }

    assert told == {RUNNING}


def test_layout_and_comments_change_nothing(copy: Path) -> None:
    for file in copy.glob("*.yaml"):
        file.write_text("# A remark.\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    edit(
        copy / "questions.yaml",
        "    kind: one\n    section: you",
        "    section: you\n    kind: one",
    )

    assert of(copy) == RUNNING


Change = tuple[str, str, str]


@pytest.mark.parametrize(
    "change",
    [
        ("questions.yaml", "version: 1", "version: 2"),
        ("questions.yaml", "[back, leg, foot, none]", "[leg, back, foot, none]"),
        ("questions.yaml", "asked: back_and_foot\n", "asked: complaints has back\n"),
        ("questions.yaml", "began_before_35: age is 18_34 or", "began_before_35: age is 35_44 or"),
        ("rules.yaml", "back_severity >= 8", "back_severity >= 7"),
        ("rules.yaml", "urgency: two_weeks", "urgency: routine"),
        ("rules.yaml", "[S19]", "[S20]"),
        ("pathways.yaml", "likely: 5", "likely: 6"),
        ("pathways.yaml", "points: 2", "points: 1"),
        ("pathways.yaml", "mixed: [nerve, mechanical]", "mixed: [nerve, systemic]"),
        ("concerns.yaml", "sets: {bladder: new}", "sets: {bladder: unsure}"),
    ],
    ids=str,
)
def test_every_change_of_what_it_does_changes_it(copy: Path, change: Change) -> None:
    file, old, new = change
    edit(copy / file, old, new)

    assert of(copy) != RUNNING


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize(
    ("name", "rewrite", "same"),
    [
        ("questions.yaml", lambda text: f"# A remark.\n{text}", True),
        ("questions.yaml", lambda text: text.replace("?", " ?", 1), False),
        ("weights.txt", lambda text: f"# A remark.\n{text}", True),
        ("weights.txt", lambda text: text.replace("harmless -", "harmless ", 1), False),
    ],
    ids=["a remark", "a letter", "a remark among weights", "a weight"],
)
def test_words_have_a_fingerprint_of_their_own(
    code: str, name: str, rewrite: Callable[[str], str], same: bool, tmp_path: Path
) -> None:
    shutil.copytree(WORDS / code, tmp_path / code)
    file = tmp_path / code / name
    file.write_text(rewrite(file.read_text(encoding="utf-8")), encoding="utf-8")

    assert (words_fingerprint(code, tmp_path) == words_fingerprint(code)) is same
    assert len({words_fingerprint(other) for other in languages()}) == len(languages())


def test_people_compare_three_groups_of_four() -> None:
    assert short(RUNNING).split() == [RUNNING[0:4], RUNNING[4:8], RUNNING[8:12]]
