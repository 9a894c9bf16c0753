"""When a thing is due, and whether it was done in time.

Every date is an interval, and every unrecorded start is any instant that it may have been; a verdict is given only where all of them
give it. Late from the latest possible start is late.
"""

from collections.abc import Callable, Iterable
from dataclasses import field, replace
from itertools import accumulate, islice, takewhile

from checklist.case import Fact
from checklist.clocks import Calendar, Due, Limit, Moment, Precision, end_of
from checklist.conditions import Scope
from checklist.findings import ABSENT, BASIS_OF_STATE, Basis, Branch, Mark, Outcome, Verdict, undecided, worst
from checklist.later import dataclass
from checklist.logic import Evidence, State, merge_evidence
from checklist.rules import Deadline, LimitByValue, Schedule, Start
from checklist.vocabulary import FactType, part_of

_DROPPED = (State.NOT_RECORDED, State.NOT_DONE, State.NOT_APPLICABLE, State.NONE)
_NEVER = (State.NOT_DONE, State.NOT_APPLICABLE, State.NONE)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Where a clock starts: between two instants, as far as is known."""

    lo: int | None
    hi: int | None
    """None: up to the event, or to the as-of."""
    named: str
    evidence: tuple[Evidence, ...]
    doubts: tuple[Evidence, ...] = ()
    moment: Moment | None = None
    never: bool = False
    starts: tuple[tuple[FactType, int | None], ...] = ()
    """The facts that it starts from, each with its earliest minute."""


@dataclass(frozen=True, slots=True)
class _Member:
    """One dated fact as it bears on a clock: when the clock would start by it."""

    fact: Fact
    named: str
    evidence: Evidence
    moment: Moment | None
    open: bool = False
    never: bool = False
    answer: Evidence | None = None
    """For the day on which something became known: the answer, where it is not known whether it was so."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Holds one deadline or schedule against one case, as of its day."""

    scope: Scope
    calendar: Calendar | None
    reasons: tuple[str, ...]
    """The reasons that the rule accepts."""
    if_not_recorded: Verdict = Verdict.NOT_RECORDED

    @property
    def as_of(self) -> int:
        """The instant on which the review stands, in minutes."""
        return end_of(self.scope.case.as_of)

    # Deadlines.

    def deadline(self, deadline: Deadline) -> Outcome:
        """What the deadline comes to."""
        clock = self._clock(deadline)
        if clock.never:
            return Outcome(
                Verdict.DOES_NOT_APPLY,
                Basis.CLOCK_NOT_STARTED,
                f"the clock did not start: {_states(clock.evidence)}",
                clock.evidence,
            )
        events = [self.scope.fact(path) for path in deadline.events]
        if isinstance(deadline.limit, LimitByValue):
            outcome = self._by_value(deadline, clock, events, deadline.limit)
            if outcome.verdict is Verdict.MET:
                outcome = self._unless_it_rose(outcome, deadline, clock, events, deadline.limit)
        else:
            outcome = self._within(deadline, clock, events, deadline.limit)
        return outcome.resting_on(merge_evidence(outcome.evidence, clock.evidence))

    def _by_value(self, deadline: Deadline, clock: _Clock, events: list[Fact], table: LimitByValue) -> Outcome:
        """The limit that hangs on another fact, as that fact stood when the clock started; every branch where it is not recorded."""
        fact = self.scope.fact(table.path)
        held = _in_force(fact, clock)
        evidence = tuple(self.scope.evidence(value) for value in held)
        words = [_word(value) for value in held]
        known = [word for word in words if word in table.limits]
        if len(known) == len(held) == 1:
            outcome = self._within(deadline, clock, events, table.limits[known[0]])
            if outcome.limit:
                outcome = replace(
                    outcome,
                    branches=(Branch(f"{fact.type.named} is {known[0]}", outcome.limit, outcome.due, outcome.verdict),),
                )
            return replace(outcome, evidence=merge_evidence(outcome.evidence, evidence))
        if any(
            value.state not in (State.RECORDED, State.NOT_RECORDED, State.UNKNOWN, State.NOT_LOOKED_AT)
            for value in held
        ):
            verdict, basis = undecided(evidence)
            return Outcome(verdict, basis, f"the limit depends on {fact.type.named}: {_states(evidence)}", evidence)
        tried = known if len(known) == len(held) else list(table.limits)
        return self._every_branch(deadline, clock, events, {word: table.limits[word] for word in tried}, evidence)

    def _unless_it_rose(
        self, met: Outcome, deadline: Deadline, clock: _Clock, events: list[Fact], table: LimitByValue
    ) -> Outcome:
        """Met; but where a later start is not recorded, and the limit became shorter before the event, it may be late by that start."""
        absent = tuple(
            self.scope.evidence(fact)
            for start in deadline.starts
            if start.if_recorded and (fact := self.scope.fact(start.path)).state is State.NOT_RECORDED
        )
        changes = [value.at for value in self.scope.fact(table.path).records if absent and value.at is not None]
        for change in changes:
            before = any(event.moment is not None and _lo(event) >= _or(change.hi, self.as_of) for event in events)
            if change.lo is None or change.lo <= _or(clock.lo, change.lo) or not before:
                continue
            then = self._by_value(deadline, replace(clock, lo=change.lo, hi=change.hi, moment=change), events, table)
            if then.verdict is not Verdict.MET:
                verdict, basis = undecided(absent)
                says = f"{met.says}; but {_states(absent)}, and counted from {self.say(change)} it may be late"
                return replace(met, verdict=verdict, basis=basis, says=says, evidence=(*absent, *met.evidence))
        return met

    def _every_branch(
        self,
        deadline: Deadline,
        clock: _Clock,
        events: list[Fact],
        limits: dict[str, Limit],
        causes: tuple[Evidence, ...],
    ) -> Outcome:
        named = causes[0].named
        outcomes = {word: self._within(deadline, clock, events, limit) for word, limit in limits.items()}
        branches = tuple(
            Branch(f"{named} is {word}", str(limits[word]), outcome.due, outcome.verdict)
            for word, outcome in outcomes.items()
        )
        verdicts = {outcome.verdict for outcome in outcomes.values()}
        longest = max(outcomes, key=lambda word: self._length(clock, limits[word]))
        chosen = outcomes[longest]
        if len(verdicts) == 1 and chosen.verdict in (
            Verdict.NOT_MET,
            Verdict.MET,
            Verdict.NOT_DUE_YET,
            Verdict.EXCUSED,
        ):
            end = _OneLimit(self, clock, limits[longest]).end_words()
            says = self._at_every_level(chosen, named, causes, end)
            return replace(chosen, says=says, branches=branches, evidence=merge_evidence(chosen.evidence, causes))
        imprecise = all(cause.state is State.RECORDED for cause in causes)
        which = "of which it cannot be told what it was then" if imprecise else f"which is {_state_word(causes[0])}"
        if len(verdicts) == 1:
            says = f"{chosen.says.partition('; limit ')[0]}; the limit depends on {named}, {which}"
            return replace(chosen, says=says, branches=branches, evidence=merge_evidence(chosen.evidence, causes))
        verdict, basis = (Verdict.CANNOT_TELL, Basis.IMPRECISE) if imprecise else undecided(causes)
        told = "; ".join(f"{branch.verdict} if {branch.when} ({branch.limit})" for branch in branches)
        says = f"the limit depends on {named}, {which}: {told}"
        return Outcome(
            verdict,
            basis,
            says,
            merge_evidence(causes, chosen.evidence),
            elapsed=chosen.elapsed,
            branches=branches,
            marks=chosen.marks,
        )

    def _at_every_level(self, chosen: Outcome, named: str, causes: tuple[Evidence, ...], end: str) -> str:
        word = {
            Verdict.NOT_MET: "late",
            Verdict.MET: "in time",
            Verdict.NOT_DUE_YET: "not due yet",
            Verdict.EXCUSED: "excused",
        }[chosen.verdict]
        ended = "ended on" if chosen.verdict is Verdict.NOT_MET else "ends on"
        head = chosen.says.partition(";")[0]
        at = f"at every level of {named.removeprefix('the ')}" if " " in named else f"at every {named} level"
        return f"{head}; {word} {at} (the longest limit, {chosen.limit}, {ended} {end}); {named} is {_state_word(causes[0])}"

    def _length(self, clock: _Clock, limit: Limit) -> int:
        end = self.due(clock.lo if clock.lo is not None else self.as_of, limit)
        return end.last if end is not None else 0

    def _within(self, deadline: Deadline, clock: _Clock, events: list[Fact], limit: Limit) -> Outcome:
        """The deadline with one limit: of several events the first counts, or all are needed."""
        one = _OneLimit(self, clock, limit)
        if deadline.event_mode != "last_of":
            return one.first_of(events)
        outcomes = [one.first_of([event]) for event in events]
        verdict = worst(outcome.verdict for outcome in outcomes)
        sharing = [outcome for outcome in outcomes if outcome.verdict is verdict]
        return replace(
            sharing[0],
            says=_joined(outcome.says for outcome in sharing),
            evidence=merge_evidence(sharing[0].evidence, *(outcome.evidence for outcome in outcomes)),
            marks=tuple({mark: None for outcome in outcomes for mark in outcome.marks}),
        )

    # The clock's start.

    def _clock(self, deadline: Deadline) -> _Clock:
        if deadline.start_mode == "first_known":
            return self._first_known(deadline.starts)
        members = [self._member(start) for start in deadline.starts]
        kept = [
            member
            for member, start in zip(members, deadline.starts, strict=True)
            if not (start.if_recorded and member.fact.state in _DROPPED) and not self._is_known_of_a_no(start)
        ]
        starts = tuple((member.fact.type, member.moment.lo if member.moment else None) for member in members)
        return self._combine(kept, latest=deadline.start_mode == "last_of", starts=starts)

    def _is_known_of_a_no(self, start: Start) -> bool:
        """Whether a start is the day on which it became known that something was not so: that starts no clock."""
        answer = self._answer(start)
        return answer is not None and answer.value is False and not answer.mixed

    def _answer(self, start: Start) -> Fact | None:
        """Of a start that counts only where it is recorded, and is the day on which something became known: whether it was so."""
        whole, _, part = start.path.fact.name.rpartition(".")
        fact = self.scope.vocabulary.fact(whole) if start.if_recorded and part == "known" else None
        return self.scope.fact(replace(start.path, fact=fact)) if fact is not None else None

    def _member(self, start: Start) -> _Member:
        fact = self.scope.fact(start.path)
        evidence = self.scope.evidence(fact)
        if fact.state is State.RECORDED and fact.moment is not None:
            return _Member(fact, fact.type.named, evidence, fact.moment, answer=self._doubtful_answer(start))
        never = fact.state in _NEVER
        return _Member(fact, fact.type.named, evidence, None, open=not never, never=never)

    def _doubtful_answer(self, start: Start) -> Evidence | None:
        """The answer, where it is not known whether it was so; of some members of a group only, it does not say whose clock it starts."""
        answer = self._answer(start)
        if answer is None or (answer.state is State.RECORDED and not answer.mixed):
            return None
        return self.scope.evidence(answer, state=State.NOT_SAID_OF_WHOM if answer.mixed else None)

    def _first_known(self, starts: Iterable[Start]) -> _Clock:
        """`known` of those answered yes; no drops out; an absent or undated one may have been earlier."""
        members = []
        for start in starts:
            fact = self.scope.fact(start.path)
            if fact.state in (State.NOT_DONE, State.NONE, State.NOT_APPLICABLE) or fact.value is False:
                members.append(_Member(fact, "", self.scope.evidence(fact), None, never=True))
                continue
            known_type = part_of(fact.type, "known") or fact.type
            known = fact.parts.get("known")
            if known is None and fact.state is State.RECORDED:
                known = Fact(known_type, f"{fact.path}.known", State.NOT_RECORDED, fact.line, fact.column)
            used = known if known is not None else fact
            moment = used.moment if fact.state in (State.RECORDED, State.UNDATED) else None
            members.append(_Member(used, known_type.named, self.scope.evidence(used), moment, open=moment is None))
        return self._combine(members, latest=False)

    def _combine(
        self, members: list[_Member], *, latest: bool, starts: tuple[tuple[FactType, int | None], ...] = ()
    ) -> _Clock:
        """The earliest (or the latest) of some starts, each of which may be open."""
        evidence = tuple(member.evidence for member in members)
        never = [member for member in members if member.never]
        alive = [member for member in members if not member.never]
        if not alive or (latest and never):
            return _Clock(
                None, None, "", tuple(member.evidence for member in never or members), never=True, starts=starts
            )
        dated = [member for member in alive if member.moment is not None]
        doubts = tuple(member.evidence for member in alive if member.open)
        if not dated:
            return _Clock(None, None, alive[0].named, evidence, doubts, starts=starts)
        if latest and any(member.answer is not None for member in dated):
            return replace(self._with_or_without(members, evidence), starts=starts)
        los = [member.moment.lo for member in dated if member.moment is not None]
        his = [member.moment.hi for member in dated if member.moment is not None]
        if latest:
            known = [lo for lo in los if lo is not None]
            lo = max(known) if known else None
            hi = None if doubts or None in his else max(hi for hi in his if hi is not None)
            chosen = max(dated, key=lambda member: _or(member.moment.lo if member.moment else None, -(10**12)))
        else:
            lo = None if doubts or None in los else min(lo for lo in los if lo is not None)
            bounded = [hi for hi in his if hi is not None]
            hi = min(bounded) if bounded else None
            chosen = min(dated, key=lambda member: _or(member.moment.hi if member.moment else None, 10**12))
        return _Clock(lo, hi, chosen.named, evidence, doubts, chosen.moment, starts=starts)

    def _with_or_without(self, members: list[_Member], evidence: tuple[Evidence, ...]) -> _Clock:
        """The latest of some starts, where it is not known of some whether they started anything: from the one to the other."""
        certain = [member for member in members if member.answer is None]
        without = self._combine(certain, latest=True)
        every = self._combine([replace(member, answer=None) for member in members], latest=True)
        if certain and (without.lo, without.hi) == (every.lo, every.hi):
            return replace(without, evidence=evidence)
        chosen = without if certain else every
        doubts = (*without.doubts, *(member.answer for member in members if member.answer is not None))
        return _Clock(without.lo, every.hi, chosen.named, evidence, doubts, chosen.moment)

    # Schedules.

    def schedule(self, schedule: Schedule) -> Outcome:
        """Whether each of a row of events came in time after the one before; every gap is named."""
        begun = self.scope.fact(schedule.first_after)
        evidence = (self.scope.evidence(begun),)
        if begun.state in _NEVER:
            return Outcome(
                Verdict.DOES_NOT_APPLY,
                Basis.CLOCK_NOT_STARTED,
                f"the clock did not start: {_states(evidence)}",
                evidence,
            )
        if begun.moment is None or begun.moment.lo is None or begun.moment.hi is None:
            overdue = self._overdue_from_the_latest(schedule, begun)
            if overdue is not None:
                return overdue
            verdict, basis = undecided(evidence)
            return Outcome(verdict, basis, f"the clock's start is not known: {_states(evidence)}", evidence)
        return _Row(self, schedule, begun).outcome()

    def _overdue_from_the_latest(self, schedule: Schedule, begun: Fact) -> Outcome | None:
        """What a row of which nobody wrote down a single event comes to, where it was due even from the latest start that may be."""
        moment, held = begun.moment, self.scope.fact(schedule.events)
        if moment is None or moment.hi is None or held.state is not State.NOT_RECORDED:
            return None
        outcome = _Row(self, schedule, replace(begun, value=replace(moment, lo=moment.hi))).outcome()
        return outcome if outcome.verdict in (Verdict.NOT_MET, Verdict.NOT_RECORDED) else None

    # Words.

    def due(self, start: int, limit: Limit) -> Due | None:
        """Where a limit ends that starts at an instant, in minutes."""
        return self.scope.words.end(start, limit, self.calendar)

    def say(self, moment: Moment) -> str:
        """A moment as a reader would name it."""
        return self.scope.words.day(moment)

    def say_due(self, end: Due) -> str:
        """The end of a limit as a reader would name it."""
        return self.scope.words.due(end)

    def mark(self, end: Due, what: str, *, late: bool) -> Mark:
        """The limit as a point of the timeline."""
        return Mark(self.scope.words.minute(end), self.say_due(end), what, "limit", late=late)


