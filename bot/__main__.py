"""The command line: `plumbline …` or `python -m bot …`."""

import os
import sys

from bot.building import building_up


def main() -> int:
    """Load the program and run one command."""
    # Nothing that happens to be installed has a say in what is read, nor is it looked for.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with building_up():
        # Only here, so that its modules count as built up.
        from bot.commands import line  # noqa: PLC0415
    return line.main()


if __name__ == "__main__":
    sys.exit(main())
