"""What is done with Telegram before, and just after, the first update is asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from telegram import BotCommand
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram.addresses import ALLOWED_UPDATES
from bot.telegram.ports import BotProfile
from bot.telegram.quiet import kind_of
from bot.telegram.waits import asked_to_wait, growing_wait, pause

log = logging.getLogger(__name__)

RETRY_FIRST, RETRY_LONGEST = 0.5, 30.0
"""Seconds between attempts while Telegram cannot be reached."""

PROFILE_ATTEMPTS = 5
"""Attempts to set the profile; it was set by an earlier start, or will be by the next."""

WEBHOOK_CONNECTIONS = 100
"""Updates that Telegram may bring at the same time: the most it offers."""

WATCH_WEBHOOK = 60.0
"""Seconds between two questions whether Telegram reaches the webhook."""

PROFILE_PATIENCE = 60.0
"""The longest wait Telegram may ask for before the profile is left for the next start."""


class StartError(Exception):
    """The channel cannot start; ``str`` is one line that says what to do."""


async def introduce(
    initialize: Callable[[], Awaitable[None]],
    choose_delivery: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
) -> bool:
    """Learn who the bot is and tell Telegram how updates shall come.

    Waits for as long as Telegram cannot be reached. Returns False if ``stop`` was set before.
    Raises :class:`StartError` when the token, or the webhook's address, is refused.
    """
    attempt = 0
    while not stop.is_set():
        try:
            await initialize()
            await choose_delivery()
        except InvalidToken:
            # Not chained: the library's own message quotes the token.
            raise StartError(
                "Telegram refuses the token: copy it again from @BotFather into "
                "TELEGRAM_BOT_TOKEN (and leave TELEGRAM_API_BASE_URL empty, unless you run "
                "your own Bot API server)."
            ) from None
        except BadRequest as error:
            raise StartError(f"Telegram refuses WEBHOOK_URL: {error.message}.") from None
        except TelegramError as error:
            attempt += 1
            if attempt == 1:
                log.warning("Telegram cannot be reached; trying", extra={"error": kind_of(error)})
            await pause(_wait(error, attempt), stop)
        else:
            if attempt:
                log.info("Telegram is reached", extra={"attempts": attempt + 1})
            return True
    return False


async def by_polling(bot: ExtBot[None]) -> None:
    """Let updates wait to be asked for."""
    await bot.delete_webhook(drop_pending_updates=False)


async def by_webhook(bot: ExtBot[None], url: str, secret: str) -> None:
    """Let Telegram bring updates to an address."""
    await bot.set_webhook(
        url,
        secret_token=secret,
        allowed_updates=list(ALLOWED_UPDATES),
        max_connections=WEBHOOK_CONNECTIONS,
        drop_pending_updates=False,
    )


async def watch_webhook(bot: ExtBot[None], stop: asyncio.Event) -> None:
    """Tell in one line when Telegram cannot reach the webhook, and when it can again."""
    told = None
    while not stop.is_set():
        with suppress(TelegramError):
            info = await bot.get_webhook_info()
            failed = info.last_error_date
            if failed is not None and failed != told and info.pending_update_count:
                told = failed
                log.error(
                    "Telegram cannot reach WEBHOOK_URL; check DNS, certificate and reverse proxy",
                    extra={"reason": info.last_error_message, "waiting": info.pending_update_count},
                )
        await pause(WATCH_WEBHOOK, stop)


async def present(bot: ExtBot[None], profiles: Sequence[BotProfile], stop: asyncio.Event) -> None:
    """Set commands and descriptions in every language, where they differ.

    The first profile is also shown to people of all other languages. Never raises: a bot without
    its description is better than none.
    """
    wanted = [("", profile) for profile in profiles[:1]]
    wanted += [(profile.language[:2].lower(), profile) for profile in profiles]
    for code, profile in wanted:
        for step in (_commands, _description, _short_description):
            if not await _tried(partial(step, bot, profile, code or None), stop):
                return


async def _tried(step: Callable[[], Awaitable[None]], stop: asyncio.Event) -> bool:
    for attempt in range(1, PROFILE_ATTEMPTS + 1):
        if stop.is_set():
            return False
        try:
            await step()
        except BadRequest as error:
            log.error("profile refused by Telegram", extra={"error": kind_of(error)})
            return True
        except TelegramError as error:
            wait = _wait(error, attempt)
            if wait > PROFILE_PATIENCE:
                break
            await pause(wait, stop)
        else:
            return True
    log.warning("commands and descriptions not set; the next start tries again")
    return False


async def _commands(bot: ExtBot[None], profile: BotProfile, code: str | None) -> None:
    wanted = tuple(BotCommand(name, description) for name, description in profile.commands)
    if await bot.get_my_commands(language_code=code) != wanted:
        await bot.set_my_commands(wanted, language_code=code)


async def _description(bot: ExtBot[None], profile: BotProfile, code: str | None) -> None:
    if (await bot.get_my_description(code)).description != profile.description:
        await bot.set_my_description(profile.description, code)


async def _short_description(bot: ExtBot[None], profile: BotProfile, code: str | None) -> None:
    shown = (await bot.get_my_short_description(code)).short_description
    if shown != profile.short_description:
        await bot.set_my_short_description(profile.short_description, code)


def _wait(error: TelegramError, attempt: int) -> float:
    if isinstance(error, RetryAfter):
        return asked_to_wait(error)
    return growing_wait(attempt, first=RETRY_FIRST, longest=RETRY_LONGEST)
