"""The stores that must keep the contract, and the databases they are tested on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.store.contract import Store
from bot.store.postgres import PostgresStore
from bot.store.sealing import new_key
from bot.store.sqlite import SqliteStore
from tests.store.postgres_server import NoServerError, Server


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    """A database that can be opened again and again, with a clock that is set by hand."""

    make: Callable[[Clock], Store]
    clock: Clock = field(default_factory=Clock)

    def store(self) -> Store:
        return self.make(self.clock)


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
async def schema(server: Server) -> AsyncIterator[str]:
    """A schema of the test's own, empty."""
    schema = await server.make_schema()
    yield schema
    await server.drop_schema(schema)


@pytest.fixture
def sqlite_world(tmp_path: Path) -> World:
    key = new_key()
    return World(lambda clock: SqliteStore(tmp_path / "data" / "plumbline.db", key, clock=clock))


@pytest.fixture
async def postgres_world(server: Server, schema: str) -> World:
    key = new_key()
    return World(lambda clock: PostgresStore(server.within(schema), key, clock=clock))


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest) -> World:
    """Every store that must keep the contract."""
    world = request.getfixturevalue(f"{request.param}_world")
    assert isinstance(world, World)
    return world


@pytest.fixture
async def store(world: World) -> AsyncIterator[Store]:
    store = world.store()
    await store.open()
    yield store
    await store.close()
