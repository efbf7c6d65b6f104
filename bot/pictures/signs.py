"""Small signs for how somebody walks, one for each answer to `gait`; 44 by 44, in one ink."""

from bot.pictures.palette import FELT, INK

_FOOT = "M0 0c5 0 6 5 5.4 11c-.5 5 .4 8-.4 13c-.6 4-4 6-6.6 4.600c-3.4-1.6-2.8-6-2.6-10c.2-4-1.8-7-1.4-11.600C-5.2 3.4-3 0 0 0Z"


def _line(d: str, colour: str = INK, width: float = 3.2) -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _print(x: float, y: float, scale: float, colour: str = INK) -> str:
    return f'<path d="{_FOOT}" transform="translate({x} {y}) scale({scale})" fill="{colour}"/>'


_SIDE_FOOT = "M14 8L13 24C8 27 3 29 2 33C6 36 16 33 21 34C24 36 31 36 32 32C33 26 30 22 29 8"

SIGNS = {
    "limp": _print(11, 7, 1.05) + _print(32, 15, 0.66, FELT) + _line("M4 40H40", INK, 2.4),
    "shorter_steps": _print(12, 4, 0.62)
    + _print(30, 18, 0.62)
    + _line("M6 41H38M11 37L6 41L11 45M33 37L38 41L33 45", FELT, 2.8),
    "lean_away": _line("M22 3V41", INK, 2.2)
    + f'<circle cx="35" cy="9" r="5.5" fill="{FELT}"/>'
    + _line("M32 15L24 30L21 42M24 30L28 42", FELT, 4),
    "rolls_in": _line(
        "M15 4C15 16 17 22 13 30C11 36 14 40 20 40C27 40 29 36 28 30C26 22 28 16 28 4"
    )
    + _line("M40 20C40 28 37 32 31 34M37 35L31 34L33 28", FELT, 3),
    "avoid_heel": f'<g transform="rotate(-24 10 34)">{_line(_SIDE_FOOT)}</g>'
    + _line("M2 42H42", INK, 2.4)
    + _line("M36 40V33M32.5 36.500L36 32L39.5 36.5", FELT, 2.6),
    "slap_trip": f'<g transform="translate(4 -3) rotate(20 14 34)">{_line(_SIDE_FOOT)}</g>'
    + _line("M2 42H42", INK, 2.4)
    + _line("M2 36L6 33M4 28L9 28M9 38L11 36", FELT, 2.6),
    "unsteady": _line("M22 42C8 36 34 31 22 25C10 19 33 15 22 9", FELT, 3.2)
    + f'<circle cx="22" cy="5" r="3.6" fill="{INK}"/>'
    + _line("M6 42H38", INK, 2.4),
}


def sign(code: str) -> str:
    """The sign as a drawing of its own."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 46">{SIGNS[code]}</svg>'
