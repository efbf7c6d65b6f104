"""How screens look on a terminal of 80 columns, and that no failure ends the conversation."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from bot.events import Event, Tap, Words
from bot.reply import Reply
from bot.screens import Attachment, Choice, Layout, Screen, Showing
from bot.store.contract import Effect, Store, StoreError
from bot.store.sealing import new_key
from bot.store.sqlite import SqliteStore
from bot.terminal import ADDRESS, Paper, Terminal, apart
from bot.views.question import question_screen
from bot.wording import Wording
from content.countries import load_countries
from content.loader import load_content
from flows.conversation import Conversation
from flows.loader import load_flow
from flows.models import Kind, Question

FLOW = load_flow()
WORDING = Wording(FLOW, load_content("en", FLOW), load_countries().of("GB"), 90)
SADDLE = Screen(
    name="saddle",
    text="<b>Numb?</b>\n\n<b>1</b> As ever.\n<b>3</b> Since this week &amp; worse.\n\nA hint.",
    choices=tuple(
        Choice(label, f"1:pick:saddle:{number}", number)
        for number, label in enumerate(("No", "Not sure", "Yes"), 1)
    ),
    controls=(Choice("Back", "1:back"), Choice("Skip", "1:skip:saddle")),
)


def printed(screen: Screen, *, wrapped: bool = True, width: int = 80) -> str:
    page = io.StringIO()
    Paper(Console(file=page, width=width, highlight=False), wrapped=wrapped).show(screen)
    return page.getvalue()


def test_each_choice_has_its_detail_below_it_and_the_last_line_says_what_can_be_typed() -> None:
    assert printed(SADDLE) == (
        "\n"
        "Numb?\n"
        "\n"
        "A hint.\n"
        "\n"
        "  1  No\n"
        "     As ever.\n"
        "  2  Not sure\n"
        "  3  Yes\n"
        "     Since this week & worse.\n"
        "\n"
        "1–3 · Back · Skip\n"
    )


def test_ticks_and_details_stand_under_one_another() -> None:
    ticked = [replace(choice, ticked=choice.number == 2) for choice in SADDLE.choices]

    lines = printed(replace(SADDLE, choices=tuple(ticked))).splitlines()

    assert lines[5:8] == ["  [ ] 1  No", "         As ever.", "  [x] 2  Not sure"]


def test_the_scale_is_one_line() -> None:
    scale = tuple(Choice(str(number), f"1:pick:pain:{number}", number) for number in range(11))

    lines = printed(Screen("pain", "How bad?", scale, layout=Layout.SCALE)).splitlines()

    assert lines[-3:] == ["  0  1  2  3  4  5  6  7  8  9  10", "", "0–10"]


def test_many_choices_stand_in_columns_with_their_numbers_aligned() -> None:
    many = tuple(
        Choice(f"Answer {number}", f"1:change:{number}", number) for number in range(1, 38)
    )

    lines = printed(Screen("changing", "Which?", many, layout=Layout.GRID)).splitlines()

    assert len(lines) <= 24
    assert lines[3].startswith("   1  Answer 1 ")
    assert any(line.startswith("  10  Answer 10 ") for line in lines)
    assert lines[-1] == "1–37"
    piped = printed(Screen("changing", "Which?", many, layout=Layout.GRID), wrapped=False)
    assert "\n  37  Answer 37\n" in piped


def test_long_lines_are_wrapped_for_a_terminal_and_only_there() -> None:
    long = "• " + "walking " * 30
    screen = Screen("result", f"<b>Why</b>\n{long}\n12. {'bending ' * 12}")

    for width in (40, 80, 200):
        lines = printed(screen, width=width).splitlines()
        assert max(map(len, lines)) <= min(width, 80)
        assert lines[2].startswith("• walking")
        assert lines[3].startswith("  walking")
        assert lines[-1].startswith("    bending")
    assert long.strip() in printed(screen, wrapped=False)


def test_nothing_said_can_command_the_terminal() -> None:
    screen = Screen("review", "You said: \x1b[2J\x9b2J\x07\ta &lt;b&gt;x&lt;/b&gt; [red]y[/red]")

    said = printed(screen).replace("\n", "")

    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in said)
    assert "<b>x</b> [red]y[/red]" in said


def test_a_text_file_is_printed_and_another_named() -> None:
    data = Attachment("data.json", "application/json", b'{"age": "45_59"}')
    page = Attachment("result.pdf", "application/pdf", b"%PDF-1.7\xff\x00")

    assert '{"age": "45_59"}\n' in printed(Screen("mydata", "All", attachment=data))
    assert "result.pdf\n" in printed(Screen("result", "Take along", attachment=page))
    assert "PDF-1.7" not in printed(Screen("result", "Take along", attachment=page))


@pytest.mark.parametrize("question", FLOW.questions, ids=lambda question: str(question.id))
def test_every_question_is_set_well(question: Question) -> None:
    screen = question_screen(WORDING, Conversation(agreed=True), question, 1)
    options = WORDING.content.question(question.id).options

    text, details = apart(screen)
    lines = printed(screen).splitlines()

    assert details == {
        number: options[code].detail
        for number, code in enumerate(question.codes, 1)
        if options[code].detail is not None
    }
    assert not any(detail in text for detail in details.values())
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 27  # a terminal has 24: only the longest lose their first lines
    assert not any(first == second == "" for first, second in pairwise(lines))
    typed = {Kind.TEXT: "Go back", Kind.SCALE: "0–10 · Go back"}
    assert lines[-1].startswith(typed.get(question.kind, f"1–{len(question.codes)} · Go back"))


# The conversation


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = SqliteStore(tmp_path / "plumbline.db", new_key())
    await store.open()
    yield store
    await store.close()


class Script:
    """The patient's lines, and what could complete each of them."""

    def __init__(self, *lines: str) -> None:
        self._lines = iter(lines)
        self.offered: list[list[str]] = []

    async def next(self, words: list[str]) -> str | None:
        self.offered.append(words)
        return next(self._lines, None)


