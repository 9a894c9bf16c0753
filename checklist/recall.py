"""What a rule came to of facts like these before: most of what one case of a folder says of a rule, another has said.

What a rule comes to hangs on what the facts are like that it reads, and not on where they stand or how they are drawn. So it is
worked out once, on stand-ins: facts that are alike, whose places and days are blanks. What comes of it is kept, and filled in for every
subject whose facts are like these. Stand-ins hold nothing that was not compared: whoever asks them for it - for a day, for another fact -
gets none. Where that was a day, the order of all days is compared as well, with the ends of the limits that may run from them; the stand-ins
then have first and last minutes, and whatever a day, a limit's end or a distance is called is a blank too. Where that is not enough either,
nothing is kept, and the rule is worked out on the facts themselves, as the engine defines it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from itertools import chain
from typing import Any, Generic, Literal, TypeVar

from checklist.case import Case, Fact, Listing, Thing
from checklist.clocks import UNDATED_DAY_ZERO, Calendar, Due, Limit, Moment, Words, bounds_of, due, end_of
from checklist.conditions import Path, Scope, Test
from checklist.findings import Branch, Cause, Mark, Outcome
from checklist.later import dataclass
from checklist.logic import Evidence, State
from checklist.rules import Deadline, Rule, Version
from checklist.vocabulary import CASE, DATED, FactKind, FactType, Vocabulary

_T = TypeVar("_T")
ByVersion = tuple[Outcome, tuple[Version, ...]]
"""An outcome, and the standards that may have been in force."""

_MOST = 12_000
"""So many outcomes are kept, and as many that were asked for before, so that memory stays as it is however many cases there are."""
_MOST_SEEN = 20_000
"""And so many likenesses of which less is known."""
_DAY, _PATH = "\x01", "\x02"
"""Each stands on both sides of the number of what is filled in; no case file may hold them."""
PARTS = ("known", "decided_at")
"""The parts of a fact that rules read without naming them."""
_MOST_ENDS = 4_000
"""Ends of limits that are kept: they are soon worked out again."""
_LIMITS_BITS = 16
_MOST_IN_BYTES = 256
"""Places in an order that a byte each can tell apart."""
_NEVER = -(10**12)
"""Stands for a day that a calendar does not have."""


class _AskedError(AttributeError):
    """A stand-in was asked for what it does not have."""


class _SomeDay(Moment):
    """A day of which nothing is known, not even by mistake."""

    def __getattribute__(self, name: str) -> object:
        if name == "__class__":
            return _SomeDay
        raise _AskedError(name)


class _DayInOrder(Moment):
    """A day of which it is known, by its first and its last minute, where it lies among others."""

    def __getattribute__(self, name: str) -> object:
        if name in ("__class__", "lo", "hi"):
            return super().__getattribute__(name)
        raise _AskedError(name)


class _AsOf(Moment):
    """The day of the review, of which it is known when it ends."""

    def __getattribute__(self, name: str) -> object:
        if name in ("__class__", "hi", "precision"):
            return super().__getattribute__(name)
        raise _AskedError(name)


class _SomeDate(date):
    """One of the days that an undated day 0 may have been: nothing can be counted from it."""

    def _refuse(self, *_: object) -> Any:
        raise _AskedError

    __sub__ = __rsub__ = toordinal = _refuse


class _Parts(dict[str, Fact]):
    """The parts of a fact that were compared."""

    def get(self, name: str, default: object = None) -> Fact | None:  # type: ignore[override]  # there is no other default
        if name not in PARTS:
            raise _AskedError(name)
        return super().get(name)

    def _refuse(self, *_: object) -> Any:
        raise _AskedError

    __contains__ = __iter__ = keys = values = items = _refuse


_SOME_DAY = object.__new__(_SomeDay)
_SOME_DATE = _SomeDate(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Limits that may run from the same day."""

    limits: tuple[Limit, ...]
    calendar: Calendar | None
    number: int


