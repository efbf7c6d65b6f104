"""`health`: whether the program could serve now; for a container's health check."""

import argparse
import asyncio
from typing import Any

from bot.settings import Settings, load_settings
from bot.store import StoreError, open_store


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "health",
        help="exit status 0 if the database can be used now",
        description="Opens the database and writes to it. Exit status 1 if that fails.",
    )
    parser.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Try the database."""
    settings = load_settings()
    try:
        healthy = asyncio.run(_healthy(settings))
    except StoreError as error:
        print(error)
        return 1
    print("healthy" if healthy else "the database cannot be written")
    return 0 if healthy else 1


async def _healthy(settings: Settings) -> bool:
    store = open_store(settings)
    await store.open()
    try:
        return await store.healthy()
    finally:
        await store.close()
