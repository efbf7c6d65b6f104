"""The files of the embedded database: its folder, itself, and the key beside it."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from bot.store.contract import StoreError
from bot.store.sealing import KeyFormatError, new_key, parse_keys

_ELSEWHERE = "or let DATABASE_URL name a file elsewhere"


def prepare(database: Path, data_key: str | None) -> tuple[bytes, ...]:
    """Make what is missing and return the keys, the first of which seals. Raises StoreError.

    Without ``data_key`` the key is the one in the file beside the database, made on the first run.
    The folder is made with mode 0700, the files with 0600.
    """
    try:
        if database.is_dir():
            raise StoreError(
                f"DATABASE_URL names a folder, {database}: let it name a file in it, for example "
                f"{database / 'plumbline.db'}."
            )
        if database.exists() and not database.is_file():
            raise StoreError(f"{database} is not a file: let DATABASE_URL name one.")
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = _keys(database, data_key)
        _make(database)
    except OSError as error:
        raise StoreError(
            f"The database {database} cannot be made or opened ({error.strerror}: "
            f"{error.filename}): let this user write there, {_ELSEWHERE}."
        ) from error
    return keys


def key_file(database: Path) -> Path:
    """Where the key of an embedded database is when DATA_KEY is not set."""
    return database.with_name(database.name + ".key")


def _keys(database: Path, data_key: str | None) -> tuple[bytes, ...]:
    if data_key is not None:
        return _parsed(data_key, "DATA_KEY")
    path = key_file(database)
    if not path.exists():
        if database.exists() and database.stat().st_size > 0:
            raise StoreError(
                f"The key of {database} is gone: put back its file {path}, or set DATA_KEY to its "
                "content. Without it nothing in the database can be read."
            )
        _write_key(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        # Not tightened silently: whoever could read it may have, and that is for a person to judge.
        raise StoreError(
            f"Others can read the key file {path} (mode {mode:04o}): run `chmod 600 {path}`, or set "
            "DATA_KEY instead; and change the key if somebody may have copied it."
        )
    try:
        text = path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        text = ""
    return _parsed(text, f"The key file {path}")


def _parsed(text: str, where: str) -> tuple[bytes, ...]:
    try:
        return parse_keys(text)
    except KeyFormatError:
        raise StoreError(
            f"{where} does not hold a key (32 bytes in urlsafe base64, 44 characters): put back the "
            "one that the database was made with."
        ) from None


def _write_key(path: Path) -> None:
    # Written whole under another name and then linked, which fails if the name is taken: neither a
    # kill nor a second process can leave half a key or replace one in use.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(written, path)
    finally:
        written.unlink()
    _sync_folder(path.parent)


def _make(database: Path) -> None:
    try:
        descriptor = os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    os.close(descriptor)
    _sync_folder(database.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
