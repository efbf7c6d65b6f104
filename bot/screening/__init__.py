"""Emergency phrases in what people type (see `Screening`)."""

from bot.screening.packaged import load_screening, wrong_examples
from bot.screening.screening import Raised, Screening

__all__ = ["Raised", "Screening", "load_screening", "wrong_examples"]
