"""A second, slow evaluator of rules, written from the pages that settle their meaning and not from the engine.

Everything is weighed in the plainest way: whatever a record leaves open is a choice, every choice is tried, and a verdict is given only where
all of them give it. It shares no code with the engine, reads plain dictionaries of text, and says nothing but verdicts.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from itertools import combinations, product
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NEVER, EVER = -(10**9), 10**9
"""Before and after every minute that a file can name."""

NOT_MET, CANNOT_TELL, NOT_RECORDED, NEEDS_JUDGEMENT = "not met", "cannot tell", "not recorded", "needs judgement"
NOT_DUE_YET, EXCUSED, MET, DOES_NOT_APPLY = "not due yet", "excused", "met", "does not apply"
WORST_FIRST = (NOT_MET, CANNOT_TELL, NOT_RECORDED, NEEDS_JUDGEMENT, NOT_DUE_YET, EXCUSED, MET, DOES_NOT_APPLY)

ABSENCES = {"not recorded", "others not recorded", "not said of whom", "not said which was first", "not done", "none"}
"""The states in which nothing is recorded: an unknown that has no other cause is *not recorded*."""

OPEN = {"not recorded", "unknown", "redacted", "not looked at", "unreadable", "others not recorded", "not said of whom"}
OTHERS = "others not recorded"
MOST_TRIED = 64


# Time: minutes since 1970 in universal time; a record is a span of them.


@dataclass(frozen=True)
class Span:
    """The first and the last minute that something may have been."""

    first: int
    last: int

    @property
    def ends(self) -> tuple[int, ...]:
        """The instants that are tried."""
        return (self.first,) if self.first == self.last else (self.first, self.last)


@cache
def local_minute(day: date, hour: int = 0, minute: int = 0, fold: int = 0) -> int:
    """A local time as minutes."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON, fold=fold)
    return int(moment.timestamp()) // 60


@cache
def local_day(minute: int) -> date:
    """The local day that a minute falls on."""
    return datetime.fromtimestamp(minute * 60, LONDON).date()


def whole_day(day: date) -> Span:
    """Every minute of a day."""
    return Span(local_minute(day), local_minute(day + timedelta(days=1)) - 1)


def months_on(day: date, months: int) -> date:
    """The same day some months on, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    end = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, end.day))


class UnreadableError(ValueError):
    """A value that cannot be what its fact is."""


@dataclass(frozen=True)
class Zero:
    """The day that the relative dates of a file are counted from, and what they are counted from."""

    day: date | None
    report: "Span | None"


def span_of(text: str, zero: Zero) -> Span:
    """What a date as it is written may have been."""
    if text.count("/") == 1:
        first, last = text.split("/")
        return Span(
            NEVER if first == ".." else span_of(first, zero).first, EVER if last == ".." else span_of(last, zero).last
        )
    if match := re.fullmatch(r"report \+ (\d+) (hours?|days?|weeks?|months?)", text):
        return counted_from(zero.report, int(match[1]), match[2].removesuffix("s"))
    if match := re.fullmatch(r"day (\d+)(?:T(\d\d):(\d\d))?", text):
        if zero.day is None:
            raise UnreadableError(text)
        day = zero.day + timedelta(days=int(match[1]))
        return whole_day(day) if match[2] is None else clock_time(day, int(match[2]), int(match[3]), "")
    return calendar_span(text)


def calendar_span(text: str) -> Span:
    """A minute, a day, a month or a year."""
    if match := re.fullmatch(r"(\d{4})(?:-(\d\d))?", text):
        year, month = int(match[1]), int(match[2] or 0)
        first = date(year, month or 1, 1)
        last = months_on(first, 1 if month else 12) - timedelta(days=1)
        return Span(whole_day(first).first, whole_day(last).last)
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d)(Z|[+-]\d\d:\d\d)?)?", text)
    if match is None:
        raise UnreadableError(text)
    try:
        day = date.fromisoformat(match[1])
        return whole_day(day) if match[2] is None else clock_time(day, int(match[2]), int(match[3]), match[4] or "")
    except ValueError as error:
        raise UnreadableError(text) from error


def clock_time(day: date, hour: int, minute: int, zone: str) -> Span:
    """A local time of day: both instants where the clocks went back, none where they went forward."""
    if zone:
        moment = datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}{'+00:00' if zone == 'Z' else zone}")
        at = int(moment.timestamp()) // 60
        return Span(at, at)
    one, two = local_minute(day, hour, minute, 0), local_minute(day, hour, minute, 1)
    back = datetime.fromtimestamp(one * 60, LONDON)
    if (back.hour, back.minute) != (hour, minute):
        raise UnreadableError(zone)
    return Span(min(one, two), max(one, two))


def counted_from(report: Span | None, count: int, unit: str) -> Span:
    """A date that is counted from the first report: a day stays a day."""
    if report is None:
        raise UnreadableError(unit)
    if unit == "hour":
        return Span(report.first + count * 60, report.last + count * 60)

    def on(minute: int) -> date:
        day = local_day(minute)
        return months_on(day, count) if unit == "month" else day + timedelta(days=count * (7 if unit == "week" else 1))

    return Span(whole_day(on(report.first)).first, whole_day(on(report.last)).last)


class OutsideTheCalendarError(ValueError):
    """A working day that no calendar holds."""


@dataclass(frozen=True)
class Calendar:
    """The working days; `holds` is false where the days themselves are not known."""

    first: date
    last: date
    holidays: frozenset[date]
    holds: bool = True

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Calendar":
        """The calendar of a calendar file."""
        days = frozenset(date.fromisoformat(str(day)) for day in written["holidays"])
        return cls(date.fromisoformat(str(written["first"])), date.fromisoformat(str(written["last"])), days)

    def working_days_on(self, day: date, count: int) -> date:
        """The last of some working days after a day."""
        if not self.holds or not self.first <= day <= self.last:
            raise OutsideTheCalendarError
        while count:
            day += timedelta(days=1)
            if day > self.last:
                raise OutsideTheCalendarError
            count -= day.weekday() < 5 and day not in self.holidays
        return day


@dataclass(frozen=True)
class Limit:
    """So many hours, days, working days, weeks or months."""

    count: int
    unit: str

    @classmethod
    def of(cls, text: str) -> "Limit":
        """The limit that a rule writes."""
        count, unit = text.split(" ", 1)
        return cls(int(count), unit.removesuffix("s"))

    def due(self, start: int, calendar: Calendar) -> int:
        """The instant at which it ends; of a limit in days, midnight after its last day."""
        if start <= NEVER:
            return NEVER
        if self.unit == "hour":
            return start + self.count * 60
        day = local_day(start)
        if self.unit == "working day":
            last = calendar.working_days_on(day, self.count)
        elif self.unit == "month":
            if not calendar.holds:
                raise OutsideTheCalendarError
            last = months_on(day, self.count)
        else:
            last = day + timedelta(days=self.count * (7 if self.unit == "week" else 1))
        return local_minute(last + timedelta(days=1))

    def keeps(self, instant: int, due: int) -> bool:
        """Whether an instant is no later than the limit."""
        return instant <= due if self.unit == "hour" else instant < due


# The vocabulary: what a fact is, as far as verdicts need it.


@dataclass(frozen=True)
class Type:
    """What the vocabulary says of one fact, or of one part of it."""

    kind: str
    area: str
    options: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    parts: Mapping[str, "Type"] = field(default_factory=dict)
    changes: bool = False
    may_be_future: bool = False
    not_applicable: bool = False

    @property
    def is_tried(self) -> bool:
        """Whether its values can all be tried."""
        return self.kind in ("choice", "yes/no")

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that a choice or a yes/no fact may have."""
        return ("yes", "no") if self.kind == "yes/no" else self.options

    @classmethod
    def of(cls, written: Mapping[str, Any], area: str) -> "Type":
        """The type that the vocabulary writes."""
        area = written.get("area", area)
        return cls(
            written["kind"],
            area,
            tuple(written.get("options", ())),
            tuple(written.get("not_before", ())),
            {name: cls.of(part, area) for name, part in written.get("parts", {}).items()},
            *(written.get(key) == "yes" for key in ("changes", "may_be_future", "not_applicable")),
        )