class Ends:
    """Where limits end, of those that were asked for not long ago."""

    def __init__(self) -> None:
        self._lengths: dict[Hashable, Lengths] = {}
        self._known: dict[int, list[int]] = {}

    def __len__(self) -> int:
        """How many are held."""
        return len(self._known)

    def lengths_of(self, rule: Rule, calendar: Calendar | None) -> Lengths:
        """The limits of a rule: one number for all rules of the same."""
        limits = tuple(dict.fromkeys(limit for version in rule.versions for limit in version.blocks.limits()))
        return self._lengths.setdefault((limits, calendar), Lengths(limits, calendar, len(self._lengths)))

    def of(self, start: int, lengths: Lengths) -> list[int]:
        """Where limits end that run from a minute, each by its last minute and by the first that is no longer in it."""
        key = start << _LIMITS_BITS | lengths.number
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_ENDS:
                self._known.clear()
            ends = [due(start, limit, lengths.calendar) for limit in lengths.limits]
            found = [minute for end in ends for minute in ((_NEVER, _NEVER) if end is None else (end.last, end.ends))]
            self._known[key] = found
        return found


@dataclass(frozen=True, slots=True)
class _Days:
    """What the days are compared with that a rule reads."""

    starts: frozenset[int]
    """The paths, by their identity, of the facts from which a limit may run."""
    is_open: bool
    """Whether it may run from elsewhere, though all of them have a day."""
    lengths: Lengths
    minutes: tuple[int, ...]
    """The days that the rule itself names."""


def order_of(minutes: Sequence[int]) -> Hashable:
    """In which order some minutes lie."""
    order = map(sorted(set(minutes)).index, minutes)
    return bytes(order) if len(minutes) <= _MOST_IN_BYTES else tuple(order)


def is_bounded(moment: Moment | None) -> bool:
    """Whether there is a day, with a first and a last minute."""
    return moment is not None and moment.lo is not None and moment.hi is not None


def may_start_later(rule: Rule) -> bool:
    """Whether a limit may run from what became known: its day does not tell whether it was so, nor whether it was known of the others."""
    return any(
        deadline.start_mode == "first_known" or any(start.path.fact.name.count(".") > 1 for start in deadline.starts)
        for deadline in _deadlines(rule)
    )


def days_named(rule: Rule) -> tuple[int, ...]:
    """The bounds of the days that a rule itself names."""
    named = [node.operand for node in rule.nodes() if isinstance(node, Test) and isinstance(node.operand, Moment)]
    return tuple([bound for day in named for bound in bounds_of(day)])


@dataclass(frozen=True, slots=True)
class _Reads:
    """What a rule may read: facts by path, and lists that it counts."""

    paths: tuple[Path, ...]
    kinds: tuple[str, ...]
    judged: str
    """The rule, where a person is to answer it."""
    days: _Days | None
    """None where the order of its days is not enough."""

    def of(self, scope: Scope) -> Iterable[Path]:
        """The facts that it reads of a subject: those of what it counts are not the subject's own."""
        if not self.kinds:
            return self.paths
        return [path for path in self.paths if path.kind not in self.kinds or path.kind in scope.things]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a rule reads of one subject, what it is like, and where it stands."""

    key: Hashable
    facts: tuple[Fact, ...]
    listings: tuple[Listing, ...]

    def places(self, case: Case) -> list[Fact | Listing | Thing]:
        """What has a place: the facts, the lists, and the whole case."""
        return [*self.facts, *self.listings, case.whole]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An outcome with blanks: the places of its evidence are the numbers of `_Seen.places`, its days those of `_Seen.facts`."""

    outcome: Outcome
    versions: tuple[Version, ...]
    has_days: bool
    blanks: "tuple[_Blank, ...] | None" = None
    """What else is filled in; None where days were not compared."""


class Recent(Generic[_T]):
    """What was kept or asked for not long ago, by its key; older things are forgotten."""

    def __init__(self, most: int) -> None:
        """Nothing is kept yet.

        Args:
            most: how many things at most are kept since some were last put away, and of those before as many again.
        """
        self._most = most
        self._now: dict[Hashable, _T] = {}
        self._before: dict[Hashable, _T] = {}

    def __len__(self) -> int:
        """How many are held."""
        return len(self._now) + len(self._before)

    def find(self, key: Hashable) -> _T | None:
        """What is kept under a key, if anything is."""
        found = self._now.get(key)
        if found is None and (found := self._before.pop(key, None)) is not None:
            self._now[key] = found
        return found

    def keep(self, key: Hashable, kept: _T) -> None:
        """Keeps something under a key."""
        if len(self._now) >= self._most:
            self._now, self._before = {}, self._now
        self._now[key] = kept

    def clear(self) -> None:
        """Forgets everything."""
        self._now.clear()
        self._before.clear()


