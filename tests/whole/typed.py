"""People who type everything, in their own words: by question, what they write one after another.

`ASKED` is written where something they wrote raised a concern, `MEANT` where they are asked whether
they meant an answer.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

Script = Mapping[str, tuple[str, ...]]

HELLO, AGREED, REVIEW, ASKED, MEANT = "hello", "agreed", "review", "asked", "meant"


class Typist(NamedTuple):
    """Somebody in one language: what they write, and what they are then understood to have said."""

    name: str
    script: Script
    urgent: tuple[str, ...]
    """What they write instead where it is an emergency: the words, then the reply."""


RUTH: Final = Typist(
    name="Ruth",
    script={
        HELLO: ("hi, my heel is killing me",),
        AGREED: ("ok",),
        "age": ("I'm 47",),
        "complaints": ("my lower back", "left leg and the heel", "that's all"),
        "sudden_danger": ("no, none of these",),
        "saddle": ("all normal",),
        "bladder": ("no problem",),
        "bowel": ("nope",),
        "sexual": ("rather not say",),
        "both_legs": ("only one leg",),
        "weakness": ("not weak",),
        "unwell": ("none",),
        "cord_signs": ("nothing",),
        "health": ("i'm diabetic, and i smoke", "done"),
        "injury": ("no injury",),
        "limb_danger": ("none of them",),
        "back_side": ("on the left",),
        "back_duration": ("about 2 months",),
        "back_severity": ("6 or 7",),
        "back_pattern": ("worse sitting and when coughing", "done"),
        "leg_reach": ("all the way down",),
        "leg_side": ("my left",),
        "leg_feel": ("electric shocks, pins and needles", "that's it"),
        "leg_line": ("the sole",),
        "walking": ("it doesn't bring it on",),
        "toe_rise": ("both fine",),
        "foot_side": ("left heel",),
        "foot_place": ("under my heel",),
        "foot_timing": ("first thing in the morning", "after sitting", "done"),
        "foot_feel": ("like a knife, tingly",),
        "foot_duration": ("6 weeks",),
        "foot_severity": ("seven",),
        "foot_load": ("none of those",),
        "foot_care": ("it helped only for a while",),
        "gait": ("limping and shorter steps, my calf is swollen", "done"),
        "gait_order": ("after my back",),
        "order": ("the back",),
        "impact": ("a lot",),
        "goal": ("walk the dog without limping",),
        REVIEW: ("that's right",),
        ASKED: ("no", "no", "no"),
        MEANT: ("yes",) * 9,
    },
    urgent=("hi. since last night i cant feel anything when i wipe", "not sure"),
)

ROSA: Final = Typist(
    name="Rosa",
    script={
        HELLO: ("hola, me duele mucho el talón",),
        AGREED: ("de acuerdo",),
        "age": ("tengo 47 años",),
        "complaints": ("la espalda baja", "la pierna y el talón", "eso es todo"),
        "sudden_danger": ("nada de eso",),
        "saddle": ("todo normal",),
        "bladder": ("sin problemas",),
        "bowel": ("no",),
        "sexual": ("prefiero no contestar",),
        "both_legs": ("solo una",),
        "weakness": ("no tengo debilidad",),
        "unwell": ("ninguna",),
        "cord_signs": ("nada",),
        "health": ("soy diabética y fumo", "listo"),
        "injury": ("no hubo golpe",),
        "limb_danger": ("ninguno",),
        "back_side": ("a la izquierda",),
        "back_duration": ("unos 2 meses",),
        "back_severity": ("6 o 7",),
        "back_pattern": ("al sentarme y al toser",),
        "leg_reach": ("hasta los dedos",),
        "leg_side": ("la pierna izquierda",),
        "leg_feel": ("descargas, hormigueo",),
        "leg_line": ("la planta",),
        "walking": ("no me pasa",),
        "toe_rise": ("las dos bien",),
        "foot_side": ("el pie izquierdo",),
        "foot_place": ("bajo el talón",),
        "foot_timing": ("al levantarme de la cama", "después de estar sentada", "listo"),
        "foot_feel": ("como un cuchillo, cosquilleo",),
        "foot_duration": ("6 semanas",),
        "foot_severity": ("como un siete",),
        "foot_load": ("nada de eso",),
        "foot_care": ("solo un tiempo",),
        "gait": ("cojeo y doy pasos cortos",),
        "gait_order": ("después de la espalda",),
        "order": ("la espalda",),
        "impact": ("mucho",),
        "goal": ("pasear al perro sin cojear",),
        REVIEW: ("así es",),
        ASKED: ("no", "no", "no"),
        MEANT: ("sí",) * 9,
    },
    urgent=("hola, desde anoche no siento nada cuando me limpio", "no sé"),
)

SAID: Final[dict[str, object]] = {
    "age": "45_59",
    "complaints": ("back", "leg", "foot"),
    "sudden_danger": ("none",),
    "saddle": "no",
    "bladder": "no",
    "bowel": "no",
    "sexual": "prefer_not",
    "both_legs": "no",
    "weakness": "no",
    "unwell": ("none",),
    "cord_signs": ("none",),
    "health": ("diabetes", "circulation"),
    "injury": "none",
    "limb_danger": ("none",),
    "back_side": "left",
    "back_duration": "6_to_12_weeks",
    "back_severity": 7,
    "back_pattern": ("worse_sitting_bending", "worse_cough_sneeze"),
    "leg_reach": "foot",
    "leg_side": "left",
    "leg_feel": ("shooting", "tingling"),
    "leg_line": "outer_foot_sole_heel",
    "toe_rise": "both_fine",
    "foot_side": "left",
    "foot_place": "under_heel",
    "foot_timing": ("first_steps", "after_rest"),
    "foot_feel": ("stabbing", "tingling"),
    "foot_duration": "6_to_12_weeks",
    "foot_severity": 7,
    "foot_load": ("none",),
    "foot_care": "short_relief",
    "gait": ("limp", "shorter_steps"),
    "gait_order": "after_back",
    "order": "back_first",
    "impact": "a_lot",
}
"""What both are understood to have said; their goals are their own words."""

TYPISTS: Final = {"en": RUTH, "es": ROSA}