@dataclass(frozen=True, slots=True)
class _OneLimit:
    """One clock and one limit, held against the events that would stop it."""

    judge: Judge
    clock: _Clock
    limit: Limit
    ends: dict[int, Due | None] = field(default_factory=dict)
    """Where the limit ends from each start that was asked for."""

    def first_of(self, events: list[Fact]) -> Outcome:
        """Of several events the earliest recorded one counts."""
        dated = [event for event in events if event.state is State.RECORDED and event.moment is not None]
        murky = [
            event
            for event in events
            if event.state not in (State.RECORDED, State.NOT_RECORDED, State.NOT_DONE, State.NONE, State.NOT_APPLICABLE)
        ]
        if all(event.state is State.NOT_APPLICABLE for event in events):
            evidence = self._evidence(events)
            return Outcome(Verdict.DOES_NOT_APPLY, Basis.RECORDED_AS_NOT_APPLICABLE, _states(evidence), evidence)
        if dated:
            chosen = min(dated, key=lambda event: _order(event.moment))
            # Which of several was first may not be known: then one that cannot be right counts.
            first = [event for event in dated if _may_be_by(event, _hi(chosen))]
            chosen = next((event for event in first if self._forbids(event) is not None), chosen)
            outcome = self._done(chosen, murky, [event for event in dated if event is not chosen])
            return self._with_what_is_missing(outcome, events[0])
        if murky:
            evidence = self._evidence(murky)
            verdict, basis = undecided(evidence)
            return Outcome(
                verdict,
                basis,
                f"{_states(evidence)}; {self._limit_words()}",
                evidence,
                limit=str(self.limit),
                due=self._due_words(),
                marks=self._marks(late=False, what=events),
            )
        refused = [event for event in events if event.state is State.NOT_DONE]
        needed = [event for event in events if event.state is not State.NOT_APPLICABLE]
        if refused and len(refused) == len(needed):
            return self._refused(refused)
        return self._nothing(needed)

    def _with_what_is_missing(self, outcome: Outcome, asked: Fact) -> Outcome:
        """A late outcome, with the event that the rule asks for first where nobody recorded it and another was late in its place."""
        if outcome.basis is not Basis.DONE_LATE or asked.state not in (State.NOT_RECORDED, State.NOT_DONE):
            return outcome
        told = "nothing recorded that shows" if asked.state is State.NOT_RECORDED else "recorded as not done"
        says = f"{told}: {asked.type.done}; {outcome.says}"
        return replace(outcome, says=says, evidence=merge_evidence(outcome.evidence, self._evidence([asked])))

    # Done.

    def _done(self, event: Fact, murky: list[Fact], others: list[Fact]) -> Outcome:
        moment = event.moment
        if moment is None:
            raise AssertionError
        evidence = self._evidence([event])
        forbids = self._forbids(event)
        if forbids is not None:
            says = f"{event.type.done} before {forbids.named}, which cannot be: one of the two dates is wrong"
            return Outcome(Verdict.CANNOT_TELL, Basis.CONTRADICTORY, says, (*evidence, *self.clock.evidence))
        cap = moment.hi if moment.hi is not None else self.judge.as_of
        latest, earliest = self._due(_or(self.clock.hi, cap)), self._due(self.clock.lo)
        if latest is None or (earliest is None and self.clock.lo is not None):
            return self._outside()
        excused = self._is_excused(event, latest)
        murky = [
            *murky,
            *(
                other
                for other in others
                if _may_be_by(other, latest.last)
                or (_may_be_by(other, _hi(event)) and self._is_excused(other, latest) is not excused)
            ),
        ]
        if earliest is not None and moment.hi is not None and moment.hi <= earliest.last:
            return self._in_time(event, moment, evidence)
        if moment.lo is not None and moment.lo > latest.last:
            return self._late(event, moment, evidence, murky, latest)
        return self._untold(event, evidence)

    def _forbids(self, event: Fact) -> FactType | None:
        """A start that an event was before, for certain, though the vocabulary says that it cannot be."""
        latest = event.moment.hi if event.moment is not None else None
        for start, earliest in self.clock.starts:
            if (
                start.name in event.type.not_before
                and latest is not None
                and earliest is not None
                and latest < earliest
            ):
                return start
        return None

    def _in_time(self, event: Fact, moment: Moment, evidence: tuple[Evidence, ...]) -> Outcome:
        gap = self._elapsed(moment)
        says = f"{event.type.done} {self._after(moment)}; {self._limit_words()}"
        return self._timed(Outcome(Verdict.MET, Basis.DONE_IN_TIME, says, evidence, elapsed=gap), [event])

    def _late(
        self, event: Fact, moment: Moment, evidence: tuple[Evidence, ...], murky: list[Fact], latest: Due
    ) -> Outcome:
        gap = self._elapsed(moment)
        says = f"{event.type.done} {self._after(moment)}; {self._limit_words()}"
        outcome = Outcome(Verdict.NOT_MET, Basis.DONE_LATE, says, evidence, elapsed=gap)
        if murky:
            others = tuple(
                replace(piece, state=State.IMPRECISE) if piece.state is State.RECORDED else piece
                for piece in self._evidence(murky)
            )
            verdict, basis = undecided(others)
            says = f"{says}; but {_states(others)}, and that could have been earlier"
            outcome = replace(outcome, verdict=verdict, basis=basis, says=says, evidence=(*others, *evidence))
        elif self._is_excused(event, latest) is not False:
            outcome = self._late_with_reason(event, outcome, latest)
        elif event.reason:
            outcome = replace(outcome, says=f"{says}; {self._weigh_reasons([event], event.reason)[2]}")
        return self._timed(outcome, [event], late=True)

    def _is_excused(self, event: Fact, latest: Due) -> bool | None:
        """Whether a late event has an accepted reason that was decided in time; None where that cannot be told."""
        return self._decided(event, latest) if event.reason in self.judge.reasons else False

    def _late_with_reason(self, event: Fact, late: Outcome, latest: Due) -> Outcome:
        """An accepted reason excuses what was late only if it was decided before the limit."""
        if self._is_excused(event, latest) is None:
            says = f"{late.says}; it cannot be told whether the accepted reason was decided in time"
            return replace(late, verdict=Verdict.CANNOT_TELL, basis=Basis.IMPRECISE, says=says)
        says = f"{late.says}; accepted reason, decided in time: {event.reason}"
        return replace(late, verdict=Verdict.EXCUSED, basis=Basis.REASON_ACCEPTED, says=says)

    def _untold(self, event: Fact, evidence: tuple[Evidence, ...]) -> Outcome:
        """In time from one possible start, late from another; or a date too coarse for the limit."""
        exact = event.moment is not None and event.moment.lo is not None and event.moment.hi is not None
        if self.clock.doubts and exact:
            return self._doubted(f"{event.type.done} on {self._when(event)}", evidence)
        from_the_clock = _imprecise(self.clock.evidence) if len(self._ends()) > 1 else ()
        if from_the_clock and not self._straddles(event):
            says = f"{event.type.done} on {self._when(event)}, and {self.clock.named} is not precise enough"
            marked = (*from_the_clock, *evidence)
        else:
            says = f"{event.type.done}: {self._when(event)}, which is not precise enough"
            marked = (*_imprecise(evidence), *from_the_clock)
        outcome = Outcome(Verdict.CANNOT_TELL, Basis.IMPRECISE, f"{says}; {self._limit_words()}", marked)
        return self._timed(outcome, [event])

    def _straddles(self, event: Fact) -> bool:
        """Whether an event may lie on either side of an end of the limit."""
        moment = event.moment
        return moment is None or any(
            _or(moment.lo, end.last) <= end.last < _or(moment.hi, end.ends) for end in self._ends()
        )

    def _doubted(self, told: str, evidence: tuple[Evidence, ...]) -> Outcome:
        """What hangs on a start that nobody wrote down."""
        verdict, basis = undecided(self.clock.doubts)
        says = f"the clock's start is not known: {_states(self.clock.doubts)}; {told}; limit {self.limit}"
        return Outcome(verdict, basis, says, (*self.clock.doubts, *evidence), limit=str(self.limit))

    def _timed(self, outcome: Outcome, events: list[Fact], *, late: bool = False) -> Outcome:
        """The outcome with its limit, where the limit ends, and that point on the timeline."""
        due_words, marks = self._due_words(), self._marks(late=late, what=events)
        return Outcome(
            outcome.verdict,
            outcome.basis,
            outcome.says,
            outcome.evidence,
            due_words,
            outcome.elapsed,
            str(self.limit),
            outcome.branches,
            marks,
        )

    # Not done.

    def _nothing(self, events: list[Fact]) -> Outcome:
        """Nothing recorded is not due yet before the limit, and not met after it."""
        evidence = self._evidence(events)
        done = " or ".join(dict.fromkeys(event.type.done for event in events))
        missing = self._missing(events)
        if (
            self.clock.lo is self.clock.hi is None and self.clock.doubts
        ):  # it may start as late as today, and no limit ends at once
            return self._doubted(missing, evidence)
        earliest, latest = self._due(self.clock.lo), self._due(_or(self.clock.hi, self.judge.as_of))
        if latest is None or (earliest is None and self.clock.lo is not None):
            return self._outside()
        if latest.ends < self.judge.as_of:
            refused = any(event.state is State.NOT_DONE for event in events)
            basis = Basis.RECORDED_AS_NOT_DONE if refused and len(events) == 1 else Basis.NOTHING_RECORDED
            says = f"{missing}; {self._limit_words(over=True)} {self.clock.named}"
            return self._timed(Outcome(Verdict.NOT_MET, basis, says, evidence), events, late=True)
        if earliest is not None and earliest.ends >= self.judge.as_of:
            says = f"not due yet: {done}; {self._limit_words()}"
            return self._timed(Outcome(Verdict.NOT_DUE_YET, Basis.WITHIN_THE_LIMIT, says, evidence), events)
        if self.clock.doubts:
            return self._doubted(missing, evidence)
        says = f"the start is not precise enough to tell whether the limit has ended: {self.clock.named}; limit {self.limit}"
        causes = _imprecise(self.clock.evidence)
        return Outcome(Verdict.CANNOT_TELL, Basis.IMPRECISE, says, (*causes, *evidence), limit=str(self.limit))

    def _missing(self, events: list[Fact]) -> str:
        """What nobody did, as far as it is recorded; of those that were refused, with the reason."""
        refused = [event for event in events if event.state is State.NOT_DONE]
        silent = [event.type.done for event in events if event.state is not State.NOT_DONE] or [events[0].type.done]
        told = [
            f"recorded as not done: {event.type.done}" + (f" (reason: {event.reason})" if event.reason else "")
            for event in refused
        ]
        return ", and ".join([*told, f"nothing recorded that shows: {' or '.join(dict.fromkeys(silent))}"])

    def _refused(self, events: list[Fact]) -> Outcome:
        """Recorded as not done: excused by an accepted reason that was decided no later than the limit."""
        done = " or ".join(dict.fromkeys(event.type.done for event in events))
        reasons = " and ".join(dict.fromkeys(event.reason for event in events if event.reason))
        verdict, basis, why = self._weigh_reasons(events, reasons)
        outcome = Outcome(verdict, basis, f"recorded as not done: {done}; {why}", self._evidence(events))
        return self._timed(outcome, events)

    def _weigh_reasons(self, events: list[Fact], reasons: str) -> tuple[Verdict, Basis, str]:
        refused = (Verdict.NOT_MET, Basis.RECORDED_AS_NOT_DONE)
        if not reasons:
            return *refused, "no reason recorded"
        others = [event.reason for event in events if event.reason and event.reason not in self.judge.reasons]
        if others:
            return *refused, f"reason: {' and '.join(dict.fromkeys(others))}, which the rule does not accept"
        silent = [event.type.done for event in events if not event.reason]
        if silent:
            return *refused, f"reason: {reasons}, but none recorded for: {' or '.join(dict.fromkeys(silent))}"
        if any(event.decided is False for event in events):
            return *refused, f"reason: {reasons}, but nobody is recorded as deciding it"
        latest = self._due(_or(self.clock.hi, self.judge.as_of))
        decided = [self._decided(event, latest) for event in events]
        if all(decided):
            return Verdict.EXCUSED, Basis.REASON_ACCEPTED, f"accepted reason: {reasons}"
        if None in decided and False not in decided:
            return (
                Verdict.CANNOT_TELL,
                Basis.IMPRECISE,
                f"reason: {reasons}; it cannot be told whether it was decided within the limit",
            )
        return *refused, f"reason: {reasons}, but not shown to have been decided within the limit"

    def _decided(self, event: Fact, latest: Due | None) -> bool | None:
        """Whether a refusal was decided no later than the limit; None where that cannot be told."""
        decided = event.parts.get("decided_at")
        if event.decided is False or decided is None or decided.state in ABSENT:
            return False
        earliest = self._due(self.clock.lo)
        if decided.moment is None or latest is None:
            return None
        if earliest is not None and decided.moment.hi is not None and decided.moment.hi <= earliest.last:
            return event.decided
        return False if decided.moment.lo is not None and decided.moment.lo > latest.last else None

    # Limits and words.

    def _due(self, start: int | None) -> Due | None:
        if start is None:
            return None
        if start not in self.ends:
            self.ends[start] = self.judge.due(start, self.limit)
        return self.ends[start]

    def _outside(self) -> Outcome:
        says = f"the limit of {self.limit} cannot be counted: the calendar does not cover these days"
        return Outcome(
            Verdict.CANNOT_TELL, Basis.OUTSIDE_THE_CALENDAR, says, self.clock.evidence, limit=str(self.limit)
        )

    def _evidence(self, events: list[Fact]) -> tuple[Evidence, ...]:
        return tuple(self.judge.scope.evidence(event) for event in events)

    def _end(self) -> Due | None:
        """The end of the limit from the latest start that is known."""
        return self._due(self.clock.hi if self.clock.hi is not None else self.clock.lo)

    def _ends(self) -> tuple[Due, ...]:
        """The ends of the limit from the earliest and the latest start, where both are known and they differ; else the one that is known."""
        ends = [end for start in (self.clock.lo, self.clock.hi) if (end := self._due(start)) is not None]
        return tuple(ends[:1] if len(ends) == 2 and ends[0].last == ends[1].last else ends)

    def _due_words(self) -> str:
        return self._ends_in_words(self.judge.scope.words.due_between)

    def end_words(self) -> str:
        """Where the limit ends, at the latest."""
        return self._ends_in_words(self.judge.scope.words.due_at_latest)

    def _ends_in_words(self, of_both: Callable[[Due, Due], str]) -> str:
        match self._ends():
            case (earliest, latest):
                return of_both(earliest, latest)
            case (only,):
                return self.judge.say_due(only)
            case _:
                return ""

    def _limit_words(self, *, over: bool = False) -> str:
        if over:
            end = self.end_words()
            return f"limit {self.limit}, ended on {end}, from" if end else f"limit {self.limit}"
        end = self._due_words()
        return f"limit {self.limit}, due {end}" if end else f"limit {self.limit}"

    def _elapsed(self, moment: Moment) -> str:
        return self.judge.scope.words.gap(self.clock.moment, moment) if self.clock.moment is not None else ""

    def _after(self, moment: Moment) -> str:
        if self.clock.moment is None:
            return f"on {self.judge.say(moment)}"
        return self.judge.scope.words.after(self.clock.moment, moment, self.clock.named)

    def _when(self, event: Fact) -> str:
        return self.judge.say(event.moment) if event.moment is not None else "undated"

    def _marks(self, *, late: bool, what: list[Fact]) -> tuple[Mark, ...]:
        end = self._end()
        if end is None:
            return ()
        done = " or ".join(dict.fromkeys(event.type.done for event in what))
        mark = self.judge.mark(end, f'limit of {self.limit}, "{done}"', late=late)
        return (replace(mark, when=self.end_words()),)


