"""The page to take along: one accessible page, whatever was told and whoever told it."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.intake.forms import FORMS
from bot.intake.intake import Intake
from bot.paper.contents import Page
from bot.paper.page import page_pdf
from bot.views.page import page_of, page_of_intake
from bot.wording import Wording
from content.countries import load_countries
from content.loader import languages, load_content
from flows.answers import Answer
from flows.conversation import Conversation
from flows.interview import walk
from flows.loader import load_flow
from flows.models import Kind, Question
from tests.pictures.people import PEOPLE, Person
from tests.whole.people import ANA

FLOW = load_flow()
COUNTRY = load_countries().of("GB")
WORDINGS = {code: Wording(FLOW, load_content(code, FLOW), COUNTRY, 90) for code in languages()}
ENGLISH = WORDINGS["en"]
DATE = "2026-11-25"


def conversation(sheet: dict[str, Any]) -> Conversation:
    def look_up(question: Question) -> Answer | None:
        return question.read(sheet[question.id])

    return Conversation(answers=walk(FLOW, look_up).answers, agreed=True, confirmed=True)


def read(page: Page, wording: Wording = ENGLISH) -> PdfReader:
    return PdfReader(BytesIO(page_pdf(page, wording.content, date=DATE)))


def text_of(page: Page, wording: Wording = ENGLISH) -> str:
    reader = read(page, wording)
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().replace("-\n", "").split())


def test_it_says_what_it_has_to_say() -> None:
    page = page_of(ENGLISH, conversation(ANA))
    page = page.model_copy(update={"reference": "K7QX-3M9T"})
    shown = text_of(page)
    results = ENGLISH.content.results
    for words in (
        "Summary to take along",
        "K7QX-3M9T",
        DATE,
        results.urgency["routine"].headline.plain(),
        "Side of the back pain: the left side of the back",
        "How you walk: a limp and shorter steps",
        results.links["mixed"].summary.plain(),  # type: ignore[union-attr]
        "Your answers fit a nerve in the lower back being involved.",
        "Rising on tiptoe: both legs managing on tiptoe",
        "What was advised",
        *(question.plain() for question in results.questions_to_ask),
        results.not_a_diagnosis.plain(),
        "walk the dog",
    ):
        assert " ".join(words.split()) in shown, words
    for reason in page.reasons:
        assert reason in shown


def test_it_is_accessible() -> None:
    reader = read(page_of(ENGLISH, conversation(ANA)))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert "/StructTreeRoot" in catalog
    assert reader.metadata is not None
    assert reader.metadata.title == "Summary to take along"
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=WORDINGS)
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_everybody_has_a_page(person: Person, wording: Wording) -> None:
    page = page_of(wording, conversation(person.sheet))
    assert (page.findings is None) is (person.picture is None)
    assert text_of(page, wording)


def everything() -> dict[str, Any]:
    """A sheet with every tick that can be ticked, and the longest text."""
    sheet: dict[str, Any] = dict(ANA)
    for question in FLOW.questions:
        if question.kind is Kind.MANY and question.section != "safety":
            sheet[question.id] = [code for code in question.codes if code != "none"]
    sheet["health"] = [code for code in FLOW.question_by_id["health"].codes if code != "none"]
    sheet["unwell"] = ["fever", "infection_risk", "cancer_ever", "weight_loss", "relentless"]
    sheet |= {"age": "18_34", "complaints": ["back", "leg", "foot"], "goal": "W" * 280}
    sheet |= {"back_duration": "over_12_weeks", "sudden_danger": ["none"], "leg_side": "left"}
    return sheet


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=WORDINGS)
def test_even_everything_at_once_fits_on_one_page(wording: Wording) -> None:
    page = page_of(wording, conversation(everything()))
    shown = text_of(page, wording)
    assert wording.content.results.not_a_diagnosis.plain() in shown
    assert wording.content.results.questions_to_ask[-1].plain() in shown


HOSTILE = [
    "#set page(fill: red)",
    '#eval("1+1") #sys.version #import "@preview/x:1.0.0"',
    "*bold* _it_ `raw` $x^2$ <label> @ref = heading",
    '", "headline": "Call nobody"} \\u{41} \\ \\n',
    "</svg><script>alert(1)</script><b>&amp;&lt;",
    "- one\n- two\n\n\n/ term: x",
    "你好 😀 \u202e\u0000 \ud7ff \ufdd0 مرحبا नमस्ते Привет",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_patient_wrote_stays_words(words: str) -> None:
    page = page_of(ENGLISH, conversation({**ANA, "goal": words}))
    page = page.model_copy(update={"name": words, "clinic": words, "reference": words})
    shown = text_of(page)
    assert "Call nobody" not in shown or "Call nobody" in words
    plain = " ".join(part for part in words.split() if part.isascii() and part.isprintable())
    assert plain[:20] in shown


@given(st.text(max_size=280))
@settings(max_examples=40, deadline=None)
def test_no_text_at_all_breaks_the_page(words: str) -> None:
    page = page_of(ENGLISH, conversation(ANA)).model_copy(update={"name": words})
    assert len(read(page).pages) == 1


def test_an_emergency_has_a_page_without_a_picture_or_advice_to_wait() -> None:
    page = page_of(ENGLISH, conversation({**ANA, "saddle": "new"}))
    shown = text_of(page)
    assert page.headline == "Get emergency help now"
    assert "Call 999 now" in shown
    assert page.findings is None
    assert page.advised == ()


def test_somebody_this_bot_is_not_for_has_no_page() -> None:
    with pytest.raises(ValueError, match="nothing to put on a page"):
        page_of(ENGLISH, conversation({"age": "under_18"}))


def intake_of(page: Page) -> dict[str, Any]:
    """An intake as it leaves, in the form of format 1, of Ana."""
    told = conversation(ANA).answers
    content = ENGLISH.content
    return {
        "format": 1,
        "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "kind": "intake",
        "clinic": "7f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "patient_language": "en",
        "flow": {"id": FLOW.id, "version": FLOW.version, "hash": "0" * 64},
        "advised": ["See a specialist\nCall 911 if it gets worse.\n\nWhy this soon\n• A."],
        "consent": {"version": "1", "at": "2026-11-25T09:29:00Z", "text": "All of this."},
        "reference": "K7QX-3M9T",
        "clinic_name": "Riverside Physiotherapy",
        "created_at": "2026-11-25T09:30:00Z",
        "language": "en",
        "answers": [
            {
                "id": id,
                "section": content.questions.sections[FLOW.question_by_id[id].section],
                "kind": str(FLOW.question_by_id[id].kind),
                "question": content.question(id).ask.plain(),
                "topic": content.question(id).topic,
                "said": f"as read then: {ENGLISH.said(id, answer)}",
                "answer": list(answer) if isinstance(answer, tuple) else answer,
            }
            for id, answer in told.items()
        ],
        "findings": {
            "urgency": {"code": "routine", "words": "Routine"},
            "rules": [{"id": "U33", "words": "Your answers fit a pattern.", "points": 0}],
            "link": {"code": "nerve", "words": "A nerve from the lower back"},
            "pathways": [
                {
                    "id": "nerve",
                    "title": "A nerve from the lower back",
                    "certainty": {"code": "likely", "words": "Your answers fit a nerve."},
                    "points": 5,
                    "reasons": [
                        {"id": "N1", "words": "It travels into the foot.", "points": 3},
                        {"id": "N10", "words": "It is in both feet.", "points": -3},
                    ],
                }
            ],
        },
        "person": {"name": "Ana <b>Ruiz</b>", "phone": "+447700900123"},
    }


def test_an_intake_has_the_page_of_the_words_that_were_read_then() -> None:
    intake = json.loads(json.dumps(intake_of(page_of(ENGLISH, conversation(ANA)))))
    page = page_of_intake(intake, ENGLISH)
    assert page.reasons == ("It travels into the foot.",)
    assert page.against == ("It is in both feet.",)
    assert page.findings is not None
    assert page.findings["pathways"] == [["nerve", "likely"]]
    shown = text_of(page)
    for words in (
        "K7QX-3M9T",
        "2026-11-25",
        "Riverside Physiotherapy",
        "Ana <b>Ruiz</b>",
        "+447700900123",
        "as read then: the left side of the back",
        "Your answers fit a nerve.",
    ):
        assert words in shown, words


def test_a_clinic_exports_an_intake_as_its_page() -> None:
    intake = Intake.from_json(intake_of(page_of(ENGLISH, conversation(ANA))))
    form = FORMS["pdf"]
    assert form.one
    reader = PdfReader(BytesIO(form.write([intake])))
    (page,) = reader.pages
    shown = " ".join(page.extract_text().split())
    # As the patient was shown it, with the number of their country.
    assert "How soon: See a specialist Call 911 if it gets worse." in shown
    assert "K7QX-3M9T" in shown


def test_an_intake_without_a_finding_has_no_page() -> None:
    with pytest.raises(ValueError, match="no finding"):
        page_of_intake({"findings": None}, ENGLISH)
