"""What is the embedded database's own: its files, its key, kills, full disks, no traces left."""

# ruff: noqa: ASYNC110, ASYNC220, ASYNC240, ASYNC251 - nobody else waits while a test looks at a file

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.contract import DamagedRecordError, Effect, Held, Purged, StoreError
from bot.store.sealing import Purpose, new_key
from bot.store.sqlite import SqliteStore
from bot.store.writer import Writer
from tests.store import killed
from tests.store.conftest import Clock

ROOT = Path(__file__).parents[2]
ANNA = "telegram:1:1001"
KEY = new_key()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "plumbline.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path, KEY, patience=0.2)
    await store.open()
    yield store
    await store.close()


def keep(n: int, *sends: dict[str, object]) -> Effect:
    return Effect({"n": n}, sends)


async def written(path: Path, key: str | None = KEY) -> None:
    """A database with one record and one entry in its outbox."""
    store = SqliteStore(path, key)
    await store.open()
    await store.apply(ANNA, "e1", lambda held, repeated: keep(1, {"screen": 1}, {"screen": 2}))
    await store.sent((await store.pending(ANNA))[0], {"message_id": 17})
    await store.close()


async def is_whole(path: Path, key: str | None) -> None:
    store = SqliteStore(path, key)
    await store.open()
    assert await store.read(ANNA) == Held({"n": 1}, {"message_id": 17})
    assert [sending.body for sending in await store.pending(ANNA)] == [{"screen": 2}]
    assert [address for address, _ in await store.addresses_pending()] == [ANNA]
    await store.close()


async def refusal(path: Path, key: str | None = KEY) -> str:
    """The one line with which the database does not open."""
    store = SqliteStore(path, key, patience=0.1)
    with pytest.raises(StoreError) as refused:
        await store.open()
    await store.close()
    line = str(refused.value)
    assert "\n" not in line
    assert KEY not in line
    assert str(path) in line
    return line


