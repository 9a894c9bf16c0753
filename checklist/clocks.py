"""Moments as people write them, limits, and the days on which people work.

An instant is a whole number of minutes since 1970-01-01T00:00Z. Every calendar day is a day in London. Nothing here asks
what time it is now.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo

from checklist.later import dataclass, pattern
from checklist.source import (
    Document,
    InputError,
    Mapping,
    Node,
    Problem,
    Scalar,
    Sequence,
    did_you_mean,
)

FIRST_YEAR, LAST_YEAR = 1900, 2100

UNDATED_DAY_ZERO = date(1969, 1, 1)
"""A day 0 for a case that gives none: London's clocks did not change from February 1968 to October 1971, so hours
counted from it are the hours that were written. It is told by being this very object: a case may lie in January 1969."""

_LONDON = ZoneInfo("Europe/London")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_HOUR = 60
_DAY = 24 * _HOUR
_LONGEST_TEXT = 120

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class ClockError(Exception):
    """A date, a time or a limit that cannot be read.

    Neither part repeats free text: what stands where a date should may be a name.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}; {self.hint}" if self.hint else self.what


class Precision(StrEnum):
    """How closely a moment is known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as far as it is known: any minute from lo to hi, both included, may be the true one.

    Attributes:
        lo: the earliest instant, in minutes; None if it may be any time before hi.
        hi: the latest instant, in minutes; None if it may be any time after lo.
        precision: how it was written.
        text: what was written.
    """

    lo: int | None
    hi: int | None
    precision: Precision
    text: str

    @property
    def is_exact(self) -> bool:
        """Whether it is one minute and no other."""
        return self.lo is not None and self.lo == self.hi

    @property
    def lo_day(self) -> date | None:
        """The earliest day in London."""
        return None if self.lo is None else _day_of(self.lo)

    @property
    def hi_day(self) -> date | None:
        """The latest day in London."""
        return None if self.hi is None else _day_of(self.hi)


def bounds_of(moment: Moment | None) -> list[int]:
    """The first and the last minute of a moment, as far as there are such."""
    return [] if moment is None else [bound for bound in (moment.lo, moment.hi) if bound is not None]


class Unit(StrEnum):
    """What a limit counts."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take, such as 24 hours or 15 working days."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return _count(self.count, self.unit.removesuffix("s"))


@dataclass(frozen=True, slots=True)
class Due:
    """Where a limit ends.

    Attributes:
        last: the last minute that is in time.
        ends: the instant at which the limit is over; for days, weeks and months 24:00 of the last day.
        clipped: the month was too short for the day, so its last day was taken.
        exact_to_minute: the limit is in hours.
    """

    last: int
    ends: int
    clipped: bool
    exact_to_minute: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days from first to last, both included: Monday to Friday without the holidays."""

    name: str
    first: date
    last: date
    holidays: frozenset[date]
    source: str = ""
    url: str = ""
    _working: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        closed = {day.toordinal() for day in self.holidays}
        days = range(self.first.toordinal(), self.last.toordinal() + 1)
        # Ordinal 1 is a Monday, so Saturdays leave 6 and Sundays 0.
        object.__setattr__(
            self,
            "_working",
            tuple(day for day in days if day % 7 not in {6, 0} and day not in closed),
        )

    def covers(self, day: date) -> bool:
        """Whether the calendar speaks of this day."""
        return self.first <= day <= self.last

    def is_working_day(self, day: date) -> bool | None:
        """Whether people work on this day; None if the calendar does not cover it."""
        if not self.covers(day):
            return None
        return day.weekday() < 5 and day not in self.holidays

    def add_working_days(self, start: date, count: int) -> date | None:
        """The working day so many after the start, which is day 0 whether people work on it or not.

        None if the calendar does not cover the start or the answer.

        Raises:
            ValueError: if the count, in working days, is below 1.
        """
        if count < 1:
            raise ValueError(count)
        if not self.covers(start):
            return None
        place = bisect_right(self._working, start.toordinal()) + count - 1
        return date.fromordinal(self._working[place]) if place < len(self._working) else None