@dataclass(frozen=True, slots=True)
class _Row:
    """One schedule, held against the events that keep it."""

    judge: Judge
    plan: Schedule
    begun: Fact

    def outcome(self) -> Outcome:
        """Met where every event came in time, wherever the dates may lie; not met where a gap is too long, wherever they lie."""
        held = self.judge.scope.fact(self.plan.events)
        ended = self.judge.scope.fact(self.plan.until) if self.plan.until is not None else None
        first = self._due(_hi(self.begun), self.plan.first)
        if first is None:
            outcome = self._outside()
        elif held.state not in (State.RECORDED, State.NONE, State.NOT_DONE):
            outcome = self._unrecorded(held, first, self._until(ended))
        else:
            outcome = self._listed(held, ended)
            if outcome.verdict in (Verdict.DOES_NOT_APPLY, Verdict.CANNOT_TELL):
                whole = self._listed(held, None)  # kept without the end is kept with it: the law of deletion
                outcome = whole if whole.verdict is Verdict.MET else outcome
        facts = (held, self.begun, *([ended] if ended else []))
        evidence = merge_evidence(outcome.evidence, (self.judge.scope.evidence(fact) for fact in facts))
        due_words = self.judge.say_due(first) if first is not None else ""
        return replace(outcome, evidence=evidence, due=due_words, limit=self._limits())

    def _outside(self) -> Outcome:
        return Outcome(Verdict.CANNOT_TELL, Basis.OUTSIDE_THE_CALENDAR, "the calendar does not cover these days")

    def _unrecorded(self, held: Fact, first: Due, until: tuple[int, int]) -> Outcome:
        evidence = (self.judge.scope.evidence(held),)
        says = f"{held.type.named}: {_state_word(evidence[0])}; first due {self.judge.say_due(first)}"
        if held.state is not State.NOT_RECORDED:
            verdict, basis = undecided(evidence)
            return Outcome(verdict, basis, says)
        earliest = self._due(_lo(self.begun), self.plan.first)
        if earliest is None:
            return self._outside()
        if not self._is_over(earliest, until[1]):
            return self._not_needed(says, until)
        basis = Basis.NOTHING_RECORDED if self.judge.if_not_recorded is Verdict.NOT_MET else Basis.NOT_RECORDED
        if not self._is_over(first, until[0]):
            says = f"{says}; it cannot be told whether that was before the end or the day of this review"
            return Outcome(Verdict.CANNOT_TELL, Basis.IMPRECISE, says)
        if not held.complete:  # there were some, and nobody wrote down when
            return Outcome(Verdict.NOT_RECORDED, Basis.NOT_RECORDED, says)
        return Outcome(self.judge.if_not_recorded, basis, says)

    def _not_needed(self, says: str, until: tuple[int, int]) -> Outcome:
        """Nothing was due before the end; or is not due yet."""
        if until[1] + 1 < self.judge.as_of:
            return Outcome(Verdict.DOES_NOT_APPLY, Basis.WITHIN_THE_LIMIT, f"it ended before the first was due: {says}")
        return Outcome(Verdict.NOT_DUE_YET, Basis.WITHIN_THE_LIMIT, f"not due yet: {says}")

    def _listed(self, held: Fact, ended: Fact | None) -> Outcome:
        """The events, each of which must be followed by another in time, or by the end."""
        undated = [event for event in held.records if not _is_bounded(event)]
        if undated:
            says = f"{held.type.named}: one is undated; {self._limits()}"
            return Outcome(Verdict.CANNOT_TELL, BASIS_OF_STATE[undated[0].state], says)
        counted = [
            event
            for event in held.records
            if not _is_before(event, self.begun) and not (ended is not None and _is_before(ended, event))
        ]
        row = [_Step(self.begun, self.plan.first)]
        row.extend(_Step(event, self.plan.every) for event in sorted(counted, key=lambda event: _order(event.moment)))
        ends = [(self._due(step.lo, step.limit), self._due(step.hi, step.limit)) for step in row]
        bounded = [(low, high) for low, high in ends if low is not None and high is not None]
        if len(bounded) < len(row):
            return self._outside()
        until = self._until(ended)
        gaps = self._gaps(row, until)
        following = bounded[-1][1]
        if gaps:
            outcome = self._broken(held, gaps)
        elif self._is_kept(row, [low for low, _ in bounded], until) and self._is_one_counted(counted, ended):
            outcome = self._kept(held, len(counted), following, until)
        else:
            outcome = self._unsure(held, ended, following)
        if ended is not None and ended.moment is not None and following.last > _hi(ended):  # none was due any more
            return outcome
        mark = self.judge.mark(following, f"{held.type.named} next due", late=self._is_over(following, until[0]))
        return replace(outcome, marks=(replace(mark, is_open=True),))

    def _is_one_counted(self, events: list[Fact], ended: Fact | None) -> bool:
        """Whether, if any events may be of this schedule, one of them is for certain: none before its start or after its end."""
        return not events or any(
            _is_after(event, self.begun) and (ended is None or ended.moment is None or _hi(event) <= _lo(ended))
            for event in events
        )

    def _gaps(self, row: "list[_Step]", until: tuple[int, int]) -> list[tuple[Due, Fact | None]]:
        """Every limit that ended, for certain, before the next event and before the end; with the event that came too late.

        After each instant by which an event may have come, the limit is counted from the latest instant that it may be counted
        from; it is broken where no event can lie between.
        """
        start, *events = row
        first = self._due(start.hi, start.limit)
        gaps: dict[int, tuple[Due, Fact | None]] = {}
        earliest = [*accumulate((step.lo for step in reversed(events)), min)][::-1]
        number, surely = 0, False
        for at in sorted({step.hi for step in row if step.hi >= start.hi}):
            while number < len(events) and events[number].hi <= at:
                surely = surely or _is_after(events[number].event, start.event)
                number += 1
            ends = [None if surely else first, self._due(at, self.plan.every) if number else None]
            end = max((one for one in ends if one is not None), key=lambda one: one.last)
            between = number < len(events) and earliest[number] <= end.last
            if not between and self._is_over(end, until[0]):
                late = [step.event for step in events[number : number + 1] if step.lo <= until[0]]
                gaps.setdefault(end.last, (end, late[0] if late else None))
        return list(gaps.values())

    def _is_kept(self, row: "list[_Step]", earliest: list[Due], until: tuple[int, int]) -> bool:
        """Whether each event, for certain, was followed by a later one in time, or by the end."""
        for number, (step, end) in enumerate(zip(row, earliest, strict=True), start=1):
            if self._is_over(end, until[1]) and not self._is_followed(step, islice(row, number, None), end):
                return False
        return True

    def _is_followed(self, step: "_Step", following: Iterable["_Step"], end: Due) -> bool:
        """Whether one of the steps that follow, in the order of their latest minutes, came after this one and in time."""
        in_time = takewhile(lambda later: later.hi <= end.last, following)
        return any(_is_after(later.event, step.event) for later in in_time)

    def _broken(self, held: Fact, gaps: list[tuple[Due, Fact | None]]) -> Outcome:
        named = held.type.named
        told = "; ".join(
            f"due {self.judge.say_due(end)}, none recorded"
            if late is None
            else f"held {self._when(late)}, due {self.judge.say_due(end)}"
            for end, late in gaps
        )
        if not held.complete:
            return Outcome(Verdict.NOT_RECORDED, Basis.NOT_RECORDED, f"{named}: {told}; but others are not recorded")
        basis = Basis.DONE_LATE if any(late is not None for _, late in gaps) else Basis.NOTHING_RECORDED
        return Outcome(Verdict.NOT_MET, basis, f"{named}: {told}; limit {self._limits()}")

    def _kept(self, held: Fact, number: int, following: Due, until: tuple[int, int]) -> Outcome:
        coming = f"next due {self.judge.say_due(following)}"
        if not number:
            return self._not_needed(f"{held.type.named}; {coming}", until)
        ending = "" if until[1] + 1 < self.judge.as_of else f"; {coming}"
        return Outcome(Verdict.MET, Basis.DONE_IN_TIME, f"{held.type.named}: {number} recorded, each in time{ending}")

    def _unsure(self, held: Fact, ended: Fact | None, following: Due) -> Outcome:
        named = held.type.named
        if ended is not None and ended.state not in (State.RECORDED, *ABSENT):
            says = f"{named}: due {self.judge.say_due(following)}, but {_states([self.judge.scope.evidence(ended)])}"
            return Outcome(Verdict.CANNOT_TELL, BASIS_OF_STATE[ended.state], says)
        told = "; ".join(
            self._when(event) for event in (self.begun, *held.records, *([ended] if ended else ())) if event.moment
        )
        says = f"{named}: the dates are not precise enough ({told}); limit {self._limits()}"
        return Outcome(Verdict.CANNOT_TELL, Basis.IMPRECISE, says)

    def _when(self, event: Fact) -> str:
        return self.judge.say(event.moment) if event.moment is not None else "undated"

    def _until(self, ended: Fact | None) -> tuple[int, int]:
        """The earliest and the latest instant up to which events are counted: the day of the review, or the end."""
        as_of = self.judge.as_of
        if ended is None or ended.state in ABSENT:
            return as_of, as_of
        moment = ended.moment if ended.state is State.RECORDED else None
        lo, hi = (moment.lo, moment.hi) if moment is not None else (None, None)
        first, last = _or(lo, _lo(self.begun)), _or(hi, as_of)
        return min(first, as_of), min(last, as_of)

    def _is_over(self, end: Due, at: int) -> bool:
        """Whether a limit is broken by an instant up to which events are counted.

        By the end if its last minute was before it, by the day of the review if it was over strictly before it ended.
        """
        return end.last < at and end.ends < self.judge.as_of

    def _limits(self) -> str:
        if self.plan.first == self.plan.every:
            return f"every {self.plan.every}"
        return f"{self.plan.first}, then every {self.plan.every}"

    def _due(self, start: int, limit: Limit) -> Due | None:
        return self.judge.due(start, limit)


