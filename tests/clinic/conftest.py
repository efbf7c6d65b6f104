"""Patients of a bot that clinics send them to: in two languages, on a real database."""

from __future__ import annotations

import asyncio

import pytest

from bot.clinic.clinics import Clinic
from bot.clinic.directory import Directory, Readings
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.service import Service
from bot.store.sqlite import SqliteStore
from content.loader import load_content
from content.models import Content
from flows.machine import ConversationMachine
from tests.clinic.making import CORDOBA, RIVERSIDE
from tests.dialogue.conftest import (  # noqa: F401 - fixtures
    database,
    english,
    machine,
    runner,
    setting,
    store,
)
from tests.dialogue.talk import Talk


@pytest.fixture
def clinics() -> tuple[Clinic, ...]:
    """The clinics there are."""
    return (RIVERSIDE, CORDOBA)


@pytest.fixture
def service(
    machine: ConversationMachine,  # noqa: F811
    english: Content,  # noqa: F811
    setting: Setting,  # noqa: F811
    store: SqliteStore,  # noqa: F811
    runner: asyncio.Runner,  # noqa: F811
    clinics: tuple[Clinic, ...],
) -> Service:
    for clinic in clinics:
        runner.run(store.clinics.add_clinic(clinic.stored()))
    contents = {"en": english, "es": load_content("es", machine.flow)}
    directory = Directory()
    readings = Readings(directory, store.clinics)
    runner.run(readings.read())
    return Service(Dialogue(machine, contents, setting, directory), store, clinics=readings)


@pytest.fixture
def talk(
    service: Service,
    store: SqliteStore,  # noqa: F811
    machine: ConversationMachine,  # noqa: F811
    runner: asyncio.Runner,  # noqa: F811
) -> Talk:
    """A patient who has not said anything yet."""
    return Talk(service, store, machine, runner)
