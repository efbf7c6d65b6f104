"""The drawings: named shapes and places, as they stand in content/figures/*.svg.

Paths and places only; what they mean in a picture is decided where pictures are drawn. Shapes of a
group whose name ends in "pair" are those of the right side.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal
from xml.etree import ElementTree as ET

Name = Literal["body", "sole", "inner_foot", "front_leg"]

_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One drawing.

    `groups` name the paths of each group in drawing order, `paths` hold the path data by name and
    `places` points that labels and marks are tied to.
    """

    groups: dict[str, tuple[str, ...]]
    paths: dict[str, str]
    places: dict[str, tuple[float, float]]


@cache
def figure(name: Name) -> Figure:
    """One drawing by name.

    Raises:
        FileNotFoundError, xml.etree.ElementTree.ParseError, KeyError: it is missing or broken.
    """
    text = (resources.files("content") / "figures" / f"{name}.svg").read_text(encoding="utf-8")
    groups: dict[str, tuple[str, ...]] = {}
    paths: dict[str, str] = {}
    places: dict[str, tuple[float, float]] = {}
    for group in ET.fromstring(text).iter(f"{_SVG}g"):  # noqa: S314 - our own file
        names = []
        for shape in group:
            if shape.tag == f"{_SVG}path":
                paths[shape.attrib["id"]] = shape.attrib["d"]
                names.append(shape.attrib["id"])
            else:
                places[shape.attrib["id"]] = (float(shape.attrib["cx"]), float(shape.attrib["cy"]))
        groups[group.attrib["id"]] = tuple(names)
    return Figure(groups, paths, places)
