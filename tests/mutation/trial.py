"""One trial after the other: who catches a mutant, or that it is no other protocol at all."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import z3  # type: ignore[import-untyped]

from flows.concerns import load_concerns
from flows.lint import lint
from flows.loader import load_flow
from flows.models import Flow
from flows.mutation import Mutant, mutants
from flows.patients import TestPatient, first_difference, load_patients
from flows.proof.encoding import Reading, Sheet, different
from flows.proof.proofs import prove

LINTER, PATIENT, PROPERTY, SAME, SURVIVED = "linter", "patient", "property", "same", "survived"


@dataclass(frozen=True)
class Verdict:
    """What came of one mutant; `by` is the problem, patient or property that caught it."""

    name: str
    kind: str
    by: str = ""


@cache
def flow() -> Flow:
    return load_flow()


@cache
def all_mutants() -> tuple[Mutant, ...]:
    return tuple(mutants(flow()))


class Court:
    """Tries mutants; patients who caught one are asked first the next time."""

    def __init__(self) -> None:
        self.patients: list[TestPatient] = list(load_patients(flow()))

    def tried(self, mutant: Mutant) -> Verdict:
        try:
            altered = mutant.make()
        except ValueError as error:
            return Verdict(mutant.name, LINTER, str(error).splitlines()[0])
        for problem in lint(altered):
            return Verdict(mutant.name, LINTER, f"{problem.id}: {problem.reason}")
        for place, patient in enumerate(self.patients):
            if first_difference(altered, patient):
                self.patients.insert(0, self.patients.pop(place))
                return Verdict(mutant.name, PATIENT, patient.id)
        if same(altered):
            return Verdict(mutant.name, SAME)
        for proof in prove(altered, load_concerns(flow())):
            if not proof.proved:
                return Verdict(mutant.name, PROPERTY, proof.of.id)
        return Verdict(mutant.name, SURVIVED)


@cache
def _original() -> tuple[Sheet, Reading]:
    sheet = Sheet(flow())
    return sheet, Reading(flow(), sheet)


def same(altered: Flow) -> bool:
    """Proof that a flow makes the same of every sheet of answers as the real one."""
    sheet, original = _original()
    solver = z3.Solver()
    solver.add(sheet.valid, different(original, Reading(altered, sheet)))
    return bool(solver.check() == z3.unsat)


def try_places(places: Iterable[int]) -> list[Verdict]:
    """The verdicts on the mutants at these places of the list."""
    court = Court()
    return [court.tried(all_mutants()[place]) for place in places]


def try_all(processes: int = 2) -> list[Verdict]:
    """The verdicts on all mutants, in their order."""
    count = len(all_mutants())
    shares = [range(start, count, processes * 4) for start in range(processes * 4)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        tried = list(pool.map(try_places, shares))
    by_place = {
        place: verdict
        for share, verdicts in zip(shares, tried, strict=True)
        for place, verdict in zip(share, verdicts, strict=True)
    }
    return [by_place[place] for place in range(count)]


def told(verdicts: list[Verdict]) -> Iterator[str]:
    """The result, line by line; always the same for the same protocol and patients."""
    kinds = Counter(verdict.kind for verdict in verdicts)
    caught = kinds[LINTER] + kinds[PATIENT] + kinds[PROPERTY]
    yield f"altered protocols: {len(verdicts)}"
    yield (
        f"caught: {caught} ({kinds[LINTER]} refused at load, {kinds[PATIENT]} by a test patient, "
        f"{kinds[PROPERTY]} by a property)"
    )
    yield f"no other protocol, proved for every sheet of answers: {kinds[SAME]}"
    yield f"survived: {kinds[SURVIVED]}"
    for kind, title in ((SURVIVED, "survived"), (SAME, "the same")):
        for verdict in verdicts:
            if verdict.kind == kind:
                yield f"{title}: {verdict.name}"
