"""The picture of the chain: one person's own findings and the link that was found, on one figure.

A view from behind, so that left is left. Roots, sciatic nerve and strips of skin follow the
protocol (items N1 to N3): L4 to the inner shin, by the nerve in front of the hip; L5 to the outer
shin, the top of the foot and the big toe; S1 to the calf, the outer foot, the sole and the heel.
"""

from collections.abc import Iterator

from bot.pictures import palette
from bot.pictures.anatomy import inner_foot, person, sole
from bot.pictures.drawing import WIDTH, Column, Drawing, Fixed, Heading, Label
from bot.pictures.findings import (
    FOOT_FIRST,
    LEFT,
    MECHANICAL,
    METABOLIC,
    NERVE,
    RIGHT,
    ROOTS,
    SOCK,
    SYSTEMIC,
    Findings,
    Sides,
)
from bot.pictures.signs import sign
from bot.pictures.strokes import (
    Point,
    both,
    chain,
    felt,
    moved,
    nerve,
    on,
    path,
    site,
    svg,
)
from content.models import Content
from content.shapes import Figure, figure

HEIGHT = 900
_AT: Point = (360, 92)
_SCALE = 0.96
_EDGE = 14
_COLUMN = 218
_PANEL = (240, 320)
_TOP = 222
"""Below the sides' names, beside the shoulders."""

_CHAINS = (MECHANICAL, FOOT_FIRST)


def chain_drawing(findings: Findings, content: Content) -> Drawing:
    """The picture of these findings in the words of a language."""
    side = _main_side(findings)
    other = LEFT if side == RIGHT else RIGHT
    panel = _panel(findings, side, other)
    signs = tuple(
        Label(f"sign-{code}", content.pictures.signs[code], sign=sign(code))
        for code in findings.signs
    )
    figure_ = moved(*_AT, _SCALE, person(), *_marks(findings), *_pathways(findings))
    return Drawing(
        language=content.code,
        height=HEIGHT,
        svg=svg(WIDTH, HEIGHT, panel, figure_),
        headings=tuple(_headings(findings, content)),
        columns=(
            _column(side, HEIGHT - _EDGE, tuple(_labels(findings, side, content))),
            _column(other, _panel_top() - 10 if panel else HEIGHT - _EDGE, signs),
        ),
        fixed=tuple(_fixed(findings, content, other if panel else "")),
    )


def _main_side(findings: Findings) -> str:
    """Where the labels stand: the side that is troubled, the right one if both are."""
    for sides in (findings.foot, findings.leg, (findings.back,)):
        if len(sides) == 1 and sides[0] in (LEFT, RIGHT):
            return sides[0]
    return RIGHT


def _column(side: str, bottom: float, labels: tuple[Label, ...]) -> Column:
    x = _EDGE if side == LEFT else WIDTH - _EDGE - _COLUMN
    return Column(x, _COLUMN, _TOP, bottom, side, labels)


def _headings(findings: Findings, content: Content) -> Iterator[Heading]:
    words = content.pictures
    if not findings.pathways:
        yield Heading("none_found", words.none_found, "")
    for pathway, certainty in findings.pathways:
        said = words.pathways[pathway]
        text = said.parts if said.word is None else f"{said.word}: {said.parts}"
        yield Heading(pathway, words.certainty[certainty], text, _sample(pathway))


def _sample(pathway: str) -> str:
    if pathway == NERVE:
        drawn = nerve([("M4 26C16 26 16 8 28 8C40 8 40 26 56 26", False)])
    elif pathway in _CHAINS:
        drawn = chain([(14, 17), (46, 17)], upward=pathway == FOOT_FIRST)
    else:
        drawn = site((30, 17), 13)
    return svg(60, 34, drawn)


def _fixed(findings: Findings, content: Content, panel: str) -> Iterator[Fixed]:
    sides = content.pictures.sides
    yield Fixed("left", sides[LEFT], 150, 150, 130, 36)
    yield Fixed("right", sides[RIGHT], 440, 150, 130, 36)
    if panel:
        x, y = _panel_place(panel)
        text = _panel_words(findings, content)
        yield Fixed("panel", text, x + 8, y + 6, _PANEL[0] - 16, 66)


