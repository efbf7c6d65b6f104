"""The command line: `plumbline …` or `python -m bot …`."""

import sys

from bot.commands.line import main

if __name__ == "__main__":
    sys.exit(main())
