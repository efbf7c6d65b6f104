"""From a screen to what Telegram shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from bot.screens import Choice, Layout, Screen

BUTTON_LIMIT = 128
"""Characters on a button; far more than a phone shows, and no word list comes near it."""

SCALE_ROWS = (6, 5)
"""0–5 above 6–10."""

CONTROLS_IN_A_ROW = 3

_TAG = re.compile(r"</?[bi]>")


Button = dict[str, str]
Keyboard = dict[str, list[list[Button]]]
"""An inline keyboard as the Bot API takes it."""

ReplyKeyboard = dict[str, Any]
"""Buttons where the patient writes, or the word that takes them away."""


def keyboard(screen: Screen) -> Keyboard | None:
    """The buttons of a screen, or None if it has none."""
    rows = [*_choice_rows(screen), *_control_rows(screen.controls)]
    return {"inline_keyboard": rows} if rows else None


def reply_keyboard(screen: Screen) -> ReplyKeyboard | None:
    """The button that shares a phone number, or what takes it away; None: it stays as it is."""
    if screen.contact is None:
        return None
    if not screen.contact:
        return {"remove_keyboard": True}
    button = {"text": _cut(screen.contact), "request_contact": True}
    return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}


def without_links(screen: Screen) -> Screen:
    """The same screen, with the addresses of its buttons as messages instead."""
    return replace(
        screen,
        choices=tuple(replace(one, url=None) for one in screen.choices),
        controls=tuple(replace(one, url=None) for one in screen.controls),
    )


def plain(text: str) -> str:
    """The text of a screen without its markup."""
    return unescape(_TAG.sub("", text))


def label(choice: Choice) -> str:
    """What stands on a button: tick, number, words."""
    number = "" if choice.number is None else str(choice.number)
    words = choice.label if number in ("", choice.label) else f"{number}  {choice.label}"
    if choice.ticked is not None:
        words = f"{'☑' if choice.ticked else '☐'} {words}"
    return _cut(words)


def _choice_rows(screen: Screen) -> list[list[Button]]:
    choices = screen.choices
    if screen.layout is Layout.SCALE:
        rows: list[list[Button]] = []
        start = 0
        for width in SCALE_ROWS:
            # On a scale the number is the answer; two of them on one button would be one too many.
            buttons = [_button(c, _cut(c.label)) for c in choices[start : start + width]]
            rows.extend([buttons] if buttons else [])
            start += width
        return rows + _rows(choices[start:], 1)
    return _rows(choices, 2 if screen.layout is Layout.GRID else 1)


def _control_rows(controls: Sequence[Choice]) -> list[list[Button]]:
    return _rows(controls, CONTROLS_IN_A_ROW if len(controls) != CONTROLS_IN_A_ROW + 1 else 2)


def _rows(choices: Sequence[Choice], width: int) -> list[list[Button]]:
    return [
        [_button(choice, label(choice)) for choice in choices[start : start + width]]
        for start in range(0, len(choices), width)
    ]


def _button(choice: Choice, words: str) -> Button:
    if choice.url is not None:
        return {"text": words, "url": choice.url}
    return {"text": words, "callback_data": choice.data}


def _cut(words: str) -> str:
    """Words short enough for a button, cut between words where there are any."""
    if len(words) <= BUTTON_LIMIT:
        return words
    head = words[: BUTTON_LIMIT - 1]
    space = head.rfind(" ")
    return (head[:space] if space > BUTTON_LIMIT // 2 else head).rstrip() + "…"
