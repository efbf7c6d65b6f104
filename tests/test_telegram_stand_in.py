"""The stand-in for the Bot API, shown with the real python-telegram-bot and with plain HTTP."""

import asyncio
import gc
import json
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.telegram_stand_in import TOKEN, Patient, StandIn
from tests.telegram_stand_in.bell import Bell
from tests.telegram_stand_in.entities import part_of, utf16_length

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIB", 13, b"IHDR", 640, 480, 8) + b"the rest"
LIMIT = 4096
PLAIN = {"verify": False}  # there is no TLS to set up, and setting it up takes time
BAD_BUTTON = "can't parse inline keyboard button"

Reply = Callable[[Bot, Update], Awaitable[object]]


def keyboard(*rows: list[str]) -> InlineKeyboardMarkup:
    """Buttons that send their own label."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows]
    )


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def bot(stand_in: StandIn) -> AsyncIterator[Bot]:
    async with client(stand_in) as bot:
        yield bot


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def ana(stand_in: StandIn) -> Patient:
    """Somebody who has written to the bot."""
    ana = stand_in.patient(name="Ana")
    await ana.sends("/start")
    return ana


@asynccontextmanager
async def client(stand_in: StandIn, token: str = TOKEN) -> AsyncIterator[Bot]:
    """python-telegram-bot against the stand-in."""
    bot = Bot(
        token,
        base_url=f"{stand_in.url}/bot",
        base_file_url=f"{stand_in.url}/file/bot",
        request=HTTPXRequest(read_timeout=5, httpx_kwargs=PLAIN),
        get_updates_request=HTTPXRequest(read_timeout=5, httpx_kwargs=PLAIN),
    )
    async with bot:
        yield bot


@asynccontextmanager
async def running(bot: Bot, reply: Reply) -> AsyncIterator[None]:
    """A bot that answers every update until the block ends."""

    async def poll() -> None:
        offset = 0
        while True:
            for update in await bot.get_updates(offset=offset, timeout=10):
                await reply(bot, update)
                offset = update.update_id + 1

    task = asyncio.create_task(poll())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def triage(bot: Bot, update: Update) -> None:
    """A very small Plumbline."""
    if update.message is not None and update.message.text == "/start":
        await update.message.reply_html(
            "Welcome to <b>Plumbline</b>", reply_markup=keyboard(["Agree", "Read more"])
        )
    elif update.message is not None:
        await update.message.reply_text("How bad is it?", reply_markup=keyboard(["3", "7"]))
    elif update.callback_query is not None:
        query = update.callback_query
        if query.data == "Agree":
            await query.answer()
            await query.edit_message_text("Where does it hurt?", reply_markup=keyboard(["Back"]))
        else:
            await query.answer(f"You said {query.data}")


async def raw(
    http: aiohttp.ClientSession, stand_in: StandIn, method: str, **parameters: Any
) -> dict[str, Any]:
    """Call a method with a JSON body and give the whole answer."""
    async with http.post(f"{stand_in.url}/bot{TOKEN}/{method}", json=parameters) as response:
        answer: dict[str, Any] = await response.json()
        assert response.status == answer.get("error_code", 200)
        return answer


class TestADialogue:
    async def test_reads_as_one(self, stand_in: StandIn, bot: Bot) -> None:
        ana = stand_in.patient(name="Ana", language_code="en")
        async with running(bot, triage):
            await ana.sends("/start")
            welcome = await ana.sees("Welcome")
            assert welcome.marked("bold") == ["Plumbline"]
            assert welcome.labels == ["Agree", "Read more"]

            await ana.taps("Agree")
            assert await ana.sees("Where does it hurt?") is welcome
            assert welcome.edited

            await ana.sends("my back hurts")
            await ana.taps("7")
            await ana.sees_toast("You said 7")

            await ana.taps(data="3")
            await ana.sees_toast("You said 3")
            await stand_in.drained()

        assert [toast.text for toast in ana.toasts] == ["You said 7", "You said 3"]
        assert stand_in.acknowledged == stand_in.last_update["update_id"]
        assert not stand_in.breaches

    async def test_a_screen_and_a_transcript_can_be_read(self, stand_in: StandIn, bot: Bot) -> None:
        ana = stand_in.patient(name="Ana")
        assert ana.screen() == "(empty)"
        async with running(bot, triage):
            await ana.sends("/start")
            await ana.sees("Welcome")
        assert ana.screen() == "Plumbline:\n  Welcome to Plumbline\n  [Agree] [Read more]"
        assert ana.transcript().startswith("Ana:\n  /start\nPlumbline:")

    async def test_what_was_seen_before_does_not_count_again(
        self, stand_in: StandIn, bot: Bot
    ) -> None:
        ana = stand_in.patient()
        async with running(bot, triage):
            await ana.sends("/start")
            await ana.sees("Welcome")
            await ana.sends("hello")
            with pytest.raises(AssertionError, match="does not see 'Welcome'"):
                await ana.sees("Welcome", timeout=0.1)
            await ana.sees("Welcome", anywhere=True)

    async def test_a_patient_waits_for_the_reaction_before_the_next_tap(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        await bot.send_message(ana.chat.id, "Old", reply_markup=keyboard(["Yes"]))
        await ana.sends("something")
        with pytest.raises(AssertionError, match="no button 'Yes'"):
            await ana.taps("Yes", timeout=0.1)

        tapping = asyncio.create_task(ana.taps("Yes"))
        new = await bot.send_message(ana.chat.id, "New", reply_markup=keyboard(["Yes"]))
        assert (await tapping).message.id == new.message_id

    async def test_buttons_are_found_by_all_their_words_or_by_a_part_of_one(
        self, bot: Bot, ana: Patient
    ) -> None:
        await bot.send_message(
            ana.chat.id, "?", reply_markup=keyboard(["Back pain", "Pain"], ["Leg pain"])
        )
        assert (await ana.taps("Pain")).data == "Pain"
        await bot.send_message(ana.chat.id, "?", reply_markup=keyboard(["Back pain", "Leg pain"]))
        with pytest.raises(AssertionError, match="'pain' is on"):
            await ana.taps("pain")
        assert (await ana.taps("leg")).data == "Leg pain"

    async def test_buttons_that_have_gone_can_be_hit_on_an_older_message(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        sent = await bot.send_message(ana.chat.id, "?", reply_markup=keyboard(["Yes"]))
        await bot.edit_message_reply_markup(ana.chat.id, sent.message_id, reply_markup=None)
        old = ana.chat.messages[-1]
        assert old.labels == []
        assert (await ana.taps("Yes", message=old)).data == "Yes"
        assert (await ana.taps(data="anything", message=old)).data == "anything"
        with pytest.raises(AssertionError, match="no button 'No'"):
            await ana.taps("No", message=old)

        await ana.deletes(old)
        await ana.taps("Yes", message=old)
        update = (await bot.get_updates(offset=-1))[0]
        assert update.callback_query is not None
        assert update.callback_query.message is not None
        assert not update.callback_query.message.is_accessible

    async def test_link_buttons_send_nothing(self, bot: Bot, ana: Patient) -> None:
        link = InlineKeyboardButton("Map", url="https://example.org")
        await bot.send_message(ana.chat.id, "?", reply_markup=InlineKeyboardMarkup([[link]]))
        assert ana.chat.messages[-1].buttons[0][0].url == "https://example.org"
        with pytest.raises(AssertionError, match="sends nothing"):
            await ana.taps("Map")

    async def test_everything_else_a_patient_can_send(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        text = await ana.sends("typo")
        await ana.edits_message(text, "/help me")
        await ana.sends_photo(caption="my foot")
        await ana.sends_voice()
        await ana.sends_sticker()
        await ana.sends_document("mri.pdf", b"%PDF", "application/pdf")
        await ana.sends_anything(contact={"phone_number": "1", "first_name": "Ana"})
        updates = await bot.get_updates(offset=0)
        _, first, edited, photo, voice, sticker, document, contact = updates
        assert first.message is not None
        assert first.message.text == "typo"
        assert edited.edited_message is not None
        assert edited.edited_message.parse_entities() == {
            edited.edited_message.entities[0]: "/help"
        }
        messages = [
            update.effective_message for update in (photo, voice, sticker, document, contact)
        ]
        kinds = ("photo", "voice", "sticker", "document", "contact")
        for message, kind in zip(messages, kinds, strict=True):
            assert getattr(message, kind)
        assert [update.update_id for update in updates] == list(
            range(updates[0].update_id, updates[0].update_id + 8)
        )

    async def test_updates_carry_who_and_where(self, bot: Bot, stand_in: StandIn) -> None:
        await stand_in.patient(name="Ève", language_code="fr").sends("/start clinic-7")
        (update,) = await bot.get_updates()
        message = update.message
        assert message is not None
        assert message.from_user is not None
        assert (message.from_user.is_bot, message.from_user.language_code) == (False, "fr")
        assert message.chat.type == "private"
        assert message.chat.id == message.from_user.id
        assert message.date.timestamp() > 0
        assert message.parse_entities(["bot_command"]) == {message.entities[0]: "/start"}

    async def test_a_group_has_members_and_the_bot_may_ask_who_they_are(
        self, stand_in: StandIn, bot: Bot
    ) -> None:
        ana, ben, eve = (stand_in.patient(name) for name in ("Ana", "Ben", "Eve"))
        family = stand_in.group("Family", ana)
        await family.adds_bot()
        await family.adds(ben)

        async def status(person: Patient) -> str:
            return (await bot.get_chat_member(family.chat.id, person.user.id)).status

        assert [await status(person) for person in (ana, ben, eve)] == ["member", "member", "left"]
        await family.loses(ben)
        await family.loses(ana, kicked=True)
        assert [await status(person) for person in (ana, ben)] == ["kicked", "left"]
        with pytest.raises(Forbidden, match="can't initiate conversation"):
            await bot.send_message(ben.user.id, "hello")
        joined, left, thrown_out = (await bot.get_updates())[2:]
        assert joined.message is not None
        assert [user.id for user in joined.message.new_chat_members] == [ben.user.id]
        assert left.message is not None
        assert left.message.left_chat_member is not None
        assert thrown_out.message is not None
        await family.removes_bot()
        with pytest.raises(Forbidden, match="not a member"):
            await status(ana)
        assert not stand_in.breaches

    async def test_a_group_that_grows_goes_on_under_another_id(
        self, stand_in: StandIn, bot: Bot
    ) -> None:
        ana = stand_in.patient("Ana")
        small = stand_in.group("Family", ana)
        await small.adds_bot()
        large = await small.becomes_supergroup()
        in_small, in_large = (await bot.get_updates())[2:]
        assert in_small.message is not None
        assert in_small.message.migrate_to_chat_id == large.chat.id
        assert in_large.message is not None
        assert in_large.message.chat.type == "supergroup"
        assert in_large.message.migrate_from_chat_id == small.chat.id
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(small.chat.id, "hello")
        assert moved.value.new_chat_id == large.chat.id
        await bot.send_message(large.chat.id, "hello")
        await large.member(ana).sees("hello")
        assert not stand_in.breaches

    async def test_a_tap_can_open_the_chat_with_the_bot(self, stand_in: StandIn, bot: Bot) -> None:
        ana = stand_in.patient("Ana")
        family = stand_in.group("Family", ana)
        await family.adds_bot()
        await bot.send_message(family.chat.id, "Open it", reply_markup=keyboard(["Open"]))
        tap = await family.member(ana).taps("Open")
        with pytest.raises(BadRequest, match=r"(?i)url_invalid"):
            await bot.answer_callback_query(tap.id, url="https://elsewhere.example")
        url = "https://t.me/plumbline_test_bot?start=it"
        await bot.answer_callback_query(tap.id, url=url)
        assert tap.answer is not None
        assert tap.answer.url == url
        assert stand_in.breaches == ["answerCallbackQuery: Bad Request: URL_INVALID"]

    async def test_groups_pass_on_what_is_addressed_to_the_bot(
        self, stand_in: StandIn, bot: Bot
    ) -> None:
        ana, ben = stand_in.patient("Ana"), stand_in.patient("Ben")
        family = stand_in.group("Family", ana, ben)
        await family.adds_bot()
        in_family = family.member(ben)
        await in_family.sends("nobody asked the bot")
        await in_family.sends("/start@another_bot")
        await in_family.sends("/start@plumbline_test_bot")
        added, joined, command = await bot.get_updates()
        assert added.my_chat_member is not None
        assert joined.message is not None
        assert joined.message.new_chat_members
        assert command.message is not None
        assert command.message.chat.title == "Family"
        assert command.message.from_user is not None
        assert command.message.from_user.first_name == "Ben"

        await command.message.reply_text("Write to me in private")
        await in_family.sees("in private")
        assert (await bot.get_chat_member(family.chat.id, bot.id)).status == "member"
        await bot.leave_chat(family.chat.id)
        with pytest.raises(Forbidden, match="not a member"):
            await bot.send_message(family.chat.id, "still here")
        await family.adds_bot()
        await family.removes_bot()
        with pytest.raises(Forbidden, match="kicked"):
            await bot.send_message(family.chat.id, "still here")
        assert not stand_in.breaches


class TestTheDoor:
    async def test_tokens(self, stand_in: StandIn, http: aiohttp.ClientSession) -> None:
        for token, status in {"1:wrong": 401, "nonsense": 404, TOKEN: 200}.items():
            async with http.get(f"{stand_in.url}/bot{token}/getMe") as response:
                assert response.status == status
                assert (await response.json())["ok"] == (status == 200)
        with pytest.raises(InvalidToken):
            async with client(stand_in, "1:wrong"):
                pass
        async with http.get(f"{stand_in.url}/elsewhere") as response:
            assert response.status == 404

    async def test_four_ways_to_send_parameters(
        self, stand_in: StandIn, http: aiohttp.ClientSession, ana: Patient
    ) -> None:
        url = f"{stand_in.url}/bot{TOKEN}/SENDmessage"
        fields = {"chat_id": str(ana.chat.id), "text": "né & <b>", "protect_content": "true"}
        part = aiohttp.FormData(fields, default_to_multipart=True)
        calls = [
            http.get(url, params=fields),
            http.post(url, data=fields),
            http.post(url, data=part),
            http.post(url, json=fields),
        ]
        for call in calls:
            async with call as response:
                assert response.status == 200, await response.text()
        assert [message.text for message in ana.chat.messages[1:]] == ["né & <b>"] * 4
        assert [call["text"] for call in stand_in.calls_of("sendMessage")] == ["né & <b>"] * 4

    async def test_broken_requests(self, stand_in: StandIn, http: aiohttp.ClientSession) -> None:
        assert (await raw(http, stand_in, "sendPoll"))["error_code"] == 404
        headers = {"Content-Type": "application/json"}
        url = f"{stand_in.url}/bot{TOKEN}/getMe"
        async with http.post(url, data=b"{", headers=headers) as response:
            assert response.status == 400
        assert stand_in.breaches == [
            "sendPoll: Not Found: method not found",
            "getMe: Bad Request: can't parse JSON request body",
        ]

    async def test_the_log_has_every_call_in_order(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        await bot.send_message(ana.chat.id, "a", reply_markup=keyboard(["b"]))
        await bot.get_chat(ana.chat.id)
        assert [call.method for call in stand_in.calls] == ["getMe", "sendMessage", "getChat"]
        call = stand_in.calls[1]
        assert call["reply_markup"]["inline_keyboard"][0][0]["text"] == "b"
        assert call.get("nothing") is None
        assert call.applied
        assert call.at <= stand_in.calls[-1].at
        assert len(stand_in.calls[1:]) == 2
        stand_in.calls.clear()
        assert len(stand_in.calls) == 0

    async def test_the_log_can_be_bounded(self) -> None:
        async with StandIn(calls_kept=1) as stand_in, client(stand_in) as bot:
            await bot.get_my_commands()
            assert [call.method for call in stand_in.calls] == ["getMyCommands"]
            assert stand_in.calls.counts["getMe"] == 1


class TestLongPolling:
    async def test_waits_until_something_arrives(self, stand_in: StandIn, bot: Bot) -> None:
        polling = asyncio.create_task(bot.get_updates(timeout=30))
        await stand_in.until(lambda: stand_in.calls_of("getUpdates"))
        await stand_in.patient().sends("hello")
        assert len(await polling) == 1

    async def test_gives_up_after_its_timeout(
        self, stand_in: StandIn, http: aiohttp.ClientSession
    ) -> None:
        assert (await raw(http, stand_in, "getUpdates", timeout=1))["result"] == []

    async def test_the_offset_confirms(self, stand_in: StandIn, bot: Bot, ana: Patient) -> None:
        await ana.sends("second")
        await ana.sends("third")
        (first,) = await bot.get_updates(limit=1)
        assert stand_in.acknowledged == 0
        assert len(await bot.get_updates()) == 3
        rest = await bot.get_updates(offset=first.update_id + 1)
        assert [update.update_id - first.update_id for update in rest] == [1, 2]
        assert stand_in.acknowledged == first.update_id
        assert stand_in.pending == 2

    async def test_a_negative_offset_forgets_all_but_the_last(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        await ana.sends("second")
        await ana.sends("third")
        (last,) = await bot.get_updates(offset=-1)
        assert last.message is not None
        assert last.message.text == "third"
        assert stand_in.pending == 1

    async def test_of_two_pollers_the_earlier_is_turned_away(
        self, stand_in: StandIn, bot: Bot
    ) -> None:
        earlier = asyncio.create_task(bot.get_updates(timeout=30))
        await stand_in.until(lambda: stand_in.calls_of("getUpdates"))
        async with client(stand_in) as other:
            later = asyncio.create_task(other.get_updates(timeout=30))
            with pytest.raises(Conflict, match="terminated by other getUpdates"):
                await earlier
            await stand_in.patient().sends("hello")
            assert len(await later) == 1
        assert not stand_in.breaches

    async def test_allowed_updates_are_remembered(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        await bot.get_updates(offset=-1, allowed_updates=["message"])
        await ana.blocks_bot()
        await ana.unblocks_bot()
        await ana.sends("back again")
        _, update = await bot.get_updates()
        assert update.message is not None

        await bot.get_updates(offset=update.update_id + 1, allowed_updates=[])
        await ana.blocks_bot()
        (update,) = await bot.get_updates(offset=update.update_id + 1)
        assert update.my_chat_member is not None
        assert update.my_chat_member.new_chat_member.status == "kicked"

    async def test_updates_can_be_repeated_out_of_order_and_broken(
        self, stand_in: StandIn, http: aiohttp.ClientSession, ana: Patient
    ) -> None:
        first = stand_in.last_update
        await raw(http, stand_in, "getUpdates")
        await raw(http, stand_in, "getUpdates", offset=first["update_id"] + 1)
        assert stand_in.inject(first) == first["update_id"]
        assert stand_in.inject({"update_id": 5, "message": {"nonsense": True}}) == 5
        assert stand_in.inject({"unheard_of": 1}) == first["update_id"] + 1
        offset = first["update_id"] + 1
        batch = (await raw(http, stand_in, "getUpdates", offset=offset))["result"]
        assert [update["update_id"] for update in batch] == [offset - 1, 5, offset]
        assert (await raw(http, stand_in, "getUpdates", offset=offset + 1))["result"] == []
        assert stand_in.pending == 0

    async def test_whoever_writes_in_an_injected_update_can_be_answered(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        message = stand_in.last_update["message"]
        chat = {"id": 77, "type": "private", "first_name": "Zoe"}
        stand_in.inject({"message": {**message, "chat": chat}})
        await bot.send_message(77, "hello")
        assert not stand_in.breaches


class TestMessages:
    async def test_are_shown_edited_and_deleted(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        sent = await bot.send_message(ana.chat.id, "  first \n", reply_markup=keyboard(["a"]))
        assert (sent.text, sent.reply_markup) == ("first", keyboard(["a"]))
        (_, shown) = ana.chat.messages
        edited = await sent.edit_text("second")
        assert isinstance(edited, type(sent))
        assert edited.edit_date is not None
        assert (shown.text, shown.edited, shown.labels) == ("second", True, [])
        await sent.edit_reply_markup(keyboard(["b"]))
        assert shown.labels == ["b"]
        await sent.delete()
        assert shown.deleted
        assert shown not in ana.chat.messages
        assert shown in ana.chat.history

    async def test_what_is_the_same_is_not_modified(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        sent = await bot.send_message(ana.chat.id, "same", reply_markup=keyboard(["a"]))
        with pytest.raises(BadRequest, match="Message is not modified: specified new message"):
            await sent.edit_text("same ", reply_markup=keyboard(["a"]))
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_reply_markup(keyboard(["a"]))
        await sent.edit_text("<b>same</b>", parse_mode="HTML", reply_markup=keyboard(["a"]))
        assert not stand_in.breaches, "a correct bot may meet this"

    async def test_what_cannot_be_edited_or_deleted(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        chat_id = ana.chat.id
        hers = ana.chat.messages[0]
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("mine now", chat_id, hers.id)

        old = await bot.send_message(chat_id, "old")
        ana.chat.by_id[old.message_id].too_old = True
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await old.edit_text("new")
        with pytest.raises(BadRequest, match="can't be deleted for everyone"):
            await old.delete()

        gone = await bot.send_message(chat_id, "gone")
        await gone.delete()
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await gone.edit_text("back")
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await gone.delete()
        with pytest.raises(BadRequest, match="Message to be replied not found"):
            await bot.send_message(chat_id, "re", reply_parameters=ReplyParameters(gone.message_id))

        document = await bot.send_document(chat_id, b"%PDF", filename="a.pdf")
        with pytest.raises(BadRequest, match="There is no text in the message to edit"):
            await document.edit_text("words")
        assert not stand_in.breaches

    async def test_people_who_cannot_be_reached(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        await ana.blocks_bot()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ana.chat.id, "hello")
        with pytest.raises(AssertionError, match="has blocked the bot"):
            await ana.sends("hello")
        await ana.unblocks_bot()
        await bot.send_chat_action(ana.chat.id, "typing")
        await ana.leaves_telegram()
        with pytest.raises(Forbidden, match="user is deactivated"):
            await bot.send_message(ana.chat.id, "hello")
        assert not stand_in.breaches

        stranger = stand_in.patient("Stranger")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(stranger.chat.id, "hello")
        assert stand_in.breaches == ["sendMessage: Bad Request: chat not found"]

    async def test_files_arrive_whole_and_can_be_sent_again(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        content = bytes(range(256)) * 8192  # more than a web server takes by default
        sent = await bot.send_document(
            ana.chat.id, content, filename="one page.pdf", caption="<i>yours</i>", parse_mode="HTML"
        )
        message = await ana.sees_document()
        assert message.document is not None
        assert message.document.name == "one page.pdf"
        assert message.document.content == content
        assert (message.text, message.marked("italic")) == ("yours", ["yours"])
        assert sent.document is not None
        await bot.send_document(ana.chat.id, sent.document.file_id)
        assert ana.chat.messages[-1].document is message.document

        file = await sent.document.get_file()
        assert bytes(await file.download_as_bytearray()) == content

        photo = await bot.send_photo(ana.chat.id, PNG)
        assert (photo.photo[-1].width, photo.photo[-1].height) == (640, 480)
        await bot.send_photo(ana.chat.id, photo.photo[-1].file_id)
        assert "<photo 640x480>" in ana.transcript()
        assert not stand_in.breaches

    async def test_a_tap_is_answered_once_and_in_time(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        await bot.send_message(ana.chat.id, "?", reply_markup=keyboard(["a"]))
        tap = await ana.taps("a")
        with pytest.raises(AssertionError, match="was not answered"):
            await ana.gets_an_answer(tap, timeout=0.05)
        await bot.answer_callback_query(tap.id, "noted", show_alert=True)
        assert (await ana.gets_an_answer(tap)).alert
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
            await bot.answer_callback_query(tap.id)
        late = await ana.taps("a", message=ana.chat.messages[-1])
        late.expired = True
        with pytest.raises(BadRequest, match="or query id is invalid"):
            await bot.answer_callback_query(late.id)
        assert len(ana.toasts) == 1


class TestHtml:
    @pytest.mark.parametrize(
        ("source", "text", "entities"),
        [
            ("plain", "plain", []),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;", '1 < 2 && 3 > 2 "', []),
            ("&#233;&#xe9;&nbsp;&#0;&", "éé&nbsp;&#0;&", []),
            ("a<b>b<i>c</i></b>", "abc", [("bold", "bc"), ("italic", "c")]),
            ("<STRONG>x</STRONG> <em>y</em>", "x y", [("bold", "x"), ("italic", "y")]),
            ("🦶<u>é</u><s>🦴z</s>", "🦶é🦴z", [("underline", "é"), ("strikethrough", "🦴z")]),
            ("<b></b>nothing", "nothing", []),
            (" <b> x </b> ", "x", [("bold", "x")]),
            ('<span class="tg-spoiler">s</span>', "s", [("spoiler", "s")]),
            ("<a href='https://a.b/?c&amp;d'>l</a>", "l", [("text_link", "l")]),
            ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
            ("<pre><code class='language-x'>c</code></pre>", "c", [("pre", "c")]),
            ("<pre>a<code>c</code></pre>", "ac", [("pre", "ac"), ("code", "c")]),
            ("<code class='language-x'>c</code>", "c", [("code", "c")]),
            ("<b >x</b >", "x", [("bold", "x")]),
        ],
    )
    async def test_is_read_into_entities(
        self,
        bot: Bot,
        ana: Patient,
        source: str,
        text: str,
        entities: list[tuple[str, str]],
    ) -> None:
        await bot.send_message(ana.chat.id, source, parse_mode="HTML")
        shown = ana.chat.messages[-1]
        assert shown.text == text
        assert [(e["type"], part_of(shown.text, e)) for e in shown.entities] == entities

    @pytest.mark.parametrize(
        ("source", "error"),
        [
            ("a<b>b", "can't find end tag corresponding to start tag"),
            ("é</b>", "unexpected end tag at byte offset 2"),
            (
                "<b><i>x</b></i>",
                'unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
            ),
            ("<p>x</p>", 'unsupported start tag "p" at byte offset 0'),
            ("1 < 2", 'unsupported start tag "" at byte offset 2'),
            ("1 <2", "unclosed start tag at byte offset 2"),
            ("<b>x</b", "unclosed end tag at byte offset 4"),
            ("<b x>y</b>", 'expected equal sign in declaration of an attribute of the tag "b"'),
            ("<a href='x>y</a>", "unclosed start tag at byte offset 0"),
            ("<span>x</span>", 'tag "span" must have class "tg-spoiler" at byte offset 0'),
            ("<br/>", 'unsupported start tag "br/" at byte offset 0'),
        ],
    )
    async def test_is_refused_where_telegram_refuses_it(
        self, stand_in: StandIn, bot: Bot, ana: Patient, source: str, error: str
    ) -> None:
        with pytest.raises(BadRequest) as raised:
            await bot.send_message(ana.chat.id, source, parse_mode="HTML")
        assert error in str(raised.value).lower() or error in stand_in.breaches[0].lower()
        assert stand_in.breaches[0].startswith("sendMessage: Bad Request: can't parse entities: ")

    def test_lengths_are_utf16_code_units(self) -> None:
        assert [utf16_length(text) for text in ("", "abc", "é", "🦶", "👩‍⚕️")] == [0, 3, 1, 2, 5]


class TestChecks:
    """Every breach is answered as Telegram answers it, and kept."""

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("", "message text is empty"),
            (" \n ", "text must be non-empty"),
            ("x" * LIMIT, None),
            ("x" * (LIMIT + 1), "message is too long"),
            ("🦶" * (LIMIT // 2), None),
            ("🦶" * (LIMIT // 2) + "x", "message is too long"),
            ("<b>" + "x" * LIMIT + "</b>", None),
            ("&lt;" * LIMIT, None),
            ("&lt;" * (LIMIT * 4), "text is too long"),
        ],
    )
    async def test_text(
        self,
        stand_in: StandIn,
        http: aiohttp.ClientSession,
        ana: Patient,
        text: str,
        error: str | None,
    ) -> None:
        await self._check(
            stand_in, http, error, "sendMessage", chat_id=ana.chat.id, text=text, parse_mode="HTML"
        )

    @pytest.mark.parametrize(
        ("method", "parameters", "error"),
        [
            ("sendMessage", {"text": "x", "chat_id": None}, "chat_id is empty"),
            ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "chat not found"),
            ("sendMessage", {"text": "x", "chat_id": 1}, "chat not found"),
            ("sendMessage", {}, "message text is empty"),
            ("sendMessage", {"text": "x", "parse_mode": "bbcode"}, "unsupported parse_mode"),
            ("sendMessage", {"text": "x", "entities": "{"}, "can't parse entities JSON object"),
            (
                "sendMessage",
                {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
                "receive an entity with incorrect offset 0",
            ),
            ("editMessageText", {"text": "x"}, "message identifier is not specified"),
            (
                "editMessageText",
                {"text": "x", "message_id": "one"},
                'parameter "message_id" must be an Integer',
            ),
            ("deleteMessage", {}, "message identifier is not specified"),
            ("sendChatAction", {"action": "sleeping"}, "wrong parameter action in request"),
            ("sendDocument", {}, "there is no document in the request"),
            ("getFile", {"file_id": "unknown"}, "invalid file_id"),
            ("getUpdates", {"limit": "many"}, 'parameter "limit" must be an Integer'),
            ("getChatMember", {"user_id": 1}, "invalid user_id specified"),
            (
                "answerCallbackQuery",
                {"callback_query_id": "1", "text": "x" * 201},
                "MESSAGE_TOO_LONG",
            ),
            ("setMyDescription", {"description": "x" * 513}, "description is too long"),
            ("setMyDescription", {"description": "x" * 512}, None),
            ("setMyDescription", {"language_code": "english"}, "invalid language code specified"),
            (
                "setMyShortDescription",
                {"short_description": "x" * 121},
                "short description is too long",
            ),
            ("setMyName", {"name": "x" * 65}, "name is too long"),
        ],
    )
    async def test_parameters(
        self,
        stand_in: StandIn,
        http: aiohttp.ClientSession,
        ana: Patient,
        method: str,
        parameters: dict[str, Any],
        error: str | None,
    ) -> None:
        given = {"chat_id": ana.chat.id, **parameters}
        await self._check(stand_in, http, error, method, **given)

    @pytest.mark.parametrize(
        ("rows", "error"),
        [
            ([[{"text": "a", "callback_data": "x" * 64}]], None),
            ([[{"text": "a", "callback_data": "x" * 65}]], "BUTTON_DATA_INVALID"),
            ([[{"text": "a", "callback_data": "é" * 33}]], "BUTTON_DATA_INVALID"),
            (
                [[{"text": "a", "callback_data": ""}]],
                f"{BAD_BUTTON}: Text buttons are unallowed in the inline keyboard",
            ),
            (
                [[{"text": " ", "callback_data": "x"}]],
                "inline keyboard button text must be non-empty",
            ),
            (
                [[{"callback_data": "x"}]],
                "can't parse inline keyboard button: Can't find field \"text\"",
            ),
            (
                [[{"text": 7, "callback_data": "x"}]],
                f'{BAD_BUTTON}: Field "text" must be of type String',
            ),
            (
                [["a"]],
                f"{BAD_BUTTON}: InlineKeyboardButton must be an Object",
            ),
            (
                [{"text": "a", "callback_data": "x"}],
                'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
            ),
            ("a", 'field "inline_keyboard" must be of type Array'),
            ([[{"text": "a", "callback_data": "x"}] * 8] * 12, None),
            ([[{"text": "a", "callback_data": "x"}] * 9], "reply markup is too long"),
            ([[{"text": "a", "callback_data": "x"}]] * 101, "reply markup is too long"),
            ([[{"text": "a" * 200, "callback_data": "x"}]] * 50, "reply markup is too long"),
        ],
    )
    async def test_keyboards(
        self,
        stand_in: StandIn,
        http: aiohttp.ClientSession,
        ana: Patient,
        rows: Any,
        error: str | None,
    ) -> None:
        markup = {"inline_keyboard": rows}
        await self._check(
            stand_in, http, error, "sendMessage", chat_id=ana.chat.id, text="?", reply_markup=markup
        )

    @pytest.mark.parametrize(
        ("markup", "error"),
        [
            ("{", "can't parse reply keyboard markup JSON object"),
            ([], "object expected as reply markup"),
        ],
    )
    async def test_markups(
        self, stand_in: StandIn, http: aiohttp.ClientSession, ana: Patient, markup: Any, error: str
    ) -> None:
        await self._check(
            stand_in, http, error, "sendMessage", chat_id=ana.chat.id, text="?", reply_markup=markup
        )

    async def test_an_edit_takes_inline_keyboards_only(
        self, stand_in: StandIn, http: aiohttp.ClientSession, bot: Bot, ana: Patient
    ) -> None:
        sent = await bot.send_message(ana.chat.id, "?", reply_markup=ForceReply())
        await self._check(
            stand_in,
            http,
            "inline keyboard expected",
            "editMessageText",
            chat_id=ana.chat.id,
            message_id=sent.message_id,
            text="!",
            reply_markup={"force_reply": True},
        )

    @pytest.mark.parametrize(
        ("commands", "error"),
        [
            ([("a" * 32, "x" * 256)], None),
            ([("a" * 33, "x")], "BOT_COMMAND_INVALID"),
            ([("Start", "x")], "BOT_COMMAND_INVALID"),
            ([("my-data", "x")], "BOT_COMMAND_INVALID"),
            ([("", "x")], "command must be non-empty"),
            ([("start", "")], "command description must be non-empty"),
            ([("start", "x" * 257)], "BOT_COMMAND_DESCRIPTION_INVALID"),
            ([("start", "x")] * 100, None),
            ([("start", "x")] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ],
    )
    async def test_commands(
        self,
        stand_in: StandIn,
        http: aiohttp.ClientSession,
        commands: list[tuple[str, str]],
        error: str | None,
    ) -> None:
        menu = [{"command": name, "description": text} for name, text in commands]
        await self._check(stand_in, http, error, "setMyCommands", commands=menu)

    async def test_scopes(
        self, stand_in: StandIn, http: aiohttp.ClientSession, ana: Patient
    ) -> None:
        chat = {"type": "chat", "chat_id": ana.chat.id}
        await self._check(stand_in, http, None, "setMyCommands", commands=[], scope=chat)
        wrong = "can't parse BotCommandScope: Unsupported type specified"
        await self._check(stand_in, http, wrong, "setMyCommands", scope={"type": "moon"})

    @pytest.mark.parametrize(
        ("method", "name", "content", "caption", "error"),
        [
            ("sendDocument", "a.pdf", b"%PDF", "x" * 1024, None),
            ("sendDocument", "a.pdf", b"%PDF", "x" * 1025, "message caption is too long"),
            ("sendDocument", "a.pdf", b"", "", "file must be non-empty"),
            ("sendDocument", " ", b"%PDF", "", "document name is invalid"),
            ("sendDocument", "a.pdf", b"%PDF" * 25, "", None),
            ("sendDocument", "a.pdf", b"%PDF" * 25 + b"!", "", "file is too big"),
            ("sendPhoto", "a.png", PNG, "", None),
            ("sendPhoto", "a.jpg", b"\xff\xd8\xff jpeg", "", None),
            ("sendPhoto", "a.svg", b"<svg/>", "", "IMAGE_PROCESS_FAILED"),
            ("sendPhoto", "a.png", PNG[:18] + b"\xff" + PNG[19:], "", "PHOTO_INVALID_DIMENSIONS"),
        ],
    )
    async def test_files(
        self,
        stand_in: StandIn,
        http: aiohttp.ClientSession,
        ana: Patient,
        method: str,
        name: str,
        content: bytes,
        caption: str,
        error: str | None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("tests.telegram_stand_in.checks.MAX_DOCUMENT_BYTES", 100)
        fields = {"chat_id": str(ana.chat.id), "caption": caption}
        form = aiohttp.FormData(fields, quote_fields=False)
        form.add_field(method.removeprefix("send").lower(), content, filename=name)
        async with http.post(f"{stand_in.url}/bot{TOKEN}/{method}", data=form) as response:
            self._compare(stand_in, method, await response.json(), error)

    async def _check(
        self,
        stand_in: StandIn,
        http: aiohttp.ClientSession,
        error: str | None,
        method: str,
        **parameters: Any,
    ) -> None:
        self._compare(stand_in, method, await raw(http, stand_in, method, **parameters), error)

    def _compare(
        self, stand_in: StandIn, method: str, answer: dict[str, Any], error: str | None
    ) -> None:
        """No error: taken. An error: answered with it, kept, and without effect."""
        if error is None:
            assert answer["ok"], answer
            assert not stand_in.breaches
        else:
            description = f"Bad Request: {error}"
            assert answer == {"ok": False, "error_code": 400, "description": description}
            assert stand_in.breaches == [f"{method}: {description}"]
            assert not stand_in.calls_of(method)[-1].applied


class TestTheProfile:
    async def test_menus_go_by_scope_and_language(self, stand_in: StandIn, bot: Bot) -> None:
        await bot.set_my_commands([BotCommand("start", "Begin")])
        await bot.set_my_commands(
            [("start", "Empezar"), ("help", "Ayuda")],
            scope=BotCommandScopeAllPrivateChats(),
            language_code="es",
        )
        assert [command.command for command in await bot.get_my_commands()] == ["start"]
        menu = stand_in.profile.menu("es", "all_private_chats")
        assert menu == {"start": "Empezar", "help": "Ayuda"}
        await bot.delete_my_commands()
        assert await bot.get_my_commands() == ()

    async def test_texts_go_by_language(self, stand_in: StandIn, bot: Bot) -> None:
        await bot.set_my_description("Back and foot pain")
        await bot.set_my_description("Espalda y pie", language_code="es")
        await bot.set_my_short_description("Triage")
        await bot.set_my_name("Plumb", language_code="en")
        assert (await bot.get_my_description("es")).description == "Espalda y pie"
        assert (await bot.get_my_description("de")).description == "Back and foot pain"
        assert (await bot.get_my_short_description()).short_description == "Triage"
        assert stand_in.profile.texts["name", "en"] == "Plumb"

    async def test_it_knows_itself_and_its_chats(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        assert (bot.id, bot.username) == (int(TOKEN.split(":")[0]), "plumbline_test_bot")
        assert (await bot.get_chat(ana.chat.id)).first_name == "Ana"
        assert (await bot.get_chat_member(ana.chat.id, ana.user.id)).user.first_name == "Ana"
        await ana.blocks_bot()
        assert (await bot.get_chat_member(ana.chat.id, bot.id)).status == "kicked"
        await ana.unblocks_bot()
        with pytest.raises(BadRequest, match="private chats"):
            await bot.leave_chat(ana.chat.id)
        assert await bot.log_out()
        assert await bot.close()


class TestFaults:
    async def test_too_many_requests(
        self, stand_in: StandIn, bot: Bot, ana: Patient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the error's construction warns
        stand_in.faults.add(method="sendMessage", times=2, status=429, retry_after=3)
        for _ in range(2):
            with pytest.raises(RetryAfter) as raised:
                await bot.send_message(ana.chat.id, "hello")
            assert raised.value.retry_after == timedelta(seconds=3)
        await bot.send_message(ana.chat.id, "hello")
        assert [message.text for message in ana.chat.messages[1:]] == ["hello"]
        assert not stand_in.breaches

    @pytest.mark.parametrize("status", [400, 500, 502])
    async def test_servers_that_fail(
        self, stand_in: StandIn, bot: Bot, ana: Patient, status: int
    ) -> None:
        stand_in.faults.add(status=status)
        with pytest.raises(TelegramError):
            await bot.send_message(ana.chat.id, "hello")
        assert len(ana.chat.messages) == 1

    @pytest.mark.parametrize("applied", [False, True])
    async def test_connections_that_close(
        self, stand_in: StandIn, bot: Bot, ana: Patient, applied: bool
    ) -> None:
        stand_in.faults.add(close=True, applied=applied)
        with pytest.raises(NetworkError):
            await bot.send_message(ana.chat.id, "hello")
        assert len(ana.chat.messages) == 1 + applied
        call = stand_in.calls_of("sendMessage")[-1]
        assert (call.lost, call.applied) == (True, applied)

    async def test_answers_that_are_no_json(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        stand_in.faults.add(malformed=True)
        with pytest.raises(TelegramError):
            await bot.send_message(ana.chat.id, "hello")
        await ana.sees("hello")

    async def test_delays(self, stand_in: StandIn, bot: Bot, ana: Patient) -> None:
        stand_in.faults.add(delay=0.1)
        clock = asyncio.get_running_loop()
        before = clock.time()
        await bot.send_message(ana.chat.id, "hello")
        assert clock.time() - before >= 0.1

    async def test_hanging_until_the_caller_gives_up_or_the_fault_ends(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        fault = stand_in.faults.add(hang=True, applied=True, times=2)
        with pytest.raises(TimedOut):
            await bot.send_message(ana.chat.id, "first", read_timeout=0.1)
        await ana.sees("first")
        sending = asyncio.create_task(bot.send_message(ana.chat.id, "second"))
        await stand_in.until(lambda: fault.struck == 2)
        fault.remove()
        with pytest.raises(NetworkError):
            await sending

    async def test_only_what_they_are_meant_for(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        ben = stand_in.patient("Ben")
        await ben.sends("/start")
        fault = stand_in.faults.add(
            method="SENDmessage", chat=ben.chat, skip=1, times=None, status=500
        )
        await bot.send_message(ana.chat.id, "fine")
        await bot.send_message(ben.chat.id, "fine")
        for _ in range(3):
            with pytest.raises(TelegramError):
                await bot.send_message(ben.chat.id, "lost")
        await bot.send_message(ana.chat.id, "fine")
        await bot.get_chat(ben.chat.id)
        assert fault.struck == 3
        fault.remove()
        await bot.send_message(ben.chat.id, "fine again")


class Site:
    """A bot's webhook, which answers with the statuses it is given and 200 after them."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.under_way = 0
        self.most_under_way = 0
        self.called = Bell()
        self.let_through = asyncio.Event()
        self.let_through.set()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.called.ring()
        await self.let_through.wait()
        self.under_way -= 1
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append(await request.json())
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        runner = web.ServerRunner(web.Server(self.handle), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.let_through.set()
        await runner.cleanup()


class TestTheWebhook:
    async def test_gets_updates_with_the_secret(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        site = Site()
        async with site.serving() as url:
            await bot.set_webhook(f"{url}/hook", secret_token="s3cret", max_connections=7)
            await ana.sends("hello")
            await stand_in.drained()
            assert [update["message"]["text"] for update in site.got] == ["/start", "hello"]
            assert site.secrets == ["s3cret"] * 2
            assert stand_in.acknowledged == site.got[-1]["update_id"]
            info = await bot.get_webhook_info()
            assert (info.url, info.max_connections) == (f"{url}/hook", 7)
            with pytest.raises(Conflict, match="while webhook is active"):
                await bot.get_updates()
            await bot.delete_webhook()
            assert (await bot.get_webhook_info()).url == ""
            await ana.sends("by polling")
            assert len(await bot.get_updates()) == 1

    async def test_is_tried_again_with_growing_waits_and_keeps_the_order_of_a_chat(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        site = Site(500, 404, 503)
        ben = stand_in.patient("Ben")
        await ana.sends("second")
        async with site.serving() as url:
            await bot.set_webhook(url)
            await stand_in.drained()
            await ben.sends("/start")
            await stand_in.drained()
            texts = [update["message"]["text"] for update in site.got]
            assert texts == ["/start"] * 4 + ["second", "/start"]
            info = await bot.get_webhook_info()
            assert info.last_error_message is not None
            assert "503" in info.last_error_message

    async def test_is_given_no_more_than_max_connections_at_once(
        self, stand_in: StandIn, bot: Bot
    ) -> None:
        site = Site()
        site.let_through.clear()
        async with site.serving() as url:
            await bot.set_webhook(url, max_connections=3)
            for number in range(10):
                patient = stand_in.patient(f"Patient {number}")
                await patient.sends("first")
                await patient.sends("second")
            await site.called.until(lambda: site.under_way == 3, timeout=5)
            site.let_through.set()
            await stand_in.drained()
        assert site.most_under_way == 3
        assert len(site.got) == 20

    async def test_loses_nothing_when_nobody_is_there(
        self, stand_in: StandIn, bot: Bot, ana: Patient
    ) -> None:
        await bot.set_webhook("http://127.0.0.1:1/hook")
        webhook = stand_in.delivery.webhook
        assert webhook is not None
        await stand_in.until(lambda: webhook.info().get("last_error_message"))
        assert stand_in.pending == 1
        await bot.delete_webhook(drop_pending_updates=True)
        assert stand_in.pending == 0

    async def test_ends_a_poll_that_waits(self, stand_in: StandIn, bot: Bot) -> None:
        polling = asyncio.create_task(bot.get_updates(timeout=30))
        await stand_in.until(lambda: stand_in.calls_of("getUpdates"))
        async with client(stand_in) as other:
            await other.set_webhook("https://example.org/hook", drop_pending_updates=True)
        with pytest.raises(Conflict, match="terminated by setWebhook"):
            await polling

    async def test_can_lie_behind_a_proxy(self) -> None:
        site = Site()
        async with (
            site.serving() as url,
            StandIn(webhook_via=url) as stand_in,
            client(stand_in) as bot,
        ):
            await bot.set_webhook("https://bot.example.org/hook?x=1", allowed_updates=["message"])
            await stand_in.patient().sends("hello")
            await stand_in.drained()
            assert (await bot.get_webhook_info()).allowed_updates == ("message",)
        assert len(site.got) == 1

    async def test_set_by_two_at_once_is_the_last_ones(
        self, stand_in: StandIn, http: aiohttp.ClientSession
    ) -> None:
        """A program that is killed while it sets its webhook, and the next one: one stays."""
        ana = stand_in.patient()
        url = "http://127.0.0.1:9/telegram"
        await raw(http, stand_in, "setWebhook", url=url)
        for _ in range(5):
            await ana.sends("hello")
            await asyncio.gather(*(raw(http, stand_in, "setWebhook", url=url) for _ in range(3)))
        await stand_in.close()
        gc.collect()
        sessions = [one for one in gc.get_objects() if type(one) is aiohttp.ClientSession]
        assert [one for one in sessions if not one.closed and one is not http] == []

    @pytest.mark.parametrize(
        ("parameters", "error"),
        [
            ({"url": "nowhere"}, "invalid webhook URL specified"),
            (
                {"url": "http://example.org"},
                "bad webhook: An HTTPS URL must be provided for webhook",
            ),
            (
                {"url": "https://example.org", "secret_token": "ü"},
                "secret token contains unallowed characters",
            ),
            (
                {"url": "https://example.org", "secret_token": "x" * 257},
                "secret token is too long",
            ),
        ],
    )
    async def test_is_checked(
        self,
        stand_in: StandIn,
        http: aiohttp.ClientSession,
        parameters: dict[str, str],
        error: str,
    ) -> None:
        answer = await raw(http, stand_in, "setWebhook", **parameters)
        assert answer["description"] == f"Bad Request: {error}"
        assert stand_in.breaches


class TestAProcessOfItsOwn:
    async def test_is_driven_over_its_control_requests(self, http: aiohttp.ClientSession) -> None:
        command = [sys.executable, "-m", "tests.telegram_stand_in", "--token", "42:other"]
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        try:
            url = f"http://127.0.0.1:{int(await process.stdout.readline())}"

            async def ask(path: str, **wish: Any) -> Any:
                async with http.post(f"{url}{path}", json=wish) as response:
                    return await response.json()

            async def look(path: str) -> Any:
                async with http.get(f"{url}/control/{path}") as response:
                    return await response.json()

            await ask("/control/send", user=7, text="/start")
            assert "error" in await ask("/control/tap", user=7, data="yes")
            buttons = json.dumps(keyboard(["yes"]).to_dict())
            await ask("/bot42:other/sendMessage", chat_id=7, text="?", reply_markup=buttons)
            await ask("/control/tap", user=7, data="yes")
            await ask("/control/inject", poll={"id": "1"})
            await ask("/control/fault", method="getMe", status=500)
            assert not (await ask("/bot42:other/getMe"))["ok"]
            assert "error" in await ask("/control/dance")
            assert [message["text"] for message in await look("chat?user=7")] == ["/start", "?"]
            state = await look("state")
            assert (state["pending"], state["breaches"]) == (3, [])
            assert state["calls"] == {"sendMessage": 1, "getMe": 1}
        finally:
            process.terminate()
            assert await process.wait() == 0
