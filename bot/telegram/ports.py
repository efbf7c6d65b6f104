"""What the Telegram channel needs of the rest of the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.events import Event
from bot.reply import Reply


class Patients(Protocol):
    """The service, as far as a channel knows it.

    The channel sets ``bot_link``, where a group is told to write, before the first event.
    """

    bot_link: str

    async def handle(self, event: Event) -> Reply:
        """Apply one event in one transaction, its screens queued in it.

        Raises only if nothing was committed.
        """

    async def set_aside(self, event_id: str, address: str | None, error_type: str) -> None:
        """Note an event that cannot be applied as done; tell the patient, if there is one.

        Raises only if nothing was committed.
        """


@dataclass(frozen=True, slots=True)
class BotProfile:
    """How the bot presents itself to people of one language.

    ``language`` is an IETF tag; Telegram knows languages by their two letters. ``commands`` are
    (name, description), the name without a slash; the descriptions have at most 256 characters.
    ``description`` (at most 512) is shown in the empty chat, ``short_description`` (at most 120)
    on the profile page.
    """

    language: str
    commands: tuple[tuple[str, str], ...]
    description: str
    short_description: str
