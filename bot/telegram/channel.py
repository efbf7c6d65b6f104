"""The Telegram channel as a whole: from the token to a graceful end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from time import monotonic, time
from typing import Protocol

from telegram.error import InvalidToken
from telegram.ext import ApplicationBuilder

from bot.handover.courier import Bundles
from bot.handover.http import GuardedClient
from bot.pictures.painter import Painter
from bot.settings import Settings
from bot.staff.ports import SignOffs
from bot.staff.words import StaffWords
from bot.store.contract import Store
from bot.telegram.addresses import Raw, chat_in
from bot.telegram.clinic_side import ClinicSide
from bot.telegram.http import AiohttpRequest
from bot.telegram.lanes import Lanes
from bot.telegram.pace import flood
from bot.telegram.polling import LONG_POLL, Polling, Submit
from bot.telegram.ports import BotProfile, Patients
from bot.telegram.quiet import quieten
from bot.telegram.sender import Sender
from bot.telegram.setup import StartError, by_polling, introduce, present
from bot.telegram.updates import App, Updates
from bot.telegram.webhook import WebhookServer
from bot.web.metrics import Metrics
from bot.web.server import Readiness, metrics_route, serving

log = logging.getLogger(__name__)

CONNECTIONS = 48
"""Connections for everything but polling: one for each chat that is sent to, some for toasts."""

READ_TIMEOUT = 20.0
"""Seconds to wait for Telegram's answer to a call."""

GRACE = 5.0
"""Seconds for calls under way when the bot stops; what is not sent by then stays in the outbox."""


class Delivery(Protocol):
    """How updates come: asked for, or brought."""

    async def run(self, submit: Submit, stop: asyncio.Event) -> None:
        """Submit what comes until ``stop`` is set; afterwards nothing more is submitted."""

    async def farewell(self) -> None:
        """What is to be done when nothing is under way any more."""


async def run(
    settings: Settings,
    service: Patients,
    store: Store,
    profiles: Sequence[BotProfile],
    stop: asyncio.Event,
    *,
    metrics: Metrics | None = None,
    painter: Painter | None = None,
    staff: StaffWords | None = None,
    bundles: Bundles | None = None,
    clock: Callable[[], float] = time,
    sign_off: Callable[[], Awaitable[dict[str, object]]] | None = None,
    sign_offs: SignOffs | None = None,
    long_poll: int = LONG_POLL,
    grace: float = GRACE,
) -> None:
    """Serve until ``stop`` is set, or SIGTERM or SIGINT comes.

    By webhook where WEBHOOK_URL is set, else by polling. ``staff`` are the words for the staff of
    clinics; without them only patients are served. ``bundles`` makes what FHIR servers are sent;
    ``clock`` gives the time for all that is done at a time, ``sign_off`` the readiness details on
    the protocol that runs, ``sign_offs`` the same in words for a clinic's staff. ``long_poll`` is how
    many seconds Telegram may hold a poll open, ``grace`` how many the calls under way are given at
    the end. The store is open before and closed after by the caller. Without ``painter`` no pictures
    are sent. Raises :class:`StartError` when Telegram refuses the token at the start,
    ``TokenRefusedError`` when it does so later, ``ServerError`` when an address cannot be listened
    on, and ``StoreError`` when the outbox cannot be read at the start.
    """
    quieten()
    counted = metrics or Metrics()
    calls = AiohttpRequest(connections=CONNECTIONS, read_timeout=READ_TIMEOUT)
    # Its own pool, so that nothing waits for a poll that is held open.
    polls = AiohttpRequest(connections=2, read_timeout=READ_TIMEOUT)
    app = _application(settings, calls, polls)
    began = monotonic()
    readiness = Readiness(
        store.healthy, lambda: max(began, calls.last_success, polls.last_success), sign_off
    )
    try:
        with _signals(stop):
            async with AsyncExitStack() as servers:
                if settings.metrics_listen is not None:
                    routes = [*readiness.routes, metrics_route(counted)]
                    await servers.enter_async_context(serving(settings.metrics_listen, routes))
                await _introduce_and_serve(
                    settings,
                    app,
                    readiness,
                    service,
                    store,
                    profiles,
                    stop,
                    counted,
                    painter,
                    staff=staff,
                    bundles=bundles,
                    sign_offs=sign_offs,
                    clock=clock,
                    long_poll=long_poll,
                    grace=grace,
                )
    finally:
        await app.bot.shutdown()