@dataclass(frozen=True)
class Kind:
    """What the vocabulary says of a kind of thing."""

    name: str
    plural: str
    label: str
    area: str
    singleton: bool
    dated_by: str
    about: tuple[str, ...]
    facts: Mapping[str, Type]

    @classmethod
    def of(cls, name: str, written: Mapping[str, Any]) -> "Kind":
        """The kind that the vocabulary writes."""
        return cls(
            name,
            written.get("plural", ""),
            str(written.get("label", "")),
            written["area"],
            written.get("singleton") == "yes",
            written.get("dated_by", ""),
            tuple(written.get("about", ())),
            {fact: Type.of(type_, written["area"]) for fact, type_ in written["facts"].items()},
        )


@dataclass(frozen=True)
class Vocabulary:
    """Every kind of thing."""

    kinds: Mapping[str, Kind]

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Vocabulary":
        """The vocabulary of a vocabulary file."""
        return cls({name: Kind.of(name, kind) for name, kind in written["kinds"].items()})

    def type_of(self, path: str) -> Type:
        """The type of a fact, or of a part that the vocabulary names."""
        kind, fact, *part = path.split(".")
        type_ = self.kinds[kind].facts[fact]
        return type_.parts.get(part[0], type_) if part else type_


# The case: things with facts, and what a record of a fact says.


@dataclass(frozen=True)
class Record:
    """What is recorded of one fact: a state and, where it is `recorded`, a value or a date."""

    state: str
    value: str = ""
    words: frozenset[str] = frozenset()
    span: Span | None = None
    months: int | None = None
    raw: Any = None

    @property
    def happened(self) -> bool:
        """Whether an event is recorded to have happened."""
        return self.state == "recorded"


NOTHING = Record("not recorded")


@dataclass(frozen=True)
class Thing:
    """One child, one suspect, one report; `key` tells it apart from every other."""

    kind: str
    key: str
    label: str
    facts: Mapping[str, Any]
    state: str = "recorded"
    """Another state where there is no such thing to read: what its facts then are."""
    among: tuple["Thing", ...] = ()
    """The things of which any may have been the first."""
    silent: str = "not recorded"
    """What a fact is that none of them has."""
    span: "Span | None" = None
    """The date of the first of several things, where any of them may have been the first."""


@dataclass(frozen=True)
class Listing:
    """The things of one kind, as the file lists them."""

    state: str
    things: tuple[Thing, ...] = ()
    complete: bool = True


STATES = {"": "not recorded", "null": "not recorded", "~": "not recorded", "not recorded": "not recorded", "unknown": "unknown", "redacted": "redacted"}  # fmt: skip
GROUPED = re.compile(r"(\d+) of (\d+)")


@dataclass(frozen=True)
class Case:
    """One case file, with what is chosen of it: one of two records, one answer of a group."""

    written: Mapping[str, Any]
    vocabulary: Vocabulary
    as_of: int
    last: int
    """The last minute of the day that the review stands on."""
    calendar: Calendar
    zero: Zero
    chosen: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """The answer of one sort of member of a group."""
    believed: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """One of the records that contradict each other."""
    supposed: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def whole(self) -> Thing:
        """The case itself, as a thing."""
        return Thing("case", "case", "case", self.written)

    def looked_at(self, area: str) -> bool:
        """Whether that area of the record was read."""
        areas = self.written.get("looked_at", "all")
        return areas in ("all", "") or area in areas

    def listing(self, name: str) -> Listing:
        """The things of a kind."""
        kind = self.vocabulary.kinds[name]
        written = self.written.get(kind.plural, self.written.get(name, ""))
        if isinstance(written, Mapping):
            written = [written]
        if isinstance(written, str):
            state = STATES.get(written, "unreadable")
            return Listing("not looked at" if state == "not recorded" and not self.looked_at(kind.area) else state)
        things = [item for item in written if isinstance(item, Mapping)]
        if not things and OTHERS in written:
            return Listing(OTHERS, complete=False)
        made = [
            Thing(name, f"{kind.plural}[{number}]", item.get("ref", f"{kind.label}{number + 1}"), item)
            for number, item in enumerate(things)
        ]
        return Listing("recorded" if made else "none", tuple(made), OTHERS not in written)

    def concerning(self, name: str, subject: Thing) -> Listing:
        """The things of a kind that concern the subject, or what is known of there being any."""
        listing, about = self.listing(name), self.vocabulary.kinds[name].about
        if listing.state != "recorded" or subject.kind not in about:
            return listing
        listings = [self.listing(kind) for kind in about]
        candidates = sum(len(one.things) + (not one.complete) for one in listings)
        labels = {thing.label for one in listings for thing in one.things}
        others = [
            thing for thing in listing.things if thing.facts.get("about") and not labels & set(thing.facts["about"])
        ]
        named = tuple(thing for thing in listing.things if subject.label in thing.facts.get("about", ()))
        silent = [thing for thing in listing.things if not thing.facts.get("about")]
        if candidates == 1 and not others:
            return replace(listing, things=(*named, *silent))
        if silent or others or not (named or listing.complete):
            return Listing("not said of whom", named, complete=False)
        return Listing("recorded" if named else "none", named, listing.complete)

    def single(self, name: str, subject: Thing) -> Thing:
        """The thing that a rule means where it reads a fact of a kind: the first, or one of which nothing can be said."""
        if subject.kind == name:
            return subject
        listing = self.concerning(name, subject)
        if not listing.things or listing.state == "not said of whom":
            state = listing.state
            if state in ("none", "recorded"):
                state = "none" if listing.complete else OTHERS
            return Thing(name, name, name, {}, state)
        if listing.complete:
            return self.first_of(name, listing)
        return Thing(
            name, name, name, {}, "not said which was first", listing.things, silent="not said which was first"
        )

    def first_of(self, name: str, listing: Listing) -> Thing:
        """The first of several things by its date; where any of several may have been, none of which anything can be said."""
        dated_by = self.vocabulary.kinds[name].dated_by
        if len(listing.things) == 1:
            return listing.things[0]
        if not dated_by:
            return Thing(name, name, name, {}, "imprecise", listing.things)
        records = [(thing, self.read(thing, dated_by)) for thing in listing.things]
        happened = [(thing, record) for thing, record in records if record.state != "not done"] or records
        states = {record.state for _, record in happened if record.span is None}
        if states or not happened:
            state = "undated" if "recorded" in states else min(states - ABSENCES, default="not said which was first")
            return Thing(name, name, name, {}, state, tuple(thing for thing, _ in records) or listing.things)
        latest = min(record.span.last for _, record in happened if record.span)
        first = [(thing, record.span) for thing, record in happened if record.span and record.span.first <= latest]
        if len(first) == 1:
            return first[0][0]
        among = tuple(thing for thing, _ in first)
        earliest = Span(min(span.first for _, span in first), latest)
        return Thing(name, name, name, {}, "imprecise", among, span=earliest)

    def raw(self, thing: Thing, fact: str, part: str = "") -> Any:
        """What is written of a fact, or of a part of it."""
        name = f"{fact}.{part}" if part else fact
        for taken in (self.believed, self.chosen):
            if (thing.key, name) in taken:
                return taken[thing.key, name]
        if not part:
            return thing.facts.get(fact, "")
        whole = self.raw(thing, fact)
        return whole.get(part, "") if isinstance(whole, Mapping) else ""

    def read(self, thing: Thing, fact: str, part: str = "", *, suppose: bool = True) -> Record:
        """What is recorded of a fact, or of a part of it."""
        kind = self.vocabulary.kinds[thing.kind].facts[fact]
        type_ = kind.parts.get(part, Type("date" if part in ("known", "decided_at") else "text", kind.area)) if part else kind  # fmt: skip
        name = f"{fact}.{part}" if part else fact
        if suppose and (thing.key, name) in self.supposed:
            known = self.raw(thing, fact, part)
            return Record("recorded", self.supposed[thing.key, name], raw=known)
        if thing.span is not None and fact == self.vocabulary.kinds[thing.kind].dated_by and not part:
            return Record("recorded", span=thing.span)
        record = self.part_of(thing, fact, part, type_) if part else self.record(self.raw(thing, fact), type_)
        if record.state == "not recorded":
            if thing.state in ("none", "not said of whom"):
                return replace(record, state=thing.state)
            if not self.looked_at(type_.area):
                return replace(record, state="not looked at")
            if (
                thing.among
                and thing.state != "imprecise"
                and all(self.raw(one, fact, part) == "" for one in thing.among)
            ):
                return replace(record, state=thing.silent)
            if thing.state != "recorded":
                return replace(record, state=thing.state)
        return record

    def part_of(self, thing: Thing, fact: str, part: str, type_: Type) -> Record:
        """What is recorded of a part: of a thing that is withheld, its parts are."""
        whole = self.read(thing, fact, suppose=False)
        record = self.record(self.raw(thing, fact, part), type_)
        if whole.state == "unreadable":
            return Record("unreadable")
        if record.state != "not recorded":
            return record
        if whole.state == "not done" and not self.looked_at(type_.area):
            return record
        if whole.state in ("redacted", "unknown", "not applicable", "not done", "contradictory"):
            return Record(whole.state)
        return record

    def record(self, written: Any, type_: Type) -> Record:
        """What a value says, by the type of its fact."""
        try:
            return self.typed(written, type_)
        except UnreadableError:
            return Record("unreadable", raw=written)

    def typed(self, written: Any, type_: Type) -> Record:
        """What a value says; an error where it cannot be read."""
        if isinstance(written, Mapping):
            return self.mapped(written, type_)
        if isinstance(written, str) and written in STATES:
            return Record(STATES[written], raw=written)
        if written == "not applicable":
            return Record("not applicable" if type_.not_applicable else "unreadable", raw=written)
        if isinstance(written, list):
            return self.listed(written, type_)
        if type_.kind == "event" and written in ("yes", "no"):
            return Record("recorded" if written == "yes" else "not done", raw=written)
        if type_.kind in ("event", "date"):
            return Record("recorded", span=self.dated(written, type_), raw=written)
        if type_.kind == "age":
            count, *unit = written.split(" ")
            return Record("recorded", months=int(count) * (1 if unit and unit[0].startswith("month") else 12))
        if type_.kind in ("choice", "yes/no") and written not in type_.values:
            raise UnreadableError(written)
        return Record("recorded", written, raw=written)

    def mapped(self, written: Mapping[str, Any], type_: Type) -> Record:
        """What a mapping says: of an event when, or that it was not done; of anything else what it is."""
        if "conflicting" in written:
            return Record("contradictory", raw=written)
        for inner in (written, *(value for value in written.values() if isinstance(value, Mapping))):
            for part in ("known", "written_down", "decided_at"):
                if inner.get(part, "") not in STATES:
                    self.dated(inner[part], Type("date", ""))
        if written.get("done") == "no":
            return Record("not done", raw=written)
        if type_.kind in ("event", "date") and "at" in written:
            return replace(self.typed(written["at"], type_), raw=written)
        if isinstance(written.get("is"), list):
            return self.typed(written["is"], type_)
        if "is" in written:
            return replace(self.typed(written["is"], type_), raw=written)
        happened = type_.kind == "event" and bool(written)
        return Record("recorded" if happened else "not recorded", raw=written)

    def listed(self, written: list[Any], type_: Type) -> Record:
        """What a list says: words, or the values of a fact that changed."""
        if type_.changes:
            return Record("recorded", self.in_force(written, type_, self.as_of), raw=written)
        words = frozenset(word for word in written if isinstance(word, str))
        return Record("recorded", words=words, raw=written)

    def in_force(self, written: list[Any], type_: Type, when: int) -> str:
        """The value of a fact that changed which was in force at an instant; none before the first."""
        dated = sorted(((self.dated(item["at"], type_).first, item["is"]) for item in written), key=lambda one: one[0])
        before = [value for at, value in dated if at <= when]
        return str(before[-1]) if before else ""

    def dated(self, text: str, type_: Type) -> Span:
        """When something was; nothing later than the review is expected."""
        span = span_of(text, self.zero)
        if type_.may_be_future:
            return span
        if span.first > self.as_of:
            raise UnreadableError(text)
        return span


