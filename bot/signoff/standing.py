"""Whether the protocol that runs is signed off, and the words for it wherever it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.assembly import Knowledge
from bot.book.model import Seal
from bot.signoff.record import AlteredRecordError, Numbered, SignOff, read_record
from bot.store.contract import Store, StoreError
from content.book import SignOffWords
from content.fingerprint import words_fingerprint
from flows.concerns import load_concerns
from flows.fingerprint import protocol_fingerprint, short


class State(StrEnum):
    """What is known about the sign-off of the running protocol."""

    SIGNED = "signed"
    MISSING = "missing"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Running:
    """What runs: the fingerprints of the protocol and of the words, by language."""

    protocol: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the running protocol stands, for one clinic or in general.

    `sign_off` is the latest one of this protocol that holds. `other_words` are the languages whose
    words are not the ones that were signed with it.
    """

    state: State
    running: Running
    sign_off: SignOff | None = None
    other_words: tuple[str, ...] = ()

    def line(self, words: SignOffWords) -> str:
        """One line for whoever works with it: a staff group, an operator."""
        digits = short(self.running.protocol)
        if self.sign_off is None:
            lines = {
                State.MISSING: words.line_missing,
                State.ALTERED: words.line_altered,
                State.UNKNOWN: words.line_unknown,
            }
            return lines[self.state].format(hash=digits)
        signed = self.sign_off
        line = words.line_given.format(
            name=signed.name, role=signed.role, date=signed.date.isoformat(), hash=digits
        )
        return f"{line}{self._others(words)}"

    def short(self, words: SignOffWords, language: str) -> str:
        """A few words to go with each intake, while nobody has signed; empty where it is signed.

        ``language`` is the one that the clinic's staff and patients read: other words than the
        signed ones are told as well.
        """
        if self.state is State.SIGNED:
            return words.short_words if language in self.other_words else ""
        return words.short_unknown if self.state is State.UNKNOWN else words.short_missing

    def seal(self, words: SignOffWords, clinic: str | None = None) -> Seal:
        """What the first page of the book says; `clinic` is the name of the one it is for."""
        signed = self.sign_off
        if signed is None:
            texts = {
                State.MISSING: words.missing,
                State.ALTERED: words.altered,
                State.UNKNOWN: words.unknown,
            }
            return Seal(words.label, texts[self.state], sound=False)
        said = {"name": signed.name, "role": signed.role, "date": signed.date.isoformat()}
        if signed.clinic is not None:
            text = words.given_for.format(clinic=clinic or signed.clinic, **said)
        else:
            text = words.given.format(**said)
        return Seal(words.label, f"{text}{self._others(words)}", sound=not self.other_words)

    def details(self) -> dict[str, object]:
        """For readiness and for logs: codes and fingerprints, no name."""
        return {
            "protocol": self.running.protocol,
            "sign_off": str(self.state),
            "unsigned_words": list(self.other_words),
        }

    def _others(self, words: SignOffWords) -> str:
        if not self.other_words:
            return ""
        return " " + words.other_words.format(languages=", ".join(self.other_words))


def running_of(knowledge: Knowledge) -> Running:
    """The fingerprints of what this program runs.

    Raises:
        FlowError: the concerns or the words cannot be read.
    """
    return Running(
        protocol_fingerprint(knowledge.flow, load_concerns(knowledge.flow)),
        {code: words_fingerprint(code) for code in knowledge.contents},
    )


async def look_up(store: Store, running: Running, clinic: str | None = None) -> Standing:
    """How the running protocol stands, for a clinic (by its id) or, with None, in general.

    Never raises: where the record cannot be read, that is the answer.
    """
    (standing,) = await look_up_each(store, running, (clinic,))
    return standing


async def look_up_each(
    store: Store, running: Running, clinics: Sequence[str | None]
) -> list[Standing]:
    """The same for each of several clinics, with one look at the record."""
    try:
        record = read_record(await store.sign_offs.entries())
    except AlteredRecordError:
        return [Standing(State.ALTERED, running)] * len(clinics)
    except StoreError:
        return [Standing(State.UNKNOWN, running)] * len(clinics)
    return [_standing(record, running, clinic) for clinic in clinics]


def _standing(record: Sequence[Numbered], running: Running, clinic: str | None) -> Standing:
    holding = [
        one.sign_off
        for one in record
        if one.revoked is None
        and one.sign_off.protocol == running.protocol
        and one.sign_off.clinic in (None, clinic)
    ]
    if not holding:
        return Standing(State.MISSING, running)
    # The latest that signed the most of what is spoken here.
    best = max(
        enumerate(holding), key=lambda placed: (-len(_others(placed[1], running)), placed[0])
    )[1]
    return Standing(State.SIGNED, running, best, _others(best, running))


def _others(sign_off: SignOff, running: Running) -> tuple[str, ...]:
    return tuple(code for code, words in running.words.items() if sign_off.words.get(code) != words)