def load_calendar(document: Document) -> Calendar:
    """The calendar of working days that a document holds.

    Raises:
        InputError: with every problem of the document.
    """
    if not isinstance(document.root, Mapping):
        empty = Problem(
            document.file,
            1,
            1,
            "this is not a calendar",
            "write name, first, last and holidays",
        )
        raise InputError(sorted(document.problems or (empty,)))
    file = _CalendarFile(document, document.root)
    calendar = file.calendar()
    if calendar is None or file.problems:
        raise InputError(sorted(file.problems))
    return calendar


def parse_moment(
    text: str,
    *,
    day_zero: date | None = None,
    anchors: Callable[[str], Moment | None] | None = None,
) -> Moment:
    """What a date, a time, a range or a relative date means.

    Args:
        text: such as 2016-03-18T09:15, 2016-03-18, 2016-03, 2016, 2016-03-01/2016-03-20, 2016-03-18/.., day 21T09:15
            or report + 21 days.
        day_zero: the day that day 0 stands for.
        anchors: finds the moment that a relative date counts from, by its name; None if there is none.

    Raises:
        ClockError: if it cannot be read, or names a date or a local time that never was.
    """
    text = text.strip()
    if len(text) > _LONGEST_TEXT:
        raise _not_a_date()
    if moment := _from_iso(text):
        return moment
    if written := _NUMBERED_DAY.fullmatch(text):
        return _from_numbered_day(text, written, day_zero)
    _refuse_other_spellings(text)
    if text.count("/") == 1:
        return _from_range(text, day_zero, anchors)
    if written := _RELATIVE.fullmatch(text):
        return _from_anchor(text, written, anchors)
    raise _not_a_date()


def parse_limit(text: str) -> Limit:
    """A limit such as 24 hours, 1 day or 15 working days.

    Raises:
        ClockError: if it is none.
    """
    written = _LIMIT.fullmatch(text.strip()) if len(text) <= _LONGEST_TEXT else None
    unit = _unit(written[2]) if written else None
    if written is None or unit is None:
        raise ClockError(
            what="this is not a limit",
            hint="write a number and hours, days, working days, weeks or months, such as 15 working days",
        )
    if int(written[1]) == 0:
        raise ClockError(what="a limit of 0 leaves no time", hint="write 1 or more")
    return Limit(int(written[1]), unit)


def due(start_minute: int, limit: Limit, calendar: Calendar | None) -> Due | None:
    """Where a limit ends that starts at an instant, given in minutes.

    Hours are exact, whatever the clocks do. Everything else runs to 24:00 of its last day, and the start's own day is
    day 0. None if the limit is in working days and the calendar does not cover them.
    """
    if limit.unit is Unit.HOURS:
        end = start_minute + limit.count * _HOUR
        return Due(last=end, ends=end, clipped=False, exact_to_minute=True)
    start = _day_of(start_minute)
    clipped = False
    last: date | None
    match limit.unit:
        case Unit.DAYS | Unit.WEEKS:
            last = start + timedelta(days=_in_days(limit.count, limit.unit))
        case Unit.MONTHS:
            last, clipped = _add_months(start, limit.count)
        case Unit.WORKING_DAYS:
            last = calendar.add_working_days(start, limit.count) if calendar else None
        case _:
            assert_never(limit.unit)
    if last is None:
        return None
    ends = _end_of_day(last)
    return Due(last=ends - 1, ends=ends, clipped=clipped, exact_to_minute=False)


def end_of(moment: Moment) -> int:
    """The instant, in minutes, on which a review as of this moment stands: a day counts to its 24:00.

    Raises:
        ClockError: if the moment has no end.
    """
    if moment.hi is None:
        raise ClockError(what="this has no last day", hint="write a date, such as 2016-03-18")
    if moment.precision is not Precision.MINUTE and _ends_a_day(moment.hi):
        return moment.hi + 1
    return moment.hi


CAME_TWICE = (
    "the clocks went back, and this time came twice",
    "write it with its offset, such as 2016-10-30T01:30+01:00",
)


def is_twofold(moment: Moment) -> bool:
    """Whether a time is one of those that came twice on the night on which the clocks went back: nothing can stand on it."""
    return moment.precision is Precision.MINUTE and moment.lo != moment.hi


