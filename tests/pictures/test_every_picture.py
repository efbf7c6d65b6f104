"""Every picture there can be is drawn, and its words are legible and in nobody's way."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from PIL import Image

from bot.pictures.chain import chain_drawing
from bot.pictures.checking import every_kind, misplaced
from bot.pictures.drawing import SMALLEST, WIDTH, Drawing, boxes, png, vector
from bot.pictures.findings import MOST_SIGNS, Findings, sides_of
from bot.pictures.pointing import FOOT_PLACE, foot_drawing, leg_drawing
from content.loader import languages, load_content
from content.models import Content
from flows.loader import load_flow
from flows.models import Certainty

FLOW = load_flow()
LANGUAGES = languages()
SIDES = ("left", "right", "both")
LIKELY, POSSIBLE = Certainty.LIKELY, Certainty.POSSIBLE
PATHWAYS = {
    "none_found": (),
    "nerve": (("nerve", POSSIBLE),),
    "nerve, likely": (("nerve", LIKELY),),
    "mechanical": (("mechanical", POSSIBLE),),
    "foot_first": (("foot_first", POSSIBLE),),
    "mixed": (("nerve", LIKELY), ("mechanical", POSSIBLE)),
    "systemic": (("systemic", LIKELY),),
    "metabolic": (("metabolic", POSSIBLE),),
}
SIGNS = tuple(code for code in FLOW.question_by_id["gait"].codes if code != "none")
LINES = FLOW.question_by_id["leg_line"].codes
PLACES = FLOW.question_by_id["foot_place"].codes
LARGEST = 300_000
MOST_WORDS = 12


def is_sound(drawing: Drawing) -> None:
    """It is an image of a size that Telegram takes, and its words are where they belong."""
    image = png(drawing)
    assert len(image) < LARGEST
    with Image.open(BytesIO(image)) as opened:
        assert opened.size == (900, round(drawing.height * 900 / WIDTH))
    shown = boxes(drawing)
    words = len(drawing.headings) + len(drawing.fixed)
    assert len(shown) == words + sum(len(column.labels) for column in drawing.columns)
    for box in shown:
        assert box["height"] >= SMALLEST, box
    assert list(misplaced(drawing)) == []


def full(pathway: str, side: str, **more: Any) -> Findings:
    """Everything that a picture can be asked to mark at once."""
    given: dict[str, Any] = {
        "back": side,
        "leg": sides_of(side),
        "reach": "foot",
        "line": "top_foot_big_toe",
        "foot": sides_of(side),
        "place": "under_heel",
        "signs": SIGNS[:MOST_SIGNS],
        "pathways": PATHWAYS[pathway],
    }
    return Findings(**{**given, **more})


@pytest.mark.parametrize(
    ("pathway", "side", "language"), list(product(PATHWAYS, SIDES, LANGUAGES)), ids=str
)
def test_every_pathway_on_every_side_in_every_language(
    pathway: str, side: str, language: str
) -> None:
    is_sound(chain_drawing(full(pathway, side), load_content(language, FLOW)))


@pytest.mark.parametrize(
    ("line", "reach", "language"),
    [
        (line, reach, language)
        for line, reach, language in product(
            (*LINES, ""), ("", "thigh", "below_knee", "foot"), LANGUAGES
        )
        if bool(line) == (reach in ("below_knee", "foot"))
    ],
    ids=str,
)
def test_every_strip_as_far_as_it_reaches(line: str, reach: str, language: str) -> None:
    leg = ("right",) if reach else ()
    findings = full("mixed", "right", line=line, reach=reach, leg=leg)
    is_sound(chain_drawing(findings, load_content(language, FLOW)))


@pytest.mark.parametrize(("place", "language"), list(product(PLACES, LANGUAGES)), ids=str)
def test_every_place_in_the_foot(place: str, language: str) -> None:
    content = load_content(language, FLOW)
    drawn = chain_drawing(full("foot_first", "left", place=place), content)
    is_sound(drawn)
    assert drawn.svg != chain_drawing(full("foot_first", "left", place=""), content).svg


@pytest.mark.parametrize(("signs", "language"), list(product(range(len(SIGNS)), LANGUAGES)))
def test_every_sign_of_gait(signs: int, language: str) -> None:
    some = (SIGNS * 2)[signs : signs + MOST_SIGNS]
    is_sound(chain_drawing(full("mixed", "both", signs=some), load_content(language, FLOW)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hardly_anything_told_is_a_picture_too(language: str) -> None:
    is_sound(chain_drawing(Findings(), load_content(language, FLOW)))


@pytest.mark.parametrize(("side", "language"), list(product(SIDES, LANGUAGES)), ids=str)
def test_pictures_to_point_at_have_the_numbers_of_the_buttons(side: str, language: str) -> None:
    content = load_content(language, FLOW)
    for drawing, codes, without in (
        (foot_drawing(side, FLOW.question_by_id[FOOT_PLACE].codes, content), PLACES, ()),
        (leg_drawing(sides_of(side), LINES, content), LINES, ("unsure",)),
    ):
        is_sound(drawing)
        shown = {fixed.text for fixed in drawing.fixed if fixed.disc}
        wanted = {str(n) for n, code in enumerate(codes, 1) if code not in without}
        assert shown == wanted


def test_the_other_foot_is_the_mirror_of_the_one() -> None:
    content = load_content("en", FLOW)
    left, right = (foot_drawing(side, PLACES, content) for side in ("left", "right"))

    def places(drawing: Drawing, *, mirrored: bool) -> dict[str, tuple[int, int]]:
        discs = [fixed for fixed in drawing.fixed if fixed.disc and fixed.id != "number-whole"]
        return {
            disc.id: (
                round(WIDTH - disc.x - disc.width if mirrored else disc.x),
                round(disc.y),
            )
            for disc in discs
        }

    assert places(left, mirrored=True) == places(right, mirrored=False)


def words_of(drawing: Drawing, content: Content) -> list[str]:
    """Every word on a picture that is no name of a part of the body."""
    names = content.pictures
    said = [*names.sides.values()]
    for heading in drawing.headings:
        said.append(heading.strong)
        if heading.id in names.pathways:
            said.append(names.pathways[heading.id].word or "")
    for column in drawing.columns:
        said += [label.text for label in column.labels if label.id.startswith("sign-")]
    return re.findall(r"[^\W\d_]+", " ".join(said))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_has_at_most_twelve_words_beside_names_of_parts(language: str) -> None:
    content = load_content(language, FLOW)
    longest = sorted(SIGNS, key=lambda code: -len(content.pictures.signs[code].split()))
    for pathway in PATHWAYS:
        drawn = chain_drawing(full(pathway, "both", signs=tuple(longest[:MOST_SIGNS])), content)
        assert len(words_of(drawn, content)) <= MOST_WORDS, words_of(drawn, content)


def test_certainty_stands_in_words() -> None:
    content = load_content("en", FLOW)
    headings = chain_drawing(full("mixed", "left"), content).headings
    assert [(heading.id, heading.strong) for heading in headings] == [
        ("nerve", "Likely"),
        ("mechanical", "Possible"),
    ]


def test_no_pathway_is_drawn_when_none_is_found() -> None:
    content = load_content("en", FLOW)
    none = chain_drawing(full("none_found", "left"), content)
    assert [heading.strong for heading in none.headings] == ["No link"]
    nerve = chain_drawing(full("nerve", "left"), content)
    assert "#0067A3" not in none.svg
    assert "#0067A3" in nerve.svg
    assert "#F2B705" not in none.svg + nerve.svg


def test_left_is_left() -> None:
    content = load_content("en", FLOW)
    columns = {
        side: chain_drawing(full("mechanical", side), content).columns[0]
        for side in ("left", "right")
    }
    middle = WIDTH / 2
    for label in columns["left"].labels:
        assert label.at is not None
        assert label.at[0] <= middle
    for label in columns["right"].labels:
        assert label.at is not None
        assert label.at[0] >= middle


SCRIPTS = {
    "ar": ("يسار", "يمين", "محتمل", "مشي: ظهر ← قدم", "أسفل الظهر"),
    "hi": ("बायाँ", "दायाँ", "संभव", "चाल: पीठ → पैर", "पीठ का निचला हिस्सा"),
    "ru": ("Слева", "Справа", "Возможно", "ходьба: спина → стопа", "Поясница, крестец"),
}


@pytest.mark.parametrize("code", SCRIPTS)
def test_other_scripts_find_their_letters_and_their_room(code: str) -> None:
    left, right, sure, link, part = SCRIPTS[code]
    drawing = chain_drawing(full("mixed", "left"), load_content("en", FLOW))
    words = {"left": left, "right": right}
    drawing = replace(
        drawing,
        language=code,
        headings=tuple(replace(h, strong=sure, text=link) for h in drawing.headings),
        fixed=tuple(replace(f, text=words.get(f.id, part)) for f in drawing.fixed),
        columns=tuple(
            replace(c, labels=tuple(replace(label, text=part) for label in c.labels))
            for c in drawing.columns
        ),
    )
    is_sound(drawing)
    assert "\ufffd" not in vector(drawing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_command_checks_is_sound(language: str) -> None:
    drawings = dict(every_kind(FLOW, load_content(language, FLOW)))
    assert len(drawings) == 3 * (7 + 2)
    for name, drawing in drawings.items():
        assert list(misplaced(drawing)) == [], name


def test_words_that_are_too_long_are_noticed() -> None:
    content = load_content("en", FLOW)
    drawing = chain_drawing(full("mixed", "left"), content)
    (column, *others) = drawing.columns
    long = tuple(replace(label, text="word " * 60) for label in column.labels)
    crowded = replace(drawing, columns=(replace(column, labels=long), *others))
    assert any("leaves the frame" in line for line in misplaced(crowded))
    fixed = replace(drawing.fixed[0], x=column.x, y=column.bottom - 40)
    hidden = replace(drawing, fixed=(fixed, *drawing.fixed[1:]))
    assert any("lie on one another" in line for line in misplaced(hidden))