class Recall:
    """Outcomes of earlier subjects, by rule and by what the facts were like."""

    def __init__(self) -> None:
        # With the rule, lest its number be given to another.
        self._reads: dict[int, tuple[Rule, Vocabulary, _Reads | None]] = {}
        self._likes: dict[Hashable, int] = {}
        """A number for everything that a fact may be like."""
        self._kept = Recent[_Kept | Literal[False]](_MOST)
        """False where it is to be worked out each time."""
        self._once: set[int] = set()
        """Hashes of what was seen once: most of it is never seen again, and not worth keeping; where two have one, no harm is done."""
        self._by_order: set[Hashable] = set()
        """Of which likenesses the order of days is to be compared as well."""
        self._ends = Ends()
        self._pieces: dict[Evidence, Evidence] = {}
        """Evidence of what is kept, which is mostly alike."""

    @property
    def held(self) -> int:
        """How many likenesses are held."""
        return len(self._kept) + len(self._once) + len(self._by_order) + len(self._likes)

    def by_version(
        self,
        rule: Rule,
        scope: Scope,
        standard_on: date | None,
        calendar: Calendar | None,
        work_out: Callable[[Rule, Scope], ByVersion],
    ) -> ByVersion:
        """What a rule comes to: filled in where facts like these were seen before, else worked out.

        Args:
            rule: a rule.
            scope: the case as the subject sees it.
            standard_on: by whose day it is judged, if not by the standard of the day.
            calendar: the rule's working days.
            work_out: what the engine makes of a rule and a scope.
        """
        if len(self._likes) >= _MOST_SEEN:
            self._forget()
        reads = self._reads_of(rule, scope.vocabulary, calendar)
        seen = _seen(reads, scope, self._likes) if reads is not None else None
        if reads is None or seen is None:
            return work_out(rule, scope)
        key: Hashable = (id(rule), standard_on, seen.key)
        days = reads.days if key in self._by_order else None
        if days is not None:
            key = (key, _order(days, reads, seen, scope, self._ends))
        kept = self._kept.find(key)
        if kept is None:
            self._make_room()
            if hash(key) not in self._once:
                self._once.add(hash(key))
            else:
                made = _worked_out(rule, scope, seen, reads, work_out, in_order=days is not None)
                self._keep(key, made, reads, days)
        return _filled(kept, seen, scope) if kept else work_out(rule, scope)

    def _keep(self, key: Hashable, kept: _Kept | None, reads: _Reads, days: _Days | None) -> None:
        """Keeps an outcome; where there is none without the order of days, it is asked for from now on."""
        if kept is None and days is None and reads.days is not None:
            self._by_order.add(key)
        else:
            self._kept.keep(key, replace(kept, outcome=self._pooled(kept.outcome)) if kept is not None else False)

    def _pooled(self, outcome: Outcome) -> Outcome:
        """The same, of evidence that others rest on as well."""
        if len(self._pieces) >= _MOST_SEEN:
            self._pieces.clear()
        return outcome.resting_on(tuple([self._pieces.setdefault(piece, piece) for piece in outcome.evidence]))

    def _reads_of(self, rule: Rule, vocabulary: Vocabulary, calendar: Calendar | None) -> _Reads | None:
        """What a rule reads; None where it is asked by other words than before, or worked out each time."""
        found = self._reads.get(id(rule))
        if found is None:
            found = self._reads[id(rule)] = (rule, vocabulary, _reads(rule, vocabulary, calendar, self._ends))
        return found[2] if found[1] is vocabulary else None

    def _forget(self) -> None:
        """Forgets everything that is known by the numbers of likenesses, which may then be given to others."""
        for held in (self._likes, self._kept, self._once, self._by_order):
            held.clear()

    def _make_room(self) -> None:
        for seen in (self._once, self._by_order):
            if len(seen) >= _MOST_SEEN:
                seen.clear()


