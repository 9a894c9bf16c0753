"""What is fed with wrong input, and what must hold whatever it is fed with.

A target takes bytes and returns; whatever it raises is a finding. None may raise anything, say anything of a case, or give an
answer that breaks a law which holds of every answer.
"""

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from checklist import source
from checklist.case import Case
from checklist.clocks import (
    ClockError,
    Limit,
    Moment,
    due,
    elapsed,
    end_of,
    is_before,
    parse_limit,
    parse_moment,
    say_due,
    say_moment,
)
from checklist.conditions import Condition, ConditionReader, Scope
from checklist.engine import review
from checklist.findings import Verdict
from checklist.logic import Truth
from checklist.privacy import Guard
from checklist.rules import Checklist, Rule, read_rule
from checklist.runner import Options, review_text
from checklist.schema import Reading
from checklist.settings import choose, read_settings
from checklist.source import Document, InputError, Mapping, Node, Problem, Scalar, parse_document
from checklist.source import Sequence as Items
from tests import small

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CANARY = "zqxj"
"""In no word that the program says, and in many that it is fed with: what it says of a case never holds it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is fed with bytes.

    Attributes:
        name: what it is called by.
        run: takes the bytes; whatever it raises is a finding.
        seeds: inputs to begin with.
        words: what may stand in an input.
        is_tree: whether inputs are YAML, whose branches can be changed.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Sequence[bytes]
    words: Sequence[str]
    is_tree: bool = True


class BrokenLawError(AssertionError):
    """Something that must always hold did not."""


def hold(true: bool, law: str) -> None:
    """Raises where a law does not hold; unlike `assert` it is never switched off."""
    if not true:
        raise BrokenLawError(law)


# Reading.


def check_places(document: Document, problems: Sequence[Problem]) -> None:
    """Every problem stands inside the file, says what is wrong on one line, and holds nothing of it."""
    lines = document.lines or ("",)
    for problem in problems:
        hold(1 <= problem.line <= len(lines), "a problem stands on a line of the file")
        hold(1 <= problem.column <= len(lines[problem.line - 1]) + 1, "a problem stands in a column of its line")
        said = str(problem)
        hold(CANARY not in said.lower(), "a problem holds nothing of a case")
        hold(said.isprintable(), "a problem can be printed on one line")


def nodes_of(node: Node) -> Iterator[Node]:
    """A tree's nodes, without recursion."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, Items):
            waiting.extend(one.items)
        elif isinstance(one, Mapping):
            waiting.extend(one.entries.values())


def read(data: bytes) -> None:
    """The reader: a document for any bytes, with true places, and one answer whoever parses."""
    document = parse_document(data, name="case.yaml")
    hold(document.root is not None or bool(document.problems), "no document is empty without a problem")
    check_places(document, (*document.problems, *document.notices))
    for node in nodes_of(document.root) if document.root is not None else ():
        hold(1 <= node.line <= len(document.lines), "a value stands on a line of the file")
        hold(1 <= node.column <= len(document.lines[node.line - 1]) + 1, "a value stands in a column of its line")
        if isinstance(node, Mapping):
            hold(node.entries.keys() == node.places.keys(), "every key has a place")
    # The pure parser is twelve times slower: every sixteenth input, by its own bytes so that a finding can be repeated.
    if sum(data) % 16 == 0:
        _read_by_the_other(data, document)


def guard(data: bytes) -> None:
    """The guard: an answer for any text, with true places, that never holds what was found; a stricter one refuses no less."""
    document = parse_document(data, name="case-0001.yaml")
    usual, strict = (one.check(document) for one in _guards())
    check_places(document, (*usual.errors, *usual.warnings))
    hold(bool(strict.errors) == bool(usual.errors or usual.warnings), "what is warned of is refused by a strict guard")
    for problem in (*strict.errors, *usual.warnings):
        hold(CANARY not in f"{problem.what} {problem.hint}".lower(), "nothing is said of what was found")


