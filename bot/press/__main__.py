"""The process that sets: reads orders from standard input and answers on standard output.

An order is a line of JSON. The answer is a line of JSON with the size of what was made, which
follows, or with the type of the error. It ends when its standard input does, with whoever started
it.
"""

import json
import signal
import sys
from typing import BinaryIO

from bot.press.orders import LIMIT
from bot.typesetting import typeset


def main() -> None:
    """Set what is ordered until nobody can order any more."""
    # Who started it is asked to stop and gives the last word: its end closes our standard input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        # Should it hang when nobody is left to end it, it ends by itself.
        signal.alarm(int(2 * LIMIT))
        _answer(line, sys.stdout.buffer)
        signal.alarm(0)


def _answer(line: bytes, out: BinaryIO) -> None:
    order = json.loads(line)
    template = order.pop("template").encode()
    data = order.pop("data")
    try:
        made = typeset(template, data, **order)
    except RuntimeError as error:
        # No word of the text: what was to be set may stand in it.
        out.write(json.dumps({"error": type(error).__name__}).encode() + b"\n")
    else:
        out.write(json.dumps({"size": len(made)}).encode() + b"\n")
        out.write(made)
    out.flush()


if __name__ == "__main__":
    main()