def _reads(rule: Rule, vocabulary: Vocabulary, calendar: Calendar | None, ends: Ends) -> _Reads | None:
    kinds = tuple(dict.fromkeys(rule.counted))
    paths = {str(path): path for path in chain(rule.paths(), _answers(rule, vocabulary))}
    if _may_say_twice(rule, [path.fact for path in paths.values()]):
        return None
    judged = any(version.blocks.judgement for version in rule.versions)
    return _Reads(tuple(paths.values()), kinds, rule.id if judged else "", _days(rule, paths, calendar, ends))


def _may_say_twice(rule: Rule, facts: Sequence[FactType]) -> bool:
    """Whether it may say something of one day twice, which is then said once: blanks do not tell that they will be alike."""
    names = [fact.name for fact in facts]
    for deadline in _deadlines(rule):
        if deadline.start_mode == "first_known":
            names += [f"{start.path.fact.name}.known" for start in deadline.starts]
    dated = [fact for fact in facts if fact.kind in (*DATED, FactKind.EVENTS)]
    told = ([fact.named for fact in dated if fact.named], [fact.done for fact in dated if fact.done])
    return any(len(set(words)) < len(words) for words in (names, *told))


def _answers(rule: Rule, vocabulary: Vocabulary) -> Iterator[Path]:
    """What became known on days from which limits run."""
    for deadline in _deadlines(rule):
        for start in deadline.starts:
            whole, _, part = start.path.fact.name.rpartition(".")
            fact = vocabulary.fact(whole) if part == "known" else None
            if fact is not None:
                yield replace(start.path, fact=fact)


def _deadlines(rule: Rule) -> list[Deadline]:
    return [version.blocks.deadline for version in rule.versions if version.blocks.deadline is not None]


def _days(rule: Rule, paths: dict[str, Path], calendar: Calendar | None, ends: Ends) -> _Days | None:
    """What its days are compared with; None of a rule that asks for more than their order."""
    if rule.judged_on is not None or any(version.blocks.schedule is not None for version in rule.versions):
        return None
    starts = {str(start.path) for deadline in _deadlines(rule) for start in deadline.starts}
    return _Days(
        frozenset(id(path) for name, path in paths.items() if name in starts),
        may_start_later(rule),
        ends.lengths_of(rule, calendar),
        days_named(rule),
    )


# What facts are like.


def _seen(reads: _Reads, scope: Scope, numbers: dict[Hashable, int]) -> _Seen | None:
    """What there is to compare; None where it is more than can be: things that are counted, or records that hang together."""
    case, counted = scope.case, reads.kinds
    listings = tuple([case.listing(kind) for kind in counted]) if counted else ()
    if any(listing.things for listing in listings) or (
        reads.judged and any(one.rule == reads.judged for one in case.judgements)
    ):
        return None
    facts: list[Fact] = []
    likes: list[int] = []
    for path in reads.of(scope):
        fact = scope.fact(path)
        if fact.records or fact.mixed or fact.at is not None or fact.type.name != path.fact.name:
            return None
        facts.append(fact)
        likes.append(numbers.setdefault(_like(fact), len(numbers)))
        if fact.parts:
            for name in PARTS:
                part = fact.parts.get(name)
                if part is not None:
                    if part.records or part.mixed or part.at is not None:
                        return None
                    facts.append(part)
                    likes.append(numbers.setdefault((name, part.type.name, _like(part)), len(numbers)))
    paths = [fact.path for fact in facts]
    paths.extend([listing.path for listing in listings])
    alike = _alike(paths)
    if alike is not None and _stands_apart(paths, [*facts, *listings]):
        return None
    key = (
        tuple(likes),
        tuple([(_state_of(one, kind, scope), one.complete) for kind, one in zip(counted, listings, strict=True)]),
        alike,
        _alike([fact.shown for fact in facts if isinstance(fact.value, Moment)]),
        tuple(scope.things),
        _day_zero(case),
    )
    return _Seen(key, tuple(facts), listings)


def _day_zero(case: Case) -> date | None:
    """Whether day 0 is undated, and whether it is known what day stands for it."""
    zero = case.undated_from
    return zero if zero is None or zero is UNDATED_DAY_ZERO else _SOME_DATE


def _stands_apart(paths: list[str], facts: Sequence[Fact | Listing]) -> bool:
    """Whether one path has several places."""
    return len({(one.path, one.line, one.column) for one in facts}) > len(set(paths))