@cache
def _guards() -> tuple[Guard, Guard]:
    return Guard(small.vocabulary()), Guard(small.vocabulary(), strict=True)


def _read_by_the_other(data: bytes, document: Document) -> None:
    usual = vars(source)["_EventReader"]
    vars(source)["_EventReader"] = yaml.SafeLoader
    try:
        other = parse_document(data, name="case.yaml")
    finally:
        vars(source)["_EventReader"] = usual
    check_places(other, (*other.problems, *other.notices))
    if not document.problems and not other.problems:
        hold(_bare(document.root) == _bare(other.root), "both parsers read the same")


def _bare(node: Node | None) -> object:
    match node:
        case Scalar():
            return node.text
        case Items():
            return [_bare(item) for item in node.items]
        case Mapping():
            return {key: _bare(value) for key, value in node.entries.items()}
        case None:
            return None


# Settings.


@cache
def checklist() -> Checklist:
    """Small rules that settings may change and choose."""
    return _checklist_of("deadline-by-risk.yaml")


@cache
def _place() -> Path:
    folder = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)  # noqa: S108  # ours
    _kept.append(folder)
    return Path(folder.name) / ".review.yaml"


_kept: list[Any] = []


def settle(data: bytes) -> None:
    """Settings: read and applied, or refused with every problem at its line; never more shown than without them."""
    path = _place()
    path.write_bytes(data)
    try:
        settings = read_settings(path)
    except InputError as error:
        hold(bool(error.problems), "what is refused has a reason")
        hold(all(str(one).isprintable() for one in error.problems), "a problem can be printed on one line")
        return
    hold(settings.digest != "", "settings that are used have a digest")
    try:
        chosen = choose(checklist(), settings)
    except InputError as error:
        hold(bool(error.problems), "what is refused has a reason")
        return
    hold(bool(chosen.rules), "at least one rule is asked")
    hold({rule.id for rule in chosen.rules} <= {rule.id for rule in checklist().rules}, "settings invent no rule")
    for case in cases()[:2]:
        review(case, chosen)


# Rules.


@cache
def cases() -> tuple[Case, ...]:
    """Cases that every rule that can be read must be able to judge."""
    return tuple(small.case_of(data.decode()) for data in _saved("cases"))


def rule_of(data: bytes) -> Rule | None:
    """A rule, if it can be read; its problems stand in the file."""
    document = parse_document(data, name="rule.yaml")
    rule, problems = read_rule(document, small.vocabulary(), small.calendars())
    lines = document.lines or ("",)
    for problem in problems:
        hold(1 <= problem.line <= len(lines), "a problem stands on a line of the file")
        hold(str(problem).isprintable(), "a problem can be printed on one line")
    hold(rule is not None or bool(problems), "a rule that is refused has a reason")
    return rule if not problems else None


def rules(data: bytes) -> None:
    """A rule file: read or refused at its line; one that is read judges any case, the same twice, and says nothing of its notes."""
    rule = rule_of(data)
    if rule is None:
        return
    one = Checklist(small.vocabulary(), (rule,), small.calendars())
    asked = " ".join(version.blocks.judgement for version in rule.versions).lower()  # a rule's own question may be said
    for case in cases():
        first, second = review(case, one), review(case, one)
        hold(first == second, "the same rule says the same of the same case")
        hold(len(first.findings) >= 1, "a rule has at least one finding")
        for finding in first.findings:
            hold(isinstance(finding.verdict, Verdict), "a finding has a verdict")
            said = json.dumps([finding.says, finding.due, finding.elapsed]).lower()
            hold(CANARY not in said or CANARY in asked, "no free text is said")


# Conditions.


