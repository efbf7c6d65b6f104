"""The limits and shapes the Bot API holds a bot to.

Each check returns what Telegram keeps of its argument and raises `Breach` with Telegram's words.
Lengths are UTF-16 code units after the markup is read, except where bytes are named.
"""

import re
from typing import Any

from .entities import Entity, parse_html, trimmed, utf16_length
from .errors import breach
from .parameters import Parameters, Upload

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_RAW_TEXT_BYTES = 1 << 15
MAX_BUTTONS = 100
MAX_BUTTONS_IN_ROW = 8
MAX_MARKUP_BYTES = 10_000
MAX_CALLBACK_DATA_BYTES = 64
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_CALLBACK_ANSWER = 200
MAX_DOCUMENT_BYTES = 50_000_000
MAX_PHOTO_BYTES = 10_000_000
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20

Rows = tuple[tuple[dict[str, Any], ...], ...]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_OTHER_BUTTONS = frozenset(
    {
        "callback_game",
        "copy_text",
        "login_url",
        "pay",
        "switch_inline_query",
        "switch_inline_query_chosen_chat",
        "switch_inline_query_current_chat",
        "web_app",
    }
)
_CHAT_ACTIONS = frozenset(
    {
        "cancel",
        "choose_sticker",
        "find_location",
        "record_video",
        "record_video_note",
        "record_voice",
        "typing",
        "upload_document",
        "upload_photo",
        "upload_video",
        "upload_video_note",
        "upload_voice",
    }
)
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


def message_text(parameters: Parameters) -> tuple[str, list[Entity]]:
    """The text of a message and its entities."""
    if not parameters.text("text"):
        raise breach("message text is empty")
    text, entities = _formatted(parameters, "text", "entities")
    if not text:
        raise breach("text must be non-empty")
    if utf16_length(text) > MAX_TEXT:
        raise breach("message is too long")
    return text, entities


def caption(parameters: Parameters) -> tuple[str, list[Entity]]:
    """The words under a file, often none."""
    text, entities = _formatted(parameters, "caption", "caption_entities")
    if utf16_length(text) > MAX_CAPTION:
        raise breach("message caption is too long")
    return text, entities


