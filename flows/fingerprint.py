"""Fingerprints: what tells one protocol, and one set of words, from every other.

A fingerprint is the SHA-256, as 64 hex digits, of the data as it was read, written as canonical
JSON. How a file is laid out, its comments and the order of its keys change nothing; any other
question, option, condition, rule, point, threshold, source or concern does. A sign-off names the
fingerprint that was read, an intake the one that was run.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from flows.concerns import Concern
from flows.grammar import write
from flows.models import Flow

SHORT = 12
"""Hex digits of a fingerprint that people compare by eye."""


def protocol_fingerprint(flow: Flow, concerns: Iterable[Concern]) -> str:
    """The fingerprint of a whole protocol: its flow and what typed words can raise."""
    return fingerprint(
        {
            "flow": _canonical(flow.model_dump(mode="python")),
            "definitions": {name: write(part) for name, part in flow.definitions.items()},
            "concerns": [concern.model_dump(mode="json") for concern in concerns],
        }
    )


def fingerprint(data: Any) -> str:
    """The SHA-256 of JSON data, the same for equal data in every process and version of Python."""
    text = json.dumps(
        _canonical(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return sha256(text.encode("utf-8")).hexdigest()


def short(full: str) -> str:
    """The beginning of a fingerprint, in groups of four: enough to compare by eye, never to sign."""
    start = full[:SHORT]
    return " ".join(start[at : at + 4] for at in range(0, SHORT, 4))


def _canonical(data: Any) -> Any:
    """Plain JSON data. Sets have no order of their own, so their members are sorted."""
    if isinstance(data, dict):
        return {str(key): _canonical(value) for key, value in data.items()}
    if isinstance(data, frozenset | set):
        return sorted(str(value) for value in data)
    if isinstance(data, list | tuple):
        return [_canonical(value) for value in data]
    return data
