"""Building up what stays as long as the program: modules, the flow, words, machines."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def building_up() -> Iterator[None]:
    """Without garbage collection, and what there is at its end is never looked through again.

    Hundreds of thousands of objects are made that all stay: to look through them for garbage took a
    sixth of the time to start, and much of every later search. Not for what is thrown away again.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
