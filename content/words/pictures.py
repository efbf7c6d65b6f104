"""The words in and under pictures."""

from typing import Annotated, TypeAlias

from content.markup import Markup
from content.words.texts import SENTENCE, Heading, Sentence, Words, label, words

Part: TypeAlias = Annotated[str, label(longest=60)]


class PathwayWords(Words):
    """A link in a picture: a word on what it is about, and the parts of the body that it joins."""

    word: Annotated[str, label(longest=20)] | None = None
    parts: Part


class PartWords(Words):
    """Parts of the body along the chain."""

    low_back: Part
    pelvis_hip: Part
    knee: Part
    ankle: Part
    arch_heel: Part
    sciatic_nerve: Part
    nerve_root: Part


class ViewWords(Words):
    """From where a part is seen."""

    front: Part
    back: Part
    sole: Part
    inner: Part


class ChainWords(Words):
    """The text that says the same as the picture of the chain."""

    title: Heading
    marked: Annotated[Markup, words("list", longest=SENTENCE)]
    nothing_marked: Sentence
    nerve: Annotated[Markup, words("sentence", longest=SENTENCE)]
    chain: Annotated[Markup, words("sentence", longest=SENTENCE)]
    site: Annotated[Markup, words("sentence", longest=SENTENCE)]
    none_found: Annotated[Markup, words("sentence", longest=SENTENCE)]


class PicturesFile(Words):
    """The file pictures.yaml."""

    sides: dict[str, Annotated[str, label(longest=12)]]
    certainty: dict[str, Annotated[str, label(longest=16)]]
    pathways: dict[str, PathwayWords]
    none_found: Annotated[str, label(longest=40)]
    parts: PartWords
    reach: dict[str, Part]
    strips: dict[str, Part]
    places: dict[str, Part]
    views: ViewWords
    signs: dict[str, Annotated[str, label(longest=20)]]
    chain: ChainWords
    pointing: dict[str, Sentence]
