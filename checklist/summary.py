"""What many reviews come to: counts, each beside what it is a count of; never a grade."""

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b

from checklist.findings import WORST_FIRST, Age, Basis, Brief, Finding, Review, Severity, Sort, Verdict, sort_of
from checklist.folders import Skipped
from checklist.later import dataclass
from checklist.source import Problem

JUDGED = (Verdict.NOT_MET, Verdict.MET, Verdict.EXCUSED)
"""What is known of practice: the denominator of every *not met*."""
_OPEN = WORST_FIRST[1 : WORST_FIRST.index(Verdict.NOT_DUE_YET)]
_95_PER_CENT = 1.959963984540054
_MOST_NAMED = 200
_DIGEST = 16
"""Bytes by which a reference is told from every other."""
_SIZE = 4
"""Bytes that hold the length of a file's name."""
_SLOTS = 1024


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings have each verdict, and how many of those that are not met are late, silent or waived."""

    of: tuple[int, ...] = (0,) * len(WORST_FIRST)
    """By verdict, in the order of `WORST_FIRST`."""
    late: int = 0
    silent: int = 0
    """Not met because nothing is recorded, after the limit."""
    waived: int = 0
    """Not met, and somebody accepted it."""
    unseen: int = 0
    """Cannot be told because a part of the record was not looked at."""

    def __getitem__(self, verdict: Verdict) -> int:
        """How many have a verdict."""
        return self.of[WORST_FIRST.index(verdict)]

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        of = tuple(map(sum, zip(self.of, other.of, strict=True)))
        return Counts(
            of,
            self.late + other.late,
            self.silent + other.silent,
            self.waived + other.waived,
            self.unseen + other.unseen,
        )

    @property
    def total(self) -> int:
        """All findings."""
        return sum(self.of)

    @property
    def applies(self) -> int:
        """All findings, without those that do not apply."""
        return self.total - self[Verdict.DOES_NOT_APPLY]

    @property
    def judged(self) -> int:
        """Those of which it is known whether what was expected was done, or why not."""
        return sum(self[verdict] for verdict in JUDGED)

    @property
    def due(self) -> int:
        """Those of which it should be known: all that apply and are due."""
        return self.applies - self[Verdict.NOT_DUE_YET]


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one rule, area, theme or severity, and in how many cases it is not met."""

    name: str
    counts: Counts
    title: str = ""
    area: str = ""
    severity: Severity | None = None
    themes: tuple[str, ...] = ()
    cases: int = 0
    """Cases in which it is not met."""


@dataclass(frozen=True, slots=True)
class Named:
    """A case that is named in a summary, and what of it."""

    file: str
    case: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What some reviews come to."""

    cases: int = 0
    """Cases that were reviewed."""
    unreviewed: int = 0
    """Files of which nothing could be said."""
    with_problems: int = 0
    """Files that have a problem, reviewed or not."""
    with_not_met: int = 0
    with_unknown: int = 0
    """Cases in which nothing is not met, but something cannot be told, is not recorded or needs judgement."""
    counts: Counts = Counts()
    rules: tuple[Row, ...] = ()
    urgent: int = 0
    """Cases that need someone today: a critical finding is not met, and a child may still be at risk."""
    accepted: int = 0
    """Cases that would, had nobody accepted those findings."""
    urgent_cases: tuple[Named, ...] = ()
    """The first of them, with the critical rules that are not met."""
    spared: int = 0
    """Critical findings that only a local standard keeps from being not met."""
    spared_in: tuple[Named, ...] = ()
    """The first cases that have such, with the rules."""
    problems: tuple[Problem, ...] = ()
    """The first problems of files."""
    more_problems: int = 0
    days: tuple[str, ...] = ()
    """The days that the reviews stand on, if they are few."""
    ages: tuple[tuple[Age, int], ...] = ()
    """Findings to act on beside the baseline; empty where none was given."""

    def by(self, what: Callable[[Row], Iterable[str]]) -> tuple[Row, ...]:
        """The rules' counts added up by a word of theirs, in the order of first sight."""
        found: dict[str, Counts] = {}
        for row in self.rules:
            for word in what(row):
                found[word] = found.get(word, Counts()) + row.counts
        return tuple(Row(word, counts) for word, counts in found.items())

    @property
    def by_area(self) -> tuple[Row, ...]:
        """The areas, the one with most that is not met first."""
        return _worst_first(self.by(lambda row: (row.area,)))

    @property
    def by_theme(self) -> tuple[Row, ...]:
        """The themes; a rule may have several, or none, so that they do not add up."""
        return _worst_first(self.by(lambda row: row.themes))

    @property
    def by_severity(self) -> tuple[Row, ...]:
        """The severities, the most severe first."""
        rows = {row.name: row for row in self.by(lambda row: (str(row.severity),))}
        return tuple(rows[severity] for severity in Severity if severity in rows)

    @property
    def most_not_met(self) -> tuple[Row, ...]:
        """The rules that are somewhere not met, most often first."""
        return _worst_first(row for row in self.rules if row.counts[Verdict.NOT_MET])

    @property
    def least_recorded(self) -> tuple[Row, ...]:
        """The rules of which something is not recorded, most often first."""
        rows = (row for row in self.rules if row.counts[Verdict.NOT_RECORDED])
        return tuple(sorted(rows, key=lambda row: (-row.counts[Verdict.NOT_RECORDED], row.name)))