# Answers: true, false, or unknown with its causes.


@dataclass(frozen=True)
class Answer:
    """A truth, and the states that leave it open where it is unknown."""

    truth: bool | None
    causes: frozenset[str] = frozenset()


TRUE, FALSE = Answer(True), Answer(False)


def unknown(*causes: str) -> Answer:
    """An answer that is left open."""
    return Answer(None, frozenset(causes))


def known(truth: bool) -> Answer:
    """An answer that is not."""
    return TRUE if truth else FALSE


def all_of(answers: Iterable[Answer]) -> Answer:
    """False if any is false, else unknown if any is; what is not applicable is no cause beside another."""
    answers = list(answers)
    if any(answer.truth is False for answer in answers):
        return FALSE
    causes = [answer.causes for answer in answers if answer.truth is None]
    if not causes:
        return TRUE
    other = [cause for cause in causes if cause != {"not applicable"}]
    return Answer(None, frozenset().union(*(other or causes)))


def any_of(answers: Iterable[Answer]) -> Answer:
    """True if any is true, else unknown if any is."""
    answers = list(answers)
    if any(answer.truth for answer in answers):
        return TRUE
    causes = [answer.causes for answer in answers if answer.truth is None]
    return Answer(None, frozenset().union(*causes)) if causes else FALSE


def opposite(answer: Answer) -> Answer:
    """True for false, and unknown for unknown."""
    return answer if answer.truth is None else known(not answer.truth)


@dataclass(frozen=True)
class View:
    """What a rule sees: the case, its subject, and the thing that stands for each kind it names."""

    case: Case
    things: Mapping[str, Thing]
    subject: Thing

    def read(self, path: str, *, suppose: bool = True) -> Record:
        """What is recorded of the fact that a rule names."""
        kind, fact, *part = path.split(".")
        return self.case.read(self.things[kind], fact, part[0] if part else "", suppose=suppose)

    def ask(self, condition: Mapping[str, Any]) -> Answer:
        """What a condition answers: every line of it must hold."""
        return all_of(self.line(key, test) for key, test in condition.items())

    def line(self, key: str, test: Any) -> Answer:
        """What one line of a condition answers."""
        if key == "all_of":
            return all_of(self.ask(one) for one in test)
        if key == "any_of":
            return any_of(self.ask(one) for one in test)
        if key == "not":
            return opposite(self.ask(test))
        if key in ("every", "some", "none"):
            return self.quantified(key, test)
        if not isinstance(test, Mapping):
            return self.compared(key, "one_of" if isinstance(test, list) else "is", test)
        return all_of(self.compared(key, name, against) for name, against in test.items())

    def compared(self, path: str, test: str, against: Any) -> Answer:
        """What one test of one fact answers."""
        if test == "recorded":
            untold = with_case(self, replace(self.case, believed={}))
            return was_recorded(untold.read(path, suppose=False))
        record = self.read(path)
        if test in ("before", "after"):
            return self.ordered(record, test, against)
        type_ = self.case.vocabulary.type_of(path)
        if type_.kind == "event" and path.count(".") == 1:
            return happened(record, against)
        if record.state in ("not done", "none"):
            return FALSE if against == "yes" else unknown(record.state)
        if record.state != "recorded":
            return unknown(record.state)
        return TESTS[test](record, against)

    def ordered(self, record: Record, test: str, against: str) -> Answer:
        """Whether a date is before (or after) another, or a day that the rule names."""
        if re.match(r"\d{4}-", against):
            other = Record("recorded", span=span_of(against, Zero(None, None)))
            if not self.case.calendar.holds:
                return unknown("imprecise")
        else:
            other = self.read(against)
        spans = [one.span for one in (record, other) if one.span is not None]
        if len(spans) < 2:
            open_ = {"undated" if one.happened else one.state for one in (record, other) if one.span is None}
            return unknown(*open_)
        one, two = spans if test == "before" else reversed(spans)
        truths = {x < y for x in one.ends for y in two.ends}
        if re.match(r"\d{4}-", against):
            truths = {x < two.first for x in one.ends} if test == "before" else {one.last < y for y in two.ends}
        return known(truths.pop()) if len(truths) == 1 else unknown("imprecise")

    def quantified(self, key: str, test: Mapping[str, Any]) -> Answer:
        """Whether every, some or none of the things of a kind do what is asked."""
        listing = self.case.concerning(test["of"], self.subject)
        if listing.state in OPEN:
            return unknown(listing.state)
        answers = [self.of_thing(thing, test) for thing in listing.things]
        rest = [] if listing.complete else [unknown(OTHERS)]
        if key == "every":
            return all_of([any_of([opposite(where), does]) for where, does in answers] + rest)
        found = any_of([all_of([where, does]) for where, does in answers] + rest)
        return found if key == "some" else opposite(found)

    def of_thing(self, thing: Thing, test: Mapping[str, Any]) -> tuple[Answer, Answer]:
        """Whether a thing is asked about, and whether it does what is asked."""
        view = replace(self, things={**self.things, thing.kind: thing})
        return (
            view.ask(test["where"]) if "where" in test else TRUE,
            view.ask(test["satisfies"]) if "satisfies" in test else TRUE,
        )


