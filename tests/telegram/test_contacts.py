"""Phone numbers that are shared, and buttons that open an address."""

from __future__ import annotations

from typing import Any

from bot.events import SharedContact
from bot.screens import Choice, Screen, Showing
from bot.store.contract import Effect
from bot.telegram.render import keyboard, reply_keyboard, without_links
from tests.telegram.conftest import Channel
from tests.telegram.interview import Interview, address_of
from tests.telegram_stand_in import StandIn

BOOK = Choice("Book a visit", "7:book", url="https://riverside.example/book")


def contact(phone: str, user_id: int | None) -> dict[str, Any]:
    told: dict[str, Any] = {"phone_number": phone, "first_name": "Ana"}
    return told | ({"user_id": user_id} if user_id else {})


async def test_only_their_own_contact_is_called_own(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana, ben = telegram.patient("Ana"), telegram.patient("Ben")
    await ana.sends("hello")
    await ana.sees("1: hello")
    await ana.sends_anything(contact=contact("447700900123", ana.user.id))
    await ana.sees("Your number: 447700900123")
    await ana.sends_anything(contact=contact("447700900999", ben.user.id))
    await ana.sees("Another number: 447700900999")
    await ana.sends_anything(contact=contact("447700900000", None))
    await ana.sees("Another number: 447700900000")
    assert [one.happening for one in interview.events[1:]] == [
        SharedContact("447700900123", own=True),
        SharedContact("447700900999", own=False),
        SharedContact("447700900000", own=False),
    ]


async def test_the_button_comes_and_goes_as_telegram_wants_it(
    channel: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient("Ana")
    await ana.sends("hello")
    await ana.sees("1: hello")
    await shows(interview, address_of(ana), Screen("c", "Share it?", contact="Share my number"))
    await shows(interview, address_of(ana), Screen("c", "Thank you.", contact=""))
    await ana.sends("more")
    await ana.sees("2: more")
    await ana.sees("Share it?")
    await ana.sees("Thank you.")


async def shows(interview: Interview, address: str, screen: Screen) -> None:
    sends = (Showing(screen, in_place=False).to_json(),)
    await interview.store.apply(
        address, None, lambda held, again: Effect(None, sends, changed=False)
    )


def test_the_button_that_shares_a_contact() -> None:
    assert reply_keyboard(Screen("c", "?")) is None
    assert reply_keyboard(Screen("c", "?", contact="")) == {"remove_keyboard": True}
    shown = reply_keyboard(Screen("c", "?", contact="Share my number"))
    assert shown is not None
    assert shown["keyboard"] == [[{"text": "Share my number", "request_contact": True}]]


def test_a_button_with_an_address_opens_it_and_nothing_else() -> None:
    screen = Screen("result", "?", (BOOK,), (Choice("Back", "7:back"),))
    assert keyboard(screen) == {
        "inline_keyboard": [
            [{"text": "Book a visit", "url": "https://riverside.example/book"}],
            [{"text": "Back", "callback_data": "7:back"}],
        ]
    }
    plain = keyboard(without_links(screen))
    assert plain is not None
    assert plain["inline_keyboard"][0] == [{"text": "Book a visit", "callback_data": "7:book"}]


async def test_an_address_that_telegram_refuses_keeps_no_result_back(
    stopped: Channel, telegram: StandIn, interview: Interview
) -> None:
    ana = telegram.patient("Ana")
    result = Screen("result", "This is your result.", (BOOK,))
    await shows(interview, address_of(ana), result)
    await ana.sends("/start")
    refusal = "Bad Request: BUTTON_URL_INVALID"
    telegram.faults.add(method="sendMessage", status=400, description=refusal, times=1)
    stopped.start()
    message = await ana.sees("This is your result.")
    assert [one["callback_data"] for row in message.rows for one in row] == ["7:book"]
