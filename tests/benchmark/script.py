"""What a person of the crowd does at each screen, and a whole interview step by step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.assembly import load_knowledge
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.events import Command, Happening, Words
from bot.events import Tap as Tapped
from bot.record import Json
from bot.screens import Screen
from content.countries import load_countries
from tests.whole.people import ANA, BEN

Sheet = Mapping[str, object]
SHEETS: tuple[Sheet, ...] = (ANA, BEN)
"""The answers the crowd gives: every second person is one of these two."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Tap the button that carries this."""

    data: str


@dataclass(frozen=True, slots=True)
class Say:
    """Send these words."""

    text: str


Deed = Tap | Say
START = Say("/start")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an interview: what is shown, what is stored then, what the person does next."""

    shown: tuple[Screen, ...]
    record: Json
    deed: Deed | None

    @property
    def screen(self) -> Screen:
        """The screen that is waited at: the last one."""
        return self.shown[-1]


def next_deed(buttons: Sequence[str], sheet: Sheet) -> Deed | None:
    """What somebody with these answers does at a screen whose buttons carry this; None: done."""
    by_verb: dict[str, list[str]] = {}
    for data in buttons:
        by_verb.setdefault(data.split(":")[1], []).append(data)
    for verb in ("agree", "confirm"):
        if verb in by_verb:
            return Tap(by_verb[verb][0])
    if "done" in by_verb:
        answer = sheet[by_verb["done"][0].split(":")[2]]
        assert isinstance(answer, list)
        unticked = [d for d in by_verb.get("tick", ()) if d.rsplit(":", 1)[1] in answer]
        return Tap(unticked[0] if unticked else by_verb["done"][0])
    if "pick" in by_verb:
        answer = str(sheet[by_verb["pick"][0].split(":")[2]])
        return Tap(next(d for d in by_verb["pick"] if d.rsplit(":", 1)[1] == answer))
    if "skip" in by_verb:
        return Say(str(sheet[by_verb["skip"][0].split(":")[2]]) or "skip")
    return None


def buttons_of(screen: Screen) -> list[str]:
    """What the buttons of a screen carry, in reading order."""
    return [choice.data for choice in (*screen.choices, *screen.controls)]


def interviews() -> tuple[tuple[Step, ...], ...]:
    """The interview of each of the `SHEETS`, from the start to the result, without any channel."""
    knowledge = load_knowledge()
    setting = Setting("en", load_countries().of("GB"), retention_days=90)
    dialogue = Dialogue(knowledge.machine, knowledge.contents, setting)
    return tuple(tuple(_steps(dialogue, sheet)) for sheet in SHEETS)


def _steps(dialogue: Dialogue, sheet: Sheet) -> Iterator[Step]:
    record, happening = None, _as_event(START)
    while True:
        response = dialogue.respond(record, happening, address="telegram:1:1", hint="en")
        record = response.record
        assert record is not None
        # Pictures come beside the words, and nobody waits for them.
        screens = (showing.screen for showing in response.showings)
        shown = tuple(screen for screen in screens if screen.picture is None)
        deed = next_deed(buttons_of(shown[-1]), sheet)
        yield Step(shown, record.to_json(), deed)
        if deed is None:
            return
        happening = _as_event(deed)


def _as_event(deed: Deed) -> Happening:
    if deed == START:
        return Command("start")
    return Words(deed.text) if isinstance(deed, Say) else Tapped(deed.data, on_live=True)
