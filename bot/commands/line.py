"""Reads the command line and runs one command; every error is one line."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from bot.building import building_up
from bot.clinic.fields import ClinicError
from bot.commands.errors import BadStartError
from bot.settings import SettingsError
from bot.store.contract import StoreError
from flows.errors import FlowError

COMMANDS = (
    "run",
    "chat",
    "check",
    "assess",
    "screen",
    "protocol",
    "signoff",
    "diagram",
    "questionnaire",
    "clinic",
    "intake",
    "health",
)
"""The modules beside this one with a command each, in the order in which help lists them."""

OK, FINDING, BAD_INPUT = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message} (try: {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0, 1 for a finding, 2 for bad use or bad input; the reason is one line on standard error.
    """
    _open_streams()
    parser = _Parser(
        prog="plumbline",
        description="Triage of back and foot pain, for patients and the clinics that send them.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    words = sys.argv[1:] if arguments is None else list(arguments)
    # Of a command that is named only its own module is loaded: the bot needs no other.
    with building_up():
        for name in words[:1] if words and words[0] in COMMANDS else COMMANDS:
            import_module(f"bot.commands.{name}").add(commands)
    given = parser.parse_args(words)
    try:
        status: int = given.carry_out(given)
        sys.stdout.flush()
    except (SettingsError, StoreError, FlowError, ClinicError, BadStartError) as error:
        print(f"plumbline: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return OK
    except BrokenPipeError:
        _drop_output()  # whoever read it has enough
        return OK
    except OSError as error:
        _drop_output()
        print(f"plumbline: cannot go on: {error.strerror or error}", file=sys.stderr)
        return BAD_INPUT
    return status


def _open_streams() -> None:
    """Give every standard stream that was closed something to be, and let none fail at a letter."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _drop_output() -> None:
    # Python writes out the rest at its end and must not complain once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
