"""That a patient took an intake back, as a FHIR R4 transaction Bundle.

What was created from the intake is deleted, by the identifiers that follow from its id, and its
request is cancelled. The Patient is left: by now it may be the clinic's own record.
"""

from typing import Final
from uuid import UUID, uuid5

from bot.fhir.bundle import REFERENCES, URI
from bot.fhir.terms import Resource

_CREATED: Final = (
    ("QuestionnaireResponse", "answers"),
    ("QuestionnaireResponse", "follow_up"),
    ("Observation", "urgency"),
    ("Observation", "link"),
)


def withdrawal_of(intake: UUID, reference: str, words: str) -> Resource:
    """The Bundle that takes an intake back; sent twice it changes nothing more.

    ``words`` say that the patient took it back, in the clinic's language. It needs a server that
    deletes and updates by condition.
    """

    def matching(kind: str, name: str) -> str:
        return f"{kind}?identifier={URI}|{uuid5(intake, name).urn}"

    request = uuid5(intake, "request").urn
    task: Resource = {
        "resourceType": "Task",
        "identifier": [
            {"system": URI, "value": request},
            {"system": REFERENCES, "value": reference},
        ],
        "status": "cancelled",
        "statusReason": {"text": words},
        "intent": "proposal",
    }
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            *(
                {"request": {"method": "DELETE", "url": matching(kind, name)}}
                for kind, name in _CREATED
            ),
            {
                "fullUrl": request,
                "resource": task,
                "request": {"method": "PUT", "url": matching("Task", "request")},
            },
        ],
    }
