"""`check`: holds flow, machine, words and test patients against each other."""

import argparse
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain
from typing import Any

from bot.commands.exploring import explored
from bot.commands.phrases import phrases_checked
from bot.commands.proving import NO_SOLVER, proved
from bot.signoff.here import standing_here
from content.book import load_book_words
from content.compare import differences
from content.countries import load_countries
from content.loader import languages, load_content
from content.markup import MarkupError
from content.readability import NoTextstatError, readings
from flows.errors import FlowError
from flows.evidence import load_evidence
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
    parser.add_argument(
        "--explore", action="store_true", help="walk every state of the conversation"
    )
    parser.add_argument(
        "--witness",
        action="store_true",
        help="with --explore: print answers that reach each question, option, rule, item and link",
    )
    parser.add_argument(
        "--prove", action="store_true", help="prove the protocol's properties (needs z3)"
    )
    parser.add_argument(
        "--readability",
        action="store_true",
        help="measure how easily the words read, and print a table by set of screens",
    )
    parser.add_argument(
        "--phrases", action="store_true", help="list the examples of every concern and language"
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Check everything; one line for each part, and one for each finding."""
    if given.prove and find_spec("z3") is None:
        print(f"plumbline: {NO_SOLVER}", file=sys.stderr)
        return 2
    if given.witness and not given.explore:
        print("plumbline: --witness goes with --explore", file=sys.stderr)
        return 2
    if given.readability:
        return _readability()
    findings = 0
    lines = [_checked(given.phrases)]
    if given.explore:
        lines.append(explored(load_flow(), witnesses=given.witness))
    if given.prove:
        lines.append(proved(load_flow()))
    for line, sound in chain.from_iterable(lines):
        print(line if sound else f"wrong: {line}")
        findings += not sound
    return 1 if findings else 0


def _checked(by_concern: bool) -> Iterator[tuple[str, bool]]:
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
    complete = True
    for code in languages():
        line, sound = _words(code, flow)
        complete = complete and sound
        yield line, sound
        yield from _figures(code, flow)
    if complete:  # else every gap would be told once more for each language
        yield from _languages()
    yield from phrases_checked(flow, by_concern=by_concern)
    yield _countries()
    yield from _patients(flow)
    yield from _book(flow)


def _book(flow: Flow) -> Iterator[tuple[str, bool]]:
    """Evidence, the words of the book, and whether this protocol is signed off: no finding."""
    try:
        evidence = load_evidence(flow)
        words = {code: load_book_words(code, flow, evidence) for code in languages()}
    except FlowError as error:
        yield str(error), False
        return
    yield f"evidence: {len(evidence.sources)} sources, dated {evidence.dated}", True
    yield f"book: complete in {', '.join(words)}", True
    try:
        standing = standing_here()
    except FlowError:
        return  # what is broken has been said above, and nothing broken is signed off
    own = words.get("en") or next(iter(words.values()))
    yield f"sign-off: {standing.line(own.sign_off)}", True


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


def _languages() -> Iterator[tuple[str, bool]]:
    try:
        found = list(differences())
    except (FlowError, MarkupError):
        return  # told above already
    for difference in found:
        yield str(difference), False
    if not found:
        yield f"languages: {', '.join(languages())} have the same texts and placeholders", True


def _readability() -> int:
    """Print the table; a set that does not keep its bar is a finding."""
    flow = load_flow()
    findings = 0
    try:
        for code in languages():
            for reading in readings(load_content(code, flow), flow):
                bar = reading.formula.bars[reading.set.kind]
                print(
                    f"{code}  {reading.set.name:24} {reading.formula.title:20} "
                    f"{reading.value:6.1f}  hardest screen {reading.hardest:6.1f}  "
                    f"{'at least' if reading.formula.least else 'at most'} {bar:g}"
                    f"{'' if reading.holds else '  wrong: does not keep it'}"
                )
                findings += not reading.holds
    except NoTextstatError as error:
        print(f"plumbline: {error}", file=sys.stderr)
        return 2
    return 1 if findings else 0


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
