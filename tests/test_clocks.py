"""Dates as people write them, limits, and working days."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.clocks import (
    UNDATED_DAY_ZERO,
    Calendar,
    ClockError,
    Due,
    Limit,
    Moment,
    Precision,
    Unit,
    due,
    elapsed,
    end_of,
    is_before,
    load_calendar,
    parse_limit,
    parse_moment,
    say_day,
    say_due,
    say_moment,
)
from checklist.source import InputError, parse_document, read_document

LONDON = ZoneInfo("Europe/London")
CALENDAR_FILE = Path(__file__).parent.parent / "rules" / "calendars" / "england-and-wales.yaml"
DAY_ZERO = date(2015, 9, 1)
ANCHORS: dict[str, str] = {
    "report": "2015-09-01T10:15",
    "S1.arrested": "2016-01-31",
    "third": "2016-01",
    "late": "2016-03-18/..",
    "early": "../2016-03-18",
    "twice": "2016-10-30T01:30",
    "end": "2100-12-31T23:30",
}


@cache
def calendar() -> Calendar:
    return load_calendar(read_document(CALENDAR_FILE))


def utc(text: str) -> int:
    """Minutes since 1970 of a time in Greenwich."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // 60


def anchor(name: str) -> Moment | None:
    return parse_moment(ANCHORS[name]) if name in ANCHORS else None


def read(text: str) -> Moment:
    return parse_moment(text, day_zero=DAY_ZERO, anchors=anchor)


def refusal(text: str) -> str:
    with pytest.raises(ClockError) as caught:
        read(text)
    return str(caught.value)


def ends(start: str, limit: str) -> Due:
    moment = read(start)
    assert moment.lo is not None
    found = due(moment.lo, parse_limit(limit), calendar())
    assert found is not None
    return found


# What is read.


@pytest.mark.parametrize(
    ("text", "lo", "hi", "precision"),
    [
        ("2016-03-18T09:15", "2016-03-18T09:15", "2016-03-18T09:15", "minute"),
        ("2016-07-18T09:15", "2016-07-18T08:15", "2016-07-18T08:15", "minute"),
        ("2016-07-18T09:15Z", "2016-07-18T09:15", "2016-07-18T09:15", "minute"),
        ("2016-07-18T09:15+05:30", "2016-07-18T03:45", "2016-07-18T03:45", "minute"),
        ("2016-07-18T20:15-05:00", "2016-07-19T01:15", "2016-07-19T01:15", "minute"),
        ("2016-07-18T14:15+14:00", "2016-07-18T00:15", "2016-07-18T00:15", "minute"),
        ("2016-07-18T09:15+00:59", "2016-07-18T08:16", "2016-07-18T08:16", "minute"),
        ("2016-03-18", "2016-03-18T00:00", "2016-03-18T23:59", "day"),
        ("  2016-03-18 ", "2016-03-18T00:00", "2016-03-18T23:59", "day"),
        ("2016-07-18", "2016-07-17T23:00", "2016-07-18T22:59", "day"),
        ("2016-02", "2016-02-01T00:00", "2016-02-29T23:59", "month"),
        ("2015-02", "2015-02-01T00:00", "2015-02-28T23:59", "month"),
        ("2016-03", "2016-03-01T00:00", "2016-03-31T22:59", "month"),
        ("2000-02", "2000-02-01T00:00", "2000-02-29T23:59", "month"),
        ("1900-02", "1900-02-01T00:00", "1900-02-28T23:59", "month"),
        ("2016", "2016-01-01T00:00", "2016-12-31T23:59", "year"),
        ("1900", "1900-01-01T00:00", "1900-12-31T23:59", "year"),
        ("2100", "2100-01-01T00:00", "2100-12-31T23:59", "year"),
        ("2000-02-29", "2000-02-29T00:00", "2000-02-29T23:59", "day"),
        ("2016-03-27", "2016-03-27T00:00", "2016-03-27T22:59", "day"),
        ("2016-10-30", "2016-10-29T23:00", "2016-10-30T23:59", "day"),
        ("2016-03-27T00:59", "2016-03-27T00:59", "2016-03-27T00:59", "minute"),
        ("2016-03-27T02:00", "2016-03-27T01:00", "2016-03-27T01:00", "minute"),
        ("2016-10-30T00:59", "2016-10-29T23:59", "2016-10-29T23:59", "minute"),
        ("2016-10-30T01:30", "2016-10-30T00:30", "2016-10-30T01:30", "minute"),
        ("2016-10-30T01:30+01:00", "2016-10-30T00:30", "2016-10-30T00:30", "minute"),
        ("2016-10-30T02:00", "2016-10-30T02:00", "2016-10-30T02:00", "minute"),
        ("1943-06-01T12:00", "1943-06-01T10:00", "1943-06-01T10:00", "minute"),
        ("2016-03-01/2016-03-20", "2016-03-01T00:00", "2016-03-20T23:59", "range"),
        ("2016-03-01 / 2016-03-20", "2016-03-01T00:00", "2016-03-20T23:59", "range"),
        ("2016-02/2016-03-20T09:15", "2016-02-01T00:00", "2016-03-20T09:15", "range"),
        ("2015/2016", "2015-01-01T00:00", "2016-12-31T23:59", "range"),
        ("2016-10-30T01:30/2016-11", "2016-10-30T00:30", "2016-11-30T23:59", "range"),
        ("2016-03-18T09:15/2016-03-18T09:15", "2016-03-18T09:15", "2016-03-18T09:15", "range"),
        ("2016-03-18/..", "2016-03-18T00:00", None, "open"),
        ("../2016-03-18", None, "2016-03-18T23:59", "open"),
        ("day 0", "2015-08-31T23:00", "2015-09-01T22:59", "day"),
        ("day  21", "2015-09-21T23:00", "2015-09-22T22:59", "day"),
        ("day 21T09:15", "2015-09-22T08:15", "2015-09-22T08:15", "minute"),
        ("day 21T09:15Z", "2015-09-22T09:15", "2015-09-22T09:15", "minute"),
        ("day 3/day 5", "2015-09-03T23:00", "2015-09-06T22:59", "range"),
        ("day 3/..", "2015-09-03T23:00", None, "open"),
        ("report + 21 days", "2015-09-21T23:00", "2015-09-22T22:59", "day"),
        ("report + 1 day", "2015-09-01T23:00", "2015-09-02T22:59", "day"),
        ("report - 1 week", "2015-08-24T23:00", "2015-08-25T22:59", "day"),
        ("report + 24 hours", "2015-09-02T09:15", "2015-09-02T09:15", "minute"),
        ("report - 1 hour", "2015-09-01T08:15", "2015-09-01T08:15", "minute"),
        ("twice + 2 hours", "2016-10-30T02:30", "2016-10-30T03:30", "minute"),
        ("S1.arrested + 1 month", "2016-02-29T00:00", "2016-02-29T23:59", "day"),
        ("S1.arrested + 13 months", "2017-02-28T00:00", "2017-02-28T23:59", "day"),
        ("S1.arrested - 2 months", "2015-11-30T00:00", "2015-11-30T23:59", "day"),
        ("third + 1 month", "2016-02-01T00:00", "2016-02-29T23:59", "range"),
        ("third + 3 days", "2016-01-04T00:00", "2016-02-03T23:59", "range"),
        ("late + 2 days", "2016-03-20T00:00", None, "open"),
        ("early + 2 days", None, "2016-03-20T23:59", "open"),
        (
            "report + 1 day/report + 3 days",
            "2015-09-01T23:00",
            "2015-09-04T22:59",
            "range",
        ),
    ],
)
def test_a_date_is_read_as_every_minute_that_it_may_mean(
    text: str, lo: str | None, hi: str | None, precision: str
) -> None:
    moment = read(text)

    assert moment == Moment(
        None if lo is None else utc(lo),
        None if hi is None else utc(hi),
        Precision(precision),
        text.strip(),
    )


