"""The commands of an operator: clinics and what they were sent."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import logging
import re
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from bot.commands.line import main
from bot.intake.intake import Intake
from bot.intake.reference import read_reference
from tests.commands.running import Place, Ran
from tests.telegram_stand_in import StandIn

ADD = ("clinic", "add", "Riverside Physiotherapy", "--country", "GB", "--language", "en")
RIVERSIDE = "riverside-physiotherapy"


def here(place: Place, *words: str) -> Ran:
    """The same in this process, which is quicker: for what is refused in one line."""
    out, error = io.StringIO(), io.StringIO()
    logs = logging.root.handlers[:], logging.root.level
    with chdir(place.folder), redirect_stdout(out), redirect_stderr(error):
        try:
            status = main(words)
        except SystemExit as end:
            status = int(str(end.code))
    logging.root.handlers[:], logging.root.level = logs
    return Ran(status, out.getvalue(), error.getvalue())


def added(place: Place, *more: str) -> str:
    ran = place.run(*ADD, *more)
    assert (ran.status, ran.error) == (0, "")
    return ran.out


def shown(place: Place, slug: str = RIVERSIDE) -> str:
    ran = place.run("clinic", "show", slug)
    assert (ran.status, ran.error) == (0, "")
    return ran.out


def sent(place: Place, name: str = "Ada Lovelace", goal: str = "to dance") -> str:
    """A patient comes from the clinic's link, in the terminal, and sends it an emergency."""
    ran = place.run(
        "chat",
        "--clinic",
        RIVERSIDE,
        typed=f"agree\n2\n1\n2\nLet Riverside Physiotherapy know\n{name}\nskip\nyes\n",
    )
    found = re.search(r"Your number is (PL-\w{4}-\w{4})", ran.out)
    assert found is not None, ran.out
    return found[1]


# Clinics.


def test_from_nothing_to_a_clinic(place: Place) -> None:
    out = added(place, "--phone", "01632 960123", "--hours", "Mon to Fri")
    assert "Commands know it as: riverside-physiotherapy" in out
    assert re.search(r"Code of its link: [a-z2-9]{10}\n", out)
    assert "set TELEGRAM_BOT_TOKEN" in out
    assert (
        "riverside-physiotherapy  Riverside Physiotherapy  GB en  no channel yet"
        in place.run("clinic", "list").out
    )
    told = shown(place)
    assert re.search(r"\n⚠ The protocol that runs here \(.{14}\) is NOT signed off", told)
    assert "Phone: +441632960123" in told
    assert "Time zone: Europe/London" in told
    assert re.search(r"/link [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", told)


