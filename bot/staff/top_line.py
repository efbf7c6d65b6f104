"""The line at the top of a staff group: whether the protocol that runs is signed off.

What a group was last told is kept as the record of its address, and a new line is queued in the
transaction that notes it. So however many workers find out that something has changed, each group
is told once. What is here is pure: it decides inside that transaction.
"""

from __future__ import annotations

from bot.screens import Screen, Showing
from bot.store.contract import Decide, Effect, Held, Json
from content.markup import Markup, bold

NAME = "staff_sign_off"
"""The name of the screen: one such stands at the top, and the next one takes its place."""

_NOTHING = Effect(None, changed=False, result=False)


def when_linked(clinic: str, line: str, then: Screen) -> Decide:
    """Say it to a group that was linked just now, above what is said of the link."""

    def decide(held: Held | None, repeated: bool) -> Effect:
        if repeated:
            return _NOTHING
        if _told(held) == (clinic, line):
            return Effect(None, _shown(then), changed=False, result=True)
        return Effect(_note(clinic, line), _shown(_top(_bold(line)), then), result=True)

    return decide


def when_changed(clinic: str, line: str) -> Decide:
    """Say it if that is not what the group was told last."""

    def decide(held: Held | None, _: bool) -> Effect:
        if _told(held) == (clinic, line):
            return _NOTHING
        return Effect(_note(clinic, line), _shown(_top(_bold(line))), result=True)

    return decide


def when_ended(said: Markup, otherwise: Screen | None = None) -> Decide:
    """Say that the link has ended, in place of a line that nobody would keep true any more.

    ``otherwise`` is shown where no such line stands.
    """

    def decide(held: Held | None, repeated: bool) -> Effect:
        if repeated:
            return _NOTHING
        if not _told(held)[0]:
            return Effect(None, _shown(otherwise), changed=False) if otherwise else _NOTHING
        return Effect(_note("", ""), _shown(_top(said)), result=True)

    return decide


def when_out() -> Decide:
    """Note that nothing can be said in a group any more, as the bot is not in it."""

    def decide(held: Held | None, _: bool) -> Effect:
        return _NOTHING if held is None else Effect(_note("", ""), result=True)

    return decide


def _told(held: Held | None) -> tuple[str, str]:
    """What clinic's group it was when it was told last, and what it was told."""
    body = held.body if held else {}
    return str(body.get("clinic", "")), str(body.get("line", ""))


def _note(clinic: str, line: str) -> Json:
    return {"clinic": clinic, "line": line}


def _bold(line: str) -> Markup:
    return bold(Markup.escape(line))


def _top(text: Markup) -> Screen:
    return Screen(name=NAME, text=text, lasting=True, pinned=True)


def _shown(*screens: Screen) -> tuple[Json, ...]:
    return tuple(Showing(screen, in_place=False).to_json() for screen in screens)
