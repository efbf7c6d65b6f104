"""Intakes to a clinic's own server: a real store, a real server over TLS, and bad days of both."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from standardwebhooks.webhooks import Webhook

from bot.assembly import load_knowledge
from bot.clinic.clinics import Clinic, WebhookKey
from bot.handover.bundles import FhirBundles
from bot.handover.courier import LEASE, Courier
from bot.handover.http import GuardedClient
from bot.handover.signing import new_secret
from bot.intake.intake import Intake
from bot.store.clinic_contract import Channel, Delivery, State, Task
from bot.store.contract import StoreError
from bot.store.sqlite import SqliteStore
from bot.web.metrics import Metrics
from tests.handover.making import SECRET_WORDS, clinic, sent, withdraws
from tests.handover.receiver import Receiver
from tests.store.conftest import Clock

HOUR = 3600.0


class World:
    """A store with a clock that is set by hand, and a clinic with a server of its own."""

    def __init__(self, path: Path, client: GuardedClient, receiver: Receiver) -> None:
        self.clock = Clock(time.time())
        self.store = SqliteStore(path, clock=self.clock)
        self.client = client
        self.receiver = receiver
        self.riverside = clinic(webhook_url=receiver.url)
        self.metrics = Metrics()

    def courier(self) -> Courier:
        return Courier(self.store.clinics, self.client, self.metrics, clock=self.clock)

    @asynccontextmanager
    async def at_work(self, couriers: int = 1) -> AsyncIterator[list[Courier]]:
        stop = asyncio.Event()
        working = [self.courier() for _ in range(couriers)]
        tasks = [asyncio.create_task(one.run(stop, 2.0)) for one in working]
        try:
            yield working
        finally:
            stop.set()
            await asyncio.gather(*tasks)

    async def delivery(self, of: Intake, task: Task = Task.INTAKE) -> Delivery:
        found = await self.store.clinics.intake(str(of.id))
        assert found is not None
        return next(one for one in found.deliveries if one.task is task)

    async def until(
        self, of: Intake, condition: Callable[[Delivery], bool], task: Task = Task.INTAKE
    ) -> Delivery:
        async with asyncio.timeout(10):
            delivery = await self.delivery(of, task)
            while not condition(delivery):
                await asyncio.sleep(0.01)
                delivery = await self.delivery(of, task)
        return delivery

    async def called(self) -> None:
        """Wait until the clinic's server has got something."""
        async with asyncio.timeout(5):
            while not self.receiver.posts:  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.01)


@pytest.fixture
async def world(tmp_path: Path, client: GuardedClient, receiver: Receiver) -> AsyncIterator[World]:
    world = World(tmp_path / "plumbline.db", client, receiver)
    await world.store.open()
    await world.store.clinics.add_clinic(world.riverside.stored())
    yield world
    await world.store.close()


def delivered(one: Delivery) -> bool:
    return one.state is State.DELIVERED


def tried(times: int) -> Callable[[Delivery], bool]:
    return lambda one: one.attempts == times and bool(one.last_error)


def settled(attempt: int, now: float) -> Callable[[Delivery], bool]:
    """The attempt is over: what is due next is another one, and no longer the end of its lease."""
    return lambda one: (
        one.attempts == attempt and (one.next_try != now + LEASE or one.state is not State.QUEUED)
    )


def secret_of(one: Clinic) -> str:
    return one.webhook_keys[0].secret


async def test_an_intake_arrives_signed_and_whole(world: World) -> None:
    made = await sent(world.store, world.riverside)
    async with world.at_work():
        await world.until(made, delivered)

    (post,) = world.receiver.posts
    told = Webhook(secret_of(world.riverside)).verify(post.body, post.headers)
    assert told["type"] == "intake.created"
    assert Intake.from_json(told["data"]) == made
    assert post.headers["webhook-id"] == post.headers["idempotency-key"] == str(made.id)
    assert post.headers["content-type"] == "application/json"


async def test_a_server_that_fails_and_then_works_is_told_once_more_under_the_same_id(
    world: World,
) -> None:
    world.receiver.answers += [500, "drop", 200]
    made = await sent(world.store, world.riverside)
    async with world.at_work() as (courier,):
        one = await world.until(made, tried(1))
        assert (one.state, one.last_error) == (State.QUEUED, "Http500")
        assert 4 <= one.next_try - world.clock.now <= 5
        world.clock.now += 6
        courier.wake()
        one = await world.until(made, settled(2, world.clock.now))
        assert one.last_error == "ServerDisconnectedError"
        assert 12 <= one.next_try - world.clock.now <= 15
        world.clock.now += 16
        courier.wake()
        await world.until(made, delivered)

    assert world.receiver.ids == [str(made.id)] * 3
    assert len({post.body for post in world.receiver.posts}) == 1


