"""The figure and its feet, before anything is marked on them."""

from bot.pictures import palette
from bot.pictures.findings import SOCK
from bot.pictures.strokes import both, felt, path, shapes, skin
from content.shapes import figure


def person() -> str:
    """An adult from behind, spine and pelvis hinted at; 800 high, the middle at 0."""
    body = figure("body")
    bone = {"fill": palette.BONE, "stroke": palette.FINE, "stroke_width": 1.7}
    edge = {"fill": "none", "stroke": palette.OUTLINE, "stroke_width": 2.5}
    return "".join(
        (
            bare_body(feet=True),
            shapes(body, "hair", fill=palette.HAIR),
            both(shapes(body, "shorts-pair", fill=palette.CLOTH)),
            shapes(body, "line", **_FINE),
            both(shapes(body, "line-pair", **_FINE), shapes(body, "edge-pair", **edge)),
            both(shapes(body, "bone-pair", **bone)),
            shapes(body, "bone", **bone),
        )
    )


_FINE = {"fill": "none", "stroke": palette.FINE, "stroke_width": 2, "stroke_linecap": "round"}


def bare_body(*, feet: bool) -> str:
    """The outline of the figure; with its feet as they are seen from behind, or without feet."""
    body = figure("body")
    pairs = [name for name in body.groups["skin-pair"] if feet or name not in ("foot", "heel")]
    drawn = skin(
        (body.paths[name] for name in body.groups["skin"]), (body.paths[name] for name in pairs)
    )
    if not feet:
        return drawn
    heel = path(body.paths["heel"], fill=palette.BODY, stroke=palette.FINE, stroke_width=1.8)
    return drawn + both(heel)


def inner_foot(zones: tuple[str, ...]) -> str:
    """The right foot from its inner side with zones marked, 245 by 195."""
    shape = figure("inner_foot")
    fine = {"fill": "none", "stroke": palette.FINE, "stroke_width": 2.4, "stroke_linecap": "round"}
    return "".join(
        (
            skin(shape.paths[name] for name in shape.groups["skin"]),
            shapes(shape, "bone", fill=palette.BONE, stroke=palette.FINE, stroke_width=2),
            shapes(shape, "line", **fine),
            *(felt(shape.paths[SOCK if zone == "whole" else zone]) for zone in zones),
        )
    )


def sole(zones: tuple[str, ...]) -> str:
    """The sole of the right foot with zones marked, toes up, 105 by 243."""
    shape = figure("sole")
    whole = any(zone in ("whole", SOCK) for zone in zones)
    marked = [shape.paths[zone] for zone in zones if zone in shape.groups["zone"]]
    if whole:
        marked = [shape.paths[name] for name in shape.groups["skin"]]
    return skin(shape.paths[name] for name in shape.groups["skin"]) + "".join(map(felt, marked))
