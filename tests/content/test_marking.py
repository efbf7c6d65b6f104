"""A mark on every text, and nothing else changed."""

import pytest

from content.loader import languages, load_content
from content.marking import mark
from content.markup import Markup
from flows.loader import load_flow

FLOW = load_flow()


@pytest.mark.parametrize("code", languages())
def test_every_text_has_a_mark_of_its_own_and_reads_as_before(code: str) -> None:
    content = load_content(code, FLOW)
    marked = mark(content)

    plain = content.model_dump_json()
    with_marks = marked.content.model_dump_json()

    assert not any(letter in plain for letter in marked.texts)
    assert all(with_marks.count(letter) == 1 for letter in marked.texts)
    assert "".join(letter for letter in with_marks if letter not in marked.texts) == plain
    assert len({(text.file, text.path) for text in marked.texts.values()}) == len(marked.texts)


def test_a_mark_tells_which_text_is_shown_and_in_which_file() -> None:
    content = load_content("en", FLOW)
    marked = mark(content)
    rule = marked.content.results.rules["U04"]
    option = marked.content.question("saddle").options["new"]

    (text,) = marked.seen_in(rule.fill(weakness="a weak leg"))
    assert isinstance(rule, Markup)
    assert (text.file, text.key, text.words) == (
        "results.yaml",
        "rules.U04",
        content.results.rules["U04"],
    )
    (text,) = marked.seen_in(f"You told us about {option.said}.")
    assert (text.file, text.key) == ("questions.yaml", "questions.saddle.options.new.said")


def test_what_people_type_is_not_shown_and_has_no_mark() -> None:
    content = load_content("en", FLOW)
    marked = mark(content)
    back = content.question("complaints").options["back"]

    assert back.words
    assert marked.content.question("complaints").options["back"].words == back.words
    assert not any("words" in text.path for text in marked.texts.values())
