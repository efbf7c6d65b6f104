"""A process that is killed while patients send intakes and take them back.

Run as ``python -m tests.store.killed_sending DATABASE KEY``. Each event of a patient sends one more
intake and, from the third on, takes the one before the last back; the record says which are with
the clinic. Each event that was acknowledged is said on standard output.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

from bot.store.clinic_contract import Channel, NewIntake, SlugTakenError, StoredClinic
from bot.store.contract import Clinical, Effect, Held, Json, Store
from tests.store.killed import address, store_at

PATIENTS = 5
CLINIC = StoredClinic("c1", "riverside", {"name": "Riverside"}, (Channel.WEBHOOK,))


def id_of(patient: int, number: int) -> str:
    return f"i{patient}.{number}"


async def send_for_ever(store: Store, patient: int) -> None:
    while True:

        def decide(held: Held | None, repeated: bool) -> Effect:
            body: Json = held.body if held else {"number": 0, "with_clinic": []}
            number = body["number"] + 1
            id = id_of(patient, number)
            with_clinic = [*body["with_clinic"], id]
            back, with_clinic = with_clinic[:-2], with_clinic[-2:]
            new = NewIntake(id, f"PL-{id}", "c1", {"n": number}, rank=0, what="routine")
            return Effect(
                {"number": number, "with_clinic": with_clinic},
                clinical=Clinical((new,), withdraw=tuple(back)),
                result=number,
            )

        effect = await store.apply(address(patient), None, decide)
        sys.stdout.write(f"{patient} {effect.result}\n")
        sys.stdout.flush()


async def main() -> None:
    store = store_at(sys.argv[1], sys.argv[2])
    await store.open()
    with suppress(SlugTakenError):
        await store.clinics.add_clinic(CLINIC)
    await asyncio.gather(*(send_for_ever(store, patient) for patient in range(PATIENTS)))


if __name__ == "__main__":
    asyncio.run(main())
