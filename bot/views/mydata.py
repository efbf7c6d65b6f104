"""Everything that is stored about a patient, for the patient: to read, and as a file."""

import json
from collections.abc import Sequence
from typing import Any

from bot.intake.intake import Intake
from bot.record import Record
from bot.screens import Attachment, Screen
from bot.views.answers import answer_sections, in_messages
from bot.views.sharing import sharing_lines
from bot.wording import Wording
from content.markup import Markup, bold, join
from flows.answers import Answer
from flows.conversation import Conversation
from flows.interview import counting

FILE_NAME = "plumbline-my-data.json"


def mydata_screens(
    wording: Wording, record: Record, address: str, intakes: Sequence[Intake] = ()
) -> list[Screen]:
    """All that is stored, in words and as a JSON file; with the intakes that were sent."""
    words = wording.content.interface.mydata
    stored: dict[str, Any] = {"chat": address, **record.to_json()}
    if intakes:
        stored["intakes"] = [intake.to_json() for intake in intakes]
    file = Attachment(
        name=FILE_NAME,
        media_type="application/json",
        content=json.dumps(stored, ensure_ascii=False, indent=2).encode(),
    )
    return [
        *(
            Screen(name="mydata", text=text, lasting=True)
            for text in _texts(wording, record, intakes)
        ),
        Screen(name="mydata", text=words.file_caption, lasting=True, attachment=file),
    ]


def _texts(wording: Wording, record: Record, intakes: Sequence[Intake]) -> list[Markup]:
    words = wording.content.interface.mydata
    agreed = (
        words.agreed.fill(version=record.agreed_version) if record.conversation.agreed else Markup()
    )
    sections = answer_sections(wording, _everything(wording, record.conversation))
    top = join(
        (
            join((bold(words.title), words.intro), "\n"),
            agreed,
            bold(words.answers) if sections else words.empty,
        )
    )
    shared = sharing_lines(wording, record.sharing, {str(intake.id) for intake in intakes})
    return in_messages(top, [*sections, *([shared] if shared else [])])


def _everything(wording: Wording, conversation: Conversation) -> dict[str, Answer]:
    """Answers in force, and drafts of questions that are open."""
    drafts = {id: draft for id, draft in conversation.drafts.items() if draft != ()}
    everything = {**drafts, **conversation.answers}
    return counting(wording.flow, everything, {}, raised=conversation.raised)
