"""What is known of the protocol as it stands: exceptions from its properties, each with its reason.

The proofs show that these are exceptions and that there are no others.
"""

from typing import Final

LOWERING_TICKS: Final[dict[tuple[str, str], str]] = {}

IDLE_CODES: Final[dict[tuple[str, str, str], str]] = {}
