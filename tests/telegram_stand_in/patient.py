"""The people: what they do on their phones and what they see there."""

import itertools
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .chats import Button, Chat, Message, User, World, buttons_of
from .checks import Rows
from .entities import command_entities, part_of
from .taps import Tap, Taps, Toast
from .updates import Updates

T = TypeVar("T")


class Telegram:
    """What everybody's phone is connected to."""

    def __init__(self, world: World, updates: Updates, taps: Taps, patience: float) -> None:
        self.world = world
        self.updates = updates
        self.taps = taps
        self.patience = patience

    def bot_reads(self, message: Message) -> bool:
        """Whether the bot gets this message: in groups only what is addressed to it."""
        if message.chat.user is not None:
            return True
        if not message.chat.has_bot:
            return False
        commands = [
            part_of(message.text, entity)
            for entity in message.entities
            if entity["type"] == "bot_command"
        ]
        mine = (self.world.bot.username or "").lower()
        return any(command.lower().partition("@")[2] in ("", mine) for command in commands)

    def bot_status_changes(self, chat: Chat, by: User, status: str) -> None:
        """Tell the bot that it was blocked, unblocked, added or removed."""
        before = chat.member_json(self.world.bot, chat.bot_status)
        chat.bot_status = status
        self.updates.add(
            "my_chat_member",
            {
                "chat": chat.as_json(),
                "from": by.as_json(),
                "date": int(time.time()),
                "old_chat_member": before,
                "new_chat_member": chat.member_json(self.world.bot, status),
            },
            chat.id,
        )


