"""Emergency phrases in what people type (see `Screening`)."""

from bot.screening.packaged import Figures, figures, load_screening, wrong_examples
from bot.screening.screening import Raised, Screening

__all__ = ["Figures", "Raised", "Screening", "figures", "load_screening", "wrong_examples"]
