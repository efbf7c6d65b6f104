"""What can happen to the bot, free of any channel.

A channel (Telegram, the terminal) translates what it receives into an :class:`Event` and hands
it to the service. Nothing here knows how the event arrived.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command: ``/start abc`` is ``Command("start", "abc")``.

    The name is in lower case, without the slash and without the bot's name. The argument is what
    follows, stripped; it may be anything a person can type.
    """

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was tapped.

    ``data`` is what the button carried (:attr:`bot.screens.Choice.data`), or anything else that a
    forged or ancient button may hold. ``on_live`` tells whether the tapped message is the one
    that carries the live buttons, as far as the channel knows.
    """

    data: str
    on_live: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The patient wrote something that is not a command.

    `whole`: where a line is all that the channel can carry of an answer, as from a pipe, one tick
    alone is the whole answer, too. `hurried`: it came with many others, all at once.
    """

    text: str
    whole: bool = False
    hurried: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """The patient changed something they had written: it answers nothing, but it is heard."""

    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The patient sent something that is not text.

    ``kind`` is the channel's word for it: ``photo``, ``voice``, ``sticker``, … ``caption`` is what
    the patient wrote under it, if anything; it answers no question. ``hurried``: it came with many
    others, all at once.
    """

    kind: str
    caption: str = ""
    hurried: bool = False


@dataclass(frozen=True, slots=True)
class SharedContact:
    """The patient shared a contact. ``own`` tells whether it is their own, as the channel vouches.

    ``phone`` is the number as the channel knows it, often without a + before its country's code.
    """

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """The patient blocked the bot, or the chat is gone: nothing can be sent any more."""


@dataclass(frozen=True, slots=True)
class Unblocked:
    """The patient let the bot in again."""


@dataclass(frozen=True, slots=True)
class InGroup:
    """Somebody called the bot in a group, where nobody should speak about their health."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that was scheduled for the patient is due: of which kind, and about what."""

    kind: str
    subject: str = ""


Happening = (
    Command
    | Tap
    | Words
    | Edited
    | Unreadable
    | SharedContact
    | Blocked
    | Unblocked
    | InGroup
    | Due
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in one chat.

    ``patient`` is the channel's address of the chat, such as ``telegram:<bot id>:<chat id>`` or
    ``terminal:local``. ``id`` is unique per source (``telegram:<bot id>:<update id>``) and is what
    repeated deliveries are recognised by; ``None`` when the event cannot be repeated. ``language``
    is the channel's hint, an IETF tag such as ``en`` or ``pt-br``. ``also`` are the ids of further
    messages whose words are among these.
    """

    patient: str
    happening: Happening
    id: str | None = None
    language: str | None = None
    also: tuple[str, ...] = ()
