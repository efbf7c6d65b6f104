"""Who talks where: users, chats, messages and files, as they stand now."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from .bell import Bell
from .checks import Rows
from .entities import Entity, part_of
from .errors import Refused, breach, refusal
from .parameters import Parameters


@dataclass(slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    language_code: str | None = None
    deactivated: bool = False

    def as_json(self) -> dict[str, Any]:
        """A `User` of the Bot API."""
        body: dict[str, Any] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        if self.username:
            body["username"] = self.username
        if self.language_code:
            body["language_code"] = self.language_code
        return body


@dataclass(frozen=True, slots=True)
class File:
    """A file in a message; `content` is what was uploaded."""

    id: str
    name: str
    media_type: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Where it is downloaded, below `/file/bot<token>/`."""
        return f"files/{self.id}"

    def as_json(self) -> dict[str, Any]:
        """What every kind of file has in common in the Bot API."""
        size = len(self.content)
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": size}


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: what it says, and what a tap sends (`None`: nothing)."""

    label: str
    data: str | None
    url: str | None


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands now."""

    id: int
    chat: "Chat"
    sender: User
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    rows: Rows = ()
    document: File | None = None
    photo: File | None = None
    other: dict[str, Any] = field(default_factory=dict)
    edit_date: int | None = None
    deleted: bool = False
    too_old: bool = False
    """Past the time in which a message can be edited or deleted; tests set it."""
    former_rows: Rows = ()
    """The last buttons it had: a screen that has not caught up still shows them."""
    worded_at: int = 0
    buttoned_at: int = 0

    @property
    def from_bot(self) -> bool:
        """Whether the bot under test wrote it."""
        return self.sender.is_bot

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was sent."""
        return self.edit_date is not None

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The buttons as a person sees them, row by row."""
        return buttons_of(self.rows)

    @property
    def labels(self) -> list[str]:
        """What the buttons say, in reading order."""
        return [button.label for row in self.buttons for button in row]

    def marked(self, kind: str) -> list[str]:
        """The words that carry an entity of this kind, such as "bold"."""
        return [part_of(self.text, entity) for entity in self.entities if entity["type"] == kind]

    def render(self) -> str:
        """The message as plain lines, for transcripts and failed assertions."""
        lines = [f"{self.sender.first_name}:{' (edited)' if self.edited else ''}"]
        if self.document:
            lines.append(f"  <{self.document.name}, {len(self.document.content)} bytes>")
        if self.photo:
            lines.append(f"  <photo {self.photo.width}x{self.photo.height}>")
        lines.extend(f"  <{kind}>" for kind in self.other)
        lines.extend(f"  {line}" for line in self.text.splitlines())
        lines.extend("  " + " ".join(f"[{b.label}]" for b in row) for row in self.buttons)
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """A `Message` of the Bot API."""
        body: dict[str, Any] = {
            "message_id": self.id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": self.date,
        }
        if self.edit_date is not None:
            body["edit_date"] = self.edit_date
        body.update(self._content())
        if self.rows:
            body["reply_markup"] = {"inline_keyboard": self.rows}
        return body

    def _content(self) -> dict[str, Any]:
        body: dict[str, Any] = dict(self.other)
        if self.document:
            body["document"] = {
                **self.document.as_json(),
                "file_name": self.document.name,
                "mime_type": self.document.media_type,
            }
        if self.photo:
            size = {"width": self.photo.width, "height": self.photo.height}
            body["photo"] = [{**self.photo.as_json(), **size}]
        words = "caption" if body else "text"
        if self.text:
            body[words] = self.text
            if self.entities:
                body["entities" if words == "text" else "caption_entities"] = self.entities
        return body

    def as_json_in_tap(self) -> dict[str, Any]:
        """The message inside a callback query: without content once it is gone."""
        if self.deleted:
            return {"chat": self.chat.as_json(), "message_id": self.id, "date": 0}
        return self.as_json()


def buttons_of(rows: Rows) -> tuple[tuple[Button, ...], ...]:
    """Rows of the Bot API as buttons."""
    return tuple(
        tuple(
            Button(button["text"], button.get("callback_data"), button.get("url")) for button in row
        )
        for row in rows
    )


