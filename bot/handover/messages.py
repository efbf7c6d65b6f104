"""What a clinic's webhook is sent, as JSON.

``{"type": "intake.created", "timestamp": "…", "data": {the intake}}``, or, when a patient took it
back, ``{"type": "intake.withdrawn", "timestamp": "…", "data": {"id": "…", "reference": "…"}}``.
The body of one delivery is the same at every attempt, byte for byte.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.store.clinic_contract import Delivery, Json, Task

CREATED, WITHDRAWN = "intake.created", "intake.withdrawn"


def message_of(delivery: Delivery) -> bytes:
    """The body that a delivery brings.

    Raises:
        ValueError: the intake is gone, so that there is nothing to bring any more.
    """
    if delivery.task is Task.WITHDRAWAL:
        data: Json = {"id": delivery.intake, "reference": delivery.reference}
        return _message(WITHDRAWN, datetime.fromtimestamp(delivery.queued_at, UTC), data)
    if delivery.body is None:
        raise ValueError("the intake is gone")
    return _message(CREATED, datetime.fromisoformat(delivery.body["created_at"]), delivery.body)


def _message(kind: str, at: datetime, data: Json) -> bytes:
    body = {"type": kind, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
