"""Writes docs/pictures/ and docs/paper/: `python -m tests.pictures.examples`.

The pictures that the documentation shows, made by the program as it is. They are also the golden
ones that later drawings are compared with.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.paper.page import page_png
from bot.paper.poster import poster_png
from bot.pictures.chain import chain_drawing
from bot.pictures.drawing import Drawing, png
from bot.pictures.findings import Findings
from bot.pictures.pointing import FOOT_PLACE, LEG_LINE, foot_drawing, leg_drawing
from bot.views.page import page_of
from bot.wording import Wording
from content.countries import load_countries
from content.loader import load_content
from flows.answers import Answer
from flows.conversation import Conversation
from flows.interview import walk
from flows.loader import load_flow
from flows.models import Question
from tests.pictures.people import PEOPLE
from tests.whole.people import ANA

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PAPER = FOLDER.parent / "paper"
CLINIC = "Riverside Physiotherapy"
WIDTH = 320
"""As wide as a picture is on a phone."""

COLOURS = 192


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
    return image.resize((WIDTH, height), Image.Resampling.LANCZOS).quantize(
        COLOURS, method=Image.Quantize.FASTOCTREE
    )


def papers() -> Iterator[tuple[str, bytes]]:
    """The page of Ana and the poster of a clinic, as images; their words change too often to be
    compared.
    """
    flow = load_flow()
    country = load_countries().of("GB")
    content = load_content("en", flow)

    def look_up(question: Question) -> Answer | None:
        return question.read(ANA[question.id])

    told = Conversation(answers=walk(flow, look_up).answers, agreed=True, confirmed=True)
    page = page_of(Wording(flow, content, country, 90), told)
    page = page.model_copy(update={"reference": "K7QX-3M9T", "clinic": CLINIC, "name": "Ana Ruiz"})
    yield "page", page_png(page, content, date="2026-11-25", ppi=96)
    link = "https://t.me/PlumblineBot?start=k7qx3m9tw2"
    number = country.emergency
    yield "poster", poster_png(CLINIC, link, content, emergency_number=number, ppi=60)


def main() -> None:
    """Write them all."""
    PAPER.mkdir(exist_ok=True)
    for name, image in papers():
        opened = Image.open(BytesIO(image)).convert("RGB")
        opened.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(
            PAPER / f"{name}.png", optimize=True
        )
    FOLDER.mkdir(exist_ok=True)
    for name, drawing in examples():
        small(drawing).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
