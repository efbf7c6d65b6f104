"""One event in, one transaction, screens out."""

from collections.abc import Callable, Sequence
from secrets import randbelow

from bot.clinic.directory import Readings
from bot.clinic.intakes import sent_by
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.turn import IntakesWantedError, Response
from bot.events import Command, Due, Event, Happening, InGroup
from bot.intake.intake import Intake
from bot.record import Record
from bot.reply import Reply
from bot.screens import Showing
from bot.store.clinic_contract import ClinicGoneError, ReferenceTakenError
from bot.store.contract import Applied, Effect, Held, Json, Store
from bot.web.metrics import Metrics

MOST_FIRST_SERIAL = 1_000_000
"""A patient's screens are counted from anywhere below this."""

MOST_TRIES = 4
"""Times an event is applied when it turns out that something has to be read before."""


class RepeatedError(Exception):
    """The first of several messages was applied before: they must come one by one."""


class Service:
    """Serves every channel: applies an event, its answers and the screens to send, or nothing.

    `bot_link` is where a group is told to write; the channel sets it when it knows it.
    """

    def __init__(
        self,
        dialogue: Dialogue,
        store: Store,
        metrics: Metrics | None = None,
        clinics: Readings | None = None,
    ) -> None:
        self._clinics = clinics
        self._dialogue = dialogue
        self._store = store
        self._metrics = metrics or Metrics()
        self.bot_link = ""

    async def handle(self, event: Event) -> Reply:
        """Apply one event in one transaction and queue what is to be shown.

        An event that was applied before changes nothing; the patient sees where things stand.

        Raises:
            StoreError: nothing was committed; the event must come again.
            Exception: the event cannot be handled and nothing was committed.
        """
        applied = await self._applied(event)
        response = applied.result
        assert isinstance(response, Response)  # noqa: S101 - our own `_decide` made it
        if response.moved_to:
            self._metrics.transitions.labels(response.moved_to).inc()
        if response.urgency:
            self._metrics.urgencies.labels(response.urgency).inc()
        queued = applied.queued
        return Reply(
            response.notice,
            pending=bool(response.showings),
            moved_to=response.moved_to,
            urgency=response.urgency,
            queued=None if queued is None else tuple(zip(queued, response.showings, strict=True)),
        )

    async def set_aside(self, event_id: str, address: str | None, error_type: str) -> None:
        """Note an event that cannot be applied as done, and tell the patient plainly.

        Raises:
            StoreError: nothing was committed; the event must come again.
        """
        held = await self._held(address)
        sends: tuple[Json, ...] = ()
        if address is not None:
            sends = (self._dialogue.our_error(held).to_json(),)
        await self._store.set_aside(event_id, address, error_type, sends)

    async def _applied(self, event: Event) -> Applied:
        """Apply the event, reading before it what it turns out to need."""
        await self._learn_clinic(event.happening)
        intakes: Sequence[Intake] | None = None
        for _ in range(MOST_TRIES - 1):
            try:
                return await self._store.apply(
                    event.patient, event.id, self._decide(event, intakes), also=event.also
                )
            except IntakesWantedError:
                intakes = await sent_by(self._store.clinics, event.patient)
            except ReferenceTakenError:
                pass  # there is another one next time
            except ClinicGoneError:
                if self._clinics is not None:
                    await self._clinics.read()
        return await self._store.apply(
            event.patient, event.id, self._decide(event, intakes), also=event.also
        )

    async def _learn_clinic(self, happening: Happening) -> None:
        """The clinic of a link may have been added a moment ago."""
        match happening:
            case Command(name="start", argument=code) if code and self._clinics is not None:
                await self._clinics.learn(code)

    def _decide(
        self, event: Event, intakes: Sequence[Intake] | None
    ) -> Callable[[Held | None, bool], Effect]:
        first_serial = randbelow(MOST_FIRST_SERIAL)

        def decide(held: Held | None, repeated: bool) -> Effect:
            if isinstance(event.happening, InGroup):
                showing = Showing(
                    self._dialogue.in_group(event.language, self.bot_link), in_place=False
                )
                sends = () if repeated else (showing,)
                return _effect(Response(None, sends, changed=False))
            if repeated and event.also:
                raise RepeatedError
            record = Record.from_json(held.body) if held else None
            if repeated and isinstance(event.happening, Due):
                return _effect(Response(record, changed=False))
            if repeated:
                return _effect(self._dialogue.where_things_stand(record, event.patient))
            return _effect(
                self._dialogue.respond(
                    record,
                    event.happening,
                    address=event.patient,
                    hint=event.language,
                    first_serial=first_serial,
                    intakes=intakes,
                )
            )

        return decide

    async def _held(self, address: str | None) -> Record | None:
        """The record, if it can be read: an error must be told even where it cannot."""
        if address is None:
            return None
        try:
            held = await self._store.read(address)
            return Record.from_json(held.body) if held else None
        except Exception:  # noqa: BLE001 - only the language is wanted; the default will do
            return None


def _effect(response: Response) -> Effect:
    return Effect(
        body=response.record.to_json() if response.record else None,
        sends=tuple(showing.to_json() for showing in response.showings),
        result=response,
        changed=response.changed,
        clinical=response.clinical,
    )
