"""What the staff's side needs of a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.clinic.clinics import Clinic
from bot.screens import Screen

SignOffLine = Callable[[Clinic], Awaitable[str]]
"""Whether the protocol that runs is signed off for a clinic, in a line of its language."""


class ChannelError(Exception):
    """The channel cannot do it now. ``str`` is a word of ours, fit to be stored.

    ``retry_after`` is how many seconds it asks to wait.
    """

    def __init__(self, kind: str, *, retry_after: float | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after = retry_after


class GroupGoneError(ChannelError):
    """The bot is no longer in the group, the group is gone, or anybody can join it now."""


class GroupMovedError(ChannelError):
    """The group goes on under another address."""

    def __init__(self, address: str) -> None:
        super().__init__("GroupMoved")
        self.address = address


@dataclass(frozen=True, slots=True)
class Group:
    """A group. ``public``: anybody can join it. ``bot`` is what the bot is called there."""

    address: str
    public: bool
    bot: str


@dataclass(frozen=True, slots=True)
class Member:
    """Who did something. ``address`` is that of their chat with the bot, whether there is one or not.

    ``language`` is the channel's hint.
    """

    address: str
    name: str
    language: str | None


class People(Protocol):
    """What can be asked about people. Raises :class:`ChannelError`."""

    async def is_member(self, group: str, person: str) -> bool:
        """Whether a person is in the group now."""

    async def can_be_written_to(self, person: str) -> bool:
        """Whether a person has opened a chat with the bot, and not blocked it."""

    def link_to_open(self, payload: str) -> str:
        """A link that opens the chat with the bot and starts it with these words."""


class Wall(Protocol):
    """Where messages of a group stand. Raises :class:`ChannelError`."""

    async def post(self, group: str, screen: Screen, reply_to: int | None = None) -> int:
        """Post a message; its id."""

    async def edit(self, group: str, message: int, screen: Screen) -> bool:
        """Turn a message into this one. False: it cannot be edited any more."""

    async def remove(self, group: str, message: int) -> None:
        """Remove a message, if that is possible."""
