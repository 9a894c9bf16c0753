"""What is wrong with a rulebook before any case is read: each check with its id, what it looks for, why, and how to mend it.

A rule that never fires, and two that always say the same, are worse than a typo: nobody would ever notice them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from itertools import combinations, islice

from checklist.assignments import MOST, Assignment, table_of, truth, without_one
from checklist.clocks import Limit, Unit, parse_limit
from checklist.conditions import Condition, Test
from checklist.later import dataclass, pattern
from checklist.logic import Truth
from checklist.rules import Blocks, Checklist, Rule, Version
from checklist.settings import Settings, choose, load_profiles
from checklist.source import InputError, Problem
from checklist.vocabulary import CASE, Vocabulary


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that `checklist lint` looks for."""

    id: str
    looks_for: str
    why: str
    mend: str


CHECKS: tuple[Check, ...] = (
    Check("form", "a file that is not written as a rule, a vocabulary, a calendar or a list of examples is written",
          "A key that nobody reads is a rule that nobody asks.", "The message names the key, and what may stand there."),
    Check("place", "a rule whose file or folder does not bear its name", "A rule that cannot be found is not read.",
          "Name the file after the rule and the folder after its area."),
    Check("two-rules-one-id", "two rules with one id", "Findings, waivers and locks go by the id.", "Give each its own."),
    Check("leads-out", "a link that leads out of the rulebook's folder",
          "A rulebook is data: its digest must cover all that it says, and a link could read what it should not.", "Copy the file into the folder."),
    Check("unknown-fact", "a fact that the vocabulary does not have", "No case could ever say it: the rule would wait for ever.",
          "Use the nearest word, or add the fact to `vocabulary.yaml` with its question."),
    Check("unknown-kind", "a kind of thing that the vocabulary does not have", "There would never be a subject.", "Use a kind that it has."),
    Check("unknown-value", "a value that a fact cannot have", "The clause could never hold, or always would.", "Use one of the fact's options."),
    Check("unknown-reason", "a reason that the vocabulary does not list", "No case could give it.", "Use one of the listed reasons, or add yours to the vocabulary."),
    Check("no-calendar", "a calendar that there is not", "Working days could not be counted.", "Name one of `calendars/`."),
    Check("calendar-too-short", "a version that ended before its calendar begins", "Every verdict by it would be *cannot tell*.", "Give the calendar those days, or leave the version out."),
    Check("not-dated", "a deadline whose event or start is no date", "A clock needs instants.", "Name an event or a date; for a yes/no use `first_known`."),
    Check("if-recorded", "`if_recorded` where an earlier start could be dropped", "It would turn a start that nobody wrote down into a later limit.", "Use it in `last_of` only."),
    Check("table-lacks-a-level", "a table of limits without a limit for some value", "A case with that value would have no limit.", "Give every value one."),
    Check("wrong-test", "a test that does not fit the kind of fact", "It would never answer.", "Use one of the tests that the message names."),
    Check("not-of-the-subject", "a fact of something that is neither the subject nor the only one of its kind",
          "It would be read of somebody else.", "Ask `for_each` of that kind, `join` it, or use `every`, `some`, `none`."),
    Check("passes-when-absent", "a clause that holds because something is absent",
          "What is missing must never read as done.", "Ask otherwise; or list the fact under `passes_when_absent`, which every report prints."),
    Check("no-source", "a rule that nobody stands behind", "An expectation says who expects it.", "Give a source with standing, words and document."),
    Check("source-without-link", "a source that cannot be followed", "A reader must be able to check what it says.",
          "Give its `url`; or say in `no_link` why there is none."),
    Check("number-without-standing", "a limit or another number without `limit_standing`", "A default of ours must never pass for law.",
          "Say who gives the number: a source's standing, or `local`."),
    Check("standing-not-of-a-source", "a `limit_standing` that none of the sources has", "The number would be given a standing that nobody gave it.",
          "Cite the source that gives the number, or write `local`."),
    Check("no-examples", "a verdict that the rule can give and no example shows", "Nobody would notice if it stopped giving it.", "Add the example."),
    Check("never-applies", "an `applies_when` that no case can fulfil", "The rule would be silent for ever.", "Its conditions exclude each other: leave one out."),
    Check("always-holds", "an expectation that every value fulfils", "It would be met by being asked.", "Leave a value out, or ask `recorded: yes`."),
    Check("never-holds", "an expectation that no case can fulfil", "The rule would accuse everybody.", "Its clauses exclude each other, or what it applies to: leave one out."),
    Check("idle-clause", "a clause that changes no verdict, in any way that the facts can be", "It says something that the rule does not ask.",
          "Leave it out, or say what was meant."),
    Check("same-verdict", "two rules that always give the same verdict", "One failing would count as two.", "Keep one, with both sources."),
    Check("version-gap", "days on which no version is in force", "A case of those days would be judged by nothing.", "A version begins on the day after the last one ends."),
    Check("versions-overlap", "days on which two versions are in force", "One case would have two standards.", "A version begins on the day after the last one ends."),
    Check("standard-ended", "a last version that has an end", "Later cases are judged by a standard that ended, and every finding says so.",
          "Add the version that follows, or leave `to` out if it still holds."),
    Check("title-not-said", "a title that is not what the rule says", "The title is what people read and remember.",
          "Bring the number, the subject or the words of the title in line with the rule."),
    Check("matches-nothing", "a profile's selector that matches no rule, or a profile that there is not", "What was meant to be asked is not asked.", "Use an id, an area, a tag or a standing that there is."),
    Check("too-much-work", "a rule that is nested too deep, or asks too many questions", "Work on a case must be bounded.", "Say it in two rules, or in fewer words."),
)  # fmt: skip
"""Every check; the loader makes most of them, this room the rest."""


