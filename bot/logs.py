"""Structured logs on standard error: one JSON object a line, never a patient's words or a secret."""

import json
import logging
import sys
from datetime import UTC, datetime

_KNOWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A log record as one line: time, level, logger, event, and the fields given as `extra`.

    Of an exception only its type is told, wherever it stands in the record: its text may quote
    what a patient said. For the same reason an event is one line; what libraries put below theirs
    is for a person at a debugger.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        for name, value in record.__dict__.items():
            if name not in _KNOWN:
                line.setdefault(name, _told(value))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return _to_json(line)


def _event(record: logging.LogRecord) -> str:
    message = str(_told(record.msg))
    if isinstance(record.args, tuple) and record.args:
        message %= tuple(_told(value) for value in record.args)
    elif record.args:
        message %= record.args
    return message.partition("\n")[0]


def _told(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) else value


# Made once: json.dumps makes an encoder for each line.
_to_json = json.JSONEncoder(ensure_ascii=False, default=lambda value: str(_told(value))).encode


def set_up_logs(level: str) -> None:
    """Send every log to standard error from this level on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.raiseExceptions = False  # else a line that cannot be formatted is printed unformatted
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # It tells from which question to which a patient goes, and so what the answer was.
    logging.getLogger("transitions").setLevel(logging.WARNING)
