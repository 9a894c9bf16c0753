"""The closed set of questions that a rule may put to a case: nodes that answer with evidence, and their English."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from enum import StrEnum

from checklist.case import Case, Fact, FactKey, Listing, Thing
from checklist.clocks import UNDATED_DAY_ZERO, ClockError, Moment, Words, parse_moment
from checklist.later import dataclass
from checklist.logic import Answer, Evidence, State, Truth, all_of, any_of, decide, false, negate, true, unknown
from checklist.schema import Reading, expected, whole_number
from checklist.source import Mapping as MappingNode
from checklist.source import Node, Scalar, Sequence, did_you_mean
from checklist.vocabulary import CASE, DATED, FactKind, FactType, Kind, Vocabulary


@dataclass(frozen=True, slots=True)
class Path:
    """A fact as a rule names it: `suspect.arrested`, `latest plan.agreed`."""

    fact: FactType
    kind: str
    latest: bool = False

    def __str__(self) -> str:
        return f"latest {self.fact.name}" if self.latest else self.fact.name


@dataclass(frozen=True, slots=True)
class Scope:
    """One case seen from one subject: where a rule's facts are looked up."""

    case: Case
    vocabulary: Vocabulary
    subject: Thing | None = None
    things: Mapping[str, Thing] = field(default_factory=dict)
    """The things that kinds stand for: the subject, the joined thing, the item of a quantifier."""
    missing: Mapping[str, Fact] = field(default_factory=dict)
    """Kinds that were to be joined by a reference which does not say to what: that reference."""
    supposed: Mapping[FactKey, Fact] = field(default_factory=dict)
    """Facts supposed for the sake of argument, by their key."""
    given: Mapping[str, Fact] | None = None
    """By path, all that is to be known of the case, where it is not looked at itself."""
    spoken: Words | None = None
    """How days are named, where not as a reader names them."""

    @property
    def words(self) -> Words:
        """How days are named."""
        return self.spoken or Words(self.case.undated_from)

    def fact(self, path: Path, *, as_written: bool = False) -> Fact:
        """What the case says of a fact, supposed values first unless it is asked for as written; of a group, what it says of the member."""
        found = self._look_up(path)
        return self.supposed.get(found.key, found) if self.supposed and (found.mixed or not as_written) else found

    def _look_up(self, path: Path) -> Fact:
        if self.given is not None:
            return self.given[str(path)]
        thing = self.case.whole if path.kind == CASE else self.things.get(path.kind)
        if thing is not None:
            return self.case.fact(thing, path.fact)
        if path.kind in self.missing:
            ref = self.missing[path.kind]
            state = State.NOT_SAID_OF_WHOM if ref.state is State.RECORDED else ref.state
            return Fact(path.fact, ref.path, state, ref.line, ref.column)
        key = (self.subject.path if self.subject is not None else "", path.fact.name, path.latest)
        found = self.case.seen.get(key)
        if found is None:
            found = self.case.seen[key] = self._of_singleton(path)
        return found

    def _of_singleton(self, path: Path) -> Fact:
        """The fact of the first (or latest) thing of a kind that concerns the subject."""
        kind = self.vocabulary.kinds[path.kind]
        listing = self.case.listing(path.kind)
        told, untold = self.concerning(kind)
        name = path.fact.name.partition(".")[2]
        if untold:
            place = (untold[0].line, untold[0].column)
            return Fact(path.fact, f"{untold[0].path}.about", State.NOT_SAID_OF_WHOM, *place)
        if not told:
            state = _state_of_none(listing)
            state = self.case.absence_of(kind) if state is State.NOT_RECORDED else state
            return Fact(path.fact, f"{kind.name}.{name}", state, listing.line, listing.column)
        if not listing.complete:
            return Fact(path.fact, f"{listing.path}", State.OTHERS_NOT_RECORDED, listing.line, listing.column)
        return self._pick(kind, told, path)

    def _pick(self, kind: Kind, told: list[Thing], path: Path) -> Fact:
        if len(told) == 1:
            return self.case.fact(told[0], path.fact)
        if not kind.dated_by:
            return self._of_all(told, path)
        days = {thing.path: self.case.fact(thing, kind.facts[kind.dated_by]) for thing in told}
        # What was decided against did not take place, and is neither the first nor the latest of those that did.
        held = [thing for thing in told if days[thing.path].state is not State.NOT_DONE]
        if not held:
            return self._of_all(told, path)
        if len(held) == 1:
            return self.case.fact(held[0], path.fact)
        dated: list[tuple[int, int, Thing]] = []
        for thing in held:
            day = days[thing.path]
            if day.moment is None or day.moment.lo is None or day.moment.hi is None:
                return self._of_any(held, path, day)
            dated.append((day.moment.lo, day.moment.hi, thing))
        low, high, chosen = max(dated, key=lambda one: one[1]) if path.latest else min(dated, key=lambda one: one[0])
        others = [one for one in dated if one[2] is not chosen]
        unclear = any(one[1] >= low if path.latest else one[0] <= high for one in others)
        if unclear and path.fact.name != f"{kind.name}.{kind.dated_by}":
            day = days[chosen.path]
            return Fact(path.fact, day.path, State.IMPRECISE, day.line, day.column)
        return self.case.fact(chosen, path.fact)

    def _of_all(self, things: list[Thing], path: Path) -> Fact:
        """A fact of one of several things of which nothing says which was first: what all of them say, if they say the same."""
        first, *others = (self.case.fact(thing, path.fact) for thing in things)
        if (
            all(_is_said(first) == _is_said(other) for other in others)
            or path.fact.name == f"{path.kind}.{self.vocabulary.kinds[path.kind].dated_by}"
        ):
            return first
        return Fact(path.fact, things[1].path, State.IMPRECISE, things[1].line, things[1].column)

    def _of_any(self, things: list[Thing], path: Path, day: Fact) -> Fact:
        """A fact of one of several things, where the day of one does not say which: absent only where none of them has it."""
        facts = [self.case.fact(thing, path.fact) for thing in things]
        if all(fact.state is State.NOT_RECORDED for fact in facts):
            return facts[0]
        state = State.UNDATED if day.state is State.RECORDED else day.state
        if state is State.NOT_RECORDED:  # any of them may have been the one
            state = State.OTHERS_NOT_RECORDED
        return Fact(path.fact, day.path, state, day.line, day.column)

    def concerning(self, kind: Kind) -> tuple[list[Thing], list[Thing]]:
        """The things of a kind that concern the subject, and those of which the file does not say whom they concern."""
        told, untold = [], []
        for thing in self.case.listing(kind.name).things:
            concerns = self._concerns(kind, thing)
            if concerns is None:
                untold.append(thing)
            elif concerns:
                told.append(thing)
        return told, untold

    def _concerns(self, kind: Kind, thing: Thing) -> bool | None:
        subject = self.subject
        if subject is None or subject.kind == CASE:
            return True
        candidates = self.case.listing(subject.kind)
        about = [ref for ref in thing.about or () if self.case.kinds.get(ref) == subject.kind]
        if about:
            return subject.ref in about
        # Left out, it is the only one that there is; where others are named, nobody says that it is this one as well.
        alone = len(candidates.things) == 1 and candidates.complete and not thing.about
        return True if subject.kind not in kind.about or alone else None

    def evidence(self, fact: Fact, *, state: State | None = None) -> Evidence:
        """The fact as evidence: the one place where what may be shown is decided."""
        if state is not None:
            return self._evidence(fact, state)
        kept = self.case.told.get(id(fact))
        if kept is None:
            kept = self.case.told[id(fact)] = (fact, self._evidence(fact, fact.state))  # its number stays its own
        return kept[1]

    def _evidence(self, fact: Fact, state: State) -> Evidence:
        withheld = fact.type.personal or fact.type.is_free_text
        shown = None if withheld or not fact.shown else fact.shown
        return Evidence(
            fact.type.name,
            fact.path,
            state,
            self.case.file,
            fact.line,
            fact.column,
            named=fact.type.named,
            shown=shown,
            withheld=withheld and fact.state is State.RECORDED,
            asks=fact.type.asks,
            look_in=fact.type.look_in,
            part=fact.type.area,
        )

    def evidence_of_listing(self, kind: Kind, listing: Listing) -> Evidence:
        """A whole list of things as evidence, such as suspects that nobody listed."""
        state = self.case.absence_of(kind) if listing.state is State.NOT_RECORDED else listing.state
        named = kind.plural.replace("_", " ")
        asks = f"Which {named} does the record show? (Write [] if it shows none.)"
        place = (listing.path, state, self.case.file, listing.line, listing.column)
        return Evidence(kind.name, *place, named=named, asks=asks, part=kind.area)

    def bind(self, thing: Thing) -> "Scope":
        """The same scope with one more thing that its kind stands for."""
        return replace(self, things={**self.things, thing.kind: thing})

    def supposing(self, facts: Mapping[FactKey, Fact]) -> "Scope":
        """The same scope with some more facts supposed."""
        supposed = {**self.supposed, **facts}
        return Scope(
            self.case, self.vocabulary, self.subject, self.things, self.missing, supposed, self.given, self.spoken
        )


