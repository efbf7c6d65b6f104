"""The colours of all pictures: told apart by people who see few colours, and by their form.

After the palette of Okabe and Ito (jfly.uni-koeln.de/color). Each mark also has a form of its own:
what was felt is hatched, the nerve a line, the chain made of links.
"""

PAPER = "#F8F6F1"
"""Behind everything, so that the picture looks the same in a light and a dark chat."""
CARD = "#FFFFFF"
BODY = "#E3E9EF"
HAIR = "#8C9CAC"
CLOTH = "#CBD6E0"
BONE = "#F4F6F8"
OUTLINE = "#64788C"
FINE = "#A3B3C2"
ZONE = "#F6DFA4"
"""A place that can be pointed at; always with an outline of ink."""
INK = "#1F2D3A"
FELT = "#C24E00"
"""Where something is felt."""
NERVE = "#0067A3"
CHAIN = "#F2B705"
"""Always with an outline of ink."""

TEXT_ON = ((INK, PAPER), (INK, CARD))
"""Text and what stands behind it."""

MARKS_ON = (
    (FELT, BODY),
    (FELT, PAPER),
    (FELT, CARD),
    (NERVE, BODY),
    (NERVE, CARD),
    (INK, CHAIN),
    (INK, ZONE),
    (INK, BODY),
    (OUTLINE, PAPER),
    (OUTLINE, CARD),
)
"""Marks that must be seen, and what stands behind them."""
