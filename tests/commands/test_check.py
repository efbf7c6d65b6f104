"""`check`, and that nothing starts with a broken flow, missing words or a failing test patient."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.running import FLOW, PATIENTS, ROOT, Place


@dataclass(frozen=True)
class Break:
    """What is broken in which file, and what is said of it; `{line}` is where it was broken.

    `stops`: whether the test also starts the program, which takes its time.
    """

    file: str
    old: str
    new: str
    said: str
    stops: bool = False

    def apply(self, code: Path) -> str:
        """Break it. Returns what is to be said."""
        path = code / self.file
        before, found, after = path.read_text(encoding="utf-8").partition(self.old)
        assert found, f"{self.old} is not in {self.file}"
        path.write_text(f"{before}{self.new}{after}", encoding="utf-8")
        return self.said.format(line=before.count("\n") + 1)


RULES = "flows/protocol/rules.yaml"
BREAKS = {
    "an unknown code": Break(
        RULES,
        "when: saddle is weeks",
        "when: saddle is weks",
        "rules.yaml:{line}: U03: saddle has no answer weks",
        stops=True,
    ),
    "broken YAML": Break(RULES, "rules:", "rules: [", "rules.yaml:6: not valid YAML: "),
    "a rule without words": Break(
        "content/en/results.yaml", "  U20:", "  U99:", "rules.U20: is missing", stops=True
    ),
    "an option without words": Break(
        "content/en/questions.yaml",
        "      unsteady: {",
        "      wobbly: {",
        "questions.cord_signs.options.unsteady: is missing",
    ),
    "a test patient who fails": Break(
        "flows/protocol/patients.yaml",
        "urgency: self_care",
        "urgency: routine",
        "test patient calm_foot: urgency is self_care, expected routine",
        stops=True,
    ),
}


@pytest.fixture
def broken(place: Place, tmp_path: Path) -> Place:
    """A place whose program is a copy, to be broken."""
    code = tmp_path / "code"
    for package in ("bot", "flows", "content"):
        shutil.copytree(ROOT / package, code / package)
    return Place(place.folder, code)


def test_all_is_well(place: Place) -> None:
    ran = place.run("check")

    assert (ran.status, ran.error) == (0, "")
    assert f"{len(FLOW.questions)} questions, {len(FLOW.rules)} rules" in ran.out
    assert f"test patients: {len(PATIENTS)} of {len(PATIENTS)} as expected" in ran.out
    assert "wrong" not in ran.out
    assert place.files() == {}


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_found_and_stops_every_start(broken: Place, what: str) -> None:
    wrong = BREAKS[what]
    said = wrong.apply(broken.code)

    checked = broken.run("check")
    (finding,) = [line for line in checked.out.splitlines() if line.startswith("wrong: ")]
    assert (checked.status, checked.error) == (1, "")
    assert said in finding

    reason = finding.removeprefix("wrong: ")
    for command in ("run", "chat") if wrong.stops else ():
        ran = broken.run(command, typed="1\n")
        assert ran.status == 2
        assert reason in ran.line
        assert ran.line.startswith("plumbline: ")
    assert broken.files() == {}


def test_a_missing_file_is_a_finding(broken: Place) -> None:
    (broken.code / "content/en/results.yaml").unlink()

    ran = broken.run("check")

    assert (ran.status, ran.error) == (1, "")
    assert "wrong: " in ran.out
    assert "results.yaml" in ran.out
