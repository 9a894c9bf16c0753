"""One case, one checklist, one day -> a review; pure.

Every rule gives one finding for each of its subjects. Where facts that a rule uses are not recorded, every value that they may have is
tried, and a verdict is given only if all of them give it; where it cannot be told whether a rule applies, it is never *met*.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from itertools import islice, product
from math import prod

from checklist.case import Case, Fact, FactKey, Judgement, Listing, Thing, Value
from checklist.clocks import end_of, say_moment
from checklist.conditions import AllOf, Condition, Op, Path, Quantified, Scope, Test
from checklist.deadlines import Judge
from checklist.findings import (
    ABSENT,
    WORST_FIRST,
    Basis,
    Branch,
    Cause,
    Finding,
    Mark,
    Outcome,
    Question,
    Review,
    Shipped,
    Verdict,
    undecided,
    worst,
)
from checklist.later import dataclass
from checklist.logic import Answer, Evidence, State, Truth, all_of, merge_evidence
from checklist.recall import ByVersion, Recall
from checklist.rules import Blocks, Checklist, Deadline, LimitByValue, Rule, Version
from checklist.source import Problem, did_you_mean
from checklist.vocabulary import CASE, DATED, FactKind, FactType, Kind

MOST_COMBINATIONS = 64
"""Above this many combinations of unrecorded facts, plain three-valued logic is used."""

MOST_PAIRS = 50_000
"""Above this many pairs of a subject and what is looked through for it, a rule cannot tell: work on a case is bounded."""

_UNSETTLED = (Verdict.NOT_RECORDED, Verdict.CANNOT_TELL)


@dataclass(frozen=True, slots=True)
class Step:
    """One clause of a rule, and what it answered: what `--explain` shows."""

    depth: int
    clause: str
    answer: str
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


Settled = Callable[[Rule, Thing], bool | None]
"""Tells whether a rule gives a subject the same verdict on every day that an undated day 0 may have been; None where it cannot tell."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the rules are judged with on one case."""

    checklist: Checklist
    standard_on: date | None = None
    recall: Recall | None = None
    settled: Settled | None = None
    of_no_subject: dict[str, Outcome] = field(default_factory=dict)
    """By kind, what every rule about it comes to in a case that lists none."""
    unseen: dict[str, Scope] = field(default_factory=dict)
    """By kind, the case as a thing of it would see it of which nothing is known."""


