"""Taps on buttons, and the answers a person sees to them."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from .chats import Message, User
from .errors import refusal


@dataclass(frozen=True, slots=True)
class Toast:
    """A short line shown over the chat; an alert has to be closed by hand."""

    text: str
    alert: bool = False
    url: str | None = None
    """What the tap opens, instead of showing anything."""


@dataclass(slots=True, eq=False)
class Tap:
    """One tap: the bot may answer it once, and not too late."""

    id: str
    user: User
    message: Message
    data: str
    answer: Toast | None = None
    """What the bot answered; its text may be empty."""
    expired: bool = False
    """Too late to be answered; tests set it."""
    toasts: list[Toast] = field(default_factory=list)
    """Where the person keeps what was shown."""

    def as_json(self) -> dict[str, Any]:
        """A `CallbackQuery` of the Bot API."""
        return {
            "id": self.id,
            "from": self.user.as_json(),
            "message": self.message.as_json_in_tap(),
            "chat_instance": str(-self.message.chat.id),
            "data": self.data,
        }


class Taps:
    """The taps that wait for an answer."""

    def __init__(self) -> None:
        self._ids = itertools.count(4_000_000_000_000_001)
        self._open: dict[str, Tap] = {}

    def new(self, user: User, message: Message, data: str, toasts: list[Toast]) -> Tap:
        """A person tapped a button; what they are shown for it goes to `toasts`."""
        tap = Tap(str(next(self._ids)), user, message, data, toasts=toasts)
        self._open[tap.id] = tap
        return tap

    def answer(self, tap_id: str, text: str, *, alert: bool, url: str | None = None) -> None:
        """Show the answer to whoever tapped.

        Raises:
            Refused: there is no such tap, or it was answered, or it is too late.
        """
        tap = self._open.pop(tap_id, None)
        if tap is None or tap.expired:
            raise refusal("query is too old and response timeout expired or query ID is invalid")
        tap.answer = Toast(text, alert, url)
        if text or url:
            tap.toasts.append(tap.answer)
        tap.message.chat.changed.ring()