def is_before(first: Moment, second: Moment) -> bool | None:
    """Whether the first moment is earlier than the second; None if it cannot be told."""
    if first.hi is not None and second.lo is not None and first.hi < second.lo:
        return True
    if first.lo is not None and second.hi is not None and first.lo >= second.hi:
        return False
    return None


def elapsed(start: Moment, end: Moment) -> str:
    """How long it was from one moment to another, in words and without its direction, for which see is_before.

    Two exact moments give days and hours that passed; anything else gives the difference of the days in London. Where
    it cannot be told which was first, only how far the end may lie after the start is said.
    """
    if _is_timed(start) and _is_timed(end):
        return _between(*_differences(start.lo, start.hi, end.lo, end.hi), _duration)
    days = (None if day is None else day.toordinal() for day in (start.lo_day, start.hi_day, end.lo_day, end.hi_day))
    return _between(*_differences(*days), _whole_days)


@dataclass(frozen=True, slots=True)
class Words:
    """What a deadline asks of days, and how it names them; whoever puts blanks in their place gives words of his own."""

    undated_from: date | None = None
    """The day that stands for an undated day 0; None where days are dated."""

    def end(self, start: int, limit: Limit, calendar: Calendar | None) -> Due | None:
        """Where a limit ends that starts at an instant, in minutes."""
        return due(start, limit, calendar)

    def minute(self, end: Due) -> int:
        """The last minute that is in time, as a point of the timeline."""
        return end.last

    def due(self, end: Due) -> str:
        """The end of a limit as a reader would name it."""
        return say_due(end, undated_from=self.undated_from)

    def due_between(self, earliest: Due, latest: Due) -> str:
        """From where to where the end of a limit may lie; within one day, its latest."""
        said = self.due(latest)
        return said if _is_one_day(earliest, latest) else f"between {self.due(earliest)} and {said}"

    def due_at_latest(self, earliest: Due, latest: Due) -> str:
        """Where the end of a limit lies at the latest; within one day, that is not said."""
        said = self.due(latest)
        return said if _is_one_day(earliest, latest) else f"{said} at the latest"

    def day(self, moment: Moment) -> str:
        """A moment as a reader would name it."""
        return say_moment(moment, undated_from=self.undated_from)

    def gap(self, start: Moment, end: Moment) -> str:
        """How long it was from one moment to another, or before it."""
        return f"{elapsed(start, end)} before" if is_before(end, start) else elapsed(start, end)

    def after(self, start: Moment, end: Moment, named: str) -> str:
        """The same, after what the start is called, such as `21 days after the report`."""
        gap, bare = elapsed(start, end), named.removeprefix("the day ")
        if is_before(end, start):
            return f"before {bare}" if gap.startswith("0 ") else f"{gap} before {bare}"
        if gap == "0 days":
            return f"on {named}" if bare != named else f"on the day of {bare}"
        if gap == "0 minutes":
            return f"as soon as {bare}" if bare != named else f"at the same time as {bare}"
        return f"{gap} after {bare}"


def _is_one_day(one: Due, other: Due) -> bool:
    return _day_of(one.last) == _day_of(other.last)


def say_day(minute: int, *, undated_from: date | None = None) -> str:
    """An instant's day as a reader would name it: Wed 2 Sep 2015, or day 21 after an undated day 0."""
    return _name_day(_day_of(minute), undated_from)


def say_minute(minute: int, *, undated_from: date | None = None) -> str:
    """An instant as a reader would name it: Wed 2 Sep 2015 10:15; BST or GMT is added only where it came twice."""
    return f"{say_day(minute, undated_from=undated_from)} {_clock_face(minute)}"


def say_due(end: Due, *, undated_from: date | None = None) -> str:
    """The end of a limit: a minute where it is in hours, else the last day, and whether the month was cut short."""
    if end.exact_to_minute:
        return say_minute(end.last, undated_from=undated_from)
    cut = " (the month has no later day)" if end.clipped else ""
    return say_day(end.last, undated_from=undated_from) + cut