@dataclass(frozen=True, slots=True)
class Linted:
    """What is wrong, and what whoever answers for the rules should know."""

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def lint(checklist: Checklist) -> Linted:
    """Every problem of rules that load; notes where there were too many ways to look at, and of standards that ended."""
    budget = _Budget()
    problems = [*_same_verdicts(checklist.rules, budget), *_of_profiles(checklist)]
    notes: list[Problem] = []
    for rule in checklist.rules:
        problems.extend(_of_rule(rule, checklist.vocabulary))
        notes.extend(_ended(rule))
        for version in rule.versions:
            problems.extend(_idle_clauses(rule, version.blocks, budget))
    notes.extend(budget.notes)
    return Linted(tuple(sorted(set(problems))), tuple(sorted(set(notes))))


_MOST_WORK = 1_000_000
"""Above this many questions the clauses of a rule are not left out one by one: half a minute for a rule is too long."""
_A_FEW = 64
"""So many ways are tried before two rules are compared in full."""


@dataclass(slots=True)
class _Budget:
    """How many questions may still be put, so that no rulebook is looked at for ever; and what was not looked at for it."""

    left: int = 5_000_000
    notes: list[Problem] = field(default_factory=list)

    def affords(self, questions: int) -> bool:
        """Whether so many questions may be put; if so, they count as put."""
        if questions > min(self.left, _MOST_WORK):
            return False
        self.left -= questions
        return True


def _of_rule(rule: Rule, vocabulary: Vocabulary) -> Iterator[Problem]:
    for version in rule.versions:
        yield from _standing(rule, version)
    for source in rule.sources:
        if not source.url and not source.no_link:
            what, hint = "a source without a link", "give its url, or say in no_link why there is none"
            yield _problem(rule, _line_of_source(rule, source.says), "source-without-link", what, hint)
    yield from _title(rule, vocabulary.kinds)


def _problem(rule: Rule, line: int, check: str, what: str, hint: str) -> Problem:
    return Problem(rule.file, line, 1, what, hint, check)


def _standing(rule: Rule, version: Version) -> Iterator[Problem]:
    given = {str(source.standing) for source in version.sources}
    if version.limit_standing and version.limit_standing not in (*given, "local"):
        what = f"the number is given the standing {version.limit_standing!r}, which no source has"
        line = rule.root.places.get("limit_standing", (version.line, 1))[0]
        yield _problem(rule, line, "standing-not-of-a-source", what, f"sources are: {', '.join(sorted(given))}")


