"""`check` for the emergency phrases: every language has them, and its examples come out right."""

from collections.abc import Iterator

from bot.screening import figures, load_screening
from content.loader import languages
from flows.concerns import load_concerns
from flows.errors import FlowError
from flows.models import Flow


def phrases_checked(flow: Flow, *, by_concern: bool = False) -> Iterator[tuple[str, bool]]:
    """A line for each language and whether it is sound, after a line for each wrong example.

    With `by_concern` a line for each concern too. A language without phrases or with too few
    examples is a finding.
    """
    try:
        concerns = load_concerns(flow)
        screening = load_screening(flow)
    except FlowError as error:
        yield str(error), False
        return
    for code in languages():
        if code not in screening.languages:
            yield f"phrases {code}: there are none", False
            continue
        try:
            all_figures = list(figures(screening, concerns, code))
        except FlowError as error:
            yield str(error), False
            continue
        for one in all_figures:
            yield from ((line, False) for line in one.wrong)
            if by_concern:
                counts = f"{one.to_catch} to catch, {one.to_leave} to leave alone"
                yield f"  {one.concern.level:9}  {one.concern.id:18}  {counts}", True
        examples = sum(one.to_catch + one.to_leave for one in all_figures)
        right = sum(one.right for one in all_figures)
        yield f"phrases {code}: {right} of {examples} examples as expected", right == examples
