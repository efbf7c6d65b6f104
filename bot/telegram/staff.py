"""The staff's groups on Telegram: what can be asked about their people, and their messages."""

from __future__ import annotations

from typing import Any

from telegram import Bot, ChatMember
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
    TelegramError,
)
from telegram.helpers import create_deep_linked_url

from bot.screens import Screen
from bot.staff.ports import ChannelError, GroupGoneError, GroupMovedError
from bot.telegram.addresses import address_of, chat_of
from bot.telegram.presenter import NO_PREVIEW, reason_of
from bot.telegram.quiet import kind_of
from bot.telegram.render import keyboard
from bot.telegram.waits import asked_to_wait

_INSIDE = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)
_OUT = ("kicked", "not a member", "deleted", "chat not found")


class TelegramPeople:
    """A :class:`bot.staff.ports.People`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def is_member(self, group: str, person: str) -> bool:
        try:
            member = await self._bot.get_chat_member(chat_of(group), chat_of(person))
        except BadRequest as error:
            # Telegram does not know such a person here. Anything else may be its own trouble.
            said = error.message.lower()
            # Large groups that hide their members tell only an administrator.
            hidden = "inaccessible" in said or "admin" in said
            if not hidden and any(word in said for word in ("user", "participant", "member")):
                return False
            raise ChannelError(kind_of(error)) from None
        except Forbidden:
            return False
        except TelegramError as error:
            raise ChannelError(kind_of(error)) from None
        restricted = member.status == ChatMember.RESTRICTED and getattr(member, "is_member", False)
        return member.status in _INSIDE or restricted

    async def can_be_written_to(self, person: str) -> bool:
        try:
            # Shows nothing but that the bot is writing, and is refused like a message would be.
            await self._bot.send_chat_action(chat_of(person), ChatAction.TYPING)
        except Forbidden:
            return False
        except BadRequest as error:
            if reason_of(error) == "gone":
                return False
            raise ChannelError(kind_of(error)) from None
        except TelegramError as error:
            raise ChannelError(kind_of(error)) from None
        return True

    def link_to_open(self, payload: str) -> str:
        return create_deep_linked_url(self._bot.username, payload)


class TelegramWall:
    """A :class:`bot.staff.ports.Wall`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def post(self, group: str, screen: Screen, reply_to: int | None = None) -> int:
        reply: dict[str, Any] = {}
        if reply_to is not None:
            reply = {
                "reply_parameters": {"message_id": reply_to, "allow_sending_without_reply": True}
            }
        try:
            sent = await self._call("sendMessage", group, screen, **reply)
        except TelegramError as error:
            raise self._explained(error) from None
        message = int(sent["message_id"])
        if sent["chat"].get("username"):
            # Somebody has made the group public since it was linked: anybody could read it now.
            await self.remove(group, message)
            raise GroupGoneError("GroupPublic")
        return message

    async def edit(self, group: str, message: int, screen: Screen) -> bool:
        try:
            await self._call("editMessageText", group, screen, message_id=message)
        except BadRequest as error:
            if reason_of(error) == "not modified":
                return True
            if any(word in error.message.lower() for word in ("to edit not found", "be edited")):
                return False
            raise self._explained(error) from None
        except TelegramError as error:
            raise self._explained(error) from None
        return True

    async def remove(self, group: str, message: int) -> None:
        try:
            await self._bot.delete_message(chat_of(group), message)
        except BadRequest:
            return  # It is gone already, or too old: then it stays.
        except TelegramError as error:
            raise self._explained(error) from None

    async def _call(self, method: str, group: str, screen: Screen, **more: object) -> Any:
        markup = keyboard(screen)
        given = {
            "chat_id": chat_of(group),
            "text": screen.text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": NO_PREVIEW,
            **({"reply_markup": markup} if markup else {}),
            **more,
        }
        return await self._bot.do_api_request(method, api_kwargs=given)

    def _explained(self, error: TelegramError) -> ChannelError:
        if isinstance(error, RetryAfter):
            return ChannelError(kind_of(error), retry_after=asked_to_wait(error))
        if isinstance(error, ChatMigrated):
            return GroupMovedError(address_of(self._bot.id, error.new_chat_id))
        said = error.message.lower()
        if isinstance(error, Forbidden | BadRequest) and any(word in said for word in _OUT):
            return GroupGoneError("GroupGone")
        return ChannelError(kind_of(error))
