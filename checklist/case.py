"""What one case file says: every fact with its state and its place.

A fact with a problem is *unreadable*, never absent: dropping a mistyped arrest date would accuse somebody.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from checklist.clocks import UNDATED_DAY_ZERO, ClockError, Moment, Precision, parse_moment
from checklist.logic import State
from checklist.schema import Reading, expected
from checklist.source import Document, Mapping, Node, Problem, Scalar, Sequence, did_you_mean
from checklist.vocabulary import (
    BUILT_IN_DATES,
    BUILT_IN_TEXTS,
    CASE,
    DATED,
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
    """How many facts lie after an earlier as-of, and count as not yet happened."""
    undated_from: date | None = None
    """The day that stands for an undated day 0; None where the case is dated."""
    candidates: tuple[date, ...] = ()
    """The days that an undated day 0 may have been, where the file narrows them down."""
    problems: tuple[Problem, ...] = ()
    has_clock: bool = True
    """False where no day to stand on could be read: such a case cannot be reviewed."""

    def listing(self, kind: str) -> Listing:
        """All things of a kind; absent lists are placed at the top of the file."""
        found = self.listings.get(kind)
        return found or Listing(State.NOT_RECORDED, "", self.whole.line, self.whole.column)

    def fact(self, thing: Thing, type_: FactType) -> Fact:
        """What the case says of a fact (or of a part of one); an absent fact stands at its nearest parent."""
        _, name, *part = type_.name.split(".")
        found = thing.facts.get(name)
        if part and found is not None:
            inner = found.parts.get(part[0])
            if inner is not None:
                return inner
            return self._part_unread(found, type_)
        return found or self.absent(type_, thing)

    def _part_unread(self, whole: Fact, type_: FactType) -> Fact:
        """A part that is not written takes the state of a whole that cannot be read; else it is absent."""
        state = whole.state
        if state not in (State.REDACTED, State.UNREADABLE, State.UNKNOWN, State.CONTRADICTORY, State.NOT_APPLICABLE):
            state = self._absence(type_.area)
        return Fact(type_, f"{whole.path}.{type_.name.split('.')[-1]}", state, whole.line, whole.column)

    def absent(self, type_: FactType, thing: Thing) -> Fact:
        """The fact as nobody wrote it down."""
        names = type_.name.split(".")[1:]
        path = ".".join([thing.path, *names] if thing.path else names)
        return Fact(type_, path, self._absence(type_.area), thing.line, thing.column)

    def _absence(self, area: str) -> State:
        """Absence is evidence only inside what was looked at."""
        return State.NOT_RECORDED if self.looked_at is None or area in self.looked_at else State.NOT_LOOKED_AT

    def absence_of(self, kind: Kind) -> State:
        """The state of a list of things that nobody wrote down."""
        return self._absence(kind.area)


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
    return _CaseReader(document, vocabulary, as_of, day_zero).read()


_STATES = {"not recorded": State.NOT_RECORDED, "unknown": State.UNKNOWN, "redacted": State.REDACTED}
_REF = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}\Z")
_ROLE = re.compile(r"[a-z][a-z' -]{0,60}(@[a-z][a-z' -]{0,60})?\Z")
_COUNT = re.compile(r"(0|[1-9][0-9]{0,8})\Z")
_OF = re.compile(r"(0|[1-9][0-9]{0,5}) of ([1-9][0-9]{0,5})\Z")
_AGE = re.compile(r"(0|[1-9][0-9]{0,3})(?: (day|week|month|year)s?)?\Z")
_AGE_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
"""Days in each unit of an age, leap years spread out; rules' bounds are counted in the same way."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_CANDIDATES = 31


