"""A database full of conversations that were never finished, and the people who come back to them."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

from bot.store.contract import Effect, Json
from bot.store.sqlite import SqliteStore
from tests.benchmark.crowd import Newcomers
from tests.benchmark.script import SHEETS, buttons_of, interviews
from tests.telegram_stand_in import TOKEN, Message, StandIn

FIRST_PERSON = 5_000_000_000
TOGETHER = 500
DATABASE = Path("data/plumbline.db")
"""Where the program looks for its database, from the folder it runs in."""

STRIDE = 7919
"""Who comes back next is so many further on: a prime, so that everybody has a turn."""


async def fill(folder: Path, conversations: int) -> None:
    """Store so many conversations, made by real interviews that end at every step in turn."""
    # Each with the sheet of whoever comes back to it: people and sheets alternate in the same way.
    unfinished = [
        [(step.record, buttons_of(step.screen)[0]) for step in steps if _begun(step.record)]
        for steps in interviews()
    ]
    path = folder / DATABASE
    path.parent.mkdir(parents=True)
    store = SqliteStore(path)
    await store.open()
    try:
        people = iter(range(conversations))
        while group := list(itertools.islice(people, TOGETHER)):
            await asyncio.gather(*(_store(store, n, _record_of(unfinished, n)) for n in group))
    finally:
        await store.close()


def _begun(record: Json) -> bool:
    return bool(record["answers"]) and not record["confirmed"]


def _record_of(unfinished: list[list[tuple[Json, str]]], number: int) -> Json:
    records = unfinished[number % len(unfinished)]
    return records[number // len(unfinished) % len(records)][0]


async def _store(store: SqliteStore, number: int, record: Json) -> None:
    bot = TOKEN.partition(":")[0]
    address = f"telegram:{bot}:{FIRST_PERSON + number}"
    effect = Effect(body=record, sends=({},))
    await store.apply(address, f"telegram:{bot}:{number}", lambda held, repeated: effect)
    for sending in await store.pending(address):
        await store.sent(sending, {"message_id": _live_message(number), "lasting": False})


def _live_message(number: int) -> int:
    return number + 1


def returning(telegram: StandIn, conversations: int, first: int = 0) -> Newcomers:
    """The people of a filled database, from all over it, each with the message they left.

    `first` is how many have come back before.
    """
    telegram.world.continue_messages_after(_live_message(conversations))
    for number in _all_over(conversations, first):
        patient = telegram.patient(id=FIRST_PERSON + number)
        if not patient.chat.history:
            left = Message(
                _live_message(number),
                patient.chat,
                telegram.world.bot,
                int(time.time()),
                text="?",
                rows=(({"text": "Back", "callback_data": "0:back"},),),
            )
            patient.chat.add(left)
        yield patient, SHEETS[number % len(SHEETS)]


def _all_over(conversations: int, first: int) -> Iterator[int]:
    for turn in itertools.count(first):
        yield turn * STRIDE % conversations
