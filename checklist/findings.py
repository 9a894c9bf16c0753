"""What a review says: verdicts, findings, questions, totals.

These words live below both the engine, which makes them, and the reporters, which only draw them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum

from checklist.later import dataclass
from checklist.logic import Evidence, State
from checklist.source import Problem


class Verdict(StrEnum):
    """What one rule says of one subject."""

    __hash__ = str.__hash__  # that of an enumeration is not worked out in C

    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell"
    NOT_RECORDED = "not recorded"
    NEEDS_JUDGEMENT = "needs judgement"
    NOT_DUE_YET = "not due yet"
    EXCUSED = "excused"
    MET = "met"
    DOES_NOT_APPLY = "does not apply"


WORST_FIRST: tuple[Verdict, ...] = tuple(Verdict)
"""The order in which a rule of several blocks takes its verdict (SEMANTICS)."""

TO_ACT_ON = (Verdict.NOT_MET, Verdict.CANNOT_TELL, Verdict.NOT_RECORDED, Verdict.NEEDS_JUDGEMENT)


class Basis(StrEnum):
    """Why a verdict is what it is; "late" and "nothing written down" are never one number."""

    __hash__ = str.__hash__  # as above

    DONE_IN_TIME = "done in time"
    DONE_LATE = "done late"
    NOTHING_RECORDED = "nothing recorded"
    RECORDED_AS_NOT_DONE = "recorded as not done"
    AS_EXPECTED = "as expected"
    NOT_AS_EXPECTED = "not as expected"
    WITHIN_THE_LIMIT = "within the limit"
    REASON_ACCEPTED = "reason accepted"
    NOT_RECORDED = "not recorded"
    UNDATED = "undated"
    IMPRECISE = "imprecise"
    RECORDED_AS_UNKNOWN = "recorded as unknown"
    REDACTED = "redacted"
    CONTRADICTORY = "contradictory"
    UNREADABLE = "unreadable"
    NOT_LOOKED_AT = "not looked at"
    RECORDED_AS_NOT_APPLICABLE = "recorded as not applicable"
    NOT_KNOWN_WHETHER_IT_APPLIES = "not known whether it applies"
    OUTSIDE_THE_CALENDAR = "outside the calendar"
    STANDARDS_DISAGREE = "depends on which standard was in force"
    CONDITION_NOT_MET = "the condition does not hold"
    RECORDED_NONE = "recorded, none"
    CLOCK_NOT_STARTED = "the clock did not start"
    TOO_MUCH_TO_WEIGH = "too much to weigh"
    OPEN_JUDGEMENT = "open"
    JUDGED = "judged by a person"


class Severity(StrEnum):
    """How much a failing matters, as the rule says."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    MINOR = "minor"
    NOTE = "note"


class Standing(StrEnum):
    """What a source of a rule is."""

    STATUTE = "statute"
    STATUTORY_GUIDANCE = "statutory guidance"
    PROFESSIONAL_PRACTICE = "professional practice"
    INSPECTION_FINDING = "inspection finding"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so: a document that a rule rests on."""

    standing: Standing
    says: str
    document: str
    published: str = ""
    url: str = ""
    no_link: str = ""
    """Why there is no link, where there is none."""
    standard: str = ""
    certainty: str = ""


def whose_limit(standing: str, sources: Iterable[Source]) -> str:
    """Whose number a limit is, as a clause; a number that only one area's procedure may give is never called anything else."""
    if standing != Standing.LOCAL:
        stated = [source for source in sources if source.standing == standing]
        if stated and all(source.certainty == "unverified" for source in stated):
            return f"said to be given by {standing}; the passage was not read"
        return f"given by {standing}"
    if any(source.standing is Standing.LOCAL for source in sources):
        return "our default, or that of the local procedure named: no statute, guidance or inspection gives a number"
    return "our default: no source gives a number"


@dataclass(frozen=True, slots=True)
class Branch:
    """One limit that may hold where the fact it hangs on is not recorded."""

    when: str
    limit: str
    due: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Cause:
    """What one block of a rule (its expectation, its deadline, ...) says by itself."""

    block: str
    verdict: Verdict
    basis: Basis
    says: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the case's timeline: an event, a limit, or the day the review stands on."""

    minute: int
    """Minutes since 1970-01-01T00:00Z, for ordering."""
    when: str
    what: str
    kind: str
    """`event`, `limit` or `as of`."""
    line: int = 0
    late: bool = False
    is_open: bool = False
    """Whether a limit is still to be kept, whatever the verdict is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a block, or a whole rule, says of a subject, before it is told to whom the rule belongs."""

    verdict: Verdict
    basis: Basis
    says: str
    evidence: tuple[Evidence, ...] = ()
    due: str = ""
    elapsed: str = ""
    limit: str = ""
    branches: tuple[Branch, ...] = ()
    marks: tuple[Mark, ...] = ()
    would_be: Verdict | None = None
    causes: tuple[Cause, ...] = ()

    def resting_on(self, evidence: tuple[Evidence, ...]) -> "Outcome":
        """The same outcome on other evidence; made by hand, for every deadline of every case asks for it."""
        return Outcome(
            self.verdict,
            self.basis,
            self.says,
            evidence,
            self.due,
            self.elapsed,
            self.limit,
            self.branches,
            self.marks,
            self.would_be,
            self.causes,
        )


