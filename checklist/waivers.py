"""Findings that somebody accepted: who, why, until when. A waiver keeps a finding from moving the exit code; its verdict stays."""

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from checklist.case import NOTHING_SAID, ROLE
from checklist.findings import TO_ACT_ON, Finding, Review, Verdict, Waiver, is_worse, worst
from checklist.later import dataclass
from checklist.schema import Reading, opened
from checklist.source import InputError, Node, Problem, did_you_mean
from checklist.source import Mapping as MappingNode

NAME = "waivers.yaml"
ALL = "all"
_WORDS = ("rule", "case", "subject", "reason", "approved_by")
_DAYS = ("approved_on", "expires")
_LONGEST = 366
"""Days for which a finding may be accepted before its waiver is called over-broad: our default, no source gives a number."""


@dataclass(frozen=True, slots=True)
class Waivers:
    """Every waiver of a file."""

    entries: tuple[Waiver, ...] = ()
    digest: str = ""
    """SHA-256 of the file; empty where there is none."""
    by_place: dict[tuple[str, str], tuple[Waiver, ...]] = field(default_factory=dict)
    """By case and rule."""


def read_waivers(path: Path, rules: frozenset[str]) -> Waivers:
    """The waivers of a file.

    Args:
        path: the file.
        rules: the ids of all rules that there are.

    Raises:
        InputError: with every problem of the file.
    """
    reading, node, digest = opened(path)
    root = reading.mapping(node, "a file of waivers") if node is not None else None
    entries: list[Waiver] = []
    if root is not None:
        reading.only(root, ("waivers",), "a file of waivers")
        nodes = reading.items(root.entries.get("waivers"), "waivers")
        if "waivers" not in root.entries:
            reading.refuse(root, "'waivers' is missing", "write `waivers:` and a list of them, or `waivers: []`")
        entries = [waiver for node in nodes if (waiver := _waiver(reading, node, rules)) is not None]
    _refuse_repeats(reading, entries)
    if reading.problems:
        raise InputError(reading.problems)
    by_place: dict[tuple[str, str], tuple[Waiver, ...]] = {}
    for waiver in entries:
        place = (waiver.case, waiver.rule)
        by_place[place] = (*by_place.get(place, ()), waiver)
    return Waivers(tuple(entries), digest, by_place)


def _waiver(reading: Reading, node: Node, rules: frozenset[str]) -> Waiver | None:
    mapping = reading.mapping(node, "a waiver")
    if mapping is None:
        return None
    reading.only(mapping, (*_WORDS, *_DAYS, "verdict", "evidence"), "a waiver")
    texts = {key: reading.text(mapping, key, required=True).strip() for key in _WORDS}
    rule, role = texts["rule"], texts["approved_by"]
    if rule and rule not in rules:
        hint = did_you_mean(rule, rules) or "a waiver names one rule; `checklist rules` lists them"
        reading.refuse(mapping.entries["rule"], f"no such rule: {rule!r}", hint)
    if texts["case"] in (ALL, "*"):
        reading.refuse(mapping.entries["case"], "a waiver is for one case", "name the case, as its `case:` does")
    for key in ("reason", "approved_by"):
        if texts[key] in NOTHING_SAID:
            reading.refuse(mapping.entries[key], f"{key!r} is {texts[key]}", "a waiver says who accepted it, and why")
    if role and not ROLE.match(role):
        hint = "write a role in small letters, such as detective superintendent, never a name"
        reading.refuse(mapping.entries["approved_by"], "approved_by must be a role", hint)
    approved, expires = (_day(reading, mapping, key) for key in _DAYS)
    if approved is not None and expires is not None and expires < approved:
        reading.refuse(
            mapping.entries["expires"], "it expires before it was approved", "write the last day on which it holds"
        )
    if approved is None or expires is None or not all(texts.values()):
        return None
    verdict = reading.choice(mapping, "verdict", TO_ACT_ON)
    return Waiver(
        **texts,
        approved_on=approved,
        expires=expires,
        verdict=Verdict(verdict) if verdict else None,
        evidence=reading.text(mapping, "evidence").strip(),
        file=reading.file,
        line=mapping.line,
    )


def _day(reading: Reading, mapping: MappingNode, key: str) -> date | None:
    text = reading.text(mapping, key, required=True).strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        reading.refuse(mapping.entries[key], f"{key} must be one day", "write it as 2026-03-31")
        return None


def _refuse_repeats(reading: Reading, entries: list[Waiver]) -> None:
    seen: dict[tuple[str, str, str], int] = {}
    for waiver in entries:
        place = (waiver.case, waiver.rule, waiver.subject)
        if place in seen:
            what = f"the same finding is accepted twice, first on line {seen[place]}"
            reading.refuse((waiver.line, 1), what, "keep one of them")
        seen.setdefault(place, waiver.line)


# Deciding.


def in_force(waiver: Waiver, as_of: date | None) -> bool:
    """Whether a waiver still holds on the day that a review stands on, to the end of the day on which it expires; on no date none does."""
    return as_of is not None and as_of <= waiver.expires