def say_moment(moment: Moment, *, undated_from: date | None = None) -> str:
    """A moment as a reader would name it: September 2015, between 1 and 20 March 2016, on or after Fri 18 Mar 2016."""
    lo, hi = moment.lo, moment.hi
    if hi is None:
        return _say_open(lo, undated_from)
    if lo is None:
        said = say_day if _ends_a_day(hi) else say_minute
        return f"{'on' if _ends_a_day(hi) else 'at'} or before {said(hi, undated_from=undated_from)}"
    if lo == hi:
        return say_minute(lo, undated_from=undated_from)
    first, last = _day_of(lo), _day_of(hi)
    if undated_from is None and moment.precision is Precision.MONTH:
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if undated_from is None and moment.precision is Precision.YEAR:
        return str(first.year)
    if _starts_a_day(lo) and _ends_a_day(hi):
        return _say_days(first, last, undated_from)
    return _say_minutes(lo, hi, undated_from)


# What people write. Digits are 0 to 9 only; the length is checked first.
_TIME = r"(?:T([0-9]{2}):([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?)?"
_ISO = pattern(rf"([0-9]{{4}})(?:-([0-9]{{2}})(?:-([0-9]{{2}}){_TIME})?)?")
_NUMBERED_DAY = pattern(rf"day +([0-9]{{1,5}}){_TIME}")
_RELATIVE = pattern(r"(\S.*?) +([+-]) +([0-9]{1,5}) +(\S.*)")
_LIMIT = pattern(r"([0-9]{1,4}) +(\S.*)")

_OTHER_TIME = pattern(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}|day [0-9]{1,5})(?:[Tt]| +)([0-9]{1,2})[:.]?([0-9]{2})"
    r"(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?([Zz]|[+-][0-9]{2}:?[0-9]{2}))?"
)
_DAY_FIRST = pattern(r"([0-9]{1,2})([/. -])([0-9]{1,2})\2([0-9]{4})(?:[T ,].*)?")
_YEAR_FIRST = pattern(r"([0-9]{4})(?:[/. -]([0-9]{1,2})[/. -]([0-9]{1,2})|([0-9]{2})([0-9]{2}))")
_MONTH_ONLY = pattern(r"(?:([0-9]{1,2})[/. -])?([0-9]{4})(?:[/. -]([0-9]{1,2}))?")
_IN_WORDS = pattern(r"(?:(?:[A-Za-z]+,? +)?([0-9]{1,2})(?:st|nd|rd|th)? +)?([A-Za-z]{3,9}),? +([0-9]{4})")


def _not_a_date() -> ClockError:
    return ClockError(
        what="this is not a date",
        hint="write 2016-03-18, 2016-03-18T09:15, 2016-03, 2016, 2016-03-01/2016-03-20, day 21 or report + 21 days",
    )


@lru_cache(maxsize=4096)
def _from_iso(text: str) -> Moment | None:
    written = _ISO.fullmatch(text)
    if written is None:
        return None
    year, month, day, hour, minute, offset = written.groups()
    _refuse_other_years(int(year))
    if month is None:
        first, last = date(int(year), 1, 1), date(int(year), 12, 31)
        return Moment(_start_of_day(first), _end_of_day(last) - 1, Precision.YEAR, text)
    if day is None:
        first = _real_day(year, month)
        last = first.replace(day=_days_in_month(first.year, first.month))
        return Moment(_start_of_day(first), _end_of_day(last) - 1, Precision.MONTH, text)
    return _on_day(_real_day(year, month, day), (hour, minute, offset), text)


def _on_day(on: date, time: tuple[str | None, ...], text: str) -> Moment:
    hour, minute, offset = time
    if hour is None or minute is None:
        return Moment(_start_of_day(on), _end_of_day(on) - 1, Precision.DAY, text)
    face = _real_time(hour, minute)
    if offset is None:
        return _at_local(on, face, text)
    at = _naive(on, face) - _real_offset(offset)
    return Moment(at, at, Precision.MINUTE, text)


