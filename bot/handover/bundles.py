"""What a FHIR server is sent for a delivery."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from bot.fhir.bundle import bundle_of
from bot.fhir.withdrawal import withdrawal_of
from bot.intake.intake import Intake
from bot.store.clinic_contract import Delivery, Json, Task
from content.models import Content
from flows.models import Flow


class FhirBundles:
    """Makes the Bundle of a delivery, in the words of the languages there are."""

    def __init__(self, flow: Flow, contents: Mapping[str, Content], default: str) -> None:
        self._flow = flow
        self._contents = contents
        self._default = default

    def __call__(self, delivery: Delivery, language: str) -> Json:
        """The Bundle, for a clinic of this language.

        Raises:
            ValueError: the intake is gone, or cannot be read by this version.
        """
        if delivery.task is Task.WITHDRAWAL:
            content = self._contents.get(language) or self._contents[self._default]
            words = content.staff.post.withdrawn_text.fill(reference=delivery.reference)
            return withdrawal_of(UUID(delivery.intake), delivery.reference, words.plain())
        return bundle_of(Intake.from_json(delivery.body or {}), self._flow, self._contents)