def _panel_words(findings: Findings, content: Content) -> str:
    words = content.pictures
    if findings.place:
        return words.places[findings.place]
    if findings.reach == "foot" and findings.line in words.strips:
        return words.strips[findings.line]
    return words.parts.arch_heel


def _labels(findings: Findings, side: str, content: Content) -> Iterator[Label]:
    parts = content.pictures.parts
    places = figure("body").places
    chained = any(pathway in _CHAINS for pathway, _ in findings.pathways)

    def at(name: str) -> Point:
        x, y = places[name]
        return _placed(-x if side == LEFT else x, y)

    if chained:
        places = places | _chain_nodes(findings)
        yield Label("low_back", parts.low_back, _placed(*places["low_back"]))
        yield Label("pelvis_hip", parts.pelvis_hip, at("hip"))
        yield Label("knee", parts.knee, at("knee"))
        yield Label("ankle", parts.ankle, at("ankle"))
        yield Label("arch_heel", parts.arch_heel, at("arch_heel"))
    elif findings.back:
        yield Label("low_back", parts.low_back, _back_at(findings.back, side))
    if any(pathway == NERVE for pathway, _ in findings.pathways):
        yield _nerve_label(findings, content, side)
    if findings.reach and findings.leg and side in findings.leg:
        yield Label(
            "strip", _strip_words(findings, content), at(f"strip-{ROOTS.get(findings.line, 'leg')}")
        )


def _nerve_label(findings: Findings, content: Content, side: str) -> Label:
    parts = content.pictures.parts
    root = ROOTS.get(findings.line, "")
    sides = _nerve_sides(findings)
    by = side if side in sides else sides[0]
    # L4 is felt along a nerve that does not run with the sciatic nerve.
    place, name = ("root", parts.nerve_root) if root == "L4" else ("sciatic", parts.sciatic_nerve)
    x, y = figure("body").places[place]
    return Label("nerve", f"{name} {root}".strip(), _placed(-x if by == LEFT else x, y))


def _strip_words(findings: Findings, content: Content) -> str:
    words = content.pictures
    if findings.line in words.strips:
        return words.strips[findings.line]
    return words.reach[findings.reach]


def _back_at(back: str, side: str) -> Point:
    x, y = figure("body").places["back_pain"]
    return _placed({LEFT: -x, RIGHT: x, "middle": 0.0}.get(back, -x if side == LEFT else x), y)


def _placed(x: float, y: float) -> Point:
    return (_AT[0] + _SCALE * x, _AT[1] + _SCALE * y)


def _marks(findings: Findings) -> Iterator[str]:
    """What the patient told of: the back, the strip of the leg, the foot."""
    body = figure("body")
    for x in {LEFT: (-30,), RIGHT: (30,), "middle": (0,), "both": (-30, 30)}.get(findings.back, ()):
        yield felt(f"M{x - 21} 318A21 27 0 1 1 {x + 21} 318A21 27 0 1 1 {x - 21} 318Z")
    strip = f"strip-{ROOTS.get(findings.line, 'leg')}-{findings.reach}"
    for side in findings.leg if strip in body.paths else ():
        yield on(side, felt(body.paths[strip]))
    if findings.line == SOCK:
        yield both(felt(body.paths["strip-sock"]))
    for side in findings.foot:
        yield on(side, *(felt(d) for d in _foot_marks(findings.place, body)))


def _foot_marks(place: str, body: Figure) -> Iterator[str]:
    if place == "inner_ankle":
        yield "M12 757A9 11 0 1 1 30 757A9 11 0 1 1 12 757Z"
    elif place in ("under_heel", "back_of_heel", "arch"):
        yield body.paths["heel"]
    elif place in ("ball_toes", "top_outer"):
        yield body.paths["foot"]
    elif place:
        yield body.paths["strip-sock"]


def _pathways(findings: Findings) -> Iterator[str]:
    """The link that was found. The chain lies below the nerve where both are."""
    found = [pathway for pathway, _ in findings.pathways]
    for pathway in found:
        if pathway in _CHAINS:
            yield _chain(findings, upward=pathway == FOOT_FIRST)
    if NERVE in found:
        for side in _nerve_sides(findings):
            yield on(side, nerve(_nerve_lines(findings)))
    if SYSTEMIC in found:
        places = figure("body").places
        yield both(site(places["sacroiliac"], 15), site(places["arch_heel"], 15))
    if METABOLIC in found:
        yield both(site(figure("body").places["arch_heel"], 22))


