"""Work on a database that does not know which one: a generator of statements.

It yields a statement with its values and is given the rows that came back. So what has to happen
in one transaction is written down once, and each store runs it in its own way: the embedded one in
the thread that writes, PostgreSQL over the network.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Row: TypeAlias = Sequence[Any]
Statement: TypeAlias = tuple[str, tuple[object, ...]]
"""A statement with places ``$1``, ``$2``, … and what goes there."""

Work: TypeAlias = Generator[Statement, list[Row], T]


def ask(statement: str, *values: object) -> Work[list[Row]]:
    """Run one statement; the rows it gives."""
    return (yield statement, values)


def ask_one(statement: str, *values: object) -> Work[Row | None]:
    """Run one statement; its first row, if there is one."""
    rows = yield statement, values
    return rows[0] if rows else None
