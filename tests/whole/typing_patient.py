"""A patient who types everything, on the real program; and the page in docs that shows it.

`python -m tests.whole.typing_patient en > docs/typed.md` (or `es`, into `docs/typed-es.md`).
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from content.loader import load_content
from content.phrases import phrase_languages
from tests.telegram_stand_in import Patient, StandIn
from tests.whole.answering import FLOW
from tests.whole.running import ROOT, plumbline
from tests.whole.typed import AGREED, ASKED, HELLO, MEANT, REVIEW, TYPISTS

PAGES = {"en": ROOT / "docs" / "typed.md", "es": ROOT / "docs" / "typed-es.md"}
RESULT, EMERGENCY = "result", "emergency"

_PLACES = {"agree": AGREED, "confirm": REVIEW, "reply": ASKED, "meant": MEANT, "explain": RESULT}
_HEADS = {
    "en": """# A whole interview, typed

Ruth writes everything in her own words; no button is tapped. Held with the program as it is:
`python -m tests.whole.typing_patient en > docs/typed.md`. A test holds this page against it.
""",
    "es": """# Una entrevista entera, escrita

Rosa lo escribe todo con sus propias palabras y no toca ningún botón. Es el programa tal como es:
`python -m tests.whole.typing_patient es > docs/typed-es.md`. Una prueba comprueba esta página.
""",
}
_URGENT = {
    "en": "\n## An emergency, in the first message\n",
    "es": "\n## Una emergencia, en el primer mensaje\n",
}


async def types_everything(patient: Patient, code: str) -> None:
    """From the first message to the result."""
    left = {place: list(lines) for place, lines in TYPISTS[code].script.items()}
    place = await _types(patient, left[HELLO].pop(0), timeout=20)
    while place != RESULT:
        place = await _types(patient, left[place].pop(0))
    await patient.sees(load_content(code, FLOW).results.safety_net.title.plain())


async def types_an_emergency(patient: Patient, code: str) -> None:
    """An emergency before anything was agreed to."""
    words, reply = TYPISTS[code].urgent
    assert await _types(patient, words, timeout=20) == ASKED
    await _types(patient, reply)
    await patient.sees(load_content(code, FLOW).results.emergency_screen.title.plain())


async def page(code: str, folder: Path) -> str:
    """The page of a language."""
    typist = TYPISTS[code]
    async with StandIn() as telegram, plumbline(telegram, folder):
        calm = telegram.patient(name=typist.name, language_code=code)
        await types_everything(calm, code)
        lines = [_HEADS[code], _block(calm.transcript())]
        if code in phrase_languages():
            urgent = telegram.patient(name=typist.name, language_code=code)
            await types_an_emergency(urgent, code)
            lines += (_URGENT[code], _block(urgent.transcript()))
        await telegram.drained()
        assert telegram.breaches == []
    return "".join(lines)


async def _types(patient: Patient, text: str, timeout: float = 10) -> str:
    """Type a message; where the conversation stands when it is answered."""
    await patient.sends(text)
    sent = patient.chat.version

    def answered() -> str | None:
        message = patient.chat.with_buttons()
        if message is None or message.buttoned_at <= sent:
            return None
        datas = [str(button.data).split(":") for row in message.buttons for button in row]
        for _, verb, *about in datas:
            if verb in ("pick", "tick", "untick", "skip"):
                return str(about[0])
            if verb in _PLACES:
                return _PLACES[verb]
        return EMERGENCY

    place = await patient.chat.changed.until(answered, timeout)
    assert place is not None
    return place


def _block(text: str) -> str:
    # What is edited there is only that a message answered loses its buttons.
    bare = text.replace(" (edited)\n", "\n").strip()
    body = "\n".join(line.rstrip() for line in bare.splitlines())
    return f"\n```\n{body}\n```\n"


if __name__ == "__main__":
    with TemporaryDirectory() as here:
        sys.stdout.write(asyncio.run(page(sys.argv[1], Path(here))))
