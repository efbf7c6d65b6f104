"""Whole interviews end with the right picture: the real program, a dozen different people."""

import asyncio
from pathlib import Path

from bot.pictures.chain import chain_drawing
from bot.pictures.drawing import png
from tests.pictures.people import PEOPLE, Person
from tests.telegram_stand_in import StandIn
from tests.whole.answering import BUTTONS, WORDS, answers
from tests.whole.running import plumbline


async def interview(telegram: StandIn, person: Person) -> bytes | None:
    """From the start to the result; the picture at its end, if there is one."""
    patient = telegram.patient(name=person.name, language_code="en")
    await patient.sends("/start")
    await patient.sees("This is Plumbline", timeout=30)
    await patient.taps(BUTTONS.agree)
    await patient.sees("How old are you?")
    asked = await answers(patient, person.sheet)
    if person.picture is None:
        await patient.sees("Call 999 now")
        return None
    await patient.sees(WORDS.interface.review.title)
    await patient.taps(BUTTONS.see_result)
    title = WORDS.pictures.chain.title.plain()
    message = await patient.sees(title, timeout=30)
    assert message.photo is not None
    # Those to point at were there when they were asked for, and are gone.
    await patient.chat.changed.until(
        lambda: [m for m in patient.chat.messages if m.photo] == [message], 20
    )
    assert ("foot_place" in asked) == any(
        m.text == WORDS.pictures.pointing["foot_place"].plain() for m in patient.chat.history
    )
    return message.photo.content


async def test_a_dozen_people_each_end_with_the_picture_of_their_own(tmp_path: Path) -> None:
    async with StandIn(patience=20) as telegram, plumbline(telegram, tmp_path):
        shown = await asyncio.gather(*(interview(telegram, person) for person in PEOPLE))
        assert telegram.breaches == []
    wanted = [
        None if person.picture is None else png(chain_drawing(person.picture, WORDS))
        for person in PEOPLE
    ]
    for person, got, right in zip(PEOPLE, shown, wanted, strict=True):
        assert got == right, person.name
    assert len(set(shown)) == len(PEOPLE)
