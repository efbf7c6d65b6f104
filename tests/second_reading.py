"""A second, independent reading of the protocol: plain Python, by hand, straight down the page.

It shares nothing with `flows`: no grammar, no data files, no names. It was written from the
protocol's text alone, so that a slip of reading in either of the two shows up as a difference
between them. Read it beside the protocol, section by section; keep it dull.

`second_reading` tells what the protocol makes of one sheet of answers. The functions below it make
up sheets: people of several kinds, so that every branch is met often.
"""

from collections.abc import Callable, Mapping
from random import Random

Sheet = dict[str, object]


class _Unanswered(Exception):
    """A question that is asked, and is not the goal, has no answer on the sheet."""


class _Interview:
    """Takes answers from a sheet, one question after the other, and notes what was asked."""

    def __init__(self, sheet: Mapping[str, object]) -> None:
        self.sheet = sheet
        self.asked: list[str] = []

    def take(self, question: str) -> object:
        self.asked.append(question)
        answer = self.sheet.get(question)
        if answer is None:
            raise _Unanswered
        return answer

    def one(self, question: str) -> str:
        answer = self.take(question)
        assert isinstance(answer, str)
        return answer

    def many(self, question: str) -> set[str]:
        answer = self.take(question)
        assert isinstance(answer, (list, tuple))
        return {str(code) for code in answer}

    def number(self, question: str) -> int:
        answer = self.take(question)
        assert isinstance(answer, int)
        return answer


def second_reading(sheet: Mapping[str, object]) -> dict[str, object]:
    """What the protocol makes of a sheet: exactly the object that `plumbline assess` prints for it.

    The sheet maps question ids to answers: a code, a list of codes, a whole number from 0 to 10, or
    text. Its answers must be valid ones; only their absence is dealt with. Answers to questions
    that are not asked are ignored. Without an answer to a question that is asked (the goal apart,
    which may be skipped) the outcome is `incomplete`.
    """
    interview = _Interview(sheet)
    try:
        return _read(interview)
    except _Unanswered:
        return {"asked": interview.asked, "outcome": "incomplete"}


