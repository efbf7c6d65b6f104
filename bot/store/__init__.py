"""Where everything that must outlive the process is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.contract import Store, StoreError

if TYPE_CHECKING:
    from bot.settings import Settings

__all__ = ["Store", "StoreError", "open_store"]


def open_store(settings: Settings) -> Store:
    """The store that ``DATABASE_URL`` names, still closed."""
    path = settings.sqlite_path
    key = settings.data_key.get_secret_value() if settings.data_key else None
    # Here, so that settings can be read without loading a database, and no other than is used.
    if path is None:
        from bot.store.postgres import PostgresStore  # noqa: PLC0415

        return PostgresStore(settings.database_url.get_secret_value(), key)
    from bot.store.sqlite import SqliteStore  # noqa: PLC0415

    return SqliteStore(path, key)
