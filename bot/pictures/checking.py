"""Holds every picture of a language against its frame: the words of a translator may be too long."""

from collections.abc import Iterator
from itertools import combinations

from bot.pictures.chain import chain_drawing
from bot.pictures.drawing import WIDTH, Drawing, Json, boxes
from bot.pictures.findings import (
    FOOT_FIRST,
    MECHANICAL,
    METABOLIC,
    MOST_SIGNS,
    NERVE,
    SYSTEMIC,
    Findings,
    sides_of,
)
from bot.pictures.pointing import FOOT_PLACE, LEG_LINE, foot_drawing, leg_drawing
from content.models import Content
from flows.answers import NONE
from flows.models import Certainty, Flow

_LINKS = (
    (),
    (NERVE,),
    (MECHANICAL,),
    (FOOT_FIRST,),
    (NERVE, MECHANICAL),
    (SYSTEMIC,),
    (METABOLIC,),
)
_SIDES = ("left", "right", "both")


def every_kind(flow: Flow, content: Content) -> Iterator[tuple[str, Drawing]]:
    """A picture of each kind, as full as it can be, with what it is called in a finding."""
    signs = sorted(content.pictures.signs, key=lambda code: -len(content.pictures.signs[code]))
    places = [code for code in flow.question_by_id[FOOT_PLACE].codes if code != NONE]
    longest_place = max(places, key=lambda code: len(content.pictures.places[code]))
    longest_line = max(content.pictures.strips, key=lambda code: len(content.pictures.strips[code]))
    for side in _SIDES:
        sides = sides_of(side)
        for link in _LINKS:
            findings = Findings(
                back=side,
                leg=sides,
                reach="foot",
                line=longest_line,
                foot=sides,
                place=longest_place,
                signs=tuple(signs[:MOST_SIGNS]),
                pathways=tuple((pathway, Certainty.POSSIBLE) for pathway in link),
            )
            yield f"chain, {'+'.join(link) or 'none'}, {side}", chain_drawing(findings, content)
        codes = flow.question_by_id[FOOT_PLACE].codes
        yield f"{FOOT_PLACE}, {side}", foot_drawing(side, codes, content)
        codes = flow.question_by_id[LEG_LINE].codes
        yield f"{LEG_LINE}, {side}", leg_drawing(sides, codes, content)


def misplaced(drawing: Drawing) -> Iterator[str]:
    """Words that leave the frame, and pairs of them that lie on one another."""
    shown = boxes(drawing)
    for box in shown:
        across = box["x"] + box["width"] <= WIDTH and box["x"] >= 0
        if not across or box["y"] < 0 or box["y"] + box["height"] > drawing.height:
            yield f"{box['id']} leaves the frame"
    for one, other in combinations(shown, 2):
        if _cut(one, other, "x", "width") and _cut(one, other, "y", "height"):
            yield f"{one['id']} and {other['id']} lie on one another"


def _cut(one: Json, other: Json, at: str, size: str) -> bool:
    least = 0.01
    starts, ends = max(one[at], other[at]), min(one[at] + one[size], other[at] + other[size])
    return bool(ends - starts > least)
