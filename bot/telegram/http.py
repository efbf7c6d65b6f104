"""The HTTP behind python-telegram-bot: aiohttp instead of its default client.

A call costs less processor time, and no log line holds an address, in which the token stands.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# Made once: json.dumps makes an encoder for each call.
_to_json = json.JSONEncoder(ensure_ascii=False).encode

CONNECT = 10.0
"""Seconds to connect."""

POOL = 30.0
"""Seconds to wait for a free connection of the pool."""

UPLOAD = 60.0
"""Seconds to wait for the answer to a file."""


class AiohttpRequest(BaseRequest):
    """Calls the Bot API over a pool of connections of its own.

    ``connections`` is the size of the pool, ``read_timeout`` the seconds to wait for an answer.
    Raises what python-telegram-bot expects: ``TimedOut`` and ``NetworkError``, whose text is the
    type of the cause and nothing else.
    """

    __slots__ = ("_connections", "_proxies", "_read_timeout", "_session", "last_success")

    def __init__(self, *, connections: int, read_timeout: float) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}
        self.last_success = 0.0
        """When a call last succeeded, by the monotonic clock."""

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer, unless a call says otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call. Raises ``TimedOut`` or ``NetworkError``."""
        if self._session is None:
            raise NetworkError("closed")
        reading = self._read_timeout
        body: bytes | aiohttp.FormData | None = None
        headers: dict[str, str] | None = None
        if request_data is not None and request_data.contains_files:
            reading = max(reading, UPLOAD)
            body = _form(request_data)
        elif request_data is not None:
            body = _to_json(request_data.parameters).encode()
            headers = {"Content-Type": "application/json"}
        if isinstance(read_timeout, int | float):
            reading = float(read_timeout)
        # sock_read alone would let an answer that trickles in take for ever.
        timeout = aiohttp.ClientTimeout(
            total=POOL + CONNECT + reading, connect=POOL, sock_connect=CONNECT, sock_read=reading
        )
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=self._proxy_to(url),
            ) as response:
                content = await response.read()
                if response.status == HTTPStatus.OK:
                    self.last_success = monotonic()
                return response.status, content
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # The cause is cut off: its text may hold the address, and with it the token.
            raise NetworkError(type(error).__name__) from None

    def _proxy_to(self, url: str) -> str | None:
        """The proxy, set as for every other program: HTTPS_PROXY and so on.

        The client could find it too, but reads files for it at every call.
        """
        origin = url[: url.find("/", len("https://"))]
        if origin not in self._proxies:
            parts = urlsplit(origin)
            bypassed = proxy_bypass(parts.hostname or "")
            self._proxies[origin] = None if bypassed else getproxies().get(parts.scheme)
        return self._proxies[origin]


def _form(request_data: RequestData) -> aiohttp.FormData:
    # Telegram takes file names as they are and does not decode them.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=media_type)
    return form