def was_recorded(record: Record) -> Answer:
    """Whether something was written down."""
    if record.state == "recorded":
        return TRUE
    if record.state == "none":
        return FALSE
    return FALSE if record.state in ("not recorded", "not done") else unknown(record.state)


def happened(record: Record, against: Any) -> Answer:
    """Whether an event happened (or did not)."""
    if record.state in ("recorded", "not done", "none"):
        return known(record.happened == (against == "yes"))
    return unknown(record.state)


def some_of(record: Record, against: Sequence[str]) -> Answer:
    """Whether a list holds any of some words; where others are not recorded, it may."""
    if record.words & set(against):
        return TRUE
    return unknown(OTHERS) if OTHERS in record.words else FALSE


def whole_of(record: Record, against: Sequence[str]) -> Answer:
    """Whether a list holds all of some words; it cannot be told of a list that is not complete."""
    return unknown(OTHERS) if OTHERS in record.words else known(record.words >= set(against))


def months_of(text: str) -> int:
    """An age in months."""
    return int(text.split(" ", maxsplit=1)[0]) * (1 if "month" in text else 12)


TESTS: dict[str, Callable[[Record, Any], Answer]] = {
    "is": lambda record, against: known(record.value == against) if record.value else unknown("not recorded"),
    "is_not": lambda record, against: known(record.value != against) if record.value else unknown("not recorded"),
    "one_of": lambda record, against: known(record.value in against) if record.value else unknown("not recorded"),
    "none_of": lambda record, against: known(record.value not in against) if record.value else unknown("not recorded"),
    "at_least": lambda record, against: known((record.months or 0) >= months_of(against)),
    "at_most": lambda record, against: known((record.months or 0) <= months_of(against)),
    "includes_any": some_of,
    "includes_none": lambda record, against: opposite(some_of(record, against)),
    "includes_all": whole_of,
}


# Clocks.


@dataclass(frozen=True)
class Choice:
    """Something that a record leaves open: what it may be, and why it is open."""

    name: str
    options: tuple[Any, ...]
    cause: str


World = dict[str, Any]


def worlds_of(choices: Sequence[Choice]) -> Iterator[World]:
    """Every combination of choices."""
    for world in product(*(choice.options for choice in choices)):
        yield dict(zip((choice.name for choice in choices), world, strict=True))


def weigh(choices: Sequence[Choice], outcome: Callable[[World], str | None]) -> tuple[str, frozenset[str]]:
    """The outcome of every combination of choices if they agree; else `open`, with the causes that it hangs on."""
    names = [choice.name for choice in choices]
    worlds = list(product(*(choice.options for choice in choices)))
    outcomes = {world: outcome(dict(zip(names, world, strict=True))) for world in worlds}
    found = {one for one in outcomes.values() if one is not None}
    if len(found) == 1:
        return found.pop(), frozenset()
    if not found:
        return "open", frozenset({"contradictory"})
    causes = set()
    for place, choice in enumerate(choices):
        alike: dict[tuple[Any, ...], set[str | None]] = {}
        for world, one in outcomes.items():
            alike.setdefault((*world[:place], *world[place + 1 :]), set()).add(one)
        if any(len(several - {None}) > 1 for several in alike.values()):
            causes.add(choice.cause)
    return "open", frozenset(causes or {"imprecise"})


def between(choice: Choice, turns: Iterable[int]) -> Choice:
    """A choice between two instants, with those between them at which a verdict may turn."""
    if choice.cause != "imprecise" or len(choice.options) != 2:
        return choice
    first, last = choice.options
    return replace(choice, options=(*choice.options, *sorted({turn for turn in turns if first < turn < last})))


def between_starts(choice: Choice, turns: Iterable[int]) -> Choice:
    """The same of a start, whose instants carry their fact."""
    instants = between(replace(choice, options=tuple(at for _, at in choice.options)), turns).options
    return replace(choice, options=tuple((choice.options[0][0], at) for at in instants))


SETTLED = ("not done", "not recorded", "none", OTHERS)
"""The states of an event that, not being dated, can make nothing of it in time."""

TRIED = ("not recorded", "unknown", "not looked at")
"""The states of a fact of which every value is tried."""

LATER = "a start that is not written down, and the level that the limit goes by changed since"

UNTIL = "the event, or the day of the review"


