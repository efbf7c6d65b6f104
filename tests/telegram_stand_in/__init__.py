"""A stand-in for the Telegram Bot API: a real socket, Telegram's checks, and a patient's phone.

async with StandIn() as telegram:
    ...  # start the bot against telegram.url with telegram.token
    ana = telegram.patient(name="Ana")
    await ana.sends("/start")
    await ana.sees("Before we begin")
    await ana.taps("Agree")
    await ana.sees("How old are you?")
    assert not telegram.breaches
"""

from .calls import Call
from .chats import Button, Chat, File, Message, User
from .faults import Fault
from .patient import Group, Patient
from .server import TOKEN, StandIn
from .taps import Tap, Toast

__all__ = [
    "TOKEN",
    "Button",
    "Call",
    "Chat",
    "Fault",
    "File",
    "Group",
    "Message",
    "Patient",
    "StandIn",
    "Tap",
    "Toast",
    "User",
]