def conditions(data: bytes) -> None:
    """A condition: read or refused at its line; one that is read has an answer of every case, and its negation another one."""
    document = parse_document(data, name="condition")
    if document.root is None or document.problems:
        return
    reading = Reading("condition")
    found = ConditionReader(reading, small.vocabulary()).condition(document.root)
    lines = document.lines
    for problem in reading.problems:
        hold(1 <= problem.line <= len(lines), "a problem stands on a line of the file")
        hold(str(problem).isprintable(), "a problem can be printed on one line")
    hold(found is not None or bool(reading.problems), "a condition that is refused has a reason")
    if found is None or reading.problems:
        return
    english = found.english()
    hold(bool(english.strip()), "a condition can be said in English")
    names = {path.fact.name for path in found.paths()}
    hold(all(small.vocabulary().fact(name.rpartition(":")[2]) or ":" not in name for name in names), "facts are known")
    turned = _turned_round(document.root)
    for case in cases():
        _ask(found, turned, case)


def _turned_round(root: Node) -> Condition | None:
    """The condition as it is read under `not:`; None where it may not stand there."""
    reading = Reading("condition")
    under = Mapping({"not": root}, {"not": (1, 1)}, 1, 1)
    turned = ConditionReader(reading, small.vocabulary()).condition(under)
    return None if reading.problems else turned


def _ask(condition: Condition, turned: Condition | None, case: Case) -> None:
    for kind in ("suspect", "child", "case"):
        things = (case.whole,) if kind == "case" else case.listing(kind).things[:2]
        for thing in things:
            scope = Scope(case, small.vocabulary(), thing, {thing.kind: thing})
            answer = condition.ask(scope)
            hold(answer == condition.ask(scope), "the same question has the same answer")
            hold(answer.truth is not Truth.UNKNOWN or bool(answer.evidence), "an unknown carries its causes")
            if turned is not None:
                # Of what is recorded as none, either may be unknown: a negation is never true of a thing that is not there.
                both = answer.truth is turned.ask(scope).truth and answer.truth is not Truth.UNKNOWN
                hold(not both, "a condition and its negation never have the same answer")


# Clocks.


def clocks(data: bytes) -> None:
    """Dates and limits: understood or refused, in words that repeat nothing; intervals that are intervals; limits that end in order."""
    text = data.decode("utf-8", "replace")
    first, _, rest = text.partition("\n")
    second, _, third = rest.partition("\n")
    moments = [one for one in (_moment(first), _moment(second)) if one is not None]
    limit = _limit(third)
    calendar = small.calendars()["england-and-wales"]
    for moment in moments:
        for start in {moment.lo, moment.hi} - {None}:
            if limit is not None and start is not None:
                _ends(start, limit, calendar)
        hold(bool(say_moment(moment)), "a moment can be said")
        hold(is_before(moment, moment) is not True, "nothing is before itself")
        with contextlib.suppress(ClockError):
            end_of(moment)
    if len(moments) == 2:
        hold(bool(elapsed(*moments)), "how long it was can be said")
        there, back = is_before(*moments), is_before(*reversed(moments))
        hold(not (there and back), "of two moments only one is before the other")


def _moment(text: str) -> Moment | None:
    anchor = Moment(24_106_215, 24_106_215, small.case_of("").as_of.precision, "x")
    try:
        moment = parse_moment(
            text, day_zero=date(2015, 9, 1), anchors=lambda name: anchor if name == "report" else None
        )
    except ClockError as error:
        hold(CANARY not in str(error).lower(), "a refused date is not repeated")
        return None
    hold(moment.lo is None or moment.hi is None or moment.lo <= moment.hi, "an interval begins before it ends")
    hold(moment.lo is not None or moment.hi is not None, "a moment has at least one end")
    return moment


def _limit(text: str) -> Limit | None:
    try:
        limit = parse_limit(text)
    except ClockError as error:
        hold(CANARY not in str(error).lower(), "a refused limit is not repeated")
        return None
    hold(limit.count > 0, "a limit leaves time")
    hold(parse_limit(str(limit)) == limit, "a limit is read as it is said")
    return limit


def _ends(start: int, limit: Limit, calendar: Any) -> None:
    end, later = due(start, limit, calendar), due(start, Limit(limit.count + 1, limit.unit), calendar)
    if end is None:
        return
    hold(end.ends > start, "a limit ends after it starts")
    hold(bool(say_due(end)), "a limit's end can be said")
    if later is not None:
        hold(later.ends >= end.ends, "a longer limit ends no earlier")
    tomorrow = due(start + 24 * 60, limit, calendar)
    if tomorrow is not None:
        hold(tomorrow.ends >= end.ends, "a limit that starts later ends no earlier")


