from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.service import Service
from bot.store.sqlite import SqliteStore
from content.countries import load_countries
from content.loader import load_content
from content.models import Content
from flows.loader import load_flow
from flows.machine import ConversationMachine
from tests.dialogue.talk import Talk


@pytest.fixture(scope="session")
def machine() -> ConversationMachine:
    return ConversationMachine(load_flow())


@pytest.fixture(scope="session")
def english(machine: ConversationMachine) -> Content:
    return load_content("en", machine.flow)


@pytest.fixture(scope="session")
def setting() -> Setting:
    return Setting("en", load_countries().of("GB"), 30)


@pytest.fixture(scope="session")
def dialogue(machine: ConversationMachine, english: Content, setting: Setting) -> Dialogue:
    """A bot that speaks English only."""
    return Dialogue(machine, {"en": english}, setting)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "plumbline.db"


@pytest.fixture
def store(database: Path, runner: asyncio.Runner) -> Iterator[SqliteStore]:
    store = SqliteStore(database)
    runner.run(store.open())
    yield store
    runner.run(store.close())


@pytest.fixture
def service(dialogue: Dialogue, store: SqliteStore) -> Service:
    return Service(dialogue, store)


@pytest.fixture
def talk(
    service: Service, store: SqliteStore, machine: ConversationMachine, runner: asyncio.Runner
) -> Talk:
    """A patient who has not said anything yet."""
    return Talk(service, store, machine, runner)
