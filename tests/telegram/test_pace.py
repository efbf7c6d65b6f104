"""A flood is told from a conversation."""

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.pace import MOST, MOST_CHATS, WITHIN, Pace

ANNA, BEN = 7, 8


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_who_writes_very_much_at_once_floods_and_nobody_else_does() -> None:
    pace = Pace(Clock())
    assert [pace.hurried(ANNA) for _ in range(MOST)] == [False] * MOST
    assert pace.hurried(ANNA)
    assert not pace.hurried(BEN)


def test_after_a_while_of_quiet_it_is_a_conversation_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert [pace.hurried(ANNA) for _ in range(MOST + 1)][-1]
    clock.now += WITHIN
    assert not pace.hurried(ANNA)


@given(st.lists(st.floats(min_value=WITHIN / MOST, max_value=60), min_size=MOST, max_size=40))
def test_who_takes_time_for_each_message_never_floods(gaps: list[float]) -> None:
    clock = Clock()
    pace = Pace(clock)
    for gap in gaps:
        clock.now += gap * 1.01
        assert not pace.hurried(ANNA)


def test_the_silent_are_forgotten() -> None:
    clock = Clock()
    pace = Pace(clock)
    for chat in range(3 * MOST_CHATS):
        clock.now += 0.01
        pace.hurried(chat)
    assert len(pace._written) <= MOST_CHATS + 1
