"""How the Bot API says no."""

from typing import Any


class Refused(Exception):
    """An answer with `"ok": false`: the world stands against the call (blocked, deleted, late).

    A correct bot meets these and goes on.

    Attributes:
        code: HTTP status and `error_code`.
        description: the text of the answer, with its prefix ("Bad Request: …").
        parameters: `ResponseParameters` of the answer, such as `retry_after` in seconds.
    """

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class Breach(Refused):
    """A call that no correct bot makes; the stand-in keeps these for tests to look at."""


def refusal(text: str) -> Refused:
    """A 400 that a correct bot may meet."""
    return Refused(400, f"Bad Request: {text}")


def breach(text: str) -> Breach:
    """A 400 that only a mistake of the bot brings about."""
    return Breach(400, f"Bad Request: {text}")
