"""The page for clinics, followed word for word."""

from __future__ import annotations

import asyncio
import re
import shlex

from tests.commands.running import ROOT, Place, Ran
from tests.commands.test_clinic import RIVERSIDE, sent
from tests.telegram_stand_in import StandIn

PAGE = (ROOT / "docs" / "clinic.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
EXAMPLE = "PL-7K3M-9QXH"


async def test_every_command_of_the_page_does_what_it_says(place: Place) -> None:
    async with StandIn() as telegram:
        place.set = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE_URL": telegram.url}
        said = await asyncio.to_thread(lambda: list(followed(place)))
    ran = dict(said)
    assert len(ran) == len(COMMANDS) > 12
    assert "?start=" in ran[COMMANDS[0]].out
    assert re.search(
        r"/link [0-9A-Z-]{14}\n", ran["plumbline clinic show riverside-physiotherapy"].out
    )
    assert "whsec_" in "".join(one.out for command, one in said if "webhook-url" in command)
    assert (place.folder / f"{RIVERSIDE}.png").exists()
    assert (place.folder / f"{RIVERSIDE}.svg").exists()
    assert (place.folder / "intakes.csv").exists()


def followed(place: Place) -> list[tuple[str, Ran]]:
    said = []
    reference = ""
    for command in COMMANDS:
        if command.startswith("plumbline intake") and not reference:
            reference = sent(place)
        program, *words = shlex.split(command.replace(EXAMPLE, reference))
        assert program == "plumbline"
        ran = place.run(*words)
        assert (ran.status, ran.error) == (0, ""), command
        said.append((command, ran))
    return said


def test_the_words_of_the_page_are_those_of_the_bot() -> None:
    words = (ROOT / "content" / "en" / "sharing.yaml").read_text(encoding="utf-8")
    for label in ("Send to {clinic}", "Let {clinic} know"):
        assert f'"{label}"' in words
        said = label.replace("{clinic}", "Riverside Physiotherapy")
        assert f"**{said}**" in " ".join(PAGE.split())
