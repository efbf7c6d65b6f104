"""Writes docs/pictures/: `python -m tests.pictures.examples`.

The pictures that the documentation shows, made by the program as it is. They are also the golden
ones that later drawings are compared with.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.pictures.chain import chain_drawing
from bot.pictures.drawing import Drawing, png
from bot.pictures.findings import Findings
from bot.pictures.pointing import FOOT_PLACE, LEG_LINE, foot_drawing, leg_drawing
from content.loader import load_content
from flows.loader import load_flow
from tests.pictures.people import PEOPLE

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDTH = 320
"""As wide as a picture is on a phone."""

COLOURS = 128


def examples() -> Iterator[tuple[str, Drawing]]:
    """Each with the name of its file."""
    flow = load_flow()
    english, spanish = (load_content(code, flow) for code in ("en", "es"))
    known = {person.name.partition(":")[0]: person.picture or Findings() for person in PEOPLE}
    yield "mixed", chain_drawing(known["ana"], english)
    yield "nerve-l5", chain_drawing(known["cleo"], english)
    yield "nerve-l4", chain_drawing(known["dora"], english)
    yield "from-the-back", chain_drawing(known["emil"], english)
    yield "from-the-foot", chain_drawing(known["fay"], spanish)
    yield "systemic", chain_drawing(known["hana"], english)
    yield "none-found", chain_drawing(known["ben"], english)
    yield "foot-place", foot_drawing("right", flow.question_by_id[FOOT_PLACE].codes, english)
    yield "leg-line", leg_drawing(("left",), flow.question_by_id[LEG_LINE].codes, english)


def small(drawing: Drawing) -> Image.Image:
    """As it is seen on a phone, in few colours."""
    image = Image.open(BytesIO(png(drawing))).convert("RGB")
    height = round(image.height * WIDTH / image.width)
    return image.resize((WIDTH, height), Image.Resampling.LANCZOS).quantize(COLOURS, kmeans=2)


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for name, drawing in examples():
        small(drawing).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
