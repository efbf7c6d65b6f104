"""Runs the commands as their users do: in a process, a folder and an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.interview import Standing, walk
from flows.loader import load_flow
from flows.models import Flow, Kind, Question
from flows.patients import load_patients

ROOT = Path(__file__).resolve().parents[2]
FLOW = load_flow()
PATIENTS = {patient.id: patient for patient in load_patients(FLOW)}
INSTALLED = str(Path(sys.executable).with_name("plumbline"))
MODULE = (sys.executable, "-m", "bot")


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    error: str

    @property
    def line(self) -> str:
        """The one line on standard error, of a program that refused and printed nothing else."""
        assert self.out == ""
        assert "Traceback" not in self.error
        assert len(self.error.splitlines()) == 1, self.error
        return self.error.strip()


@dataclass
class Place:
    """A folder to run in; `code` is the tree whose program runs."""

    folder: Path
    code: Path = ROOT
    set: dict[str, str] = field(default_factory=dict)

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        clean = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self.code),
            "TELEGRAM_API_BASE_URL": "http://127.0.0.1:9",  # whatever happens, nobody is called
        }
        return {**clean, **self.set, **given}

    def start(
        self, *words: str, program: tuple[str, ...] = MODULE, **given: str
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*program, *words],
            cwd=self.folder,
            env=self.environment(given),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self,
        *words: str,
        typed: bytes | str = b"",
        program: tuple[str, ...] = MODULE,
        **given: str,
    ) -> Ran:
        """Run a command; what is `given` by the name of a variable is its environment."""
        with self.start(*words, program=program, **given) as process:
            return finished(process, typed)

    def chat(self, *lines: str, **given: str) -> str:
        """What the terminal chat prints for these lines; it must end well."""
        ran = self.run(
            "chat", typed="".join(f"{line}\n" for line in lines), program=MODULE, **given
        )
        assert (ran.status, ran.error) == (0, "")
        return ran.out

    def files(self) -> dict[str, bytes]:
        """Everything in the folder, with its content."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes() if path.is_file() else b""
            for path in self.folder.rglob("*")
        }


def finished(process: subprocess.Popen[bytes], typed: bytes | str = b"") -> Ran:
    given = typed.encode() if isinstance(typed, str) else typed
    try:
        out, error = process.communicate(given, timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()  # else leaving the process's context waits for ever
        raise
    return Ran(process.returncode, (out or b"").decode(), error.decode())


def standing(sheet: Mapping[str, object], flow: Flow = FLOW) -> Standing:
    def look_up(question: Question) -> object:
        raw = sheet.get(question.id)
        if raw is None:
            return "" if question.kind is Kind.TEXT else None
        return question.read(raw)

    return walk(flow, look_up)  # type: ignore[arg-type]


def numbers(sheet: Mapping[str, object]) -> list[str]:
    """What is typed at each question of a sheet, by number."""
    answered = standing(sheet)
    typed = []
    for id, answer in answered.answers.items():
        codes = FLOW.question_by_id[id].codes
        if isinstance(answer, tuple):
            typed.append(", ".join(str(codes.index(code) + 1) for code in answer))
        else:
            typed.append(str(codes.index(answer) + 1) if answer in codes else str(answer))
    return typed
