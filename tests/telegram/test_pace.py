"""A flood is told from a conversation, and read in one go."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.pace import (
    LETTERS,
    MOST,
    MOST_CHATS,
    MOST_UNANSWERED,
    QUIET,
    TOGETHER,
    Pace,
    flood,
    text_in,
)

ANNA, BEN = 7, 8


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def written(text: str, number: int = 1, kind: str = "private") -> tuple[int, dict[str, Any]]:
    message = {"message_id": number, "chat": {"id": ANNA, "type": kind}, "text": text}
    return number, {"update_id": number, "message": message}


TAP = (99, {"update_id": 99, "callback_query": {"id": "1", "data": "1:agree"}})


def test_more_messages_than_anybody_waits_with_are_a_flood() -> None:
    assert flood([written("hi")] * MOST) == 0
    assert flood([written("hi")] * (MOST + 1)) == MOST + 1
    assert flood([written("hi")] * 1000) == TOGETHER


def test_what_is_not_written_words_stands_alone() -> None:
    many = [written("hi")] * (MOST + 1)
    assert flood([*many, TAP, *many]) == MOST + 1
    assert flood([TAP, *many]) == 0
    assert flood([written("/delete"), *many]) == 0
    assert flood([written("hi", kind="group"), *many]) == 0


def test_a_flood_of_long_messages_is_read_in_pieces() -> None:
    long = [written("x" * (LETTERS // 20))] * 100
    assert MOST < flood(long) <= 20


@given(st.lists(st.text(max_size=30), max_size=150))
def test_only_words_are_ever_read_together(texts: list[str]) -> None:
    waiting = [written(text) for text in texts]
    count = flood(waiting)
    assert count == 0 or MOST < count <= TOGETHER
    assert all(text_in(raw) is not None for _, raw in waiting[:count])


def test_what_comes_right_behind_a_flood_belongs_to_it() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert not pace.hurried(ANNA, answered=True)
    pace.floods(ANNA)
    for _ in range(5):
        clock.now += QUIET / 2
        assert pace.hurried(ANNA, answered=True)
        assert not pace.hurried(BEN, answered=True)
    clock.now += QUIET
    assert not pace.hurried(ANNA, answered=True)


def test_several_in_a_row_that_wait_for_no_answer_are_a_flood() -> None:
    pace = Pace(Clock())
    first = [pace.hurried(ANNA, answered=False) for _ in range(MOST_UNANSWERED)]
    assert first == [False] * (MOST_UNANSWERED - 1) + [True]


def test_who_waits_for_each_answer_never_floods() -> None:
    pace = Pace(Clock())
    for _ in range(100):
        assert not pace.hurried(ANNA, answered=True)
        assert not pace.hurried(ANNA, answered=False)


def test_the_silent_are_forgotten() -> None:
    clock = Clock()
    pace = Pace(clock)
    for chat in range(3 * MOST_CHATS):
        clock.now += QUIET / 100
        pace.floods(chat)
        pace.hurried(chat, answered=False)
    assert len(pace._unanswered) <= MOST_CHATS + 1
    assert len(pace._until) <= MOST_CHATS + 1
