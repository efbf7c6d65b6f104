"""Several workers on one PostgreSQL, and kills at the worst moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from bot.assembly import load_knowledge
from bot.clinic.clinics import Clinic
from bot.handover import rounds
from bot.handover.courier import Courier
from bot.handover.http import GuardedClient
from bot.screens import Screen
from bot.staff.board import LEASE, Board
from bot.staff.desk import Desk
from bot.staff.words import StaffWords
from bot.store.clinic_contract import Channel, State, Task
from bot.store.contract import Store, StoreError
from bot.web.metrics import Metrics
from tests.handover.making import clinic, sent, withdraws
from tests.handover.receiver import Receiver
from tests.store.conftest import (  # noqa: F401 - fixtures
    Clock,
    World,
    postgres_world,
    schema,
    server,
    sqlite_world,
    world,
)

WORDS = StaffWords(load_knowledge().contents, "en")
GROUP = "telegram:1:-100500"
INTAKES = 12


@dataclass
class Paper:
    """A wall of paper: what was posted, edited and removed, by the reference it names."""

    posts: list[Screen] = field(default_factory=list)
    now: dict[int, Screen] = field(default_factory=dict)

    async def post(self, group: str, screen: Screen, reply_to: int | None = None) -> int:
        await asyncio.sleep(0)
        self.posts.append(screen)
        self.now[len(self.posts)] = screen
        return len(self.posts)

    async def edit(self, group: str, message: int, screen: Screen) -> bool:
        await asyncio.sleep(0)
        self.now[message] = screen
        return True

    async def remove(self, group: str, message: int) -> None:
        self.now.pop(message, None)


class Nobody:
    """People of whom nothing is asked here."""

    async def is_member(self, group: str, person: str) -> bool:
        raise AssertionError

    async def can_be_written_to(self, person: str) -> bool:
        raise AssertionError

    def link_to_open(self, payload: str) -> str:
        raise AssertionError


@dataclass
class Side:
    """A clinic with a group and a server, on a database that several workers share."""

    world: World
    store: Store
    riverside: Clinic
    paper: Paper
    receiver: Receiver
    client: GuardedClient

    def board(self, store: Store) -> Board:
        desk = Desk(store, WORDS, Nobody(), clock=self.world.clock)
        return Board(store.clinics, WORDS, self.paper, desk, Metrics(), clock=self.world.clock)

    def courier(self, store: Store) -> Courier:
        return Courier(store.clinics, self.client, Metrics(), clock=self.world.clock)

    async def until_all(self, state: State, task: Task = Task.INTAKE) -> None:
        async with asyncio.timeout(30):
            while True:
                rows = await self.store.clinics.intakes()
                found = [d.state for row in rows for d in row.deliveries if d.task is task]
                if found and set(found) == {state}:
                    return
                await asyncio.sleep(0.05)


@pytest.fixture
async def side(
    world: World,  # noqa: F811
    receiver: Receiver,
    client: GuardedClient,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Side]:
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    store = world.store()
    await store.open()
    riverside = clinic(webhook_url=receiver.url)
    await store.clinics.add_clinic(riverside.stored())
    code = await store.clinics.new_staff_code(str(riverside.id))
    assert await store.clinics.link_staff(code, GROUP, "nurse")
    yield Side(world, store, riverside, Paper(), receiver, client)
    await store.close()


async def test_each_intake_is_brought_once_by_three_workers(side: Side) -> None:
    stop = asyncio.Event()
    async with AsyncExitStack() as opened:
        tasks = []
        for _ in range(3):
            store = side.world.store()
            await store.open()
            opened.push_async_callback(store.close)
            tasks.append(asyncio.create_task(side.board(store).run(stop, 2.0)))
            tasks.append(asyncio.create_task(side.courier(store).run(stop, 2.0)))
        made = [
            await sent(side.store, side.riverside, patient=f"telegram:1:{number}")
            for number in range(INTAKES)
        ]
        await side.until_all(State.DELIVERED)
        stop.set()
        await asyncio.gather(*tasks)
    posted = Counter(
        one.reference for one in made for screen in side.paper.posts if one.reference in screen.text
    )
    assert posted == Counter({one.reference: 1 for one in made})
    assert sorted(side.receiver.ids) == sorted(str(one.id) for one in made)


async def test_what_is_handled_while_it_is_posted_is_seen_in_the_post(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await sent(side.store, side.riverside)
    posts = side.paper.post

    async def handled_meanwhile(group: str, screen: Screen, reply_to: int | None = None) -> int:
        message = await posts(group, screen, reply_to)
        await side.store.clinics.handle_intake(str(made.id), "Maria", "nurse")
        assert await side.store.clinics.queue_delivery(str(made.id), Channel.GROUP)
        return message

    monkeypatch.setattr(side.paper, "post", handled_meanwhile)
    stop = asyncio.Event()
    task = asyncio.create_task(side.board(side.store).run(stop, 2.0))
    async with asyncio.timeout(10):
        while not any("Handled" in screen.text for screen in side.paper.now.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    stop.set()
    await task
    assert len(side.paper.posts) == 1


async def test_a_kill_between_a_post_and_its_note_posts_it_once_more_and_loses_nothing(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await sent(side.store, side.riverside, urgency="emergency")

    async def killed(*_: object) -> bool:
        raise StoreError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(side.store.clinics, "delivered", killed)
        stop = asyncio.Event()
        task = asyncio.create_task(side.board(side.store).run(stop, 2.0))
        async with asyncio.timeout(10):
            while not side.paper.posts:  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.02)
        stop.set()
        await task
    side.world.clock.now += LEASE + 1
    stop = asyncio.Event()
    task = asyncio.create_task(side.board(side.store).run(stop, 2.0))
    async with asyncio.timeout(10):
        while len(side.paper.posts) < 2:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    stop.set()
    await task
    assert [made.reference in screen.text for screen in side.paper.posts] == [True, True]


async def test_an_urgent_one_that_is_looked_at_too_soon_is_not_repeated(side: Side) -> None:
    made = await sent(side.store, side.riverside, urgency="emergency")
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(one.run(stop, 2.0))
        for one in (side.board(side.store), side.courier(side.store))
    ]
    for _ in range(3):
        await side.until_all(State.DELIVERED)
        side.world.clock.now += 4 * 60
        assert await side.store.clinics.queue_delivery(str(made.id), Channel.GROUP)
    await side.until_all(State.DELIVERED)
    assert len(side.paper.posts) == 1
    side.world.clock.now += 4 * 60
    async with asyncio.timeout(10):
        while len(side.paper.posts) < 2:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.gather(*tasks)
    assert "Not handled for 16 minutes" in side.paper.posts[1].text


async def test_what_is_taken_back_is_gone_everywhere(side: Side) -> None:
    made = await sent(side.store, side.riverside)
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(one.run(stop, 2.0))
        for one in (side.board(side.store), side.courier(side.store))
    ]
    await side.until_all(State.DELIVERED)
    await side.store.apply("telegram:1:1001", None, withdraws(made.id))
    await side.until_all(State.DELIVERED, Task.WITHDRAWAL)
    stop.set()
    await asyncio.gather(*tasks)
    assert [b"withdrawn" in post.body for post in side.receiver.posts] == [False, True]
    assert all("Age" not in screen.text for screen in side.paper.now.values())
