"""`clinic`: clinics, their links, their staff and their keys."""

import argparse
import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.assembly import load_knowledge
from bot.clinic.clinics import Clinic
from bot.clinic.desk import Desk
from bot.clinic.fields import ClinicError
from bot.clinic.link import link_of, write_qr
from bot.clinic.poster import clinic_poster
from bot.commands.opened import opened
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from bot.signoff.lines import SignOffLines
from bot.signoff.standing import running_of
from bot.store import Store
from bot.store.clinic_contract import Channel, State, StoredIntake
from content.loader import languages

FIELDS = (
    ("country", "CC", "its country, two letters such as GB: gives the emergency number"),
    ("language", "L", "the language its patients are met in, such as en"),
    ("time-zone", "ZONE", "such as Europe/London; needed where its country has several"),
    ("phone", "NUMBER", "shown to its patients"),
    ("hours", "TEXT", "when it is open, shown to its patients"),
    ("booking-url", "URL", "a button below the result opens it"),
    ("webhook-url", "URL", "where intakes are sent as signed JSON"),
    ("fhir-url", "URL", "the base of a FHIR R4 server where intakes are sent"),
)
_DAYS_MAX = 3650

Doing = Callable[[argparse.Namespace, Settings, Store, Desk], Awaitable[int]]


def add(commands: Any) -> None:
    """Describe the command and those below it."""
    parser = commands.add_parser(
        "clinic",
        help="clinics, their links, their staff and their keys",
        description="Clinics that point their patients here: each has a link with a QR code.",
    )
    below = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    adding = below.add_parser("add", help="add a clinic; prints its link, writes its QR code")
    adding.add_argument("name", metavar="NAME", help="as patients know it")
    _fields(adding)
    _output(adding)
    adding.set_defaults(doing=_add)

    listing = below.add_parser("list", help="the clinics there are")
    listing.add_argument("--removed", action="store_true", help="the removed ones as well")
    listing.set_defaults(doing=_list)

    showing = below.add_parser(
        "show", help="one clinic: its link, a code for its staff group, what waits for it"
    )
    _slug(showing)
    showing.set_defaults(doing=_show)

    editing = below.add_parser("edit", help='change a clinic; "" takes away what can be left out')
    _slug(editing)
    editing.add_argument("--name", metavar="NAME", help="as patients know it")
    _fields(editing)
    editing.set_defaults(doing=_edit)

    removing = below.add_parser("remove", help="remove a clinic: nothing goes to it any more")
    _slug(removing)
    removing.add_argument("--yes", action="store_true", help="yes, remove it")
    removing.set_defaults(doing=_remove)

    qr = below.add_parser("qr", help="write the QR code of its link, as PNG and SVG")
    _slug(qr)
    _output(qr)
    qr.set_defaults(doing=_qr)

    poster = below.add_parser("poster", help="write a poster to print, A4, with the QR code")
    _slug(poster)
    _output(poster)
    poster.set_defaults(doing=_poster)

    key = below.add_parser("key", help="keys of a clinic")
    keys = key.add_subparsers(title="commands", metavar="COMMAND", required=True)
    rotate = keys.add_parser(
        "rotate",
        help="a new signing key for its webhook, or a new link",
        description="A new signing key; the one before it signs beside it for a day. With --link a "
        "new link instead, and a new QR code: posters with the old one stop working.",
    )
    _slug(rotate)
    rotate.add_argument("--link", action="store_true", help="a new link instead")
    rotate.add_argument(
        "--keep-days", metavar="N", type=_days, default=0, help="the old link works so much longer"
    )
    rotate.set_defaults(doing=_rotate)

    for one in (adding, listing, showing, editing, removing, qr, poster, rotate):
        one.set_defaults(carry_out=carry_out)


def carry_out(given: argparse.Namespace) -> int:
    """Do what was asked for, on the database of the settings."""
    set_up_logs("ERROR")
    return asyncio.run(_carry_out(given, load_settings()))


async def _carry_out(given: argparse.Namespace, settings: Settings) -> int:
    doing: Doing = given.doing
    async with opened(settings) as store:
        return await doing(given, settings, store, Desk(store.clinics, languages()))


