"""Whether what was found is meant: so, now, and of the person who writes.

Here every word counts. Each check looks at one sentence and its neighbours only, and in doubt it
lets the concern stand: a question asked too much is better than an emergency missed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from bot.screening.matching import Hits, Match, Span
from bot.screening.normal import COMMA, SENTENCE

_NEGATION_REACH, _LIST_REACH = 5, 12
"""Words between a negation and what it denies; the longer reach is for lists ("no …, … or …")."""

_NEGATIONS = (
    ("negation", _NEGATION_REACH),
    ("negation_of_lists", _LIST_REACH),
    ("denied_feelings", _LIST_REACH),
)

DENIALS = tuple(name for name, _ in _NEGATIONS)
"""The scopes that deny what follows."""

_SCOPE = 30
"""Words to either side that are looked at; sentences without any stop can be endless."""

_DOUBT_REACH, _RESOLVED_REACH, _SUPPOSED_REACH = 8, 7, 8

_REFUSED_REACH = 2
"""Words before something harmless within which a denial belongs to it."""


class Scopes:
    """The scope words of one message, and what they do to a match.

    A match is given in places of words, part by part. Words inside a part belong to it and are no
    scope words ("can't feel" denies nothing). `denials` are the places of single denying words.
    """

    def __init__(
        self,
        hits: Hits,
        names: Mapping[str, int],
        pauses: Sequence[int],
        denials: Container[int],
    ) -> None:
        self._denials = denials
        self._found = hits
        self._names = names
        self._pauses = pauses
        self._sentences = [0, *(p for p, pause in enumerate(pauses) if p and pause == SENTENCE)]
        self._lists: dict[str, list[Span]] = {}

    def silences(self, match: Match, *, history: bool, passing: bool) -> bool:
        """Whether the match is denied, over, of somebody else or only talked about."""
        start, end = match[0][0], max(last for _, last in match)
        start = min(first for first, _ in match)
        if self._denied(match, start, end, turning=not history):
            return True
        if self._of_others(match, start, end):
            return True
        if not history and self._past(match, start, end, passing=passing):
            return True
        return self._only_talk(match, start, end)

    def is_new(self, match: Match) -> bool:
        """Whether something about it is said to be new or worse."""
        start, end = min(first for first, _ in match), max(last for _, last in match)
        return self._recent(match, start, end)

    def is_denied(self, cause: Span, match: Match) -> bool:
        """Whether the harmless cause of a match is itself denied ("I have no cough").

        What denies in the match itself does not ("cannot hold it when I cough").
        """
        first, last = cause
        if self._negated((cause, *match), first, last, turning=False):
            return True
        if any(before[1] == first for before in self._hits("inability", first - 3, first)):
            return True
        return any(
            self._outside(match, span)
            for name, _ in _NEGATIONS
            for span in self._hits(name, first + 1, last)
        )

    def together(self, match: Match, spans: Sequence[Span]) -> bool:
        """Whether one of some spans is said in one breath with every part of a match."""
        return any(all(self._one_clause(part, span) for part in match) for span in spans)

    def _one_clause(self, part: Span, span: Span) -> bool:
        if span[0] < part[1] and part[0] < span[1]:
            return True
        first, last = (part[1], span[0]) if span[0] >= part[1] else (span[1], part[0])
        return not self._starts_anew(first, last, unless="causes")

    def in_one_breath(self, match: Match) -> bool:
        """Whether nothing starts anew between the parts of a match, and no pause is made in one."""
        if any(self._pauses[place] for first, last in match for place in range(first + 1, last)):
            return False
        return not any(
            self._starts_anew(before[1], after[0], unless="causes")
            for before, after in pairwise(sorted(match))
        )

    def no_excuse(self, span: Span) -> bool:
        """Whether what sounds harmless is a greeting or a question ("ok so", "is that normal?")."""
        return any(last > span[0] for _, last in self._hits("no_excuse", span[0] - 4, span[1]))

    def refused(self, span: Span) -> bool:
        """Whether a denial stands right before a span ("cannot | control it well")."""
        for place in range(span[0] - 1, max(-1, span[0] - 1 - _REFUSED_REACH), -1):
            if self._pauses[place + 1]:
                return False
            if place in self._denials:
                return True
        return False

    def sentence(self, place: int) -> Span:
        """The sentence around a word, cut short where it does not end."""
        number = bisect_right(self._sentences, place) - 1
        first = self._sentences[number]
        last = self._sentences[number + 1] if number + 1 < len(self._sentences) else self._size
        return max(first, place - _SCOPE), min(last, place + _SCOPE)

    @cached_property
    def _size(self) -> int:
        return len(self._pauses)

    def _hits(self, name: str, first: int, last: int) -> list[Span]:
        """The hits of a scope list that begin at or after `first` and before `last`."""
        spans = self._lists.get(name)
        if spans is None:
            spans = sorted(self._found.get(self._names[name], {}).items())
            self._lists[name] = spans
        return spans[bisect_left(spans, (first, 0)) : bisect_left(spans, (last, 0))]

    def _stands(self, name: str, place: int) -> int:
        """Where a hit of a scope list that begins here ends; 0 if there is none."""
        return self._found.get(self._names[name], {}).get(place, 0)

    def _outside(self, match: Match, span: Span) -> bool:
        return all(span[1] <= first or span[0] >= last for first, last in match)

    # Denied: "no numbness down there", "numbness: none"

    def _denied(self, match: Match, start: int, end: int, *, turning: bool) -> bool:
        if not (self._negated(match, start, end, turning=turning) or self._said_no(end)):
            return False
        return not self._doubted(end)

    def _negated(self, match: Match, start: int, end: int, *, turning: bool) -> bool:
        low, _ = self.sentence(start)
        for span in self._hits("denied_feelings", low, end):
            if not self._outside(match, span):
                return True
        masked = self._hits("no_negation", low, end)
        for name, reach in _NEGATIONS:
            for span in self._hits(name, max(low, start - reach - 3), end):
                word = next((place for place in range(*span) if place in self._denials), span[0])
                if not self._outside(match, (word, word + 1)):
                    continue
                if name != "denied_feelings" and any(
                    first < span[1] and span[0] < last for first, last in masked
                ):
                    continue
                if span[0] >= start:  # "my back, which doesn't ease, and I had cancer"
                    after = min((first for first, _ in match if first >= span[1]), default=start)
                    if after <= span[1] or self._reaches(span, after, reach, name):
                        return True
                    continue
                if self._reaches(span, start, reach, name):
                    # "No pain, no fever, no feeling there": a no of its own is not denied.
                    return start not in self._denials and not (turning and self._turns(match))
        return False

    def _turns(self, match: Match) -> bool:
        """Whether a new clause starts between two parts of a match: a denial ends there."""
        parts = sorted(match)
        return any(
            self._starts_anew(before[1], after[0], commas=False)
            for before, after in pairwise(parts)
        )

    def _reaches(self, span: Span, start: int, reach: int, name: str) -> bool:
        if start - span[1] > reach:
            return False
        for place in range(span[1], start + 1):
            if place == self._size:
                break
            if self._pauses[place] == SENTENCE or self._stands("contrast", place):
                return False
            comma = self._pauses[place] == COMMA
            if comma and (name == "negation" or place == span[1]):
                return False
            answer = span[1] - span[0] == 1 and name == "negation_of_lists"  # "no i can't"
            follows = comma or (place == span[1] and answer)
            if place > span[1] and self._stands("joins", place - 1):
                follows = True
            if place > span[1] and name == "negation" and self._stands("causes", place - 1):
                follows = True
            if follows and self._stands("clause_starts", place):
                return False
        return True

    def _said_no(self, end: int) -> bool:
        last = self._stands("said_no", end)
        return bool(last) and (last >= self._size or bool(self._pauses[last]))

    def _doubted(self, end: int) -> bool:
        return bool(self._hits("doubt", end, end + _DOUBT_REACH))

    # Somebody else: "my dad had a stroke", but not "my dad says I …"

    def _of_others(self, match: Match, start: int, end: int) -> bool:
        low, high = self.sentence(start)
        others = [span for span in self._hits("others", low, end) if self._outside(match, span)]
        if not others:
            return False
        inside = {place for first, last in others for place in range(first, last)}
        own = [span for span in self._hits("self", low, end) if span[0] not in inside]
        if self._own(others, own, end):
            first = match[0][1]
            if self._own(others, own, first) or not self._starts_anew(first, match[-1][0]):
                return False
        if self._hits("long_ago", low, high):
            return True
        over = self._hits("resolved", low, high)  # "is fine now" goes on no more
        return all(
            any(first <= span[0] < last for first, last in over)
            for span in self._hits("happening", low, high)
        )

    @staticmethod
    def _own(others: Sequence[Span], own: Sequence[Span], before: int) -> bool:
        """Whether the last person named before a word is the one who writes."""
        last = max((span[0] for span in others if span[0] < before), default=-1)
        return last < 0 or any(last < span[0] < before for span in own)

    def _starts_anew(
        self, first: int, last: int, unless: str = "contrast", *, commas: bool = True
    ) -> bool:
        """Whether a new clause starts between two words, other than with one of a list."""
        return any(
            (self._pauses[place] and (commas or self._pauses[place] == SENTENCE))
            or self._stands("contrast", place)
            or (
                self._stands("joins", place)
                and self._stands("clause_starts", place + 1)
                and not self._stands(unless, place)
            )
            for place in range(first, last + 1)
            if place < self._size
        )

    # Over: "had that ten years ago", "gone now"

    def _past(self, match: Match, start: int, end: int, *, passing: bool) -> bool:
        if self._recent(match, start, end):
            return False
        low, high = self.sentence(start)
        for name in ("long_ago", "long_since"):
            for span in self._hits(name, low, high):
                if self._outside(match, span) and self._belongs(span, start, end):
                    return True
        return not passing and self._resolved(match, end, high)

    def _recent(self, match: Match, start: int, end: int) -> bool:
        low, high = self.sentence(start)
        resolved = [
            span for name in ("resolved", "long_ago") for span in self._hits(name, low, high)
        ]
        for span in self._hits("recent", low, high):
            if any(first <= span[0] < last for first, last in resolved):
                continue
            if self._linked(span, start, end) or self._goes_on(span, end):
                return True
        return False

    def _goes_on(self, span: Span, end: int) -> bool:
        """Whether a time word still speaks of a match: nobody and nothing new is named with it."""
        if span[0] < end:
            return False
        return not any(
            self._hits(name, end, min(span[1] + 1, self._size)) for name in ("self", "other_matter")
        )

    def _resolved(self, match: Match, end: int, high: int) -> bool:
        for first, last in self._hits("resolved", end, min(high, end + 2 * _RESOLVED_REACH)):
            if self._outside(match, (first, last)) and not self._hits("negation", first - 2, first):
                return True
        if high < self._size and self._pauses[high] == SENTENCE:
            following = self._hits("resolved", high, high + 4)
            return bool(following) and not self._hits("negation", high, following[0][0])
        return False

    def _linked(self, span: Span, start: int, end: int) -> bool:
        """Whether nothing starts anew between a time word and a match."""
        first, last = (span[1], start) if span[0] < start else (end, span[0])
        for place in range(first, min(last + 1, self._size)):
            if self._pauses[place] == SENTENCE or self._stands("contrast", place):
                return False
            joined = place < last and bool(self._stands("joins", place))
            anew = place + joined
            if not (joined or self._pauses[place] == COMMA) or anew >= self._size:
                continue
            after = anew == last and span[0] >= end  # ", since yesterday"
            if not after and not self._stands("anaphora", anew):
                return False
        return True

    def _belongs(self, span: Span, start: int, end: int) -> bool:
        """Whether a time long ago is that of the match, and not of something else said with it."""
        if not self._linked(span, start, end):
            return False
        if span[0] < start:
            low, _ = self.sentence(span[0])
            clause = span[0]
            while clause > low and not self._pauses[clause] and not self._stands("joins", clause):
                clause -= 1
            return not self._hits("other_matter", clause, start)
        return not any(
            not self._hits("causes", max(end, first - 2), first)
            for first, _ in self._hits("other_matter", end, span[0])
        )

    # Only talked about: "I read about …", "what if I lose …"

    def _only_talk(self, match: Match, start: int, end: int) -> bool:
        low, high = self.sentence(start)
        talk = self._talked_about(match, low, high, start, end)
        return talk and not self._claimed()

    def _claimed(self) -> bool:
        """Whether they say that they have it ("that is me", not "that is not happening to me")."""
        return any(
            not self._hits("negation", first - 2, first)
            for first, _ in self._hits("claims", 0, self._size)
        )

    def _talked_about(self, match: Match, low: int, high: int, start: int, end: int) -> bool:
        for span in self._hits("supposed", max(low, start - _SUPPOSED_REACH), high):
            if not self._outside(match, span) and span[0] >= start:
                continue
            near = span[0] < end + 4
            if near and self._linked(span, start, end) and not self._recent(match, start, end):
                return True
        for span in self._hits("read_about", low, end):
            if span[0] < start and not self._hits("self", span[1], end):
                # "They said it is normal, but I still cannot pee."
                return not any(self._stands("contrast", place) for place in range(span[1], start))
        asked = self._hits("what_is", end, min(high + 4, end + _SCOPE))
        return bool(asked) and not self._hits("self", low, end)
