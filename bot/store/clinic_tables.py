"""The tables about clinics and every statement run on them, the same for every database.

Written for PostgreSQL in the part of SQL that SQLite reads as well, but for what :func:`for_sqlite`
takes out. What is in a column named ``body``, ``address``, ``note`` or ``handled_by`` is sealed. A
migration is never edited once released.
"""

# ruff: noqa: S608 - nothing in a statement comes from outside

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.store.sealing import Purpose

_TABLES = """
CREATE TABLE clinic (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL, body {blob} NOT NULL, channels TEXT NOT NULL,
    staff TEXT, address {blob}, created_at {real} NOT NULL, removed_at {real}
);
CREATE UNIQUE INDEX clinic_by_slug ON clinic (slug) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX clinic_by_staff ON clinic (staff);

CREATE TABLE staff_code (hash TEXT PRIMARY KEY, clinic TEXT NOT NULL, until {real} NOT NULL);

-- A row without a body is what is left when it was taken back; it has no patient either.
CREATE TABLE intake (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, clinic TEXT NOT NULL, patient TEXT,
    body {blob}, created_at {real} NOT NULL, gone_at {real}, handled_at {real}, handled_by {blob}
);
CREATE INDEX intake_by_patient ON intake (patient);
CREATE INDEX intake_by_time ON intake (created_at);

-- `due` is also where a claim ends. An id never comes back.
CREATE TABLE delivery (
    id {id}, intake TEXT NOT NULL, clinic TEXT NOT NULL, channel TEXT NOT NULL,
    task TEXT NOT NULL, state TEXT NOT NULL, urgency_rank INTEGER NOT NULL,
    attempts INTEGER NOT NULL, due {real} NOT NULL, last_error TEXT NOT NULL,
    queued_at {real} NOT NULL, settled_at {real}, note {blob}
);
CREATE UNIQUE INDEX delivery_by_intake ON delivery (intake, task, channel);
CREATE INDEX delivery_by_due ON delivery (due) WHERE state = 'queued';

CREATE TABLE schedule (
    id {id}, kind TEXT NOT NULL, patient TEXT NOT NULL, subject TEXT NOT NULL,
    address {blob} NOT NULL, body {blob}, due {real} NOT NULL, claimed_until {real} NOT NULL,
    attempts INTEGER NOT NULL, created_at {real} NOT NULL
);
CREATE UNIQUE INDEX schedule_by_patient ON schedule (patient, kind, subject);
CREATE INDEX schedule_by_due ON schedule (due);

CREATE TABLE audit (
    id {id}, at {real} NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL, clinic TEXT NOT NULL,
    intake TEXT NOT NULL
);
CREATE INDEX audit_by_intake ON audit (intake);

CREATE TABLE intake_count (
    clinic TEXT NOT NULL, month TEXT NOT NULL, what TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (clinic, month, what)
)
"""
_ONLY_GROWS_SQLITE = """;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END
"""
_ONLY_GROWS_POSTGRES = """;
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail only grows'; END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
"""

