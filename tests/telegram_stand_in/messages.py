"""The methods that change what a person sees."""

import time
from collections.abc import Callable
from typing import Any

from . import checks
from .chats import Chat, File, Message, World
from .errors import breach, refusal
from .parameters import Parameters, Upload
from .taps import Taps

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Messages:
    """Sending, editing, deleting, and the answers to taps."""

    def __init__(self, world: World, taps: Taps) -> None:
        self._world = world
        self._taps = taps
        self.methods: dict[str, Callable[[Parameters], Any]] = {
            "sendMessage": self.send_message,
            "sendDocument": self.send_document,
            "sendPhoto": self.send_photo,
            "sendChatAction": self.send_chat_action,
            "editMessageText": self.edit_text,
            "editMessageReplyMarkup": self.edit_markup,
            "deleteMessage": self.delete,
            "pinChatMessage": self.pin,
            "answerCallbackQuery": self.answer_tap,
            "getFile": self.get_file,
        }

    def send_message(self, call: Parameters) -> dict[str, Any]:
        text, entities = checks.message_text(call)
        return self._send(call, text=text, entities=entities)

    def send_document(self, call: Parameters) -> dict[str, Any]:
        upload, file = self._file(call, "document")
        if upload is not None:
            checks.document(upload)
            file = self._world.new_file(upload.name, upload.media_type, upload.content)
        text, entities = checks.caption(call)
        return self._send(call, document=file, text=text, entities=entities)

    def send_photo(self, call: Parameters) -> dict[str, Any]:
        upload, file = self._file(call, "photo")
        if upload is not None:
            width, height = checks.photo(upload)
            file = self._world.new_file(
                upload.name, upload.media_type, upload.content, width=width, height=height
            )
        text, entities = checks.caption(call)
        return self._send(call, photo=file, text=text, entities=entities)

    def send_chat_action(self, call: Parameters) -> bool:
        checks.chat_action(call)
        self._world.chat_to_write(call)
        return True

    def edit_text(self, call: Parameters) -> dict[str, Any]:
        text, entities = checks.message_text(call)
        rows = checks.reply_markup(call, only_inline=True)
        message = self._to_edit(call)
        if message.document or message.photo or message.other:
            raise refusal("there is no text in the message to edit")
        if (text, entities, rows) == (message.text, message.entities, message.rows):
            raise refusal(_NOT_MODIFIED)
        message.text, message.entities = text, entities
        return self._edited(message, rows, worded=True)

    def edit_markup(self, call: Parameters) -> dict[str, Any]:
        rows = checks.reply_markup(call, only_inline=True)
        message = self._to_edit(call)
        if rows == message.rows:
            raise refusal(_NOT_MODIFIED)
        return self._edited(message, rows, worded=False)

    def delete(self, call: Parameters) -> bool:
        message = self._world.message_to("delete", call)
        if message.too_old or (message.chat.user is None and not message.from_bot):
            raise refusal("message can't be deleted for everyone")
        message.deleted = True
        message.chat.bump()
        return True

    def pin(self, call: Parameters) -> bool:
        message = self._world.message_to("pin", call)
        call.flag("disable_notification")
        chat = message.chat
        if chat.user is None and not (chat.bot_status == "administrator" and chat.bot_may_pin):
            raise refusal("not enough rights to manage pinned messages in the chat")
        if message in chat.pins:
            return True
        chat.pins.append(message)
        self._world.new_message(chat, self._world.bot, other={"pinned_message": message.as_json()})
        chat.bump()
        return True

    def answer_tap(self, call: Parameters) -> bool:
        text = checks.at_most(call, "text", checks.MAX_CALLBACK_ANSWER, "MESSAGE_TOO_LONG")
        url = call.text("url") or None
        if url is not None and not url.startswith(
            f"https://t.me/{self._world.bot.username}?start="
        ):
            raise breach("URL_INVALID")
        self._taps.answer(
            call.text("callback_query_id"), text, alert=call.flag("show_alert"), url=url
        )
        return True

    def get_file(self, call: Parameters) -> dict[str, Any]:
        file = self._world.files.get(call.text("file_id"))
        if file is None:
            raise breach("invalid file_id")
        return {**file.as_json(), "file_path": file.path}

    def _file(self, call: Parameters, name: str) -> tuple[Upload | None, File | None]:
        """What was uploaded, or else the file an id stands for."""
        upload = call.upload(name)
        if upload is not None:
            return upload, None
        file_id = call.text(name)
        if not file_id:
            raise breach(f"there is no {name} in the request")
        file = self._world.files.get(file_id)
        if file is None:
            # Not the bot's fault: an id is good for one bot only, and Telegram may forget it.
            raise refusal("wrong file identifier/HTTP URL specified")
        return None, file

    def _send(self, call: Parameters, **content: Any) -> dict[str, Any]:
        rows = checks.reply_markup(call)
        chat = self._world.chat_to_write(call)
        self._check_reply(call, chat)
        message = self._world.new_message(chat, self._world.bot, rows=rows, **content)
        message.worded_at = message.buttoned_at = chat.bump()
        return message.as_json()

    def _check_reply(self, call: Parameters, chat: Chat) -> None:
        reply = call.structure("reply_parameters", "reply parameters")
        if reply is None:
            return
        if not isinstance(reply, dict):
            raise breach("object expected as reply parameters")
        replied = chat.by_id.get(reply.get("message_id", 0))
        gone = replied is None or replied.deleted
        if gone and not reply.get("allow_sending_without_reply"):
            raise refusal("message to be replied not found")

    def _to_edit(self, call: Parameters) -> Message:
        message = self._world.message_to("edit", call)
        if message.too_old or not message.from_bot:
            raise refusal("message can't be edited")
        return message

    def _edited(self, message: Message, rows: checks.Rows, *, worded: bool) -> dict[str, Any]:
        message.former_rows = message.rows or message.former_rows
        message.rows = rows
        message.edit_date = int(time.time())
        message.buttoned_at = message.chat.bump()
        if worded:
            message.worded_at = message.buttoned_at
        return message.as_json()
