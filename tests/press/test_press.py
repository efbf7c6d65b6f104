"""Whatever happens to the process that sets, what is ordered is made, or refused in time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

from bot.press.press import Press, PressError
from bot.typesetting import typeset

TEMPLATE = b"""
#let data = json(bytes(sys.inputs.data))
#set page(width: 120pt, height: 20pt, margin: 2pt)
#data.said
"""
SAID = {"said": "heel, Größe, ℞"}
SLEEPER = "#!/bin/sh\nexec sleep 60\n"


@pytest.fixture
def press() -> Iterator[Press]:
    press = Press()
    yield press
    press.close()


def ordered(press: Press, said: object = SAID) -> bytes:
    return press.typeset(TEMPLATE, said, form="png", ppi=72)


def pid(press: Press) -> int:
    assert press.pid is not None
    return press.pid


def started(press: Press) -> int:
    ordered(press)
    return pid(press)


def gone(pid: int, within: float = 5.0) -> bool:
    until = monotonic() + within
    while monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        except FileNotFoundError:
            return True
        if state.split()[0] == "Z":
            return True
        sleep(0.01)
    return False


def in_thread(press: Press) -> Future[bytes]:
    threads = ThreadPoolExecutor(1)
    order = threads.submit(ordered, press)
    threads.shutdown(wait=False)
    return order


def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process that is started from now on hangs."""
    sleeper = tmp_path / "sleeper"
    sleeper.write_text(SLEEPER, encoding="utf-8")
    sleeper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(sleeper))


def test_it_sets_the_same_as_here_and_one_process_sets_it_all(press: Press) -> None:
    here = typeset(TEMPLATE, SAID, form="png", ppi=72)
    assert ordered(press) == here
    first = pid(press)
    assert first != os.getpid()
    pdf = press.typeset(TEMPLATE, SAID, form="pdf")
    assert pdf == typeset(TEMPLATE, SAID, form="pdf")
    assert ordered(press) == here
    assert pid(press) == first


def test_the_typesetter_is_not_loaded_where_orders_are_given() -> None:
    check = (
        "import sys\n"
        "import bot.telegram, bot.assembly, bot.commands.run\n"
        "from bot.press.press import Press\n"
        "press = Press()\n"
        f"assert press.typeset({TEMPLATE!r}, {SAID!r}, form='png')\n"
        "press.close()\n"
        "print([name for name in sys.modules if 'typst' in name])\n"
    )
    told = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, text=True)
    assert told.stdout == "[]\n"


def test_what_cannot_be_set_is_told_by_its_type_and_the_process_goes_on(press: Press) -> None:
    first = started(press)
    with pytest.raises(PressError) as refused:
        press.typeset(b"#panic(sys.inputs.data)", SAID, form="png")
    assert str(refused.value) == "TypstError"
    assert ordered(press)
    assert pid(press) == first


def test_a_process_that_was_killed_between_orders_is_started_anew(press: Press) -> None:
    first = started(press)
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    assert ordered(press)
    assert pid(press) != first


def test_a_process_that_is_killed_over_an_order_costs_a_second_attempt(press: Press) -> None:
    first = started(press)
    os.kill(first, signal.SIGSTOP)
    order = in_thread(press)
    sleep(0.2)
    assert not order.done()
    os.kill(first, signal.SIGKILL)
    assert order.result(timeout=10)


def test_a_process_that_hangs_is_ended_and_the_order_is_set_by_another() -> None:
    press = Press(limit=2.0)
    first = started(press)
    os.kill(first, signal.SIGSTOP)
    began = monotonic()
    assert ordered(press)
    assert 2.0 <= monotonic() - began < 5.0
    assert gone(first)
    press.close()


def test_where_every_process_hangs_an_order_is_refused_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging(tmp_path, monkeypatch)
    press = Press(limit=0.5)
    began = monotonic()
    with pytest.raises(PressError, match="ProcessEnded"):
        ordered(press)
    assert 1.0 <= monotonic() - began < 3.0
    press.close()


def test_where_no_process_can_be_started_an_order_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    press = Press()
    with pytest.raises(PressError, match="FileNotFoundError"):
        ordered(press)
    press.close()


def test_an_idle_process_ends_and_the_next_order_starts_one() -> None:
    press = Press(idle=0.5)
    first = started(press)
    sleep(0.3)
    assert started(press) == first
    sleep(0.3)
    assert pid(press) == first  # it was wanted again in the meantime
    assert gone(first)
    assert press.pid is None
    assert started(press) != first
    press.close()


def test_closing_ends_an_order_under_way_and_sets_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging(tmp_path, monkeypatch)
    press = Press()
    order = in_thread(press)
    while press.pid is None:
        sleep(0.01)
    hung = pid(press)
    began = monotonic()
    press.close()
    with pytest.raises(PressError):
        order.result(timeout=5)
    assert monotonic() - began < 2.0
    assert gone(hung)
    with pytest.raises(PressError):
        ordered(press)
    assert press.pid is None


def test_the_process_ends_with_whoever_started_it() -> None:
    orderer = (
        "import time\n"
        "from bot.press.press import Press\n"
        "press = Press()\n"
        f"press.typeset({TEMPLATE!r}, {SAID!r}, form='png')\n"
        "print(press.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", orderer], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        started = int(parent.stdout.readline())
        assert Path(f"/proc/{started}").exists()
        parent.kill()
    assert gone(started)


def test_it_does_not_stop_at_the_signals_that_stop_the_bot(press: Press) -> None:
    first = started(press)
    os.kill(first, signal.SIGTERM)
    os.kill(first, signal.SIGINT)
    assert ordered(press)
    assert pid(press) == first


def test_it_is_given_no_secret_and_nothing_of_a_patient_but_through_the_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456789:secret")
    monkeypatch.setenv("DATA_KEY", "secret")
    press = Press()
    ordered(press, {"said": "patient"})
    process = Path(f"/proc/{pid(press)}")
    command, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
    assert command.endswith(b"\0-P\0-m\0bot.press\0")
    assert b"secret" not in environment
    assert b"patient" not in environment
    open_files = {str(file.readlink()) for file in (process / "fd").iterdir()}
    assert not {file for file in open_files if file.startswith("/") and file != "/dev/null"}
    press.close()
