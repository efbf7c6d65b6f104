"""Order within a chat, no waiting between chats, and nothing left behind."""

from __future__ import annotations

import asyncio

from bot.telegram.lanes import Lanes


async def test_a_lane_keeps_its_order_and_lanes_run_side_by_side() -> None:
    done: list[tuple[str, int]] = []

    async def work(item: tuple[str, int]) -> bool:
        await asyncio.sleep(0.001 * (5 - item[1] % 5))
        done.append(item)
        return True

    lanes = Lanes(work, at_once=4)
    settled = [lanes.submit(chat, (chat, n)) for n in range(20) for chat in "abc"]
    assert await asyncio.gather(*settled) == [True] * 60
    for chat in "abc":
        assert [n for who, n in done if who == chat] == list(range(20))
    assert [who for who, _ in done] != sorted(who for who, _ in done)
    await lanes.finish(1)
    assert len(lanes) == 0


async def test_a_full_lane_delays_another_by_one_item() -> None:
    done: list[str] = []

    async def work(item: str) -> bool:
        await asyncio.sleep(0)
        done.append(item)
        return True

    lanes = Lanes(work, at_once=1)
    noisy = [lanes.submit("noisy", "n") for _ in range(100)]
    await lanes.submit("quiet", "q")
    assert done.index("q") <= 2
    await asyncio.gather(*noisy)


async def test_what_waits_behind_an_unsettled_item_is_refused_and_may_come_again() -> None:
    fails = True

    async def work(item: int) -> bool:
        await asyncio.sleep(0)
        return not (fails and item == 1)

    lanes = Lanes(work)
    first = [lanes.submit("a", n) for n in range(4)]
    other = lanes.submit("b", 7)
    assert await asyncio.gather(*first, other) == [True, False, False, False, True]
    fails = False
    again = [lanes.submit("a", n) for n in range(1, 4)]
    assert await asyncio.gather(*again) == [True] * 3


async def test_a_lane_is_bounded() -> None:
    gate = asyncio.Event()

    async def work(item: int) -> bool:
        return await gate.wait()

    lanes = Lanes(work, waiting=5)
    settled = [lanes.submit("a", n) for n in range(1000)]
    assert sum(future.done() for future in settled) == 995
    assert not await settled[-1]
    gate.set()
    assert all(await asyncio.gather(*settled[:5]))


async def test_work_that_raises_or_is_broken_off_is_not_settled() -> None:
    async def work(item: str) -> bool:
        if item == "bad":
            raise RuntimeError(item)
        await asyncio.sleep(60)
        return True

    lanes = Lanes(work)
    assert not await lanes.submit("a", "bad")
    slow, behind = lanes.submit("a", "slow"), lanes.submit("a", "behind")
    await asyncio.sleep(0)
    await lanes.finish(0.01)
    assert not await slow
    assert not await behind


async def test_a_worker_that_just_ended_is_replaced() -> None:
    async def work(item: int) -> bool:
        return True

    lanes = Lanes(work, at_once=1)
    for n in range(100):
        async with asyncio.timeout(1):
            assert await lanes.submit("a", n)