def review(
    case: Case,
    checklist: Checklist,
    *,
    readings: Sequence[Case] = (),
    standard_on: date | None = None,
    recall: Recall | None = None,
    settled: Settled | None = None,
) -> Review:
    """All findings on one case as of its day.

    Args:
        case: the case, as `load_case` gives it.
        checklist: the rules to hold it against.
        readings: the same case for each day that an undated day 0 may have been, beginning with the case itself.
        standard_on: judge by the standards in force on this day instead of the standard of the day.
        recall: what earlier cases came to by the same checklist; the review is the same without it, and takes longer.
        settled: which verdicts do not hang on the day that day 0 was; as before.
    """
    bench = Bench(checklist, standard_on, recall, settled)
    findings = tuple(one.finding for rule in checklist.rules for one in _judge(rule, case, bench, readings))
    problems = (*case.problems, *judgement_problems(case, checklist, findings))
    return Review(
        file=case.file,
        case=case.name,
        as_of=case.as_of.text,
        findings=findings,
        problems=tuple(sorted(problems)),
        notices=(*_notices(case, checklist, standard_on), *_ruled_out(case, checklist, findings), *_softened(findings)),
        questions=_questions(findings),
        timeline=_timeline(case, checklist, findings),
        looked_at="all" if case.looked_at is None else ", ".join(case.looked_at),
        at_risk=at_risk(case, checklist) or (case.wary is not None and at_risk(case.wary, checklist)),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding with what it was reached from."""

    finding: Finding
    versions: tuple[Version, ...]
    """The standards that may have been in force."""
    scope: Scope | None = None
    """The case as the subject sees it; None where there is no subject."""


def judge(
    rule: Rule,
    case: Case,
    checklist: Checklist,
    readings: Sequence[Case] = (),
    standard_on: date | None = None,
) -> Iterator[Judged]:
    """What one rule says of each of its subjects, with what it was reached from.

    Where a local standard took the place of the shipped one, each finding that differs carries what the shipped one says.

    Args:
        rule: one rule of the checklist.
        case: the case, as `load_case` gives it.
        checklist: whose words and calendars are used.
        readings: the same case for each day that an undated day 0 may have been, beginning with the case itself.
        standard_on: judge by the standards in force on this day instead of the standard of the day.
    """
    return _judge(rule, case, Bench(checklist, standard_on), readings)


def _judge(rule: Rule, case: Case, bench: Bench, readings: Sequence[Case]) -> Iterator[Judged]:
    judged = _judged(rule, case, bench, readings)
    if rule.shipped is None:
        yield from judged
        return
    for one, shipped in zip(judged, _judged(rule.shipped, case, bench, readings), strict=True):
        yield replace(one, finding=replace(one.finding, shipped=_beside(one.finding, shipped, one.versions)))


def _beside(finding: Finding, shipped: Judged, versions: tuple[Version, ...]) -> Shipped | None:
    """What the shipped rule says, where its limits, its verdict or that of any of its blocks is another."""
    other = shipped.finding
    told = _other_limits(finding, versions, shipped.versions)
    blocks = [[(cause.block, cause.verdict) for cause in one.causes] for one in (finding, other)]
    if told or other.verdict is not finding.verdict or blocks[0] != blocks[1]:
        excused = finding.verdict is Verdict.EXCUSED and other.verdict is not Verdict.EXCUSED
        more = {reason for version in versions for reason in version.blocks.accept_reasons} - {
            reason for version in shipped.versions for reason in version.blocks.accept_reasons
        }
        given = finding.says.partition("accepted reason")[2]
        return Shipped(told, other.verdict, reason=excused and any(reason in given for reason in more))
    return None


def _other_limits(finding: Finding, versions: tuple[Version, ...], shipped: tuple[Version, ...]) -> str:
    """The shipped limits that are not those which a finding was judged by, in words."""
    ours = {one for version in versions for one in _limits_in_words(version.blocks, finding)}
    theirs = dict.fromkeys(one for version in shipped for one in _limits_in_words(version.blocks, finding))
    return ", ".join(one for one in theirs if one not in ours)


def _limits_in_words(blocks: Blocks, finding: Finding) -> Iterator[str]:
    """Each limit that may have mattered to a finding: of a table, those of the levels that it was judged by."""
    if blocks.deadline is not None and isinstance(blocks.deadline.limit, LimitByValue):
        table = blocks.deadline.limit
        judged_by = {branch.when for branch in finding.branches}
        for word, limit in table.limits.items():
            if any(when.partition(", ")[0].endswith(f" is {word}") for when in judged_by):
                yield f"{limit} ({table.path.fact.named} {word})"
    elif blocks.deadline is not None:
        yield str(blocks.deadline.limit)
    if blocks.schedule is not None:
        yield f"first {blocks.schedule.first}"
        yield f"every {blocks.schedule.every}"


def _judged(rule: Rule, case: Case, bench: Bench, readings: Sequence[Case]) -> Iterator[Judged]:
    """One for each subject; of an absent or empty list, one on the case."""
    listing = case.listing(rule.for_each) if rule.for_each else None
    subjects = listing.things if listing is not None else (case.whole,)
    for subject in subjects:
        yield _judge_subject(rule, case, subject, bench, readings)
    if listing is not None and not listing.things:
        yield Judged(_finding(rule, case.whole, of_none(rule, case, bench), rule.versions), rule.versions)


def of_none(rule: Rule, case: Case, bench: Bench) -> Outcome:
    """What a rule comes to in a case that lists none of the things that it asks about.

    Args:
        rule: a rule of each thing of a kind.
        case: the case.
        bench: what the rules are judged with on it.
    """
    outcome = _not_for_any(rule, case, case.listing(rule.for_each), bench) if rule.asked_of_the_case else None
    outcome = outcome or _of_no_subject(rule, case, bench)
    if case.wary is not None:
        other = of_none(rule, case.wary, replace(bench, of_no_subject={}, unseen={}))
        outcome = outcome if other.verdict is outcome.verdict else _may_be_later(outcome)
    return outcome


def of_one(rule: Rule, case: Case, subject: Thing, bench: Bench, readings: Sequence[Case]) -> Outcome:
    """What a rule comes to of one of its subjects, before a finding is made of it.

    Args:
        rule: a rule that takes no other's place.
        case: the case.
        subject: a thing of the kind that the rule asks about, or the whole case.
        bench: what the rules are judged with on it.
        readings: the same case for each day that an undated day 0 may have been, beginning with the case itself.
    """
    return _weighed(rule, subject, scope_of(rule, case, subject, bench), bench, readings)[0]


def _not_for_any(rule: Rule, case: Case, listing: Listing, bench: Bench) -> Outcome | None:
    """*Does not apply*, where nobody wrote the things down and the case itself rules out any that there may be."""
    if listing.state is State.NONE:
        return None
    scope = bench.unseen.get(rule.for_each)
    if scope is None:
        vocabulary = bench.checklist.vocabulary
        unseen = Fact(FactType(rule.for_each, FactKind.TEXT), listing.path, State.UNKNOWN, listing.line, listing.column)
        scope = Scope(case, vocabulary, case.whole, missing=dict.fromkeys(vocabulary.kinds, unseen))
        bench.unseen[rule.for_each] = scope
    answers = [condition.ask(scope) for condition in rule.asked_of_the_case]
    if not all(answer.is_false for answer in answers):
        return None
    evidence = merge_evidence(*(answer.evidence for answer in answers))
    return Outcome(Verdict.DOES_NOT_APPLY, Basis.CONDITION_NOT_MET, _told(evidence), evidence)


def _of_no_subject(rule: Rule, case: Case, bench: Bench) -> Outcome:
    if rule.for_each not in bench.of_no_subject:
        bench.of_no_subject[rule.for_each] = _of_none(bench.checklist.vocabulary.kinds[rule.for_each], case, bench)
    return bench.of_no_subject[rule.for_each]


def _of_none(kind: Kind, case: Case, bench: Bench) -> Outcome:
    scope = Scope(case, bench.checklist.vocabulary, case.whole)
    evidence = (scope.evidence_of_listing(kind, case.listing(kind.name)),)
    named = kind.plural.replace("_", " ")
    if evidence[0].state is State.NONE:
        return Outcome(Verdict.DOES_NOT_APPLY, Basis.RECORDED_NONE, f"the record shows no {named}", evidence)
    verdict, basis = undecided(evidence)
    return Outcome(verdict, basis, f"{named}: {evidence[0].state}", evidence)


def _judge_subject(rule: Rule, case: Case, subject: Thing, bench: Bench, readings: Sequence[Case]) -> Judged:
    """The finding on one subject; with a joined thing it is labelled by both, such as `S1/K2`."""
    scope = scope_of(rule, case, subject, bench)
    outcome, versions = _weighed(rule, subject, scope, bench, readings)
    finding = _finding(rule, subject, outcome, versions)
    joined = scope.things.get(rule.join[1]) if rule.join is not None else None
    if joined is not None:
        finding = replace(finding, subject=f"{joined.ref}/{subject.ref}")
    return Judged(finding, versions, scope)


def _weighed(rule: Rule, subject: Thing, scope: Scope, bench: Bench, readings: Sequence[Case]) -> ByVersion:
    """The outcome; where something may lie after an earlier as-of, the one that stands whether it does or not."""
    outcome, versions = _on_every_day(rule, subject, scope, bench, readings)
    wary = scope.case.wary
    if wary is None:
        return outcome, versions
    there = next((thing for thing in _things_of(wary, subject.kind) if thing.path == subject.path), None)
    if there is not None:
        others = [reading.wary or reading for reading in readings]
        other, _ = _on_every_day(rule, there, scope_of(rule, wary, there, bench), replace(bench, settled=None), others)
        if other.verdict is outcome.verdict:
            return outcome, versions
    return _may_be_later(outcome), versions


def _may_be_later(outcome: Outcome) -> Outcome:
    says = f"{outcome.says}; but something of this may lie after the day of this review"
    return replace(outcome, verdict=Verdict.CANNOT_TELL, basis=Basis.IMPRECISE, says=says, would_be=None, causes=())


def _on_every_day(rule: Rule, subject: Thing, scope: Scope, bench: Bench, readings: Sequence[Case]) -> ByVersion:
    """The outcome; where day 0 is undated and the rule needs dates, the one that every day it may have been gives."""
    pairs = _pairs(rule, scope.case)
    if pairs > MOST_PAIRS:
        says = f"{pairs} pairs of a subject and what is to be looked through are too many to weigh: write like things as one group with a count"
        return Outcome(Verdict.CANNOT_TELL, Basis.TOO_MUCH_TO_WEIGH, says), rule.versions
    plain = _recalled(rule, scope, bench)
    if scope.case.undated_from is None or not (rule.needs_dates or (readings and rule.counts_hours)):
        return plain
    if readings and _is_settled(rule, subject, plain[0].verdict, bench, readings):
        return plain
    if plain[0].verdict is Verdict.NEEDS_JUDGEMENT or _needs_no_date(plain[0], rule, scope, bench):
        return plain
    says = "day 0 is undated, and the limit counts working days, months or the standard of a date: write day_0 with its weekday and month"
    if readings:
        says = f"the verdict hangs on which of {len(readings)} days day 0 was: write its date in day_0, if the record shows it"
    return Outcome(Verdict.CANNOT_TELL, Basis.IMPRECISE, says, plain[0].evidence), plain[1]


def _is_settled(rule: Rule, subject: Thing, verdict: Verdict, bench: Bench, readings: Sequence[Case]) -> bool:
    """Whether every day that day 0 may have been gives the verdict of the first."""
    settled = bench.settled(rule, subject) if bench.settled is not None else None
    if settled is None:
        others = (of_reading(rule, reading, same(reading, subject), bench) for reading in islice(readings, 1, None))
        settled = all(outcome.verdict is verdict for outcome in others)
    return settled


def of_reading(rule: Rule, reading: Case, subject: Thing, bench: Bench) -> Outcome:
    """What a rule that needs dates comes to on one of the days that an undated day 0 may have been."""
    return _recalled(rule, scope_of(rule, reading, subject, bench), bench)[0]


def _needs_no_date(plain: Outcome, rule: Rule, scope: Scope, bench: Bench) -> bool:
    """Whether a verdict stands whenever day 0 was: by no standard does the rule apply, or nobody did it and no reason is to be weighed."""
    if plain.verdict is Verdict.DOES_NOT_APPLY:
        return all(
            _weigh(rule, version.blocks, scope, bench).verdict is Verdict.DOES_NOT_APPLY for version in rule.versions
        )
    blocks = rule.versions[0].blocks
    events = blocks.deadline.events if blocks.deadline is not None else ()
    weighed = any(scope.fact(path).reason in blocks.accept_reasons for path in events)
    return len(rule.versions) == 1 and plain.basis is Basis.RECORDED_AS_NOT_DONE and not weighed


def _pairs(rule: Rule, case: Case) -> int:
    """How many things and events a rule looks through, for all of its subjects together."""
    if not rule.looked_through and all(version.blocks.schedule is None for version in rule.versions):
        return 0
    subjects = len(case.listing(rule.for_each).things) if rule.for_each else 1
    things = sum([len(case.listing(kind).things) for kind in rule.looked_through])
    return subjects * (things + sum([events_of(version.blocks, case) for version in rule.versions]))


def events_of(blocks: Blocks, case: Case) -> int:
    """How many events a schedule holds at most; none where there is no schedule."""
    if blocks.schedule is None:
        return 0
    path = blocks.schedule.events
    things = (case.whole,) if path.kind == CASE else case.listing(path.kind).things
    return max((len(case.fact(thing, path.fact).records) for thing in things), default=0)


def same(reading: Case, subject: Thing) -> Thing:
    """The same subject in another reading of the same file."""
    return next(thing for thing in _things_of(reading, subject.kind) if thing.path == subject.path)


def _things_of(case: Case, kind: str) -> tuple[Thing, ...]:
    return case.listing(kind).things if kind != CASE else (case.whole,)


def scope_of(rule: Rule, case: Case, subject: Thing, bench: Bench) -> Scope:
    """The case as a rule's subject sees it, with what it is joined to."""
    things = {subject.kind: subject}
    missing: dict[str, Fact] = {}
    if rule.join is not None:
        reference, kind = rule.join
        fact = case.fact(subject, reference)
        refs = fact.value if isinstance(fact.value, tuple) else ()
        joined = [thing for thing in case.listing(kind).things if thing.ref in refs]
        if len(joined) == len(set(refs)) == 1 and fact.complete:
            things[kind] = joined[0]
        else:
            missing[kind] = fact
    return Scope(case, bench.checklist.vocabulary, subject, things, missing)


def _finding(rule: Rule, subject: Thing, outcome: Outcome, versions: tuple[Version, ...]) -> Finding:
    told = rule.told_by(versions)
    return Finding(
        rule=rule.id,
        title=rule.title,
        area=rule.area,
        severity=rule.severity,
        subject=subject.ref,
        verdict=outcome.verdict,
        basis=outcome.basis,
        says=outcome.says,
        would_be=outcome.would_be,
        branches=outcome.branches,
        due=outcome.due,
        elapsed=outcome.elapsed,
        limit=outcome.limit,
        limit_standing=told.limit_standing,
        standard=told.standard,
        evidence=outcome.evidence,
        causes=outcome.causes,
        marks=tuple([_mark_of(mark, subject, outcome.verdict) for mark in outcome.marks]) if outcome.marks else (),
        sources=told.sources,
        why=rule.why,
        action=rule.action,
        strength=rule.strength if outcome.verdict is Verdict.MET else "",
        counts_list=rule.counts_list,
        passes_when_absent=rule.passes_when_absent,
        weight=subject.count,
        themes=rule.tags,
    )


def _mark_of(mark: Mark, subject: Thing, verdict: Verdict) -> Mark:
    """A limit on the timeline, with whom it is for, and whether it was kept."""
    whose = mark.what if subject.kind == CASE else f"{subject.ref}: {mark.what}"
    return replace(mark, what=f"{whose} (kept)" if verdict is Verdict.MET and not mark.is_open else whose)


# The standard of the day.


def _recalled(rule: Rule, scope: Scope, bench: Bench) -> ByVersion:
    """What the rule comes to, from an earlier case whose facts were like these, or worked out."""
    if bench.recall is None:
        return _by_version(rule, scope, bench)
    calendar = bench.checklist.calendars.get(rule.calendar)
    return bench.recall.by_version(
        rule, scope, bench.standard_on, calendar, lambda one, seen: _by_version(one, seen, bench)
    )


def _by_version(rule: Rule, scope: Scope, bench: Bench) -> ByVersion:
    """The verdict of every version that may have been in force, given only if all of them give it."""
    only = rule.versions[0]
    if rule.judged_on is None and len(rule.versions) == 1 and only.first is only.last is None:  # as it mostly is
        return _weigh(rule, only.blocks, scope, bench), rule.versions
    low, high, causes = _days_in_question(rule, scope, bench.standard_on)
    versions = in_force(rule, low, high)
    begins = rule.versions[0].first
    too_early = Outcome(
        Verdict.DOES_NOT_APPLY, Basis.CONDITION_NOT_MET, "no version of the rule was in force on that day", causes
    )
    if not versions:
        return too_early, ()
    tried = [(f"by the standard {version.days}", _weigh(rule, version.blocks, scope, bench)) for version in versions]
    if begins is not None and (low is None or low < begins):
        tried.append((f"before {begins}", too_early))
    outcome = tried[0][1]
    if len({one.verdict for _, one in tried}) > 1:
        outcome = _standards_disagree(tried, causes)
    elif len(tried) > 1 or causes:
        branches = outcome.branches if len(tried) == 1 else tuple(_branches_by_standard(tried))
        outcome = replace(outcome, branches=branches, evidence=merge_evidence(outcome.evidence, causes))
    last = rule.versions[-1].last
    if last is not None and (high is None or high > last):
        says = f"{outcome.says}; no standard is recorded after {last}, and that one was taken to hold on"
        outcome = replace(outcome, says=says)
    return outcome, versions


def _branches_by_standard(tried: list[tuple[str, Outcome]]) -> Iterator[Branch]:
    """The limits of every standard that may have been in force."""
    for when, outcome in tried:
        if outcome.branches:
            yield from (replace(branch, when=f"{branch.when}, {when}") for branch in outcome.branches)
        elif outcome.limit:
            yield Branch(when, outcome.limit, outcome.due, outcome.verdict)


def _standards_disagree(tried: list[tuple[str, Outcome]], causes: tuple[Evidence, ...]) -> Outcome:
    verdict, basis = undecided(causes)
    murky = next((outcome for _, outcome in tried if outcome.verdict is Verdict.CANNOT_TELL), None)
    if verdict is not Verdict.NOT_RECORDED:
        basis = Basis.STANDARDS_DISAGREE
    elif murky is not None:  # more is open than the day that nobody wrote down
        verdict, basis = murky.verdict, murky.basis
    told = "; ".join(f"{outcome.verdict} {when}" for when, outcome in tried)
    says = f"it depends on which standard was in force: {told}"
    return Outcome(verdict, basis, says, merge_evidence(causes, tried[0][1].evidence))


def in_force(rule: Rule, low: date | None, high: date | None) -> tuple[Version, ...]:
    """The versions that may have been in force on some day between two (None is no bound); the last one holds on after its end."""
    last = rule.versions[-1]
    return tuple(
        version
        for version in rule.versions
        if version.covers(low, high) or (version is last and replace(last, last=None).covers(low, high))
    )


def _days_in_question(
    rule: Rule, scope: Scope, standard_on: date | None
) -> tuple[date | None, date | None, tuple[Evidence, ...]]:
    """The days on which the deciding date may have been, and the fact that says so."""
    if rule.judged_on is None:
        return standard_on, standard_on, ()
    if standard_on is not None:
        return standard_on, standard_on, ()
    fact = scope.fact(rule.judged_on)
    if fact.moment is None:
        return None, None, (scope.evidence(fact),)
    return fact.moment.lo_day, fact.moment.hi_day, (scope.evidence(fact),)


# Weighing: contradictions, groups, and facts that nobody wrote down.


@dataclass(frozen=True, slots=True)
class _Asked:
    """One version of a rule as it is put to one subject, and what its blocks came to."""

    rule: Rule
    blocks: Blocks
    bench: Bench
    came_to: dict[Hashable, list[tuple[str, Outcome]]] = field(default_factory=dict)
    """By the supposed facts that they hang on: most of what is tried decides only whether the rule applies."""
    choices: dict[FactKey, tuple[Fact, ...]] = field(default_factory=dict)
    """What each fact may be; kept, so that a supposed fact is told from another by its identity."""

    def verdict(self, scope: Scope) -> Verdict:
        """The verdict of `_evaluate`, without what it rests on; of a rule of which it is open whether it applies, *cannot tell*."""
        applies = self.blocks.applies_when
        truth = applies.truth(scope) if applies is not None else Truth.TRUE
        if truth is Truth.TRUE:
            return worst(outcome.verdict for _, outcome in self.outcomes(scope))
        if truth is Truth.UNKNOWN and applies is not None and not _is_set_aside(applies, scope):
            return Verdict.CANNOT_TELL
        return Verdict.DOES_NOT_APPLY

    def may_be(self, fact: Fact) -> tuple[Fact, ...]:
        """The values of a fact that are to be tried."""
        if fact.key not in self.choices:
            self.choices[fact.key] = _values(fact)
        return self.choices[fact.key]

    def outcomes(self, scope: Scope) -> list[tuple[str, Outcome]]:
        """What each block comes to; whatever is supposed of other facts."""
        if not scope.supposed or self.blocks.counts:  # what is counted may be what was supposed
            return _blocks(self.rule, self.blocks, scope, self.bench)
        hangs_on = tuple((key, id(fact)) for key, fact in scope.supposed.items() if self.blocks.reads(fact.type))
        if hangs_on not in self.came_to:
            self.came_to[hangs_on] = _blocks(self.rule, self.blocks, scope, self.bench)
        return self.came_to[hangs_on]


def _weigh(rule: Rule, blocks: Blocks, scope: Scope, bench: Bench) -> Outcome:
    """The verdict, after everything that it may hang on has been tried."""
    used = _facts_used(blocks, scope)
    mixed = [fact for fact in used if fact.mixed]
    if mixed:
        return _over_group(rule, blocks, scope, mixed, bench)
    asked = _Asked(rule, blocks, bench)
    plain = _settle(asked, scope, used)
    if plain.verdict in _UNSETTLED and plain.basis is Basis.NOT_KNOWN_WHETHER_IT_APPLIES:
        supposed = _settle(replace(asked, blocks=blocks.applying), scope, used)
        says = f"it cannot be told whether the rule applies: {plain.says}; if it does: {supposed.verdict} ({supposed.says})"
        return replace(
            plain,
            says=says,
            would_be=supposed.verdict,
            due=supposed.due,
            elapsed=supposed.elapsed,
            limit=supposed.limit,
            evidence=merge_evidence(plain.evidence, supposed.evidence),
        )
    return plain


def _settle(asked: _Asked, scope: Scope, used: list[Fact]) -> Outcome:
    plain = _evaluate(asked, scope)
    if plain.verdict not in _UNSETTLED:
        return _unless_contradicted(plain, asked, scope, used)
    tried = [fact for fact in used if fact.key not in scope.supposed and asked.may_be(fact)]
    supposing = _each(tried, asked, scope)
    chosen = next(supposing, None)
    verdict = asked.verdict(chosen) if chosen is not None else Verdict.CANNOT_TELL
    if chosen is None or verdict in _UNSETTLED or any(asked.verdict(other) is not verdict for other in supposing):
        return plain
    first = _evaluate(asked, chosen)
    originals = {fact.key: scope.evidence(fact) for fact in tried}
    evidence = tuple(originals.get((piece.path, piece.fact), piece) for piece in first.evidence)
    named = ", ".join(f"{piece.named} is {piece.state}" for piece in originals.values())
    return replace(
        first,
        says=f"{first.says}; {named}, and the verdict is the same whatever it was",
        evidence=merge_evidence(evidence, originals.values()),
    )


def _unless_contradicted(plain: Outcome, asked: _Asked, scope: Scope, used: list[Fact]) -> Outcome:
    """A verdict, if every record of what is recorded twice gives it too (SEMANTICS)."""
    contradictory = [fact for fact in used if fact.state is State.CONTRADICTORY and fact.key not in scope.supposed]
    if not contradictory:
        return plain
    if all(asked.verdict(supposed) is plain.verdict for supposed in _each(contradictory, asked, scope)):
        return plain
    evidence = tuple(scope.evidence(fact) for fact in contradictory)
    says = f"{_told(evidence)}, and the verdict hangs on which record is right"
    return Outcome(
        Verdict.CANNOT_TELL, Basis.CONTRADICTORY, says, merge_evidence(evidence, plain.evidence), limit=plain.limit
    )


def _each(tried: list[Fact], asked: _Asked, scope: Scope) -> Iterator[Scope]:
    """The scope with each combination of what some facts may be; none where there is nothing to try, or too much."""
    choices = {fact.key: asked.may_be(fact) for fact in tried}
    if choices and prod(len(values) for values in choices.values()) <= MOST_COMBINATIONS:
        for values in product(*choices.values()):
            yield scope.supposing(dict(zip(choices, values, strict=True)))


def _facts_used(blocks: Blocks, scope: Scope) -> list[Fact]:
    """Every fact that the blocks read of the subject, its join's and singletons; a quantifier's items are its own."""
    counted = {node.kind.name for node in blocks.nodes() if isinstance(node, Quantified)}
    facts = {}
    for path in blocks.paths():
        if path.kind not in counted or path.kind in scope.things:
            fact = scope.fact(path)
            facts[fact.key] = fact
    return list(facts.values())


def _values(fact: Fact) -> tuple[Fact, ...]:
    """The values to try: the records of a contradiction; every option of a choice or yes/no that is absent, unknown or not looked at."""
    if fact.state is State.CONTRADICTORY:
        return tuple(member for record in fact.records for member in record.mixed or (record,))
    if fact.state not in (State.NOT_RECORDED, State.UNKNOWN, State.NOT_LOOKED_AT):
        return ()
    if fact.type.kind is FactKind.YES_NO:
        return tuple(_supposed(fact, value) for value in (True, False))
    if fact.type.kind is FactKind.CHOICE and len(fact.type.options) > 1:
        return tuple(_supposed(fact, option) for option in fact.type.options)
    return ()


def _supposed(fact: Fact, value: Value) -> Fact:
    """The fact as if this were recorded; all else stands as it is."""
    return Fact(fact.type, fact.path, State.RECORDED, fact.line, fact.column, value, parts=fact.parts)


def _over_group(rule: Rule, blocks: Blocks, scope: Scope, mixed: list[Fact], bench: Bench) -> Outcome:
    """A group whose members differ has the worst verdict that any sort of member has."""
    if prod(len(fact.mixed) for fact in mixed) > MOST_COMBINATIONS:
        says = f"the members of the group differ in {len(mixed)} ways, which are too many to weigh together"
        evidence = tuple(scope.evidence(fact) for fact in mixed)
        return Outcome(Verdict.CANNOT_TELL, Basis.TOO_MUCH_TO_WEIGH, says, evidence)
    tried: list[tuple[tuple[Fact, ...], Outcome]] = []
    for members in product(*(fact.mixed for fact in mixed)):
        supposed = {fact.key: member for fact, member in zip(mixed, members, strict=True)}
        tried.append((members, _weigh(rule, blocks, scope.supposing(supposed), bench)))
    chosen = min((outcome for _, outcome in tried), key=lambda outcome: WORST_FIRST.index(outcome.verdict))
    told = "; ".join(f"{fact.type.named}: {fact.shown}" for fact in mixed)
    # Each answer is some member's; that one member gave two of them is certain only where any other answer beside one comes to the same.
    sorts = [
        [outcome for members, outcome in tried if members[place] is member]
        for place, fact in enumerate(mixed)
        for member in fact.mixed
    ]
    if not any(all(one.verdict is chosen.verdict for one in sort) for sort in sorts):
        evidence = tuple(scope.evidence(fact, state=State.NOT_SAID_OF_WHOM) for fact in mixed)
        says = f"the members of the group differ ({told}), and the file does not say which is which"
        return Outcome(Verdict.CANNOT_TELL, Basis.IMPRECISE, says, evidence)
    return replace(chosen, says=f"{chosen.says}; the members of the group differ ({told})")


# One evaluation: the verdict table.


def _evaluate(asked: _Asked, scope: Scope) -> Outcome:
    blocks = asked.blocks
    applies = blocks.applies_when.ask(scope) if blocks.applies_when is not None else Answer(Truth.TRUE)
    if applies.is_false:
        return Outcome(Verdict.DOES_NOT_APPLY, Basis.CONDITION_NOT_MET, _told(applies.evidence), applies.evidence)
    if applies.is_unknown and blocks.applies_when is not None:
        if _is_owed_nothing(applies) and _is_set_aside(blocks.applies_when, scope):
            told = _told(applies.evidence)
            return Outcome(Verdict.DOES_NOT_APPLY, Basis.RECORDED_AS_NOT_APPLICABLE, told, applies.evidence)
        verdict, _ = undecided(applies.evidence)
        return Outcome(verdict, Basis.NOT_KNOWN_WHETHER_IT_APPLIES, _told(applies.evidence), applies.evidence)
    outcomes = asked.outcomes(scope)
    name, chosen = min(outcomes, key=lambda pair: WORST_FIRST.index(pair[1].verdict))
    causes = tuple(Cause(block, outcome.verdict, outcome.basis, outcome.says) for block, outcome in outcomes)
    evidence = merge_evidence(
        chosen.evidence, *(outcome.evidence for block, outcome in outcomes if block != name), applies.evidence
    )
    marks = chosen.marks
    if len(outcomes) > 1:
        marks = tuple(dict.fromkeys(mark for _, outcome in outcomes for mark in outcome.marks))
    says = chosen.says if len(outcomes) == 1 else _several(outcomes, chosen)
    timed = next((outcome for _, outcome in outcomes if outcome.limit), chosen)
    return Outcome(
        chosen.verdict,
        chosen.basis,
        says,
        evidence,
        timed.due,
        timed.elapsed,
        timed.limit,
        timed.branches,
        marks,
        chosen.would_be,
        causes,
    )


def _several(outcomes: list[tuple[str, Outcome]], chosen: Outcome) -> str:
    """The words of every block that shares the verdict."""
    return "; ".join(dict.fromkeys(outcome.says for _, outcome in outcomes if outcome.verdict is chosen.verdict))


def _blocks(rule: Rule, blocks: Blocks, scope: Scope, bench: Bench) -> list[tuple[str, Outcome]]:
    judge = Judge(scope, bench.checklist.calendars.get(rule.calendar), blocks.accept_reasons, blocks.if_not_recorded)
    outcomes: list[tuple[str, Outcome]] = []
    if blocks.deadline is not None:
        outcomes.append(("deadline", judge.deadline(blocks.deadline)))
    if blocks.schedule is not None:
        outcomes.append(("schedule", judge.schedule(blocks.schedule)))
    if blocks.expect is not None:
        waiting = bool(outcomes) and outcomes[0][1].verdict is Verdict.NOT_DUE_YET
        asked = _suspended(blocks, rule) if waiting else blocks.expect
        if asked is not None:
            outcomes.append(("expect", _expectation(asked, blocks, scope)))
    if blocks.judgement:
        outcomes.append(("judgement", _judgement(rule, blocks.judgement, scope)))
    return outcomes


def _suspended(blocks: Blocks, rule: Rule) -> Condition | None:
    """What can already be expected while the event is not due: nothing about what the event itself would bring."""
    if blocks.expect is None or blocks.deadline is None:
        return blocks.expect
    events = {path.fact.name for path in blocks.deadline.events}
    brought = {path.kind for path in blocks.deadline.events if path.kind not in (rule.for_each, CASE)}

    def waits(path: Path) -> bool:
        return path.kind in brought or any(
            path.fact.name.startswith(f"{event}.") or path.fact.name == event for event in events
        )

    parts = blocks.expect.parts if isinstance(blocks.expect, AllOf) else (blocks.expect,)
    kept = tuple(part for part in parts if not any(waits(path) for path in part.paths()))
    return None if not kept else kept[0] if len(kept) == 1 else AllOf(kept, blocks.expect.line)


def _expectation(expect: Condition, blocks: Blocks, scope: Scope) -> Outcome:
    parts = expect.parts if isinstance(expect, AllOf) else (expect,)
    answers = [(part, part.ask(scope)) for part in parts]
    whole = all_of([answer for _, answer in answers])
    if whole.is_true:
        return Outcome(Verdict.MET, Basis.AS_EXPECTED, _told(whole.evidence), whole.evidence)
    deciding = [(part, answer) for part, answer in answers if answer.truth is whole.truth]
    if whole.is_unknown:
        return _left_open(deciding, blocks, scope)
    says = "; ".join(dict.fromkeys(_clause(part, answer) for part, answer in deciding))
    outcome = _unfulfilled(whole, says, blocks, scope, deciding)
    if outcome.verdict is not Verdict.EXCUSED:
        return outcome
    refused = {path.fact.name for part, _ in deciding for path in part.paths()}
    asked = [(part, answer) for part, answer in answers if answer.is_unknown and not _is_of_events(part, refused)]
    others = _left_open(asked, blocks, scope)
    if others.verdict is Verdict.DOES_NOT_APPLY:
        return outcome
    evidence = merge_evidence(others.evidence, outcome.evidence)
    return replace(others, says=f"{others.says}; {outcome.says}", evidence=evidence)


def _is_of_events(part: Condition, events: set[str]) -> bool:
    """Whether a clause asks only how some events went."""
    return all(path.fact.name.rpartition(".")[0] in events for path in part.paths())


def _left_open(asked: list[tuple[Condition, Answer]], blocks: Blocks, scope: Scope) -> Outcome:
    """What clauses come to that are neither fulfilled nor unfulfilled; *does not apply* where there are none."""
    says = "; ".join(dict.fromkeys(_clause(part, answer) for part, answer in asked))
    evidence = merge_evidence(*(answer.evidence for _, answer in asked))
    if all(_is_owed_nothing(answer) and _is_set_aside(part, scope) for part, answer in asked):
        return Outcome(Verdict.DOES_NOT_APPLY, Basis.RECORDED_AS_NOT_APPLICABLE, says, evidence)
    owed = tuple(piece for piece in evidence if piece.state is not State.NOT_APPLICABLE)
    verdict, basis = undecided(owed or evidence)
    if verdict is Verdict.NOT_RECORDED:
        verdict = blocks.if_not_recorded
        basis = Basis.NOTHING_RECORDED if verdict is Verdict.NOT_MET else basis
    return Outcome(verdict, basis, says, evidence)


def _is_owed_nothing(answer: Answer) -> bool:
    """Whether all that leaves an answer open is recorded as not applicable: else there is no need to ask each clause."""
    return all(piece.state is State.NOT_APPLICABLE for piece in answer.evidence)


def _is_set_aside(condition: Condition, scope: Scope) -> bool:
    """Whether a condition is open only because what its clauses ask was recorded, with a reason, as not applicable."""
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    answers = [(part, part.ask(scope)) for part in parts]
    still_open = [(part, answer) for part, answer in answers if answer.is_unknown]
    states = {piece.state for _, answer in still_open for piece in answer.evidence}
    return states == {State.NOT_APPLICABLE} and all(isinstance(part, Test) for part, _ in still_open)


def _is_day_of_decision_given(refused: Fact) -> bool:
    decided = refused.parts.get("decided_at")
    return decided is not None and decided.state not in ABSENT


def _unfulfilled(
    whole: Answer, says: str, blocks: Blocks, scope: Scope, deciding: list[tuple[Condition, Answer]]
) -> Outcome:
    """Not met; or excused, where all that is missing was refused for a reason that the rule accepts."""
    by_path = {fact.path: fact for fact in (scope.fact(path) for part, _ in deciding for path in part.paths())}
    facts = [by_path[piece.path] for piece in whole.evidence if piece.path in by_path]
    refused = [fact for fact in facts if fact.state is State.NOT_DONE]
    accepted = [
        fact
        for fact in refused
        if fact.reason in blocks.accept_reasons and fact.decided is not False and _is_day_of_decision_given(fact)
    ]
    if refused and len(accepted) == len(whole.evidence):
        reasons = " and ".join(dict.fromkeys(fact.reason for fact in accepted))
        if not all(fact.decided for fact in accepted):
            says = f"{says}; reason: {reasons}; it cannot be told who decided it"
            return Outcome(Verdict.CANNOT_TELL, Basis.IMPRECISE, says, whole.evidence)
        return Outcome(Verdict.EXCUSED, Basis.REASON_ACCEPTED, f"{says}; accepted reason: {reasons}", whole.evidence)
    states = {piece.state for piece in whole.evidence}
    if states <= {State.NOT_RECORDED, State.NONE}:
        basis = Basis.NOTHING_RECORDED
    else:
        basis = Basis.RECORDED_AS_NOT_DONE if State.NOT_DONE in states else Basis.NOT_AS_EXPECTED
    return Outcome(Verdict.NOT_MET, basis, says, whole.evidence)


def _clause(part: Condition, answer: Answer) -> str:
    """What a clause expected, and what stands in its place."""
    asks_recorded = isinstance(part, Test) and part.op is Op.RECORDED
    told = _told(answer.evidence)
    return told if asks_recorded else f"{told}; expected: {part.english()}"


def _told(evidence: Iterable[Evidence]) -> str:
    """Facts and what the file says of each, in words."""
    return "; ".join(dict.fromkeys(_told_one(piece) for piece in evidence))


def _told_one(piece: Evidence) -> str:
    if piece.state is State.RECORDED:
        return f"{piece.named}: {piece.shown if piece.shown is not None else 'recorded (withheld)'}"
    return f"{piece.named}: {piece.state}"


# Judgements.


def _judgement(rule: Rule, question: str, scope: Scope) -> Outcome:
    subject = scope.subject.ref if scope.subject is not None else CASE
    given = [one for one in scope.case.judgements if one.rule == rule.id and one.subject == subject]
    if not given:
        return Outcome(Verdict.NEEDS_JUDGEMENT, Basis.OPEN_JUDGEMENT, question, (_unjudged(question, scope),))
    verdict = Verdict.MET if all(one.answer == "met" for one in given) else Verdict.NOT_MET
    evidence = tuple(_of_judgement(one, scope) for one in given)
    if len({one.answer for one in given}) > 1:
        return Outcome(Verdict.CANNOT_TELL, Basis.CONTRADICTORY, f"{question} - judged met and not met", evidence)
    return Outcome(verdict, Basis.JUDGED, f"{question} - judged {verdict} by a person", evidence)


def _of_judgement(one: Judgement, scope: Scope) -> Evidence:
    return Evidence(
        "judgement",
        "judgements",
        State.RECORDED,
        scope.case.file,
        one.line,
        one.column,
        named="the judgement",
        shown=one.answer,
    )


def _unjudged(question: str, scope: Scope) -> Evidence:
    """The judgement that nobody has given yet, at the top of the file."""
    whole = scope.case.whole
    place = (scope.case.file, whole.line, whole.column)
    return Evidence("judgement", "judgements", State.NOT_RECORDED, *place, named="the judgement", asks=question)


def judgement_problems(case: Case, checklist: Checklist, findings: Sequence[Finding]) -> Iterator[Problem]:
    """What is wrong with the judgements of a case: each must answer a rule that asks for one, of a subject that it has.

    Args:
        case: the case.
        checklist: the rules that are asked.
        findings: what at least those rules found that are judged in the case.
    """
    open_to = {rule.id for rule in checklist.rules if any(version.blocks.judgement for version in rule.versions)}
    subjects = {(finding.rule, finding.subject) for finding in findings}
    for one in case.judgements:
        if one.rule in checklist.left_out:
            continue
        if one.rule not in open_to:
            yield Problem(
                case.file,
                one.line,
                one.column,
                "no rule with this id asks for a judgement",
                did_you_mean(one.rule, open_to),
            )
        elif (one.rule, one.subject) not in subjects:
            yield Problem(
                case.file,
                one.line,
                one.column,
                "this rule has no such subject in this case",
                did_you_mean(one.subject, [subject for rule, subject in subjects if rule == one.rule]),
            )


# What stands beside the findings.


def _notices(case: Case, checklist: Checklist, standard_on: date | None) -> tuple[str, ...]:
    notices = [*checklist.notes]
    if case.hidden:
        verbs = ("facts lie", "count") if case.hidden > 1 else ("fact lies", "counts")
        notices.append(f"{case.hidden} {verbs[0]} after this as-of and {verbs[1]} as not yet happened")
    if standard_on is not None:
        notices.append(f"judged by the standards in force on {standard_on}, not by the standards of the day")
    if case.undated_from is not None:
        notices.append("day 0 is undated: days are counted from it, and limits in working days hang on what day_0 says")
    if case.looked_at is None:
        notices.append("the whole record counts as looked at; write looked_at where only some areas were read")
    for kind, listing in case.listings.items():
        if listing.things and not listing.complete:
            plural = checklist.vocabulary.kinds[kind].plural.replace("_", " ")
            notices.append(f"{plural}: others are not recorded, and nothing is said of them")
    passing = sorted({name for rule in checklist.rules for name in rule.passes_when_absent})
    if passing:
        notices.append(f"rules pass where these are absent: {', '.join(passing)}")
    return tuple(notices)


def _ruled_out(case: Case, checklist: Checklist, findings: Iterable[Finding]) -> Iterator[str]:
    """The kinds of things that the file lists, and about which nothing is asked because of what it says the concerns are."""
    kinds = {rule.id: rule.for_each for rule in checklist.rules if rule.for_each}
    asked: dict[str, bool] = {}
    for finding in findings:
        kind = kinds.get(finding.rule, "")
        if not kind or asked.get(kind, False) or not case.listing(kind).things:
            continue
        asked[kind] = finding.verdict is not Verdict.DOES_NOT_APPLY or all(
            piece.fact != f"{CASE}.concerns" for piece in finding.evidence
        )
    for kind in (kind for kind, is_asked in asked.items() if not is_asked):
        plural = checklist.vocabulary.kinds[kind].plural.replace("_", " ")
        yield f"{plural} are listed, and every rule about them is ruled out by the list of concerns"


def _softened(findings: Iterable[Finding]) -> Iterator[str]:
    """The findings that only a local standard keeps from being *not met*."""
    spared = [f"{finding.label} (here {finding.verdict})" for finding in findings if finding.is_spared]
    if spared:
        yield f"not met by the shipped rules, and passed only by local standards: {', '.join(spared)}"


def at_risk(case: Case, checklist: Checklist) -> bool:
    """Whether a child may still be at risk: unless every child that there is, is recorded as not."""
    kind = checklist.vocabulary.kinds.get("child")
    type_ = kind.facts.get("at_continuing_risk") if kind is not None else None
    children = case.listing("child")
    if type_ is None or not children.things or not children.complete:
        return True
    return any(case.fact(child, type_).value is not False for child in children.things)


_SETTLING = frozenset(
    (
        State.NOT_RECORDED,
        State.OTHERS_NOT_RECORDED,
        State.UNKNOWN,
        State.UNDATED,
        State.NOT_LOOKED_AT,
        State.IMPRECISE,
    )
)


def _questions(findings: Iterable[Finding]) -> tuple[Question, ...]:
    """The facts that would settle findings, those that would settle most first."""
    counted: dict[str, int] = {}
    asked: dict[str, Evidence] = {}
    for finding in findings:
        if finding.verdict not in _UNSETTLED:
            continue
        first: dict[str, Evidence] = {}
        settling: dict[str, Evidence] = {}
        for piece in finding.evidence:
            first.setdefault(piece.path, piece)
            if piece.state in _SETTLING and piece.asks and piece.path not in settling:
                settling[piece.path] = first[piece.path]
                counted[piece.path] = counted.get(piece.path, 0) + 1
        for path, piece in settling.items():
            asked.setdefault(path, piece)
    questions = [
        Question(piece.fact, path, piece.asks, piece.look_in, piece.line, counted[path])
        for path, piece in asked.items()
    ]
    return tuple(sorted(questions, key=lambda question: (-question.settles, question.line, question.path)))


def _timeline(case: Case, checklist: Checklist, findings: Iterable[Finding]) -> tuple[Mark, ...]:
    """Every dated event of the case, every limit, and the day that the review stands on, in order."""
    marks = [mark for finding in findings for mark in finding.marks]
    marks.extend(_events(case))
    instant = end_of(case.as_of)
    marks.append(
        Mark(instant, say_moment(case.as_of, undated_from=case.undated_from), "the review stands on this day", "as of")
    )
    order = {"event": 0, "limit": 1, "as of": 2}
    return tuple(sorted(dict.fromkeys(marks), key=lambda mark: (mark.minute, order[mark.kind], mark.what)))


def _events(case: Case) -> Iterator[Mark]:
    things = [case.whole, *(thing for listing in case.listings.values() for thing in listing.things)]
    for thing in things:
        for fact in thing.facts.values():
            for dated in (fact, *(fact.records if fact.type.kind is FactKind.EVENTS else ())):
                moment = dated.moment
                if moment is None or fact.type.personal or (dated is fact and fact.type.kind not in DATED):
                    continue
                what = fact.type.done if thing.kind == CASE else f"{thing.ref}: {fact.type.done}"
                minute = moment.lo if moment.lo is not None else moment.hi
                if minute is not None:
                    yield Mark(minute, say_moment(moment, undated_from=case.undated_from), what, "event", dated.line)


# How a verdict was reached.


def explain(
    rule: Rule,
    case: Case,
    checklist: Checklist,
    *,
    subject: str = "",
    readings: Sequence[Case] = (),
    standard_on: date | None = None,
) -> tuple[tuple[Finding, tuple[Step, ...]], ...]:
    """Each finding of a rule (or the one on a subject) with every clause and what it answered."""
    return tuple(
        (one.finding, tuple(_steps(rule, one.scope)) if one.scope is not None else ())
        for one in judge(rule, case, checklist, readings, standard_on)
        if not subject or one.finding.subject == subject
    )


def _steps(rule: Rule, scope: Scope) -> Iterator[Step]:
    for version in rule.versions:
        if len(rule.versions) > 1:
            yield Step(0, f"the standard from {version.first or 'the beginning'} to {version.last or 'now'}", "")
        blocks = version.blocks
        for name, condition in (("it applies when", blocks.applies_when), ("it expects", blocks.expect)):
            if condition is not None:
                yield Step(0, name, str(condition.ask(scope).truth.value))
                yield from _clauses(condition, scope, 1)
        if blocks.deadline is not None:
            yield from _deadline_steps(blocks.deadline, scope)
        if blocks.schedule is not None:
            yield Step(0, f"a schedule: at least every {blocks.schedule.every}", "")
            for path in blocks.schedule.paths():
                yield _read_step(f"it reads {path}", scope.fact(path), scope)
        yield from _tried(blocks, scope)


def _deadline_steps(deadline: Deadline, scope: Scope) -> Iterator[Step]:
    table = deadline.limit
    levels = table.limits.items() if isinstance(table, LimitByValue) else ()
    limits = " or ".join(f"{limit} ({word})" for word, limit in levels) or str(table)
    yield Step(0, f"a deadline: within {limits}", "")
    for path in deadline.events:
        yield _read_step(f"its event: {path.fact.done}", scope.fact(path), scope)
    for start in deadline.starts:
        fact = scope.fact(start.path)
        if deadline.start_mode == "first_known":
            yield _read_step(f"its clock, if yes: {fact.type.named}", fact, scope)
            known = fact.parts.get("known")
            if known is not None:
                yield _read_step(f"its clock starts: {known.type.named}", known, scope)
        else:
            yield _read_step(f"its clock starts: {fact.type.named}", fact, scope)
    if isinstance(deadline.limit, LimitByValue):
        fact = scope.fact(deadline.limit.path)
        yield _read_step(f"its limit hangs on: {fact.type.named}", fact, scope)


def _read_step(clause: str, fact: Fact, scope: Scope) -> Step:
    return Step(1, clause, str(fact.state), (scope.evidence(fact),))


def _tried(blocks: Blocks, scope: Scope) -> Iterator[Step]:
    open_facts = [fact for fact in _facts_used(blocks, scope) if _values(fact)]
    total = prod(len(_values(fact)) for fact in open_facts)
    if open_facts:
        names = ", ".join(fact.path for fact in open_facts)
        how = (
            f"every value was tried ({total} combinations)"
            if total <= MOST_COMBINATIONS
            else f"{total} combinations are too many to try: plain three-valued logic"
        )
        yield Step(0, f"not recorded, unknown or contradictory: {names}", how)


def _clauses(condition: Condition, scope: Scope, depth: int) -> Iterator[Step]:
    answer = condition.ask(scope)
    parts: tuple[Condition, ...] = ()
    if isinstance(condition, Test | Quantified):
        yield Step(depth, condition.english(), answer.truth.value, answer.evidence)
        return
    label = {"AllOf": "all of", "AnyOf": "any of", "Not": "not"}[type(condition).__name__]
    yield Step(depth, label, answer.truth.value)
    parts = (
        (condition.part,)
        if not isinstance(condition, AllOf) and hasattr(condition, "part")
        else getattr(condition, "parts", ())
    )
    for part in parts:
        yield from _clauses(part, scope, depth + 1)