class Patient:
    """One person in one chat.

    Whatever the patient does returns at once; what the bot does about it is awaited with `sees`
    and `taps`. Both look only at what the bot has shown since the patient last did something, so
    a dialogue never passes on an answer to an earlier line.

    Attributes:
        user: the person.
        chat: the chat, with all its messages.
        toasts: what was shown for taps, oldest first.
    """

    def __init__(self, telegram: Telegram, user: User, chat: Chat) -> None:
        self.user = user
        self.chat = chat
        self.toasts: list[Toast] = []
        self._telegram = telegram
        self._seen = chat.version
        self._toasts_seen = 0

    # What the patient does

    async def sends(self, text: str) -> Message:
        """Send a text; commands in it are marked as Telegram does."""
        return self._says(text=text, entities=command_entities(text))

    async def sends_photo(
        self, content: bytes = b"\xff\xd8\xff photo", caption: str = ""
    ) -> Message:
        """Send a photo."""
        file = self._telegram.world.new_file(
            "photo.jpg", "image/jpeg", content, width=1280, height=960
        )
        return self._says(photo=file, text=caption)

    async def sends_document(self, name: str, content: bytes, media_type: str) -> Message:
        """Send a file."""
        return self._says(document=self._telegram.world.new_file(name, media_type, content))

    async def sends_voice(self, seconds: int = 3) -> Message:
        """Send a voice note."""
        file = self._telegram.world.new_file("voice.ogg", "audio/ogg", b"OggS voice")
        return self._says(other={"voice": {**file.as_json(), "duration": seconds}})

    async def sends_sticker(self, emoji: str = "👍") -> Message:
        """Send a sticker."""
        file = self._telegram.world.new_file("sticker.webp", "image/webp", b"RIFF sticker")
        about = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._says(other={"sticker": {**file.as_json(), **about}})

    async def sends_anything(self, **content: Any) -> Message:
        """Send a message of any other kind, by the Bot API's own fields (`contact={…}`)."""
        return self._says(other=content)

    async def edits_message(self, message: Message, text: str) -> None:
        """Change a text the patient sent earlier."""
        message.text, message.entities = text, command_entities(text)
        message.edit_date = int(time.time())
        self._acts()
        if self._telegram.bot_reads(message):
            self._telegram.updates.add("edited_message", message.as_json(), self.chat.id)

    async def deletes(self, message: Message) -> None:
        """Delete a message for everybody; the bot is not told."""
        message.deleted = True

    async def taps(
        self,
        label: str | None = None,
        *,
        data: str | None = None,
        message: Message | None = None,
        timeout: float | None = None,
    ) -> Tap:
        """Tap a button.

        Without `message` it is one of the newest buttons on the screen, and the patient waits
        until the bot has reacted to what was done last and the button is there. With `message`
        the tap is immediate, and may hit a button that has gone since (as on a phone that lags).

        Args:
            label: all the words on the button, or a part that only one button has.
            data: what the button sends, instead of its words; on an older `message` it need not
                be there at all.

        Raises:
            AssertionError: there is no such button, or there are several.
        """
        if message is None:
            found = await self._waits(lambda: self._newest_button(label, data), timeout)
            if found is None:
                raise AssertionError(f"no button {label or data!r} to tap on:\n{self.screen()}")
            message, data = found[0], found[1].data
        elif label is not None:
            lagging = _only(_buttons(message.rows) or _buttons(message.former_rows), label, None)
            if lagging is None:
                raise AssertionError(f"no button {label!r} on:\n{message.render()}")
            data = lagging.data
        if data is None:
            raise AssertionError(f"the button {label!r} sends nothing")
        self._acts()
        tap = self._telegram.taps.new(self.user, message, data, self.toasts)
        self._telegram.updates.add("callback_query", tap.as_json(), self.chat.id)
        return tap

    async def blocks_bot(self) -> None:
        """Block the bot in the private chat."""
        self.chat.blocked = True
        self._telegram.bot_status_changes(self.chat, self.user, "kicked")

    async def unblocks_bot(self) -> None:
        """Unblock it again."""
        self.chat.blocked = False
        self._telegram.bot_status_changes(self.chat, self.user, "member")

    async def leaves_telegram(self) -> None:
        """Delete the account; the bot is not told."""
        self.user.deactivated = True

    # What the patient sees

    async def sees(
        self, part: str, *, timeout: float | None = None, anywhere: bool = False
    ) -> Message:
        """Wait until the bot shows these words, and give their message.

        Args:
            anywhere: count everything on the screen, not only what is new.
        """

        def shown() -> Message | None:
            messages = reversed(self.chat.messages) if anywhere else self._new_messages()
            return next((m for m in messages if m.from_bot and part in m.text), None)

        message = await self._waits(shown, timeout)
        if message is None:
            raise AssertionError(f"{self.user.first_name} does not see {part!r} in:\n{self._all()}")
        return message

    async def sees_document(self, *, timeout: float | None = None) -> Message:
        """Wait for a file from the bot."""
        message = await self._waits(
            lambda: next((m for m in self._new_messages() if m.document), None), timeout
        )
        if message is None:
            raise AssertionError(f"{self.user.first_name} gets no document:\n{self._all()}")
        return message

    async def sees_toast(self, part: str, *, timeout: float | None = None) -> Toast:
        """Wait for the answer to a tap to show these words."""

        def shown() -> Toast | None:
            fresh = self.toasts[self._toasts_seen :]
            return next((toast for toast in fresh if part in toast.text), None)

        toast = await self._waits(shown, timeout)
        if toast is None:
            raise AssertionError(f"no toast {part!r} in {self.toasts}")
        return toast

    async def gets_an_answer(self, tap: Tap, *, timeout: float | None = None) -> Toast:
        """Wait until the bot has answered a tap, if only to end the spinner on the button."""
        answer = await self._waits(lambda: tap.answer, timeout)
        if answer is None:
            raise AssertionError(f"the tap {tap.data!r} was not answered")
        return answer

    def screen(self) -> str:
        """The newest message with buttons, or else the newest message, as plain lines."""
        message = self.chat.with_buttons() or next(reversed(self.chat.messages), None)
        return message.render() if message else "(empty)"

    def transcript(self) -> str:
        """The whole chat as it stands on the screen."""
        return self.chat.render()

    # How that is found out

    def _says(self, **content: Any) -> Message:
        chat = self.chat
        if chat.user is not None:
            chat.known = True
            if chat.blocked:
                raise AssertionError(f"{self.user.first_name} has blocked the bot")
        message = self._telegram.world.new_message(chat, self.user, **content)
        self._acts()
        if self._telegram.bot_reads(message):
            self._telegram.updates.add("message", message.as_json(), chat.id)
        return message

    def _acts(self) -> None:
        """From here on only what the bot shows anew counts as seen."""
        self._seen = self.chat.version
        self._toasts_seen = len(self.toasts)

    def _new_messages(self) -> Iterable[Message]:
        return (m for m in reversed(self.chat.messages) if m.worded_at > self._seen)

    def _newest_button(self, label: str | None, data: str | None) -> tuple[Message, Button] | None:
        message = self.chat.with_buttons()
        if message is None:
            return None
        reacted = message.buttoned_at > self._seen or len(self.toasts) > self._toasts_seen
        if not reacted:
            return None
        button = _only(_buttons(message.rows), label, data)
        return (message, button) if button else None

    async def _waits(self, condition: Callable[[], T | None], timeout: float | None) -> T | None:
        try:
            return await self.chat.changed.until(condition, timeout or self._telegram.patience)
        except TimeoutError:
            return None

    def _all(self) -> str:
        return self.transcript() or "(empty)"


