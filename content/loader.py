"""Reads the words of a language and holds them against the flow: no gap, nothing to spare."""

from collections.abc import Iterable, Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from content.markup import placeholders
from content.models import Content
from content.words.concerns import ConcernsFile
from content.words.interface import InterfaceFile
from content.words.later import LaterFile
from content.words.paper import PaperFile
from content.words.pictures import PicturesFile
from content.words.questions import QuestionsFile
from content.words.results import LinkWords, ResultsFile
from content.words.sharing import SharingFile
from content.words.staff import StaffFile
from flows.answers import NONE
from flows.assessment import MIXED, NONE_FOUND
from flows.concerns import Help, load_concerns
from flows.errors import FlowError
from flows.loader import read_document
from flows.models import Basis, Certainty, Flow, Item, Kind, Pathway, Question, Rule, Urgency
from flows.yaml_lines import Document, Path

QUESTIONS, RESULTS, INTERFACE = "questions.yaml", "results.yaml", "interface.yaml"
PICTURES, PAPER = "pictures.yaml", "paper.yaml"
UNSURE = "unsure"
STAFF = "staff.yaml"
SHARING = "sharing.yaml"
LATER = "later.yaml"
CONCERNS = "concerns.yaml"
SAID = "said"
"""The placeholder for everything that counted, as a list."""

EXPLANATION_PAGES = ("posture_and_gait", "nerve", "both_ends")
"""The pages on the link, in the order in which they are read."""

_File = TypeVar("_File", bound=BaseModel)


class ContentError(FlowError):
    """Words that cannot be used. Its text is one line: file, line, id and the reason."""


def packaged_content() -> Traversable:
    """The folder of the words that this program speaks."""
    return resources.files("content")


def languages(folder: Traversable | None = None) -> tuple[str, ...]:
    """The codes of the languages there are: each folder with YAML in it."""
    source = folder if folder is not None else packaged_content()
    return tuple(
        sorted(
            entry.name
            for entry in source.iterdir()
            if entry.is_dir() and any(file.name.endswith(".yaml") for file in entry.iterdir())
        )
    )


def load_content(code: str, flow: Flow, folder: Traversable | None = None) -> Content:
    """The words of a language for a flow.

    Raises:
        ContentError: the language does not exist, or a text is missing, unused, too long, or has a
            placeholder that nobody fills.
    """
    known = languages(folder)
    if code not in known:
        raise ContentError(f"no such language; there is {', '.join(known)}", file=repr(code))
    source = (folder if folder is not None else packaged_content()) / code
    try:
        content = Content(
            code=code,
            questions=_read(source, QUESTIONS, QuestionsFile),
            results=_read(source, RESULTS, ResultsFile),
            interface=_read(source, INTERFACE, InterfaceFile),
            pictures=_read(source, PICTURES, PicturesFile),
            paper=_read(source, PAPER, PaperFile),
            staff=_read(source, STAFF, StaffFile),
            sharing=_read(source, SHARING, SharingFile),
            later=_read(source, LATER, LaterFile),
            concerns=_read(source, CONCERNS, ConcernsFile),
        )
        for file, path, reason in _gaps(flow, content):
            document = read_document(source, file)
            raise FlowError(
                reason, file=file, line=document.line(path), id=".".join(map(str, path))
            )
    except FlowError as error:
        raise ContentError(
            error.reason, file=f"{code}/{error.file}", line=error.line, id=error.id
        ) from None
    return content


def _read(folder: Traversable, name: str, model: type[_File]) -> _File:
    document = read_document(folder, name)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise located(error, document) from None


def located(error: ValidationError, document: Document) -> FlowError:
    """The first problem that pydantic found, as a line of the file."""
    first = error.errors(include_url=False)[0]
    path = tuple(step for step in first["loc"] if step != "[key]")  # a key, not its value
    reason = {"missing": "is missing", "extra_forbidden": "is not used"}.get(
        first["type"], first["msg"].removeprefix("Value error, ")
    )
    return FlowError(
        reason, file=document.file, line=document.line(path), id=".".join(map(str, path))
    )


Gap = tuple[str, Path, str]
"""File, path of the text, and what is wrong with it."""


