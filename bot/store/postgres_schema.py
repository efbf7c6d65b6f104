"""The tables in PostgreSQL and every statement run on them.

A migration is never edited once released: add the next one. What is in a column named ``body``,
``live``, ``address`` or ``charter`` is sealed. Everything is in the first schema of the user's
``search_path``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import clinic_tables, sign_off_table
from bot.store.contract import LONGEST_PUT_OFF, StoreError

if TYPE_CHECKING:
    from bot.store.postgres_calls import Connection

_FIRST = """
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), charter BYTEA NOT NULL, heartbeat DOUBLE PRECISION
);
-- By the hour, and with room on the page: an answer then moves its row in no index.
CREATE TABLE conversation (
    patient TEXT PRIMARY KEY, body BYTEA NOT NULL, live BYTEA,
    changed_at DOUBLE PRECISION NOT NULL, changed_hour BIGINT NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX conversation_by_hour ON conversation (changed_hour);

CREATE TABLE done_event (id TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL);
CREATE INDEX done_event_by_time ON done_event (at);

CREATE TABLE set_aside (event TEXT PRIMARY KEY, error TEXT NOT NULL, at DOUBLE PRECISION NOT NULL);
CREATE INDEX set_aside_by_time ON set_aside (at);

-- A worker is alive until a time by the server's clock, which is the same for all of them.
CREATE TABLE worker (id BIGINT PRIMARY KEY, alive_until TIMESTAMPTZ NOT NULL);

-- A queue: as many rows go as come, so what is dead is cleared by number, not by proportion.
CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, patient TEXT NOT NULL,
    address BYTEA NOT NULL, body BYTEA NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    due DOUBLE PRECISION NOT NULL, queued_at DOUBLE PRECISION NOT NULL, worker BIGINT
) WITH (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000
);
CREATE INDEX outbox_by_patient ON outbox (patient, id);
CREATE INDEX outbox_by_time ON outbox (queued_at)
"""

_PICTURE_FILES = """
-- What the channel keeps a picture under, so that it is uploaded once. It is nobody's in particular.
CREATE TABLE picture_file (
    channel TEXT NOT NULL, picture TEXT NOT NULL, file TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL, PRIMARY KEY (channel, picture)
);
CREATE INDEX picture_file_by_time ON picture_file (at)
"""

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    clinic_tables.FOR_POSTGRES,
    sign_off_table.TABLE,
    _PICTURE_FILES,
)
"""Each brings the tables one version on, whole or not at all."""

# Two numbers: another space than the one number of a patient's lock.
_LOCK_MIGRATION = "SELECT pg_advisory_xact_lock(1886156142, 1)"

FIND_CHARTER = "SELECT charter FROM meta WHERE id = 1"
WRITE_CHARTER_OF_NEW = "INSERT INTO meta (id, charter) VALUES (1, $1) ON CONFLICT (id) DO NOTHING"
WRITE_CHARTER = "UPDATE meta SET charter = $1 WHERE id = 1"
BEAT = "UPDATE meta SET heartbeat = $1 WHERE id = 1"

CLAIM_EVENT_AND_FIND_CONVERSATION = """
WITH claimed AS (
    INSERT INTO done_event (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING 1
)
SELECT (SELECT count(*) FROM claimed) AS claimed, c.body, c.live
FROM (SELECT 1) AS one LEFT JOIN conversation AS c ON c.patient = $3
"""
FIND_CONVERSATION = "SELECT body, live FROM conversation WHERE patient = $1"
FIND_LIVE = "SELECT live FROM conversation WHERE patient = $1"
WRITE_CONVERSATION_AND_QUEUE = """
WITH written AS (
    INSERT INTO conversation (patient, body, changed_at, changed_hour) VALUES ($1, $2, $3, $4)
    ON CONFLICT (patient) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at,
    changed_hour = excluded.changed_hour
)
INSERT INTO outbox (patient, address, body, due, queued_at)
SELECT $1, $5, s.body, $3, $3
FROM unnest($6::bytea[]) WITH ORDINALITY AS s (body, place) ORDER BY s.place
"""
QUEUE = """
INSERT INTO outbox (patient, address, body, due, queued_at)
SELECT $1, $2, s.body, $3, $3
FROM unnest($4::bytea[]) WITH ORDINALITY AS s (body, place) ORDER BY s.place
"""
DELETE_CONVERSATION = "DELETE FROM conversation WHERE patient = $1"
CLAIM_EVENT = "INSERT INTO done_event (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING"
WRITE_SET_ASIDE = """
INSERT INTO set_aside (event, error, at) VALUES ($1, $2, $3)
ON CONFLICT (event) DO UPDATE SET error = excluded.error, at = excluded.at
"""

FIND_PENDING = "SELECT id, address, body, attempts FROM outbox WHERE patient = $1 ORDER BY id"
DELETE_SENDING = "DELETE FROM outbox WHERE id = $1 AND patient = $2"
DELETE_SENDING_AND_NOTE_LIVE = """
WITH gone AS (DELETE FROM outbox WHERE id = $1 AND patient = $2 RETURNING 1)
UPDATE conversation SET live = $3 WHERE patient = $2 AND EXISTS (SELECT FROM gone)
"""
DELETE_PENDING = "DELETE FROM outbox WHERE patient = $1"
POSTPONE = "UPDATE outbox SET attempts = attempts + 1, due = $1 WHERE id = $2 AND patient = $3"

# Not believed is one who would be alive for longer than could be, before the clock was set back.
# Twice, because a transaction's time is that of its beginning: it may see what was said later.
# Nor is an entry put off for longer than may be; the clocks of two workers may differ by as much.
_TOO_FAR = 2 * LONGEST_PUT_OFF
_NOBODY_HAS_IT = """
NOT EXISTS (
    SELECT FROM worker AS w WHERE w.id = seen.worker
    AND w.alive_until BETWEEN now() AND now() + make_interval(secs => 2 * {alive}::float8)
) AND (
    seen.attempts = 0 OR seen.due <= {now} OR seen.due > {now} + {too_far}
)
"""
# Whoever has the first entry of a patient has the patient. Only that one is locked, and under the
# lock it must still be whose it was when it was looked at; who comes second goes away with nothing.
CLAIM_PENDING = f"""
WITH first AS (
    SELECT o.id FROM outbox AS o JOIN (
        SELECT id, attempts, due, worker FROM outbox WHERE patient = $1 ORDER BY id LIMIT 1
    ) AS seen ON seen.id = o.id
    WHERE o.worker IS NOT DISTINCT FROM seen.worker
    AND (seen.worker = $2 OR ({_NOBODY_HAS_IT.format(alive="$4", now="$3", too_far=_TOO_FAR)}))
    FOR UPDATE OF o SKIP LOCKED
)
UPDATE outbox SET worker = $2 WHERE patient = $1 AND EXISTS (SELECT FROM first)
RETURNING id, address, body, attempts
"""  # noqa: S608 - nothing in it comes from outside
FIND_UNCLAIMED = f"""
SELECT seen.patient, seen.address FROM (
    SELECT DISTINCT ON (patient) patient, address, attempts, due, worker
    FROM outbox ORDER BY patient, id
) AS seen
WHERE {_NOBODY_HAS_IT.format(alive="$2", now="$1", too_far=_TOO_FAR)} LIMIT $3
"""  # noqa: S608 - nothing in it comes from outside
BE_ALIVE = """
INSERT INTO worker (id, alive_until) VALUES ($1, now() + make_interval(secs => $2::float8))
ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until
"""
BE_GONE = "DELETE FROM worker WHERE id = $1"
FORGET_THE_GONE = "DELETE FROM worker WHERE alive_until < now() - interval '1 hour'"

# What a staff group was told last is kept for as long as the group is linked: it is no patient's.
PURGE_CONVERSATIONS = """
DELETE FROM conversation WHERE patient IN (
    SELECT patient FROM conversation WHERE changed_hour <= $1 AND changed_at < $2
    AND NOT EXISTS (SELECT FROM clinic WHERE clinic.staff = conversation.patient)
    LIMIT $3 FOR UPDATE SKIP LOCKED
)
"""
PURGE_OUTBOX = """
DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE queued_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
)
"""
PURGE_EVENTS = """
DELETE FROM done_event WHERE id IN (
    SELECT id FROM done_event WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
)
"""
PURGE_SET_ASIDE = """
DELETE FROM set_aside WHERE event IN (
    SELECT event FROM set_aside WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
)
"""

FIND_FILE = "SELECT file FROM picture_file WHERE channel = $1 AND picture = $2"
WRITE_FILE = """
INSERT INTO picture_file (channel, picture, file, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (channel, picture) DO UPDATE SET file = excluded.file, at = excluded.at
"""
PURGE_FILES = """
DELETE FROM picture_file WHERE (channel, picture) IN (
    SELECT channel, picture FROM picture_file WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
)
"""

# The only statements, with FIND_UNCLAIMED, that look at more than one patient.
FIND_ALL_PENDING = """
SELECT patient, address, due FROM outbox
WHERE id IN (SELECT min(id) FROM outbox GROUP BY patient) ORDER BY id
"""
EVERY_CONVERSATION = """
SELECT patient, patient, body, live FROM conversation
WHERE patient > $1 ORDER BY patient LIMIT $2 FOR UPDATE
"""
RESEAL_CONVERSATION = "UPDATE conversation SET body = $1, live = $2 WHERE patient = $3"
EVERY_SENDING = """
SELECT id, patient, address, body FROM outbox WHERE id > $1 ORDER BY id LIMIT $2 FOR UPDATE
"""
RESEAL_SENDING = "UPDATE outbox SET address = $1, body = $2 WHERE id = $3"


def begin_for(patient: str) -> str:
    """Begin a transaction and wait for the patient's turn, in one trip to the server.

    The lock ends with the transaction, however that ends. It is taken by a statement of its own,
    because a statement sees what was committed before it began: the next one sees all that whoever
    had the lock before has done.
    """
    number = int.from_bytes(bytes.fromhex(patient[:16]), signed=True)
    return f"BEGIN; SELECT pg_advisory_xact_lock({number})"


async def migrate(connection: Connection, now: float) -> None:
    """Bring the tables up to this version of the code, one worker at a time.

    Raises StoreError if they are ahead of it or are another program's; nothing is changed then.
    """
    async with connection.transaction():
        await connection.execute(_LOCK_MIGRATION)
        if await connection.fetchval("SELECT current_schema()") is None:
            raise StoreError("its search_path names no schema that is there")
        tables = {
            row[0]
            for row in await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            )
        }
        if tables and "schema_version" not in tables:
            raise StoreError("it has tables of another program")
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_version"
            " (version INTEGER PRIMARY KEY, applied_at DOUBLE PRECISION NOT NULL)"
        )
        version = await connection.fetchval("SELECT max(version) FROM schema_version") or 0
        if version > len(MIGRATIONS):
            raise StoreError("it was written by a newer version of Plumbline")
        for number, migration in enumerate(MIGRATIONS[version:], version + 1):
            await connection.execute(migration)
            await connection.execute("INSERT INTO schema_version VALUES ($1, $2)", number, now)
