"""What there is to act on, as SARIF 2.1.0, for code scanning and other collectors of results."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from checklist.findings import TO_ACT_ON, WORST_FIRST, Age, Finding, Review, Severity, Verdict, Waiver
from checklist.logic import Evidence
from checklist.reporters import Page
from checklist.reporters.report import accepted, judged_by, sentence, visible
from checklist.source import Problem
from checklist.summary import Run

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""GitHub refuses a run that has more."""
_MOST_RELATED, _MOST_TAGS, _MOST_NOTIFICATIONS = 100, 20, 1_000
_ROOT = "%SRCROOT%"

# GitHub's code scanning shows every result as an alert: it reads neither `kind` nor `suppressions` nor `baselineState`. So
# what is met, not due, excused or does not apply is no result at all, and what a reader must know of a result (its verdict,
# who accepted it) stands in its message too. What is open *is* something to act on, and is left in, at the lowest level.
_KINDS = {
    Verdict.NOT_MET: "fail",
    Verdict.CANNOT_TELL: "open",
    Verdict.NOT_RECORDED: "open",
    Verdict.NEEDS_JUDGEMENT: "review",
}
_LEVELS = {Severity.CRITICAL: "error", Severity.SERIOUS: "error", Severity.MINOR: "warning", Severity.NOTE: "note"}
_BESIDE_BASELINE = {Age.NEW: "new", Age.WORSE: "updated", Age.KNOWN: "unchanged"}
_SEVERITIES = tuple(Severity)


class Report:
    """The reviews as one SARIF log of one run; the worst 25,000 results are kept, packed, until the end."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.results = _Worst(MOST_RESULTS)
        self.rules: dict[str, Finding] = {}
        self.told = _Notifications()
        self.reviewed = 0
        self.failed = False

    def begin(self) -> str:
        """The head of the log."""
        return f'{{"$schema":{_json(SCHEMA)},"version":"2.1.0","runs":[{{'

    def review(self, review: Review) -> str:
        """Nothing yet: a later case may hold worse than this one, and only so many results may be given."""
        self.reviewed += review.was_reviewed
        self.failed = self.failed or bool(review.problems) or not review.was_reviewed
        for problem in review.problems:
            self.told.add("error", problem=problem)
        if not review.was_reviewed:
            told = "not reviewed: the file could not be read in full, and nothing is said of the case"
            self.told.add("error", problem=Problem(review.file, 1, 1, told))
        for notice in self.page.of_case(review):
            self.told.add("note", problem=Problem(review.file, 1, 1, notice))
        for finding in review.findings:
            if finding.verdict in TO_ACT_ON:
                self.rules.setdefault(finding.rule, finding)
                if self.results.takes(finding):
                    self.results.add(finding, _json(_result(finding, review, self.page)))
        return ""

    def end(self, run: Run) -> str:
        """The results, the worst first, and what they were made with."""
        self._tell(run)
        failed = self.failed or bool(run.problems) or not run.complete or not self.reviewed
        driver = {
            "name": "review",
            "version": _words(self.page.version) or "0",
            "rules": [_rule(finding) for finding in self.rules.values()],
        }
        invocation = {"executionSuccessful": not failed, "toolExecutionNotifications": self.told.all()}
        after = {
            "tool": {"driver": driver},
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that the review was started in."}}},
            "properties": _run_properties(run, self.page),
        }
        # In one go: with all results it is some 30 MB, and each copy would be as much again.
        return "".join(('"results":[', *self.results.all(), "\n],\n", _json(after)[1:], "]}\n"))

    def _tell(self, run: Run) -> None:
        """What is wrong with the run, and what was passed over."""
        if not run.complete:
            self.told.add("error", "Stopped before the end: nothing is said of the cases that were not reviewed.")
        if not self.reviewed:
            self.told.add("error", "No case was reviewed.")
        for problem in run.problems:
            self.told.add("error", problem=problem)
        if self.results.left_out:  # an error: a collector then takes the results to be incomplete
            told = f"{self.results.left_out} results are left out, none of them worse than one that is given: a run holds at most {MOST_RESULTS}. --format json has all."
            self.told.add("error", told)
        for note in self.page.notes:
            self.told.add("note", sentence(note))
        for notice in run.notices:
            self.told.add("warning", problem=notice)
        for skipped in run.skipped:
            self.told.add("note", problem=Problem(skipped.path, 1, 1, f"passed over: {skipped.why}"))
        for gone in run.gone:
            told = f"gone since the baseline: {gone.case}, {gone.rule}, {gone.subject} (was {gone.was})"
            self.told.add("note", told)


class _Worst:
    """Texts of findings, at most so many: a lesser one makes room for a worse one, and none for its like."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.number = 0
        self.left_out = 0
        self.tiers: dict[tuple[bool, int, int], list[bytes]] = {}

    def takes(self, finding: Finding) -> bool:
        """Whether there is room for a finding; one that there is no room for is counted."""
        if self.number < self.most or _tier(finding) < max(self.tiers):
            return True
        self.left_out += 1
        return False

    def add(self, finding: Finding, text: str) -> None:
        """Keeps a text, packed to a third of its size, in the place of the last of the least if there are too many."""
        self.tiers.setdefault(_tier(finding), []).append(zlib.compress(text.encode(), 1))
        self.number += 1
        if self.number > self.most:
            least = max(self.tiers)
            self.tiers[least].pop()
            if not self.tiers[least]:
                del self.tiers[least]
            self.number -= 1
            self.left_out += 1

    def all(self) -> Iterator[str]:
        """The texts as a list is written, the worst first, those alike in the order in which they came."""
        between = "\n"
        for tier in sorted(self.tiers):
            for packed in self.tiers[tier]:
                yield between + zlib.decompress(packed).decode()
                between = ",\n"


