"""What an operator does with clinics: added, changed, removed, their links and keys renewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.clinic.clinics import Clinic, LinkCode, WebhookKey
from bot.clinic.fields import (
    ClinicError,
    new_code,
    new_webhook_secret,
    read_clinic_phone,
    read_country,
    read_hours,
    read_language,
    read_name,
    read_receiver_url,
    read_slug,
    read_time_zone,
    read_url,
    slug_of,
)
from bot.store.clinic_contract import ClinicGoneError, ClinicStore, Entry, SlugTakenError

OPERATOR = "operator"
"""How the audit trail calls whoever runs the commands."""

KEY_OVERLAP = timedelta(hours=24)
"""For how long a signing key that was replaced still signs beside the new one."""

_MOST_SLUGS = 50

Said = Mapping[str, str]
"""What was said of a clinic, by field; an empty text takes back what can be left out."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The clinics of one store. ``spoken`` are the languages of this program."""

    store: ClinicStore
    spoken: tuple[str, ...]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def add(self, said: Said) -> Clinic:
        """Add a clinic, with a link of its own, and a signing key where it has a webhook.

        Raises:
            ClinicError: what was said of it cannot be used.
            StoreError: it was not added.
        """
        for needed in ("country", "language"):
            if not said.get(needed):
                raise ClinicError(f"--{needed} is needed")
        checked = self._checked(said, read_country(said["country"]))
        checked.setdefault("time_zone", read_time_zone(None, checked["country"]))
        own_slug = checked.pop("slug", None)
        slug = own_slug or slug_of(checked["name"])
        for number in range(1, _MOST_SLUGS):
            clinic = self._with_key(
                Clinic(
                    **checked,
                    id=uuid4(),
                    slug=slug if number == 1 else f"{slug[:36]}-{number}",
                    codes=(LinkCode(code=new_code()),),
                    created_at=self.now(),
                )
            )
            try:
                await self.store.add_clinic(clinic.stored())
            except SlugTakenError:
                if own_slug:
                    raise
                continue
            await self.store.note(Entry("clinic added", OPERATOR, str(clinic.id)))
            return clinic
        raise ClinicError(f"there are too many clinics called {slug}: say --slug")

    async def all(self, *, removed: bool = False) -> list[Clinic]:
        """The clinics there are, oldest first; on request the removed ones as well."""
        everyone = [Clinic.of(stored) for stored in await self.store.clinics()]
        return [one for one in everyone if removed or one.removed_at is None]

    async def get(self, slug: str) -> Clinic:
        """One clinic.

        Raises:
            ClinicError: there is none.
        """
        clinics = await self.all()
        for clinic in clinics:
            if clinic.slug == slug:
                return clinic
        known = ", ".join(one.slug for one in clinics[:10]) or "none yet"
        raise ClinicError(f"there is no clinic of this short name; there is: {known}")

    async def edit(self, slug: str, said: Said) -> Clinic:
        """Change what was said of a clinic; the rest stays.

        Raises:
            ClinicError: there is none, or what was said cannot be used.
        """
        clinic = await self.get(slug)

        def change(before: Clinic) -> Clinic:
            country = read_country(said["country"]) if said.get("country") else before.country
            return self._with_key(before.model_copy(update=self._checked(said, country)))

        changed = await self._change(clinic, change)
        await self.store.note(Entry("clinic edited", OPERATOR, str(clinic.id)))
        return changed

    async def remove(self, slug: str) -> Clinic:
        """From now on nothing goes to this clinic.

        Raises:
            ClinicError: there is none.
        """
        clinic = await self.get(slug)
        secrets = {"webhook_keys": (), "fhir_token": None}
        await self._change(clinic, lambda before: before.model_copy(update=secrets))
        try:
            await self.store.remove_clinic(str(clinic.id))
        except ClinicGoneError:
            raise ClinicError("this clinic was removed a moment ago") from None
        return clinic

    async def rotate_key(self, slug: str) -> Clinic:
        """A new signing key; the one before it still signs beside it for a day.

        Raises:
            ClinicError: there is no such clinic, or it has no webhook.
        """
        clinic = await self.get(slug)
        if clinic.webhook_url is None:
            raise ClinicError(f"{slug} has no webhook, and so no key: set --webhook-url first")
        until = self.now() + KEY_OVERLAP

        def change(before: Clinic) -> Clinic:
            kept = [
                key if key.until else key.model_copy(update={"until": until})
                for key in before.webhook_keys
                if key.works(self.now())
            ]
            keys = (WebhookKey(secret=new_webhook_secret()), *kept)
            return before.model_copy(update={"webhook_keys": keys})

        changed = await self._change(clinic, change)
        await self.store.note(Entry("key rotated", OPERATOR, str(clinic.id)))
        return changed

    async def rotate_link(self, slug: str, keep: timedelta = timedelta(0)) -> Clinic:
        """A new link; the one before it works for as long as it is kept.

        Raises:
            ClinicError: there is no such clinic.
        """
        clinic = await self.get(slug)
        until = self.now() + keep

        def change(before: Clinic) -> Clinic:
            old = [
                code if code.until else code.model_copy(update={"until": until})
                for code in before.codes
            ]
            return before.model_copy(update={"codes": (LinkCode(code=new_code()), *old)})

        changed = await self._change(clinic, change)
        await self.store.note(Entry("link rotated", OPERATOR, str(clinic.id)))
        return changed

    async def _change(self, clinic: Clinic, change: Callable[[Clinic], Clinic]) -> Clinic:
        try:
            stored = await self.store.change_clinic(
                str(clinic.id), lambda before: change(Clinic.of(before)).stored()
            )
        except ClinicGoneError:
            raise ClinicError("this clinic was removed a moment ago") from None
        return Clinic.of(stored)

    def _with_key(self, clinic: Clinic) -> Clinic:
        if clinic.webhook_url is None or clinic.webhook_keys:
            return clinic
        return clinic.model_copy(
            update={"webhook_keys": (WebhookKey(secret=new_webhook_secret()),)}
        )

    def _checked(self, said: Said, country: str) -> dict[str, Any]:
        read: dict[str, Callable[[str], str]] = {
            "name": read_name,
            "slug": read_slug,
            "country": read_country,
            "language": lambda text: read_language(text, self.spoken),
            "time_zone": lambda text: read_time_zone(text, country),
            "phone": lambda text: read_clinic_phone(text, country),
            "hours": read_hours,
            "booking_url": lambda text: read_url(text, "--booking-url"),
            "webhook_url": lambda text: read_receiver_url(text, "--webhook-url"),
            "fhir_url": lambda text: read_receiver_url(text, "--fhir-url"),
            "fhir_token": lambda text: text.strip(),
        }
        checked: dict[str, Any] = {}
        for field, text in said.items():
            if text.strip():
                checked[field] = read[field](text)
            elif field in _OPTIONAL:
                checked[field] = None
            else:
                raise ClinicError(f"--{field.replace('_', '-')} is empty")
        if checked.get("webhook_url", ...) is None:
            checked["webhook_keys"] = ()
        return checked


_OPTIONAL = frozenset(("phone", "hours", "booking_url", "webhook_url", "fhir_url", "fhir_token"))