def raw(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Files and keys


async def test_nobody_else_can_read_the_files(path: Path) -> None:
    old = os.umask(0)
    try:
        store = SqliteStore(path)
        await store.open()
        await store.apply(ANNA, "e1", lambda held, repeated: keep(1))
    finally:
        os.umask(old)

    assert mode(path.parent) == 0o700
    names = {file.name: mode(file) for file in path.parent.iterdir()}
    await store.close()
    assert names == {
        "plumbline.db": 0o600,
        "plumbline.db-shm": 0o600,
        "plumbline.db-wal": 0o600,
        "plumbline.db.key": 0o600,
    }


async def test_the_connection_is_as_safe_as_it_gets(store: SqliteStore) -> None:
    assert store._writer is not None
    pragmas = await store._writer.run(
        lambda c: {
            name: c.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    )
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


async def test_the_key_is_made_once_and_kept_beside_the_database(path: Path) -> None:
    await written(path, None)
    beside = path.with_name("plumbline.db.key")
    key = beside.read_text()

    await is_whole(path, None)
    assert beside.read_text() == key
    await is_whole(path, key.strip())
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "plumbline.db",
        "plumbline.db.key",
    ]


async def test_two_first_runs_at_once_agree_on_one_key(path: Path) -> None:
    path.parent.mkdir()
    stores = [SqliteStore(path) for _ in range(8)]
    await asyncio.gather(*(store.open() for store in stores))

    assert len({store.key_for(ANNA) for store in stores}) == 1
    await asyncio.gather(*(store.close() for store in stores))


async def test_without_its_key_file_a_database_is_not_touched(path: Path) -> None:
    await written(path, None)
    beside = path.with_name("plumbline.db.key")
    beside.rename(path.with_name("elsewhere"))
    before = path.read_bytes()

    assert "is gone" in await refusal(path, None)

    assert not beside.exists()
    assert path.read_bytes() == before


@pytest.mark.parametrize("wide", [0o640, 0o604, 0o660, 0o644])
async def test_a_key_file_that_others_can_read_is_refused(path: Path, wide: int) -> None:
    await written(path, None)
    beside = path.with_name("plumbline.db.key")
    beside.chmod(wide)

    assert f"chmod 600 {beside}" in await refusal(path, None)
    assert mode(beside) == wide


@pytest.mark.parametrize("content", [b"", b"half a key", b"\xff\xfe"])
async def test_a_key_file_without_a_key_is_refused(path: Path, content: bytes) -> None:
    await written(path, None)
    beside = path.with_name("plumbline.db.key")
    beside.write_bytes(content)

    assert "does not hold a key" in await refusal(path, None)
    assert beside.read_bytes() == content


async def test_another_key_is_noticed_before_anything_is_written(path: Path) -> None:
    await written(path)

    assert "DATA_KEY does not belong to this database" in await refusal(path, new_key())
    await is_whole(path, KEY)


async def test_a_wrong_key_beside_a_key_file_is_told_where_to_look(path: Path) -> None:
    await written(path, None)

    assert f"it may be the one in {path}.key" in await refusal(path, new_key())


async def test_keys_are_changed_without_losing_anything(path: Path) -> None:
    new = new_key()
    await written(path)

    await is_whole(path, f"{KEY},{new}")
    await is_whole(path, KEY)
    await is_whole(path, f"{new},{KEY}")
    await is_whole(path, new)
    assert "does not belong" in await refusal(path, KEY)


async def test_a_change_of_keys_reaches_every_record(path: Path) -> None:
    store = SqliteStore(path, KEY)
    await store.open()
    await asyncio.gather(
        *(
            store.apply(f"test:{n}", None, lambda held, repeated, n=n: keep(n, {"n": n}))  # type: ignore[misc]
            for n in range(1100)
        )
    )
    await store.close()
    new = new_key()
    store = SqliteStore(path, f"{new},{KEY}")
    await store.open()
    await store.close()

    store = SqliteStore(path, new)
    await store.open()
    for n in range(1100):
        assert await store.read(f"test:{n}") == Held({"n": n}, None)
    assert len(await store.addresses_pending()) == 1100
    await store.close()


# What is in the way


async def test_a_folder_is_not_a_database(path: Path) -> None:
    path.mkdir(parents=True)
    assert "names a folder" in await refusal(path)


async def test_a_device_is_not_a_database() -> None:
    assert "is not a file" in await refusal(Path("/dev/null"))


async def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    assert "let this user write there" in await refusal(tmp_path / "data" / "plumbline.db")


async def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Dear diary, " * 100)

    assert "is not a database" in await refusal(path)
    assert path.read_text() == "Dear diary, " * 100


async def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()

    assert "belongs to another program" in await refusal(path)
    assert path.read_bytes() == before


async def test_a_newer_database_is_refused(path: Path) -> None:
    await written(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("INSERT INTO schema_version VALUES (?, 0)", (len(schema.MIGRATIONS) + 1,))
    connection.close()

    assert "newer version" in await refusal(path)


async def test_an_older_database_is_brought_forward(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(path)
    newer = (*schema.MIGRATIONS, "CREATE TABLE later (id INTEGER); CREATE TABLE last (id)")
    monkeypatch.setattr(schema, "MIGRATIONS", newer)

    await is_whole(path, KEY)

    connection = sqlite3.connect(path)
    versions = [row[0] for row in connection.execute("SELECT version FROM schema_version")]
    assert connection.execute("SELECT count(*) FROM last").fetchone() == (0,)
    connection.close()
    assert versions == list(range(1, len(newer) + 1))


async def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(path)
    with monkeypatch.context() as broken:
        broken.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE a (x); NONSENSE"))
        await refusal(path)

    await is_whole(path, KEY)
    connection = sqlite3.connect(path)
    assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'a'").fetchall()
    connection.close()


async def test_a_locked_file_is_told_and_nothing_is_lost_when_it_is_free_again(
    path: Path, store: SqliteStore
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        await store.apply(ANNA, "e1", lambda held, repeated: keep(1))
    assert not await store.healthy()
    assert await store.read(ANNA) is None
    other.execute("ROLLBACK")
    other.close()

    await store.apply(ANNA, "e1", lambda held, repeated: keep(2 if repeated else 1))
    assert await store.read(ANNA) == Held({"n": 1}, None)


async def test_a_file_locked_at_the_start_is_one_line(path: Path) -> None:
    await written(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE IF NOT EXISTS schema_version (x)")

    assert "locked by another program" in await refusal(path)
    other.close()


async def test_a_store_that_did_not_open_can_be_tried_again(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database, " * 100)
    store = SqliteStore(path, KEY)
    with pytest.raises(StoreError):
        await store.open()
    path.unlink()

    await store.open()
    assert await store.healthy()
    await store.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("what", ["folder", "file", "key"])
def test_what_this_user_may_not_write_is_one_line(what: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    path = folder / "plumbline.db"
    for each in (tmp_path, *tmp_path.parents[:3]):
        if each.owner() == "root" and each != Path("/tmp"):
            each.chmod(0o755)
    asyncio.run(written(path, None))
    folder.chmod(0o755)
    if what == "folder":
        path = folder / "other.db"
    elif what == "file":
        path.with_name("plumbline.db.key").chmod(0o600)
        os.chown(path.with_name("plumbline.db.key"), 65534, 65534)
        path.chmod(0o644)
    script = (
        "import asyncio, encodings.ascii, os, sys\n"  # Not readable any more afterwards.
        "from pathlib import Path\n"
        "from bot.store.contract import StoreError\n"
        "from bot.store.sqlite import SqliteStore\n"
        "os.setuid(65534)\n"
        "async def main():\n"
        "    await SqliteStore(Path(sys.argv[1])).open()\n"
        "try:\n"
        "    asyncio.run(main())\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, path], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.stderr == ""
    assert len(result.stdout.splitlines()) == 1
    assert "let this user write" in result.stdout


# What is stored, and what is not


async def test_nothing_can_be_read_in_the_files(path: Path, store: SqliteStore) -> None:
    await store.apply(
        ANNA,
        "e1",
        lambda held, repeated: Effect({"said": "MARKER"}, ({"text": "MARKER"}, {"text": "MARKER"})),
    )
    await store.sent((await store.pending(ANNA))[0], {"note": "MARKER"})
    await store.set_aside("e2", ANNA, "KeyError: 'MARKER'", ({"text": "MARKER"},))

    while_open = raw(path.parent)
    await store.close()

    for content in (while_open, raw(path.parent)):
        assert b"KeyError" in content
        assert b"MARKER" not in content
        assert ANNA.encode() not in content
        assert b"1001" not in content


def sealed_of(path: Path, patient: str) -> list[bytes]:
    """Every sealed text of a patient, and the patient key itself, as they stand in the file."""
    connection = sqlite3.connect(path)
    found: list[bytes] = [patient.encode()]
    for statement in (
        "SELECT body, live FROM conversation WHERE patient = ?",
        "SELECT body, address FROM outbox WHERE patient = ?",
    ):
        for row in connection.execute(statement, (patient,)):
            found += [sealed for sealed in row if sealed is not None]
    connection.close()
    # A text that is longer than a page is in pieces.
    return [piece[place : place + 60] for piece in found for place in range(0, len(piece), 1000)]


@pytest.mark.parametrize("at_once", [True, False], ids=["while open", "after closing"])
async def test_what_is_forgotten_leaves_no_trace_in_any_file(
    path: Path, store: SqliteStore, at_once: bool
) -> None:
    answers = {"answers": {f"question_{n}": "words " * 50 for n in range(20)}}
    for n in range(30):
        await store.apply(f"test:{n}", None, lambda held, repeated: Effect(answers, (answers,)))
    pieces: list[bytes] = []
    for _ in range(3):
        await store.apply(
            ANNA, None, lambda held, repeated: Effect(answers, (answers, {"short": 1}))
        )
        await store.sent((await store.pending(ANNA))[0], {"message_id": 17})
        pieces += sealed_of(path, store.key_for(ANNA))
    assert all(piece in raw(path.parent) for piece in pieces[-5:])

    await store.apply(ANNA, None, lambda held, repeated: Effect(None))

    if at_once:
        await asyncio.sleep(0.3)
    else:
        await store.close()
    left = raw(path.parent)
    assert [piece for piece in pieces if piece in left] == []


async def test_a_reader_elsewhere_only_delays_the_cleaning_of_the_log(
    path: Path, store: SqliteStore
) -> None:
    await store.apply(ANNA, None, lambda held, repeated: keep(1))
    pieces = sealed_of(path, store.key_for(ANNA))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM conversation").fetchall()

    started = time.monotonic()
    await store.apply(ANNA, None, lambda held, repeated: Effect(None))
    assert await store.healthy()
    assert time.monotonic() - started < 0.15
    other.execute("COMMIT")
    other.close()

    await asyncio.sleep(1.3)
    left = raw(path.parent)
    assert [piece for piece in pieces if piece in left] == []


async def test_a_damaged_record_is_told_apart_and_harms_nobody_else(
    path: Path, store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    for address in (ANNA, "test:2"):
        await store.apply(address, None, lambda held, repeated: keep(1, {"n": 1}, {"n": 2}))
    first = (await store.pending(ANNA))[0]
    connection = sqlite3.connect(path, isolation_level=None)
    row = (store.key_for(ANNA),)
    connection.execute("UPDATE conversation SET body = x'0102' WHERE patient = ?", row)
    connection.execute("UPDATE outbox SET body = x'01', address = x'01' WHERE id = ?", (first.id,))
    connection.close()

    with pytest.raises(DamagedRecordError, match=store.key_for(ANNA)):
        await store.read(ANNA)
    with pytest.raises(DamagedRecordError):
        await store.apply(ANNA, "e9", lambda held, repeated: keep(2))
    assert [sending.body for sending in await store.pending(ANNA)] == [{"n": 2}]
    assert [address for address, _ in await store.addresses_pending()] == ["test:2"]
    assert await store.read("test:2") == Held({"n": 1}, None)
    assert ANNA not in caplog.text


async def test_two_processes_may_share_the_file(path: Path, store: SqliteStore) -> None:
    other = SqliteStore(path, KEY)
    await other.open()

    def add(held: Held | None, repeated: bool) -> Effect:
        return keep(held.body["n"] + 1 if held else 1)

    await asyncio.gather(*((store, other)[n % 2].apply(ANNA, f"e{n}", add) for n in range(200)))

    assert await store.read(ANNA) == await other.read(ANNA) == Held({"n": 200}, None)
    await other.close()


# Cost


EVERYBODY = {"FIND_ALL_PENDING", "EVERY_CONVERSATION", "EVERY_SENDING"}
STATEMENTS = {
    name: text
    for name, text in vars(schema).items()
    if name.isupper()
    and isinstance(text, str)
    and not name.startswith("_")
    and name not in EVERYBODY
}


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_statement_looks_at_other_patients(
    name: str, path: Path, store: SqliteStore
) -> None:
    statement = STATEMENTS[name]
    connection = sqlite3.connect(path)
    plan = connection.execute(
        f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
    ).fetchall()
    connection.close()

    steps = [row[3] for row in plan if row[3] not in {"SCAN CONSTANT ROW", "SCAN (subquery-2)"}]
    assert not [step for step in steps if "SCAN" in step or "TEMP B-TREE" in step], steps


async def test_the_hour_of_the_last_change_is_kept_for_the_purge(path: Path) -> None:
    clock = Clock()
    store = SqliteStore(path, KEY, clock=clock)
    await store.open()
    hours = []
    for clock.now in (7200.0, 10_799.0, 10_800.0, 90_000.0):
        await store.apply(ANNA, None, lambda held, repeated: keep(1))
        with sqlite3.connect(path) as connection:
            hours += connection.execute("SELECT changed_hour FROM conversation").fetchall()
        connection.close()
    await store.close()

    assert hours == [(2,), (2,), (3,), (25,)]


async def test_who_comes_together_shares_a_commit(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    commit = Writer._commit

    def counted(self: Writer, group: list[object]) -> object:
        groups.append(len(group))
        return commit(self, group)  # type: ignore[arg-type]

    monkeypatch.setattr(Writer, "_commit", counted)
    await asyncio.gather(
        *(store.apply(f"test:{n}", None, lambda held, repeated: keep(1)) for n in range(400))
    )

    assert sum(groups) == 400
    assert len(groups) < 40
    assert max(groups) <= 200


async def test_a_failure_of_the_database_fails_the_whole_group_and_not_the_next(
    path: Path, store: SqliteStore
) -> None:
    writer = store._writer
    assert writer is not None

    def nonsense(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT nonsense")

    outcomes = await asyncio.gather(
        store.apply(ANNA, "e1", lambda held, repeated: keep(1)),
        writer.run(nonsense),
        store.apply("test:2", "e2", lambda held, repeated: keep(2)),
        return_exceptions=True,
    )

    for address, outcome in ((ANNA, outcomes[0]), ("test:2", outcomes[2])):
        held = await store.read(address)
        assert (held is None) == isinstance(outcome, StoreError)
    assert isinstance(outcomes[1], StoreError)
    await store.apply(ANNA, "e3", lambda held, repeated: keep(3))
    assert await store.read(ANNA) == Held({"n": 3}, None)


def in_the_file(path: Path) -> list[tuple[int, bool]]:
    """How many entries the outbox on the disk has, and whether there is a live message."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT (SELECT count(*) FROM outbox), live IS NOT NULL FROM conversation"
        ).fetchall()
    connection.close()
    return rows


async def until_noted(path: Path) -> None:
    """Wait until what was sent has left the outbox on the disk, its message noted."""
    async with asyncio.timeout(10):
        while in_the_file(path) != [(0, True)]:
            await asyncio.sleep(0.01)


async def test_what_was_sent_is_on_the_disk_a_moment_later(path: Path, store: SqliteStore) -> None:
    await store.apply(ANNA, "e1", lambda held, repeated: keep(1, {"screen": 1}))
    await store.sent((await store.pending(ANNA))[0], {"message_id": 17})

    await until_noted(path)
    assert not store._sent


async def test_what_was_sent_goes_with_the_next_commit(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.writer.LINGER", 60.0)
    await store.apply(ANNA, "e1", lambda held, repeated: keep(1, {"screen": 1}))
    await store.sent((await store.pending(ANNA))[0], {"message_id": 17})
    assert in_the_file(path) == [(1, False)]

    await store.apply("test:2", "e2", lambda held, repeated: Effect(None, changed=False))

    assert in_the_file(path) == [(0, True)]
    assert not store._sent


async def test_what_was_sent_is_noted_when_the_database_can_be_written_again(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.writer.LINGER_AGAIN", 0.05)
    await store.apply(ANNA, "e1", lambda held, repeated: keep(1, {"screen": 1}))
    sending = (await store.pending(ANNA))[0]
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    await store.sent(sending, {"message_id": 17})
    with pytest.raises(StoreError, match="locked"):
        await store.apply(ANNA, "e2", lambda held, repeated: keep(2))
    assert await store.pending(ANNA) == []
    assert await store.live(ANNA) == {"message_id": 17}
    assert in_the_file(path) == [(1, False)]
    await asyncio.sleep(0.6)  # for as long as it takes to be refused alone, too
    other.execute("COMMIT")
    other.close()

    await until_noted(path)


async def test_a_note_that_cannot_be_written_holds_up_nobody(store: SqliteStore) -> None:
    writer = store._writer
    assert writer is not None
    done: list[str] = []

    def nonsense(connection: sqlite3.Connection) -> None:
        raise LookupError("a fault of ours")

    writer.note(nonsense, lambda: done.append("given up"))
    await store.apply(ANNA, "e1", lambda held, repeated: keep(1))

    assert await store.read(ANNA) == Held({"n": 1}, None)
    assert done == ["given up"]


async def test_what_changed_since_it_was_decided_on_is_decided_on_again(
    path: Path, store: SqliteStore
) -> None:
    """Another process may write between the decision and the transaction."""
    await store.apply(ANNA, "e1", lambda held, repeated: keep(1))
    patient = store.key_for(ANNA)
    seen: list[tuple[int, bool]] = []

    def meanwhile(statement: str, *values: object) -> None:
        with sqlite3.connect(path) as other:
            other.execute(statement, values)
        other.close()

    def add(held: Held | None, repeated: bool) -> Effect:
        assert held is not None
        seen.append((held.body["n"], repeated))
        if len(seen) == 1:
            ten = store._open_sealer().seal(Purpose.RECORD, patient, {"n": 10})
            meanwhile(schema.WRITE_BODY, ten, 1.0, patient)
        if len(seen) == 3:
            meanwhile(schema.WRITE_EVENT, "e3", 1.0)
        return keep(held.body["n"] + (not repeated), {"screen": len(seen)})

    await store.apply(ANNA, "e2", add)
    assert seen == [(1, False), (10, False)]
    assert await store.read(ANNA) == Held({"n": 11}, None)
    await store.apply(ANNA, "e3", add)
    assert seen[2:] == [(11, False), (11, True)]
    assert await store.read(ANNA) == Held({"n": 11}, None)
    assert [sending.body["screen"] for sending in await store.pending(ANNA)] == [2, 4]


# Kills and full disks


async def test_a_kill_loses_nothing_that_was_acknowledged_and_halves_nothing(path: Path) -> None:
    dice = random.Random()
    acknowledged = dict.fromkeys(range(killed.PATIENTS), 0)
    for _ in range(15):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.killed", path, KEY],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        until = time.monotonic() + dice.uniform(0, 0.2)
        while time.monotonic() < until:
            lines.append(process.stdout.readline())
        process.kill()
        rest = process.stdout.read()  # Not `communicate`, which forgets what was read ahead.
        process.communicate()
        for line in "".join([*lines, rest]).splitlines(keepends=True):
            if line.endswith("\n"):
                patient, number = map(int, line.split())
                acknowledged[patient] = number

        store = SqliteStore(path, KEY)
        await store.open()
        for patient, number in acknowledged.items():
            held = await store.read(killed.address(patient))
            found = held.body["number"] if held else 0
            assert found - number in {0, 1}
            acknowledged[patient] = found  # the next process goes on from there
            sends = await store.pending(killed.address(patient))
            assert [sending.body["number"] for sending in sends] == list(range(1, found + 1))
        await store.close()
        with sqlite3.connect(path) as connection:
            events = dict.fromkeys(range(killed.PATIENTS), 0)
            for (event,) in connection.execute("SELECT id FROM done_event"):
                events[int(event.split(":")[0])] += 1
            records = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        assert sum(events.values()) == records
    assert min(acknowledged.values()) > 15


async def test_a_kill_in_the_first_moments_leaves_a_database_that_opens(path: Path) -> None:
    dice = random.Random()
    script = (
        "import asyncio, sys\nfrom pathlib import Path\n"
        "from bot.store.sqlite import SqliteStore\n"
        "print(flush=True)\n"
        "asyncio.run(SqliteStore(Path(sys.argv[1])).open())\n"
    )
    for turn in range(10):
        database = path.with_name(f"{turn}.db")
        process = subprocess.Popen(
            [sys.executable, "-c", script, database], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(dice.uniform(0, 0.008))
        process.kill()
        process.communicate()

        await written(database, None)
        await is_whole(database, None)


def test_a_full_disk_refuses_and_recovers(path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.store.full_disk", path, KEY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_disk_with_no_space_left_refuses_and_recovers(small_disk: Path) -> None:
    store = SqliteStore(small_disk / "plumbline.db", KEY)
    await store.open()
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 700_000)
    done: list[int] = []
    refused: list[tuple[int, str]] = []
    for n in range(200):
        try:
            await store.apply(
                f"test:{n}",
                f"e{n}",
                lambda held, repeated, n=n: keep(n, {"x": "y" * 2000}),  # type: ignore[misc]
            )
            done.append(n)
        except StoreError as error:
            refused.append((n, str(error)))
    assert done
    assert refused
    assert all("is full" in line for _, line in refused)

    ballast.unlink()

    assert await store.healthy()
    for n, _ in refused:
        assert await store.read(f"test:{n}") is None
    for n in done:
        assert await store.read(f"test:{n}") == Held({"n": n}, None)
    await store.apply("test:0", None, lambda held, repeated: keep(-1))
    assert await store.purge(records_before=0, events_before=0) == Purged()
    await store.close()


async def test_a_file_that_vanishes_is_not_made_anew_behind_the_patients_back(
    path: Path, store: SqliteStore
) -> None:
    await store.apply(ANNA, None, lambda held, repeated: keep(1))
    for file in path.parent.iterdir():
        file.unlink()

    with pytest.raises(StoreError, match="removed or replaced"):
        await store.apply(ANNA, None, lambda held, repeated: keep(2))
    assert not await store.healthy()
    assert not path.exists()
