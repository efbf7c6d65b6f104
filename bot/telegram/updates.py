"""From an update of Telegram to an event of the bot, and no further.

The handlers only translate. What an update means, what is stored and what is shown is the
service's; when it returns, everything is committed and the update may be acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from time import perf_counter
from typing import Any

from telegram import CallbackQuery, Chat, ChatMember, Message, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.events import (
    Blocked,
    Command,
    Edited,
    Event,
    Happening,
    InGroup,
    SharedContact,
    Tap,
    Unblocked,
    Unreadable,
    Words,
)
from bot.reply import Reply
from bot.screens import NOTICE_LIMIT
from bot.staff.desk import Outcome
from bot.store.contract import DamagedRecordError, Store, StoreError
from bot.telegram.addresses import (
    Raw,
    address_of,
    chat_in,
    chat_of,
    event_id_of,
    tapped_in,
)
from bot.telegram.pace import Pace, text_in
from bot.telegram.ports import Patients
from bot.telegram.quiet import kind_of, place_of
from bot.telegram.sender import Sender
from bot.telegram.staff_updates import COMMANDS, GROUPS, StaffUpdates
from bot.web.metrics import Metrics

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]

KINDS = (
    # A venue is a location too, and an animation a document: the closer word comes first.
    "animation",
    "venue",
    "audio",
    "checklist",
    "contact",
    "dice",
    "document",
    "game",
    "location",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
)
"""What a message may be instead of text, by Telegram's names."""

MOST_REFUSALS = 20
"""Times the store may refuse one update while it takes others, before that one is set aside."""

SIDE_CALLS = 100
"""Calls that nobody waits for (toasts, buttons of old messages) under way at the same time."""


class NotHandledError(Exception):
    """No handler took the update, not even the one that ignores."""


