"""The libraries alone, to compare with: what an update costs before any of our own work.

The same server, parser and client as Plumbline's, one call for each update, the tap answered in the
webhook's response. Nothing is stored, computed, sealed, logged or retried; screens come ready-made
from the file SCRIPT. No bot on these libraries can be cheaper. By webhook only.
"""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop
from aiohttp import web
from telegram import Update
from telegram.ext import ApplicationBuilder

from bot.telegram.http import AiohttpRequest
from bot.telegram.quiet import quieten

Screen = dict[str, Any]

SCRIPT: dict[str, Any] = json.loads(Path(os.environ["SCRIPT"]).read_text(encoding="utf-8"))
PATHS: dict[str, Any] = SCRIPT["paths"]


class Bare:
    """Where each chat is, in memory."""

    def __init__(self) -> None:
        base = os.environ["TELEGRAM_API_BASE_URL"]
        self.bot = (
            ApplicationBuilder()
            .token(os.environ["TELEGRAM_BOT_TOKEN"])
            .base_url(f"{base}/bot")
            .request(AiohttpRequest(connections=48, read_timeout=20))
            .updater(None)
            .job_queue(None)
            .build()
            .bot
        )
        self.places: dict[int, dict[str, Any]] = {}

    async def receive(self, request: web.Request) -> web.Response:
        """One update: parsed, answered by one call, the tap by the response."""
        raw = json.loads(await request.read())
        update = Update.de_json(raw, self.bot)
        query = update.callback_query
        if query is None:
            assert update.message is not None
            await self._written(update.message.chat.id, str(update.message.text))
            return web.Response()
        assert query.message is not None
        await self._tapped(query.message.chat.id, query.message.message_id, str(query.data))
        answer = {"method": "answerCallbackQuery", "callback_query_id": query.id}
        return web.json_response(answer)

    async def _written(self, chat: int, text: str) -> None:
        if text.startswith("/start"):
            self.places[chat] = {"at": -1, "path": next(iter(PATHS.values())), "ticks": set()}
            await self._show(chat, None, SCRIPT["welcome"])
        else:
            await self._show(chat, None, self.places[chat]["path"]["review"])

    async def _tapped(self, chat: int, message: int, data: str) -> None:
        place = self.places[chat]
        verb, *about = data.split(":")[1:]
        if verb == "confirm":
            first, *rest = place["path"]["result"]
            await self._show(chat, message, first)
            for screen in rest:
                await self._show(chat, None, screen)
            return
        if verb in ("tick", "untick"):
            place["ticks"] ^= {about[1]}
        else:
            if verb == "done" and about[0] == "complaints":
                question = place["path"]["questions"][place["at"]]
                carried = [data for row in question["rows"] for _, data in row]
                codes = [data.rpartition(":")[2] for data in carried if ":tick:" in data]
                place["path"] = PATHS[" ".join(c for c in codes if c in place["ticks"])]
            place["ticks"] = set()
            place["at"] += 1
        await self._show(chat, message, place["path"]["questions"][place["at"]], place["ticks"])

    async def _show(
        self, chat: int, message: int | None, screen: Screen, ticks: set[str] | None = None
    ) -> None:
        rows = [
            [{"text": label, "callback_data": _data(data, ticks or set())} for label, data in row]
            for row in screen["rows"]
        ]
        given: dict[str, Any] = {"chat_id": chat, "text": screen["text"], "parse_mode": "HTML"}
        if rows:
            given["reply_markup"] = {"inline_keyboard": rows}
        if message is not None:
            given["message_id"] = message
        await self.bot.do_api_request(
            "sendMessage" if message is None else "editMessageText", api_kwargs=given
        )


def _data(data: str, ticks: set[str]) -> str:
    ticked = ":tick:" in data and data.rpartition(":")[2] in ticks
    return data.replace(":tick:", ":untick:") if ticked else data


async def main() -> None:
    """Serve until the process is ended."""
    quieten()
    bare = Bare()
    await bare.bot.initialize()
    url = urlsplit(os.environ["WEBHOOK_URL"])
    application = web.Application()
    application.add_routes([web.post(url.path, bare.receive)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", url.port).start()
    await bare.bot.set_webhook(os.environ["WEBHOOK_URL"], allowed_updates=Update.ALL_TYPES)
    try:
        await _until_ended()
    finally:
        await runner.cleanup()
        await bare.bot.shutdown()


async def _until_ended() -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()


if __name__ == "__main__":
    uvloop.run(main())
