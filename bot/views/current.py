"""The screens of where a patient stands, or of what is shown instead for a moment."""

from collections.abc import Mapping

from bot.record import Record, View
from bot.screens import Screen
from bot.views.answers import change_screen, read_screens, review_screens
from bot.views.later import follow_up_screen
from bot.views.menu import (
    closed_screen,
    consent_screen,
    delete_screen,
    languages_screen,
    restart_screen,
    welcome_screen,
)
from bot.views.question import meant_screen, question_screen
from bot.views.result import (
    emergency_screen,
    explanation_screen,
    out_of_scope_screen,
    result_reminder,
    result_screens,
)
from bot.views.sharing import (
    consent_screens,
    name_screen,
    phone_screen,
    sent_screen,
    withdraw_screen,
)
from bot.wording import Wording
from flows.conversation import (
    CLOSED,
    CONSENT,
    EMERGENCY,
    OUT_OF_SCOPE,
    RESULT,
    REVIEW,
    WELCOME,
)


def current_screens(
    wording: Wording, record: Record, state: str, languages: Mapping[str, str], *, brief: bool
) -> list[Screen]:
    """What is shown now; the last screen carries the buttons.

    `brief` shortens a result that the patient has already been given.
    """
    if record.view is not None:
        return _view(wording, record, state, languages)
    conversation, serial = record.conversation, record.serial
    if state == WELCOME:
        return [welcome_screen(wording, conversation, serial, several_languages=len(languages) > 1)]
    if state == CONSENT:
        return [consent_screen(wording, conversation, serial)]
    if state == CLOSED:
        return [closed_screen(wording, conversation, serial)]
    if state == REVIEW:
        return review_screens(wording, conversation, serial)
    if state == EMERGENCY:
        return [emergency_screen(wording, conversation, serial, record.sharing)]
    if state == OUT_OF_SCOPE:
        return [out_of_scope_screen(wording, conversation, serial)]
    if state == RESULT and brief:
        return [result_reminder(wording, conversation, serial, record.sharing)]
    if state == RESULT:
        return result_screens(wording, conversation, serial, record.sharing)
    question = wording.flow.question_by_id[state]
    correcting = record.correcting is not None and record.correcting[0] == state
    return [question_screen(wording, conversation, question, serial, correcting=correcting)]


def _view(
    wording: Wording, record: Record, state: str, languages: Mapping[str, str]
) -> list[Screen]:
    conversation, serial = record.conversation, record.serial
    match record.view:
        case View.LANGUAGES:
            return [languages_screen(wording, languages, serial)]
        case View.CHANGING:
            return [change_screen(wording, conversation, state, serial)]
        case View.ANSWERS:
            return read_screens(wording, conversation, state, serial)
        case View.DELETING:
            return [delete_screen(wording, serial, record.sharing)]
        case View.FOLLOW_UP_DANGER | View.FOLLOW_UP_HOW | View.FOLLOW_UP_EMERGENCY:
            return [follow_up_screen(wording, record)]
        case View.RESTARTING:
            return [restart_screen(wording, serial)]
        case View.NAMING | View.PHONING | View.CONSENTING | View.SENT | View.WITHDRAWING:
            return _sharing(wording, record, state)
        case View.MEANT if record.meant is not None:
            return [meant_screen(wording, conversation, record.meant, serial)]
        case _:
            return [explanation_screen(wording, record.page, serial)]


def _sharing(wording: Wording, record: Record, state: str) -> list[Screen]:
    match record.view:
        case View.NAMING:
            return [name_screen(wording, record, state)]
        case View.PHONING:
            return [phone_screen(wording, record, state)]
        case View.CONSENTING:
            return consent_screens(wording, record, state)
        case View.SENT:
            return [sent_screen(wording, record, state)]
        case _:
            return [withdraw_screen(wording, record, state)]
