"""What identifies somebody by itself; and what need not be looked through, since nothing of the kind can be in it."""

from collections.abc import Callable, Iterable, Iterator, Set
from typing import Final

from checklist.later import pattern
from checklist.privacy import numbers, online, places
from checklist.privacy.kinds import Finder, Hit

# What must be there, and what then looks.
_BY_SIGN: Final[tuple[tuple[str, Finder], ...]] = (
    ("@", online.emails),
    ("@", online.handles),
    ("]", online.veiled_emails),
    (")", online.veiled_emails),
    ("#", online.tags),
    (".", online.urls),
    (".", online.addresses),
    (".", online.coordinates),
    ("°", online.degrees),
    (":", online.longer_addresses),
    ("-", online.longer_addresses),
    ("///", online.three_words),
    ("/", numbers.labels),
    ("/", numbers.slashed),
)
_OF_DIGITS: Final[tuple[Finder, ...]] = (
    numbers.accounts,
    numbers.licences,
    numbers.insurance_numbers,
    numbers.registrations,
    numbers.postcodes,
    numbers.of_digits,
    numbers.tokens,
)
_A_DIGIT: Final = pattern(r"\d")


def by_shape(text: str) -> Iterator[Hit]:
    """What its shape gives away: nothing in a text without a digit or a sign such as `@`."""
    for sign, find in _BY_SIGN:
        if sign in text:
            yield from find(text)
    if _A_DIGIT.search(text):
        for find in _OF_DIGITS:
            yield from find(text)


# Words, dates, small numbers and codes, none of which runs on into another number.
_NO_MORE: Final = r"(?![\w/:]|[ \t.\-()]{0,3}+\d)"
# Atomic groups: in Python 3.11.2, which Debian 12 has, a possessive group `(?:...)*+` matches what it must not.
_HARMLESS: Final = pattern(
    r"(?>(?:[ ,;!?`)}\]'\"_]++|:(?![\d:])|-(?!\d)|[(\[{](?![ \t]?(?:[Aa][Tt]|@))|/(?![/\d])"
    r"|[A-Za-z]++(?!\d)|\.(?=[ '\"})\]]|\Z)"
    rf"|(?<![\w.]){numbers.ISO}{_NO_MORE}"
    rf"|(?<![\w:.])\d\d?:\d\d{_NO_MORE}"
    rf"|(?<![\w.\-])(?:\d{{1,3}}(?>(?:[a-z]{{1,2}})?)|(?:19|20)\d\d){_NO_MORE}"
    rf"|(?<![\w.\-/])(?:[A-Z]\d{{1,2}}(?>(?:/[A-Z]\d{{1,2}})?)|[A-Z]{{2}}\d{{1,2}}(?!\d?[ \-]?[A-Za-z]{{3}}(?!\w)))(?![\w:]|[/\-]\w|[ \t.\-/()]{{0,3}}+\d)"
    r")*)"
)


def is_harmless(line: str) -> bool:
    """Whether a line is so plain that no shape in it can give anything away."""
    return _HARMLESS.fullmatch(line) is not None


def _any_of(*wanted: str) -> Callable[[Set[str]], bool]:
    words = frozenset(wanted)
    return lambda found: not words.isdisjoint(found)


def _all_of(*wanted: str) -> Callable[[Set[str]], bool]:
    words = frozenset(wanted)
    return lambda found: words <= found


# Which words must be there, as they are written or in small letters, and what then looks.
_BY_WORD: Final[tuple[tuple[Callable[[Set[str]], bool], Finder], ...]] = (
    (_any_of(*places.BIRTHS), places.births),
    (_all_of("d", "o", "b"), places.births),
    (_any_of(*(word.capitalize() for word in places.STREETS)), places.streets),
    (_any_of("street", "road", "lane", "avenue", "crescent", "close", "drive", "terrace"), places.small_streets),
    (_any_of("flat", "apartment", "apt"), places.flats),
    (_any_of(*places.ORGANISATIONS), places.organisations),
    (_any_of(*online.NETWORKS), online.network_names),
    (_all_of("at", "dot"), online.spelt_emails),
    (_any_of("words", "w"), online.called_three_words),
    (_any_of(*numbers.VEHICLES), numbers.old_registrations),
    (_any_of("grid", "os", "map"), numbers.grids),
    (_any_of(*numbers.RANKS), numbers.ranked),
    (_any_of(*numbers.OFFICERS), numbers.collars),
    (_any_of("only"), places.only_ones),
    (_any_of(*places.BIRTHS_TOGETHER), places.born_together),
    (_any_of(*places.PRESS), places.in_the_press),
)


def by_word(text: str, words: Set[str]) -> Iterable[Hit]:
    """What the words around it give away.

    Args:
        text: where to look.
        words: the words of the text, as they are written and in small letters; what needs others need not look.
    """
    for is_there, find in _BY_WORD:
        if is_there(words):
            yield from find(text)
