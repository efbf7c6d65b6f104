"""Twelve made-up people: what they tap, and what must be on their picture, written down by hand."""

from typing import Any, NamedTuple

from bot.pictures.findings import Findings
from flows.models import Certainty
from tests.whole.people import ANA, BEN

LIKELY, POSSIBLE = Certainty.LIKELY, Certainty.POSSIBLE


class Person(NamedTuple):
    name: str
    sheet: dict[str, Any]
    picture: Findings | None


_BACK_AND_FOOT = {
    **ANA,
    "complaints": ["back", "foot"],
    "back_pattern": ["none"],
    "leg_reach": "none",
    "foot_feel": ["ache"],
}

PEOPLE = (
    Person(
        "ana",
        ANA,
        Findings(
            back="left",
            leg=("left",),
            reach="foot",
            line="outer_foot_sole_heel",
            foot=("left",),
            place="under_heel",
            signs=("limp", "shorter_steps"),
            pathways=(("nerve", LIKELY), ("mechanical", POSSIBLE)),
        ),
    ),
    Person("ben", BEN, Findings(foot=("right",), place="under_heel")),
    Person(
        "cleo: L5 on the right, likely",
        {
            **ANA,
            "complaints": ["back", "leg"],
            "back_side": "right",
            "leg_side": "right",
            "leg_line": "top_foot_big_toe",
            "gait": ["none"],
        },
        Findings(
            back="right",
            leg=("right",),
            reach="foot",
            line="top_foot_big_toe",
            pathways=(("nerve", LIKELY),),
        ),
    ),
    Person(
        "dora: L4 below the knee, possible",
        {
            **ANA,
            "complaints": ["back", "leg"],
            "back_side": "middle",
            "back_pattern": ["none"],
            "leg_reach": "below_knee",
            "leg_side": "left",
            "leg_line": "inner_shin",
            "gait": ["unsteady"],
        },
        Findings(
            back="middle",
            leg=("left",),
            reach="below_knee",
            line="inner_shin",
            signs=("unsteady",),
            pathways=(("nerve", POSSIBLE),),
        ),
    ),
    Person(
        "emil: the walk, from the back",
        {**_BACK_AND_FOOT, "back_side": "both", "foot_side": "right", "foot_place": "arch"},
        Findings(
            back="both",
            foot=("right",),
            place="arch",
            signs=("limp", "shorter_steps"),
            pathways=(("mechanical", POSSIBLE),),
        ),
    ),
    Person(
        "fay: the walk, from the foot",
        {
            **_BACK_AND_FOOT,
            "back_duration": "under_6_weeks",
            "foot_timing": ["during_activity"],
            "foot_place": "back_of_heel",
            "foot_care": "nothing_yet",
            "gait": ["avoid_heel"],
            "gait_order": "after_foot",
            "order": "foot_first",
        },
        Findings(
            back="left",
            foot=("left",),
            place="back_of_heel",
            signs=("avoid_heel",),
            pathways=(("foot_first", POSSIBLE),),
        ),
    ),
    Person(
        "gus: both feet, like socks, with diabetes",
        {
            **ANA,
            "complaints": ["foot"],
            "health": ["diabetes"],
            "leg_reach": "none",
            "foot_side": "both",
            "foot_place": "whole",
            "foot_feel": ["burning", "numb"],
            "foot_timing": ["rest_night"],
            "gait": ["none"],
        },
        Findings(foot=("left", "right"), place="whole", pathways=(("metabolic", POSSIBLE),)),
    ),
    Person(
        "hana: an inflamed spine",
        {
            **_BACK_AND_FOOT,
            "age": "18_34",
            "back_duration": "over_12_weeks",
            "back_pattern": ["better_moving", "wakes_second_half"],
            "inflammatory_signs": ["buttock_pain", "nsaid_48h"],
            "foot_side": "both",
            "foot_place": "back_of_heel",
            "foot_timing": ["none"],
            "foot_care": "nothing_yet",
            "gait": ["none"],
            "order": "unsure",
        },
        Findings(
            back="left",
            foot=("left", "right"),
            place="back_of_heel",
            pathways=(("systemic", LIKELY),),
        ),
    ),
    Person(
        "ivo: the leg only, to the thigh",
        {
            **ANA,
            "complaints": ["leg"],
            "leg_reach": "thigh",
            "leg_side": "right",
            "leg_feel": ["ache"],
            "gait": ["none"],
        },
        Findings(leg=("right",), reach="thigh"),
    ),
    Person(
        "june: both legs, eased by sitting",
        {
            **ANA,
            "complaints": ["back", "leg"],
            "age": "60_69",
            "both_legs": "longstanding",
            "back_side": "middle",
            "leg_side": "both",
            "leg_reach": "below_knee",
            "leg_feel": ["cramp_walking"],
            "leg_line": "unsure",
            "back_pattern": ["worse_standing_walking"],
            "walking": "eased_sitting_forward",
            "gait": ["none"],
        },
        Findings(
            back="middle",
            leg=("left", "right"),
            reach="below_knee",
            line="unsure",
            pathways=(("nerve", LIKELY),),
        ),
    ),
    Person(
        "kim: every sign of gait",
        {
            **ANA,
            "gait": [
                "limp",
                "shorter_steps",
                "lean_away",
                "rolls_in",
                "avoid_heel",
                "slap_trip",
                "unsteady",
            ],
        },
        Findings(
            back="left",
            leg=("left",),
            reach="foot",
            line="outer_foot_sole_heel",
            foot=("left",),
            place="under_heel",
            signs=("limp", "shorter_steps", "lean_away", "rolls_in"),
            pathways=(("nerve", LIKELY), ("mechanical", POSSIBLE)),
        ),
    ),
    Person("lou: an emergency", {**ANA, "saddle": "new"}, None),
)