def _from_range(text: str, day_zero: date | None, anchors: Callable[[str], Moment | None] | None) -> Moment:
    before, after = (side.strip() for side in text.split("/"))
    if before == after == "..":
        raise ClockError(what="a range that is open at both ends says nothing", hint="write unknown")
    lo = None if before == ".." else parse_moment(before, day_zero=day_zero, anchors=anchors).lo
    hi = None if after == ".." else parse_moment(after, day_zero=day_zero, anchors=anchors).hi
    if lo is not None and hi is not None and lo > hi:
        raise ClockError(what="the range ends before it starts", hint="write the earlier date first")
    return Moment(lo, hi, Precision.OPEN if lo is None or hi is None else Precision.RANGE, text)


def _from_numbered_day(text: str, written: re.Match[str], day_zero: date | None) -> Moment:
    number, *time = written.groups()
    if day_zero is None:
        raise ClockError(
            what="there is no day 0 to count from",
            hint="write day_0 at the top of the case, or a date",
        )
    return _on_day(_shifted(day_zero, int(number), Unit.DAYS), tuple(time), text)


def _from_anchor(text: str, written: re.Match[str], anchors: Callable[[str], Moment | None] | None) -> Moment:
    name, sign, number, unit_text = written.groups()
    unit = _unit(unit_text)
    if unit is None or unit is Unit.WORKING_DAYS:
        raise ClockError(
            what="a relative date does not count in this unit",
            hint="write hours, days, weeks or months",
        )
    anchor = anchors(name) if anchors else None
    if anchor is None:
        raise ClockError(
            what="this counts from something that has no date here",
            hint="count from a dated thing of this case, such as report + 21 days",
        )
    count = int(sign + number)
    if unit is Unit.HOURS:
        return _shift_hours(anchor, count, text)
    lo = None if anchor.lo is None else _start_of_day(_shifted(_day_of(anchor.lo), count, unit))
    hi = None if anchor.hi is None else _end_of_day(_shifted(_day_of(anchor.hi), count, unit)) - 1
    return Moment(lo, hi, _precision_of_days(lo, hi), text)


def _shift_hours(anchor: Moment, count: int, text: str) -> Moment:
    if anchor.precision is not Precision.MINUTE or anchor.lo is None or anchor.hi is None:
        raise ClockError(
            what="hours are counted from a time, and this counts from a day or longer",
            hint="write days, or give the time that it counts from",
        )
    lo, hi = anchor.lo + count * _HOUR, anchor.hi + count * _HOUR
    for end in (lo, hi):
        _refuse_other_years(_day_of(end).year)
    return Moment(lo, hi, Precision.MINUTE, text)


def _precision_of_days(lo: int | None, hi: int | None) -> Precision:
    if lo is None or hi is None:
        return Precision.OPEN
    return Precision.DAY if _day_of(lo) == _day_of(hi) else Precision.RANGE


def _shifted(day: date, count: int, unit: Unit) -> date:
    """The day so many days, weeks or months later, or earlier if the count is negative."""
    try:
        moved = _add_months(day, count)[0] if unit is Unit.MONTHS else day + timedelta(days=_in_days(count, unit))
    except (OverflowError, ValueError):
        moved = date.max
    _refuse_other_years(moved.year)
    return moved


def _in_days(count: int, unit: Unit) -> int:
    return count * 7 if unit is Unit.WEEKS else count


def _add_months(day: date, count: int) -> tuple[date, bool]:
    """The same day of a later month, or its last day if it is shorter, and whether it was."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    length = _days_in_month(year, month + 1)
    return date(year, month + 1, min(day.day, length)), day.day > length


def _unit(text: str) -> Unit | None:
    """The unit that a word names, in the singular or the plural."""
    plural = text if text.endswith("s") else text + "s"
    return Unit(plural) if plural in _UNITS else None


_UNITS = frozenset(Unit)


# Days and times that never were.


def _refuse_other_years(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ClockError(
            what=f"the year is not within {FIRST_YEAR} to {LAST_YEAR}",
            hint="check the year",
        )


def _real_day(year: str, month: str, day: str | None = None) -> date:
    try:
        return date(int(year), int(month), int(day or 1))
    except ValueError:
        raise _no_such_day(int(year), int(month), int(day or 0)) from None


def _no_such_day(year: int, month: int, day: int) -> ClockError:
    if 1 <= month <= 12:
        name = f"{_MONTHS[month - 1]} {year}"
        return ClockError(
            what=f"{day} {name} does not exist",
            hint=f"{name} has {_days_in_month(year, month)} days",
        )
    hint = "months are 01 to 12"
    if 1 <= day <= 12 and 1 <= month <= _days_in_month(year, day):
        hint = f"write the month first: {year}-{day:02}-{month:02}"
    return ClockError(what=f"there is no month {month:02}", hint=hint)


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _real_time(hour: str, minute: str) -> int:
    """Minutes after 00:00 on the clock's face."""
    if hour == "24" and minute == "00":
        raise ClockError(
            what="a day ends at 23:59",
            hint="midnight begins the next day: write T00:00 of that day",
        )
    if int(hour) > 23 or int(minute) > 59:
        raise ClockError(what=f"there is no time {hour}:{minute}", hint="times are 00:00 to 23:59")
    return int(hour) * _HOUR + int(minute)


