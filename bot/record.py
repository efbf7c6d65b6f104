"""What is stored of one patient, and its form in the store."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

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


@dataclass(frozen=True, slots=True)
class Record:
    """One patient.

    `serial` counts the screens shown; `shown` names the one that is current (position and view),
    so that showing it again keeps its buttons good. `agreed_version` is that of the privacy note.
    `flow` names the flow and version that last read the answers. `correcting` is the answer that
    is being corrected, with its question: what it was, until another one is given. `pictures` says
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
            "serial": self.serial,
            "shown": self.shown,
            "view": self.view,
            "page": self.page,
            "flow": self.flow,
            "blocked": self.blocked,
            "correcting": _answers_to_json(dict([self.correcting] if self.correcting else [])),
            "pictures": self.pictures,
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
        )


def _answers_to_json(answers: Answers) -> Json:
    return {id: as_json(answer) for id, answer in answers.items()}


def _answers_from_json(body: Json) -> dict[str, Answer]:
    return {
        id: tuple(answer) if isinstance(answer, list) else answer for id, answer in body.items()
    }