def _state_of(listing: Listing, kind: str, scope: Scope) -> State:
    """The state of a list; of one that nobody wrote down, whether anybody looked."""
    return scope.case.absence_of(scope.vocabulary.kinds[kind]) if listing.state is State.NOT_RECORDED else listing.state


def _like(fact: Fact) -> Hashable:
    value: object = fact.value
    shown: object = fact.shown
    if value is None:
        pass
    elif isinstance(value, Moment):
        value, shown = Moment, bool(shown)
    elif fact.type.kind is FactKind.TEXT:
        value, shown = True, bool(shown)
    return fact.state, value, shown, fact.complete, fact.reason, fact.decided_by


def _alike(words: list[str]) -> tuple[int, ...] | None:
    """Which of some words are the same; None where each is another, as it mostly is."""
    return None if len(set(words)) == len(words) else tuple(map(words.index, words))


def _order(days: _Days, reads: _Reads, seen: _Seen, scope: Scope, ends: Ends) -> Hashable:
    """Which days have no first or no last minute, and in which order all minutes lie that are compared with each other."""
    as_of = end_of(scope.case.as_of)
    open_ends = [(day.lo is None, day.hi is None) for fact in seen.facts if (day := fact.moment) is not None]
    minutes, of_facts, is_open = [0, as_of, *days.minutes], [], days.is_open
    facts = iter(seen.facts)
    for path in reads.of(scope):
        fact = next(facts)
        own = bounds_of(fact.moment)
        for name in PARTS if fact.parts else ():
            if name in fact.parts:
                own += bounds_of(next(facts).moment)
        of_facts += own
        if id(path) in days.starts:
            is_open = is_open or not is_bounded(fact.moment)
            for minute in own:
                minutes += ends.of(minute, days.lengths)
    minutes += of_facts
    if is_open:  # it may start as late as what is to follow it
        for minute in (as_of, *of_facts):
            minutes += ends.of(minute, days.lengths)
    return tuple(open_ends), order_of(minutes)


# Working out on stand-ins.


_Blank = Callable[[_Seen, Scope], str | int]
"""What is filled in, of the facts of a subject in its case: words, or of a point of the timeline its minute."""


@dataclass(frozen=True, slots=True, eq=False)
class _Blanks(Words):
    """Words of which each is a blank: the number of what is to be filled in."""

    seen: _Seen = field(kw_only=True)
    as_of: int = field(kw_only=True)
    days: dict[int, int] = field(default_factory=dict)
    """By the identity of a stand-in's day: the number of its fact."""
    ends: dict[int, tuple[Due, int, Limit, Calendar | None]] = field(default_factory=dict)
    """By its identity, where a limit ends, with from when it runs, and what it is."""
    numbers: dict[Hashable, int] = field(default_factory=dict)
    made: list[_Blank] = field(default_factory=list)

    def end(self, start: int, limit: Limit, calendar: Calendar | None) -> Due | None:
        end = due(start, limit, calendar)
        if end is not None:
            self.ends[id(end)] = (end, start, limit, calendar)
        return end

    def minute(self, end: Due) -> int:
        found = self._end(end)
        return self._number(("minute", *found[:2]), lambda seen, scope: found[2](seen, scope).last)

    def due(self, end: Due) -> str:
        found = self._end(end)
        return self._said(("due", *found[:2]), lambda seen, scope: scope.words.due(found[2](seen, scope)))

    def due_between(self, earliest: Due, latest: Due) -> str:
        return self._of_both(earliest, latest, "between", Words.due_between)

    def due_at_latest(self, earliest: Due, latest: Due) -> str:
        return self._of_both(earliest, latest, "at the latest", Words.due_at_latest)

    def _of_both(self, earliest: Due, latest: Due, kind: str, say: Callable[[Words, Due, Due], str]) -> str:
        one, other = self._end(earliest), self._end(latest)
        return self._said(
            (kind, *one[:2], *other[:2]),
            lambda seen, scope: say(scope.words, one[2](seen, scope), other[2](seen, scope)),
        )

    def day(self, moment: Moment) -> str:
        number = self.days[id(moment)]
        return self._said(("day", number), lambda seen, scope: scope.words.day(_moment(seen, number)))

    def gap(self, start: Moment, end: Moment) -> str:
        first, last = self.days[id(start)], self.days[id(end)]
        return self._said(
            ("gap", first, last), lambda seen, scope: scope.words.gap(_moment(seen, first), _moment(seen, last))
        )

    def after(self, start: Moment, end: Moment, named: str) -> str:
        first, last = self.days[id(start)], self.days[id(end)]
        return self._said(
            ("after", first, last, named),
            lambda seen, scope: scope.words.after(_moment(seen, first), _moment(seen, last), named),
        )

    def _end(self, end: Due) -> tuple[Hashable, Limit, Callable[[_Seen, Scope], Due]]:
        """From which bound of which fact a limit runs, its length, and what works out where it ends."""
        _, start, limit, calendar = self.ends[id(end)]
        bound = self._bound(start)

        def again(seen: _Seen, scope: Scope) -> Due:
            found = scope.words.end(_minute(bound, seen, scope), limit, calendar)
            if found is None:  # then the order of days would be another
                raise AssertionError
            return found

        return bound, limit, again

    def _bound(self, minute: int) -> tuple[int, bool] | None:
        """Which fact begins, or ends, at a minute; None for the end of the day of the review. All that lie there lie together."""
        for number, fact in enumerate(self.seen.facts):
            if fact.moment is not None and minute in (fact.moment.lo, fact.moment.hi):
                return number, minute != fact.moment.lo
        if minute != self.as_of:
            raise _AskedError
        return None

    def _said(self, key: Hashable, blank: _Blank) -> str:
        return f"{_DAY}{self._number(key, blank)}{_DAY}"

    def _number(self, key: Hashable, blank: _Blank) -> int:
        number = self.numbers.setdefault(key, len(self.seen.facts) + len(self.made))
        if number == len(self.seen.facts) + len(self.made):
            self.made.append(blank)
        return number


