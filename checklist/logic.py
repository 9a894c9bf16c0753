"""Three-valued logic that keeps its evidence.

Kleene's tables: an *all of* is false if any part is false, else unknown if any part is unknown, else true; an *any of* is its mirror; *not*
of unknown is unknown. An answer carries the evidence that decided it, so that an unknown can always name its cause and its line.
"""

from collections.abc import Collection, Iterable
from enum import Enum, StrEnum
from itertools import chain

from checklist.later import dataclass


class State(StrEnum):
    """What a case file says of one fact; states are never folded together."""

    __hash__ = str.__hash__  # that of an enumeration is not worked out in C

    RECORDED = "recorded"
    UNDATED = "date not recorded"
    NOT_RECORDED = "not recorded"
    OTHERS_NOT_RECORDED = "others not recorded"
    NOT_SAID_OF_WHOM = "not recorded whom it concerns"
    NOT_DONE = "recorded as not done"
    NONE = "recorded, none"
    UNKNOWN = "recorded as unknown"
    NOT_APPLICABLE = "recorded as not applicable"
    REDACTED = "redacted"
    CONTRADICTORY = "contradictory"
    UNREADABLE = "unreadable"
    NOT_LOOKED_AT = "not looked at"
    IMPRECISE = "imprecise"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that was used, its state and its place; an absent fact is placed at its nearest parent."""

    fact: str
    """The vocabulary's name, such as `suspect.arrested`."""
    path: str
    """The way to it in the case file, such as `suspects[0].arrested`."""
    state: State
    file: str
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1."""
    named: str = ""
    """The vocabulary's words for the fact."""
    shown: str | None = None
    """The typed value redrawn; None where it is absent or must not be shown."""
    withheld: bool = False
    """True for personal facts and free text, which are computed with but never shown."""
    asks: str = ""
    """The question that would settle it, in plain words."""
    look_in: str = ""
    """Where a reviewer would look for it."""
    part: str = ""
    """The part of the record that it belongs to."""

    def __hash__(self) -> int:
        """By what it is of, for pieces are gathered without repeats all the time; what is equal has the same."""
        return hash((self.path, self.fact))


class Truth(Enum):
    """True, false or unknown."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @property
    def denied(self) -> "Truth":
        """Kleene's negation."""
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE


@dataclass(frozen=True, slots=True)
class Answer:
    """What a condition answers: a truth, and the evidence that decided it (for unknown, its causes)."""

    truth: Truth
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_true(self) -> bool:
        """Whether the answer is true for certain."""
        return self.truth is Truth.TRUE

    @property
    def is_false(self) -> bool:
        """Whether the answer is false for certain."""
        return self.truth is Truth.FALSE

    @property
    def is_unknown(self) -> bool:
        """Whether the answer is neither true nor false."""
        return self.truth is Truth.UNKNOWN


def true(*evidence: Evidence) -> Answer:
    """A true answer resting on this evidence."""
    return Answer(Truth.TRUE, evidence)


def false(*evidence: Evidence) -> Answer:
    """A false answer resting on this evidence."""
    return Answer(Truth.FALSE, evidence)


def unknown(*causes: Evidence) -> Answer:
    """An unknown answer with its causes."""
    return Answer(Truth.UNKNOWN, causes)


def all_of(answers: Iterable[Answer]) -> Answer:
    """Kleene's conjunction; of nothing it is true."""
    return _decide(answers, Truth.FALSE)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Kleene's disjunction; of nothing it is false."""
    return _decide(answers, Truth.TRUE)


def negate(answer: Answer) -> Answer:
    """Kleene's negation, on the same evidence."""
    return Answer(answer.truth.denied, answer.evidence)


def merge_evidence(*groups: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Every piece of evidence once, in the order of first use."""
    filled = [group for group in map(tuple, groups) if group]
    if len(filled) == 1 and len(filled[0]) == 1:  # as it mostly is
        return filled[0]
    return tuple(dict.fromkeys(chain.from_iterable(filled)))


def decide(truths: Collection[Truth], deciding: Truth) -> Truth:
    """Kleene's tables: of an *all of* false decides, of an *any of* true; else unknown if any is; of nothing, the other."""
    if deciding in truths:
        return deciding
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else deciding.denied


def _decide(answers: Iterable[Answer], deciding: Truth) -> Answer:
    given = tuple(answers)
    truth = decide([answer.truth for answer in given], deciding)
    return Answer(truth, merge_evidence(*[answer.evidence for answer in given if answer.truth is truth]))