FOR_SQLITE: Final = (
    _TABLES.format(blob="BLOB", real="REAL", id="INTEGER PRIMARY KEY AUTOINCREMENT")
    + _ONLY_GROWS_SQLITE
)
FOR_POSTGRES: Final = (
    _TABLES.format(
        blob="BYTEA",
        real="DOUBLE PRECISION",
        id="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    )
    + _ONLY_GROWS_POSTGRES
)
"""The migration."""

_CLINIC = "id, slug, body, channels, address, created_at, removed_at"
ADD_CLINIC = (
    "INSERT INTO clinic (id, slug, body, channels, created_at) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT DO NOTHING RETURNING 1"
)
EVERY_CLINIC = f"SELECT {_CLINIC} FROM clinic ORDER BY created_at, id"
FIND_CLINIC = f"SELECT {_CLINIC} FROM clinic WHERE id = $1 AND removed_at IS NULL FOR UPDATE"
FIND_OTHER_BY_SLUG = "SELECT 1 FROM clinic WHERE slug = $1 AND id <> $2 AND removed_at IS NULL"
CHANGE_CLINIC = "UPDATE clinic SET slug = $2, body = $3, channels = $4 WHERE id = $1"
REMOVE_CLINIC = (
    "UPDATE clinic SET removed_at = $2, staff = NULL, address = NULL"
    " WHERE id = $1 AND removed_at IS NULL RETURNING 1"
)
# What goes nowhere any more is settled; the intakes themselves are kept as long as any.
WITHDRAW_FROM_CLINIC = (
    "UPDATE delivery SET state = 'withdrawn', settled_at = $2"
    " WHERE clinic = $1 AND state = 'queued'"
)
FIND_CHANNELS = "SELECT channels, staff FROM clinic WHERE id = $1 AND removed_at IS NULL FOR SHARE"

ADD_STAFF_CODE = "INSERT INTO staff_code (hash, clinic, until) VALUES ($1, $2, $3)"
USE_STAFF_CODE = "DELETE FROM staff_code WHERE hash = $1 AND until > $2 RETURNING clinic"
DELETE_STAFF_CODES = "DELETE FROM staff_code WHERE clinic = $1"
PURGE_STAFF_CODES = "DELETE FROM staff_code WHERE until <= $1"
FIND_BY_STAFF = f"SELECT {_CLINIC} FROM clinic WHERE staff = $1 AND removed_at IS NULL"
LEAVE_STAFF = "UPDATE clinic SET staff = NULL, address = NULL WHERE staff = $1 RETURNING id"
LINK_STAFF = (
    "UPDATE clinic SET staff = $2, address = $3 WHERE id = $1 AND removed_at IS NULL RETURNING 1"
)

ADD_INTAKE = (
    "INSERT INTO intake (id, reference, clinic, patient, body, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1"
)
_INTAKE = "id, reference, clinic, patient, created_at, body, gone_at, handled_at, handled_by"
FIND_INTAKE = f"SELECT {_INTAKE} FROM intake WHERE id = $1 OR reference = $1"
# What comes after "FROM intake" in a list of them.
LATEST = " WHERE created_at >= $1 ORDER BY created_at DESC, id LIMIT $2"
LATEST_OF_CLINIC = LATEST.replace("$1", "$1 AND clinic = $3")
OF_PATIENT = " WHERE patient = $1 AND body IS NOT NULL ORDER BY created_at, id"
INTAKES = f"SELECT {_INTAKE} FROM intake"
IDS_OF_PATIENT = "SELECT id FROM intake WHERE patient = $1 ORDER BY created_at, id"
HANDLE_INTAKE = (
    "UPDATE intake SET handled_at = $2, handled_by = $3"
    " WHERE id = $1 AND handled_at IS NULL AND body IS NOT NULL RETURNING clinic"
)
END_INTAKE = (
    "UPDATE intake SET body = NULL, patient = NULL, handled_by = NULL, gone_at = $2"
    " WHERE id = $1 AND body IS NOT NULL RETURNING clinic"
)
END_INTAKE_OF_PATIENT = END_INTAKE.replace("WHERE", "WHERE patient = $3 AND")
COUNT_INTAKE = (
    "INSERT INTO intake_count (clinic, month, what, number) VALUES ($1, $2, $3, 1)"
    " ON CONFLICT (clinic, month, what) DO UPDATE SET number = intake_count.number + 1"
)
FIND_COUNTS = "SELECT clinic, month, what, number FROM intake_count ORDER BY month, clinic, what"

ADD_DELIVERY = (
    "INSERT INTO delivery (intake, clinic, channel, task, state, urgency_rank, attempts, due,"
    " last_error, queued_at) VALUES ($1, $2, $3, $4, 'queued', $5, 0, $6, '', $6)"
)
AGAIN = (
    " ON CONFLICT (intake, task, channel) DO UPDATE SET state = 'queued', due = excluded.due,"
    " queued_at = excluded.queued_at, settled_at = NULL, last_error = ''"
    " WHERE delivery.state <> 'queued'"
)
ADD_DELIVERY_AGAIN = ADD_DELIVERY + AGAIN
RANK_OF_INTAKE = "SELECT min(urgency_rank) FROM delivery WHERE intake = $1"
WITHDRAW_DELIVERIES = (
    "UPDATE delivery SET state = 'withdrawn', settled_at = $2"
    " WHERE intake = $1 AND task = 'intake' AND state = 'queued'"
)
# Where it was delivered, or an attempt under way may still deliver it: that one is waited for.
WITHDRAWALS = (
    "INSERT INTO delivery (intake, clinic, channel, task, state, urgency_rank, attempts, due,"
    " last_error, queued_at)"
    " SELECT d.intake, d.clinic, d.channel, 'withdrawal', 'queued', d.urgency_rank, 0,"
    " CASE WHEN d.state <> 'withdrawn' OR d.due < $2 THEN $2 WHEN d.due < $3 THEN d.due ELSE $3"
    " END, '', $2"
    " FROM delivery AS d JOIN clinic AS c ON c.id = d.clinic AND c.removed_at IS NULL"
    " WHERE d.intake = $1 AND d.task = 'intake' AND (d.state = 'delivered' OR d.attempts > 0)"
    " ON CONFLICT (intake, task, channel) DO NOTHING"
)
_DELIVERY = (
    "d.id, d.intake, i.reference, d.clinic, d.channel, d.task, d.state, d.attempts, d.due,"
    " d.last_error, d.queued_at, d.settled_at, d.note"
)
DELIVERIES_OF = (
    f"SELECT {_DELIVERY}, NULL FROM delivery AS d JOIN intake AS i ON i.id = d.intake"
    " WHERE d.intake = $1 ORDER BY d.id"
)
DELIVERIES_OF_ALL = (
    f"SELECT {_DELIVERY}, NULL FROM delivery AS d JOIN intake AS i ON i.id = d.intake"
    " WHERE d.intake IN (SELECT id FROM intake{which}) ORDER BY d.id"
)
DELIVERIES_IN = (
    f"SELECT {_DELIVERY}, NULL FROM delivery AS d JOIN intake AS i ON i.id = d.intake"
    " WHERE d.state = $1 ORDER BY d.queued_at, d.id LIMIT $2"
)
FIND_DUE_DELIVERIES = (
    "SELECT d.id FROM delivery AS d WHERE d.state = 'queued' AND d.due <= $1 AND d.channel = $2"
    " AND EXISTS (SELECT 1 FROM clinic AS c WHERE c.id = d.clinic AND c.removed_at IS NULL)"
    " ORDER BY d.urgency_rank, d.queued_at, d.id LIMIT $3 FOR UPDATE SKIP LOCKED"
)
ANY_DUE_DELIVERY = "SELECT 1 FROM delivery WHERE state = 'queued' AND due <= $1 LIMIT 1"
CLAIM_DELIVERY = "UPDATE delivery SET attempts = attempts + 1, due = $2 WHERE id = $1"
FIND_CLAIMED = (
    f"SELECT {_DELIVERY}, i.body, d.urgency_rank FROM delivery AS d"
    " JOIN intake AS i ON i.id = d.intake WHERE d.id = $1"
)
SETTLE_DELIVERY = (
    "UPDATE delivery SET state = $3, settled_at = $4, last_error = $5, note = coalesce($6, note)"
    " WHERE id = $1 AND attempts = $2 AND state = 'queued' RETURNING 1"
)
# It arrived after all when it was taken back: where, its withdrawal has to know.
NOTE_WITHDRAWN = (
    "UPDATE delivery SET note = $3 WHERE id = $1 AND attempts = $2 AND state = 'withdrawn'"
)
RETRY_DELIVERY = (
    "UPDATE delivery SET due = $3, last_error = $4"
    " WHERE id = $1 AND attempts = $2 AND state = 'queued' RETURNING 1"
)

SCHEDULE = (
    "INSERT INTO schedule (kind, patient, subject, address, body, due, claimed_until, attempts,"
    " created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)"
    # The attempts go on, so that who has the earlier one does not finish this one.
    " ON CONFLICT (patient, kind, subject) DO UPDATE SET address = excluded.address,"
    " body = excluded.body, due = excluded.due, claimed_until = 0,"
    " attempts = schedule.attempts + 1, created_at = excluded.created_at"
)
CANCEL_KIND = "DELETE FROM schedule WHERE patient = $1 AND kind = $2"
CANCEL_SUBJECT = "DELETE FROM schedule WHERE subject = $1"
CANCEL_KIND_OF = "DELETE FROM schedule WHERE subject = $1 AND kind = $2"
CANCEL_ALL = "DELETE FROM schedule WHERE patient = $1"
CANCEL_FOR_INTAKE_OF = (
    "DELETE FROM schedule WHERE subject IN (SELECT id FROM intake WHERE clinic = $1)"
)
FIND_DUE_SCHEDULES = (
    "SELECT id FROM schedule WHERE due <= $1 AND claimed_until <= $1 AND kind = $2"
    " ORDER BY due, id LIMIT $3 FOR UPDATE SKIP LOCKED"
)
ANY_DUE_SCHEDULE = "SELECT 1 FROM schedule WHERE due <= $1 AND claimed_until <= $1 LIMIT 1"
CLAIM_SCHEDULE = (
    "UPDATE schedule SET attempts = attempts + 1, claimed_until = $2 WHERE id = $1"
    " RETURNING id, kind, due, patient, address, subject, body, attempts"
)
FINISH_SCHEDULE = "DELETE FROM schedule WHERE id = $1 AND attempts = $2 RETURNING 1"
POSTPONE_SCHEDULE = (
    "UPDATE schedule SET due = $3, claimed_until = 0 WHERE id = $1 AND attempts = $2 RETURNING 1"
)

NOTE = "INSERT INTO audit (at, what, who, clinic, intake) VALUES ($1, $2, $3, $4, $5)"
TRAIL = "SELECT what, who, clinic, intake, at FROM audit ORDER BY id DESC LIMIT $1"
TRAIL_OF = (
    "SELECT what, who, clinic, intake, at FROM audit WHERE intake = $2 ORDER BY id DESC LIMIT $1"
)

# One that was taken back is kept for as long again: its withdrawal may still be on its way.
FIND_OLD_INTAKES = (
    "SELECT id FROM intake WHERE created_at < $1 AND (gone_at IS NULL OR gone_at < $1) LIMIT $2"
    " FOR UPDATE SKIP LOCKED"
)
DELETE_DELIVERIES = "DELETE FROM delivery WHERE intake = $1"
DELETE_INTAKE = "DELETE FROM intake WHERE id = $1"
PURGE_SCHEDULES = "DELETE FROM schedule WHERE created_at < $1"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table with sealed columns, for a change of keys.

    ``every`` gives the key of a row, what its texts are bound to, and the texts; ``write`` puts
    them back: the texts first, then the key. ``first`` is below every key.
    """

    every: str
    write: str
    purposes: tuple[Purpose, ...]
    first: str | int


SEALED: Final = (
    Sealed(
        "SELECT id, id, body, address FROM clinic WHERE id > $1 ORDER BY id LIMIT $2 FOR UPDATE",
        "UPDATE clinic SET body = $1, address = $2 WHERE id = $3",
        (Purpose.CLINIC, Purpose.ADDRESS),
        "",
    ),
    Sealed(
        "SELECT id, clinic || '/' || id, body, handled_by FROM intake WHERE id > $1"
        " ORDER BY id LIMIT $2 FOR UPDATE",
        "UPDATE intake SET body = $1, handled_by = $2 WHERE id = $3",
        (Purpose.INTAKE, Purpose.HANDLED),
        "",
    ),
    Sealed(
        "SELECT id, intake, note FROM delivery WHERE id > $1 ORDER BY id LIMIT $2 FOR UPDATE",
        "UPDATE delivery SET note = $1 WHERE id = $2",
        (Purpose.NOTE,),
        0,
    ),
    Sealed(
        "SELECT id, patient, address, body FROM schedule WHERE id > $1 ORDER BY id LIMIT $2"
        " FOR UPDATE",
        "UPDATE schedule SET address = $1, body = $2 WHERE id = $3",
        (Purpose.ADDRESS, Purpose.SCHEDULE),
        0,
    ),
)


@cache
def for_sqlite(statement: str) -> str:
    """The same for SQLite, where one writer at a time needs no locks."""
    for lock in (" FOR UPDATE SKIP LOCKED", " FOR UPDATE", " FOR SHARE"):
        statement = statement.replace(lock, "")
    return statement.replace("$", "?")