@pytest.mark.parametrize(
    ("month", "length"),
    [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31)],
)
def test_a_month_is_as_long_as_the_calendar_has_it(month: int, length: int) -> None:
    moment = read(f"2015-{month:02}")

    assert (moment.lo_day, moment.hi_day) == (date(2015, month, 1), date(2015, month, length))


def test_a_date_may_take_120_characters_and_no_more() -> None:
    longest = "2016-03-18" + " " * 99 + "/2016-03-20"

    assert len(longest) == 120
    assert read(longest).hi == utc("2016-03-20T23:59")
    assert refusal(longest.replace("/", " /")) == GENERAL


def test_a_moment_knows_its_days_in_london() -> None:
    moment = read("2016-07-18/2016-07-20")

    assert moment.lo_day == date(2016, 7, 18)
    assert moment.hi_day == date(2016, 7, 20)
    assert read("../2016-07-18").lo_day is None
    assert read("2016-07-18/..").hi_day is None


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("2016-03-18T09:15", True),
        ("2016-10-30T01:30", False),
        ("2016-03-18", False),
        ("2016-03-18/..", False),
    ],
)
def test_only_one_minute_is_exact(text: str, *, exact: bool) -> None:
    assert read(text).is_exact is exact


def test_a_moment_that_is_open_at_both_ends_is_not_exact() -> None:
    assert not Moment(None, None, Precision.OPEN, "").is_exact


# What is refused.

