"""The sign-off as the database at hand has it, for commands that do not serve anybody."""

import asyncio

from bot.assembly import load_knowledge
from bot.settings import Settings, SettingsError, load_settings
from bot.signoff.standing import Running, Standing, State, look_up, running_of
from bot.store import StoreError, open_store


def standing_here() -> Standing:
    """How the running protocol stands. Makes no database where there is none yet.

    Raises:
        FlowError: the protocol or its words are broken.
    """
    running = running_of(load_knowledge())
    try:
        settings = load_settings()
        if settings.sqlite_path is not None and not settings.sqlite_path.exists():
            return Standing(State.MISSING, running)
        return asyncio.run(_looked_up(settings, running))
    except (SettingsError, StoreError):
        return Standing(State.UNKNOWN, running)


async def _looked_up(settings: Settings, running: Running) -> Standing:
    store = open_store(settings)
    await store.open()
    try:
        return await look_up(store, running)
    finally:
        await store.close()
