"""`run`: the bot on Telegram; without a token, the terminal chat on the same engine."""

import argparse
import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bot.assembly import assemble, painter_of
from bot.building import building_up
from bot.commands.chat import start_chat
from bot.commands.errors import BadStartError
from bot.logs import set_up_logs
from bot.retention import keep_purging
from bot.settings import Settings, load_settings
from bot.signoff.lines import SignOffLines
from bot.signoff.standing import Standing, State, look_up, running_of

log = logging.getLogger(__name__)

IN_THE_TERMINAL = (
    "TELEGRAM_BOT_TOKEN is not set, so this is the same conversation in the terminal. "
    "The README says how to go live on Telegram."
)


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "run",
        help="the bot; without TELEGRAM_BOT_TOKEN the terminal chat",
        description="Serves Telegram by long polling, or by webhook when WEBHOOK_URL is set. "
        "Without TELEGRAM_BOT_TOKEN it opens the conversation in the terminal instead.",
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Serve until stopped."""
    settings = load_settings()
    if settings.telegram_bot_token is None:
        return start_chat(settings, notice=IN_THE_TERMINAL)
    set_up_logs(settings.log_level)
    with asyncio.Runner(loop_factory=_new_event_loop()) as runner:
        return runner.run(_serve(settings))


def _new_event_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The loop of uvloop where it is to be had: it does the same for less."""
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(settings: Settings) -> int:
    with building_up():
        plumbline = assemble(settings)
        store = plumbline.store
        knowledge = plumbline.knowledge
        running = running_of(knowledge)
        # Only here, because the libraries take long to load, and find room in the memory that
        # reading the files took.
        from bot import telegram  # noqa: PLC0415
        from bot.handover.bundles import FhirBundles  # noqa: PLC0415
        from bot.staff.words import StaffWords  # noqa: PLC0415
        from bot.telegram.profiles import profiles_of  # noqa: PLC0415
        from bot.web.server import ServerError  # noqa: PLC0415

        language = settings.default_language
        profiles = profiles_of(knowledge.contents, language)
        staff = StaffWords(knowledge.contents, language)
        bundles = FhirBundles(knowledge.flow, knowledge.contents, language)
        painter = painter_of(settings, knowledge)
        lines = SignOffLines(store, knowledge, running, language)
    await store.open()
    _log_sign_off(await look_up(store, running))

    async def sign_off() -> dict[str, object]:
        return (await look_up(store, running)).details()

    purging = asyncio.create_task(keep_purging(store, settings.retention_days))
    reading = asyncio.create_task(plumbline.clinics.keep_fresh())
    try:
        await telegram.run(
            settings,
            plumbline.service,
            store,
            profiles,
            asyncio.Event(),
            metrics=plumbline.metrics,
            painter=painter,
            staff=staff,
            sign_off=sign_off,
            sign_offs=lines,
            bundles=bundles,
        )
    except (telegram.StartError, telegram.TokenRefusedError, ServerError) as error:
        raise BadStartError(str(error)) from None
    finally:
        purging.cancel()
        painter.close()
        reading.cancel()
        await store.close()
    return 0


def _log_sign_off(standing: Standing) -> None:
    signed = standing.state is State.SIGNED and not standing.other_words
    log.log(
        logging.INFO if signed else logging.WARNING,
        "the protocol is signed off" if signed else "the protocol that runs is NOT signed off",
        extra=standing.details(),
    )