GENERAL = (
    "this is not a date; write 2016-03-18, 2016-03-18T09:15, 2016-03, 2016, "
    "2016-03-01/2016-03-20, day 21 or report + 21 days"
)
OTHERWISE = "dates are written year-month-day; write "
TIME = "a time follows its day after a T, as hours and minutes; write "
YEARS = "the year is not within 1900 to 2100; check the year"
NO_ANCHOR = (
    "this counts from something that has no date here; count from a dated thing of this case, such as report + 21 days"
)
NO_UNIT = "a relative date does not count in this unit; write hours, days, weeks or months"
NO_HOURS = (
    "hours are counted from a time, and this counts from a day or longer; "
    "write days, or give the time that it counts from"
)
MIDNIGHT = "a day ends at 23:59; midnight begins the next day: write T00:00 of that day"
SKIPPED = "{} did not exist: the clocks went forward; write {} if the clock that was read had not been changed"
NO_OFFSET = "there is no such offset; write Z, +00:00 or +01:00, or leave it out for London"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", GENERAL),
        ("today", GENERAL),
        ("about a week later", GENERAL),
        ("2016-03-18 or so", GENERAL),
        ("2016-W11-5", GENERAL),
        ("20160", GENERAL),
        ("2016-03-18T", GENERAL),
        ("\uff12\uff10\uff11\uff16-03-18", GENERAL),  # full-width digits
        ("day -3", GENERAL),
        ("report", GENERAL),
        ("a/b/c", GENERAL),
        ("late/early", GENERAL),
        ("2016-03-18/", GENERAL),
        ("18 Smarch 2016", GENERAL),
        ("2016-03-18" + " " * 200 + "x", GENERAL),
        (
            "04/03/2016",
            "this may be 4 March or 3 April; write 2016-03-04 or 2016-04-03",
        ),
        (
            "4.3.2016 10:15",
            "this may be 4 March or 3 April; write 2016-03-04 or 2016-04-03",
        ),
        ("01/02/2016", "this may be 1 February or 2 January; write 2016-02-01 or 2016-01-02"),
        ("12/11/2016", "this may be 12 November or 11 December; write 2016-11-12 or 2016-12-11"),
        ("25/03/2016", OTHERWISE + "2016-03-25"),
        ("03-25-2016", OTHERWISE + "2016-03-25"),
        ("13/02/2016", OTHERWISE + "2016-02-13"),
        ("31/03/2016", OTHERWISE + "2016-03-31"),
        ("03/31/2016", OTHERWISE + "2016-03-31"),
        ("02/29/2016", OTHERWISE + "2016-02-29"),
        ("02/29/2015", OTHERWISE + "it like 2016-03-18"),
        ("04/31/2016", OTHERWISE + "it like 2016-03-18"),
        ("00/03/2016", OTHERWISE + "it like 2016-03-18"),
        ("04/04/2016", OTHERWISE + "2016-04-04"),
        ("31/31/2016", OTHERWISE + "it like 2016-03-18"),
        ("2016/03/18", OTHERWISE + "2016-03-18"),
        ("2016/01/01", OTHERWISE + "2016-01-01"),
        ("2016-3-8", OTHERWISE + "2016-03-08"),
        ("20160318", OTHERWISE + "2016-03-18"),
        ("20161318", OTHERWISE + "it like 2016-03-18"),
        ("20160230", OTHERWISE + "it like 2016-03-18"),
        ("03/2016", OTHERWISE + "2016-03"),
        ("2016/3", OTHERWISE + "2016-03"),
        ("13/2016", OTHERWISE + "it like 2016-03-18"),
        ("18 March 2016", OTHERWISE + "2016-03-18"),
        ("Fri 18th Mar 2016", OTHERWISE + "2016-03-18"),
        ("September 2016", OTHERWISE + "2016-09"),
        ("2016-03-18 09:15", TIME + "2016-03-18T09:15"),
        ("2016-03-18T9:15", TIME + "2016-03-18T09:15"),
        ("2016-03-18t0915", TIME + "2016-03-18T09:15"),
        ("2016-03-18T09:15:30.5+0100", TIME + "2016-03-18T09:15+01:00"),
        ("2016-03-18 09:15 z", TIME + "2016-03-18T09:15Z"),
        ("day 21 9.15", TIME + "day 21T09:15"),
        (
            "2016-02-30",
            "30 February 2016 does not exist; February 2016 has 29 days",
        ),
        (
            "2015-02-29",
            "29 February 2015 does not exist; February 2015 has 28 days",
        ),
        (
            "1900-02-29",
            "29 February 1900 does not exist; February 1900 has 28 days",
        ),
        ("2016-04-31", "31 April 2016 does not exist; April 2016 has 30 days"),
        ("2016-06-31", "31 June 2016 does not exist; June 2016 has 30 days"),
        ("2016-01-32", "32 January 2016 does not exist; January 2016 has 31 days"),
        ("2016-12-00", "0 December 2016 does not exist; December 2016 has 31 days"),
        ("2016-13", "there is no month 13; months are 01 to 12"),
        ("2016-18-03", "there is no month 18; write the month first: 2016-03-18"),
        ("2016-13-01", "there is no month 13; write the month first: 2016-01-13"),
        ("2016-31-12", "there is no month 31; write the month first: 2016-12-31"),
        ("2016-31-04", "there is no month 31; months are 01 to 12"),
        ("2016-29-02", "there is no month 29; write the month first: 2016-02-29"),
        ("2015-29-02", "there is no month 29; months are 01 to 12"),
        ("2016-18-13", "there is no month 18; months are 01 to 12"),
        ("2016-00-03", "there is no month 00; months are 01 to 12"),
        ("2016-03-18T24:30", "there is no time 24:30; times are 00:00 to 23:59"),
        ("2016-03-18T25:00", "there is no time 25:00; times are 00:00 to 23:59"),
        ("2016-03-18T09:60", "there is no time 09:60; times are 00:00 to 23:59"),
        (
            "2016-03-18T24:00",
            MIDNIGHT,
        ),
        ("2016-03-18T09:15+15:00", NO_OFFSET),
        ("2016-03-18T09:15-01:60", NO_OFFSET),
        (
            "2016-03-27T01:30",
            SKIPPED.format("2016-03-27T01:30", "2016-03-27T02:30"),
        ),
        (
            "1942-04-05T02:30",
            SKIPPED.format("1942-04-05T02:30", "1942-04-05T03:30"),
        ),
        (
            "day 208T01:00",
            SKIPPED.format("day 208T01:00", "day 208T02:00"),
        ),
        ("1899", YEARS),
        ("2101-01-01", YEARS),
        ("0000", YEARS),
        ("day 99999", YEARS),
        ("report - 9999 months", YEARS),
        ("report + 99999 months", YEARS),
        ("report + 99999 weeks", YEARS),
        ("report - 99999 weeks", YEARS),
        ("end + 1 hour", YEARS),
        (
            "2016-03-20/2016-03-01",
            "the range ends before it starts; write the earlier date first",
        ),
        (
            "../..",
            "a range that is open at both ends says nothing; write unknown",
        ),
        (
            "2016-02-30/..",
            "30 February 2016 does not exist; February 2016 has 29 days",
        ),
        ("somebody + 3 days", NO_ANCHOR),
        ("report + 3 working days", NO_UNIT),
        ("report + 1 working day", NO_UNIT),
        ("report + 3 fortnights", NO_UNIT),
        ("S1.arrested + 3 hours", NO_HOURS),
        ("third + 3 hours", NO_HOURS),
        ("late + 3 hours", NO_HOURS),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_hint(text: str, message: str) -> None:
    assert refusal(text) == message


