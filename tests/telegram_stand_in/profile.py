"""The methods about the bot itself and about chats."""

import json
from collections.abc import Callable
from typing import Any

from . import checks
from .chats import World
from .errors import Refused, breach
from .parameters import Parameters

MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120

_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


class Profile:
    """What people see of the bot before they write to it, and what it sees of chats.

    Attributes:
        commands: the menus, by (scope type, language code).
        texts: name, description and short description, by (which, language code).
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._menus: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.texts: dict[tuple[str, str], str] = {("name", ""): world.bot.first_name}
        self.methods: dict[str, Callable[[Parameters], Any]] = {
            "getMe": self.get_me,
            "logOut": _done,
            "close": _done,
            "getChat": self.get_chat,
            "getChatMember": self.get_chat_member,
            "leaveChat": self.leave_chat,
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
            **self._text_methods("MyName", "name", MAX_NAME),
            **self._text_methods("MyDescription", "description", MAX_DESCRIPTION),
            **self._text_methods("MyShortDescription", "short_description", MAX_SHORT_DESCRIPTION),
        }

    def menu(self, language: str = "", scope: str = "default") -> dict[str, str]:
        """The commands people of a language see, with their descriptions.

        Args:
            language: two letters, or nothing for everyone else.
            scope: the type of a scope that names no chat.
        """
        commands = self._menus.get((json.dumps({"type": scope}), language), [])
        return {command["command"]: command["description"] for command in commands}

    def get_me(self, _: Parameters) -> dict[str, Any]:
        return {
            **self._world.bot.as_json(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def get_chat(self, call: Parameters) -> dict[str, Any]:
        chat = self._world.chat_to_read(call)
        return {
            **chat.as_json(),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }

    def get_chat_member(self, call: Parameters) -> dict[str, Any]:
        chat = self._world.chat_to_read(call)
        user = self._world.users.get(call.integer("user_id"))
        if user is None:
            raise breach("invalid user_id specified")
        if user is self._world.bot:
            status = chat.bot_status
        elif chat.user is not None:
            status = "member"
        elif not chat.has_bot:
            raise Refused(403, "Forbidden: bot is not a member of the group chat")
        else:
            # Who never was in the group has left it, as far as Telegram tells a bot.
            status = chat.members.get(user.id, "left")
        return chat.member_json(user, status)

    def leave_chat(self, call: Parameters) -> bool:
        chat = self._world.chat_to_write(call)
        if chat.user is not None:
            raise breach("chat member status can't be changed in private chats")
        chat.bot_status = "left"
        chat.changed.ring()
        return True

    def set_commands(self, call: Parameters) -> bool:
        commands = checks.commands(call)
        self._menus[self._scope(call), checks.language(call)] = commands
        return True

    def get_commands(self, call: Parameters) -> list[dict[str, str]]:
        return self._menus.get((self._scope(call), checks.language(call)), [])

    def delete_commands(self, call: Parameters) -> bool:
        self._menus.pop((self._scope(call), checks.language(call)), None)
        return True

    def _scope(self, call: Parameters) -> str:
        """The scope in one canonical form."""
        scope = call.structure("scope", "BotCommandScope")
        if scope is None:
            return json.dumps({"type": "default"})
        if not isinstance(scope, dict):
            raise breach("can't parse BotCommandScope: BotCommandScope must be an Object")
        kind = scope.get("type")
        if kind not in _SCOPES:
            raise breach("can't parse BotCommandScope: Unsupported type specified")
        named = {name: str(scope.get(name, "")) for name in _SCOPES[kind]}
        if "chat_id" in named:
            self._world.chat_to_read(Parameters({"chat_id": named["chat_id"]}))
        return json.dumps({"type": kind, **named})

    def _text_methods(
        self, noun: str, name: str, limit: int
    ) -> dict[str, Callable[[Parameters], Any]]:
        def put(call: Parameters) -> bool:
            text = checks.at_most(call, name, limit, f"{name.replace('_', ' ')} is too long")
            self.texts[name, checks.language(call)] = text
            return True

        def get(call: Parameters) -> dict[str, str]:
            everyone = self.texts.get((name, ""), "")
            return {name: self.texts.get((name, checks.language(call))) or everyone}

        return {f"set{noun}": put, f"get{noun}": get}


def _done(_: Parameters) -> bool:
    return True