@dataclass(frozen=True)
class Deadline:
    """One deadline of a rule, as it stands for one subject."""

    view: View
    written: Mapping[str, Any]
    accepted: frozenset[str]

    @property
    def as_of(self) -> int:
        """The instant that the review stands on."""
        return self.view.case.as_of

    @cached_property
    def events(self) -> dict[str, Record]:
        """The events, and what is recorded of each."""
        event = self.written["event"]
        paths = [event] if isinstance(event, str) else next(iter(event.values()))
        return {path: self.view.read(path) for path in paths}

    @cached_property
    def mode(self) -> str:
        """Whether the first of the events counts or all of them."""
        event = self.written["event"]
        return "first_of" if isinstance(event, str) else str(next(iter(event)))

    def judge(self) -> tuple[str, frozenset[str]]:
        """The verdict, or `open` with its causes."""
        events = {path: record for path, record in self.events.items() if record.state != "not applicable"}
        starts = self.starts()
        if not events or starts is None:
            return DOES_NOT_APPLY, frozenset()
        if self.mode == "last_of":
            found = [self.judged({path: record}, starts) for path, record in events.items()]
            verdict = min((of_open(causes) if one == "open" else one for one, causes in found), key=WORST_FIRST.index)
            causes = {cause for one, several in found if one == "open" and of_open(several) == verdict for cause in several}  # fmt: skip
            return ("open", frozenset(causes)) if causes else (verdict, frozenset())
        return self.judged(events, starts)

    def judged(self, events: Mapping[str, Record], starts: Sequence[Choice]) -> tuple[str, frozenset[str]]:
        """The verdict on events of which one would do: another that may have been earlier keeps *late* from being certain."""
        certain = {path: record for path, record in events.items() if record.span or record.state in SETTLED}
        murky = frozenset("undated" if one.happened else one.state for path, one in events.items() if path not in certain)  # fmt: skip
        if murky and not any(record.span for record in certain.values()):
            return "open", murky
        try:
            found, causes = self.by_level(certain, starts)
        except OutsideTheCalendarError:
            return "open", frozenset({"outside the calendar"})
        perhaps = frozenset(record.state for record in certain.values()) & {OTHERS}
        if perhaps and found in ("open", NOT_MET, EXCUSED) and not any(record.span for record in certain.values()):
            return "open", perhaps
        if found == "open":
            return found, causes
        if found in (NOT_MET, EXCUSED) and perhaps:
            return "open", murky | perhaps
        return (found, causes) if found == MET or not murky else ("open", murky)

    def by_level(self, events: Mapping[str, Record], starts: Sequence[Choice]) -> tuple[str, frozenset[str]]:
        """The verdict at every level that the limit may go by; the level is why it is open where they differ."""
        level = next(self.levels(), None)
        choices = self.choices(events, starts)
        if level is None or level.cause == "changed":
            plain = [replace(choice, options=choice.options[:1]) if choice.cause == LATER else choice for choice in choices]  # fmt: skip
            found, causes = weigh(plain, lambda world: self.outcome_of(events, world))
            if found == MET:
                found, causes = weigh(choices, lambda world: self.outcome_of(events, world))
            if found != "open" or causes == {"contradictory"}:
                return found, causes
            changed = {"not recorded", *causes} - {"changed", LATER} if {"changed", LATER} & causes else set()
            return found, frozenset(self.causes(events, starts) | changed or causes)
        if level.cause not in TRIED:
            return "open", frozenset({level.cause})
        levels = [[*choices[:-1], replace(level, options=(one,))] for one in level.options]
        weighed = [weigh(one, lambda world: self.outcome_of(events, world)) for one in levels]
        causes = self.causes(events, starts)
        verdicts = {of_open(causes or why) if one == "open" else one for one, why in weighed}
        if len(verdicts) > 1:
            return "open", frozenset({level.cause})
        return weighed[0][0], causes or weighed[0][1]

    def choices(self, events: Mapping[str, Record], starts: Sequence[Choice]) -> list[Choice]:
        """Everything that is left open, with every instant at which the verdict may turn."""
        happenings = list(self.happenings(events))
        started = [at for choice in starts for _, at in choice.options if isinstance(at, int)]
        done = [at for choice in happenings for at in choice.options if isinstance(at, int)]
        turns = [*started, *done, *self.changes()]
        return [
            *(between_starts(choice, turns) for choice in starts),
            *(between(choice, turns) for choice in happenings),
            *self.decisions(events),
            *self.levels(),
        ]

    def causes(self, events: Mapping[str, Record], starts: Sequence[Choice]) -> frozenset[str]:
        """Why it is open when the clock started, if it is: every start that has no date, and an event without a first or last day."""
        causes = {choice.cause for choice in starts} - {"imprecise", LATER}
        spans = [record.span for record in events.values() if record.span]
        open_ended = bool(spans) and (any(span.first == NEVER for span in spans) or all(span.last == EVER for span in spans))  # fmt: skip
        return frozenset(causes | ({"undated"} if causes and open_ended else set()))

    # The start of the clock.

    def starts(self) -> list[Choice] | None:
        """What each start may have been; None where the clock did not start."""
        after = self.written["after"]
        if isinstance(after, str):
            after = {"last_of": [after]}
        (mode, members), found = next(iter(after.items())), []
        for number, member in enumerate(members):
            choice = self.known_start(member) if mode == "first_known" else self.start(member)
            if choice is not None:
                found.append(replace(choice, name=f"start {number}"))
            elif isinstance(member, str) and mode == "last_of":
                return None
        return found or None

    def start(self, member: Any) -> Choice | None:
        """What one start may have been; None where it counts for nothing."""
        if isinstance(member, str):
            return self.start_of(member, self.view.read(member))
        path = member["if_recorded"]
        record = self.view.read(path)
        if path.endswith(".known"):
            answer = self.view.read(path.removesuffix(".known"))
            if answer.value == "no":
                return None
            if record.span is not None and answer.state != "recorded":
                return Choice(path, ((path, NEVER), *((path, end) for end in record.span.ends)), answer.state)
        if record.state in ABSENCES | {"not applicable"}:
            changes = tuple((path, at) for at in self.changes())
            return Choice(path, ((path, NEVER), *changes), LATER) if changes else None
        return self.start_of(path, record)

    def start_of(self, path: str, record: Record) -> Choice | None:
        """What one start may have been, by its record."""
        if record.state in ("not done", "not applicable", "none"):
            return None
        if record.span is not None:
            return Choice(path, tuple((path, end) for end in record.span.ends), "imprecise")
        cause = "undated" if record.happened else record.state
        return Choice(path, ((path, NEVER), (path, UNTIL)), cause)

    def known_start(self, path: str) -> Choice | None:
        """When a fact was first known to hold; None where it does not."""
        answer, when = self.view.read(path), self.view.read(f"{path}.known")
        if answer.value == "no" or answer.state in ("not done", "not applicable"):
            return None
        if answer.value == "yes" and when.span is not None:
            return Choice(path, tuple((path, end) for end in when.span.ends), "imprecise")
        cause = when.state if answer.value == "yes" else answer.state
        ends = when.span.ends if when.span is not None else (NEVER,)
        return Choice(path, (*((path, end) for end in ends), (path, EVER)), cause)

    def start_in(self, world: World, until: int) -> tuple[int, list[tuple[str, int]]]:
        """When the clock started in a world, and each start with its fact."""
        starts = [(path, until if at == UNTIL else at) for name, (path, at) in sorted((n, v) for n, v in world.items() if n.startswith("start"))]  # fmt: skip
        first_known = isinstance(self.written["after"], Mapping) and "first_known" in self.written["after"]
        instants = [at for _, at in starts]
        return min(until if first_known and min(instants) == EVER else (min if first_known else max)(instants), EVER), starts  # fmt: skip

    # What happened.

    def happenings(self, events: Mapping[str, Record]) -> Iterator[Choice]:
        """When each event may have been; of one that was not, None."""
        for path, record in events.items():
            if record.span is not None:
                yield Choice(f"event {path}", record.span.ends, "imprecise")
            else:
                yield Choice(f"event {path}", ("not done" if record.state == "not done" else None,), record.state)

    def decisions(self, events: Mapping[str, Record]) -> Iterator[Choice]:
        """When it may have been decided, of what was not done or late for an accepted reason."""
        for path, record in events.items():
            if self.has_reason(record):
                decided = self.view.read(f"{path}.decided_at")
                if decided.span is not None:
                    yield Choice(f"decided {path}", decided.span.ends, "imprecise")
                elif decided.state in ("unknown", "redacted", "unreadable"):
                    yield Choice(f"decided {path}", (NEVER, EVER), decided.state)

    def has_reason(self, record: Record) -> bool:
        """Whether a record gives an accepted reason and says who decided it."""
        raw = record.raw if isinstance(record.raw, Mapping) else {}
        return raw.get("reason") in self.accepted and raw.get("decided_by", "") not in STATES

    # The limit.

    def changes(self) -> Iterator[int]:
        """The instants at which the level that the limit goes by changed, and those before them."""
        limit = self.written["limit"]
        record = self.view.read(limit["by"]) if isinstance(limit, Mapping) else NOTHING
        for item in record.raw if record.happened and isinstance(record.raw, list) else ():
            at = self.view.case.dated(item["at"], self.view.case.vocabulary.type_of(limit["by"])).first
            yield from (at - 1, at)

    def levels(self) -> Iterator[Choice]:
        """Which level may hold, where the limit goes by one that is not written down."""
        limit = self.written["limit"]
        if not isinstance(limit, Mapping):
            return
        record = self.view.read(limit["by"])
        if isinstance(record.raw, list) and record.state == "recorded":
            yield Choice("level", tuple(level for level in limit if level != "by"), "changed")
        elif record.state != "recorded":
            yield Choice("level", tuple(level for level in limit if level != "by"), record.state)

    def limit_in(self, world: World, start: int) -> Limit:
        """The limit in a world."""
        limit = self.written["limit"]
        if not isinstance(limit, Mapping):
            return Limit.of(limit)
        record = self.view.read(limit["by"])
        if isinstance(record.raw, list) and record.state == "recorded":
            type_ = self.view.case.vocabulary.type_of(limit["by"])
            level = self.view.case.in_force(record.raw, type_, start)
            return Limit.of(limit[level or world["level"]])
        return Limit.of(limit[world.get("level", record.value)])

    # The verdict in one world.

    def outcome_of(self, events: Mapping[str, Record], world: World) -> str | None:
        """The verdict in one world, of events of which one would do."""
        dated = {path: at for path in events if isinstance(at := world[f"event {path}"], int)}
        until = min([self.as_of, *dated.values()])
        start, starts = self.start_in(world, until)
        start = self.as_of if start >= EVER else start
        first = min(dated, key=lambda path: dated[path], default="")
        if any(
            dated[first] < then and fact in self.view.case.vocabulary.type_of(first).not_before
            for fact, then in starts
            if first
        ):
            return CANNOT_TELL if len(events) > 1 and self.is_contradicted(first, events[first]) else None
        if not dated and all(record.state == "not done" and not self.has_reason(record) for record in events.values()):
            return NOT_MET
        limit = self.limit_in(world, start)
        due = limit.due(start, self.view.case.calendar)
        if dated and (limit.keeps(dated[first], due) or dated[first] < start):
            return MET
        if dated:
            return EXCUSED if self.excuses(first, events[first], world, limit, due) else NOT_MET
        return self.undone(events, world, limit, due)

    def is_contradicted(self, path: str, record: Record) -> bool:
        """Whether an event is for certain before what the vocabulary forbids it to be before."""
        befores = [self.view.read(fact).span for fact in self.view.case.vocabulary.type_of(path).not_before]
        return any(before and record.span and record.span.last < before.first for before in befores)

    def undone(self, events: Mapping[str, Record], world: World, limit: Limit, due: int) -> str:
        """The verdict where nothing was done."""
        refused = [path for path in events if world[f"event {path}"] == "not done"]
        if len(refused) == len(events):
            excused = all(self.excuses(path, events[path], world, limit, due) for path in refused)
            return EXCUSED if excused else NOT_MET
        return NOT_MET if due < self.as_of else NOT_DUE_YET

    def excuses(self, path: str, record: Record, world: World, limit: Limit, due: int) -> bool:
        """Whether a reason excuses, by when it was decided."""
        decided = world.get(f"decided {path}")
        return self.has_reason(record) and decided is not None and limit.keeps(decided, due)


