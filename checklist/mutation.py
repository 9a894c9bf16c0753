"""A rule changed in one thing at a time: if its examples do not notice, nobody would notice a wrong limit either."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

from checklist.conditions import Op, Quantifier
from checklist.later import dataclass
from checklist.rulebooks import load_checklist
from checklist.rules import BLOCKS, WHEN_ABSENT, Checklist, Rule, with_root
from checklist.schema import whole_number
from checklist.source import Mapping, Node, Scalar, Sequence
from checklist.testing import Scene, Trial, run_example, set_scene
from checklist.vocabulary import DATED, FactKind, Vocabulary


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """An example noticed."""
    SURVIVED = "survived"
    """No example noticed."""
    REFUSED = "refused"
    """It is no rule: it would not load."""
    EQUIVALENT = "equivalent"
    """It can alter no verdict, and the reason stands beside the rule."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one change."""

    change: str
    """Where, what it was and what it became: `deadline.limit.high: 24 hours -> 25 hours`."""
    line: int
    root: Mapping


@dataclass(frozen=True, slots=True)
class Result:
    """One mutant of one rule, and what became of it."""

    rule: str
    file: str
    line: int
    change: str
    fate: Fate
    why: str = ""
    """Why it can alter no verdict, or why it is no rule."""


def mutate(rule: Rule, checklist: Checklist) -> tuple[Result, ...]:
    """Every mutant of a rule, held against its examples; and every explanation that explains nothing, as a survivor.

    Examples that do not hold for the rule itself would notice anything: then that is all that is said.
    """
    scenes = [set_scene(example, checklist.vocabulary) for example in rule.examples]
    for example, scene in zip(rule.examples, scenes, strict=True):
        if run_example(Trial(rule, example), checklist, scene):
            why = "an example does not hold for the rule as it stands: see `checklist test`"
            return (Result(rule.id, example.file, example.line, "no change", Fate.SURVIVED, why),)
    explained = {one.change: one for one in rule.equivalents}
    results = []
    for mutant in mutants_of(rule, checklist.vocabulary):
        fate, why = _fate(mutant, rule, checklist, scenes)
        beside = explained.pop(mutant.change, None)
        if beside is not None and fate is Fate.SURVIVED:
            fate, why = Fate.EQUIVALENT, beside.why
        elif beside is not None:
            wrong = f"it is called equivalent, and it is {fate}"
            results.append(Result(rule.id, beside.file, beside.line, mutant.change, Fate.SURVIVED, wrong))
        results.append(Result(rule.id, rule.file, mutant.line, mutant.change, fate, why))
    idle = (Result(rule.id, one.file, one.line, one.change, Fate.SURVIVED, _NO_SUCH) for one in explained.values())
    return (*results, *idle)


_NO_SUCH = "it is called equivalent, and no such change is made"


def mutate_all(folders: tuple[Path, ...], rule_ids: tuple[str, ...], pool: Executor) -> Iterator[tuple[Result, ...]]:
    """The results of each rule, in the order of the ids, as they are ready.

    Args:
        folders: the rulebook and its packs, which each worker reads for itself.
        rule_ids: the rules to change.
        pool: where the work is done.
    """
    return pool.map(partial(_mutate_one, folders), rule_ids)


def _mutate_one(folders: tuple[Path, ...], rule_id: str) -> tuple[Result, ...]:
    checklist = _checklist_of(folders)
    rule = checklist.rule(rule_id)
    return mutate(rule, checklist) if rule is not None else ()


@cache
def _checklist_of(folders: tuple[Path, ...]) -> Checklist:
    return load_checklist(*folders, examples=True)


def score(results: tuple[Result, ...]) -> float:
    """How many of those that change a verdict were killed, from 0 to 100; of none, 100."""
    counted = [one for one in results if one.fate in (Fate.KILLED, Fate.SURVIVED)]
    return 100 * sum(one.fate is Fate.KILLED for one in counted) / len(counted) if counted else 100.0


def _fate(mutant: Mutant, rule: Rule, checklist: Checklist, scenes: list[Scene]) -> tuple[Fate, str]:
    changed, problems = with_root(rule, mutant.root, checklist)
    if changed is None:
        return Fate.REFUSED, problems[0].what if problems else ""
    for example, scene in zip(changed.examples, scenes, strict=True):
        if run_example(Trial(changed, example), checklist, scene):
            return Fate.KILLED, ""
    return Fate.SURVIVED, ""