def _gaps(flow: Flow, content: Content) -> Iterator[Gap]:
    results = content.results
    sections = content.questions.sections
    yield from _same(QUESTIONS, ("sections",), sections, flow.sections)
    yield from _same(QUESTIONS, ("questions",), content.questions.questions, flow.question_by_id)
    for question in flow.questions:
        yield from _question_gaps(question, content)
    yield from _same(RESULTS, ("urgency",), results.urgency, list(Urgency))
    yield from _same(RESULTS, ("out_of_scope",), results.out_of_scope, [e.id for e in flow.ends])
    yield from _same(RESULTS, ("rules",), results.rules, flow.rule_by_id)
    for id in results.until_seen.rules:
        if id not in flow.rule_by_id:
            yield RESULTS, ("until_seen", "rules", id), "is not used: the flow does not know it"
    items = {item.id: item for pathway in flow.pathways for item in pathway.items}
    yield from _same(RESULTS, ("reasons",), results.reasons, items)
    for id, rule in flow.rule_by_id.items():
        yield from _place_gaps(("rules", id), results.rules[id], _filled_by_rule(rule))
    for id, item in items.items():
        yield from _place_gaps(("reasons", id), results.reasons[id], _filled_by_item(item))
    yield from _same(RESULTS, ("links",), results.links, [*flow.pathway_by_id, MIXED, NONE_FOUND])
    for link, words in results.links.items():
        yield from _link_gaps(link, words, flow.pathway_by_id.get(link))
    yield from _same(RESULTS, ("explain",), results.explain, EXPLANATION_PAGES)
    yield from _picture_gaps(flow, content)
    yield from _same(STAFF, ("urgency",), content.staff.urgency, list(Urgency))
    asked = [concern.id for concern in load_concerns(flow) if concern.sets]
    yield from _same(CONCERNS, ("questions",), content.concerns.questions, asked)
    yield from _same(CONCERNS, ("help",), content.concerns.help, list(Help))


POINTED_AT = ("foot_place", "leg_line")
"""Questions that are hard in words, so that a picture goes with them."""

_NO_MARK = {"leg_reach": (NONE,), "leg_line": (UNSURE,), "gait": (NONE,)}
"""Answers that a picture has nothing to mark for."""


def _picture_gaps(flow: Flow, content: Content) -> Iterator[Gap]:
    words = content.pictures
    yield from _same(PICTURES, ("sides",), words.sides, ("left", "right"))
    yield from _same(PICTURES, ("certainty",), words.certainty, list(Certainty))
    yield from _same(PICTURES, ("pathways",), words.pathways, flow.pathway_by_id)
    yield from _same(PICTURES, ("pointing",), words.pointing, POINTED_AT)
    for name, given, question in (
        ("reach", words.reach, "leg_reach"),
        ("strips", words.strips, "leg_line"),
        ("places", words.places, "foot_place"),
        ("signs", words.signs, "gait"),
    ):
        codes = flow.question_by_id[question].codes
        marked = [code for code in codes if code not in _NO_MARK.get(question, ())]
        yield from _same(PICTURES, (name,), given, marked)


def _same(file: str, path: Path, found: Iterable[str], wanted: Iterable[str]) -> Iterator[Gap]:
    wanted_ids = list(wanted)
    found_ids = list(found)
    for id in wanted_ids:
        if id not in found_ids:
            yield file, (*path, str(id)), "is missing"
    for id in found_ids:
        if id not in wanted_ids:
            yield file, (*path, id), "is not used: the flow does not know it"


def _question_gaps(question: Question, content: Content) -> Iterator[Gap]:
    words = content.question(question.id)
    path = ("questions", question.id)
    yield from _same(QUESTIONS, (*path, "options"), words.options, question.codes)
    if question.intimate and words.why is None:
        yield QUESTIONS, (*path, "why"), "is missing: an intimate question says first why"
    scale = question.kind is Kind.SCALE
    for name, text in (("low", words.low), ("high", words.high)):
        if scale and text is None:
            yield QUESTIONS, (*path, name), "is missing"
        if not scale and text is not None:
            yield QUESTIONS, (*path, name), "is not used: the question is no scale"


def _filled_by_rule(rule: Rule) -> frozenset[str]:
    return frozenset() if isinstance(rule.when, Basis) else rule.reads() | {SAID}


def _filled_by_item(item: Item) -> frozenset[str]:
    return item.reads() | {SAID}


def _place_gaps(path: Path, text: str, filled: frozenset[str]) -> Iterator[Gap]:
    for name in sorted(placeholders(text) - filled):
        yield RESULTS, path, f"nobody fills the placeholder {{{name}}}"


def _link_gaps(link: str, words: LinkWords, pathway: Pathway | None) -> Iterator[Gap]:
    if pathway is None:
        needed = {"summary", "who"} if link == NONE_FOUND else {"summary"}
    else:
        needed = {"possible", "how", "known", "not_known", "meanwhile", "who"}
        if pathway.likely is not None:
            needed.add("likely")
    given = {name for name, text in words if text is not None} - {"title"}
    for name in sorted(needed - given):
        yield RESULTS, ("links", link, name), "is missing"
    for name in sorted(given - needed):
        yield RESULTS, ("links", link, name), "is not used"
