"""One rule file -> a checked rule: whom it asks about, when it applies, what it expects, by when, and who says so.

Everything is checked before any case is read: a rule that could silently never fire is the worst failure of all.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any, TypeVar

from checklist.assignments import can_be
from checklist.clocks import Calendar, ClockError, Limit, Moment, Unit, parse_limit
from checklist.conditions import (
    AllOf,
    AnyOf,
    Condition,
    ConditionReader,
    Not,
    Op,
    Path,
    Quantified,
    Quantifier,
    Test,
    walk,
)
from checklist.findings import Basis, Severity, Sort, Source, Standing, Verdict
from checklist.later import dataclass, pattern
from checklist.logic import Truth
from checklist.schema import At, Reading, expected
from checklist.source import Document, Mapping, Node, Problem, Scalar, Sequence
from checklist.versions import digest_of_all
from checklist.vocabulary import CASE, DATED, FactKind, FactType, Kind, Vocabulary

T = TypeVar("T")
_VERDICTS, _BASES = tuple(Verdict), tuple(Basis)
_VERDICT, _BASIS = ({word: place for place, word in enumerate(words)} for words in (_VERDICTS, _BASES))


@dataclass(frozen=True, slots=True)
class Start:
    """One fact that a clock may start from."""

    path: Path
    if_recorded: bool = False


@dataclass(frozen=True, slots=True)
class LimitByValue:
    """A limit that hangs on the value of another fact."""

    path: Path
    limits: dict[str, Limit]


@dataclass(frozen=True, slots=True)
class Deadline:
    """What must happen, after what, within how long."""

    events: tuple[Path, ...]
    event_mode: str
    """`one`, `first_of` or `last_of`."""
    starts: tuple[Start, ...]
    start_mode: str
    """`one`, `first_of`, `last_of` or `first_known`."""
    limit: Limit | LimitByValue
    line: int = field(compare=False)

    def limits(self) -> tuple[Limit, ...]:
        """Every limit that may hold."""
        return tuple(self.limit.limits.values()) if isinstance(self.limit, LimitByValue) else (self.limit,)

    def paths(self) -> Iterator[Path]:
        """Every fact that the deadline reads."""
        yield from self.events
        yield from (start.path for start in self.starts)
        if isinstance(self.limit, LimitByValue):
            yield self.limit.path


@dataclass(frozen=True, slots=True)
class Schedule:
    """What must happen again and again."""

    first_after: Path
    events: Path
    first: Limit
    every: Limit
    until: Path | None
    line: int = field(compare=False)

    def paths(self) -> Iterator[Path]:
        """Every fact that the schedule reads."""
        yield from (self.first_after, self.events)
        if self.until is not None:
            yield self.until


@dataclass(frozen=True, slots=True)
class Blocks:
    """What one version of a rule asks."""

    applies_when: Condition | None = None
    expect: Condition | None = None
    deadline: Deadline | None = None
    schedule: Schedule | None = None
    judgement: str = ""
    if_not_recorded: Verdict = Verdict.NOT_RECORDED
    accept_reasons: tuple[str, ...] = ()
    _paths: list[Path] = field(default_factory=list, init=False, repr=False, compare=False)
    _nodes: list[Condition] = field(default_factory=list, init=False, repr=False, compare=False)
    _counts: list[bool] = field(default_factory=list, init=False, repr=False, compare=False)
    _read: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    _applying: "list[Blocks]" = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def applying(self) -> "Blocks":
        """The same blocks of a rule that applies for certain."""
        if not self._applying:
            self._applying.append(replace(self, applies_when=None))
        return self._applying[0]

    @property
    def counts(self) -> bool:
        """Whether they count things of any kind."""
        if not self._counts:
            self._counts.append(any(isinstance(node, Quantified) for node in self.nodes()))
        return self._counts[0]

    def reads(self, type_: FactType) -> bool:
        """Whether, once the rule applies, its blocks read a fact or a part of it."""
        name = type_.name
        if name not in self._read:
            read = [path.fact.name for path in self.applying.paths()]
            self._read[name] = any(one == name or one.startswith(f"{name}.") for one in read)
        return self._read[name]

    def paths(self) -> Iterable[Path]:
        """Every fact that the blocks read; gathered once, for each case asks."""
        if not self._paths:
            for block in (self.applies_when, self.expect, self.deadline, self.schedule):
                self._paths.extend(block.paths() if block is not None else ())
        return self._paths

    def nodes(self) -> Iterable[Condition]:
        """Every condition that the blocks hold, and everything in it; gathered once."""
        if not self._nodes:
            for condition in (self.applies_when, self.expect):
                self._nodes.extend(walk(condition) if condition is not None else ())
        return self._nodes

    def limits(self) -> tuple[Limit, ...]:
        """Every limit in the blocks."""
        of_deadline = self.deadline.limits() if self.deadline else ()
        return (*of_deadline, self.schedule.first, self.schedule.every) if self.schedule else of_deadline


@dataclass(frozen=True, slots=True)
class Version:
    """The standard of some days: from and to, both included; None is no end."""

    blocks: Blocks
    first: date | None = None
    last: date | None = None
    sources: tuple[Source, ...] = ()
    limit_standing: str = ""
    """Who gives its number: a source's standing, or `local` where it is our default; empty where it has no limit."""
    line: int = field(default=1, compare=False)

    @property
    def days(self) -> str:
        """The days on which it was in force, in words."""
        ends = f" to {self.last}" if self.last else ""
        return f"from {self.first}{ends}" if self.first else f"up{ends}"

    def covers(self, low: date | None, high: date | None) -> bool:
        """Whether it was in force on some day between two, both included; None is no bound."""
        return (self.first is None or high is None or self.first <= high) and (
            self.last is None or low is None or low <= self.last
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a finding tells of the standards that it was judged by."""

    sources: tuple[Source, ...]
    limit_standing: str
    """Who gives the number, as in `Version`."""
    standard: str
    """Their days in words; empty where the rule has but one standard."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example expects of one subject: the verdict, and the fact it turns on."""

    subject: str
    verdict: Verdict
    because: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """A small case that shows what a rule says."""

    name: str
    case: Mapping
    expects: tuple[Expected, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A change to a rule that can alter no verdict, and why: what its examples cannot be blamed for."""

    change: str
    why: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One item of the checklist."""

    id: str
    title: str
    area: str
    severity: Severity
    for_each: str
    """The kind that it asks about; empty for the whole case."""
    join: tuple[FactType, str] | None
    """A reference of the subject, and the kind that it points to."""
    versions: tuple[Version, ...]
    judged_on: Path | None
    why: str
    action: str
    calendar: str
    examples: tuple[Example, ...]
    strength: str = ""
    """What is worth saying where it is met, as good practice; empty where that is no more than what is due."""
    off: str = ""
    """Why it is shipped switched off; empty where it is asked."""
    tags: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    passes_when_absent: tuple[str, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()
    file: str = ""
    line: int = 1
    root: Mapping = field(repr=False, compare=False)
    """The file that it was read from, for tools that change a rule."""
    shipped: "Rule | None" = None
    """The same rule as it is shipped, where the settings put a limit or reasons of their own in its place."""
    _facts: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What follows from the others, once it was asked."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Who says so, in any of its versions."""
        return self._once(
            "sources", lambda: tuple(dict.fromkeys(one for version in self.versions for one in version.sources))
        )

    def paths(self) -> Iterator[Path]:
        """Every fact that it reads, in any version; and the one that decides which version holds."""
        for version in self.versions:
            yield from version.blocks.paths()
        if self.judged_on is not None:
            yield self.judged_on

    @property
    def counts_list(self) -> bool:
        """Whether a verdict may rest on a list being complete."""
        return self._once("counts_list", lambda: any(one.quantifier is not Quantifier.SOME for one in self.quantified))

    @property
    def counted(self) -> tuple[str, ...]:
        """The kinds of things that it counts."""
        return tuple(node.kind.name for node in self.quantified)

    @property
    def quantified(self) -> tuple[Quantified, ...]:
        """Every question that it puts to a whole list."""
        return self._once("quantified", lambda: tuple(node for node in self.nodes() if isinstance(node, Quantified)))

    @property
    def others(self) -> frozenset[str]:
        """The kinds of things that it reads beside its subject."""
        return self._once("others", self._others)

    @property
    def needs_dates(self) -> bool:
        """Whether it cannot be judged by intervals alone, where day 0 is undated."""
        return self._once("needs_dates", self._needs_dates)

    @property
    def counts_hours(self) -> bool:
        """Whether a limit is in hours, of which a day has 23 or 25 where the clocks change."""
        limits = (limit for version in self.versions for limit in version.blocks.limits())
        return self._once("counts_hours", lambda: any(limit.unit is Unit.HOURS for limit in limits))

    @property
    def looked_through(self) -> frozenset[str]:
        """The kinds of things that it looks through for its subject: those it counts, and those it reads beside it."""
        return self._once("looked_through", lambda: self.others.union(self.counted))

    @property
    def asked_of_the_case(self) -> tuple[Condition, ...]:
        """The clauses, one of each version, by which the case alone may rule out that it applies, whatever its subjects are."""
        return self._once("asked_of_the_case", self._asked_of_the_case)

    def _asked_of_the_case(self) -> tuple[Condition, ...]:
        found: list[Condition] = []
        for version in self.versions:
            applies = version.blocks.applies_when
            parts = applies.parts if isinstance(applies, AllOf) else (applies,)
            of_case = tuple(
                part for part in parts if part is not None and any(path.kind == CASE for path in part.paths())
            )
            if not of_case or applies is None or self.quantified:
                return ()
            found.append(of_case[0] if len(of_case) == 1 else AllOf(of_case, applies.line))
        return tuple(found)

    @property
    def sorts(self) -> "Sorts":
        """By their numbers, what a summary counts of its findings."""
        return self._once("sorts", lambda: Sorts(self))

    def sort(self, verdict: Verdict, basis: Basis, *, unseen: bool = False, spared: bool = False) -> Sort:
        """What a summary counts of a finding; the same one for all that are alike."""
        return self.sorts[((_VERDICT[verdict] << 5 | _BASIS[basis]) << 1 | unseen) << 1 | spared]

    def told_by(self, versions: tuple[Version, ...]) -> "Told":
        """What is told of the standards that a finding was judged by."""
        if versions is not self.versions:
            return self._told_by(versions)
        return self._once("told_by", lambda: self._told_by(versions))

    def _told_by(self, versions: tuple[Version, ...]) -> "Told":
        sources = tuple(dict.fromkeys(source for version in versions for source in version.sources)) or self.sources
        standing = next((version.limit_standing for version in versions if version.limit_standing), "")
        standard = " or ".join(version.days for version in versions) if len(self.versions) > 1 else ""
        return Told(sources, standing, standard)

    def _once(self, name: str, work_out: Callable[[], T]) -> T:
        if name not in self._facts:
            self._facts[name] = work_out()
        found: T = self._facts[name]
        return found

    def _others(self) -> frozenset[str]:
        kinds = frozenset(path.kind for version in self.versions for path in version.blocks.paths())
        return kinds - {CASE, self.for_each}

    def _needs_dates(self) -> bool:
        units = {limit.unit for version in self.versions for limit in version.blocks.limits()}
        compares = any(isinstance(node, Test) and isinstance(node.operand, Moment) for node in self.nodes())
        dated = any(version.first is not None or version.last is not None for version in self.versions)
        return dated or compares or bool(units & {Unit.WORKING_DAYS, Unit.MONTHS})

    def nodes(self) -> Iterator[Condition]:
        """Every condition of every version, and everything in it."""
        for version in self.versions:
            yield from version.blocks.nodes()


SORT_BITS = 10
"""In so many bits there is room for the number of every sort of finding that a rule may have."""


class Sorts(dict[int, Sort]):
    """By their numbers, what a summary counts of a rule's findings; made as they are asked for."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, number: int) -> Sort:
        rule = self._rule
        sort = self[number] = Sort(
            rule=rule.id,
            title=rule.title,
            area=rule.area,
            severity=rule.severity,
            themes=rule.tags,
            verdict=_VERDICTS[number >> 7],
            basis=_BASES[number >> 2 & 31],
            is_unseen=bool(number & 2),
            is_spared=bool(number & 1),
            number=number,
        )
        return sort


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checked rulebook: its words, its rules and its calendars."""

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    calendars: dict[str, Calendar]
    files: tuple[tuple[str, str], ...] = ()
    """Every file of the rulebook, and the SHA-256 of what it holds."""
    folders: tuple[FilePath, ...] = ()
    """Where it was read from: a rulebook, and the packs that add to it."""
    left_out: tuple[str, ...] = ()
    """The rules that were not chosen."""
    notes: tuple[str, ...] = ()
    """What every report must say of how its rules were chosen or changed."""
    _sorts: dict[int, Sort] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Those that were asked for, by their numbers among those of all rules."""

    def sorts(self, numbers: Iterable[int]) -> tuple[Sort, ...]:
        """What a summary counts of findings, by their numbers: that of the rule, and then in `SORT_BITS` that of the sort.

        Raises:
            LookupError: for a number of no rule, or of no sort.
        """
        found = self._sorts
        for number in {*numbers}.difference(found):
            if number < 0:
                raise LookupError
            found[number] = self.rules[number >> SORT_BITS].sorts[number & ((1 << SORT_BITS) - 1)]
        return tuple(map(found.__getitem__, numbers))

    @property
    def digest(self) -> str:
        """SHA-256 over the names and the digests of all its files."""
        return digest_of_all(self.files)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def read_rule(
    document: Document, vocabulary: Vocabulary, calendars: dict[str, Calendar], extra: Document | None = None
) -> tuple[Rule | None, tuple[Problem, ...]]:
    """One rule out of its file, and every problem of it; the rule is None where there are any.

    Args:
        document: the file of the rule.
        vocabulary: the words that it may use.
        calendars: the calendars that it may name.
        extra: further examples, and changes that can alter no verdict.
    """
    reader = _RuleReader(document, vocabulary, calendars)
    rule = reader.read()
    if rule is not None and extra is not None:
        rule = reader.with_examples(rule, extra)
    problems = tuple(sorted(set(reader.reading.problems)))
    return (None if problems else rule), problems


def with_root(rule: Rule, root: Mapping, checklist: Checklist) -> tuple[Rule | None, tuple[Problem, ...]]:
    """The rule as it would be with other contents, its examples kept as they are; None, and problems, if it cannot be so.

    Args:
        rule: the rule as it stands.
        root: what its file would hold.
        checklist: the rulebook that it belongs to.
    """
    reader = _RuleReader(
        Document(rule.file, root, (), ()), checklist.vocabulary, checklist.calendars, kept=rule.examples
    )
    found = reader.read()
    problems = tuple(sorted(set(reader.reading.problems)))
    return (None if problems or found is None else replace(found, equivalents=rule.equivalents)), problems


_KEYS = (
    "rule", "title", "area", "severity", "off", "tags", "answers", "for_each", "join", "applies_when", "expect", "deadline", "schedule", "judgement",
    "if_not_recorded", "accept_reasons", "passes_when_absent", "versions", "judged_on", "calendar", "why", "action", "strength", "source", "limit_standing", "examples",
)  # fmt: skip
BLOCKS = ("expect", "deadline", "schedule", "judgement")
_OF_VERSIONS = (*BLOCKS, "applies_when", "if_not_recorded", "accept_reasons", "source", "limit_standing")
CERTAINTIES = ("official_seen", "secondary_seen", "unverified")
_MOST_QUESTIONS = 64
_MOST_VERSIONS = 32
_MOST_EVENTS = 16
_LONGEST_ID = 80
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
RULE_ID = pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What a rule, and its file, can be called."""
WHEN_ABSENT = {"not recorded": Verdict.NOT_RECORDED, "not met": Verdict.NOT_MET, "cannot tell": Verdict.CANNOT_TELL}


class _RuleReader:
    """Reads one rule file once."""

    def __init__(
        self,
        document: Document,
        vocabulary: Vocabulary,
        calendars: dict[str, Calendar],
        *,
        kept: tuple[Example, ...] | None = None,
    ) -> None:
        self.reading = Reading(document.file)
        self.reading.problems.extend(document.problems)
        self.document = document
        self.vocabulary = vocabulary
        self.calendars = calendars
        self.kept = kept
        """Examples that stand whatever the file says."""
        self.conditions = ConditionReader(self.reading, vocabulary)

    def read(self) -> Rule | None:
        """The rule; None where the file holds none."""
        if self.document.root is None:
            return None
        root = self.reading.mapping(self.document.root, "a rule")
        if root is None:
            return None
        self.reading.only(root, _KEYS, "a rule")
        for_each = self._kind(root, "for_each")
        join = self._join(root, for_each)
        versions = self._versions(root)
        judged_on = self._judged_on(root, versions)
        rule = Rule(
            id=self._id(root),
            title=self.reading.text(root, "title", required=True),
            area=self.reading.choice(root, "area", self.vocabulary.areas, required=True),
            severity=Severity(
                self.reading.choice(root, "severity", [str(one) for one in Severity], default="note", required=True)
            ),
            for_each=for_each,
            join=join,
            versions=versions,
            judged_on=judged_on,
            why=self.reading.text(root, "why", required=True),
            action=self.reading.text(root, "action", required=True),
            calendar=self._calendar(root, versions),
            examples=self._examples(root),
            strength=self.reading.text(root, "strength"),
            off=self.reading.text(root, "off"),
            tags=self._words(root, "tags", self.vocabulary.themes),
            answers=self._words(root, "answers", tuple(self.vocabulary.failings)),
            passes_when_absent=self.reading.texts(root.entries.get("passes_when_absent"), "passes_when_absent"),
            file=self.reading.file,
            line=root.line,
            root=root,
        )
        self._check(rule, root)
        return rule

    def with_examples(self, rule: Rule, extra: Document) -> Rule:
        """The rule with the further examples that stand beside it."""
        own = self.reading
        self.reading = Reading(extra.file)
        self.reading.problems.extend(extra.problems)
        root = self.reading.mapping(extra.root, "a file of examples") if extra.root is not None else None
        if root is not None:
            self.reading.only(root, ("rule", "examples", "equivalent"), "a file of examples")
            if self.reading.text(root, "rule", required=True) not in ("", rule.id):
                self.reading.refuse(
                    root.entries["rule"], "these are examples of another rule", f"write rule: {rule.id}"
                )
            nodes = self.reading.items(root.entries.get("examples"), "examples")
            rule = replace(rule, examples=(*rule.examples, *self._examples_of(nodes)))
            rule = replace(rule, equivalents=tuple(self._equivalents(root)))
            self._check_names(rule)
        own.problems.extend(self.reading.problems)
        self.reading = own
        return rule

    def _equivalents(self, root: Mapping) -> Iterator[Equivalent]:
        for item in self.reading.items(root.entries.get("equivalent"), "equivalent"):
            mapping = self.reading.mapping(item, "an equivalent change")
            if mapping is not None:
                self.reading.only(mapping, ("change", "why"), "an equivalent change")
                change, why = (self.reading.text(mapping, key, required=True) for key in ("change", "why"))
                yield Equivalent(change, why, self.reading.file, mapping.line)

    def _id(self, root: Mapping) -> str:
        found = self.reading.text(root, "rule", required=True)
        if found and (len(found) > _LONGEST_ID or RULE_ID.fullmatch(found) is None):
            what = f"a rule is called by small letters, digits and hyphens, {_LONGEST_ID} at most"
            self.reading.refuse(root.entries["rule"], what, "write rule: arrest-within-limit")
            return ""
        return found

    def _words(self, root: Mapping, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """A list of words; each must be known, where the vocabulary lists any."""
        node = root.entries.get(key)
        words = self.reading.texts(node, key)
        for word in words:
            if known and word not in known and node is not None:
                self.reading.refuse(
                    node, f"{key}: no such word: {word!r}", expected(word, known), check="unknown-value"
                )
        return words

    # Whom it asks about.

    def _kind(self, root: Mapping, key: str) -> str:
        name = self.reading.text(root, key)
        if name and (name not in self.vocabulary.kinds or name == CASE):
            things = [kind for kind in self.vocabulary.kinds if kind != CASE]
            self.reading.refuse(
                root.entries[key],
                f"{key}: no such kind of thing: {name!r}",
                expected(name, things),
                check="unknown-kind",
            )
            return ""
        return name

    def _join(self, root: Mapping, for_each: str) -> tuple[FactType, str] | None:
        node = root.entries.get("join")
        mapping = self.reading.mapping(node, "join") if node is not None else None
        if mapping is None:
            return None
        if len(mapping.entries) != 1:
            self.reading.refuse(mapping, "a rule joins one kind of thing", "write join: {contact.suspect: suspect}")
            return None
        (name, target), place = next(iter(mapping.entries.items())), next(iter(mapping.places.values()))
        path = self.conditions.path(name, place)
        kind = self.reading.text_of(target, "join")
        if path is None:
            return None
        if path.kind != for_each or path.fact.kind is not FactKind.REFERENCE:
            self.reading.refuse(
                place,
                f"join goes by a reference of the subject; {name} is none",
                "write join: {contact.suspect: suspect}",
            )
            return None
        if kind not in path.fact.to:
            self.reading.refuse(target, f"{name} does not refer to {kind!r}", expected(kind, path.fact.to))
            return None
        return path.fact, kind

    # What it asks, by version.

    def _versions(self, root: Mapping) -> tuple[Version, ...]:
        node = root.entries.get("versions")
        if node is None:
            return (self._of_days(root, None, None, root.line),)
        versions = []
        items = self.reading.items(node, "versions")
        if len(items) > _MOST_VERSIONS:
            what = f"the rule has {len(items)} versions, above {_MOST_VERSIONS}"
            self.reading.refuse(node, what, "say it in several rules", check="too-much-work")
        for item in items[:_MOST_VERSIONS]:
            mapping = self.reading.mapping(item, "a version")
            if mapping is not None:
                versions.append(self._version(root, mapping))
        if not versions:
            self.reading.refuse(node, "versions is empty", "leave it out, or give each version its in_force")
            return (self._of_days(root, None, None, root.line),)
        self._check_dates(node, versions)
        return tuple(versions)

    def _version(self, root: Mapping, mapping: Mapping) -> Version:
        node = mapping.entries.get("in_force")
        in_force = self.reading.mapping(node, "in_force") if node is not None else None
        if in_force is None:
            self.reading.refuse(
                mapping, "a version needs in_force", "write in_force: {from: 2018-07-04, to: 2023-12-14}"
            )
            in_force = Mapping({}, {}, mapping.line, mapping.column)
        self.reading.only(in_force, ("from", "to"), "in_force")
        merged = root
        for key, value in mapping.entries.items():
            head = key.partition(".")[0]
            if head in _OF_VERSIONS:
                merged = self._override(merged, key.split("."), value, mapping.places[key])
            elif key != "in_force":
                hint = expected(head, ("in_force", *_OF_VERSIONS))
                self.reading.refuse(mapping.places[key], f"a version cannot change {head!r}", hint)
        first, last = self._day(in_force, "from"), self._day(in_force, "to")
        if first is not None and last is not None and last < first:
            self.reading.refuse(
                in_force, "a version ends before it begins", "write from before to", check="versions-overlap"
            )
        return self._of_days(merged, first, last, mapping.line)

    def _of_days(self, root: Mapping, first: date | None, last: date | None, line: int) -> Version:
        """What a rule asks on some days, and who says so."""
        standing = self.reading.choice(root, "limit_standing", [str(one) for one in Standing])
        return Version(self._blocks(root), first, last, self._sources(root), standing, line)

    def _override(self, whole: Mapping, keys: list[str], value: Node, place: tuple[int, int]) -> Mapping:
        """The mapping with one value, at a dotted key, put in place of another."""
        key, *rest = keys
        inner = whole.entries.get(key)
        if rest:
            if not isinstance(inner, Mapping):
                self.reading.refuse(
                    place,
                    f"the rule has no {'.'.join(keys)} to put another in place of",
                    "name a key that the rule itself gives",
                )
                return whole
            value = self._override(inner, rest, value, place)
        elif key not in _OF_VERSIONS and inner is None:
            self.reading.refuse(
                place, f"the rule has no {key!r} to put another in place of", "name a key that the rule itself gives"
            )
            return whole
        return replace(
            whole, entries={**whole.entries, key: value}, places={**whole.places, key: whole.places.get(key, place)}
        )

    def _day(self, mapping: Mapping, key: str) -> date | None:
        text = self.reading.text(mapping, key)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            self.reading.refuse(mapping.entries[key], f"{key} must be a day", "write 2018-07-04")
            return None
        return day

    def _check_dates(self, node: Node, versions: list[Version]) -> None:
        """Versions follow each other without a gap or an overlap."""
        for before, after in pairwise(versions):
            if before.last is None or after.first is None:
                self.reading.refuse(
                    node,
                    "two versions are in force at once",
                    "every version but the last has `to`, every one but the first `from`",
                    check="versions-overlap",
                )
            elif after.first <= before.last:
                self.reading.refuse(
                    node,
                    f"two versions are in force on {after.first}",
                    "a version begins on the day after the last one ends",
                    check="versions-overlap",
                )
            elif after.first.toordinal() - before.last.toordinal() > 1:
                self.reading.refuse(
                    node,
                    f"no version is in force after {before.last}",
                    "a version begins on the day after the last one ends",
                    check="version-gap",
                )

    def _judged_on(self, root: Mapping, versions: tuple[Version, ...]) -> Path | None:
        text = self.reading.text(root, "judged_on", required="versions" in root.entries)
        if not text:
            return None
        path = self.conditions.path(text, root.entries["judged_on"])
        if path is not None and path.fact.kind not in DATED:
            self.reading.refuse(
                root.entries["judged_on"],
                f"{text} is no date",
                "judged_on names the date that decides which version holds",
            )
        if len(versions) == 1 and "versions" not in root.entries:
            self.reading.refuse(root.entries["judged_on"], "judged_on without versions", "leave it out")
        return path

    def _blocks(self, root: Mapping) -> Blocks:
        entries = root.entries
        applies = self.conditions.condition(entries["applies_when"]) if "applies_when" in entries else None
        expect = self.conditions.condition(entries["expect"]) if "expect" in entries else None
        when_absent = self.reading.choice(root, "if_not_recorded", tuple(WHEN_ABSENT), default="not recorded")
        return Blocks(
            applies,
            expect,
            self._deadline(entries.get("deadline")),
            self._schedule(entries.get("schedule")),
            self.reading.text(root, "judgement", required="judgement" in root.entries),
            WHEN_ABSENT[when_absent],
            self._reasons(root),
        )

    def _reasons(self, root: Mapping) -> tuple[str, ...]:
        node = root.entries.get("accept_reasons")
        reasons = self.reading.texts(node, "accept_reasons")
        for reason in reasons:
            if reason not in self.vocabulary.reasons and node is not None:
                self.reading.refuse(
                    node,
                    f"accept_reasons: no such reason: {reason!r}",
                    expected(reason, self.vocabulary.reasons),
                    check="unknown-reason",
                )
        return reasons

    # Clocks.

    def _deadline(self, node: Node | None) -> Deadline | None:
        mapping = self.reading.mapping(node, "deadline") if node is not None else None
        if mapping is None:
            return None
        self.reading.only(mapping, ("event", "after", "limit"), "deadline")
        event_mode, events = self._paths(mapping, "event", ("first_of", "last_of"))
        start_mode, starts = self._paths(mapping, "after", ("first_of", "last_of", "first_known"))
        limit = self._limit(mapping)
        self._check_clock(mapping, events, starts, start_mode)
        if not events or not starts or limit is None:
            return None
        return Deadline(tuple(start.path for start in events), event_mode, starts, start_mode, limit, mapping.line)

    def _check_clock(
        self, mapping: Mapping, events: tuple[Start, ...], starts: tuple[Start, ...], start_mode: str
    ) -> None:
        for start in events:
            if start.path.fact.kind not in DATED or start.if_recorded:
                self.reading.refuse(
                    mapping.entries["event"],
                    f"{start.path} is no event",
                    "a deadline's event is an event or a date",
                    check="not-dated",
                )
        for start in starts:
            if start_mode != "first_known" and start.path.fact.kind not in DATED:
                self.reading.refuse(
                    mapping.entries["after"],
                    f"{start.path} is no date",
                    "a clock starts from an event or a date; for a yes/no use first_known",
                    check="not-dated",
                )
            if start.if_recorded and start_mode in ("first_of", "one"):
                self.reading.refuse(
                    mapping.entries["after"],
                    "if_recorded may stand in last_of only",
                    "an unrecorded start that could be earlier must not be dropped",
                    check="if-recorded",
                )

    def _paths(self, mapping: Mapping, key: str, modes: tuple[str, ...]) -> tuple[str, tuple[Start, ...]]:
        node = mapping.entries.get(key)
        if node is None:
            self.reading.refuse(mapping, f"deadline needs {key!r}", f"write {key}: kind.fact")
            return "one", ()
        if isinstance(node, Scalar):
            start = self._start(node)
            return "one", (start,) if start else ()
        inner = self.reading.mapping(node, key)
        if inner is None or len(inner.entries) != 1 or next(iter(inner.entries)) not in modes:
            self.reading.refuse(node, f"{key}: not understood", f"write kind.fact, or one of: {', '.join(modes)}")
            return "one", ()
        mode, value = next(iter(inner.entries.items()))
        read = [self._start(item) for item in self.reading.items(value, mode)]
        if len(read) > _MOST_EVENTS:
            what = f"{mode} names {len(read)} facts, above {_MOST_EVENTS}"
            self.reading.refuse(value, what, "say it in several rules", check="too-much-work")
        if not read and isinstance(value, Sequence):
            self.reading.refuse(value, f"{mode} names nothing", "write [kind.fact, kind.fact]")
        return mode, tuple(start for start in read if start is not None)

    def _start(self, node: Node) -> Start | None:
        if isinstance(node, Mapping):
            self.reading.only(node, ("if_recorded",), "a start")
            path = self.conditions.path(self.reading.text(node, "if_recorded", required=True), node)
            return Start(path, if_recorded=True) if path else None
        path = self.conditions.path(self.reading.text_of(node, "a fact"), node)
        return Start(path) if path else None

    def _limit(self, mapping: Mapping) -> Limit | LimitByValue | None:
        node = mapping.entries.get("limit")
        if node is None:
            self.reading.refuse(mapping, "deadline needs 'limit'", "write limit: 24 hours")
            return None
        if isinstance(node, Mapping):
            return self._limit_by_value(node)
        return self._one_limit(node)

    def _one_limit(self, node: Node) -> Limit | None:
        try:
            return parse_limit(self.reading.text_of(node, "a limit"))
        except ClockError as error:
            self.reading.refuse(node, error.what, error.hint)
            return None

    def _limit_by_value(self, mapping: Mapping) -> LimitByValue | None:
        by = mapping.entries.get("by")
        path = self.conditions.path(self.reading.text(mapping, "by", required=True), by) if by is not None else None
        if path is None:
            self.reading.refuse(
                mapping, "a table of limits needs `by:`", "write limit: {by: suspect.risk, high: 24 hours, ...}"
            ) if by is None else None
            return None
        options = ("yes", "no") if path.fact.kind is FactKind.YES_NO else path.fact.options
        self.reading.only(mapping, ("by", *options), "the table of limits")
        limits = {}
        for option in options:
            if option not in mapping.entries:
                self.reading.refuse(
                    mapping,
                    f"the table of limits lacks {option!r}",
                    f"give every value of {path} a limit",
                    check="table-lacks-a-level",
                )
                continue
            limit = self._one_limit(mapping.entries[option])
            if limit is not None:
                limits[option] = limit
        if not options:
            self.reading.refuse(mapping, f"{path} has no list of values", "a limit hangs on a choice or a yes/no")
        return LimitByValue(path, limits) if len(limits) == len(options) and limits else None

    def _schedule(self, node: Node | None) -> Schedule | None:
        mapping = self.reading.mapping(node, "schedule") if node is not None else None
        if mapping is None:
            return None
        self.reading.only(mapping, ("first_after", "events", "first", "every", "until"), "schedule")
        after = self._dated_path(mapping, "first_after", DATED)
        events = self._dated_path(mapping, "events", (FactKind.EVENTS,))
        until = self._dated_path(mapping, "until", DATED) if "until" in mapping.entries else None
        every = self._one_limit(mapping.entries["every"]) if "every" in mapping.entries else None
        if every is None and "every" not in mapping.entries:
            self.reading.refuse(mapping, "schedule needs 'every'", "write every: 3 months")
        first = self._one_limit(mapping.entries["first"]) if "first" in mapping.entries else every
        if after is None or events is None or every is None or first is None:
            return None
        return Schedule(after, events, first, every, until, mapping.line)

    def _dated_path(self, mapping: Mapping, key: str, kinds: tuple[FactKind, ...]) -> Path | None:
        node = mapping.entries.get(key)
        if node is None:
            self.reading.refuse(mapping, f"schedule needs {key!r}", f"write {key}: kind.fact")
            return None
        path = self.conditions.path(self.reading.text_of(node, key), node)
        if path is not None and path.fact.kind not in kinds:
            self.reading.refuse(node, f"{key}: {path} is a {path.fact.kind}", f"expected one of: {', '.join(kinds)}")
            return None
        return path

    # Who says so, by which calendar, and what shows it.

    def _sources(self, root: Mapping) -> tuple[Source, ...]:
        node = root.entries.get("source")
        if node is None:
            hint = "write source: with standing, says and document"
            self.reading.refuse(root, "'source' is missing", hint, check="no-source")
            return ()
        sources = []
        for item in self.reading.items(node, "source"):
            mapping = self.reading.mapping(item, "a source")
            if mapping is None:
                continue
            self.reading.only(
                mapping,
                ("standing", "says", "document", "published", "url", "no_link", "standard", "certainty"),
                "a source",
            )
            standing = self.reading.choice(
                mapping, "standing", [str(one) for one in Standing], default="local", required=True
            )
            required = {key: self.reading.text(mapping, key, required=True) for key in ("says", "document")}
            optional = {key: self.reading.text(mapping, key) for key in ("published", "url", "no_link", "standard")}
            certainty = self.reading.choice(mapping, "certainty", CERTAINTIES)
            sources.append(Source(Standing(standing), **required, **optional, certainty=certainty))
        if not sources:
            hint = "write `- {standing: ..., says: ..., document: ...}`"
            self.reading.refuse(node, "a rule needs a source", hint, check="no-source")
        return tuple(sources)

    def _calendar(self, root: Mapping, versions: tuple[Version, ...]) -> str:
        name = self.reading.text(root, "calendar") or "england-and-wales"
        needed = any(limit.unit is Unit.WORKING_DAYS for version in versions for limit in version.blocks.limits())
        if name not in self.calendars and (needed or "calendar" in root.entries):
            self.reading.refuse(
                root.entries.get("calendar", root),
                f"no such calendar: {name!r}",
                expected(name, tuple(self.calendars)),
                check="no-calendar",
            )
        elif needed:
            for version in versions:
                if version.last is not None and version.last < self.calendars[name].first:
                    self.reading.refuse(
                        root,
                        f"the calendar {name!r} begins after a version ends",
                        "give it the days of that version, or leave the version out",
                        check="calendar-too-short",
                    )
        return name

    def _examples(self, root: Mapping) -> tuple[Example, ...]:
        if self.kept is not None:
            return self.kept
        node = root.entries.get("examples")
        if node is None:
            self.reading.refuse(
                root,
                "'examples' is missing",
                "show what the rule says of a small case for each verdict that it can give",
                check="no-examples",
            )
            return ()
        return tuple(self._examples_of(self.reading.items(node, "examples")))

    def _examples_of(self, nodes: tuple[Node, ...]) -> Iterator[Example]:
        for node in nodes:
            mapping = self.reading.mapping(node, "an example")
            example = self._example(mapping) if mapping is not None else None
            if example is not None:
                yield example

    def _example(self, mapping: Mapping) -> Example | None:
        self.reading.only(mapping, ("name", "case", "expect", "because"), "an example")
        name = self.reading.text(mapping, "name", required=True)
        because = self.reading.text(mapping, "because")
        case, expect = mapping.entries.get("case"), mapping.entries.get("expect")
        if not isinstance(case, Mapping) or not isinstance(expect, Mapping):
            self.reading.refuse(
                mapping, "an example needs `case:` and `expect:`", "write case: {...} and expect: {S1: not met}"
            )
            return None
        if not expect.entries:
            self.reading.refuse(
                expect, "the example expects nothing", "write expect: {S1: not met}", check="no-examples"
            )
        expects = []
        for subject, node in expect.entries.items():
            inner = node if isinstance(node, Mapping) else Mapping({"verdict": node}, {}, node.line, node.column)
            self.reading.only(inner, ("verdict", "because"), "an expected finding")
            verdict = self.reading.choice(inner, "verdict", [str(one) for one in Verdict], required=True)
            reason = self.reading.text(inner, "because") or because
            if not reason:
                self.reading.refuse(
                    node,
                    "an example must name the fact that the verdict turns on",
                    "write because: suspects[0].arrested",
                )
            if verdict:
                expects.append(Expected(subject, Verdict(verdict), reason, node.line))
        return Example(name, case, tuple(expects), self.reading.file, mapping.line)

    # Checks over the whole rule.

    def _check(self, rule: Rule, root: Mapping) -> None:
        if not any(key in root.entries for key in BLOCKS):
            self.reading.refuse(root, "the rule asks nothing", f"give it one of: {', '.join(BLOCKS)}")
        for version in rule.versions:
            self._check_work(version.blocks)
            if _has_number(version.blocks) and not version.limit_standing:
                self.reading.refuse(
                    root,
                    "'limit_standing' is missing",
                    "say who gives the number: a source's standing, or local where it is our default",
                    check="number-without-standing",
                )
            self._check_paths(rule, version.blocks, root)
            self._check_passing(rule, version.blocks, root)
            applies = version.blocks.applies_when
            if applies is not None and not can_be(applies, Truth.TRUE):
                self.reading.refuse(
                    (applies.line, 1),
                    "the rule can never apply",
                    "its conditions exclude each other",
                    check="never-applies",
                )
            expect = version.blocks.expect
            both = tuple(one for one in (applies, expect) if one is not None)
            can_apply = applies is None or can_be(applies, Truth.TRUE)
            if expect is not None and can_apply and not can_be(AllOf(both, 1), Truth.TRUE):
                hint = "its clauses exclude each other, or what the rule applies to"
                what = "the expectation can never be met"
                self.reading.refuse((expect.line, 1), what, hint, check="never-holds")
            for clause in expect.parts if isinstance(expect, AllOf) else (expect,) if expect is not None else ():
                if not can_be(clause, Truth.FALSE):
                    hint = "it would pass where nothing is recorded: write {recorded: yes}, or leave a value out"
                    self.reading.refuse(
                        (clause.line, 1), "an expectation holds for every value", hint, check="always-holds"
                    )
        self._check_examples(rule, root)

    def _check_work(self, blocks: Blocks) -> None:
        """Work on a case stays bounded: so many questions, and no list counted for each item of another."""
        nodes = list(blocks.nodes())
        if len(nodes) > _MOST_QUESTIONS:
            what = f"the rule asks {len(nodes)} questions, above {_MOST_QUESTIONS}"
            self.reading.refuse((nodes[0].line, 1), what, "say it in several rules", check="too-much-work")
        for node in nodes:
            inner = (
                [part for part in walk(node) if isinstance(part, Quantified)] if isinstance(node, Quantified) else []
            )
            if len(inner) > 1:
                what, hint = "a quantifier inside a quantifier", "ask `for_each` of one of the two"
                self.reading.refuse((inner[1].line, 1), what, hint, check="too-much-work")

    def _check_paths(self, rule: Rule, blocks: Blocks, root: Mapping) -> None:
        """A rule names facts of its subject, its join's, and singletons only (SEMANTICS)."""
        own = {CASE, rule.for_each, *([rule.join[1]] if rule.join else [])}
        judged_on = [(rule.judged_on, own)] if rule.judged_on is not None else []
        for path, known in (*judged_on, *_paths_and_kinds(blocks, own)):
            kind: Kind = self.vocabulary.kinds[path.kind]
            if path.kind not in known and not kind.singleton:
                at: At = root
                hint = f"ask `for_each: {path.kind}`, join it by a reference, or use every, some, none"
                what = f"{path} is neither of the subject nor of a thing that a case has one of"
                self.reading.refuse(at, what, hint, check="not-of-the-subject")

    def _check_passing(self, rule: Rule, blocks: Blocks, root: Mapping) -> None:
        """No absence passes unless the rule says so openly: `recorded: no`, and `recorded: yes` under a `not`."""
        for node in blocks.nodes():
            if not isinstance(node, Test) or node.op is not Op.RECORDED:
                continue
            asks_absence = (node.operand == ("no",)) is not node.negated
            if asks_absence and node.path.fact.name not in rule.passes_when_absent:
                self.reading.refuse(
                    (node.line, 1),
                    f"{node.path} passes when it is absent",
                    "list it under passes_when_absent, which every report prints, or ask otherwise",
                    check="passes-when-absent",
                )
        for name in rule.passes_when_absent:
            if self.vocabulary.fact(name) is None:
                self.reading.refuse(
                    root.entries["passes_when_absent"],
                    f"the vocabulary has no fact {name!r}",
                    self.vocabulary.suggest(name),
                    check="unknown-fact",
                )

    def _check_examples(self, rule: Rule, root: Mapping) -> None:
        if "examples" not in root.entries or self.kept is not None:
            return
        shown = {expects.verdict for example in rule.examples for expects in example.expects}
        missing = [str(verdict) for verdict in needed_examples(rule) if verdict not in shown]
        if missing:
            self.reading.refuse(
                root.entries["examples"],
                f"no example shows: {', '.join(missing)}",
                "a rule shows every one of met, not met, not recorded, does not apply that it can give",
                check="no-examples",
            )
        self._check_names(rule)

    def _check_names(self, rule: Rule) -> None:
        seen: set[str] = set()
        for example in rule.examples:
            if example.name in seen and example.file == self.reading.file:
                self.reading.refuse((example.line, 1), "two examples have one name", "call each by what it shows")
            seen.add(example.name)


def _paths_and_kinds(blocks: Blocks, own: set[str]) -> Iterator[tuple[Path, set[str]]]:
    """Every fact that the blocks read, and the kinds that stand for one thing where it is read."""
    for condition in (blocks.applies_when, blocks.expect):
        if condition is not None:
            yield from _paths_within(condition, own)
    for block in (blocks.deadline, blocks.schedule):
        if block is not None:
            yield from ((path, own) for path in block.paths())


def _paths_within(condition: Condition, own: set[str]) -> Iterator[tuple[Path, set[str]]]:
    match condition:
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from _paths_within(part, own)
        case Not():
            yield from _paths_within(condition.part, own)
        case Quantified():
            for inner in (condition.where, condition.satisfies):
                if inner is not None:
                    yield from _paths_within(inner, own | {condition.kind.name})
        case Test():
            yield from ((path, own) for path in condition.paths())


def _has_number(blocks: Blocks) -> bool:
    """Whether a version rests on a number that somebody must answer for; *at least one* is none."""
    tests = (node for node in blocks.nodes() if isinstance(node, Test) and node.op in (Op.AT_LEAST, Op.AT_MOST))
    return bool(blocks.limits()) or any(test.operand not in ((0,), (1,)) for test in tests)


def needed_examples(rule: Rule) -> tuple[Verdict, ...]:
    """The verdicts of which a rule must show an example."""
    blocks = rule.versions[0].blocks
    if blocks.judgement and not (blocks.expect or blocks.deadline or blocks.schedule):
        needed = [Verdict.NEEDS_JUDGEMENT, Verdict.MET, Verdict.NOT_MET]
    else:
        needed = [Verdict.MET, Verdict.NOT_MET]
        if rule.for_each or blocks.applies_when or blocks.deadline or blocks.if_not_recorded is Verdict.NOT_RECORDED:
            needed.append(Verdict.NOT_RECORDED)
    if rule.for_each or blocks.applies_when:
        needed.append(Verdict.DOES_NOT_APPLY)
    return tuple(needed)


__all__ = ["Checklist", "Rule", "read_rule"]
