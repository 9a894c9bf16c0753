"""How well many case files hide each other: the smallest class that shares what somebody might know, and what stands out.

What somebody might know of a case without reading it: whatever the vocabulary marks personal, what it lists of the case as a
whole (the kinds of harm, the country), and the quarter of the first report. Two cases are of one class where all of that is
the same; a case is hidden by the others of its class (k-anonymity), and that does not stop anybody from inferring. What is
not recorded counts as a value, since it is one to whoever compares.

No value of a fact leaves this room: cases, names of facts and numbers do.
"""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from sys import intern
from typing import Final

from checklist.case import Case, Fact, Listing
from checklist.clocks import Moment
from checklist.later import dataclass
from checklist.logic import State
from checklist.vocabulary import CASE, FactKind, FactType, Kind, Vocabulary

LEAST: Final = 5
"""The smallest class that is not small: the statistics of children in need suppress what is as few."""
QUARTER: Final = "quarter of the first report"
_YEAR: Final = 365.25
_BANDS: Final = ((1, "under 1"), (5, "1 to 4"), (10, "5 to 9"), (16, "10 to 15"))
"""The bands in which the statistics of children in need give ages; the last is open."""
_MOST_COMBINED: Final = 3
_MOST_COMBINATIONS: Final = 200


@dataclass(frozen=True, slots=True)
class StandsOut:
    """A case of a small class, and the fewest facts that put it there.

    Attributes:
        case: The case's reference.
        file: Its file.
        facts: Facts that together few cases share; one such choice where there are several.
        shared_by: How many cases share them, this one included.
        size: How many cases are of its class.
    """

    case: str
    file: str
    facts: tuple[str, ...]
    shared_by: int
    size: int


@dataclass(frozen=True, slots=True)
class SmallNumber:
    """A fact of which some values are those of few cases, as a table would show.

    Attributes:
        fact: The fact's name.
        values: How many values it has in all cases.
        small: How many of them fewer cases have than the least.
        cases: How many cases have one of those.
    """

    fact: str
    values: int
    small: int
    cases: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What many cases tell of each other.

    Attributes:
        cases: How many were looked at.
        facts: What somebody might know of each.
        classes: How many classes they fall into.
        smallest: The size of the smallest class; 0 where there is none.
        least: The size under which a class is small.
        stand_out: The cases of small classes, in the order of the files.
        small_numbers: The facts of which some values are those of few cases.
    """

    cases: int
    facts: tuple[str, ...]
    classes: int
    smallest: int
    least: int
    stand_out: tuple[StandsOut, ...]
    small_numbers: tuple[SmallNumber, ...]

    @property
    def is_assessable(self) -> bool:
        """Whether there is more than one case: one alone stands out by nature."""
        return self.cases > 1


class Crowd:
    """Takes cases one at a time; of each it keeps a reference and a word for each fact."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._facts = tuple(_known(vocabulary))
        report = vocabulary.kinds.get("report")
        self._dated_by = report.dated_by if report is not None else ""
        self.facts = (*(fact.name for _, fact in self._facts), QUARTER)
        self._names: list[tuple[str, str]] = []
        self._keys: list[tuple[str, ...]] = []

    def add(self, case: Case) -> None:
        """Takes one case."""
        words = [_word_of(case, kind, fact) for kind, fact in self._facts]
        self._names.append((case.name, case.file))
        self._keys.append(tuple(map(intern, (*words, _quarter(case, self._dated_by)))))

    def disclosure(self, least: int = LEAST) -> Disclosure:
        """What the cases tell of each other, where a class of fewer than `least` is small."""
        classes = Counter(self._keys)
        return Disclosure(
            cases=len(self._keys),
            facts=self.facts,
            classes=len(classes),
            smallest=min(classes.values(), default=0),
            least=least,
            stand_out=tuple(self._standing_out(classes, least)),
            small_numbers=tuple(self._small_numbers(least)),
        )

    def _standing_out(self, classes: Counter[tuple[str, ...]], least: int) -> Iterator[StandsOut]:
        small = {key for key, size in classes.items() if size < least}
        reasons: dict[tuple[str, ...], tuple[tuple[int, ...], int]] = {}
        for group in self._choices() if small else ():
            left = small - reasons.keys()
            for chosen in group if left else ():
                counted = Counter[tuple[str, ...]]()
                for key, size in classes.items():
                    counted[tuple(key[one] for one in chosen)] += size
                for key in left:
                    shared_by = counted[tuple(key[one] for one in chosen)]
                    if shared_by < reasons.get(key, ((), least))[1]:
                        reasons[key] = (chosen, shared_by)
        for (case, file), key in zip(self._names, self._keys, strict=True):
            if key in small:
                chosen, shared_by = reasons[key]
                yield StandsOut(case, file, tuple(self.facts[one] for one in chosen), shared_by, classes[key])

    def _choices(self) -> Iterator[list[tuple[int, ...]]]:
        """Which facts to look at together: one, two, three, as far as that can be done, and at the end all of them."""
        places = range(len(self.facts))
        for number in range(1, min(_MOST_COMBINED, len(places)) + 1):
            if math.comb(len(places), number) <= _MOST_COMBINATIONS:
                yield list(combinations(places, number))
        yield [tuple(places)]

    def _small_numbers(self, least: int) -> Iterator[SmallNumber]:
        for place, name in enumerate(self.facts):
            counted = Counter(key[place] for key in self._keys)
            small = [number for number in counted.values() if number < least]
            if small:
                yield SmallNumber(name, len(counted), len(small), sum(small))