def begins(start: Span, at: int, event: Span) -> int:
    """From when an event counts, if the start was at some minute: from then, or from its day where either has no time of day."""
    is_timed = event.first == event.last and start.first == start.last
    return at if is_timed else local_minute(local_day(at))


@dataclass(frozen=True)
class Schedule:
    """The recurring events of a rule, as they stand for one subject: held over every day that its dates may be."""

    view: View
    written: Mapping[str, Any]
    silence: str = ""
    """What the rule takes it for that no event is written down."""

    def judge(self) -> tuple[str, frozenset[str]]:
        """The verdict, or `open` with its causes."""
        start = self.start()
        if start is None:
            return DOES_NOT_APPLY, frozenset()
        if not start.options:
            return "open", frozenset({start.cause})
        if any(one.state == "unreadable" for one in self.events):
            return "open", frozenset({"unreadable"})
        choices = [start, self.end(), *self.others()]
        try:
            outcomes = {self.outcome(world) for world in worlds_of(choices)}
            if outcomes == {NOT_DUE_YET, DOES_NOT_APPLY}:
                return NOT_DUE_YET, frozenset()
            found, causes = weigh(choices, self.outcome)
            if found == "open" and CANNOT_TELL in outcomes:
                causes |= {"imprecise"}
        except OutsideTheCalendarError:
            return "open", frozenset({"outside the calendar"})
        return found, causes

    def start(self) -> Choice | None:
        """When it may have started; None where it did not."""
        record = self.view.read(self.written["first_after"])
        if record.state in ("not done", "not applicable", "none"):
            return None
        if record.span is not None:
            return Choice("start", (self.till_now(record.span),), "imprecise")
        return Choice("start", (), "undated" if record.happened else record.state)

    @cached_property
    def record(self) -> Record:
        """What is recorded of the events."""
        return self.view.read(self.written["events"])

    @cached_property
    def events(self) -> list[Record]:
        """What is recorded of each event of the list."""
        raw = self.record.raw if self.record.state == "recorded" and isinstance(self.record.raw, list) else []
        return [self.view.case.record(item, Type("event", "")) for item in raw if item != OTHERS]

    def others(self) -> Iterator[Choice]:
        """Whether there may be other events than those that are dated."""
        states = {"undated" if one.happened else one.state for one in self.events if one.span is None}
        if isinstance(self.record.raw, list) and OTHERS in self.record.raw:
            states.add(OTHERS)
        if self.record.state not in ("recorded", "not done", "none") and not self.is_silent:
            states.add(self.record.state)
        for state in states:
            yield Choice(f"others {state}", (True, False), state)

    @property
    def is_silent(self) -> bool:
        """Whether no event is written down, and the rule takes that for none."""
        return self.record.state == "not recorded" and self.silence == NOT_MET

    def end(self) -> Choice:
        """When it may have ended; None where it runs on."""
        record = self.view.read(self.written["until"]) if "until" in self.written else NOTHING
        if record.span is not None:
            return Choice("end", (self.till_now(record.span),), "imprecise")
        if record.state in ABSENCES | {"not applicable"}:
            return Choice("end", (None,), record.state)
        ends = ("at once", Span(self.view.case.last, self.view.case.last) if record.happened else None)
        return Choice("end", ends, "undated" if record.happened else record.state)

    def till_now(self, span: Span) -> Span:
        """When something was that is no later than the review."""
        return Span(span.first, max(span.first, min(span.last, self.view.case.last)))

    @property
    def as_of(self) -> int:
        """The instant that the review stands on."""
        return self.view.case.as_of

    def outcome(self, world: World) -> str:
        """The verdict in one world, in which only the days that dates may be are open."""
        plain = self.of_dated(world["start"], world["end"])
        more = any(there for name, there in world.items() if name.startswith("others"))
        if not more or (
            plain in (NOT_DUE_YET, DOES_NOT_APPLY) and self.record.state in ("recorded", "not recorded", OTHERS)
        ):
            return plain
        return MET

    def of_dated(self, start: Span, end: Any) -> str:
        """The verdict on the events that are dated."""
        end = start if end == "at once" else end
        stop = end or Span(self.as_of, self.as_of)
        spans = sorted((one.span for one in self.events if one.span), key=lambda one: (one.first, one.last))
        may = [
            one
            for one in spans
            if begins(start, start.first, one) <= one.last and (end is None or one.first <= stop.last)
        ]
        must = [
            one
            for one in may
            if begins(start, start.last, one) <= one.first and (end is None or one.last <= stop.first)
        ]
        if self.is_broken(start, may, end):
            return NOT_MET
        if not self.is_kept(start, may, must, end):
            return CANNOT_TELL
        if must or (end is not None and self.of_dated(start, None) == MET):
            return MET
        if may:
            return CANNOT_TELL
        return NOT_DUE_YET if end is None or end.last >= self.view.case.last else DOES_NOT_APPLY

    def limit_after(self, start: Span, one: Span) -> Limit:
        """The limit that runs from the start, or from an event."""
        return Limit.of(self.written.get("first", self.written["every"]) if one is start else self.written["every"])

    def ends_in_time(self, instant: int, limit: Limit, due: int, end: Any) -> bool:
        """Whether the end, or the day of the review, came no later than something was due."""
        return instant <= due if end is None else limit.keeps(instant, due)

    def is_kept(self, start: Span, may: Sequence[Span], must: Sequence[Span], end: Span | None) -> bool:
        """Whether the start, and each event, is for certain followed by a later event in time, or by the end."""
        chain = [start, *may]
        last = self.as_of if end is None else end.last
        for place, one in enumerate(chain):
            limit = self.limit_after(start, one)
            due = limit.due(one.first, self.view.case.calendar)
            later = [other for other in chain[place + 1 :] if other in must]
            ended = self.ends_in_time(last, limit, due, end)
            if not (ended or any(limit.keeps(other.last, due) for other in later)):
                return False
        return True

    def is_broken(self, start: Span, may: Sequence[Span], end: Span | None) -> bool:
        """Whether after some instant no event can lie within the limit, and the end is later."""
        first = self.as_of if end is None else end.first
        for one in (start, *(one for one in may if one.last >= start.last)):
            limits = {
                self.limit_after(start, other) for other in (one, *may) if other is one or other.first <= one.last
            }
            dues = [(limit, limit.due(one.last, self.view.case.calendar)) for limit in limits]
            after = [other for other in may if other.last > one.last]
            if not any(
                self.ends_in_time(first, limit, due, end) or any(limit.keeps(other.first, due) for other in after)
                for limit, due in dues
            ):
                return True
        return False


# Rules.


@dataclass(frozen=True)
class Found:
    """What a rule says of a subject: a verdict, what it would be if the rule applied, and what leaves it open."""

    verdict: str
    would_be: str | None = None


def of_open(causes: Iterable[str]) -> str:
    """The verdict on what is left open."""
    return NOT_RECORDED if set(causes) <= ABSENCES else CANNOT_TELL