def mutants_of(rule: Rule, vocabulary: Vocabulary) -> Iterator[Mutant]:
    """Every way in which one thing of a rule is changed."""
    for change in _Changes(vocabulary).of_rule(rule.root):
        if isinstance(change.after, Mapping):
            was = f": {change.before} ->" if change.before else ""
            yield Mutant(f"{change.where}{was} {change.became}", change.line, change.after)


@dataclass(frozen=True, slots=True)
class _Change:
    """One change to a node: what it was, what it became, and the node after it (None: left out)."""

    where: str
    before: str
    became: str
    line: int
    after: Node | None

    def under(self, key: str, whole: Mapping) -> "_Change":
        """The same change, seen from the mapping that holds the node under a key."""
        entries = {name: self.after if name == key else node for name, node in whole.entries.items()}
        places = dict(whole.places)
        if self.after is None:
            places.pop(key)
        kept = {name: node for name, node in entries.items() if node is not None}
        return replace(self, where=_dotted(key, self.where), after=replace(whole, entries=kept, places=places))

    def among(self, index: int, whole: Sequence) -> "_Change":
        """The same change, seen from the list that holds the node."""
        items = tuple(self.after if place == index else item for place, item in enumerate(whole.items))
        kept = tuple(item for item in items if item is not None)
        return replace(self, where=_dotted(f"[{index}]", self.where), after=replace(whole, items=kept))


def _dotted(key: str, rest: str) -> str:
    return key if not rest else f"{key}{rest}" if rest.startswith("[") else f"{key}.{rest}"


_OPPOSITE = {
    "all_of": "any_of", "any_of": "all_of", "first_of": "last_of", "last_of": "first_of",
    Quantifier.EVERY: Quantifier.SOME, Quantifier.SOME: Quantifier.EVERY, Quantifier.NONE: Quantifier.SOME,
    Op.IS: Op.IS_NOT, Op.IS_NOT: Op.IS, Op.ONE_OF: Op.NONE_OF, Op.NONE_OF: Op.ONE_OF, Op.AT_LEAST: Op.AT_MOST, Op.AT_MOST: Op.AT_LEAST,
    Op.BEFORE: Op.AFTER, Op.AFTER: Op.BEFORE, Op.INCLUDES_ALL: Op.INCLUDES_ANY, Op.INCLUDES_ANY: Op.INCLUDES_ALL, Op.INCLUDES_NONE: Op.INCLUDES_ANY,
}  # fmt: skip
_OTHER_UNIT = {"hour": "days", "day": "working days", "working day": "days", "week": "days", "month": "weeks"}


