"""`check --explore`: every state of the conversation, counted, and every way out of it tried."""

import json
from collections.abc import Iterator

from bot.commands.showing import texts_shown
from flows.answers import as_json
from flows.deciding import deciding
from flows.explorer import Explored, explore
from flows.machine import ConversationMachine
from flows.models import Flow
from flows.reaching import Reached, Sort, reach
from flows.stepping import step_through


def explored(flow: Flow, *, witnesses: bool = False) -> Iterator[tuple[str, bool]]:
    """What the walk found, line by line; what is dead or unsound is a finding with its path.

    With `witnesses` a line for each, with the answers as `assess` takes them.
    """
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
    reached = reach(flow)
    yield from _reached(reached)
    if witnesses:
        yield from witness_lines(reached)
    yield from texts_shown(flow, reached)
    yield from _decided(flow, found, reached)
    yield from _stepped(flow, found)


def _stepped(flow: Flow, found: Explored) -> Iterator[tuple[str, bool]]:
    try:
        machine = ConversationMachine(flow)
    except ValueError as error:
        yield f"the machine cannot be made: {error}", False
        return
    stepped = step_through(machine, found)
    yield (
        (
            "machine_moves_as_computed: on one conversation for each merged state, taken on to an end: "
            f"{stepped.onward:,} answers, {stepped.back:,} times back, {stepped.changes:,} changes, each "
            "to the position computed from the answers"
        ),
        not stepped.wrong,
    )
    for wrong in stepped.wrong:
        yield wrong, False


_SORTS = {
    Sort.QUESTION: "questions are asked",
    Sort.OPTION: "options are chosen in an interview that ends",
    Sort.END: "ends are come to",
    Sort.RULE: "rules give the urgency",
    Sort.ITEM: "pathway items count in a pathway that is found",
    Sort.TERM: "terms of pathway items count in a pathway that is found",
    Sort.CERTAINTY: "pathways are called likely or possible",
    Sort.LINK: "links are named",
}


def _reached(reached: Reached) -> Iterator[tuple[str, bool]]:
    for unreached in reached.unreached:
        yield str(unreached), False
    for sort, what in _SORTS.items():
        count = len(reached.of(sort))
        missing = sum(one.aim.sort is sort for one in reached.unreached)
        yield f"reached, each with a witness: {count} of {count + missing} {what}", not missing


def witness_lines(reached: Reached) -> Iterator[tuple[str, bool]]:
    """Each witness with its answers, as a line that `assess` takes."""
    for witness in reached.witnesses:
        answers = {id: as_json(answer) for id, answer in witness.answers.items()}
        sheet = json.dumps({"answers": answers}, ensure_ascii=False)
        yield f"witness {witness.aim.sort} {witness.aim.id}: {sheet}", True


def _decided(flow: Flow, found: Explored, reached: Reached) -> Iterator[tuple[str, bool]]:
    """In how many of the interviews told apart each rule decides; that is no frequency."""
    rules, urgencies = deciding(flow)
    yield (
        (
            "the shares below are of interviews told apart: they count folded answers, not patients, "
            "and are no frequency"
        ),
        True,
    )
    for name, count in urgencies.items():
        yield f"ends {name}: {count:,} interviews ({count / found.interviews:.1e} of all)", True
    witnessed = {witness.aim.id for witness in reached.of(Sort.RULE)}
    for rule in flow.rules:
        count = rules.get(rule.id, 0)
        yield (
            f"{rule.id} gives the urgency of {count:,} interviews ({count / found.interviews:.1e})",
            (count > 0) is (rule.id in witnessed),
        )