def _read(ask: _Interview) -> dict[str, object]:
    # --- Section 1: questions, in the order of the table; section 2's emergencies in between ----

    # An answer that was not asked for is "", no ticks, or a number below the scale.
    saddle = bladder = bowel = sexual = both_legs = ""
    cord_signs: set[str] = set()
    limb_danger: set[str] = set()
    back_duration = back_began = ""
    back_severity = -1
    back_pattern: set[str] = set()
    inflammatory_signs: set[str] = set()
    leg_side = leg_line = walking = toe_rise = ""
    leg_feel: set[str] = set()
    foot_side = foot_place = foot_duration = foot_care = ""
    foot_timing: set[str] = set()
    foot_feel: set[str] = set()
    foot_load: set[str] = set()
    foot_severity = -1
    gait_order = order = ""

    age = ask.one("age")
    if age == "under_18":
        return _out_of_scope(ask)

    complaints = ask.many("complaints")
    if "none" in complaints:
        return _out_of_scope(ask)
    back = "back" in complaints
    leg = "leg" in complaints
    foot = "foot" in complaints

    sudden_danger = ask.many("sudden_danger")
    if sudden_danger != {"none"}:
        return _emergency(ask, "U01")

    if back or leg:
        saddle = ask.one("saddle")
        if saddle == "new" or saddle == "unsure":
            return _emergency(ask, "U02")
        bladder = ask.one("bladder")
        if bladder == "new" or bladder == "unsure":
            return _emergency(ask, "U02")
        bowel = ask.one("bowel")
        if bowel == "new" or bowel == "unsure":
            return _emergency(ask, "U02")
        sexual = ask.one("sexual")
        if sexual == "new" or sexual == "unsure":
            return _emergency(ask, "U02")
        both_legs = ask.one("both_legs")
        if both_legs == "new" or both_legs == "unsure":
            return _emergency(ask, "U02")

    weakness = ask.one("weakness")
    if weakness == "hours":
        return _emergency(ask, "U04")

    unwell = ask.many("unwell")
    very_ill = "very_ill" in unwell
    # U08 with weakness `hours` cannot come up here: U04 has already ended the interview.
    infected_and_weak = (
        back
        and ("fever" in unwell or "infection_risk" in unwell)
        and (weakness == "new" or weakness == "unsure")
    )
    if very_ill and infected_and_weak:
        return _emergency(ask, "U07", "U08")
    if very_ill:
        return _emergency(ask, "U07")
    if infected_and_weak:
        return _emergency(ask, "U08")

    cancer_ever = "cancer_ever" in unwell
    if back or leg or cancer_ever:
        cord_signs = ask.many("cord_signs")
        cancer_and_cord = cancer_ever and cord_signs != {"none"}
        cord_gets_worse = "worsening" in cord_signs and (
            "band" in cord_signs or "unsteady" in cord_signs or "clumsy_hands" in cord_signs
        )
        if cancer_and_cord and cord_gets_worse:
            return _emergency(ask, "U11", "U13")
        if cancer_and_cord:
            return _emergency(ask, "U11")
        if cord_gets_worse:
            return _emergency(ask, "U13")

    health = ask.many("health")

    injury = ask.one("injury")
    if injury == "major":
        return _emergency(ask, "U16")

    if leg or foot:
        limb_danger = ask.many("limb_danger")
    wound_or_hot = "wound" in limb_danger or "hot_red" in limb_danger
    if wound_or_hot and "diabetes" in health and "fever" in unwell:
        return _emergency(ask, "U21")

    if back:
        ask.take("back_side")
        back_duration = ask.one("back_duration")
    if back_duration == "over_12_weeks" and age != "18_34":
        back_began = ask.one("back_began")
    if back:
        back_severity = ask.number("back_severity")
        back_pattern = ask.many("back_pattern")
    # The two definitions at the end of section 3.
    began_before_45 = (
        age == "18_34" or age == "35_44" or back_began == "before_35" or back_began == "35_to_44"
    )
    began_before_35 = age == "18_34" or back_began == "before_35"
    if back_duration == "over_12_weeks" and began_before_45:
        inflammatory_signs = ask.many("inflammatory_signs")

    leg_reach = ask.one("leg_reach")
    down_the_leg = leg_reach != "none"
    below_the_knee = leg_reach == "below_knee" or leg_reach == "foot"
    if down_the_leg:
        leg_side = ask.one("leg_side")
        leg_feel = ask.many("leg_feel")
    if below_the_knee:
        leg_line = ask.one("leg_line")
    if (
        "cramp_walking" in leg_feel
        or both_legs == "longstanding"
        or "worse_standing_walking" in back_pattern
    ):
        walking = ask.one("walking")
    tiptoe_is_safe = injury != "pop" and injury != "twist_cannot_walk" and not wound_or_hot
    if (down_the_leg or foot) and tiptoe_is_safe:
        toe_rise = ask.one("toe_rise")

    if foot:
        foot_side = ask.one("foot_side")
        foot_place = ask.one("foot_place")
        foot_timing = ask.many("foot_timing")
        foot_feel = ask.many("foot_feel")
        foot_duration = ask.one("foot_duration")
        foot_severity = ask.number("foot_severity")
        foot_load = ask.many("foot_load")
        foot_care = ask.one("foot_care")

    gait = ask.many("gait")
    if back and foot and gait != {"none"}:
        gait_order = ask.one("gait_order")
    if back and foot:
        order = ask.one("order")

    impact = ask.one("impact")

    # The goal may be skipped, and nothing depends on it.
    ask.asked.append("goal")

    # --- Section 3: the link between back and foot ----------------------------------------------

    nerve: dict[str, int] = {}
    if leg_reach == "thigh":
        nerve["N1"] = 1
    if leg_reach == "below_knee":
        nerve["N1"] = 2
    if leg_reach == "foot":
        nerve["N1"] = 3
    if leg_feel & {"shooting", "burning", "tingling", "numb"}:
        nerve["N2"] = 1
    if leg_line in ("outer_foot_sole_heel", "top_foot_big_toe", "inner_shin"):
        nerve["N3"] = 1
    nerve_feeling_in_foot = "burning" in foot_feel or "tingling" in foot_feel or "numb" in foot_feel
    if nerve_feeling_in_foot and down_the_leg:
        nerve["N4"] = 1
    if (weakness != "no" or toe_rise == "weaker_one_side") and down_the_leg:
        nerve["N5"] = 2
    if (
        "worse_sitting_bending" in back_pattern or "worse_cough_sneeze" in back_pattern
    ) and down_the_leg:
        nerve["N6"] = 1
    if (
        ("rest_night" in foot_timing or "constant" in foot_timing)
        and "first_steps" not in foot_timing
        and down_the_leg
    ):
        nerve["N7"] = 1
    if walking == "eased_sitting_forward":
        nerve["N8"] = 3
    if (leg_side == "left" and foot_side == "left") or (
        leg_side == "right" and foot_side == "right"
    ):
        nerve["N9"] = 1
    if leg_line == "sock_both_feet" or walking == "eased_standing_still":
        nerve["N10"] = -3

    mechanical: dict[str, int] = {}
    guarding = "limp" in gait or "shorter_steps" in gait or "lean_away" in gait
    if gait_order == "after_back" and guarding:
        mechanical["M1"] = 2
    if guarding or "avoid_heel" in gait:
        mechanical["M2"] = 1
    if "rolls_in" in gait:
        mechanical["M3"] = 1
    if order == "back_first":
        mechanical["M4"] = 1
    if back_duration == "6_to_12_weeks" or back_duration == "over_12_weeks":
        mechanical["M5"] = 1
    if (foot_place == "under_heel" or foot_place == "arch") and (
        "first_steps" in foot_timing or "after_rest" in foot_timing or "end_of_day" in foot_timing
    ):
        mechanical["M6"] = 1
    if foot_care == "short_relief" or foot_care == "no_help":
        mechanical["M7"] = 1

    foot_first: dict[str, int] = {}
    if order == "foot_first":
        foot_first["F1"] = 2
    if gait_order == "after_foot":
        foot_first["F2"] = 2
    if "limp" in gait or "shorter_steps" in gait or "avoid_heel" in gait:
        foot_first["F3"] = 1

    systemic: dict[str, int] = {}
    if back_duration == "over_12_weeks" and began_before_45:
        count = 0
        if began_before_35:
            count += 1
        if "wakes_second_half" in back_pattern:
            count += 1
        if "buttock_pain" in inflammatory_signs:
            count += 1
        if "better_moving" in back_pattern:
            count += 1
        if "nsaid_48h" in inflammatory_signs:
            count += 1
        if "relative" in inflammatory_signs:
            count += 1
        if "past_arthritis" in inflammatory_signs:
            count += 1
        if "heel_not_load" in inflammatory_signs:
            count += 1
        if "inflammatory" in health:
            count += 1
        if count > 0:
            systemic["S1"] = count

    metabolic: dict[str, int] = {}
    if "diabetes" in health and (
        leg_line == "sock_both_feet" or (foot_side == "both" and nerve_feeling_in_foot)
    ):
        metabolic["D1"] = 3

    # Written down in the order that settles ties; a stable sort keeps it.
    found: list[dict[str, object]] = []
    nerve_points = sum(nerve.values())
    if nerve_points >= 5:
        found.append(_pathway("nerve", "likely", nerve))
    elif nerve_points >= 3:
        found.append(_pathway("nerve", "possible", nerve))
    systemic_points = sum(systemic.values())
    if systemic_points >= 4:
        found.append(_pathway("systemic", "likely", systemic))
    elif systemic_points == 3:
        found.append(_pathway("systemic", "possible", systemic))
    if sum(metabolic.values()) == 3:
        found.append(_pathway("metabolic", "possible", metabolic))
    if back and foot and sum(foot_first.values()) >= 3:
        found.append(_pathway("foot_first", "possible", foot_first))
    if back and foot and sum(mechanical.values()) >= 3:
        found.append(_pathway("mechanical", "possible", mechanical))
    found.sort(key=lambda pathway: -int(str(pathway["points"])))
    found.sort(key=lambda pathway: pathway["certainty"] != "likely")

    names = [str(pathway["pathway"]) for pathway in found]
    if "nerve" in names and "mechanical" in names:
        link = "mixed"
    elif names:
        link = names[0]
    else:
        link = "none_found"

    # --- Section 2: urgency; no emergency rule can hold any more ---------------------------------

    same_day: list[str] = []
    two_weeks: list[str] = []
    routine: list[str] = []

    if "weeks" in (saddle, bladder, bowel, sexual, both_legs):
        same_day.append("U03")
    if weakness == "new" or weakness == "unsure":
        same_day.append("U05")
    if weakness == "longstanding":
        two_weeks.append("U06")
    if back and "fever" in unwell:
        same_day.append("U09")
    if (
        back
        and "infection_risk" in unwell
        and ("relentless" in unwell or "repeat_visits" in unwell)
    ):
        same_day.append("U10")
    if back and cancer_ever:
        same_day.append("U12")
    if "clumsy_hands" in cord_signs and ("unsteady" in cord_signs or "unsteady" in gait):
        two_weeks.append("U14")
    signs = 0
    if "weight_loss" in unwell:
        signs += 1
    if "relentless" in unwell:
        signs += 1
    if (
        back
        and age in ("45_59", "60_69", "70_plus")
        and back_duration in ("under_6_weeks", "6_to_12_weeks")
    ):
        signs += 1
    if signs >= 2:
        two_weeks.append("U15")
    if injury == "minor" and back and (age == "70_plus" or "thin_bones_steroids" in health):
        if back_severity >= 8 or below_the_knee:
            same_day.append("U17")
        else:
            two_weeks.append("U17")
    if injury == "pop":
        same_day.append("U18")
    if injury == "twist_cannot_walk":
        same_day.append("U19")
    if "calf_swelling" in limb_danger:
        same_day.append("U20")
    if wound_or_hot:
        same_day.append("U22")
    if "rest_pain_hang" in limb_danger:
        two_weeks.append("U23")
    if "rash_strip" in limb_danger:
        same_day.append("U24")
    if "squeeze_sore" in foot_load and (
        "load_jump" in foot_load or "rest_night" in foot_timing or "thin_bones_steroids" in health
    ):
        two_weeks.append("U25")
    if "lump_swelling" in foot_load and ("rest_night" in foot_timing or "constant" in foot_timing):
        two_weeks.append("U26")
    if "slap_trip" in gait and weakness == "no":
        two_weeks.append("U27")
    if toe_rise == "weaker_one_side" and down_the_leg:
        two_weeks.append("U28")
    if impact == "cannot" and (back_severity >= 8 or foot_severity >= 8):
        same_day.append("U29")
    if "pregnant" in health and back and ("fever" in unwell or back_severity >= 8):
        same_day.append("U30")
    if "fever" in unwell and not back:
        two_weeks.append("U31")
    if walking == "eased_standing_still":
        routine.append("U32")
    if found:
        routine.append("U33")
    if nerve_feeling_in_foot:
        routine.append("U34")
    if (
        back_duration == "over_12_weeks"
        or foot_duration == "over_12_weeks"
        or impact in ("a_lot", "cannot")
        or foot_care in ("short_relief", "no_help")
    ):
        routine.append("U35")

    if same_day:
        urgency = "same_day"
    elif two_weeks:
        urgency = "two_weeks"
    elif routine:
        urgency = "routine"
    else:
        urgency = "self_care"

    return {
        "asked": ask.asked,
        "urgency": urgency,
        "rules": sorted(same_day + two_weeks + routine) or ["U36"],
        "link": link,
        "pathways": found,
    }