def _line_of_source(rule: Rule, says: str) -> int:
    node = rule.root.entries.get("source")
    for item in getattr(node, "items", ()):
        if getattr(getattr(item, "entries", {}).get("says"), "text", "") == says:
            return int(item.line)
    return rule.line


# Clauses that change nothing, and rules that say the same.


def _idle_clauses(rule: Rule, blocks: Blocks, budget: _Budget) -> Iterator[Problem]:
    table = table_of(blocks.applies_when, blocks.expect)
    if table.is_too_large:
        what = f"its clauses were not looked at: {table.size} ways that its facts can be, above {MOST}"
        budget.notes.append(_problem(rule, rule.line, "idle-clause", what, ""))
        return
    if not budget.affords(table.size * _questions(blocks) ** 2):
        what = f"its clauses were not looked at: they are too many for {table.size} ways that its facts can be"
        budget.notes.append(_problem(rule, rule.line, "idle-clause", what, ""))
        return
    whole = [(given, _verdict(blocks, given)) for given in table]
    for clause, changed in _each_without_one(blocks):
        if all(_verdict(changed, given) == verdict for given, verdict in whole):
            hint = "leave it out, or say what was meant"
            yield _problem(rule, clause.line, "idle-clause", f"a clause that changes nothing: {clause.english()}", hint)


def _questions(blocks: Blocks) -> int:
    """How many questions the blocks put."""
    return sum(1 for _ in blocks.nodes())


def _each_without_one(blocks: Blocks) -> Iterator[tuple[Condition, Blocks]]:
    """Each clause that can be left out, and the blocks without it."""
    if blocks.applies_when is not None:
        yield from ((clause, replace(blocks, applies_when=rest)) for clause, rest in without_one(blocks.applies_when))
    if blocks.expect is not None:
        yield from ((clause, replace(blocks, expect=rest)) for clause, rest in without_one(blocks.expect))


def _ended(rule: Rule) -> Iterator[Problem]:
    last = rule.versions[-1]
    if last.last is not None:
        hint = "add the version that follows, or leave `to` out if it still holds"
        yield _problem(rule, last.line, "standard-ended", f"no standard is recorded after {last.last}", hint)


def _verdict(blocks: Blocks, given: Assignment) -> tuple[Truth, Truth | None]:
    """Whether the rule applies and, if so, what it expects, with its facts as they are given."""
    applies = truth(blocks.applies_when, given) if blocks.applies_when is not None else Truth.TRUE
    if applies is not Truth.TRUE or blocks.expect is None:
        return applies, None
    return applies, truth(blocks.expect, given)


def _same_verdicts(rules: tuple[Rule, ...], budget: _Budget) -> Iterator[Problem]:
    alike: dict[object, list[Rule]] = {}
    for rule in rules:
        alike.setdefault(_outline(rule), []).append(rule)
    for group in alike.values():
        for one, other in combinations(group, 2):
            same = [
                _ask_the_same(a.blocks, b.blocks, budget) for a, b in zip(one.versions, other.versions, strict=True)
            ]
            if all(same):
                what = f"it always gives the same verdict as {other.id}"
                yield _problem(one, one.line, "same-verdict", what, "keep one, with the sources of both")
            elif None in same and False not in same:
                what = f"it was not looked whether it gives the same verdict as {other.id}: there are too many ways"
                budget.notes.append(_problem(one, one.line, "same-verdict", what, ""))


def _outline(rule: Rule) -> tuple[object, ...]:
    """What two rules must have in common to give the same verdict always: subjects, days, and the facts that they ask of."""
    facts = tuple(
        frozenset(table_of(version.blocks.applies_when, version.blocks.expect).domains) for version in rule.versions
    )
    days = tuple((version.first, version.last) for version in rule.versions)
    join = (rule.join[0].name, rule.join[1]) if rule.join is not None else None
    return rule.for_each, join, str(rule.judged_on), rule.calendar, days, facts