def _tier(finding: Finding) -> tuple[bool, int, int]:
    """How bad a finding is, the worst lowest: what somebody accepted or what was known comes after all else."""
    return finding.is_settled, WORST_FIRST.index(finding.verdict), _SEVERITIES.index(finding.severity)


class _Notifications:
    """What is said of the run itself, at most so much at each level; the rest is counted."""

    def __init__(self) -> None:
        self.kept: dict[str, list[dict[str, Any]]] = {"error": [], "warning": [], "note": []}
        self.more = dict.fromkeys(self.kept, 0)

    def add(self, level: str, text: str = "", *, problem: Problem | None = None) -> None:
        """Adds a text, or a problem with its place."""
        if len(self.kept[level]) >= _MOST_NOTIFICATIONS:
            self.more[level] += 1
            return
        self.kept[level].append(_notification(level, text, problem))

    def all(self) -> list[dict[str, Any]]:
        """All that was kept, the errors first, and how many were not."""
        found = [one for kept in self.kept.values() for one in kept]
        for level, number in self.more.items():
            if number:
                found.append(_notification(level, f"... and {number} more of this level; --format json has all", None))
        return found


def _notification(level: str, text: str, problem: Problem | None) -> dict[str, Any]:
    if problem is None:
        return {"level": level, "message": {"text": _words(sentence(text))}}
    words = f"{problem.what}; {problem.hint}" if problem.hint else problem.what
    told: dict[str, Any] = {"level": level, "message": {"text": _words(sentence(words))}}
    if problem.file:
        told["locations"] = [{"physicalLocation": _place(problem.file, problem.line, problem.column)}]
    return told


# One result.


def _result(finding: Finding, review: Review, page: Page) -> dict[str, Any]:
    fails = finding.verdict is Verdict.NOT_MET
    first, *others = _places(finding, review)
    # GitHub tells alerts apart by `primaryLocationLineHash` only; without ours, two subjects on one line are one alert, and a
    # new line above closes an alert and opens another. Its upload says of each that it would have chosen another.
    identity = hashlib.sha256(
        _bytes("\0".join((review.case or review.file, finding.rule, finding.subject)))
    ).hexdigest()
    made: dict[str, Any] = {
        "ruleId": _words(finding.rule),
        "kind": _KINDS[finding.verdict],
        "level": _LEVELS[finding.severity] if fails else "none",
        "message": {"text": _message(finding)},
        "locations": [first],
        "partialFingerprints": {
            "caseRuleSubject/v1": identity,
            "primaryLocationLineHash": f"{identity[:16]}:1",
        },
        # Absent would mean that nobody asked whether it is suppressed.
        "suppressions": [_suppression(finding.waiver)] if finding.waiver is not None else [],
        "properties": _properties(finding, review),
    }
    if others:
        made["relatedLocations"] = others
    if page.baseline:
        made["baselineState"] = _BESIDE_BASELINE[finding.age or Age.NEW]
    return made