def _is_said(fact: Fact) -> tuple[object, ...]:
    """What a fact says, without its place."""
    return (
        fact.state,
        fact.value,
        fact.complete,
        fact.reason,
        bool(fact.parts or fact.records or fact.mixed) and fact.path,
    )


def _state_of_none(listing: Listing) -> State:
    """The state of a fact of a thing that is not there: recorded as none only where the list is complete."""
    if not listing.complete:
        return State.OTHERS_NOT_RECORDED
    return State.NONE if listing.state is State.RECORDED else listing.state


class Op(StrEnum):
    """The tests that a fact can be put to."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    RECORDED = "recorded"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    AFTER = "after"
    INCLUDES_ALL = "includes_all"
    INCLUDES_ANY = "includes_any"
    INCLUDES_NONE = "includes_none"


NEGATIVE = (Op.IS_NOT, Op.NONE_OF, Op.AT_MOST, Op.INCLUDES_NONE)
Operand = tuple[str, ...] | tuple[int] | Moment | Path


@dataclass(frozen=True, slots=True)
class Test:
    """One fact put to one test."""

    path: Path
    op: Op
    operand: Operand
    line: int = field(compare=False)
    negated: bool = False
    """Whether it stands under an odd number of negations."""
    _wanted: frozenset[object] = field(init=False, repr=False, compare=False)
    """The values that it names, as facts hold them."""

    def __post_init__(self) -> None:
        wanted: set[object] = set(_texts(self.operand))
        if self.op in (Op.IS, Op.IS_NOT, Op.ONE_OF, Op.NONE_OF):
            wanted.update(value for word, value in (("yes", True), ("no", False)) if word in wanted)
        object.__setattr__(self, "_wanted", frozenset(wanted))

    def ask(self, scope: Scope) -> Answer:
        """The answer, with the fact as its evidence."""
        if self.op is Op.RECORDED:
            fact = scope.fact(self.path, as_written=True)
            return Answer(self._is_recorded(fact), (scope.evidence(fact),))
        fact = scope.fact(self.path)
        truth = self._compare(fact, scope)
        is_open = truth is Truth.UNKNOWN and fact.state is State.RECORDED and not fact.complete
        evidence = scope.evidence(fact, state=State.OTHERS_NOT_RECORDED if is_open else None)
        pieces = (evidence, *self._other_evidence(scope))
        # Of two dates, the one that is not there leaves the question open, and not the one that is.
        absent = tuple(piece for piece in pieces if piece.state is not State.RECORDED)
        return Answer(truth, absent if truth is Truth.UNKNOWN and absent else pieces)

    def _other_evidence(self, scope: Scope) -> tuple[Evidence, ...]:
        return (scope.evidence(scope.fact(self.operand)),) if isinstance(self.operand, Path) else ()

    def truth(self, scope: Scope) -> Truth:
        """The answer without its evidence."""
        if self.op is Op.RECORDED:
            return self._is_recorded(scope.fact(self.path, as_written=True))
        return self._compare(scope.fact(self.path), scope)

    def _is_recorded(self, fact: Fact) -> Truth:
        """`recorded` is decided by absence itself, never by supposing a value (SEMANTICS)."""
        match fact.state:
            case State.RECORDED | State.UNDATED:
                found = Truth.TRUE
            case State.NONE:
                found = _truth(fact.value == () or fact.type.kind is FactKind.EVENTS)
            case State.NOT_RECORDED | State.NOT_DONE:
                found = Truth.FALSE
            case _:
                found = Truth.UNKNOWN
        return found if self.operand == ("yes",) else found.denied

    def _compare(self, fact: Fact, scope: Scope) -> Truth:
        if fact.type.kind in DATED and self.op in (Op.IS, Op.IS_NOT):
            return self._happened(fact)
        if fact.state is State.NONE and fact.value is None:
            negative = self.negated or self.op in (*NEGATIVE, Op.BEFORE, Op.AFTER)
            return Truth.UNKNOWN if negative else Truth.FALSE
        if fact.state not in (State.RECORDED, State.NONE):
            return Truth.UNKNOWN
        if self.op in (Op.AT_LEAST, Op.AT_MOST):
            return self._counts(fact)
        if self.op in (Op.BEFORE, Op.AFTER):
            return self._in_order(fact, scope)
        if self.op in (Op.INCLUDES_ALL, Op.INCLUDES_ANY, Op.INCLUDES_NONE):
            return self._includes(fact)
        return self._is_one_of(fact)

    def _happened(self, fact: Fact) -> Truth:
        wanted = (self.operand == ("yes",)) is (self.op is Op.IS)
        match fact.state:
            case State.RECORDED | State.UNDATED:
                return _truth(wanted)
            case State.NOT_DONE:
                return _truth(not wanted)
            case State.NONE:
                return Truth.UNKNOWN if self.negated or not wanted else Truth.FALSE
            case _:
                return Truth.UNKNOWN

    def _is_one_of(self, fact: Fact) -> Truth:
        return _truth((fact.value in self._wanted) is (self.op in (Op.IS, Op.ONE_OF)))

    def _counts(self, fact: Fact) -> Truth:
        low, high = fact.value if isinstance(fact.value, tuple) else (0, None)
        limit = self.operand[0] if isinstance(self.operand, tuple) else 0
        if not isinstance(low, int) or not isinstance(limit, int) or isinstance(high, str):
            return Truth.UNKNOWN
        if self.op is Op.AT_LEAST:
            return Truth.TRUE if low >= limit else Truth.FALSE if high is not None and high < limit else Truth.UNKNOWN
        return Truth.TRUE if high is not None and high <= limit else Truth.FALSE if low > limit else Truth.UNKNOWN

    def _in_order(self, fact: Fact, scope: Scope) -> Truth:
        other = scope.fact(self.operand).moment if isinstance(self.operand, Path) else self.operand
        if fact.moment is None or not isinstance(other, Moment):
            return Truth.UNKNOWN
        if not isinstance(self.operand, Path):
            undated = scope.case.undated_from is UNDATED_DAY_ZERO
            return Truth.UNKNOWN if undated else self._beside_a_day(fact.moment, other)
        early, late = (fact.moment, other) if self.op is Op.BEFORE else (other, fact.moment)
        if early.hi is not None and late.lo is not None and early.hi < late.lo:
            return Truth.TRUE
        if late.hi is not None and early.lo is not None and late.hi <= early.lo:
            return Truth.FALSE
        return Truth.UNKNOWN

    def _beside_a_day(self, moment: Moment, day: Moment) -> Truth:
        """Before a day that the rule names is before it begins, and after it is after it ends: any minute of it is neither."""
        if day.lo is None or day.hi is None:
            return Truth.UNKNOWN
        if self.op is Op.BEFORE:
            within = moment.hi is not None and moment.hi < day.lo
            beyond = moment.lo is not None and moment.lo >= day.lo
        else:
            within = moment.lo is not None and moment.lo > day.hi
            beyond = moment.hi is not None and moment.hi <= day.hi
        return Truth.TRUE if within else Truth.FALSE if beyond else Truth.UNKNOWN

    def _includes(self, fact: Fact) -> Truth:
        held = set(fact.value) if isinstance(fact.value, tuple) else set()
        wanted = self._wanted
        if self.op is Op.INCLUDES_ALL:
            if fact.complete:
                return _truth(wanted <= held)
            return Truth.UNKNOWN
        found = bool(wanted & held)
        if not found and not fact.complete:
            return Truth.UNKNOWN
        return _truth(found is (self.op is Op.INCLUDES_ANY))

    def paths(self) -> Iterator[Path]:
        """Every fact that the condition reads."""
        yield self.path
        if isinstance(self.operand, Path):
            yield self.operand

    def english(self) -> str:
        """The test as a clause."""
        fact = self.path.fact
        named = f"the latest {fact.named}" if self.path.latest else fact.named
        if self.op is Op.RECORDED:
            return f"{named} is recorded" if self.operand == ("yes",) else f"{named} is not recorded"
        if self.op in (Op.IS, Op.IS_NOT) and fact.kind in (FactKind.YES_NO, *DATED):
            return self._english_of_yes_no(named)
        if self.op in (Op.BEFORE, Op.AFTER):
            other = self.operand.fact.named if isinstance(self.operand, Path) else getattr(self.operand, "text", "")
            return f"{named} is {self.op} {other}"
        return f"{named} {self._english_of_words()}"

    def _english_of_yes_no(self, named: str) -> str:
        fact = self.path.fact
        holds = (self.operand == ("yes",)) is (self.op is Op.IS)
        if fact.kind is FactKind.YES_NO:
            return (fact.holds or f"{named}: yes") if holds else f"{named}: no"
        return fact.done if holds else f"not {fact.done}"

    def _english_of_words(self) -> str:
        words = _texts(self.operand)
        match self.op:
            case Op.IS | Op.ONE_OF:
                return f"is {_listed(words, 'or')}"
            case Op.AT_LEAST | Op.AT_MOST:
                return f"is {self.op.replace('_', ' ')} {self._number()}"
            case Op.INCLUDES_ALL:
                return f"includes {_listed(words, 'and')}"
            case Op.INCLUDES_ANY:
                return f"includes {_listed(words, 'or')}"
            case Op.INCLUDES_NONE:
                return f"includes none of {_listed(words, 'or')}"
            case _:
                return f"is not {_listed(words, 'or')}"

    def _number(self) -> str:
        bounds = self.operand if isinstance(self.operand, tuple) else (0,)
        if self.path.fact.kind is not FactKind.AGE:
            return str(bounds[0])
        return _age(int(bounds[0]))


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold."""

    parts: tuple["Condition", ...]
    line: int = field(compare=False)

    def ask(self, scope: Scope) -> Answer:
        """Kleene's conjunction of the parts."""
        return all_of([part.ask(scope) for part in self.parts])

    def truth(self, scope: Scope) -> Truth:
        """The answer without its evidence."""
        return decide([part.truth(scope) for part in self.parts], Truth.FALSE)

    def paths(self) -> Iterator[Path]:
        """Every fact that the condition reads."""
        return (path for part in self.parts for path in part.paths())

    def english(self) -> str:
        """The parts joined by *and*; an *any of* among them is told by *either*."""
        return _joined([_inside(part) for part in self.parts], "and")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must hold."""

    parts: tuple["Condition", ...]
    line: int = field(compare=False)

    def ask(self, scope: Scope) -> Answer:
        """Kleene's disjunction of the parts."""
        return any_of([part.ask(scope) for part in self.parts])

    def truth(self, scope: Scope) -> Truth:
        """The answer without its evidence."""
        return decide([part.truth(scope) for part in self.parts], Truth.TRUE)

    def paths(self) -> Iterator[Path]:
        """Every fact that the condition reads."""
        return (path for part in self.parts for path in part.paths())

    def english(self) -> str:
        """The parts joined by *or*; an *all of* among them is told by *both*."""
        return _joined([_inside(part) for part in self.parts], "or")


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Condition"
    line: int = field(compare=False)

    def ask(self, scope: Scope) -> Answer:
        """Kleene's negation of the part."""
        return negate(self.part.ask(scope))

    def truth(self, scope: Scope) -> Truth:
        """The answer without its evidence."""
        return self.part.truth(scope).denied

    def paths(self) -> Iterator[Path]:
        """Every fact that the condition reads."""
        return self.part.paths()

    def english(self) -> str:
        """The part denied."""
        return f"not ({self.part.english()})"


