"""What is shown to a patient, free of any channel.

Every type here survives a round trip through JSON, because a screen is written to the outbox
together with the answers and sent only after both are committed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

Json = dict[str, Any]

TEXT_LIMIT = 4096
"""Characters of a screen's text after its markup is read."""

CAPTION_LIMIT = 1024
"""Characters of an attachment's caption after its markup is read."""

DATA_LIMIT = 64
"""Bytes of UTF-8 that a button can carry."""

NOTICE_LIMIT = 200
"""Characters of a notice shown beside a tap."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button.

    ``label`` is plain text without markup and is never empty. ``data`` comes back in a
    :class:`bot.events.Tap`, at most :data:`DATA_LIMIT` bytes. ``number`` can be typed instead of
    tapping and is shown before the label. ``ticked`` is ``None`` unless this is a tick box. A
    button with a ``url`` opens that address where the channel can; said in words it brings its
    ``data`` like any other.
    """

    label: str
    data: str
    number: int | None = None
    ticked: bool | None = None
    url: str | None = None

    def to_json(self) -> Json:
        """Return the JSON form; what is not set is left out."""
        body: Json = {"label": self.label, "data": self.data}
        if self.number is not None:
            body["number"] = self.number
        if self.ticked is not None:
            body["ticked"] = self.ticked
        if self.url is not None:
            body["url"] = self.url
        return body

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the JSON form. Raises ``KeyError`` when label or data is missing."""
        return cls(
            body["label"], body["data"], body.get("number"), body.get("ticked"), body.get("url")
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a screen. ``caption`` is marked-up text, as in :class:`Screen`."""

    name: str
    media_type: str
    content: bytes
    caption: str = ""

    def to_json(self) -> Json:
        """Return the JSON form, the content as base64."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "content": b64encode(self.content).decode("ascii"),
            "caption": self.caption,
        }

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the JSON form. Raises ``KeyError`` or ``ValueError`` when it is broken."""
        return cls(
            body["name"],
            body["media_type"],
            b64decode(body["content"], validate=True),
            body.get("caption", ""),
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn when a screen is sent: a kind, a language, and codes as JSON.

    A ``passing`` picture belongs to one question: it is taken away when the question is left, and
    the question's own words say the same. Where pictures cannot be shown, or are not wanted, the
    text of the screen stands for it.
    """

    kind: str
    language: str
    about: Json
    passing: bool = False

    def to_json(self) -> Json:
        """Return the JSON form."""
        return {
            "kind": self.kind,
            "language": self.language,
            "about": self.about,
            "passing": self.passing,
        }

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the JSON form. Raises ``KeyError`` when it is broken."""
        return cls(body["kind"], body["language"], body["about"], bool(body["passing"]))


class Layout(StrEnum):
    """How the choices of a screen are set out."""

    LIST = "list"
    """One choice a row."""
    GRID = "grid"
    """Two choices a row."""
    SCALE = "scale"
    """0 to 10, compact: 0–5 in one row, 6–10 in the next."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One message to a patient.

    ``name`` is for logs and tests (``saddle``, ``review``, ``emergency``, ``notice``). ``text`` is
    marked up with ``<b>`` and ``<i>`` only, everything else already escaped, and is 1 to
    :data:`TEXT_LIMIT` characters long after parsing. ``controls`` (Back, Done, Skip) stand in
    their own row below the choices. A ``lasting`` screen stays in the chat and is never edited
    into something else. ``contact`` is the label of a button, where the patient writes, that shares
    their phone number; an empty one takes that button away again. Such a screen has no others.
    A screen with a ``picture`` has no buttons, and at most :data:`CAPTION_LIMIT` characters; it is
    sent after the words it belongs to, and never holds up any others.
    A ``pinned`` screen stays at the top of the chat, where the channel can do that: the next one of
    its name takes its place there, and is said below too. Such a screen has no buttons.
    """

    name: str
    text: str
    choices: tuple[Choice, ...] = ()
    controls: tuple[Choice, ...] = ()
    layout: Layout = Layout.LIST
    lasting: bool = False
    attachment: Attachment | None = None
    picture: Picture | None = None
    contact: str | None = None
    pinned: bool = False

    @property
    def has_buttons(self) -> bool:
        """Whether the screen becomes the chat's live message when it is shown."""
        return bool(self.choices or self.controls)

    def to_json(self) -> Json:
        """Return the JSON form; what is not set is left out."""
        body: Json = {"name": self.name, "text": self.text}
        if self.choices:
            body["choices"] = [choice.to_json() for choice in self.choices]
        if self.controls:
            body["controls"] = [choice.to_json() for choice in self.controls]
        if self.layout is not Layout.LIST:
            body["layout"] = self.layout.value
        if self.lasting:
            body["lasting"] = True
        if self.attachment is not None:
            body["attachment"] = self.attachment.to_json()
        if self.picture is not None:
            body["picture"] = self.picture.to_json()
        if self.contact is not None:
            body["contact"] = self.contact
        if self.pinned:
            body["pinned"] = True
        return body

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the JSON form. Raises ``KeyError`` or ``ValueError`` when it is broken."""
        attachment = body.get("attachment")
        picture = body.get("picture")
        return cls(
            name=body["name"],
            text=body["text"],
            choices=tuple(Choice.from_json(choice) for choice in body.get("choices", ())),
            controls=tuple(Choice.from_json(choice) for choice in body.get("controls", ())),
            layout=Layout(body.get("layout", Layout.LIST)),
            lasting=bool(body.get("lasting", False)),
            attachment=None if attachment is None else Attachment.from_json(attachment),
            picture=None if picture is None else Picture.from_json(picture),
            contact=body.get("contact"),
            pinned=bool(body.get("pinned", False)),
        )


@dataclass(frozen=True, slots=True)
class Showing:
    """One entry of the outbox: a screen, and whether the live message may be edited into it.

    Without ``in_place`` the screen goes below, as a new message.
    """

    screen: Screen
    in_place: bool

    def to_json(self) -> Json:
        """Return the JSON form."""
        return {"screen": self.screen.to_json(), "in_place": self.in_place}

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the JSON form. Raises ``KeyError`` or ``ValueError`` when it is broken."""
        return cls(Screen.from_json(body["screen"]), bool(body["in_place"]))
