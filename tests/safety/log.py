"""Reads the hazard log, and looks up whether the proofs that it names exist."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "docs" / "safety.yaml"
PAGE = ROOT / "docs" / "safety.md"
PROVED = "proof:"
ALL = "*"
"""Instead of a test: every test of its file."""

Text = Annotated[str, Field(min_length=3)]
Rating = tuple[str, str]
"""Severity and likelihood."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Control(_Model):
    does: Text
    proof: Annotated[tuple[Text, ...], Field(min_length=1)]


class Hazard(_Model):
    id: Annotated[str, Field(pattern=r"^H\d\d$")]
    hazard: Text
    harm: Text
    causes: Annotated[tuple[Text, ...], Field(min_length=1)]
    before: Rating
    after: Rating
    controls: Annotated[tuple[Control, ...], Field(min_length=1)]
    left: Text


class Log(_Model):
    system: Text
    status: Text
    use: Text
    users: tuple[Text, ...]
    not_for: tuple[Text, ...]
    severities: dict[str, Text]
    likelihoods: dict[str, Text]
    risks: dict[str, dict[str, int]]
    acceptance: dict[int, Text]
    hazards: tuple[Hazard, ...]

    def risk(self, rating: Rating) -> int:
        severity, likelihood = rating
        return self.risks[likelihood][severity]


def load_log(path: Path = LOG) -> Log:
    return Log.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def exists(proof: str) -> bool:
    """Whether a test, or a property that is proved, is there under this id."""
    if proof.startswith(PROVED):
        return proof.removeprefix(PROVED) in proved()
    file, colons, test = proof.partition("::")
    path = ROOT / file
    if not colons or not path.is_file() or not path.name.startswith("test_"):
        return False
    found = tests_of(path)
    return bool(found) if test == ALL else test in found


def proved() -> tuple[str, ...]:
    """The ids of the properties that the project proves of its protocol."""
    if find_spec("flows.proof") is None:
        return ()
    ids: tuple[str, ...] = import_module("flows.proof.properties").property_ids()
    return ids


def tests_of(path: Path) -> frozenset[str]:
    """The names of the tests of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    )