async def _introduce_and_serve(
    settings: Settings,
    app: App,
    readiness: Readiness,
    service: Patients,
    store: Store,
    profiles: Sequence[BotProfile],
    stop: asyncio.Event,
    metrics: Metrics,
    painter: Painter | None,
    *,
    staff: StaffWords | None,
    bundles: Bundles | None,
    sign_offs: SignOffs | None,
    clock: Callable[[], float],
    long_poll: int,
    grace: float,
) -> None:
    by_webhook = settings.webhook_url is not None
    choose = _nothing if by_webhook else partial(by_polling, app.bot)
    if not await introduce(app.initialize, choose, stop):
        return
    service.bot_link = app.bot.link
    sender = Sender(app.bot, store, service, metrics, painter=painter)
    commands = {name for profile in profiles for name, _ in profile.commands}
    clinics = None
    if staff is not None:
        client = GuardedClient(private_allowed=settings.allow_private_webhooks)
        clinics = ClinicSide(
            app.bot,
            store,
            staff,
            metrics,
            service=service,
            sender=sender,
            client=client,
            bundles=bundles,
            sign_offs=sign_offs,
            retention_days=settings.retention_days,
            clock=clock,
        )
    updates = Updates(
        app,
        service,
        store,
        sender,
        commands,
        metrics,
        staff=clinics.updates if clinics else None,
        answer_in_response=by_webhook,
    )
    delivery: Delivery = (
        WebhookServer(settings, app.bot, readiness, updates.take_answer)
        if by_webhook
        else Polling(app.bot, long_poll=long_poll)
    )
    await _serve(app, delivery, sender, updates, clinics, profiles, stop, metrics, grace)


async def _serve(
    app: App,
    delivery: Delivery,
    sender: Sender,
    updates: Updates,
    clinics: ClinicSide | None,
    profiles: Sequence[BotProfile],
    stop: asyncio.Event,
    metrics: Metrics,
    grace: float,
) -> None:
    lanes = Lanes[tuple[int, Raw]](
        lambda update: updates.settle(*update),
        together=flood,
        work_together=updates.settle_flood,
    )
    metrics.waiting.labels("updates").set_function(lambda: len(lanes))
    metrics.waiting.labels("screens").set_function(lambda: len(sender))

    def submit(update_id: int, raw: Raw) -> asyncio.Future[bool]:
        chat = chat_in(raw)
        # What belongs to no chat waits for nobody and holds up nobody.
        return lanes.submit(chat["id"] if chat else ("update", update_id), (update_id, raw))

    await sender.start()
    presenting = asyncio.create_task(present(app.bot, profiles, stop), name="telegram-profile")
    no_more_for_clinics = asyncio.Event()
    for_clinics = asyncio.create_task(
        clinics.run(no_more_for_clinics, grace) if clinics else _nothing(), name="clinics"
    )
    log.info("serving Telegram", extra={"bot": app.bot.id, "by": type(delivery).__name__})
    try:
        await delivery.run(submit, stop)
    finally:
        presenting.cancel()
        # What has been taken is finished, what has not is left to Telegram; screens that are not
        # sent in time are in the outbox and are sent after the next start.
        await lanes.finish(grace)
        await delivery.farewell()
        no_more_for_clinics.set()
        await asyncio.gather(
            for_clinics,
            sender.stop(grace),
            updates.finish(grace),
            presenting,
            return_exceptions=True,
        )
        log.info("stopped serving Telegram")


async def _nothing() -> None:
    """A webhook is set once its server listens, not before; and not everybody serves clinics."""


def _application(settings: Settings, calls: AiohttpRequest, polls: AiohttpRequest) -> App:
    base = settings.telegram_api_base_url
    token = settings.telegram_bot_token
    try:
        return (
            ApplicationBuilder()
            .token(token.get_secret_value() if token else "")
            .base_url(f"{base}/bot")
            .base_file_url(f"{base}/file/bot")
            .request(calls)
            .get_updates_request(polls)
            .updater(None)
            .job_queue(None)
            .build()
        )
    except InvalidToken:
        raise StartError("TELEGRAM_BOT_TOKEN is not set to a token of @BotFather.") from None


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set ``stop``, where signals can be had: in the main thread."""
    loop = asyncio.get_running_loop()
    caught: list[signal.Signals] = []
    try:
        for name in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(name, stop.set)
                caught.append(name)
        yield
    finally:
        for name in caught:
            loop.remove_signal_handler(name)