class _CaseReader:
    """Reads one case file once, for one as-of and one day 0."""

    def __init__(self, document: Document, vocabulary: Vocabulary, as_of: Moment | None, day_zero: date | None) -> None:
        self.reading = Reading(document.file, quotes=False)
        self.reading.problems.extend(document.problems)
        self.vocabulary = vocabulary
        root = document.root
        self.root = root if isinstance(root, Mapping) else Mapping({}, {}, 1, 1)
        if root is not None and not isinstance(root, Mapping):
            self.reading.refuse(root, "a case file must be a mapping", "begin with `case: ...` and `as_of: ...`")
        self.hidden = 0
        self.undated = False
        self.counts_days = False
        self.candidates: tuple[date, ...] = ()
        self.given_day_zero = day_zero
        self.day_zero = day_zero
        self.latest: int | None = None
        self.shown_until: int | None = None
        self.given_as_of = as_of
        self.has_clock = True
        self.refs: dict[str, str] = {}

    def read(self) -> Case:
        """The case."""
        self._find_day_zero()
        as_of = self._read_as_of()
        self._check_top_level()
        country = self.root.entries.get("country")
        if country is not None:
            self._check_country(country)
        listings = self._read_listings()
        whole = self._read_whole()
        self._check_refs(listings)
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
            undated_from=self.day_zero if self.undated and self.counts_days else None,
            candidates=self.candidates,
            problems=tuple(sorted(set(self.reading.problems))),
            has_clock=self.has_clock,
        )

    # The clock: day 0, the as-of, and moments that hang on other moments.

    def _find_day_zero(self) -> None:
        node = self.root.entries.get("day_0")
        if isinstance(node, Mapping):
            self._narrow_day_zero(node)
        elif isinstance(node, Scalar) and not node.is_null:
            self.day_zero = self._whole_day(node)
        elif self.given_day_zero is None:
            self.day_zero = self._day_of_first_report()
        if self.day_zero is None:
            self.day_zero = self.given_day_zero or UNDATED_DAY_ZERO
        self.undated = self.undated or self.given_day_zero is not None or self.day_zero == UNDATED_DAY_ZERO

    def _whole_day(self, node: Scalar) -> date | None:
        moment = self.moment(node, "day_0")
        if moment is not None and (moment.lo_day is None or moment.lo_day != moment.hi_day):
            self.reading.refuse(
                node, "day_0 must be one day", "write 2015-09-01, or {weekday: tuesday, month: 2015-09}"
            )
            return None
        return moment.lo_day if moment else None

    def _narrow_day_zero(self, node: Mapping) -> None:
        """Keeps the days of a month that fall on a weekday, where the file knows no more than that."""
        self.undated = True
        self.reading.only(node, ("weekday", "month"), "day_0")
        weekday = self.reading.choice(node, "weekday", _WEEKDAYS)
        month = node.entries.get("month")
        moment = self.moment(month, "month") if isinstance(month, Scalar) else None
        if moment is None or moment.lo_day is None or moment.hi_day is None:
            return
        days = [date.fromordinal(n) for n in range(moment.lo_day.toordinal(), moment.hi_day.toordinal() + 1)]
        fitting = tuple(day for day in days if not weekday or _WEEKDAYS[day.weekday()] == weekday)
        self.candidates = fitting if len(fitting) <= _MOST_CANDIDATES else ()
        if self.day_zero is None and self.candidates:
            self.day_zero = self.candidates[0]

    def _day_of_first_report(self) -> date | None:
        found = [
            moment.lo_day for moment in self._raw_moments("report") if moment.lo_day == moment.hi_day and moment.lo_day
        ]
        return min(found, default=None)

    def _raw_moments(self, name: str) -> list[Moment]:
        """The absolute moments by which the things of a kind are dated, read ahead of the things themselves."""
        kind = self.vocabulary.kind_written(name)
        if kind is None or not kind.dated_by:
            return []
        moments = []
        for item in self._raw_items(kind):
            node = item.entries.get(kind.dated_by)
            if isinstance(node, Mapping):
                node = node.entries.get("at") or node.entries.get("is")
            if isinstance(node, Scalar):
                try:
                    moments.append(parse_moment(node.text, day_zero=self.day_zero))
                except ClockError:
                    continue
        return moments

    def _raw_items(self, kind: Kind) -> list[Mapping]:
        nodes = [self.root.entries.get(key) for key in (kind.name, kind.plural)]
        flat = [item for node in nodes for item in (node.items if isinstance(node, Sequence) else (node,))]
        return [item for item in flat if isinstance(item, Mapping)]

    def _anchor(self, name: str) -> Moment | None:
        """The moment that `NAME + 21 days` counts from: the first thing of that kind."""
        moments = [moment for moment in self._raw_moments(name.replace(" ", "_")) if moment.lo is not None]
        return min(moments, key=lambda moment: moment.lo or 0, default=None)

    def moment(self, node: Scalar, what: str) -> Moment | None:
        """The moment that is written, absolute or counted from another; None and a problem where it is none."""
        self.counts_days = self.counts_days or "day " in node.text
        try:
            return parse_moment(node.text, day_zero=self.day_zero, anchors=self._anchor)
        except ClockError as error:
            self.reading.refuse(node, f"{what}: {error.what}", error.hint)
            return None

    def _read_as_of(self) -> Moment:
        node = self.root.entries.get("as_of")
        own = self.moment(node, "as_of") if isinstance(node, Scalar) and not node.is_null else None
        if own is not None and own.precision not in (Precision.DAY, Precision.MINUTE) and isinstance(node, Scalar):
            self.reading.refuse(node, "as_of must be one day, or one minute", "write as_of: 2016-07-18")
            own = None
        if isinstance(node, Mapping | Sequence):
            self.reading.refuse(node, "as_of must be a date", "write as_of: 2016-07-18")
        chosen = self.given_as_of or own
        if chosen is None:
            if node is None or (isinstance(node, Scalar) and node.is_null):
                self.reading.refuse(
                    self.root,
                    "as_of is missing",
                    "write the day the review stands on: as_of: 2016-07-18, or use --as-of",
                )
            self.has_clock = False
            chosen = parse_moment("2100-12-31")
        # The last minute that has happened: a day-only as-of runs to 24:00, so 23:59 is in it and the next day is not.
        self.latest = own.hi if own is not None else None
        self.shown_until = chosen.hi
        return chosen

    # The file's own keys.

    def _check_top_level(self) -> None:
        words = self.vocabulary.top_level_words()
        for key, place in self.root.places.items():
            if key not in words:
                self.reading.refuse(
                    place,
                    "the vocabulary has no such word",
                    did_you_mean(key, words) or "the manual lists what a case file may say",
                )

    def _check_country(self, node: Node) -> None:
        found = node.text if isinstance(node, Scalar) else ""
        if found not in ("england", "wales"):
            self.reading.refuse(
                node, "country must be england or wales", "the checklist knows no other country's standards"
            )

    def _read_looked_at(self) -> tuple[str, ...] | None:
        node = self.root.entries.get("looked_at")
        if node is None or (isinstance(node, Scalar) and (node.is_null or node.text == "all")):
            return None
        areas = self.reading.texts(node, "looked_at")
        for area in areas:
            if area not in self.vocabulary.areas:
                self.reading.refuse(node, "looked_at: no such area", expected(area, self.vocabulary.areas))
        return areas

    def _read_judgements(self) -> tuple[Judgement, ...]:
        found = []
        for node in self.reading.items(self.root.entries.get("judgements"), "judgements"):
            mapping = self.reading.mapping(node, "a judgement")
            if mapping is None:
                continue
            self.reading.only(mapping, ("rule", "subject", "answer", "reason", "by", "at"), "a judgement")
            before = len(self.reading.problems)
            for key in ("rule", "subject", "reason", "by", "at"):
                self.reading.text(mapping, key, required=True)
            answer = self.reading.choice(mapping, "answer", ("met", "not met"), required=True)
            self.read_builtins(mapping, FactType("judgement", FactKind.TEXT), "judgements", ("by", "at"))
            if len(self.reading.problems) == before:
                rule, subject = self.reading.text(mapping, "rule"), self.reading.text(mapping, "subject")
                found.append(Judgement(rule, subject, answer, mapping.line, mapping.column))
        return tuple(found)

    # Things.

    def _read_listings(self) -> dict[str, Listing]:
        self._collect_refs()
        listings: dict[str, Listing] = {}
        for kind in self.vocabulary.kinds.values():
            if kind.name == CASE:
                continue
            keys = [key for key in (kind.name, kind.plural) if key in self.root.entries]
            if len(keys) > 1:
                self.reading.refuse(
                    self.root.places[keys[1]],
                    f"both {keys[0]!r} and {keys[1]!r} are written",
                    f"write all of them under `{kind.plural}:`",
                )
            listings[kind.name] = self._read_listing(kind, keys[0]) if keys else self._unlisted(kind)
        return listings

    def _unlisted(self, kind: Kind) -> Listing:
        return Listing(State.NOT_RECORDED, kind.plural, self.root.line, self.root.column)

    def _collect_refs(self) -> None:
        """Every ref that the file gives, before anything may refer to it."""
        for kind in self.vocabulary.kinds.values():
            for item in self._raw_items(kind) if kind.name != CASE else ():
                node = item.entries.get("ref")
                if not isinstance(node, Scalar):
                    continue
                if not _REF.match(node.text):
                    self.reading.refuse(
                        node, "a ref is a short code", "write a letter and a number, such as S1, never a name"
                    )
                elif node.text in self.refs:
                    self.reading.refuse(
                        node, f"the ref {node.text} is given twice", "every person and thing has a ref of its own"
                    )
                self.refs.setdefault(node.text, kind.name)

    def _read_listing(self, kind: Kind, key: str) -> Listing:
        node = self.root.entries[key]
        line, column = self.root.places[key]
        if isinstance(node, Mapping):
            return Listing(State.RECORDED, key, line, column, (self._read_thing(kind, node, key, 0),))
        if isinstance(node, Scalar):
            return Listing(self._state_of_list(node, kind), key, line, column)
        things, complete = [], True
        for index, item in enumerate(node.items):
            if isinstance(item, Scalar) and item.text == OTHERS_NOT_RECORDED:
                complete = False
                continue
            mapping = self.reading.mapping(item, f"an item of {key}")
            if mapping is not None:
                things.append(self._read_thing(kind, mapping, f"{key}[{index}]", index))
            else:
                complete = False
        state = State.RECORDED if things else State.NONE if complete else State.NOT_RECORDED
        return Listing(state, key, line, column, tuple(things), complete)

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

    def _read_thing(self, kind: Kind, mapping: Mapping, path: str, index: int) -> Thing:
        known = (*ITEM_KEYS, *kind.facts)
        for key, place in mapping.places.items():
            if key not in known:
                self.reading.refuse(
                    place, f"a {kind.name} has no such fact", did_you_mean(key, known) or "the manual lists them"
                )
        count = self._read_count_of(mapping)
        facts = {
            name: self._read_fact(type_, mapping.entries[name], f"{path}.{name}", mapping.places[name], count)
            for name, type_ in kind.facts.items()
            if name in mapping.entries
        }
        self.read_builtins(
            mapping,
            FactType(f"{kind.name}.item", FactKind.TEXT, may_be_future=True),
            path,
            ("at", "from", "until", "by", "known", "written_down"),
        )
        ref = self._ref_of(kind, mapping, index)
        return Thing(kind.name, ref, path, mapping.line, mapping.column, facts, self._read_about(mapping), count)

    def _ref_of(self, kind: Kind, mapping: Mapping, index: int) -> str:
        node = mapping.entries.get("ref")
        if isinstance(node, Scalar) and _REF.match(node.text):
            return node.text
        number = index + 1
        while f"{kind.label}{number}" in self.refs:
            number += 1
        ref = f"{kind.label}{number}"
        self.refs[ref] = kind.name
        return ref

    def _read_about(self, mapping: Mapping) -> tuple[str, ...] | None:
        node = mapping.entries.get("about")
        if node is None:
            return None
        refs = self.reading.texts(node, "about")
        for ref in refs:
            if ref not in self.refs:
                self.reading.refuse(
                    node,
                    "about: nothing has this ref",
                    did_you_mean(ref, self.refs) or "write a ref that the file gives",
                )
        return refs

    def _read_count_of(self, mapping: Mapping) -> int | None:
        node = mapping.entries.get("count")
        if node is None:
            return None
        if isinstance(node, Scalar) and _COUNT.match(node.text) and node.text != "0":
            return int(node.text)
        self.reading.refuse(node, "count must be a whole number from 1", "write count: 20")
        return None

    def _read_whole(self) -> Thing:
        facts = {
            name: self._read_fact(type_, self.root.entries[name], name, self.root.places[name], None)
            for name, type_ in self.vocabulary.kinds[CASE].facts.items()
            if name in self.root.entries
        }
        return Thing(CASE, CASE, "", self.root.line, self.root.column, facts)

    def _check_refs(self, listings: dict[str, Listing]) -> None:
        """A reference must name a thing of a kind that it may refer to."""
        for listing in listings.values():
            for thing in listing.things:
                for fact in thing.facts.values():
                    for ref in (
                        fact.value if fact.type.kind is FactKind.REFERENCE and isinstance(fact.value, tuple) else ()
                    ):
                        self._check_ref(fact, str(ref))

    def _check_ref(self, fact: Fact, ref: str) -> None:
        place = (fact.line, fact.column)
        kind = self.refs.get(ref)
        if kind is None:
            self.reading.refuse(
                place, "nothing has this ref", did_you_mean(ref, self.refs) or "write a ref that the file gives"
            )
        elif kind not in fact.type.to:
            self.reading.refuse(place, f"{ref} is a {kind}", f"expected a ref of: {', '.join(fact.type.to)}")

    # Facts.

    def _read_fact(self, type_: FactType, node: Node, path: str, place: tuple[int, int], count: int | None) -> Fact:
        """One fact; whatever is wrong with it makes it unreadable, and stands beside it as a problem."""
        before = len(self.reading.problems)
        fact = _FactReader(self, type_, path, place, count).read(node)
        if len(self.reading.problems) > before:
            return Fact(type_, path, State.UNREADABLE, place[0], place[1])
        return fact

    def read_builtins(self, mapping: Mapping, type_: FactType, path: str, keys: tuple[str, ...]) -> dict[str, Fact]:
        """The parts that every fact may have; dates are read and roles are checked."""
        parts = {}
        for key in keys:
            node = mapping.entries.get(key)
            if node is None:
                continue
            part = part_of(type_, key) or FactType(
                f"{type_.name}.{key}", FactKind.DATE, may_be_future=type_.may_be_future
            )
            if part.kind is FactKind.DATE:
                part = replace(part, may_be_future=type_.may_be_future)
            if key in ("by", "decided_by"):
                self._check_role(node, key)
            parts[key] = _FactReader(self, part, f"{path}.{key}", (node.line, node.column), None).read(node)
        return parts

    def _check_role(self, node: Node, key: str) -> None:
        text = node.text if isinstance(node, Scalar) else ""
        if not _ROLE.match(text):
            self.reading.refuse(
                node,
                f"{key} must be a role",
                "write role@agency in small letters, such as detective sergeant@police, never a name",
            )

    def is_hidden(self, moment: Moment) -> bool:
        """Whether a moment lies after the day that the review stands on."""
        return moment.lo is not None and self.shown_until is not None and moment.lo > self.shown_until

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
        return self._mapping(node)

    def _fact(self, state: State, at: Node | None = None, *, value: Value = None, shown: str = "") -> Fact:
        line, column = (at.line, at.column) if at is not None else self.place
        return Fact(self.type, self.path, state, line, column, value=value, shown=shown)

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
            return self._refuse(node, "`not applicable` needs a reason", "write {is: not applicable, reason: ...}")
        if self.count is not None and self._group_values(node.text) is not None:
            return self._group(node)
        return self._typed(node)

    def _typed(self, node: Scalar) -> Fact:
        match self.type.kind:
            case FactKind.YES_NO:
                return self._option(node, ("yes", "no"), value=node.text == "yes")
            case FactKind.CHOICE:
                return self._option(node, self.type.options, value=node.text)
            case FactKind.CHOICES:
                return self._option(node, self.type.options, value=(node.text,))
            case FactKind.DATE | FactKind.EVENT | FactKind.EVENTS:
                return self._dated(node)
            case FactKind.COUNT:
                return self._number(node)
            case FactKind.AGE:
                return self._age(node)
            case FactKind.TEXT:
                return self._fact(State.RECORDED, node, value=node.text)
            case FactKind.REFERENCE:
                return self._fact(State.RECORDED, node, value=(node.text,), shown=node.text)

    def _option(self, node: Scalar, options: tuple[str, ...], *, value: Value) -> Fact:
        if node.text not in options:
            return self._refuse(node, f"this is not a value of {self.type.named}", expected(node.text, options))
        return self._fact(State.RECORDED, node, value=value, shown=node.text)

    def _dated(self, node: Scalar) -> Fact:
        if self.type.kind is FactKind.EVENT and node.text in ("yes", "no"):
            return self._fact(State.UNDATED if node.text == "yes" else State.NOT_DONE, node, shown=node.text)
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
                self.case.hidden += 1
                return self._fact(State.NOT_RECORDED)
        return self._fact(State.RECORDED, at, value=moment, shown=shown)

    def _number(self, node: Scalar) -> Fact:
        if not _COUNT.match(node.text):
            return self._refuse(node, "must be a whole number", "write 4, or {count: unknown, at_least: 1}")
        number = int(node.text)
        return self._fact(State.RECORDED, node, value=(number, number), shown=node.text)

    def _age(self, node: Scalar) -> Fact:
        found = _AGE.match(node.text)
        if node.text == "unborn":
            return self._fact(State.RECORDED, node, value=(0, 0), shown=node.text)
        if not found:
            return self._refuse(node, "must be an age", "write 8 (years), 9 months, 17 weeks, 3 days or unborn")
        days, number = _AGE_DAYS[found[2] or "year"], int(found[1])
        bounds = (int(number * days), int((number + 1) * days) - 1)
        return self._fact(State.RECORDED, node, value=bounds, shown=node.text)

    # Lists, groups and contradictions.

    def _sequence(self, node: Sequence) -> Fact:
        if self.type.kind is FactKind.EVENTS:
            return self._events(node, node.items)
        if self.type.kind in (FactKind.CHOICES, FactKind.REFERENCE):
            return self._several(node)
        if self.type.changes:
            return self._changing(node)
        return self._refuse(
            node,
            "cannot be a list",
            f"write one {self.type.kind}, or {{conflicting: [...]}} where two records disagree",
        )

    def _several(self, node: Sequence) -> Fact:
        texts = self.reading.texts(node, self.path)
        complete = OTHERS_NOT_RECORDED not in texts
        chosen = tuple(text for text in texts if text != OTHERS_NOT_RECORDED)
        wrong = [text for text in chosen if self.type.options and text not in self.type.options]
        if wrong:
            return self._refuse(
                node, f"one of these is not a value of {self.type.named}", expected(wrong[0], self.type.options)
            )
        if not chosen:
            state = State.NONE if complete else State.NOT_RECORDED
            return replace(self._fact(state, node, value=(), shown="[]"), complete=complete)
        return replace(self._fact(State.RECORDED, node, value=chosen, shown=f"[{', '.join(texts)}]"), complete=complete)

    def _events(self, at: Node, nodes: tuple[Node, ...]) -> Fact:
        """A list of dated events, such as a plan's reviews."""
        single = replace(self.type, kind=FactKind.EVENT)
        members, complete = [], True
        for index, node in enumerate(nodes):
            if isinstance(node, Scalar) and node.text == OTHERS_NOT_RECORDED:
                complete = False
                continue
            reader = _FactReader(self.case, single, f"{self.path}[{index}]", (node.line, node.column), None)
            member = reader.read(node)
            if member.state is not State.NOT_RECORDED:
                members.append(member)
        state = State.RECORDED if members else State.NONE if complete else State.NOT_RECORDED
        shown = ", ".join(member.shown for member in members) or "[]"
        return replace(self._fact(state, at, shown=shown), records=tuple(members), complete=complete)

    def _changing(self, node: Sequence) -> Fact:
        """A value that changed: each with the day from which it held."""
        plain = replace(self.type, changes=False)
        values = []
        for index, item in enumerate(node.items):
            at = item.entries.get("at") if isinstance(item, Mapping) else None
            if not isinstance(item, Mapping) or (index and not isinstance(at, Scalar)):
                return self._refuse(
                    item, "each value but the first needs the day from which it held", "write {is: ..., at: 2016-03-01}"
                )
            moment = self.case.moment(at, self.path) if isinstance(at, Scalar) else None
            rest = _without(item, "at")
            reader = _FactReader(self.case, plain, f"{self.path}[{index}]", (item.line, item.column), None)
            if moment is None or not self.case.is_hidden(moment):
                values.append(replace(reader.read(rest), at=moment))
            if moment is not None and self.case.is_in_the_future(moment):
                self._refuse(
                    item, "this is after the file's own as_of", "nothing later is expected: correct the date, or as_of"
                )
        if not values:
            return self._fact(State.NOT_RECORDED if node.items else State.NONE, node)
        last = values[-1]
        return replace(last, type=self.type, path=self.path, records=tuple(values))

    def _conflicting(self, node: Mapping) -> Fact:
        self.reading.only(node, ("conflicting", "note"), self.path)
        records = self.reading.items(node.entries["conflicting"], self.path)
        if len(records) < 2:
            return self._refuse(
                node, "a contradiction needs two records or more", "write {conflicting: [{...}, {...}]}"
            )
        read = tuple(
            _FactReader(self.case, self.type, f"{self.path}[{index}]", (item.line, item.column), None).read(item)
            for index, item in enumerate(records)
        )
        shown = " / ".join(record.shown or str(record.state) for record in read)
        return replace(self._fact(State.CONTRADICTORY, node, shown=shown), records=read)

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

    def _group(self, node: Scalar) -> Fact:
        values = self._group_values(node.text) or ()
        if self.type.kind is FactKind.YES_NO:
            members = tuple(self._fact(State.RECORDED, node, value=value, shown=node.text) for value in values)
        else:
            members = tuple(
                self._fact(State.UNDATED if value else State.NOT_DONE, node, shown=node.text) for value in values
            )
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
                parts[name] = _FactReader(
                    self.case, type_, f"{self.path}.{name}", (inner.line, inner.column), None
                ).read(inner)
        if self._is_not_known_yet(node, parts):
            return self._fact(State.NOT_RECORDED)
        self._check_reasons(node, fact)
        reason = self.reading.text(node, "reason")
        return replace(fact, parts=parts, reason=reason, decided_by=self.reading.text(node, "decided_by"))

    def _value_keys(self) -> tuple[str, ...]:
        match self.type.kind:
            case FactKind.EVENT | FactKind.EVENTS:
                return ("at", "from", "until", "done", "is")
            case FactKind.DATE:
                return ("at", "is")
            case FactKind.COUNT:
                return ("is", "count", "at_least", "at_most")
            case _:
                return ("is", "at") if self.type.changes else ("is",)

    def _is_not_known_yet(self, node: Mapping, parts: dict[str, Fact]) -> bool:
        """Whether what the fact says was only known after the as-of: its `known` date was then hidden."""
        known, written = parts.get("known"), node.entries.get("known")
        is_written = isinstance(written, Scalar) and not written.is_null and written.text not in _STATES
        return known is not None and known.state is State.NOT_RECORDED and is_written

    def _main_value(self, node: Mapping, keys: tuple[str, ...]) -> Fact:
        if self.type.kind is FactKind.COUNT and "is" not in node.entries:
            return self._bounds(node)
        if "from" in node.entries or "until" in node.entries:
            return self._span(node)
        done = node.entries.get("done") if "done" in keys else None
        main = node.entries.get("at") if self.type.kind in (*DATED, FactKind.EVENTS) else None
        main = main or node.entries.get("is")
        if done is not None:
            return self._done(done, main)
        if isinstance(main, Scalar) and main.text == "not applicable":
            return self._not_applicable(node, main)
        if main is not None:
            return (
                self.read(main)
                if not isinstance(main, Mapping)
                else self._refuse(main, "must be a value", "write `is:` and a value")
            )
        if self.type.kind is FactKind.EVENT and node.entries:
            return self._fact(State.UNDATED, node, shown="happened, date not recorded")
        return self._fact(State.NOT_RECORDED, node)

    def _done(self, done: Node, main: Node | None) -> Fact:
        text = done.text if isinstance(done, Scalar) else ""
        if self.count is not None and isinstance(done, Scalar) and self._group_values(text) is not None:
            return self._group(done)
        if text == "no" and main is None:
            return self._fact(State.NOT_DONE, done, shown="not done")
        if text == "no":
            return self._refuse(done, "what was not done has no date", "leave `at` out, or write done: yes")
        if text == "yes":
            return (
                self.read(main)
                if main is not None
                else self._fact(State.UNDATED, done, shown="done, date not recorded")
            )
        if text in _STATES:
            return self._fact(_STATES[text], done, shown=text)
        return self._refuse(done, "done must be yes or no", "write done: yes, or done: no with a reason")

    def _span(self, node: Mapping) -> Fact:
        """An event that lasted: it happened when it began."""
        begun, ended = node.entries.get("from"), node.entries.get("until")
        if ended is not None and isinstance(ended, Scalar):
            self.case.moment(ended, self.path)
        if isinstance(begun, Scalar):
            return self._dated(begun)
        return self._fact(State.UNDATED, node, shown="happened, beginning not recorded")

    def _bounds(self, node: Mapping) -> Fact:
        count = node.entries.get("count")
        if (
            isinstance(count, Scalar)
            and count.text not in ("unknown", "")
            and not ({"at_least", "at_most"} & set(node.entries))
        ):
            return self._number(count)
        bounds: list[int | None] = [0, None]
        for index, key in enumerate(("at_least", "at_most")):
            limit = node.entries.get(key)
            if limit is None:
                continue
            if not isinstance(limit, Scalar) or not _COUNT.match(limit.text):
                return self._refuse(limit, f"{key} must be a whole number", "write {count: unknown, at_least: 1}")
            bounds[index] = int(limit.text)
        if bounds == [0, None]:
            return self._fact(State.UNKNOWN if count is not None else State.NOT_RECORDED, node, shown="unknown")
        shown = ", ".join(
            f"{word} {bound}" for word, bound in zip(("at least", "at most"), bounds, strict=True) if bound
        )
        return self._fact(State.RECORDED, node, value=(bounds[0] or 0, bounds[1]), shown=shown)

    def _not_applicable(self, node: Mapping, main: Scalar) -> Fact:
        if not self.type.not_applicable:
            return self._refuse(main, "cannot be `not applicable`", "write what the record shows, or `not recorded`")
        if not self.reading.text(node, "reason"):
            return self._refuse(main, "`not applicable` needs a reason", "write {is: not applicable, reason: ...}")
        return self._fact(State.NOT_APPLICABLE, main, shown="not applicable")

    def _check_reasons(self, node: Mapping, fact: Fact) -> None:
        """A reason belongs to a refusal or to a dated event; a refusal's must be one that rules can list."""
        given = [key for key in ("reason", "decided_by", "decided_at") if key in node.entries]
        if not given or fact.state in (State.NOT_APPLICABLE, State.UNREADABLE):
            return
        is_event = self.type.kind is FactKind.EVENT
        if not is_event or fact.state not in (State.NOT_DONE, State.RECORDED, State.NOT_RECORDED):
            self.reading.refuse(
                node.places[given[0]],
                f"{self.path}: {given[0]} belongs to what was not done, or was done late",
                "leave it out",
            )
        reason = node.entries.get("reason")
        if (
            is_event
            and isinstance(reason, Scalar)
            and not reason.is_null
            and reason.text not in self.case.vocabulary.reasons
        ):
            self.reading.refuse(
                reason, f"{self.path}: no such reason", expected(reason.text, self.case.vocabulary.reasons)
            )


def _without(mapping: Mapping, key: str) -> Mapping:
    entries = {other: value for other, value in mapping.entries.items() if other != key}
    places = {other: place for other, place in mapping.places.items() if other != key}
    return Mapping(entries, places, mapping.line, mapping.column)
