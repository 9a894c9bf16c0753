"""What one case file says: every fact with its state and its place.

A fact with a problem is *unreadable*, never absent: dropping a mistyped arrest date would accuse somebody.
"""

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date
from functools import lru_cache

from checklist.clocks import (
    CAME_TWICE,
    UNDATED_DAY_ZERO,
    ClockError,
    Moment,
    Precision,
    is_before,
    is_twofold,
    parse_moment,
)
from checklist.later import dataclass, pattern
from checklist.logic import Evidence, State
from checklist.schema import Reading, expected
from checklist.source import Document, Mapping, Node, Problem, Scalar, Sequence, did_you_mean
from checklist.vocabulary import (
    BUILT_IN_DATES,
    BUILT_IN_TEXTS,
    CASE,
    ITEM_KEYS,
    FactKind,
    FactType,
    Kind,
    Vocabulary,
    part_of,
)

OTHERS_NOT_RECORDED = "others not recorded"
Bounds = tuple[int, int | None]
"""A number known to lie between two bounds, both included; None is no upper bound."""
Value = bool | str | tuple[str, ...] | Bounds | Moment | None


FactKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a case: its state, its value and its place."""

    type: FactType
    path: str
    state: State
    line: int
    column: int
    value: Value = None
    shown: str = ""
    """The value redrawn from what was understood, never the raw line."""
    complete: bool = True
    """False for a list that holds `others not recorded`."""
    at: Moment | None = None
    """From when a changing value held."""
    reason: str = ""
    decided_by: str = ""
    parts: dict[str, "Fact"] = field(default_factory=dict)
    records: tuple["Fact", ...] = ()
    """The records that contradict each other; the values of a changing fact; the members of a list of events."""
    mixed: tuple["Fact", ...] = ()
    """For a group whose members differ: the fact as it stands for each sort of member."""
    later: bool = False
    """Whether it lies after an earlier as-of, and counts as not yet happened."""
    is_to_come: bool = False
    """Whether that is so for its own day, and not for when it was known or decided against."""

    @property
    def decided(self) -> bool | None:
        """Whether it is recorded who decided it; None where that is unknown or blacked out."""
        return None if self.decided_by in _NO_ROLES else bool(self.decided_by)

    @property
    def key(self) -> FactKey:
        """What tells it from every other: several facts that nobody wrote down may share a place."""
        return self.path, self.type.name

    @property
    def moment(self) -> Moment | None:
        """When it happened, if that is recorded."""
        return self.value if isinstance(self.value, Moment) else None


@dataclass(frozen=True, slots=True)
class Thing:
    """One person or thing that a case file lists."""

    kind: str
    ref: str
    path: str
    line: int
    column: int
    facts: dict[str, Fact]
    about: tuple[str, ...] | None = None
    """The refs that it concerns; None where the file does not say."""
    count: int | None = None
    """How many it stands for, where that is known."""
    heads: Bounds = (1, 1)
    """How many it stands for, at least and at most."""
    unread: bool = False
    """Whether it holds a word that could not be read: what it seems to leave out may have been said."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All things of one kind, or why there are none."""

    state: State
    path: str
    line: int
    column: int
    things: tuple[Thing, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's answer to a question that only a person can answer."""

    rule: str
    subject: str
    answer: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What one case file says, as of one day."""

    file: str
    name: str
    as_of: Moment
    listings: dict[str, Listing]
    whole: Thing
    """The facts of the whole case."""
    looked_at: tuple[str, ...] | None
    """The areas that the reviewer read; None is all of them."""
    judgements: tuple[Judgement, ...] = ()
    hidden: int = 0
    """How many facts and things say what lies after an earlier as-of, and counts as not yet happened."""
    undated_from: date | None = None
    """The day that stands for an undated day 0; None where the case is dated."""
    candidates: tuple[date, ...] = ()
    """The days that an undated day 0 may have been, where the file narrows them down."""
    days: tuple[str, ...] = ()
    """Where it has candidates: each day as it was written, once, whether it could be read or not."""
    problems: tuple[Problem, ...] = ()
    has_clock: bool = True
    """False where no day to stand on could be read: such a case cannot be reviewed."""
    kinds: dict[str, str] = field(default_factory=dict)
    """By its ref, of what kind a thing is; those that lie after the as-of as well."""
    wary: "Case | None" = None
    """The same case, had nothing yet happened that may lie after an earlier as-of; None where nothing may."""
    _found: dict[FactKey, Fact] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was looked up before: rules ask for the same facts again and again."""
    seen: dict[tuple[str, str, bool], Fact] = field(default_factory=dict, init=False, repr=False, compare=False)
    """For whoever looks from a subject: the facts of what concerns it, once they were found."""
    told: dict[int, tuple[Fact, Evidence]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """For whoever shows a fact as evidence: each with that evidence, by its number."""

    def listing(self, kind: str) -> Listing:
        """All things of a kind; absent lists are placed at the top of the file."""
        return self.listings[kind]

    def fact(self, thing: Thing, type_: FactType) -> Fact:
        """What the case says of a fact (or of a part of one); an absent fact stands at its nearest parent."""
        key = (thing.path, type_.name)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(thing, type_)
        return found

    def _look_up(self, thing: Thing, type_: FactType) -> Fact:
        _, name, *part = type_.name.split(".")
        found = thing.facts.get(name)
        if part and found is not None:
            inner = found.parts.get(part[0])
            if inner is not None:
                return inner
            return self._part_unread(found, type_, thing)
        if found is None:
            return self.absent(type_, thing)
        # An empty value and `not recorded` say no more than an absent key.
        return replace(found, state=self.absence(type_.area, thing)) if found.state is State.NOT_RECORDED else found

    def _part_unread(self, whole: Fact, type_: FactType, thing: Thing) -> Fact:
        """A part that is not written takes the state of a whole that cannot be read; else it is absent."""
        state = whole.state
        if state not in (State.REDACTED, State.UNREADABLE, State.UNKNOWN, State.CONTRADICTORY, State.NOT_APPLICABLE):
            state = self.absence(type_.area, thing)
        return Fact(type_, f"{whole.path}.{type_.name.split('.')[-1]}", state, whole.line, whole.column)

    def absent(self, type_: FactType, thing: Thing) -> Fact:
        """The fact as nobody wrote it down."""
        names = type_.name.split(".")[1:]
        path = ".".join([thing.path, *names] if thing.path else names)
        return Fact(type_, path, self.absence(type_.area, thing), thing.line, thing.column)

    def absence(self, area: str, thing: Thing) -> State:
        """The state of a fact of an area that nobody wrote down: evidence only inside what was looked at, and where every word could be read."""
        if thing.unread:
            return State.UNREADABLE
        return State.NOT_RECORDED if self.looked_at is None or area in self.looked_at else State.NOT_LOOKED_AT

    def absence_of(self, kind: Kind) -> State:
        """The state of a list of things that nobody wrote down."""
        return self.absence(kind.area, self.whole)


def load_case(
    document: Document, vocabulary: Vocabulary, *, as_of: Moment | None = None, day_zero: date | None = None
) -> Case:
    """What a case file says, with every problem of it.

    Args:
        document: the file as it was read.
        vocabulary: the words that it may use.
        as_of: the day the review stands on, instead of the file's own.
        day_zero: one of the days that an undated day 0 may have been.
    """
    reader = _CaseReader(document, vocabulary, as_of, day_zero)
    case = reader.read()
    if not reader.is_in_doubt:
        return case
    return replace(case, wary=_CaseReader(document, vocabulary, as_of, day_zero, is_wary=True).read())


NOTHING_SAID = ("not recorded", "unknown", "not applicable")
"""Words that stand for what nobody can say, where a person, a day or a reason must be named; what is redacted was said."""
_NO_ROLES = ("unknown", "redacted")
_OTHERWISE = Moment(None, None, Precision.RANGE, "")
"""Stands for a day that is said in another way than by itself."""
_STATES = {"not recorded": State.NOT_RECORDED, "unknown": State.UNKNOWN, "redacted": State.REDACTED}
REF = pattern(r"[A-Za-z][A-Za-z0-9_-]{0,31}\Z")
ROLE = pattern(r"[a-z][a-z' -]{0,60}(@[a-z][a-z' -]{0,60})?\Z")
COUNT = pattern(r"(0|[1-9][0-9]{0,8})\Z")
_OF = pattern(r"(0|[1-9][0-9]{0,5}) of ([1-9][0-9]{0,5})\Z")
AGE = pattern(r"(?:(0|[1-9][0-9]?|1[0-4][0-9])(?: years?)?|(0|[1-9][0-9]{0,3}) (day|week|month)s?)\Z")
"""Of years no more than 149, our default: nobody is older, and a year of birth is not taken for an age."""
_AGE_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
"""Days in each unit of an age, leap years spread out; rules' bounds are counted in the same way."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_CANDIDATES = 31
_ITEM_PARTS = ("at", "from", "until", "by", "known", "written_down", "source", "note")
_REFUSAL = ("reason", "decided_by", "decided_at")
_DAY_ZERO_HINT = "write 2015-09-01, or {weekday: tuesday, month: 2015-09}"
_DATED_TEXT = pattern(r"(?s:(?:.*/)?\s*)[0-9]{4}")
_COUNTED_TEXT = pattern(r"(?s:(?:.*/)?\s*day +[0-9]{1,5}(?:T[0-9:Z+-]+)?\s*(?:/.*)?)")


class _CaseReader:
    """Reads one case file once, for one as-of and one day 0."""

    def __init__(
        self,
        document: Document,
        vocabulary: Vocabulary,
        as_of: Moment | None,
        day_zero: date | None,
        *,
        is_wary: bool = False,
    ) -> None:
        self.is_wary = is_wary
        """Whether nothing has happened yet that may lie after an earlier as-of."""
        self.is_in_doubt = False
        """Whether anything may."""
        self.reading = Reading(document.file, quotes=False)
        self.reading.problems.extend(document.problems)
        self.vocabulary = vocabulary
        root = document.root
        self.root = root if isinstance(root, Mapping) else Mapping({}, {}, 1, 1)
        if root is not None and not isinstance(root, Mapping):
            self.reading.refuse(root, "a case file must be a mapping", "begin with `case: ...` and `as_of: ...`")
        elif root is not None and not root.entries and not document.problems:
            self.reading.refuse(root, "the file is empty", "begin with `case: ...` and `as_of: ...`")
        written = self.root.entries
        self.kinds = [
            kind
            for kind in vocabulary.kinds.values()
            if kind.name != CASE and (kind.name in written or kind.plural in written)
        ]
        """The kinds of things that the file lists."""
        self.hidden = 0
        self.later_dates = 0
        self.undated = False
        self.is_first_untold = False
        """Whether the file has dates, and one of its reports none: then nothing can be counted from the first."""
        self.candidates: tuple[date, ...] = ()
        self.given_day_zero = day_zero
        self.day_zero = day_zero
        self.latest: int | None = None
        self.shown_until: int | None = None
        self.given_as_of = as_of
        self.has_clock = True
        self.refs: dict[str, str] = {}
        self.given_twice: set[str] = set()
        self.ref_at: dict[tuple[int, int], str] = {}
        self.anchors: dict[str, Moment | None] = {}
        self.days: dict[str, None] = {}

    def read(self) -> Case:
        """The case."""
        self._find_day_zero()
        self.days.clear()  # day 0 itself is none of those that are counted from it
        as_of = self._read_as_of()
        unread = self._has_unknown_words()
        self._collect_refs()
        listings = self._read_listings()
        whole = self._read_whole(unread=unread)
        name = self.reading.text(self.root, "case", required=bool(self.root.entries))
        return Case(
            file=self.reading.file,
            name=name,
            as_of=as_of,
            listings=listings,
            whole=whole,
            looked_at=self._read_looked_at(),
            judgements=self._read_judgements(),
            hidden=self.hidden,
            undated_from=self.day_zero if self.undated else None,
            candidates=self.candidates,
            days=tuple(self.days) if self.candidates else (),
            problems=tuple(sorted(set(self.reading.problems))),
            has_clock=self.has_clock,
            kinds=self.refs,
        )

    # The clock: day 0, the as-of, and moments that hang on other moments.

    def _find_day_zero(self) -> None:
        node = self.root.entries.get("day_0")
        if isinstance(node, Mapping):
            self._narrow_day_zero(node)
        elif isinstance(node, Sequence):
            self.reading.refuse(node, "day_0 must be one day", _DAY_ZERO_HINT)
        elif node is not None and not node.is_null:
            self.day_zero = self._whole_day(node)
        else:
            self.day_zero = self._day_of_first_report()
        if self.day_zero is None and not self.is_first_untold:
            self.day_zero = self.given_day_zero or UNDATED_DAY_ZERO
        self.anchors.clear()
        floats = isinstance(node, Mapping) or self.given_day_zero is not None or self.day_zero is UNDATED_DAY_ZERO
        self.undated = floats and any(_COUNTED_TEXT.fullmatch(text) for text in _texts(self.root))

    def _whole_day(self, node: Scalar) -> date | None:
        moment = self.moment(node, "day_0")
        if moment is not None and (moment.lo_day is None or moment.lo_day != moment.hi_day):
            self.reading.refuse(node, "day_0 must be one day", _DAY_ZERO_HINT)
            return None
        return moment.lo_day if moment else None

    def _narrow_day_zero(self, node: Mapping) -> None:
        """Keeps the days of a month that fall on a weekday, where the file knows no more than that."""
        self.reading.only(node, ("weekday", "month"), "day_0")
        weekday = self.reading.choice(node, "weekday", WEEKDAYS)
        month = node.entries.get("month")
        if month is None or _is_null(month):
            return
        moment = self.moment(month, "month")
        if moment is None or moment.lo_day is None or moment.hi_day is None:
            return
        days = [date.fromordinal(n) for n in range(moment.lo_day.toordinal(), moment.hi_day.toordinal() + 1)]
        fitting = tuple(day for day in days if not weekday or WEEKDAYS[day.weekday()] == weekday)
        if not fitting:
            self.reading.refuse(month, "month: none of its days is that weekday", _DAY_ZERO_HINT)
        self.candidates = fitting if len(fitting) <= _MOST_CANDIDATES else ()
        if self.day_zero is None and self.candidates:
            self.day_zero = self.candidates[0]

    def _day_of_first_report(self) -> date | None:
        moments = self._raw_moments("report")
        days = [moment.lo_day for moment in moments or () if moment.lo_day and moment.lo_day == moment.hi_day]
        # An earlier month, an open beginning, or one that has no date, leaves it open which was the first.
        is_first = days and all(moment.lo_day is not None and moment.lo_day >= min(days) for moment in moments or ())
        if is_first:
            return min(days)
        as_of = self.root.entries.get("as_of")
        is_dated = isinstance(as_of, Scalar) and bool(_DATED_TEXT.match(as_of.text.strip()))
        self.is_first_untold = is_dated and (moments is None or bool(moments))
        return None

    def _raw_moments(self, name: str) -> list[Moment] | None:
        """The absolute moments by which the things of a kind are dated, read ahead of the things themselves; None where one of them has no date.

        What is counted from another day is left out, and so is what was not done.
        """
        kind = self.vocabulary.kind_written(name)
        if kind is None or not kind.dated_by:
            return []
        moments: list[Moment] = []
        for item in self._raw_items(kind):
            node = item.entries.get(kind.dated_by)
            records = node.entries.get("conflicting") if isinstance(node, Mapping) else None
            moment = self._hull(records.items) if isinstance(records, Sequence) else self._raw_moment(node)
            if moment is None:
                return None
            if moment is not _OTHERWISE:
                moments.append(moment)
        return moments

    def _raw_moment(self, node: Node | None) -> Moment | None:
        """What a date says by itself; `_OTHERWISE` where it is counted from another, or says that nothing was done."""
        if isinstance(node, Mapping):
            entries = node.entries
            if _is_text(entries.get("done"), "no"):
                return _OTHERWISE
            node = entries.get("at") or entries.get("is") or entries.get("from")
        if not isinstance(node, Scalar):
            return None
        try:
            return parse_moment(node.text, day_zero=self.day_zero)
        except ClockError:
            is_counted = _COUNTED_TEXT.fullmatch(node.text) or "+" in node.text or node.text == "no"
            return _OTHERWISE if is_counted else None

    def _hull(self, nodes: tuple[Node, ...]) -> Moment | None:
        """From the earliest to the latest of what several records say."""
        read = [self._raw_moment(node) for node in nodes]
        bounds = [(one.lo, one.hi) for one in read if one is not None and one is not _OTHERWISE]
        if not bounds or len(bounds) < len(read) or any(lo is None or hi is None for lo, hi in bounds):
            return None
        lows, highs = ([bound for bound in side if bound is not None] for side in zip(*bounds, strict=True))
        return Moment(min(lows), max(highs), Precision.RANGE, "")

    def _raw_items(self, kind: Kind) -> list[Mapping]:
        return [item for item in self._raw_nodes(kind) if isinstance(item, Mapping)]

    def _raw_nodes(self, kind: Kind) -> list[Node]:
        found: list[Node] = []
        for node in (self.root.entries.get(key) for key in (kind.name, kind.plural)):
            if isinstance(node, Sequence):
                found.extend(node.items)
            elif isinstance(node, Mapping):
                found.append(node)
        return found

    def _anchor(self, name: str) -> Moment | None:
        """The moment that `NAME + 21 days` counts from: the first thing of that kind."""
        if name not in self.anchors:
            moments = self._raw_moments(name.replace(" ", "_")) or []
            begun = [moment for moment in moments if moment.lo is not None]
            self.anchors[name] = min(begun, key=lambda moment: moment.lo or 0, default=None)
        return self.anchors[name]

    def moment(self, node: Node, what: str) -> Moment | None:
        """The moment that is written, absolute or counted from another; None and a problem where it is none."""
        if not isinstance(node, Scalar):
            self.reading.refuse(node, f"{what}: this is not a date", "write one date, such as 2016-03-18")
            return None
        self.days[node.text] = None
        try:
            moment = parse_moment(node.text, day_zero=self.day_zero, anchors=self._anchor)
        except ClockError as error:
            or_not = (
                "; `unknown` where the record says so, or leave it out" if error.what == "this is not a date" else ""
            )
            self.reading.refuse(node, f"{what}: {error.what}", f"{error.hint}{or_not}")
            return None
        if self._floats and _DATED_TEXT.match(node.text.strip()):
            # Days counted from a day 0 that nobody dated, and dates, lie on two lines that nothing joins.
            hint = "count this from day 0 as well, or say in day_0 which day it was"
            self.reading.refuse(node, f"{what}: a date, where others are counted from an undated day 0", hint)
            return None
        return moment

    @property
    def _floats(self) -> bool:
        return self.undated and self.day_zero is UNDATED_DAY_ZERO

    def _read_as_of(self) -> Moment:
        node = self.root.entries.get("as_of")
        own = self._own_as_of(node) if node is not None and not _is_null(node) else None
        if own is None and self.given_as_of is None and self.root.entries and (node is None or _is_null(node)):
            hint = "write the day the review stands on: as_of: 2016-07-18, or use --as-of"
            self.reading.refuse(self.root, "as_of is missing", hint)
        chosen = self.given_as_of or own
        if self.given_as_of is not None and self._floats and _DATED_TEXT.match(self.given_as_of.text):
            what = "day 0 is undated, so a review cannot stand on a date"
            self.reading.refuse(self.root, what, "say in day_0 which day it was, or leave --as-of out")
            chosen = None
        if chosen is None:
            self.has_clock = False
            chosen = parse_moment("2100-12-31")
        # The last minute that has happened: a day-only as-of runs to 24:00, so 23:59 is in it and the next day is not.
        self.latest = own.hi if own is not None else None
        self.shown_until = chosen.hi
        return chosen

    def _own_as_of(self, node: Node) -> Moment | None:
        own = self.moment(node, "as_of")
        if own is not None and own.precision not in (Precision.DAY, Precision.MINUTE):
            self.reading.refuse(node, "as_of must be one day, or one minute", "write as_of: 2016-07-18")
            return None
        if own is not None and not self.undated and is_twofold(own):
            self.reading.refuse(node, f"as_of: {CAME_TWICE[0]}", CAME_TWICE[1])
            return None
        return own

    # The file's own keys.

    def _has_unknown_words(self) -> bool:
        words = self.vocabulary.top_level_words()
        unknown = [key for key in self.root.places if key not in words]
        for key in unknown:
            hint = did_you_mean(key, words) or "`checklist new case` lists what a case file may say"
            self.reading.refuse(self.root.places[key], "the vocabulary has no such word", hint)
        return bool(unknown)

    def _read_looked_at(self) -> tuple[str, ...] | None:
        node = self.root.entries.get("looked_at")
        if node is None or (isinstance(node, Scalar) and (node.is_null or node.text == "all")):
            return None
        areas = []
        for item in (node,) if isinstance(node, Scalar) else self.reading.items(node, "looked_at"):
            area = self.reading.text_of(item, "an item of looked_at")
            if area not in self.vocabulary.areas:
                self.reading.refuse(item, "looked_at: no such area", expected(area, self.vocabulary.areas))
                area = "(unreadable)"  # what a review says was looked at is a word of ours, never one of the file
            areas.append(area)
        return tuple(areas)

    def _read_judgements(self) -> tuple[Judgement, ...]:
        node = self.root.entries.get("judgements")
        nodes = () if node is None or _is_null(node) else self.reading.items(node, "judgements")
        mappings = [self.reading.mapping(item, "a judgement") for item in nodes]
        read = [self._read_judgement(mapping) for mapping in mappings if mapping is not None]
        return tuple(judgement for judgement in read if judgement is not None)

    def _read_judgement(self, mapping: Mapping) -> Judgement | None:
        before = len(self.reading.problems)
        self.reading.only(mapping, ("rule", "subject", "answer", "reason", "by", "at"), "a judgement")
        keys = ("rule", "subject", "reason", "by", "at")
        said = {key: self.reading.text(mapping, key, required=True) for key in keys}
        for key in keys:
            if said[key] in NOTHING_SAID or (key == "at" and said[key] == State.REDACTED):
                self.reading.refuse(
                    mapping.entries[key], f"{key!r} is {said[key]}", "a judgement says who made it, when and why"
                )
        answer = self.reading.choice(mapping, "answer", ("met", "not met"), required=True)
        parts = self.read_builtins(mapping, FactType("judgement", FactKind.TEXT), "judgements", ("by", "at"))
        if len(self.reading.problems) > before:
            return None
        if parts["at"].later:
            self.hidden += 1
            return None
        return Judgement(said["rule"], said["subject"], answer, mapping.line, mapping.column)

    # Things.

    def _read_listings(self) -> dict[str, Listing]:
        line, column = self.root.line, self.root.column
        listings = {
            kind.name: _unlisted(kind.plural, line, column)
            for kind in self.vocabulary.kinds.values()
            if kind.name != CASE
        }
        for kind in self.kinds:
            keys = [key for key in (kind.name, kind.plural) if key in self.root.entries]
            listings[kind.name], *_ = [self._read_listing(kind, key) for key in keys]
            if len(keys) > 1:
                line, column = self.root.places[keys[1]]
                what = f"both {keys[0]!r} and {keys[1]!r} are written"
                self.reading.refuse((line, column), what, f"write all of them under `{kind.plural}:`")
                # Which of the two is the whole list, or whether both are, nobody can tell.
                listings[kind.name] = Listing(State.UNREADABLE, kind.plural, line, column)
        return listings

    def _collect_refs(self) -> None:
        """Every ref that the file gives, and one for each thing without, before anything may refer to them."""
        things = [(kind, number, node) for kind in self.kinds for number, node in self._numbered(kind)]
        for kind, _, node in things:
            ref = node.entries.get("ref") if isinstance(node, Mapping) else None
            if ref is not None and not _is_null(ref):
                self._take_ref(kind, ref, (node.line, node.column))
        last: dict[str, int] = {}
        for kind, place, node in things:
            if (node.line, node.column) not in self.ref_at:
                number = max(place, last.get(kind.label, 0) + 1)
                while f"{kind.label}{number}" in self.refs:
                    number += 1
                last[kind.label] = number
                self.refs[f"{kind.label}{number}"] = kind.name
                self.ref_at[node.line, node.column] = f"{kind.label}{number}"

    def _numbered(self, kind: Kind) -> list[tuple[int, Node]]:
        nodes = self._raw_nodes(kind)
        return [(number, node) for number, node in enumerate(nodes, start=1) if not _is_others(node)]

    def _take_ref(self, kind: Kind, node: Node, of: tuple[int, int]) -> None:
        text = node.text if isinstance(node, Scalar) else ""
        if not REF.match(text):
            hint = "write a letter and a number, such as S1, never a name"
            self.reading.refuse(node, "a ref is a short code", hint)
        elif text in self.refs:
            self.reading.refuse(node, "this ref is given twice", "every person and thing has a ref of its own")
            self.given_twice.add(text)
        else:
            self.refs[text] = kind.name
            self.ref_at[of] = text

    def _read_listing(self, kind: Kind, key: str) -> Listing:
        node = self.root.entries[key]
        line, column = self.root.places[key]
        if isinstance(node, Scalar):
            return Listing(self._state_of_list(node, kind), key, line, column)
        if isinstance(node, Mapping):
            things, complete = [self._read_thing(kind, node, key)], True
        else:
            numbered = [(index, item) for index, item in enumerate(node.items) if not _is_others(item)]
            things = [self._read_thing(kind, item, f"{key}[{index}]") for index, item in numbered]
            complete = len(numbered) == len(node.items)
        here = tuple(thing for thing in things if thing is not None)
        none = State.NONE if complete and not things else State.NOT_RECORDED
        return Listing(State.RECORDED if here else none, key, line, column, here, complete)

    def _state_of_list(self, node: Scalar, kind: Kind) -> State:
        if node.is_null:
            return State.NOT_RECORDED
        if node.text in _STATES:
            return _STATES[node.text]
        self.reading.refuse(
            node,
            f"{kind.plural} must be a list",
            f"write `{kind.plural}: []` where the record says that there are none",
        )
        return State.UNREADABLE

    def _read_thing(self, kind: Kind, node: Node, path: str) -> Thing | None:
        """One thing; None where it lies after the as-of. What is no mapping is a thing of which nothing can be read."""
        mapping = self.reading.mapping(node, f"an item of {path.partition('[')[0]}")
        ref = self.ref_at[node.line, node.column]
        if mapping is None:
            return Thing(kind.name, ref, path, node.line, node.column, {}, unread=True)
        unknown = [key for key in mapping.places if key not in kind.facts and key not in ITEM_KEYS]
        for key in unknown:
            hint = (
                did_you_mean(key, (*ITEM_KEYS, *kind.facts)) or f"`checklist new case` lists the facts of {kind.plural}"
            )
            self.reading.refuse(
                mapping.places[key], f"{'an' if kind.name[0] in 'aeiou' else 'a'} {kind.name} has no such fact", hint
            )
        heads = self._read_count_of(mapping, path)
        # Of how many is not known, so that no `4 of 20` fits it.
        count = None if heads is None else heads[0] if heads[0] == heads[1] else 0
        hidden = self.hidden
        facts = {
            name: self._read_fact(type_, mapping.entries[name], f"{path}.{name}", mapping.places[name], count)
            for name, type_ in kind.facts.items()
            if name in mapping.entries
        }
        parts: dict[str, Fact] = {}
        if not mapping.entries.keys().isdisjoint(_ITEM_PARTS):
            parts = self.read_builtins(mapping, FactType(f"{kind.name}.item", FactKind.TEXT), path, _ITEM_PARTS)
        later = any(parts[key].later for key in ("at", "from", "known") if key in parts)
        # Where day 0 is undated, a thing would be there in some readings of the file and not in others.
        if not self.undated and (later or self._is_to_come(kind, facts, parts)):
            self.hidden = hidden + 1
            return None
        before = len(self.reading.problems)
        about = self._read_about(mapping)
        if len(self.reading.problems) > before:
            # Whom it concerns cannot be read, so nothing that it says can be held for or against anybody.
            facts = {
                name: Fact(fact.type, fact.path, State.UNREADABLE, fact.line, fact.column)
                for name, fact in facts.items()
            }
            unknown.append("about")
        return Thing(
            kind.name,
            ref,
            path,
            mapping.line,
            mapping.column,
            facts,
            about,
            count or None,
            heads or (1, 1),
            unread=bool(unknown),
        )

    def _is_to_come(self, kind: Kind, facts: dict[str, Fact], parts: dict[str, Fact]) -> bool:
        """Whether a thing is dated after the as-of, and nothing of it lies before for certain.

        Where it is dated by something that is to be done, it may have been there before that was done.
        """
        dated = facts.get(kind.dated_by)
        if dated is None or not dated.is_to_come:
            return False
        told = [*facts.values(), *parts.values()]
        moments = [one.moment for fact in told for one in (fact, *fact.parts.values(), *fact.records)]
        if any(moment is not None and not self._may_lie_after(moment) for moment in moments):
            return False
        if dated.type.kind is FactKind.DATE or self.is_wary:
            return True
        self.is_in_doubt = True
        return False

    def _may_lie_after(self, moment: Moment) -> bool:
        return self.shown_until is not None and (moment.hi is None or moment.hi > self.shown_until)

    def _read_about(self, mapping: Mapping) -> tuple[str, ...] | None:
        node = mapping.entries.get("about")
        if node is None or _is_null(node):
            return None
        items = (node,) if isinstance(node, Scalar) else self.reading.items(node, "about")
        for item in items:
            self.check_ref(item, "about")
        return tuple(item.text for item in items if isinstance(item, Scalar))

    def check_ref(self, node: Node, what: str, to: tuple[str, ...] = ()) -> None:
        """A ref must be that of one thing, of a kind that may be meant."""
        text = node.text if isinstance(node, Scalar) else ""
        kind = self.refs.get(text)
        if kind is None:
            self.reading.refuse(node, f"{what}: nothing has this ref", "write a ref that the file gives")
        elif text in self.given_twice:
            self.reading.refuse(node, f"{what}: two things have this ref", "give each a ref of its own")
        elif to and kind not in to:
            self.reading.refuse(node, f"{what}: this is a {kind}", f"expected a ref of: {', '.join(to)}")

    def _read_count_of(self, mapping: Mapping, path: str) -> Bounds | None:
        """How many a thing stands for, at least and at most; None where it is one."""
        node = mapping.entries.get("count")
        if node is None or _is_null(node):
            return None
        place = (node.line, node.column)
        value = _FactReader(self, FactType("count", FactKind.COUNT), f"{path}.count", place, None).read(node).value
        if value == (0, 0):
            self.reading.refuse(node, "count must be a whole number from 1", "write count: 20")
            return 1, None
        least, most = value if isinstance(value, tuple) else (1, None)
        return (max(least, 1), most) if isinstance(least, int) and not isinstance(most, str) else (1, None)

    def _read_whole(self, *, unread: bool) -> Thing:
        facts = {
            name: self._read_fact(type_, self.root.entries[name], name, self.root.places[name], None)
            for name, type_ in self.vocabulary.kinds[CASE].facts.items()
            if name in self.root.entries
        }
        return Thing(CASE, CASE, "", self.root.line, self.root.column, facts, unread=unread)

    # Facts.

    def _read_fact(self, type_: FactType, node: Node, path: str, place: tuple[int, int], count: int | None) -> Fact:
        """One fact; whatever is wrong with it makes it unreadable, and stands beside it as a problem."""
        before, dates = len(self.reading.problems), self.later_dates
        fact = _FactReader(self, type_, path, place, count).read(node)
        if len(self.reading.problems) > before:
            return Fact(type_, path, State.UNREADABLE, place[0], place[1])
        self.hidden += self.later_dates > dates
        return fact

    def read_builtins(self, mapping: Mapping, type_: FactType, path: str, keys: tuple[str, ...]) -> dict[str, Fact]:
        """The parts that every fact may have; dates are read and roles are checked."""
        parts = {}
        for key in keys:
            node = mapping.entries.get(key)
            if node is None:
                continue
            # Only items and judgements have dates of their own: those of a fact are its value.
            part = part_of(type_, key) or FactType(f"{type_.name}.{key}", FactKind.DATE)
            if key in ("by", "decided_by") and not _is_null(node):
                self._check_role(node, key)
            parts[key] = _FactReader(self, part, f"{path}.{key}", (node.line, node.column), None).read(node)
        return parts

    def _check_role(self, node: Node, key: str) -> None:
        text = node.text if isinstance(node, Scalar) else ""
        if not ROLE.match(text):
            self.reading.refuse(
                node,
                f"{key} must be a role",
                "write role@agency in small letters, such as detective sergeant@police, never a name",
            )

    def is_hidden(self, moment: Moment) -> bool:
        """Whether a moment lies after the day that the review stands on; for whoever is wary, whether it may."""
        if self.shown_until is None or self.latest == self.shown_until:
            return False
        if moment.lo is not None and moment.lo > self.shown_until:
            return True
        # By the file's own as-of it has happened, for the file says so; an earlier one may not have known of it.
        is_earlier = self.given_as_of is not None and (self.latest is None or self.latest > self.shown_until)
        if not is_earlier or not self._may_lie_after(moment):
            return False
        self.is_in_doubt = True
        return self.is_wary

    def is_in_the_future(self, moment: Moment) -> bool:
        """Whether a moment lies after the file's own as-of, where nothing can yet have happened."""
        return moment.lo is not None and self.latest is not None and moment.lo > self.latest


class _FactReader:
    """Reads the value of one fact as the vocabulary types it."""

    def __init__(
        self, case: _CaseReader, type_: FactType, path: str, place: tuple[int, int], count: int | None
    ) -> None:
        self.case = case
        self.reading = case.reading
        self.type = type_
        self.path = path
        self.place = place
        self.count = count

    def read(self, node: Node) -> Fact:
        """The fact."""
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Sequence):
            return self._sequence(node)
        if "conflicting" in node.entries:
            return self._conflicting(node)
        if self.type.changes and "at" in node.entries:
            return self._changing((node,))
        return self._mapping(node)

    def _fact(self, state: State, at: Node | None = None, *, value: Value = None, shown: str = "") -> Fact:
        line, column = (at.line, at.column) if at is not None else self.place
        return Fact(self.type, self.path, state, line, column, value=value, shown=shown)

    def _later(self) -> Fact:
        """What the fact says lies after the as-of: nobody had written it down yet."""
        return replace(self._fact(State.NOT_RECORDED), later=True)

    def _refuse(self, node: Node, what: str, hint: str) -> Fact:
        self.reading.refuse(node, f"{self.path}: {what}", hint)
        return self._fact(State.UNREADABLE, node)

    # A plain value.

    def _scalar(self, node: Scalar) -> Fact:
        if node.is_null:
            return self._fact(State.NOT_RECORDED)
        if node.text in _STATES:
            return self._fact(_STATES[node.text], node, shown=node.text)
        if node.text == "not applicable":
            return self._not_applicable(node, "")
        if self._is_of_group(node):
            return self._group(node, self._fact(State.UNDATED, node, shown=node.text))
        return self._typed(node)

    def _typed(self, node: Scalar) -> Fact:
        match self.type.kind:
            case FactKind.YES_NO:
                return self._option(node, ("yes", "no"), value=node.text == "yes")
            case FactKind.CHOICE:
                return self._option(node, self.type.options, value=node.text)
            case FactKind.CHOICES | FactKind.REFERENCE:
                return self._several(node, (node,))
            case FactKind.DATE | FactKind.EVENT | FactKind.EVENTS:
                return self._dated(node)
            case FactKind.COUNT:
                return self._number(node)
            case FactKind.AGE:
                return self._age(node)
            case FactKind.TEXT:
                return self._fact(State.RECORDED, node, value=node.text)

    def _option(self, node: Scalar, options: tuple[str, ...], *, value: Value) -> Fact:
        if node.text not in options:
            return self._refuse_option(node, node.text, options)
        return self._fact(State.RECORDED, node, value=value, shown=node.text)

    def _refuse_option(self, node: Node, text: str, options: tuple[str, ...]) -> Fact:
        return self._refuse(node, f"this is not a value of {self.type.named}", expected(text, options))

    def _dated(self, node: Scalar) -> Fact:
        if self.type.kind is FactKind.EVENT and node.text == "yes":
            return self._fact(State.UNDATED, node, shown=node.text)
        if self.type.kind is not FactKind.DATE and node.text == "no":
            return self._fact(State.NOT_DONE, node, shown=node.text)
        if self.type.kind is FactKind.EVENTS:
            return self._events(node, (node,))
        moment = self.case.moment(node, self.path)
        if moment is None:
            return self._fact(State.UNREADABLE, node)
        return self._on(moment, node, shown=node.text)

    def _on(self, moment: Moment, at: Node, *, shown: str) -> Fact:
        """The fact dated: not yet happened if it lies after the as-of, a problem if it lies after the file's own."""
        if not self.type.may_be_future:
            if self.case.is_in_the_future(moment):
                return self._refuse(
                    at, "this is after the file's own as_of", "nothing later is expected: correct the date, or as_of"
                )
            if self.case.is_hidden(moment):
                self.case.later_dates += 1
                return replace(self._later(), is_to_come=True)
        return self._fact(State.RECORDED, at, value=moment, shown=shown)

    def _number(self, node: Scalar) -> Fact:
        if not COUNT.match(node.text):
            return self._refuse(node, "must be a whole number", "write 4, or {count: unknown, at_least: 1}")
        number = int(node.text)
        return self._fact(State.RECORDED, node, value=(number, number), shown=node.text)

    def _age(self, node: Scalar) -> Fact:
        found = AGE.match(node.text)
        if node.text == "unborn":
            return self._fact(State.RECORDED, node, value=(0, 0), shown=node.text)
        if not found:
            return self._refuse(node, "must be an age", "write 8 (years), 9 months, 17 weeks, 3 days or unborn")
        days, number = _AGE_DAYS[found[3] or "year"], int(found[1] or found[2])
        bounds = (int(number * days), int((number + 1) * days) - 1)
        return self._fact(State.RECORDED, node, value=bounds, shown=node.text)

    # Lists, groups and contradictions.

    def _sequence(self, node: Sequence) -> Fact:
        if self.type.kind is FactKind.EVENTS:
            return self._events(node, node.items)
        if self.type.kind in (FactKind.CHOICES, FactKind.REFERENCE):
            return self._several(node, node.items)
        if self.type.changes:
            return self._changing(node.items) if node.items else self._fact(State.NONE, node)
        return self._refuse(
            node,
            "cannot be a list",
            f"write one {self.type.kind}, or {{conflicting: [...]}} where two records disagree",
        )

    def _several(self, node: Node, items: tuple[Node, ...]) -> Fact:
        """Some of the options, or refs; each wrong one is a problem at its place."""
        chosen = []
        for item in items:
            if _is_others(item):
                continue
            chosen.append(self.reading.text_of(item, f"{self.path}: an item"))
            if self.type.kind is FactKind.REFERENCE:
                self.case.check_ref(item, self.path, self.type.to)
            elif chosen[-1] not in self.type.options:
                self._refuse_option(item, chosen[-1], self.type.options)
        complete = len(chosen) == len(items)
        if not chosen:
            state = State.NONE if complete else State.NOT_RECORDED
            return replace(self._fact(state, node, value=(), shown="[]"), complete=complete)
        shown = ", ".join(chosen) if complete else ", ".join((*chosen, OTHERS_NOT_RECORDED))
        shown = f"[{shown}]" if isinstance(node, Sequence) else shown
        return replace(self._fact(State.RECORDED, node, value=tuple(chosen), shown=shown), complete=complete)

    def _events(self, at: Node, nodes: tuple[Node, ...]) -> Fact:
        """A list of dated events, such as a plan's reviews."""
        single = replace(self.type, kind=FactKind.EVENT)
        every = [
            _FactReader(self.case, single, f"{self.path}[{index}]", (node.line, node.column), None).read(node)
            for index, node in enumerate(nodes)
            if not _is_others(node)
        ]
        read = [member for member in every if member.state is not State.NOT_DONE]  # what was not done is none of them
        members = tuple(member for member in read if member.state is not State.NOT_RECORDED)
        # An item that says nothing stands for one that is not recorded; one that lies after the as-of is not there yet.
        complete = len(every) == len(nodes) and len(members) == sum(not member.later for member in read)
        state = State.RECORDED if members else State.NONE if complete and not read else State.NOT_RECORDED
        shown = ", ".join(member.shown for member in members) or "[]"
        return replace(self._fact(state, at, shown=shown), records=members, complete=complete)

    def _changing(self, items: tuple[Node, ...]) -> Fact:
        """A value that changed: each with the day from which it held, in their order."""
        values: list[Fact] = []
        for index, item in enumerate(items):
            at = item.entries.get("at") if isinstance(item, Mapping) else None
            if not isinstance(item, Mapping) or (index and at is None):
                return self._refuse(
                    item, "each value but the first needs the day from which it held", "write {is: ..., at: 2016-03-01}"
                )
            value = self._value_from(item, at, f"{self.path}[{index}]")
            earlier = values[-1].at if values else None
            if earlier is not None and value.at is not None and is_before(value.at, earlier):
                self._refuse(item, "this held before the value above it", "write the values in their order")
            if not value.later:
                values.append(value)
        if not values:
            return self._later()
        return replace(values[-1], type=self.type, path=self.path, records=tuple(values))

    def _value_from(self, item: Mapping, at: Node | None, path: str) -> Fact:
        """One value of a changing fact, and from when it held."""
        plain = replace(self.type, changes=False)
        value = _FactReader(self.case, plain, path, (item.line, item.column), None).read(_without(item, "at"))
        if at is None:
            return value
        dated = replace(self.type, kind=FactKind.DATE, changes=False)
        begun = _FactReader(self.case, dated, path, (at.line, at.column), None).read(at)
        if begun.moment is None and not begun.later and begun.state is not State.UNREADABLE:
            return self._refuse(at, "a value needs the day from which it held", "write {is: ..., at: 2016-03-01}")
        return replace(value, at=begun.moment, later=value.later or begun.later)

    def _conflicting(self, node: Mapping) -> Fact:
        self.reading.only(node, ("conflicting", "note"), self.path)
        records = self.reading.items(node.entries["conflicting"], self.path)
        read = tuple(
            _FactReader(self.case, self.type, f"{self.path}[{index}]", (item.line, item.column), self.count).read(item)
            for index, item in enumerate(records)
        )
        if sum(record.later or record.state is not State.NOT_RECORDED for record in read) < 2:
            return self._refuse(
                node, "a contradiction needs two records or more", "write {conflicting: [{...}, {...}]}"
            )
        if all(record.later for record in read):
            return self._later()
        shown = " / ".join(record.shown or str(record.state) for record in read)
        return replace(self._fact(State.CONTRADICTORY, node, shown=shown), records=read)

    def _is_of_group(self, node: Node) -> bool:
        return self.count is not None and isinstance(node, Scalar) and self._group_values(node.text) is not None

    def _group_values(self, text: str) -> tuple[bool, ...] | None:
        """Which answers the members of a group give: all, none, some, or so many of so many."""
        words = {"all": (True,), "none": (False,), "some": (True, False)}
        if self.type.kind not in (FactKind.YES_NO, FactKind.EVENT):
            return None
        if text in words:
            return words[text]
        found = _OF.match(text)
        if not found or int(found[2]) != self.count or int(found[1]) > int(found[2]):
            return None
        some, total = int(found[1]), int(found[2])
        return (False,) if some == 0 else (True,) if some == total else (True, False)

    def _group(self, node: Scalar, happened: Fact) -> Fact:
        """A group's members: those for which it holds, or to whom it happened, and the others."""
        yes, no = happened, self._fact(State.NOT_DONE, node, shown=node.text)
        if self.type.kind is FactKind.YES_NO:
            yes, no = (self._fact(State.RECORDED, node, value=value, shown=node.text) for value in (True, False))
        members = tuple(yes if value else no for value in self._group_values(node.text) or ())
        return members[0] if len(members) == 1 else replace(members[0], mixed=members)

    # A mapping: a value or an event with what is known about it.

    def _mapping(self, node: Mapping) -> Fact:
        values = self._value_keys()
        allowed = (*values, *BUILT_IN_DATES, *BUILT_IN_TEXTS, *self.type.parts)
        self.reading.only(node, allowed, self.path)
        fact = self._main_value(node, values)
        parts = self.case.read_builtins(node, self.type, self.path, (*BUILT_IN_DATES, *BUILT_IN_TEXTS))
        for name, type_ in self.type.parts.items():
            if name in node.entries:
                inner = node.entries[name]
                reader = _FactReader(self.case, type_, f"{self.path}.{name}", (inner.line, inner.column), None)
                parts[name] = reader.read(inner)
        self._check_reasons(node, fact)
        if self._is_later(fact, parts):
            return replace(self._later(), is_to_come=fact.is_to_come)
        said = [self.reading.text(node, key) for key in ("reason", "decided_by")]
        reason, decided_by = ("" if text == State.NOT_RECORDED else text for text in said)
        return replace(fact, parts=parts, reason=reason, decided_by=decided_by)

    def _is_later(self, fact: Fact, parts: dict[str, Fact]) -> bool:
        """Whether it happened, was known or was decided against only after the as-of."""
        key = "decided_at" if fact.state is State.NOT_DONE else "known"
        return fact.later or any(parts[name].later for name in ("known", key) if name in parts)

    def _value_keys(self) -> tuple[str, ...]:
        match self.type.kind:
            case FactKind.EVENT | FactKind.EVENTS:
                return ("at", "from", "until", "done", "is")
            case FactKind.DATE:
                return ("at", "is")
            case FactKind.COUNT:
                return ("is", "count", "at_least", "at_most")
            case _:
                return ("is",)

    def _main_value(self, node: Mapping, keys: tuple[str, ...]) -> Fact:
        given = {key: node.entries[key] for key in keys if key in node.entries}
        if "done" not in given:  # a day that is not recorded is as if it were not there
            given = {key: value for key, value in given.items() if not _is_absent(value)}
        said = {key for key, value in given.items() if not _is_null(value)}
        if self.type.kind is FactKind.COUNT:
            return self._counted(node, given)
        if len([ways for ways in ({"at"}, {"is"}, {"from", "until"}) if ways & said]) > 1:
            return self._refuse(node, "it is said in two ways", f"keep one of: {', '.join(sorted(said - {'done'}))}")
        if "done" in said:
            return self._done(given, node, is_dated=bool(said - {"done"}))
        return self._when(given, node)

    def _when(self, given: dict[str, Node], node: Mapping) -> Fact:
        """What a mapping says beside `done`: a value, a date, a span, or only what goes with one."""
        if "from" in given or "until" in given:
            return self._span(given, node)
        main = given.get("at") or given.get("is")
        if main is not None:
            return self._plain(main, node)
        if self.type.kind in (FactKind.EVENT, FactKind.EVENTS) and self._says_that_it_happened(node):
            happened = self._fact(State.UNDATED, node, shown="happened, date not recorded")
            if self.type.kind is FactKind.EVENT:
                return happened
            return replace(happened, state=State.RECORDED, records=(happened,))
        return self._fact(State.NOT_RECORDED, node)

    def _says_that_it_happened(self, node: Mapping) -> bool:
        """Whether something is told of an event without its date: who did it, or what came of it; a note may deny it."""
        told = (value for key, value in node.entries.items() if key not in ("note", "source", "done"))
        return any(not (isinstance(value, Scalar) and (value.is_null or value.text in _STATES)) for value in told)

    def _plain(self, main: Node, node: Mapping) -> Fact:
        if isinstance(main, Mapping):
            return self._refuse(main, "must be a value", "write `is:` and a value")
        if isinstance(main, Scalar) and main.text == "not applicable":
            return self._not_applicable(main, self.reading.text(node, "reason"))
        return self.read(main)

    def _done(self, given: dict[str, Node], node: Mapping, *, is_dated: bool) -> Fact:
        done = given["done"]
        if isinstance(done, Scalar) and done.text in ("yes", "no", *_STATES):
            if done.text == "yes":
                return self._happened(given, node, is_dated=is_dated)
            if is_dated:
                return self._refuse(done, "what was not done has no date", "leave the date out, or write done: yes")
            state = _STATES.get(done.text, State.NOT_DONE)
            return self._fact(state, done, shown="not done" if state is State.NOT_DONE else done.text)
        if isinstance(done, Scalar) and self._is_of_group(done):
            return self._group(done, self._happened(given, node, is_dated=is_dated))
        return self._refuse(done, "done must be yes or no", "write done: yes, or done: no with a reason")

    def _happened(self, given: dict[str, Node], node: Mapping, *, is_dated: bool) -> Fact:
        """An event that was done, dated or not."""
        fact = self._when(given, node) if is_dated else self._fact(State.NOT_RECORDED)
        if fact.state is State.NOT_DONE:
            return self._refuse(node, "it is said to be done, and not to be", "leave one of the two out")
        if fact.state in (State.NOT_RECORDED, State.UNKNOWN) and not fact.later:
            return self._fact(State.UNDATED, given["done"], shown="done, date not recorded")
        return fact

    def _span(self, given: dict[str, Node], node: Mapping) -> Fact:
        """An event that lasted: it happened when it began."""
        nothing = self._fact(State.NOT_RECORDED, node)
        begun = self._plain(given["from"], node) if "from" in given else nothing
        if "until" not in given:
            return begun
        until = given["until"]
        single = replace(self.type, kind=FactKind.DATE)
        place = (until.line, until.column)
        ended = _FactReader(self.case, single, f"{self.path}.until", place, None).read(until)
        if begun.state in (State.NOT_RECORDED, State.UNKNOWN) and not begun.later and ended.moment is not None:
            return self._fact(State.UNDATED, node, shown="happened, beginning not recorded")
        return replace(begun, later=begun.later or (ended.later and begun.state is State.NOT_RECORDED))

    def _counted(self, node: Mapping, given: dict[str, Node]) -> Fact:
        """A number, or the bounds between which it lies."""
        said = {key: value for key, value in given.items() if not _is_null(value)}
        exact = said.get("is") or said.get("count")
        bounds = [key for key in ("at_least", "at_most") if key in said]
        if "is" in said and "count" in said:
            return self._refuse(node, "it is said in two ways", "keep one of: count, is")
        if not bounds:
            return self._plain(exact, node) if exact is not None else self._fact(State.NOT_RECORDED, node)
        if exact is not None and not (isinstance(exact, Scalar) and exact.text == "unknown"):
            return self._refuse(exact, "a number has no bounds", "write {count: unknown, at_least: 1}")
        return self._bounded({key: said[key] for key in bounds}, node)

    def _bounded(self, limits: dict[str, Node], node: Mapping) -> Fact:
        numbers: dict[str, int] = {}
        for key, limit in limits.items():
            if not isinstance(limit, Scalar) or not COUNT.match(limit.text):
                return self._refuse(limit, f"{key} must be a whole number", "write {count: unknown, at_least: 1}")
            numbers[key] = int(limit.text)
        bounds = (numbers.get("at_least", 0), numbers.get("at_most"))
        if bounds[1] is not None and bounds[0] > bounds[1]:
            return self._refuse(node, "at_least is above at_most", "write {at_least: 1, at_most: 3}")
        shown = ", ".join(f"{key.replace('_', ' ')} {number}" for key, number in numbers.items())
        return self._fact(State.RECORDED, node, value=bounds, shown=shown)

    def _not_applicable(self, main: Scalar, reason: str) -> Fact:
        if not self.type.not_applicable:
            return self._refuse(main, "cannot be `not applicable`", "write what the record shows, or `not recorded`")
        if not reason or reason in NOTHING_SAID:
            return self._refuse(main, "`not applicable` needs a reason", "write {is: not applicable, reason: ...}")
        return self._fact(State.NOT_APPLICABLE, main, shown="not applicable")

    def _check_reasons(self, node: Mapping, fact: Fact) -> None:
        """A reason belongs to a refusal or to a dated event; a refusal's must be one that rules can list."""
        given = [key for key in _REFUSAL if key in node.entries and not _is_absent(node.entries[key])]
        if not given or fact.state in (State.NOT_APPLICABLE, State.UNREADABLE):
            return
        is_dated_event = self.type.kind is FactKind.EVENT and (fact.state is State.RECORDED or fact.later)
        if fact.state is not State.NOT_DONE and not is_dated_event:
            what = f"{self.path}: {given[0]} belongs to what was not done, or was done late"
            self.reading.refuse(node.places[given[0]], what, "leave it out")
        reason, known = node.entries.get("reason"), self.case.vocabulary.reasons
        if isinstance(reason, Scalar) and not _is_absent(reason) and reason.text not in known:
            self.reading.refuse(reason, f"{self.path}: no such reason", expected(reason.text, known))


@lru_cache(maxsize=1024)  # each case has dozens, and most are those of every other
def _unlisted(plural: str, line: int, column: int) -> Listing:
    """A list that nobody wrote down, which stands where the file begins."""
    return Listing(State.NOT_RECORDED, plural, line, column)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _is_absent(node: Node) -> bool:
    """Whether a key might as well not be there."""
    return isinstance(node, Scalar) and (node.is_null or node.text == State.NOT_RECORDED)


def _is_text(node: Node | None, text: str) -> bool:
    return isinstance(node, Scalar) and node.text == text


def _is_others(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text == OTHERS_NOT_RECORDED


def _texts(node: Node) -> Iterator[str]:
    """Every value that is written, whatever holds it, save free text."""
    left = [node]
    while left:
        one = left.pop()
        if isinstance(one, Scalar):
            yield one.text
        elif isinstance(one, Sequence):
            left.extend(one.items)
        else:
            left.extend(value for key, value in one.entries.items() if key not in ("case", "note", "source"))


def _without(mapping: Mapping, key: str) -> Mapping:
    entries = {other: value for other, value in mapping.entries.items() if other != key}
    places = {other: place for other, place in mapping.places.items() if other != key}
    return Mapping(entries, places, mapping.line, mapping.column)