class Quantifier(StrEnum):
    """How many things of a kind must satisfy a condition."""

    EVERY = "every"
    SOME = "some"
    NONE = "none"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Quantified:
    """A question about every thing of a kind that concerns the subject; it counts, so it asks whether the list is complete."""

    quantifier: Quantifier
    kind: Kind
    where: "Condition | None"
    satisfies: "Condition | None"
    count: int
    line: int = field(compare=False)

    def ask(self, scope: Scope) -> Answer:
        """The answer over the list; of an absent list, unknown."""
        listing = scope.case.listing(self.kind.name)
        told, untold = scope.concerning(self.kind)
        whole = scope.evidence_of_listing(self.kind, listing)
        if listing.state not in (State.RECORDED, State.NONE):
            return unknown(whole)
        answers = [answer for thing in told for answer in self._of_members(scope.bind(thing), thing)]
        if untold or not listing.complete:
            answers.append(unknown(replace(whole, state=State.NOT_RECORDED)))
        answer = self._over(answers)
        return answer if answer.evidence else Answer(answer.truth, (whole,))

    def truth(self, scope: Scope) -> Truth:
        """The answer without its evidence."""
        return self.ask(scope).truth

    def _of_members(self, scope: Scope, thing: Thing) -> list[Answer]:
        """One answer for a thing; for a group whose members differ, one for each sort of member."""
        if thing.count is None and thing.heads == (1, 1):
            return [self._of_one(scope)]
        read = [scope.fact(path) for path in self.paths() if path.kind == self.kind.name]
        mixed = list({fact.key: fact for fact in read if fact.mixed}.values())
        if not mixed:
            answer = self._of_one(scope)
            return self._of_heads(answer, thing) if self.quantifier is Quantifier.AT_MOST else [answer]
        if len(mixed) > 1 or self.quantifier is Quantifier.AT_MOST:  # which member is which cannot be told
            return [unknown(*(scope.evidence(fact, state=State.NOT_SAID_OF_WHOM) for fact in mixed))]
        (fact,) = mixed
        return [self._of_one(scope.supposing({fact.key: sort})) for sort in fact.mixed]

    def _of_heads(self, answer: Answer, thing: Thing) -> list[Answer]:
        """The answer once for each that a thing stands for, as far as that matters; of those that it may stand for, it is open."""
        least, most = (self.count + 1 if bound is None else min(bound, self.count + 1) for bound in thing.heads)
        how_many = unknown(*(replace(piece, state=State.IMPRECISE) for piece in answer.evidence))
        return [answer] * least + ([] if answer.is_false else [how_many] * (most - least))

    def _of_one(self, scope: Scope) -> Answer:
        parts = [part.ask(scope) for part in (self.where, self.satisfies) if part is not None]
        if self.quantifier is Quantifier.EVERY and self.where is not None and self.satisfies is not None:
            return any_of([negate(parts[0]), parts[1]])
        return all_of(parts)

    def _over(self, answers: list[Answer]) -> Answer:
        match self.quantifier:
            case Quantifier.EVERY:
                return all_of(answers)
            case Quantifier.SOME:
                return any_of(answers)
            case Quantifier.NONE:
                return negate(any_of(answers))
            case Quantifier.AT_MOST:
                return self._at_most(answers)

    def _at_most(self, answers: list[Answer]) -> Answer:
        certain = [answer for answer in answers if answer.is_true]
        possible = [answer for answer in answers if not answer.is_false]
        evidence = tuple(dict.fromkeys(piece for answer in possible for piece in answer.evidence))
        if len(certain) > self.count:
            return false(*evidence)
        return true(*evidence) if len(possible) <= self.count and len(possible) == len(certain) else unknown(*evidence)

    def paths(self) -> Iterator[Path]:
        """Every fact that the condition reads."""
        return (path for part in (self.where, self.satisfies) if part is not None for path in part.paths())

    def english(self) -> str:
        """The quantifier in words."""
        kind = self.kind.name.replace("_", " ")
        of = f" where {self.where.english()}" if self.where else ""
        clause = f": {self.satisfies.english()}" if self.satisfies else ""
        match self.quantifier:
            case Quantifier.AT_MOST:
                return f"at most {self.count} {kind}{of}{clause}"
            case Quantifier.NONE:
                return f"no {kind}{of}{clause}"
            case _:
                return f"{self.quantifier} {kind}{of}{clause}"