def test_a_refusal_never_repeats_words() -> None:
    for text in ("Zebedee", "Zebedee + 3 days", "Zebedee/2016", "report + 3 Zebedee"):
        assert "Zebedee" not in refusal(text)


def test_a_numbered_day_needs_a_day_0() -> None:
    with pytest.raises(ClockError) as caught:
        parse_moment("day 21")

    assert str(caught.value) == ("there is no day 0 to count from; write day_0 at the top of the case, or a date")


def test_a_relative_date_needs_something_to_count_from() -> None:
    with pytest.raises(ClockError) as caught:
        parse_moment("report + 21 days")

    assert str(caught.value) == NO_ANCHOR


def test_a_refusal_without_a_hint_is_its_first_part() -> None:
    assert str(ClockError("this is not a date")) == "this is not a date"


# Limits.


@pytest.mark.parametrize(
    ("text", "count", "unit", "said"),
    [
        ("24 hours", 24, Unit.HOURS, "24 hours"),
        ("1 hour", 1, Unit.HOURS, "1 hour"),
        ("1 day", 1, Unit.DAYS, "1 day"),
        ("1 days", 1, Unit.DAYS, "1 day"),
        ("7 days", 7, Unit.DAYS, "7 days"),
        ("1 working day", 1, Unit.WORKING_DAYS, "1 working day"),
        ("15 working days", 15, Unit.WORKING_DAYS, "15 working days"),
        (" 2  weeks ", 2, Unit.WEEKS, "2 weeks"),
        ("1 month", 1, Unit.MONTHS, "1 month"),
        ("3 months", 3, Unit.MONTHS, "3 months"),
    ],
)
def test_a_limit_is_a_number_and_a_unit(text: str, count: int, unit: Unit, said: str) -> None:
    limit = parse_limit(text)

    assert limit == Limit(count, unit)
    assert str(limit) == said


NO_LIMIT = "this is not a limit; write a number and hours, days, working days, weeks or months, such as 15 working days"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NO_LIMIT),
        ("promptly", NO_LIMIT),
        ("24h", NO_LIMIT),
        ("24", NO_LIMIT),
        ("-1 days", NO_LIMIT),
        ("1.5 days", NO_LIMIT),
        ("2 years", NO_LIMIT),
        ("3 business days", NO_LIMIT),
        ("99999 days", NO_LIMIT),
        ("3 " + " " * 200 + "days", NO_LIMIT),
        ("0 days", "a limit of 0 leaves no time; write 1 or more"),
    ],
)
def test_what_is_no_limit_is_refused_with_a_hint(text: str, message: str) -> None:
    with pytest.raises(ClockError) as caught:
        parse_limit(text)

    assert str(caught.value) == message


def test_a_limit_may_take_120_characters_and_no_more() -> None:
    longest = "15" + " " * 114 + "days"

    assert len(longest) == 120
    assert parse_limit(longest) == Limit(15, Unit.DAYS)
    with pytest.raises(ClockError):
        parse_limit(longest + " ")


@pytest.mark.parametrize(
    ("start", "limit", "last"),
    [
        # Hours that passed, whatever the clocks do.
        ("2015-09-01T10:15", "24 hours", "Wed 2 Sep 2015 10:15"),
        ("2016-03-26T12:00", "24 hours", "Sun 27 Mar 2016 13:00"),
        ("2016-10-29T12:00", "24 hours", "Sun 30 Oct 2016 11:00"),
        ("2016-10-30T00:30", "1 hour", "Sun 30 Oct 2016 01:30 BST"),
        ("2016-10-30T00:30", "2 hours", "Sun 30 Oct 2016 01:30 GMT"),
        ("2015-09-01", "24 hours", "Wed 2 Sep 2015 00:00"),
        # Days and weeks run to the end of the last one.
        ("2015-09-01T10:15", "1 day", "Wed 2 Sep 2015"),
        ("2015-09-01T23:59", "7 days", "Tue 8 Sep 2015"),
        ("2016-03-26T12:00", "1 day", "Sun 27 Mar 2016"),
        ("2016-10-29", "1 day", "Sun 30 Oct 2016"),
        ("2016-02-22", "1 week", "Mon 29 Feb 2016"),
        ("2015-12-25", "2 weeks", "Fri 8 Jan 2016"),
        # Months, and months that are too short.
        ("2016-01-15", "1 month", "Mon 15 Feb 2016"),
        ("2016-01-29", "1 month", "Mon 29 Feb 2016"),
        ("2016-01-31", "1 month", "Mon 29 Feb 2016 (the month has no later day)"),
        ("2015-01-29", "1 month", "Sat 28 Feb 2015 (the month has no later day)"),
        ("2016-02-29", "12 months", "Tue 28 Feb 2017 (the month has no later day)"),
        ("2016-02-29", "48 months", "Sat 29 Feb 2020"),
        ("2016-08-31", "1 month", "Fri 30 Sep 2016 (the month has no later day)"),
        ("2016-11-30", "3 months", "Tue 28 Feb 2017 (the month has no later day)"),
        ("2016-12-31", "1 month", "Tue 31 Jan 2017"),
        # Working days: weekends, Easter, Christmas, days given in place.
        ("2015-09-01T10:15", "15 working days", "Tue 22 Sep 2015"),
        ("2015-09-04", "1 working day", "Mon 7 Sep 2015"),
        ("2015-09-05", "1 working day", "Mon 7 Sep 2015"),
        ("2015-09-06T23:00", "1 working day", "Mon 7 Sep 2015"),
        ("2015-09-05", "5 working days", "Fri 11 Sep 2015"),
        ("2015-08-28", "1 working day", "Tue 1 Sep 2015"),
        ("2024-03-27T20:00", "3 working days", "Wed 3 Apr 2024"),
        ("2016-03-24", "1 working day", "Tue 29 Mar 2016"),
        ("2016-03-25", "1 working day", "Tue 29 Mar 2016"),
        ("2015-12-24", "1 working day", "Tue 29 Dec 2015"),
        ("2016-12-23", "1 working day", "Wed 28 Dec 2016"),
        ("2020-05-07", "1 working day", "Mon 11 May 2020"),
        ("2022-06-01", "1 working day", "Mon 6 Jun 2022"),
        ("2022-09-16", "1 working day", "Tue 20 Sep 2022"),
        ("2023-05-05", "1 working day", "Tue 9 May 2023"),
        ("2012-01-01", "1 working day", "Tue 3 Jan 2012"),
        ("2028-12-28", "1 working day", "Fri 29 Dec 2028"),
    ],
)
def test_a_limit_ends_where_a_reader_of_the_calendar_would_put_it(start: str, limit: str, last: str) -> None:
    assert say_due(ends(start, limit)) == last


