"""What is PostgreSQL's own: several workers, a server that goes away, keys, no traces in plain."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store import postgres_calls
from bot.store import postgres_schema as tables
from bot.store.contract import DamagedRecordError, Decide, Effect, Held, Json, StoreError
from bot.store.postgres import PostgresStore
from bot.store.postgres_calls import Calls
from bot.store.sealing import new_key
from tests.store import killed, racing, stuck
from tests.store.conftest import Clock
from tests.store.postgres_server import Server

if TYPE_CHECKING:
    from bot.store.postgres_calls import Connection

ROOT = Path(__file__).parents[2]
ANNA = "telegram:1:1001"
BEN = "telegram:1:1002"
KEY = new_key()
ALIVE = 0.5


def keep(n: int, *sends: Json) -> Decide:
    return lambda held, repeated: Effect({"n": n}, sends)


@pytest.fixture
def url(server: Server, schema: str) -> str:
    return server.within(schema)


@pytest.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(url, KEY, alive=ALIVE)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def other(url: str, store: PostgresStore) -> AsyncIterator[PostgresStore]:
    """A second worker."""
    other = PostgresStore(url, KEY, alive=ALIVE)
    await other.open()
    yield other
    await other.close()


@pytest.fixture
def own_server(server: Server) -> Iterator[Server]:
    """A server that may be stopped; it runs again afterwards."""
    if server.own is None:
        pytest.skip("NOT TESTED: the server of TEST_DATABASE_URL is not ours to stop")
    yield server
    server.own.start()


async def numbers(store: PostgresStore, address: str) -> list[int]:
    return [sending.body["n"] for sending in await store.claim(address)]


async def soon(store: PostgresStore, address: str) -> float:
    """Ask as a sender does until the address is found unclaimed. The seconds that took."""
    started = time.monotonic()
    while address not in await store.unclaimed():
        assert time.monotonic() - started < 10
        await asyncio.sleep(0.02)
    return time.monotonic() - started


async def refusal(url: str, key: str | None = KEY) -> str:
    """The one line with which the database does not open."""
    store = PostgresStore(url, key)
    with pytest.raises(StoreError) as refused:
        await store.open()
    await store.close()
    line = str(refused.value)
    assert "\n" not in line
    assert KEY not in line
    assert "hunter2" not in line
    assert refused.value.__cause__ is None
    return line


def run(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.store.{module}", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


# Several workers, one patient


async def test_two_workers_racing_on_one_patient_lose_nothing(
    store: PostgresStore, other: PostgresStore
) -> None:
    def add(held: Held | None, repeated: bool) -> Effect:
        return Effect({"n": held.body["n"] + 1 if held else 1})

    await asyncio.gather(*((store, other)[n % 2].apply(ANNA, f"e{n}", add) for n in range(200)))

    assert await store.read(ANNA) == await other.read(ANNA) == Held({"n": 200}, None)


async def test_the_same_events_at_several_workers_are_applied_once(
    url: str, store: PostgresStore
) -> None:
    workers = [run("racing", url, KEY) for _ in range(3)]
    outputs = await asyncio.gather(
        *(asyncio.to_thread(worker.communicate, "go\n", 60) for worker in workers)
    )

    applied: list[str] = []
    repeated = 0
    for output, _ in outputs:
        *lines, last = output.splitlines()
        applied += lines
        repeated += int(last.split()[1])
    total = racing.PATIENTS * racing.EVENTS
    assert len(applied) == len(set(applied)) == total
    assert repeated == 2 * total
    for patient in range(racing.PATIENTS):
        held = await store.read(f"test:{patient}")
        assert held is not None
        assert sorted(held.body["seen"]) == list(range(racing.EVENTS))
        sends = [sending.body["seen"] for sending in await store.pending(f"test:{patient}")]
        assert sends == list(range(1, racing.EVENTS + 1))


async def test_an_event_whose_first_worker_fails_is_not_lost_for_the_second(
    store: PostgresStore, other: PostgresStore, caplog: pytest.LogCaptureFixture
) -> None:
    flags: list[bool] = []

    def fail(held: Held | None, repeated: bool) -> Effect:
        raise LookupError

    def note(held: Held | None, repeated: bool) -> Effect:
        flags.append(repeated)
        return Effect({"n": 1})

    outcomes = await asyncio.gather(
        store.apply(ANNA, "e1", fail), other.apply(ANNA, "e1", note), return_exceptions=True
    )

    assert isinstance(outcomes[0], LookupError)
    assert flags == [False]
    assert await store.read(ANNA) == Held({"n": 1}, None)
    assert caplog.records == []


async def test_a_worker_killed_in_the_middle_of_a_transaction_holds_up_nobody(
    url: str, store: PostgresStore
) -> None:
    worker = run("stuck", url, KEY, "deciding")
    assert line_of(worker) == "stuck\n"
    started = time.monotonic()
    waiting = asyncio.create_task(store.apply(stuck.ADDRESS, "e1", _say_if_repeated))
    await asyncio.sleep(0.3)
    assert not waiting.done()

    worker.kill()
    worker.communicate()

    assert (await waiting).result is False
    assert time.monotonic() - started < postgres_calls.STALLED_SECONDS
    assert await store.pending(stuck.ADDRESS) == []


async def test_a_worker_that_stalls_in_a_transaction_loses_the_patient(
    url: str, store: PostgresStore
) -> None:
    worker = run("stuck", url, KEY, "deciding")
    assert line_of(worker) == "stuck\n"
    worker.send_signal(signal.SIGSTOP)

    started = time.monotonic()
    effect = await store.apply(stuck.ADDRESS, "e1", _say_if_repeated)

    worker.kill()
    worker.communicate()
    assert effect.result is False
    assert time.monotonic() - started < postgres_calls.STALLED_SECONDS + 2
    assert await store.read(stuck.ADDRESS) == Held({"by": "the other"}, None)


def _say_if_repeated(held: Held | None, repeated: bool) -> Effect:
    assert held is None
    return Effect({"by": "the other"}, result=repeated)


async def test_one_patient_waiting_takes_no_connection_from_the_others(
    url: str, store: PostgresStore
) -> None:
    worker = run("stuck", url, KEY, "deciding")
    assert line_of(worker) == "stuck\n"
    held_up = [
        asyncio.create_task(store.apply(stuck.ADDRESS, None, keep(n)))
        for n in range(5 * postgres_calls.MOST_CONNECTIONS)
    ]
    await asyncio.sleep(0.1)

    started = time.monotonic()
    await store.apply(ANNA, "e2", keep(1))
    assert time.monotonic() - started < 1
    assert not any(task.done() for task in held_up)

    worker.kill()
    worker.communicate()
    await asyncio.gather(*held_up)


async def test_what_the_server_undoes_for_the_sake_of_another_is_done_again(url: str) -> None:
    calls = Calls(url)
    await calls.open()
    await calls.run(lambda c: c.execute("CREATE TABLE pair (id INTEGER PRIMARY KEY, n INTEGER)"))
    await calls.run(lambda c: c.execute("INSERT INTO pair VALUES (1, 0), (2, 0)"))
    both = asyncio.Barrier(2)
    attempts = 0

    def change(first: int, second: int) -> object:
        async def work(connection: Connection) -> None:
            nonlocal attempts
            attempts += 1
            await connection.execute("BEGIN")
            await connection.execute("UPDATE pair SET n = n + 1 WHERE id = $1", first)
            if attempts <= 2:
                await both.wait()
            await connection.execute("UPDATE pair SET n = n + 1 WHERE id = $1", second)
            await connection.execute("COMMIT")

        return calls.run(work)

    await asyncio.gather(change(1, 2), change(2, 1))  # type: ignore[call-overload]

    assert attempts == 3
    rows = await calls.run(lambda c: c.fetch("SELECT n FROM pair"))
    assert [row["n"] for row in rows] == [2, 2]
    await calls.close()


# One outbox


async def test_what_one_worker_sends_no_other_gets(
    store: PostgresStore, other: PostgresStore
) -> None:
    await store.apply(ANNA, "e1", keep(1, {"n": 1}, {"n": 2}))
    await store.apply(BEN, "e2", keep(1, {"n": 3}))
    assert sorted(await store.unclaimed()) == [ANNA, BEN]

    first, second = await store.claim(ANNA)
    await other.apply(ANNA, "e3", keep(2, {"n": 4}))

    assert await numbers(other, ANNA) == []
    assert await other.unclaimed() == [BEN]
    await store.sent(first)
    assert await numbers(other, ANNA) == []
    assert await numbers(store, ANNA) == [2, 4]
    await store.sent(second)
    assert await numbers(other, ANNA) == []
    assert await numbers(other, BEN) == [3]


async def test_an_entry_behind_the_claimed_ones_goes_to_whoever_asks_first(
    store: PostgresStore, other: PostgresStore
) -> None:
    await store.apply(ANNA, "e1", keep(1, {"n": 1}))
    (claimed,) = await store.claim(ANNA)
    await other.apply(ANNA, "e2", keep(2, {"n": 2}))
    await store.sent(claimed)

    assert await numbers(other, ANNA) == [2]
    assert await numbers(store, ANNA) == []


async def test_of_many_who_claim_at_once_one_gets_each_patient(url: str) -> None:
    workers = [PostgresStore(url, KEY) for _ in range(4)]
    await asyncio.gather(*(worker.open() for worker in workers))
    addresses = [f"test:{n}" for n in range(40)]
    await asyncio.gather(*(workers[0].apply(a, None, keep(1, {"n": 1})) for a in addresses))

    claims = await asyncio.gather(*(w.claim(a) for a in addresses for w in workers))

    assert sorted(row.address for claim in claims for row in claim) == sorted(addresses)
    await asyncio.gather(*(worker.close() for worker in workers))


async def test_what_a_closed_worker_left_is_had_at_once(
    store: PostgresStore, other: PostgresStore
) -> None:
    await store.apply(ANNA, "e1", keep(1, {"n": 1}))
    assert await numbers(store, ANNA) == [1]
    assert await other.unclaimed() == []

    await store.close()

    assert await other.unclaimed() == [ANNA]
    assert await numbers(other, ANNA) == [1]


async def test_what_a_killed_worker_left_is_had_soon(url: str, store: PostgresStore) -> None:
    worker = run("stuck", url, KEY, "sending")
    assert line_of(worker) == "stuck\n"
    worker.kill()
    worker.communicate()

    assert await soon(store, stuck.ADDRESS) < ALIVE + 1
    assert await numbers(store, stuck.ADDRESS) == [2]


async def test_a_worker_that_lives_keeps_what_it_claimed(
    store: PostgresStore, other: PostgresStore
) -> None:
    await store.apply(ANNA, "e1", keep(1, {"n": 1}))
    assert await numbers(store, ANNA) == [1]

    await asyncio.sleep(3 * ALIVE)

    assert await numbers(other, ANNA) == []
    assert await other.unclaimed() == []


async def test_what_is_postponed_is_had_by_another_when_it_is_due(url: str) -> None:
    clock = Clock()
    first, second = (PostgresStore(url, KEY, clock=clock) for _ in range(2))
    await asyncio.gather(first.open(), second.open())
    await first.apply(ANNA, "e1", keep(1, {"n": 1}))
    await first.postpone((await first.claim(ANNA))[0], clock.now + 30)
    await first.close()

    assert await second.unclaimed() == []
    assert await numbers(second, ANNA) == []
    clock.now += 31
    assert await second.unclaimed() == [ANNA]
    assert await numbers(second, ANNA) == [1]
    await second.close()


async def test_clocks_that_jump_back_hold_up_no_sending(url: str, server: Server) -> None:
    clock = Clock()
    store = PostgresStore(url, KEY, clock=clock)
    await store.open()
    await store.apply(ANNA, "e1", keep(1, {"n": 1}))
    clock.now -= 86_400
    assert await store.unclaimed() == [ANNA]
    # One that was alive until later than anybody could have said by now.
    schema = url.rpartition("=")[2]
    await server.execute("UPDATE outbox SET worker = 5", schema)
    await server.execute("INSERT INTO worker VALUES (5, now() + interval '1 day')", schema)

    assert await store.unclaimed() == [ANNA]
    assert await numbers(store, ANNA) == [1]
    await store.close()


async def test_forgetting_and_sending_at_once_wait_for_nobody(store: PostgresStore) -> None:
    await asyncio.gather(
        *(store.apply(f"test:{n}", None, keep(1, {"n": 1}, {"n": 2})) for n in range(50))
    )
    claims = [(await store.claim(f"test:{n}"))[0] for n in range(50)]

    await asyncio.gather(
        *(store.sent(claim, {"message_id": 1}) for claim in claims),
        *(
            store.apply(f"test:{n}", None, lambda held, repeated: Effect(None, ({"n": 3},)))
            for n in range(50)
        ),
    )

    for n in range(50):
        assert await store.read(f"test:{n}") is None
        assert await numbers(store, f"test:{n}") == [3]


# Opening


async def test_workers_that_start_at_once_make_one_database(
    url: str, server: Server, schema: str
) -> None:
    stores = [PostgresStore(url, KEY) for _ in range(8)]
    await asyncio.gather(*(store.open() for store in stores))

    assert len({store.key_for(ANNA) for store in stores}) == 1
    versions = await server.rows("SELECT version FROM schema_version", schema)
    assert [row["version"] for row in versions] == list(range(1, len(tables.MIGRATIONS) + 1))
    await asyncio.gather(*(store.close() for store in stores))


async def written(url: str) -> None:
    """A database with one record and one entry in its outbox."""
    store = PostgresStore(url, KEY)
    await store.open()
    await store.apply(ANNA, "e1", keep(1, {"n": 1}, {"n": 2}))
    await store.sent((await store.pending(ANNA))[0], {"message_id": 17})
    await store.close()


async def is_whole(url: str, key: str) -> None:
    store = PostgresStore(url, key)
    await store.open()
    assert await store.read(ANNA) == Held({"n": 1}, {"message_id": 17})
    assert await numbers(store, ANNA) == [2]
    assert [address for address, _ in await store.addresses_pending()] == [ANNA]
    await store.close()


async def test_an_older_database_is_brought_forward(
    url: str, server: Server, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(url)
    newer = (*tables.MIGRATIONS, "CREATE TABLE later (id INTEGER); CREATE TABLE last (id TEXT)")
    monkeypatch.setattr(tables, "MIGRATIONS", newer)

    await asyncio.gather(*(is_whole_at_once(url) for _ in range(4)))

    assert await server.rows("SELECT * FROM last", schema) == []
    versions = await server.rows("SELECT version FROM schema_version", schema)
    assert [row["version"] for row in versions] == list(range(1, len(newer) + 1))


async def is_whole_at_once(url: str) -> None:
    store = PostgresStore(url, KEY)
    await store.open()
    assert await store.read(ANNA) == Held({"n": 1}, {"message_id": 17})
    await store.close()


async def test_a_migration_that_fails_changes_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(url)
    with monkeypatch.context() as broken:
        broken.setattr(tables, "MIGRATIONS", (*tables.MIGRATIONS, "CREATE TABLE a (); NONSENSE"))
        assert "PostgresSyntaxError, 42601" in await refusal(url)

    await is_whole(url, KEY)


async def test_a_newer_database_is_refused(url: str, server: Server, schema: str) -> None:
    await written(url)
    await server.execute("INSERT INTO schema_version VALUES (99, 0)", schema)

    assert "newer version" in await refusal(url)


async def test_a_database_of_another_program_is_left_alone(
    url: str, server: Server, schema: str
) -> None:
    await server.execute("CREATE TABLE theirs (x INTEGER)", schema)

    assert "another program" in await refusal(url)
    names = await server.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()", schema
    )
    assert [row["tablename"] for row in names] == ["theirs"]


async def test_another_key_is_noticed_before_anything_is_written(url: str) -> None:
    await written(url)

    assert "DATA_KEY does not belong to the database" in await refusal(url, new_key())
    await is_whole(url, KEY)


@pytest.mark.parametrize("key", [None, "", "half a key"])
async def test_without_a_key_it_is_not_opened(url: str, key: str | None) -> None:
    assert "DATA_KEY does not hold a key" in await refusal(url, key)


async def test_keys_are_changed_without_losing_anything(url: str) -> None:
    new = new_key()
    await written(url)

    await is_whole(url, f"{KEY},{new}")
    await is_whole(url, KEY)
    await is_whole(url, f"{new},{KEY}")
    await is_whole(url, new)
    assert "does not belong" in await refusal(url, KEY)


async def test_a_change_of_keys_reaches_every_record(url: str) -> None:
    store = PostgresStore(url, KEY)
    await store.open()
    await asyncio.gather(*(store.apply(f"test:{n}", None, keep(n, {"n": n})) for n in range(1100)))
    await store.close()
    new = new_key()
    stores = [PostgresStore(url, f"{new},{KEY}") for _ in range(3)]
    await asyncio.gather(*(store.open() for store in stores))
    await asyncio.gather(*(store.close() for store in stores))

    store = PostgresStore(url, new)
    await store.open()
    for n in range(1100):
        assert await store.read(f"test:{n}") == Held({"n": n}, None)
    assert len(await store.addresses_pending()) == 1100
    await store.close()


async def test_a_schema_that_is_not_there_is_told(server: Server) -> None:
    assert "search_path names no schema" in await refusal(server.within("nowhere"))


async def test_a_database_that_is_not_there_is_told(own_server: Server) -> None:
    url = own_server.url.replace("/postgres?", "/nowhere?").replace(":@", ":hunter2@")
    assert "no database of the name" in await refusal(url)


async def test_a_wrong_password_is_told_and_not_repeated(own_server: Server) -> None:
    assert own_server.own is not None
    access = own_server.own.pgdata / "pg_hba.conf"
    before = access.read_text()
    await own_server.execute("CREATE ROLE guarded LOGIN PASSWORD 'another'")
    try:
        access.write_text(f"local all guarded scram-sha-256\n{before}")
        await own_server.execute("SELECT pg_reload_conf()")
        await asyncio.sleep(0.2)
        url = own_server.url.replace("postgres:@", "guarded:hunter2@")
        assert "does not accept the user and password" in await refusal(url)
        assert "may not do all that is needed" in await refusal(url.replace("hunter2", "another"))
    finally:
        access.write_text(before)
        await own_server.execute("SELECT pg_reload_conf()")
        await own_server.execute("DROP ROLE guarded")


async def test_a_database_that_can_only_be_read_is_told(url: str) -> None:
    await written(url)

    assert "can only be read" in await refusal(f"{url}&default_transaction_read_only=on")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hunter2@127.0.0.1:9/plumbline",
        "postgresql://user:hunter2@nowhere.invalid/plumbline",
        "postgresql://user:hunter2@/plumbline?host=/nowhere/at/all",
    ],
)
async def test_a_server_that_is_not_there_is_one_line(url: str) -> None:
    assert "cannot be reached" in await refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hunter2@host/plumbline?sslmode=perhaps",
        "postgresql://user:hunter2@host:port/plumbline",
    ],
)
async def test_an_address_that_makes_no_sense_is_one_line(url: str) -> None:
    assert "is not understood" in await refusal(url)


async def test_a_server_that_says_nothing_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres_calls, "CONNECT_SECONDS", 0.3)
    connected: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(
        lambda reader, writer: connected.append(writer), "127.0.0.1", 0
    )
    port = silent.sockets[0].getsockname()[1]

    started = time.monotonic()
    line = await refusal(f"postgresql://user:hunter2@127.0.0.1:{port}/plumbline")

    assert "does not answer in time" in line
    assert time.monotonic() - started < 2
    for writer in connected:
        writer.close()
    silent.close()
    await silent.wait_closed()


async def test_a_store_that_did_not_open_can_be_tried_again(url: str, own_server: Server) -> None:
    assert own_server.own is not None
    own_server.own.stop()
    store = PostgresStore(url, KEY)
    with pytest.raises(StoreError, match="cannot be reached"):
        await store.open()
    own_server.own.start()

    await store.open()
    assert await store.healthy()
    await store.close()


# A server that goes away


async def test_a_server_stopped_and_started_under_traffic_loses_nothing(
    url: str, own_server: Server, store: PostgresStore, other: PostgresStore
) -> None:
    assert own_server.own is not None
    told: set[str] = set()
    longest = 0.0
    stop = False

    async def answer(patient: int) -> int:
        nonlocal longest
        number = 0
        while not stop or number == 0:
            number += 1

            def decide(held: Held | None, repeated: bool, number: int = number) -> Effect:
                if not repeated:
                    assert (held.body["n"] if held else 0) == number - 1
                return Effect({"n": number}, ({"n": number},), changed=not repeated)

            worker = random.choice((store, other))
            while True:
                started = time.monotonic()
                try:
                    await worker.apply(f"test:{patient}", f"{patient}:{number}", decide)
                    break
                except StoreError as error:
                    told.add(str(error))
                    await asyncio.sleep(0.05)
                finally:
                    longest = max(longest, time.monotonic() - started)
        return number

    traffic = asyncio.gather(*(answer(patient) for patient in range(20)))
    for _ in range(2):
        await asyncio.sleep(0.5)
        await asyncio.to_thread(own_server.own.stop)
        assert not await store.healthy()
        with pytest.raises(StoreError):
            await store.read(ANNA)
        await asyncio.sleep(0.2)
        await asyncio.to_thread(own_server.own.start)
    await asyncio.sleep(0.5)
    stop = True

    for patient, number in enumerate(await traffic):
        held = await store.read(f"test:{patient}")
        assert held == Held({"n": number}, None)
        seen = [sending.body["n"] for sending in await store.pending(f"test:{patient}")]
        assert list(dict.fromkeys(seen)) == list(range(1, number + 1))
    assert told
    assert all(line.count("\n") == 0 and "server" in line for line in told), told
    assert longest < postgres_calls.CALL_SECONDS
    assert await store.healthy()


async def test_connections_that_were_cut_are_made_anew_and_nobody_is_told(
    store: PostgresStore, server: Server
) -> None:
    await asyncio.gather(*(store.apply(f"test:{n}", None, keep(n)) for n in range(50)))

    async def cut() -> None:
        ours = "FROM pg_stat_activity WHERE application_name = 'plumbline'"
        await server.rows(f"SELECT pg_terminate_backend(pid) {ours}")
        while await server.rows(f"SELECT pg_sleep(0.01) {ours}"):
            pass

    # While this event loop stands still, so that it cannot have noticed.
    elsewhere = threading.Thread(target=asyncio.run, args=(cut(),))
    elsewhere.start()
    elsewhere.join()

    await asyncio.gather(*(store.apply(f"test:{n}", None, keep(n)) for n in range(50)))


async def test_a_server_that_freezes_is_told_in_time_and_found_again(
    url: str, own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_server.own is not None
    monkeypatch.setattr(postgres_calls, "STATEMENT_SECONDS", 0.5)
    monkeypatch.setattr(postgres_calls, "CONNECT_SECONDS", 0.5)
    store = PostgresStore(url, KEY)
    await store.open()
    await store.apply(ANNA, "e1", keep(1))
    backends = await own_server.rows("SELECT pid FROM pg_stat_activity WHERE pid IS NOT NULL")
    frozen = [own_server.own.get_postmaster_info().pid, *(row["pid"] for row in backends)]
    _signal(frozen, signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(StoreError, match="in time"):
            await store.apply(ANNA, "e2", keep(2))
        with pytest.raises(StoreError, match="in time"):
            await store.read(ANNA)
        assert not await store.healthy()
        assert time.monotonic() - started < 4
    finally:
        _signal(frozen, signal.SIGCONT)

    await store.apply(ANNA, "e3", keep(3))
    assert await store.read(ANNA) == Held({"n": 3}, None)
    await store.close()


def _signal(processes: list[int], which: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, which)


async def test_closing_while_the_server_is_away_does_not_hang(url: str, own_server: Server) -> None:
    assert own_server.own is not None
    store = PostgresStore(url, KEY)
    await store.open()
    await store.apply(ANNA, "e1", keep(1, {"n": 1}))
    await store.claim(ANNA)
    own_server.own.stop()

    started = time.monotonic()
    await store.close()
    assert time.monotonic() - started < 2


# Kills


async def test_a_kill_loses_nothing_that_was_acknowledged_and_halves_nothing(
    url: str, server: Server, schema: str
) -> None:
    dice = random.Random()
    acknowledged = dict.fromkeys(range(killed.PATIENTS), 0)
    for _ in range(8):
        process = run("killed", url, KEY)
        lines = [line_of(process)]
        until = time.monotonic() + dice.uniform(0, 0.2)
        while time.monotonic() < until:
            lines.append(line_of(process))
        process.kill()
        assert process.stdout is not None
        rest = process.stdout.read()  # Not `communicate`, which forgets what was read ahead.
        process.communicate()
        for line in "".join([*lines, rest]).splitlines(keepends=True):
            if line.endswith("\n"):
                patient, number = map(int, line.split())
                acknowledged[patient] = number

        store = PostgresStore(url, KEY)
        await store.open()
        for patient, number in acknowledged.items():
            # In its turn, since the server may not have noticed yet that the worker is dead.
            effect = await store.apply(
                killed.address(patient),
                None,
                lambda held, repeated: Effect(None, result=held, changed=False),
            )
            held = effect.result
            found = held.body["number"] if isinstance(held, Held) else 0
            assert found - number in {0, 1}
            acknowledged[patient] = found
            sends = await store.pending(killed.address(patient))
            assert [sending.body["number"] for sending in sends] == list(range(1, found + 1))
        await store.close()
        (counts,) = await server.rows(
            "SELECT (SELECT count(*) FROM done_event) AS events,"
            " (SELECT count(*) FROM outbox) AS sends",
            schema,
        )
        assert counts["events"] == counts["sends"]
    assert min(acknowledged.values()) > 3


# What is stored, and what it costs


async def test_nothing_can_be_read_in_the_tables_or_the_files(
    store: PostgresStore, server: Server, schema: str
) -> None:
    await store.apply(
        ANNA,
        "e1",
        lambda held, repeated: Effect({"said": "MARKER"}, ({"text": "MARKER"}, {"text": "MARKER"})),
    )
    await store.sent((await store.claim(ANNA))[0], {"note": "MARKER"})
    await store.set_aside("e2", ANNA, "KeyError", ({"text": "MARKER"},))

    names = await server.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()", schema
    )
    rows = [
        row for (table,) in names for row in await server.rows(f"SELECT * FROM {table}", schema)
    ]
    pieces = [v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row]
    if server.own is not None:
        await server.execute("CHECKPOINT")
        pieces += [
            file.read_bytes()
            for folder in ("base", "pg_wal")
            for file in (server.own.pgdata / folder).rglob("*")
            if file.is_file()
        ]
    found = b"|".join(pieces)

    assert b"KeyError" in found
    assert b"MARKER" not in found
    assert ANNA.encode() not in found


async def test_what_is_forgotten_is_in_no_table_any_more(
    store: PostgresStore, server: Server, schema: str
) -> None:
    await store.apply(ANNA, "e1", keep(1, {"n": 1}))
    await store.apply(ANNA, "e2", lambda held, repeated: Effect(None))

    for table in ("conversation", "outbox"):
        assert await server.rows(f"SELECT * FROM {table}", schema) == []


async def test_a_damaged_record_is_told_apart_and_harms_nobody_else(
    store: PostgresStore, server: Server, schema: str, caplog: pytest.LogCaptureFixture
) -> None:
    for address in (ANNA, BEN):
        await store.apply(address, None, keep(1, {"n": 1}, {"n": 2}))
    first = (await store.pending(ANNA))[0]
    await server.execute(
        f"UPDATE conversation SET body = '\\x0102' WHERE patient = '{store.key_for(ANNA)}'", schema
    )
    await server.execute(
        f"UPDATE outbox SET body = '\\x01', address = '\\x01' WHERE id = {first.id}", schema
    )

    with pytest.raises(DamagedRecordError, match=store.key_for(ANNA)):
        await store.read(ANNA)
    with pytest.raises(DamagedRecordError):
        await store.apply(ANNA, "e9", keep(2))
    assert await numbers(store, ANNA) == [2]
    assert [address for address, _ in await store.addresses_pending()] == [BEN]
    assert await store.unclaimed() == [BEN]
    assert await store.read(BEN) == Held({"n": 1}, None)
    assert ANNA not in caplog.text


EVERYBODY = {"FIND_ALL_PENDING", "FIND_UNCLAIMED", "EVERY_CONVERSATION", "EVERY_SENDING"}
FEW_ROWS = {"FORGET_THE_GONE"}
"""One row for each worker."""
STATEMENTS = {
    name: text
    for name, text in vars(tables).items()
    if name[0] != "_" and isinstance(text, str) and name.isupper()
    if name not in EVERYBODY | FEW_ROWS
}


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_statement_looks_at_other_patients(
    name: str, store: PostgresStore, server: Server, schema: str
) -> None:
    statement = STATEMENTS[name]
    values = ", ".join(["NULL"] * len(set(re.findall(r"\$\d", statement))))

    async def explain(connection: Connection) -> str:
        await connection.execute(
            "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan"
        )
        await connection.execute(f"PREPARE it AS {statement}")
        rows = await connection.fetch(f"EXPLAIN EXECUTE it {f'({values})' if values else ''}")
        return "\n".join(row[0] for row in rows)

    plan = await Calls(server.within(schema)).prepare(explain)

    assert "Seq Scan" not in plan, plan
    scans = re.findall(r"(?:Index|Index Only|Bitmap Index) Scan", plan)
    assert len(scans) == plan.count("Index Cond"), plan
