"""What is stored of a patient about clinics: whose link was used, what was sent and to whom."""

from dataclasses import asdict, dataclass
from typing import Any, Self

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """An intake that was sent, to be told of; what is in it is kept apart.

    `at` is the time in ISO form. `digest` is that of the answers sent, to know whether they have
    changed since. `gone`: it was taken back. `follows` is the reference of the intake that this one
    only follows up.
    """

    id: str
    reference: str
    clinic: str
    clinic_name: str
    at: str
    digest: str
    gone: bool = False
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """That the patient may be asked how they are, about the intake with this id.

    `agreed_at` is the time of the yes in ISO form, `agreed_to` the words it was said to. `asked`: it
    was asked, and the answer is waited for.
    """

    intake: str
    agreed_at: str
    agreed_to: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Sharing:
    """The clinic a patient came from, by its id; who they are, once they said so; what they sent.

    `asked` is the digest of the consent that was last shown: a yes is a yes to that text only.
    `later` is what they may be asked about in some weeks.
    """

    clinic: str = ""
    name: str = ""
    phone: str = ""
    asked: str = ""
    sent: tuple[Sent, ...] = ()
    later: Later | None = None

    def last_sent_to(self, clinic: str) -> Sent | None:
        """The latest intake that this clinic has and may keep."""
        return next(
            (
                one
                for one in reversed(self.sent)
                if one.clinic == clinic and not one.gone and not one.follows
            ),
            None,
        )

    @property
    def with_clinics(self) -> tuple[Sent, ...]:
        """What was sent and not taken back."""
        return tuple(one for one in self.sent if not one.gone)

    def to_json(self) -> Json | None:
        """The stored form; None where there is nothing to be stored."""
        return None if self == NOTHING_SHARED else asdict(self)

    @classmethod
    def from_json(cls, body: Json | None) -> Self:
        """Read the stored form.

        Raises:
            TypeError: it is not one that this version can read.
        """
        if body is None:
            return cls()
        later = body.get("later")
        return cls(
            **{
                **body,
                "sent": tuple(Sent(**one) for one in body["sent"]),
                "later": Later(**later) if later else None,
            }
        )


NOTHING_SHARED = Sharing()
"""Somebody without a clinic."""