BASIS_OF_STATE: dict[State, Basis] = {
    State.RECORDED: Basis.IMPRECISE,
    State.UNDATED: Basis.UNDATED,
    State.IMPRECISE: Basis.IMPRECISE,
    State.NOT_RECORDED: Basis.NOT_RECORDED,
    State.OTHERS_NOT_RECORDED: Basis.NOT_RECORDED,
    State.NOT_SAID_OF_WHOM: Basis.NOT_RECORDED,
    State.NOT_DONE: Basis.NOT_RECORDED,
    State.NONE: Basis.NOT_RECORDED,
    State.UNKNOWN: Basis.RECORDED_AS_UNKNOWN,
    State.NOT_APPLICABLE: Basis.RECORDED_AS_NOT_APPLICABLE,
    State.REDACTED: Basis.REDACTED,
    State.CONTRADICTORY: Basis.CONTRADICTORY,
    State.UNREADABLE: Basis.UNREADABLE,
    State.NOT_LOOKED_AT: Basis.NOT_LOOKED_AT,
}
"""Why a fact in this state leaves a question open."""

ABSENT = (State.NOT_RECORDED, State.OTHERS_NOT_RECORDED, State.NOT_SAID_OF_WHOM, State.NOT_DONE, State.NONE)
"""The states in which nothing is recorded; any other cause of an unknown makes it *cannot tell*."""


def undecided(causes: Iterable[Evidence]) -> tuple[Verdict, Basis]:
    """What an unknown comes to: *not recorded* where all causes are absences, else *cannot tell* with the first other cause."""
    other = [cause for cause in causes if cause.state not in ABSENT]
    if not other:
        return Verdict.NOT_RECORDED, Basis.NOT_RECORDED
    return Verdict.CANNOT_TELL, BASIS_OF_STATE[other[0].state]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts, in the order of `WORST_FIRST`."""
    return min(verdicts, key=WORST_FIRST.index)


def is_worse(verdict: Verdict, than: Verdict) -> bool:
    """Whether a verdict is worse than another, in the order of `WORST_FIRST`."""
    return WORST_FIRST.index(verdict) < WORST_FIRST.index(than)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the rule as it is shipped says of a finding that was judged by a local standard."""

    limit: str
    """The shipped limits that are others than those which it was judged by, in words."""
    verdict: Verdict
    reason: bool = False
    """Whether only a local reason excuses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that somebody accepted: who, why, until when."""

    rule: str
    case: str
    subject: str
    """A subject's label, or `all` for every subject that the rule has in the case."""
    reason: str
    approved_by: str
    """A role, never a name."""
    approved_on: date
    expires: date
    """The last day on which it holds."""
    verdict: Verdict | None = None
    """The verdict that was accepted, so that none that is worse is; None where any is."""
    evidence: str = ""
    """Where the decision is written down."""
    file: str = ""
    line: int = 1


