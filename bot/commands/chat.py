"""`chat`: the conversation in the terminal."""

import argparse
import asyncio
import sys
from typing import Any

from bot.assembly import assemble, painter_of
from bot.clinic.desk import Desk
from bot.logs import set_up_logs
from bot.retention import purge_old
from bot.settings import Settings, load_settings


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "chat",
        help="the conversation in the terminal",
        description="The same conversation as on Telegram, on the same engine and database. Also "
        "works without a terminal: one line of standard input for each answer.",
    )
    parser.add_argument("--language", metavar="L", help="the language to begin with, such as en")
    parser.add_argument(
        "--clinic", metavar="SLUG", default="", help="as if come from the link of this clinic"
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Talk until the input ends."""
    return start_chat(load_settings(), given.language, given.clinic)


def start_chat(
    settings: Settings, language: str | None = None, clinic: str = "", notice: str = ""
) -> int:
    """Open the conversation in the terminal, below a notice for whoever started it."""
    set_up_logs("ERROR")
    return asyncio.run(_chat(settings, language, clinic, notice))


async def _chat(settings: Settings, language: str | None, clinic: str, notice: str) -> int:
    # Only here, because the terminal's libraries take long to load.
    from bot.terminal import Terminal, here  # noqa: PLC0415

    plumbline = assemble(settings, language)
    store = plumbline.store
    painter = painter_of(settings, plumbline.knowledge)
    await store.open()
    try:
        await purge_old(store, settings.retention_days)
        await plumbline.clinics.read()
        desk = Desk(store.clinics, tuple(plumbline.knowledge.contents))
        code = next((one.code for one in await desk.all() if one.slug == clinic), clinic)
        if notice:
            print(notice, file=sys.stderr)
        await Terminal(plumbline.service, store, *here(), language, painter).talk(code)
    finally:
        painter.close()
        await store.close()
    return 0