Condition = Test | AllOf | AnyOf | Not | Quantified


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it, outermost first."""
    yield condition
    match condition:
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from walk(part)
        case Not():
            yield from walk(condition.part)
        case Quantified():
            for inner in (condition.where, condition.satisfies):
                if inner is not None:
                    yield from walk(inner)
        case Test():
            return


def _truth(holds: bool) -> Truth:
    return Truth.TRUE if holds else Truth.FALSE


def _texts(operand: Operand) -> tuple[str, ...]:
    return tuple(str(word) for word in operand) if isinstance(operand, tuple) else ()


def _listed(words: Iterable[str], joiner: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {joiner} {last}" if most else last


def _age(days: int) -> str:
    """An age as a rule wrote it: from a year on in years, or in months where they are not whole."""
    for name, length in (("year", _YEAR), ("month", _YEAR / 12)):
        count = round(days / length)
        if days >= int(_YEAR) and int(count * length) == days:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "1 day" if days == 1 else f"{days} days"


def _inside(part: Condition) -> str:
    """A part of a longer condition, so that no *and* can be read into another's *or*."""
    match part:
        case AnyOf() if len(part.parts) > 1:
            return f"either {' or '.join(_inside(one) for one in part.parts)}"
        case AllOf() if len(part.parts) > 1:
            return f"both {' and '.join(_inside(one) for one in part.parts)}"
        case _:
            return part.english()


