"""Sets the page to take along: one interview on one A4 page, for the patient and for the clinic."""

from functools import cache
from importlib import resources

from bot.paper.contents import Json, Page
from bot.pictures.chain import chain_drawing
from bot.pictures.drawing import vector
from bot.pictures.findings import Findings
from bot.typesetting import Typeset, typeset
from content.models import Content

_SIZES = {"largest": 9.5, "smallest": 5.5}
"""Points of the text: the largest with which all of it fits on one page."""


def page_pdf(page: Page, content: Content, *, date: str, by: Typeset = typeset) -> bytes:
    """The page as an accessible PDF (PDF/UA-1). `date` is that of the page, where it has none.

    Raises:
        RuntimeError: it cannot be set.
    """
    return by(_template(), _data(page, content, date, by), form="pdf", standard="ua-1")


def page_png(page: Page, content: Content, *, date: str, ppi: float) -> bytes:
    """The same as an image, to be looked at. Raises ``RuntimeError`` when it cannot be set."""
    return typeset(_template(), _data(page, content, date, typeset), form="png", ppi=ppi)


def _data(page: Page, content: Content, date: str, by: Typeset) -> Json:
    words = content.paper.page
    picture = ""
    if page.findings is not None:
        picture = vector(chain_drawing(Findings.from_json(page.findings), content), by=by)
    results = content.results
    return {
        **page.model_dump(mode="json", exclude={"findings"}),
        "date": page.date or date,
        "sizes": _SIZES,
        "picture": picture,
        "questions": [question.plain() for question in results.questions_to_ask],
        "not_a_diagnosis": results.not_a_diagnosis.plain(),
        "words": {
            "title": words.title.plain(),
            "reference": words.reference,
            "date": words.date,
            "name": words.name,
            "phone": words.phone,
            "clinic": words.clinic,
            "how_soon": words.how_soon.plain(),
            "answers": words.answers.plain(),
            "link": words.link.plain(),
            "tests": words.tests.plain(),
            "no_tests": words.no_tests.plain(),
            "advised": words.advised.plain(),
            "made_by": words.made_by.plain(),
        },
        "headings": {
            "because": results.headings.because.plain(),
            "against": results.headings.against.plain(),
            "ask": results.headings.ask.plain(),
            "who": results.headings.who.plain(),
        },
    }


@cache
def _template() -> bytes:
    return (resources.files("bot") / "paper" / "page.typ").read_bytes()