def test_the_last_minute_of_a_limit_in_hours_is_its_end() -> None:
    assert ends("2015-09-01T10:15", "24 hours") == Due(
        last=utc("2015-09-02T09:15"),
        ends=utc("2015-09-02T09:15"),
        clipped=False,
        exact_to_minute=True,
    )


@pytest.mark.parametrize("limit", ["1 day", "1 working day"])
def test_a_limit_in_days_ends_with_midnight_after_its_last_minute(limit: str) -> None:
    assert ends("2015-09-01T10:15", limit) == Due(
        last=utc("2015-09-02T22:59"),
        ends=utc("2015-09-02T23:00"),
        clipped=False,
        exact_to_minute=False,
    )


def test_a_day_may_be_late_or_in_time_against_hours() -> None:
    report = read("2015-09-01")
    assert report.lo is not None
    assert report.hi is not None

    earliest = due(report.lo, Limit(24, Unit.HOURS), None)
    latest = due(report.hi, Limit(24, Unit.HOURS), None)

    assert earliest is not None
    assert latest is not None
    assert say_due(earliest) == "Wed 2 Sep 2015 00:00"
    assert say_due(latest) == "Wed 2 Sep 2015 23:59"


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        ("2011-12-31T12:00", "1 working day"),
        ("2028-12-29T12:00", "1 working day"),
        ("2028-12-01T12:00", "60 working days"),
        ("2029-01-02T12:00", "1 working day"),
    ],
)
def test_outside_the_calendar_there_is_no_answer(start: str, limit: str) -> None:
    moment = read(start)
    assert moment.lo is not None

    assert due(moment.lo, parse_limit(limit), calendar()) is None


def test_without_a_calendar_only_working_days_have_no_answer() -> None:
    assert due(0, Limit(1, Unit.WORKING_DAYS), None) is None
    assert due(0, Limit(1, Unit.DAYS), None) is not None


def test_other_limits_do_not_ask_the_calendar() -> None:
    assert say_due(ends("2030-05-01", "1 month")) == "Sat 1 Jun 2030"


# The as-of and the order of moments.


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2016-07-18", "2016-07-18T23:00"),
        ("2016-01-18", "2016-01-19T00:00"),
        ("2016-07-18T12:00", "2016-07-18T11:00"),
        ("2016-01-18T23:59", "2016-01-18T23:59"),
        ("2016-10-30T01:30", "2016-10-30T01:30"),
        ("2016-01", "2016-02-01T00:00"),
        ("2016-01-01/2016-01-03T10:00", "2016-01-03T10:00"),
    ],
)
def test_a_day_counts_to_its_end(text: str, instant: str) -> None:
    assert end_of(read(text)) == utc(instant)


def test_an_open_range_has_no_end() -> None:
    with pytest.raises(ClockError) as caught:
        end_of(read("2016-03-18/.."))

    assert str(caught.value) == ("this has no last day; write a date, such as 2016-03-18")


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ("2016-03-01", "2016-03-02", True),
        ("2016-03-02", "2016-03-01", False),
        ("2016-03-01T10:00", "2016-03-01T10:00", False),
        ("2016-03-01T10:00", "2016-03-01", None),
        ("2016-03-01", "2016-03-01", None),
        ("2016-03", "2016-03-20", None),
        ("2016-03-01/..", "2016-02-20", False),
        ("2016-03-01/..", "2016-04-20", None),
        ("../2016-03-01", "2016-04-20", True),
        ("../2016-03-01", "2016-02-20", None),
    ],
)
def test_one_moment_is_before_another_only_if_that_is_certain(first: str, second: str, *, answer: bool | None) -> None:
    assert is_before(read(first), read(second)) is answer


