"""The page docs/proof.md, written anew: `python -m tests.proof_page`; tests hold it to that."""

from pathlib import Path

from bot.commands.exploring import explored
from bot.commands.proving import proved
from flows.loader import load_flow
from tests.mutation.trial import told, try_all

PAGE = Path(__file__).resolve().parent.parent / "docs" / "proof.md"

HEAD = """# What is proved of the protocol

Three checks look at the whole protocol, not at samples of it. CI runs all three.

`plumbline check --explore` walks every state of the conversation. Answers are folded to what any
condition of a question, an end, a rule or an item can tell apart; states are merged where everything
that can still be asked, and every end before the last question, is the same. The numbers of states,
interviews and sheets are exact. The machine is tried on one conversation for each merged state:
every folded answer from it, back and on again, then every answer of one finished interview for
each set of questions asked, changed to every other.

`plumbline check --prove` hands the same condition objects that the bot runs to the z3 solver (a
development dependency) and asks for a sheet of answers that breaks a property. "Proved" means that
there is none among all sheets; otherwise it prints one as a test patient. The translation itself is
held against the running code on made-up people. Each property is seen to fail in a copy of the
protocol that is broken for it (`tests/flows/test_proofs.py`).

`make mutate` alters the protocol in one place at a time. Each altered protocol must be refused at
load, or caught by a test patient or a property, or be proved to make the same of every sheet.
"""


def checked() -> str:
    """What the explorer and the proof say."""
    flow = load_flow()
    parts = (("--explore", explored), ("--prove", proved))
    return "\n".join(
        f"```\n$ plumbline check {option}\n"
        + "".join(f"{line}\n" for line, _ in part(flow))
        + "```\n"
        for option, part in parts
    )


def mutated(lines: list[str]) -> str:
    """What the altered protocols came to."""
    return "```\n$ make mutate\n" + "".join(f"{line}\n" for line in lines) + "```\n"


def main() -> None:
    page = "\n".join((HEAD, checked(), mutated(list(told(try_all())))))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
