"""A case in brief: what every rule comes to, without what it rests on; where many cases are only counted, nobody sees more.

The engine is the definition. A verdict hangs on what the facts are like that a rule reads, and, of days, on nothing but the order in which
they and the ends of its limits lie: so the engine is asked once for every such likeness, and what it said is looked up for all that follow.
What cannot be compared in this way - lists of events, things that are counted, records that contradict each other - it is asked each time, and
of each day that an undated day 0 may have been.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple

from checklist.case import Case, Fact, Thing
from checklist.clocks import UNDATED_DAY_ZERO, Moment, bounds_of, end_of
from checklist.conditions import Op, Path, Scope, Test
from checklist.engine import (
    Bench,
    Settled,
    at_risk,
    events_of,
    judge,
    judgement_problems,
    of_none,
    of_one,
    of_reading,
    review,
    same,
    scope_of,
)
from checklist.findings import Brief, Finding, Outcome, Review, Sort, is_unseen
from checklist.later import dataclass
from checklist.logic import State
from checklist.readings import Moved, Readings
from checklist.recall import PARTS, Ends, Lengths, Recent, days_named, is_bounded, may_start_later, order_of
from checklist.rules import Checklist, Rule
from checklist.vocabulary import CASE, FactKind, FactType

_MOST = 14_000
"""So many of each are kept, so that memory stays as it is however many cases there are."""
_MOST_THINGS = 200
"""Of a case that lists more, events included, the engine weighs first whether they are too many pairs: 200 times 200 are not."""
_TOO_MUCH = 0
"""Stands for a fact that cannot be compared."""
_KIND_BITS = 3
_READING = 4
"""Stands for a case read as if day 0 had been one of several days."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One rule, and how what it is asked of is compared."""

    number: int
    rule: Rule
    places: int
    """Which of its group's facts it reads, a bit for each."""
    pick: Callable[[Sequence[int]], tuple[int, ...]]
    """Takes from a row of what its group's facts are like those that it reads."""
    counted: tuple[str, ...]
    """The kinds of things that it counts."""
    in_order: bool
    """Whether the order of days matters to it."""
    needs_dates: bool
    """Whether it may hang on which of several days day 0 was."""
    has_rows: bool
    """Whether it asks for events that come again and again."""
    starts: frozenset[int]
    """Those of its facts from which a limit may run."""
    is_open: bool
    """Whether it may run from elsewhere, though all of them have a day."""
    lengths: Lengths
    comparison: int
    """The same for rules that compare the same days of the same facts in the same way."""
    minutes: tuple[int, ...]
    """The days that the rule itself names."""
    judged_on: int
    """The fact that decides which of its standards holds; -1 where none does."""


_Places = dict[str, tuple[tuple[int, Path], ...]]
"""By its name in a case file: the facts that are read of it (itself, and parts of it), and where they stand in a row."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The rules that are asked of the same things, and every fact that any of them reads."""

    number: int
    kind: str
    rules: tuple[_Asked, ...]
    paths: tuple[Path, ...]
    by_kind: dict[str, _Places]
    of_the_case: tuple[Path, ...]
    """The facts of the whole case that may rule out any thing that there may be."""


@dataclass(slots=True)
class _Seen:
    """What earlier cases came to, by what they were like."""

    likes: dict[Hashable, int] = field(default_factory=dict)
    """A number for everything that a fact may be like; none is nought."""
    of_one: Recent[Sort] = field(default_factory=lambda: Recent(_MOST))
    of_none: dict[Hashable, tuple[Sort, ...]] = field(default_factory=dict)
    ends: Ends = field(default_factory=Ends)
    blank: dict[Hashable, list[int]] = field(default_factory=dict)
    """By the number of a group and the areas that were looked at: what its facts are like where nobody wrote anything down."""

    def number(self, like: Hashable) -> int:
        """The number of a likeness."""
        return self.likes.setdefault(like, len(self.likes) + 1)

    @property
    def held(self) -> int:
        """How many of all these there are."""
        return len(self.of_one) + len(self.of_none) + len(self.likes) + len(self.ends) + len(self.blank)

    def make_room(self) -> None:
        """Forgets, where there is too much."""
        if len(self.likes) + len(self.of_none) + len(self.blank) > _MOST:  # a number may then mean another likeness
            for held in (self.likes, self.of_one, self.of_none, self.blank):
                held.clear()