# Whole cases.


def whole(data: bytes) -> None:
    """A case file: reviewed or refused; nothing of it is said, and findings are never fewer than the rules."""
    asked = _several()
    found = review_text(data, asked, Options(), name="case.yaml")
    document = parse_document(data, name="case.yaml")
    check_places(document, found.problems)
    hold(found.was_reviewed or bool(found.problems), "a case that is not reviewed has a reason")
    if found.was_reviewed:
        hold(len(found.findings) >= len(asked.rules), "every rule has a finding")
    for finding in found.findings:
        hold(finding.verdict is not Verdict.MET or not _unreadable(finding), "what cannot be read is never met")


def _unreadable(finding: Any) -> bool:
    return bool(finding.evidence) and all(one.state == "unreadable" for one in finding.evidence)


def _checklist_of(*names: str) -> Checklist:
    """Rules of the corpus, all of them unless some are named."""
    folder = HERE / "corpus" / "rules"
    files = [folder / name for name in names] or sorted(folder.glob("*.yaml"))
    read_ = [rule_of(path.read_bytes()) for path in files]
    return Checklist(small.vocabulary(), tuple(rule for rule in read_ if rule is not None), small.calendars())


@cache
def _several() -> Checklist:
    return _checklist_of()


# Sinks.


@cache
def sinks() -> tuple[Callable[[str], None], ...]:
    """Each draws a review that holds a text wherever a text may stand, and reads the report again with a program of others."""
    from tests.fuzz import sinks as all_sinks  # noqa: PLC0415  # the readers of reports are slow to load

    return all_sinks.SINKS


WHICH = bytes((11, 12, *[3] * 2, *[13] * 4, *[0] * 3, *[2] * 3, *[1, 4, 5, 6, 7, 8, 9, 10] * 30, 8, 8))
"""Which sink a first byte stands for: the slow ones less often, so that all have many."""


def sink(data: bytes) -> None:
    """A text in a report: the first byte says in which, the rest is the text, unpaired surrogates and all."""
    if data:
        chosen = sinks()
        chosen[WHICH[data[0]]](data[1:400].decode("utf-8", "surrogateescape"))


# What they begin with.

DATES = (
    *("2015-09-01", "2015-09-01T10:15", "2015-09-01T10:15Z", "2015-09-01T10:15+02:00", "2015-09", "2015", "day 0"),
    *(
        "day 21T09:15",
        "report + 21 days",
        "report + 3 months",
        "2016-03-01/2016-03-20",
        "2016-03-18/..",
        "../2016-03-18",
    ),
    *("2015-03-29T01:30", "2015-10-25T01:30", "1900-01-01", "2100-12-31", "2016-02-29", "day 1/day 9", "4/3/2016"),
)
LIMITS = (
    "24 hours",
    "1 day",
    "15 working days",
    "2 weeks",
    "3 months",
    "999 months",
    "9999 working days",
    "100000 hours",
)


@cache
def _files(*folders: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for folder in folders for path in sorted((ROOT / folder).rglob("*.yaml")))


@cache
def _saved(name: str) -> tuple[bytes, ...]:
    """What earlier runs found worth keeping."""
    return tuple(path.read_bytes() for path in sorted((HERE / "corpus" / name).glob("*")))


@cache
def _words_of_cases() -> tuple[str, ...]:
    vocabulary = small.vocabulary()
    names = [
        name
        for kind in vocabulary.kinds.values()
        for name in (kind.plural, *(fact.name.rpartition(".")[2] for fact in kind.facts.values()))
    ]
    states = (
        "unknown",
        "redacted",
        "not recorded",
        "not applicable",
        "yes",
        "no",
        "none",
        "all",
        "some",
        "4 of 20",
        "[]",
    )
    keys = ("is", "at", "known", "written_down", "source", "by", "note", "done", "reason", "decided_by", "decided_at",
            "ref", "about", "count", "at_least", "conflicting", "from", "until", "case", "as_of", "looked_at", "day_0",
            "judgements", "rule", "subject", "answer", "others not recorded", "abuse", "high", "low", "S1", "C1")  # fmt: skip
    return (*names, *states, *keys, *DATES, *LIMITS, CANARY)


