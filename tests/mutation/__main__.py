"""`make mutate`: exit status 1 if an altered protocol survives."""

import sys

from tests.mutation.trial import SURVIVED, told, try_all


def main() -> int:
    verdicts = try_all()
    for line in told(verdicts):
        print(line)
    return 1 if any(verdict.kind == SURVIVED for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