@dataclass(frozen=True, slots=True)
class _Alike:
    """A fact, as it is compared with those of other cases."""

    like: int
    minutes: tuple[int, ...]
    """The bounds of its day and of those of its parts."""
    moment: Moment | None = None

    def moved(self, there: Mapping[int, int]) -> "_Alike":
        """The same where its days lie elsewhere."""
        moment = self.moment
        if moment is not None:
            lo, hi = (None if minute is None else there[minute] for minute in (moment.lo, moment.hi))
            moment = replace(moment, lo=lo, hi=hi)
        return _Alike(self.like, tuple([there[minute] for minute in self.minutes]), moment)


class _Row(NamedTuple):
    """What a group reads of a subject, on one of the days that an undated day 0 may have been."""

    likes: list[int]
    """What every fact is like."""
    days: dict[int, _Alike]
    """Those that have a day, by where they stand, in that order."""
    dated: int
    """Which they are, a bit for each."""
    as_of: int
    orders: dict[tuple[int, int], Hashable]
    """By what is compared and of which facts: in which order they lie, once that was asked."""

    def moved(self, there: Moved) -> "_Row":
        """The same on another day."""
        days = {place: one.moved(there.minutes) for place, one in self.days.items()}
        return _Row(self.likes, days, self.dated, there.as_of, {})


class Briefs:
    """Cases in brief, by one checklist."""

    def __init__(self, checklist: Checklist, standard_on: date | None = None) -> None:
        """Nothing is known yet.

        Args:
            checklist: the rules that are asked.
            standard_on: judge by the standards in force on this day instead of the standard of the day.
        """
        self._checklist = checklist
        self._standard_on = standard_on
        self._seen = _Seen()
        self._groups, self._apart = _grouped(checklist, self._seen.ends)
        self._places = {id(asked.rule): (group, asked) for group in self._groups for asked in group.rules}
        """By its identity: where a rule stands."""
        of_rules = [tuple(version.blocks for version in rule.versions) for rule in checklist.rules]
        self._schedules = tuple(versions for versions in of_rules if any(blocks.schedule for blocks in versions))
        """The standards of the rules that look through events."""
        counted = ((number, rule.counted) for number, rule in enumerate(checklist.rules))
        self._counting = tuple((number, kinds) for number, kinds in counted if kinds)
        """The rules that count things, and the kinds that each counts."""

    @property
    def held(self) -> int:
        """How many likenesses are held of earlier cases."""
        return self._seen.held

    def of(self, case: Case, readings: Readings | None = None) -> Brief:
        """A case in brief: what `brief_of` makes of its review.

        Args:
            case: the case, as `load_case` gives it.
            readings: the same case for each day that an undated day 0 may have been.
        """
        checklist = self._checklist
        read: Sequence[Case] = readings or ()
        if case.wary is not None or self._looked_through(case) > _MOST_THINGS:
            return self.of_review(review(case, checklist, readings=read, standard_on=self._standard_on))
        one = self._one(case, readings)
        by_rule: list[Sequence[Sort]] = [()] * len(checklist.rules)
        for group in self._groups:
            for asked, sorts in zip(group.rules, one.sorts(group), strict=True):
                by_rule[asked.number] = sorts
        for number in self._apart:
            by_rule[number] = [_sort(one, checklist.rules[number]) for one in self._found(number, case, read)]
        problems = case.problems
        if case.judgements:
            found = [one for number in sorted(self._judged(case)) for one in self._found(number, case, read)]
            problems = tuple(sorted((*problems, *judgement_problems(case, checklist, found))))
        return Brief(
            file=case.file,
            case=case.name,
            as_of=case.as_of.text,
            findings=tuple(chain.from_iterable(by_rule)),
            problems=problems,
            at_risk=at_risk(case, checklist),
        )

    def settled(self, case: Case, readings: Readings) -> Settled:
        """Which verdicts of a case do not hang on the day that its day 0 was.

        Args:
            case: the case, as `load_case` gives it.
            readings: the same case for each day that an undated day 0 may have been.
        """
        one = self._one(case, readings)

        def settled(rule: Rule, subject: Thing) -> bool | None:
            place = self._places.get(id(rule))
            return None if place is None else one.settled(*place, subject)

        return settled

    def of_review(self, review: Review) -> Brief:
        """A review in brief, not yet marked with who accepted what."""
        return brief_of(review, self._checklist)

    def _looked_through(self, case: Case) -> int:
        """How many things a case lists, with the most events that a rule looks through beside them."""
        events = [sum([events_of(blocks, case) for blocks in versions]) for versions in self._schedules]
        return sum([len(listing.things) for listing in case.listings.values()]) + max(events, default=0)

    def _one(self, case: Case, readings: Readings | None) -> "_OneCase":
        self._seen.make_room()
        moved = readings.moved() if readings else ()
        # What lies after the as-of may do so in some readings only, a judgement as well.
        cases = [case] if moved else [case, *(readings or ())]
        left = (
            frozenset()
            .union(*map(self._judged, cases))
            .union(number for number, kinds in self._counting if any(case.listing(kind).things for kind in kinds))
        )
        bench = Bench(self._checklist, self._standard_on)
        return _OneCase(case, readings or (), moved, bench, self._seen, left)

    def _judged(self, case: Case) -> frozenset[int]:
        """The numbers of the rules that somebody judged in a case."""
        judged = {one.rule for one in case.judgements}
        if not judged:
            return frozenset()
        return frozenset(number for number, rule in enumerate(self._checklist.rules) if rule.id in judged)

    def _found(self, number: int, case: Case, readings: Sequence[Case]) -> list[Finding]:
        rule = self._checklist.rules[number]
        return [one.finding for one in judge(rule, case, self._checklist, readings, self._standard_on)]


