"""Everything that a book is made from, loaded together."""

from dataclasses import dataclass
from importlib.resources.abc import Traversable

from content.book import BookWords, load_book_words
from content.fingerprint import words_fingerprint
from content.loader import load_content
from content.models import Content
from flows.concerns import Concern, load_concerns
from flows.evidence import Evidence, load_evidence
from flows.fingerprint import protocol_fingerprint
from flows.loader import load_flow
from flows.machine import ConversationMachine
from flows.models import Flow
from flows.patients import TestPatient, load_patients


@dataclass(frozen=True, slots=True)
class Subject:
    """A protocol with the words of one language. `hash` and `words_hash` are fingerprints."""

    flow: Flow
    machine: ConversationMachine
    concerns: tuple[Concern, ...]
    patients: tuple[TestPatient, ...]
    evidence: Evidence
    content: Content
    words: BookWords
    hash: str
    words_hash: str


def load_subject(language: str, folder: Traversable | None = None) -> Subject:
    """The packaged protocol, or that of a folder, in a language.

    Raises:
        FlowError: the protocol or the words are broken.
    """
    flow = load_flow(folder)
    concerns = load_concerns(flow, folder)
    evidence = load_evidence(flow, folder)
    return Subject(
        flow=flow,
        machine=ConversationMachine(flow),
        concerns=concerns,
        patients=load_patients(flow, folder),
        evidence=evidence,
        content=load_content(language, flow),
        words=load_book_words(language, flow, evidence),
        hash=protocol_fingerprint(flow, concerns),
        words_hash=words_fingerprint(language),
    )
