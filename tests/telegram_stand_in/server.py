"""The stand-in itself: a Bot API on a local socket."""

import asyncio
import inspect
import json
import re
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import unquote

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage

from .bell import Bell
from .calls import Call, Calls
from .chats import User, World
from .delivery import Delivery
from .errors import Breach, Refused
from .faults import Fault, Faults
from .messages import Messages
from .parameters import Parameters, read_parameters
from .patient import Group, Patient, Telegram
from .profile import Profile
from .taps import Taps
from .updates import Updates

T = TypeVar("T")

TOKEN = "123456789:AAH0d0nl0okLikeArealTokenButItIsNot"
MAX_REQUEST_BYTES = 64 << 20

_TOKEN = re.compile(r"[1-9][0-9]{0,15}:[A-Za-z0-9_-]{1,64}")
_LOST_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_JSON = {"Content-Type": "application/json"}


class StandIn:
    """A Bot API for one bot, over a real socket.

    Args:
        token: the bot's token; its number is the bot's id.
        username: the bot's user name.
        calls_kept: how many calls the log keeps (`None`: all).
        patience: seconds a patient waits for the bot before a test fails.
        webhook_via: origin (`http://127.0.0.1:8080`) that stands for the public one of the
            webhook's URL, where a proxy would take the TLS off.
        webhook_wait: seconds before a webhook's update is tried again; doubles each time.
        first_update_id: the id of the first update.

    Attributes:
        faults: what goes wrong, see `Faults.add`.
        calls: what the bot called, see `Calls`.
        profile: menus, name and descriptions the bot set.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = "plumbline_test_bot",
        calls_kept: int | None = None,
        patience: float = 5.0,
        webhook_via: str | None = None,
        webhook_wait: float = 0.05,
        first_update_id: int = 700_000_001,
    ) -> None:
        self.token = token
        self.patience = patience
        self.port = 0
        self.faults = Faults()
        self.calls = Calls(calls_kept)
        bot = User(int(token.partition(":")[0]), "Plumbline", is_bot=True, username=username)
        self.world = World(bot)
        self._happened = Bell()
        self.updates = Updates(self._happened, first_id=first_update_id)
        self.taps = Taps()
        self.profile = Profile(self.world)
        self.delivery = Delivery(
            self.updates, self._respond, webhook_via=webhook_via, webhook_wait=webhook_wait
        )
        self._telegram = Telegram(self.world, self.updates, self.taps, patience)
        self._methods: dict[str, tuple[str, Callable[[Parameters], Any]]] = {
            name.lower(): (name, method)
            for methods in (
                self.profile.methods,
                self.delivery.methods,
                Messages(self.world, self.taps).methods,
            )
            for name, method in methods.items()
        }
        self._runner: web.ServerRunner | None = None
        self.control: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]] | None = None
        """Answers what is asked under `/control/`, where something else than a test drives it."""

    # Running

    @property
    def url(self) -> str:
        """Origin of the Bot API: the bot calls `<url>/bot<token>/<method>`."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        server = web.Server(
            self._handle, request_factory=_request, access_log=None, handler_cancellation=True
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Let go of every caller and stop listening."""
        self.faults.clear()
        await self.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    # The people's side

    def patient(
        self,
        name: str = "Ana",
        *,
        language_code: str | None = "en",
        username: str | None = None,
        id: int | None = None,
    ) -> Patient:
        """Somebody new with a phone."""
        user = self.world.new_user(name, id=id, language_code=language_code, username=username)
        return Patient(self._telegram, user, self.world.private_chat(user))

    def group(self, title: str, *members: Patient) -> Group:
        """A group of people, without the bot until somebody adds it."""
        return Group(self._telegram, self.world.new_group(title), members)

    def inject(self, update: dict[str, Any]) -> int:
        """Hand the bot any update at all, also a broken one or an old id again; gives its id.

        Whoever writes in it can be answered, as on Telegram.
        """
        match update:
            case {"message": {"chat": {"id": int(chat_id), "type": "private"}}}:
                if chat_id not in self.world.chats:
                    self.patient(f"Patient {chat_id}", id=chat_id)
                self.world.chats[chat_id].known = True
        return self.updates.inject(update)

    # What a test looks at

    @property
    def breaches(self) -> list[str]:
        """The calls Telegram would not have taken and no correct bot makes."""
        return self.calls.breaches

    @property
    def acknowledged(self) -> int:
        """The highest update id the bot has confirmed, 0 before the first."""
        return self.updates.acknowledged

    @property
    def last_update(self) -> dict[str, Any]:
        """The newest update, as the bot gets it; injected again it is a duplicate."""
        return self.updates.last

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.updates)

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], T], timeout: float | None = None) -> T:
        """Wait until something holds that a call, or the confirming of an update, brings about.

        Raises:
            AssertionError: it did not within `timeout` seconds (default: the patience).
        """
        try:
            return await self._happened.until(condition, timeout or self.patience)
        except TimeoutError:
            raise AssertionError(
                f"waited in vain; {self.pending} updates pending, calls: {dict(self.calls.counts)}"
            ) from None

    async def drained(self, timeout: float | None = None) -> None:
        """Wait until the bot has confirmed every update."""
        await self.until(lambda: not self.updates, timeout)

    # The bot's side

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        if "%" in path:
            path = unquote(path)
        if path.startswith("/file/bot"):
            return self._download(path.removeprefix("/file/bot"))
        if self.control is not None and path.startswith("/control/"):
            return await self.control(request)
        token, slash, name = path.removeprefix("/bot").partition("/")
        if not path.startswith("/bot") or not slash or not _TOKEN.fullmatch(token):
            return _failed(Refused(404, "Not Found"))
        if token != self.token:
            return _failed(Refused(401, "Unauthorized"))
        return await self._called(name, request, query)

    async def _called(self, name: str, request: web.BaseRequest, query: str) -> web.StreamResponse:
        key = name.lower()
        spelled, method = self._methods.get(key, (name, _no_such_method))
        call = Call(spelled, Parameters({}), asyncio.get_running_loop().time())
        self.calls.add(call)
        self._happened.ring()
        try:
            call.parameters = await read_parameters(request, query)
        except Refused as error:
            self.calls.refused(call, error)
            return _failed(error)
        fault = self.faults.strike(key, call.parameters.text("chat_id"))
        try:
            if fault is None:
                return await self._apply(call, method)
            return await self._apply_with(fault, request, call, method)
        finally:
            self._happened.ring()

    async def _respond(self, body: dict[str, Any]) -> None:
        """Carry out the call in a bot's response to a webhook's post; the bot hears no result."""
        name = str(body.pop("method", ""))
        spelled, method = self._methods.get(name.lower(), (name, _no_such_method))
        call = Call(spelled, Parameters(body), asyncio.get_running_loop().time())
        self.calls.add(call)
        self.calls.in_responses += 1
        await self._apply(call, method)
        self._happened.ring()

    async def _apply(self, call: Call, method: Callable[[Parameters], Any]) -> web.Response:
        try:
            result = method(call.parameters)
            if inspect.isawaitable(result):
                result = await result
        except Refused as error:
            self.calls.refused(call, error)
            return _failed(error)
        call.applied, call.result = True, result
        return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), headers=_JSON)

    async def _apply_with(
        self,
        fault: Fault,
        request: web.BaseRequest,
        call: Call,
        method: Callable[[Parameters], Any],
    ) -> web.StreamResponse:
        """Apply a call, or not, in the way a fault bends it."""
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if error := fault.error:
            call.error = error
            if error.code > 500:
                return web.Response(status=error.code, body=_LOST_PAGE, content_type="text/html")
            return _failed(error)
        response = _failed(Refused(500, "Internal Server Error"))
        if fault.applies:
            response = await self._apply(call, method)
        if fault.hang:
            call.lost = True
            self._happened.ring()
            await fault.removed.wait()
        if fault.hang or fault.close:
            call.lost = True
            if request.transport is not None:
                request.transport.abort()
        elif fault.malformed:
            call.lost = True
            return web.Response(body=b'{"ok": true, "result": ', headers=_JSON)
        return response

    def _download(self, rest: str) -> web.Response:
        token, _, path = rest.partition("/")
        file = self.world.files.get(path.removeprefix("files/"))
        if token != self.token or file is None:
            return _failed(Refused(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: web.RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """A request that may carry a large file."""
    loop = asyncio.get_running_loop()
    size = MAX_REQUEST_BYTES
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=size)


def _no_such_method(_: Parameters) -> Any:
    raise Breach(404, "Not Found: method not found")


def _failed(error: Refused) -> web.Response:
    return web.Response(status=error.code, body=json.dumps(error.as_json()).encode(), headers=_JSON)
