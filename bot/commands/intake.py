"""`intake`: what patients sent to clinics."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.clinic.clinics import Clinic
from bot.clinic.desk import OPERATOR, Desk
from bot.clinic.fields import ClinicError
from bot.clinic.intakes import intake_in
from bot.commands.opened import opened
from bot.intake.forms import FORMS
from bot.intake.reference import read_reference
from bot.intake.summary import summary
from bot.logs import set_up_logs
from bot.settings import load_settings
from bot.store import Store
from bot.store.clinic_contract import Entry, State, StoredIntake
from content.loader import languages

MOST = 1_000_000
"""Intakes that are exported at once."""

Doing = Callable[[argparse.Namespace, Store, Desk], Awaitable[int]]


def add(commands: Any) -> None:
    """Describe the command and those below it."""
    parser = commands.add_parser(
        "intake",
        help="what patients sent to clinics",
        description="Intakes: what patients sent to clinics, and what became of each.",
    )
    below = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    listing = below.add_parser("list", help="the latest first, with what became of each")
    _which(listing)
    listing.add_argument("--failed", action="store_true", help="only those not delivered")
    listing.add_argument("--most", metavar="N", type=_number, default=100, help="at most so many")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    listing.set_defaults(doing=_list)

    showing = below.add_parser("show", help="one intake: all that is in it, and its history")
    showing.add_argument("reference", metavar="REFERENCE", help="such as PL-7K3M-9QXH")
    showing.set_defaults(doing=_show)

    exporting = below.add_parser("export", help="intakes as a file")
    exporting.add_argument(
        "reference", metavar="REFERENCE", nargs="*", help="those to export; none: all there are"
    )
    exporting.add_argument(
        "--format", choices=sorted(FORMS), default="json", help="the form (default: json)"
    )
    exporting.add_argument("--out", metavar="FILE", help="write it there, and not to the screen")
    _which(exporting)
    exporting.set_defaults(doing=_export)

    forgetting = below.add_parser(
        "forget", help="delete the content of an intake here, and tell where it went"
    )
    forgetting.add_argument("reference", metavar="REFERENCE")
    forgetting.set_defaults(doing=_forget)

    for one in (listing, showing, exporting, forgetting):
        one.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Do what was asked for, on the database of the settings."""
    set_up_logs("ERROR")
    return asyncio.run(_carry_out(given))


async def _carry_out(given: argparse.Namespace) -> int:
    doing: Doing = given.doing
    async with opened(load_settings()) as store:
        return await doing(given, store, Desk(store.clinics, languages()))


async def _list(given: argparse.Namespace, store: Store, desk: Desk) -> int:
    names = {str(one.id): one.slug for one in await desk.all(removed=True)}
    chosen = await _chosen(given, store, desk, given.most)
    if given.failed:
        chosen = [one for one in chosen if _states(one)["failed"]]
    for stored in chosen:
        intake = intake_in(stored)
        states = _states(stored)
        told = {
            "reference": stored.reference,
            "clinic": names.get(stored.clinic, stored.clinic),
            "created_at": _time(stored.created_at),
            "kind": intake.kind if intake else None,
            "urgency": intake.urgency if intake else None,
            "gone_at": _time(stored.gone_at),
            "handled_at": _time(stored.handling.at) if stored.handling else None,
            "deliveries": {name: states[name] for name in states if states[name]},
        }
        print(json.dumps(told) if given.json else _line(told))
    if not chosen and not given.json:
        print("No intakes of this kind.")
    return 0


async def _show(given: argparse.Namespace, store: Store, desk: Desk) -> int:
    stored = await _found(store, given.reference)
    intake = intake_in(stored)
    await store.clinics.note(Entry("opened", OPERATOR, stored.clinic, stored.id))
    print(summary(intake) if intake else f"{stored.reference}: its content is gone.\n", end="")
    print()
    for one in stored.deliveries:
        error = f", {one.last_error}" if one.last_error else ""
        print(f"{one.channel} {one.task}: {one.state}, {one.attempts} attempts{error}")
    for entry in reversed(await store.clinics.trail(intake=stored.id)):
        print(f"{_time(entry.at)}  {entry.what}  by {entry.who}")
    return 0


async def _export(given: argparse.Namespace, store: Store, desk: Desk) -> int:
    form = FORMS[given.format]
    if given.reference:
        stored = [await _found(store, one) for one in given.reference]
        gone = [one.reference for one in stored if one.body is None]
        if gone:
            raise ClinicError(f"the content of {gone[0]} is gone: there is nothing to export")
    else:
        stored = list(reversed(await _chosen(given, store, desk, MOST)))
    found = [(one, intake) for one in stored if (intake := intake_in(one)) is not None]
    if form.one and len(found) != 1:
        raise ClinicError(f"--format {given.format} takes exactly one reference")
    try:
        content = form.write([intake for _, intake in found])
    except ValueError as error:
        raise ClinicError(str(error)) from None
    # Before it leaves: what was exported is on record even if the screen breaks.
    for one, _ in found:
        await store.clinics.note(Entry(f"exported {given.format}", OPERATOR, one.clinic, one.id))
    _write(content, given.out)
    return 0


async def _forget(given: argparse.Namespace, store: Store, desk: Desk) -> int:
    stored = await _found(store, given.reference)
    if not await store.clinics.forget_intake(stored.id, OPERATOR):
        raise ClinicError(f"the content of {stored.reference} is gone already")
    print(f"{stored.reference} is forgotten here. Where it went, its withdrawal is sent.")
    return 0


async def _chosen(
    given: argparse.Namespace, store: Store, desk: Desk, most: int
) -> list[StoredIntake]:
    clinic: Clinic | None = await desk.get(given.clinic) if given.clinic else None
    since = datetime(given.since.year, given.since.month, given.since.day, tzinfo=UTC)
    return await store.clinics.intakes(
        clinic=str(clinic.id) if clinic else None, since=since.timestamp(), most=most
    )


async def _found(store: Store, text: str) -> StoredIntake:
    reference = read_reference(text)
    if reference is None:
        raise ClinicError("this is not a reference: they look like PL-7K3M-9QXH; look at each sign")
    stored = await store.clinics.intake(reference)
    if stored is None:
        raise ClinicError(f"there is no intake {reference}")
    return stored


def _states(stored: StoredIntake) -> dict[str, int]:
    return {state.value: sum(one.state is state for one in stored.deliveries) for state in State}


def _line(told: dict[str, Any]) -> str:
    became = ", ".join(f"{number} {state}" for state, number in told["deliveries"].items())
    state = "gone" if told["gone_at"] else "handled" if told["handled_at"] else "open"
    return (
        f"{told['reference']}  {told['created_at']}  {told['clinic']}  "
        f"{told['urgency'] or told['kind'] or '-'}  {state}  {became or 'kept here only'}"
    )


def _time(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(content: bytes, out: str | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    path = Path(out)
    # Readable by nobody else: it holds what patients said.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    print(f"Written: {path}")


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clinic", metavar="SLUG", help="only of this clinic")
    parser.add_argument(
        "--since", metavar="DATE", type=_date, default=date(1970, 1, 2), help="such as 2026-11-30"
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a date such as 2026-11-30") from None


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {MOST}")
    return int(text)
