"""Writes docs/transcript.md: `python -m tests.whole.transcript > docs/transcript.md`.

Both conversations are held with the real program as it is now, so what stands there was said. With
`short`, it prints Ana's as the README shows it: questions, answers and the result.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.telegram_stand_in import Patient, StandIn
from tests.whole.answering import BUTTONS, WORDS, answers, in_words
from tests.whole.people import ANA
from tests.whole.running import ROOT, plumbline

TYPED = "1\n45 to 59\nheel\nnot sure\n"
"""What somebody types in the terminal: agreed, the age, the heel, and a danger sign left open."""

HEAD = """# Two conversations

Held with the program as it is: `python -m tests.whole.transcript > docs/transcript.md`.

## On Telegram: back, leg and foot

Ana's back has hurt for two months. Pain shoots down her left leg into the foot, and she limps. This
is each question as it stands on her phone, the review of what she answered, and the result.
"""


async def on_telegram(folder: Path, *, short: bool) -> list[str]:
    """Ana's interview: each screen, and the whole result; or in short."""
    lines: list[str] = []
    async with StandIn() as telegram, plumbline(telegram, folder):
        ana = telegram.patient(name="Ana", language_code="en")

        def screen() -> None:
            lines.append(_block(_newest(ana)))

        await ana.sends("/start")
        await ana.sees("This is Plumbline", timeout=20)
        screen()
        await ana.taps(BUTTONS.agree)
        await ana.sees("How old are you?")
        asked = await answers(ana, ANA, screen)
        await ana.sees(WORDS.interface.review.title)
        screen()
        await ana.taps(BUTTONS.see_result)
        await ana.sees(WORDS.results.safety_net.title.plain())
        result = [message for message in ana.chat.messages if not message.photo][-3:]
        if short:
            told = "\n".join(in_words(question, ANA[question]) for question in asked)
            return ["\n\n".join((told, *(message.text for message in result))) + "\n"]
        lines.extend(_block(message.render()) for message in result)
    return lines


async def in_the_terminal(folder: Path) -> str:
    """Somebody with a sore heel who is not sure about a danger sign."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "chat",
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "DEFAULT_COUNTRY": "GB"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    shown, _ = await process.communicate(TYPED.encode())
    return shown.decode()


async def main() -> None:
    """Print the page."""
    short = sys.argv[1:] == ["short"]
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        on_phone = await on_telegram(Path(first), short=short)
        if short:
            sys.stdout.write("".join(on_phone))
            return
        typed = await in_the_terminal(Path(second))
    sys.stdout.write(HEAD)
    sys.stdout.write("".join(on_phone))
    sys.stdout.write("\n## In the terminal: an emergency\n\nTyped, a line for each answer: ")
    sys.stdout.write(", ".join(f"`{line}`" for line in TYPED.splitlines()) + ".\n")
    sys.stdout.write(_block(typed))


def _newest(patient: Patient) -> str:
    return patient.screen()


def _block(text: str) -> str:
    body = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return f"\n```\n{body}\n```\n"


if __name__ == "__main__":
    asyncio.run(main())