def _message(finding: Finding) -> str:
    subject = "the whole case" if finding.subject == "case" else finding.subject
    basis = f", {finding.basis}" if str(finding.basis) != str(finding.verdict) else ""
    would_be = f"; would be {finding.would_be}" if finding.would_be not in (None, finding.verdict) else ""
    verdict = f"{finding.title} ({subject}: {finding.verdict}{basis}{would_be})"
    return _words(" ".join(sentence(told) for told in (verdict, finding.says, *judged_by(finding))))


def _suppression(waiver: Waiver) -> dict[str, Any]:
    return {"kind": "external", "status": "accepted", "justification": _words(sentence(accepted(waiver)))}


def _properties(finding: Finding, review: Review) -> dict[str, Any]:
    would_be = {} if finding.would_be is None else {"would_be": str(finding.would_be)}
    told = {"verdict": str(finding.verdict), "basis": str(finding.basis), "severity": str(finding.severity)}
    return {"case": _words(review.case), "subject": _words(finding.subject)} | told | would_be


def _places(finding: Finding, review: Review) -> list[dict[str, Any]]:
    """Where the evidence stands, each place once; a result without a place is refused, so that the file's beginning stands in."""
    pieces: dict[tuple[int, int], Evidence] = {}
    for piece in finding.evidence:
        pieces.setdefault((max(1, piece.line), max(1, piece.column)), piece)
        if len(pieces) > _MOST_RELATED:
            break
    if not pieces:
        return [{"physicalLocation": _place(review.file, 1, 1)}]
    return [
        {
            "physicalLocation": _place(review.file, line, column, review),
            "message": {"text": _words(f"{piece.named or piece.fact}: {piece.state}")},
        }
        for (line, column), piece in pieces.items()
    ]


def _place(file: str, line: int, column: int, review: Review | None = None) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": max(1, line), "startColumn": max(1, column)}
    if review is not None and review.quotes is not None and line in review.quotes:
        region["snippet"] = {"text": visible(review.quotes[line])}
    return {"artifactLocation": {"uri": _uri(file), "uriBaseId": _ROOT}, "region": region}


# Rules, and the run.


def _rule(finding: Finding) -> dict[str, Any]:
    area, themes = _words(finding.area), [_words(theme) for theme in finding.themes]
    return {
        "id": _words(finding.rule),
        "shortDescription": {"text": _words(sentence(finding.title))},
        "fullDescription": {"text": _words(sentence(finding.why or finding.title))},
        "help": {"text": _words(sentence(finding.action or finding.title))},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {
            "area": area,
            "themes": themes,
            "severity": str(finding.severity),
            "tags": list(dict.fromkeys((str(finding.severity), area, *themes)))[:_MOST_TAGS],
        },
    }


def _run_properties(run: Run, page: Page) -> dict[str, Any]:
    used = {
        "digest": page.digest,
        "settings": page.settings,
        "waivers": page.waivers,
        "baseline": page.baseline,
    }
    counts = run.summary.counts
    return {
        "checklist": {"rules": page.rules} | {what: _words(digest) for what, digest in used.items() if digest},
        "complete": run.complete,
        "files": {"read": run.files, "reviewed": run.summary.cases},
        "totals": {str(verdict): counts[verdict] for verdict in WORST_FIRST},
    }


# Text and paths.


def _words(text: str) -> str:
    """Text that is seen as it is: in a message, `[text](address)` would be a link."""
    return visible(text).replace("](", "] (")


def _uri(file: str) -> str:
    """A path relative to where the review was started, percent-encoded; a colon or a first slash would make it another thing."""
    path = PurePath(file).as_posix().lstrip("/")
    return quote(_bytes(path), safe="/") or "."


def _bytes(text: str) -> bytes:
    """The text as it is on disk, where a name may hold what is no text."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _json(value: object) -> str:
    """As JSON on one line; the log of an Azure pipeline takes `##vso[` for a command wherever it stands."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).replace("##", "#\\u0023")
