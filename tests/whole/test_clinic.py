"""A clinic and two patients, from the poster's code to handled: the real program throughout."""

import asyncio
import re
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from tests.commands.running import Place
from tests.handover.receiver import Receiver, new_certificate
from tests.telegram_stand_in import Patient, StandIn
from tests.whole.answering import BUTTONS, WORDS, answers
from tests.whole.people import ANA, BEN, WELL
from tests.whole.running import plumbline

NAME = "Riverside Physiotherapy"
SENDING = WORDS.sharing


async def run(place: Place, *words: str) -> str:
    ran = await asyncio.to_thread(place.run, *words)
    assert ran.status == 0, ran.error
    return ran.out


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


async def comes_and_sends(
    patient: Patient, code: str, sheet: dict[str, object], name: str, phone: str = ""
) -> str:
    """From the code on the poster to the reference of what was sent."""
    await patient.sends(f"/start {code}")
    await patient.sees(f"You came here from {NAME}", timeout=20)
    await patient.taps(BUTTONS.agree)
    await patient.sees("How old are you?")
    await answers(patient, sheet)
    emergency = sheet is EMERGENCY
    if not emergency:
        await patient.taps(BUTTONS.see_result)
    label = SENDING.buttons.let_know if emergency else SENDING.buttons.send
    await patient.taps(label.format(clinic=NAME))
    await patient.sees("What is your name?")
    await patient.sends(name)
    await patient.sees("What is your phone number?")
    await patient.sends(phone or "skip")
    await patient.sees("Do you want to send it?")
    await patient.taps(SENDING.buttons.yes_send)
    sent = await patient.sees("Your number is")
    return found(r"(PL-\w{4}-\w{4})", sent.text)


EMERGENCY: dict[str, object] = {**ANA, "saddle": "new"}


async def test_from_the_poster_to_handled(tmp_path: Path) -> None:
    certificate = new_certificate(tmp_path)
    folder = tmp_path / "plumbline"
    folder.mkdir()
    async with StandIn() as telegram, Receiver(certificate) as receiver:
        environment = {
            "SSL_CERT_FILE": str(certificate.certificate),
            "ALLOW_PRIVATE_WEBHOOKS": "yes",
        }
        place = Place(
            folder,
            set={
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "TELEGRAM_API_BASE_URL": telegram.url,
                **environment,
            },
        )
        async with plumbline(telegram, folder, **environment):
            # The operator adds the clinic, its server and its poster.
            added = await run(
                place, "clinic", "add", NAME, "--country", "GB", "--language", "en",
                "--webhook-url", receiver.url,
            )  # fmt: skip
            code = found(r"\?start=(\w+)", added)
            secret = found(r"(whsec_\S+)", added)
            shown = await run(place, "clinic", "show", "riverside-physiotherapy")
            staff_code = found(r"/link (\S+)", shown)

            # The staff link their group.
            maria, joe = telegram.patient("Maria"), telegram.patient("Joe")
            group = telegram.group("Riverside staff", maria, joe)
            await group.adds_bot()
            await group.member(maria).sees("/link@", timeout=20)
            await group.member(maria).sends(f"/link {staff_code}")
            await group.member(maria).sees(f"now gets the intakes of {NAME}")

            # Two patients come from the poster.
            ana = telegram.patient("Ana", language_code="en")
            ben = telegram.patient("Ben", language_code="en")
            of_ben = await comes_and_sends(ben, code, dict(BEN), "Ben O'Neil")
            of_ana = await comes_and_sends(ana, code, EMERGENCY, "Ana Belén", "07700 900123")
            await group.member(joe).sees(of_ben, anywhere=True)
            urgent = await group.member(joe).sees(of_ana, anywhere=True)
            assert urgent.text.startswith("EMERGENCY")
            assert "Ana" not in group.chat.render().replace("Riverside", "")

            # Joe opens the urgent one: he is led to the bot, and reads it there.
            tap = await group.member(joe).taps("Open", message=urgent)
            url = (await group.member(joe).gets_an_answer(tap)).url
            assert url is not None
            await joe.sends(f"/start {url.partition('?start=')[2]}")
            await joe.sees("Name: Ana Belén")
            await group.member(joe).taps("Mark as handled", message=urgent)
            await group.member(joe).sees("Handled by Joe")

            # Their server has both, signed; one is taken back, and both are told.
            async with asyncio.timeout(20):
                while len(receiver.posts) < 2:  # noqa: ASYNC110 - it rings no bell
                    await asyncio.sleep(0.05)
            await ben.sends("/withdraw")
            await ben.taps(f"Take back {of_ben}")
            await group.member(maria).sees("TAKEN BACK", timeout=10)
            async with asyncio.timeout(20):
                while len(receiver.posts) < 3:  # noqa: ASYNC110 - it rings no bell
                    await asyncio.sleep(0.05)
            told = [Webhook(secret).verify(post.body, post.headers) for post in receiver.posts]
            assert {one["data"]["reference"] for one in told[:2]} == {of_ana, of_ben}
            assert (told[2]["type"], told[2]["data"]["reference"]) == ("intake.withdrawn", of_ben)

            listed = await run(place, "intake", "list")
            assert of_ana in listed
            await telegram.drained()
            assert telegram.breaches == []


def test_the_emergency_is_one() -> None:
    assert WELL["saddle"] == "no"
