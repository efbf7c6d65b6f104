"""What all turns of one bot share: the machine, the words, where the bot serves."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.tongues import Tongues
from bot.screening import Screening, load_screening
from bot.wording import Wording
from content.countries import Country
from content.models import Content
from flows.concerns import Concern, load_concerns
from flows.machine import ConversationMachine
from flows.models import Flow


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all patients of this bot."""

    default_language: str
    country: Country
    retention_days: int


class Shared:
    """The machine and the words; nothing of any patient."""

    def __init__(
        self,
        machine: ConversationMachine,
        contents: Mapping[str, Content],
        setting: Setting,
        *,
        screening: Screening | None = None,
    ) -> None:
        self.machine = machine
        self.screening = screening or load_screening(machine.flow)
        self.tongues = Tongues(contents)
        self.concerns: dict[str, Concern] = {
            concern.id: concern for concern in load_concerns(machine.flow)
        }
        self.flow: Flow = machine.flow
        self.flow_name = f"{machine.flow.id}:{machine.flow.version}"
        self.languages = {code: words.interface.language.name for code, words in contents.items()}
        self._default = setting.default_language
        self._wordings = {
            code: Wording(machine.flow, content, setting.country, setting.retention_days)
            for code, content in contents.items()
        }

    def language(self, hint: str | None) -> str:
        """The language to begin with: the hint's if it is spoken here, else the default."""
        code = (hint or "").replace("_", "-").split("-")[0].lower()
        return code if code in self._wordings else self._default

    def wording(self, language: str) -> Wording:
        """The words of a language; of the default one where it is not spoken here."""
        return self._wordings.get(language) or self._wordings[self._default]
