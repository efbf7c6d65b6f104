"""In the terminal pictures are words, and the page is a file where the program was started."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from flows.interview import walk
from flows.models import Kind, Question
from tests.whole.answering import BUTTONS, FLOW, WORDS
from tests.whole.people import BEN
from tests.whole.running import ROOT


def typed(sheet: dict[str, Any]) -> list[str]:
    """What somebody types who answers as the sheet says: numbers, mostly."""
    lines: list[str] = []

    def answer(question: Question) -> Any:
        given = sheet[question.id]
        if question.kind is Kind.TEXT:
            lines.append(given or "skip")
        elif question.kind is Kind.SCALE:
            lines.append(str(given))
        else:
            codes = given if isinstance(given, list) else [given]
            lines.append(", ".join(str(question.codes.index(code) + 1) for code in codes))
            if question.kind is Kind.MANY and len(codes) == 1:
                lines[-1] = WORDS.question(question.id).options[codes[0]].label
        return question.read(given)

    walk(FLOW, answer)
    return lines


def chat(folder: Path, lines: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--language", "en"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "DEFAULT_COUNTRY": "GB"},
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return " ".join(done.stdout.split())


def test_the_picture_is_told_and_the_page_is_laid_down(tmp_path: Path) -> None:
    shown = chat(tmp_path, ["1", *typed(BEN), BUTTONS.see_result, BUTTONS.page])
    assert WORDS.pictures.chain.title.plain() in shown
    assert "the right foot and pain under the heel" in shown
    assert WORDS.pictures.pointing["foot_place"].plain() not in shown
    (page,) = tmp_path.glob("*.pdf")
    assert page.name in shown
    assert page.read_bytes().startswith(b"%PDF-")
    assert not (tmp_path / "data" / "pictures").exists()


def test_without_pictures_nothing_is_told_of_one(tmp_path: Path) -> None:
    shown = chat(tmp_path, ["1", "/pictures", *typed(BEN), BUTTONS.see_result])
    assert "We send no pictures now" in shown
    assert WORDS.pictures.chain.title.plain() not in shown
    assert WORDS.results.safety_net.title.plain() in shown
