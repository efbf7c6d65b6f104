"""What is in the database itself about clinics and intakes: sealed, moved nowhere, only growing."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.store import postgres_schema, schema
from bot.store.clinic_contract import Channel, NewSchedule, State, StoredClinic, Task
from bot.store.contract import Effect, Json
from bot.store.postgres import PostgresStore
from bot.store.sealing import new_key
from bot.store.sqlite import SqliteStore
from tests.store import killed, killed_sending
from tests.store.postgres_server import Server
from tests.store.test_clinic_contract import (
    ANNA,
    EVERY,
    LEASE,
    STAFF,
    body_of,
    deletes,
    linked,
    new,
    sends,
)

OLD, NEW = new_key(), new_key()
WORDS = "my left heel at Kingsholm"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


async def filled(store: SqliteStore | PostgresStore) -> None:
    """A clinic with a secret and a group; an intake, delivered with a note and handled."""
    await store.open()
    clinic = StoredClinic("c1", "riverside", {"webhook_keys": [SECRET]}, (Channel.WEBHOOK,))
    await store.clinics.add_clinic(clinic)
    await linked(store)
    schedules = (NewSchedule("follow_up", 0.0, "i1", {"words": WORDS}),)
    await store.apply(ANNA, "e1", sends(new(body={"goal": WORDS}), schedules=schedules))
    for one in await store.clinics.claim_deliveries(EVERY, most=9, lease=LEASE):
        await store.clinics.delivered(one, {"note": WORDS})
    await store.clinics.handle_intake("i1", f"Nurse of {WORDS}", "key1")


async def reads_whole(store: SqliteStore | PostgresStore) -> None:
    await store.open()
    (clinic,) = await store.clinics.clinics()
    assert (clinic.body, clinic.staff) == ({"webhook_keys": [SECRET]}, STAFF)
    found = await store.clinics.intake("i1")
    assert found is not None
    assert found.handling is not None
    assert found.body == {"goal": WORDS}
    assert found.handling.by == f"Nurse of {WORDS}"
    assert [one.note for one in found.deliveries] == [{"note": WORDS}] * 2
    (due,) = await store.clinics.claim_schedules(("follow_up",), most=9, lease=0.0)
    assert (due.address, due.body) == (ANNA, {"words": WORDS})
    await store.close()


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if "key" not in path.suffix)


async def test_nothing_is_readable_in_the_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "plumbline.db", OLD)
    await filled(store)

    for text in (WORDS, "Kingsholm", SECRET, "1001", "100500", "Nurse"):
        assert text.encode() not in raw(tmp_path)
    assert b"riverside" in raw(tmp_path)  # else the search would find nothing at all
    await store.close()


async def test_what_is_deleted_leaves_the_file_and_its_log(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "plumbline.db", OLD)
    await filled(store)
    await store.close()
    connection = sqlite3.connect(tmp_path / "plumbline.db")
    sealed = [
        *connection.execute("SELECT body FROM intake").fetchone(),
        *connection.execute("SELECT handled_by FROM intake").fetchone(),
        *connection.execute("SELECT body FROM schedule").fetchone(),
    ]
    connection.close()
    assert all(text in raw(tmp_path) for text in sealed)

    await store.open()
    await store.apply(ANNA, "e2", deletes())
    await store.close()

    assert not [text for text in sealed if text in raw(tmp_path)]


async def test_a_new_key_seals_all_of_it_anew(tmp_path: Path) -> None:
    path = tmp_path / "plumbline.db"
    store = SqliteStore(path, OLD)
    await filled(store)
    await store.close()

    await reads_whole(SqliteStore(path, f"{NEW},{OLD}"))
    await reads_whole(SqliteStore(path, NEW))


async def test_a_new_key_seals_all_of_it_anew_in_postgres(server: Server, schema: str) -> None:
    url = server.within(schema)
    store = PostgresStore(url, OLD)
    await filled(store)
    await store.close()

    await reads_whole(PostgresStore(url, f"{NEW},{OLD}"))
    await reads_whole(PostgresStore(url, NEW))


async def test_an_intake_moved_to_another_clinic_does_not_open(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "plumbline.db", OLD)
    await filled(store)
    connection = sqlite3.connect(tmp_path / "plumbline.db")
    connection.execute("UPDATE intake SET clinic = 'c2'")
    connection.commit()
    connection.close()

    assert await body_of(store) is None
    await store.close()


async def test_a_clinic_that_cannot_be_opened_does_not_hide_the_others(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "plumbline.db", OLD)
    await filled(store)
    await store.clinics.add_clinic(StoredClinic("c2", "hilltop", {}))
    connection = sqlite3.connect(tmp_path / "plumbline.db")
    connection.execute("UPDATE clinic SET body = x'00' WHERE id = 'c1'")
    connection.commit()
    connection.close()

    assert [one.id for one in await store.clinics.clinics()] == ["c2"]
    await store.close()


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
async def test_the_trail_only_grows(tmp_path: Path, statement: str) -> None:
    store = SqliteStore(tmp_path / "plumbline.db", OLD)
    await filled(store)
    connection = sqlite3.connect(tmp_path / "plumbline.db")

    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(statement)

    connection.close()
    await store.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"]
)
async def test_the_trail_only_grows_in_postgres(
    server: Server, schema: str, statement: str
) -> None:
    store = PostgresStore(server.within(schema), OLD)
    await filled(store)

    with pytest.raises(Exception, match="only grows"):
        await server.execute(statement, schema)

    await store.close()


async def test_a_database_from_before_clinics_is_brought_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(tmp_path / "plumbline.db", OLD)
    with monkeypatch.context() as before:
        before.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        await store.open()
        await store.apply(ANNA, "e0", lambda held, repeated: Effect({"n": 1}))
        await store.close()

    store = SqliteStore(tmp_path / "plumbline.db", OLD)
    await filled(store)
    await store.close()


async def test_a_postgres_database_from_before_clinics_is_brought_forward(
    server: Server, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(postgres_schema, "MIGRATIONS", postgres_schema.MIGRATIONS[:1])
        store = PostgresStore(server.within(schema), OLD)
        await store.open()
        await store.close()

    store = PostgresStore(server.within(schema), OLD)
    await filled(store)
    await store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind, as a process of its own opens it."""
    if request.param == "sqlite":
        return str(tmp_path / "plumbline.db")
    server: Server = request.getfixturevalue("server")
    return server.within(request.getfixturevalue("schema"))


