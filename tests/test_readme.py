"""The README cannot lie: its commands run, its files exist, its transcript is a real one."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()
]
SHEET = '{"answers": {"age": "under_18"}}\n'


def test_the_readme_shows_commands() -> None:
    assert {command.split()[0] for command in COMMANDS} == {"make", "plumbline"}


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("plumbline")])
def test_a_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    program, *arguments = shlex.split(command)
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        input=SHEET,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make")])
def test_a_target_of_the_readme_exists(command: str) -> None:
    # Running `make test` inside a test would never end; CI runs it as the README says.
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_make_run_starts_the_conversation_in_the_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "run"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/plumbline.db",
            "TELEGRAM_BOT_TOKEN": "",
        },
        input="1\n35 to 44\n",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Where do you have pain" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target


def test_the_tree_is_as_the_readme_draws_it() -> None:
    tree = re.search(r"## Where things are\n\n```\n(.*?)```", README, flags=re.DOTALL)
    assert tree is not None
    inside = ""
    for line in tree.group(1).splitlines():
        name = line.split()[0]
        if not line.startswith(" "):
            inside = name
            assert (ROOT / name).is_dir(), name
        else:
            assert (ROOT / inside / name).exists(), f"{inside}{name}"