async def test_a_server_that_hangs_holds_up_nobody_else(world: World, certificate: object) -> None:
    world.receiver.always = "hang"
    hilltop = clinic("Hilltop", webhook_url=None)
    async with Receiver(world.receiver.certificate) as other:
        hilltop = hilltop.model_copy(update={"webhook_url": other.url})
        await world.store.clinics.add_clinic(hilltop.stored())
        stuck = [await sent(world.store, world.riverside) for _ in range(3)]
        quick = await sent(world.store, hilltop)
        async with world.at_work():
            await world.until(quick, delivered)
            for one in stuck:
                assert (await world.until(one, tried(1))).last_error == "Timeout"
    assert other.ids == [str(quick.id)]


async def test_no_redirect_is_followed(world: World) -> None:
    world.receiver.always = 302
    made = await sent(world.store, world.riverside)
    async with world.at_work():
        assert (await world.until(made, tried(1))).last_error == "Http302"
    assert len(world.receiver.posts) == 1


async def test_after_three_days_it_has_failed_and_the_operator_is_shown(world: World) -> None:
    world.receiver.always = 503
    made = await sent(world.store, world.riverside)
    began = world.clock.now
    async with world.at_work() as (courier,):
        while (one := await world.delivery(made)).state is State.QUEUED:
            one = await world.until(made, settled(one.attempts + 1, world.clock.now))
            world.clock.now = max(world.clock.now, one.next_try + 0.001)
            courier.wake()
    assert one.state is State.FAILED
    assert one.last_error == "Http503"
    assert 71 * HOUR < world.clock.now - began < 74 * HOUR
    (shown,) = await world.store.clinics.deliveries([State.FAILED])
    assert (shown.reference, shown.channel) == (made.reference, Channel.WEBHOOK)
    assert set(world.receiver.ids) == {str(made.id)}

    # The operator may have it tried again.
    world.receiver.always = 200
    assert await world.store.clinics.queue_delivery(str(made.id), Channel.WEBHOOK)
    async with world.at_work():
        await world.until(made, delivered)
    assert set(world.receiver.ids) == {str(made.id)}


async def test_a_kill_between_the_post_and_its_note_repeats_it_under_the_same_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await sent(world.store, world.riverside)

    async def killed(*_: object) -> bool:
        raise StoreError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(world.store.clinics, "delivered", killed)
        async with world.at_work():
            await world.called()
    assert (await world.delivery(made)).state is State.QUEUED

    world.clock.now += LEASE + 1
    async with world.at_work():
        await world.until(made, delivered)
    assert world.receiver.ids == [str(made.id)] * 2


async def test_several_workers_bring_each_intake_once(world: World) -> None:
    made = [await sent(world.store, world.riverside) for _ in range(30)]
    async with world.at_work(couriers=3):
        for one in made:
            await world.until(one, delivered)
    assert sorted(world.receiver.ids) == sorted(str(one.id) for one in made)


async def test_the_urgent_ones_go_first(world: World) -> None:
    for urgency in ("routine", "self_care", "emergency", "same_day"):
        await sent(world.store, world.riverside, urgency=urgency)
    claimed = await world.store.clinics.claim_deliveries([Channel.WEBHOOK], most=9, lease=LEASE)
    found = [Intake.from_json(one.body or {}).urgency for one in claimed]
    assert found == ["emergency", "same_day", "routine", "self_care"]


async def test_when_a_patient_takes_it_back_the_clinic_is_told(world: World) -> None:
    made = await sent(world.store, world.riverside)
    async with world.at_work() as (courier,):
        await world.until(made, delivered)
        await world.store.apply("telegram:1:1001", None, withdraws(made.id))
        courier.wake()
        await world.until(made, delivered, Task.WITHDRAWAL)

    created, withdrawn = world.receiver.posts
    told = Webhook(secret_of(world.riverside)).verify(withdrawn.body, withdrawn.headers)
    assert told["type"] == "intake.withdrawn"
    assert told["data"] == {"id": str(made.id), "reference": made.reference}
    assert withdrawn.headers["webhook-id"] != created.headers["webhook-id"]
    assert SECRET_WORDS not in withdrawn.body.decode()


async def test_what_was_taken_back_before_it_left_never_leaves(world: World) -> None:
    made = await sent(world.store, world.riverside)
    await world.store.apply("telegram:1:1001", None, withdraws(made.id))
    async with world.at_work():
        await asyncio.sleep(0.2)
    assert world.receiver.posts == []
    assert (await world.delivery(made)).state is State.WITHDRAWN


async def test_while_the_key_is_changed_both_keys_sign(world: World) -> None:
    newer = new_secret()
    keys = (WebhookKey(secret=newer), *world.riverside.webhook_keys)
    both = world.riverside.model_copy(update={"webhook_keys": keys})
    await world.store.clinics.change_clinic(str(both.id), lambda _: both.stored())
    made = await sent(world.store, both)
    async with world.at_work():
        await world.until(made, delivered)
    (post,) = world.receiver.posts
    for secret in (newer, secret_of(world.riverside)):
        assert Webhook(secret).verify(post.body, post.headers)