def _pathway(name: str, certainty: str, items: dict[str, int]) -> dict[str, object]:
    return {
        "pathway": name,
        "certainty": certainty,
        "points": sum(items.values()),
        "items": list(items),
    }


def _emergency(ask: _Interview, *rules: str) -> dict[str, object]:
    return {
        "asked": ask.asked,
        "urgency": "emergency",
        "rules": list(rules),
        "link": "not_assessed",
        "pathways": [],
    }


def _out_of_scope(ask: _Interview) -> dict[str, object]:
    return {
        "asked": ask.asked,
        "urgency": "out_of_scope",
        "rules": [],
        "link": "not_assessed",
        "pathways": [],
    }


# --- Made-up people ------------------------------------------------------------------------------

# Section 1 once more, as lists to draw from: first the questions that take one answer.
ONE: dict[str, tuple[str, ...]] = {
    "age": ("under_18", "18_34", "35_44", "45_59", "60_69", "70_plus"),
    "saddle": ("no", "new", "weeks", "longstanding", "unsure"),
    "bladder": ("no", "new", "weeks", "longstanding", "unsure"),
    "bowel": ("no", "new", "weeks", "longstanding", "unsure"),
    "sexual": ("no", "new", "weeks", "longstanding", "unsure", "prefer_not"),
    "both_legs": ("no", "new", "weeks", "longstanding", "unsure"),
    "weakness": ("no", "hours", "new", "longstanding", "unsure"),
    "injury": ("none", "minor", "major", "pop", "twist_cannot_walk"),
    "back_side": ("left", "right", "middle", "both"),
    "back_duration": ("under_6_weeks", "6_to_12_weeks", "over_12_weeks"),
    "back_began": ("before_35", "35_to_44", "45_or_later"),
    "leg_reach": ("none", "thigh", "below_knee", "foot"),
    "leg_side": ("left", "right", "both"),
    "leg_line": (
        "outer_foot_sole_heel",
        "top_foot_big_toe",
        "inner_shin",
        "sock_both_feet",
        "unsure",
    ),
    "walking": ("no_effect", "eased_sitting_forward", "eased_standing_still", "not_eased"),
    "toe_rise": ("both_fine", "weaker_one_side", "pain_stops_me", "not_tried"),
    "foot_side": ("left", "right", "both"),
    "foot_place": (
        "under_heel",
        "arch",
        "back_of_heel",
        "inner_ankle",
        "ball_toes",
        "top_outer",
        "whole",
    ),
    "foot_duration": ("under_6_weeks", "6_to_12_weeks", "over_12_weeks"),
    "foot_care": ("nothing_yet", "helped", "short_relief", "no_help"),
    "gait_order": ("after_back", "after_foot", "unsure"),
    "order": ("back_first", "foot_first", "together", "unsure"),
    "impact": ("little", "some", "a_lot", "cannot"),
}