@cache
def _words_of_rules() -> tuple[str, ...]:
    facts = tuple(small.vocabulary().names())
    keys = ("for_each", "join", "applies_when", "expect", "deadline", "event", "after", "limit", "by", "schedule", "every",
            "some", "none", "at_most", "not", "all_of", "any_of", "of", "where", "satisfies", "count", "in", "includes",
            "includes_all", "recorded", "before", "at_least", "under", "over", "first_of", "last_of", "first_known",
            "if_recorded", "if_not_recorded", "accept_reasons", "versions", "judgement", "limit_standing", "local",
            "calendar", "england-and-wales", "passes_when_absent", "judged_on", "off", "examples", "source", "standing",
            "small", "settings", "limits", "owner", "profiles", "extends", "include", "exclude", "select")  # fmt: skip
    return (*facts, *keys, *_words_of_cases())


def _in_every_sink(texts: Sequence[str]) -> tuple[bytes, ...]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    return tuple(bytes([number * 101 % 256]) + text for number, text in enumerate(encoded * 6))


@cache
def target(name: str) -> Target:
    """A target by its name, with what it begins with: what is saved for it, and for some what lies about."""
    fed: dict[str, tuple[Callable[[bytes], None], Callable[[], Sequence[str]]]] = {
        "reader": (read, _words_of_cases),
        "settings": (settle, _words_of_rules),
        "rules": (rules, _words_of_rules),
        "conditions": (conditions, _words_of_rules),
        "clocks": (clocks, _words_of_clocks),
        "cases": (whole, _words_of_cases),
        "guard": (guard, _words_of_the_guard),
        "sinks": (sink, _hostile),
    }
    run, words = fed[name]
    seeds = _saved(name)
    if name == "reader":
        seeds += (*_files("examples", "tests/bad/source", "tests/bad/case"), *_saved("cases"))
    elif name == "clocks":
        seeds += tuple(f"{one}\n{two}\n{limit}".encode() for one in DATES for two in DATES[:4] for limit in LIMITS)
    elif name == "guard":
        seeds += (*_files("examples"), *(f"# {word}\ncase: {word}\n".encode() for word in _words_of_the_guard()))
    elif name == "sinks":
        seeds += _in_every_sink(_hostile())
    return Target(name, run, seeds, words(), is_tree=name not in ("clocks", "sinks"))


def _words_of_clocks() -> tuple[str, ...]:
    units = ("days", "hours", "working days", "months", "day", "report")
    return (*DATES, *LIMITS, *"0123456789-/.+:TZ \n", *units, CANARY)


@cache
def _words_of_the_guard() -> tuple[str, ...]:
    found = ("943 476 5919", "AB123456C", "07700 900123", "a@b.example", "SW1A 1AA", "born 3/3/2008", "Mrs Kayleigh Smith",
             "GB33BUKB20201555555555", "192.168.10.14", "51.5074, -0.1278", "AB12 CDE", "12-34-56 12345678", "log 14",
             "S1 2nd", "4 of 20", "///one.two.three", "@somebody", "2015-09-22", "\u200b", "\uff10", "0" * 40, "A" * 300)  # fmt: skip
    return (*found, *_words_of_cases())


@cache
def _hostile() -> tuple[str, ...]:
    from tests import drawn, tables  # noqa: PLC0415  # as above

    return tuple(text.encode("utf-8", "replace").decode() for text in (*drawn.HOSTILE, *tables.HOSTILE))


NAMES = ("reader", "settings", "rules", "conditions", "clocks", "cases", "guard", "sinks")
