"""Plain words, measured: every set of screens keeps its bar, and a harder text is found."""

import pytest

from content.loader import languages, load_content
from content.models import Content
from content.readability import EASY, FORMULAS, PLAIN, readings, screen_sets
from flows.loader import load_flow
from flows.models import Flow

FLOW = load_flow()
CONTENTS = {code: load_content(code, FLOW) for code in languages()}
HARD = {
    "en": "Notwithstanding intermittent radiculopathic symptomatology, immediate multidisciplinary "
    "investigation constitutes an unconditional recommendation.",
    "es": "Independientemente de la sintomatología radiculopática intermitente, recomendamos "
    "incondicionalmente una investigación multidisciplinar inmediata.",
}


@pytest.mark.parametrize("code", FORMULAS)
def test_every_set_keeps_its_bar(code: str) -> None:
    found = list(readings(CONTENTS[code], FLOW))
    assert {reading.set.kind for reading in found} == {EASY, PLAIN}
    assert [reading.set.name for reading in found if not reading.holds] == []
    for reading in found:
        assert reading.set.screens


@pytest.mark.parametrize("code", FORMULAS)
def test_a_hard_question_is_found_among_easy_ones(code: str) -> None:
    content = CONTENTS[code]
    questions = {
        **content.concerns.questions,
        "fever": type(content.results.not_a_diagnosis)(HARD[code]),
    }
    harder = content.model_copy(
        update={"concerns": content.concerns.model_copy(update={"questions": questions})}
    )
    wrong = {reading.set.name for reading in readings(harder, FLOW) if not reading.holds}
    assert wrong == {"questions: concerns"}


def test_every_question_is_measured() -> None:
    def asked(flow: Flow, content: Content) -> str:
        sets = screen_sets(content, flow)
        return "\n".join(text for one in sets for screen in one.screens for text in screen)

    for content in CONTENTS.values():
        texts = asked(FLOW, content)
        for words in content.questions.questions.values():
            assert words.ask.plain() in texts
        for question in content.concerns.questions.values():
            assert question.plain() in texts
