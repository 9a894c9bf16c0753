"""Every way that the facts of some conditions can be, and what the conditions then answer: what static checks are made of.

A fact is one of its values, absent, or withheld (unknown, redacted, contradictory: there, and not to be read). Values that no
test tells apart count as one. What a quantifier or an order of two dates asks is taken as a fact of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod

from checklist.conditions import AllOf, AnyOf, Condition, Not, Op, Quantified, Test
from checklist.later import dataclass
from checklist.logic import Truth, decide
from checklist.vocabulary import DATED, FactKind

MOST = 4096
"""Above this many assignments nothing is looked at, and whoever asked is told so."""

Value = str | int | frozenset[str]
Assignment = Mapping[str, Value]
ABSENT, WITHHELD = "(absent)", "(withheld)"


@dataclass(frozen=True, slots=True)
class Table:
    """The facts of some conditions, each with every way that it can be."""

    domains: Mapping[str, tuple[Value, ...]]

    @property
    def size(self) -> int:
        """How many assignments there are."""
        return prod(len(domain) for domain in self.domains.values())

    @property
    def is_too_large(self) -> bool:
        """Whether there are more than can be looked at."""
        return self.size > MOST

    def __iter__(self) -> Iterator[Assignment]:
        """Every assignment."""
        for values in product(*self.domains.values()):
            yield dict(zip(self.domains, values, strict=True))


def table_of(*conditions: Condition | None) -> Table:
    """The facts that some conditions ask of, jointly."""
    tests: dict[str, list[Test]] = {}
    free: dict[str, None] = {}
    for condition in conditions:
        for leaf in leaves(condition) if condition is not None else ():
            if isinstance(leaf, Quantified) or leaf.op in (Op.BEFORE, Op.AFTER):
                free[_key(leaf)] = None
            else:
                tests.setdefault(_key(leaf), []).append(leaf)
    domains: dict[str, tuple[Value, ...]] = {
        key: (*_values(of_fact), ABSENT, WITHHELD) for key, of_fact in tests.items()
    }
    return Table(domains | dict.fromkeys(free, ("yes", "no", ABSENT)))


def leaves(condition: Condition) -> Iterator[Test | Quantified]:
    """The questions of a condition; a quantifier's own conditions belong to its items and are not entered."""
    match condition:
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from leaves(part)
        case Not():
            yield from leaves(condition.part)
        case Test() | Quantified():
            yield condition


def truth(condition: Condition, given: Assignment) -> Truth:
    """What a condition answers, by Kleene's tables."""
    match condition:
        case AllOf():
            return decide([truth(part, given) for part in condition.parts], Truth.FALSE)
        case AnyOf():
            return decide([truth(part, given) for part in condition.parts], Truth.TRUE)
        case Not():
            return truth(condition.part, given).denied
        case Quantified():
            return _answer(given[_key(condition)])
        case Test():
            return _of_test(condition, given[_key(condition)])


def can_be(condition: Condition, wanted: Truth) -> bool:
    """Whether some assignment gives a condition this truth; where there are too many to look at, it is taken that one does."""
    table = table_of(condition)
    return table.is_too_large or any(truth(condition, given) is wanted for given in table)


def without_one(condition: Condition) -> Iterator[tuple[Condition, Condition]]:
    """Each clause that can be left out, and the condition without it."""
    match condition:
        case AllOf() | AnyOf():
            for index, part in enumerate(condition.parts):
                kept = condition.parts[:index] + condition.parts[index + 1 :]
                if kept:
                    yield part, kept[0] if len(kept) == 1 else replace(condition, parts=kept)
                for dropped, rest in without_one(part):
                    yield (
                        dropped,
                        replace(condition, parts=(*condition.parts[:index], rest, *condition.parts[index + 1 :])),
                    )
        case Not():
            for dropped, rest in without_one(condition.part):
                yield dropped, replace(condition, part=rest)
        case Test() | Quantified():
            return


def _key(leaf: Test | Quantified) -> str:
    """What a question hangs on: its fact, or the question itself where that is more than one fact."""
    if isinstance(leaf, Quantified):
        inner = "|".join(_shape(part) for part in (leaf.where, leaf.satisfies) if part is not None)
        return f"{leaf.quantifier} {leaf.count} {leaf.kind.name}: {inner}"
    return _shape(leaf) if leaf.op in (Op.BEFORE, Op.AFTER) else str(leaf.path)


def _shape(condition: Condition) -> str:
    match condition:
        case AllOf() | AnyOf():
            return f"{type(condition).__name__}({', '.join(_shape(part) for part in condition.parts)})"
        case Not():
            return f"Not({_shape(condition.part)})"
        case Quantified():
            return _key(condition)
        case Test():
            operand = condition.operand
            shown = operand if isinstance(operand, tuple) else getattr(operand, "text", str(operand))
            return f"{condition.path} {condition.op} {shown}"


def _values(tests: list[Test]) -> tuple[Value, ...]:
    """The values that the tests of one fact tell apart."""
    fact = tests[0].path.fact
    words = dict.fromkeys(str(word) for test in tests if test.op is not Op.RECORDED for word in _words(test))
    if fact.kind in (FactKind.YES_NO, *DATED):
        return ("yes", "no")
    if fact.kind is FactKind.CHOICE:
        others = [option for option in fact.options if option not in words]
        return (*words, *others[:1])
    if fact.kind is FactKind.CHOICES:
        if 2 ** len(words) > MOST:
            return ("too many",) * (MOST + 1)
        return tuple(
            frozenset(word for word, held in zip(words, some, strict=True) if held)
            for some in product((True, False), repeat=len(words))
        )
    if fact.kind in (FactKind.COUNT, FactKind.AGE):
        edges = {int(word) for word in words}
        return tuple(sorted({0} | edges | {edge + 1 for edge in edges} | {max(edge - 1, 0) for edge in edges}))
    return ("something",)


def _words(test: Test) -> tuple[object, ...]:
    return test.operand if isinstance(test.operand, tuple) else ()


def _of_test(test: Test, value: Value) -> Truth:
    if test.op is Op.RECORDED:
        refused = value == "no" and test.path.fact.kind in DATED
        answer = Truth.UNKNOWN if value == WITHHELD else _is(value != ABSENT and not refused)
        return answer if test.operand == ("yes",) else answer.denied
    if value in (ABSENT, WITHHELD):
        return Truth.UNKNOWN
    if test.op in (Op.BEFORE, Op.AFTER):
        return _answer(value)
    if isinstance(value, int):
        bounds = [word for word in _words(test) if isinstance(word, int)]
        return _is(value >= bounds[0] if test.op is Op.AT_LEAST else value <= bounds[-1])
    if isinstance(value, frozenset):
        wanted = frozenset(str(word) for word in _words(test))
        return _is(
            wanted <= value if test.op is Op.INCLUDES_ALL else bool(wanted & value) is (test.op is Op.INCLUDES_ANY)
        )
    return _is((value in _words(test)) is (test.op in (Op.IS, Op.ONE_OF)))


def _answer(value: Value) -> Truth:
    return Truth.UNKNOWN if value in (ABSENT, WITHHELD) else _is(value == "yes")


def _is(holds: bool) -> Truth:
    return Truth.TRUE if holds else Truth.FALSE
