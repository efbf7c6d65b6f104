"""What is shown when a patient's words raise a concern: what to do now, and one plain question."""

from bot.actions import Action, Verb
from bot.screens import Choice, Screen
from bot.wording import Wording
from content.markup import Markup, bold, join
from flows.concerns import Concern, Help, Level

YES, NO, UNSURE, SEEN = "yes", "no", "unsure", "seen"
"""What can be replied; `SEEN` to help that asks nothing."""


def concern_screen(wording: Wording, concern: Concern, serial: int) -> Screen:
    """What to do if it is so, before anything else, and the question whether it is.

    For despair and violence: whom to call, without a question, and a way on.
    """
    words = wording.content.concerns
    if concern.help is not None:
        choices = (Choice(words.go_on, _data(concern, SEEN, serial), 1),)
        return Screen("concern", help_text(wording, concern.help), choices)
    urgent = {Level.EMERGENCY: words.now, Level.SAME_DAY: words.today, Level.ASK: words.check}
    return Screen(
        name="concern",
        text=join(
            (wording.fill(urgent[concern.level]), bold(words.questions[concern.id])),
        ),
        choices=(
            Choice(words.yes, _data(concern, YES, serial), 1),
            Choice(words.no, _data(concern, NO, serial), 2),
            Choice(words.unsure, _data(concern, UNSURE, serial), 3),
        ),
    )


def help_text(wording: Wording, help_: Help) -> Markup:
    """Whom to call, by the lines that the country has; nothing of triage."""
    words = wording.content.concerns.help[help_]
    country = wording.country
    line = country.despair if help_ is Help.DESPAIR else country.violence
    if line is None:
        return wording.fill(words.without_line)
    return words.with_line.fill(line=line.number, emergency_number=country.emergency)


def _data(concern: Concern, reply: str, serial: int) -> str:
    return Action(Verb.REPLY, (concern.id, reply)).data(serial)
