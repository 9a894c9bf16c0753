"""A second, slow reading of deadlines, from their meaning alone: every instant that a date may have been is tried.

Where every possible world gives one verdict the engine must give it, and where they differ it must give none.
"""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklist.findings import Verdict
from tests.small import finding_of

LONDON = ZoneInfo("Europe/London")
AS_OF = datetime(2016, 7, 19, tzinfo=LONDON)
BEGINNING = datetime(2000, 1, 1, tzinfo=LONDON)
HOLIDAYS = {
    date(2015, 8, 31),
    date(2015, 12, 25),
    date(2015, 12, 28),
    date(2016, 1, 1),
    date(2016, 3, 25),
    date(2016, 3, 28),
    date(2016, 5, 2),
    date(2016, 5, 30),
}
ABSENT, UNKNOWN = "", "unknown"


def instants(written: str) -> list[datetime]:
    """The instants that a date may have been: its first and last minute, and one between."""
    if "T" in written:
        return [datetime.fromisoformat(written).replace(tzinfo=LONDON)]
    year, month, *day = (int(part) for part in written.split("-"))
    first = date(year, month, day[0] if day else 1)
    last = first if day else (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1))
    midnight = datetime(first.year, first.month, first.day, tzinfo=LONDON)
    end = datetime(last.year, last.month, last.day, 23, 59, tzinfo=LONDON)
    return [midnight, midnight.replace(hour=12), end]


@dataclass(frozen=True)
class Limit:
    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    def in_time(self, start: datetime, event: datetime) -> bool:
        if self.unit == "hours":
            return event.timestamp() <= start.timestamp() + self.count * 3600
        return event.date() <= self.last_day(start.date())

    def is_over(self, start: datetime) -> bool:
        if self.unit == "hours":
            return start.timestamp() + self.count * 3600 < AS_OF.timestamp()
        after = self.last_day(start.date()) + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=LONDON).timestamp() < AS_OF.timestamp()

    def last_day(self, day: date) -> date:
        left = self.count
        while left:
            day += timedelta(days=1)
            left -= self.unit == "days" or (day.weekday() < 5 and day not in HOLIDAYS)
        return day


def starts_of(written: list[str], mode: str, until: datetime) -> set[datetime]:
    """Every instant at which the clock may have started, given when the event (or the as-of) was."""
    choices = [[BEGINNING, until] if one in (ABSENT, UNKNOWN) else instants(one) for one in written]
    pick = {"one": max, "last_of": max, "first_of": min}[mode]
    return {pick(world) for world in product(*choices)}


def expected(event: str, starts: list[str], mode: str, limit: Limit) -> Verdict | None:
    """The verdict that every possible world gives; None where they differ."""
    worlds = set()
    if event == ABSENT:
        for start in starts_of(starts, mode, AS_OF):
            worlds.add(Verdict.NOT_MET if limit.is_over(start) else Verdict.NOT_DUE_YET)
    else:
        for done in instants(event):
            for start in starts_of(starts, mode, done):
                worlds.add(Verdict.MET if limit.in_time(start, done) else Verdict.NOT_MET)
    return worlds.pop() if len(worlds) == 1 else None


DATES = [
    "2015-09-01T10:15", "2015-09-01", "2015-09", "2015-09-02T10:15", "2015-09-02", "2015-09-04", "2015-09-05T23:59", "2015-09-07", "2015-09-08T00:00",
    "2015-10", "2015-10-24T12:00", "2015-10-25T11:00", "2015-10-25T12:00", "2016-03-24", "2016-03-26T12:00", "2016-03-27T13:00", "2016-03-29", "2016-07-15T09:00", "2016-07-16", "2016-07-18",
]  # fmt: skip
limits = st.sampled_from(
    [
        Limit(24, "hours"),
        Limit(1, "hours"),
        Limit(1, "days"),
        Limit(3, "days"),
        Limit(7, "days"),
        Limit(1, "working days"),
        Limit(5, "working days"),
    ]
)
events = st.sampled_from([ABSENT, *DATES])
starts = st.sampled_from([ABSENT, UNKNOWN, *DATES])


