"""The command line: `plumbline …` or `python -m bot …`."""

import sys

from bot.building import building_up


def main() -> int:
    """Load the program and run one command."""
    with building_up():
        # Only here, so that its modules count as built up.
        from bot.commands import line  # noqa: PLC0415
    return line.main()


if __name__ == "__main__":
    sys.exit(main())
