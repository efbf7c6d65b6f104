"""Calls to a clinic's server: what is never called, and what a bad server cannot do."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from bot.handover.addresses import is_public
from bot.handover.http import BODY_LIMIT, CallError, GuardedClient, UrlError, check_url
from tests.handover.receiver import Answering, Certificate, Receiver

NOT_PUBLIC = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.254",
    "169.254.169.254",
    "192.0.0.192",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:100.64.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "nonsense",
    "",
]
PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_an_address_that_anybody_could_reach(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_anybody_could_reach(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_as_itself(address: object) -> None:
    public = is_public(str(address))
    assert is_public(f"::ffff:{address}") is public
    assert is_public(f"64:ff9b::{address}") is public


class Names(AbstractResolver):
    """A name server in the hands of somebody else: every question gets the next answer."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers: Iterator[list[str]] = iter(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=6, flags=0
            )
            for address in next(self._answers)
        ]

    async def close(self) -> None:
        pass


def answering(status: int, **headers: str) -> Answering:
    return lambda _: web.Response(status=status, headers=headers)


async def refused(url: str, certificate: Certificate, names: Names | None = None) -> str:
    client = GuardedClient(trust=certificate.trust(), time_limit=2.0, resolver=names)
    try:
        with pytest.raises(CallError) as error:
            await client.post(url, b"{}", {})
        return error.value.kind
    finally:
        await client.close()


async def test_a_private_address_is_refused_however_it_is_written(
    receiver: Receiver, certificate: Certificate
) -> None:
    for host in (
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "127.0.0.1.",
        "LOCALHOST.",
    ):
        kind = await refused(f"https://{host}:{receiver.port}/intake", certificate)
        assert kind in ("AddressRefused", "ClientConnectorDNSError", "InvalidUrlClientError"), host
    assert receiver.posts == []


async def test_a_name_that_leads_to_a_private_address_is_refused(
    receiver: Receiver, certificate: Certificate
) -> None:
    url = f"https://clinic.test:{receiver.port}/intake"
    for addresses in (["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"]):
        assert await refused(url, certificate, Names(addresses)) == "AddressRefused"
    assert receiver.posts == []


async def test_the_address_that_was_checked_is_the_one_that_is_called(
    receiver: Receiver, certificate: Certificate
) -> None:
    """A name that is public when it is looked at and private a moment later gains nothing."""
    names = Names(["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"])
    client = GuardedClient(
        private_allowed=True, trust=certificate.trust(), time_limit=2.0, resolver=names
    )
    await client.post(f"https://clinic.test:{receiver.port}/intake", b"{}", {})
    await client.close()
    assert names.asked == 1

    # The second line: what a resolver lets through is looked at again where the socket is made.
    client = GuardedClient(trust=certificate.trust(), time_limit=2.0, resolver=names)
    client._resolver._private_allowed = True
    with pytest.raises(CallError, match="AddressRefused"):
        await client.post(f"https://clinic.test:{receiver.port}/intake", b"{}", {})
    await client.close()
    assert len(receiver.posts) == 1


async def test_where_the_operator_allows_it_a_private_address_is_called(
    receiver: Receiver, client: GuardedClient
) -> None:
    assert (await client.post(receiver.url, b"hello", {"webhook-id": "a"})).status == 200
    assert (receiver.posts[0].path, receiver.posts[0].body) == ("/intake", b"hello")


async def test_a_server_that_cannot_prove_who_it_is_gets_nothing(receiver: Receiver) -> None:
    client = GuardedClient(private_allowed=True, time_limit=2.0)
    with pytest.raises(CallError, match="ClientConnectorCertificateError"):
        await client.post(receiver.url, b"{}", {})
    await client.close()
    assert receiver.posts == []


