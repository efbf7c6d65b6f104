"""Pictures over Telegram: after the words, uploaded once, taken away in time, in nobody's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.pictures.painter import Painter
from bot.record import Record
from bot.screens import Screen, Showing
from bot.service import Service
from bot.settings import load_settings
from bot.store.contract import Effect
from bot.store.postgres import PostgresStore
from bot.store.sealing import new_key
from bot.store.sqlite import SqliteStore
from bot.telegram import pictures, run
from bot.telegram.http import AiohttpRequest
from bot.telegram.quiet import quieten
from bot.telegram.sender import Sender
from bot.views.pictures import pictures_of
from bot.web.metrics import Metrics
from bot.wording import Wording
from content.countries import load_countries
from content.loader import load_content
from flows.answers import Answer
from flows.conversation import RESULT, Conversation
from flows.interview import walk
from flows.loader import load_flow
from flows.machine import ConversationMachine
from flows.models import Question
from tests.dialogue.test_pictures import finished
from tests.store.postgres_server import NoServerError, Server
from tests.telegram.conftest import ENGLISH
from tests.telegram.interview import address_of
from tests.telegram_stand_in import Message, Patient, StandIn
from tests.whole.people import ANA, BEN

FLOW = load_flow()
CONTENTS = {code: load_content(code, FLOW) for code in ("en", "es")}
WORDS = CONTENTS["en"]
WORDING = Wording(FLOW, WORDS, load_countries().of("GB"), 30)
BUTTONS = WORDS.interface.buttons
TITLE = WORDS.pictures.chain.title.plain()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "RETRY_FIRST", 0.05)
    monkeypatch.setattr(pictures, "RETRY_LONGEST", 0.2)


class Clinic:
    """The real service on a real database, and the channel that serves it."""

    def __init__(self, telegram: StandIn, store: SqliteStore, painter: Painter) -> None:
        setting = Setting("en", load_countries().of("GB"), 30)
        self.telegram = telegram
        self.store = store
        self._painter = painter
        self._service = Service(Dialogue(ConversationMachine(FLOW), CONTENTS, setting), store)
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def opens(self) -> None:
        self._stop = asyncio.Event()
        settings = load_settings(
            TELEGRAM_BOT_TOKEN=self.telegram.token, TELEGRAM_API_BASE_URL=self.telegram.url
        )
        self._task = asyncio.create_task(
            run(
                settings,
                self._service,
                self.store,
                (ENGLISH,),
                self._stop,
                painter=self._painter,
                grace=2.0,
            )
        )

    async def closes(self) -> None:
        self._stop.set()
        if self._task is not None:
            task, self._task = self._task, None
            async with asyncio.timeout(15):
                await task

    async def patient(
        self, name: str, sheet: dict[str, Any], until: str = "", language: str = "en"
    ) -> Patient:
        """Somebody who has told all this up to a question, or everything."""
        patient = self.telegram.patient(name=name)
        answers: dict[str, Answer] = {}

        def look_up(question: Question) -> Answer | None:
            return None if question.id == until else question.read(sheet[question.id])

        answers.update(walk(FLOW, look_up).answers)
        conversation = Conversation(answers=answers, agreed=True, confirmed=not until)
        record = Record(language, conversation, flow=f"{FLOW.id}:{FLOW.version}")
        await self.store.apply(
            address_of(patient), None, lambda held, again: Effect(record.to_json())
        )
        return patient

    async def quiet(self) -> None:
        await self.telegram.drained()
        async with asyncio.timeout(10):
            while await self.store.addresses_pending():  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.01)


@pytest.fixture
def painter(tmp_path: Path) -> Iterator[Painter]:
    painter = Painter(CONTENTS, tmp_path / "pictures")
    yield painter
    painter.close()


@pytest.fixture
async def clinic(telegram: StandIn, store: SqliteStore, painter: Painter) -> AsyncIterator[Clinic]:
    clinic = Clinic(telegram, store, painter)
    clinic.opens()
    yield clinic
    await clinic.closes()


async def photo(patient: Patient) -> Message:
    def shown() -> list[Message]:
        return [message for message in patient.chat.messages if message.photo]

    return (await patient.chat.changed.until(shown, 10))[-1]


async def taken_away(patient: Patient) -> None:
    await patient.chat.changed.until(lambda: not any(m.photo for m in patient.chat.messages), 10)


def uploads(telegram: StandIn) -> list[bool]:
    """For each photo that was sent: whether it was uploaded, or sent again by its id."""
    return ["photo" in call.parameters.files for call in telegram.calls_of("sendPhoto")]


async def test_the_picture_of_the_chain_comes_after_the_words(clinic: Clinic) -> None:
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    picture = await photo(ana)
    assert picture.text.startswith(TITLE)
    assert "the left side of the back" in picture.text
    assert "This is not a diagnosis" in picture.text
    shown = ana.chat.messages
    words = [m for m in shown if WORDS.results.safety_net.title.plain() in m.text]
    assert shown.index(words[0]) < shown.index(picture)
    assert picture.photo is not None
    assert len(picture.photo.content) < 300_000
    # The buttons still belong to the words.
    await ana.taps(BUTTONS.explain)
    await ana.sees(WORDS.results.explain["posture_and_gait"].title.plain())


async def test_the_same_picture_is_uploaded_once_and_then_sent_by_its_id(
    clinic: Clinic, telegram: StandIn
) -> None:
    ana, ann = await clinic.patient("Ana", ANA), await clinic.patient("Ann", ANA)
    ben = await clinic.patient("Ben", BEN)
    for patient in (ana, ann, ben):
        await patient.sends("/start")
        await photo(patient)
        await clinic.quiet()
    await clinic.closes()
    clinic.opens()
    await ana.sends("/start")
    await clinic.quiet()
    assert uploads(telegram) == [True, False, True, False]
    hers = [c for c in telegram.calls_of("sendPhoto") if str(c["chat_id"]) == str(ana.chat.id)]
    first, again = hers
    assert again["photo"] == first.result["photo"][-1]["file_id"]


async def test_a_picture_that_telegram_has_forgotten_is_uploaded_anew(
    clinic: Clinic, telegram: StandIn
) -> None:
    ana, ann = await clinic.patient("Ana", ANA), await clinic.patient("Ann", ANA)
    await ana.sends("/start")
    await photo(ana)
    await clinic.quiet()
    telegram.world.files.clear()
    await ann.sends("/start")
    await photo(ann)
    await clinic.quiet()
    assert uploads(telegram) == [True, False, True]


async def test_a_picture_to_point_at_leaves_with_its_question(
    clinic: Clinic, telegram: StandIn
) -> None:
    ana = await clinic.patient("Ana", ANA, until="foot_place")
    await ana.sends("/start")
    picture = await photo(ana)
    assert picture.text == WORDS.pictures.pointing["foot_place"].plain()
    await clinic.quiet()
    question = ana.chat.with_buttons()
    assert question is not None
    await ana.taps("Under the heel")
    await ana.sees("When does the foot trouble you?")
    await taken_away(ana)
    assert ana.chat.with_buttons() is question  # edited in place, as ever


async def test_asked_again_below_there_is_one_picture_and_it_is_the_lowest(
    clinic: Clinic, telegram: StandIn
) -> None:
    ana = await clinic.patient("Ana", ANA, until="foot_place")
    await ana.sends("/start")
    await photo(ana)
    await clinic.quiet()
    await ana.sends("somewhere there")
    await ana.sees("Where in the foot is it worst?")
    await clinic.quiet()
    shown = [m for m in ana.chat.messages if m.photo]
    assert shown == ana.chat.messages[-1:]
    assert uploads(telegram) == [True, False]


async def test_a_stale_tap_leaves_the_picture_where_it_is(
    clinic: Clinic, telegram: StandIn
) -> None:
    ana = await clinic.patient("Ana", ANA, until="leg_line")
    await ana.sends("/start")
    picture = await photo(ana)
    await clinic.quiet()
    question = ana.chat.with_buttons()
    assert question is not None
    await ana.taps(data="1:pick:leg_side:left", message=question)
    await clinic.quiet()
    assert [m for m in ana.chat.messages if m.photo] == [picture]
    await ana.taps("Inside of the shin")
    await taken_away(ana)


async def test_a_question_that_was_answered_meanwhile_leaves_no_picture(
    clinic: Clinic, telegram: StandIn
) -> None:
    telegram.faults.add(method="sendPhoto", delay=0.5)
    ana = await clinic.patient("Ana", ANA, until="foot_place")
    await ana.sends("/start")
    await ana.taps("Under the heel")
    await ana.sees("When does the foot trouble you?")
    await clinic.quiet()
    await taken_away(ana)
    assert telegram.calls.counts["deleteMessage"] == 1


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"close": True}, {"status": 429, "retry_after": 1}, {"hang": True}]
)
async def test_words_never_wait_for_a_picture(
    clinic: Clinic, telegram: StandIn, fault: dict[str, Any]
) -> None:
    fault_ = telegram.faults.add(method="sendPhoto", times=None, **fault)
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    await ana.sees(WORDS.results.safety_net.title.plain())
    await ana.taps(BUTTONS.explain)
    await ana.sees(WORDS.results.explain["posture_and_gait"].title.plain())
    await telegram.until(lambda: fault_.struck >= 1)
    assert not any(m.photo for m in ana.chat.messages)
    fault_.remove()
    await photo(ana)
    await clinic.quiet()


async def test_a_picture_that_never_works_is_given_up_with_a_line_in_the_log(
    clinic: Clinic, telegram: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    fault = telegram.faults.add(method="sendPhoto", times=None, status=500)
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    await clinic.quiet()
    assert fault.struck == pictures.MOST_ATTEMPTS
    (line,) = [record for record in caplog.records if record.message == "picture given up"]
    assert "Ana" not in str(line.__dict__)
    assert str(ana.chat.id) not in str(line.__dict__)


async def test_a_drawing_that_fails_holds_nothing_up(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr(Painter, "image", broken)
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    await ana.sees(WORDS.results.safety_net.title.plain())
    await clinic.quiet()
    assert "picture given up" in caplog.messages


async def test_a_picture_cut_off_by_the_end_is_sent_after_the_next_start(
    clinic: Clinic, telegram: StandIn
) -> None:
    hanging = telegram.faults.add(method="sendPhoto", times=None, hang=True)
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    await telegram.until(lambda: hanging.struck == 1)
    await clinic.closes()
    assert await clinic.store.pending(address_of(ana))
    hanging.remove()
    clinic.opens()
    await photo(ana)
    await clinic.quiet()


async def test_who_blocks_the_bot_is_sent_no_picture(clinic: Clinic, telegram: StandIn) -> None:
    telegram.faults.add(method="sendPhoto", delay=0.2)
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    await ana.sees(WORDS.results.safety_net.title.plain())
    await ana.blocks_bot()
    await clinic.quiet()
    assert not any(m.photo for m in ana.chat.messages)


async def test_an_emergency_has_no_picture(clinic: Clinic, telegram: StandIn) -> None:
    ana = await clinic.patient("Ana", {**ANA, "saddle": "new"})
    await ana.sends("/start")
    await ana.sees("Call 999 now")
    await clinic.quiet()
    assert telegram.calls.counts["sendPhoto"] == 0


async def test_pictures_can_be_turned_off_and_on_again(clinic: Clinic, telegram: StandIn) -> None:
    ana = await clinic.patient("Ana", ANA, until="foot_place")
    await ana.sends("/pictures")
    await ana.sees("no pictures now")
    await ana.sees("Where in the foot is it worst?")
    await clinic.quiet()
    assert telegram.calls.counts["sendPhoto"] == 0
    await ana.sends("/pictures")
    await ana.sees("We send pictures again")
    await photo(ana)
    await clinic.quiet()


async def test_the_page_comes_as_a_file_and_is_kept_nowhere(
    clinic: Clinic, telegram: StandIn, tmp_path: Path
) -> None:
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    await photo(ana)
    await clinic.quiet()
    kept = sorted((tmp_path / "pictures").iterdir())
    await ana.taps(BUTTONS.page)
    message = await ana.sees_document()
    assert message.document is not None
    assert message.document.content.startswith(b"%PDF-")
    assert message.document.name.endswith(".pdf")
    assert message.text == WORDS.paper.page.caption.plain()
    await clinic.quiet()
    assert sorted((tmp_path / "pictures").iterdir()) == kept


async def test_no_page_before_there_is_a_result(clinic: Clinic, telegram: StandIn) -> None:
    ana = await clinic.patient("Ana", ANA, until="order")
    await ana.sends("/start")
    question = ana.chat.with_buttons() or await ana.sees("Which pain came first?")
    await clinic.quiet()
    held = await clinic.store.read(address_of(ana))
    assert held is not None
    assert Record.from_json(held.body).conversation.confirmed is False
    await ana.taps(data=f"{held.body['serial']}:page", message=question)
    await ana.sees_toast(WORDS.interface.notices.stale)
    assert telegram.calls.counts["sendDocument"] == 0
    assert RESULT not in held.body["shown"]


async def test_who_deletes_everything_is_sent_nothing_afterwards(
    clinic: Clinic, telegram: StandIn
) -> None:
    failing = telegram.faults.add(method="sendPhoto", times=None, hang=True)
    ana = await clinic.patient("Ana", ANA)
    await ana.sends("/start")
    await telegram.until(lambda: failing.struck == 1)
    await ana.sends("/delete")
    await ana.taps("Yes")
    await ana.sees("is deleted")
    # What was tapped was forgotten with all the rest, but it keeps no button that does nothing.
    await ana.chat.changed.until(lambda: ana.chat.with_buttons() is None, 10)
    failing.remove()
    await clinic.quiet()
    await asyncio.sleep(0.3)
    assert not any(m.photo for m in ana.chat.messages)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        server = Server.start()
    except NoServerError as error:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")
    yield server
    server.stop()


async def test_words_of_another_worker_do_not_wait_for_a_picture_either(
    server: Server, telegram: StandIn, painter: Painter
) -> None:
    schema = await server.make_schema()
    key = new_key()
    first, second = (PostgresStore(server.within(schema), key) for _ in range(2))
    await first.open()
    await second.open()
    quieten()
    calls = AiohttpRequest(connections=8, read_timeout=20)
    bot = Bot(telegram.token, base_url=f"{telegram.url}/bot", request=calls)
    await bot.initialize()
    dialogue = Dialogue(
        ConversationMachine(FLOW), CONTENTS, Setting("en", load_countries().of("GB"), 30)
    )
    senders = [
        Sender(bot, store, Service(dialogue, store), Metrics(), painter=painter)
        for store in (first, second)
    ]
    ana = telegram.patient("Ana")
    await ana.sends("/start")
    hanging = telegram.faults.add(method="sendPhoto", times=None, hang=True)
    (picture,) = pictures_of(WORDING, finished(ANA), RESULT)

    async def queue(store: PostgresStore, screen: Screen) -> None:
        shown = Showing(screen, in_place=False).to_json()
        record = finished(ANA).to_json()
        await store.apply(address_of(ana), None, lambda held, again: Effect(record, sends=(shown,)))

    try:
        await queue(first, picture)
        senders[0].wake(address_of(ana))
        await telegram.until(lambda: hanging.struck == 1)
        await queue(second, Screen("words", "What the other worker has to say."))
        senders[1].wake(address_of(ana))
        await ana.sees("What the other worker has to say.", timeout=5)
        assert hanging.struck == 1
        hanging.remove()
        await photo(ana)
        async with asyncio.timeout(5):
            while await first.pending(address_of(ana)):  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.05)
    finally:
        for sender in senders:
            await sender.stop(1.0)
        await bot.shutdown()
        await first.close()
        await second.close()
        await server.drop_schema(schema)
