"""The page docs/proof.md, written anew: `python -m tests.proof_page`; tests hold it to that.

`--checks` leaves what `make mutate` said as it stands: that takes minutes, and follows from the
protocol and its test patients alone, while the rest also changes with the words.
"""

import argparse
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

Everything that an interview can come to has a witness: a question that is asked, an option that is
chosen, an end, a rule that gives the urgency, a pathway item and each term of it that counts in a
pathway that is found, a certainty, a link. A witness is one sheet of answers;
`plumbline check --explore --witness` prints them all, as JSON that `plumbline assess` takes. The search
walks the same merged states, goes on where its aim can still come true, and needs no solver. Where it
finds nothing it has tried every state: what is dead is an error with the path that leads closest, the
question where it breaks off, and why. On a small flow it is held against trying every answer, for the
flow and for altered copies of it (`tests/flows/test_reaching.py`).

Texts are reached where a patient is shown them. Every witness is shown the real screens, in a copy of
the words in which each text of `questions.yaml`, `results.yaml` and `concerns.yaml` carries a mark of
its own; examples of what people type raise the concerns, and every reply is tried. A text whose mark
turns up nowhere is an error with its file, line and key. One witness for each different urgency and
set of pathways then taps through the whole dialogue in the plain words, and must read the words of
each text at its end. Left out are what people type for an answer, which is never shown, and the line
that is said when our own look at a message fails, which no state leads to.

**The shares that the command prints are no frequencies, and must never be read or quoted as such.**
They count interviews told apart by folded answers, not patients. Each way to answer counts once,
however rare or common it is among people, and a question with many boxes to tick multiplies them. That
nearly all ways to answer end on the same day says how many boxes lead there. It says nothing about how
many patients would be sent there, how often a rule is right, or how often it alarms in vain. Nor is
the median number of questions what a median patient is asked. Only use with patients can tell that.

`plumbline check --prove` hands the same condition objects that the bot runs to the z3 solver (a
development dependency) and asks for a sheet of answers that breaks a property. "Proved" means that
there is none among all sheets; otherwise it prints one as a test patient. The translation itself is
held against the running code on made-up people. Each property is seen to fail in a copy of the
protocol that is broken for it (`tests/flows/test_proofs.py`).

`make mutate` alters the protocol in one place at a time. Each altered protocol must be refused at
load, or caught by a test patient or a property, or be proved to make the same of every sheet.
"""

MUTATED = "```\n$ make mutate\n"


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
    return MUTATED + "".join(f"{line}\n" for line in lines) + "```\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.proof_page", description=__doc__)
    parser.add_argument("--checks", action="store_true", help="only explore and prove again")
    if parser.parse_args().checks:
        _, found, lines = PAGE.read_text(encoding="utf-8").partition(MUTATED)
        mutants = found + lines
    else:
        mutants = mutated(list(told(try_all())))
    PAGE.write_text(f"{HEAD}\n{checked()}\n{mutants}", encoding="utf-8")


if __name__ == "__main__":
    main()
