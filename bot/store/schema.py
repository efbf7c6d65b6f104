"""The tables of the embedded database and every statement run on them.

A migration is never edited once released: add the next one. What is in a column named ``body``,
``live``, ``address`` or ``charter`` is sealed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from bot.store import clinic_tables, sign_off_table
from bot.store.contract import StoreError

_FIRST = """
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), charter BLOB NOT NULL, heartbeat REAL
);
CREATE TABLE conversation (
    patient TEXT PRIMARY KEY, body BLOB NOT NULL, live BLOB, changed_at REAL NOT NULL,
    changed_hour INTEGER NOT NULL
);
-- By the hour, so that an answer does not move its row in the index each time.
CREATE INDEX conversation_by_hour ON conversation (changed_hour);

CREATE TABLE done_event (id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX done_event_by_time ON done_event (at);

CREATE TABLE set_aside (event TEXT PRIMARY KEY, error TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX set_aside_by_time ON set_aside (at);

-- AUTOINCREMENT: an id must never come back, or a late `sent` would delete another's entry.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, patient TEXT NOT NULL, address BLOB NOT NULL,
    body BLOB NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL,
    queued_at REAL NOT NULL
);
CREATE INDEX outbox_by_patient ON outbox (patient, id);
CREATE INDEX outbox_by_time ON outbox (queued_at);
"""

_PICTURE_FILES = """
-- What the channel keeps a picture under, so that it is uploaded once. It is nobody's in particular.
CREATE TABLE picture_file (
    channel TEXT NOT NULL, picture TEXT NOT NULL, file TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (channel, picture)
) WITHOUT ROWID;
CREATE INDEX picture_file_by_time ON picture_file (at);
"""

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    clinic_tables.FOR_SQLITE,
    sign_off_table.TABLE,
    _PICTURE_FILES,
)
"""Each brings the tables one version on."""

FIND_CHARTER = "SELECT charter FROM meta WHERE id = 1"
WRITE_CHARTER_OF_NEW = "INSERT OR IGNORE INTO meta (id, charter) VALUES (1, ?)"
WRITE_CHARTER = "UPDATE meta SET charter = ? WHERE id = 1"
BEAT = "UPDATE meta SET heartbeat = ? WHERE id = 1"

FIND_EVENT_AND_CONVERSATION = (
    "SELECT (SELECT 1 FROM done_event WHERE id = ?), c.body, c.live, c.changed_hour"
    " FROM (SELECT 1) LEFT JOIN conversation AS c ON c.patient = ?"
)
FIND_CONVERSATION = "SELECT body, live FROM conversation WHERE patient = ?"
FIND_LIVE = "SELECT live FROM conversation WHERE patient = ?"
WRITE_CONVERSATION = (
    "INSERT INTO conversation (body, changed_at, changed_hour, patient) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (patient) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at,"
    " changed_hour = excluded.changed_hour"
)
WRITE_BODY = "UPDATE conversation SET body = ?, changed_at = ? WHERE patient = ?"
WRITE_LIVE = "UPDATE conversation SET live = ? WHERE patient = ?"
DELETE_CONVERSATION = "DELETE FROM conversation WHERE patient = ?"

WRITE_EVENT = "INSERT OR IGNORE INTO done_event (id, at) VALUES (?, ?)"
WRITE_SET_ASIDE = "INSERT OR REPLACE INTO set_aside (event, error, at) VALUES (?, ?, ?)"

QUEUE = "INSERT INTO outbox (patient, address, body, due, queued_at) VALUES (?, ?, ?, ?, ?)"
FIND_PENDING = "SELECT id, address, body, attempts FROM outbox WHERE patient = ? ORDER BY id"
FIND_SENDING = "SELECT 1 FROM outbox WHERE id = ? AND patient = ?"
FIND_FIRST_SENDING = "SELECT min(id) FROM outbox WHERE patient = ?"
DELETE_SENDING = "DELETE FROM outbox WHERE id = ? AND patient = ?"
DELETE_PENDING = "DELETE FROM outbox WHERE patient = ?"
POSTPONE = "UPDATE outbox SET attempts = attempts + 1, due = ? WHERE id = ? AND patient = ?"

# What a staff group was told last is kept for as long as the group is linked: it is no patient's.
PURGE_CONVERSATIONS = (
    "DELETE FROM conversation WHERE patient IN"
    " (SELECT patient FROM conversation WHERE changed_hour <= ? AND changed_at < ?"
    " AND NOT EXISTS (SELECT 1 FROM clinic WHERE clinic.staff = conversation.patient) LIMIT ?)"
)
PURGE_OUTBOX = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE queued_at < ? LIMIT ?)"
PURGE_EVENTS = "DELETE FROM done_event WHERE id IN (SELECT id FROM done_event WHERE at < ? LIMIT ?)"
PURGE_SET_ASIDE = (
    "DELETE FROM set_aside WHERE event IN (SELECT event FROM set_aside WHERE at < ? LIMIT ?)"
)

FIND_FILE = "SELECT file FROM picture_file WHERE channel = ? AND picture = ?"
WRITE_FILE = "INSERT OR REPLACE INTO picture_file (channel, picture, file, at) VALUES (?, ?, ?, ?)"
PURGE_FILES = (
    "DELETE FROM picture_file WHERE (channel, picture) IN"
    " (SELECT channel, picture FROM picture_file WHERE at < ? LIMIT ?)"
)

# The only statements that look at more than one patient: at start-up, and after a change of keys.
FIND_ALL_PENDING = (
    "SELECT patient, address, due FROM outbox"
    " WHERE id IN (SELECT min(id) FROM outbox GROUP BY patient) ORDER BY id"
)
EVERY_CONVERSATION = (
    "SELECT rowid, patient, body, live FROM conversation WHERE rowid > ? ORDER BY rowid LIMIT ?"
)
RESEAL_CONVERSATION = "UPDATE conversation SET body = ?, live = ? WHERE rowid = ?"
EVERY_SENDING = "SELECT id, patient, address, body FROM outbox WHERE id > ? ORDER BY id LIMIT ?"
RESEAL_SENDING = "UPDATE outbox SET address = ?, body = ? WHERE id = ?"


def check_ours(connection: sqlite3.Connection) -> None:
    """Raise StoreError if this is a database of another program, before anything is changed."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if tables and "schema_version" not in tables:
        raise StoreError("it belongs to another program")


def migrate(connection: sqlite3.Connection, now: float) -> None:
    """Bring the tables up to this version of the code. Raises StoreError if they are ahead of it.

    The connection commits by itself (``isolation_level=None``).
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_version"
            " (version INTEGER PRIMARY KEY, applied_at REAL NOT NULL)"
        )
        (found,) = connection.execute("SELECT max(version) FROM schema_version").fetchone()
        version = found or 0
        if version > len(MIGRATIONS):
            raise StoreError("it was written by a newer version of Plumbline")
        for number, migration in enumerate(MIGRATIONS[version:], version + 1):
            for statement in _statements(migration):
                connection.execute(statement)
            connection.execute("INSERT INTO schema_version VALUES (?, ?)", (number, now))
    except BaseException:
        if connection.in_transaction:  # A full disk has ended it already.
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(migration: str) -> Iterator[str]:
    """The statements one by one: a trigger has semicolons inside."""
    statement = ""
    for piece in migration.split(";"):
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