async def test_a_kill_never_parts_a_yes_from_what_it_sends(database: str) -> None:
    acknowledged = dict.fromkeys(range(killed_sending.PATIENTS), 0)
    for _ in range(5):
        process = subprocess.Popen(  # noqa: ASYNC220 - it is to be killed
            [sys.executable, "-m", "tests.store.killed_sending", database, OLD],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        until = time.monotonic() + random.uniform(0, 0.3)
        while time.monotonic() < until:
            lines.append(process.stdout.readline())
        process.kill()
        rest, _ = process.communicate()
        for line in "".join([*lines, rest]).splitlines(keepends=True):
            if line.endswith("\n"):
                patient, number = map(int, line.split())
                acknowledged[patient] = number
        store = killed.store_at(database, OLD)
        await store.open()
        for patient, number in acknowledged.items():
            held = await store.read(killed.address(patient))
            body: Json = held.body if held else {"number": 0, "with_clinic": []}
            assert body["number"] - number in {0, 1}
            kept = await store.clinics.intakes_of(killed.address(patient))
            assert [one.id for one in kept] == body["with_clinic"]
            for one in kept:
                assert [(each.task, each.state) for each in one.deliveries] == [
                    (Task.INTAKE, State.QUEUED)
                ]
        await store.close()
    assert min(acknowledged.values()) > 0
