"""The words: none without use, none that says too much, and each says what the protocol means."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import yaml

import bot
import content
from bot.dialogue import matching
from bot.dialogue.matching import normal
from bot.wording import Wording
from content.countries import load_countries
from content.loader import SAID, languages, load_content, packaged_content
from content.markup import Markup, placeholders
from flows.answers import SKIPPED, Answer
from flows.assessment import assess, item_evidence, rule_evidence
from flows.conditions import Evidence
from flows.interview import Standing, walk
from flows.loader import load_flow
from flows.models import Kind, Question
from flows.patients import load_patients
from tests.content.usage import texts_read, texts_there_are
from tests.second_reading import random_sheet

FLOW = load_flow()
CONTENTS = {code: load_content(code, FLOW) for code in languages()}
ENGLISH = CONTENTS["en"]
COUNTRIES = load_countries()
RANDOM_SHEETS = 4_000

every_language = pytest.mark.parametrize("code", CONTENTS)


def all_texts(data: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from all_texts(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from all_texts(value, f"{path}.{place}")
    else:
        yield path, str(data)


def texts_of(code: str, *names: str) -> dict[str, str]:
    """Every text of a language, by file and path."""
    folder = Path(str(packaged_content())) / code
    return {
        f"{file.stem}.{path}": text
        for file in sorted(folder.glob("*.yaml"))
        if not names or file.stem in names
        for path, text in all_texts(yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader))
    }


# --- Every text is used ---------------------------------------------------------------------------


def read_by_name() -> set[tuple[str, str]]:
    """Synonyms are read by the names that stand beside codes and verbs."""
    of_codes = {name for names in matching._SYNONYMS_OF_CODES.values() for name in names}
    of_verbs = {name for names in matching._SYNONYMS_OF_VERBS.values() for name in names}
    return {
        ("SynonymWords", "continue_" if name == "continue" else name)
        for name in of_codes | of_verbs
    }


def read_as_a_whole() -> set[tuple[str, str]]:
    """The command menu takes all commands in their order, a typed span of time any unit."""
    assert next(iter(dict(ENGLISH.interface.commands))) == "start"
    return {name for name in texts_there_are() if name[0] in ("CommandWords", "UnitWords")}


def test_no_text_is_dead() -> None:
    folders = tuple(Path(str(package.__file__)).parent for package in (bot, content))
    read = texts_read(folders) | read_by_name() | read_as_a_whole()
    not_texts = {("Content", "code")}
    assert sorted(set(texts_there_are()) - read - not_texts) == []


def test_commands_are_those_of_the_help_page() -> None:
    for words in CONTENTS.values():
        interface = words.interface
        told = re.findall(r"^/([a-z]+):", interface.help, re.MULTILINE)
        assert sorted(told) == sorted(dict(interface.commands))


# --- Buttons --------------------------------------------------------------------------------------


@every_language
def test_every_answer_can_be_typed_without_standing_for_another(code: str) -> None:
    buttons = CONTENTS[code].interface.buttons
    controls = {normal(label) for label in (buttons.back, buttons.done, buttons.skip)}
    for question in FLOW.questions:
        words = CONTENTS[code].question(question.id)
        labels = [normal(option.label) for option in words.options.values()]
        assert all(labels), question.id
        assert len(set(labels)) == len(labels), question.id
        # On the screen of the complaints "back" is the part of the body: answers are matched first.
        assert controls & set(labels) <= ({"back"} if question.id == "complaints" else set())
        assert not any(label.isdecimal() for label in labels), question.id


@every_language
def test_topics_and_headings_differ(code: str) -> None:
    questions = CONTENTS[code].questions
    topics = [words.topic for words in questions.questions.values()]
    assert len(set(topics)) == len(topics)
    assert len(set(questions.sections.values())) == len(questions.sections)


# --- Sentences filled with answers ----------------------------------------------------------------


def from_sheet(question: Question, sheet: dict[str, object]) -> Answer | None:
    raw = sheet.get(question.id)
    if raw is None:
        return SKIPPED if question.kind is Kind.TEXT else None
    return question.read(raw)


def standing_on(sheet: dict[str, object]) -> Standing:
    return walk(FLOW, lambda question: from_sheet(question, sheet))


def sheets() -> list[dict[str, object]]:
    rng = Random("words")
    patients = [dict(patient.sheet) for patient in load_patients(FLOW)]
    return patients + [random_sheet(rng) for _ in range(RANDOM_SHEETS)]


Told = dict[tuple[str, str], Evidence]
"""Rule or item, what was said -> the evidence; each sentence once."""


def told_to(standings: list[Standing]) -> Told:
    told: Told = {}
    for standing in standings:
        for id in assess(FLOW, standing).rules:
            evidence = rule_evidence(FLOW.rule_by_id[id], standing.answers)
            told[id, repr(evidence)] = evidence
        if standing.outcome is not None:
            continue
        for pathway in FLOW.pathways:  # found or not: a sentence must be right in any case
            for item in pathway.items:
                if item.counting(standing.answers):
                    evidence = item_evidence(item, standing.answers)
                    told[item.id, repr(evidence)] = evidence
    return told


TOLD = told_to([standing_on(sheet) for sheet in sheets()])


def template(code: str, id: str) -> Markup:
    results = CONTENTS[code].results
    return results.rules[id] if id in results.rules else results.reasons[id]


BROKEN_SENTENCE = re.compile(
    r"""
      [{}<>]            # a placeholder or a tag that was left
    | \s\s              # something empty between two spaces
    | \s[.,:;?!)]       # something empty before a sign
    | \(\s | \(\)
    | [.,:;?!][.,:;]    # two signs in a row
    | :\s[.,]           # nothing after a colon
    | \b(?:and|or|about|with|have|feel|in|has)\s*[.,:;]  # nothing after such a word
    | \b(\w+)\s\1\b     # the same word twice
    """,
    re.VERBOSE | re.IGNORECASE,
)


def test_every_rule_and_every_item_is_told_to_somebody() -> None:
    items = {item.id for pathway in FLOW.pathways for item in pathway.items}
    assert {id for id, _ in TOLD} == items | FLOW.rule_by_id.keys()
    assert len(TOLD) > 500


@every_language
def test_reasons_filled_with_answers_are_whole_sentences(code: str) -> None:
    wording = Wording(FLOW, CONTENTS[code], COUNTRIES.default, retention_days=90)
    for (id, _), evidence in TOLD.items():
        text = template(code, id)
        alone = {name: wording.told(Markup(f"{{{name}}}"), evidence) for name in placeholders(text)}
        assert all(alone.values()), f"{id}: {alone} from {evidence}"
        sentence = wording.told(text, evidence).plain()
        broken = BROKEN_SENTENCE.search(sentence)
        assert broken is None, f"{id}: {broken} in {sentence!r}"
        assert sentence[0].isupper(), sentence
        assert sentence.endswith("."), sentence
        assert sentence.count("(") == sentence.count(")"), sentence


NOT_SAID = {"no", "none", "not_tried", "both_fine", "no_effect", "nothing_yet", "prefer_not"}
"""Codes that say that there is nothing, or nothing to tell."""


@every_language
def test_a_reason_never_tells_what_somebody_does_not_have(code: str) -> None:
    wording = Wording(FLOW, CONTENTS[code], COUNTRIES.default, retention_days=90)
    for (id, _), evidence in TOLD.items():
        sentence = wording.told(template(code, id), evidence).plain()
        for question, codes in evidence.items():
            for nothing in NOT_SAID.intersection(codes):
                said = CONTENTS[code].question(question).options[nothing].said
                assert said not in sentence, f"{id}: {sentence}"


@every_language
def test_an_answer_reads_inside_a_sentence(code: str) -> None:
    for question in CONTENTS[code].questions.questions.values():
        for option in question.options.values():
            said = option.said
            assert said[0].islower() or said[0].isdigit(), said
            assert said[-1].isalnum() or said[-1] == ")", said
            assert "{" not in said


@every_language
def test_every_country_gets_whole_sentences_with_its_number(code: str) -> None:
    results, interface = CONTENTS[code].results, CONTENTS[code].interface
    texts = [
        *(words.action for words in results.urgency.values()),
        *(words.text for words in results.out_of_scope.values()),
        results.emergency_screen.text,
        results.safety_net.emergency_intro,
        interface.welcome.text,
        interface.help,
    ]
    for country in (COUNTRIES.default, *COUNTRIES.countries.values()):
        wording = Wording(FLOW, CONTENTS[code], country, retention_days=90)
        for text in texts:
            filled = wording.fill(text).plain()
            assert not re.search(r"[{}]|  | [.,]|\.\.", filled), filled
            if "{emergency_number}" in text:
                assert re.search(rf"\b{country.emergency}\b", filled)
        advice = wording.fill(results.urgency["same_day"].action).plain()
        assert (country.urgent_line or "out-of-hours") in advice or code != "en"


def test_where_it_is_an_emergency_the_number_stands_in_the_first_line() -> None:
    for words in CONTENTS.values():
        first = words.results.emergency_screen.text.partition("\n")[0]
        assert "{emergency_number}" in first
        assert "{emergency_number}" in words.results.safety_net.emergency_intro


def test_every_placeholder_of_rules_and_reasons_is_an_answer_or_all_of_them() -> None:
    for id, text in {**ENGLISH.results.rules, **ENGLISH.results.reasons}.items():
        assert placeholders(text) <= {SAID, *FLOW.question_by_id}, id


# --- What is never said ---------------------------------------------------------------------------

NEVER = [
    "don't worry",
    "do not worry",
    "no need to worry",
    "nothing to worry about",
    "nothing serious",
    "not serious",
    "harmless",
    "you are safe",
    "you are fine",
    "all is well.",
    "rule out cancer",
    "you have plantar fasciitis",
    "you have sciatica",
    "you have a slipped disc",
    "you suffer from",
    "diagnosis of",
    "we diagnose",
    "the cause is",
    "is caused by",
    "the reason is",
    "%",
    "per cent",
    "percent",
    "red flag",
    "guarantee",
    "cure",
]
ALL_THE_SAME = {
    "results.safety_net.close": "all is well.",  # "… is not proof that all is well."
}


def test_what_must_never_be_said_is_nowhere() -> None:
    # What patients may type is another matter: those files hold their words, not ours.
    for path, text in texts_of("en", "questions", "results", "interface").items():
        plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
        found = [
            phrase
            for phrase in NEVER
            if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", plain)
            and ALL_THE_SAME.get(path) != phrase
        ]
        assert found == [], f"{path}: {text}"


def test_not_finding_a_warning_sign_is_said_to_prove_nothing() -> None:
    assert "is not proof that all is well" in ENGLISH.results.safety_net.close


def test_a_pathway_is_worded_no_surer_than_the_protocol_allows() -> None:
    links = ENGLISH.results.links
    for pathway in FLOW.pathways:
        possible = str(links[pathway.id].possible)
        assert re.search(r"\bcould be related\b|\bmay be worth checking\b", possible), possible
    assert "fit a nerve in the lower back being involved" in str(links["nerve"].likely)
    assert "worth checking for an inflammatory cause" in str(links["systemic"].likely)


# --- What the protocol means ----------------------------------------------------------------------

MEANING: dict[str, list[str]] = {
    # question, or question.code -> what its words must contain; "a|b": one of them
    "sudden_danger.chest": ["chest pain", "trouble breathing|short of breath", "coughing up blood"],
    "sudden_danger.collapse": [
        "sudden severe",
        "back or belly pain",
        "faint",
        "clammy",
        "known aneurysm",
        "new pain",
    ],
    "sudden_danger.face_arm_speech": ["sudden", "weak", "face", "arm", "leg", "one side", "speech"],
    "sudden_danger.cold_limb": [
        "foot or leg",
        "suddenly",
        "cold",
        "pale",
        "blue",
        "very painful",
        "numb",
    ],
    "sudden_danger.tight_swelling": ["rock-hard", "very painful", "swelling", "injury", "exercise"],
    "saddle": ["genitals", "back passage", "skin you sit on", "numb", "wipe"],
    "bladder": ["hard to start", "flow", "feel the need", "feel it pass", "leak", "can you not go"],
    "bowel": ["lost control", "bowels", "no longer feel", "pass wind"],
    "sexual": ["numbness", "less feeling", "erection", "prefer not to say"],
    "both_legs": ["pain", "tingling", "numbness", "weakness", "both legs", "even if one leg"],
    "weakness": ["leg or foot", "getting weaker", "not lift the front of the foot"],
    "weakness.hours": ["within hours or a day", "or got much worse"],
    "weakness.new": ["new", "getting worse"],
    "unwell.fever": ["fever", "chills", "drenching", "sweats"],
    "unwell.very_ill": ["shake", "confused", "cannot stand"],
    "unwell.infection_risk": [
        "inject drugs",
        "weak immune system",
        "dialysis",
        "line",
        "infection",
        "boil",
        "spine procedure",
    ],
    "unwell.cancer_ever": ["cancer", "ever", "minor skin cancer does not count"],
    "unwell.weight_loss": ["weight loss", "not plan"],
    "unwell.relentless": ["always there", "getting worse", "no position eases"],
    "unwell.repeat_visits": ["last 30 days", "saw a professional", "for this", "worse"],
    "cord_signs.band": ["band", "tight", "round the chest or belly"],
    "cord_signs.unsteady": ["legs", "heavy", "stiff", "wobbly"],
    "cord_signs.clumsy_hands": ["numb or clumsy", "hands"],
    "cord_signs.worsening": ["any of these", "getting worse", "quickly|fast"],
    "health.thin_bones_steroids": ["thin bones", "steroid"],
    "health.inflammatory": [
        "psoriasis",
        "inflammatory bowel disease",
        "uveitis",
        "inflammatory arthritis",
    ],
    "health.circulation": ["smoke", "heart or artery disease"],
    "injury.minor": ["small fall", "lift", "twist", "cough"],
    "injury.major": ["crash", "fall from a height", "hard landing on the heels", "hard blow"],
    "injury.pop": ["sudden pop", "kick", "back of the ankle"],
    "injury.twist_cannot_walk": ["cannot take four steps", "since the twist"],
    "limb_danger.calf_swelling": ["one calf or leg", "swollen", "warm", "sore"],
    "limb_danger.hot_red": ["hot", "red or swollen", "foot or joint", "redness that spreads"],
    "limb_danger.wound": ["sore", "ulcer", "black area"],
    "limb_danger.rest_pain_hang": ["foot pain", "at rest or at night", "eases", "hang the foot"],
    "limb_danger.rash_strip": ["burning strip of skin", "blisters", "one side"],
    "back_pattern.stiff_mornings": ["stiff", "morning", "more than 30 minutes"],
    "back_pattern.better_moving": ["eases when you move", "not when you rest"],
    "back_pattern.wakes_second_half": ["wakes me", "second half of the night"],
    "inflammatory_signs.nsaid_48h": ["anti-inflammatory", "clearly help", "within 2 days"],
    "inflammatory_signs.relative": [
        "parent",
        "brother, sister",
        "child",
        "inflammatory spine disease",
    ],
    "inflammatory_signs.past_arthritis": ["arthritis", "now or before"],
    "inflammatory_signs.heel_not_load": ["heel", "pain or swelling", "does not depend on"],
    "leg_reach": ["pain, tingling or numbness", "travel", "back or buttock", "how far", "lowest"],
    "leg_reach.below_knee": ["below the knee"],
    "walking": ["walking or standing", "leg or back", "what eases it"],
    "walking.eased_sitting_forward": ["sitting or leaning forward"],
    "walking.eased_standing_still": ["standing still"],
    "walking.no_effect": ["neither brings it on"],
    "toe_rise": ["wall", "tiptoe", "one leg, then on the other", "do not try"],
    "toe_rise.weaker_one_side": ["one leg is weaker", "not at all", "not only because it hurts"],
    "toe_rise.both_fine": ["both legs can do it", "well"],
    "foot_timing.first_steps": ["first steps out of bed"],
    "foot_timing.after_rest": ["first steps after sitting"],
    "foot_timing.end_of_day": ["after long standing", "end of the day"],
    "foot_load.load_jump": ["ran", "walked", "stood", "more than you are used to"],
    "foot_load.squeeze_sore": ["sore", "both sides of the heel"],
    "gait.lean_away": ["shift your weight off one side"],
    "gait.rolls_in": ["arch drops", "foot rolls inward"],
    "gait.avoid_heel": ["tiptoe", "outer edge"],
    "gait.slap_trip": ["foot slaps", "toes catch"],
    "impact.cannot": ["cannot work, sleep or look after yourself"],
}
FOUR_BANDS = {
    "new": ["new or getting worse", "last 2 weeks", "it is getting worse"],
    "weeks": ["2 weeks to 3 months", "not getting worse"],
    "longstanding": ["the same for over 3 months", "not changed in more than 3 months"],
    "unsure": ["not sure"],
}
for asked in ("saddle", "bladder", "bowel", "sexual", "both_legs"):
    MEANING |= {f"{asked}.{code}": words for code, words in FOUR_BANDS.items()}


def shown(place: str) -> str:
    """All that a patient reads of a question or of an answer before choosing."""
    id, _, code = place.partition(".")
    words = ENGLISH.question(id)
    if code:
        option = words.options[code]
        pieces = [option.label, (option.detail or Markup()).plain()]
    else:
        pieces = [words.ask.plain(), (words.hint or Markup()).plain()]
    return " ".join(pieces).casefold()


@pytest.mark.parametrize("place", MEANING)
def test_words_carry_what_the_protocol_means(place: str) -> None:
    text = shown(place)
    missing = [
        wanted
        for wanted in MEANING[place]
        if not any(re.search(rf"\b{re.escape(word)}", text) for word in wanted.split("|"))
    ]
    assert missing == [], text


def test_no_answer_of_a_question_on_nerves_can_mean_that_it_stayed_bad() -> None:
    # "No change" would take in somebody who has been numb for six weeks.
    for id in ("saddle", "bladder", "bowel", "sexual", "both_legs", "weakness"):
        label = ENGLISH.question(id).options["no"].label
        assert label.startswith("No, "), id
        assert "change" not in label, id


# --- The ideas of the article that this began with -------------------------------------------------

IDEAS: dict[str, tuple[str, list[str]]] = {
    "both are common, at two far ends of the body": (
        "explain.posture_and_gait.idea",
        ["back pain and heel pain are both common", "two far ends of the body"],
    ),
    "the body is one chain": (
        "explain.posture_and_gait.idea",
        ["kinetic chain", "one sore link may change how the rest works"],
    ),
    "the feet are the base, the lower back bears the load": (
        "explain.posture_and_gait.idea",
        ["feet are its base", "lower back bears much of the load"],
    ),
    "pain makes people guard, unawares": (
        "links.mechanical.how",
        ["guard your back without noticing"],
    ),
    "the pelvis tilts, the hip turns": (
        "explain.posture_and_gait.idea",
        ["pelvis may tip", "hip may turn"],
    ),
    "the steps get shorter, the weight shifts off the sore side": (
        "explain.posture_and_gait.idea",
        ["shorter steps", "lean off the sore side"],
    ),
    "the leg lines up anew and loads knee, ankle and foot": (
        "explain.posture_and_gait.idea",
        ["lines up in a new way", "loads the knee, ankle and foot unevenly"],
    ),
    "the foot rolls in, the arch drops and pulls on the fascia": (
        "explain.posture_and_gait.idea",
        ["rolls in (overpronation)", "arch drops", "pulls on the plantar fascia"],
    ),
    "tiny tears and inflammation": (
        "explain.posture_and_gait.against",
        ["long called an inflammation with tiny tears", "load and wear"],
    ),
    "L4, L5 and S1 form the sciatic nerve": (
        "explain.nerve.idea",
        ["l4, l5 and s1", "leave the lower spine", "sciatic nerve", "steers the muscles"],
    ),
    "a disc or a tight canal presses on a root": (
        "explain.nerve.idea",
        ["bulging disc", "stenosis", "radiculopathy", "sciatica"],
    ),
    "pain, tingling and numbness down to the foot": (
        "explain.nerve.idea",
        ["pain, tingling or numbness down to the foot"],
    ),
    "a weak or tight calf strains tendon and fascia": (
        "explain.nerve.idea",
        [
            "weak or tight calf",
            "soften each step less well",
            "achilles tendon",
            "plantar fascia",
        ],
    ),
    "treating the foot alone helps only for a time": (
        "explain.both_ends.idea",
        ["injections or stretches for the foot alone", "only for a time"],
    ),
    "somebody who knows the whole chain looks first": (
        "who_to_see",
        ["a clinician who assesses the whole kinetic chain", "gait", "nerves", "shoes"],
    ),
    "move well again, core and hips": (
        "explain.both_ends.idea",
        ["learn to move well again", "core and hips stronger"],
    ),
    "hands-on work, stretches for calf and hamstrings": (
        "explain.both_ends.idea",
        ["hands-on work", "stretch the calf and hamstrings"],
    ),
    "insoles, made to measure or not, spread the pressure": (
        "explain.both_ends.idea",
        ["insoles, made for you or not", "spread the pressure"],
    ),
    "treat both ends": ("treatment.both", ["find what drives the pain", "treat both ends"]),
    # What the evidence says against them.
    "against: together is not because": (
        "explain.posture_and_gait.against",
        ["does not show that one causes the other", "no change in how far the pelvis"],
    ),
    "against: rolling in was linked in women only": (
        "explain.posture_and_gait.against",
        ["in women only"],
    ),
    "against: calves test equal": (
        "explain.nerve.against",
        ["no difference", "we do not say that a weak calf caused it"],
    ),
    "against: nobody knows how often": ("explain.nerve.against", ["how often", "is not known"]),
    "against: foot care alone helps most": (
        "explain.both_ends.against",
        ["care of the foot alone helps most", "no trial", "insoles are mixed"],
    ),
    "against: both ends is possible, not proven": ("treatment.both", ["possible, not proven"]),
}


@pytest.mark.parametrize("idea", IDEAS)
def test_an_idea_of_the_article_is_met_in_the_explanation(idea: str) -> None:
    path, wanted = IDEAS[idea]
    text = Markup(texts_of("en", "results")[f"results.{path}"]).plain().casefold()
    assert [words for words in wanted if words not in text] == []


def test_every_page_of_the_explanation_says_what_is_for_and_against_it() -> None:
    for id, page in ENGLISH.results.explain.items():
        assert any(path.startswith(f"explain.{id}.") for path, _ in IDEAS.values()), id
        assert re.search(r"\bstud(?:y|ies)\b|\btrial\b|\bknown\b|\badvised\b", page.supports), id
        assert re.search(r"\bnot\b|\bno\b", page.against), id
