"""A whole interview on Telegram: the real program, the real library, a real socket and database."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.telegram_stand_in import StandIn
from tests.whole.answering import BUTTONS, WORDS, answers, in_words
from tests.whole.people import ANA, BEN
from tests.whole.running import ROOT, plumbline

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("sheet", "questions"), [(ANA, 37), (BEN, 21)])
async def test_from_start_to_the_result(
    tmp_path: Path, sheet: Mapping[str, object], questions: int
) -> None:
    async with StandIn() as telegram, plumbline(telegram, tmp_path):
        patient = telegram.patient(name="Ana", language_code="en")
        await patient.sends("/start")
        await patient.sees("This is Plumbline", timeout=20)
        await patient.taps(BUTTONS.agree)
        await patient.sees("How old are you?")
        asked = await answers(patient, sheet)
        assert len(asked) == questions
        await patient.sees(WORDS.interface.review.title)
        await patient.taps(BUTTONS.see_result)
        await patient.sees("the whole kinetic chain")
        await patient.sees(WORDS.results.safety_net.title.plain())
        await telegram.drained()
        assert telegram.breaches == []
        if sheet is ANA:
            # The README shows this very conversation.
            assert all(in_words(question, ANA[question]) in README for question in asked)
            result = [message for message in patient.chat.messages if not message.photo][-3:]
            assert all(message.text in README for message in result)
