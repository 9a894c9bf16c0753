"""The findings of an earlier day, so that only what is new or worse than then breaks a build; and which of them are gone."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from checklist.findings import TO_ACT_ON, Age, Review, Verdict, is_worse, worst
from checklist.later import dataclass
from checklist.rules import Checklist
from checklist.source import InputError, Limits, Problem, read_bytes
from checklist.summary import Gone

FORMAT = "review-baseline/1"
_LIMITS = Limits(bytes=1 << 30)
_Key = tuple[str, str, str]  # case, rule, subject


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was to be acted on, on the day that the baseline was written."""

    verdicts: dict[_Key, Verdict] = field(default_factory=dict)
    """By case, rule and subject; where several findings share these, the worst."""
    digest: str = ""
    """SHA-256 of the file."""
    rulebook: str = ""
    """The digest of the rulebook by which it was made."""
    asked: frozenset[str] = frozenset()
    """The rules that were asked."""
    file: str = ""


def lines_of(reviews: Iterable[Review], checklist: Checklist, *, version: str) -> Iterator[str]:
    """The text of a baseline: a head, a line for each finding to act on, and their number; codes and verdicts only."""
    asked = [rule.id for rule in checklist.rules]
    yield _line({"format": FORMAT, "tool": version, "rulebook": checklist.digest, "asked": asked})
    number = 0
    for review in reviews:
        for key, verdict in sorted(_to_act_on(review).items()):
            case, rule, subject = key
            number += 1
            yield _line({"case": case, "rule": rule, "subject": subject, "verdict": str(verdict)})
    yield _line({"findings": number})


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True) + "\n"


def _to_act_on(review: Review) -> dict[_Key, Verdict]:
    found: dict[_Key, Verdict] = {}
    for finding in review.findings:
        if finding.verdict in TO_ACT_ON:
            key = (review.case, finding.rule, finding.subject)
            found[key] = worst((found.get(key, finding.verdict), finding.verdict))
    return found


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file.

    Raises:
        InputError: for a file that cannot be read, or is none.
    """
    data = read_bytes(path, name=path.name, limits=_LIMITS)
    head, *entries = [_entry(text) for text in data.split(b"\n") if text.strip()] or [{}]
    hint = "write it anew: checklist baseline cases/ > baseline.jsonl"
    if head.get("format") != FORMAT or not isinstance(head.get("asked"), list):
        raise InputError([Problem(path.name, 1, 1, "this is no baseline", hint)])
    verdicts: dict[_Key, Verdict] = {}
    for number, entry in enumerate(entries[:-1], start=2):
        verdict = next((one for one in TO_ACT_ON if entry.get("verdict") == one), None)
        words = [word for key in ("case", "rule", "subject") if isinstance(word := entry.get(key), str)]
        if verdict is None or len(words) < 3:
            raise InputError([Problem(path.name, number, 1, "this is no baseline", hint)])
        verdicts[words[0], words[1], words[2]] = verdict
    if not entries or entries[-1].get("findings") != len(entries) - 1:
        what = "this is no baseline: it does not end with the number of its findings"
        raise InputError([Problem(path.name, len(entries) + 1, 1, what, hint)])
    digest = hashlib.sha256(data).hexdigest()
    return Baseline(verdicts, digest, str(head.get("rulebook", "")), frozenset(map(str, head["asked"])), path.name)


def _entry(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def compare(review: Review, baseline: Baseline) -> Review:
    """The review with each finding to act on marked as new, worse or known; no verdict changes."""
    findings = []
    for finding in review.findings:
        if finding.verdict not in TO_ACT_ON:
            findings.append(finding)
            continue
        was = baseline.verdicts.get((review.case, finding.rule, finding.subject))
        findings.append(replace(finding, age=_age(finding.verdict, was)))
    return replace(review, findings=tuple(findings))


def _age(verdict: Verdict, was: Verdict | None) -> Age:
    if was is None:
        return Age.NEW
    return Age.WORSE if is_worse(verdict, was) else Age.KNOWN


class Watch:
    """Follows a run, and says in the end what of the baseline is gone."""

    def __init__(self, baseline: Baseline, checklist: Checklist) -> None:
        self._baseline = baseline
        self._rulebook = checklist.digest
        self._asked = frozenset(rule.id for rule in checklist.rules)
        self._left = dict(baseline.verdicts)
        self._cases: set[str] = set()
        self._awaited = {case for case, _, _ in baseline.verdicts}

    def see(self, review: Review) -> None:
        """Notes which findings of the baseline are still there."""
        if not review.was_reviewed or review.case not in self._awaited:
            return
        self._cases.add(review.case)
        for key in _to_act_on(review):
            self._left.pop(key, None)

    def gone(self) -> tuple[Gone, ...]:
        """The findings that are no longer there to act on, of cases that were reviewed and rules that were asked."""
        return tuple(
            Gone(*key, str(verdict))
            for key, verdict in sorted(self._left.items())
            if key[0] in self._cases and key[1] in self._asked
        )

    def notices(self) -> Iterator[Problem]:
        """What must be known before the comparison is trusted."""
        file = self._baseline.file
        if self._baseline.rulebook != self._rulebook:
            what = "the baseline was written by another rulebook: what is new may be new rules, and not new findings"
            yield Problem(file, 1, 1, what, "")
        unasked = sum(rule not in self._asked for case, rule, _ in self._baseline.verdicts if case in self._cases)
        if unasked:
            told = f"{unasked} findings of the baseline are of rules that were not asked; nothing is said of them"
            yield Problem(file, 1, 1, told)
        added = len(self._asked - self._baseline.asked)
        if added:
            told = f"{added} rules are asked that the baseline did not ask: all that they find is new"
            yield Problem(file, 1, 1, told)
        unseen = len(self._awaited - self._cases)
        if unseen:
            told = "1 case of the baseline was" if unseen == 1 else f"{unseen} cases of the baseline were"
            yield Problem(file, 1, 1, f"{told} not reviewed; nothing is said of {'it' if unseen == 1 else 'them'}")