class Clinic:
    """A service that shows the saddle question again whatever happens, or fails."""

    def __init__(self, store: Store, screen: Screen = SADDLE) -> None:
        self.store = store
        self.screen = screen
        self.events: list[Event] = []
        self.fails: dict[str, Exception] = {}

    async def handle(self, event: Event) -> Reply:
        self.events.append(event)
        if isinstance(event.happening, Words) and event.happening.text in self.fails:
            raise self.fails[event.happening.text]
        send = Showing(self.screen, in_place=False).to_json()
        await self.store.apply(event.patient, None, lambda held, again: Effect({}, (send,)))
        return Reply("Noted.", pending=True)

    async def set_aside(self, event_id: str, address: str | None, error_type: str) -> None:
        sorry = Showing(Screen("notice", f"Sorry: {error_type}"), in_place=False)
        await self.store.set_aside(event_id, address, error_type, (sorry.to_json(),))


async def talked(clinic: Clinic, script: Script) -> str:
    page = io.StringIO()
    paper = Paper(Console(file=page, width=80), wrapped=False)
    await Terminal(clinic, clinic.store, script, paper, None).talk()  # type: ignore[arg-type]
    assert await clinic.store.pending(ADDRESS) == []
    return page.getvalue()


async def test_a_failure_is_told_and_the_conversation_goes_on(store: Store) -> None:
    clinic = Clinic(store)
    clinic.fails = {"poison": ValueError("my words"), "full": StoreError("The disk is full.")}

    said = await talked(clinic, Script("poison", "full", "2"))

    assert "Sorry: ValueError\n" in said
    assert "my words" not in said
    assert "The disk is full.\n" in said
    assert said.count("Noted.") == said.count("Numb?") == 2


async def test_an_empty_line_goes_past_only_where_that_is_possible(store: Store) -> None:
    keep = Choice("Keep", "1:keep:goal")
    for controls, expected in (
        (SADDLE.controls, "1:skip:saddle"),
        ((*SADDLE.controls[:1], keep, *SADDLE.controls[1:]), "1:keep:goal"),
        (SADDLE.controls[:1], None),
    ):
        clinic = Clinic(store, replace(SADDLE, controls=controls))
        await talked(clinic, Script("  "))
        taps = [one.happening.data for one in clinic.events if isinstance(one.happening, Tap)]
        assert taps == ([expected] if expected else [])


async def test_the_labels_of_the_screen_complete_what_is_typed(store: Store) -> None:
    script = Script("1")
    clinic = Clinic(store)

    await talked(clinic, script)
    clinic.screen = Screen("notice", "All is deleted.")
    await talked(clinic, script)

    assert script.offered == [["No", "Not sure", "Yes", "Back", "Skip"]] * 2 + [[]]
