"""Every example of the phrases, in every place: what must be caught is met by a question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.events import Words
from bot.record import Record
from content.loader import languages, load_content
from content.phrases import load_examples, phrase_languages
from flows.concerns import load_concerns
from flows.conversation import CONCERN, EMERGENCY, WELCOME
from flows.machine import ConversationMachine
from tests.dialogue.pure import Pure


@pytest.fixture(scope="module")
def everybody(machine: ConversationMachine, setting: Setting) -> Dialogue:
    """A bot that speaks every language."""
    contents = {code: load_content(code, machine.flow) for code in languages()}
    return Dialogue(machine, contents, setting)


def speaking(patient: Pure, code: str) -> Record:
    """What is stored of somebody, in their language."""
    assert patient.record is not None
    return replace(patient.record, language=code)


PLACES = [WELCOME, "sudden_danger", "unwell", "limb_danger", "weakness", "gait", "goal", "review"]


@pytest.mark.parametrize("code", phrase_languages())
@pytest.mark.parametrize("place", PLACES)
def test_what_must_be_caught_is_asked_about(
    everybody: Dialogue, machine: ConversationMachine, code: str, place: str
) -> None:
    concerns = load_concerns(machine.flow)
    patient = Pure(everybody, machine).at(place)
    record = speaking(patient, code)
    by_id = {concern.id: concern for concern in concerns}
    for id, examples in load_examples(code, concerns).items():
        for sentence in examples.caught[::3]:
            patient.record = record
            patient.happens(Words(sentence))
            assert patient.record is not None
            asked = patient.record.conversation.asking
            conversation = patient.record.conversation
            # Or it is exactly the answer of the open question, and is seen on its screen.
            own = by_id[id].about == place
            taken = place in conversation.answers or place in conversation.drafts
            assert patient.state in (CONCERN, EMERGENCY) or (own and taken), f"{place}: {sentence}"
            assert id in asked or patient.state == EMERGENCY or own, f"{place}: {sentence}"


@pytest.mark.parametrize("code", phrase_languages())
def test_what_must_be_left_alone_is(
    everybody: Dialogue, machine: ConversationMachine, code: str
) -> None:
    concerns = load_concerns(machine.flow)
    patient = Pure(everybody, machine).at("gait")
    record = speaking(patient, code)
    alarmed = []
    sentences = [one for some in load_examples(code, concerns).values() for one in some.calm]
    for sentence in sentences:
        patient.record = record
        patient.happens(Words(sentence))
        alarmed += [sentence] if patient.state == CONCERN else []
    assert alarmed == []
