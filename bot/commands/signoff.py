"""`signoff`: who signed the protocol off, entered and taken back by the operator."""

import argparse
import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.assembly import Knowledge, load_knowledge
from bot.settings import Settings, SettingsError, load_settings
from bot.signoff.record import (
    AlteredRecordError,
    Numbered,
    Revocation,
    SignOff,
    read_record,
    text_of,
)
from bot.signoff.standing import Running, State, look_up, running_of
from bot.store import Store, open_store
from bot.store.clinic_contract import StoredClinic
from content.book import SignOffWords, load_book_words
from flows.evidence import load_evidence
from flows.fingerprint import SHORT

T = TypeVar("T")


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "signoff",
        help="who signed the protocol off: add, list, show, revoke",
        description="Keeps the record of who signed the protocol off. An entry cannot be altered "
        "unnoticed by anybody without the DATA_KEY. It is the operator's word that the person "
        "named has signed: keep the signed page of the book.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    adding = actions.add_parser("add", help="enter a sign-off of the protocol that runs here")
    adding.add_argument("--name", required=True, help="who signed")
    adding.add_argument("--role", required=True, help="their role, for example 'Medical director'")
    adding.add_argument(
        "--hash",
        required=True,
        metavar="H",
        help=f"the fingerprint on the page that was signed, at least its first {SHORT} digits",
    )
    adding.add_argument("--date", metavar="YYYY-MM-DD", help="when they signed; today if left out")
    adding.add_argument("--clinic", metavar="SLUG", help="for this clinic alone; else for all")
    adding.add_argument(
        "--language",
        metavar="L",
        action="append",
        help="a language whose words were signed too; again for another; all if left out",
    )
    adding.set_defaults(carry_out=_add)
    listing = actions.add_parser("list", help="list all sign-offs, and how the running one stands")
    listing.set_defaults(carry_out=_list)
    showing = actions.add_parser("show", help="show one sign-off in full")
    showing.add_argument("number", type=int)
    showing.set_defaults(carry_out=_show)
    revoking = actions.add_parser("revoke", help="take a sign-off back; it stays in the record")
    revoking.add_argument("number", type=int)
    revoking.add_argument("--reason", required=True)
    revoking.set_defaults(carry_out=_revoke)


def _add(given: argparse.Namespace) -> int:
    settings, knowledge = load_settings(), load_knowledge()
    running = running_of(knowledge)
    digits = given.hash.replace(" ", "").lower()
    if len(digits) < SHORT or not running.protocol.startswith(digits):
        raise SettingsError(
            (
                (
                    f"--hash {given.hash} is not the protocol that runs here, "
                    f"{running.protocol}: nothing was entered."
                ),
            )
        )
    date = _date(given.date, dt.date.fromisoformat(load_evidence(knowledge.flow).dated))
    languages = given.language or list(running.words)
    for code in languages:
        if code not in running.words:
            raise SettingsError(
                (f"--language {code} is not spoken here; choose of: {', '.join(running.words)}.",)
            )

    async def work(store: Store) -> int:
        clinic = await _clinic(store, given.clinic)
        try:
            entry = SignOff(
                date=date,
                name=given.name.strip(),
                role=given.role.strip(),
                clinic=clinic.id if clinic else None,
                protocol=running.protocol,
                words={code: running.words[code] for code in languages},
            )
        except ValidationError as error:
            raise _bad(error) from None
        number = await store.sign_offs.add(text_of(entry))
        print(f"sign-off {number}: {_told(Numbered(number=number, sign_off=entry), running)}")
        return 0

    return _with_store(settings, work)


def _list(given: argparse.Namespace) -> int:
    settings, knowledge = load_settings(), load_knowledge()
    running = running_of(knowledge)

    async def work(store: Store) -> int:
        for one in await _record(store):
            print(f"{one.number}  {_told(one, running)}")
        standing = await look_up(store, running)
        print(standing.line(_words(settings, knowledge)))
        return 0 if standing.state is State.SIGNED else 1

    return _with_store(settings, work)


