"""The line that says whether the protocol that runs is signed off, for a clinic and its staff."""

from bot.assembly import Knowledge
from bot.clinic.clinics import Clinic
from bot.signoff.standing import Running, look_up
from bot.store.contract import Store
from content.book import load_book_words
from flows.evidence import load_evidence


class SignOffLines:
    """How the running protocol stands, in a line; looked up each time, for it may change meanwhile."""

    def __init__(
        self, store: Store, knowledge: Knowledge, running: Running, default_language: str
    ) -> None:
        """`running` is what runs; `default_language` is for a clinic whose language is not spoken.

        Raises:
            FlowError: the evidence or the words cannot be read.
        """
        flow = knowledge.flow
        evidence = load_evidence(flow)
        self._store = store
        self._running = running
        self._default = default_language
        self._words = {
            code: load_book_words(code, flow, evidence).sign_off for code in knowledge.contents
        }

    async def of(self, clinic: Clinic) -> str:
        """The line for a clinic, in its language."""
        standing = await look_up(self._store, self._running, str(clinic.id))
        return standing.line(self._words.get(clinic.language) or self._words[self._default])
