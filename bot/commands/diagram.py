"""`diagram`: the conversation's machine as a Mermaid state diagram."""

import argparse
from typing import Any

from flows.diagram import mermaid
from flows.loader import load_flow
from flows.machine import ConversationMachine


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "diagram",
        help="print the conversation as a Mermaid state diagram",
        description="Prints the conversation's machine as a Mermaid state diagram: the way of a "
        "first interview, with the condition of each step.",
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Print the diagram."""
    print(mermaid(ConversationMachine(load_flow())))
    return 0
