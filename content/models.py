"""All words of one language, as its files hold them."""

from typing import Any

from content.words.concerns import ConcernsFile
from content.words.interface import InterfaceFile
from content.words.later import LaterFile
from content.words.paper import PaperFile
from content.words.pictures import PicturesFile
from content.words.questions import QuestionsFile, QuestionWords
from content.words.results import ResultsFile
from content.words.sharing import SharingFile
from content.words.staff import StaffFile
from content.words.texts import Words


class Content(Words):
    """All words of one language."""

    code: str
    questions: QuestionsFile
    results: ResultsFile
    interface: InterfaceFile
    pictures: PicturesFile
    paper: PaperFile
    staff: StaffFile
    sharing: SharingFile
    later: LaterFile
    concerns: ConcernsFile

    def question(self, id: str) -> QuestionWords:
        """The words of one question."""
        return self.questions.questions[id]

    def list_of(self, pieces: Any) -> str:
        """Words joined as a list: "a, b and c"."""
        words_ = list(pieces)
        if len(words_) < 2:
            return "".join(words_)
        language = self.interface.language
        return f"{language.list_separator.join(words_[:-1])} {language.and_} {words_[-1]}"