# Words.


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2015-09-01T10:15", "2015-09-22", "21 days"),
        ("2015-09-01", "2015-09-22T23:00", "21 days"),
        ("2015-09-01", "2016-03-01", "182 days"),
        ("2015-09-01", "2015-09-02", "1 day"),
        ("2015-09-01", "2015-09-01", "0 days"),
        ("2015-09-01T23:00", "2015-09-01", "0 days"),
        ("2015-09-01T10:15", "2015-09-09T21:30", "8 days 11 hours"),
        ("2015-09-01T10:15", "2015-09-01T15:15", "5 hours"),
        ("2015-09-01T10:15", "2015-09-01T10:55", "40 minutes"),
        ("2015-09-01T10:15", "2015-09-01T10:16", "1 minute"),
        ("2015-09-01T10:15", "2015-09-01T11:35", "1 hour 20 minutes"),
        ("2015-09-01T10:15", "2015-09-02T10:55", "1 day 40 minutes"),
        ("2015-09-01T10:15", "2015-09-01T10:15", "0 minutes"),
        ("2015-09-22T10:15", "2015-09-20T10:15", "2 days"),
        ("2015-09-22", "2015-09-01", "21 days"),
        ("2016-03-26T12:00", "2016-03-27T12:00", "23 hours"),
        ("2016-10-29T12:00", "2016-10-30T12:00", "1 day 1 hour"),
        ("2016-03-26", "2016-03-28", "2 days"),
        ("2016-10-30T01:30", "2016-10-30T06:30", "between 5 hours and 6 hours"),
        ("2016-10-30T01:30", "2016-11-01", "2 days"),
        ("2016-03-01", "2016-03-21/2016-04-21", "between 20 and 51 days"),
        ("2016-03-21/2016-04-21", "2016-03-01", "between 20 and 51 days"),
        ("2016-03", "2016-04", "between 1 and 60 days"),
        ("2016-03", "2016-03-11", "at most 10 days"),
        ("2016-03", "2016-03-02", "at most 1 day"),
        ("2016-03", "2016-03-01", "between 0 and 30 days"),
        ("2016-03", "2016-03-31", "between 0 and 30 days"),
        ("2016-03-01", "2016-03-31/..", "at least 30 days"),
        ("../2016-03-01", "2016-03-31", "at least 30 days"),
        ("2016-03-01", "../2016-03-31", "at most 30 days"),
        ("2016-03-31/..", "2016-03-01", "at least 30 days"),
        ("2016-03-31", "2016-03-01/..", "an unknown time"),
        ("2016-03-01/..", "2016-03-31/..", "an unknown time"),
    ],
)
def test_the_time_between_is_said_as_it_is_known(start: str, end: str, words: str) -> None:
    assert elapsed(read(start), read(end)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2015-09-02", "Wed 2 Sep 2015"),
        ("2015-09-02T10:15", "Wed 2 Sep 2015 10:15"),
        ("2015-09", "September 2015"),
        ("2015", "2015"),
        ("2016-10-30T01:30", "Sun 30 Oct 2016 01:30 BST or GMT"),
        ("2016-10-30T01:30Z", "Sun 30 Oct 2016 01:30 GMT"),
        ("twice + 2 hours", "between 02:30 and 03:30 on Sun 30 Oct 2016"),
        ("report + 21 days", "Tue 22 Sep 2015"),
        ("2016-03-01/2016-03-20", "between 1 and 20 March 2016"),
        ("2016-03-20/2016-04-03", "between 20 March and 3 April 2016"),
        ("2015-12-20/2016-01-03", "between 20 December 2015 and 3 January 2016"),
        ("2015-03-20/2016-03-03", "between 20 March 2015 and 3 March 2016"),
        ("2016-03-18/2016-03-18", "Fri 18 Mar 2016"),
        (
            "2016-03-18T09:15/2016-03-20",
            "between Fri 18 Mar 2016 09:15 and Sun 20 Mar 2016",
        ),
        (
            "2016-03-18/2016-03-20T09:15",
            "between Fri 18 Mar 2016 and Sun 20 Mar 2016 09:15",
        ),
        ("2016-03-18/..", "on or after Fri 18 Mar 2016"),
        ("2016-03-18T09:15/..", "at or after Fri 18 Mar 2016 09:15"),
        ("../2016-03-18", "on or before Fri 18 Mar 2016"),
        ("../2016-03-18T09:15", "at or before Fri 18 Mar 2016 09:15"),
    ],
)
def test_a_moment_is_named_as_a_reader_would(text: str, words: str) -> None:
    assert say_moment(read(text)) == words


def test_a_moment_that_is_open_at_both_ends_is_unknown() -> None:
    words = say_moment(Moment(None, None, Precision.OPEN, ""))

    assert words == "at an unknown time"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("day 0", "day 0"),
        ("day 21", "day 21"),
        ("day 0T10:15", "day 0 10:15"),
        ("day 3/day 5", "between day 3 and day 5"),
        ("day 3/..", "on or after day 3"),
        ("day 3T09:00/..", "at or after day 3 09:00"),
        ("day 3T09:00/day 5", "between day 3 09:00 and day 5"),
        ("day 3/day 5T09:00", "between day 3 and day 5 09:00"),
        ("../day 3T09:00", "at or before day 3 09:00"),
        ("report - 1 day", "1 day before day 0"),
        ("report - 2 weeks", "14 days before day 0"),
        ("day 3T09:00/day 3T11:00", "between 09:00 and 11:00 on day 3"),
        ("1969-01", "between day 0 and day 30"),
        ("1969", "between day 0 and day 364"),
    ],
)
def test_an_undated_case_is_told_in_days(text: str, words: str) -> None:
    moment = parse_moment(
        text,
        day_zero=UNDATED_DAY_ZERO,
        anchors=lambda _: parse_moment("day 0", day_zero=UNDATED_DAY_ZERO),
    )

    assert say_moment(moment, undated_from=UNDATED_DAY_ZERO) == words


def test_a_time_that_came_twice_is_told_in_days_too() -> None:
    assert say_moment(read("2016-10-30T01:30"), undated_from=date(2016, 10, 29)) == "day 1 01:30 BST or GMT"


