"""What the bot called, in order."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

from .errors import Breach, Refused
from .parameters import Parameters


@dataclass(slots=True, eq=False)
class Call:
    """One call of a method.

    Attributes:
        method: its name as Telegram spells it.
        at: when it arrived, in seconds of the event loop's clock.
        applied: whether it took effect.
        error: what was answered instead of a result, a fault's answer too.
        result: the result, whether or not the answer got through.
        lost: a fault kept the answer from the caller.
    """

    method: str
    parameters: Parameters
    at: float
    applied: bool = False
    error: Refused | None = None
    result: Any = None
    lost: bool = False

    def __getitem__(self, name: str) -> Any:
        """A parameter as it was sent; structured ones as read from their JSON."""
        return self.parameters.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, or `default` where it was not sent."""
        return self.parameters.values.get(name, default)


class Calls:
    """A log of calls, the newest `kept` of them (`None`: all).

    Counts and breaches are complete whatever is kept. `in_responses` counts the calls that were
    made in a response to a webhook's post, `refusals` those that were turned down.
    """

    def __init__(self, kept: int | None) -> None:
        self._calls: deque[Call] = deque(maxlen=kept)
        self.counts: Counter[str] = Counter()
        self.breaches: list[str] = []
        self.in_responses = 0
        self.refusals = 0

    def add(self, call: Call) -> None:
        """Log a call as it arrives."""
        self._calls.append(call)
        self.counts[call.method] += 1

    def refused(self, call: Call, error: Refused) -> None:
        """Note that a call was turned down."""
        call.error = error
        self.refusals += 1
        if isinstance(error, Breach):
            self.breaches.append(f"{call.method}: {error.description}")

    def clear(self) -> None:
        """Forget the calls so far, not the breaches."""
        self._calls.clear()
        self.counts.clear()

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> list[Call]: ...
    def __getitem__(self, index: int | slice) -> Call | list[Call]:
        if isinstance(index, slice):
            return list(self._calls)[index]
        return self._calls[index]