def brief_of(review: Review, checklist: Checklist) -> Brief:
    """A review in brief.

    Args:
        review: a review, not yet marked with who accepted what.
        checklist: the rules that it was made by.
    """
    rules = {rule.id: rule for rule in checklist.rules}
    return Brief(
        file=review.file,
        case=review.case,
        as_of=review.as_of,
        findings=tuple([_sort(finding, rules[finding.rule]) for finding in review.findings]),
        problems=review.problems,
        at_risk=review.at_risk,
        line=review.line,
        fault=review.fault,
    )


def _sort(finding: Finding, rule: Rule) -> Sort:
    return rule.sort(finding.verdict, finding.basis, unseen=finding.is_unseen, spared=finding.is_spared)


class _OneCase:
    """One case, as it is compared with those before it."""

    def __init__(
        self,
        case: Case,
        readings: Sequence[Case],
        moved: Sequence[Moved],
        bench: Bench,
        seen: _Seen,
        left: frozenset[int],
    ) -> None:
        self.case = case
        self.readings = readings
        self.bench = bench
        self.seen = seen
        self.left = left
        """The numbers of the rules that are put to the engine, whatever the facts are like."""
        self.as_of = end_of(case.as_of)
        self.kind_of_day = (case.undated_from is None) + 2 * (case.undated_from is UNDATED_DAY_ZERO)
        self.moved = moved
        """Where the days lie in all readings but the first, if they lie in the same order; else those readings stand beside it."""
        self.others = [] if moved else [_OneCase(one, (), (), bench, seen, left) for one in islice(readings, 1, None)]
        self.facts: dict[int, tuple[Fact, _Alike]] = {}
        """By their identity: facts, and what they are like."""
        self.readable = replace(case.whole, unread=False)
        self.of_empty: dict[str, _Alike] = {}
        """By kind: what every fact is like of a kind of which none is listed."""
        self.rows: dict[tuple[int, str], list[_Row]] = {}
        """By the number of a group and the path of a subject: what the group reads of it on each day that day 0 may have been."""

    def sorts(self, group: _Group) -> Sequence[Sequence[Sort]]:
        """What each rule of a group comes to, of each of its subjects."""
        case = self.case
        if not group.kind:
            return [[sort] for sort in self.of_subject(group, case.whole)]
        things = case.listing(group.kind).things
        if not things:
            return [[sort] for sort in self._of_none(group)]
        return list(zip(*[self.of_subject(group, thing) for thing in things], strict=True))

    # A subject.

    def of_subject(self, group: _Group, subject: Thing) -> list[Sort]:
        """What each rule of a group comes to, of one of its subjects."""
        row = self.row(group, subject)
        rows: list[_Row] = []
        sorts: list[Sort] = []
        for asked in group.rules:
            picked = asked.pick(row.likes)
            if _TOO_MUCH in picked or asked.number in self.left:
                sorts.append(self._asked(asked.rule, subject))
                continue
            found = None
            if self.readings and asked.needs_dates:
                rows = rows or self._on_each_day(group, subject, row)
                found = self._whichever_day(asked, subject, rows)
            sorts.append(found or self._like(asked, picked, subject, self._order(asked, row)))
        return sorts

    def _like(
        self, asked: _Asked, picked: tuple[int, ...], subject: Thing, order: Hashable, reading: int | None = None
    ) -> Sort:
        """What a rule came to, of a subject of which everything is like this that it reads (in one reading of the case)."""
        kind = self.kind_of_day if reading is None else _READING
        key: Hashable = (asked.number << _KIND_BITS | kind, order, *picked)
        if asked.counted:
            key = (key, *map(self._like_of_none, asked.counted))
        found = self.seen.of_one.find(key)
        if found is None:
            found = self._asked(asked.rule, subject, reading)
            self.seen.of_one.keep(key, found)
        return found

    def _asked(self, rule: Rule, subject: Thing, reading: int | None = None) -> Sort:
        """What the engine says."""
        if reading is None:
            return _sort_of(of_one(rule, self.case, subject, self.bench, self.readings), rule)
        case = self.readings[reading]
        return _sort_of(of_reading(rule, case, same(case, subject), self.bench), rule)

    # Its day 0, where that may have been one of several days.

    def settled(self, group: _Group, asked: _Asked, subject: Thing) -> bool | None:
        """Whether a rule that needs dates comes to the same on every such day; None where it must be asked on each."""
        rows = self.rows.get((group.number, subject.path))
        if rows is None:
            rows = self._on_each_day(group, subject, self.row(group, subject))
            self.rows[group.number, subject.path] = rows
        if asked.number in self.left or _TOO_MUCH in asked.pick(rows[0].likes):
            return None
        return self._whichever_day(asked, subject, rows) is not None

    def _on_each_day(self, group: _Group, subject: Thing, row: _Row) -> list[_Row]:
        """What a group reads of a subject on each day that day 0 may have been; on the first of them, what it reads of the case itself."""
        loaded = [other.row(group, same(other.case, subject)) for other in self.others]
        return [row, *(loaded or [row.moved(there) for there in self.moved])]

    def _whichever_day(self, asked: _Asked, subject: Thing, rows: Sequence[_Row]) -> Sort | None:
        """What a rule that needs dates comes to on every day that day 0 may have been; None where that hangs on the day."""
        first: Sort | None = None
        before: Hashable = None
        for reading, row in enumerate(rows):
            picked = asked.pick(row.likes)
            if _TOO_MUCH in picked:  # where its days lie is not told by what it is like
                found = self._asked(asked.rule, subject, reading)
            else:
                like = picked, self._order(asked, row)
                if first is not None and like == before:
                    continue
                before = like
                found = self._like(asked, picked, subject, like[1], reading)
            if first is not None and found.verdict is not first.verdict:
                return None
            first = first or found
        return first

    # What is compared of a subject.

    def row(self, group: _Group, subject: Thing) -> _Row:
        """What a group reads of a subject."""
        return self._row(group, scope_of(group.rules[0].rule, self.case, subject, self.bench))

    def _row(self, group: _Group, scope: Scope) -> _Row:
        row = _Row(self._blank(group).copy(), {}, 0, self.as_of, {})
        stands: dict[int, str] = {}
        for kind, places in group.by_kind.items():
            thing = self.case.whole if kind == CASE else scope.things.get(kind)
            if thing is None:
                self._put_others(row, kind, places, scope, stands)
                continue
            for name in places if thing.unread else places.keys() & thing.facts.keys():
                for place, path in places[name]:
                    self._put(row, place, path, scope, stands)
        if len(set(stands.values())) < len(stands):  # one piece of evidence may be taken for another
            self._tell_apart(row.likes, stands)
        days = {place: row.days[place] for place in sorted(row.days)}
        return row._replace(days=days, dated=sum([1 << place for place in days]))

    def _tell_apart(self, likes: list[int], stands: dict[int, str]) -> None:
        """Facts that stand in one place are not like those that stand by themselves."""
        together: dict[str, list[int]] = {}
        for place, where in stands.items():
            together.setdefault(where, []).append(place)
        for places in together.values():
            for place in places if len(places) > 1 else ():
                likes[place] = self.seen.number((likes[place], *sorted(places))) if likes[place] else _TOO_MUCH

    def _blank(self, group: _Group) -> list[int]:
        """What they are like where nobody wrote anything down."""
        key = (group.number, self.case.looked_at)
        likes = self.seen.blank.get(key)
        if likes is None:
            absent = (self.case.absence(path.fact.area, self.readable) for path in group.paths)
            likes = self.seen.blank[key] = [self.seen.number(_likeness(state)) for state in absent]
        return likes

    def _put(self, row: _Row, place: int, path: Path, scope: Scope, stands: dict[int, str]) -> None:
        fact = scope.fact(path)
        self._put_one(row, place, self._compared(fact, path))
        stands[place] = fact.path

    def _put_one(self, row: _Row, place: int, one: _Alike) -> None:
        row.likes[place] = one.like
        if one.moment is not None or one.minutes:
            row.days[place] = one

    def _put_others(self, row: _Row, kind: str, places: _Places, scope: Scope, stands: dict[int, str]) -> None:
        """The facts of a kind of which the subject is none; where none is listed, all of them are as the list is."""
        if kind in scope.missing or self.case.listing(kind).things:
            for of_name in places.values():
                for place, path in of_name:
                    self._put(row, place, path, scope, stands)
            return
        one = self.of_empty.get(kind)
        for of_name in places.values():
            for place, path in of_name:
                if one is None:
                    one = self.of_empty[kind] = self._compared(scope.fact(path), path)
                self._put_one(row, place, one)

    def _order(self, asked: _Asked, row: _Row) -> Hashable:
        """In which order all minutes lie that a rule compares with each other, and which of its standards may have been in force."""
        places = asked.places & row.dated
        if not asked.in_order or not places:
            return None
        compared = asked.comparison, places
        order = row.orders.get(compared)
        if order is None:
            order = row.orders[compared] = self._order_of(asked, places, row)
        return order if asked.judged_on < 0 else (order, _standards(asked.rule, row.days.get(asked.judged_on)))

    def _order_of(self, asked: _Asked, places: int, row: _Row) -> Hashable:
        days = [(place, one) for place, one in row.days.items() if places >> place & 1]
        minutes, ends = [0, row.as_of, *asked.minutes], self.seen.ends.of
        for place, one in days:
            minutes += one.minutes
            if asked.has_rows:  # of an end, the first minute after it counts
                minutes += [minute + 1 for minute in one.minutes]
            if place in asked.starts:
                for minute in one.minutes:
                    minutes += ends(minute, asked.lengths)
        if asked.is_open or not all(place in row.days and is_bounded(row.days[place].moment) for place in asked.starts):
            minutes += ends(row.as_of, asked.lengths)  # it may start as late as what is to follow it
            for _, one in days:
                for minute in one.minutes:
                    minutes += ends(minute, asked.lengths)
        return order_of(minutes)

    def _compared(self, fact: Fact, path: Path) -> _Alike:
        known = self.facts.get(id(fact))
        if known is None:
            known = self.facts[id(fact)] = (fact, _alike(fact, path.fact, self.seen))
        return known[1]

    # None that is listed.

    def _like_of_none(self, kind: str) -> Hashable:
        """What a list is like that holds nothing."""
        listing = self.case.listing(kind)
        state = listing.state
        if state is State.NOT_RECORDED:
            state = self.case.absence_of(self.bench.checklist.vocabulary.kinds[kind])
        return listing.state._value_, state._value_, listing.complete

    def _of_none(self, group: _Group) -> Sequence[Sort]:
        likes: list[int] = []
        for path in group.of_the_case:
            one = self._compared(self.case.fact(self.case.whole, path.fact), path)
            likes.append(_TOO_MUCH if one.minutes else one.like)
        key = (group.number, self._like_of_none(group.kind), tuple(likes))
        found = self.seen.of_none.get(key)
        if found is None:
            outcomes = [of_none(asked.rule, self.case, self.bench) for asked in group.rules]
            found = tuple([_sort_of(outcome, asked.rule) for outcome, asked in zip(outcomes, group.rules, strict=True)])
            if _TOO_MUCH not in likes:
                self.seen.of_none[key] = found
        return found


