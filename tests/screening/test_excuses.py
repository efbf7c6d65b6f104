"""An excuse beside a cry does not silence it: sayings, known harmless causes, denials, other people."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.concerns import Level
from tests.screening.making import LANGUAGES, LEVELS, rank

EXCUSED = Path(__file__).parent / "excused"

CRIES = {
    "en": {
        "saddle": ["i can't feel when i wipe", "my bum has gone numb"],
        "bladder": ["i can't pee at all", "i wet myself without noticing"],
        "bowel": ["i've lost control of my bowels"],
        "sexual": ["i can't get an erection any more"],
        "both_legs": ["both my legs have gone numb", "i can't move my legs"],
        "sudden_weakness": ["my leg has suddenly gone dead and i can't lift it"],
        "weakness": ["i can't lift the front of my foot"],
        "chest": ["i have crushing chest pain", "i'm coughing up blood"],
        "stroke": ["one side of my face is drooping", "my speech is slurred"],
        "cold_limb": ["my foot has suddenly gone cold and white and numb"],
        "despair": ["i want to kill myself"],
        "violence": ["my husband hit me"],
        "trauma": ["i fell off a roof"],
    },
    "es": {
        "saddle": ["no noto nada al limpiarme", "se me ha dormido el culo"],
        "bladder": ["no puedo orinar nada", "me he meado encima sin darme cuenta"],
        "bowel": ["he perdido el control del intestino"],
        "sexual": ["no se me levanta"],
        "both_legs": ["se me han dormido las dos piernas", "no puedo mover las piernas"],
        "sudden_weakness": ["de repente no puedo levantar la pierna"],
        "weakness": ["no puedo levantar la punta del pie"],
        "chest": ["tengo un dolor fuerte en el pecho", "estoy tosiendo sangre"],
        "stroke": ["se me ha caído un lado de la cara", "arrastro las palabras"],
        "cold_limb": ["el pie se me ha puesto frío, blanco y dormido"],
        "despair": ["quiero matarme"],
        "violence": ["mi marido me pegó"],
        "trauma": ["me caí de un tejado"],
    },
}
BESIDE = {
    "en": ["{excuse}. {cry}.", "{excuse}, but now {cry}", "{excuse}. Since this morning {cry}."],
    "es": ["{excuse}. {cry}.", "{excuse}, pero ahora {cry}", "{excuse}. Desde esta mañana {cry}."],
}


def test_every_language_is_tried() -> None:
    assert set(LANGUAGES) == CRIES.keys() == BESIDE.keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_clinician_fears_is_asked_about(code: str) -> None:
    said = yaml.safe_load((EXCUSED / f"{code}.yaml").read_text(encoding="utf-8"))
    count = sum(len(sentences) for sentences in said.values())
    quiet = [
        sentence
        for level, sentences in said.items()
        for sentence in sentences
        if rank(sentence, code) > Level(level).rank
    ]
    assert len(quiet) <= 0.02 * count, quiet


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_saying_and_no_harmless_cause_silences_another_clause(code: str) -> None:
    """Every third of them beside cries of its own concern."""
    quiet = [
        message
        for id, cries in CRIES[code].items()
        for number, excuse in enumerate(excuses(code, id))
        if number % 3 == 0
        for cry in cries
        for beside in BESIDE[code]
        if rank(message := beside.format(excuse=excuse, cry=cry), code) > LEVELS[id].rank
    ]
    assert quiet == []


def excuses(code: str, concern: str) -> Iterator[str]:
    """Something that each idiom and each harmless cause of a concern stands for."""
    file = resources.files("content") / code / "phrases.yaml"
    document: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    words = document["concerns"][concern]
    for pattern in (*words.get("idioms", ()), *words.get("usual", ())):
        yield spoken(str(pattern), document["lists"])


def spoken(pattern: str, lists: dict[str, Any]) -> str:
    """Words that a pattern stands for: of each list the first."""
    said = []
    for word in pattern.replace("..", " ").split():
        plain = word.rstrip("!*")
        if plain.startswith(("~", ">")) or plain.isdigit() or not plain:
            continue
        said.append(spoken(str(lists[plain][0]), lists) if plain in lists else plain)
    return " ".join(said).replace("numeral", "3").replace("calendar", "2015")
