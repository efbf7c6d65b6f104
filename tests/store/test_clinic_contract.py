"""What every store promises about clinics and intakes, whatever is behind it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.store.clinic_contract import (
    REPEAT,
    STAFF_CODE_SECONDS,
    Channel,
    ClinicGoneError,
    Count,
    Entry,
    NewIntake,
    NewSchedule,
    ReferenceTakenError,
    SlugTakenError,
    State,
    StoredClinic,
    Task,
)
from bot.store.contract import Clinical, Decide, Effect, Held, Json, Store, StoreError
from tests.store.conftest import World

ANNA = "telegram:1:1001"
BEN = "telegram:1:1002"
STAFF = "telegram:1:-100500"
OTHER_STAFF = "telegram:1:-100600"
EVERY = tuple(Channel)
LEASE = 60.0
DAY = 24 * 60 * 60.0

RIVERSIDE = StoredClinic(
    "c1", "riverside", {"name": "Riverside"}, (Channel.WEBHOOK, Channel.FHIR), created_at=1.0
)
HILLTOP = StoredClinic("c2", "hilltop", {"name": "Hilltop"}, created_at=2.0)


def new(id: str = "i1", clinic: str = "c1", rank: int = 3, **more: Any) -> NewIntake:
    given = {"reference": f"PL-{id}", "body": {"goal": "to walk again"}, "what": "routine"} | more
    return NewIntake(id=id, clinic=clinic, rank=rank, **given)


def sends(*intakes: NewIntake, **more: Any) -> Decide:
    body = {"sent": [intake.id for intake in intakes]}
    return lambda held, repeated: Effect(body, clinical=Clinical(intakes, **more))


def withdraws(*ids: str) -> Decide:
    return lambda held, repeated: Effect({}, clinical=Clinical(withdraw=ids))


def deletes() -> Decide:
    return lambda held, repeated: Effect(None)


@pytest.fixture
async def at_riverside(store: Store) -> Store:
    """A store with two clinics; one of them has a webhook and a FHIR server."""
    await store.clinics.add_clinic(RIVERSIDE)
    await store.clinics.add_clinic(HILLTOP)
    return store


async def linked(store: Store, clinic: str = "c1", group: str = STAFF) -> None:
    code = await store.clinics.new_staff_code(clinic)
    assert await store.clinics.link_staff(code, group, "nurse") is not None


async def states(store: Store, intake: str = "i1") -> dict[tuple[Task, Channel], State]:
    found = await store.clinics.intake(intake)
    assert found is not None
    return {(one.task, one.channel): one.state for one in found.deliveries}


async def body_of(store: Store, intake: str = "i1") -> Json | None:
    found = await store.clinics.intake(intake)
    assert found is not None
    return found.body


# Clinics.


async def test_a_clinic_is_kept_as_it_was_given(at_riverside: Store) -> None:
    assert await at_riverside.clinics.clinics() == [RIVERSIDE, HILLTOP]


async def test_two_clinics_never_have_one_slug(at_riverside: Store) -> None:
    with pytest.raises(SlugTakenError, match="riverside"):
        await at_riverside.clinics.add_clinic(replace(HILLTOP, id="c3", slug="riverside"))
    with pytest.raises(SlugTakenError):
        await at_riverside.clinics.change_clinic("c2", lambda one: replace(one, slug="riverside"))

    assert [one.slug for one in await at_riverside.clinics.clinics()] == ["riverside", "hilltop"]


async def test_a_slug_is_free_again_when_its_clinic_is_removed(at_riverside: Store) -> None:
    await at_riverside.clinics.remove_clinic("c1")
    await at_riverside.clinics.add_clinic(replace(RIVERSIDE, id="c3", created_at=3.0))

    found = await at_riverside.clinics.clinics()
    assert [(one.id, one.removed_at is None) for one in found] == [
        ("c1", False),
        ("c2", True),
        ("c3", True),
    ]


async def test_a_change_of_a_clinic_is_kept(at_riverside: Store) -> None:
    changed = await at_riverside.clinics.change_clinic(
        "c2", lambda one: replace(one, body={"name": "Hill"}, channels=(Channel.FHIR,), slug="hill")
    )

    assert (await at_riverside.clinics.clinics())[1] == changed
    assert (changed.slug, changed.channels, changed.body) == (
        "hill",
        (Channel.FHIR,),
        {"name": "Hill"},
    )


async def test_changes_racing_on_one_clinic_lose_none(at_riverside: Store) -> None:
    def add(number: int) -> Any:
        return lambda one: replace(one, body={**one.body, str(number): number})

    await asyncio.gather(*(at_riverside.clinics.change_clinic("c1", add(n)) for n in range(20)))

    assert set((await at_riverside.clinics.clinics())[0].body) == {"name", *map(str, range(20))}


async def test_a_change_that_raises_changes_nothing(at_riverside: Store) -> None:
    def fail(one: StoredClinic) -> StoredClinic:
        raise LookupError

    with pytest.raises(LookupError):
        await at_riverside.clinics.change_clinic("c1", fail)

    assert (await at_riverside.clinics.clinics())[0] == RIVERSIDE


async def test_what_is_not_there_cannot_be_changed(at_riverside: Store) -> None:
    await at_riverside.clinics.remove_clinic("c1")

    for id in ("c1", "c9"):
        with pytest.raises(ClinicGoneError):
            await at_riverside.clinics.change_clinic(id, lambda one: one)
        with pytest.raises(ClinicGoneError):
            await at_riverside.clinics.remove_clinic(id)
        with pytest.raises(ClinicGoneError):
            await at_riverside.clinics.new_staff_code(id)


# Staff.


async def test_a_code_links_one_group_once(at_riverside: Store) -> None:
    code = await at_riverside.clinics.new_staff_code("c1")

    clinic = await at_riverside.clinics.link_staff(code.lower(), STAFF, "nurse")

    assert clinic == replace(RIVERSIDE, staff=STAFF)
    assert await at_riverside.clinics.clinic_of_staff(STAFF) == clinic
    assert await at_riverside.clinics.link_staff(code, OTHER_STAFF, "nurse") is None
    assert await at_riverside.clinics.clinic_of_staff(OTHER_STAFF) is None


async def test_two_groups_racing_for_one_code_do_not_both_get_it(at_riverside: Store) -> None:
    code = await at_riverside.clinics.new_staff_code("c1")

    got = await asyncio.gather(
        *(at_riverside.clinics.link_staff(code, f"telegram:1:-{n}", "nurse") for n in range(9))
    )

    assert sum(one is not None for one in got) == 1


async def test_a_code_is_too_old_after_a_day(world: World) -> None:
    store = world.store()
    await store.open()
    await store.clinics.add_clinic(RIVERSIDE)
    code = await store.clinics.new_staff_code("c1")
    world.clock.now += STAFF_CODE_SECONDS

    assert await store.clinics.link_staff(code, STAFF, "nurse") is None

    await store.close()


async def test_a_wrong_code_links_nothing(at_riverside: Store) -> None:
    await at_riverside.clinics.new_staff_code("c1")

    for code in ("", "AAAA-AAAA-AAAA", "c1", "x" * 4096):
        assert await at_riverside.clinics.link_staff(code, STAFF, "nurse") is None


async def test_a_group_is_of_one_clinic_and_a_clinic_has_one_group(at_riverside: Store) -> None:
    await linked(at_riverside, "c1", STAFF)
    await linked(at_riverside, "c2", STAFF)
    clinics = at_riverside.clinics

    assert [one.staff for one in await clinics.clinics()] == [None, STAFF]
    await linked(at_riverside, "c2", OTHER_STAFF)
    assert [one.staff for one in await clinics.clinics()] == [None, OTHER_STAFF]
    assert await clinics.clinic_of_staff(STAFF) is None


async def test_unlinking_ends_it_at_once(at_riverside: Store) -> None:
    await linked(at_riverside)

    assert await at_riverside.clinics.unlink_staff(STAFF, "nurse") == RIVERSIDE
    assert await at_riverside.clinics.clinic_of_staff(STAFF) is None
    assert await at_riverside.clinics.unlink_staff(STAFF, "nurse") is None


async def test_a_removed_clinic_has_no_staff_and_no_codes(at_riverside: Store) -> None:
    code = await at_riverside.clinics.new_staff_code("c1")
    await linked(at_riverside)

    await at_riverside.clinics.remove_clinic("c1")

    assert await at_riverside.clinics.clinic_of_staff(STAFF) is None
    assert await at_riverside.clinics.link_staff(code, STAFF, "nurse") is None


async def test_what_a_group_was_told_is_kept_while_it_is_linked_and_no_longer(
    at_riverside: Store, world: World
) -> None:
    await linked(at_riverside)
    for address in (STAFF, ANNA):
        await at_riverside.apply(address, None, lambda held, repeated: Effect({"kept": True}))
    world.clock.now += 400 * DAY
    await at_riverside.purge(records_before=world.clock.now, events_before=0)

    assert await at_riverside.read(STAFF) == Held({"kept": True}, None)
    assert await at_riverside.read(ANNA) is None

    await at_riverside.clinics.unlink_staff(STAFF, "nurse")
    await at_riverside.purge(records_before=world.clock.now, events_before=0)
    assert await at_riverside.read(STAFF) is None


# Sending.


async def test_an_intake_is_committed_with_its_event_and_goes_on_every_channel(
    at_riverside: Store,
) -> None:
    await linked(at_riverside)

    await at_riverside.apply(ANNA, "e1", sends(new()))

    found = await at_riverside.clinics.intake("PL-i1")
    assert found is not None
    assert found == await at_riverside.clinics.intake("i1")
    assert (found.body, found.clinic) == ({"goal": "to walk again"}, "c1")
    assert found.patient == at_riverside.key_for(ANNA)
    assert set(await states(at_riverside)) == {(Task.INTAKE, channel) for channel in EVERY}
    assert set((await states(at_riverside)).values()) == {State.QUEUED}
    assert (await at_riverside.read(ANNA)).body == {"sent": ["i1"]}  # type: ignore[union-attr]


async def test_a_clinic_without_channels_has_the_intake_all_the_same(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new(clinic="c2")))

    assert await body_of(at_riverside) is not None
    assert await states(at_riverside) == {}


async def test_a_removed_clinic_is_sent_nothing(at_riverside: Store) -> None:
    await at_riverside.clinics.remove_clinic("c1")

    with pytest.raises(ClinicGoneError):
        await at_riverside.apply(ANNA, "e1", sends(new()))

    assert await at_riverside.read(ANNA) is None
    assert await at_riverside.clinics.intake("i1") is None
    effect = await at_riverside.apply(ANNA, "e1", lambda held, again: Effect({}, result=again))
    assert effect.result is False  # it comes again as if it had never come


async def test_what_waits_for_a_clinic_that_is_removed_is_never_sent(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))

    await at_riverside.clinics.remove_clinic("c1")

    assert set((await states(at_riverside)).values()) == {State.WITHDRAWN}
    assert await at_riverside.clinics.claim_deliveries(EVERY, most=9, lease=LEASE) == []


async def test_a_reference_that_is_taken_is_refused(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))

    with pytest.raises(ReferenceTakenError):
        await at_riverside.apply(BEN, "e2", sends(new("i2", reference="PL-i1")))

    assert await at_riverside.read(BEN) is None
    assert await at_riverside.clinics.intake("i2") is None


async def test_a_decision_that_raises_sends_nothing(at_riverside: Store) -> None:
    def fail(held: object, repeated: bool) -> Effect:
        raise LookupError

    with pytest.raises(LookupError):
        await at_riverside.apply(ANNA, "e1", fail)

    assert await at_riverside.clinics.intakes() == []


async def test_each_patient_has_their_own_intakes(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new("i1"), new("i2")))
    await at_riverside.apply(BEN, "e2", sends(new("i3", "c2")))
    clinics = at_riverside.clinics

    assert [one.id for one in await clinics.intakes_of(ANNA)] == ["i1", "i2"]
    assert [one.id for one in await clinics.intakes(clinic="c2")] == ["i3"]
    assert {one.id for one in await clinics.intakes()} == {"i1", "i2", "i3"}
    assert len(await clinics.intakes(most=2)) == 2


async def test_intakes_are_counted_by_clinic_month_and_what(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new("i1"), new("i2"), new("i3", what="emergency")))

    assert await at_riverside.clinics.counts() == [
        Count("c1", "2027-01", "emergency", 1),
        Count("c1", "2027-01", "routine", 2),
    ]


# Delivering.


async def test_deliveries_are_claimed_urgent_first_then_oldest(world: World) -> None:
    store = world.store()
    await store.open()
    await store.clinics.add_clinic(replace(RIVERSIDE, channels=(Channel.WEBHOOK,)))
    for number, rank in enumerate((4, 3, 0, 3)):
        world.clock.now += 1
        await store.apply(ANNA, f"e{number}", sends(new(f"i{number}", rank=rank)))

    claimed = await store.clinics.claim_deliveries(EVERY, most=3, lease=LEASE)

    assert [one.intake for one in claimed] == ["i2", "i1", "i3"]
    assert {one.attempts for one in claimed} == {1}
    assert {one.key for one in claimed} == {"i1", "i2", "i3"}
    assert {str(one.body) for one in claimed} == {"{'goal': 'to walk again'}"}
    await store.close()


async def test_only_the_channels_asked_for_are_claimed(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))

    claimed = await at_riverside.clinics.claim_deliveries((Channel.FHIR,), most=9, lease=LEASE)

    assert [one.channel for one in claimed] == [Channel.FHIR]


async def test_a_claim_is_for_one_worker_until_it_ends(world: World) -> None:
    first, second = world.store(), world.store()
    await first.open()
    await second.open()
    await first.clinics.add_clinic(replace(RIVERSIDE, channels=(Channel.WEBHOOK,)))
    await first.apply(ANNA, "e1", sends(new()))

    (claimed,) = await first.clinics.claim_deliveries(EVERY, most=9, lease=LEASE)
    assert await second.clinics.claim_deliveries(EVERY, most=9, lease=LEASE) == []
    world.clock.now += LEASE
    (again,) = await second.clinics.claim_deliveries(EVERY, most=9, lease=LEASE)

    assert (again.key, again.attempts) == (claimed.key, 2)
    assert not await first.clinics.delivered(claimed)  # what it says now counts no more
    assert not await first.clinics.retry_delivery(claimed, world.clock.now, "TimeoutError")
    assert await second.clinics.delivered(again)
    await first.close()
    await second.close()


async def test_workers_racing_never_claim_one_delivery_twice(world: World) -> None:
    stores = [world.store() for _ in range(3)]
    for store in stores:
        await store.open()
    await stores[0].clinics.add_clinic(RIVERSIDE)
    await stores[0].apply(ANNA, "e1", sends(*(new(f"i{n}") for n in range(20))))

    got = await asyncio.gather(
        *(store.clinics.claim_deliveries(EVERY, most=7, lease=LEASE) for store in stores * 3)
    )

    ids = [one.id for claimed in got for one in claimed]
    assert len(ids) == len(set(ids))
    for store in stores:
        ids += [one.id for one in await store.clinics.claim_deliveries(EVERY, most=99, lease=LEASE)]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 40
    for store in stores:
        await store.close()


async def test_a_delivery_is_delivered_with_its_note(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))
    claimed, *_ = await at_riverside.clinics.claim_deliveries(EVERY, most=1, lease=LEASE)

    assert await at_riverside.clinics.delivered(claimed, {"message_id": 7})

    found = await at_riverside.clinics.intake("i1")
    assert found is not None
    (delivery,) = [one for one in found.deliveries if one.id == claimed.id]
    assert (delivery.state, delivery.note) == (State.DELIVERED, {"message_id": 7})
    assert delivery.settled_at is not None
    assert not await at_riverside.clinics.delivered(claimed)


async def test_a_delivery_that_fails_is_due_again_later(world: World) -> None:
    store = world.store()
    await store.open()
    await store.clinics.add_clinic(replace(RIVERSIDE, channels=(Channel.WEBHOOK,)))
    await store.apply(ANNA, "e1", sends(new()))
    (claimed,) = await store.clinics.claim_deliveries(EVERY, most=9, lease=LEASE)

    error = "aiohttp.ClientError: to walk again"
    assert await store.clinics.retry_delivery(claimed, world.clock.now + 100, error)

    assert await store.clinics.claim_deliveries(EVERY, most=9, lease=LEASE) == []
    world.clock.now += 100
    (again,) = await store.clinics.claim_deliveries(EVERY, most=9, lease=LEASE)
    assert (again.attempts, again.last_error) == (2, "aiohttp.ClientError")
    await store.close()


async def test_what_is_given_up_is_shown_and_can_be_tried_again(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))
    clinics = at_riverside.clinics
    claimed, *_ = await clinics.claim_deliveries((Channel.WEBHOOK,), most=1, lease=LEASE)

    assert await clinics.fail_delivery(claimed, "GaveUp")

    (failed,) = await clinics.deliveries((State.FAILED,))
    assert (failed.reference, failed.last_error, failed.body) == ("PL-i1", "GaveUp", None)
    assert await clinics.queue_delivery("i1", Channel.WEBHOOK)
    assert await clinics.deliveries((State.FAILED,)) == []
    again, *_ = await clinics.claim_deliveries((Channel.WEBHOOK,), most=1, lease=LEASE)
    assert (again.id, again.attempts) == (claimed.id, 2)


async def test_one_more_channel_can_be_added_later(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))

    assert await at_riverside.clinics.queue_delivery("i1", Channel.GROUP)
    assert await at_riverside.clinics.queue_delivery("i1", Channel.GROUP)
    assert not await at_riverside.clinics.queue_delivery("i9", Channel.GROUP)

    found = await at_riverside.clinics.intake("i1")
    assert found is not None
    assert sorted(one.channel for one in found.deliveries) == sorted(EVERY)


async def test_who_handles_an_intake_first_has_handled_it(at_riverside: Store) -> None:
    await at_riverside.apply(
        ANNA,
        "e1",
        sends(new(), schedules=(NewSchedule(REPEAT, 0.0, "i1"), NewSchedule("other", 0.0, "i1"))),
    )
    clinics = at_riverside.clinics

    first = await clinics.handle_intake("i1", "Nurse Kim", "key1")
    second = await clinics.handle_intake("i1", "Dr Lee", "key2")

    assert first is not None
    assert first.by == "Nurse Kim"
    assert second == first
    left = await clinics.claim_schedules((REPEAT, "other"), most=9, lease=LEASE)
    assert [one.kind for one in left] == ["other"]
    assert await clinics.handle_intake("i9", "Nurse Kim", "key1") is None


# Taking back.


async def test_what_was_not_sent_yet_is_withdrawn_without_a_word(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))

    await at_riverside.apply(ANNA, "e2", withdraws("i1"))

    found = await at_riverside.clinics.intake("i1")
    assert found is not None
    assert (found.body, found.patient, found.gone_at is not None) == (None, "", True)
    assert set((await states(at_riverside)).values()) == {State.WITHDRAWN}
    assert await at_riverside.clinics.intakes_of(ANNA) == []
    assert await at_riverside.clinics.claim_deliveries(EVERY, most=9, lease=LEASE) == []


async def test_where_it_was_delivered_its_withdrawal_is_too(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))
    (claimed,) = await at_riverside.clinics.claim_deliveries(
        (Channel.WEBHOOK,), most=9, lease=LEASE
    )
    await at_riverside.clinics.delivered(claimed, {"n": 1})

    await at_riverside.apply(ANNA, "e2", withdraws("i1"))

    (withdrawal,) = await at_riverside.clinics.claim_deliveries(EVERY, most=9, lease=LEASE)
    assert (withdrawal.task, withdrawal.channel) == (Task.WITHDRAWAL, Channel.WEBHOOK)
    assert (withdrawal.reference, withdrawal.body) == ("PL-i1", None)
    assert withdrawal.key != claimed.key
    assert await at_riverside.clinics.delivered(withdrawal)
    assert await states(at_riverside) == {
        (Task.INTAKE, Channel.WEBHOOK): State.DELIVERED,
        (Task.WITHDRAWAL, Channel.WEBHOOK): State.DELIVERED,
        (Task.INTAKE, Channel.FHIR): State.WITHDRAWN,
    }


async def test_an_attempt_under_way_is_waited_for_and_its_note_is_kept(world: World) -> None:
    store = world.store()
    await store.open()
    await store.clinics.add_clinic(replace(RIVERSIDE, channels=(Channel.WEBHOOK,)))
    await store.apply(ANNA, "e1", sends(new()))
    (claimed,) = await store.clinics.claim_deliveries(EVERY, most=9, lease=30.0)

    await store.apply(ANNA, "e2", withdraws("i1"))

    assert await store.clinics.claim_deliveries(EVERY, most=9, lease=LEASE) == []
    assert not await store.clinics.delivered(claimed, {"message_id": 7})  # it did arrive
    world.clock.now += 30
    (withdrawal,) = await store.clinics.claim_deliveries(EVERY, most=9, lease=LEASE)
    assert withdrawal.task is Task.WITHDRAWAL
    found = await store.clinics.intake("i1")
    assert found is not None
    assert [one.note for one in found.deliveries] == [{"message_id": 7}, None]
    await store.close()


async def test_nobody_withdraws_the_intake_of_another(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))

    await at_riverside.apply(BEN, "e2", withdraws("i1"))

    assert await body_of(at_riverside) == {"goal": "to walk again"}


async def test_deleting_everything_takes_every_intake_back(at_riverside: Store) -> None:
    schedules = (NewSchedule("follow_up", 0.0, "i1"), NewSchedule("reminder", 0.0))
    await at_riverside.apply(ANNA, "e1", sends(new("i1"), new("i2"), schedules=schedules))
    await at_riverside.apply(BEN, "e2", sends(new("i3")))
    claimed = await at_riverside.clinics.claim_deliveries(EVERY, most=9, lease=LEASE)
    for one in claimed:
        await at_riverside.clinics.delivered(one)

    await at_riverside.apply(ANNA, "e3", deletes())

    clinics = at_riverside.clinics
    assert [await body_of(at_riverside, id) for id in ("i1", "i2")] == [None, None]
    assert await body_of(at_riverside, "i3") is not None
    withdrawals = await clinics.claim_deliveries(EVERY, most=9, lease=LEASE)
    assert {(one.intake, one.task) for one in withdrawals} == {
        ("i1", Task.WITHDRAWAL),
        ("i2", Task.WITHDRAWAL),
    }
    assert len(withdrawals) == 4
    assert await clinics.claim_schedules(("follow_up", "reminder"), most=9, lease=LEASE) == []


async def test_the_operator_can_forget_an_intake(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))

    assert await at_riverside.clinics.forget_intake("i1", "operator")
    assert not await at_riverside.clinics.forget_intake("i1", "operator")

    assert await body_of(at_riverside) is None
    assert not await at_riverside.clinics.queue_delivery("i1", Channel.GROUP)
    assert await at_riverside.clinics.handle_intake("i1", "Nurse Kim", "key1") is None


# Schedules.


async def test_what_is_scheduled_is_due_at_its_time(world: World) -> None:
    store = world.store()
    await store.open()
    clock, clinics = world.clock, store.clinics
    await clinics.schedule(ANNA, NewSchedule("reminder", clock.now + 10, body={"n": 1}))
    await clinics.schedule(BEN, NewSchedule("reminder", clock.now + 5))
    await clinics.schedule(BEN, NewSchedule("follow_up", clock.now + 5, "i1"))

    assert await clinics.claim_schedules(("reminder",), most=9, lease=LEASE) == []
    clock.now += 10
    due = await clinics.claim_schedules(("reminder",), most=9, lease=LEASE)

    assert [(one.address, one.body, one.subject) for one in due] == [
        (BEN, None, ""),
        (ANNA, {"n": 1}, ""),
    ]
    assert due[0].patient == store.key_for(BEN)
    assert await clinics.claim_schedules(("reminder",), most=9, lease=LEASE) == []
    clock.now += LEASE
    again, _ = await clinics.claim_schedules(("reminder",), most=9, lease=LEASE)
    assert not await clinics.finish_schedule(due[0])
    assert await clinics.finish_schedule(again)
    await store.close()


async def test_a_schedule_is_moved_by_one_of_its_kind(world: World) -> None:
    store = world.store()
    await store.open()
    clock, clinics = world.clock, store.clinics
    await clinics.schedule(ANNA, NewSchedule("reminder", clock.now))
    (due,) = await clinics.claim_schedules(("reminder",), most=9, lease=LEASE)
    await clinics.schedule(ANNA, NewSchedule("reminder", clock.now + 50))

    assert not await clinics.finish_schedule(due)  # that was the earlier one
    clock.now += 50
    (moved,) = await clinics.claim_schedules(("reminder",), most=9, lease=LEASE)
    assert await clinics.postpone_schedule(moved, clock.now + 5)
    assert await clinics.claim_schedules(("reminder",), most=9, lease=LEASE) == []
    clock.now += 5
    assert len(await clinics.claim_schedules(("reminder",), most=9, lease=LEASE)) == 1
    await store.close()


async def test_an_event_can_cancel_and_set_schedules(at_riverside: Store) -> None:
    clinics = at_riverside.clinics
    await clinics.schedule(ANNA, NewSchedule("reminder", 0.0, body={"n": 1}))
    await clinics.schedule(BEN, NewSchedule("reminder", 0.0))
    schedules = (NewSchedule("follow_up", 0.0, "i1"),)

    await at_riverside.apply(ANNA, "e1", sends(new(), cancel=("reminder",), schedules=schedules))

    due = await clinics.claim_schedules(("reminder", "follow_up"), most=9, lease=LEASE)
    assert {(one.kind, one.address) for one in due} == {("reminder", BEN), ("follow_up", ANNA)}


# What is kept of it.


async def test_the_trail_says_who_did_what_and_no_more(at_riverside: Store) -> None:
    await at_riverside.apply(ANNA, "e1", sends(new()))
    await at_riverside.clinics.note(Entry("opened", "key1", "c1", "i1"))
    await at_riverside.clinics.handle_intake("i1", "Nurse Kim", "key1")
    await at_riverside.apply(ANNA, "e2", withdraws("i1"))

    trail = await at_riverside.clinics.trail(intake="i1")

    assert [(one.what, one.who, one.clinic) for one in trail] == [
        ("withdrawn", "patient", "c1"),
        ("handled", "key1", "c1"),
        ("opened", "key1", "c1"),
        ("sent", "patient", "c1"),
    ]
    assert at_riverside.key_for(ANNA) not in str(await at_riverside.clinics.trail())


async def test_retention_leaves_only_counts(world: World) -> None:
    store = world.store()
    await store.open()
    await store.clinics.add_clinic(RIVERSIDE)
    follow_up = (NewSchedule("follow_up", world.clock.now + 999 * DAY, "i1"),)
    await store.apply(ANNA, "e1", sends(new("i1"), schedules=follow_up))
    world.clock.now += 90 * DAY
    await store.apply(BEN, "e2", sends(new("i2")))

    purged = await store.purge(
        records_before=world.clock.now - 89 * DAY, events_before=world.clock.now - 14 * DAY
    )

    assert (purged.intakes, purged.records) == (1, 1)
    assert [one.id for one in await store.clinics.intakes()] == ["i2"]
    assert {one.intake for one in await store.clinics.deliveries(tuple(State))} == {"i2"}
    world.clock.now += 999 * DAY
    assert await store.clinics.claim_schedules(("follow_up",), most=9, lease=LEASE) == []
    assert sum(one.number for one in await store.clinics.counts()) == 2
    assert [one.what for one in await store.clinics.trail(intake="i1")] == ["sent"]
    await store.close()


async def test_many_old_intakes_are_purged_in_steps(world: World) -> None:
    store = world.store()
    await store.open()
    await store.clinics.add_clinic(RIVERSIDE)
    await store.apply(ANNA, "e1", sends(*(new(f"i{n}") for n in range(250))))
    world.clock.now += DAY

    purged = await store.purge(records_before=world.clock.now, events_before=0.0)

    assert purged.intakes == 250
    assert await store.clinics.intakes() == []
    await store.close()


async def test_a_closed_store_says_so(world: World) -> None:
    store = world.store()
    for call in (store.clinics.clinics, store.clinics.counts):
        with pytest.raises(StoreError, match="closed"):
            await call()


async def test_all_of_it_outlives_a_new_start(world: World) -> None:
    store = world.store()
    await store.open()
    await store.clinics.add_clinic(RIVERSIDE)
    await linked(store)
    await store.apply(ANNA, "e1", sends(new()))
    before = await store.clinics.intake("i1")
    await store.close()

    store = world.store()
    await store.open()
    assert await store.clinics.intake("i1") == before
    assert await store.clinics.clinic_of_staff(STAFF) == replace(RIVERSIDE, staff=STAFF)
    await store.close()