def _joined(parts: list[str], joiner: str) -> str:
    return f", {joiner} ".join(parts)


# Reading conditions: everything is checked against the vocabulary before any case is read.

_DEEPEST = 2
_YEAR = 365.25
_WORDS = ("all_of", "any_of", "not", *(str(one) for one in Quantifier))
_ORDERED = (FactKind.COUNT, FactKind.AGE)
FITS: dict[Op, tuple[FactKind, ...]] = {
    Op.IS: (FactKind.YES_NO, FactKind.CHOICE, *DATED),
    Op.IS_NOT: (FactKind.YES_NO, FactKind.CHOICE, *DATED),
    Op.ONE_OF: (FactKind.CHOICE,),
    Op.NONE_OF: (FactKind.CHOICE,),
    Op.RECORDED: tuple(FactKind),
    Op.AT_LEAST: _ORDERED,
    Op.AT_MOST: _ORDERED,
    Op.BEFORE: DATED,
    Op.AFTER: DATED,
    Op.INCLUDES_ALL: (FactKind.CHOICES,),
    Op.INCLUDES_ANY: (FactKind.CHOICES,),
    Op.INCLUDES_NONE: (FactKind.CHOICES,),
}


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads the conditions of one rule."""

    reading: Reading
    vocabulary: Vocabulary

    def path(self, text: str, at: Node | tuple[int, int]) -> Path | None:
        """A fact by the name that a rule gives it; None, and a problem, if there is no such fact."""
        which, _, name = text.rpartition(" ")
        fact = self.vocabulary.fact(name)
        if which not in ("", "first", "latest"):
            self.reading.refuse(at, f"{which!r} is no word for which one", "write first, latest, or nothing")
            return None
        if fact is None:
            self.reading.refuse(
                at,
                f"the vocabulary has no fact {name!r}",
                self.vocabulary.suggest(name) or "`checklist new case` lists what there is",
                check="unknown-fact",
            )
            return None
        return Path(fact, name.partition(".")[0], which == "latest")

    def condition(self, node: Node, *, negated: bool = False, depth: int = 0) -> Condition | None:
        """The condition that a mapping says; None, and a problem, if it says none."""
        mapping = self.reading.mapping(node, "a condition")
        if mapping is None or not mapping.entries:
            if mapping is not None:
                self.reading.refuse(node, "an empty condition", "write `kind.fact: value`")
            return None
        parts = []
        for key, value in mapping.entries.items():
            part = self._clause(key, value, mapping.places[key], negated, depth)
            if part is not None:
                parts.append(part)
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts), mapping.line)

    def _clause(self, key: str, value: Node, place: tuple[int, int], negated: bool, depth: int) -> Condition | None:
        if key in ("all_of", "any_of"):
            return self._several(key, value, place, negated, depth)
        if key == "not":
            inner = self.condition(value, negated=not negated, depth=depth)
            return Not(inner, place[0]) if inner is not None else None
        if key in _WORDS:
            return self._quantified(Quantifier(key), value, place, negated, depth)
        if "." not in key:
            self.reading.refuse(
                place,
                f"{key!r} is no condition",
                did_you_mean(key, _WORDS)
                or "write `kind.fact: value`, all_of, any_of, not, every, some, none or at_most",
            )
            return None
        return self._tests(key, value, place, negated)

    def _several(self, key: str, value: Node, place: tuple[int, int], negated: bool, depth: int) -> Condition | None:
        if depth >= _DEEPEST:
            self.reading.refuse(
                place,
                "conditions are nested more than two deep",
                "say it in two rules, or in fewer words",
                check="too-much-work",
            )
            return None
        read = [self.condition(item, negated=negated, depth=depth + 1) for item in self.reading.items(value, key)]
        parts = tuple(part for part in read if part is not None)
        if not parts:
            self.reading.refuse(place, f"{key} holds no condition", "give it a list of conditions")
            return None
        return AllOf(parts, place[0]) if key == "all_of" else AnyOf(parts, place[0])

    def _quantified(
        self, quantifier: Quantifier, value: Node, place: tuple[int, int], negated: bool, depth: int
    ) -> Condition | None:
        mapping = self.reading.mapping(value, str(quantifier))
        if mapping is None:
            return None
        self.reading.only(mapping, ("of", "where", "satisfies", "count"), str(quantifier))
        kind = self.vocabulary.kinds.get(self.reading.text(mapping, "of", required=True))
        if kind is None:
            words = tuple(self.vocabulary.kinds)
            self.reading.refuse(
                mapping.entries.get("of", mapping),
                "no such kind of thing",
                expected(self.reading.text(mapping, "of"), words),
                check="unknown-kind",
            )
            return None
        turned = quantifier in (Quantifier.NONE, Quantifier.AT_MOST)
        # The `where` of an *every* is denied only where there is something that it narrows.
        narrowed = quantifier is Quantifier.EVERY and "satisfies" in mapping.entries
        parts: dict[str, Condition | None] = {"where": None, "satisfies": None}
        for key in parts:
            if key in mapping.entries:
                flipped = turned or (narrowed and key == "where")
                parts[key] = self.condition(mapping.entries[key], negated=negated is not flipped, depth=depth + 1)
        if parts["where"] is None and parts["satisfies"] is None:
            self.reading.refuse(mapping, f"{quantifier} asks nothing", "write `satisfies:` with a condition")
            return None
        count = self._whole_number(mapping) if quantifier is Quantifier.AT_MOST else 0
        return Quantified(quantifier, kind, parts["where"], parts["satisfies"], count, place[0])

    def _whole_number(self, mapping: MappingNode) -> int:
        text = self.reading.text(mapping, "count", required=True)
        count = whole_number(text)
        if text and count is None:
            self.reading.refuse(mapping.entries["count"], "count must be a whole number")
        return count or 0

    def _tests(self, key: str, value: Node, place: tuple[int, int], negated: bool) -> Condition | None:
        path = self.path(key, place)
        if path is None:
            return None
        if isinstance(value, Scalar):
            return self._test(path, Op.IS, value, place, negated)
        if isinstance(value, Sequence):
            return self._test(path, Op.ONE_OF, value, place, negated)
        if not value.entries:
            self.reading.refuse(value, f"{path} is put to no test", "write `kind.fact: value`")
        tests = []
        for word, operand in value.entries.items():
            if word not in tuple(Op):
                self.reading.refuse(value.places[word], f"{word!r} is no test", expected(word, [str(op) for op in Op]))
                continue
            test = self._test(path, Op(word), operand, value.places[word], negated)
            if test is not None:
                tests.append(test)
        if not tests:
            return None
        return tests[0] if len(tests) == 1 else AllOf(tuple(tests), place[0])

    def _test(self, path: Path, op: Op, node: Node, place: tuple[int, int], negated: bool) -> Test | None:
        if path.fact.kind not in FITS[op]:
            fits = [str(one) for one, kinds in FITS.items() if path.fact.kind in kinds]
            self.reading.refuse(
                place,
                f"{path} is a {path.fact.kind} and cannot be tested by {op}",
                f"expected one of: {', '.join(fits)}",
                check="wrong-test",
            )
            return None
        operand = self._operand(path, op, node)
        return Test(path, op, operand, place[0], negated) if operand is not None else None

    def _operand(self, path: Path, op: Op, node: Node) -> Operand | None:
        if op in (Op.BEFORE, Op.AFTER):
            return self._other_moment(node)
        if op in (Op.AT_LEAST, Op.AT_MOST):
            return self._bound(path, node)
        options = (
            ("yes", "no") if op is Op.RECORDED or path.fact.kind in (FactKind.YES_NO, *DATED) else path.fact.options
        )
        texts = self.reading.texts(node, str(op))
        if not texts:
            self.reading.refuse(node, f"{op} names no value", f"expected one of: {', '.join(options)}")
            return None
        for text in texts:
            if text not in options:
                self.reading.refuse(node, f"{path} cannot be {text!r}", expected(text, options), check="unknown-value")
                return None
        if op in (Op.IS, Op.IS_NOT, Op.RECORDED) and len(texts) != 1:
            self.reading.refuse(node, f"{op} takes one value", "write one_of for several")
            return None
        return texts

    def _other_moment(self, node: Node) -> Operand | None:
        text = self.reading.text_of(node, "a date")
        if "." in text:
            path = self.path(text, node)
            if path is not None and path.fact.kind not in DATED:
                self.reading.refuse(node, f"{path} is no date", "name a date or an event", check="not-dated")
                return None
            return path
        try:
            return parse_moment(text)
        except ClockError as error:
            self.reading.refuse(node, error.what, error.hint)
            return None

    def _bound(self, path: Path, node: Node) -> tuple[int] | None:
        text = self.reading.text_of(node, "a number")
        number, _, unit = text.partition(" ")
        days = {"": _YEAR, "year": _YEAR, "month": _YEAR / 12, "week": 7, "day": 1}.get(unit.removesuffix("s"))
        count = whole_number(number)
        if count is None or days is None or (unit and path.fact.kind is FactKind.COUNT):
            self.reading.refuse(node, "expected a whole number", "write 2, or for an age 2 years, 9 months")
            return None
        scale = days if path.fact.kind is FactKind.AGE else 1
        return (int(count * scale),)
