"""Calls to a clinic's server, guarded.

The address is checked after the name is resolved, and the connection goes to the address that was
checked: once in the resolver, for a clear answer, and once more where the socket is made, which is
the one place that no name, no redirect and no second resolution gets round. Only https is spoken
(plain http to this very machine, where the operator allows private addresses), no redirect is followed, no proxy is used, and a call ends after ten seconds whatever the other side
does.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.handover.addresses import is_public

TIME_LIMIT = 10.0
"""Seconds for a call as a whole: resolving, connecting, sending, and reading the answer."""

BODY_LIMIT = 64 * 1024
"""Bytes of an answer that are read; nothing of what stands in it matters."""

AT_ONCE = 8
"""Calls under way at the same time."""

URL_LIMIT = 2000
"""Characters of an address."""


_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class RefusedAddressError(OSError):
    """The address is private, of this machine, or otherwise not one that anybody could reach."""


class UrlError(ValueError):
    """This address is not called; ``str`` is one line that says why."""


class CallError(Exception):
    """The call did not succeed.

    ``kind`` is a word of ours, fit to be stored and shown to the operator: nothing of what the
    other side said is in it. ``retry_after`` is how many seconds the other side asked to wait.
    """

    def __init__(self, kind: str, *, retry_after: float | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered: the status, 200 to 299, and the beginning of the body."""

    status: int
    body: bytes


def check_url(url: str, *, private_allowed: bool) -> str:
    """The address of a clinic's server, if it may be called as far as can be seen from it.

    Raises:
        UrlError: it may not be.
    """
    if len(url) > URL_LIMIT or not url.isprintable() or " " in url:
        raise UrlError("is not a web address; write it like https://clinic.example/intake")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
        parts = urlsplit("")
    to_this_machine = private_allowed and parts.scheme == "http" and host in _THIS_MACHINE
    if parts.scheme != "https" and not to_this_machine:
        raise UrlError("must begin with https://")
    if not host or port == 0:
        raise UrlError("is not a web address; write it like https://clinic.example/intake")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UrlError("must be without user, password and #")
    if not private_allowed and (_is_literal(host) or _is_local(host)) and not is_public(host):
        raise UrlError(
            "leads to a private address; the operator can allow that with ALLOW_PRIVATE_WEBHOOKS"
        )
    return url


class GuardedClient:
    """Calls clinics' servers. Close it with :meth:`close`.

    ``private_allowed``: private addresses too, as the operator may set. ``trust`` says whose
    certificates are believed; None: those that the system believes.
    """

    def __init__(
        self,
        *,
        private_allowed: bool = False,
        trust: ssl.SSLContext | None = None,
        time_limit: float = TIME_LIMIT,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._private_allowed = private_allowed
        self._time_limit = time_limit
        self._resolver = _Guard(resolver or _OwnThreads(), private_allowed=private_allowed)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self._resolver,
                # What was resolved for one call is not believed at the next.
                use_dns_cache=False,
                # Every call is a connection of its own, made to an address that was checked.
                force_close=True,
                limit=AT_ONCE,
                ssl=trust or True,
                socket_factory=self._socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Plumbline"},
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=time_limit),
            max_line_size=4096,
            max_field_size=8190,
        )

    async def close(self) -> None:
        """Let go of every connection."""
        await self._session.close()
        await self._resolver.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a body.

        Raises:
            CallError: the other side did not answer with a status of 200 to 299 in time, or may
                not be called.
        """
        try:
            check_url(url, private_allowed=self._private_allowed)
        except UrlError:
            raise CallError("AddressRefused") from None
        try:
            # The client's own limit does not count what a hanging resolver's thread takes.
            async with (
                asyncio.timeout(self._time_limit),
                self._session.post(
                    url, data=body, headers=headers, allow_redirects=False
                ) as response,
            ):
                if not 200 <= response.status < 300:
                    raise CallError(
                        f"Http{response.status}",
                        retry_after=_seconds(response.headers.get("Retry-After")),
                    )
                return Answer(response.status, await _beginning(response))
        except TimeoutError:
            raise CallError("Timeout") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CallError(_kind_of(error)) from None

    def _socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._private_allowed and not is_public(str(address[0])):
            raise RefusedAddressError("not a public address")
        return socket.socket(family=family, type=kind, proto=protocol)


class _Guard(AbstractResolver):
    """Refuses a name that leads to one address that may not be called, even beside good ones."""

    def __init__(self, inner: AbstractResolver, *, private_allowed: bool) -> None:
        self._inner = inner
        self._private_allowed = private_allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not self._private_allowed and not all(is_public(one["host"]) for one in found):
            raise RefusedAddressError("not a public address")
        return found

    async def close(self) -> None:
        await self._inner.close()


class _OwnThreads(AbstractResolver):
    """The system's resolver in threads of its own: one that hangs keeps nobody else waiting."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="handover-resolver")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads,
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family),
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0])
                + (f"%{address[3]}" if len(address) > 3 and address[3] else ""),
                port=int(address[1]),
                family=family,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for family, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """As much of a body as is looked at; the connection is dropped with the rest."""
    body = bytearray()
    while len(body) < BODY_LIMIT:
        chunk = await response.content.read(BODY_LIMIT - len(body))
        if not chunk:
            return bytes(body)
        body += chunk
    response.close()
    return bytes(body)


def _kind_of(error: BaseException) -> str:
    """The type of an error, which is all of it that may be stored."""
    inner = getattr(error, "os_error", None)
    if isinstance(inner, RefusedAddressError):
        return "AddressRefused"
    return type(error).__name__


def _seconds(retry_after: str | None) -> float | None:
    """The seconds a ``Retry-After`` header asks for; a date in it is not looked at."""
    value = (retry_after or "").strip()
    return float(value) if value.isascii() and value.isdecimal() and len(value) <= 6 else None


def _is_literal(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()


def _is_local(host: str) -> bool:
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
