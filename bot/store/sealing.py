"""Everything a patient says, and where they can be reached, is encrypted before it is stored.

AES-256-GCM with a random 96-bit nonce. What is sealed is bound to its purpose and its patient, so
that a text moved to another row or another patient does not open. One key may safely seal 2**32
texts, which is one a second for more than a century; rotate it when you seal more than that.

A sealed text is: one version byte, four bytes that name the key, the nonce, ciphertext and tag.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Made once: json.dumps makes an encoder for each call, which costs as much as the encoding.
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

MOST_REMEMBERED = 4096
"""Patients whose key and sealed address are remembered."""

_KEY_BYTES = 32
_KEY_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}=?")
_VERSION = b"\x01"
_KEY_ID = slice(1, 5)
_HEADER = slice(0, 5)
_NONCE = slice(5, 17)
_NONCE_BYTES = 12
_CIPHERTEXT = slice(17, None)


class SealError(Exception):
    """A sealed text does not open: another key, another place, or damaged. Tells nothing of it."""


class KeyFormatError(ValueError):
    """A DATA_KEY is not 32 bytes in urlsafe base64. Never carries the key."""


class Purpose(StrEnum):
    """What a sealed text is; part of what it is bound to."""

    DATABASE = "database"
    RECORD = "record"
    LIVE = "live"
    SEND = "send"
    ADDRESS = "address"
    CLINIC = "clinic"
    INTAKE = "intake"
    HANDLED = "handled"
    NOTE = "note"
    SCHEDULE = "schedule"


def new_key() -> str:
    """A fresh DATA_KEY: 32 random bytes in urlsafe base64."""
    return base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode("ascii")


def parse_keys(text: str) -> tuple[bytes, ...]:
    """The keys of a DATA_KEY: one, or several with commas between, the first of which seals.

    Raises KeyFormatError.
    """
    return tuple(_parse_key(part.strip()) for part in text.split(","))


def _parse_key(text: str) -> bytes:
    if not _KEY_SHAPE.fullmatch(text):
        raise KeyFormatError("a key is 32 bytes in urlsafe base64: 43 characters and perhaps a =")
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=")
    except binascii.Error as error:  # pragma: no cover - the shape leaves nothing to refuse
        raise KeyFormatError("a key is 32 bytes in urlsafe base64") from error


def _derive(key: bytes, use: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"plumbline {use}".encode()).derive(key)


class Sealer:
    """Seals with the first of its keys, opens with any of them.

    ``index`` is the secret behind :meth:`key_for`. It is derived from the first key unless given:
    a database keeps the one it was made with (see :meth:`charter`), because patients would not be
    found any more if a new DATA_KEY gave them new patient keys.
    """

    def __init__(self, keys: Sequence[bytes], index: bytes | None = None) -> None:
        self._ciphers = {_derive(k, "key id", 4): AESGCM(_derive(k, "sealing", 32)) for k in keys}
        self._current = next(iter(self._ciphers))
        self._header = _VERSION + self._current
        self._cipher = self._ciphers[self._current]
        self._index = _derive(keys[0], "patient key", 32) if index is None else index
        self._keys = tuple(keys)
        # A hash costs as much as a question to the database, and every update asks several times.
        self.key_for = lru_cache(MOST_REMEMBERED)(self._key_for)
        self.seal_address = lru_cache(MOST_REMEMBERED)(self._seal_address)

    def __repr__(self) -> str:
        return f"Sealer({len(self._keys)} keys)"

    def _key_for(self, address: str) -> str:
        """The patient key of an address: 32 hex digits that cannot be turned back without a key."""
        return hmac.digest(self._index, address.encode("utf-8", "surrogatepass"), "sha256")[
            :16
        ].hex()

    def mark(self, use: str, text: str) -> str:
        """A keyed hash (HMAC-SHA-256) of a text for one use: 64 hex digits.

        It stays the same under a new DATA_KEY, since its key comes from what the database keeps.
        """
        key = _derive(self._index, use, 32)
        return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def _seal_address(self, patient: str, address: str) -> bytes:
        """Seal where a patient can be reached; the same sealed text may stand in several rows."""
        return self.seal(Purpose.ADDRESS, patient, address)

    def seal(self, purpose: Purpose, patient: str, value: Any) -> bytes:
        """Seal a JSON value for one purpose and one patient key. TypeError if it is not JSON."""
        # A lone surrogate is legal in Telegram's JSON and must not make a message unstorable.
        plain = _to_json(value).encode("utf-8", "surrogatepass")
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._cipher.encrypt(nonce, plain, self._bound(purpose, patient))
        return self._header + nonce + ciphertext

    def open(self, purpose: Purpose, patient: str, sealed: bytes) -> Any:
        """The JSON value. Raises SealError."""
        if len(sealed) <= 17 or sealed[:1] != _VERSION:
            raise SealError("not a sealed text of this version")
        cipher = self._ciphers.get(sealed[_KEY_ID])
        if cipher is None:
            raise SealError("sealed with a key that is not in DATA_KEY")
        try:
            plain = cipher.decrypt(
                sealed[_NONCE], sealed[_CIPHERTEXT], self._bound(purpose, patient)
            )
        except InvalidTag:
            raise SealError("damaged, or moved from another place") from None
        return json.loads(plain.decode("utf-8", "surrogatepass"))

    @property
    def header(self) -> bytes:
        """How every text begins that is sealed with the current key."""
        return self._header

    def charter(self) -> bytes:
        """What a database keeps to know its key again: the index secret, sealed."""
        return self.seal(Purpose.DATABASE, "", {"index": self._index.hex()})

    def under(self, charter: bytes) -> Sealer:
        """This sealer with the index secret of a database. SealError if no key belongs to it."""
        index = bytes.fromhex(self.open(Purpose.DATABASE, "", charter)["index"])
        return Sealer(self._keys, index)

    @staticmethod
    def _bound(purpose: Purpose, patient: str) -> bytes:
        return f"{purpose}\0{patient}".encode()