_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
"""What is always told of an administrator."""


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat or a group, as everyone in it sees it."""

    id: int
    kind: str
    user: User | None = None
    title: str = ""
    known: bool = False
    """Whether the bot can write here at all: it was written to, or added."""
    blocked: bool = False
    bot_status: str = "member"
    bot_may_pin: bool = False
    """Whether an administrator among bots was given this right."""
    pins: list[Message] = field(default_factory=list)
    """What is pinned, the one that is shown at the top last."""
    members: dict[int, str] = field(default_factory=dict)
    """Who is, or was, in a group: the status of each by user id."""
    username: str | None = None
    """A public group has one; anybody can join it."""
    became: int | None = None
    """The supergroup that a group was made into."""
    history: list[Message] = field(default_factory=list)
    """Every message there ever was, deleted ones too."""
    version: int = 0
    """Counts what the bot has changed on the screen."""
    changed: Bell = field(default_factory=Bell)
    by_id: dict[int, Message] = field(default_factory=dict)

    @property
    def pinned(self) -> Message | None:
        """The pinned message that is shown at the top."""
        return self.pins[-1] if self.pins else None

    @property
    def messages(self) -> list[Message]:
        """What the screen shows now, oldest first."""
        return [message for message in self.history if not message.deleted]

    def with_buttons(self) -> Message | None:
        """The newest message on the screen that has buttons."""
        shown = (m for m in reversed(self.history) if m.rows and not m.deleted)
        return next(shown, None)

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in a group."""
        return self.bot_status in ("member", "administrator")

    def member_json(self, user: User, status: str) -> dict[str, Any]:
        """A `ChatMember` of the Bot API."""
        member: dict[str, Any] = {"user": user.as_json(), "status": status}
        if status == "kicked":
            return {**member, "until_date": 0}
        if status != "administrator":
            return member
        rights = dict.fromkeys(_RIGHTS, False)
        may_pin = {} if self.user is not None else {"can_pin_messages": self.bot_may_pin}
        return {**member, **rights, **may_pin}

    def add(self, message: Message) -> None:
        """Put a message at the end."""
        self.history.append(message)
        self.by_id[message.id] = message

    def bump(self) -> int:
        """Note that the bot changed something, and wake whoever looks at the screen."""
        self.version += 1
        self.changed.ring()
        return self.version

    def as_json(self) -> dict[str, Any]:
        """A `Chat` of the Bot API."""
        body: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.user is None:
            public = {"username": self.username} if self.username else {}
            return {**body, "title": self.title, **public}
        body["first_name"] = self.user.first_name
        if self.user.username:
            body["username"] = self.user.username
        return body

    def render(self) -> str:
        """The whole screen, for transcripts."""
        return "\n".join(message.render() for message in self.messages)


class World:
    """Everything that exists on this Telegram, and what a bot may reach of it."""

    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self._user_ids = itertools.count(7_000_000_001)
        self._group_ids = itertools.count(4_000_000_001)
        self._message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)

    def new_user(self, first_name: str, *, id: int | None = None, **about: Any) -> User:
        """A person this Telegram has not seen; `about` as in `User`."""
        user = User(id or next(self._user_ids), first_name, **about)
        self.users[user.id] = user
        return user

    def private_chat(self, user: User) -> Chat:
        """The chat of a person with the bot."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(user.id, "private", user=user)
        return self.chats[user.id]

    def new_group(self, title: str) -> Chat:
        """A group the bot is not in yet."""
        chat = Chat(-next(self._group_ids), "group", title=title, bot_status="left")
        self.chats[chat.id] = chat
        return chat

    def new_supergroup(self, group: Chat) -> Chat:
        """The supergroup that a group is made into: with its people, without its messages."""
        chat = Chat(
            -1_000_000_000_000 + group.id,
            "supergroup",
            title=group.title,
            known=True,
            bot_status=group.bot_status,
            members=group.members,
        )
        self.chats[chat.id] = chat
        group.became = chat.id
        return chat

    def continue_messages_after(self, id: int) -> None:
        """Give new messages only ids above this one: older ones are from an earlier time."""
        self._message_ids = itertools.count(id + 1)

    def new_message(self, chat: Chat, sender: User, **content: Any) -> Message:
        """A message at the end of a chat; `content` as in `Message`."""
        message = Message(next(self._message_ids), chat, sender, int(time.time()), **content)
        chat.add(message)
        return message

    def new_file(self, name: str, media_type: str, content: bytes, **size: int) -> File:
        """A file that can be sent again by its id and downloaded."""
        file = File(f"file{next(self._file_ids)}", name, media_type, content, **size)
        self.files[file.id] = file
        return file

    def chat_to_read(self, parameters: Parameters) -> Chat:
        """The chat a call names, if the bot knows it."""
        if not parameters.text("chat_id"):
            raise breach("chat_id is empty")
        chat = self._named(parameters)
        if chat is None or not chat.known:
            raise breach("chat not found")
        return chat

    def _only_met_in_a_group(self, chat: Chat | None) -> bool:
        """Whether this is somebody whom the bot knows, and who never wrote to it."""
        if chat is None or chat.user is None or chat.known:
            return False
        return any(chat.user.id in other.members for other in self.chats.values() if other.known)

    def _named(self, parameters: Parameters) -> Chat | None:
        try:
            return self.chats.get(int(parameters.values["chat_id"]))
        except (KeyError, TypeError, ValueError):
            return None

    def chat_to_write(self, parameters: Parameters) -> Chat:
        """The chat a call names, if the bot may write there."""
        if self._only_met_in_a_group(self._named(parameters)):
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        chat = self.chat_to_read(parameters)
        if chat.became is not None:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.became,
            )
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat.user is not None and chat.user.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        if chat.bot_status == "kicked":
            raise Refused(403, "Forbidden: bot was kicked from the group chat")
        if chat.bot_status == "left":
            raise Refused(403, "Forbidden: bot is not a member of the group chat")
        return chat

    def message_to(self, purpose: str, parameters: Parameters, name: str = "message_id") -> Message:
        """The message a call names, not deleted; `purpose` is the verb of the error."""
        chat = self.chat_to_write(parameters)
        message_id = parameters.integer(name)
        if not message_id:
            raise breach("message identifier is not specified")
        message = chat.by_id.get(message_id)
        if message is None or message.deleted:
            raise refusal(f"message to {purpose} not found")
        return message
