"""Formatting: only <b> and <i> ever get through, whatever anybody types."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content.markup import Markup, MarkupError, bold, italic, join, placeholders

HARMLESS = re.compile(r"(?:[^<>&]|&(?:amp|lt|gt);)*")
FORMATTED = re.compile(r"(?:[^<>&]|&(?:amp|lt|gt);|</?[bi]>)*")

# Any text that JSON can carry, lone surrogates too, with what could do harm strewn in.
typed = st.lists(
    st.sampled_from(["<", ">", "&", "<b>", "</b>", "<i>", "</i>", "&lt;", "&amp;", "{", "}", "{x}"])
    | st.text(st.characters(), max_size=5),
    max_size=8,
).map("".join)


class Tags(HTMLParser):
    """A second reader of the tags: fails where one is closed that was not opened last."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> Markup | None:
    try:
        return Markup.parse(text)
    except MarkupError:
        return None


@given(typed)
def test_what_somebody_typed_is_made_harmless_and_reads_as_typed(text: str) -> None:
    escaped = Markup.escape(text)
    assert HARMLESS.fullmatch(escaped)
    assert escaped.plain() == text


@given(typed)
@example("1 < 2 & <b>one > <i>two &</i></b> & <3")
def test_a_writers_text_keeps_its_tags_rightly_nested_and_nothing_else(text: str) -> None:
    markup = parsed(text)
    if markup is None:
        return
    assert FORMATTED.fullmatch(markup)
    assert Tags(markup).open == []
    assert markup.plain() == re.sub(r"</?[bi]>", "", text)


@given(typed, typed)
@example("<b>{x}</b> and {y}", "</b><a href='x'>&")
def test_a_value_never_formats_whatever_it_is_filled_into(template: str, value: str) -> None:
    markup = parsed(template)
    try:
        names = placeholders(template)
    except MarkupError:
        return
    if markup is None:
        return
    filled = markup.fill(**dict.fromkeys(names, value))
    assert FORMATTED.fullmatch(filled)
    assert Tags(filled).seen == Tags(markup).seen
    if names and "{{" not in template and "}}" not in template:
        assert filled.plain() == re.sub(r"\{\w+\}", lambda _: value, markup.plain())


@given(typed)
def test_a_value_with_formatting_of_our_own_keeps_it(text: str) -> None:
    assert Markup("{x}").fill(x=bold(Markup.escape(text))) == bold(Markup.escape(text))


@given(typed)
@example("\U0001f9b6 foot")
@example("\ud83e alone")
def test_length_is_counted_as_telegram_counts_it(text: str) -> None:
    units = sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)
    assert Markup.escape(text).length() == units
    assert italic(Markup.escape(text)).length() == units


def test_a_value_may_be_a_number_and_may_be_missing() -> None:
    text = Markup.parse("{days} days & {days} nights")
    assert text.fill(days=3, unused=4) == "3 days &amp; 3 nights"
    with pytest.raises(KeyError, match="days"):
        text.fill()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<b>fat", "<b> is not closed"),
        ("<b>fat <i>and slanted</i>", "<b> is not closed"),
        ("fat</b>", "</b> closes nothing"),
        ("<b>fat <i>and</b> slanted</i>", "</b> closes nothing"),
        ("<u>line</u>", "<u> is not possible: only <b> and <i> are"),
        ("<B>fat</B>", "<B> is not possible: only <b> and <i> are"),
        ('<a href="x">link</a>', '<a href="x"> is not possible: only <b> and <i> are'),
        ("line<br/>break", "<br/> is not possible: only <b> and <i> are"),
        ("<b >fat</b >", "<b > is not possible: only <b> and <i> are"),
    ],
)
def test_a_broken_tag_is_named(text: str, reason: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        Markup.parse(text)
    assert str(refusal.value) == reason


@pytest.mark.parametrize("text", ["1 < 2 > 0", "a <- b", "pain <3 weeks", "x<y", "Q&A", "<>"])
def test_a_sign_that_starts_no_tag_is_just_a_sign(text: str) -> None:
    assert Markup.parse(text).plain() == text


def test_placeholders_are_plain_names() -> None:
    assert placeholders("{said} in {emergency_number}, {said}") == {"said", "emergency_number"}
    assert placeholders("nothing to fill") == frozenset()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{said", "broken placeholder: expected '}' before end of string"),
        ("said}", "broken placeholder: Single '}' encountered in format string"),
        ("{}", "a placeholder must be a plain name, not {}"),
        ("{0}", "a placeholder must be a plain name, not {0}"),
        ("{said.__class__}", "a placeholder must be a plain name, not {said.__class__}"),
        ("{said!r}", "a placeholder must be a plain name, not {said}"),
        ("{said:>9}", "a placeholder must be a plain name, not {said}"),
        ("{{said}}", "a brace cannot be shown: {{ or }}"),
    ],
)
def test_a_broken_placeholder_is_named(text: str, reason: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        placeholders(text)
    assert str(refusal.value) == reason


def test_empty_pieces_leave_no_gap_and_no_empty_tags() -> None:
    empty = Markup()
    assert join((Markup("a"), empty, Markup("b")), " ") == "a b"
    assert join((empty, empty)) == ""
    assert bold(empty) == italic(empty) == ""
    assert bold(Markup("a")) == "<b>a</b>"
    assert italic(Markup("a")) == "<i>a</i>"