@dataclass(frozen=True)
class Rule:
    """One rule, by one of its versions."""

    written: Mapping[str, Any]

    def judge(self, view: View) -> Found:
        """What it says of a subject, with every fact as it is written or supposed."""
        applies = view.ask(self.written.get("applies_when", {}))
        if applies.truth is False or applies.causes == {"not applicable"}:
            return Found(DOES_NOT_APPLY)
        verdict = min(self.blocks(view), key=WORST_FIRST.index)
        if applies.truth is None:
            return Found(of_open(applies.causes), verdict)
        return Found(verdict)

    def blocks(self, view: View) -> Iterator[str]:
        """What each block of the rule says."""
        due = self.deadline(view) if "deadline" in self.written else ""
        if due:
            yield due
        if "expect" in self.written:
            yield from self.expectation(view, set(paths_of(self.written["deadline"])) if due == NOT_DUE_YET else set())
        if "schedule" in self.written:
            silence = str(self.written.get("if_not_recorded", ""))
            found, causes = Schedule(view, self.written["schedule"], silence).judge()
            yield of_open(causes) if found == "open" else found
        if "judgement" in self.written:
            yield self.judgement(view)

    def deadline(self, view: View) -> str:
        """What the deadline says."""
        accepted = frozenset(self.written.get("accept_reasons", ()))
        found, causes = Deadline(view, self.written["deadline"], accepted).judge()
        return of_open(causes) if found == "open" else found

    def silent(self, causes: Iterable[str]) -> str:
        """The verdict on what is left open, where the rule may take silence for a failing."""
        verdict = of_open(causes)
        return str(self.written.get("if_not_recorded", verdict)) if verdict == NOT_RECORDED else verdict

    def expectation(self, view: View, not_due: set[str]) -> Iterator[str]:
        """What is expected; nothing yet of an event that is not due."""
        clauses = {
            key: test
            for key, test in self.written["expect"].items()
            if not any(f"{path}.".startswith(f"{event}.") for event in not_due for path in paths_of({key: test}))
        }
        if clauses:
            yield from self.held(view, clauses)

    def held(self, view: View, clauses: Mapping[str, Any]) -> Iterator[str]:
        """What some clauses come to; those that an accepted reason excuses are left out of it."""
        excused = {
            key for key, test in clauses.items() if view.line(key, test).truth is False and self.excuses(view, key)
        }
        if excused:
            yield EXCUSED
        answer = view.ask({key: test for key, test in clauses.items() if key not in excused})
        if answer.truth is None:
            yield DOES_NOT_APPLY if answer.causes == {"not applicable"} else self.silent(answer.causes)
        else:
            yield MET if answer.truth else NOT_MET

    def excuses(self, view: View, key: str) -> bool:
        """Whether a clause is about something that was decided against, for an accepted reason."""
        fact = ".".join(key.split(".")[:2])
        record = view.read(fact) if "." in key else NOTHING
        raw = record.raw if record.state == "not done" and isinstance(record.raw, Mapping) else {}
        return (
            raw.get("reason", "") in self.written.get("accept_reasons", ())
            and raw.get("decided_by", "") not in STATES
            and view.read(f"{fact}.decided_at").span is not None
        )

    def judgement(self, view: View) -> str:
        """What a person answered, or that nobody has."""
        answers = {
            str(one["answer"])
            for one in view.case.written.get("judgements", ())
            if one.get("rule") == self.written["rule"] and one.get("subject") == view.subject.label
        }
        if len(answers) > 1:
            return CANNOT_TELL
        return answers.pop() if answers else NEEDS_JUDGEMENT


PATH = re.compile(r"[a-z_0-9]+\.[a-z_0-9]+(\.[a-z_0-9]+)?")


def paths_of(written: Any) -> Iterator[str]:
    """Every fact that some blocks of a rule name."""
    if isinstance(written, Mapping):
        for key, value in written.items():
            yield from paths_of(key)
            yield from paths_of(value)
    elif isinstance(written, list):
        for item in written:
            yield from paths_of(item)
    elif isinstance(written, str) and PATH.fullmatch(written):
        yield written


BLOCKS = ("applies_when", "expect", "deadline", "schedule", "judged_on")


@dataclass(frozen=True)
class Evaluator:
    """One rule on one case: every subject's finding, weighed over all that the file leaves open."""

    rule: Mapping[str, Any]
    case: Case

    @cached_property
    def paths(self) -> list[str]:
        """Every fact that the rule names."""
        blocks = {block: self.rule[block] for block in BLOCKS if block in self.rule}
        versions = [{key: value for key, value in version.items() if key.split(".")[0] in BLOCKS} for version in self.rule.get("versions", ())]  # fmt: skip
        kinds = self.case.vocabulary.kinds
        return sorted({path for path in paths_of([blocks, versions]) if path.split(".")[0] in kinds})

    def findings(self) -> dict[str, Found]:
        """What the rule says of each of its subjects."""
        kind = self.rule.get("for_each")
        if kind is None:
            return {"case": self.of_group(self.case.whole)}
        listing = self.case.listing(kind)
        if not listing.things:
            return {"case": self.of_nobody(kind, listing)}
        return {thing.label: self.of_group(thing) for thing in listing.things}

    def of_nobody(self, kind: str, listing: Listing) -> Found:
        """What the rule says where there is nobody to ask about."""
        if listing.state == "none":
            return Found(DOES_NOT_APPLY)
        if "applies_when" in self.rule and self.is_ruled_out(kind):
            return Found(DOES_NOT_APPLY)
        return Found(of_open({listing.state}))

    def is_ruled_out(self, kind: str) -> bool:
        """Whether the case itself rules out whatever there may be: every other kind of thing is supposed to be unknown."""
        nobody = {name: Thing(name, name, name, {}, "unknown") for name in self.case.vocabulary.kinds}
        blank = replace(self.case, written={key: value for key, value in self.case.written.items() if key in self.case.vocabulary.kinds["case"].facts or key == "looked_at"})  # fmt: skip
        view = View(blank, {**nobody, "case": blank.whole}, nobody[kind])
        return view.ask(self.rule["applies_when"]).truth is False

    # A group of like things.

    def of_group(self, subject: Thing) -> Found:
        """What the rule says of a thing that may be a group: the worst of its members, if every way that they may be agrees."""
        read = dict.fromkeys((thing.key, name, self.members(thing, name)) for thing, name in self.all_read(self.case, subject) if thing.kind not in self.quantified)  # fmt: skip
        facts = [one for one in read if one[2]]
        if not facts:
            return self.of_subject(self.case, subject)
        ways = list(members_of([answers for *_, answers in facts]))
        found = {}
        for types in {one for way in ways for one in way}:
            chosen = {(key, name): value for (key, name, _), value in zip(facts, types, strict=True)}
            found[types] = self.of_subject(replace(self.case, chosen=chosen), subject)
        worst = {min((found[types] for types in way), key=lambda one: WORST_FIRST.index(one.verdict)) for way in ways}
        return worst.pop() if len({one.verdict for one in worst}) == 1 else Found(CANNOT_TELL)

    def members(self, thing: Thing, name: str) -> tuple[tuple[str, int], ...]:
        """The answers of the members of a group to one fact, each with how many gave it (0: some)."""
        raw = self.case.raw(thing, *name.split("."))
        if isinstance(raw, Mapping):
            raw = raw.get("is", "")
        if raw in ("all", "none"):
            return (("yes" if raw == "all" else "no", 0),)
        if raw == "some":
            return (("yes", 0), ("no", 0))
        match = GROUPED.fullmatch(raw) if isinstance(raw, str) else None
        if match is None:
            return ()
        yes, every = int(match[1]), int(match[2])
        return tuple(pair for pair in (("yes", yes), ("no", every - yes)) if pair[1])

    # One subject.

    def of_subject(self, case: Case, subject: Thing) -> Found:
        """What the rule says of one subject, by each of the records that contradict each other."""
        several = {}
        for thing, name in self.all_read(case, subject):
            raw = case.raw(thing, *name.split("."))
            if isinstance(raw, Mapping) and "conflicting" in raw:
                several[thing.key, name] = raw["conflicting"]
        found = []
        for records in product(*several.values()):
            believed = dict(zip(several, records, strict=True))
            found.append(self.of_things(replace(case, believed=believed), subject))
        if len({one.verdict for one in found}) == 1 and (
            not several or found[0].verdict not in (NOT_RECORDED, CANNOT_TELL)
        ):
            return found[0]
        plain, would_be = self.of_things(case, subject), {one.would_be for one in found}
        return Found(plain.verdict if plain.verdict == NOT_RECORDED else CANNOT_TELL, would_be.pop() if len(would_be) == 1 else CANNOT_TELL)  # fmt: skip

    def all_read(self, case: Case, subject: Thing) -> Iterator[tuple[Thing, str]]:
        """Every fact that the rule may read, of every thing that it may mean; a part after its whole."""
        for path in self.paths:
            kind, fact, *part = path.split(".")
            if kind == "case":
                things: tuple[Thing, ...] = (case.whole,)
            else:
                things = (subject,) if kind == subject.kind else case.concerning(kind, subject).things
            dated_by = case.vocabulary.kinds[kind].dated_by if kind not in self.quantified else ""
            for thing in things:
                yield from ((thing, name) for name in (dated_by, fact, ".".join([fact, *part])) if name)

    def of_things(self, case: Case, subject: Thing) -> Found:
        """What the rule says of one subject, with the thing that stands for each kind it names."""
        kinds = {path.split(".")[0] for path in self.paths} - {"case"} - self.quantified
        things = {kind: case.single(kind, subject) for kind in kinds}
        return self.weighed(View(case, {"case": case.whole, subject.kind: subject, **things}, subject))

    @cached_property
    def quantified(self) -> set[str]:
        """The kinds of thing that are looked through."""
        text = repr([self.rule.get("applies_when"), self.rule.get("expect")])
        return set(re.findall(r"'of': '([a-z_0-9]+)'", text))

    def read_of(self, view: View) -> Iterator[tuple[Thing, str]]:
        """Every fact that the rule reads, with the thing that it is read of; a part after its whole."""
        for path in self.paths:
            kind, fact, *part = path.split(".")
            things = view.case.concerning(kind, view.subject).things if kind in self.quantified else (view.things[kind],)  # fmt: skip
            for thing in things:
                if part:
                    yield thing, f"{kind}.{fact}"
                yield thing, path

    def weighed(self, view: View) -> Found:
        """What the rule says; where that is open, by every value that may be, up to 64 combinations."""
        plain = self.by_standard(view)
        if plain.verdict not in (NOT_RECORDED, CANNOT_TELL):
            return plain
        tried = {}
        for thing, path in self.read_of(view):
            type_ = view.case.vocabulary.type_of(path)
            kind, fact, *part = path.split(".")
            if type_.is_tried and (not part or part[0] in view.case.vocabulary.kinds[kind].facts[fact].parts):
                record = view.case.read(thing, fact, *part)
                if record.state in TRIED:
                    tried[thing.key, path.split(".", 1)[1]] = type_.values
        ways = 1
        for values in tried.values():
            ways *= len(values)
        if not tried or ways > MOST_TRIED:
            return plain
        found = set()
        for values in product(*tried.values()):
            supposed = dict(zip(tried, values, strict=True))
            found.add(self.by_standard(with_case(view, replace(view.case, supposed=supposed))).verdict)
            if len(found) > 1:
                return plain
        verdict = found.pop()
        return plain if verdict in (NOT_RECORDED, CANNOT_TELL) else Found(verdict)

    # The standard of the day.

    def by_standard(self, view: View) -> Found:
        """What the rule says, by each standard that may have been in force."""
        versions = self.rule.get("versions")
        if not versions:
            return Rule(self.rule).judge(view)
        record = view.read(self.rule["judged_on"])
        span = record.span if view.case.calendar.holds else None
        found = [Rule(versioned(self.rule, version)).judge(view) if version else Found(DOES_NOT_APPLY) for version in in_force(versions, span)]  # fmt: skip
        if len({one.verdict for one in found}) == 1:
            return found[0]
        cause = "imprecise" if record.span else "undated" if record.happened else record.state
        return agreed(found, {cause})


