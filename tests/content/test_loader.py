"""Broken words are refused in one line: file, line, id and reason."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from content.loader import ContentError, languages, load_content, packaged_content
from flows.loader import load_flow

FLOW = load_flow()
ENGLISH = Path(str(packaged_content())) / "en"
QUESTIONS, RESULTS, INTERFACE = "questions.yaml", "results.yaml", "interface.yaml"


class Broken(NamedTuple):
    """A sample: one edit of the English words, and what must be said of it.

    `find` is a regular expression that fits one place of the file; `at` one that fits the one line
    that must be named, once the edit is made.
    """

    name: str
    file: str
    find: str
    replace: str
    at: str
    says: str


SAMPLES = [
    # Missing.
    Broken("no topic", QUESTIONS, r"(?<=^  age:\n)    topic: .*\n", "", r"^  age:", "questions.age.topic: is missing"),
    Broken("empty text", QUESTIONS, r"(?<=^  age:\n    topic: ).*", '"  "', r'^    topic: "  "', "questions.age.topic: a text is missing"),
    Broken("text without a value", QUESTIONS, r"(?<=^  age:\n    topic:).*", "", r"^    topic:$", "questions.age.topic: a text is missing"),
    Broken("list for a text", QUESTIONS, r"(?<=^  age:\n    topic: ).*", "[a, b]", r"^    topic: \[", "questions.age.topic: a text is missing"),
    Broken("no question", QUESTIONS, r"^  order:\n(?:    .*\n)+", "", r"^questions:", "questions.order: is missing"),
    Broken("no option", QUESTIONS, r"^      pop: .*\n", "", r"(?<=^  injury:\n)(?:    [a-z].*\n)*?    options:", "questions.injury.options.pop: is missing"),
    Broken("no said", QUESTIONS, r"(?<=^      under_18: \{label: \"Under 18\"), said: .*(?=\})", "", r"^      under_18:", "questions.age.options.under_18.said: is missing"),
    Broken("no section", QUESTIONS, r"^  walking: \".*\n", "", r"^sections:", "sections.walking: is missing"),
    Broken("intimate question without why", QUESTIONS, r"(?<=^  saddle:\n)(    topic: .*\n)    why: .*\n", r"\1", r"^  saddle:", "questions.saddle.why: is missing: an intimate question says first why"),
    Broken("scale without its ends", QUESTIONS, r"(?<=^  foot_severity:\n)((?:    .*\n)+?)    high: .*\n", r"\1", r"^  foot_severity:", "questions.foot_severity.high: is missing"),
    Broken("no urgency", RESULTS, r"^  routine:\n(?:    .*\n)+", "", r"^urgency:", "urgency.routine: is missing"),
    Broken("no rule", RESULTS, r"^  U14: .*\n", "", r"^rules:", "rules.U14: is missing"),
    Broken("no reason", RESULTS, r"^  N10: .*\n", "", r"^reasons:", "reasons.N10: is missing"),
    Broken("no end", RESULTS, r"^  no_complaint:\n(?:    .*\n)+", "", r"^out_of_scope:", "out_of_scope.no_complaint: is missing"),
    Broken("no link", RESULTS, r"^  none_found:\n(?:    .*\n)+", "", r"^links:", "links.none_found: is missing"),
    Broken("pathway without who", RESULTS, r"(?<=^  mechanical:\n)((?:    .*\n)+?)    who: .*\n", r"\1", r"^  mechanical:", "links.mechanical.who: is missing"),
    Broken("pathway that can be likely without likely", RESULTS, r"(?<=^  nerve:\n)((?:    .*\n)+?)    likely: .*\n", r"\1", r"(?<=^links:\n)  nerve:", "links.nerve.likely: is missing"),
    Broken("link without a summary", RESULTS, r"(?<=^  mixed:\n)(    .*\n)    summary: .*\n", r"\1", r"^  mixed:", "links.mixed.summary: is missing"),
    Broken("four questions to ask", RESULTS, r"(?<=^questions_to_ask:\n)  - .*\n", "", r"^questions_to_ask:", "questions_to_ask: Tuple should have at least 5 items after validation, not 4"),
    Broken("no page", RESULTS, r"^  both_ends:\n(?:    .*\n?)+", "", r"^explain:", "explain.both_ends: is missing"),
    Broken("no synonyms", INTERFACE, r"(?<=^  repeat: ).*", "[]", r"^  repeat: \[\]", "synonyms.repeat: Tuple should have at least 1 item after validation, not 0"),
    Broken("empty synonym", INTERFACE, r"(?<=^  repeat: ).*", '["again", ""]', r"^  repeat: \[", "synonyms.repeat.1: a text is missing"),
    Broken("no version of the note", INTERFACE, r"(?<=^  version: ).*", '""', r"^  version:", "privacy.version: a text is missing"),
    Broken("nothing between the pieces of a list", INTERFACE, r"(?<=^  list_separator: ).*", '""', r"^  list_separator:", "language.list_separator: String should have at least 1 character"),
    # Not used.
    Broken("text that nobody shows", INTERFACE, r"(?<=^notices:\n)", '  cheer: "Well done."\n', r"^  cheer:", "notices.cheer: is not used"),
    Broken("file part that nobody reads", RESULTS, r"\Z", '\njokes: {one: "Ha."}\n', r"^jokes:", "jokes: is not used"),
    Broken("question that nobody asks", QUESTIONS, r"^  goal:", '  mood: {topic: "Mood", ask: "How are you?"}\n  goal:', r"^  mood:", "questions.mood: is not used: the flow does not know it"),
    Broken("code that the flow does not know", QUESTIONS, r"^      under_18:", "      under_17:", r"(?<=How old are you\?\"\n)    options:", "questions.age.options.under_18: is missing"),
    Broken("one code too many", QUESTIONS, r"^      under_18:", '      under_17: {label: "Under 17", said: "under 17"}\n      under_18:', r"^      under_17:", "questions.age.options.under_17: is not used: the flow does not know it"),
    Broken("options of a text question", QUESTIONS, r"\Z", '\n    options: {run: {label: "Run", said: "to run"}}\n', r"^    options: \{run", "questions.goal.options.run: is not used: the flow does not know it"),
    Broken("ends of no scale", QUESTIONS, r"(?<=^  goal:\n)", '    low: "none"\n', r'^    low: "none"', "questions.goal.low: is not used: the question is no scale"),
    Broken("section that the flow does not know", QUESTIONS, r"(?<=^sections:\n)", '  neck: "Your neck"\n', r"^  neck:", "sections.neck: is not used: the flow does not know it"),
    Broken("rule that the flow does not know", RESULTS, r"(?<=^rules:\n)", '  U99: "Nothing."\n', r"^  U99:", "rules.U99: is not used: the flow does not know it"),
    Broken("reason that the flow does not know", RESULTS, r"(?<=^reasons:\n)", '  X1: "Nothing."\n', r"^  X1:", "reasons.X1: is not used: the flow does not know it"),
    Broken("summary of a pathway", RESULTS, r"(?<=^  mechanical:\n)", '    summary: "In short."\n', r'^    summary: "In short', "links.mechanical.summary: is not used"),
    Broken("likely, where only possible is allowed", RESULTS, r"(?<=^  mechanical:\n)", '    likely: "It fits."\n', r'^    likely: "It fits', "links.mechanical.likely: is not used"),
    Broken("who of no pathway", RESULTS, r"(?<=^  mixed:\n)", '    who: "A doctor."\n', r'^    who: "A doctor', "links.mixed.who: is not used"),
    # Too long.
    Broken("long button", QUESTIONS, r"Under 18(?=\", said)", "Under eighteen years of age, to the day", r"^      under_18:", "questions.age.options.under_18.label: is 39 characters long, at most 34 fit"),
    Broken("formatting does not count", RESULTS, r"(?<=^  self_care:\n    word: ).*", '"Self-care that is far too long"', r"^    word: \"Self-care that", "urgency.self_care.word: is 30 characters long, at most 20 fit"),
    Broken("emoji count twice, as on Telegram", INTERFACE, r"(?<=^  agree: \")[^\[\"]*(?=\"$)", "\U0001f9b6" * 18, r"^  agree: \"\U0001f9b6", "buttons.agree: is 36 characters long, at most 34 fit"),
    # Placeholders.
    Broken("unknown placeholder", INTERFACE, r"(?<=^  stopped: \")", "{name}, ", r"^  stopped:", "notices.stopped: nobody fills the placeholder {name}"),
    Broken("placeholder in a button", INTERFACE, r"(?<=^  skip: \")[^\[\"]*(?=\"$)", "Skip {number}", r"^  skip: \"", "buttons.skip: nobody fills the placeholder {number}"),
    Broken("rule with an answer that it does not read", RESULTS, r"(?<=^  U05: \").*(?=\"$)", "You told us about {saddle}.", r"^  U05:", "rules.U05: nobody fills the placeholder {saddle}"),
    Broken("rule that reads nothing", RESULTS, r"(?<=^  U36: \").*(?=\"$)", "You told us about {said}.", r"^  U36:", "rules.U36: nobody fills the placeholder {said}"),
    Broken("reason with an answer that it does not read", RESULTS, r"(?<=^  N8: \").*(?=\"$)", "You have {leg_reach}.", r"^  N8:", "reasons.N8: nobody fills the placeholder {leg_reach}"),
    Broken("placeholder with a dot", RESULTS, r"(?<=^  N8: \").*(?=\"$)", "You have {walking.x}.", r"^  N8:", "reasons.N8: a placeholder must be a plain name, not {walking.x}"),
    Broken("brace alone", RESULTS, r"(?<=^  N8: \").*(?=\"$)", "You have {walking.", r"^  N8:", "reasons.N8: broken placeholder: expected '}' before end of string"),
    Broken("two braces", RESULTS, r"(?<=^  N8: \").*(?=\"$)", "You have {{walking}}.", r"^  N8:", "reasons.N8: a brace cannot be shown: {{ or }}"),
    # Formatting.
    Broken("tag not closed", RESULTS, r"(?<=^  U36: \")", "<b>", r"^  U36:", "rules.U36: <b> is not closed"),
    Broken("tag not opened", RESULTS, r"(?<=^  U36: \")", "</i>", r"^  U36:", "rules.U36: </i> closes nothing"),
    Broken("tags crossed", RESULTS, r"(?<=^  U36: \")", "<b><i>Now</b></i> ", r"^  U36:", "rules.U36: </b> closes nothing"),
    Broken("tag that is not possible", RESULTS, r"(?<=^  U36: \")", "<u>Now</u> ", r"^  U36:", "rules.U36: <u> is not possible: only <b> and <i> are"),
    Broken("formatting in a button", INTERFACE, r"(?<=^  done: \")[^\[\"]*(?=\"$)", "<b>Done</b>", r"^  done: \"", "buttons.done: formatting is not possible here"),
    Broken("formatting inside a sentence", QUESTIONS, r"(?<=^      under_18: \{label: \"Under 18\", said: \")[^\"]*(?=\")", "<i>under 18</i>", r"^      under_18:", "questions.age.options.under_18.said: formatting is not possible here"),
    # Buttons.
    Broken("two answers with the same button", QUESTIONS, r"(?<=^      \"18_34\": \{label: \")18 to 34", "uNDER 18", r"^  age:", "questions.age: two answers have the same button"),
    # YAML.
    Broken("key twice", QUESTIONS, r"(?<=^  age:\n)", '    topic: "Age"\n', r"(?<=^    topic: \"Age\"\n)    topic:", "topic: the key stands twice"),
    Broken("no YAML", QUESTIONS, r"(?<=^    topic: ).*(?=\n    ask: \"How old are you)", '"', r"(?<=^    topic: \"\n)    ask:", "not valid YAML: did not find expected key"),
    Broken("a list, no mapping", QUESTIONS, r"(?s)\A.*\Z", "- one\n- two\n", r"\A- one", "must be a mapping"),
]  # fmt: skip


def line_of(text: str, at: str) -> int:
    [found] = re.finditer(at, text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ENGLISH, tmp_path / "en")
    return tmp_path


def refusal(folder: Path, code: str = "en") -> str:
    with pytest.raises(ContentError) as caught:
        load_content(code, FLOW, folder)
    return str(caught.value)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_broken_words_are_refused_in_one_line(sample: Broken, folder: Path) -> None:
    file = folder / "en" / sample.file
    text, edits = re.subn(
        sample.find, sample.replace, file.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert edits == 1
    file.write_text(text, encoding="utf-8")
    said = refusal(folder)
    assert said == f"en/{sample.file}:{line_of(text, sample.at)}: {sample.says}"


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "en" / RESULTS).unlink()
    assert refusal(folder) == "en/results.yaml: cannot be read: No such file or directory"


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / "en" / RESULTS).write_bytes(b"rules: \xff\xfe")
    assert refusal(folder) == "en/results.yaml: is not UTF-8 text"


def test_an_empty_file_is_named(folder: Path) -> None:
    (folder / "en" / RESULTS).write_text("")
    assert refusal(folder) == "en/results.yaml:1: must be a mapping"


@pytest.mark.parametrize("code", ["xx", "EN", "", ".", "..", "en/../en", "interface.yaml", "en\0"])
def test_a_language_that_does_not_exist_is_refused(code: str, folder: Path) -> None:
    (folder / "interface.yaml").write_text("stray: file\n")
    assert refusal(folder, code) == f"{code!r}: no such language; there is en"


def test_a_language_is_a_folder_with_words_and_none_may_be_half_done(folder: Path) -> None:
    (folder / "fr").mkdir()
    (folder / "es").mkdir()
    shutil.copy(folder / "en" / QUESTIONS, folder / "es" / QUESTIONS)
    assert languages(folder) == ("en", "es")
    assert refusal(folder, "es") == "es/results.yaml: cannot be read: No such file or directory"
    assert refusal(folder, "fr") == "'fr': no such language; there is en, es"


def test_the_packaged_languages_all_load() -> None:
    codes = languages()
    assert "en" in codes
    for code in codes:
        assert load_content(code, FLOW).code == code


def test_the_samples_have_names_of_their_own() -> None:
    names = [sample.name for sample in SAMPLES]
    assert len(set(names)) == len(names)
