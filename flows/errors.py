"""The one way in which a broken flow is refused."""


class FlowError(Exception):
    """A flow that cannot be used. Its text is one line: file, line, id and the reason."""

    def __init__(self, reason: str, *, file: str, line: int | None = None, id: str = "") -> None:
        self.reason = reason
        self.file = file
        self.line = line
        self.id = id
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {id}: {reason}" if id else f"{place}: {reason}")
