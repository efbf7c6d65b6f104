"""Signatures, checked by the independent implementation of Standard Webhooks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bot.handover.signing import SecretFormatError, new_secret, signed_headers

BODY = '{"type": "intake.created", "words": "Schmerz, боль, ألم"}'.encode()


def now() -> int:
    return int(time.time())


def test_a_receiver_with_the_library_takes_it() -> None:
    secret = new_secret()

    headers = signed_headers("7d2f", now(), BODY, [secret])

    assert Webhook(secret).verify(BODY, headers)["type"] == "intake.created"


def test_a_changed_body_a_changed_id_and_another_secret_are_noticed() -> None:
    secret = new_secret()
    headers = signed_headers("7d2f", now(), BODY, [secret])
    for body, given_headers, with_secret in (
        (BODY + b" ", headers, secret),
        (BODY, headers | {"webhook-id": "7d2e"}, secret),
        (BODY, headers, new_secret()),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(with_secret).verify(body, given_headers)


def test_an_old_message_cannot_be_played_back() -> None:
    secret = new_secret()
    headers = signed_headers("7d2f", now() - 600, BODY, [secret])
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers)


def test_while_a_key_is_changed_the_old_and_the_new_one_are_good() -> None:
    old, new = new_secret(), new_secret()

    headers = signed_headers("7d2f", now(), BODY, [new, old])

    assert Webhook(old).verify(BODY, headers)
    assert Webhook(new).verify(BODY, headers)


@given(st.binary(max_size=2000).map(lambda raw: b'{"x": "%s"}' % raw.hex().encode()), st.uuids())
def test_any_message_can_be_verified(body: bytes, id: object) -> None:
    secret = new_secret()
    assert Webhook(secret).verify(body, signed_headers(str(id), now(), body, [secret]))


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ=", "c2hvcnQ" * 8, "whsec_" + "QUJD" * 30],
)
def test_what_is_no_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(SecretFormatError) as refused:
        signed_headers("7d2f", now(), BODY, [secret])
    assert not secret or len(secret) < 10 or secret not in str(refused.value)


def test_nothing_goes_unsigned_and_an_id_cannot_blur_what_is_signed() -> None:
    with pytest.raises(SecretFormatError):
        signed_headers("7d2f", now(), BODY, [])
    for id in ("", "7d.2f"):
        with pytest.raises(ValueError, match="full stop"):
            signed_headers(id, now(), BODY, [new_secret()])