async def test_no_redirect_is_followed(receiver: Receiver, client: GuardedClient) -> None:
    for status in (301, 302, 303, 307, 308):
        receiver.answers.append(answering(status, Location="/elsewhere"))
        with pytest.raises(CallError, match=f"Http{status}"):
            await client.post(receiver.url, b"{}", {})
    assert {post.path for post in receiver.posts} == {"/intake"}
    assert len(receiver.posts) == 5


async def test_a_server_that_hangs_is_left_in_time(
    receiver: Receiver, client: GuardedClient
) -> None:
    receiver.always = "hang"
    began = time.monotonic()
    with pytest.raises(CallError, match="Timeout"):
        await client.post(receiver.url, b"{}", {})
    assert time.monotonic() - began < 3


async def test_a_server_that_trickles_is_left_in_time(certificate: Certificate) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.05)
        except OSError:
            writer.close()

    server = await asyncio.start_server(trickle, "127.0.0.1", 0, ssl=certificate.server())
    port = server.sockets[0].getsockname()[1]
    client = GuardedClient(private_allowed=True, trust=certificate.trust(), time_limit=0.5)
    began = time.monotonic()
    with pytest.raises(CallError, match="Timeout"):
        await client.post(f"https://127.0.0.1:{port}/", b"{}", {})
    assert time.monotonic() - began < 3
    await client.close()
    server.close()


async def test_of_an_endless_answer_only_the_beginning_is_read(
    receiver: Receiver, client: GuardedClient
) -> None:
    receiver.answers.append(lambda _: web.Response(body=b"x" * (BODY_LIMIT * 40)))
    answer = await client.post(receiver.url, b"{}", {})
    assert len(answer.body) == BODY_LIMIT


async def test_what_is_kept_of_a_failure_is_not_what_the_server_said(
    receiver: Receiver, client: GuardedClient
) -> None:
    receiver.answers += [500, 404, 429, "drop"]
    kinds = []
    for _ in range(4):
        with pytest.raises(CallError) as error:
            await client.post(receiver.url, b"{}", {})
        kinds.append(str(error.value))
        assert error.value.__cause__ is None
    assert kinds == ["Http500", "Http404", "Http429", "ServerDisconnectedError"]


async def test_a_server_may_say_when_to_come_again(
    receiver: Receiver, client: GuardedClient
) -> None:
    for asked, seconds in (
        ("120", 120.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-5", None),
        ("9" * 40, None),
    ):
        receiver.answers.append(answering(503, **{"Retry-After": asked}))
        with pytest.raises(CallError) as error:
            await client.post(receiver.url, b"{}", {})
        assert error.value.retry_after == seconds


@pytest.mark.parametrize(
    "url",
    [
        "http://clinic.example/intake",
        "ftp://clinic.example/",
        "clinic.example",
        "https://",
        "https://clinic.example:0/",
        "https://clinic.example:99999/",
        "https://user:secret@clinic.example/",
        "https://clinic.example/#part",
        "https://clinic.example/ intake",
        "https://clinic.example/\nX: y",
        "https://[::1/",
        "https://clinic.example/" + "x" * 2000,
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://intake.internal/",
    ],
)
def test_addresses_that_are_refused_at_once(url: str) -> None:
    with pytest.raises(UrlError):
        check_url(url, private_allowed=False)


def test_addresses_that_may_be_called() -> None:
    for url in ("https://clinic.example/intake?k=1", "https://93.184.216.34:8443/"):
        assert check_url(url, private_allowed=False) == url
    assert check_url("https://10.0.0.1/", private_allowed=True)


def test_plain_http_stays_on_this_machine_and_only_where_the_operator_allows_it() -> None:
    assert check_url("http://127.0.0.1:8080/intake", private_allowed=True)
    for url, allowed in (
        ("http://127.0.0.1/", False),
        ("http://10.0.0.1/", True),
        ("http://127.0.0.1.example/", True),
        ("http://clinic.example/", True),
    ):
        with pytest.raises(UrlError):
            check_url(url, private_allowed=allowed)
