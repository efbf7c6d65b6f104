"""`chat`: an interview typed by a script, and by a person at a terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from bot.store.contract import Effect
from bot.store.sealing import new_key
from bot.store.sqlite import SqliteStore
from content.loader import languages, load_content
from tests.commands.running import FLOW, MODULE, PATIENTS, Place, finished, numbers, standing

SPOKEN = ", ".join(languages())
WORDS = load_content("en", FLOW)
INTERFACE, RESULTS = WORDS.interface, WORDS.results
WHOLE = next(
    patient
    for patient in PATIENTS.values()
    if {"back", "leg", "foot"} <= set(patient.sheet["complaints"])  # type: ignore[call-overload]
    and patient.expect.link == "mixed"
)
FOOT = PATIENTS["calm_foot"]


def wording(text: str) -> str:
    """A text as it is printed, up to its first place to fill in."""
    return re.sub(r"</?[bi]>", "", text).partition("{")[0].split("\n")[0]


def labels(sheet: dict[str, object]) -> list[str]:
    """What is typed at each question of a sheet, in words."""
    typed = []
    for id, answer in standing(sheet).answers.items():
        options = WORDS.question(id).options
        if isinstance(answer, tuple):
            named = [options[code].label for code in answer]
            typed.append(named[0] if len(named) == 1 else "; ".join(named))
        else:
            typed.append(options[answer].label if answer in options else str(answer))
    return typed


# By a script: one line for each answer


def test_a_whole_interview_by_numbers_reaches_the_result(place: Place) -> None:
    said = place.chat("1", *numbers(WHOLE.sheet), "see my result")

    for question in standing(WHOLE.sheet).asked:
        assert wording(WORDS.question(question).ask) in said
    assert f"\n{wording(INTERFACE.review.title)}\n" in said
    _, result = said.split(wording(INTERFACE.review.title))
    assert wording(RESULTS.urgency[WHOLE.expect.urgency].headline) in result
    assert wording(RESULTS.links["mixed"].title) in result
    assert wording(RESULTS.safety_net.title) in result
    assert place.files().keys() >= {"data/plumbline.db", "data/plumbline.db.key"}


def test_a_whole_interview_by_words_on_two_days(place: Place) -> None:
    typed = ["I AGREE, start", *labels(dict(FOOT.sheet)), "see my result"]

    place.chat(*typed[:9])
    said = place.chat(*typed[9:])

    assert said.startswith(f"\n{wording(INTERFACE.welcome.returning)}")
    assert wording(RESULTS.urgency[FOOT.expect.urgency].headline) in said


def test_an_empty_line_skips_the_goal_and_keeps_one_given_before(place: Place) -> None:
    goal = INTERFACE.skipped
    asked = numbers(FOOT.sheet)[:-1]
    number = str(len(asked) + 1)

    skipped = place.chat("1", *asked, "")
    kept = place.chat("change an answer", number, "Dance", "change an answer", number, "")

    topic = WORDS.question("goal").topic
    assert f"{number}. {topic}: {goal}" in skipped
    assert kept.count(f"{number}. {topic}: Dance") == 2


def test_an_emergency_says_whom_to_call(place: Place) -> None:
    said = place.chat("1", "3", "ankle, heel or foot", "1", DEFAULT_COUNTRY="GB")

    assert wording(RESULTS.emergency_screen.title) in said
    assert "Call 999 now." in said
    assert said.rstrip().endswith(INTERFACE.buttons.delete_all)


def test_every_command_is_answered(place: Place) -> None:
    said = place.chat(
        "/start", "1", "4", "/help", "/privacy", "/language", "/back", "/BACK", "/mydata",
        "/nonsense", "/", "/restart", "2", "/cancel", "/start", "/delete", "1", "/mydata",
    )  # fmt: skip

    for text in (
        INTERFACE.help,
        INTERFACE.privacy.text,
        INTERFACE.language_choice,
        INTERFACE.mydata.title,
        INTERFACE.errors.unknown_command,
        INTERFACE.restart.confirm,
        INTERFACE.notices.kept,
        INTERFACE.notices.stopped,
        INTERFACE.welcome.returning,
        INTERFACE.delete.confirm,
        INTERFACE.notices.deleted,
        INTERFACE.notices.deleted_nothing,
    ):
        assert wording(text) in said, text
    assert said.count(wording(INTERFACE.errors.unknown_command)) == 2
    assert '"age": "45_59"' in said
    assert said.index(wording(INTERFACE.notices.deleted)) < said.index(
        wording(INTERFACE.notices.deleted_nothing)
    )


def test_a_clinics_code_that_nobody_knows_is_told_kindly(place: Place) -> None:
    ran = place.run("chat", "--clinic", "feet-first")

    assert (ran.status, ran.error) == (0, "")
    assert wording(INTERFACE.notices.unknown_clinic_code) in ran.out
    assert "feet-first" not in ran.out


def test_answers_that_are_too_old_are_gone_at_the_next_start(place: Place) -> None:
    key, past = new_key(), time.time() - 3 * 24 * 60 * 60

    async def answered_then() -> None:
        store = SqliteStore(place.folder / "data" / "plumbline.db", key, clock=lambda: past)
        await store.open()
        await store.apply("terminal:local", None, lambda held, again: Effect({"age": "45_59"}))
        await store.close()

    asyncio.run(answered_then())

    said = place.chat("/mydata", DATA_KEY=key, RETENTION_DAYS="2")

    assert "45_59" not in said
    assert "This is Plumbline" in said


def test_a_language_that_is_not_spoken_is_one_line(place: Place) -> None:
    ran = place.run("chat", "--language", "xx")

    assert ran.status == 2
    assert ran.line == f"plumbline: --language xx is not spoken here; choose of: {SPOKEN}."
    assert place.files() == {}


def test_nothing_that_can_be_typed_is_lost_or_breaks_it(place: Place) -> None:
    strange = (
        b"\xff\xfe\xc3(", b"\0\0", b"x" * 10_000, "\U0001f9b6 \U0001f44d".encode(),
        "\u05db\u05d0\u05d1 \u05d2\u05d1".encode(), b"<b>back</b> & <script>", b"\x1b[2J\x1b]0;x\x07",
        b"7", b"-1", b"1.0", "\u0663".encode(), b"\t\t", b" \r",
    )  # fmt: skip
    typed = b"\n".join((b"1", *strange, b"4", *strange)) + b"\nback"

    ran = place.run("chat", typed=typed)

    assert (ran.status, ran.error) == (0, "")
    assert wording(INTERFACE.errors.not_understood) in ran.out
    assert wording(INTERFACE.errors.too_long) in ran.out
    assert wording(INTERFACE.errors.our_error) not in ran.out
    assert "\x1b" not in ran.out
    assert WORDS.question("complaints").ask.plain() in ran.out


def test_a_goal_is_shown_as_it_was_written_without_commanding_the_terminal(place: Place) -> None:
    goal = "<b>Run</b> & {jump} \x1b[2J\U0001f3c3"

    said = place.chat("1", *numbers(FOOT.sheet)[:-1], goal)

    assert "<b>Run</b> & {jump} " in said
    assert "\U0001f3c3" in said
    assert "\x1b" not in said


@pytest.fixture
def interruptible() -> Iterator[None]:
    """What is started can be interrupted, also where this run was started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_it_well_though_no_line_comes(place: Place) -> None:
    with place.start("chat") as process:
        assert process.stdout
        assert process.stdin
        while INTERFACE.buttons.read_privacy.encode() not in process.stdout.readline():
            pass
        time.sleep(0.5)  # until it waits for a line
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_a_reader_who_has_enough_is_no_failure(place: Place) -> None:
    with place.start("chat") as process:
        assert process.stdout
        process.stdout.close()
        process.stdout = None
        ran = finished(process, "1\n" * 5)
    assert (ran.status, ran.error) == (0, "")


