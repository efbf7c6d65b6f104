"""Whatever anybody presses, in whatever group: only a member, only their own, always noted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assembly import load_knowledge
from bot.staff.buttons import Deed, button_data, opening, read_button, read_opening
from bot.staff.desk import Desk, Outcome
from bot.staff.ports import ChannelError, Group, Member
from bot.staff.words import StaffWords
from bot.store.sqlite import SqliteStore
from tests.handover.making import SECRET_WORDS, clinic, sent, withdraws

WORDS = StaffWords(load_knowledge().contents, "en")
GROUPS = ("telegram:1:-1", "telegram:1:-2", "telegram:1:-3")
PEOPLE = ("telegram:1:11", "telegram:1:12", "telegram:1:13")


@dataclass
class People:
    """Who is in which group; ``away``: Telegram does not say."""

    members: dict[str, set[str]]
    away: bool = False
    known: set[str] = field(default_factory=lambda: set(PEOPLE))

    async def is_member(self, group: str, person: str) -> bool:
        if self.away:
            raise ChannelError("TimedOut")
        return person in self.members.get(group, set())

    async def can_be_written_to(self, person: str) -> bool:
        return person in self.known

    def link_to_open(self, payload: str) -> str:
        return f"https://t.me/bot?start={payload}"


@dataclass(frozen=True)
class Press:
    """Somebody presses something about an intake (0, 1: of the clinics; 2: of none), somewhere."""

    person: int
    group: int
    intake: int
    deed: str
    way: str


PRESSES = st.builds(
    Press,
    person=st.integers(0, 2),
    group=st.integers(0, 2),
    intake=st.integers(0, 2),
    deed=st.sampled_from(["open", "handled", "delete", ""]),
    way=st.sampled_from(["button", "start", "away", "public"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PRESSES, max_size=12), st.booleans())
def test_nobody_ever_reads_or_handles_what_is_not_theirs(
    presses: list[Press], taken_back: bool
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_press(Path(folder), presses, taken_back))


async def _press(folder: Path, presses: list[Press], taken_back: bool) -> None:
    store = SqliteStore(folder / "plumbline.db")
    await store.open()
    clinics = [clinic(), clinic("Hilltop")]
    # Each clinic has a group with one member; the third group and the third person have nothing.
    people = People({GROUPS[0]: {PEOPLE[0]}, GROUPS[1]: {PEOPLE[1]}})
    desk = Desk(store, WORDS, people)
    made = []
    for number, one in enumerate(clinics):
        await store.clinics.add_clinic(one.stored())
        code = await store.clinics.new_staff_code(str(one.id))
        assert await store.clinics.link_staff(code, GROUPS[number], "nurse")
        made.append(await sent(store, one, patient=f"telegram:1:{number + 100}"))
    if taken_back:
        await store.apply("telegram:1:100", None, withdraws(made[0].id))
    linked = {0, 1}
    for number, press in enumerate(presses):
        person, group = PEOPLE[press.person], GROUPS[press.group]
        ids = [str(one.id) for one in made] + [str(uuid4())]
        people.away = press.way == "away"
        trail = len(await store.clinics.trail())
        member = Member(person, f"Person {press.person}", "en")
        outcome: Outcome | None
        if press.way == "start":
            reference = made[press.intake].reference if press.intake < 2 else clinics[0].name
            outcome = await desk.started(member, opening(reference), f"e{number}")
            may = press.intake < 2 and press.person == press.intake and press.intake in linked
        else:
            place = Group(group, press.way == "public", "bot")
            data = f"staff:{press.deed}:{ids[press.intake]}"
            outcome = await desk.press(place, member, data, f"e{number}")
            own = press.group == press.intake and press.intake in linked
            may = own and press.person == press.group and press.way == "button"
            if own and press.way == "public" and press.deed in ("open", "handled"):
                linked.discard(press.group)
        gone = taken_back and press.intake == 0
        read = "open" in (press.deed, press.way) or press.way == "start"
        pending = await store.pending(person)
        shows = any(SECRET_WORDS in str(sending.body) for sending in pending)
        for sending in pending:
            await store.drop(sending)
        assert shows is (may and read and not gone), (press, outcome)
        fresh = (await store.clinics.trail())[: len(await store.clinics.trail()) - trail]
        if shows:
            assert [one.what for one in fresh] == ["opened"]
        for at, id in enumerate(ids[:2]):
            found = await store.clinics.intake(id)
            assert found is not None
            assert found.handling is None or found.handling.by == f"Person {at}"
        for address in GROUPS:
            assert SECRET_WORDS not in str([row.body for row in await store.pending(address)])
    await store.close()


@given(st.text(max_size=80))
def test_any_text_is_no_button_or_one_of_ours(data: str) -> None:
    read = read_button(data)
    assert read is None or button_data(*read) == data


@given(st.uuids(), st.sampled_from(list(Deed)))
def test_buttons_are_read_as_they_were_made(id: object, deed: Deed) -> None:
    data = button_data(deed, str(id))
    assert read_button(data) == (deed, str(id))
    assert len(data.encode()) <= 64


@given(st.text(max_size=80))
def test_any_start_is_no_opening_or_one_of_ours(argument: str) -> None:
    reference = read_opening(argument)
    assert reference is None or read_opening(opening(reference)) == reference