def _formatted(parameters: Parameters, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    source = parameters.text(name)
    if len(source.encode()) > MAX_RAW_TEXT_BYTES:
        raise breach("text is too long")
    mode = parameters.text("parse_mode").lower()
    if mode in ("", "none"):
        return trimmed(source, _given(parameters.structure(entities_name, "entities"), source))
    if mode != "html":  # Markdown is Telegram's as well, but not this project's
        raise breach("unsupported parse_mode")
    return trimmed(*parse_html(source))


def _given(value: Any, text: str) -> list[Entity]:
    """Entities the bot counted itself."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise breach("can't parse entities JSON object")
    length = utf16_length(text)
    for entity in value:
        if not isinstance(entity, dict):
            raise breach("can't parse MessageEntity: expected an Object")
        offset, size = _integer(entity, "offset"), _integer(entity, "length")
        if not _string(entity, "type", "MessageEntity"):
            raise breach("can't parse MessageEntity: Unsupported type specified")
        if offset < 0 or size < 1 or offset + size > length:
            raise breach(f"receive an entity with incorrect offset {offset}")
    return value


def reply_markup(parameters: Parameters, *, only_inline: bool = False) -> Rows:
    """The inline keyboard of a message as rows of buttons; other markups give no rows."""
    markup = parameters.structure("reply_markup", "reply keyboard markup")
    if markup is None:
        return ()
    if not isinstance(markup, dict):
        raise breach("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if only_inline and markup:
            raise breach("inline keyboard expected")
        return ()
    return _inline_keyboard(markup["inline_keyboard"])


def _inline_keyboard(value: Any) -> Rows:
    if not isinstance(value, list):
        raise breach('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in value):
        raise breach(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    rows = tuple(tuple(_button(button) for button in row) for row in value if row)
    # Telegram folds rows of more than 8 in ways nobody means; here that is refused.
    if (
        sum(len(row) for row in rows) > MAX_BUTTONS
        or any(len(row) > MAX_BUTTONS_IN_ROW for row in rows)
        or len(repr(rows).encode()) > MAX_MARKUP_BYTES
    ):
        raise breach("reply markup is too long")
    return rows


def _button(value: Any) -> dict[str, Any]:
    wrong = "can't parse inline keyboard button"
    if not isinstance(value, dict):
        raise breach(f"{wrong}: InlineKeyboardButton must be an Object")
    text = value.get("text")
    if text is None:
        raise breach(f'{wrong}: Can\'t find field "text"')
    if not isinstance(text, str):
        raise breach(f'{wrong}: Field "text" must be of type String')
    if not text.strip():
        raise breach("inline keyboard button text must be non-empty")
    if value.get("url"):
        return value
    data = value.get("callback_data")
    if data is not None and not isinstance(data, str):
        raise breach(f'{wrong}: Field "callback_data" must be of type String')
    if data:
        if len(data.encode()) > MAX_CALLBACK_DATA_BYTES:
            raise breach("BUTTON_DATA_INVALID")
    elif not _OTHER_BUTTONS & value.keys():
        raise breach(f"{wrong}: Text buttons are unallowed in the inline keyboard")
    return value


def commands(parameters: Parameters) -> list[dict[str, str]]:
    """The commands of a menu."""
    value = parameters.structure("commands", "commands")
    if value is None:
        return []
    if not isinstance(value, list):
        raise breach("expected an Array of BotCommand")
    if len(value) > MAX_COMMANDS:
        raise breach("BOT_COMMANDS_TOO_MUCH")
    return [_command(command) for command in value]


def _command(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise breach("can't parse BotCommand: expected an Object")
    name = _string(value, "command", "BotCommand").strip().removeprefix("/")
    description = _string(value, "description", "BotCommand").strip()
    if not name:
        raise breach("command must be non-empty")
    if not _COMMAND.fullmatch(name):
        raise breach("BOT_COMMAND_INVALID")
    if not description:
        raise breach("command description must be non-empty")
    if utf16_length(description) > MAX_COMMAND_DESCRIPTION:
        raise breach("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def language(parameters: Parameters) -> str:
    """A two-letter ISO 639-1 code, or nothing for everyone."""
    code = parameters.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise breach("invalid language code specified")
    return code


def at_most(parameters: Parameters, name: str, limit: int, error: str) -> str:
    """A text with an upper limit only."""
    text = parameters.text(name)
    if utf16_length(text) > limit:
        raise breach(error)
    return text


def chat_action(parameters: Parameters) -> str:
    """What the bot is seen doing."""
    action = parameters.text("action")
    if action not in _CHAT_ACTIONS:
        raise breach("wrong parameter action in request")
    return action


def document(upload: Upload) -> Upload:
    """A file a person is to keep: it has a name, something in it and no more than 50 MB."""
    if not upload.name.strip() or "/" in upload.name:
        raise breach("document name is invalid")
    return _sized(upload, MAX_DOCUMENT_BYTES)


def photo(upload: Upload) -> tuple[int, int]:
    """Width and height of a picture."""
    _sized(upload, MAX_PHOTO_BYTES)
    if upload.content.startswith(_JPEG):
        return 1280, 960
    if not upload.content.startswith(_PNG) or len(upload.content) < 24:
        raise breach("IMAGE_PROCESS_FAILED")
    width = int.from_bytes(upload.content[16:20])
    height = int.from_bytes(upload.content[20:24])
    long, short = max(width, height), min(width, height)
    if not short or width + height > MAX_PHOTO_SIDES or long > MAX_PHOTO_RATIO * short:
        raise breach("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _sized(upload: Upload, limit: int) -> Upload:
    if not upload.content:
        raise breach("file must be non-empty")
    if len(upload.content) > limit:
        raise breach("file is too big")
    return upload


def _string(value: dict[str, Any], name: str, kind: str) -> str:
    if name not in value:
        raise breach(f"can't parse {kind}: Can't find field \"{name}\"")
    if not isinstance(text := value[name], str):
        raise breach(f'can\'t parse {kind}: Field "{name}" must be of type String')
    return text


def _integer(entity: Entity, name: str) -> int:
    number = entity.get(name)
    if not isinstance(number, int) or isinstance(number, bool):
        raise breach(f'can\'t parse MessageEntity: Field "{name}" must be of type Number')
    return number
