"""`protocol`: the protocol as it runs, as a readable book in Markdown."""

import argparse
from typing import Any

from bot.book import markdown
from bot.settings import SettingsError
from content.loader import languages, load_content
from flows.loader import load_flow
from flows.patients import load_patients


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "protocol",
        help="print the protocol as a readable book",
        description="Prints every question, rule and pathway item as it runs, with its words, "
        "conditions and sources, as Markdown.",
    )
    parser.add_argument("--language", metavar="L", default="en", help="the language of the words")
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Print the book."""
    if given.language not in languages():
        raise SettingsError(
            (
                f"--language {given.language} is not spoken here; choose of: {', '.join(languages())}.",
            )
        )
    flow = load_flow()
    print(markdown(flow, load_content(given.language, flow), load_patients(flow)))
    return 0