async def test_with_a_token_its_link_and_qr_code_are_made(place: Place) -> None:
    async with StandIn() as telegram:
        place.set = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE_URL": telegram.url}
        ran = await asyncio.to_thread(lambda: place.run(*ADD, "--out", "print"))
    assert (ran.status, ran.error) == (0, "")
    link = re.search(r"Link: (https://t\.me/\w+\?start=[a-z2-9]{10})\n", ran.out)
    assert link is not None
    assert telegram.world.bot.username in link[1]
    folder = place.folder / "print"
    assert (folder / "riverside-physiotherapy.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (folder / "riverside-physiotherapy.svg").read_bytes()
    assert (folder / "riverside-physiotherapy-poster.pdf").read_bytes().startswith(b"%PDF")


async def test_a_poster_is_written_into_a_folder_that_is_not_there_yet(place: Place) -> None:
    added(place)
    async with StandIn() as telegram:
        place.set = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE_URL": telegram.url}
        made = ("clinic", "poster", RIVERSIDE, "--out", "to/print")
        ran = await asyncio.to_thread(lambda: place.run(*made))
    assert (ran.status, ran.error) == (0, "")
    assert ran.out == "Poster to print, A4: to/print/riverside-physiotherapy-poster.pdf\n"
    poster = place.folder / "to" / "print" / "riverside-physiotherapy-poster.pdf"
    assert poster.read_bytes().startswith(b"%PDF")


async def test_a_folder_that_cannot_be_written_loses_no_clinic(place: Place) -> None:
    (place.folder / "print").write_text("not a folder")
    async with StandIn() as telegram:
        place.set = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE_URL": telegram.url}
        ran = await asyncio.to_thread(lambda: place.run(*ADD, "--out", "print"))
    assert (ran.status, ran.error) == (1, "")
    assert "Link: https://t.me/" in ran.out
    assert "Its QR code cannot be written to print (File exists)" in ran.out
    place.set = {}
    assert "riverside-physiotherapy" in place.run("clinic", "list").out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--country", "UK", "--language", "en"), "--country must be GB"),
        (("--country", "XX", "--language", "en"), "two-letter code of a country"),
        (("--country", "US", "--language", "en"), "--time-zone is needed, because US has several"),
        (("--country", "GB", "--language", "tlh"), "--language must be one of: en, es"),
        (("--country", "GB", "--language", "en", "--time-zone", "Mars"), "--time-zone must be"),
        (("--country", "GB", "--language", "en", "--phone", "12"), "is not a phone number of GB"),
        (("--country", "GB", "--language", "en", "--slug", "A b"), "--slug must be small letters"),
        (("--country", "GB", "--language", "en", "--booking-url", "http://x.example"), "https://"),
        (("--country", "GB", "--language", "en", "--booking-url", "https://x y"), "https://"),
        (("--country", "GB", "--language", "en", "--webhook-url", "ftp://x.example"), "https://"),
        (("--country", "GB", "--language", "en", "--hours", "x" * 201), "201 characters long"),
        (("--country", "GB"), "--language is needed"),
        (("--language", "en"), "--country is needed"),
    ],
)
def test_bad_input_is_one_line_and_adds_nothing(
    place: Place, words: tuple[str, ...], why: str
) -> None:
    ran = here(place, "clinic", "add", "Riverside", *words)
    assert ran.status == 2
    assert why in ran.line
    assert "No clinics yet" in here(place, "clinic", "list").out


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is empty"),
        ("عيادة " * 34, "characters long; at most 80"),
        ("12345", "needs a letter"),
        ("River\u202eside", "cannot be shown"),
        ("{clinic}", "cannot be shown"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(place: Place, name: str, why: str) -> None:
    ran = here(place, "clinic", "add", name, "--country", "GB", "--language", "en")
    assert ran.status == 2
    assert why in ran.line


def test_a_name_in_another_script_is_used_as_it_is(place: Place) -> None:
    name = "عيادة النيل للعلاج الطبيعي"
    out = place.run("clinic", "add", name, "--country", "EG", "--language", "en").out
    slug = re.search(r"know it as: (clinic-\w+)", out)
    assert slug is not None
    assert name in shown(place, slug[1])


def test_a_second_clinic_of_one_name_gets_another_short_name(place: Place) -> None:
    added(place)
    assert "know it as: riverside-physiotherapy-2" in added(place)
    assert "choose another short name" in place.run(*ADD, "--slug", RIVERSIDE).line


def test_a_clinic_is_changed_and_removed(place: Place) -> None:
    added(place, "--phone", "01632 960123")
    place.run(
        "clinic", "edit", RIVERSIDE, "--phone", "", "--name", "River Physio", "--hours", "8-18"
    )
    told = shown(place)
    assert "River Physio" in told
    assert "Phone: none" in told
    assert "Hours: 8-18" in told
    assert place.run("clinic", "edit", RIVERSIDE).status == 2
    assert place.run("clinic", "edit", RIVERSIDE, "--name", "").status == 2
    assert "say --yes" in place.run("clinic", "remove", RIVERSIDE).line
    assert place.run("clinic", "remove", RIVERSIDE, "--yes").status == 0
    assert "there is no clinic of this short name" in place.run("clinic", "show", RIVERSIDE).line
    assert "removed" in place.run("clinic", "list", "--removed").out


def test_keys_and_links_are_renewed(place: Place) -> None:
    added(place, "--webhook-url", "https://riverside.example/hook")
    first = re.search("Code of its link: (.+)", shown(place))
    rotated = place.run("clinic", "key", "rotate", RIVERSIDE).out
    assert re.search(r"Signing key of its webhook: whsec_[A-Za-z0-9+/=]{44}\n", rotated)
    link = place.run("clinic", "key", "rotate", RIVERSIDE, "--link").out
    second = re.search("Code of its link: (.+)", link)
    assert first is not None
    assert second is not None
    assert first[1] != second[1]
    ran = place.run("chat", "--clinic", first[1])
    assert "That link is no longer in use." in ran.out
    ran = place.run("chat", "--clinic", second[1])
    assert "You came here from Riverside Physiotherapy." in ran.out


def test_without_a_webhook_there_is_no_key(place: Place) -> None:
    added(place)
    assert "has no webhook, and so no key" in place.run("clinic", "key", "rotate", RIVERSIDE).line


def test_the_token_of_a_fhir_server_is_read_from_a_file_and_never_shown(place: Place) -> None:
    (place.folder / "token").write_text("sesame-sesame\n")
    out = added(place, "--fhir-url", "https://fhir.example/r4", "--fhir-token-file", "token")
    assert "sesame" not in out + shown(place)
    raw = b"".join(path.read_bytes() for path in (place.folder / "data").iterdir())
    assert b"sesame" not in raw
    ran = place.run("clinic", "edit", RIVERSIDE, "--fhir-token-file", "nowhere")
    assert ran.status == 2
    assert "Traceback" not in ran.error


# Intakes.


def test_an_intake_is_listed_shown_exported_and_forgotten(place: Place) -> None:
    added(place, "--webhook-url", "https://riverside.example/hook")
    reference = sent(place)
    assert read_reference(reference) == reference

    listed = place.run("intake", "list").out
    assert f"{reference}  " in listed
    assert "riverside-physiotherapy  emergency  open  1 queued" in listed
    (line,) = place.run("intake", "list", "--json").out.splitlines()
    assert json.loads(line)["deliveries"] == {"queued": 1}

    told = place.run("intake", "show", reference.lower().replace("-", " ")).out
    assert "From: Ada Lovelace" in told
    assert "EMERGENCY (emergency)" in told
    assert "sent  by patient" in told
    assert "opened  by operator" in told

    (body,) = json.loads(place.run("intake", "export").out)
    assert Intake.from_json(body).reference == reference
    assert place.run("intake", "forget", reference).status == 0
    assert "is gone already" in place.run("intake", "forget", reference).line
    assert "its content is gone" in place.run("intake", "show", reference).out
    assert "is gone" in place.run("intake", "export", reference).line
    assert json.loads(place.run("intake", "export").out) == []


def test_an_export_runs_no_formula(place: Place) -> None:
    added(place)
    sent(place, name='=HYPERLINK("http://evil.example";"a")')
    ran = place.run("intake", "export", "--format", "csv", "--out", "intakes.csv")
    path = place.folder / "intakes.csv"
    assert "Written: intakes.csv" in ran.out
    assert path.stat().st_mode & 0o077 == 0
    head, row = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert dict(zip(head, row, strict=True))["name"] == '\'=HYPERLINK("http://evil.example";"a")'
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "nonsense"), "this is not a reference"),
        (("show", "PL-7K3M-9QXT"), "this is not a reference"),  # its check sign is wrong
        (("show", "PL-7K3M-9QXH"), "there is no intake PL-7K3M-9QXH"),
        (("export", "PL-7K3M-9QXH"), "there is no intake"),
        (("forget", "PL-7K3M-9QXH"), "there is no intake"),
        (("list", "--clinic", "nowhere"), "there is no clinic of this short name"),
        (("list", "--since", "yesterday"), "must be a date such as"),
        (("list", "--most", "0"), "must be a number"),
        (("export", "--format", "xml"), "invalid choice"),
    ],
)
def test_bad_use_of_intake_is_one_line(place: Place, words: tuple[str, ...], why: str) -> None:
    ran = here(place, "intake", *words)
    assert ran.status == 2
    assert why in ran.line


def test_only_the_intakes_asked_for(place: Place, tmp_path: Path) -> None:
    added(place)
    first = sent(place)
    assert first in place.run("intake", "list", "--clinic", RIVERSIDE).out
    assert first not in place.run("intake", "list", "--since", "2999-01-01").out
    assert first not in place.run("intake", "list", "--failed").out
