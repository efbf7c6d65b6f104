"""`check --prove`: what is proved of the protocol, line by line. Needs the solver z3."""

from collections.abc import Iterator

from flows.concerns import load_concerns
from flows.models import Flow
from flows.proof.known import IDLE_CODES, LOWERING_TICKS

NO_SOLVER = "check --prove needs the solver z3: install the development dependencies (make venv)"


def proved(flow: Flow) -> Iterator[tuple[str, bool]]:
    """Each property with "proved" or a counter-example; then the exceptions that are known."""
    # Imported here: only who asks for a proof needs the solver.
    from flows.proof.proofs import prove  # noqa: PLC0415

    count = 0
    for proof in prove(flow, load_concerns(flow)):
        count += 1
        verdict = "proved" if proof.proved else "does not hold"
        yield f"{proof.of.id}: {verdict}. {proof.of.sentence}", proof.proved
        for failure in proof.failures:
            for line in failure.lines(flow):
                yield f"  {line}", False
    for (question, code), reason in LOWERING_TICKS.items():
        yield f"exception, any_tick_never_lowers: {question} {code}: {reason}", True
    for (rule, question, code), reason in IDLE_CODES.items():
        yield f"exception, no_code_idle: {rule}, {question} {code}: {reason}", True
    yield f"properties: {count} looked at, each for every sheet of answers", True
