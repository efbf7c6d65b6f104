"""Telegram's HTML, and lengths as Telegram counts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import Breach, breach

Entity = dict[str, Any]

_ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_MARK = re.compile(r"[<&]")
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]+));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.-]+))?""")
_TAG_END = re.compile(r"\s*>")
_COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of every offset and limit of the Bot API."""
    return len(text) if text.isascii() else len(text) + sum(mark > "\uffff" for mark in text)


def command_entities(text: str) -> list[Entity]:
    """The commands in a person's text, as Telegram marks them before a bot sees it."""
    return [
        {
            "type": "bot_command",
            "offset": utf16_length(text[: match.start()]),
            "length": len(match.group()),
        }
        for match in _COMMAND.finditer(text)
    ]


def part_of(text: str, entity: Entity) -> str:
    """The words an entity covers."""
    units = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return units[start : start + 2 * entity["length"]].decode("utf-16-le")


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text without the white space around it, as Telegram stores it, with entities to match."""
    bare = text.strip()
    if bare == text:
        return text, entities
    before = utf16_length(text[: len(text) - len(text.lstrip())])
    length = utf16_length(bare)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        end = min(entity["offset"] - before + entity["length"], length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return bare, kept


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Read text in Telegram's HTML into plain text and entities.

    Raises:
        Breach: the markup is not what Telegram accepts; the text says what and at which byte.
    """
    if not _MARK.search(source):
        return source, []
    return _Html(source).parsed()


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    offset: int
    piece: int
    extra: Entity


class _Html:
    """One reading of one text, from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parsed(self) -> tuple[str, list[Entity]]:
        position = 0
        while mark := _MARK.search(self._source, position):
            self._add(self._source[position : mark.start()])
            position = self._character(mark.start()) if mark.group() == "&" else self._tag(mark)
        self._add(self._source[position:])
        if self._open:
            tag = self._open[-1].tag
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._pieces), self._entities

    def _add(self, piece: str) -> None:
        if piece:
            self._pieces.append(piece)
            self._length += utf16_length(piece)

    def _character(self, start: int) -> int:
        """Read `&lt;` and the like; anything else after & stands for itself."""
        character, end = _decoded(self._source, start)
        self._add(character)
        return end

    def _tag(self, mark: re.Match[str]) -> int:
        start = mark.start()
        if self._source.startswith("/", start + 1):
            return self._end_tag(start)
        return self._start_tag(start)

    def _start_tag(self, start: int) -> int:
        where = self._where(start)
        name_match = _TAG_NAME.match(self._source, start + 1)
        assert name_match is not None
        if name_match.end() == len(self._source):
            raise _cannot_parse(f"Unclosed start tag {where}")
        tag = name_match.group().lower()
        if tag not in _ENTITY_OF_TAG:
            raise _cannot_parse(f'Unsupported start tag "{tag}" {where}')
        attributes: dict[str, str] = {}
        position = name_match.end()
        while not (end := _TAG_END.match(self._source, position)):
            attribute = _ATTRIBUTE.match(self._source, position)
            if attribute is None:
                raise _cannot_parse(f"Unclosed start tag {where}")
            name, value = attribute.groups()
            if value is None and self._source[attribute.end() :].lstrip().startswith("="):
                raise _cannot_parse(f"Unclosed start tag {where}")
            if value is None and (tag, name) != ("blockquote", "expandable"):
                raise _cannot_parse(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" {where}'
                )
            attributes[name.lower()] = _unquoted(value or "")
            position = attribute.end()
        extra = _extra(tag, attributes, where)
        self._open.append(_Open(tag, self._length, len(self._pieces), extra))
        return end.end()

    def _end_tag(self, start: int) -> int:
        where = self._where(start)
        if not self._open:
            raise _cannot_parse(f"Unexpected end tag {where}")
        name_match = _TAG_NAME.match(self._source, start + 2)
        assert name_match is not None
        end = _TAG_END.match(self._source, name_match.end())
        if end is None:
            raise _cannot_parse(f"Unclosed end tag {where}")
        found, opened = name_match.group().lower(), self._open.pop()
        if found not in ("", opened.tag):
            raise _cannot_parse(
                f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{found}>"'
            )
        self._close(opened)
        return end.end()

    def _close(self, opened: _Open) -> None:
        length = self._length - opened.offset
        if not length:
            return
        entity = {
            "type": _ENTITY_OF_TAG[opened.tag],
            "offset": opened.offset,
            "length": length,
            **opened.extra,
        }
        if entity["type"] == "text_link" and not entity["url"]:
            entity["url"] = "".join(self._pieces[opened.piece :])
        if opened.tag == "pre" and self._entities and _is_code(self._entities[-1], entity):
            entity["language"] = self._entities.pop()["language"]
        self._entities.append(entity)

    def _where(self, position: int) -> str:
        return f"at byte offset {len(self._source[:position].encode())}"


def _extra(tag: str, attributes: dict[str, str], where: str) -> Entity:
    """What the attributes of a tag add to its entity."""
    match tag:
        case "a":
            return {"url": attributes.get("href", "")}
        case "code" if attributes.get("class", "").startswith("language-"):
            return {"language": attributes["class"].removeprefix("language-")}
        case "span" if attributes.get("class") != "tg-spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" {where}')
        case "tg-emoji":
            if not attributes.get("emoji-id", "").isdigit():
                raise _cannot_parse("Invalid custom emoji identifier specified")
            return {"custom_emoji_id": attributes["emoji-id"]}
        case "blockquote" if "expandable" in attributes:
            return {"type": "expandable_blockquote"}
    return {}


def _is_code(inner: Entity, outer: Entity) -> bool:
    """Whether code in a named language fills the whole of a `pre`."""
    return "language" in inner and all(inner[name] == outer[name] for name in ("offset", "length"))


def _unquoted(value: str) -> str:
    if value[:1] not in ('"', "'"):
        return value.lower()
    return "".join(_characters(value[1:-1]))


def _characters(text: str) -> Iterator[str]:
    position = 0
    while (ampersand := text.find("&", position)) >= 0:
        yield text[position:ampersand]
        character, position = _decoded(text, ampersand)
        yield character
    yield text[position:]


def _decoded(text: str, start: int) -> tuple[str, int]:
    """The character written at an ampersand, and where reading goes on."""
    if match := _CHARACTER.match(text, start):
        hexadecimal, decimal, name = match.groups()
        if name is None:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            if 0 < code < 0x10FFFF:
                return chr(code), match.end()
        elif name in _NAMED:
            return _NAMED[name], match.end()
    return "&", start + 1


def _cannot_parse(reason: str) -> Breach:
    return breach(f"can't parse entities: {reason}")
