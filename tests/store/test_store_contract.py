"""What every store promises, whatever is behind it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.contract import Decide, Effect, Held, Json, Purged, Store, StoreError
from tests.store.conftest import World

ANNA = "telegram:1:1001"
BEN = "telegram:1:1002"


def keep(body: Json | None, *sends: Json) -> Decide:
    return lambda held, repeated: Effect(body, sends)


def only_send(*sends: Json) -> Decide:
    return lambda held, repeated: Effect(None, sends, changed=False)


def forget(*sends: Json) -> Decide:
    return lambda held, repeated: Effect(None, sends)


async def waiting(store: Store, address: str) -> list[Json]:
    return [sending.body for sending in await store.pending(address)]


async def test_a_stranger_has_nothing(store: Store) -> None:
    assert await store.read(ANNA) is None
    assert await store.pending(ANNA) == []
    assert await store.addresses_pending() == []


async def test_the_first_event_finds_nothing_and_leaves_a_record(store: Store) -> None:
    seen: list[tuple[Held | None, bool]] = []

    def decide(held: Held | None, repeated: bool) -> Effect:
        seen.append((held, repeated))
        return Effect({"answers": {"age": 44}}, ({"screen": "welcome"},), result="welcome")

    effect = await store.apply(ANNA, "e1", decide)

    assert seen == [(None, False)]
    assert effect.result == "welcome"
    assert await store.read(ANNA) == Held({"answers": {"age": 44}}, None)
    assert await waiting(store, ANNA) == [{"screen": "welcome"}]


async def test_each_patient_has_a_record_of_their_own(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"who": "anna"}, {"to": "anna"}))
    await store.apply(BEN, "e2", keep({"who": "ben"}, {"to": "ben"}))

    assert await store.read(ANNA) == Held({"who": "anna"}, None)
    assert await waiting(store, BEN) == [{"to": "ben"}]


async def test_an_event_that_comes_twice_is_called_repeated(store: Store) -> None:
    def count(held: Held | None, repeated: bool) -> Effect:
        if repeated:
            return Effect(None, ({"again": True},), changed=False)
        return Effect({"n": held.body["n"] + 1 if held else 1})

    for event in ("e1", "e2", "e1", "e3", "e2"):
        await store.apply(ANNA, event, count)

    assert await store.read(ANNA) == Held({"n": 3}, None)
    assert await waiting(store, ANNA) == [{"again": True}] * 2


async def test_the_same_event_twice_at_once_is_applied_once(store: Store) -> None:
    flags: list[bool] = []

    def decide(held: Held | None, repeated: bool) -> Effect:
        flags.append(repeated)
        return Effect({})

    await asyncio.gather(*(store.apply(ANNA, "e1", decide) for _ in range(5)))

    assert sorted(flags) == [False, True, True, True, True]


async def test_an_event_without_an_id_is_never_repeated(store: Store) -> None:
    flags: list[bool] = []

    def decide(held: Held | None, repeated: bool) -> Effect:
        flags.append(repeated)
        return Effect({})

    await store.apply(ANNA, None, decide)
    await store.apply(ANNA, None, decide)

    assert flags == [False, False]


async def test_applies_racing_on_one_address_run_one_after_another(store: Store) -> None:
    def add(number: int) -> Decide:
        def decide(held: Held | None, repeated: bool) -> Effect:
            return Effect({"seen": [*(held.body["seen"] if held else []), number]})

        return decide

    await asyncio.gather(*(store.apply(ANNA, f"e{n}", add(n)) for n in range(300)))

    held = await store.read(ANNA)
    assert held is not None
    assert held.body["seen"] == list(range(300))


async def test_a_decision_that_raises_changes_nothing(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}))

    def fail(held: Held | None, repeated: bool) -> Effect:
        raise LookupError("no such question")

    with pytest.raises(LookupError, match="no such question"):
        await store.apply(ANNA, "e2", fail)

    assert await store.read(ANNA) == Held({"n": 1}, None)
    flags: list[bool] = []

    def note(held: Held | None, repeated: bool) -> Effect:
        flags.append(repeated)
        return Effect({"n": 2})

    await store.apply(ANNA, "e2", note)
    assert flags == [False]


@pytest.mark.parametrize(
    "effect",
    [
        Effect({"n": {1, 2}}),
        Effect({"n": float("nan")}),
        Effect({"n": 2}, ({"ok": 1}, {"not json": object()})),
    ],
)
async def test_an_effect_that_cannot_be_stored_changes_nothing(
    store: Store, effect: Effect
) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}))

    with pytest.raises((TypeError, ValueError)):
        await store.apply(ANNA, "e2", lambda held, repeated: effect)

    assert await store.read(ANNA) == Held({"n": 1}, None)
    assert await waiting(store, ANNA) == []


async def test_one_that_raises_in_a_crowd_fails_alone(store: Store) -> None:
    def fail(held: Held | None, repeated: bool) -> Effect:
        raise StopIteration

    outcomes = await asyncio.gather(
        *(
            store.apply(f"telegram:1:{n}", f"e{n}", fail if n % 7 == 0 else keep({"n": n}))
            for n in range(100)
        ),
        return_exceptions=True,
    )

    for n, outcome in enumerate(outcomes):
        held = await store.read(f"telegram:1:{n}")
        if n % 7 == 0:
            assert isinstance(outcome, Exception)
            assert held is None
        else:
            assert held == Held({"n": n}, None)


async def test_unchanged_leaves_the_record_and_adds_the_sends(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}))
    await store.apply(ANNA, "e2", only_send({"notice": 1}))
    await store.apply(ANNA, "e3", lambda held, repeated: Effect({"n": 2}, changed=False))

    assert await store.read(ANNA) == Held({"n": 1}, None)
    assert await waiting(store, ANNA) == [{"notice": 1}]


async def test_events_that_were_read_together_are_all_done(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}), also=("e2", "e3"))
    await store.apply(ANNA, "e4", keep({"n": 2}), also=("e3", "e5"))

    seen: list[bool] = []

    def look(held: Held | None, repeated: bool) -> Effect:
        seen.append(repeated)
        return Effect(None, changed=False)

    for event in ("e1", "e2", "e3", "e4", "e5", "e6"):
        await store.apply(ANNA, event, look)
    assert seen == [True] * 5 + [False]


async def test_nothing_read_together_is_done_if_it_raises(store: Store) -> None:
    def refuse(held: Held | None, repeated: bool) -> Effect:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.apply(ANNA, "e1", refuse, also=("e2",))
    again: list[bool] = []

    def look(held: Held | None, repeated: bool) -> Effect:
        again.append(repeated)
        return Effect(None, changed=False)

    await store.apply(ANNA, "e2", look)
    assert again == [False]


async def test_what_was_sent_leaves_the_outbox_and_notes_the_live_message(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"screen": 1}, {"screen": 2}, {"screen": 3}))
    first, second, third = await store.pending(ANNA)

    await store.sent(first, {"message_id": 17})
    assert await store.read(ANNA) == Held({"n": 1}, {"message_id": 17})
    assert await store.live(ANNA) == {"message_id": 17}
    assert await store.live(BEN) is None
    await store.sent(second)
    assert await store.read(ANNA) == Held({"n": 1}, {"message_id": 17})
    await store.sent(third, None)
    assert await store.read(ANNA) == Held({"n": 1}, None)
    assert await store.live(ANNA) is None
    assert await store.pending(ANNA) == []


async def test_what_was_queued_is_handed_on_only_if_nothing_waits_before_it(store: Store) -> None:
    """A store may leave that out; what it says must be what a claim gives."""
    for count, event in enumerate(("e1", "e2", "e3")):
        applied = await store.apply(ANNA, event, keep({}, {"of": event}, {"after": event}))
        claimed = await store.claim(ANNA)
        assert applied.queued is None or (count == 0 and list(applied.queued) == claimed)
        assert len(claimed) == 2 * (count + 1)
    for sending in await store.claim(ANNA):
        await store.sent(sending)

    nothing = await store.apply(ANNA, "e4", keep({}))
    afresh = await store.apply(ANNA, "e5", keep({}, {"of": "e5"}))

    assert nothing.queued is None
    assert afresh.queued is None or list(afresh.queued) == await store.claim(ANNA)
    assert await waiting(store, ANNA) == [{"of": "e5"}]


async def test_what_was_sent_is_gone_for_whoever_opens_the_store_next(world: World) -> None:
    store = world.store()
    await store.open()
    await store.apply(ANNA, "e1", keep({"n": 1}, {"screen": 0}, {"screen": 1}, {"screen": 2}))
    first, second, _ = await store.pending(ANNA)
    await store.sent(first, {"message_id": 16})
    assert [address for address, _ in await store.addresses_pending()] == [ANNA]
    await store.sent(second, {"message_id": 17})
    await store.close()
    await store.open()

    assert await store.live(ANNA) == {"message_id": 17}
    assert await waiting(store, ANNA) == [{"screen": 2}]
    await store.close()


async def test_what_was_sent_just_now_counts_in_the_next_decision(store: Store) -> None:
    seen: list[object] = []

    def decide(held: Held | None, repeated: bool) -> Effect:
        seen.append(held.live if held else None)
        return Effect({"n": 1}, ({"screen": 2},))

    await store.apply(ANNA, "e1", keep({"n": 0}, {"screen": 1}))
    for number in range(3):
        await store.sent((await store.pending(ANNA))[0], {"message_id": number})
        await store.apply(ANNA, f"then {number}", decide)

    assert seen == [{"message_id": number} for number in range(3)]
    assert await waiting(store, ANNA) == [{"screen": 2}]


async def test_an_event_keeps_the_live_message(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"screen": 1}))
    await store.sent((await store.pending(ANNA))[0], {"message_id": 17})
    seen: list[Held | None] = []

    def decide(held: Held | None, repeated: bool) -> Effect:
        seen.append(held)
        return Effect({"n": 2})

    await store.apply(ANNA, "e2", decide)

    assert seen == [Held({"n": 1}, {"message_id": 17})]
    assert await store.read(ANNA) == Held({"n": 2}, {"message_id": 17})


async def test_the_outbox_keeps_the_order_of_each_patient(store: Store) -> None:
    for n in range(20):
        await store.apply(ANNA, f"a{n}", keep({}, {"n": 2 * n}, {"n": 2 * n + 1}))
        await store.apply(BEN, f"b{n}", keep({}, {"n": -n}))

    sendings = await store.pending(ANNA)

    assert [sending.body["n"] for sending in sendings] == list(range(40))
    assert [sending.body["n"] for sending in await store.pending(BEN)] == [-n for n in range(20)]
    assert {sending.address for sending in sendings} == {ANNA}
    assert {sending.patient for sending in sendings} == {store.key_for(ANNA)}


async def test_a_postponed_entry_keeps_its_place_and_counts_its_attempts(
    store: Store, world: World
) -> None:
    await store.apply(ANNA, "e1", keep({}, {"n": 1}, {"n": 2}))
    await store.apply(BEN, "e2", keep({}, {"n": 3}))
    due = world.clock.now

    first = (await store.pending(ANNA))[0]
    await store.postpone(first, due + 30)
    await store.postpone(first, due + 60)

    assert [(s.body["n"], s.attempts) for s in await store.pending(ANNA)] == [(1, 2), (2, 0)]
    assert sorted(await store.addresses_pending()) == [(ANNA, due + 60), (BEN, due)]


async def test_one_entry_or_all_of_them_can_be_dropped(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"n": 1}, {"n": 2}, {"n": 3}))
    await store.apply(BEN, "e2", keep({}, {"n": 4}))

    await store.drop((await store.pending(ANNA))[1])
    assert await waiting(store, ANNA) == [{"n": 1}, {"n": 3}]
    await store.drop_all(ANNA)

    assert await waiting(store, ANNA) == []
    assert await waiting(store, BEN) == [{"n": 4}]
    assert await store.read(ANNA) == Held({"n": 1}, None)


async def test_what_is_claimed_is_what_is_pending(store: Store, world: World) -> None:
    assert await store.claim(ANNA) == []
    await store.apply(ANNA, "e1", keep({}, *({"n": n} for n in range(20))))
    await store.apply(BEN, "e2", keep({}, {"n": 99}))

    claimed = await store.claim(ANNA)
    assert [sending.body["n"] for sending in claimed] == list(range(20))
    assert claimed == await store.pending(ANNA)

    for sending in claimed[:18]:
        await store.sent(sending)
    await store.postpone(claimed[18], world.clock.now + 30)
    await store.apply(ANNA, "e3", keep({}, {"n": 20}))
    again = await store.claim(ANNA)
    assert [(s.body["n"], s.attempts) for s in again] == [(18, 1), (19, 0), (20, 0)]
    assert ANNA not in await store.unclaimed()

    await store.drop_all(ANNA)
    assert await store.claim(ANNA) == []


async def test_what_was_claimed_before_closing_can_be_claimed_after_opening(world: World) -> None:
    store = world.store()
    await store.open()
    await store.apply(ANNA, "e1", keep({}, {"n": 1}, {"n": 2}))
    await store.sent((await store.claim(ANNA))[0])
    await store.close()

    store = world.store()
    await store.open()
    assert [sending.body for sending in await store.claim(ANNA)] == [{"n": 2}]
    await store.close()


async def test_forgetting_deletes_everything_that_was_there_before(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"screen": 1}, {"screen": 2}))
    await store.apply(BEN, "e2", keep({"n": 2}, {"screen": 3}))
    await store.sent((await store.pending(ANNA))[0], {"message_id": 17})

    await store.apply(ANNA, "e3", forget({"screen": "all is deleted"}))

    assert await store.read(ANNA) is None
    assert await waiting(store, ANNA) == [{"screen": "all is deleted"}]
    assert await store.read(BEN) == Held({"n": 2}, None)
    assert await waiting(store, BEN) == [{"screen": 3}]


async def test_a_screen_sent_after_forgetting_brings_nothing_back(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"screen": 1}))
    in_flight = (await store.pending(ANNA))[0]
    await store.apply(ANNA, "e2", forget({"screen": "all is deleted"}))
    farewell = (await store.pending(ANNA))[0]

    await store.sent(in_flight, {"message_id": 17})
    await store.sent(farewell, {"message_id": 18})

    assert await store.read(ANNA) is None
    assert await store.pending(ANNA) == []


async def test_a_screen_of_before_is_not_the_live_message_of_a_new_start(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"screen": 1}))
    in_flight = (await store.pending(ANNA))[0]
    await store.apply(ANNA, "e2", forget())
    await store.apply(ANNA, "e3", keep({"n": 2}, {"screen": 2}))

    await store.sent(in_flight, {"message_id": 17})
    await store.postpone(in_flight, 5.0)
    await store.drop(in_flight)

    assert await store.read(ANNA) == Held({"n": 2}, None)
    assert [(s.body, s.attempts) for s in await store.pending(ANNA)] == [({"screen": 2}, 0)]


async def test_a_poisonous_event_is_done_and_answered_once(store: Store) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}))

    await store.set_aside("e2", ANNA, "KeyError", ({"sorry": True},))
    await store.set_aside("e2", ANNA, "KeyError", ({"sorry": True},))
    await store.set_aside("e3", None, "builtins.ValueError")

    assert await waiting(store, ANNA) == [{"sorry": True}]
    assert await store.read(ANNA) == Held({"n": 1}, None)
    flags: list[bool] = []

    def note(held: Held | None, repeated: bool) -> Effect:
        flags.append(repeated)
        return Effect({}, changed=False)

    await store.apply(ANNA, "e2", note)
    assert flags == [True]


async def test_purge_deletes_what_is_old_and_nothing_else(store: Store, world: World) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"old": 1}))
    await store.set_aside("e2", None, "KeyError")
    world.clock.now += 100
    border = world.clock.now
    await store.apply(BEN, "e3", keep({"n": 2}, {"new": 1}))
    # Something was sent to Anna since, which is nothing that Anna did.
    await store.apply(ANNA, "e4", only_send({"new": 2}))

    purged = await store.purge(records_before=border, events_before=border)

    assert purged == Purged(records=1, sends=1, events=2, set_aside=1)
    assert await store.read(ANNA) is None
    assert await waiting(store, ANNA) == [{"new": 2}]
    assert await store.read(BEN) == Held({"n": 2}, None)
    assert await store.purge(records_before=border, events_before=border) == Purged()


async def test_a_purge_counts_from_the_last_change(store: Store, world: World) -> None:
    started = world.clock.now
    await store.apply(ANNA, "e1", keep({"n": 1}))
    for step in (10, 4000, 90_000):
        world.clock.now = started + step
        await store.apply(ANNA, f"s{step}", keep({"n": step}))

        assert (await store.purge(records_before=started + step, events_before=0)).records == 0
    gone = await store.purge(records_before=started + 90_001, events_before=0)
    assert gone.records == 1


async def test_a_picture_is_found_under_what_its_channel_keeps_it(store: Store) -> None:
    assert await store.file_of("telegram:1:", "abc") is None
    await store.keep_file("telegram:1:", "abc", "file-1")
    await store.keep_file("telegram:2:", "abc", "file-2")
    await store.keep_file("telegram:1:", "def", "file-3")
    assert await store.file_of("telegram:1:", "abc") == "file-1"
    assert await store.file_of("telegram:2:", "abc") == "file-2"

    await store.keep_file("telegram:1:", "abc", "file-4")
    assert await store.file_of("telegram:1:", "abc") == "file-4"


async def test_a_purge_forgets_old_files_of_pictures(store: Store, world: World) -> None:
    await store.keep_file("telegram:1:", "old", "file-1")
    world.clock.now += 100
    await store.keep_file("telegram:1:", "new", "file-2")

    await store.purge(records_before=world.clock.now, events_before=0)

    assert await store.file_of("telegram:1:", "old") is None
    assert await store.file_of("telegram:1:", "new") == "file-2"


async def test_a_purge_of_many_deletes_them_all(store: Store, world: World) -> None:
    await asyncio.gather(
        *(store.apply(f"telegram:1:{n}", f"e{n}", keep({"n": n})) for n in range(1200))
    )
    world.clock.now += 1

    purged = await store.purge(records_before=world.clock.now, events_before=world.clock.now)

    assert purged == Purged(records=1200, events=1200)


async def test_a_clock_that_jumps_back_does_not_disturb_the_order(
    store: Store, world: World
) -> None:
    await store.apply(ANNA, "e1", keep({"n": 1}, {"n": 1}))
    world.clock.now -= 100_000
    await store.apply(ANNA, "e2", keep({"n": 2}, {"n": 2}))

    assert await waiting(store, ANNA) == [{"n": 1}, {"n": 2}]
    assert await store.read(ANNA) == Held({"n": 2}, None)


async def test_everything_is_there_after_closing_and_opening(world: World) -> None:
    store = world.store()
    await store.open()
    await store.apply(ANNA, "e1", keep({"n": 1}, {"screen": 1}, {"screen": 2}))
    await store.sent((await store.pending(ANNA))[0], {"message_id": 17})
    key = store.key_for(ANNA)
    await store.close()

    store = world.store()
    await store.open()
    try:
        assert store.key_for(ANNA) == key
        assert await store.read(ANNA) == Held({"n": 1}, {"message_id": 17})
        assert await waiting(store, ANNA) == [{"screen": 2}]
        assert await store.addresses_pending() == [(ANNA, world.clock.now)]
        flags: list[bool] = []

        def note(held: Held | None, repeated: bool) -> Effect:
            flags.append(repeated)
            return Effect({})

        await store.apply(ANNA, "e1", note)
        assert flags == [True]
    finally:
        await store.close()


async def test_closing_finishes_what_was_asked_for(world: World) -> None:
    store = world.store()
    await store.open()
    asked = [
        asyncio.ensure_future(store.apply(f"telegram:1:{n}", f"e{n}", keep({"n": n})))
        for n in range(500)
    ]
    await asyncio.sleep(0)

    await asyncio.gather(store.close(), store.close())
    await store.close()

    await asyncio.gather(*asked)
    await store.open()
    assert await store.read("telegram:1:499") == Held({"n": 499}, None)
    await store.close()


async def test_more_callers_than_there_is_room_for_wait_their_turn(store: Store) -> None:
    await asyncio.gather(
        *(store.apply(f"telegram:1:{n}", f"e{n}", keep({"n": n})) for n in range(3000))
    )

    assert await store.read("telegram:1:2999") == Held({"n": 2999}, None)


async def test_a_caller_that_gives_up_disturbs_nobody(store: Store) -> None:
    asked = [
        asyncio.ensure_future(store.apply(f"telegram:1:{n}", f"e{n}", keep({"n": n})))
        for n in range(50)
    ]
    await asyncio.sleep(0)
    for task in asked[::2]:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)

    assert await store.read("telegram:1:49") == Held({"n": 49}, None)
    assert await store.healthy()


async def test_a_closed_store_says_so(world: World) -> None:
    store = world.store()
    for _ in range(2):
        with pytest.raises(StoreError, match="closed"):
            await store.apply(ANNA, "e1", keep({}))
        with pytest.raises(StoreError, match="closed"):
            await store.read(ANNA)
        assert not await store.healthy()
        await store.open()
        assert await store.healthy()
        await store.close()


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(st.text(), json_values, max_size=5), address=st.text(min_size=1))
async def test_whatever_is_json_comes_back_as_it_was(
    store: Store, body: Json, address: str
) -> None:
    await store.apply(address, None, keep(body, body))

    assert await store.read(address) == Held(body, None)
    assert (await store.pending(address))[-1].body == body
    assert address in [waiting for waiting, _ in await store.addresses_pending()]
    await store.apply(address, None, forget())
