"""What the examples of a rule reach: each clause in each truth it can take, each limit kept and broken, each reason, version and verdict.

Other measures stop at lines, or at *true*; here the unknown branch counts as much as the others, since absence is what rules are for.
"""

from collections.abc import Iterator

from checklist.assignments import table_of, truth
from checklist.clocks import Limit
from checklist.conditions import AllOf, AnyOf, Condition, Not, Quantified, Scope, Test
from checklist.engine import Judged, judge
from checklist.findings import Verdict
from checklist.later import dataclass
from checklist.logic import Truth
from checklist.rules import Blocks, Checklist, Deadline, LimitByValue, Rule, Version, needed_examples
from checklist.source import Mapping, Sequence
from checklist.testing import Trial, examples_of, set_scene


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """One thing that the examples of a rule should reach."""

    file: str
    line: int
    rule: str
    what: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is to reach in one rule, and what its examples reach."""

    rule: str
    goals: tuple[Goal, ...]
    missed: tuple[Goal, ...]

    @property
    def reached(self) -> int:
        """How many goals the examples reach."""
        return len(self.goals) - len(self.missed)


def cover(checklist: Checklist, rule_ids: tuple[str, ...] = ()) -> tuple[Coverage, ...]:
    """What the examples reach, rule by rule (of the rules named, or of all)."""
    return tuple(_cover(rule, checklist) for rule in checklist.rules if not rule_ids or rule.id in rule_ids)


def percent(coverages: tuple[Coverage, ...]) -> float:
    """The part of all goals that is reached, from 0 to 100; of no goals, all."""
    goals = sum(len(one.goals) for one in coverages)
    return 100 * sum(one.reached for one in coverages) / goals if goals else 100.0


def _cover(rule: Rule, checklist: Checklist) -> Coverage:
    goals = tuple(dict.fromkeys(sorted(_goals(rule))))
    reached = {goal for trial in examples_of(checklist, (rule.id,)) for goal in _reached(trial, checklist)}
    return Coverage(rule.id, goals, tuple(goal for goal in goals if goal not in reached))


# What there is to reach.


def _goals(rule: Rule) -> Iterator[Goal]:
    for verdict in _verdicts(rule):
        yield _goal(rule, rule.line, f"verdict: {verdict}")
    for version in rule.versions:
        if len(rule.versions) > 1:
            yield _version_goal(rule, version)
        yield from _goals_of(rule, version)


def _goals_of(rule: Rule, version: Version) -> Iterator[Goal]:
    blocks = version.blocks
    for leaf in blocks.nodes():
        if not isinstance(leaf, Test | Quantified):
            continue
        for answer in dict.fromkeys(truth(leaf, given) for given in table_of(leaf)):
            yield _clause_goal(rule, leaf, answer)
    for kept in (True, False):
        if blocks.deadline is not None:
            for word, limit in _levels(blocks.deadline):
                yield _limit_goal(rule, version, word, limit, kept=kept)
        if blocks.schedule is not None:
            yield _goal(rule, blocks.schedule.line, f"schedule {_kept(kept=kept)}")
    for reason in blocks.accept_reasons:
        yield _reason_goal(rule, reason)


def _verdicts(rule: Rule) -> Iterator[Verdict]:
    """Every verdict that a rule can give; any fact may be redacted, so that any rule may be unable to tell."""
    yield from needed_examples(rule)
    yield Verdict.CANNOT_TELL
    blocks = [version.blocks for version in rule.versions]
    if any(one.deadline is not None or one.schedule is not None for one in blocks):
        yield Verdict.NOT_DUE_YET
    if any(one.accept_reasons for one in blocks):
        yield Verdict.EXCUSED


def _levels(deadline: Deadline) -> tuple[tuple[str, Limit], ...]:
    """Each limit that may hold, with the value that it hangs on."""
    limit = deadline.limit
    return tuple(limit.limits.items()) if isinstance(limit, LimitByValue) else (("", limit),)


def _goal(rule: Rule, line: int, what: str) -> Goal:
    return Goal(rule.file, line, rule.id, what)


def _clause_goal(rule: Rule, leaf: Test | Quantified, answer: Truth) -> Goal:
    return _goal(rule, leaf.line, f"clause {answer.value}: {leaf.english()}")


def _version_goal(rule: Rule, version: Version) -> Goal:
    return _goal(rule, version.line, f"version: from {version.first or 'the beginning'} to {version.last or 'now'}")


def _limit_goal(rule: Rule, version: Version, word: str, limit: Limit, *, kept: bool) -> Goal:
    line = line_of(rule.root, "deadline", "limit", *([word] if word else ()))
    level = f" ({word})" if word else ""
    return _goal(rule, version.line if len(rule.versions) > 1 else line, f"limit {_kept(kept=kept)}: {limit}{level}")


def _kept(*, kept: bool) -> str:
    return "kept" if kept else "broken"


def _reason_goal(rule: Rule, reason: str) -> Goal:
    node = rule.root.entries.get("accept_reasons")
    lines = (
        [item.line for item in node.items if getattr(item, "text", "") == reason] if isinstance(node, Sequence) else []
    )
    return _goal(rule, lines[0] if lines else line_of(rule.root, "accept_reasons"), f"reason: {reason}")


def line_of(root: Mapping, *keys: str) -> int:
    """The line on which a key stands, or the nearest key above it that there is; counted from 1."""
    line, node = root.line, root
    for key in keys:
        if key not in node.places:
            return line
        line = node.places[key][0]
        inner = node.entries[key]
        if not isinstance(inner, Mapping):
            return inner.line
        node = inner
    return line


# What an example reaches.


def _reached(trial: Trial, checklist: Checklist) -> Iterator[Goal]:
    scene = set_scene(trial.example, checklist.vocabulary)
    for judged in judge(trial.rule, scene.case, checklist, scene.readings):
        yield _goal(trial.rule, trial.rule.line, f"verdict: {judged.finding.verdict}")
        if len(judged.versions) == 1:
            yield _version_goal(trial.rule, judged.versions[0])
            yield from _limits_reached(trial.rule, judged, judged.versions[0])
        if judged.scope is not None:
            for version in judged.versions:
                yield from _clauses_reached(trial.rule, version.blocks, judged.scope)
                if judged.finding.verdict is Verdict.EXCUSED:
                    facts = (judged.scope.fact(path) for path in version.blocks.paths())
                    yield from (_reason_goal(trial.rule, fact.reason) for fact in facts if fact.reason)


def _clauses_reached(rule: Rule, blocks: Blocks, scope: Scope) -> Iterator[Goal]:
    """Each question with what it answers; what is expected is not asked where the rule does not apply."""
    if blocks.applies_when is not None:
        yield from _answers(rule, blocks.applies_when, scope)
        if blocks.applies_when.ask(scope).is_false:
            return
    if blocks.expect is not None:
        yield from _answers(rule, blocks.expect, scope)


def _answers(rule: Rule, condition: Condition, scope: Scope) -> Iterator[Goal]:
    if isinstance(condition, Test | Quantified):
        yield _clause_goal(rule, condition, condition.ask(scope).truth)
    match condition:
        case Quantified():
            things, _ = scope.concerning(condition.kind)
            for inner in (condition.where, condition.satisfies):
                if inner is not None:
                    for thing in things:
                        yield from _answers(rule, inner, scope.bind(thing))
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from _answers(rule, part, scope)
        case Not():
            yield from _answers(rule, condition.part, scope)
        case Test():
            return


def _limits_reached(rule: Rule, judged: Judged, version: Version) -> Iterator[Goal]:
    by_block = {cause.block: cause.verdict for cause in judged.finding.causes}
    kept = {Verdict.MET: True, Verdict.NOT_MET: False}
    deadline = by_block.get("deadline")
    if version.blocks.deadline is not None and deadline in kept:
        branches = judged.finding.branches
        for word, limit in _levels(version.blocks.deadline):
            if not word or (len(branches) == 1 and branches[0].when.endswith(f" is {word}")):
                yield _limit_goal(rule, version, word, limit, kept=kept[deadline])
    schedule = by_block.get("schedule")
    if version.blocks.schedule is not None and schedule in kept:
        yield _goal(rule, version.blocks.schedule.line, f"schedule {_kept(kept=kept[schedule])}")