def test_an_undated_limit_is_told_in_days() -> None:
    start = parse_moment("day 0T10:15", day_zero=UNDATED_DAY_ZERO).lo
    assert start is not None

    hours = due(start, Limit(24, Unit.HOURS), calendar())
    weeks = due(start, Limit(2, Unit.WEEKS), calendar())
    working = due(start, Limit(1, Unit.WORKING_DAYS), calendar())

    assert hours is not None
    assert weeks is not None
    assert say_due(hours, undated_from=UNDATED_DAY_ZERO) == "day 1 10:15"
    assert say_due(weeks, undated_from=UNDATED_DAY_ZERO) == "day 14"
    assert working is None


def test_the_stand_in_for_an_undated_day_0_keeps_clear_of_clock_changes() -> None:
    offsets = {
        datetime(1969, 1, 1, tzinfo=LONDON).utcoffset(),
        *((datetime(1969, 1, 1, 12, tzinfo=LONDON) + timedelta(days=n)).utcoffset() for n in range(-300, 1000)),
    }

    assert offsets == {timedelta(hours=1)}


# The calendar.


def test_the_calendar_is_that_of_the_holidays_library() -> None:
    library = holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2029))

    days = (calendar().last - calendar().first).days + 1
    every_day = [calendar().first + timedelta(days=n) for n in range(days)]

    assert (calendar().first, calendar().last) == (date(2012, 1, 1), date(2028, 12, 31))
    assert calendar().holidays == {day for day in library if day.weekday() < 5}
    for day in every_day:
        working = day.weekday() < 5 and day not in library
        assert calendar().is_working_day(day) is working, day


def test_the_calendar_says_where_it_comes_from() -> None:
    assert calendar().name == "England and Wales"
    assert calendar().source == "GOV.UK bank holidays"
    assert calendar().url == "https://www.gov.uk/bank-holidays"


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2016, 3, 24), True),
        (date(2016, 3, 25), False),
        (date(2016, 3, 26), False),
        (date(2016, 3, 28), False),
        (date(2011, 12, 31), None),
        (date(2029, 1, 1), None),
    ],
)
def test_a_working_day_is_known_only_inside_the_calendar(day: date, *, working: bool | None) -> None:
    assert calendar().is_working_day(day) is working


def test_working_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match=r"^0$"):
        calendar().add_working_days(date(2016, 3, 24), 0)


def test_a_calendar_may_list_its_holidays_without_names() -> None:
    calendar = load_calendar(
        parse_document(
            b"name: Short\npublished: 2015\nretrieved: 2016-01-04\nnote: a month\n"
            b"first: 2016-03-01\nlast: 2016-03-31\nholidays: [2016-03-25, 2016-03-28]\n",
            name="short.yaml",
        )
    )

    assert calendar == Calendar(
        "Short",
        date(2016, 3, 1),
        date(2016, 3, 31),
        frozenset({date(2016, 3, 25), date(2016, 3, 28)}),
    )


def test_a_calendar_may_hold_one_day_and_holidays_on_its_first_and_last() -> None:
    def calendar_of(first: str, last: str, holidays: str) -> Calendar:
        text = f"name: x\nfirst: {first}\nlast: {last}\nholidays: [{holidays}]\n"
        return load_calendar(parse_document(text.encode(), name="short.yaml"))

    short = calendar_of("2016-03-21", "2016-03-24", "2016-03-21, 2016-03-24")

    assert calendar_of("2016-03-24", "2016-03-24", "").is_working_day(date(2016, 3, 24))
    assert [short.is_working_day(date(2016, 3, day)) for day in range(21, 25)] == [False, True, True, False]


def test_working_days_reach_to_the_last_day_of_the_calendar() -> None:
    short = Calendar("x", date(2016, 3, 21), date(2016, 3, 24), frozenset())

    assert short.add_working_days(date(2016, 3, 21), 3) == date(2016, 3, 24)
    assert short.add_working_days(date(2016, 3, 21), 4) is None


YEAR_2016 = "name: x\nfirst: 2016-01-01\nlast: 2016-12-31\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["1:1: the file is empty; write at least one `key: value`"]),
        ("[a]", ["1:1: this is not a calendar; write name, first, last and holidays"]),
        (
            "title: x",
            [
                "1:1: a calendar has no such key",
                "1:1: the calendar has no first",
                "1:1: the calendar has no holidays",
                "1:1: the calendar has no last",
                "1:1: the calendar has no name",
            ],
        ),
        (
            "name: x\nfirts: 2016-01-01\nlast: 2016-12-31\nholidays: []",
            [
                "1:1: the calendar has no first",
                "2:1: a calendar has no such key; did you mean 'first'?",
            ],
        ),
        (
            "name: x\nfirst: 2016-12-31\nlast: 2016-01-01\nholidays: []",
            ["3:7: the last day is before the first"],
        ),
        (
            "name: [x]\nfirst: 2016\nlast: 31/12/2016\nholidays: none",
            [
                "1:7: name must be one line of text",
                "2:8: this is not a day; write it like 2016-03-18",
                f"3:7: {OTHERWISE}2016-12-31",
                "4:11: holidays must be lines of `date: name`, or a list of dates",
            ],
        ),
        (
            YEAR_2016 + "holidays:\n  2016-02-30: a\n  2015-12-25: b\n",
            [
                "5:3: 30 February 2016 does not exist; February 2016 has 29 days",
                "6:3: this holiday is outside first to last; check its year",
            ],
        ),
        (
            YEAR_2016 + "holidays: [[a]]",
            [f"4:12: {GENERAL}"],
        ),
    ],
    ids=[
        "empty",
        "a list",
        "every key missing",
        "a misspelt key",
        "ends before it starts",
        "wrong shapes",
        "impossible holidays",
        "holidays in lists",
    ],
)
def test_a_calendar_is_refused_with_all_its_problems(text: str, problems: list[str]) -> None:
    document = parse_document(text.encode(), name="calendar.yaml")

    with pytest.raises(InputError) as caught:
        load_calendar(document)

    found = [str(problem) for problem in caught.value.problems]
    assert found == [f"calendar.yaml:{problem}" for problem in problems]


