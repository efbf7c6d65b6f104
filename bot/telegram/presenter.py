"""The calls that bring one screen before a patient's eyes.

The live message is the newest one of a chat that carries buttons. A screen either takes its place
or goes below it, and then takes its buttons off if it brings buttons of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from telegram import Bot, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.screens import CAPTION_LIMIT, Attachment, Screen, Showing
from bot.store.contract import UNSET, Json, Unset
from bot.telegram.quiet import kind_of
from bot.telegram.render import (
    Keyboard,
    ReplyKeyboard,
    keyboard,
    plain,
    reply_keyboard,
    without_links,
)

log = logging.getLogger(__name__)

Result = TypeVar("Result")

NO_PREVIEW = {"is_disabled": True}


class ChatGoneError(Exception):
    """Nothing can be sent to this chat any more."""


class Presenter:
    """Shows screens through a bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def show(self, chat_id: int, showing: Showing, live: Json | None) -> Json | Unset | None:
        """Make the calls. ``live`` is the note of the live message; returns it from now on.

        Raises :class:`ChatGoneError` or what python-telegram-bot raises.
        """
        try:
            return await self._bring(chat_id, showing, live)
        except BadRequest as error:
            if reason_of(error) != "link":
                raise
            # A clinic's address that Telegram does not take must not keep a result from anybody.
            log.error("link refused by Telegram", extra={"screen": showing.screen.name})
            return await self._bring(
                chat_id, replace(showing, screen=without_links(showing.screen)), live
            )

    async def _bring(
        self, chat_id: int, showing: Showing, live: Json | None
    ) -> Json | Unset | None:
        screen = showing.screen
        if screen.pinned:
            return await self._keep_at_the_top(chat_id, screen, live)
        markup = keyboard(screen)
        if showing.in_place and live and not live.get("lasting") and screen.attachment is None:
            if await self._edited(chat_id, live["message_id"], screen, markup):
                same = live.get("shows") == screen.name
                if not same:
                    await self._take_picture_away(chat_id, live)
                if markup is None:
                    return None
                note = _note(live["message_id"], screen)
                return {**live, **note} if same else note
            await self._take_picture_away(chat_id, live)
            live = None
        if screen.attachment is not None:
            # First the file, then the words with the buttons, so that the buttons are lowest.
            alone = markup is None and not screen.attachment.caption and _fits_caption(screen.text)
            await self._send_file(
                chat_id, screen.attachment, screen.text if alone else screen.attachment.caption
            )
            if alone:
                return UNSET
        message = await self._send_words(chat_id, screen, markup or reply_keyboard(screen))
        if markup is None:
            return UNSET
        if live:
            # Only now: nothing may come before the words of an emergency.
            await self._take_buttons_off(chat_id, live["message_id"])
            await self._take_picture_away(chat_id, live)
        return _note(message["message_id"], screen)

    async def _keep_at_the_top(self, chat_id: int, screen: Screen, live: Json | None) -> Json:
        """Turn what stands at the top into this screen, so that nothing there contradicts it.

        Editing needs no right, and so holds where the bot may not pin or unpin. But an edit tells
        nobody, and is far above: so the same is said below as well.
        """
        there = live if live and live.get("shows") == screen.name else None
        if there and not await self._edited(chat_id, there["message_id"], screen, None):
            there = None
        top = (await self._send_words(chat_id, screen, None))["message_id"]
        if there:
            top = there["message_id"]
        await self._pin(chat_id, top)
        return _note(top, screen)

    async def _call(self, method: str, **parameters: object) -> Json:
        """Make a call of which only the message's id is read, if anything.

        The library's own methods would turn the whole message that comes back into objects. Telegram
        takes the names of methods in any case; in lower case they are no names of those methods,
        and the library does not look for the place to warn of that at each call.
        """
        given = {name: value for name, value in parameters.items() if value is not None}
        result: Json = await self._bot.do_api_request(method.lower(), api_kwargs=given)
        return result

    async def _edited(
        self, chat_id: int, message_id: int, screen: Screen, markup: Keyboard | None
    ) -> bool:
        """Turn a message into this screen. False: this message cannot be edited any more."""

        async def edit(text: str, parse_mode: str | None) -> object:
            return await self._call(
                "editMessageText",
                chat_id=chat_id,
                message_id=message_id,
                text=text,
                parse_mode=parse_mode,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
            )

        try:
            await self._marked_up(screen, edit)
        except BadRequest as error:
            if reason_of(error) == "gone":
                raise ChatGoneError from None
            return reason_of(error) == "not modified"
        return True

    async def _send_words(
        self, chat_id: int, screen: Screen, markup: Keyboard | ReplyKeyboard | None
    ) -> Json:
        async def send(text: str, parse_mode: str | None) -> Json:
            return await self._call(
                "sendMessage",
                chat_id=chat_id,
                text=text,
                parse_mode=parse_mode,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
            )

        try:
            return await self._marked_up(screen, send)
        except BadRequest as error:
            if reason_of(error) == "gone":
                raise ChatGoneError from None
            raise

    async def _send_file(self, chat_id: int, file: Attachment, caption: str) -> None:
        try:
            await self._bot.send_document(
                chat_id,
                InputFile(file.content, filename=file.name),
                caption=caption or None,
                parse_mode=ParseMode.HTML,
            )
        except BadRequest as error:
            if reason_of(error) == "gone":
                raise ChatGoneError from None
            raise

    async def _marked_up(
        self, screen: Screen, call: Callable[[str, str | None], Awaitable[Result]]
    ) -> Result:
        try:
            return await call(screen.text, ParseMode.HTML)
        except BadRequest as error:
            if reason_of(error) != "markup":
                raise
            # A slip in a text must not keep it from the patient.
            log.error("markup refused by Telegram; sent plain", extra={"screen": screen.name})
            return await call(plain(screen.text), None)

    async def _take_buttons_off(self, chat_id: int, message_id: int) -> None:
        """Best effort: a button that stays is recognised as an old one when it is tapped.

        Nothing is raised: the screen has been sent, and must not be sent again for this.
        """
        try:
            await self._call("editMessageReplyMarkup", chat_id=chat_id, message_id=message_id)
        except TelegramError as error:
            log.debug("buttons stay", extra={"error": kind_of(error)})

    async def _pin(self, chat_id: int, message_id: int) -> None:
        """Best effort, as above: in a group only an administrator with that right may."""
        try:
            await self._bot.pin_chat_message(chat_id, message_id, disable_notification=True)
        except TelegramError as error:
            log.debug("message not pinned", extra={"error": kind_of(error)})

    async def take_away(self, chat_id: int, message_id: int) -> None:
        """Delete a message of ours; best effort, as above."""
        try:
            await self._call("deleteMessage", chat_id=chat_id, message_id=message_id)
        except TelegramError as error:
            log.debug("message stays", extra={"error": kind_of(error)})

    async def _take_picture_away(self, chat_id: int, live: Json) -> None:
        """Delete the picture that went with a question, if there is one."""
        if live.get("picture") is not None:
            await self.take_away(chat_id, live["picture"])


def _note(message_id: int, screen: Screen) -> Json:
    return {"message_id": message_id, "lasting": screen.lasting, "shows": screen.name}


def _fits_caption(text: str) -> bool:
    return len(plain(text)) <= CAPTION_LIMIT


_REASONS = (
    ("message is not modified", "not modified"),
    ("can't parse entities", "markup"),
    ("chat not found", "gone"),
    ("user not found", "gone"),
    ("user is deactivated", "gone"),
    ("peer_id_invalid", "gone"),
    ("chat_write_forbidden", "gone"),
    ("not enough rights", "gone"),
    ("message is too long", "too long"),
    ("caption is too long", "too long"),
    ("message text is empty", "empty"),
    ("button_url_invalid", "link"),
    ("wrong http url", "link"),
    ("button_data_invalid", "button"),
    ("reply_markup", "button"),
)


def reason_of(error: TelegramError) -> str:
    """Why Telegram refused, in a word of ours: its own may quote the patient's."""
    said = error.message.lower()
    return next((word for phrase, word in _REASONS if phrase in said), "other")
