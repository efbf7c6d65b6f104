"""Who writes faster than anybody can read an answer: they are answered once, when they are done.

Messages that were sent before the answer to an earlier one could be read answer no question. They
are read for what cannot wait, many in one transaction, so that nobody else waits for them.
"""

from collections.abc import Callable, Sequence
from time import monotonic

from bot.telegram.addresses import Raw, chat_in

MOST = 8
"""Messages of one chat that may wait before they count as a flood."""

MOST_UNANSWERED = 8
"""Messages in a row that did not wait for an answer are a flood. Nobody types so fast."""

TOGETHER, LETTERS = 100, 20_000
"""Messages, and characters of them, that are read in one go."""

QUIET, LONGEST = 1.0, 10.0
"""Seconds of quiet after which a flood is answered, and after which it is answered all the same."""

MOST_CHATS = 1_000
"""Chats after which those that have been silent are forgotten."""


def text_in(raw: Raw) -> str | None:
    """The words of an update that is nothing but a written message in a private chat."""
    message = raw.get("message")
    chat = chat_in(raw)
    if not isinstance(message, dict) or chat is None or chat.get("type") != "private":
        return None
    text = message.get("text")
    return text if isinstance(text, str) and not text.startswith("/") else None


def flood(waiting: Sequence[tuple[int, Raw]]) -> int:
    """How many of the updates that wait in a chat, from the first on, are to be read in one go."""
    letters = 0
    for count, (_, raw) in enumerate(waiting):
        text = text_in(raw)
        letters += len(text or "")
        if text is None or count == TOGETHER or letters > LETTERS:
            return count if count > MOST else 0
    return len(waiting) if len(waiting) > MOST else 0


class Pace:
    """Knows who floods. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until: dict[int, float] = {}
        self._unanswered: dict[int, int] = {}

    def floods(self, chat_id: int) -> None:
        """A chat floods; what comes until it has been quiet for a while belongs to it."""
        now = self._clock()
        if len(self._until) >= MOST_CHATS:
            self._until = {chat: until for chat, until in self._until.items() if until > now}
        if len(self._unanswered) >= MOST_CHATS:
            self._unanswered.clear()
        self._until[chat_id] = now + QUIET

    def hurried(self, chat_id: int, *, answered: bool) -> bool:
        """Whether a message of this chat belongs to a flood.

        ``answered``: everything was sent that the messages before it brought about. Several in a
        row that did not wait for that are a flood, too.
        """
        if answered:
            self._unanswered.pop(chat_id, None)
        else:
            count = self._unanswered[chat_id] = self._unanswered.get(chat_id, 0) + 1
            if count >= MOST_UNANSWERED:
                self.floods(chat_id)
        if self._until.get(chat_id, 0.0) <= self._clock():
            self._until.pop(chat_id, None)
            return False
        self.floods(chat_id)
        return True
