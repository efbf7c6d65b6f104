"""From a screen to what Telegram shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

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


def keyboard(screen: Screen) -> Keyboard | None:
    """The buttons of a screen, or None if it has none."""
    rows = [*_choice_rows(screen), *_control_rows(screen.controls)]
    return {"inline_keyboard": rows} if rows else None


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
    return {"text": words, "callback_data": choice.data}


def _cut(words: str) -> str:
    """Words short enough for a button, cut between words where there are any."""
    if len(words) <= BUTTON_LIMIT:
        return words
    head = words[: BUTTON_LIMIT - 1]
    space = head.rfind(" ")
    return (head[:space] if space > BUTTON_LIMIT // 2 else head).rstrip() + "…"
