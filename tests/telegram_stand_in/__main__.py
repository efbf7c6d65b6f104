"""The stand-in in a process of its own: prints its port, then serves until it is ended."""

import argparse
import asyncio
import contextlib
import signal
import sys

from .control import Control
from .server import TOKEN, StandIn


async def _serve(arguments: argparse.Namespace) -> None:
    stand_in = StandIn(
        arguments.token, calls_kept=arguments.calls_kept, webhook_via=arguments.webhook_via
    )
    stand_in.control = Control(stand_in).answer
    await stand_in.start(arguments.port)
    sys.stdout.write(f"{stand_in.port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(kind, ended.set)
    await ended.wait()
    await stand_in.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_stand_in", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--token", default=TOKEN, help="the only token that is let in")
    parser.add_argument("--calls-kept", type=int, default=1000, help="calls the log keeps")
    parser.add_argument("--webhook-via", help="origin that stands for the webhook's public one")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