def _moment(seen: _Seen, number: int) -> Moment:
    moment = seen.facts[number].moment
    if moment is None:  # then the facts would be others
        raise AssertionError
    return moment


def _minute(bound: tuple[int, bool] | None, seen: _Seen, scope: Scope) -> int:
    if bound is None:
        return end_of(scope.case.as_of)
    moment = _moment(seen, bound[0])
    minute = moment.hi if bound[1] else moment.lo
    if minute is None:  # as above
        raise AssertionError
    return minute


def _worked_out(
    rule: Rule,
    scope: Scope,
    seen: _Seen,
    reads: _Reads,
    work_out: Callable[[Rule, Scope], ByVersion],
    *,
    in_order: bool,
) -> _Kept | None:
    """The outcome with blanks; None where it hangs on more than was compared."""
    blanks = _Blanks(_day_zero(scope.case), seen=seen, as_of=end_of(scope.case.as_of)) if in_order else None
    try:
        outcome, versions = work_out(rule, _stand_in(scope, seen, reads, blanks))
    except (AttributeError, KeyError):  # for want of what a stand-in lacks; if for any other reason, it comes up again
        return None
    told = [outcome.says, *(cause.says for cause in outcome.causes)]
    dues = [outcome.due, outcome.elapsed, *(branch.due for branch in outcome.branches)]
    others = [outcome.limit, *(branch.when for branch in outcome.branches), *(mark.what for mark in outcome.marks)]
    if any(_PATH in one for one in (*told, *dues, *others)) or any(_DAY in one for one in others):
        return None
    if blanks is None:
        if outcome.marks or any(_DAY in one for one in dues):
            return None
        return _Kept(outcome, versions, any(_DAY in one for one in told))
    return _Kept(outcome, versions, has_days=True, blanks=tuple(blanks.made))