@dataclass(frozen=True, slots=True)
class _Step:
    """One event of a schedule (or its start), and the limit that runs from it."""

    event: Fact
    limit: Limit

    @property
    def lo(self) -> int:
        """The earliest minute at which it may have been."""
        return _lo(self.event)

    @property
    def hi(self) -> int:
        """The latest minute at which it may have been."""
        return _hi(self.event)


def _lo(fact: Fact) -> int:
    return _or(fact.moment.lo if fact.moment else None, 0)


def _hi(fact: Fact) -> int:
    return _or(fact.moment.hi if fact.moment else None, 0)


def _is_before(one: Fact, other: Fact) -> bool:
    """Whether one event was before another for certain; of two on one day only if both have a time."""
    if one.moment is None or other.moment is None:
        return False
    if _has_time(one.moment) and _has_time(other.moment):
        return _or(one.moment.hi, 0) < _or(other.moment.lo, 0)
    last, first = one.moment.hi_day, other.moment.lo_day
    return last is not None and first is not None and last < first


def _is_after(one: Fact, other: Fact) -> bool:
    """Whether one event was after another, or with it, for certain; of two on one day the times count only if both have one."""
    if one.moment is None or other.moment is None:
        return False
    if _has_time(one.moment) and _has_time(other.moment):
        return _or(one.moment.lo, 0) >= _or(other.moment.hi, 0)
    first, last = one.moment.lo_day, other.moment.hi_day
    return first is not None and last is not None and first >= last