def _show(given: argparse.Namespace) -> int:
    settings, knowledge = load_settings(), load_knowledge()
    running = running_of(knowledge)

    async def work(store: Store) -> int:
        one = _numbered(await _record(store), given.number)
        signed = one.sign_off
        clinics = {clinic.id: clinic.slug for clinic in await store.clinics.clinics()}
        print(f"number    {one.number}")
        print(f"name      {signed.name}")
        print(f"role      {signed.role}")
        print(f"date      {signed.date}")
        clinic = clinics.get(signed.clinic, signed.clinic) if signed.clinic else "every clinic"
        print(f"clinic    {clinic}")
        runs = "runs here" if signed.protocol == running.protocol else "another one runs here"
        print(f"protocol  {signed.protocol} ({runs})")
        for code, words in signed.words.items():
            same = "spoken here" if running.words.get(code) == words else "others are spoken here"
            print(f"words {code}  {words} ({same})")
        if one.revoked is not None:
            print(f"revoked   {one.revoked.date}: {one.revoked.reason}")
        return 0

    return _with_store(settings, work)


def _revoke(given: argparse.Namespace) -> int:
    settings = load_settings()

    async def work(store: Store) -> int:
        one = _numbered(await _record(store), given.number)
        if one.revoked is not None:
            raise SettingsError((f"Sign-off {given.number} was revoked on {one.revoked.date}.",))
        try:
            entry = Revocation(date=_today(), number=one.number, reason=given.reason.strip())
        except ValidationError as error:
            raise _bad(error) from None
        await store.sign_offs.add(text_of(entry))
        print(f"sign-off {one.number} is revoked from today on")
        return 0

    return _with_store(settings, work)


def _with_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    async def run() -> T:
        store = open_store(settings)
        await store.open()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def _record(store: Store) -> tuple[Numbered, ...]:
    try:
        return read_record(await store.sign_offs.entries())
    except AlteredRecordError as error:
        raise SettingsError(
            (f"The record of sign-offs was altered ({error}): nothing in it counts.",)
        ) from None


async def _clinic(store: Store, slug: str | None) -> StoredClinic | None:
    if slug is None:
        return None
    for clinic in await store.clinics.clinics():
        if clinic.slug == slug and clinic.removed_at is None:
            return clinic
    raise SettingsError((f"There is no clinic {slug}.",))


def _numbered(record: tuple[Numbered, ...], number: int) -> Numbered:
    for one in record:
        if one.number == number:
            return one
    raise SettingsError((f"There is no sign-off {number}.",))


def _told(one: Numbered, running: Running) -> str:
    signed = one.sign_off
    notes = [] if signed.protocol == running.protocol else ["of another protocol"]
    notes += ["for one clinic"] if signed.clinic else []
    notes += [f"revoked on {one.revoked.date}"] if one.revoked else []
    told = f"{signed.date}  {signed.protocol[:SHORT]}  {signed.name}, {signed.role}"
    return f"{told}  ({'; '.join(notes)})" if notes else told


def _words(settings: Settings, knowledge: Knowledge) -> SignOffWords:
    code = settings.default_language
    flow = knowledge.flow
    code = code if code in knowledge.contents else "en"
    return load_book_words(code, flow, load_evidence(flow)).sign_off


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _date(text: str | None, rules_of: dt.date) -> dt.date:
    if text is None:
        return _today()
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise SettingsError((f"--date {text} is not a date like 2026-11-25.",)) from None
    if date > _today() + dt.timedelta(days=1):  # it is tomorrow already in the east
        raise SettingsError((f"--date {text} is still to come.",))
    if date < rules_of:
        raise SettingsError((f"--date {text} is before the date of these rules, {rules_of}.",))
    return date


def _bad(error: ValidationError) -> SettingsError:
    first = error.errors(include_url=False, include_input=False)[0]
    return SettingsError((f"--{first['loc'][-1]}: {first['msg']}.",))
