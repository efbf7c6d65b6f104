"""The pieces that pictures are drawn from, as SVG text. Only our own shapes and numbers go in."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import atan2, degrees, hypot
from typing import TypeAlias

from bot.pictures import palette
from bot.pictures.findings import LEFT
from content.shapes import Figure

Point: TypeAlias = tuple[float, float]

DEFINITIONS = (
    '<defs><pattern id="felt" width="8" height="8" patternUnits="userSpaceOnUse"'
    f' patternTransform="rotate(45)"><rect width="8" height="8" fill="{palette.FELT}"'
    f' fill-opacity="0.42"/><rect width="3.4" height="8" fill="{palette.FELT}"/></pattern></defs>'
)
"""The hatching of what is felt; once in each drawing."""


def svg(width: float, height: float, *pieces: str) -> str:
    """A whole drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f"{DEFINITIONS}{''.join(pieces)}</svg>"
    )


def moved(x: float, y: float, scale: float, *pieces: str) -> str:
    """Pieces in a place of their own."""
    return f'<g transform="translate({x:g} {y:g}) scale({scale:g})">{"".join(pieces)}</g>'


def on(side: str, *pieces: str) -> str:
    """Pieces drawn for the right side, on this one."""
    drawn = "".join(pieces)
    return f'<g transform="scale(-1 1)">{drawn}</g>' if side == LEFT else drawn


def both(*pieces: str) -> str:
    """Pieces drawn for the right side, on both."""
    return "".join(pieces) + on(LEFT, *pieces)


def path(data: str, **style: object) -> str:
    """One path; underscores in the names of its style stand for hyphens."""
    said = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return f'<path d="{data}"{said}/>'


def felt(data: str) -> str:
    """A place where something is felt."""
    return path(
        data, fill="url(#felt)", stroke=palette.FELT, stroke_width=2.6, stroke_linejoin="round"
    )


def zone(data: str) -> str:
    """A place that can be pointed at."""
    return path(
        data,
        fill=palette.ZONE,
        fill_opacity=0.85,
        stroke=palette.INK,
        stroke_width=2,
        stroke_linejoin="round",
    )


def rim(data: str) -> str:
    """A place that can be pointed at and lies round others."""
    return path(
        data,
        fill="none",
        stroke=palette.INK,
        stroke_width=2.4,
        stroke_dasharray="7 5",
        stroke_linejoin="round",
    )


def cropped(x: float, y: float, width: float, height: float, view: str, *pieces: str) -> str:
    """Pieces seen through a window: what lies outside `view` is cut off."""
    return (
        f'<svg x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" viewBox="{view}">'
        f"{''.join(pieces)}</svg>"
    )


def nerve(lines: Iterable[tuple[str, bool]]) -> str:
    """Nerves, each a line and whether it runs out of sight; their light edges lie below them all."""
    known = list(lines)
    edges = [
        path(d, fill="none", stroke=palette.CARD, stroke_width=9.5, stroke_linecap="round")
        for d, _ in known
    ]
    strands = [
        path(
            d,
            fill="none",
            stroke=palette.NERVE,
            stroke_width=5.4,
            stroke_linecap="round",
            **({"stroke_dasharray": "7 8"} if hidden else {}),
        )
        for d, hidden in known
    ]
    return "".join(edges) + "".join(strands)


def chain(nodes: Sequence[Point], *, upward: bool) -> str:
    """Links from node to node, and arrows that say which end leads."""
    faces, edges, arrows = [], [], []
    for place, (a, b) in enumerate(pairwise(nodes)):
        length = hypot(b[0] - a[0], b[1] - a[1])
        turn = degrees(atan2(b[1] - a[1], b[0] - a[0]))
        count = max(1, round(length / 15))
        step = length / count
        for number in range(count):
            along = (number + 0.5) / count
            at = (a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along)
            if number % 2:
                edges.append(_turned(at, turn, _link(step * 0.62, 2.6, palette.CHAIN)))
            else:
                faces.append(_turned(at, turn, _ring(step * 0.72, 5.5)))
        if place in (1, 2):
            middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
            arrows.append(_turned(middle, turn + (180 if upward else 0), _ARROW))
    ends = [
        f'<circle cx="{x:g}" cy="{y:g}" r="{r}" fill="{fill}"/>'
        for x, y in nodes
        for r, fill in ((12.5, palette.INK), (9.4, palette.CHAIN), (3.4, palette.INK))
    ]
    return "".join((*faces, *edges, *arrows, *ends))


def site(at: Point, radius: float) -> str:
    """A place to be looked at: a broken ring."""
    x, y = at
    ring = f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="none"'
    return (
        f'{ring} stroke="{palette.CARD}" stroke-width="7.5"/>'
        f'{ring} stroke="{palette.INK}" stroke-width="3.6" stroke-dasharray="7 5"/>'
    )


def skin(middle: Iterable[str], pairs: Iterable[str] = ()) -> str:
    """Shapes that flow into one another, with one outline around them all."""
    alone, twice = list(middle), list(pairs)

    def drawn(**style: object) -> str:
        right = "".join(path(d, **style) for d in twice)
        return "".join(path(d, **style) for d in alone) + both(right)

    rim = drawn(
        fill=palette.OUTLINE, stroke=palette.OUTLINE, stroke_width=5.2, stroke_linejoin="round"
    )
    return rim + drawn(fill=palette.BODY)


def shapes(figure: Figure, group: str, **style: object) -> str:
    """Every path of a group."""
    return "".join(path(figure.paths[name], **style) for name in figure.groups[group])


def _turned(at: Point, degrees_: float, piece: str) -> str:
    return f'<g transform="translate({at[0]:.1f} {at[1]:.1f}) rotate({degrees_:.1f})">{piece}</g>'


def _ring(half: float, across: float) -> str:
    body = f'<rect x="{-half:.1f}" y="{-across}" width="{2 * half:.1f}" height="{2 * across}"'
    return "".join(
        f'{body} rx="{across}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
        for colour, width in ((palette.INK, 6.6), (palette.CHAIN, 3.4))
    )


def _link(half: float, across: float, fill: str) -> str:
    return (
        f'<rect x="{-half:.1f}" y="{-across}" width="{2 * half:.1f}" height="{2 * across}"'
        f' rx="{across}" fill="{fill}" stroke="{palette.INK}" stroke-width="1.7"/>'
    )


_ARROW = (
    f'<path d="M-11 -13L15 0L-11 13L-5 0Z" fill="{palette.INK}" stroke="{palette.CARD}"'
    ' stroke-width="2.6" stroke-linejoin="round"/>'
)
