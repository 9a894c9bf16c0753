"""What a rule came to of facts like these before: most of what one case of a folder says of a rule, another has said.

What a rule comes to hangs on what the facts are like that it reads, and not on where they stand or how they are drawn. So it is
worked out once, on stand-ins: facts that are alike, whose places and days are blanks. What comes of it is kept, and filled in for every
subject whose facts are like these. Stand-ins hold nothing that was not compared: whoever asks them for it - for a day, for another fact -
gets none; then nothing is kept, and the rule is worked out on the facts themselves, as the engine defines it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from checklist.case import Case, Fact, Listing, Thing
from checklist.clocks import Moment
from checklist.conditions import Path, Scope
from checklist.findings import Outcome
from checklist.later import dataclass
from checklist.logic import Evidence, State
from checklist.rules import Rule, Version
from checklist.vocabulary import CASE, FactKind, Vocabulary

ByVersion = tuple[Outcome, tuple[Version, ...]]
"""An outcome, and the standards that may have been in force."""

_MOST = 10_000
"""So many likenesses are kept; then it begins anew, so that memory stays as it is however many cases there are."""
_DAY, _PATH = "\x01", "\x02"
"""Each stands on both sides of the number of what is filled in; no case file may hold them."""
_PARTS = ("known", "decided_at")
"""The parts of a fact that rules read without naming them."""


class _AskedError(AttributeError):
    """A stand-in was asked for what it does not have."""


class _SomeDay(Moment):
    """A day of which nothing is known, not even by mistake."""

    def __getattribute__(self, name: str) -> object:
        if name == "__class__":
            return _SomeDay
        raise _AskedError(name)


class _Parts(dict[str, Fact]):
    """The parts of a fact that were compared."""

    def get(self, name: str, default: object = None) -> Fact | None:  # type: ignore[override]  # there is no other default
        if name not in _PARTS:
            raise _AskedError(name)
        return super().get(name)

    def _refuse(self, *_: object) -> Any:
        raise _AskedError

    __contains__ = __iter__ = keys = values = items = _refuse


_SOME_DAY = object.__new__(_SomeDay)


@dataclass(frozen=True, slots=True)
class _Reads:
    """What a rule may read: facts by path, and lists that it counts."""

    paths: tuple[Path, ...]
    kinds: tuple[str, ...]
    judged: str
    """The rule, where a person is to answer it."""

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


class Recall:
    """Outcomes of earlier subjects, by rule and by what the facts were like."""

    def __init__(self) -> None:
        # With the rule, lest its number be given to another.
        self._reads: dict[int, tuple[Rule, Vocabulary, _Reads]] = {}
        self._kept: dict[Hashable, _Kept | None] = {}
        self._once: set[Hashable] = set()
        """What was seen once: most of it is never seen again, and not worth keeping."""

    @property
    def held(self) -> int:
        """How many likenesses are held."""
        return len(self._kept) + len(self._once)

    def by_version(
        self, rule: Rule, scope: Scope, standard_on: date | None, work_out: Callable[[Rule, Scope], ByVersion]
    ) -> ByVersion:
        """What a rule comes to: filled in where facts like these were seen before, else worked out.

        Args:
            rule: a rule.
            scope: the case as the subject sees it.
            standard_on: by whose day it is judged, if not by the standard of the day.
            work_out: what the engine makes of a rule and a scope.
        """
        reads = self._reads_of(rule, scope.vocabulary)
        seen = _seen(reads, scope) if reads is not None else None
        if reads is None or seen is None:
            return work_out(rule, scope)
        key = (id(rule), standard_on, seen.key)
        if key not in self._kept:
            self._make_room()
            if key not in self._once:
                self._once.add(key)
                return work_out(rule, scope)
            self._kept[key] = _worked_out(rule, scope, seen, reads, work_out)
        kept = self._kept[key]
        return work_out(rule, scope) if kept is None else _filled(kept, seen, scope)

    def _reads_of(self, rule: Rule, vocabulary: Vocabulary) -> _Reads | None:
        """What a rule reads; None where it is asked by other words than before."""
        found = self._reads.get(id(rule))
        if found is None:
            found = self._reads[id(rule)] = (rule, vocabulary, _reads(rule))
        return found[2] if found[1] is vocabulary else None

    def _make_room(self) -> None:
        if len(self._kept) >= _MOST or len(self._once) >= _MOST:
            self._kept.clear()
            self._once.clear()


def _reads(rule: Rule) -> _Reads:
    kinds = tuple(dict.fromkeys(rule.counted))
    paths = {str(path): path for path in rule.paths()}
    judged = any(version.blocks.judgement for version in rule.versions)
    return _Reads(tuple(paths.values()), kinds, rule.id if judged else "")


# What facts are like.


def _seen(reads: _Reads, scope: Scope) -> _Seen | None:
    """What there is to compare; None where it is more than can be: things that are counted, or records that hang together."""
    case, counted = scope.case, reads.kinds
    listings = tuple([case.listing(kind) for kind in counted]) if counted else ()
    if any(listing.things for listing in listings) or (
        reads.judged and any(one.rule == reads.judged for one in case.judgements)
    ):
        return None
    facts: list[Fact] = []
    likes: list[Hashable] = []
    for path in reads.of(scope):
        fact = scope.fact(path)
        if fact.records or fact.mixed or fact.at is not None or fact.type.name != path.fact.name:
            return None
        facts.append(fact)
        likes.append(_like(fact))
        if fact.parts:
            for name in _PARTS:
                part = fact.parts.get(name)
                if part is not None:
                    if part.records or part.mixed or part.at is not None:
                        return None
                    facts.append(part)
                    likes.append((name, part.type.name, _like(part)))
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
        case.undated_from,
    )
    return _Seen(key, tuple(facts), listings)


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


# Working out on stand-ins.


def _worked_out(
    rule: Rule, scope: Scope, seen: _Seen, reads: _Reads, work_out: Callable[[Rule, Scope], ByVersion]
) -> _Kept | None:
    """The outcome with blanks; None where it hangs on more than was compared."""
    try:
        outcome, versions = work_out(rule, _stand_in(scope, seen, reads))
    except (AttributeError, KeyError):  # for want of what a stand-in lacks; if for any other reason, it comes up again
        return None
    told = [outcome.says, *(cause.says for cause in outcome.causes)]
    held = [outcome.due, outcome.elapsed, outcome.limit, *(branch.when for branch in outcome.branches)]
    if outcome.marks or any(_PATH in one for one in told) or any(_DAY in one or _PATH in one for one in held):
        return None
    has_days = any(_DAY in one for one in told)
    return _Kept(outcome, versions, has_days)


def _stand_in(scope: Scope, seen: _Seen, reads: _Reads) -> Scope:
    """The scope of a case that holds the facts that were compared, and nothing else."""
    paths = [one.path for one in seen.places(scope.case)]
    blanks = iter([_blank(fact, number, paths.index(fact.path)) for number, fact in enumerate(seen.facts)])
    facts = iter(seen.facts)
    given: dict[str, Fact] = {}
    for path in reads.of(scope):
        whole, blank = next(facts), next(blanks)
        parts = [name for name in _PARTS if name in whole.parts]
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
        as_of=_SOME_DAY,
        listings=listings,
        whole=Thing(CASE, CASE, _at(len(paths) - 1), len(paths) - 1, 0, {}),
        looked_at=None,
        undated_from=scope.case.undated_from,
    )
    things: dict[str, Any] = dict.fromkeys(scope.things)
    return Scope(case, scope.vocabulary, things=things, given=given)


def _blank(fact: Fact, number: int, place: int) -> Fact:
    """A fact that is like this one, with numbers for its place and its day, and nothing else to ask it for."""
    value: Any = fact.value
    shown = fact.shown
    if isinstance(value, Moment):
        value, shown = _SOME_DAY, f"{_DAY}{number}{_DAY}" if shown else ""
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
        says, causes = outcome.says, outcome.causes
    else:
        says = _told(outcome.says, seen)
        causes = tuple(replace(cause, says=_told(cause.says, seen)) for cause in outcome.causes)
    filled = Outcome(
        outcome.verdict,
        outcome.basis,
        says,
        evidence,
        outcome.due,
        outcome.elapsed,
        outcome.limit,
        outcome.branches,
        would_be=outcome.would_be,
        causes=causes,
    )
    return filled, kept.versions


def _piece(like: Evidence, places: Sequence[Fact | Listing | Thing], seen: _Seen, file: str) -> Evidence:
    at = places[like.line]
    _, mark, rest = like.path.rpartition(_PATH)
    path = at.path + rest if mark else like.path  # what nobody wrote down is named after what it would stand in
    shown = like.shown
    if shown is not None and shown[:1] == _DAY:
        shown = _told(shown, seen)
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


def _told(text: str, seen: _Seen) -> str:
    """A sentence with the days put in."""
    parts = text.split(_DAY)
    parts[1::2] = [seen.facts[int(number)].shown for number in parts[1::2]]
    return "".join(parts)