def _chain(findings: Findings, *, upward: bool) -> str:
    nodes = [*_chain_nodes(findings).values()]
    return "".join(on(side, chain(nodes, upward=upward)) for side in findings.foot)


def _chain_nodes(findings: Findings) -> dict[str, Point]:
    """The joints of the right side; beside the nerve where that is drawn too."""
    places = figure("body").places
    nodes = {name: places[name] for name in ("low_back", "hip", "knee", "ankle", "arch_heel")}
    if any(pathway == NERVE for pathway, _ in findings.pathways):
        aside = -1 if ROOTS.get(findings.line) == "L5" else 1
        for name, by in (("hip", 9 * abs(aside)), ("knee", 14 * aside), ("ankle", 8 * aside)):
            x, y = nodes[name]
            nodes[name] = (x + by, y)
    return nodes


def _nerve_sides(findings: Findings) -> Sides:
    if findings.leg:
        return findings.leg
    return (findings.back,) if findings.back in (LEFT, RIGHT) else (LEFT, RIGHT)


def _nerve_lines(findings: Findings) -> Iterator[tuple[str, bool]]:
    """The roots and the sciatic nerve, down to where it is felt; True: in front, out of sight."""
    paths = figure("body").paths
    for name in ("root-L4", "root-L5", "root-S1", "sciatic-thigh"):
        yield paths[f"nerve-{name}"], False
    if findings.reach not in ("below_knee", "foot"):
        return
    root = ROOTS.get(findings.line)
    if root == "L4":
        yield paths["nerve-front-thigh"], True
        yield paths[f"nerve-saphenous-{findings.reach}"], False
    elif root == "L5":
        yield paths[f"nerve-fibular-{findings.reach}"], False
    else:
        yield paths[f"nerve-tibial-{findings.reach}"], False
        if root == "S1" and findings.reach == "foot":
            yield paths["nerve-sural-foot"], False


def _panel_top() -> float:
    return HEIGHT - _EDGE - _PANEL[1]


def _panel_place(side: str) -> Point:
    return (_EDGE if side == LEFT else WIDTH - _EDGE - _PANEL[0], _panel_top())


def _panel(findings: Findings, side: str, where: str) -> str:
    """The foot from its inner side and from below, drawn larger; "" where no foot is concerned."""
    chained = any(pathway in _CHAINS for pathway, _ in findings.pathways)
    sole_strip = findings.reach == "foot" and side in findings.leg
    if not (findings.foot or chained or sole_strip or findings.line == SOCK):
        return ""
    x, y = _panel_place(where)
    width, height = _PANEL
    card = (
        f'<rect x="{x:g}" y="{y:g}" width="{width}" height="{height}" rx="16"'
        f' fill="{palette.CARD}" stroke="{palette.OUTLINE}" stroke-width="2"/>'
    )
    middle = x + width / 2
    turned = -1 if side == LEFT else 1
    zones = tuple(_panel_zones(findings, side, sole_strip=sole_strip))
    return card + "".join(
        (
            f'<g transform="translate({middle:g} {y + 80:g}) scale({turned} 1)">',
            moved(-93, 0, 0.76, inner_foot(zones)),
            moved(-93, 232, 0.76, f'<g transform="rotate(-90)">{sole(zones)}</g>'),
            "</g>",
            _lens(side, where),
        )
    )


def _lens(side: str, where: str) -> str:
    """A line from the panel to the foot that it shows."""
    x, y = _placed(-34 if side == LEFT else 34, 806)
    edge = _EDGE + _PANEL[0] if where == LEFT else WIDTH - _EDGE - _PANEL[0]
    return path(
        f"M{edge:g} {y + 8:g}H{x:g}V{y - 2:g}",
        fill="none",
        stroke=palette.OUTLINE,
        stroke_width=2,
    )


def _panel_zones(findings: Findings, side: str, *, sole_strip: bool) -> Iterator[str]:
    if side in findings.foot and findings.place:
        yield findings.place
    if sole_strip and findings.line in ROOTS:
        yield findings.line
    if findings.line == SOCK:
        yield SOCK
