"""`check`: holds flow, machine, words and test patients against each other."""

import argparse
from collections.abc import Iterator
from typing import Any

from content.countries import load_countries
from content.loader import languages, load_content
from flows.errors import FlowError
from flows.loader import load_flow
from flows.machine import ConversationMachine
from flows.models import Flow
from flows.patients import load_patients, run_patients


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "check",
        help="check flow, rules, words and test patients",
        description="Checks the protocol, the conversation's machine, the words of every language "
        "and the flow's own test patients. Exit status 1 if anything is wrong.",
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Check everything; one line for each part, and one for each finding."""
    findings = 0
    for line, sound in _checked():
        print(line if sound else f"wrong: {line}")
        findings += not sound
    return 1 if findings else 0


def _checked() -> Iterator[tuple[str, bool]]:
    try:
        flow = load_flow()
        machine = ConversationMachine(flow)
    except (FlowError, ValueError) as error:
        yield str(error), False
        return
    items = sum(len(pathway.items) for pathway in flow.pathways)
    parts = (
        f"{len(flow.questions)} questions, {len(flow.rules)} rules, {items} pathway items, "
        f"{len(machine.states)} states, {len(machine.moves)} transitions"
    )
    yield f"flow {flow.id}, version {flow.version}: {parts}", True
    for code in languages():
        yield _words(code, flow)
        yield from _figures(code, flow)
    yield _countries()
    yield from _patients(flow)


def _words(code: str, flow: Flow) -> tuple[str, bool]:
    try:
        words = load_content(code, flow)
    except FlowError as error:
        return str(error), False
    return f"words {code} ({words.interface.language.name}): complete", True


def _figures(code: str, flow: Flow) -> Iterator[tuple[str, bool]]:
    # Only here, because typst takes its time to load.
    from bot.pictures.checking import every_kind, misplaced  # noqa: PLC0415

    try:
        drawings = list(every_kind(flow, load_content(code, flow)))
    except FlowError:
        return  # its words were found wrong already
    for name, drawing in drawings:
        for finding in misplaced(drawing):
            yield f"figures {code}, {name}: {finding}", False
    yield f"figures {code}: {len(drawings)} pictures, every word in its place", True


def _countries() -> tuple[str, bool]:
    try:
        countries = load_countries()
    except FlowError as error:
        return str(error), False
    return f"emergency numbers: {len(countries.countries)} countries", True


def _patients(flow: Flow) -> Iterator[tuple[str, bool]]:
    try:
        patients = load_patients(flow)
    except FlowError as error:
        yield str(error), False
        return
    differences = run_patients(flow, patients)
    for difference in differences:
        yield f"test patient {difference.text}", False
    yield f"test patients: {len(patients) - len(differences)} of {len(patients)} as expected", True
