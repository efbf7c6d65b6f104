"""Puts the parts of the program together, and refuses to when one of them is broken."""

from dataclasses import dataclass
from pathlib import Path

from bot.clinic.directory import Directory, Readings
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.shared import Setting
from bot.pictures.painter import Painter
from bot.screening import Screening, load_screening
from bot.service import Service
from bot.settings import Settings, SettingsError
from bot.store import Store, open_store
from bot.web.metrics import Metrics
from content.countries import load_countries
from content.loader import languages, load_content
from content.models import Content
from flows.errors import FlowError
from flows.loader import load_flow
from flows.machine import ConversationMachine
from flows.models import Flow
from flows.patients import PATIENTS, load_patients, run_patients


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The flow and all its words, checked."""

    flow: Flow
    machine: ConversationMachine
    contents: dict[str, Content]
    screening: Screening


def load_knowledge() -> Knowledge:
    """Load and check flow, machine, words and test patients.

    Raises:
        FlowError: one of them is broken, or a test patient comes out differently.
    """
    flow = load_flow()
    machine = ConversationMachine(flow)
    contents = {code: load_content(code, flow) for code in languages()}
    differences = run_patients(flow, load_patients(flow))
    if differences:
        raise FlowError(f"test patient {differences[0].text}", file=PATIENTS)
    return Knowledge(flow, machine, contents, load_screening(flow))


def painter_of(settings: Settings, knowledge: Knowledge) -> Painter:
    """Who draws pictures; they are kept beside the embedded database, or in `data/`."""
    beside = settings.sqlite_path.parent if settings.sqlite_path else Path("data")
    return Painter(knowledge.contents, beside / "pictures")


def setting_of(settings: Settings, knowledge: Knowledge, language: str | None = None) -> Setting:
    """What is the same for all patients.

    Raises:
        SettingsError: the language asked for, or the default one, is not spoken.
    """
    chosen = language or settings.default_language
    if chosen not in knowledge.contents:
        spoken = ", ".join(knowledge.contents)
        where = "--language" if language else "DEFAULT_LANGUAGE"
        raise SettingsError((f"{where} {chosen} is not spoken here; choose of: {spoken}.",))
    countries = load_countries()
    country = countries.of(settings.default_country)
    return Setting(chosen, country, settings.retention_days, countries, settings.default_country)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The program put together: the service on its store, which is still closed.

    `clinics` keeps the `directory` as fresh as the store, once that is open.
    """

    knowledge: Knowledge
    service: Service
    store: Store
    metrics: Metrics
    directory: Directory
    clinics: Readings


def assemble(settings: Settings, language: str | None = None) -> Assembly:
    """Put the program together.

    Raises:
        SettingsError, FlowError, StoreError: what is wrong, in one line.
    """
    knowledge = load_knowledge()
    store = open_store(settings)
    directory = Directory()
    clinics = Readings(directory, store.clinics)
    dialogue = Dialogue(
        knowledge.machine,
        knowledge.contents,
        setting_of(settings, knowledge, language),
        directory,
        screening=knowledge.screening,
    )
    metrics = Metrics()
    service = Service(dialogue, store, metrics, clinics)
    return Assembly(knowledge, service, store, metrics, directory, clinics)
