"""What words weigh: made from the lists, read without loss, and never more than it may be."""

from collections.abc import Sequence
from math import exp, log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screening import Screening
from bot.screening.signs import Sign
from bot.screening.weighing import Scale
from content.loader import ContentError, packaged_content
from content.weights import WEIGHTS, load_weights
from tests.screening import making, training
from tests.screening.making import CONCERNS, LANGUAGES, LEVELS, PHRASES, SCREENING, screen

HEAD = "heard_above\t-0.5\nharmless_below\t-3.0\nemergency_harmless_below\t-4.5\n"


def weighed(tmp_path: Path, lines: str) -> Scale:
    (tmp_path / "en").mkdir(exist_ok=True)
    (tmp_path / "en" / WEIGHTS).write_text(HEAD + lines, encoding="utf-8")
    weights = load_weights("en", ("saddle", "chest"), tmp_path)
    assert weights is not None
    return Scale(weights)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_weights_were_learned_from_these_very_lists(code: str) -> None:
    """After a change to a list, an example or a phrase: python -m tests.screening.training."""
    learned = list(training.messages(code))
    made_from = training.digest(learned, training.signs_of(learned, code))
    file = packaged_content() / code / WEIGHTS
    assert f"# {made_from}" in file.read_text(encoding="utf-8").split("\n")


def test_no_list_that_judges_is_learned_from() -> None:
    lists = [making.messages_of(file) for file in making.UNSEEN]
    judging = {text for caught, _ in lists for _, text in caught}
    judging |= {text for _, calm in lists for text in calm}
    learned = {one.text for code in LANGUAGES for one in training.messages(code)}
    shared = judging & learned
    assert len(shared) <= 0.03 * len(judging), shared  # "38.7" is written by more than one


def test_what_is_written_weighs_as_it_was_learned(tmp_path: Path) -> None:
    learned = [one for one in training.messages("en") if one.source == "examples"][::3]
    signs = training.signs_of(learned, "en")
    model = training.learn(learned, signs)
    (tmp_path / "en").mkdir()
    text = "\n".join(training.written(model, training.digest(learned, signs)))
    (tmp_path / "en" / WEIGHTS).write_text(text, encoding="utf-8")
    weights = load_weights("en", LEVELS, tmp_path)
    assert weights is not None
    assert weights.kinds == training.KINDS
    scale = Scale(weights)
    for found, odds in zip(signs, training.odds(model, signs), strict=True):
        places = [place for place in map(scale._place, found) if place is not None]
        *sums, harmless = scale.sums(places)
        read = log(sum(exp(one / 10) for one in sums)) - harmless / 10
        assert read == pytest.approx(odds, abs=1e-6)


@given(st.lists(st.lists(st.integers(-63, 63), min_size=3, max_size=3), max_size=1200))
def test_sums_are_sums(rows: list[list[int]]) -> None:
    kinds = ("saddle", "chest", "harmless")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("content.weights._lines", lambda _: iter(enumerate(_written(kinds, rows))))
        weights = load_weights("en", kinds[:2])
    assert weights is not None
    known = sorted({place for place, row in enumerate(rows) if any(row)})
    expected = [sum(rows[place][kind] for place in known) + 1 for kind in range(3)]
    scale = Scale(weights)
    places = [place for place in (scale._place(f"sign{one}") for one in known) if place is not None]
    assert len(places) == len(known)
    assert scale.sums(places) == expected


def _written(kinds: Sequence[str], rows: list[list[int]]) -> list[str]:
    lines = [
        f"sign{place}\t" + " ".join(f"{kind} {one}" for kind, one in zip(kinds, row, strict=True))
        for place, row in enumerate(rows)
    ]
    return [*HEAD.split("\n")[:3], "*\tsaddle 1 chest 1 harmless 1", *lines]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", None, "heard_above, a tab and a number"),
        ("heard_above\tmuch\n", 1, "heard_above, a tab and a number"),
        ("heard_above\t-0.5\nnumb\tsaddle 1\n", 2, "harmless_below, a tab and a number"),
        (f"{HEAD}numb\tbum 12\n", 4, "bum is no concern"),
        (f"{HEAD}numb\tsaddle\n", 4, "concerns with tenths up to 63"),
        (f"{HEAD}numb\tsaddle lots\n", 4, "concerns with tenths up to 63"),
        (f"{HEAD}numb\tsaddle 64\n", 4, "concerns with tenths up to 63"),
        (f"{HEAD}numb\tsaddle 1000\n", 4, "concerns with tenths up to 63"),
        (f"{HEAD}numb saddle 12\n", 4, "concerns with tenths up to 63"),
        (f"{HEAD}numb\tsaddle 12\nnumb\tsaddle 13\n", 5, "'numb' stands twice"),
    ],
)
def test_broken_weights_are_refused(
    tmp_path: Path, text: str, line: int | None, reason: str
) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / WEIGHTS).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=reason) as refused:
        load_weights("en", ("saddle", "chest"), tmp_path)
    assert refused.value.line == line
    assert refused.value.file == "en/weights.txt"