def _has_time(moment: Moment) -> bool:
    return moment.precision is Precision.MINUTE


def _in_force(fact: Fact, clock: _Clock) -> list[Fact]:
    """The value, or the values, of a changing fact that held when the clock started."""
    if not fact.records or fact.state is State.CONTRADICTORY:
        return [fact]
    held = []
    for value, following in zip(fact.records, (*fact.records[1:], None), strict=True):
        begins = value.at.lo if value.at is not None else None
        ends = following.at.hi if following is not None and following.at is not None else None
        starts_late = begins is not None and clock.hi is not None and begins > clock.hi
        ended_early = ends is not None and clock.lo is not None and ends <= clock.lo
        if not starts_late and not ended_early:
            held.append(value)
    if not held or (held[0].at is not None and held[0] is fact.records[0] and _begins_after(held[0], clock)):
        then = replace(fact.type, named=f"{fact.type.named} when the clock started")
        absent = Fact(then, fact.path, State.NOT_RECORDED, fact.line, fact.column)
        held = [absent, *held] if held else [absent]
    return held


def _begins_after(value: Fact, clock: _Clock) -> bool:
    """Whether the clock may have started before the first value that is recorded held."""
    begins = value.at.hi if value.at is not None else None
    return begins is not None and (clock.lo is None or clock.lo < begins)


