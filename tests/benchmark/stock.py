"""A stock bot to compare with: ConversationHandler and PicklePersistence, as their pages show them.

Nothing is tuned and nothing is slowed down: the library's own defaults, its own webhook server or
polling. Its screens come ready-made from a file, so it computes no text and no question to come;
it keeps the answers in `user_data`. SCRIPT names that file, WEBHOOK_URL where updates are brought.
"""

import json
import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

logging.basicConfig(
    format="%(asctime)s - %(name)s - %(levelname)s - %(message)s", level=logging.INFO
)
# set higher logging level for httpx to avoid all GET and POST requests being logged
logging.getLogger("httpx").setLevel(logging.WARNING)

Screen = dict[str, Any]
Context = ContextTypes.DEFAULT_TYPE

SCRIPT: dict[str, Any] = json.loads(Path(os.environ["SCRIPT"]).read_text(encoding="utf-8"))
PATHS: dict[str, Any] = SCRIPT["paths"]
FIRST: list[Screen] = next(iter(PATHS.values()))["questions"]
WELCOME, REVIEW = "welcome", "review"


def keyboard(screen: Screen, ticked: set[str] | None = None) -> InlineKeyboardMarkup | None:
    """The buttons of a screen, those of what is ticked with their tick."""
    rows = []
    for row in screen["rows"]:
        buttons = []
        for label, data in row:
            words, carried = label, data
            if ticked and data.rpartition(":")[2] in ticked and ":tick:" in data:
                words, carried = label.replace("☐", "☑"), data.replace(":tick:", ":untick:")
            buttons.append(InlineKeyboardButton(words, callback_data=carried))
        rows.append(buttons)
    return InlineKeyboardMarkup(rows) if rows else None


def questions_of(context: Context) -> list[Screen]:
    """The questions this person is asked."""
    data = context.user_data
    assert data is not None
    complaints = data["answers"].get("complaints")
    if not complaints:
        return FIRST
    questions: list[Screen] = PATHS[" ".join(complaints)]["questions"]
    return questions


def tapped(update: Update) -> CallbackQuery:
    """The tap of an update."""
    query = update.callback_query
    assert query is not None
    return query


async def start(update: Update, context: Context) -> str:
    """Begin anew."""
    assert update.message is not None
    assert context.user_data is not None
    context.user_data.clear()
    context.user_data["answers"] = {}
    screen = SCRIPT["welcome"]
    await update.message.reply_text(
        screen["text"], reply_markup=keyboard(screen), parse_mode=ParseMode.HTML
    )
    return WELCOME


async def agree(update: Update, context: Context) -> str:
    """Ask the first question."""
    query = tapped(update)
    await query.answer()
    return await show(query, context, 0)


async def pick(update: Update, context: Context) -> str:
    """Keep an answer and ask the next question."""
    query = tapped(update)
    await query.answer()
    assert context.user_data is not None
    _, _, question, code = str(query.data).split(":")
    context.user_data["answers"][question] = code
    return await show(query, context, context.user_data["at"] + 1)


async def tick(update: Update, context: Context) -> str:
    """Tick an answer, or take the tick off."""
    query = tapped(update)
    await query.answer()
    assert context.user_data is not None
    _, _, question, code = str(query.data).split(":")
    context.user_data.setdefault("ticks", set()).symmetric_difference_update({code})
    screen = questions_of(context)[context.user_data["at"]]
    await query.edit_message_text(
        screen["text"],
        reply_markup=keyboard(screen, context.user_data["ticks"]),
        parse_mode=ParseMode.HTML,
    )
    return question


async def done(update: Update, context: Context) -> str:
    """Keep what is ticked and ask the next question."""
    query = tapped(update)
    await query.answer()
    assert context.user_data is not None
    _, _, question = str(query.data).split(":")
    ticks = context.user_data.pop("ticks", set())
    screen = questions_of(context)[context.user_data["at"]]
    context.user_data["answers"][question] = [
        data.rpartition(":")[2]
        for row in screen["rows"]
        for _, data in row
        if data.rpartition(":")[2] in ticks and ":tick:" in data
    ]
    return await show(query, context, context.user_data["at"] + 1)


async def words(update: Update, context: Context) -> str:
    """Keep what was written and show the answers."""
    assert update.message is not None
    assert context.user_data is not None
    questions = questions_of(context)
    context.user_data["answers"][questions[context.user_data["at"]]["id"]] = update.message.text
    screen = path_of(context)["review"]
    await update.message.reply_text(
        screen["text"], reply_markup=keyboard(screen), parse_mode=ParseMode.HTML
    )
    return REVIEW


async def result(update: Update, context: Context) -> int:
    """Show the result and end."""
    query = tapped(update)
    await query.answer()
    assert update.effective_chat is not None
    first, *rest = path_of(context)["result"]
    await query.edit_message_text(
        first["text"], reply_markup=keyboard(first), parse_mode=ParseMode.HTML
    )
    for screen in rest:
        await context.bot.send_message(
            update.effective_chat.id,
            screen["text"],
            reply_markup=keyboard(screen),
            parse_mode=ParseMode.HTML,
        )
    return ConversationHandler.END


async def cancel(update: Update, context: Context) -> int:
    """Stop."""
    assert update.message is not None
    await update.message.reply_text("Bye! I hope we can talk again some day.")
    return ConversationHandler.END


async def show(query: CallbackQuery, context: Context, at: int) -> str:
    """Ask the question at this place of the path."""
    assert context.user_data is not None
    context.user_data["at"] = at
    screen = questions_of(context)[at]
    await query.edit_message_text(
        screen["text"], reply_markup=keyboard(screen), parse_mode=ParseMode.HTML
    )
    state: str = screen["id"]
    return state


def path_of(context: Context) -> dict[str, Any]:
    """All that this person is shown."""
    assert context.user_data is not None
    path: dict[str, Any] = PATHS[" ".join(context.user_data["answers"]["complaints"])]
    return path


def main() -> None:
    """Run the bot."""
    base = os.environ["TELEGRAM_API_BASE_URL"]
    application = (
        Application.builder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{base}/bot")
        .persistence(PicklePersistence(filepath="conversationbot"))
        .build()
    )
    states: dict[object, list[Any]] = {
        WELCOME: [CallbackQueryHandler(agree, pattern="^0:agree$")],
        REVIEW: [CallbackQueryHandler(result, pattern="^0:confirm$")],
    }
    for path in PATHS.values():
        for question in path["questions"]:
            id = question["id"]
            handlers: dict[str, list[Any]] = {
                "pick": [CallbackQueryHandler(pick, pattern=f"^0:pick:{id}:")],
                "done": [
                    CallbackQueryHandler(tick, pattern=f"^0:(un)?tick:{id}:"),
                    CallbackQueryHandler(done, pattern=f"^0:done:{id}$"),
                ],
                "skip": [MessageHandler(filters.TEXT & ~filters.COMMAND, words)],
            }
            states[id] = handlers[question["kind"]]
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", start)],
            states=states,
            fallbacks=[CommandHandler("cancel", cancel)],
            allow_reentry=True,
            name="interview",
            persistent=True,
        )
    )
    webhook = os.environ.get("WEBHOOK_URL")
    if webhook is None:
        application.run_polling(allowed_updates=Update.ALL_TYPES)
        return
    parts = urlsplit(webhook)
    application.run_webhook(
        listen="127.0.0.1",
        port=parts.port or 80,
        url_path=parts.path,
        webhook_url=webhook,
        secret_token="ASecretTokenIHaveChangedByNow",
        allowed_updates=Update.ALL_TYPES,
    )


if __name__ == "__main__":
    main()