def _ask_the_same(one: Blocks, other: Blocks, budget: _Budget) -> bool | None:
    """Whether two versions always give the same verdict; None where there are too many ways to look at."""
    bare = [replace(blocks, applies_when=None, expect=None) for blocks in (one, other)]
    if bare[0] != bare[1] or (one.expect is None) is not (other.expect is None):
        return False
    if one == other:
        return True
    table = table_of(one.applies_when, one.expect, other.applies_when, other.expect)
    few = islice(table, _A_FEW)
    if any(_verdict(one, given) != _verdict(other, given) for given in few):
        return False
    if table.is_too_large or not budget.affords(table.size * (_questions(one) + _questions(other))):
        return None
    return all(_verdict(one, given) == _verdict(other, given) for given in table)


# Titles.

_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ],
        start=1,
    )
}
_LIMIT = pattern(rf"\b(\d{{1,4}}|{'|'.join(_NUMBERS)}) (working day|hour|day|week|month)s?\b")
_EACH = pattern(r"\b(?:each|every) ([a-z]+(?: [a-z]+)?)", re.IGNORECASE)
_SAID_OF_ALL = {
    "a", "an", "and", "are", "as", "at", "be", "been", "before", "by", "case", "each", "every", "for", "from", "has", "have", "in", "is", "it",
    "its", "least", "no", "not", "of", "on", "once", "or", "other", "own", "record", "recorded", "that", "the", "their", "they", "this", "to",
    "was", "were", "when", "where", "which", "who", "whom", "with", "within", "without",
}  # fmt: skip


def _title(rule: Rule, every_kind: Iterable[str]) -> Iterator[Problem]:
    """A title's numbers, its subject and its words must be the rule's."""
    limits = {limit for version in rule.versions for limit in version.blocks.limits()}
    for number, unit in _LIMIT.findall(rule.title.lower()):
        said = parse_limit(f"{_NUMBERS.get(number, number)} {unit}")
        if limits and _length(said) not in {_length(limit) for limit in limits}:
            told = ", ".join(sorted(map(str, limits)))
            yield _problem(
                rule, _line_of_title(rule), "title-not-said", f"the title says {said}", f"the rule says {told}"
            )
    kinds = _kinds(rule)
    for words in _EACH.findall(rule.title):
        named = [kind for kind in every_kind if words.lower().startswith(kind.replace("_", " "))]
        if named and not kinds & set(named):
            hint = f"it asks of each {(rule.for_each or 'case').replace('_', ' ')}"
            yield _problem(rule, _line_of_title(rule), "title-not-said", f"the title speaks of each {named[0]}", hint)
    if not _stems(rule.title) & _stems(_spoken(rule)):
        hint = "use the words of the facts that it asks for"
        yield _problem(rule, _line_of_title(rule), "title-not-said", "the title shares no word with the rule", hint)


def _length(limit: Limit) -> tuple[int, Unit]:
    """A limit, its weeks told as days."""
    return (7 * limit.count, Unit.DAYS) if limit.unit is Unit.WEEKS else (limit.count, limit.unit)


def _line_of_title(rule: Rule) -> int:
    return rule.root.places.get("title", (rule.line, 1))[0]


def _kinds(rule: Rule) -> set[str]:
    return {rule.for_each or CASE, *(path.kind for path in rule.paths()), *rule.counted}


def _spoken(rule: Rule) -> str:
    """Every word that the rule says in English: its facts, its options, its questions."""
    facts = (path.fact for path in rule.paths())
    told = [f"{fact.name} {fact.named} {fact.done} {fact.holds} {fact.asks}" for fact in facts]
    told.extend(node.english() for node in rule.nodes() if isinstance(node, Test))
    told.extend(version.blocks.judgement for version in rule.versions)
    return " ".join([rule.for_each, *told])


def _stems(text: str) -> set[str]:
    """The words of a text that carry meaning, cut to their first five letters."""
    return {word[:5] for word in re.findall(r"[a-z]+", text.lower()) if word not in _SAID_OF_ALL}


# Profiles.


def _of_profiles(checklist: Checklist) -> Iterator[Problem]:
    try:
        profiles = load_profiles(checklist)
    except InputError as error:
        yield from (replace(problem, check=problem.check or "form") for problem in error.problems)
        return
    for name in profiles:
        try:
            choose(checklist, Settings(), profile=name)
        except InputError as error:
            yield from error.problems
