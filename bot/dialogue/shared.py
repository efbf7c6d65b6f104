"""What all turns of one bot share: the machine, the words, where the bot serves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from bot.clinic.directory import Directory
from bot.daytime import zones_of
from bot.dialogue.tongues import Tongues
from bot.intake.making import Issue, version_of
from bot.intake.reference import new_reference
from bot.screening import Screening, load_screening
from bot.wording import Wording
from content.countries import Countries, Country, load_countries
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
    countries: Countries = field(default_factory=load_countries)
    country_code: str | None = None


def new_issue() -> Issue:
    """An id, a reference and the time, for an intake that is sent now."""
    return Issue(uuid4(), new_reference(), datetime.now(UTC))


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Shared:
    """The machine, the words and the clinics; nothing of any patient.

    `issue` gives each intake that is sent its id, its reference and its time; `now` the time of
    everything else. `zones` are where patients without a clinic are thought to live.
    """

    def __init__(
        self,
        machine: ConversationMachine,
        contents: Mapping[str, Content],
        setting: Setting,
        clinics: Directory,
        issue: Callable[[], Issue],
        now: Callable[[], datetime] = utc_now,
        *,
        screening: Screening | None = None,
    ) -> None:
        self.now = now
        self.zones = zones_of(setting.country_code)
        self.clinics = clinics
        self.issue = issue
        self._countries = setting.countries
        self.machine = machine
        self.screening = screening or load_screening(machine.flow)
        self.tongues = Tongues(contents)
        self.concerns: dict[str, Concern] = {
            concern.id: concern for concern in load_concerns(machine.flow)
        }
        self.flow_version = version_of(machine.flow, self.concerns.values())
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

    def wording(self, language: str, clinic: str = "") -> Wording:
        """The words of a language; of the default one where it is not spoken here.

        With the id of a clinic that takes intakes, for its patients and in its country.
        """
        wording = self._wordings.get(language) or self._wordings[self._default]
        found = self.clinics.of(clinic) if clinic else None
        if found is None:
            return wording
        return replace(wording, country=self._countries.of(found.country), clinic=found)
