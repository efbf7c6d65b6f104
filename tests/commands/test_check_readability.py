"""`check --readability`: a table, a finding where a bar is not kept, a clear line without textstat."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.commands.running import ROOT, Place


def test_the_table_has_every_set_of_screens(place: Place) -> None:
    ran = place.run("check", "--readability")

    assert (ran.status, ran.error) == (0, "")
    lines = ran.out.splitlines()
    assert len(lines) > 60
    assert any(line.startswith("en  emergency ") for line in lines)
    assert any(line.startswith("es  questions: safety ") for line in lines)
    assert "wrong" not in ran.out


def test_a_hard_text_is_a_finding(place: Place, tmp_path: Path) -> None:
    code = tmp_path / "code"
    for package in ("bot", "flows", "content"):
        shutil.copytree(ROOT / package, code / package)
    words = code / "content" / "en" / "concerns.yaml"
    text = words.read_text(encoding="utf-8")
    hard = "Is progressive neurological deterioration accompanied by incapacitating symptomatology?"
    words.write_text(text.replace("Did you have a crash, a big fall or a hard blow?", hard))

    ran = Place(place.folder, code).run("check", "--readability")

    assert (ran.status, ran.error) == (1, "")
    assert [line for line in ran.out.splitlines() if "wrong" in line] == [
        line for line in ran.out.splitlines() if line.startswith("en  questions: concerns")
    ]


def test_without_textstat_it_says_what_to_install(place: Place, tmp_path: Path) -> None:
    code = tmp_path / "code"
    for package in ("bot", "flows", "content"):
        shutil.copytree(ROOT / package, code / package)
    (code / "textstat.py").write_text("raise ImportError\n")

    ran = Place(place.folder, code).run("check", "--readability")

    assert ran.status == 2
    assert ran.out == ""
    assert "pip install textstat==0.7.7" in ran.line
