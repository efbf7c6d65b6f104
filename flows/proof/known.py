"""What is known of the protocol as it stands: exceptions from its properties, each with its reason.

The proofs show that these are exceptions and that there are no others.
"""

from typing import Final

LOWERING_TICKS: Final[dict[tuple[str, str], str]] = {
    ("foot_timing", "first_steps"): (
        "Pain at the first steps speaks for the heel itself, so rest or constant pain no longer "
        "counts for the nerve (N7); only from routine to self-care, never from anything sooner."
    ),
}
"""Ticks that can lower the urgency: question and code, with the clinical reason."""

IDLE_CODES: Final[dict[tuple[str, str, str], str]] = {
    ("U08", "weakness", "hours"): (
        "Weakness that came within hours has already ended the interview by U04, before the "
        "question that U08 waits for; the rule keeps the code so that it reads whole."
    ),
    ("U30", "unwell", "fever"): (
        "Fever with back pain is the same day by U09 for everybody; U30 names it so that a "
        "pregnant patient is told why it matters to her."
    ),
}
"""Answers that a rule names and that decide nobody's urgency: rule, question, code, reason."""