def found(event: str, written: list[str], mode: str, limit: Limit) -> Verdict:
    names = ["report.received", "suspect.identified_on"][: len(written)]
    after = names[0] if mode == "one" else f"{{{mode}: [{', '.join(names)}]}}"
    body = f"for_each: suspect\nlimit_standing: local\ndeadline: {{event: suspect.interviewed, after: {after}, limit: {limit}}}"
    facts = [
        "ref: S1",
        *([f"interviewed: {event}"] if event else []),
        *([f"identified_on: {written[1]}"] if len(written) > 1 and written[1] else []),
    ]
    report = f"report: {{received: {written[0]}}}\n" if written[0] else ""
    return finding_of(body, f"{report}suspects: [{{{', '.join(facts)}}}]").verdict


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=400 * int(os.environ.get("TIMES", "1")))
@given(events, starts, starts, st.sampled_from(["one", "first_of", "last_of"]), limits)
def test_the_engine_gives_the_verdict_of_every_possible_world(
    event: str, first: str, second: str, mode: str, limit: Limit
) -> None:
    written = [first] if mode == "one" else [first, second]

    wanted = expected(event, written, mode, limit)
    given_verdict = found(event, written, mode, limit)

    if wanted is None:
        assert given_verdict in (Verdict.NOT_RECORDED, Verdict.CANNOT_TELL)
    else:
        assert given_verdict is wanted


# Schedules, told again in the plainest way: days as numbers, one after another.

SCHEDULE = "limit_standing: local\nfor_each: plan\nschedule: {first_after: plan.agreed, events: plan.reviews, first: FIRST days, every: EVERY days, until: plan.ended}"
numbers = st.integers(0, 40)


def plain_schedule(start: int, reviews: list[int], end: int | None, as_of: int, first: int, every: int) -> str:
    """The verdict on exact days; every day is before the as-of or on it."""
    stop = as_of if end is None else end
    due = start + first
    counted = sorted(review for review in reviews if start <= review and (end is None or review <= end))
    for review in counted:
        if due < min(review, stop):
            return "not met"
        due = review + every
    if due < stop:
        return "not met"
    unsure = bool(counted) and counted[0] == end  # of two on one day it is not known which came first
    if counted and not unsure:
        return "met"
    if end is not None and plain_schedule(start, reviews, None, as_of, first, every) == "met":
        return "met"  # what is kept without the end is kept with it
    if unsure:
        return "cannot tell"
    return "does not apply" if end is not None and end < as_of else "not due yet"


@pytest.mark.unmeasured
@settings(max_examples=150 * int(os.environ.get("TIMES", "1")), deadline=None)
@given(
    start=numbers,
    reviews=st.lists(numbers, max_size=5),
    end=st.none() | numbers,
    later=st.integers(0, 10),
    first=st.integers(1, 15),
    every=st.integers(1, 15),
)
def test_a_schedule_of_exact_days_is_judged_as_anybody_would_count_it(
    start: int, reviews: list[int], end: int | None, later: int, first: int, every: int
) -> None:
    assume(end is None or end >= start)
    as_of = max([start, *reviews, *([end] if end is not None else [])]) + later

    def day(number: int) -> str:
        return (date(2016, 1, 1) + timedelta(days=number)).isoformat()

    ended = f", ended: {day(end)}" if end is not None else ""
    text = f"as_of: {day(as_of)}\nplans: [{{ref: P1, agreed: {day(start)}, reviews: [{', '.join(map(day, reviews))}]{ended}}}]"
    finding = finding_of(SCHEDULE.replace("FIRST", str(first)).replace("EVERY", str(every)), text)

    assert finding.verdict == plain_schedule(start, reviews, end, as_of, first, every), finding.says