class Age(StrEnum):
    """What a finding to act on is beside the findings of an earlier day."""

    NEW = "new"
    WORSE = "worse"
    KNOWN = "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of one subject."""

    rule: str
    title: str
    area: str
    severity: Severity
    subject: str
    verdict: Verdict
    basis: Basis
    says: str
    would_be: Verdict | None = None
    branches: tuple[Branch, ...] = ()
    due: str = ""
    elapsed: str = ""
    limit: str = ""
    limit_standing: str = ""
    standard: str = ""
    """Which version of the rule it was judged by, where it has several."""
    shipped: Shipped | None = None
    """What the shipped rule says, where a local standard took its place."""
    evidence: tuple[Evidence, ...] = ()
    causes: tuple[Cause, ...] = ()
    marks: tuple[Mark, ...] = ()
    sources: tuple[Source, ...] = ()
    why: str = ""
    action: str = ""
    strength: str = ""
    """What is worth saying as good practice, where it is met."""
    counts_list: bool = False
    """True where the verdict rests on a list being complete."""
    passes_when_absent: tuple[str, ...] = ()
    weight: int | None = None
    """How many like things the finding speaks for, where the file groups them."""
    themes: tuple[str, ...] = ()
    waiver: Waiver | None = None
    """Who accepted it; its verdict stays."""
    age: Age | None = None
    """Whether it was there on an earlier day; None where no baseline was given, or there is nothing to act on."""

    @property
    def is_unseen(self) -> bool:
        """Whether it is open because a part of the record was not looked at."""
        return is_unseen(self.verdict, self.evidence)

    @property
    def is_settled(self) -> bool:
        """Whether it moves no exit code: somebody accepted it, or it is no worse than on the day of the baseline."""
        return self.waiver is not None or self.age is Age.KNOWN

    @property
    def moves(self) -> bool:
        """Whether it is to be acted on, and may move an exit code."""
        return not self.is_settled and is_to_act_on(self.verdict, self.severity)

    @property
    def is_spared(self) -> bool:
        """Whether only a local standard keeps it from being *not met*."""
        return (
            self.shipped is not None and self.shipped.verdict is Verdict.NOT_MET and self.verdict is not Verdict.NOT_MET
        )

    @property
    def label(self) -> str:
        """The rule and its subject, as `--explain` takes them."""
        return f"{self.rule}:{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sort:
    """What a summary counts of a finding: all that are alike are one of these, told from others by what it is and not by what it holds."""

    rule: str
    title: str
    area: str
    severity: Severity
    themes: tuple[str, ...]
    verdict: Verdict
    basis: Basis
    is_unseen: bool = False
    is_spared: bool = False
    is_waived: bool = False
    age: Age | None = None
    number: int = 0
    """Tells it from the other sorts of its rule, where it is one of `Rule.sorts`."""
    moves: bool = field(init=False)
    """Whether it is to be acted on, and may move an exit code."""

    def __post_init__(self) -> None:
        """Works out once what every case asks."""
        settled = self.is_waived or self.age is Age.KNOWN
        object.__setattr__(self, "moves", not settled and is_to_act_on(self.verdict, self.severity))


def is_to_act_on(verdict: Verdict, severity: Severity) -> bool:
    """Whether a verdict is to be acted on; a judgement that is a note only is nobody's duty."""
    return verdict in TO_ACT_ON and (verdict is not Verdict.NEEDS_JUDGEMENT or severity is not Severity.NOTE)


def is_unseen(verdict: Verdict, evidence: Iterable[Evidence]) -> bool:
    """Whether a verdict is open because a part of the record was not looked at."""
    return verdict is Verdict.CANNOT_TELL and any(piece.state is State.NOT_LOOKED_AT for piece in evidence)


def sort_of(finding: Finding) -> Sort:
    """What a summary counts of a finding."""
    return Sort(
        rule=finding.rule,
        title=finding.title,
        area=finding.area,
        severity=finding.severity,
        themes=finding.themes,
        verdict=finding.verdict,
        basis=finding.basis,
        is_unseen=finding.is_unseen,
        is_spared=finding.is_spared,
        is_waived=finding.waiver is not None,
        age=finding.age,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that, once known, would settle findings."""

    fact: str
    path: str
    asks: str
    look_in: str
    line: int
    settles: int
    """How many findings rest on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """All findings on one case as of one day."""

    file: str
    case: str
    as_of: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    timeline: tuple[Mark, ...] = ()
    looked_at: str = "all"
    at_risk: bool = True
    """False only where the case records that no child is at continuing risk."""
    quotes: Mapping[int, str] | None = None
    """The raw lines of the file by their number, only where quotes were asked for."""
    line: int = 1
    """Where the case begins in its file: more than 1 where the file holds many."""
    fault: tuple[str, ...] = ()
    """Where this program failed on the file, if it did: the exception's class, and places in the code."""

    @property
    def was_reviewed(self) -> bool:
        """Whether the file could be held against the checklist at all."""
        return bool(self.findings)

    @property
    def alarming(self) -> tuple[Finding, ...]:
        """The critical findings that are not met while a child may still be at risk."""
        if not self.at_risk:
            return ()
        return tuple(
            finding
            for finding in self.findings
            if finding.verdict is Verdict.NOT_MET and finding.severity is Severity.CRITICAL
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A review as far as a summary needs it: verdicts, and nothing that they rest on."""

    file: str
    case: str
    as_of: str
    findings: tuple[Sort, ...]
    problems: tuple[Problem, ...]
    at_risk: bool = True
    line: int = 1
    fault: tuple[str, ...] = ()

    @property
    def was_reviewed(self) -> bool:
        """Whether the file could be held against the checklist at all."""
        return bool(self.findings)


def count_verdicts(findings: Iterable[Finding]) -> dict[Verdict, int]:
    """How many findings have each verdict, in the order worst first; they add up to the number of findings."""
    totals = dict.fromkeys(WORST_FIRST, 0)
    for finding in findings:
        totals[finding.verdict] += 1
    return totals