def _sort_of(outcome: Outcome, rule: Rule) -> Sort:
    return rule.sort(outcome.verdict, outcome.basis, unseen=is_unseen(outcome.verdict, outcome.evidence))


def _alike(fact: Fact, type_: FactType, seen: _Seen) -> _Alike:
    """What a fact is like, its parts included."""
    if fact.type is not type_ and fact.type.name != type_.name:
        return _Alike(_TOO_MUCH, ())
    like = _likeness_of(fact)
    minutes = bounds_of(fact.moment)
    if fact.parts:
        for name in PARTS:
            part = fact.parts.get(name)
            if part is not None:
                of_part = _likeness_of(part)
                like = None if like is None or of_part is None else (like, name, of_part)
                minutes += bounds_of(part.moment)
    if like is None:
        return _Alike(_TOO_MUCH, ())
    return _Alike(seen.number(like), tuple(minutes), fact.moment)


def _likeness_of(fact: Fact) -> Hashable:
    """What one fact is like, without its parts; None where it cannot be compared."""
    if fact.records or fact.mixed or fact.at is not None:
        return None
    value: object = fact.value
    if isinstance(value, Moment):
        value = (value.lo is None, value.hi is None)
    elif fact.type.kind is FactKind.TEXT:
        value = value is not None
    return _likeness(fact.state, value, complete=fact.complete, reason=fact.reason, decided=fact.decided)


