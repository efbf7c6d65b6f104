"""What a patient wrote, and every key, is found in no log line and in no file but the sealed ones."""

import asyncio
from pathlib import Path

from tests.commands.running import Place
from tests.handover.receiver import Receiver, new_certificate
from tests.telegram_stand_in import StandIn
from tests.whole.answering import BUTTONS, WORDS, answers
from tests.whole.people import ANA
from tests.whole.running import plumbline
from tests.whole.test_clinic import NAME, found, run

GOAL = "hurdling over zebracrossings"
PATIENT = "Quillfeather"
PHONE = "07700 900987"
CRY = "my numberless calf is swollen like a watermelon"
REFUSED_NAME = "4815162342"


async def test_no_log_and_no_file_tells_what_a_patient_said(tmp_path: Path) -> None:
    certificate = new_certificate(tmp_path)
    folder, logged = tmp_path / "plumbline", tmp_path / "log"
    folder.mkdir()
    async with StandIn() as telegram, Receiver(certificate) as receiver:
        environment = {
            "SSL_CERT_FILE": str(certificate.certificate),
            "ALLOW_PRIVATE_WEBHOOKS": "yes",
            "LOG_LEVEL": "DEBUG",
        }
        known = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE_URL": telegram.url}
        place = Place(folder, set={**known, **environment})
        ana, maria = telegram.patient("Ana", language_code="en"), telegram.patient("Maria")
        async with plumbline(telegram, folder, logged, **environment):
            added = await run(
                place, "clinic", "add", NAME, "--country", "GB", "--language", "en",
                "--webhook-url", receiver.url,
            )  # fmt: skip
            code, secret = found(r"\?start=(\w+)", added), found(r"whsec_(\S+)", added)
            shown = await run(place, "clinic", "show", "riverside-physiotherapy")
            staff_code = found(r"/link (\S+)", shown)
            group = telegram.group("Riverside staff", maria)
            await group.adds_bot()
            await group.member(maria).sees("/link@", timeout=20)
            await group.member(maria).sends(f"/link {staff_code}")
            await group.member(maria).sees("now gets the intakes")

            await ana.sends(f"/start {code}")
            await ana.sees(f"You came here from {NAME}")
            await ana.taps(BUTTONS.agree)
            await ana.sees("How old are you?")
            await ana.sends(CRY)
            await ana.sees("swollen, warm or sore?")
            await ana.taps(f"2  {WORDS.concerns.no}")
            await ana.sees("How old are you?")
            await answers(ana, {**ANA, "goal": GOAL})
            await ana.taps(BUTTONS.see_result)
            await ana.taps(WORDS.sharing.buttons.send.format(clinic=NAME))
            await ana.sees("What is your name?")
            await ana.sends(REFUSED_NAME)
            await ana.sees("does not look like a name")
            await ana.sends(PATIENT)
            await ana.sees("What is your phone number?")
            await ana.sends(PHONE)
            await ana.taps(WORDS.sharing.buttons.yes_send)
            await ana.sees("Your number is")
            await ana.taps(WORDS.later.offer.yes)
            await ana.sees("We will ask you in 14 days")
            urgent = await group.member(maria).sees("PL-", anywhere=True)
            await maria.sends("/start")
            await group.member(maria).taps("Open", message=urgent)
            await maria.sees(PATIENT)
            async with asyncio.timeout(20):
                while not receiver.posts:  # noqa: ASYNC110 - it rings no bell
                    await asyncio.sleep(0.05)
            await ana.sends(CRY)
            await ana.sees("swollen, warm or sore?")  # it stays open
            await telegram.drained()
        assert telegram.breaches == []

    key = next(path for path in folder.rglob("*") if path.is_file() and "key" in path.name)
    secrets = {
        "goal": GOAL, "name": PATIENT, "phone": "7700900987", "typed phone": PHONE,
        "cry": "watermelon", "refused name": REFUSED_NAME, "token": telegram.token.split(":")[1],
        "signing key": secret, "staff code": staff_code, "the same": staff_code.replace("-", ""),
        "chat": str(ana.user.id), "data key": key.read_text().strip(), "clinic": NAME,
    }  # fmt: skip
    told = logged.read_text()
    assert len(told.splitlines()) > 20
    assert [what for what, said in secrets.items() if said in told] == []
    for path in folder.rglob("*"):
        if not path.is_file() or path == key:
            continue
        content = path.read_bytes()
        open_ = ("clinic",) if path.suffix == ".pdf" else ()
        leaked = [
            what
            for what, said in secrets.items()
            if what not in open_ and (said.encode() in content or said.lower().encode() in content)
        ]
        assert leaked == [], path.name
