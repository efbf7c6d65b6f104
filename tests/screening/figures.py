"""The figures of the lists, as they come out now: `python -m tests.screening.figures`."""

import sys
import time
from statistics import mean, median

from tests.screening.making import SCREENING, UNSEEN, WORKED, language_of, messages_of


def main() -> None:
    """A line for each list, and how long a message takes that was never seen before."""
    taken = []
    for file in (*WORKED, *UNSEEN):
        caught, calm = messages_of(file)
        languages = (language_of(file),)
        raised = []
        for sentence in (*(said for _, said in caught), *calm):
            before = time.perf_counter()
            raised.append(SCREENING.screen(sentence, languages) is not None)
            taken.append(time.perf_counter() - before)
        found, alarmed = sum(raised[: len(caught)]), sum(raised[len(caught) :])
        sys.stdout.write(
            f"{file.parent.name}/{file.stem:12}  caught {found:4} of {len(caught):4} {found / len(caught):7.1%}   "
            f"asked about {alarmed:3} of {len(calm):4} look-alikes {alarmed / len(calm):7.1%}\n"
        )
    ordered = sorted(taken)
    sys.stdout.write(
        f"{len(taken)} messages, each seen for the first time: median {median(taken) * 1e3:.2f} ms, "
        f"mean {mean(taken) * 1e3:.2f} ms, 99 of 100 within {ordered[len(taken) * 99 // 100] * 1e3:.2f} ms\n"
    )


if __name__ == "__main__":
    main()