def is_accepted(verdict: Verdict, waiver: Waiver) -> bool:
    """Whether a verdict is the one that was accepted, or none so bad; a waiver that names none accepts any."""
    return waiver.verdict is None or not is_worse(verdict, waiver.verdict)


def apply(review: Review, waivers: Waivers) -> Review:
    """The review with each accepted finding marked; no verdict changes.

    Only what is to be acted on can be accepted, only while the waiver is in force on the review's as-of day, and nothing worse
    than the verdict that it names.
    """
    if not waivers.entries or not review.was_reviewed:
        return review
    as_of = day_of(review)
    return replace(review, findings=tuple(_marked(finding, review.case, as_of, waivers) for finding in review.findings))


def _marked(finding: Finding, case: str, as_of: date | None, waivers: Waivers) -> Finding:
    found = waivers.by_place.get((case, finding.rule), ())
    if not found or finding.verdict not in TO_ACT_ON:
        return finding
    fitting = [one for one in found if _fits(one, finding, as_of) and is_accepted(finding.verdict, one)]
    exact = [one for one in fitting if one.subject == finding.subject]
    return replace(finding, waiver=(exact or fitting)[0]) if fitting else finding


def _fits(waiver: Waiver, finding: Finding, as_of: date | None) -> bool:
    return waiver.rule == finding.rule and waiver.subject in (finding.subject, ALL) and in_force(waiver, as_of)


def day_of(review: Review) -> date | None:
    """The day that a review stands on; None where it is only counted from day 0."""
    try:
        return date.fromisoformat(review.as_of[:10])
    except ValueError:
        return None


# What must be said of waivers.


class Watch:
    """Follows a run, and says in the end which waivers were expired, unused or over-broad."""

    def __init__(self, waivers: Waivers, asked: frozenset[str]) -> None:
        """Nothing was seen yet.

        Args:
            waivers: all of them.
            asked: the ids of the rules that are asked in this run.
        """
        self._waivers = waivers
        self._asked = asked
        self._used: dict[Waiver, int] = {}
        self._expired: dict[Waiver, int] = {}
        self._undated: set[Waiver] = set()
        self._outgrown: dict[Waiver, Verdict] = {}
        """The worst of what stands there now, where that was not accepted."""
        self._cases: set[str] = set()
        self._awaited = {waiver.case for waiver in waivers.entries}

    def see(self, review: Review) -> None:
        """Notes which waivers a review used, and which would have been used had they not expired."""
        if not review.was_reviewed or review.case not in self._awaited:
            return
        self._cases.add(review.case)
        as_of = day_of(review)
        for finding in review.findings:
            if finding.waiver is not None:
                self._used[finding.waiver] = self._used.get(finding.waiver, 0) + 1
        for waiver in self._waivers.entries:
            if waiver.case != review.case:
                continue
            if as_of is None:
                self._undated.add(waiver)
            elif not in_force(waiver, as_of):
                self._expired[waiver] = self._expired.get(waiver, 0) + 1
            left = [one.verdict for one in review.findings if _fits(waiver, one, as_of) and one.waiver is None]
            worse = [verdict for verdict in left if not is_accepted(verdict, waiver)]
            if worse:
                self._outgrown[waiver] = worst([*worse, self._outgrown.get(waiver, worse[0])])

    def notices(self) -> tuple[Problem, ...]:
        """What there is to say, in the order of the file."""
        return tuple(notice for waiver in self._waivers.entries for notice in self._of(waiver))

    def _of(self, waiver: Waiver) -> Iterator[Problem]:
        named = f"{waiver.rule} of {waiver.subject} in {waiver.case}"
        used = self._used.get(waiver, 0)
        if waiver in self._undated:
            what = f"whether a waiver has expired cannot be told, for its case stands on no date: {named}"
            yield _notice(waiver, what, "it accepts nothing; write a date in as_of, or use --as-of")
        elif waiver in self._expired:
            yield _notice(
                waiver, f"an expired waiver, since {waiver.expires}: {named}", "it accepts nothing; decide anew"
            )
        elif waiver.case not in self._cases:
            yield _notice(waiver, f"a waiver for a case that was not reviewed: {named}", "")
        elif waiver.rule not in self._asked:
            yield _notice(waiver, f"a waiver of a rule that was not asked; nothing is said of it: {named}", "")
        elif waiver in self._outgrown:
            what = f"a waiver of what was {waiver.verdict}: {named}: it is {self._outgrown[waiver]} now"
            yield _notice(waiver, what, "nobody accepted that; decide anew")
        elif not used:
            yield _notice(waiver, f"an unused waiver: there is nothing to act on for {named}", "delete it")
        if used > 1:
            yield _notice(
                waiver, f"an over-broad waiver: it accepts {used} findings: {named}", "write one for each subject"
            )
        if (waiver.expires - waiver.approved_on).days > _LONGEST:
            hint = "accept it for a year at most (our default), and decide anew"
            yield _notice(waiver, f"an over-broad waiver: it holds for more than a year: {named}", hint)


def _notice(waiver: Waiver, what: str, hint: str) -> Problem:
    return Problem(waiver.file, waiver.line, 1, what, hint)