# Then those that take many, without their `none`, which excludes the others.
MANY: dict[str, tuple[str, ...]] = {
    "complaints": ("back", "leg", "foot"),
    "sudden_danger": (
        "chest",
        "collapse",
        "face_arm_speech",
        "cold_limb",
        "tight_swelling",
        "unsure",
    ),
    "unwell": (
        "fever",
        "very_ill",
        "infection_risk",
        "cancer_ever",
        "weight_loss",
        "relentless",
        "repeat_visits",
    ),
    "cord_signs": ("band", "unsteady", "clumsy_hands", "worsening"),
    "health": (
        "diabetes",
        "thin_bones_steroids",
        "inflammatory",
        "blood_thinner",
        "pregnant",
        "circulation",
    ),
    "limb_danger": ("calf_swelling", "hot_red", "wound", "rest_pain_hang", "rash_strip"),
    "back_pattern": (
        "worse_sitting_bending",
        "worse_cough_sneeze",
        "worse_standing_walking",
        "stiff_mornings",
        "better_moving",
        "wakes_second_half",
    ),
    "inflammatory_signs": (
        "buttock_pain",
        "nsaid_48h",
        "relative",
        "past_arthritis",
        "heel_not_load",
    ),
    "leg_feel": ("shooting", "burning", "tingling", "numb", "ache", "cramp_walking"),
    "foot_timing": (
        "first_steps",
        "after_rest",
        "end_of_day",
        "during_activity",
        "rest_night",
        "constant",
    ),
    "foot_feel": ("stabbing", "ache", "burning", "tingling", "numb"),
    "foot_load": ("load_jump", "squeeze_sore", "new_shoes_floor", "lump_swelling"),
    "gait": (
        "limp",
        "shorter_steps",
        "lean_away",
        "rolls_in",
        "avoid_heel",
        "slap_trip",
        "unsteady",
    ),
}

