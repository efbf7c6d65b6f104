"""Brings intakes to clinics' servers: webhooks and FHIR servers.

Several workers may do this at once: each claims what it brings. A delivery that did not succeed is
tried again with growing waits for three days and has then failed, which the operator is shown. The
same id goes with every attempt, so that a receiver that got one twice knows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.clinic.clinics import Clinic
from bot.handover.http import CallError, GuardedClient
from bot.handover.messages import message_of
from bot.handover.retrying import next_try
from bot.handover.rounds import Rounds
from bot.handover.signing import SecretFormatError, signed_headers
from bot.store.clinic_contract import Channel, ClinicStore, Delivery, Json, Task
from bot.store.contract import StoreError
from bot.web.metrics import Metrics

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Deliveries under way at the same time in one worker."""

LEASE = 60.0
"""Seconds after which another worker may have what this one claimed: longer than any call takes."""

Bundles = Callable[[Delivery, str], Json]
"""Makes the FHIR Bundle that a delivery brings, for a clinic of this language."""


class NothingToBringError(Exception):
    """This delivery cannot be made and never will; ``str`` is a word for the operator."""


class Courier:
    """One worker. ``wake`` says that there may be something; it looks by itself now and then.

    ``bundles`` makes what a FHIR server is sent; without it, what is for one waits.
    """

    def __init__(
        self,
        clinics: ClinicStore,
        client: GuardedClient,
        metrics: Metrics,
        bundles: Bundles | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clinics = clinics
        self._client = client
        self._metrics = metrics
        self._bundles = bundles
        self._clock = clock
        self._channels = (Channel.WEBHOOK, *([Channel.FHIR] if bundles else []))
        self._rounds = Rounds(self._claim, self._bring, at_once=AT_ONCE, name="courier")
        self.wake = self._rounds.wake

    async def run(self, stop: asyncio.Event, grace: float) -> None:
        """Bring what is due until ``stop`` is set; calls under way are given ``grace`` seconds.

        One that is cut off then is made again by whoever comes, with the same id.
        """
        await self._rounds.run(stop, grace)

    async def _claim(self, most: int) -> list[Delivery]:
        return await self._clinics.claim_deliveries(self._channels, most=most, lease=LEASE)

    async def _bring(self, delivery: Delivery) -> None:
        try:
            clinic = await self._clinic(delivery.clinic)
            await self._call(clinic, delivery)
        except CallError as error:
            await self._failed(delivery, error.kind, asked=error.retry_after)
        except NothingToBringError as error:
            self._count(delivery, "failed")
            log.error("delivery impossible", extra=_about(delivery, str(error)))
            await self._clinics.fail_delivery(delivery, str(error))
        except StoreError as error:
            # Its lease ends, and it is had again.
            log.warning("delivery not looked at", extra=_about(delivery, type(error).__name__))
        except Exception as error:  # noqa: BLE001 - a fault of ours in one, not in the others
            log.error("delivery broken", extra=_about(delivery, type(error).__name__))
            await self._failed(delivery, type(error).__name__)
        else:
            self._count(delivery, "delivered")
            log.info("delivered", extra=_about(delivery))
            await self._clinics.delivered(delivery)

    async def _clinic(self, id: str) -> Clinic:
        for stored in await self._clinics.clinics():
            if stored.id == id and stored.removed_at is None:
                return Clinic.of(stored)
        raise NothingToBringError("ClinicRemoved")

    async def _call(self, clinic: Clinic, delivery: Delivery) -> None:
        if delivery.task is Task.INTAKE and delivery.body is None:
            raise NothingToBringError("IntakeGone")
        headers = {"Idempotency-Key": delivery.key}
        if delivery.channel is Channel.FHIR:
            await self._call_fhir(clinic, delivery, headers)
            return
        if clinic.webhook_url is None:
            raise NothingToBringError("NoWebhook")
        now = self._clock()
        body = message_of(delivery)
        try:
            headers |= signed_headers(
                delivery.key,
                int(now),
                body,
                clinic.webhook_secrets(datetime.fromtimestamp(now, UTC)),
            )
        except SecretFormatError:
            raise NothingToBringError("NoSigningKey") from None
        headers["Content-Type"] = "application/json"
        await self._client.post(clinic.webhook_url, body, headers)

    async def _call_fhir(self, clinic: Clinic, delivery: Delivery, headers: dict[str, str]) -> None:
        if clinic.fhir_url is None or self._bundles is None:
            raise NothingToBringError("NoFhirServer")
        headers["Content-Type"] = headers["Accept"] = "application/fhir+json"
        if clinic.fhir_token:
            headers["Authorization"] = f"Bearer {clinic.fhir_token}"
        body = json.dumps(self._bundles(delivery, clinic.language), ensure_ascii=False).encode()
        await self._client.post(clinic.fhir_url, body, headers)

    async def _failed(self, delivery: Delivery, kind: str, asked: float | None = None) -> None:
        at = next_try(delivery.attempts, delivery.queued_at, self._clock(), asked=asked)
        if at is None:
            self._count(delivery, "failed")
            log.error("delivery given up", extra=_about(delivery, kind))
            await self._clinics.fail_delivery(delivery, kind)
        else:
            self._count(delivery, "retried")
            log.warning("delivery to be tried again", extra=_about(delivery, kind))
            await self._clinics.retry_delivery(delivery, at, kind)

    def _count(self, delivery: Delivery, outcome: str) -> None:
        self._metrics.deliveries.labels(delivery.channel, outcome).inc()


def _about(delivery: Delivery, error: str | None = None) -> Json:
    about: Json = {
        "delivery": delivery.id,
        "intake": delivery.reference,
        "channel": str(delivery.channel),
        "attempt": delivery.attempts,
    }
    return about if error is None else about | {"error": error}
