"""Whether the protocol that runs is signed off, for whom, and what is said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.assembly import load_knowledge
from bot.settings import Listen
from bot.signoff.record import AlteredRecordError, Revocation, SignOff, read_record, text_of
from bot.signoff.standing import Running, State, look_up, running_of
from bot.store.sealing import new_key
from bot.store.sign_off_contract import SignedEntry
from bot.store.sqlite import SqliteStore
from bot.web.server import Readiness, serving
from tests.book.making import SUBJECTS
from tests.telegram.test_webhook import free_port

RUNNING = running_of(load_knowledge())
ENGLISH = SUBJECTS["en"].words.sign_off
SPANISH = SUBJECTS["es"].words.sign_off
ANA = SignOff(
    date=dt.date(2026, 11, 24),
    name="Dr Ana Ruiz",
    role="Medical director",
    protocol=RUNNING.protocol,
    words=RUNNING.words,
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "plumbline.db", new_key())
    await store.open()
    yield store
    await store.close()


async def test_what_runs_is_what_the_book_shows() -> None:
    assert RUNNING.protocol == SUBJECTS["en"].hash
    assert RUNNING.words == {code: subject.words_hash for code, subject in SUBJECTS.items()}


async def test_a_protocol_that_changes_after_it_was_signed_is_not_signed(
    store: SqliteStore,
) -> None:
    await store.sign_offs.add(text_of(ANA))

    now = await look_up(store, RUNNING)
    later = await look_up(store, replace(RUNNING, protocol="0" * 64))

    assert (now.state, now.sign_off) == (State.SIGNED, ANA)
    assert (later.state, later.sign_off) == (State.MISSING, None)
    assert "NOT signed off" in later.line(ENGLISH)
    assert "0000 0000 0000" in later.line(ENGLISH)
    assert "NO está aprobado" in later.line(SPANISH)


async def test_words_that_change_are_named_and_the_seal_is_not_sound(store: SqliteStore) -> None:
    await store.sign_offs.add(text_of(ANA))
    other = Running(RUNNING.protocol, {**RUNNING.words, "es": "0" * 64})

    standing = await look_up(store, other)

    assert standing.other_words == ("es",)
    assert ENGLISH.other_words.format(languages="es") in standing.line(ENGLISH)
    assert not standing.seal(ENGLISH).sound
    assert (await look_up(store, RUNNING)).seal(ENGLISH).sound
    # With each intake it is said to who reads that language.
    assert standing.short(SPANISH, "es") == SPANISH.short_words
    assert standing.short(ENGLISH, "en") == ""


async def test_a_clinics_own_sign_off_holds_for_it_alone(store: SqliteStore) -> None:
    await store.sign_offs.add(text_of(ANA.model_copy(update={"clinic": "its id"})))

    assert (await look_up(store, RUNNING)).state is State.MISSING
    assert (await look_up(store, RUNNING, "another id")).state is State.MISSING
    own = await look_up(store, RUNNING, "its id")
    assert own.state is State.SIGNED
    assert "North Road Clinic" in own.seal(ENGLISH, "North Road Clinic").text


async def test_a_general_sign_off_holds_for_every_clinic(store: SqliteStore) -> None:
    await store.sign_offs.add(text_of(ANA))

    assert (await look_up(store, RUNNING, "its id")).state is State.SIGNED


async def test_what_was_revoked_does_not_hold_and_another_one_does(store: SqliteStore) -> None:
    eva = ANA.model_copy(update={"name": "Dr Eva Sol"})
    for entry in (ANA, eva, Revocation(date=ANA.date, number=2, reason="left")):
        await store.sign_offs.add(text_of(entry))

    assert (await look_up(store, RUNNING)).sign_off == ANA
    await store.sign_offs.add(text_of(Revocation(date=ANA.date, number=1, reason="left too")))
    assert (await look_up(store, RUNNING)).state is State.MISSING


async def test_a_store_that_cannot_be_read_is_not_a_signed_one(store: SqliteStore) -> None:
    await store.sign_offs.add(text_of(ANA))
    await store.close()

    standing = await look_up(store, RUNNING)

    assert standing.state is State.UNKNOWN
    assert "could not be looked up" in standing.line(ENGLISH)
    assert not standing.seal(ENGLISH).sound


@pytest.mark.parametrize(
    "entries",
    [
        (SignedEntry(1, text_of(ANA), sound=False),),
        (SignedEntry(1, "nonsense", sound=True),),
        (SignedEntry(1, '{"what":"signed"}', sound=True),),
    ],
)
def test_a_record_that_is_not_sound_counts_for_nothing(entries: tuple[SignedEntry, ...]) -> None:
    with pytest.raises(AlteredRecordError):
        read_record(entries)


async def test_readiness_tells_and_serves_on(store: SqliteStore) -> None:
    async def details() -> dict[str, object]:
        return (await look_up(store, RUNNING)).details()

    port = free_port()
    readiness = Readiness(store.healthy, lambda: 1e12, details)

    async with (
        serving(Listen("127.0.0.1", port), readiness.routes),
        aiohttp.ClientSession() as session,
    ):

        async def ask() -> tuple[int, dict[str, object]]:
            async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                return answer.status, await answer.json()

        before = await ask()
        await store.sign_offs.add(text_of(ANA))
        after = await ask()

    assert before[0] == 200
    assert before[1]["sign_off"] == "missing"
    assert before[1]["protocol"] == RUNNING.protocol
    assert (after[0], after[1]["sign_off"]) == (200, "signed")
    assert "Ana" not in str(after[1])
