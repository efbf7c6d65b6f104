"""What is stored of one patient, and its form in the store."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from bot.sharing import NOTHING_SHARED, Sharing
from flows.answers import Answer, Answers, as_json
from flows.conversation import Conversation

Json = dict[str, Any]

FORMAT = 1
"""The version of the stored form; a later one must still read the earlier ones."""


class View(StrEnum):
    """What is shown instead of where the conversation stands."""

    LANGUAGES = "languages"
    CHANGING = "changing"
    ANSWERS = "answers"
    DELETING = "deleting"
    RESTARTING = "restarting"
    EXPLAINING = "explaining"
    NAMING = "naming"
    PHONING = "phoning"
    CONSENTING = "consenting"
    SENT = "sent"
    WITHDRAWING = "withdrawing"
    FOLLOW_UP_DANGER = "danger"
    FOLLOW_UP_HOW = "how"
    FOLLOW_UP_EMERGENCY = "danger_now"
    MEANT = "meant"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits while a concern is asked about: where the patient was, and what they wrote there.

    `state`, `view`, `page` and `shown` are those of the record then. `words` are kept only where a
    question, or that for a name, was open that they may answer; `digest` is that of what raised the concern.
    """

    state: str
    shown: str
    digest: str
    words: str = ""
    view: View | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class SetAside:
    """A No to a concern's question: the concern, a digest of the words, and where they were written."""

    concern: str
    digest: str
    shown: str


@dataclass(frozen=True, slots=True)
class Record:
    """One patient.

    `serial` counts the screens shown; `shown` names the one that is current (position and view),
    so that showing it again keeps its buttons good. `agreed_version` is that of the privacy note.
    `flow` names the flow and version that last read the answers. `correcting` is the answer that
    is being corrected, with its question: what it was, until another one is given. `meant` is the
    question and the code that typed words may have meant, while the patient is asked whether.
    `waiting` is set while a concern is asked about; `set_aside` are the concerns that were denied.
    `sharing` is about clinics. `active_at` is when the patient was last here, in seconds since the
    epoch and to some minutes, and `reminded` whether they were reminded of this interview. `pictures` says
    whether pictures are sent.
    """

    language: str
    conversation: Conversation = field(default_factory=Conversation)
    serial: int = 0
    shown: str = ""
    view: View | None = None
    page: int = 0
    agreed_version: str = ""
    flow: str = ""
    blocked: bool = False
    correcting: tuple[str, Answer] | None = None
    pictures: bool = True
    sharing: Sharing = NOTHING_SHARED
    active_at: int = 0
    reminded: bool = False
    meant: tuple[str, str] | None = None
    waiting: Waiting | None = None
    set_aside: tuple[SetAside, ...] = ()

    def to_json(self) -> Json:
        """The stored form."""
        conversation = self.conversation
        return {
            "format": FORMAT,
            "language": self.language,
            "answers": _answers_to_json(conversation.answers),
            "drafts": _answers_to_json(conversation.drafts),
            "agreed": conversation.agreed,
            "agreed_version": self.agreed_version,
            "reading_note": conversation.reading_note,
            "confirmed": conversation.confirmed,
            "closed": conversation.closed,
            "asking": list(conversation.asking),
            "raised": list(conversation.raised),
            "unfinished": list(conversation.unfinished),
            "serial": self.serial,
            "shown": self.shown,
            "view": self.view,
            "page": self.page,
            "flow": self.flow,
            "blocked": self.blocked,
            "correcting": _answers_to_json(dict([self.correcting] if self.correcting else [])),
            "pictures": self.pictures,
            "sharing": self.sharing.to_json(),
            "active_at": self.active_at,
            "reminded": self.reminded,
            "meant": list(self.meant) if self.meant else None,
            "waiting": asdict(self.waiting) if self.waiting else None,
            "set_aside": [asdict(one) for one in self.set_aside],
        }

    @classmethod
    def from_json(cls, body: Json) -> Self:
        """Read the stored form.

        Raises:
            KeyError, ValueError: it is not a record that this version can read.
        """
        if body["format"] != FORMAT:
            raise ValueError("a record of an unknown format")
        return cls(
            language=body["language"],
            conversation=Conversation(
                answers=_answers_from_json(body["answers"]),
                drafts=_answers_from_json(body["drafts"]),
                agreed=body["agreed"],
                reading_note=body["reading_note"],
                confirmed=body["confirmed"],
                closed=body["closed"],
                asking=tuple(body.get("asking", ())),
                raised=tuple(body.get("raised", ())),
                unfinished=tuple(body.get("unfinished", ())),
            ),
            serial=body["serial"],
            shown=body["shown"],
            view=View(body["view"]) if body["view"] else None,
            page=body["page"],
            agreed_version=body["agreed_version"],
            flow=body["flow"],
            blocked=body["blocked"],
            correcting=next(iter(_answers_from_json(body["correcting"]).items()), None),
            pictures=body.get("pictures", True),
            sharing=Sharing.from_json(body.get("sharing")),
            active_at=body.get("active_at", 0),
            reminded=body.get("reminded", False),
            meant=_pair(body.get("meant")),
            waiting=_waiting(body.get("waiting")),
            set_aside=tuple(SetAside(**one) for one in body.get("set_aside", ())),
        )


def _pair(raw: list[str] | None) -> tuple[str, str] | None:
    return (raw[0], raw[1]) if raw else None


def _waiting(raw: Json | None) -> Waiting | None:
    if raw is None:
        return None
    view = raw["view"]
    return Waiting(**{**raw, "view": View(view) if view else None})


def _answers_to_json(answers: Answers) -> Json:
    return {id: as_json(answer) for id, answer in answers.items()}


def _answers_from_json(body: Json) -> dict[str, Answer]:
    return {
        id: tuple(answer) if isinstance(answer, list) else answer for id, answer in body.items()
    }
