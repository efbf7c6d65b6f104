"""What a button carries: `<serial>:<verb>[:<argument>...]`, at most 64 bytes.

The serial counts the screens shown to this patient. A tap with another serial than the current
one belongs to an earlier screen and answers nothing.
"""

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What a tap, or the same said in words, asks for."""

    AGREE = "agree"
    READ_NOTE = "note"
    DECLINE = "decline"
    CHOOSE_LANGUAGE = "languages"
    SET_LANGUAGE = "language"
    PICK = "pick"
    TICK = "tick"
    UNTICK = "untick"
    DONE = "done"
    SKIP = "skip"
    KEEP = "keep"
    BACK = "back"
    CONFIRM = "confirm"
    CHOOSE_CHANGE = "changing"
    CHANGE = "change"
    EXPLAIN = "explain"
    READ_ANSWERS = "answers"
    SHOW = "show"
    MY_DATA = "mydata"
    PAGE = "page"
    ASK_DELETE = "deleting"
    DELETE = "delete"
    ASK_RESTART = "restarting"
    RESTART = "restart"
    RESUME = "resume"
    SHARE = "share"
    SKIP_PHONE = "nophone"
    CHANGE_PERSON = "person"
    SEND = "send"
    KEEP_PRIVATE = "private"
    BOOK = "book"
    ASK_WITHDRAW = "withdrawing"
    WITHDRAW = "withdraw"
    FOLLOW_UP = "askme"
    NO_FOLLOW_UP = "dontask"
    DANGER = "danger"
    HOW = "how"
    LEAVE_FOLLOW_UP = "leave"
    REPLY = "reply"
    MEANT = "meant"


@dataclass(frozen=True, slots=True)
class Action:
    """A verb with what it is about: a question, a code, a language, a page."""

    verb: Verb
    about: tuple[str, ...] = ()

    def data(self, serial: int) -> str:
        """What the button on the screen with this serial carries."""
        return ":".join((str(serial), self.verb, *self.about))


def read_data(data: str) -> tuple[int, Action] | None:
    """What a tapped button carried; None for anything that no button of ours ever carried."""
    serial, _, rest = data.partition(":")
    verb, *about = rest.split(":")
    if not serial.isdecimal() or len(serial) > 9 or verb not in list(Verb):
        return None
    return int(serial), Action(Verb(verb), tuple(about))
