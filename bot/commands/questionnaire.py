"""`questionnaire`: the flow as a FHIR R4 Questionnaire."""

import argparse
import json
from typing import Any

from bot.fhir.code_systems import definitions
from bot.fhir.questionnaire import questionnaire
from bot.settings import SettingsError, load_settings
from content.countries import load_countries
from content.loader import languages, load_content
from flows.loader import load_flow


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "questionnaire",
        help="print the flow as a FHIR R4 Questionnaire",
        description="Prints the flow as a FHIR R4 Questionnaire, in one language with the others "
        "as translations. Its early ends name the emergency number of DEFAULT_COUNTRY.",
    )
    parser.add_argument("--language", metavar="L", default="en", help="the language of the words")
    parser.add_argument(
        "--with-code-systems",
        action="store_true",
        help="print a transaction Bundle of the Questionnaire and its code systems instead, to be "
        "sent to a FHIR server",
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Print the Questionnaire."""
    spoken = languages()
    if given.language not in spoken:
        raise SettingsError(
            (f"--language {given.language} is not spoken here; choose of: {', '.join(spoken)}.",)
        )
    flow = load_flow()
    contents = {code: load_content(code, flow) for code in spoken}
    country = load_countries().of(load_settings().default_country)
    printed = questionnaire(flow, contents, given.language, country)
    if given.with_code_systems:
        printed = definitions(flow, contents, printed)
    print(json.dumps(printed, ensure_ascii=False, indent=2))
    return 0