SCALES = ("back_severity", "foot_severity")

QUESTIONS: tuple[str, ...] = (*ONE, *MANY, *SCALES, "goal")
"""Every question's id, in no order that means anything."""


CALM: Sheet = {question: ["none"] for question in MANY} | {
    "age": "35_44",
    "complaints": ["back", "leg", "foot"],
    "saddle": "no",
    "bladder": "no",
    "bowel": "no",
    "sexual": "no",
    "both_legs": "no",
    "weakness": "no",
    "injury": "none",
    "back_side": "middle",
    "back_duration": "under_6_weeks",
    "back_began": "45_or_later",
    "back_severity": 7,
    "leg_reach": "none",
    "leg_side": "left",
    "leg_line": "unsure",
    "walking": "no_effect",
    "toe_rise": "both_fine",
    "foot_side": "right",
    "foot_place": "whole",
    "foot_duration": "under_6_weeks",
    "foot_severity": 7,
    "foot_care": "nothing_yet",
    "gait_order": "unsure",
    "order": "unsure",
    "impact": "little",
    "goal": "",
}
"""Every question answered, and no answer of weight: back, leg and foot, self-care."""


def full_sheet(rng: Random) -> Sheet:
    """Every question answered, every code equally likely: mostly children, emergencies and noise."""
    sheet: Sheet = {question: rng.choice(codes) for question, codes in ONE.items()}
    for question in MANY:
        sheet[question] = _ticks(rng, question, likely=0.4)
    for question in SCALES:
        sheet[question] = rng.randint(0, 10)
    sheet["goal"] = rng.choice(("", "Walk to the shop", "Treppen & <b>Gärten</b>"))
    return sheet


