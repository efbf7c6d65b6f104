"""Several workers on one database tell a group once that the sign-off has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

import pytest

from bot.assembly import Knowledge, load_knowledge
from bot.handover import rounds
from bot.screens import Screen, Showing
from bot.signoff.lines import SignOffLines
from bot.signoff.record import SignOff, text_of
from bot.signoff.standing import running_of
from bot.staff.herald import Herald
from bot.staff.top_line import when_linked
from bot.staff.words import StaffWords
from bot.store.contract import Store, StoreError
from tests.handover.making import clinic
from tests.store.conftest import (  # noqa: F401 - fixtures
    World,
    postgres_world,
    schema,
    server,
    sqlite_world,
    world,
)

KNOWLEDGE = load_knowledge()
EDITED = replace(KNOWLEDGE, flow=KNOWLEDGE.flow.model_copy(update={"version": 2}))
WORDS = StaffWords(KNOWLEDGE.contents, "en")
GROUP = "telegram:1:-100500"
ELSEWHERE = "telegram:12:-100500"  # a group of another bot on the same database
RUNNING = running_of(KNOWLEDGE)
ANA = SignOff(
    date=date(2026, 11, 25),
    name="Dr Ana Ruiz",
    role="Medical director",
    protocol=RUNNING.protocol,
    words=RUNNING.words,
)


@dataclass
class Side:
    world: World
    store: Store

    async def said(self, group: str = GROUP) -> list[str]:
        """What waits in the outbox for a group."""
        rows = await self.store.pending(group)
        return [Showing.from_json(row.body).screen.text for row in rows]

    @asynccontextmanager
    async def heralds(self, *runs: Knowledge) -> AsyncIterator[None]:
        """Workers, each on a store of its own, and what protocol each of them runs."""
        stop = asyncio.Event()
        async with AsyncExitStack() as opened:
            tasks = []
            for knowledge in runs:
                store = self.world.store()
                await store.open()
                opened.push_async_callback(store.close)
                lines = SignOffLines(store, knowledge, running_of(knowledge), "en")
                herald = Herald(store, WORDS, lines, "telegram:1:", _nobody)
                tasks.append(asyncio.create_task(herald.run(stop, 2.0)))
            yield
            stop.set()
            await asyncio.gather(*tasks)

    async def until(self, condition: Callable[[list[str]], bool]) -> list[str]:
        async with asyncio.timeout(20):
            while not condition(await self.said()):  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)  # time for one too many
        return await self.said()


def _nobody(address: str) -> None:
    """Nothing is sent here."""


@pytest.fixture
async def side(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Side]:  # noqa: F811
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    store = world.store()
    await store.open()
    for one, group in ((clinic(), GROUP), (clinic("Hilltop"), ELSEWHERE)):
        await store.clinics.add_clinic(one.stored())
        code = await store.clinics.new_staff_code(str(one.id))
        assert await store.clinics.link_staff(code, group, "nurse")
    yield Side(world, store)
    await store.close()


async def test_each_change_is_told_once_by_three_workers(side: Side) -> None:
    async with side.heralds(KNOWLEDGE, KNOWLEDGE, KNOWLEDGE):
        (first,) = await side.until(bool)
        assert "NOT signed off" in first
        await side.store.sign_offs.add(text_of(ANA))
        _, second = await side.until(lambda said: len(said) > 1)
        assert "was signed off by Dr Ana Ruiz" in second
    async with side.heralds(KNOWLEDGE, KNOWLEDGE):
        await asyncio.sleep(0.5)
    assert len(await side.said()) == 2
    assert await side.said(ELSEWHERE) == []


async def test_workers_with_two_protocols_do_not_contradict_each_other_for_ever(side: Side) -> None:
    await side.store.sign_offs.add(text_of(ANA))
    async with side.heralds(KNOWLEDGE):
        assert ["was signed off" in line for line in await side.until(bool)] == [True]
        async with side.heralds(EDITED):
            said = await side.until(lambda said: len(said) > 1)
    assert ["was signed off" in line for line in said] == [True, False]


async def test_what_was_not_committed_is_told_at_the_next_look(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(side.store)
    apply, tries = kind.apply, []

    async def away_at_first(store: Store, *given: object) -> object:
        tries.append(given)
        if len(tries) < 3:
            raise StoreError("the database is away")
        return await apply(store, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "apply", away_at_first)
    async with side.heralds(KNOWLEDGE):
        assert len(await side.until(bool)) == 1


async def test_nothing_is_said_while_the_record_cannot_be_read(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> None:
        raise StoreError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(type(side.store.sign_offs), "entries", away)
        async with side.heralds(KNOWLEDGE):
            await asyncio.sleep(0.5)
    assert await side.said() == []


async def test_a_group_that_is_linked_while_a_worker_looks_is_told_once(side: Side) -> None:
    async with side.heralds(KNOWLEDGE):
        (line,) = await side.until(bool)
    stored = await side.store.clinics.clinic_of_staff(GROUP)
    assert stored is not None
    plain = line.removeprefix("<b>").removesuffix("</b>")
    linked = Screen(name="staff_line", text="now linked")
    await side.store.apply(GROUP, "e1", when_linked(stored.id, plain, linked))
    assert await side.said() == [line, "now linked"]
    # The same command once more, after a kill: nothing is said twice.
    await side.store.apply(GROUP, "e1", when_linked(stored.id, plain, linked))
    assert await side.said() == [line, "now linked"]