@dataclass(frozen=True, slots=True)
class _Changes:
    """Finds what can be changed in a rule's file."""

    vocabulary: Vocabulary

    def of_rule(self, root: Mapping) -> Iterator[_Change]:
        """Every change; not to what each version puts its own in place of, for that is never used."""
        unused = _in_every_version(root)
        for change in self._of_whole_rule(root):
            if not any(change.where == key or change.where.startswith((f"{key}.", f"{key}[")) for key in unused):
                yield change

    def _of_whole_rule(self, root: Mapping) -> Iterator[_Change]:
        asking = [key for key in BLOCKS if key in root.entries]
        for key in root.entries:
            if key in asking and len(asking) > 1:
                yield _dropped(root.places[key][0]).under(key, root)
            yield from (change.under(key, root) for change in self._of_block(key, root.entries[key]))
        if "applies_when" in root.entries:
            yield _dropped(root.places["applies_when"][0]).under("applies_when", root)
        yield from self._of_absence(root)
        if isinstance(versions := root.entries.get("versions"), Sequence):
            yield from (change.under("versions", root) for change in self._of_versions(versions))

    def _of_block(self, key: str, node: Node) -> Iterator[_Change]:
        head, _, rest = key.partition(".")
        if head in ("applies_when", "expect"):
            yield from self._of_condition(node)
        elif head == "accept_reasons":
            yield from _each_left_out(node, even_last=True)
        elif head in ("deadline", "schedule"):
            yield from self._of_clock(rest, node)

    def _of_absence(self, root: Mapping) -> Iterator[_Change]:
        if not {"expect", "schedule"} & set(root.entries):
            return
        node = root.entries.get("if_not_recorded")
        held = node.text if isinstance(node, Scalar) else next(iter(WHEN_ABSENT))
        line = node.line if node is not None else root.line
        for other in WHEN_ABSENT:
            if other != held:
                entries = {**root.entries, "if_not_recorded": Scalar(other, True, line, 1)}
                after = replace(root, entries=entries, places={**root.places, "if_not_recorded": (line, 1)})
                yield _Change("if_not_recorded", held, other, line, after)

    def _of_versions(self, versions: Sequence) -> Iterator[_Change]:
        for index, item in enumerate(versions.items):
            if isinstance(item, Mapping):
                for key, node in item.entries.items():
                    if key not in ("in_force", "source", "limit_standing"):
                        changes = (_dropped(item.places[key][0]), *self._of_block(key, node))
                        yield from (change.under(key, item).among(index, versions) for change in changes)
        for index in range(-1, len(versions.items)):
            for days in (1, -1):
                yield from _moved(versions, index, days)

    # Clocks.

    def _of_clock(self, key: str, node: Node) -> Iterator[_Change]:
        """The changes to a deadline or schedule, or to the one part of it that the key names."""
        if not key and isinstance(node, Mapping):
            for name, part in node.entries.items():
                yield from (change.under(name, node) for change in self._of_clock(name, part))
                if name in ("first", "until"):
                    yield _dropped(node.places[name][0]).under(name, node)
        elif key in ("limit", "first", "every"):
            yield from self._of_limit(node)
        elif key in ("event", "after"):
            yield from _of_several(node)

    def _of_limit(self, node: Node) -> Iterator[_Change]:
        if isinstance(node, Mapping):
            for key, limit in node.entries.items():
                if key != "by":
                    yield from (change.under(key, node) for change in self._of_limit(limit))
            return
        if not isinstance(node, Scalar):
            return
        number, _, unit = node.text.partition(" ")
        other = _OTHER_UNIT.get(unit.removesuffix("s"))
        count = whole_number(number)
        if count is not None and other is not None:
            one = unit.removesuffix("s")
            texts = [f"{count + 1} {one}s", f"{number} {other}"]
            if count > 1:
                texts.insert(1, f"{count - 1} {unit}")
            yield from (_became(node, text) for text in texts)

    # Conditions.

    def _of_condition(self, node: Node) -> Iterator[_Change]:
        if not isinstance(node, Mapping):
            return
        if len(node.entries) > 1:
            yield from (_dropped(node.places[key][0]).under(key, node) for key in node.entries)
        for key, value in node.entries.items():
            if key in _OPPOSITE:
                yield _renamed(node, key, _OPPOSITE[key])
            yield from (change.under(key, node) for change in self._of_clause(key, value))

    def _of_clause(self, key: str, value: Node) -> Iterator[_Change]:
        if key in ("all_of", "any_of") and isinstance(value, Sequence):
            for index, item in enumerate(value.items):
                if len(value.items) > 1:
                    yield _dropped(item.line).among(index, value)
                yield from (change.among(index, value) for change in self._of_condition(item))
        elif key == "not":
            yield from self._of_condition(value)
        elif key in tuple(Quantifier) and isinstance(value, Mapping):
            yield from self._of_quantifier(value)
        else:
            yield from self._of_tests(key, value)

    def _of_quantifier(self, node: Mapping) -> Iterator[_Change]:
        for key, value in node.entries.items():
            if key in ("where", "satisfies"):
                yield from (change.under(key, node) for change in self._of_condition(value))
                if {"where", "satisfies"} <= set(node.entries):
                    yield _dropped(node.places[key][0]).under(key, node)
            if key == "count" and isinstance(value, Scalar):
                yield from (change.under(key, node) for change in _next_numbers(value))

    def _of_tests(self, key: str, value: Node) -> Iterator[_Change]:
        """The changes to what one fact is tested for."""
        name = key.rpartition(" ")[2]
        if isinstance(value, Mapping):
            for word, operand in value.entries.items():
                if word in _OPPOSITE:
                    yield _renamed(value, word, _OPPOSITE[word])
                if len(value.entries) > 1:
                    yield _dropped(value.places[word][0]).under(word, value)
                yield from (change.under(word, value) for change in self._of_operand(name, word, operand))
            return
        yield from self._of_operand(name, Op.ONE_OF if isinstance(value, Sequence) else Op.IS, value)

    def _of_operand(self, name: str, word: str, operand: Node) -> Iterator[_Change]:
        if isinstance(operand, Sequence):
            yield from _each_left_out(operand)
        elif isinstance(operand, Scalar) and word in (Op.AT_LEAST, Op.AT_MOST):
            yield from _next_numbers(operand)
        elif isinstance(operand, Scalar) and word in (Op.IS, Op.IS_NOT, Op.RECORDED):
            fact = self.vocabulary.fact(name)
            dated = fact is not None and fact.kind in (FactKind.YES_NO, *DATED)
            options = ("yes", "no") if fact is None or dated or word == Op.RECORDED else fact.options
            other = next((option for option in options if option != operand.text), None)
            if other is not None:
                yield _became(operand, other)