class Updates:
    """Settles updates: translated, handled by the service and committed, or set aside."""

    def __init__(
        self,
        app: App,
        service: Patients,
        store: Store,
        sender: Sender,
        commands: Iterable[str],
        metrics: Metrics,
        *,
        staff: StaffUpdates | None = None,
        answer_in_response: bool = False,
    ) -> None:
        self._app = app
        self._staff = staff
        self._bot: ExtBot[Any] = app.bot
        self._service = service
        self._store = store
        self._sender = sender
        self._done: dict[int, str] = {}
        self._failed: dict[int, BaseException] = {}
        self._tapped: dict[int, tuple[int, int]] = {}
        self._refused: dict[int, int] = {}
        self._metrics = metrics
        self._answer_in_response = answer_in_response
        self._answers: dict[int, Raw] = {}
        self._side_calls: set[asyncio.Task[None]] = set()
        self._pace = Pace()
        self._add_handlers(sorted(set(commands)))

    def _add_handlers(self, commands: list[str]) -> None:
        # Edited messages would reach every one of these too, were it not said each time.
        new = filters.UpdateType.MESSAGE
        private = new & filters.ChatType.PRIVATE
        add = self._app.add_handler
        # The first one that fits is taken, and nearly everything is a tap.
        add(CallbackQueryHandler(self._tap))
        if self._staff is not None:
            groups = new & filters.ChatType.GROUPS
            for name in COMMANDS:
                add(CommandHandler(name, self._staff_command, groups))
            add(MessageHandler(groups & filters.StatusUpdate.MIGRATE, self._migrated))
        for name in commands:
            add(CommandHandler(name, self._command, new))
        add(MessageHandler(new & filters.COMMAND, self._unknown_command))
        add(MessageHandler(private & filters.TEXT, self._words))
        add(MessageHandler(private & ~filters.StatusUpdate.ALL, self._unreadable))
        changed = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE
        add(MessageHandler(changed & (filters.TEXT | filters.CAPTION), self._changed))
        add(ChatMemberHandler(self._membership, ChatMemberHandler.MY_CHAT_MEMBER))
        add(TypeHandler(Update, self._ignore))
        self._app.add_error_handler(self._keep_error)

    async def settle(self, update_id: int, raw: Raw) -> bool:
        """Settle one update. False: nothing is committed and it must come again. Never raises."""
        began = perf_counter()
        settled, outcome = await self._settled(update_id, raw)
        self._metrics.updates.labels(outcome).inc()
        self._metrics.settle_seconds.observe(perf_counter() - began)
        if settled and log.isEnabledFor(logging.INFO):
            self._log_settled(update_id, raw, outcome, began)
        return settled

    async def _settled(self, update_id: int, raw: Raw) -> tuple[bool, str]:
        """Whether it is settled, and what became of it."""
        try:
            done = await self._process(update_id, raw)
        except DamagedRecordError as error:
            # It would fail again for ever.
            return await self._set_aside(update_id, raw, error), "set_aside"
        except StoreError as error:
            return await self._again_or_aside(update_id, raw, error), "refused"
        except Exception as error:  # noqa: BLE001 - whatever it is, the next update is served
            return await self._set_aside(update_id, raw, error), "set_aside"
        self._refused.pop(update_id, None)
        return True, done

    async def settle_flood(self, updates: Sequence[tuple[int, Raw]]) -> bool:
        """Settle many messages of one chat in one go, as one that nobody can have meant as answers.

        False: none of them is committed, or none from a certain one on. Never raises.
        """
        began = perf_counter()
        address = self._private_address(updates[0][1])
        assert address is not None  # noqa: S101 - `flood` looks for private chats only
        first, *others = [event_id_of(self._bot.id, update_id) for update_id, _ in updates]
        words = Words("\n".join(text_in(raw) or "" for _, raw in updates), hurried=True)
        self._pace.floods(chat_of(address))
        try:
            reply = await self._service.handle(
                Event(address, words, first, _language_in(updates[0][1]), also=tuple(others))
            )
        except Exception as error:  # noqa: BLE001 - one by one it is found out what is wrong
            log.info("flood taken apart", extra={"error": kind_of(error), "count": len(updates)})
            return await self._each_settled(updates)
        if reply.pending:
            self._wake(address, reply, flooding=True)
        self._metrics.updates.labels(type(words).__name__).inc(len(updates))
        self._metrics.settle_seconds.observe(perf_counter() - began)
        log.info(
            "flood settled",
            extra={
                "update": updates[0][0],
                "count": len(updates),
                "chat": self._store.key_for(address),
                "ms": round((perf_counter() - began) * 1000, 1),
            },
        )
        return True

    async def _each_settled(self, updates: Sequence[tuple[int, Raw]]) -> bool:
        for update_id, raw in updates:
            if not await self.settle(update_id, raw):
                return False
        return True

    def take_answer(self, update_id: int) -> Raw | None:
        """The call that answers an update in the webhook's own response, if there is one."""
        return self._answers.pop(update_id, None)

    async def finish(self, seconds: float) -> None:
        """Wait a little for the calls that nobody waits for, then give them up."""
        if self._side_calls:
            _, late = await asyncio.wait(set(self._side_calls), timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def _process(self, update_id: int, raw: Raw) -> str:
        """Let the handlers have it. Returns what it was; raises what they raised."""
        tapped = tapped_in(raw)
        if tapped is not None:
            self._tapped[update_id] = tapped
            raw = _without_message(raw)
        update = Update.de_json(raw, self._bot)
        try:
            await self._app.process_update(update)
            error = self._failed.get(update_id)
            if error is not None:
                raise error
            if update_id not in self._done:
                raise NotHandledError
            return self._done[update_id]
        finally:
            self._failed.pop(update_id, None)
            self._done.pop(update_id, None)
            self._tapped.pop(update_id, None)

    async def _again_or_aside(self, update_id: int, raw: Raw, error: StoreError) -> bool:
        """Let it come again, unless the store works and only this update keeps failing."""
        self._refused[update_id] = self._refused.get(update_id, 0) + 1
        if self._refused[update_id] >= MOST_REFUSALS and await self._store.healthy():
            return await self._set_aside(update_id, raw, error)
        return False

    async def _set_aside(self, update_id: int, raw: Raw, error: Exception) -> bool:
        address = self._private_address(raw)
        log.error(
            "update set aside",
            extra={
                "update": update_id,
                "chat": self._store.key_for(address) if address else None,
                "error": kind_of(error),
                "at": place_of(error),
            },
        )
        try:
            await self._service.set_aside(
                event_id_of(self._bot.id, update_id), address, kind_of(error)
            )
        except Exception as second:  # noqa: BLE001 - then it is not settled, and comes again
            log.error("not set aside", extra={"update": update_id, "error": kind_of(second)})
            return False
        self._refused.pop(update_id, None)
        if address:
            self._sender.wake(address)
        return True

    def _private_address(self, raw: Raw) -> str | None:
        chat = chat_in(raw)
        if chat is None or chat.get("type") != Chat.PRIVATE:
            return None
        return address_of(self._bot.id, chat["id"])

    def _log_settled(self, update_id: int, raw: Raw, done: str, began: float) -> None:
        chat = chat_in(raw)
        log.info(
            "update settled",
            extra={
                "update": update_id,
                "chat": self._store.key_for(address_of(self._bot.id, chat["id"])) if chat else None,
                "kind": done,
                "ms": round((perf_counter() - began) * 1000, 1),
            },
        )

    # The handlers. Each one translates; none decides anything.

    async def _command(self, update: Update, _: Context) -> None:
        message = _message(update)
        if message.chat.type == Chat.PRIVATE:
            command = command_in(message.text or "")
            if not await self._opened_by_staff(update, message, command):
                await self._handle(update, message.chat.id, command)
        elif message.chat.type in GROUPS:
            await self._handle(update, message.chat.id, InGroup())
        else:
            self._done[update.update_id] = "ignored"

    async def _unknown_command(self, update: Update, context: Context) -> None:
        message = _message(update)
        called = (message.text or "").split(maxsplit=1)[0].lower()
        # In a group a command without a name is as likely meant for another bot.
        if message.chat.type == Chat.PRIVATE or called.endswith(f"@{self._bot.username.lower()}"):
            await self._command(update, context)
        else:
            self._done[update.update_id] = "ignored"

    async def _words(self, update: Update, _: Context) -> None:
        message = _message(update)
        hurried = self._hurried(message.chat.id)
        await self._handle(update, message.chat.id, Words(message.text or "", hurried=hurried))

    async def _changed(self, update: Update, _: Context) -> None:
        message = update.edited_message
        assert message is not None  # noqa: S101 - the filter takes nothing else
        words = message.text or message.caption or ""
        await self._handle(update, message.chat.id, Edited(words))

    async def _unreadable(self, update: Update, _: Context) -> None:
        message = _message(update)
        contact = message.contact
        if contact is not None:
            sender = message.from_user
            own = sender is not None and contact.user_id == sender.id
            await self._handle(update, message.chat.id, SharedContact(contact.phone_number, own))
            return
        kind = next((kind for kind in KINDS if getattr(message, kind, None)), "other")
        hurried = self._hurried(message.chat.id)
        unreadable = Unreadable(kind, message.caption or "", hurried)
        await self._handle(update, message.chat.id, unreadable)

    async def _tap(self, update: Update, _: Context) -> None:
        query = update.callback_query
        assert query is not None  # noqa: S101 - CallbackQueryHandler takes nothing else
        message = query.message
        if message is not None and message.chat.type in GROUPS and self._staff and query.data:
            await self._staff_tap(update, query, message.chat, query.data)
            return
        if update.update_id not in self._tapped or query.data is None:
            self._done[update.update_id] = "ignored"
            self._answer(update.update_id, query, None)
            return
        chat_id, message_id = self._tapped[update.update_id]
        address = address_of(self._bot.id, chat_id)
        live_id = await self._live_message(address)
        # A newer message than the noted one has been sent but is not noted yet.
        on_live = live_id is None or message_id >= live_id
        reply = await self._handle(update, chat_id, Tap(query.data, on_live))
        self._answer(update.update_id, query, reply.notice)
        # After /delete nothing is known of the tapped message any more.
        forgotten = live_id is not None and await self._live_message(address) is None
        if forgotten or not on_live:
            self._aside(self._take_buttons_off(chat_id, message_id))

    async def _membership(self, update: Update, _: Context) -> None:
        change = update.my_chat_member
        assert change is not None  # noqa: S101 - ChatMemberHandler takes nothing else
        if change.chat.type in GROUPS and self._staff is not None:
            outcome = await self._staff.membership(change, self._event_id(update))
            self._staff_done(update, "group", outcome)
            return
        if change.chat.type != Chat.PRIVATE:
            self._done[update.update_id] = "ignored"
            return
        gone = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
        await self._handle(update, change.chat.id, Blocked() if gone else Unblocked())

    async def _staff_command(self, update: Update, _: Context) -> None:
        assert self._staff is not None  # noqa: S101 - the handler is there only with a staff
        message = _message(update)
        command = command_in(message.text or "")
        self._staff_done(
            update,
            "staff",
            await self._staff.command(
                message, command.name, command.argument, self._event_id(update)
            ),
        )

    async def _staff_tap(self, update: Update, query: CallbackQuery, chat: Chat, data: str) -> None:
        assert self._staff is not None  # noqa: S101 - looked at before
        outcome = await self._staff.press(query, chat, data, self._event_id(update))
        self._staff_done(update, "staff", outcome)
        self._answer(update.update_id, query, outcome.notice, outcome.url)

    async def _opened_by_staff(self, update: Update, message: Message, command: Command) -> bool:
        if self._staff is None or command.name != "start":
            return False
        outcome = await self._staff.started(message, command.argument, self._event_id(update))
        if outcome is not None:
            self._staff_done(update, "staff", outcome)
        return outcome is not None

    async def _migrated(self, update: Update, _: Context) -> None:
        assert self._staff is not None  # noqa: S101 - the handler is there only with a staff
        await self._staff.moved(_message(update))
        self._done[update.update_id] = "group"

    def _staff_done(self, update: Update, kind: str, outcome: Outcome) -> None:
        self._done[update.update_id] = kind
        for address in outcome.wake:
            self._sender.wake(address)

    def _event_id(self, update: Update) -> str:
        return event_id_of(self._bot.id, update.update_id)

    async def _ignore(self, update: Update, _: Context) -> None:
        self._done[update.update_id] = "ignored"

    async def _keep_error(self, update: object, context: Context) -> None:
        """The library swallows what a handler raises; it is wanted in :meth:`settle`."""
        if isinstance(update, Update) and context.error is not None:
            self._failed[update.update_id] = context.error

    async def _handle(self, update: Update, chat_id: int, happening: Happening) -> Reply:
        user = update.effective_user
        address = address_of(self._bot.id, chat_id)
        reply = await self._service.handle(
            Event(
                patient=address,
                happening=happening,
                id=event_id_of(self._bot.id, update.update_id),
                language=user.language_code if user else None,
            )
        )
        self._done[update.update_id] = type(happening).__name__
        if not reply.pending:
            return reply
        self._wake(
            address,
            reply,
            flooding=isinstance(happening, Words | Unreadable) and happening.hurried,
        )
        return reply

    def _hurried(self, chat_id: int) -> bool:
        answered = not self._sender.owes(address_of(self._bot.id, chat_id))
        return self._pace.hurried(chat_id, answered=answered)

    def _wake(self, address: str, reply: Reply, *, flooding: bool) -> None:
        """Have it sent: at once, unless it only says again where a flood found things."""
        if flooding and not reply.moved_to:
            self._sender.wake_when_quiet(address)
        else:
            self._sender.wake(address, reply.queued)

    async def _live_message(self, address: str) -> int | None:
        live = await self._store.live(address)
        return live["message_id"] if live else None

    # Calls that the lane does not wait for: they are a courtesy, and nothing hangs on them.

    def _aside(self, call: Coroutine[Any, Any, object]) -> None:
        if len(self._side_calls) >= SIDE_CALLS:
            call.close()
            return
        task = asyncio.create_task(_quietly(call), name="telegram-aside")
        self._side_calls.add(task)
        task.add_done_callback(self._side_calls.discard)

    def _answer(
        self, update_id: int, query: CallbackQuery, notice: str | None, url: str | None = None
    ) -> None:
        """End the spinner on the button: with the webhook's response, or by a call."""
        text = (notice or "")[:NOTICE_LIMIT] or None
        if self._answer_in_response:
            answer = {"method": "answerCallbackQuery", "callback_query_id": query.id}
            more = {name: value for name, value in (("text", text), ("url", url)) if value}
            self._answers[update_id] = answer | more
        else:
            self._aside(self._bot.answer_callback_query(query.id, text, url=url))

    async def _take_buttons_off(self, chat_id: int, message_id: int) -> None:
        await self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=None)


def _language_in(raw: Raw) -> str | None:
    """The language of whoever wrote a message, if the update says so."""
    sender = raw["message"].get("from")
    language = sender.get("language_code") if isinstance(sender, dict) else None
    return language if isinstance(language, str) else None


def _without_message(raw: Raw) -> Raw:
    """The update without the message that was tapped: it is our own, and dear to parse."""
    query = {name: value for name, value in raw["callback_query"].items() if name != "message"}
    return {**raw, "callback_query": query}


async def _quietly(call: Coroutine[Any, Any, object]) -> None:
    try:
        await call
    except TelegramError as error:
        log.debug("courtesy call failed", extra={"error": kind_of(error)})


def command_in(text: str) -> Command:
    """``/Start@PlumblineBot  abc`` is the command ``start`` with the argument ``abc``."""
    first, *rest = text.split(maxsplit=1)
    return Command(first[1:].split("@", 1)[0].lower(), rest[0].strip() if rest else "")


def _message(update: Update) -> Message:
    message = update.message
    assert message is not None  # noqa: S101 - the filters let only new messages through
    return message
