"""A clinic: what patients see of it, and where their intakes go."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Self, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from bot.store.clinic_contract import Channel, StoredClinic

Json: TypeAlias = dict[str, Any]

NAME_MAX = 80
"""Characters of a clinic's name: it stands on buttons, posters and in every message."""

HOURS_MAX = 200
URL_MAX = 500
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_MAX = 40


class LinkCode(BaseModel):
    """A code in a clinic's link; it works until ``until``, if that is set."""

    model_config = ConfigDict(frozen=True)

    code: str
    until: datetime | None = None

    def works(self, now: datetime) -> bool:
        return self.until is None or now < self.until


class WebhookKey(BaseModel):
    """A signing key (``whsec_…``) of the clinic's webhook; one that was replaced works ``until``."""

    model_config = ConfigDict(frozen=True)

    secret: str = Field(repr=False)
    until: datetime | None = None

    def works(self, now: datetime) -> bool:
        return self.until is None or now < self.until


class Clinic(BaseModel):
    """One clinic. The newest of its ``codes`` and of its ``webhook_keys`` stands first.

    ``country`` is ISO 3166-1 alpha-2 and gives the emergency number; ``time_zone`` is an IANA name;
    ``phone`` is in E.164 form. ``staff`` is the address of its group, ``telegram:<bot>:<chat>``.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    slug: str
    name: str
    country: str
    language: str
    time_zone: str
    phone: str | None = None
    hours: str | None = None
    booking_url: str | None = None
    codes: Annotated[tuple[LinkCode, ...], Field(min_length=1)]
    webhook_url: str | None = None
    webhook_keys: tuple[WebhookKey, ...] = ()
    fhir_url: str | None = None
    fhir_token: str | None = Field(default=None, repr=False)
    staff: str | None = None
    created_at: datetime
    removed_at: datetime | None = None

    @property
    def code(self) -> str:
        """The code that its link carries now."""
        return self.codes[0].code

    def webhook_secrets(self, now: datetime) -> tuple[str, ...]:
        """The keys to sign with, the newest first."""
        return tuple(key.secret for key in self.webhook_keys if key.works(now))

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Where intakes go, apart from the staff group."""
        return tuple(
            channel
            for channel, there in (
                (Channel.WEBHOOK, self.webhook_url),
                (Channel.FHIR, self.fhir_url),
            )
            if there
        )

    @classmethod
    def of(cls, stored: StoredClinic) -> Self:
        """The clinic of a row.

        Raises:
            ValueError: it is none that this version can read.
        """
        return cls.model_validate(
            {
                **stored.body,
                "id": stored.id,
                "slug": stored.slug,
                "staff": stored.staff,
                "created_at": datetime.fromtimestamp(stored.created_at, UTC),
                "removed_at": stored.removed_at and datetime.fromtimestamp(stored.removed_at, UTC),
            }
        )

    def stored(self) -> StoredClinic:
        """The row of the clinic."""
        apart = {"id", "slug", "staff", "created_at", "removed_at"}
        return StoredClinic(
            id=str(self.id),
            slug=self.slug,
            body=self.model_dump(mode="json", exclude=apart),
            channels=self.channels,
            staff=self.staff,
            created_at=self.created_at.timestamp(),
            removed_at=self.removed_at.timestamp() if self.removed_at else None,
        )
