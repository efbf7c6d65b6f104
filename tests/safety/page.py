"""The hazard log as a page for people."""

from __future__ import annotations

from collections.abc import Iterator

from tests.safety.log import Hazard, Log, Rating


def page(log: Log) -> str:
    return "\n".join(_lines(log)).rstrip() + "\n"


def _lines(log: Log) -> Iterator[str]:
    yield "# Hazard log"
    yield ""
    yield f"In the manner of DCB0129 and ISO 14971, for {log.system}."
    yield ""
    yield f"**{log.status}**"
    yield ""
    yield "Made from [safety.yaml](safety.yaml) with `python -m tests.safety`. A test fails when a"
    yield "hazard has no control, a control no proof, or a proof is not there under its id."
    yield ""
    yield "## Intended use"
    yield ""
    yield log.use
    yield ""
    yield "Users:"
    yield ""
    yield from (f"- {user}" for user in log.users)
    yield ""
    yield "Not for:"
    yield ""
    yield from (f"- {one}" for one in log.not_for)
    yield ""
    yield "## Scales"
    yield ""
    yield from _scale("Severity", log.severities)
    yield from _scale("Likelihood", log.likelihoods)
    yield f"| risk | {' | '.join(log.severities)} |"
    yield f"| --- | {' | '.join('---' for _ in log.severities)} |"
    for likelihood, row in log.risks.items():
        cells = " | ".join(str(row[severity]) for severity in log.severities)
        yield f"| {_said(likelihood)} | {cells} |"
    yield ""
    yield from (f"- {risk}: {meaning}" for risk, meaning in log.acceptance.items())
    yield ""
    yield "## All hazards"
    yield ""
    yield "| id | hazard | before | after |"
    yield "| --- | --- | --- | --- |"
    for hazard in log.hazards:
        anchor = f"[{hazard.id}](#{hazard.id.lower()})"
        yield f"| {anchor} | {hazard.hazard} | {log.risk(hazard.before)} | {log.risk(hazard.after)} |"
    for hazard in log.hazards:
        yield from _hazard(log, hazard)


def _scale(name: str, scale: dict[str, str]) -> Iterator[str]:
    yield f"| {name} | |"
    yield "| --- | --- |"
    yield from (f"| {_said(word)} | {meaning} |" for word, meaning in scale.items())
    yield ""


def _hazard(log: Log, hazard: Hazard) -> Iterator[str]:
    yield ""
    yield f"## {hazard.id}"
    yield ""
    yield f"**{hazard.hazard}.** {hazard.harm}"
    yield ""
    yield "Causes:"
    yield ""
    yield from (f"- {cause}" for cause in hazard.causes)
    yield ""
    yield f"Before: {_rated(log, hazard.before)}. After: {_rated(log, hazard.after)}."
    yield ""
    yield "| control | proof |"
    yield "| --- | --- |"
    for control in hazard.controls:
        proofs = "<br>".join(f"`{proof}`" for proof in control.proof)
        yield f"| {control.does} | {proofs} |"
    yield ""
    yield f"What is left: {hazard.left}"


def _rated(log: Log, rating: Rating) -> str:
    severity, likelihood = rating
    return f"{severity}, {_said(likelihood)} (risk {log.risk(rating)})"


def _said(word: str) -> str:
    return word.replace("_", " ")
