"""Numbers in words: how bad from 0 to 10, how old, how long."""

import re
from dataclasses import dataclass

from bot.dialogue.matching import all_ours, normal
from content.models import Content
from content.words.questions import QuestionWords
from flows.models import SCALE_MAX

_NUMBER = re.compile(r"(?<!\w)\d{1,6}(?:[.,]\d{1,3})?(?!\w)")
_OUT_OF = re.compile(r"\s*/\s*10\b")
_NEGATIVE = re.compile(r"(?<![\w\d])[-−–]\s*\d")
_RANGE = re.compile(r"(\d)\s*[-–−]\s*(?=\d)")
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": 52 / 12, "year": 52.0}


@dataclass(frozen=True, slots=True)
class Measured:
    """A number, or the code of an answer, and whether nothing else was said."""

    value: str
    sure: bool


def on_scale(text: str, words: QuestionWords, content: Content) -> Measured | None:
    """A number from 0 to 10 ("seven", "7/10", "about 6"). Of several, and of halves, the higher."""
    numbers, others = _numbers(_without_ten(text, content), content)
    if not numbers:
        for end, value in ((words.low, 0), (words.high, SCALE_MAX)):
            if end is not None and _bare(text, content) == _bare(end, content):
                return Measured(str(value), sure=False)
        return None
    if any(number > SCALE_MAX for number in numbers) or _denied(others, content):
        return None
    highest = max(numbers)
    value = int(highest) + (highest > int(highest))
    return Measured(str(value), sure=len(numbers) == 1 and value == highest and not others)


def in_range(text: str, words: QuestionWords, content: Content) -> Measured | None:
    """The answer whose years or weeks a number falls into ("I am 47", "about 3 weeks")."""
    options = words.options.items()
    units = content.interface.units
    typed = set(normal(text).split())
    said = {unit for unit, names in units if not typed.isdisjoint(all_ours(names))}
    if any(option.weeks for _, option in options) and len(said) == 1:
        (unit,) = said
        numbers, others = _numbers(text, content)
        others = [word for word in others if word not in all_ours(getattr(units, unit))]
        if not numbers and not others:
            numbers = [1.0]  # "a week"
        for code, option in options:
            if len(numbers) == 1 and option.weeks is not None:
                low, high = option.weeks
                if low <= numbers[0] * _WEEKS[unit] <= high:
                    return Measured(code, sure=not others)
        return None
    if any(option.years for _, option in options):
        numbers, others = _numbers(text, content)
        others = [word for word in others if word not in all_ours(units.year)]
        for code, option in options:
            if len(numbers) == 1 and option.years is not None:
                low, high = option.years
                if low <= numbers[0] <= high:
                    return Measured(code, sure=not others)
    return None


def counted(text: str, content: Content) -> int | None:
    """The number that is meant by a number word alone ("two", "the second one")."""
    if any(letter.isdecimal() for letter in text):
        return None
    numbers, others = _numbers(text, content)
    return int(numbers[0]) if len(numbers) == 1 and not others else None


def _numbers(text: str, content: Content) -> tuple[list[float], list[str]]:
    """The numbers of a text, and its other words, without small ones."""
    if _NEGATIVE.search(text):
        return [], normal(text).split()
    spread = _RANGE.sub(r"\1 ", text)
    numbers = [float(found.replace(",", ".")) for found in _NUMBER.findall(spread)[:9]]
    small = all_ours((*content.interface.fillers, content.interface.language.and_))
    by_word = {
        normal(word): value
        for value, words in enumerate(content.interface.numbers)
        for word in words
    }
    others = []
    for word in normal(_NUMBER.sub(" ", spread)).split():
        if word in by_word:
            numbers.append(float(by_word[word]))
        elif word not in small:
            others.append(word)
    return numbers, others


def _without_ten(text: str, content: Content) -> str:
    bare = _OUT_OF.sub(" ", text.casefold())
    for words in content.interface.out_of_ten:
        bare = re.sub(rf"\b{re.escape(words)}\b", " ", bare)
    return bare


def _bare(text: str, content: Content) -> list[str]:
    small = all_ours(content.interface.fillers)
    return [word for word in normal(text).split() if word not in small]


def _denied(others: list[str], content: Content) -> bool:
    return not all_ours(content.interface.negations).isdisjoint(others)
