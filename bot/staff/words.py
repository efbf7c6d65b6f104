"""The words that staff read, in the language of their clinic."""

from __future__ import annotations

from collections.abc import Mapping

from content.models import Content


class StaffWords:
    """The words of every language; ``default`` is for a clinic whose language is not spoken."""

    def __init__(self, contents: Mapping[str, Content], default: str) -> None:
        self._contents = contents
        self._default = default
        self.languages = {code: words.interface.language.name for code, words in contents.items()}

    def content(self, language: str | None) -> Content:
        """The texts of a language, given as a code or as Telegram's hint (``pt-br``)."""
        code = (language or "").replace("_", "-").split("-")[0].lower()
        return self._contents.get(code) or self._contents[self._default]
