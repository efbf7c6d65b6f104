"""How the bot presents itself on Telegram, from the words of each language."""

from collections.abc import Mapping

from bot.telegram.ports import BotProfile
from content.models import Content


def profiles_of(contents: Mapping[str, Content], default: str) -> tuple[BotProfile, ...]:
    """A profile for each language, the default one first."""
    codes = sorted(contents, key=lambda code: (code != default, code))
    return tuple(
        BotProfile(
            language=code,
            commands=tuple(contents[code].interface.commands),
            description=contents[code].interface.bot.description,
            short_description=contents[code].interface.bot.short_description,
        )
        for code in codes
    )