def test_a_calendar_with_a_broken_line_is_refused_with_what_the_reader_found() -> None:
    document = parse_document(b"name: x\nname: y\n", name="calendar.yaml")

    with pytest.raises(InputError) as caught:
        load_calendar(document)

    assert set(document.problems) < set(caught.value.problems)


# Laws.

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
COVERED = st.dates(date(2012, 1, 1), date(2028, 6, 30))
MINUTES = st.integers(utc("2012-01-01T00:00"), utc("2028-01-01T00:00"))
LIMITS = st.builds(Limit, st.integers(1, 100), st.sampled_from(Unit))


@given(MINUTES, st.integers(0, 3000), LIMITS)
def test_a_later_start_is_never_due_earlier(start: int, later: int, limit: Limit) -> None:
    first, second = due(start, limit, calendar()), due(start + later, limit, calendar())

    if first and second:
        assert first.last <= second.last
        assert first.ends <= second.ends


@given(MINUTES, LIMITS)
def test_a_limit_ends_after_its_start(start: int, limit: Limit) -> None:
    end = due(start, limit, calendar())

    if end:
        assert start < end.last <= end.ends


@given(COVERED, st.integers(1, 80))
def test_adding_working_days_lands_on_the_working_day_of_that_number(start: date, count: int) -> None:
    end = calendar().add_working_days(start, count)

    assert end is not None
    assert calendar().is_working_day(end)
    passed = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(calendar().is_working_day(day) is True for day in passed) == count


WORDS = st.sampled_from(
    [
        "2016",
        "2016-02",
        "2016-02-30",
        "2016-03-27T01:30",
        "T09:15",
        "day",
        "0",
        "21",
        "99999",
        "/",
        "..",
        "+",
        "-",
        "report",
        "late",
        "early",
        "end",
        "hours",
        "working",
        "days",
        "months",
        "04/03/2016",
        "Z",
        "+01:00",
        "March",
        "18",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join)))
def test_any_text_is_a_moment_or_is_refused_with_a_hint(text: str) -> None:
    try:
        moment = read(text)
    except ClockError as refused:
        said = refused.hint
    else:
        said = say_moment(moment)
        assert moment.lo is None or moment.hi is None or moment.lo <= moment.hi

    assert said


@given(st.text())
def test_any_text_is_a_limit_or_is_refused_with_a_hint(text: str) -> None:
    try:
        limit = parse_limit(text)
    except ClockError as refused:
        said = refused.hint
    else:
        said = str(limit)
        assert parse_limit(said) == limit

    assert said


@given(LIMITS)
def test_a_limit_is_read_as_it_is_written(limit: Limit) -> None:
    assert parse_limit(str(limit)) == limit


def exact(minute: int) -> Moment:
    return Moment(minute, minute, Precision.MINUTE, "")


@given(MINUTES, MINUTES, st.integers(-500_000, 500_000))
def test_the_same_hours_later_the_time_between_is_the_same(start: int, end: int, shift: int) -> None:
    before = elapsed(exact(start), exact(end))

    assert elapsed(exact(start + shift), exact(end + shift)) == before


@given(COVERED, COVERED, st.integers(-5000, 5000))
def test_the_same_days_later_the_time_between_is_the_same(start: date, end: date, shift: int) -> None:
    moved = timedelta(days=shift)
    first, second = read(start.isoformat()), read(end.isoformat())

    assert elapsed(first, second) == elapsed(read((start + moved).isoformat()), read((end + moved).isoformat()))


@given(DAYS)
def test_every_day_of_london_begins_where_the_one_before_it_ended(day: date) -> None:
    moment = read(day.isoformat())

    assert moment.lo is not None
    assert moment.lo == datetime(day.year, day.month, day.day, tzinfo=LONDON).timestamp() / 60
    assert moment.lo_day == moment.hi_day == day
    assert say_day(moment.lo) == f"{day:%a} {day.day} {day:%b} {day.year}"
    if day < date(2100, 12, 31):
        assert end_of(moment) == read((day + timedelta(days=1)).isoformat()).lo


@given(st.integers(utc("1900-01-02T00:00"), utc("2100-12-30T00:00")))
def test_every_minute_is_among_those_that_its_local_time_may_mean(minute: int) -> None:
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    local = when.astimezone(LONDON)
    others = {local.replace(fold=fold).timestamp() // 60 for fold in (0, 1)}

    moment = read(f"{local:%Y-%m-%dT%H:%M}")

    assert {moment.lo, moment.hi} == others
    assert minute in others


@pytest.mark.parametrize("year", range(1981, 2101))
def test_each_spring_an_hour_is_missing_and_each_autumn_one_comes_twice(
    year: int,
) -> None:
    days = [read((date(year, 1, 1) + timedelta(days=n)).isoformat()) for n in range(365)]

    short, long = (day for day in days if day.hi != (day.lo or 0) + 24 * 60 - 1)
    twice = read(f"{long.text}T01:30")

    assert f"{short.text}T01:30 did not exist" in refusal(f"{short.text}T01:30")
    assert twice.lo is not None
    assert twice.hi == twice.lo + 60
