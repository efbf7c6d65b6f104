"""Typed text as plain words: no case, accents, look-alike letters, invisible characters or emoji.

Everything here takes time in proportion to the text.
"""

import re
import unicodedata
from dataclasses import dataclass

COMMA, SENTENCE = 1, 2
"""The pauses between words."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffd\U000e0000-\U000e0fff]"
)
_APOSTROPHES = "'’‘‛`´ʼʹ′＇"
_WORD = re.compile(
    rf"[^\W_]+(?:[{_APOSTROPHES}*][^\W_]+)*|(?P<inside>(?<=\d)[.,:](?=\d))|(?P<end>[.!?;\n\r\u2028\u2029。！？]+)|(?P<comma>[,:()\[\]/–—…]+|-{{2,}}|\s-\s)"
)
_APOSTROPHE = re.compile(rf"[{_APOSTROPHES}]")

_LOOK_ALIKES = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "е": "e", "ё": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p",
        "с": "c", "т": "t", "у": "y", "х": "x", "ѕ": "s", "і": "i", "ї": "i", "ј": "j", "ԁ": "d",
        "ԛ": "q", "ԝ": "w", "һ": "h", "ь": "b", "ո": "n", "ա": "w",
        # Greek
        "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v",
        "ο": "o", "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
        # Latin with a stroke, and small capitals
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ɑ": "a", "ɡ": "g", "ɩ": "i",
        "æ": "ae", "œ": "oe", "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f",
        "ɢ": "g", "ʜ": "h", "ɪ": "i", "ᴊ": "j", "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o",
        "ᴘ": "p", "ʀ": "r", "ꜱ": "s", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z",
    }
)  # fmt: skip
_TILDE = "\u0303"


@dataclass(frozen=True, slots=True)
class Text:
    """A text's words.

    `shown` is the text without invisible characters; `starts` and `ends` are places in it.
    `pauses` stand before each word: 0, `COMMA` or `SENTENCE`.
    """

    shown: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    pauses: list[int]


def read(raw: str) -> Text:
    """The words of any text; it may hold anything at all."""
    shown = visible(raw)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    pauses: list[int] = []
    pause = 0
    plain = shown.isascii()
    for found in _WORD.finditer(shown):
        kind = found.lastgroup
        if kind is None:
            word = found.group()
            words.append(_ascii(word) if plain else fold(word))
            starts.append(found.start())
            ends.append(found.end())
            pauses.append(pause)
            pause = 0
        elif kind == "end":
            pause = SENTENCE
        elif kind == "comma" and pause == 0:  # a point inside a number is no pause
            pause = COMMA
    return Text(shown, words, starts, ends, pauses)


def visible(raw: str) -> str:
    """The text with compatibility characters made plain and what cannot be seen taken out."""
    if raw.isascii():
        return _INVISIBLE.sub("", raw)
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw))
    return _INVISIBLE.sub("", text)


def fold(word: str) -> str:
    """A word as it is compared: every apostrophe is the same one.

    Accents go, but ñ stays: it tells words apart.
    """
    word = _APOSTROPHE.sub("'", word.casefold().replace("*", ""))
    if word.isascii():
        return word
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", word):
        if not unicodedata.combining(letter):
            letters.append(letter)
        elif letter == _TILDE and letters and letters[-1] == "n":
            letters[-1] = "ñ"
    return "".join(letters).translate(_LOOK_ALIKES)


def _ascii(word: str) -> str:
    word = word.lower()
    return word if word.isalnum() else _APOSTROPHE.sub("'", word.replace("*", ""))
