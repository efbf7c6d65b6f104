"""What stands on the buttons, and where they stand."""

from __future__ import annotations

from bot.screens import Choice, Layout, Screen
from bot.telegram.render import BUTTON_LIMIT, keyboard, plain


def rows(screen: Screen) -> list[list[str]]:
    markup = keyboard(screen)
    return [[b["text"] for b in row] for row in markup["inline_keyboard"]] if markup else []


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, f"1:{n}", number=n) for n, label in enumerate(labels, 1))


def test_numbers_stand_before_the_words() -> None:
    assert rows(Screen("q", "?", choices("No", "Yes"))) == [["1  No"], ["2  Yes"]]


def test_a_number_is_not_said_twice() -> None:
    assert rows(Screen("q", "?", (Choice("7", "1:7", number=7),))) == [["7"]]


def test_two_a_row_and_controls_below() -> None:
    controls = (Choice("Back", "1:back"), Choice("Done", "1:done"))
    screen = Screen("q", "?", choices("a", "b", "c"), controls, Layout.GRID)
    assert rows(screen) == [["1  a", "2  b"], ["3  c"], ["Back", "Done"]]


def test_ticks() -> None:
    screen = Screen(
        "q", "?", (Choice("Fever", "a", 1, ticked=True), Choice("None", "b", 2, ticked=False))
    )
    assert rows(screen) == [["☑ 1  Fever"], ["☐ 2  None"]]


def test_a_scale_in_two_rows_and_what_is_no_number_below() -> None:
    scale = tuple(Choice(str(n), f"1:{n}", number=n) for n in range(11))
    screen = Screen("q", "?", (*scale, Choice("I cannot say", "1:x")), layout=Layout.SCALE)
    assert [len(row) for row in rows(screen)] == [6, 5, 1]
    assert rows(screen)[0][0] == "0"


def test_many_controls() -> None:
    def widths(count: int) -> list[int]:
        controls = tuple(Choice(str(n), str(n)) for n in range(count))
        return [len(row) for row in rows(Screen("q", "?", controls=controls))]

    assert [widths(n) for n in range(1, 6)] == [[1], [2], [3], [2, 2], [3, 2]]


def test_no_buttons() -> None:
    assert keyboard(Screen("notice", "Hello")) is None


def test_words_are_cut_only_as_a_last_resort() -> None:
    fits, long = "x" * 100, "word " * 60
    (first,), (second,) = rows(Screen("q", "?", (Choice(fits, "a"), Choice(long, "b"))))
    assert first == fits
    assert second.endswith("word…")
    assert len(second) <= BUTTON_LIMIT


def test_plain() -> None:
    assert plain("<b>1 &lt; 2</b> &amp; <i>so</i>") == "1 < 2 & so"
