"""The fingerprint of the words of one language: what tells this wording from every other."""

from importlib.resources.abc import Traversable

from content.loader import packaged_content
from content.weights import WEIGHTS, weights_text
from flows.fingerprint import fingerprint
from flows.loader import read_document

NOT_SPOKEN = frozenset(("book.yaml", "phrase_examples.yaml"))
"""Files of a language that no patient ever sees and no message of a patient is held against."""


def words_fingerprint(code: str, folder: Traversable | None = None) -> str:
    """The SHA-256, as 64 hex digits, of everything that is said, or listened for, in a language.

    Layout, comments and the order of keys change nothing; any other letter does.
    """
    source = (folder if folder is not None else packaged_content()) / code
    files = sorted(
        entry.name
        for entry in source.iterdir()
        if entry.name.endswith(".yaml") and entry.name not in NOT_SPOKEN
    )
    texts = {name: read_document(source, name).data for name in files}
    return fingerprint({**texts, WEIGHTS: weights_text(code, folder)})
