"""A service just big enough to see what the channel does with one: it remembers what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape

from bot.events import (
    Blocked,
    Command,
    Due,
    Edited,
    Event,
    Happening,
    InGroup,
    SharedContact,
    Tap,
    Unblocked,
    Unreadable,
    Words,
)
from bot.reply import Reply
from bot.screens import Attachment, Choice, Layout, Screen, Showing
from bot.store.contract import Effect, Held, Json, Store, StoreError
from tests.telegram_stand_in import TOKEN, Group, Patient

Show = Callable[[int], Screen]


def address_of(chat: Patient | Group) -> str:
    return f"telegram:{TOKEN.split(':')[0]}:{chat.chat.id}"


class Interview:
    """Keeps every word and every tap in the record, and shows the latest.

    ``gate``: while it is cleared, every event waits before its transaction; ``hold`` does this to
    one chat. ``down``: the store fails. ``delay``: seconds that every event takes before its
    transaction.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.bot_link = ""
        self.events: list[Event] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.down = False
        self.cannot_set_aside = False
        self.refused = ""
        self.held: dict[str, asyncio.Event] = {}
        self.delay = 0.0
        self.extra: dict[str, Show] = {}

    async def handle(self, event: Event) -> Reply:
        self.events.append(event)
        await self.gate.wait()
        if event.patient in self.held:
            await self.held[event.patient].wait()
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.down or self.refused in _lines(event.happening):
            raise StoreError("the database is away")
        applied = await self.store.apply(
            event.patient,
            event.id,
            lambda held, again: self._decide(event, held, again),
            also=event.also,
        )
        effect = applied.effect
        showings = [Showing.from_json(send) for send in effect.sends]
        queued = applied.queued
        return Reply(
            str(effect.result) if effect.result else None,
            bool(effect.sends),
            queued=None if queued is None else tuple(zip(queued, showings, strict=True)),
        )

    async def set_aside(self, event_id: str, address: str | None, error_type: str) -> None:
        if self.down or self.cannot_set_aside:
            raise StoreError("the database is away")
        sorry = Screen("sorry", "Something went wrong on our side. Nothing is lost.")
        sends = (Showing(sorry, in_place=False).to_json(),) if address else ()
        await self.store.set_aside(event_id, address, error_type, sends)

    def hold(self, address: str) -> asyncio.Event:
        """Let this chat wait until the event is set."""
        self.held[address] = asyncio.Event()
        return self.held[address]

    async def said(self, address: str) -> list[str]:
        held = await self.store.read(address)
        return held.body["said"] if held else []

    def _decide(self, event: Event, held: Held | None, again: bool) -> Effect:
        body: Json = held.body if held else {"said": [], "serial": 0}
        happening = event.happening
        if again and event.also:
            raise ValueError("the first of them was here before")
        if again:
            return Effect(body, (self._shows(body),), changed=False)
        match happening:
            case Blocked():
                return Effect({**body, "blocked": True})
            case Unblocked():
                return Effect({**body, "blocked": False})
            case InGroup():
                line = Screen("group", f"Please write to me privately: {self.bot_link}")
                return Effect(None, (Showing(line, in_place=False).to_json(),))
            case Edited():
                return Effect(held.body if held else None, (), changed=False)
            case Unreadable(kind, caption):
                line = Screen("unreadable", f"I cannot look at a {kind}. {escape(caption)}")
                sends = (Showing(line, in_place=False).to_json(), self._shows(body))
                return Effect(body, sends, changed=False)
            case SharedContact(phone, own):
                line = Screen("contact", f"{'Your' if own else 'Another'} number: {phone}")
                sends = (Showing(line, in_place=False).to_json(), self._shows(body))
                return Effect(body, sends, changed=False)
            case Tap(data, on_live):
                return self._tapped(body, data, on_live=on_live)
            case Words(text):
                if "boom" in _lines(happening):
                    raise ValueError(f"the words of the patient: {text}")
                return self._heard(body, *_lines(happening))
            case Due(kind):
                return self._heard(body, f"due {kind}")
            case Command(name, argument):
                return self._heard(body, f"/{name} {argument}".strip())

    def _heard(self, body: Json, *said: str, in_place: bool = False) -> Effect:
        body = {**body, "said": [*body["said"], *said], "serial": body["serial"] + 1}
        return Effect(body, (self._shows(body, in_place=in_place),))

    def _tapped(self, body: Json, data: str, *, on_live: bool) -> Effect:
        serial, _, what = data.partition(":")
        if serial != str(body["serial"]):
            shows = (self._shows(body, in_place=on_live),)
            return Effect(body, shows, result="That was an earlier question.", changed=False)
        if what == "same":
            return Effect(body, (self._shows(body, in_place=True),), changed=False)
        return self._heard(body, f"tap {what}", in_place=True)

    def _shows(self, body: Json, *, in_place: bool = False) -> Json:
        serial = body["serial"]
        last = body["said"][-1] if body["said"] else "nothing"
        special = self.extra.get(last)
        screen = (
            special(serial)
            if special
            else Screen(
                "echo",
                f"<b>{len(body['said'])}</b>: {escape(last)}",
                choices=(
                    Choice("More", f"{serial}:more", number=1),
                    Choice("Same", f"{serial}:same", number=2),
                ),
                controls=(Choice("Back", f"{serial}:back"),),
            )
        )
        return Showing(screen, in_place=in_place).to_json()


def _lines(happening: Happening) -> list[str]:
    """The messages in some words: those of a flood are read together, each on a line."""
    return happening.text.split("\n") if isinstance(happening, Words) else []


def letter(_: int) -> Screen:
    return Screen(
        "letter",
        "Your file.",
        attachment=Attachment("mydata.json", "application/json", b'{"a": 1}'),
    )


def lasting(serial: int) -> Screen:
    return Screen(
        "result", "The result.", controls=(Choice("Again", f"{serial}:again"),), lasting=True
    )


def scale(serial: int) -> Screen:
    return Screen(
        "scale",
        "How bad is it?",
        choices=tuple(Choice(str(n), f"{serial}:{n}", number=n) for n in range(11)),
        controls=(Choice("Back", f"{serial}:back"), Choice("Skip", f"{serial}:skip")),
        layout=Layout.SCALE,
    )
