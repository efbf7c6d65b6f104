"""The queue of updates between the people and the bot."""

import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .bell import Bell

KINDS = frozenset(
    {
        "business_connection",
        "business_message",
        "callback_query",
        "channel_post",
        "chat_boost",
        "chat_join_request",
        "chat_member",
        "chosen_inline_result",
        "deleted_business_messages",
        "edited_business_message",
        "edited_channel_post",
        "edited_message",
        "inline_query",
        "message",
        "message_reaction",
        "message_reaction_count",
        "my_chat_member",
        "poll",
        "poll_answer",
        "pre_checkout_query",
        "purchased_paid_media",
        "removed_chat_boost",
        "shipping_query",
    }
)
DEFAULT_KINDS = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True, eq=False)
class Waiting:
    """An update the bot has not confirmed.

    Attributes:
        handed_out: a poll has had it, so the offset may confirm it. An injected update may carry
            an id below the offset; it is handed out once all the same.
        lane: updates of one lane reach a webhook one after the other.
    """

    id: int
    body: dict[str, Any]
    lane: int
    handed_out: bool = False


class Updates:
    """Updates in the order they arose, until the bot confirms them.

    Args:
        happened: rung when updates are confirmed.
        first_id: the id of the first update.
    """

    def __init__(self, happened: Bell, *, first_id: int = 700_000_001) -> None:
        self._ids = itertools.count(first_id)
        self._waiting: OrderedDict[Waiting, None] = OrderedDict()
        self.kinds = DEFAULT_KINDS
        self.acknowledged = 0
        self.last: dict[str, Any] = {}
        self.arrived = Bell()
        self.happened = happened
        self.taker: Callable[[Waiting], None] | None = None
        """Told of every new update: the webhook, while there is one."""

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting)

    def allow(self, kinds: Any) -> None:
        """Remember which kinds the bot wants; what is no list leaves the last choice alone."""
        if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds):
            self.kinds = KINDS.intersection(kind.lower() for kind in kinds) or DEFAULT_KINDS

    def add(self, kind: str, content: dict[str, Any], lane: int) -> int | None:
        """Queue an update and give its id; `None` where the bot does not want this kind."""
        if kind not in self.kinds:
            return None
        update_id = next(self._ids)
        self._put(Waiting(update_id, {"update_id": update_id, kind: content}, lane))
        return update_id

    def inject(self, body: dict[str, Any]) -> int:
        """Queue a raw update, whatever it is; one without an id gets the next."""
        update_id = body.get("update_id")
        if not isinstance(update_id, int):
            update_id = next(self._ids)
            body = {"update_id": update_id, **body}
        self._put(Waiting(update_id, body, lane=-update_id))
        return update_id

    def confirm_below(self, offset: int) -> None:
        """Forget what a poll has had and this offset confirms."""
        while (first := next(iter(self._waiting), None)) and _done(first, offset):
            self._forget(first)
        self.happened.ring()

    def confirm(self, update: Waiting) -> None:
        """Forget one update: a webhook took it."""
        if update in self._waiting:
            self._forget(update)
            self.happened.ring()

    def forget_all_but(self, count: int) -> None:
        """Forget all but the newest `count`."""
        while len(self._waiting) > count:
            self._forget(next(iter(self._waiting)))
        self.happened.ring()

    def ready(self, offset: int, limit: int) -> list[Waiting]:
        """The next updates for a poll."""
        found = (update for update in self._waiting if not _done(update, offset))
        return list(itertools.islice(found, limit))

    def _put(self, update: Waiting) -> None:
        self._waiting[update] = None
        self.last = update.body
        if self.taker:
            self.taker(update)
        self.arrived.ring()

    def _forget(self, update: Waiting) -> None:
        del self._waiting[update]
        self.acknowledged = max(self.acknowledged, update.id)


def _done(update: Waiting, offset: int) -> bool:
    return update.handed_out and update.id < offset