def _real_offset(offset: str) -> int:
    """Minutes ahead of Greenwich."""
    if offset == "Z":
        return 0
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 14 or minutes > 59:
        raise ClockError(
            what="there is no such offset",
            hint="write Z, +00:00 or +01:00, or leave it out for London",
        )
    ahead = hours * _HOUR + minutes
    return -ahead if offset[0] == "-" else ahead


def _at_local(on: date, face: int, text: str) -> Moment:
    naive = _naive(on, face)
    instants = _instants(naive)
    if not instants:
        later = _clock_text(face + _offset(naive + _DAY) - _offset(naive - _DAY))
        raise ClockError(
            what=f"{text} did not exist: the clocks went forward",
            hint=f"write {text.partition('T')[0]}T{later} if the clock that was read had not been changed",
        )
    return Moment(instants[0], instants[-1], Precision.MINUTE, text)


# Spellings that people use and that we do not guess at.


def _refuse_other_spellings(text: str) -> None:
    if found := _OTHER_TIME.fullmatch(text):
        offset = (found[4] or "").upper()
        offset = offset[:3] + ":" + offset[-2:] if len(offset) > 1 else offset
        raise ClockError(
            what="a time follows its day after a T, as hours and minutes",
            hint=f"write {found[1]}T{found[2]:0>2}:{found[3]}{offset}",
        )
    if found := _DAY_FIRST.fullmatch(text):
        raise _day_first(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_FIRST.fullmatch(text):
        raise _written_otherwise(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    if (found := _MONTH_ONLY.fullmatch(text)) and (month := found[1] or found[3]):
        raise _written_otherwise(int(found[2]), int(month), None)
    if found := _IN_WORDS.fullmatch(text):
        _refuse_words(found)


def _day_first(first: int, second: int, year: int) -> ClockError:
    readings = [
        (day, month)
        for day, month in dict.fromkeys(((first, second), (second, first)))
        if 1 <= month <= 12 and 1 <= day <= _days_in_month(year, month)
    ]
    if len(readings) < 2:
        day, month = readings[0] if readings else (first, second)
        return _written_otherwise(year, month, day)
    return ClockError(
        what="this may be " + " or ".join(f"{day} {_MONTHS[month - 1]}" for day, month in readings),
        hint="write " + " or ".join(f"{year}-{month:02}-{day:02}" for day, month in readings),
    )


def _written_otherwise(year: int, month: int, day: int | None) -> ClockError:
    what = "dates are written year-month-day"
    if not 1 <= month <= 12 or not 1 <= (1 if day is None else day) <= _days_in_month(year, month):
        return ClockError(what=what, hint="write it like 2016-03-18")
    return ClockError(
        what=what,
        hint=f"write {year}-{month:02}" + ("" if day is None else f"-{day:02}"),
    )


def _refuse_words(found: re.Match[str]) -> None:
    word = found[2].lower()
    for number, name in enumerate(_MONTHS, start=1):
        if name.lower().startswith(word):
            raise _written_otherwise(int(found[3]), number, int(found[1]) if found[1] else None)


# London's clock.


@lru_cache(maxsize=4096)
def _steady_offset(utc_day: int) -> int | None:
    """London's minutes ahead of Greenwich all through a day of Greenwich, counted from 1970; None if they change."""
    start, end = _exact_offset(utc_day * _DAY), _exact_offset((utc_day + 1) * _DAY)
    return start if start == end else None


def _exact_offset(minute: int) -> int:
    # Not fromtimestamp, which on Windows refuses what is before 1970.
    offset = (_EPOCH + timedelta(minutes=minute)).astimezone(_LONDON).utcoffset()
    return int((offset or timedelta()) / timedelta(minutes=1))


def _offset(minute: int) -> int:
    steady = _steady_offset(minute // _DAY)
    return _exact_offset(minute) if steady is None else steady


def _naive(day: date, face: int) -> int:
    """Minutes since 1970 as London's clock showed them."""
    return (day.toordinal() - _EPOCH_DAY) * _DAY + face


def _instants(naive: int) -> tuple[int, ...]:
    """When London's clock showed this: once, twice where the clocks went back, never where they went forward."""
    before, after = _offset(naive - _DAY), _offset(naive + _DAY)
    if before == after:
        return (naive - before,)
    return tuple(sorted(at for at in {naive - before, naive - after} if at + _offset(at) == naive))


def _start_of_day(day: date) -> int:
    return _midnight(day.toordinal())


def _end_of_day(day: date) -> int:
    """24:00, in minutes."""
    return _midnight(day.toordinal() + 1)


@lru_cache(maxsize=4096)
def _midnight(day: int) -> int:
    """When a day begins, which is counted as dates count it."""
    # London's clocks have changed at 01:00 or later on every day since 1900, so midnight comes exactly once.
    return _instants((day - _EPOCH_DAY) * _DAY)[0]


def _day_of(minute: int) -> date:
    return date.fromordinal((minute + _offset(minute)) // _DAY + _EPOCH_DAY)


def _face(minute: int) -> int:
    return (minute + _offset(minute)) % _DAY


def _starts_a_day(minute: int) -> bool:
    return _face(minute) == 0


def _ends_a_day(minute: int) -> bool:
    return _face(minute) == _DAY - 1


# Words.


def _clock_text(face: int) -> str:
    return f"{face // _HOUR:02}:{face % _HOUR:02}"


def _clock_face(minute: int) -> str:
    shown = _clock_text(_face(minute))
    if len(_instants(minute + _offset(minute))) == 1:
        return shown
    return f"{shown} {(_EPOCH + timedelta(minutes=minute)).astimezone(_LONDON).tzname()}"


def _name_day(day: date, undated_from: date | None) -> str:
    if undated_from is None:
        return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1][:3]} {day.year}"
    number = (day - undated_from).days
    return f"day {number}" if number >= 0 else f"{_count(-number, 'day')} before day 0"


def _say_open(lo: int | None, undated_from: date | None) -> str:
    if lo is None:
        return "at an unknown time"
    if _starts_a_day(lo):
        return f"on or after {say_day(lo, undated_from=undated_from)}"
    return f"at or after {say_minute(lo, undated_from=undated_from)}"


def _say_days(first: date, last: date, undated_from: date | None) -> str:
    if first == last:
        return _name_day(first, undated_from)
    if undated_from is not None:
        return f"between {_name_day(first, undated_from)} and {_name_day(last, undated_from)}"
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {_MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"between {start} and {last.day} {_MONTHS[last.month - 1]} {last.year}"


def _say_minutes(lo: int, hi: int, undated_from: date | None) -> str:
    if lo + _offset(lo) == hi + _offset(hi):
        return f"{say_minute(lo, undated_from=undated_from)} or {_clock_face(hi).split()[-1]}"
    if _day_of(lo) == _day_of(hi):
        return f"between {_clock_face(lo)} and {_clock_face(hi)} on {say_day(lo, undated_from=undated_from)}"
    start = (say_day if _starts_a_day(lo) else say_minute)(lo, undated_from=undated_from)
    end = (say_day if _ends_a_day(hi) else say_minute)(hi, undated_from=undated_from)
    return f"between {start} and {end}"


def _is_timed(moment: Moment) -> bool:
    return moment.is_exact or moment.precision is Precision.MINUTE


def _differences(
    start_lo: int | None, start_hi: int | None, end_lo: int | None, end_hi: int | None
) -> tuple[int | None, int | None]:
    """The least and the most that the end may lie after the start; None where there is no bound."""
    least = None if end_lo is None or start_hi is None else end_lo - start_hi
    most = None if end_hi is None or start_lo is None else end_hi - start_lo
    return least, most


def _between(least: int | None, most: int | None, say: Callable[[int], str]) -> str:
    if most is not None and most <= 0 and (least is None or least < 0):
        # The end lies before the start: the same distance, read from the other side.
        return _between(-most, None if least is None else -least, say)
    if least is None or least < 0:
        return "an unknown time" if most is None else f"at most {say(most)}"
    if most is None:
        return f"at least {say(least)}"
    if least == most:
        return say(least)
    first = str(least) if say is _whole_days else say(least)
    return f"between {first} and {say(most)}"


def _whole_days(days: int) -> str:
    return _count(days, "day")


def _duration(minutes: int) -> str:
    """Days and hours; minutes are said only where there are no days or no hours beside them."""
    days, rest = divmod(minutes, _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = [(days, "day"), (hours, "hour"), (rest, "minute")]
    said = [_count(number, name) for number, name in parts if number]
    return " ".join(said[:2]) or "0 minutes"


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


# The calendar file.


class _CalendarFile:
    """Reads a calendar's document and keeps every problem that it finds."""

    def __init__(self, document: Document, root: Mapping) -> None:
        self._file = document.file
        self._root = root
        self.problems = list(document.problems)

    def calendar(self) -> Calendar | None:
        self._refuse_unknown_keys()
        first, last = self._limit("first"), self._limit("last")
        name, source, url = (self._text(key) for key in ("name", "source", "url"))
        holidays = tuple(self._holidays())
        if first is None or last is None:
            return None
        if first > last:
            self._refuse(self._root.entries["last"], "the last day is before the first")
            return None
        for day, place in holidays:
            if not first <= day <= last:
                self._refuse(place, "this holiday is outside first to last", "check its year")
        closed = frozenset(day for day, _ in holidays)
        return Calendar(name, first, last, holidays=closed, source=source, url=url)

    def _refuse(self, at: Node | tuple[int, int], what: str, hint: str = "") -> None:
        line, column = at if isinstance(at, tuple) else (at.line, at.column)
        self.problems.append(Problem(self._file, line, column, what, hint))

    def _refuse_unknown_keys(self) -> None:
        for key, place in self._root.places.items():
            if key not in _CALENDAR_KEYS:
                self._refuse(
                    place,
                    "a calendar has no such key",
                    did_you_mean(key, _CALENDAR_KEYS),
                )
        for key in ("name", "first", "last", "holidays"):
            if key not in self._root.entries:
                self._refuse(self._root, f"the calendar has no {key}")

    def _text(self, key: str) -> str:
        node = self._root.entries.get(key)
        if node is None or isinstance(node, Scalar):
            return node.text if node else ""
        self._refuse(node, f"{key} must be one line of text")
        return ""

    def _limit(self, key: str) -> date | None:
        node = self._root.entries.get(key)
        return None if node is None else self._day(self._text(key), node)

    def _day(self, text: str, place: Node | tuple[int, int]) -> date | None:
        try:
            moment = parse_moment(text)
        except ClockError as error:
            self._refuse(place, error.what, error.hint)
            return None
        if moment.precision is Precision.DAY:
            return moment.lo_day
        self._refuse(place, "this is not a day", "write it like 2016-03-18")
        return None

    def _holidays(self) -> Iterator[tuple[date, Node | tuple[int, int]]]:
        node = self._root.entries.get("holidays")
        written: list[tuple[str, Node | tuple[int, int]]] = []
        if isinstance(node, Mapping):
            written = list(node.places.items())
        elif isinstance(node, Sequence):
            written = [(item.text if isinstance(item, Scalar) else "", item) for item in node.items]
        elif node is not None:
            self._refuse(node, "holidays must be lines of `date: name`, or a list of dates")
        for text, place in written:
            if (day := self._day(text, place)) is not None:
                yield day, place


_CALENDAR_KEYS = (
    "name",
    "source",
    "url",
    "published",
    "retrieved",
    "note",
    "first",
    "last",
    "holidays",
)
