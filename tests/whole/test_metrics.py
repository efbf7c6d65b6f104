"""What an operator sees of a whole interview: states and urgencies, nothing of the patient."""

from pathlib import Path

import aiohttp

from tests.telegram.test_webhook import free_port
from tests.telegram_stand_in import StandIn
from tests.whole.running import plumbline


async def test_an_emergency_is_counted(tmp_path: Path) -> None:
    port = free_port()
    environment = {"METRICS_LISTEN": f"127.0.0.1:{port}"}
    async with StandIn() as telegram, plumbline(telegram, tmp_path, **environment):
        ana = telegram.patient("Ana")
        await ana.sends("/start")
        await ana.sees("This is Plumbline", timeout=20)
        await ana.taps("I agree, start")
        await ana.taps("35 to 44")
        await ana.sends("back")
        await ana.sees("Ticked.")
        await ana.sends("done")
        await ana.sees("worst things first")
        await ana.sends("not sure")
        await ana.sees("Get emergency help now")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as response,
        ):
            text = await response.text()
        assert 'plumbline_urgencies_total{urgency="emergency"} 1.0' in text
        assert 'plumbline_transitions_total{state="complaints"} 1.0' in text
        assert "Ana" not in text
        assert str(ana.chat.id) not in text