def _in_every_version(root: Mapping) -> set[str]:
    """The keys that every version of a rule gives its own value."""
    versions = root.entries.get("versions")
    items = [item for item in versions.items if isinstance(item, Mapping)] if isinstance(versions, Sequence) else []
    return set.intersection(*(set(item.entries) for item in items)) - {"in_force"} if items else set()


def _dropped(line: int) -> _Change:
    return _Change("", "", "left out", line, None)


def _became(node: Scalar, text: str) -> _Change:
    return _Change("", node.text, text, node.line, replace(node, text=text))


def _next_numbers(node: Scalar) -> Iterator[_Change]:
    number, _, unit = node.text.partition(" ")
    count = whole_number(number)
    for other in (count + 1, count - 1) if count is not None else ():
        if other >= 0:
            yield _became(node, f"{other} {unit}".strip())


def _renamed(node: Mapping, key: str, other: str) -> _Change:
    """The mapping with one key in place of another; where that is there already, it is left out."""
    entries = {(str(other) if name == key else name): value for name, value in node.entries.items()}
    places = {(str(other) if name == key else name): place for name, place in node.places.items()}
    return _Change(key, key, str(other), node.places[key][0], replace(node, entries=entries, places=places))


def _each_left_out(node: Node, *, even_last: bool = False) -> Iterator[_Change]:
    items = node.items if isinstance(node, Sequence) else ()
    for index, item in enumerate(items):
        if len(items) > 1:
            told = replace(_dropped(item.line), before=getattr(item, "text", ""))
            yield told.among(index, Sequence(items, node.line, node.column))
        elif even_last:
            yield replace(_dropped(item.line), before=getattr(item, "text", ""))


def _of_several(node: Node) -> Iterator[_Change]:
    """The changes to the events or the starts of a clock."""
    if not isinstance(node, Mapping):
        return
    for mode, items in node.entries.items():
        if mode in _OPPOSITE:
            yield _renamed(node, mode, _OPPOSITE[mode])
        yield from (change.under(mode, node) for change in _each_left_out(items))
        for index, item in enumerate(items.items if isinstance(items, Sequence) else ()):
            if isinstance(item, Mapping) and isinstance(items, Sequence) and "if_recorded" in item.entries:
                change = _Change("", "if_recorded", "always", item.line, item.entries["if_recorded"])
                yield change.among(index, items).under(mode, node)


def _moved(versions: Sequence, index: int, days: int) -> Iterator[_Change]:
    """The versions with the boundary after one of them (before the first, for -1) moved by some days."""
    ends = _boundary(versions.items[index], "to", days) if index >= 0 else None
    begins = _boundary(versions.items[index + 1], "from", days) if index + 1 < len(versions.items) else None
    first = ends or begins
    if first is None:
        return
    items = list(versions.items)
    for place, moved in ((index, ends), (index + 1, begins)):
        if moved is not None:
            items[place] = moved[2]
    where = f"[{index}].in_force.to" if ends is not None else f"[{index + 1}].in_force.from"
    became = (date.fromisoformat(first[0]) + timedelta(days=days)).isoformat()
    yield _Change(where, first[0], became, first[1], replace(versions, items=tuple(items)))


def _boundary(version: Node, key: str, days: int) -> tuple[str, int, Node] | None:
    """The day at one end of a version, its line, and the version with it moved."""
    in_force = version.entries.get("in_force") if isinstance(version, Mapping) else None
    node = in_force.entries.get(key) if isinstance(in_force, Mapping) else None
    if not isinstance(version, Mapping) or not isinstance(in_force, Mapping) or not isinstance(node, Scalar):
        return None
    moved = replace(node, text=(date.fromisoformat(node.text) + timedelta(days=days)).isoformat())
    inner = replace(in_force, entries={**in_force.entries, key: moved})
    return node.text, node.line, replace(version, entries={**version.entries, "in_force": inner})