class Group:
    """A group of people, and the bot once it is added."""

    def __init__(self, telegram: Telegram, chat: Chat, members: Iterable[Patient]) -> None:
        self.chat = chat
        self._telegram = telegram
        self._members: dict[int, Patient] = {}
        for member in members:
            self._joins(member)

    def member(self, patient: Patient) -> Patient:
        """A person as a member: what they send and tap goes to this group."""
        return self._members[patient.user.id]

    async def adds(self, patient: Patient) -> None:
        """Somebody joins; the bot reads the line about it."""
        self._joins(patient)
        self._service_message(patient.user, new_chat_members=[patient.user.as_json()])

    async def loses(self, patient: Patient, *, kicked: bool = False) -> None:
        """Somebody leaves, or is thrown out. What they see of the group they still see."""
        self.chat.members[patient.user.id] = "kicked" if kicked else "left"
        self._service_message(patient.user, left_chat_member=patient.user.as_json())

    async def becomes_supergroup(self) -> "Group":
        """The group gets too large, or public: it goes on under another id. Gives what it became."""
        new = self._telegram.world.new_supergroup(self.chat)
        adder = next(iter(self._members.values())).user
        self._service_message(adder, migrate_to_chat_id=new.id)
        group = Group(self._telegram, new, self._members.values())
        group._service_message(adder, migrate_from_chat_id=self.chat.id)
        return group

    def _joins(self, patient: Patient) -> None:
        self.chat.members[patient.user.id] = "member"
        self._members[patient.user.id] = Patient(self._telegram, patient.user, self.chat)

    def _service_message(self, sender: User, **content: Any) -> None:
        if not self.chat.has_bot:
            return
        message = self._telegram.world.new_message(self.chat, sender, other=content)
        self._telegram.updates.add("message", message.as_json(), self.chat.id)

    async def adds_bot(self) -> None:
        """The first member adds the bot."""
        adder = next(iter(self._members.values()))
        self.chat.known = True
        self._telegram.bot_status_changes(self.chat, adder.user, "member")
        self._service_message(adder.user, new_chat_members=[self._telegram.world.bot.as_json()])

    async def promotes_bot(self, *, may_pin: bool) -> None:
        """The first member makes the bot an administrator."""
        owner = next(iter(self._members.values()))
        self.chat.bot_may_pin = may_pin
        self._telegram.bot_status_changes(self.chat, owner.user, "administrator")

    async def removes_bot(self) -> None:
        """The first member removes the bot."""
        remover = next(iter(self._members.values()))
        self._telegram.bot_status_changes(self.chat, remover.user, "kicked")


def _buttons(rows: Rows) -> list[Button]:
    return list(itertools.chain.from_iterable(buttons_of(rows)))


def _only(buttons: list[Button], label: str | None, data: str | None) -> Button | None:
    """The one button meant, by its data, all its words, or a part only it has."""
    if label is None:
        return next((button for button in buttons if button.data == data), None)
    exact = [button for button in buttons if button.label == label]
    found = exact or [button for button in buttons if label.casefold() in button.label.casefold()]
    if len(found) > 1:
        raise AssertionError(f"{label!r} is on {[button.label for button in found]}")
    return found[0] if found else None
