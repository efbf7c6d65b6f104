"""Anything at all can be typed: it is answered, in time in proportion to its length."""

import json
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screening.normal import read
from tests.screening.making import CAUGHT, LANGUAGES, LEVELS, PHRASES, screen

LONG = 100_000
PLENTY = 3.0
"""Seconds; a tenth of it is usual."""


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    screen(text)


@given(st.text(alphabet="numb bum no my dad cant pee.,?!'\n\u200b0123ñé😀", max_size=300))
def test_any_jumble_of_our_own_words_is_answered(text: str) -> None:
    screen(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(raw: bytes) -> None:
    screen(raw.decode("utf-8", errors="replace"))
    screen(raw.decode("latin-1"))


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", ".", "😀", "\x00", "\ud800", "'", "…", "\u200b", "ʼ", "*", "²"]
)
def test_nothing_at_all(text: str) -> None:
    assert screen(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a" * LONG,
        "ab" * (LONG // 2),
        "a " * (LONG // 2),
        "no " * (LONG // 3),
        "no numb bum " * (LONG // 12),
        "numb bum? no. " * (LONG // 14),
        "my dad had a stroke " * (LONG // 20),
        "my dad had a numb bum " * (LONG // 22),
        "what if i lose control of my bladder " * (LONG // 37),
        "numbed down there without any " * (LONG // 30),
        "wet myself laughing " * (LONG // 20),
        "cantfeelmybumwhen" * (LONG // 17),
        "x" * 119 + " " + "y" * (LONG - 120),
        "'" * LONG,
        "*" * LONG,
        "a'" * (LONG // 2),
        "," * LONG,
        "n u m b " * (LONG // 8),
        "heee" * (LONG // 4),
        "".join(chr(0x61 + place % 26) * 3 for place in range(LONG // 3)),
        " ".join(f"w{place}x" for place in range(LONG // 8)),
        " ".join(f"{place:x}abcdefg"[:9] for place in range(LONG // 10)),
        "ñá" * (LONG // 2),
        "e\u0301" * (LONG // 2),
        "\u200b" * LONG,
        "😀" * LONG,
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_take_bounded_time(text: str) -> None:
    before = time.perf_counter()
    screen(text)
    assert time.perf_counter() - before < PLENTY


@pytest.mark.parametrize(
    "text",
    [
        "no siento nada " * (LONG // 15),
        "no se me duerme la entrepierna ni el culo " * (LONG // 42),
        "se me escapa la orina sin " * (LONG // 26),
        "mi papa tuvo un derrame y yo " * (LONG // 29),
        "y si pierdo el control de la vejiga " * (LONG // 36),
        "nosientolaspiernas" * (LONG // 18),
        "ñoñoñ " * (LONG // 6),
    ],
    ids=lambda text: text[:12],
)
def test_long_spanish_texts_take_bounded_time(text: str) -> None:
    before = time.perf_counter()
    screen(text, "es")
    assert time.perf_counter() - before < PLENTY


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("id", LEVELS)
def test_no_pattern_is_slow_on_its_own_words(code: str, id: str) -> None:
    """Every pattern against nothing but its own words, over and over."""
    for pattern in PHRASES[code].concerns[id].patterns:
        words = [
            PHRASES[code].lists[step.symbol][0][0].symbol if step.is_list else step.symbol
            for run in pattern.runs
            for step in run
        ]
        text = " ".join(word.rstrip("*") for word in words)
        text = f"{text} " * (2_000 // (len(text) + 1))
        before = time.perf_counter()
        screen(text, code)
        assert time.perf_counter() - before < PLENTY / 3, pattern.text


@pytest.mark.parametrize("where", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_nothing_is_left_out_of_a_long_text(where: float) -> None:
    benign = "my heel hurts in the morning and i work in a shop all day. "
    many = LONG // len(benign)
    place = int(many * where)
    text = benign * place + "i cant feel when i wipe. " + benign * (many - place)
    raised = screen(text)
    assert raised is not None
    assert raised.id == "saddle"


def test_a_phrase_across_two_pieces_is_found() -> None:
    for words in range(380, 420):
        assert screen("word " * words + "i cant feel when i wipe") is not None


@pytest.mark.parametrize(
    "text",
    [
        "I c\u200ban't f\u200beel when I w\u200bipe",
        "Ι can't fееl whеn I wірe",
        "ｉ ｃａｎｔ ｆｅｅｌ ｗｈｅｎ ｉ ｗｉｐｅ",
        "𝐢 𝐜𝐚𝐧𝐭 𝐟𝐞𝐞𝐥 𝐰𝐡𝐞𝐧 𝐢 𝐰𝐢𝐩𝐞",
        "i cän't fèel when i wípe",
        "i can`t feel when i wipe",
        "i can\x00t feel when i wi\x00pe",
        "i c4nt feel wh3n i w1pe",
        "icantfeelwhenIwipe",
        "i cantttt feeeeel when i wiiipe",
        "i c a n t feel when i wipe",
        "i can\ufffdt feel when i wipe",
        "привет I can't feel when I wipe спасибо",
        "I can't feel\n\n\nwhen\ti wipe",
    ],
)
def test_disguised_words_are_read(text: str) -> None:
    raised = screen(text)
    assert raised is not None
    assert raised.id == "saddle"


def test_what_is_shown_is_a_piece_of_the_message() -> None:
    for code, _, sentence in CAUGHT:
        raised = screen(sentence, code)
        assert raised is not None
        shown = " ".join(read(sentence).shown.split())
        assert raised.phrase in shown
        assert raised.phrase


def test_the_command_answers_every_line() -> None:
    lines = [
        b"i cant feel when i wipe",
        b"",
        b"my heel hurts in the morning",
        b"\xff\xfe\x80 cant pee \xc3",
        b"\x00\x00",
        b"foot just flops",
        b"fever",
        b"i want to die",
        b"hello " * 250_000 + b"cant feel my bum",
        b"left",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "bot", "screen"],
        input=b"\n".join(lines),
        capture_output=True,
        check=True,
        timeout=60,
    )
    answers = [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]
    assert [answer["concern"] for answer in answers] == [
        "emergency", None, None, "emergency", None, "same_day", "ask", "emergency", "emergency", None,
    ]  # fmt: skip
    assert [answer["about"] for answer in answers] == [
        "saddle", None, None, "bladder", None, "weakness", "unwell", None, "saddle", None,
    ]  # fmt: skip
    assert answers[0]["phrase"] == "cant feel when i wipe"
    assert all(set(answer) == {"concern", "about", "phrase"} for answer in answers)


def test_an_unknown_language_is_bad_use() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot", "screen", "--language", "xx"],
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.decode().count("\n") == 1
