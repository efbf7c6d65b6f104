"""Signatures as the Standard Webhooks specification describes them.

What is signed is ``<id>.<timestamp>.<body>``, with HMAC-SHA256 and the bytes that the secret's
base64 stands for. The header may hold several signatures, one for each secret that is good, so
that a clinic can change to a new one without losing a message.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
"""What every secret begins with."""

SECRET_BYTES = 32
"""Bytes of a new secret; the specification asks for 24 to 64."""

LEAST_BYTES, MOST_BYTES = 24, 64


class SecretFormatError(ValueError):
    """This is no secret of a webhook."""


def new_secret() -> str:
    """A new secret, ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def signed_headers(id: str, timestamp: int, body: bytes, secrets_: Iterable[str]) -> dict[str, str]:
    """The three headers of a signed message.

    ``id`` names the message and is the same for every attempt at it; ``timestamp`` is that of the
    attempt, in whole seconds since the epoch.

    Raises:
        SecretFormatError: one of the secrets is none, or there is none at all.
        ValueError: the id has a full stop, which separates the parts of what is signed.
    """
    if not id or "." in id:
        raise ValueError("the id of a message has no full stop and is not empty")
    content = f"{id}.{timestamp}.".encode() + body
    signatures = [f"v1,{_signature(secret, content)}" for secret in secrets_]
    if not signatures:
        raise SecretFormatError("a message is signed with one secret at least")
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, content: bytes) -> str:
    digest = hmac.new(_key_of(secret), content, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def _key_of(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise SecretFormatError(
            f"a secret is {PREFIX} and {LEAST_BYTES} to {MOST_BYTES} bytes in base64"
        )
    return key
