"""A place for each test to run commands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.running import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "here"
    folder.mkdir()
    return Place(folder)