async def test_what_can_never_be_brought_has_failed_at_once(world: World) -> None:
    made = await sent(world.store, world.riverside)
    without = world.riverside.model_copy(update={"webhook_url": None})
    await world.store.clinics.change_clinic(str(without.id), lambda _: without.stored())
    async with world.at_work():
        one = await world.until(made, lambda one: one.state is State.FAILED)
    assert one.last_error == "NoWebhook"


async def test_a_private_address_is_not_called_unless_the_operator_allows_it(
    world: World, certificate: object
) -> None:
    strict = GuardedClient(time_limit=1.0)
    made = await sent(world.store, world.riverside)
    stop = asyncio.Event()
    courier = Courier(world.store.clinics, strict, world.metrics, clock=world.clock)
    task = asyncio.create_task(courier.run(stop, 1.0))
    one = await world.until(made, tried(1))
    stop.set()
    await task
    await strict.close()
    assert one.last_error == "AddressRefused"
    assert world.receiver.posts == []


async def test_a_fhir_server_is_sent_a_bundle_with_its_token(world: World) -> None:
    changes = {"webhook_url": None, "fhir_url": world.receiver.url, "fhir_token": "t0ken"}
    fhir = world.riverside.model_copy(update=changes)
    await world.store.clinics.change_clinic(str(fhir.id), lambda _: fhir.stored())
    made = await sent(world.store, fhir)
    async with world.at_work():
        # Where no bundles can be made, it waits.
        await asyncio.sleep(0.2)
    assert (await world.delivery(made)).attempts == 0

    def bundle(delivery: Delivery, language: str) -> dict[str, object]:
        return {"resourceType": "Bundle", "type": "transaction", "for": delivery.reference}

    world.receiver.answers += [503, 201]
    stop = asyncio.Event()
    courier = Courier(world.store.clinics, world.client, world.metrics, bundle, clock=world.clock)
    task = asyncio.create_task(courier.run(stop, 2.0))
    await world.until(made, tried(1))
    world.clock.now += 6
    courier.wake()
    await world.until(made, delivered)
    stop.set()
    await task
    for post in world.receiver.posts:
        assert post.headers["content-type"] == "application/fhir+json"
        assert post.headers["authorization"] == "Bearer t0ken"
        assert post.headers["idempotency-key"] == str(made.id)
        assert json.loads(post.body)["for"] == made.reference
        assert "webhook-signature" not in post.headers


async def test_a_fhir_server_is_told_when_it_is_taken_back(world: World) -> None:
    changes = {"webhook_url": None, "fhir_url": world.receiver.url}
    fhir = world.riverside.model_copy(update=changes)
    await world.store.clinics.change_clinic(str(fhir.id), lambda _: fhir.stored())
    made = await sent(world.store, fhir)
    knowledge = load_knowledge()
    bundles = FhirBundles(knowledge.flow, knowledge.contents, "en")
    stop = asyncio.Event()
    courier = Courier(world.store.clinics, world.client, world.metrics, bundles, clock=world.clock)
    task = asyncio.create_task(courier.run(stop, 2.0))
    await world.until(made, delivered)
    await world.store.apply("telegram:1:1001", None, withdraws(made.id))
    courier.wake()
    await world.until(made, delivered, Task.WITHDRAWAL)
    stop.set()
    await task

    created, taken_back = (json.loads(post.body) for post in world.receiver.posts)
    assert SECRET_WORDS in world.receiver.posts[0].body.decode()
    assert SECRET_WORDS not in world.receiver.posts[1].body.decode()
    for bundle in (created, taken_back):
        Bundle.model_validate(bundle)
    # Everything that was created but the person is deleted or replaced, by its own identifier.
    identified = {
        entry["request"]["ifNoneExist"]: entry["resource"]["resourceType"]
        for entry in created["entry"]
    }
    ended = {entry["request"]["url"] for entry in taken_back["entry"]}
    left = {kind for condition, kind in identified.items() if f"{kind}?{condition}" not in ended}
    assert left == {"Patient"}
    (request,) = [entry["resource"] for entry in taken_back["entry"] if "resource" in entry]
    assert request["status"] == "cancelled"
    assert made.reference in request["statusReason"]["text"]
    assert json.loads(world.receiver.posts[1].body) == bundles(
        await world.delivery(made, Task.WITHDRAWAL), "en"
    )


async def test_nothing_of_an_intake_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world.receiver.answers += [500]
    made = await sent(world.store, world.riverside)
    async with world.at_work() as (courier,):
        await world.until(made, tried(1))
        world.clock.now += 6
        courier.wake()
        await world.until(made, delivered)
    logged = json.dumps([{**vars(record), "args": None} for record in caplog.records], default=str)
    assert made.reference in logged
    for secret in (SECRET_WORDS, "Ana", "+4477", secret_of(world.riverside), "own words"):
        assert secret not in logged


async def test_stopping_waits_for_a_call_under_way(world: World) -> None:
    world.receiver.always = "hang"
    made = await sent(world.store, world.riverside)
    stop = asyncio.Event()
    task = asyncio.create_task(world.courier().run(stop, 5.0))
    await world.called()
    stop.set()
    world.receiver.let_go.set()
    await task
    assert (await world.delivery(made)).state is State.DELIVERED
