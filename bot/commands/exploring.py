"""`check --explore`: every state of the conversation, counted, and every way out of it tried."""

from collections.abc import Iterator

from flows.deciding import deciding
from flows.explorer import Explored, explore
from flows.machine import ConversationMachine
from flows.models import Flow
from flows.stepping import step_through


def explored(flow: Flow) -> Iterator[tuple[str, bool]]:
    """What the walk found, line by line; what is dead or unsound is a finding with its path."""
    found = explore(flow)
    yield (
        (
            f"states told apart: {found.states:,} (exact), merged to {found.merged:,} that differ in "
            "what can follow"
        ),
        True,
    )
    yield (
        (
            f"interviews told apart: {found.interviews:,} (exact), of {found.sheets:,} sheets of "
            "answers (exact, free text left out)"
        ),
        True,
    )
    lengths = found.lengths
    yield (
        (
            f"questions in an interview: {min(lengths)} at least, {max(lengths)} at most, "
            f"{found.length(0.5)} in the median of the interviews told apart"
        ),
        True,
    )
    yield from _reached(flow, found)
    yield from _decided(flow, found)
    stepped = step_through(ConversationMachine(flow), found)
    yield (
        (
            f"machine_moves_as_computed: on one conversation for each merged state: {stepped.onward:,} answers, "
            f"{stepped.back:,} times back, {stepped.changes:,} changes, each to the position computed "
            "from the answers"
        ),
        not stepped.wrong,
    )
    for wrong in stepped.wrong:
        yield wrong, False


def _reached(flow: Flow, found: Explored) -> Iterator[tuple[str, bool]]:
    for question in flow.questions:
        if question.id not in found.asked:
            yield f"{question.id} is never asked", False
    ends = {"emergency", "result", *(end.id for end in flow.ends)}
    for end in sorted(ends - found.ends.keys()):
        yield f"nobody ever ends at {end}", False
    options = sum(len(question.codes) for question in flow.questions)
    yield (
        (
            f"reached: {len(found.asked)} of {len(flow.questions)} questions, {len(found.options)} of "
            f"{options} options, {len(found.ends)} of {len(ends)} ends; every state leads to an end"
        ),
        len(found.options) == options,
    )


def _decided(flow: Flow, found: Explored) -> Iterator[tuple[str, bool]]:
    rules, urgencies = deciding(flow)
    for name, count in urgencies.items():
        yield f"ends {name}: {count:,} interviews ({count / found.interviews:.1e} of all)", True
    for rule in flow.rules:
        count = rules.get(rule.id, 0)
        yield (
            f"{rule.id} gives the urgency of {count:,} interviews ({count / found.interviews:.1e})",
            count > 0,
        )
