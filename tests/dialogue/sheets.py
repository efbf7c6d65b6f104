"""Answers of patients, to be tapped in."""

from __future__ import annotations

from typing import Any

Sheet = dict[str, Any]

EVERYTHING: Sheet = {
    "age": "35_44",
    "complaints": ["back", "leg", "foot"],
    "sudden_danger": ["none"],
    "saddle": "no",
    "bladder": "no",
    "bowel": "no",
    "sexual": "no",
    "both_legs": "no",
    "weakness": "no",
    "unwell": ["none"],
    "cord_signs": ["none"],
    "health": ["none"],
    "injury": "none",
    "limb_danger": ["none"],
    "back_side": "left",
    "back_duration": "over_12_weeks",
    "back_began": "before_35",
    "back_severity": 6,
    "back_pattern": ["worse_sitting_bending", "worse_standing_walking"],
    "inflammatory_signs": ["none"],
    "leg_reach": "foot",
    "leg_side": "left",
    "leg_feel": ["shooting", "tingling"],
    "leg_line": "outer_foot_sole_heel",
    "walking": "eased_sitting_forward",
    "toe_rise": "both_fine",
    "foot_side": "left",
    "foot_place": "under_heel",
    "foot_timing": ["first_steps"],
    "foot_feel": ["tingling"],
    "foot_duration": "over_12_weeks",
    "foot_severity": 5,
    "foot_load": ["none"],
    "foot_care": "short_relief",
    "gait": ["shorter_steps"],
    "gait_order": "after_back",
    "order": "back_first",
    "impact": "some",
    "goal": "",
}
"""Back, leg and foot, with every question that such a patient can be asked."""

TYPICAL: Sheet = {**EVERYTHING, "age": "45_59", "back_pattern": ["worse_sitting_bending"]}
TYPICAL["back_began"] = "45_or_later"
"""Back, leg and foot for a long time, in somebody over 45."""

FOOT: Sheet = {
    **EVERYTHING,
    "complaints": ["foot"],
    "leg_reach": "none",
    "foot_feel": ["stabbing"],
    "foot_duration": "under_6_weeks",
    "foot_care": "nothing_yet",
    "gait": ["none"],
    "impact": "little",
}
"""A new sore heel and nothing else."""

BACK: Sheet = {
    **EVERYTHING,
    "complaints": ["back"],
    "back_duration": "under_6_weeks",
    "back_pattern": ["none"],
    "leg_reach": "none",
    "gait": ["none"],
    "impact": "little",
}
"""New back pain and nothing else."""