async def _add(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    clinic = await desk.add({"name": given.name, **_said(given)})
    print(f"{clinic.name} is added. Commands know it as: {clinic.slug}")
    link = await _say_link(settings, clinic)
    written = link is None or _write_all(link, clinic, given)
    if clinic.webhook_keys:
        print(f"Signing key of its webhook: {clinic.webhook_keys[0].secret}")
    print(f"Next, let its staff group have intakes: plumbline clinic show {clinic.slug}")
    return 0 if written else 1


async def _list(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    clinics = await desk.all(removed=given.removed)
    if not clinics:
        print('No clinics yet. Add one: plumbline clinic add "NAME" --country CC --language L')
    failed = [one.clinic for one in await store.clinics.deliveries((State.FAILED,))]
    for clinic in clinics:
        channels = [*(["group"] if clinic.staff else []), *clinic.channels]
        told = ", ".join(channels) or "no channel yet"
        state = "removed" if clinic.removed_at else told
        lost = failed.count(str(clinic.id))
        more = f"  {lost} FAILED" if lost else ""
        print(f"{clinic.slug}  {clinic.name}  {clinic.country} {clinic.language}  {state}{more}")
    return 0


async def _show(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    clinic = await desk.get(given.clinic)
    print(f"{clinic.name} ({clinic.slug})")
    for name, value in (
        ("Country", clinic.country),
        ("Language", clinic.language),
        ("Time zone", clinic.time_zone),
        ("Phone", clinic.phone),
        ("Hours", clinic.hours),
        ("Booking", clinic.booking_url),
        ("Webhook", clinic.webhook_url),
        ("FHIR server", clinic.fhir_url),
        ("Staff group", "linked" if clinic.staff else "not linked"),
    ):
        print(f"  {name}: {value or 'none'}")
    knowledge = load_knowledge()
    sign_offs = SignOffLines(store, knowledge, running_of(knowledge), settings.default_language)
    print((await sign_offs.of(clinic)).line)
    await _say_link(settings, clinic)
    code = await store.clinics.new_staff_code(str(clinic.id))
    print(f"To link its staff group, send there within 24 hours: /link {code}")
    await _say_deliveries(store, clinic)
    return 0


async def _edit(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    said = _said(given)
    if given.name is not None:
        said["name"] = given.name
    if not said:
        raise ClinicError("say what to change, for example --phone")
    before = await desk.get(given.clinic)
    clinic = await desk.edit(given.clinic, said)
    print(f"{clinic.name} is changed.")
    if clinic.webhook_keys and clinic.webhook_keys != before.webhook_keys:
        print(f"Signing key of its webhook: {clinic.webhook_keys[0].secret}")
    return 0


async def _remove(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    clinic = await desk.get(given.clinic)
    if not given.yes:
        raise ClinicError(
            f"this removes {clinic.name}: its link stops working, and what waits for it is not "
            "sent; say --yes if you mean it"
        )
    await desk.remove(given.clinic)
    print(f"{clinic.name} is removed. What it was sent stays listed until it is too old.")
    return 0


async def _qr(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    clinic = await desk.get(given.clinic)
    _write_qr(await _needed_link(settings, clinic), clinic, given)
    return 0


async def _poster(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    clinic = await desk.get(given.clinic)
    _write_poster(await _needed_link(settings, clinic), clinic, given)
    return 0


async def _rotate(given: argparse.Namespace, settings: Settings, store: Store, desk: Desk) -> int:
    if given.keep_days and not given.link:
        raise ClinicError("--keep-days is for --link")
    if given.link:
        clinic = await desk.rotate_link(given.clinic, timedelta(days=given.keep_days))
        await _say_link(settings, clinic)
        print(f"Write its QR code anew: plumbline clinic qr {clinic.slug}")
        return 0
    clinic = await desk.rotate_key(given.clinic)
    print(f"Signing key of its webhook: {clinic.webhook_keys[0].secret}")
    print("The one before it signs as well for 24 hours: put in the new one by then.")
    return 0


async def _say_link(settings: Settings, clinic: Clinic) -> str | None:
    """Print its link; None, and how to come by it, where the bot's name is not known."""
    name = await _bot_name(settings)
    if name is None:
        print(f"Code of its link: {clinic.code}")
        print(_no_name(settings))
        return None
    link = link_of(name, clinic)
    print(f"Link: {link}")
    return link


async def _needed_link(settings: Settings, clinic: Clinic) -> str:
    name = await _bot_name(settings)
    if name is None:
        raise ClinicError(_no_name(settings))
    return link_of(name, clinic)


def _no_name(settings: Settings) -> str:
    if settings.telegram_bot_token is None:
        return (
            "The link needs the bot's name: set TELEGRAM_BOT_TOKEN. It is then "
            "https://t.me/BOT?start=CODE"
        )
    return "The link needs the bot's name, which Telegram did not tell: try again when it answers"


async def _bot_name(settings: Settings) -> str | None:
    if settings.telegram_bot_token is None:
        return None
    # Only here, because the library takes long to load.
    from bot.telegram.username import bot_username  # noqa: PLC0415

    return await bot_username(settings)


async def _say_deliveries(store: Store, clinic: Clinic) -> None:
    intakes = await store.clinics.intakes(clinic=str(clinic.id))
    open_ = sum(one.handling is None and one.body is not None for one in intakes)
    print(f"Intakes: {len(intakes)}, of them not handled: {open_}")
    for intake in intakes:
        for line in _troubles(intake):
            print(line)


def _troubles(intake: StoredIntake) -> list[str]:
    return [
        f"  {one.reference} to its {_CHANNELS[one.channel]}: {one.state} after {one.attempts} "
        f"attempts, {one.last_error}"
        for one in intake.deliveries
        if one.state is State.FAILED or (one.state is State.QUEUED and one.last_error)
    ]


_CHANNELS = {
    Channel.GROUP: "staff group",
    Channel.WEBHOOK: "webhook",
    Channel.FHIR: "FHIR server",
}


def _write_all(link: str, clinic: Clinic, given: argparse.Namespace) -> bool:
    """Write QR code and poster; whether that could be done: the clinic is added in any case."""
    try:
        _write_qr(link, clinic, given)
        _write_poster(link, clinic, given)
    except OSError as error:
        print(
            f"Its QR code cannot be written to {given.out} ({error.strerror}); write it elsewhere: "
            f"plumbline clinic qr {clinic.slug} --out FOLDER"
        )
        return False
    return True


def _write_qr(link: str, clinic: Clinic, given: argparse.Namespace) -> None:
    for path in write_qr(link, given.out, clinic.slug):
        print(f"QR code: {path}")


def _write_poster(link: str, clinic: Clinic, given: argparse.Namespace) -> None:
    folder: Path = given.out
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{clinic.slug}-poster.pdf"
    path.write_bytes(clinic_poster(clinic, link))
    print(f"Poster to print, A4: {path}")


def _said(given: argparse.Namespace) -> dict[str, str]:
    said = {name.replace("-", "_"): getattr(given, name.replace("-", "_")) for name, _, _ in FIELDS}
    said["slug"] = given.slug
    said["fhir_token"] = _token_in(given.fhir_token_file)
    return {name: text for name, text in said.items() if text is not None}


def _token_in(path: str | None) -> str | None:
    """A secret is read from a file: what stands on a command line is seen by others."""
    if path is None:
        return None
    if path == "":
        return ""
    text = (
        Path(path).read_text(encoding="utf-8").strip() if path != "-" else sys.stdin.read().strip()
    )
    if not re.fullmatch(r"[\x21-\x7e]{1,4000}", text):
        raise ClinicError("--fhir-token-file must hold a token on one line")
    return text


def _fields(parser: argparse.ArgumentParser) -> None:
    for name, metavar, help_ in FIELDS:
        parser.add_argument(f"--{name}", metavar=metavar, help=help_)
    parser.add_argument("--slug", metavar="SLUG", help="its short name in commands")
    parser.add_argument(
        "--fhir-token-file", metavar="FILE", help="where the FHIR server's token stands; - reads it"
    )


def _slug(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("clinic", metavar="SLUG", help="the clinic's short name")


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", metavar="FOLDER", type=Path, default=Path(), help="where files are written"
    )


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > _DAYS_MAX:
        raise argparse.ArgumentTypeError(f"must be a number of days up to {_DAYS_MAX}")
    return int(text)
