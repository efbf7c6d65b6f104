"""Keeps libraries from logging what must never be logged.

python-telegram-bot logs whole updates and whole calls, and names the token in some of them; HTTP
clients log addresses, and the token is part of every address of the Bot API. What matters of all
that is logged by this package instead, by the type of the error.
"""

from __future__ import annotations

import logging
import traceback
import warnings

from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

RAW_METHODS = (
    "getUpdates",
    "sendMessage",
    "editMessageText",
    "editMessageReplyMarkup",
    "deleteMessage",
)
"""Methods whose results are taken as they come."""

_TALKATIVE = ("telegram", "httpx", "httpcore")


def quieten() -> None:
    """Silence the libraries for the whole process, whatever level is set elsewhere.

    Their loggers are switched off one by one, because a level set for one of them would open it
    again, and the way up to the root is shut for those that do not exist yet.
    """
    for name in _TALKATIVE:
        top = logging.getLogger(name)
        top.setLevel(logging.CRITICAL + 1)
        top.propagate = False
        if not top.handlers:
            top.addHandler(logging.NullHandler())
        for known, logger in logging.root.manager.loggerDict.items():
            if isinstance(logger, logging.Logger) and known.partition(".")[0] == name:
                logger.disabled = True
    # getUpdates is called raw on purpose: Bot.get_updates parses the whole batch at once, so that
    # one broken update would hold up all others, and logs that batch when it fails.
    # Of what is sent, nobody reads the message that comes back, so it is not parsed either.
    for method in RAW_METHODS:
        warnings.filterwarnings("ignore", f"Please use 'Bot.{method}'", PTBUserWarning)
    # The library warns itself when it reads its own durations; the one that is used here,
    # RetryAfter.retry_after, is understood in both its types.
    warnings.filterwarnings(
        "ignore", ".*will be of type `datetime.timedelta`", PTBDeprecationWarning
    )


def kind_of(error: BaseException) -> str:
    """The type of an error, which is all of it that may be logged or stored."""
    return type(error).__name__


def place_of(error: BaseException) -> str:
    """Where an error was raised, as ``module.py:line``, without a word of what it says."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    if not frames:
        return ""
    return f"{frames[0].filename.rsplit('/', 1)[-1]}:{frames[0].lineno}"