def test_a_language_without_weights_hears_by_its_phrases(tmp_path: Path) -> None:
    assert load_weights("en", LEVELS, tmp_path) is None
    alone = Screening(CONCERNS, PHRASES.items())
    assert alone.screen("cant feel when i wipe", ("en",)) is not None


def test_each_sentence_is_weighed_and_all_together(tmp_path: Path) -> None:
    scale = weighed(tmp_path, "bad\tsaddle 20\nfine\tharmless 40\n*\tharmless 10\n")
    signs = [Sign("fine", 0, 1), Sign("bad", 1, 2)]
    assert not list(scale.weigh(signs, [0, 0]).heard())
    heard = list(scale.weigh(signs, [0, 2]).heard())
    assert [(one.concerns, one.span) for one in heard] == [(("saddle",), (1, 2))]


def test_a_phrase_is_doubted_only_if_its_own_clause_is_harmless_too(tmp_path: Path) -> None:
    scale = weighed(tmp_path, "numb\tsaddle 5\nfine\tharmless 40\n")
    signs = [Sign("numb", 0, 1), Sign("fine", 6, 7)]
    assert scale.weigh(signs, [0] * 7).doubts((0, 1), emergency=False)
    assert not scale.weigh(signs, [0, 0, 0, 0, 0, 1, 0]).doubts((0, 1), emergency=False)
    few = [*signs[:1], Sign("fine", 3, 4)]
    assert not scale.weigh(few, [0] * 4).doubts((0, 1), emergency=False)


def test_a_phrase_of_an_emergency_is_doubted_only_if_it_is_surer(tmp_path: Path) -> None:
    signs = [Sign("numb", 0, 1), Sign("fine", 6, 7)]
    scale = weighed(tmp_path, "numb\tsaddle 5\nfine\tharmless 40\n")
    assert not scale.weigh(signs, [0] * 7).doubts((0, 1), emergency=True)
    surer = weighed(tmp_path, "numb\tsaddle 5\nfine\tharmless 60\n")
    assert surer.weigh(signs, [0] * 7).doubts((0, 1), emergency=True)


@pytest.mark.parametrize(
    ("code", "cry"),
    [
        ("es", "el análisis de orina salió normal, sigo sin poder orinar nada"),
        ("es", "espero que esté bien. Yo no: dolor de pecho"),
        ("en", "urine test was fine, still can't pee at all"),
        ("en", "my physio is lovely, the exercises are great, my bum went numb though"),
    ],
)
def test_harmless_words_around_do_not_outweigh_a_cry(code: str, cry: str) -> None:
    assert screen(cry, code) is not None


@pytest.mark.parametrize(
    "insisting",
    [
        "i went to see them and i cannot feel my bum since this morning",
        "they are all very kind to me but i cannot feel my bum",
        "i cannot feel my bum when i sit here well maybe",
        "i read that you cannot feel your bum then and that is me",
    ],
)
def test_who_turns_round_or_says_that_it_is_new_is_believed(tmp_path: Path, insisting: str) -> None:
    """Even by weights that find everything harmless."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / WEIGHTS).write_text(f"{HEAD}*\tharmless 127\n", encoding="utf-8")
    doubting = Screening(
        CONCERNS, [("en", PHRASES["en"])], {"en": load_weights("en", LEVELS, tmp_path)}
    )
    assert doubting.screen("i cannot feel my bum when i sit down here", ("en",)) is None
    assert doubting.screen(insisting, ("en",)) is not None


@pytest.mark.parametrize(
    "cry",
    [
        "since the weekend the tissue might as well be touching a stranger",
        "lately I knock my toes on every kerb, it just hangs",
        "he said next time he will break my other arm",
    ],
)
def test_what_no_phrase_foresees_is_heard(cry: str) -> None:
    assert training.PHRASES_ALONE.screen(cry, ("en",)) is None
    assert screen(cry) is not None


def test_weights_know_nothing_of_another_language() -> None:
    """A Spanish conversation hears English too, but English weights do not judge Spanish words."""
    for text in (
        "me duele el talón por la mañana al levantarme",
        "tengo la espalda cargada hoy",
        "gracias por todo, que tenga buen día",  # Tena are pads in English
    ):
        assert SCREENING.screen(text, ("es",)) is None
    assert SCREENING.screen("I can't feel the toilet paper since yesterday", ("es",)) is not None
