"""Pictures to point at: the questions that are hard in words, with the numbers of their buttons."""

from collections.abc import Iterator, Sequence

from bot.pictures import palette
from bot.pictures.anatomy import bare_body, inner_foot, sole
from bot.pictures.drawing import WIDTH, Drawing, Fixed, Heading
from bot.pictures.findings import LEFT, RIGHT, ROOTS, SOCK, Sides
from bot.pictures.strokes import (
    Point,
    both,
    cropped,
    on,
    path,
    rim,
    shapes,
    svg,
    zone,
)
from content.models import Content
from content.shapes import figure

FOOT_PLACE, LEG_LINE = "foot_place", "leg_line"
WHOLE = "whole"

_FOOT_HEIGHT = 820
_FOOT_SCALE = 2.35
_INNER_AT: Point = (72, 92)
_SOLE_AT: Point = (72, 788)

_LEG_HEIGHT = 840
_SOLE_SCALE = 0.78
_SOLE_PLACE: Point = (498, 818)
_WINDOW = (-100, 478, 200, 334)
_PANE = (346, 578)
_PANES = {"front": 10, "back": WIDTH - 10 - _PANE[0]}
_PANE_TOP = 96


def foot_drawing(side: str, codes: Sequence[str], content: Content) -> Drawing:
    """The foot from its inner side and from below, each place with its number.

    `side` is an answer to `foot_side`; for both feet the right one is drawn. `codes` are the
    answers of `foot_place` in their order.
    """
    numbers = {code: number for number, code in enumerate(codes, 1)}
    drawn = LEFT if side == LEFT else RIGHT
    words = content.pictures
    return Drawing(
        language=content.code,
        height=_FOOT_HEIGHT,
        svg=svg(WIDTH, _FOOT_HEIGHT, _mirrored(drawn, _foot(codes))),
        headings=(_heading("foot_side", side, content),),
        fixed=(
            _caption("inner", words.views.inner, drawn, 44, 100, 220),
            _caption("sole", words.views.sole, drawn, 40, 744, 130),
            *_foot_numbers(numbers, drawn, words.places[WHOLE]),
        ),
    )


def leg_drawing(sides: Sides, codes: Sequence[str], content: Content) -> Drawing:
    """The lower legs from the front and from behind, each strip with its number."""
    numbers = {code: number for number, code in enumerate(codes, 1)}
    words = content.pictures
    fixed: list[Fixed] = []
    for view, title in (("front", words.views.front), ("back", words.views.back)):
        x = _PANES[view]
        fixed.append(Fixed(view, title, x, 52, _PANE[0], 40))
        for place in (LEFT, RIGHT):
            # From the front, the left leg is on the right.
            leg = place if view == "back" else _other(place)
            at = x + (10 if place == LEFT else _PANE[0] / 2)
            text = words.sides[leg]
            fixed.append(Fixed(f"{view}-{leg}", text, at, 682, _PANE[0] / 2 - 10, 36))
    fixed.extend(_leg_numbers(numbers, sides))
    fixed.append(Fixed("sole", words.views.sole, 380, 752, 110, 44))
    side = sides[0] if len(sides) == 1 else "both"
    return Drawing(
        language=content.code,
        height=_LEG_HEIGHT,
        svg=svg(WIDTH, _LEG_HEIGHT, _front(sides), _back(sides), _sole_below(sides)),
        headings=(_heading("leg_side", side, content),),
        fixed=tuple(fixed),
    )


def _heading(question: str, side: str, content: Content) -> Heading:
    said = content.question(question).options[side].said
    return Heading("side", said[:1].upper() + said[1:], "")


def _foot(codes: Sequence[str]) -> str:
    inner, below = figure("inner_foot"), figure("sole")
    places = [code for code in codes if code != WHOLE]
    inner_zones = "".join(zone(inner.paths[code]) for code in places if code in inner.paths)
    sole_zones = "".join(zone(below.paths[code]) for code in places if code in below.paths)
    frame = (
        f'<rect x="24" y="60" width="{WIDTH - 48}" height="{_FOOT_HEIGHT - 76}" rx="26"'
        f' fill="none" stroke="{palette.INK}" stroke-width="2.4" stroke-dasharray="9 7"/>'
    )
    return "".join(
        (
            frame,
            _at(_INNER_AT, _FOOT_SCALE, inner_foot(()), inner_zones),
            _at(_SOLE_AT, _FOOT_SCALE, sole(()), sole_zones, turn=-90),
        )
    )