def _worst_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.counts[Verdict.NOT_MET], row.name)))


class Refs:
    """Which file first bore each reference of a case: of very many, in some 70 bytes each.

    A row of slots, most of them empty, says where in one run of bytes a reference stands: its digest, and the file that bore it.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _SLOTS))
        self._held = bytearray()
        self._number = 0

    def first(self, ref: str, file: str) -> str:
        """The file that first bore a reference; this one, if none did before."""
        digest = blake2b(ref.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
        slot = self._slot(digest)
        place = self._slots[slot]
        if place:
            start = place - 1 + _DIGEST
            size = int.from_bytes(self._held[start : start + _SIZE])
            return self._held[start + _SIZE : start + _SIZE + size].decode("utf-8", "surrogatepass")
        told = file.encode("utf-8", "surrogatepass")
        self._slots[slot] = len(self._held) + 1
        self._held += digest + len(told).to_bytes(_SIZE) + told
        self._number += 1
        if self._number * 2 > len(self._slots):
            self._make_room()
        return file

    def _slot(self, digest: bytes) -> int:
        """The slot of a digest, or the empty one where it belongs."""
        slots, held = self._slots, self._held
        slot = int.from_bytes(digest) % len(slots)
        while (place := slots[slot]) and held[place - 1 : place - 1 + _DIGEST] != digest:
            slot = (slot + 1) % len(slots)
        return slot

    def _make_room(self) -> None:
        places = [place for place in self._slots if place]
        self._slots = array("Q", bytes(8 * 4 * len(self._slots)))
        for place in places:
            self._slots[self._slot(bytes(self._held[place - 1 : place - 1 + _DIGEST]))] = place


@dataclass(frozen=True, slots=True)
class Gone:
    """A finding of the baseline that is no longer there to act on."""

    case: str
    rule: str
    subject: str
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was found in all files together; it stands at the end of every report."""

    summary: Summary = Summary()
    problems: tuple[Problem, ...] = ()
    """What is wrong with the run and not with one file: a path that is not there, a folder without a case."""
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[Problem, ...] = ()
    """Waivers that are expired, unused or over-broad, and what a baseline says of other cases."""
    gone: tuple[Gone, ...] = ()
    complete: bool = True
    """False where it was stopped before every file was reviewed."""

    @property
    def files(self) -> int:
        """The case files that were read, reviewed or not."""
        return self.summary.cases + self.summary.unreviewed


