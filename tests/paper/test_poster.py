"""A clinic's poster: its name, its code, three steps, on one page."""

from io import BytesIO

import pytest
import segno
from pypdf import PdfReader

from bot.paper import poster
from bot.paper.poster import poster_pdf
from content.loader import languages, load_content
from flows.loader import load_flow

FLOW = load_flow()
LINK = "https://t.me/PlumblineBot?start=k7qx3m9tw2"
ARABIC = ("عيادة النهر للعلاج الطبيعي والقدم والعمود الفقري والرياضة " * 5)[:200]
NAMES = [
    "Riverside Physiotherapy",
    "Реабилитация «Ока»",
    "नदी फिज़ियोथेरेपी",
    ARABIC,
    "W" * 200,
    "#panic() *x* <b>$1$ \\ @a 你好",
]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:12])
def test_any_clinic_has_a_poster_of_one_page(name: str, language: str) -> None:
    content = load_content(language, FLOW)
    made = poster_pdf(name, LINK, content, emergency_number="999")
    reader = PdfReader(BytesIO(made))
    assert len(reader.pages) == 1
    shown = " ".join(reader.pages[0].extract_text().split())
    words = content.paper.poster
    assert LINK in shown.replace(" ", "")
    assert words.lead.plain() in shown
    for number, step in enumerate(words.steps, 1):
        assert str(number) in shown
        assert step.plain() in shown
    assert words.emergency.fill(emergency_number="999").plain() in shown
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_the_code_leads_to_the_link() -> None:
    drawn = poster._code(LINK)
    assert drawn.startswith("<svg")
    out = BytesIO()
    segno.make_qr(LINK, error="q").save(
        out, kind="svg", border=4, xmldecl=False, nl=False, omitsize=True
    )
    assert drawn == out.getvalue().decode()
    assert drawn != poster._code(f"{LINK}x")
