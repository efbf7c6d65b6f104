"""From an update in a group to a deed of its staff. Translates, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, User

from bot.staff.desk import Desk, Outcome
from bot.staff.ports import Group, Member
from bot.telegram.addresses import address_of

COMMANDS = ("link", "unlink")
"""What a group may say to the bot."""

GROUPS = (Chat.GROUP, Chat.SUPERGROUP)


class StaffUpdates:
    """Hands to the desk what happens in groups.

    ``posts_changed`` is called when messages of a group are to be changed.
    """

    def __init__(
        self, bot_id: int, bot_name: str, desk: Desk, posts_changed: Callable[[], None]
    ) -> None:
        self._bot_id = bot_id
        self._bot_name = bot_name
        self._desk = desk
        self._posts_changed = posts_changed

    async def command(self, message: Message, name: str, argument: str, event_id: str) -> Outcome:
        """``/link`` or ``/unlink`` in a group."""
        group = self._group(message.chat)
        member = self._member(message.from_user, message.sender_chat)
        if name == "link":
            return self._noted(await self._desk.link(group, member, argument, event_id))
        return self._noted(await self._desk.unlink(group, member, event_id))

    async def press(self, query: CallbackQuery, chat: Chat, data: str, event_id: str) -> Outcome:
        """A button in a group."""
        member = self._member(query.from_user)
        return self._noted(await self._desk.press(self._group(chat), member, data, event_id))

    async def started(self, message: Message, argument: str, event_id: str) -> Outcome | None:
        """``/start`` with something behind it, in a chat of one's own; None: not of the staff."""
        return await self._desk.started(self._member(message.from_user), argument, event_id)

    async def membership(self, change: ChatMemberUpdated, event_id: str) -> Outcome:
        """The bot was added to a group, or is no longer in it."""
        group = self._group(change.chat)
        was, now = (_inside(change.old_chat_member), _inside(change.new_chat_member))
        if not now:
            await self._desk.left(group.address)
        elif not was:
            return await self._desk.joined(group, self._member(change.from_user), event_id)
        return Outcome()

    async def moved(self, message: Message) -> None:
        """The group was made into a supergroup."""
        if message.migrate_to_chat_id is not None:
            await self._desk.moved(
                address_of(self._bot_id, message.chat.id),
                address_of(self._bot_id, message.migrate_to_chat_id),
            )
            self._posts_changed()

    def _group(self, chat: Chat) -> Group:
        return Group(address_of(self._bot_id, chat.id), bool(chat.username), self._bot_name)

    def _member(self, user: User | None, as_chat: Chat | None = None) -> Member:
        """Who it is. Who writes in the name of the group is the group, of whom no more is known."""
        if as_chat is not None or user is None:
            id = as_chat.id if as_chat else 0
            title = (as_chat.title or "") if as_chat else ""
            return Member(address_of(self._bot_id, id), title or "?", None)
        return Member(address_of(self._bot_id, user.id), user.full_name, user.language_code)

    def _noted(self, outcome: Outcome) -> Outcome:
        if outcome.posts:
            self._posts_changed()
        return outcome


def _inside(member: ChatMember) -> bool:
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)
