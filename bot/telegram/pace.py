"""Who writes faster than anybody can read an answer: they are answered once, when they are done."""

from collections import deque
from collections.abc import Callable
from time import monotonic

MOST, WITHIN = 8, 5.0
"""More messages than so many within so many seconds are a flood, not a conversation."""

QUIET, LONGEST = 1.0, 10.0
"""Seconds of quiet after which a flood is answered, and after which it is answered all the same."""

MOST_CHATS = 1_000
"""Chats after which those that have been silent are forgotten."""


class Pace:
    """Counts what each chat has written in the last seconds. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._written: dict[int, deque[float]] = {}

    def hurried(self, chat_id: int) -> bool:
        """Count one more message of a chat; whether it is one of a flood."""
        now = self._clock()
        if chat_id not in self._written and len(self._written) >= MOST_CHATS:
            self._written = {
                chat: times for chat, times in self._written.items() if times[-1] > now - WITHIN
            }
        times = self._written.setdefault(chat_id, deque(maxlen=MOST))
        flood = len(times) == MOST and times[0] > now - WITHIN
        times.append(now)
        return flood
