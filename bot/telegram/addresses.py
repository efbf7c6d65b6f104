"""Names of chats and updates, inside and outside of Telegram."""

from __future__ import annotations

from typing import Any

Raw = dict[str, Any]
"""One update as Telegram sends it, not yet looked into: nothing of it is certain."""


ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that are asked for."""


def address_of(bot_id: int, chat_id: int | str) -> str:
    """The patient's address: ``telegram:<bot id>:<chat id>``."""
    return f"telegram:{bot_id}:{chat_id}"


def event_id_of(bot_id: int, update_id: int) -> str:
    """The event's id: ``telegram:<bot id>:<update id>``."""
    return f"telegram:{bot_id}:{update_id}"


def chat_of(address: str) -> int:
    """The chat id in an address. Raises ``ValueError`` for anything but a Telegram address."""
    channel, bot_id, chat_id = address.split(":")
    if channel != "telegram" or not bot_id:
        raise ValueError("not a Telegram address")
    return int(chat_id)


def update_id_in(raw: object) -> int | None:
    """The id of a raw update, if it has one."""
    if isinstance(raw, dict):
        update_id = raw.get("update_id")
        if isinstance(update_id, int) and not isinstance(update_id, bool):
            return update_id
    return None


def chat_in(raw: Raw) -> Raw | None:
    """The chat of a raw update, if it can be found: its ``id`` is a whole number."""
    for kind, content in raw.items():
        if kind == "update_id" or not isinstance(content, dict):
            continue
        holder = content.get("message") if kind == "callback_query" else content
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            return chat
    return None


def tapped_in(raw: Raw) -> tuple[int, int] | None:
    """The chat and the message that were tapped, where that is a message in a private chat."""
    query = raw.get("callback_query")
    message = query.get("message") if isinstance(query, dict) else None
    chat = chat_in(raw)
    if not isinstance(message, dict) or chat is None or chat.get("type") != "private":
        return None
    message_id = message.get("message_id")
    return (chat["id"], message_id) if isinstance(message_id, int) else None
