"""The properties that the protocol must have: an id that stays, and a plain sentence.

The hazard log and the documentation refer to them by id, so an id is never given to something else.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its id and what it says in plain words."""

    id: str
    sentence: str


PROPERTIES = (
    Property(
        "emergency_always_wins",
        "Every emergency condition ends in emergency, whatever else is answered.",
    ),
    Property(
        "emergency_at_once",
        "An emergency ends the interview at the first question that makes it true, and no later "
        "answer could undo it.",
    ),
    Property(
        "emergency_alone",
        "No pathway, no link and no lesser rule is ever given with an emergency.",
    ),
    Property(
        "out_of_scope_before_danger",
        "Only an answer about age or complaints ends the interview as out of scope, and then "
        "nothing about safety was asked.",
    ),
    Property(
        "safety_yes_never_lowers",
        "Turning a safety answer from no or none to any other never lowers the urgency.",
    ),
    Property(
        "safety_tick_never_lowers",
        "Ticking one more answer of a safety question never lowers the urgency.",
    ),
    Property(
        "any_tick_never_lowers",
        "Ticking one more answer of any question never lowers the urgency, but for the listed ones.",
    ),
    Property(
        "unsure_counts_as_yes",
        "Being unsure about a safety question is never less urgent than saying that it is new.",
    ),
    Property(
        "newer_is_never_lower",
        "Of one sign, new is never less urgent than weeks, nor weeks than longstanding.",
    ),
    Property(
        "severity_never_lowers",
        "More pain on a 0-10 scale never lowers the urgency.",
    ),
    Property(
        "highest_rule_wins",
        "The urgency is never below what any single rule that holds gives.",
    ),
    Property(
        "self_care_only_alone",
        "Self-care is given only where no other rule holds and no pathway is found.",
    ),
    Property(
        "weak_flags_stay_weak",
        "Night pain, age, a bladder complaint unchanged for years, one-sided leg pain, pain on "
        "coughing and severity, where nothing else was told, never lead beyond routine.",
    ),
    Property(
        "both_complaints_for_a_link",
        "The pathways mechanical and foot_first are never found without both back and foot pain.",
    ),
    Property(
        "count_only_where_allowed",
        "The count of inflammatory signs is used only where back pain lasts over 12 weeks and "
        "began before 45.",
    ),
    Property(
        "link_fits_pathways",
        "The link names a pathway that was found, mixed where both of its pathways were, and "
        "none_found only where none was.",
    ),
    Property(
        "likely_only_where_carried",
        "Only the pathways nerve and systemic are ever called likely.",
    ),
    Property(
        "concerns_reach_their_level",
        "The answers that a typed concern stands for reach its level, whatever else is answered.",
    ),
    Property("no_rule_impossible", "Every rule can hold."),
    Property(
        "no_rule_redundant",
        "Every rule decides the urgency of somebody whom no other rule would send as soon.",
    ),
    Property("no_item_impossible", "Every term of every pathway item can count."),
    Property(
        "no_item_redundant",
        "Every pathway item changes for somebody whether a pathway is found, or how surely.",
    ),
    Property(
        "no_code_idle",
        "Every answer that a rule names decides somebody's urgency, but for the listed ones.",
    ),
    Property(
        "no_undefined_reading",
        "No condition reads an answer that cannot have been given yet, and no plain comparison "
        "is true of a question that was not asked.",
    ),
    Property(
        "always_one_outcome",
        "Every complete sheet of answers ends in exactly one of emergency, out of scope or a "
        "result with an urgency.",
    ),
    Property(
        "machine_moves_as_computed",
        "The machine of the conversation moves exactly to the position computed from the answers, "
        "from every explored state.",
    ),
)


def property_ids() -> tuple[str, ...]:
    """The ids of all properties, for documents that refer to them."""
    return tuple(one.id for one in PROPERTIES)
