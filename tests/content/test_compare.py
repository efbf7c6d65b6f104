"""The languages say the same; and a language is one folder, nothing else."""

import shutil
from pathlib import Path

import pytest

from content.compare import differences
from content.loader import languages, load_content, packaged_content
from flows.loader import load_flow

FLOW = load_flow()
PACKAGED = Path(str(packaged_content()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for code in ("en", "es"):
        shutil.copytree(PACKAGED / code, tmp_path / code)
    return tmp_path


def test_the_languages_say_the_same() -> None:
    assert list(differences()) == []


def edit(file: Path, old: str, new: str) -> int:
    """Change one place; the line on which it is."""
    before, found, after = file.read_text(encoding="utf-8").partition(old)
    assert found, old
    file.write_text(f"{before}{new}{after}", encoding="utf-8")
    return before.count("\n") + 1


def test_a_placeholder_that_one_language_lacks(folder: Path) -> None:
    line = edit(
        folder / "es" / "interface.yaml",
        "llame al {emergency_number} ahora.</b> Este",
        "llame ahora.</b> Este",
    )
    (found,) = differences(folder)
    assert str(found) == (
        f"es/interface.yaml:{line}: help: {{emergency_number}} stands in en or here, not in both"
    )


def test_a_text_that_one_language_lacks(folder: Path) -> None:
    edit(folder / "es" / "questions.yaml", ', detail: "Cualquier parte de la espalda."', "")
    (found,) = differences(folder)
    assert "questions.complaints.options.back.detail: is missing: en has it" in str(found)


def test_a_text_that_one_language_has_alone(folder: Path) -> None:
    edit(folder / "es" / "questions.yaml", '    ask: "', '    hint: "Sin prisa."\n    ask: "')
    (found,) = differences(folder)
    assert "questions.age.hint: is not in en" in str(found)


def test_synonyms_are_each_languages_own(folder: Path) -> None:
    edit(folder / "es" / "interface.yaml", '  back: ["atrás", ', '  back: ["p’atrás", "atrás", ')
    assert list(differences(folder)) == []


def test_a_third_language_is_one_folder(folder: Path) -> None:
    shutil.copytree(PACKAGED / "en", folder / "xx")
    edit(folder / "xx" / "interface.yaml", 'name: "English"', 'name: "Xish"')
    edit(folder / "xx" / "questions.yaml", 'ask: "How old are you?"', 'ask: "Xow old are you?"')
    assert languages(folder) == ("en", "es", "xx")
    assert load_content("xx", FLOW, folder).question("age").ask == "Xow old are you?"
    assert list(differences(folder)) == []