def well_sheet(rng: Random) -> Sheet:
    """Mostly well: nothing that ends the interview early, few flags, the rest as it comes."""
    sheet = full_sheet(rng)
    sheet["age"] = rng.choice(ONE["age"][1:])
    sheet["complaints"] = _some(rng, MANY["complaints"])
    sheet["sudden_danger"] = ["none"]
    for question in ("saddle", "bladder", "bowel", "sexual", "both_legs"):
        sheet[question] = _mostly(rng, "no", "weeks", "longstanding", "longstanding")
    sheet["weakness"] = _mostly(rng, "no", "longstanding", "new", "unsure")
    sheet["unwell"] = _ticks(rng, "unwell", likely=0.08, never=("very_ill",))
    sheet["cord_signs"] = _ticks(rng, "cord_signs", likely=0.08)
    sheet["health"] = _ticks(rng, "health", likely=0.15)
    sheet["injury"] = _mostly(rng, "none", "minor", "minor", "pop", "twist_cannot_walk")
    sheet["limb_danger"] = _ticks(rng, "limb_danger", likely=0.05)
    for question in ("foot_load", "gait"):
        sheet[question] = _ticks(rng, question, likely=0.2)
    return sheet


def calm_sheet(rng: Random) -> Sheet:
    """As calm as can be, but for one to three answers: here single rules and near misses show."""
    sheet = dict(CALM)
    sheet["age"] = rng.choice(ONE["age"][1:])
    sheet["complaints"] = _some(rng, MANY["complaints"])
    noise = full_sheet(rng)
    for question in rng.sample(QUESTIONS, rng.randint(1, 3)):
        sheet[question] = noise[question]
    return sheet


def near_emergency_sheet(rng: Random) -> Sheet:
    """One step to either side of an emergency: its ingredients, often with one of them missing."""
    sheet = well_sheet(rng)
    recipes: tuple[list[Sheet], ...] = (
        [{"sudden_danger": ["unsure"]}],
        [{rng.choice(("saddle", "bladder", "bowel", "sexual", "both_legs")): "new"}],
        [{rng.choice(("saddle", "bladder", "bowel", "sexual", "both_legs")): "unsure"}],
        [{"sexual": "prefer_not"}, {"both_legs": "longstanding"}],
        [{"weakness": "hours"}],
        [{"unwell": ["very_ill"]}],
        [
            {"complaints": ["back", "leg"]},
            {"weakness": rng.choice(("new", "unsure", "longstanding"))},
            {"unwell": [rng.choice(("fever", "infection_risk", "very_ill")), "relentless"]},
        ],
        [
            {"complaints": _some(rng, MANY["complaints"])},
            {"unwell": ["cancer_ever"]},
            {"cord_signs": _ticks(rng, "cord_signs", likely=0.4)},
        ],
        [
            {"complaints": rng.choice((["back"], ["leg"], ["foot"]))},
            {"cord_signs": [rng.choice(("band", "unsteady", "clumsy_hands")), "worsening"]},
        ],
        [{"injury": rng.choice(("major", "minor"))}, {"age": "70_plus"}],
        [
            {"limb_danger": [rng.choice(("wound", "hot_red", "calf_swelling"))]},
            {"health": ["diabetes", "circulation"]},
            {"unwell": ["fever"]},
            {"complaints": rng.choice((["foot"], ["leg", "foot"], ["back"]))},
        ],
        [{"age": "under_18"}],
        [{"complaints": ["none"]}],
    )
    for ingredient in rng.choice(recipes):
        if rng.random() < 0.85:
            sheet |= ingredient
    return sheet


