"""The record of sign-offs: what each entry says, and which of them stand.

An entry proves that somebody who holds the DATA_KEY entered it, and that nobody without it has
changed it since. It does not prove that the person named did sign: that is what the signed page of
the book is for.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.store.sign_off_contract import SignedEntry

Name: TypeAlias = Annotated[
    str, Field(min_length=2, max_length=80, pattern=r"^[^\x00-\x1f\x7f<>]+$")
]
Hash: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    date: dt.date


class SignOff(_Entry):
    """Somebody signed a protocol off.

    `protocol` and `words` (by language) are the fingerprints that were signed; `clinic` is the
    clinic's id if it holds for that one alone.
    """

    what: Literal["signed"] = "signed"
    name: Name
    role: Name
    clinic: str | None = None
    protocol: Hash
    words: dict[str, Hash]


class Revocation(_Entry):
    """A sign-off was taken back."""

    what: Literal["revoked"] = "revoked"
    number: int
    reason: Annotated[str, Field(min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


_ENTRY: TypeAdapter[SignOff | Revocation] = TypeAdapter(
    Annotated[SignOff | Revocation, Field(discriminator="what")]
)


class Numbered(BaseModel):
    """A sign-off with its number, and how it was taken back, if it was."""

    model_config = ConfigDict(frozen=True)

    number: int
    sign_off: SignOff
    revoked: Revocation | None = None


class AlteredRecordError(Exception):
    """The record is not sound; nothing in it counts."""


def text_of(entry: SignOff | Revocation) -> str:
    """An entry as the store keeps it."""
    return entry.model_dump_json()


def read_record(entries: Iterable[SignedEntry]) -> tuple[Numbered, ...]:
    """The sign-offs of a record, in order.

    Raises:
        AlteredRecordError: an entry was changed, moved, taken out or slipped in.
    """
    read: dict[int, Numbered] = {}
    for entry in entries:
        if not entry.sound:
            raise AlteredRecordError(f"entry {entry.number} of the record does not bear its seal")
        try:
            said = _ENTRY.validate_json(entry.text)
        except ValidationError:
            raise AlteredRecordError(f"entry {entry.number} of the record cannot be read") from None
        if isinstance(said, SignOff):
            read[entry.number] = Numbered(number=entry.number, sign_off=said)
        elif said.number in read:
            read[said.number] = read[said.number].model_copy(update={"revoked": said})
    return tuple(read.values())