def _known(vocabulary: Vocabulary) -> Iterator[tuple[Kind, FactType]]:
    """What somebody might know of a case: what is personal, and what is listed of the case as a whole."""
    for kind in vocabulary.kinds.values():
        for fact in kind.facts.values():
            of_the_case = kind.name == CASE and fact.kind in (FactKind.CHOICE, FactKind.CHOICES)
            if fact.personal or of_the_case:
                yield kind, fact


def _word_of(case: Case, kind: Kind, fact: FactType) -> str:
    """What the case says of a fact, of everything that has it: how many things there are tells as well."""
    if kind.name == CASE:
        return _said(case.fact(case.whole, fact))
    listing = case.listing(kind.name)
    return _listed(listing, sorted(_said(case.fact(thing, fact)) for thing in listing.things))


def _listed(listing: Listing, words: list[str]) -> str:
    return " | ".join(words) if listing.state is State.RECORDED else str(listing.state)


def _said(fact: Fact) -> str:
    if fact.state is State.RECORDED and fact.type.kind is FactKind.AGE and isinstance(fact.value, tuple):
        return _band(fact.value)
    if fact.state is State.RECORDED and fact.type.kind is FactKind.CHOICES and isinstance(fact.value, tuple):
        return ", ".join(sorted(map(str, fact.value)))
    if fact.records:
        return " / ".join(sorted(map(_said, fact.records)))
    return fact.shown if fact.state is State.RECORDED else str(fact.state)


def _band(days: tuple[object, ...]) -> str:
    """The band of an age, by the youngest that it may be."""
    youngest = days[0]
    assert isinstance(youngest, int)  # noqa: S101 - an age is bounds in days
    return next((words for years, words in _BANDS if youngest + 1 < years * _YEAR), "16 and over")


def _quarter(case: Case, dated_by: str) -> str:
    """The quarter in which the first report came, as closely as that is known."""
    reports = case.listing("report").things if dated_by else ()
    facts = [thing.facts[dated_by] for thing in reports if dated_by in thing.facts]
    moments = [fact.moment for fact in facts if fact.moment is not None]
    if case.undated_from is not None or not moments:
        return "not dated"
    return _between(min(moments, key=lambda moment: (moment.lo is not None, moment.lo or 0)))


def _between(moment: Moment) -> str:
    first, last = (_quarter_of(day) if day is not None else "" for day in (moment.lo_day, moment.hi_day))
    return first if first == last else f"{first} to {last}"


def _quarter_of(day: date) -> str:
    return f"{day.year} {(day.month + 2) // 3}"