def nerve_sheet(rng: Random) -> Sheet:
    """Around the thresholds of the nerve pathway."""
    sheet = well_sheet(rng)
    sheet["leg_reach"] = rng.choice(("thigh", "below_knee", "below_knee", "foot", "foot"))
    sheet["leg_feel"] = _ticks(rng, "leg_feel", likely=0.25)
    sheet["leg_line"] = rng.choice(ONE["leg_line"])
    sheet["back_pattern"] = _ticks(rng, "back_pattern", likely=0.25)
    sheet["foot_timing"] = _ticks(rng, "foot_timing", likely=0.3)
    sheet["foot_feel"] = _ticks(rng, "foot_feel", likely=0.2)
    sheet["walking"] = rng.choice(ONE["walking"])
    sheet["toe_rise"] = _mostly(rng, "both_fine", "weaker_one_side", "not_tried")
    return sheet


def back_and_foot_sheet(rng: Random) -> Sheet:
    """Back and foot together: around the thresholds of mechanical and foot first."""
    sheet = well_sheet(rng)
    sheet["complaints"] = rng.choice((["back", "foot"], ["back", "leg", "foot"]))
    sheet["leg_reach"] = rng.choice(ONE["leg_reach"])
    sheet["gait"] = _ticks(rng, "gait", likely=0.25)
    sheet["foot_place"] = rng.choice(("under_heel", "arch", "under_heel", "back_of_heel"))
    sheet["foot_timing"] = _ticks(rng, "foot_timing", likely=0.3)
    return sheet


def systemic_sheet(rng: Random) -> Sheet:
    """Long back pain in a young person: around the thresholds of the systemic pathway."""
    sheet = well_sheet(rng)
    sheet["complaints"] = ["back", *_some(rng, ("leg", "foot"))]
    sheet["age"] = rng.choice(("18_34", "35_44", "35_44", "45_59", "60_69"))
    sheet["back_duration"] = _mostly(rng, "over_12_weeks", "6_to_12_weeks")
    sheet["back_began"] = rng.choice(ONE["back_began"])
    sheet["back_pattern"] = _ticks(rng, "back_pattern", likely=0.35)
    sheet["inflammatory_signs"] = _ticks(rng, "inflammatory_signs", likely=0.25)
    sheet["health"] = _ticks(rng, "health", likely=0.25)
    return sheet


def diabetic_sheet(rng: Random) -> Sheet:
    """Diabetes with feet or a leg that may or may not fit it."""
    sheet = well_sheet(rng)
    sheet["health"] = ["diabetes", *_some(rng, ("circulation", "inflammatory"))]
    sheet["complaints"] = rng.choice((["foot"], ["leg", "foot"], ["back", "foot"], ["leg"]))
    sheet["foot_side"] = _mostly(rng, "both", "left")
    sheet["foot_feel"] = _ticks(rng, "foot_feel", likely=0.3)
    sheet["leg_reach"] = rng.choice(ONE["leg_reach"])
    sheet["leg_line"] = _mostly(rng, "sock_both_feet", "unsure", "inner_shin")
    return sheet


KINDS: tuple[Callable[[Random], Sheet], ...] = (
    well_sheet,
    calm_sheet,
    near_emergency_sheet,
    nerve_sheet,
    back_and_foot_sheet,
    systemic_sheet,
    diabetic_sheet,
    full_sheet,
)
"""The kinds of made-up people. Each answers every question, in valid codes."""


def random_sheet(rng: Random) -> Sheet:
    """A complete, valid sheet of a person of any kind; the same generator state, the same sheet."""
    return rng.choice(KINDS)(rng)


def _ticks(rng: Random, question: str, likely: float, never: tuple[str, ...] = ()) -> list[str]:
    ticked = [code for code in MANY[question] if code not in never and rng.random() < likely]
    return ticked or ["none"]


def _some(rng: Random, codes: tuple[str, ...]) -> list[str]:
    chosen = rng.sample(codes, rng.randint(1, len(codes)))
    return [code for code in codes if code in chosen]


def _mostly(rng: Random, usual: str, *others: str) -> str:
    return usual if rng.random() < 0.75 else rng.choice(others)