def _likeness(
    state: State, value: object = None, *, complete: bool = True, reason: str = "", decided: bool | None = False
) -> Hashable:
    return state._value_, type(value), value, complete, reason, decided


def _standards(rule: Rule, judged_on: _Alike | None) -> Hashable:
    """Which standards of a rule may have been in force."""
    day = None if judged_on is None else judged_on.moment
    if day is None:
        return None
    first, last = rule.versions[0].first, rule.versions[-1].last
    begins = first is not None and (day.lo_day is None or day.lo_day < first)
    ended = last is not None and (day.hi_day is None or day.hi_day > last)
    return begins, ended, tuple([version.covers(day.lo_day, day.hi_day) for version in rule.versions])


# What is compared.


def _grouped(checklist: Checklist, ends: Ends) -> tuple[tuple[_Group, ...], tuple[int, ...]]:
    """The rules by what they are asked of; and the numbers of those that take another's place, of which both are asked."""
    together: dict[Hashable, list[int]] = {}
    apart: list[int] = []
    for number, rule in enumerate(checklist.rules):
        if rule.shipped is not None:
            apart.append(number)
        else:
            together.setdefault((rule.for_each, rule.join and (rule.join[0].name, rule.join[1])), []).append(number)
    alike: dict[Hashable, int] = {}
    groups = [_group(place, numbers, checklist, ends, alike) for place, numbers in enumerate(together.values())]
    return tuple(groups), tuple(apart)


