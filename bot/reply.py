"""What the service hands back to a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens import Showing
from bot.store.contract import Sending


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service hands back to the channel after one event is committed.

    ``notice`` is a short plain line to show beside a tap, at most :data:`bot.screens.NOTICE_LIMIT` characters.
    ``pending`` tells that the outbox holds something for this patient. ``moved_to`` names the state
    that the conversation came to, if it moved, for logs and counts. ``queued`` is what the outbox
    holds, entry by entry, where that is known and is for this worker to send.
    """

    notice: str | None
    pending: bool
    moved_to: str = ""
    urgency: str = ""
    queued: Sequence[tuple[Sending, Showing]] | None = None
