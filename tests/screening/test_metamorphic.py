"""What must not change what is found: slips, emoji, capitals, order, other sentences."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tests.screening.making import CALM, CAUGHT, SCREENING, rank

ENGLISH = [(id, sentence) for code, id, sentence in CAUGHT if code == "en"]
EMERGENCIES = [(id, one) for id, one in ENGLISH if rank(one) == 0]
CALM_ENGLISH = [sentence for code, sentence in CALM if code == "en"]
BENIGN = [
    "I am 45 and work in a shop.",
    "Thanks for your help.",
    "My heel hurts in the morning.",
    "I have a dog called Max.",
    "The physio gave me exercises.",
]

caught = st.sampled_from(ENGLISH)
emergencies = st.sampled_from(EMERGENCIES)
calm = st.sampled_from(CALM_ENGLISH)
benign = st.sampled_from(BENIGN)

VOCABULARY = SCREENING._languages["en"]._vocabulary
SPELT = VOCABULARY._wanted | VOCABULARY._known


def ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?" else f"{sentence}."


@given(caught, st.sampled_from(["😭", "🆘", "😂👍🏽", "❤️"]), st.data())
def test_emoji(example: tuple[str, str], emoji: str, data: st.DataObject) -> None:
    words = example[1].split()
    place = data.draw(st.integers(0, len(words)))
    assert rank(" ".join([*words[:place], emoji, *words[place:]])) == rank(example[1])


@given(caught, st.sampled_from(["help", "HELP!!", "please help me", "pls"]))
def test_a_cry_for_help(example: tuple[str, str], cry: str) -> None:
    assert rank(f"{cry}. {example[1]}") <= rank(example[1])
    assert rank(f"{ended(example[1])} {cry}") <= rank(example[1])


@given(caught)
def test_capitals_and_space(example: tuple[str, str]) -> None:
    assert rank(example[1].upper()) == rank(example[1])
    assert rank(example[1].lower()) == rank(example[1])
    assert rank(f"  {example[1].replace(' ', '   ')}  ") == rank(example[1])


@given(caught, benign)
def test_a_benign_sentence_before_or_after(example: tuple[str, str], other: str) -> None:
    assert rank(f"{other} {example[1]}") <= rank(example[1])
    assert rank(f"{ended(example[1])} {other}") <= rank(example[1])


@given(caught, st.permutations(BENIGN[:3]), st.integers(0, 3))
def test_the_order_of_sentences(example: tuple[str, str], others: list[str], place: int) -> None:
    sentences = [*others[:place], ended(example[1]), *others[place:]]
    assert rank(" ".join(sentences)) <= rank(example[1])


@given(calm | benign | caught.map(lambda one: one[1]), emergencies)
def test_an_emergency_added_never_lowers(message: str, added: tuple[str, str]) -> None:
    together = rank(f"{ended(message)} {added[1]}")
    assert together <= rank(message)
    assert together <= rank(added[1])
    assert rank(f"{message}\n{added[1]}") <= rank(added[1])


def slips(word: str) -> Iterator[str]:
    """A word with two letters swapped, a letter lost or a letter doubled, at every place."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]


def test_a_slip_in_a_long_word_loses_next_to_nothing() -> None:
    """Every slip in every longer word; where it makes another word, nobody can tell."""
    tried, lost = 0, []
    for _, sentence in ENGLISH:
        words = sentence.split()
        before = rank(sentence)
        for place, word in enumerate(words):
            if len(word) < 6 or word not in SPELT:
                continue
            for slipped in set(slips(word)) - SPELT:
                tried += 1
                if rank(" ".join([*words[:place], slipped, *words[place + 1 :]])) > before:
                    lost.append((slipped, sentence))
    assert tried > 5000
    assert len(lost) <= 0.005 * tried, lost


@given(caught, st.data())
def test_invisible_characters_and_look_alikes(
    example: tuple[str, str], data: st.DataObject
) -> None:
    alike = str.maketrans({"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "i": "і"})
    disguised = "\u200b".join(example[1].translate(alike))
    if "…" not in example[1]:
        assert rank(disguised) == rank(example[1])
    places = data.draw(st.lists(st.integers(0, len(example[1])), max_size=3))
    text = example[1]
    for place in places:
        text = text[:place] + data.draw(st.sampled_from("\u200d\ufeff\u00ad\x00")) + text[place:]
    assert rank(text) == rank(example[1])


def test_stretched_words() -> None:
    for _, sentence in ENGLISH:
        words = sentence.split()
        longest = max(range(len(words)), key=lambda place: len(words[place]))
        word = words[longest]
        if word in SPELT and len(word) > 3:
            words[longest] = word[:2] + word[2] * 4 + word[3:]
            assert rank(" ".join(words)) <= rank(sentence)