def _word(fact: Fact) -> str:
    if isinstance(fact.value, bool):
        return "yes" if fact.value else "no"
    return fact.value if isinstance(fact.value, str) else ""


def _state_word(evidence: Evidence) -> str:
    return str(evidence.state)


def _states(evidence: Iterable[Evidence]) -> str:
    """The facts and their states, in words."""
    return "; ".join(dict.fromkeys(_in_its_state(piece) for piece in evidence))


def _in_its_state(piece: Evidence) -> str:
    match piece.state:
        case State.UNDATED:
            return f"the date of {piece.named} is not recorded"
        case State.NOT_SAID_OF_WHOM:
            return f"the file does not say whom {piece.named} concerns"
        case State.RECORDED if piece.shown is not None:
            return f"{piece.named}: {piece.shown}"
        case _:
            return f"{piece.named} is {_state_word(piece)}"


def _imprecise(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The same, of which the days are not precise enough."""
    return tuple(replace(piece, state=State.IMPRECISE) for piece in evidence)


def _joined(sentences: Iterable[str]) -> str:
    """Several sentences as one; the limit, which they share, once and last."""
    parts = list(dict.fromkeys(part for sentence in sentences for part in sentence.split("; ")))
    limits = [part for part in parts if part.startswith("limit ")]
    return "; ".join([*(part for part in parts if part not in limits), *limits])


def _may_be_by(event: Fact, minute: int) -> bool:
    """Whether an event may have come no later than a minute."""
    return event.moment is not None and _or(event.moment.lo, minute) <= minute


def _is_bounded(fact: Fact) -> bool:
    return fact.moment is not None and fact.moment.lo is not None and fact.moment.hi is not None


def _or(value: int | None, other: int) -> int:
    return other if value is None else value


def _order(moment: Moment | None) -> tuple[int, int]:
    if moment is None:
        return 0, 0
    return _or(moment.hi, 10**12), _or(moment.lo, -(10**12))
