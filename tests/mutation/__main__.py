"""`make mutate`: exit status 1 if an altered protocol survives or docs/proof.md lags behind."""

import sys

from tests.mutation.trial import SURVIVED, told, try_all
from tests.proof_page import PAGE, mutated


def main() -> int:
    verdicts = try_all()
    lines = list(told(verdicts))
    sys.stdout.write("\n".join(lines) + "\n")
    if mutated(lines) not in PAGE.read_text(encoding="utf-8"):
        sys.stderr.write("docs/proof.md lags behind: python -m tests.proof_page\n")
        return 1
    return 1 if any(verdict.kind == SURVIVED for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
