"""Faults a test asks for: the network and the servers between a bot and its patients."""

import asyncio
from dataclasses import dataclass, field

from .chats import Chat
from .errors import Refused

_DESCRIPTIONS = {
    400: "Bad Request",
    403: "Forbidden",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True, eq=False)
class Fault:
    """One fault, for a bounded number of calls.

    Attributes:
        method: the method it strikes, in any case; `None` for every method.
        chat_id: the chat it strikes; `None` for every chat and calls that name none.
        times: how many calls it strikes; `None` for all until it is removed.
        skip: how many matching calls pass first.
        delay: seconds before anything else happens.
        status: answer with this error instead of applying the call. 502 and above answer with
            a page instead of JSON, as a proxy does.
        retry_after: seconds, with status 429.
        close: end the connection instead of answering.
        malformed: answer with something that is not JSON; the call is applied.
        hang: never answer, until the caller gives up or the fault is removed.
        applied: with `close` or `hang`: apply the call first, so that only its answer is lost.
        struck: how many calls it has struck so far.
    """

    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    skip: int = 0
    delay: float = 0.0
    status: int | None = None
    retry_after: int | None = None
    description: str | None = None
    close: bool = False
    malformed: bool = False
    hang: bool = False
    applied: bool = False
    struck: int = 0
    removed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def spent(self) -> bool:
        """Whether it will strike no more."""
        return self.removed.is_set() or (self.times is not None and self.struck >= self.times)

    @property
    def error(self) -> Refused | None:
        """The answer it gives instead of applying the call."""
        if self.status is None:
            return None
        if self.status == 429:
            seconds = 1 if self.retry_after is None else self.retry_after
            text = self.description or f"Too Many Requests: retry after {seconds}"
            return Refused(429, text, retry_after=seconds)
        text = self.description or _DESCRIPTIONS.get(self.status, "Error")
        return Refused(self.status, text)

    @property
    def applies(self) -> bool:
        """Whether the call takes effect in spite of the fault."""
        return self.status is None and (self.applied or not (self.close or self.hang))

    def remove(self) -> None:
        """End it; calls it holds are let go."""
        self.removed.set()


class Faults:
    """The faults that wait for a call, the oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self,
        *,
        method: str | None = None,
        chat: Chat | int | None = None,
        times: int | None = 1,
        skip: int = 0,
        delay: float = 0.0,
        status: int | None = None,
        retry_after: int | None = None,
        description: str | None = None,
        close: bool = False,
        malformed: bool = False,
        hang: bool = False,
        applied: bool = False,
    ) -> Fault:
        """Ask for a fault; the arguments are those of `Fault`."""
        fault = Fault(
            method=method.lower() if method else None,
            chat_id=chat.id if isinstance(chat, Chat) else chat,
            times=times,
            skip=skip,
            delay=delay,
            status=status,
            retry_after=retry_after,
            description=description,
            close=close,
            malformed=malformed,
            hang=hang,
            applied=applied,
        )
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """End every fault."""
        for fault in self._faults:
            fault.remove()
        self._faults.clear()

    def strike(self, method: str, chat_id: str) -> Fault | None:
        """The fault for this call, if any, counted as used."""
        if not self._faults:
            return None
        self._faults = [fault for fault in self._faults if not fault.spent]
        for fault in self._faults:
            if fault.method not in (None, method):
                continue
            if fault.chat_id is not None and str(fault.chat_id) != chat_id:
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.struck += 1
            return fault
        return None
