"""What the kernel tells of a running program and of the processes that it has started."""

import os
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")

_PROC = Path("/proc")


def processor(pid: int) -> tuple[float, float]:
    """Seconds of processor time so far: of the program's own, of the kernel's.

    All threads count, and all processes that it has started, also those that have ended.
    """
    fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    user, system, ended_user, ended_system = (int(field) / TICKS for field in fields[11:15])
    user, system = user + ended_user, system + ended_system
    for child in children(pid):
        try:
            more = processor(child)
        except OSError:
            continue  # it has ended in the meantime, and is among those that have
        user, system = user + more[0], system + more[1]
    return user, system


def peak_memory(pid: int) -> float:
    """The most memory that a process ever had, in MB, without those that it has started."""
    status = (_PROC / str(pid) / "status").read_text(encoding="utf-8")
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
    return int(line.split()[1]) / 1024 if line else 0.0


def children(pid: int) -> Iterator[int]:
    """The processes that it has started and that run."""
    for thread in (_PROC / str(pid) / "task").iterdir():
        try:
            yield from map(int, (thread / "children").read_text(encoding="utf-8").split())
        except OSError:
            continue  # the thread has ended in the meantime
