"""A case whose day 0 is known by no more than its month, for each day that it may have been.

A case that counts its days from such a day 0 says the same whichever it was: only its days lie elsewhere. So each reading of it is loaded
when it is first asked for, and whoever compares nothing but the order of days needs none: where they lie is told without it.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple, overload

from checklist.case import Case, load_case
from checklist.clocks import ClockError, Moment, bounds_of, end_of, parse_moment
from checklist.source import Document
from checklist.vocabulary import Vocabulary


class Moved(NamedTuple):
    """Where the days of a case lie, had day 0 been another."""

    minutes: dict[int, int]
    """By the first and last minutes of the days of the case."""
    as_of: int
    """The instant, in minutes, on which the review stands."""


class Readings(Sequence[Case]):
    """The same case for each day that an undated day 0 may have been, which begins with the case itself."""

    def __init__(self, document: Document, vocabulary: Vocabulary, case: Case, as_of: Moment | None = None) -> None:
        """Nothing is loaded yet.

        Args:
            document: the file as it was read.
            vocabulary: the words that it may use.
            case: what `load_case` makes of it.
            as_of: the day the review stands on, instead of the file's own.
        """
        self._document = document
        self._vocabulary = vocabulary
        self._as_of = as_of
        self._days = case.candidates if case.undated_from is not None else ()
        self._loaded = {0: case}

    def __len__(self) -> int:
        """How many days it may have been; none where it is dated, or nothing is known of it."""
        return len(self._days)

    @overload
    def __getitem__(self, number: int) -> Case: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Case]: ...
    def __getitem__(self, number: int | slice) -> Case | Sequence[Case]:
        """The case, had it been the day of that number."""
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        number = range(len(self))[number]
        if number not in self._loaded:
            self._loaded[number] = load_case(
                self._document, self._vocabulary, as_of=self._as_of, day_zero=self._days[number]
            )
        return self._loaded[number]

    def moved(self) -> Sequence[Moved]:
        """Where the days lie in each reading but the first; none at all unless they lie in the same order in all of them.

        Then whatever is asked of two days of the file is answered alike, and the readings say the same but for where their days lie.
        """
        try:
            days = [self._read(day) for day in self._days]
        except (
            ClockError
        ):  # what is no day, a time that never was in one of them, or what is counted from another than day 0
            return ()
        moved = [_moved(days[0], there) for there in days[1:]]
        return [there for there in moved if there is not None] if None not in moved else ()

    def _read(self, day: date) -> list[Moment]:
        """All that the file dates, had day 0 been this day; last the day that the review stands on."""
        case = self._loaded[0]
        as_of = self._as_of or parse_moment(case.as_of.text, day_zero=day)
        return [*(parse_moment(text, day_zero=day) for text in case.days), as_of]


def _moved(here: Sequence[Moment], there: Sequence[Moment]) -> Moved | None:
    """Where the same days lie; None where they lie in another order."""
    minutes: dict[int, int] = {}
    for one, other in zip(here, there, strict=True):
        for minute, moved in zip(bounds_of(one), bounds_of(other), strict=True):
            if minutes.setdefault(minute, moved) != moved:
                return None
    in_order = [minutes[minute] for minute in sorted(minutes)]
    return Moved(minutes, end_of(there[-1])) if all(one < other for one, other in pairwise(in_order)) else None
