"""The program with a wall clock that can be set: ``python -m tests.faults.shifted FILE run``.

FILE holds the seconds by which the clock is wrong. What measures how long something takes does not
see that, as on a real machine.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

FILE = Path(sys.argv[1])


def _shifted(real: float) -> float:
    return real + float(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    # Before anything of the program is loaded, and so before it can have taken the real one.
    real = time.time
    time.time = lambda: _shifted(real())

    from bot.commands.line import main

    sys.exit(main(sys.argv[2:]))
