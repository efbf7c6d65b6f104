"""What changed between two versions is said in clinical words, and nothing is passed over."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from bot.book.diff import differences, load_version
from content.loader import languages
from tests.book.making import SUBJECTS

PROTOCOL = Path(str(resources.files("flows") / "protocol"))
OLD = load_version(PROTOCOL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROTOCOL, tmp_path / "new"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder: Path, code: str = "en") -> list[str]:
    subject = SUBJECTS[code]
    found = differences(OLD, load_version(folder), subject.content, subject.words)
    return [line.strip().removeprefix("- ") for line in found if line.strip()]


@pytest.mark.parametrize("code", languages())
def test_equal_versions_differ_in_nothing(code: str, copy: Path) -> None:
    edit(copy, "rules.yaml", "rules:", "# A remark.\nrules:")

    assert told(copy, code) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("questions.yaml", "version: 1", "version: 2", "Version 1 → 2"),
        (
            "questions.yaml",
            "[left, right, middle, both]",
            "[left, right, both, middle]",
            "Side of the back pain (15): answers in another order: “Left”, “Right”, “Both sides” or “Middle”",
        ),
        (
            "questions.yaml",
            "    asked: complaints has back\n    options: [left, right, middle, both]",
            "    asked: complaints has back | leg\n    options: [left, right, middle, both]",
            "now: Where it troubles you (2): “Back” or “Buttock or leg” ticked",
        ),
        (
            "questions.yaml",
            "[little, some, a_lot, cannot]",
            "[little, some, medium, a_lot, cannot]",
            "Effect on daily life (38): answers added: “medium”",
        ),
        (
            "rules.yaml",
            "urgency: two_weeks",
            "urgency: same_day",
            "U06: urgency Two weeks → Same day",
        ),
        (
            "rules.yaml",
            "when: injury is pop",
            "when: injury is pop | minor",
            "now: Injury (13): “Small fall, lift, twist or cough” or “Pop or kick behind the ankle”",
        ),
        (
            "rules.yaml",
            "raised: {to: same_day, when: back_severity >= 8",
            "raised: {to: same_day, when: back_severity >= 9",
            "U17: raised under another condition",
        ),
        ("rules.yaml", "source: [S34]", "source: [S35]", "U21: sources S34 → S35"),
        (
            "pathways.yaml",
            "likely: 5",
            "likely: 6",
            "“A nerve from the lower back”: likely from 5 → 6 points",
        ),
        ("pathways.yaml", "points: -3", "points: -2", "N10: points -3 → -2"),
        (
            "pathways.yaml",
            "name: thigh, points: 1",
            "name: thigh, points: 2",
            "N1, thigh: points 1 → 2",
        ),
        (
            "pathways.yaml",
            "only: back_duration is over_12_weeks and began_before_45",
            "only: back_duration is over_12_weeks",
            "S1: counts under another condition",
        ),
        (
            "pathways.yaml",
            "    needs: back_and_foot\n",
            "",
            "“How you stand and walk with back pain”: found under another condition",
        ),
        (
            "concerns.yaml",
            "{id: cancer, level: ask, sets: {unwell: [cancer_ever]}, history: true}",
            "{id: cancer, level: ask, sets: {unwell: [cancer_ever]}}",
            (
                "Typed concern cancer: (asked about in its turn; Your body as a whole (10): “Cancer, "
                "now or ever”; counts however long ago it was) → (asked about in its turn; Your body "
                "as a whole (10): “Cancer, now or ever”)"
            ),
        ),
    ],
)
def test_a_change_is_told(copy: Path, file: str, old: str, new: str, line: str) -> None:
    edit(copy, file, old, new)

    assert line in told(copy)


def test_a_question_that_moved_is_told_once(copy: Path) -> None:
    health = (
        "  - id: health\n    kind: many\n    section: safety\n    options: [diabetes, "
        "thin_bones_steroids, inflammatory, blood_thinner, pregnant, circulation, none]\n\n"
    )
    edit(copy, "questions.yaml", health, "")
    edit(copy, "questions.yaml", "  - id: unwell\n", f"{health}  - id: unwell\n")

    assert [line for line in told(copy) if "now comes" in line] == [
        "Your health (10): now comes after Weak leg or foot (9)"
    ]


def test_a_rule_that_went_is_told_in_full_with_the_patients_it_kept_safe(copy: Path) -> None:
    rule = (
        "  - id: U20\n    when: limb_danger has calf_swelling\n    urgency: same_day\n"
        "    source: [S36]\n\n"
    )
    edit(copy, "rules.yaml", rule, "")
    patients = (copy / "patients.yaml").read_text(encoding="utf-8")
    (copy / "patients.yaml").write_text(patients.replace("U20, ", "").replace("[U20]", "[U36]"))
    concerns = (copy / "concerns.yaml").read_text(encoding="utf-8")
    (copy / "concerns.yaml").write_text(
        concerns.replace("{id: calf_swelling, level: same_day,", "{id: calf_swelling, level: ask,")
    )

    lines = told(copy)

    assert (
        "U20 (Same day: Leg and foot signs (14): “One calf or leg swollen or sore” ticked): removed"
        in lines
    )
    worse = [line for line in lines if line.startswith("calf_swelling")]
    assert worse
    assert all("Same day" in line.partition(" → ")[0] for line in worse)
    assert any("Self-care" in line.partition(" → ")[2] for line in worse)


def test_a_change_that_no_patient_feels_says_so(copy: Path) -> None:
    edit(copy, "rules.yaml", "source: [S34]", "source: [S35]")

    assert told(copy)[-1] == "No test patient comes out differently."


def test_in_spanish_everything_is_spanish(copy: Path) -> None:
    edit(copy, "rules.yaml", "urgency: two_weeks", "urgency: same_day")
    edit(
        copy,
        "rules.yaml",
        "raised: {to: same_day, when: back_severity >= 8",
        "raised: {to: emergency, when: back_severity >= 9",
    )
    edit(copy, "pathways.yaml", "likely: 5", "likely: 6")

    lines = told(copy, "es")

    assert "U06: urgencia Dos semanas → Hoy mismo" in lines
    english = SUBJECTS["en"].words.diff.model_dump().values()
    assert not [
        line
        for line in lines
        for text in english
        if "{" not in text and len(text) > 6 and text in line
    ]
    assert not [line for line in lines for patient in OLD.patients if patient.about in line]
