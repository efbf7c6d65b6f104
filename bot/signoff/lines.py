"""The words that say whether the protocol that runs is signed off, for a clinic and its staff."""

from collections.abc import Sequence

from bot.assembly import Knowledge
from bot.clinic.clinics import Clinic
from bot.signoff.standing import Running, State, look_up_each
from bot.staff.ports import Signed
from bot.store.contract import Store
from content.book import load_book_words
from flows.evidence import load_evidence


class SignOffLines:
    """A :class:`bot.staff.ports.SignOffs`: looked up each time, for it may change meanwhile."""

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

    async def of(self, clinic: Clinic) -> Signed:
        """How it stands for one clinic."""
        (signed,) = await self.of_each((clinic,))
        return signed

    async def of_each(self, clinics: Sequence[Clinic]) -> list[Signed]:
        """How it stands for each of these, all of one moment."""
        ids = [str(clinic.id) for clinic in clinics]
        standings = await look_up_each(self._store, self._running, ids)
        signed = []
        for clinic, standing in zip(clinics, standings, strict=True):
            language = clinic.language if clinic.language in self._words else self._default
            words = self._words[language]
            known = standing.state is not State.UNKNOWN
            signed.append(Signed(standing.line(words), standing.short(words, language), known))
        return signed
