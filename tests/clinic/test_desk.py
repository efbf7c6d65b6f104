"""What an operator does with clinics, on a clock that is set by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clinic.desk import Desk
from bot.clinic.fields import ClinicError, read_url, slug_of
from bot.clinic.link import link_of, qr_png, qr_svg
from bot.clinic.places import zones_by_country
from bot.store.sqlite import SqliteStore
from tests.clinic.making import RIVERSIDE

SAID = {"name": "Riverside", "country": "GB", "language": "en", "webhook_url": "https://r.example/"}


class Clock:
    now = datetime(2026, 11, 25, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desk(tmp_path: Path, clock: Clock) -> AsyncIterator[Desk]:
    store = SqliteStore(tmp_path / "plumbline.db")
    await store.open()
    yield Desk(store.clinics, ("en", "es"), clock)
    await store.close()


async def test_a_replaced_key_signs_for_a_day_beside_the_new_one(desk: Desk, clock: Clock) -> None:
    old = (await desk.add(SAID)).webhook_secrets(clock.now)
    both = await desk.rotate_key("riverside")
    assert both.webhook_secrets(clock.now)[1:] == old
    clock.now += timedelta(hours=23)
    assert len(both.webhook_secrets(clock.now)) == 2
    clock.now += timedelta(hours=1)
    assert both.webhook_secrets(clock.now) == both.webhook_secrets(clock.now)[:1] != old
    third = await desk.rotate_key("riverside")
    assert len(third.webhook_keys) == 2  # the first one is forgotten


async def test_an_old_link_works_as_long_as_it_is_kept(desk: Desk, clock: Clock) -> None:
    first = await desk.add(SAID)
    second = await desk.rotate_link("riverside", timedelta(days=30))
    assert second.code != first.code
    assert [one.works(clock.now) for one in second.codes] == [True, True]
    clock.now += timedelta(days=30)
    assert [one.works(clock.now) for one in second.codes] == [True, False]
    third = await desk.rotate_link("riverside")
    assert [one.works(clock.now) for one in third.codes] == [True, False, False]


async def test_without_its_webhook_a_clinic_has_no_key(desk: Desk) -> None:
    assert (await desk.add(SAID)).webhook_keys
    edited = await desk.edit("riverside", {"webhook_url": ""})
    assert (edited.webhook_url, edited.webhook_keys, edited.channels) == (None, (), ())


async def test_the_country_can_be_changed_with_its_phone(desk: Desk) -> None:
    await desk.add(SAID)
    edited = await desk.edit("riverside", {"country": "ES", "phone": "612 34 56 78"})
    assert (edited.country, edited.phone) == ("ES", "+34612345678")
    with pytest.raises(ClinicError, match="not a phone number of ES"):
        await desk.edit("riverside", {"phone": "1"})
    assert (await desk.get("riverside")).phone == "+34612345678"


async def test_the_staff_stay_when_a_clinic_is_edited(desk: Desk) -> None:
    clinic = await desk.add(SAID)
    code = await desk.store.new_staff_code(str(clinic.id))
    await desk.store.link_staff(code, "telegram:1:-5", "nurse")
    assert (await desk.edit("riverside", {"name": "River"})).staff == "telegram:1:-5"


async def test_what_is_done_is_on_record(desk: Desk) -> None:
    await desk.add(SAID)
    await desk.edit("riverside", {"hours": "8-18"})
    await desk.rotate_key("riverside")
    await desk.rotate_link("riverside")
    await desk.remove("riverside")
    trail = await desk.store.trail()
    assert [(one.what, one.who) for one in reversed(trail)] == [
        ("clinic added", "operator"),
        ("clinic edited", "operator"),
        ("key rotated", "operator"),
        ("link rotated", "operator"),
        ("clinic removed", "operator"),
    ]


def test_slugs_of_names() -> None:
    assert slug_of("Riverside Physio & Co. (London)") == "riverside-physio-co-london"
    assert slug_of("Clínica Córdoba") == "clinica-cordoba"
    assert slug_of("x" * 80) == "x" * 40
    assert slug_of("عيادة النيل").startswith("clinic-")
    assert slug_of("24/7").startswith("clinic-")


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example",
        "https://",
        "https://x",
        "https://user:pw@x.example",
        "https://x.example:0",
        "https://x.example:99999",
        "https://x.example/a b",
        "https://x.example/\n",
        "javascript:alert(1)",
        "https://exa\u202emple.com",
        "https://[::1",
        "https://x.example/" + "a" * 500,
    ],
)
def test_what_is_no_public_address_is_refused(url: str) -> None:
    with pytest.raises(ClinicError, match="https://"):
        read_url(url, "--booking-url")


def test_every_country_has_its_time_zones() -> None:
    zones = zones_by_country()
    assert zones["GB"] == ("Europe/London",)
    assert len(zones["US"]) > 5
    assert len(zones) > 240


def test_a_link_and_its_qr_code() -> None:
    link = link_of("PlumblineBot", RIVERSIDE)
    assert link == "https://t.me/PlumblineBot?start=riverside22"
    assert qr_png(link).startswith(b"\x89PNG\r\n")
    assert qr_svg(link).startswith(b"<?xml")
    assert qr_png(link) != qr_png(link_of("PlumblineBot2", RIVERSIDE))