def _group(place: int, numbers: list[int], checklist: Checklist, ends: Ends, alike: dict[Hashable, int]) -> _Group:
    rules = [checklist.rules[number] for number in numbers]
    paths = {str(path): path for rule in rules for path in _paths(rule, checklist)}
    places = {name: number for number, name in enumerate(paths)}
    of_the_case = {
        str(path): path
        for rule in rules
        for condition in rule.asked_of_the_case
        for path in condition.paths()
        if path.kind == CASE
    }
    by_kind: dict[str, dict[str, tuple[tuple[int, Path], ...]]] = {}
    for number, path in enumerate(paths.values()):
        of_kind, name = by_kind.setdefault(path.kind, {}), path.fact.name.split(".")[1]
        of_kind[name] = (*of_kind.get(name, ()), (number, path))
    asked = [_asked(number, rule, places, checklist, ends, alike) for number, rule in zip(numbers, rules, strict=True)]
    return _Group(
        number=place,
        kind=rules[0].for_each,
        rules=tuple(asked),
        paths=tuple(paths.values()),
        by_kind=by_kind,
        of_the_case=tuple(of_the_case.values()),
    )


def _asked(
    number: int, rule: Rule, places: Mapping[str, int], checklist: Checklist, ends: Ends, alike: dict[Hashable, int]
) -> _Asked:
    blocks = [version.blocks for version in rule.versions]
    deadlines = [one.deadline for one in blocks if one.deadline is not None]
    lengths = ends.lengths_of(rule, checklist.calendars.get(rule.calendar))
    reads = tuple(sorted({places[str(path)] for path in _paths(rule, checklist)}))
    tests = [node for node in rule.nodes() if isinstance(node, Test) and node.op in (Op.BEFORE, Op.AFTER)]
    schedules = [one.schedule for one in blocks if one.schedule is not None]
    starts = [start.path for deadline in deadlines for start in deadline.starts]
    starts += [schedule.first_after for schedule in schedules]
    minutes = days_named(rule)
    # Of a kind that is counted as well, and of which nothing is listed, no fact is compared: as the list is, so are they.
    begins = frozenset(places[str(path)] for path in starts if str(path) in places)
    is_open = may_start_later(rule) or len(begins) < len(set(map(str, starts)))
    return _Asked(
        number=number,
        rule=rule,
        places=sum(1 << place for place in reads),
        pick=_picker(reads),
        counted=tuple(dict.fromkeys(rule.counted)),
        in_order=bool(deadlines or tests or schedules) or rule.judged_on is not None,
        needs_dates=rule.needs_dates or rule.counts_hours,
        has_rows=bool(schedules),
        starts=begins,
        is_open=is_open,
        lengths=lengths,
        comparison=alike.setdefault((lengths.number, minutes, begins, is_open, bool(schedules)), len(alike)),
        minutes=minutes,
        judged_on=places.get(str(rule.judged_on), -1),
    )


def _paths(rule: Rule, checklist: Checklist) -> Iterator[Path]:
    """Every fact that a rule reads of a subject: also what another is a part of; not those of the things that it counts."""
    own = {rule.for_each, CASE, *(rule.join[1:] if rule.join is not None else ())}
    for path in rule.paths():
        if path.kind in own or path.kind not in rule.counted:
            yield path
            whole = checklist.vocabulary.fact(path.fact.name.rpartition(".")[0])
            if whole is not None:
                yield replace(path, fact=whole)


def _picker(places: tuple[int, ...]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda likes: tuple([likes[place] for place in places])