# By a person at a terminal


class Sitting:
    """A person at a terminal of 80 columns and 24 lines."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self._terminal = terminal
        self.process = process
        self._seen = b""

    def type(self, keys: bytes | str) -> None:
        self._seen = b""
        os.write(self._terminal, keys.encode() if isinstance(keys, str) else keys)

    def sees(self, text: str) -> str:
        """Wait until the text is there; everything seen since the last keys."""
        until = time.monotonic() + 20
        while text not in (seen := self._plain()):
            assert time.monotonic() < until, seen
            ready, _, _ = select.select([self._terminal], [], [], 0.1)
            if ready:
                self._seen += os.read(self._terminal, 65536)
        return seen

    def _plain(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._seen.decode("utf-8", "replace")).replace(
            "\r", ""
        )

    def leaves(self, key: str) -> int:
        """Press a key, read what still comes, and wait for the program's end."""
        self.type(key)
        with suppress(OSError):  # that is how a terminal says that nobody is there any more
            while select.select([self._terminal], [], [], 20)[0]:
                os.read(self._terminal, 65536)
        return self.process.wait(1)


@contextmanager
def sitting(place: Place) -> Iterator[Sitting]:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    environment = place.environment({"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"})
    with subprocess.Popen(
        [*MODULE, "chat"],
        cwd=place.folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        try:
            yield Sitting(ours, process)
        finally:
            process.kill()
            os.close(ours)


@pytest.mark.parametrize("key", ["\x04", "\x03"], ids=["Ctrl-D", "Ctrl-C"])
def test_at_a_terminal_tab_completes_and_leaving_is_no_failure(place: Place, key: str) -> None:
    with sitting(place) as person:
        first = person.sees("\n>")
        person.type("i ag\t")
        person.sees("I agree, start")
        person.type("\r")
        age = person.sees("\n>")
        person.type("\x1b[A\x1b[D\t\t")  # up, left and Tab where there is nothing to complete
        person.type("\x05\x154\r")
        complaints = person.sees("Done\n>")
        status = person.leaves(key)

    assert "1 · Read about my data" in first
    assert all(len(line) <= 80 for line in (first + age + complaints).splitlines())
    assert "4  None of these" in complaints
    assert "1–6 · Go back" in age
    assert status == 0
    assert "4  None of these" in place.chat()


def test_at_a_terminal_bytes_that_are_no_letters_are_no_failure(place: Place) -> None:
    with sitting(place) as person:
        person.sees("\n>")
        person.type(b"\xff\xfe\xc3 (\r")
        said = person.sees("\n>")
        status = person.leaves("\x04")

    assert wording(INTERFACE.errors.our_error) not in said
    assert status == 0
