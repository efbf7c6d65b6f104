"""Where the real program runs: the databases, and a Telegram on a local socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.databases import Database, in_folder
from tests.store.postgres_server import NoServerError, Server

NewDatabase = Callable[[str], Awaitable[Database]]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, started once."""
    try:
        server = Server.start()
    except NoServerError as error:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")
    yield server
    server.stop()


@pytest.fixture
def own_server(server: Server) -> Iterator[Server]:
    """A server that may be stopped; it runs again afterwards."""
    if server.own is None:
        pytest.skip("NOT TESTED: the server of TEST_DATABASE_URL is not ours to stop")
    yield server
    server.own.start()


@pytest.fixture
async def schema(server: Server) -> AsyncIterator[str]:
    """A schema of the test's own, empty."""
    schema = await server.make_schema()
    yield schema
    await server.drop_schema(schema)


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    return in_folder(tmp_path)


@pytest.fixture
def postgres(server: Server, schema: str) -> Database:
    return Database(server.within(schema))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each kind of database, empty."""
    database = request.getfixturevalue(request.param)
    assert isinstance(database, Database)
    return database


@pytest.fixture(params=["polling", "webhook"])
def by_webhook(request: pytest.FixtureRequest) -> bool:
    """Both ways in which updates come."""
    return bool(request.param == "webhook")
