"""What Telegram calls the bot: asked for where only the name is wanted, as for a link."""

from __future__ import annotations

from telegram import Bot
from telegram.error import TelegramError

from bot.settings import Settings
from bot.telegram.http import AiohttpRequest
from bot.telegram.quiet import quieten

SECONDS = 8.0
"""To wait for Telegram: somebody sits at a terminal."""


async def bot_username(settings: Settings) -> str | None:
    """The bot's username; None without a token, or when Telegram does not tell it."""
    token = settings.telegram_bot_token
    if token is None:
        return None
    quieten()
    calls = AiohttpRequest(connections=1, read_timeout=SECONDS)
    bot = Bot(
        token.get_secret_value(),
        base_url=f"{settings.telegram_api_base_url}/bot",
        request=calls,
        get_updates_request=calls,
    )
    try:
        await calls.initialize()
        return (await bot.get_me(read_timeout=SECONDS)).username
    except TelegramError:
        return None
    finally:
        await calls.shutdown()