def _foot_numbers(numbers: dict[str, int], side: str, whole: str) -> Iterator[Fixed]:
    for name, origin in (("inner_foot", _INNER_AT), ("sole", _SOLE_AT)):
        places = figure("inner_foot" if name == "inner_foot" else "sole").places
        for place, (x, y) in places.items():
            code = place.removeprefix("at-")
            if name == "sole":
                x, y = y, -x  # noqa: PLW2901 - it lies on its side
            at = (origin[0] + _FOOT_SCALE * x, origin[1] + _FOOT_SCALE * y)
            yield _disc(f"{name}-{code}", numbers[code], at, side)
    yield _disc(WHOLE, numbers[WHOLE], (WIDTH - 64, 60), RIGHT)
    yield Fixed("whole-words", whole, WIDTH - 96 - 240, 12, 240, 40)


def _caption(id: str, text: str, side: str, x: float, y: float, width: float) -> Fixed:
    return Fixed(id, text, WIDTH - x - width if side == LEFT else x, y, width, 40)


def _disc(id: str, number: int, at: Point, side: str) -> Fixed:
    x = WIDTH - at[0] if side == LEFT else at[0]
    return Fixed(f"number-{id}", str(number), x - 22, at[1] - 22, 44, 44, disc=True)


def _front(sides: Sides) -> str:
    legs = figure("front_leg")
    fine = {"fill": "none", "stroke": palette.FINE, "stroke_width": 2, "stroke_linecap": "round"}
    bone = {"fill": palette.BONE, "stroke": palette.FINE, "stroke_width": 1.5}
    feet = both(
        path(
            legs.paths["front_foot"],
            fill=palette.BODY,
            stroke=palette.OUTLINE,
            stroke_width=2.6,
        ),
        shapes(legs, "bone-pair", **bone),
        shapes(legs, "line-pair", **fine),
    )
    # From the front, the left leg is on the right.
    strips = "".join(
        on(_other(side), zone(legs.paths[code]))
        for side in sides
        for code in ROOTS
        if code in legs.paths
    )
    return _pane("front", bare_body(feet=False), feet, strips, both(rim(legs.paths[SOCK])))


def _back(sides: Sides) -> str:
    body = figure("body")
    strips = "".join(
        on(side, zone(body.paths["foot"]), zone(body.paths["strip-S1-foot"])) for side in sides
    )
    return _pane("back", bare_body(feet=True), strips)


def _sole_below(sides: Sides) -> str:
    """The sole, which nobody sees from behind."""
    below = sole(()) + zone(figure("sole").paths["outer_foot_sole_heel"])
    lying = _at(_SOLE_PLACE, _SOLE_SCALE, below, turn=-90)
    if sides != (LEFT,):
        return lying
    middle = 2 * _SOLE_PLACE[0] + 243 * _SOLE_SCALE
    return f'<g transform="translate({middle:g} 0) scale(-1 1)">{lying}</g>'


def _leg_numbers(numbers: dict[str, int], sides: Sides) -> Iterator[Fixed]:
    places = figure("front_leg").places
    for side in sides:
        for code in ("top_foot_big_toe", "inner_shin"):
            at = _in_pane("front", _other(side), places[f"at-{code}"])
            yield _disc(f"{side}-{code}", numbers[code], at, RIGHT)
        at = _in_pane("back", side, (41, 660))
        yield _disc(f"{side}-outer", numbers["outer_foot_sole_heel"], at, RIGHT)
    along = 130 if sides != (LEFT,) else 113
    at = (_SOLE_PLACE[0] + _SOLE_SCALE * along, _SOLE_PLACE[1] - _SOLE_SCALE * 26)
    yield _disc("sole", numbers["outer_foot_sole_heel"], at, RIGHT)
    at = _in_pane("front", LEFT if sides == (LEFT,) else RIGHT, (72, 764))
    yield _disc(SOCK, numbers[SOCK], at, RIGHT)


def _pane(view: str, *pieces: str) -> str:
    x, y, width, height = _WINDOW
    window = f"{x} {y} {width} {height}"
    return cropped(_PANES[view], _PANE_TOP, *_PANE, window, *pieces)


def _in_pane(view: str, side: str, at: Point) -> Point:
    scale = _PANE[0] / _WINDOW[2]
    x = -at[0] if side == LEFT else at[0]
    return (_PANES[view] + scale * (x - _WINDOW[0]), _PANE_TOP + scale * (at[1] - _WINDOW[1]))


def _at(place: Point, scale: float, *pieces: str, turn: float = 0) -> str:
    x, y = place
    return (
        f'<g transform="translate({x:g} {y:g}) rotate({turn:g}) scale({scale:g})">'
        f"{''.join(pieces)}</g>"
    )


def _mirrored(side: str, piece: str) -> str:
    """A picture of the right foot as one of the left."""
    if side != LEFT:
        return piece
    return f'<g transform="translate({WIDTH} 0) scale(-1 1)">{piece}</g>'


def _other(side: str) -> str:
    return RIGHT if side == LEFT else LEFT