def _stand_in(scope: Scope, seen: _Seen, reads: _Reads, words: _Blanks | None) -> Scope:
    """The scope of a case that holds the facts that were compared, and nothing else."""
    paths = [one.path for one in seen.places(scope.case)]
    made = [_blank(fact, number, paths.index(fact.path), words) for number, fact in enumerate(seen.facts)]
    blanks = iter(made)
    facts = iter(seen.facts)
    given: dict[str, Fact] = {}
    for path in reads.of(scope):
        whole, blank = next(facts), next(blanks)
        parts = [name for name in PARTS if name in whole.parts]
        given[str(path)] = replace(blank, parts=_Parts(zip(parts, blanks, strict=False)))
        for _ in parts:
            next(facts)
    listings = {
        kind: Listing(_state_of(listing, kind, scope), _at(number), number, 0, (), listing.complete)
        for number, (kind, listing) in enumerate(zip(reads.kinds, seen.listings, strict=True), start=len(seen.facts))
    }
    case = Case(
        file="",
        name="",
        as_of=_SOME_DAY if words is None else _in_order(_AsOf, scope.case.as_of),
        listings=listings,
        whole=Thing(CASE, CASE, _at(len(paths) - 1), len(paths) - 1, 0, {}),
        looked_at=None,
        undated_from=_day_zero(scope.case),
    )
    things: dict[str, Any] = dict.fromkeys(scope.things)
    return Scope(case, scope.vocabulary, things=things, given=given, spoken=words)


def _in_order(class_: type[Moment], moment: Moment) -> Moment:
    """The same day, of which no more can be asked than its class allows."""
    found = object.__new__(class_)
    for name in ("lo", "hi", "precision"):
        object.__setattr__(found, name, getattr(moment, name))
    return found


def _blank(fact: Fact, number: int, place: int, words: _Blanks | None) -> Fact:
    """A fact that is like this one, with numbers for its place and its day, and nothing else to ask it for."""
    value: Any = fact.value
    shown = fact.shown
    if isinstance(value, Moment):
        value = _SOME_DAY if words is None else _in_order(_DayInOrder, value)
        shown = f"{_DAY}{number}{_DAY}" if shown else ""
        if words is not None:
            words.days[id(value)] = number
    elif fact.type.is_free_text and value is not None:
        value = _SOME_DAY
    return Fact(
        fact.type,
        _at(place),
        fact.state,
        place,
        0,
        value,
        shown,
        fact.complete,
        reason=fact.reason,
        decided_by=fact.decided_by,
    )


def _at(place: int) -> str:
    return f"{_PATH}{place}{_PATH}"


# Filling in.


def _filled(kept: _Kept, seen: _Seen, scope: Scope) -> ByVersion:
    file, outcome = scope.case.file, kept.outcome
    places = seen.places(scope.case)
    evidence = tuple([_piece(like, places, seen, file) for like in outcome.evidence])
    if not kept.has_days:
        return outcome.resting_on(evidence), kept.versions
    words: list[str | int] = [fact.shown for fact in seen.facts]
    if kept.blanks is not None:
        words.extend([blank(seen, scope) for blank in kept.blanks])
    filled = Outcome(
        outcome.verdict,
        outcome.basis,
        _told(outcome.says, words),
        evidence,
        _told(outcome.due, words),
        _told(outcome.elapsed, words),
        outcome.limit,
        tuple([Branch(one.when, one.limit, _told(one.due, words), one.verdict) for one in outcome.branches]),
        tuple([_mark(mark, words) for mark in outcome.marks]),
        outcome.would_be,
        tuple([Cause(one.block, one.verdict, one.basis, _told(one.says, words)) for one in outcome.causes]),
    )
    return filled, kept.versions


def _mark(mark: Mark, words: Sequence[str | int]) -> Mark:
    """A point of the timeline, whose minute was the number of a blank."""
    minute = words[mark.minute]
    if not isinstance(minute, int):
        raise TypeError
    return Mark(minute, _told(mark.when, words), mark.what, mark.kind, mark.line, mark.late, mark.is_open)


def _piece(like: Evidence, places: Sequence[Fact | Listing | Thing], seen: _Seen, file: str) -> Evidence:
    at = places[like.line]
    _, mark, rest = like.path.rpartition(_PATH)
    path = at.path + rest if mark else like.path  # what nobody wrote down is named after what it would stand in
    shown = like.shown
    if shown is not None and shown[:1] == _DAY:
        shown = seen.facts[int(shown[1:-1])].shown
    return Evidence(
        like.fact,
        path,
        like.state,
        file,
        at.line,
        at.column,
        like.named,
        shown,
        like.withheld,
        like.asks,
        like.look_in,
        like.part,
    )


def _told(text: str, words: Sequence[str | int]) -> str:
    """A sentence with its blanks filled in."""
    if _DAY not in text:
        return text
    parts = text.split(_DAY)
    parts[1::2] = [str(words[int(number)]) for number in parts[1::2]]
    return "".join(parts)
