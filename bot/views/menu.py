"""The screens around the interview: welcome, privacy, language, help, confirmations."""

from collections.abc import Mapping
from dataclasses import replace

from bot.actions import Action, Verb
from bot.screens import Choice, Screen
from bot.sharing import Sharing
from bot.views.parts import button
from bot.views.sharing import from_clinic
from bot.wording import Wording
from content.markup import Markup, bold, join
from content.words.interface import ConfirmWords
from flows.conversation import Conversation, may_be_emergency


def welcome_screen(
    wording: Wording, conversation: Conversation, serial: int, *, several_languages: bool
) -> Screen:
    """Who this is, what it does and does not do, what is stored: to be agreed to."""
    interface = wording.content.interface
    controls = [button(serial, interface.buttons.read_privacy, Verb.READ_NOTE)]
    if several_languages:
        controls.append(button(serial, interface.buttons.language, Verb.CHOOSE_LANGUAGE))
    return Screen(
        name="welcome",
        text=join(
            (
                urgent_line(wording, conversation),
                wording.fill(interface.welcome.text),
                from_clinic(wording),
            )
        ),
        choices=(_agree(wording, serial),),
        controls=tuple(controls),
    )


def consent_screen(wording: Wording, conversation: Conversation, serial: int) -> Screen:
    """The privacy note, to be agreed to."""
    interface = wording.content.interface
    return Screen(
        name="consent",
        text=join((urgent_line(wording, conversation), privacy_text(wording))),
        choices=(_agree(wording, serial),),
        controls=(
            button(serial, interface.buttons.back, Verb.BACK),
            button(serial, interface.buttons.not_now, Verb.DECLINE),
        ),
    )


def privacy_text(wording: Wording) -> Markup:
    """The privacy note."""
    privacy = wording.content.interface.privacy
    return join((bold(privacy.title), wording.fill(privacy.text)))


def closed_screen(wording: Wording, conversation: Conversation, serial: int) -> Screen:
    """The conversation was stopped; nothing is lost."""
    interface = wording.content.interface
    return Screen(
        name="closed",
        text=join(
            (urgent_line(wording, conversation), wording.fill(interface.notices.stopped)),
        ),
        choices=(Choice(interface.buttons.continue_, Action(Verb.RESUME).data(serial), 1),),
        controls=(button(serial, interface.buttons.start_over, Verb.ASK_RESTART),),
    )


def urgent_line(wording: Wording, conversation: Conversation) -> Markup:
    """What to do now, where an answer that is being corrected would be an emergency."""
    urgent = may_be_emergency(wording.flow, conversation)
    return wording.fill(wording.content.interface.emergency_line) if urgent else Markup()


def languages_screen(wording: Wording, names: Mapping[str, str], serial: int) -> Screen:
    """The languages there are, each in its own name."""
    return Screen(
        name="languages",
        text=wording.content.interface.language_choice,
        choices=tuple(
            Choice(name, Action(Verb.SET_LANGUAGE, (code,)).data(serial), number)
            for number, (code, name) in enumerate(names.items(), 1)
        ),
        controls=(button(serial, wording.content.interface.buttons.back, Verb.SHOW),),
    )


def delete_screen(wording: Wording, serial: int, sharing: Sharing) -> Screen:
    """One confirmation before everything is deleted."""
    screen = _confirmation("deleting", wording.content.interface.delete, Verb.DELETE, serial)
    if not sharing.with_clinics:
        return screen
    told = wording.content.sharing.withdrawal.deleting
    return replace(screen, text=join((Markup(screen.text), told), "\n"))


def restart_screen(wording: Wording, serial: int) -> Screen:
    """One confirmation before the answers are forgotten."""
    return _confirmation("restarting", wording.content.interface.restart, Verb.RESTART, serial)


def _confirmation(name: str, words: ConfirmWords, verb: Verb, serial: int) -> Screen:
    return Screen(
        name=name,
        text=words.confirm,
        choices=(
            Choice(words.yes, Action(verb).data(serial), 1),
            Choice(words.no, Action(Verb.SHOW).data(serial), 2),
        ),
    )


def _agree(wording: Wording, serial: int) -> Choice:
    label = wording.content.interface.buttons.agree
    return Choice(label, Action(Verb.AGREE).data(serial), 1)
