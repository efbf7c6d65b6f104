"""The Telegram channel, on python-telegram-bot.

An update's way: ``polling`` fetches it, ``lanes`` keeps its chat in order, ``updates`` translates
it for the service, which commits its effect together with the screens to show; only then does
``polling`` acknowledge it and ``sender`` take the screens from the outbox; ``presenter`` shows them.
"""

from bot.telegram.channel import run
from bot.telegram.polling import TokenRefusedError
from bot.telegram.ports import BotProfile, Patients
from bot.telegram.setup import StartError

__all__ = ["BotProfile", "Patients", "StartError", "TokenRefusedError", "run"]
