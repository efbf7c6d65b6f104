"""The protocol as a book: generated from what runs, so that it cannot lag behind it."""

from collections.abc import Iterator

from content.markup import Markup
from content.models import Content
from flows.grammar import write
from flows.models import Basis, Flow, Item, Kind, Pathway, Question, Rule, Term
from flows.patients import TestPatient


def markdown(flow: Flow, content: Content, patients: tuple[TestPatient, ...]) -> str:
    """The whole protocol in one language, as Markdown."""
    return "\n".join(_lines(flow, content, patients))


def _lines(flow: Flow, content: Content, patients: tuple[TestPatient, ...]) -> Iterator[str]:
    yield f"# The protocol {flow.id}, version {flow.version}"
    yield ""
    yield "Written from published sources. **Not yet signed off by a clinician.**"
    yield ""
    yield "## Questions, in the order in which they are asked"
    for section in flow.sections:
        yield ""
        yield f"### {content.questions.sections[section]}"
        for question in flow.questions:
            if question.section == section:
                yield from _question(question, content)
    yield ""
    yield "## Ends before the last question"
    yield ""
    for end in flow.ends:
        title = _plain(content.results.out_of_scope[end.id].title)
        yield f"- out of scope, `{end.id}` ({title}): when {_condition(write(end.when))}"
    yield "- emergency: at the first answer that makes an emergency rule below true"
    yield ""
    yield "## Conditions with a name"
    yield ""
    for name, condition in flow.definitions.items():
        yield f"- `{name}`: {_condition(write(condition))}"
    yield ""
    yield "## Rules of urgency: the highest that any rule gives wins"
    yield ""
    yield "| rule | when | urgency | what the patient is told | sources |"
    yield "| --- | --- | --- | --- | --- |"
    for rule in flow.rules:
        yield _rule(rule, content)
    yield ""
    yield "## The link between back and foot"
    yield ""
    yield "Points order the patient's own answers into reasons. They are set by experts: not a"
    yield "validated score and not a probability."
    for pathway in flow.pathways:
        yield from _pathway(pathway, content)
    yield ""
    yield f"With equal points: {', '.join(flow.tie_order)}. Found together, "
    yield f"{' and '.join(flow.mixed)} make the link `mixed`."
    yield ""
    yield f"## Test patients: {len(patients)}, run at every start"
    yield ""
    for patient in patients:
        yield f"- `{patient.id}` → {patient.expect.urgency}, {patient.expect.link}: {patient.about}"


def _question(question: Question, content: Content) -> Iterator[str]:
    words = content.question(question.id)
    yield ""
    yield f"**{question.id}** ({_kind(question)}): {_plain(words.ask)}"
    yield ""
    if question.asked is not None:
        yield f"- asked when {_condition(write(question.asked))}"
    if words.why is not None:
        yield f"- said first: {_plain(words.why)}"
    if words.hint is not None:
        yield f"- hint: {_plain(words.hint)}"
    for code in question.codes:
        option = words.options[code]
        detail = f". {_plain(option.detail)}" if option.detail is not None else ""
        yield f"- `{code}`: {option.label}{detail}"
    if question.kind is Kind.SCALE:
        yield f"- 0: {words.low}, 10: {words.high}"


def _kind(question: Question) -> str:
    return {
        Kind.ONE: "one answer",
        Kind.MANY: "any that fit",
        Kind.SCALE: "0 to 10",
        Kind.TEXT: "free text, may be skipped",
    }[question.kind]


def _rule(rule: Rule, content: Content) -> str:
    when = str(rule.when) if isinstance(rule.when, Basis) else _condition(write(rule.when))
    urgency = content.results.urgency[rule.urgency].word
    if rule.raised is not None:
        higher = content.results.urgency[rule.raised.to].word
        urgency = f"{urgency}; {higher} if {_condition(write(rule.raised.when))}"
    told = _plain(content.results.rules[rule.id])
    return f"| {rule.id} | {when} | {urgency} | {told} | {', '.join(rule.source)} |"


def _pathway(pathway: Pathway, content: Content) -> Iterator[str]:
    yield ""
    yield f"### {pathway.id}: {_plain(content.results.links[pathway.id].title)}"
    yield ""
    likely = f", likely from {pathway.likely}" if pathway.likely is not None else ", never likely"
    yield f"Possible from {pathway.possible} points{likely}."
    if pathway.needs is not None:
        yield f"Needs {_condition(write(pathway.needs))}."
    yield ""
    yield "| item | points | when | what the patient is told | sources |"
    yield "| --- | --- | --- | --- | --- |"
    for item in pathway.items:
        for term in item.terms:
            yield _item(item, term, content)


def _item(item: Item, term: Term, content: Content) -> str:
    when = _condition(write(term.when))
    if item.only is not None:
        when = f"{when}, only where {_condition(write(item.only))}"
    told = _plain(content.results.reasons[item.id])
    return f"| {item.id} | {term.points} | {when} | {told} | {', '.join(item.source)} |"


def _condition(text: str) -> str:
    # A bar ends a cell of a Markdown table, also inside backticks.
    return f"`{text.replace(' | ', ' / ')}`"


def _plain(text: Markup) -> str:
    return " ".join(text.plain().split())
