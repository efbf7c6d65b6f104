"""`assess`: sheets of answers in, assessments out, both as JSON Lines."""

import argparse
import json
import sys
from typing import IO, Any

from flows.assessment import assess_sheet
from flows.loader import load_flow
from flows.models import Flow

LINE_MAX = 1_000_000
"""Bytes of one line that are read; a sheet has a few thousand at most."""


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "assess",
        help="assess sheets of answers, JSON Lines in and out",
        description='Reads one {"answers": {...}} a line from standard input and prints one '
        "assessment a line. A line that cannot be used gives an error on its line.",
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Assess every line of standard input."""
    flow = load_flow()
    output = sys.stdout
    for line in _lines(sys.stdin.buffer):
        output.write(json.dumps(_assessed(flow, line), ensure_ascii=False))
        output.write("\n")
        output.flush()
    return 0


def _lines(source: IO[bytes]) -> Any:
    while line := source.readline(LINE_MAX + 1):
        if len(line) > LINE_MAX and not line.endswith(b"\n"):
            while (rest := source.readline(LINE_MAX)) and not rest.endswith(b"\n"):
                pass
            yield None
        elif line.strip():
            yield line


def _assessed(flow: Flow, line: bytes | None) -> dict[str, Any]:
    if line is None:
        return {"error": f"a line of more than {LINE_MAX} bytes"}
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "not a line of JSON"}
    if not isinstance(body, dict) or not isinstance(body.get("answers"), dict):
        return {"error": 'expected {"answers": {...}}'}
    return assess_sheet(flow, body["answers"])