class Tally:
    """Adds up reviews as they pass; it keeps numbers, and no review."""

    def __init__(self) -> None:
        self._sorts = Counter[Sort]()
        self._broken = Counter[str]()
        """In how many cases each rule is not met."""
        self._pool: dict[tuple[object, ...], Sort] = {}
        self._cases = Counter[str]()
        self._urgent: list[Named] = []
        self._spared: list[Named] = []
        self._problems: list[Problem] = []
        self._days: dict[str, None] = {}

    def add(self, one: Review | Brief) -> None:
        """Counts one review."""
        self._cases["problems"] += bool(one.problems)
        self._cases["all problems"] += len(one.problems)
        self._problems.extend(one.problems[: _MOST_NAMED - len(self._problems)])
        if not one.was_reviewed:
            self._cases["unreviewed"] += 1
            return
        self._cases["reviewed"] += 1
        if len(self._days) < _MOST_NAMED:
            self._days[one.as_of] = None
        sorts = one.findings if isinstance(one, Brief) else [self._sort_of(finding) for finding in one.findings]
        self._sorts.update(sorts)
        broken = [sort for sort in sorts if sort.verdict is Verdict.NOT_MET]
        self._broken.update({sort.rule for sort in broken})
        self._cases["not met"] += bool(broken)
        self._cases["open"] += not broken and any(sort.verdict in _OPEN for sort in sorts)
        alarming = [sort for sort in broken if sort.severity is Severity.CRITICAL] if one.at_risk else []
        urgent = [sort.rule for sort in alarming if not sort.is_waived]
        self._cases["accepted"] += bool(alarming) and not urgent
        self._cases["urgent"] += bool(urgent)
        _name(one, urgent, self._urgent)
        spared = [sort.rule for sort in sorts if sort.is_spared and sort.severity is Severity.CRITICAL]
        self._cases["spared findings"] += len(spared)
        _name(one, spared, self._spared)

    def _sort_of(self, finding: Finding) -> Sort:
        marks = (finding.is_unseen, finding.is_spared, finding.waiver is not None)
        key = (finding.rule, finding.verdict, finding.basis, finding.age, marks)
        found = self._pool.get(key)
        if found is None:
            found = self._pool[key] = sort_of(finding)
        return found

    def findings_so_far(self) -> Counts:
        """The findings counted so far."""
        return _counts(self._sorts.items())

    def summary(self) -> Summary:
        """What was counted so far."""
        by_rule: dict[str, list[tuple[Sort, int]]] = {}
        ages = Counter[Age]()
        for sort, number in self._sorts.items():
            by_rule.setdefault(sort.rule, []).append((sort, number))
            if sort.age is not None:
                ages[sort.age] += number
        rows = tuple(_row(sorts, self._broken[rule]) for rule, sorts in by_rule.items())
        return Summary(
            cases=self._cases["reviewed"],
            unreviewed=self._cases["unreviewed"],
            with_problems=self._cases["problems"],
            with_not_met=self._cases["not met"],
            with_unknown=self._cases["open"],
            counts=sum((row.counts for row in rows), Counts()),
            rules=rows,
            urgent=self._cases["urgent"],
            accepted=self._cases["accepted"],
            urgent_cases=tuple(self._urgent),
            spared=self._cases["spared findings"],
            spared_in=tuple(self._spared),
            problems=tuple(self._problems),
            more_problems=self._cases["all problems"] - len(self._problems),
            days=tuple(self._days),
            ages=tuple((age, ages[age]) for age in Age) if ages else (),
        )


def _name(one: Review | Brief, rules: Iterable[str], named: list[Named]) -> None:
    """Names a case, with the rules for which it is named, if there are any, among the first of those that are."""
    rules = tuple(dict.fromkeys(rules))
    if rules and len(named) < _MOST_NAMED:
        named.append(Named(one.file, one.case, rules))


def _row(sorts: list[tuple[Sort, int]], cases: int) -> Row:
    first = sorts[0][0]
    return Row(first.rule, _counts(sorts), first.title, first.area, first.severity, first.themes, cases)


def _counts(sorts: Iterable[tuple[Sort, int]]) -> Counts:
    of = dict.fromkeys(WORST_FIRST, 0)
    late = silent = waived = unseen = 0
    for sort, number in sorts:
        of[sort.verdict] += number
        if sort.verdict is Verdict.NOT_MET:
            late += number * (sort.basis is Basis.DONE_LATE)
            silent += number * (sort.basis is Basis.NOTHING_RECORDED)
            waived += number * sort.is_waived
        unseen += number * sort.is_unseen
    return Counts(tuple(of.values()), late, silent, waived, unseen)


def wilson(number: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, from 0 to 1; all of it where nothing was counted.

    Wilson's score interval (E. B. Wilson, Probable inference, Journal of the American Statistical Association 22, 1927): it
    stays inside 0 and 1, and is honest for small samples.
    """
    if not of:
        return 0.0, 1.0
    share, square = number / of, _95_PER_CENT**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _95_PER_CENT / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (0.0 if not number else max(0.0, middle - half)), (1.0 if number == of else min(1.0, middle + half))


def shareable(number: int, least: int) -> int | None:
    """A count that tells of nobody: None where it is under the least that may be told, else the nearest multiple of it.

    All are rounded, or one that is hidden could be worked out from the sum and the others. Nought stays nought.
    """
    if least <= 1 or not number:
        return number
    return None if number < least else (number + least // 2) // least * least