def with_case(view: View, case: Case) -> View:
    """The same view of another reading of the case."""
    return replace(view, case=case)


def agreed(found: Sequence[Found], causes: set[str]) -> Found:
    """What all of some findings say; where they differ, what that leaves open."""
    verdicts = {one.verdict for one in found}
    if len(verdicts) == 1:
        return found[0]
    return Found(CANNOT_TELL if CANNOT_TELL in verdicts else of_open(causes))


def versioned(rule: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, Any]:
    """A rule by one of its versions."""
    made = dict(rule)
    for key, value in version.items():
        block, *inner = key.split(".")
        made[block] = {**made[block], inner[0]: value} if inner else value
    return made


def in_force(versions: Sequence[Mapping[str, Any]], span: Span | None) -> Iterator[Mapping[str, Any] | None]:
    """The versions that may have been in force; None before the first, the last one after its end."""
    span = span or Span(NEVER, EVER)
    for number, version in enumerate(versions):
        from_, to = version["in_force"].get("from"), version["in_force"].get("to")
        first = whole_day(date.fromisoformat(from_)).first if from_ else NEVER
        last = whole_day(date.fromisoformat(to)).last if to and number < len(versions) - 1 else EVER
        if number == 0 and span.first < first:
            yield None
        if span.first <= last and first <= span.last:
            yield version


def members_of(facts: Sequence[Sequence[tuple[str, int]]]) -> Iterator[frozenset[tuple[str, ...]]]:
    """Every set of sorts of member that a group may consist of, given how many gave each answer."""
    size = max((sum(count for _, count in answers) for answers in facts), default=0)
    columns = [list(columns_of(answers, size or len(facts) + 1)) for answers in facts]
    yield from {frozenset(zip(*columns_, strict=True)) for columns_ in product(*columns)}


def columns_of(answers: Sequence[tuple[str, int]], size: int) -> Iterator[tuple[str, ...]]:
    """Every way that the members of a group may have answered one question."""
    if len(answers) == 1:
        yield (answers[0][0],) * size
        return
    yes = answers[0][1]
    for count in [yes] if yes else range(1, size):
        for chosen in combinations(range(size), count):
            yield tuple("yes" if place in chosen else "no" for place in range(size))


# The way in.

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
A_DAY_WITHOUT_A_DATE = date(1969, 6, 2)
"""British clocks did not change in 1969: hours and days are what they are on any day."""


def evaluate_fully(
    rule: Mapping[str, Any], case: Mapping[str, Any], vocabulary: Vocabulary, calendar: Calendar, as_of: str = ""
) -> dict[str, Found]:
    """What a rule says of each subject of a case."""
    return findings_of(rule, readings_of(case, vocabulary, calendar, as_of))


def evaluate(
    rule: Mapping[str, Any], case: Mapping[str, Any], vocabulary: Vocabulary, calendar: Calendar, as_of: str = ""
) -> dict[str, str]:
    """The verdict of a rule on each subject of a case."""
    found = evaluate_fully(rule, case, vocabulary, calendar, as_of)
    return {subject: one.verdict for subject, one in found.items()}


def findings_of(rule: Mapping[str, Any], readings: Sequence[Case]) -> dict[str, Found]:
    """What a rule says of each subject, by every day that day 0 may have been where the rule needs to know it."""
    plain, *dated = readings
    if not dated or not needs_dates(rule):
        return Evaluator(rule, plain).findings()
    found = [Evaluator(rule, reading).findings() for reading in dated]
    return {subject: agreed([one[subject] for one in found], {"imprecise"}) for subject in found[0]}


def needs_dates(rule: Mapping[str, Any]) -> bool:
    """Whether a rule counts hours, working days or months, or names a day."""
    blocks = repr([rule.get(block) for block in (*BLOCKS, "versions")])
    return bool(re.search(r"\d+ (hour|working day|month)|'\d{4}-\d\d|in_force", blocks))


def readings_of(
    case: Mapping[str, Any], vocabulary: Vocabulary, calendar: Calendar, as_of: str = ""
) -> tuple[Case, ...]:
    """A case as of its own day, or another; after it, where day 0 has no date, the case on each day that it may have been."""
    zero = case.get("day_0", "")
    if isinstance(zero, str) and zero:
        return (read_case(case, vocabulary, calendar, as_of, local_day(span_of(zero, Zero(None, None)).first)),)
    if not re.match(r"day \d", as_of or case["as_of"]):
        return (read_case(case, vocabulary, calendar, as_of, None),)
    plain = read_case(case, vocabulary, replace(calendar, holds=False), as_of, A_DAY_WITHOUT_A_DATE)
    return (plain, *(read_case(case, vocabulary, calendar, as_of, day) for day in days_of(zero)))


def days_of(zero: Any) -> Iterator[date]:
    """Every day that day 0 may have been."""
    if not isinstance(zero, Mapping) or "month" not in zero:
        return
    span = span_of(zero["month"], Zero(None, None))
    day = local_day(span.first)
    while day <= local_day(span.last):
        if WEEKDAYS[day.weekday()] == zero.get("weekday", WEEKDAYS[day.weekday()]):
            yield day
        day += timedelta(days=1)


def read_case(
    case: Mapping[str, Any], vocabulary: Vocabulary, calendar: Calendar, as_of: str, day_zero: date | None
) -> Case:
    """A case, with day 0 on a certain day or on that of the first report."""
    read = Case(case, vocabulary, EVER, EVER, calendar, Zero(day_zero, None))
    reports = [read.read(thing, "received") for thing in read.listing("report").things]
    first = min((record.span for record in reports if record.span), key=lambda one: one.first, default=None)
    zero = Zero(day_zero or (local_day(first.first) if first else None), first)
    span = span_of(as_of or case["as_of"], zero)
    stands = span.first if span.first == span.last else span.last + 1
    return replace(read, zero=zero, as_of=stands, last=span.last)
