"""The closed vocabulary: the words of the rulebook, of the field and of English, and common given names."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase
from typing import Final

from checklist.later import pattern
from checklist.privacy.kinds import listed
from checklist.vocabulary import FactType, Vocabulary

WORD: Final = pattern(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NO_LETTERS: Final = {number: " " for number in range(128) if not chr(number).isalpha() and number != ord("'")}
_FEW: Final = 1000
_CAMEL: Final = pattern(r"[^\W\d_][a-z']+|[A-Z]+(?![a-z])")
_FRONT: Final = pattern(r"(?:un|re|mis|non|pre|post|over|under|inter|multi|co|self|dis|out|sub|super)(?=[a-z]{4})")
_BACK: Final = pattern(r"(?<=[a-z]{4})(?:s|es|d|ed|ing|er|ers|ly|ness|able)\Z")
_SHORT = 2


def words_in(text: str) -> set[str]:
    """The distinct words of a text, as they are written."""
    if not text.isascii():
        return set(WORD.findall(text))
    # The same as the pattern gives, in a fifth of the time.
    found = set(text.translate(_NO_LETTERS).split())
    quoted = {word for word in found if "'" in word}
    return found - quoted | {part for word in quoted for part in WORD.findall(word)}


def _list(name: str) -> str:
    # By bytes: `read_text` would turn line ends, and look for carriage returns in all of it.
    return (Path(__file__).with_name("lists") / f"{name}.txt").read_bytes().decode("ascii")


@cache
def given_names() -> frozenset[str]:
    """Given names, in small letters."""
    return frozenset(_list("given-names").split()) | {"will"}


@cache
def trade_words() -> frozenset[str]:
    """Words of the field that the English list lacks, in small letters."""
    return frozenset(_list("trade-words").split())


@cache
def _english_words() -> frozenset[str]:
    return frozenset(_list("english-words").split())


@cache
def _english_by_letter() -> dict[str, str]:
    """The words that begin with each letter, in one text a letter: made forty times as fast as the set."""
    text = "\n" + _list("english-words")
    starts = [0]
    for letter in ascii_lowercase[1:]:
        starts.append(text.find(f"\n{letter}", starts[-1]))
    starts.append(len(text))
    return {
        letter: text[start : end + 1] for letter, (start, end) in zip(ascii_lowercase, pairwise(starts), strict=True)
    }


@lru_cache(maxsize=1 << 16)
def is_english(word: str) -> bool:
    """Whether a word in small letters is an ordinary English one."""
    # One case has few words that must be looked up, and is not worth the set; many cases are.
    if is_english.cache_info().misses < _FEW:
        return f"\n{word}\n" in _english_by_letter().get(word[:1], "")
    return word in _english_words()


def each(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where any of a few words stands by itself in a text."""
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if not (text[at - 1 : at] or " ").isalnum() and not (text[end : end + 1] or " ").isalnum():
                yield at, end
            at = text.find(word, end)


def is_ordinary(word: str, known: frozenset[str]) -> bool:
    """Whether a word, however it is written, stands in the closed vocabulary.

    Args:
        word: letters, and apostrophes between them.
        known: the words of the rulebook and of the field.
    """
    small = word.lower()
    if small in known or is_english(small):
        return True
    stem = small.removesuffix("'s").replace("'", "")
    if stem in known or is_english(stem):
        return True
    if word == small:
        return _is_made_of_known(stem, known)
    parts = _CAMEL.findall(word) if word != word.capitalize() and not word.isupper() else ()
    return len(parts) > 1 and all(len(part) > 1 and is_ordinary(part.lower(), known) for part in parts)


def _is_made_of_known(small: str, known: frozenset[str]) -> bool:
    for stem in {_FRONT.sub("", small, 1) if _FRONT.match(small) else small, _BACK.sub("", small)} - {small}:
        if stem in known or is_english(stem):
            return True
    return False


def is_short_code(word: str) -> bool:
    """Whether it is an abbreviation of two or three capitals, or too short to be a name."""
    return len(word) <= _SHORT + word.isupper() and not (len(word) == _SHORT and word.istitle())


def words_of(vocabulary: Vocabulary) -> frozenset[str]:
    """Every word that a rulebook's vocabulary uses, in small letters, and those of the field."""
    found = set(trade_words())
    texts = [*vocabulary.areas, *vocabulary.reasons, *vocabulary.themes, *vocabulary.failings]
    texts += [failing.says for failing in vocabulary.failings.values()]
    for kind in vocabulary.kinds.values():
        texts += (kind.name, kind.plural, kind.label, kind.says)
        for fact in kind.facts.values():
            texts += _texts_of(fact)
    for word in set(WORD.findall("\n".join(texts))):
        found.add(word.lower())
    found.update(_BUILT_IN)
    return frozenset(found)


_BUILT_IN: Final = frozenset(
    listed(
        "ref about count at least most from until by known written down source note is done reason decided "
        "conflicting case as of looked all day judgements rule subject answer weekday month yes no not "
        "recorded unknown redacted applicable others none some"
    )
)


def _texts_of(fact: FactType) -> list[str]:
    texts = [fact.name, *fact.options, fact.named, fact.done, fact.holds, fact.asks, fact.look_in]
    for part in fact.parts.values():
        texts += _texts_of(part)
    return texts
