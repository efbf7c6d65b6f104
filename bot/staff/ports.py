"""What the staff's side needs of a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.clinic.clinics import Clinic
from bot.screens import Screen


@dataclass(frozen=True, slots=True)
class Signed:
    """Whether the protocol that runs is signed off for a clinic, in words of its language.

    ``line`` says all of it. ``short`` goes with each intake, and is empty where it is signed off.
    ``known`` is False where it could not be looked up, so that the words say just that.
    """

    line: str
    short: str = ""
    known: bool = True


class SignOffs(Protocol):
    """How the protocol that runs stands, looked up at each call. Never raises."""

    async def of(self, clinic: Clinic) -> Signed:
        """How it stands for one clinic."""

    async def of_each(self, clinics: Sequence[Clinic]) -> list[Signed]:
        """How it stands for each of these, all of one moment."""


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
