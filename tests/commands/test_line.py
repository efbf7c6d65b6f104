"""The command line: help, bad use, and everything that a start refuses in one line."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from bot.commands.line import COMMANDS
from bot.store.sealing import new_key
from tests.commands.running import INSTALLED, MODULE, Place, finished


def test_every_command_says_what_it_does_however_it_is_called(place: Place) -> None:
    started = {name: place.start(name, "--help", program=(INSTALLED,)) for name in COMMANDS}
    for name, process in started.items():
        with process:
            ran = finished(process)
        assert (ran.status, ran.error) == (0, "")
        assert ran.out.startswith(f"usage: plumbline {name}")

    ran = place.run("--help", program=MODULE)
    assert ran.status == 0
    assert all(re.search(rf"^    {name}\b", ran.out, re.MULTILINE) for name in COMMANDS)


def test_of_a_command_only_its_own_module_is_loaded(place: Place) -> None:
    check = (
        "import sys\n"
        "from bot.commands.line import main\n"
        "try:\n"
        "    main(['run', '--help'])\n"
        "except SystemExit:\n"
        "    print(sorted(name for name in sys.modules if name.startswith('bot.commands.')))\n"
    )
    ran = place.run("-c", check, program=(MODULE[0],))
    assert ran.out.splitlines()[-1] == str(
        [f"bot.commands.{name}" for name in ("chat", "errors", "line", "run")]
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("frobnicate",), "invalid choice: 'frobnicate'"),
        (("check", "--loud"), "unrecognized arguments: --loud"),
        (("protocol", "--language"), "argument --language: expected one argument"),
    ],
)
def test_bad_use_is_one_line(place: Place, words: tuple[str, ...], said: str) -> None:
    ran = place.run(*words)

    assert ran.status == 2
    assert said in ran.line
    assert "--help" in ran.line


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TELEGRAM_BOT_TOKEN", "12345:secret", "@BotFather"),
        ("DATA_KEY", "too-short", "32 bytes"),
        ("DEFAULT_LANGUAGE", "xx", "choose of: en"),
        ("DEFAULT_COUNTRY", "GBR", "two-letter"),
        ("RETENTION_DAYS", "0", "from 1 to 3650"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/plumbline.db", "let this user write"),
    ],
)
def test_a_bad_environment_is_one_line_and_changes_nothing(
    place: Place, name: str, value: str, said: str
) -> None:
    ran = Place(place.folder, set={name: value}).run("run")

    assert ran.status == 2
    assert ran.line.startswith("plumbline: ")
    assert said in ran.line
    assert name in ran.line or "database" in ran.line
    assert "secret" not in ran.line
    assert place.files() == {}


def test_what_is_no_database_is_left_alone(place: Place) -> None:
    (place.folder / "folder").mkdir()
    (place.folder / "letter.txt").write_text("Dear doctor,\n" * 100)
    (place.folder / "data").write_text("not a folder")
    before = place.files()

    for url, said in {
        "sqlite:///folder": "names a folder",
        "sqlite:///letter.txt": "letter.txt",
        "sqlite:///data/plumbline.db": "data",
    }.items():
        ran = place.run("chat", DATABASE_URL=url, DATA_KEY=new_key())
        assert ran.status == 2
        assert said in ran.line
        assert place.files() == before


def test_a_wrong_key_is_noticed_before_anything_is_written(place: Place) -> None:
    place.chat("1", DATA_KEY=new_key())
    before = place.files()

    ran = place.run("run", DATA_KEY=new_key())

    assert ran.status == 2
    assert "DATA_KEY" in ran.line
    assert place.files() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_output_that_cannot_be_written_is_one_line(place: Place) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*MODULE, "diagram"],
            cwd=place.folder,
            env=place.environment({}),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert ran.returncode == 2
    assert ran.stderr == f"plumbline: cannot go on: {os.strerror(28)}\n"


def test_letters_that_the_output_does_not_know_are_no_failure(place: Place) -> None:
    ran = place.run("protocol", PYTHONIOENCODING="ascii")

    assert (ran.status, ran.error) == (0, "")


def test_closed_streams_are_empty_ones(place: Place) -> None:
    ran = place.run("-c", '"$0" -m bot chat <&- >&-', MODULE[0], program=("sh",))

    assert (ran.status, ran.out, ran.error) == (0, "", "")
