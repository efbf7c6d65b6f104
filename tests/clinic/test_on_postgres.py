"""The same on PostgreSQL, with two workers: what one of them sends, the other knows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.clinic.directory import Directory, Readings
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.service import Service
from bot.store.clinic_contract import Channel, Task
from bot.store.postgres import PostgresStore
from bot.store.sealing import new_key
from content.models import Content
from flows.machine import ConversationMachine
from tests.clinic.making import RIVERSIDE
from tests.clinic.test_sharing import SEND, has_result, sends
from tests.dialogue.talk import Talk
from tests.store.conftest import server  # noqa: F401 - a fixture
from tests.store.postgres_server import Server

KEY = new_key()


@pytest.fixture
def workers(
    server: Server,  # noqa: F811
    runner: asyncio.Runner,
    machine: ConversationMachine,
    english: Content,
    setting: Setting,
) -> Iterator[list[tuple[Service, PostgresStore]]]:
    schema = runner.run(server.make_schema())
    workers = []
    for number in range(2):
        store = PostgresStore(server.within(schema), KEY)
        runner.run(store.open())
        if number == 0:
            runner.run(store.clinics.add_clinic(RIVERSIDE.stored()))
        directory = Directory()
        readings = Readings(directory, store.clinics)
        runner.run(readings.read())
        dialogue = Dialogue(machine, {"en": english}, setting, directory)
        workers.append((Service(dialogue, store, clinics=readings), store))
    yield workers
    for _, store in workers:
        runner.run(store.close())
    runner.run(server.drop_schema(schema))


def test_a_patient_is_served_by_one_worker_and_then_another(
    workers: list[tuple[Service, PostgresStore]],
    machine: ConversationMachine,
    runner: asyncio.Runner,
) -> None:
    (first, store), (second, other) = workers
    talk = Talk(first, store, machine, runner)
    has_result(talk, goal="to dance in the old barn")
    sends(talk)
    (row,) = runner.run(other.clinics.intakes())
    (claimed,) = runner.run(other.clinics.claim_deliveries(tuple(Channel), most=9, lease=60.0))
    assert runner.run(other.clinics.delivered(claimed))

    talk.is_served_by(second, machine)
    talk.says("/mydata")
    talk.sees(row.reference)
    talk.says("/withdraw")
    talk.taps(f"Take back {row.reference}")
    (withdrawal,) = runner.run(store.clinics.claim_deliveries(tuple(Channel), most=9, lease=60.0))
    assert (withdrawal.task, withdrawal.body) == (Task.WITHDRAWAL, None)
    assert runner.run(store.clinics.intakes())[0].body is None


def test_a_clinic_that_one_worker_does_not_know_to_be_gone_is_not_sent_to(
    workers: list[tuple[Service, PostgresStore]],
    machine: ConversationMachine,
    runner: asyncio.Runner,
) -> None:
    (first, store), (_, other) = workers
    talk = Talk(first, store, machine, runner)
    has_result(talk)
    talk.taps(SEND)
    talk.says("Ada Lovelace")
    talk.taps("Go on without a phone")
    runner.run(other.clinics.remove_clinic(str(RIVERSIDE.id)))
    talk.taps("Yes, send it")
    talk.sees("Nothing was sent.")
    assert runner.run(store.clinics.intakes()) == []
