"""The review as JSON: a contract. Fields are added, never renamed; nothing personal and no free text is in it."""

import json
from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from checklist.findings import Cause, Finding, Question, Review, Source, Verdict, Waiver, count_verdicts
from checklist.logic import Evidence
from checklist.reporters import Page
from checklist.source import Problem
from checklist.summary import Counts, Row, Run

FORMAT = "review/1"


class Report:
    """The reviews as one JSON document."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.between = "\n"

    def begin(self) -> str:
        """The head, and the beginning of the list of reviews."""
        return _text(head(self.page))[:-1] + ', "reviews": ['

    def review(self, review: Review) -> str:
        """One review, on a line of its own."""
        return self.put(draw(review, self.page))

    def put(self, drawn: str) -> str:
        """A review that was drawn before."""
        before, self.between = self.between, ",\n"
        return before + drawn

    def end(self, run: Run) -> str:
        """What all reviews come to."""
        return "\n], " + _text(tail(run))[1:] + "\n"


def draw(review: Review, _: Page) -> str:
    """One review, as JSON on one line."""
    return _harmless(drawn(review))


def head(page: Page) -> dict[str, Any]:
    """What the review was made with."""
    checklist = {
        "digest": page.digest,
        "rules": page.rules,
        "settings": page.settings or None,
        "waivers": page.waivers or None,
        "baseline": page.baseline or None,
    }
    return {"format": FORMAT, "tool": {"name": "review", "version": page.version}, "checklist": checklist}


def tail(run: Run) -> dict[str, Any]:
    """What all reviews come to, and what was wrong with more than one file."""
    summary = run.summary
    return {
        "as_of": summary.days[0] if len(summary.days) == 1 else None,
        "totals": _totals(summary.counts),
        "complete": run.complete,
        "files": {"read": run.files, "reviewed": summary.cases, "with_problems": summary.with_problems},
        "cases": {
            "not_met": summary.with_not_met,
            "open": summary.with_unknown,
            "need_someone_today": summary.urgent,
            "accepted": summary.accepted,
        },
        "by_severity": _rows(summary.by_severity),
        "by_area": _rows(summary.by_area),
        "by_theme": _rows(summary.by_theme),
        "by_rule": _rows(summary.rules),
        "problems": [_problem(problem) for problem in run.problems],
        "skipped": [{"path": one.path, "why": one.why} for one in run.skipped],
        "notices": [_problem(notice) for notice in run.notices],
        "baseline": None
        if not summary.ages
        else {
            **{str(age): number for age, number in summary.ages},
            "gone": [{"case": one.case, "rule": one.rule, "subject": one.subject, "was": one.was} for one in run.gone],
        },
    }


def _rows(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        row.name: {
            **_totals(row.counts),
            "judged": row.counts.judged,
            "late": row.counts.late,
            "nothing recorded": row.counts.silent,
            "waived": row.counts.waived,
        }
        for row in rows
    }


def _text(value: object) -> str:
    return _harmless(plain(value))


def _harmless(text: str) -> str:
    # A log that holds `##vso[` or `##[` would be a command to a build server; an escape is the same text to every reader.
    return text.replace("##", "#\\u0023")


def plain(value: object) -> str:
    """A value as JSON, on one line and in ASCII."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def _totals(counted: Counts) -> dict[str, int]:
    return {"findings": counted.total, **{str(verdict): counted[verdict] for verdict in Verdict}}


# A review, which is mostly what its rules say again and again: put together from pieces of text, each of which is drawn once.


def drawn(review: Review) -> str:
    """One review, as it stands in the list of reviews: an object on one line."""
    counted = Counts(tuple(count_verdicts(review.findings).values()))
    pieces: dict[Evidence, str] = {}
    findings = ", ".join([_finding(finding, pieces) for finding in review.findings])
    questions = ", ".join([_question(question) for question in review.questions])
    quotes = None if review.quotes is None else {str(number): line for number, line in review.quotes.items()}
    return (
        f'{{"file": {_quoted(review.file)}, "case": {_quoted(review.case)}, "as_of": {_quoted(review.as_of)}, '
        f'"looked_at": {_quoted(review.looked_at)}, "at_risk": {plain(review.at_risk)}, '
        f'"reviewed": {plain(review.was_reviewed)}, "totals": {plain(_totals(counted))}, '
        f'"findings": [{findings}], "problems": {plain([_problem(problem) for problem in review.problems])}, '
        f'"questions": [{questions}], "notices": {plain(review.notices)}, "lines": {plain(quotes)}}}'
    )


def _finding(finding: Finding, pieces: dict[Evidence, str]) -> str:
    evidence = [pieces.get(piece) or pieces.setdefault(piece, _evidence(piece)) for piece in finding.evidence]
    return (
        f'{{"rule": {_said(finding.rule)}, "title": {_said(finding.title)}, "area": {_said(finding.area)}, '
        f'"severity": {_said(finding.severity)}, "subject": {_quoted(finding.subject)}, "verdict": {_said(finding.verdict)}, '
        f'"would_be": {_or_null(finding.would_be)}, "basis": {_said(finding.basis)}, "says": {_quoted(finding.says)}, '
        f'"branches": {_branches(finding)}, "due": {_own_or_null(finding.due)}, "elapsed": {_own_or_null(finding.elapsed)}, '
        f'"limit": {_or_null(finding.limit)}, "limit_standing": {_or_null(finding.limit_standing)}, '
        f'"standard": {_or_null(finding.standard)}, "shipped": {_shipped(finding)}, '
        f'"evidence": [{", ".join(evidence)}], "causes": [{", ".join([_cause(cause) for cause in finding.causes])}], '
        f'"source": {_sources(finding.sources)}, "why": {_said(finding.why)}, "action": {_said(finding.action)}, '
        f'"strength": {_or_null(finding.strength)}, "weight": {"null" if finding.weight is None else finding.weight}, '
        f'"counts_list": {"true" if finding.counts_list else "false"}, "passes_when_absent": {_words(finding.passes_when_absent)}, '
        f'"themes": {_words(finding.themes)}, '
        f'"waiver": {"null" if finding.waiver is None else plain(_waiver(finding.waiver))}, '
        f'"baseline": {_or_null(finding.age)}}}'
    )


_said = lru_cache(maxsize=4096)(_quoted)
"""What a rule says, again and again."""


def _or_null(text: str | None) -> str:
    return _said(text) if text else "null"


def _own_or_null(text: str) -> str:
    return _quoted(text) if text else "null"


@lru_cache(maxsize=1024)
def _words(words: tuple[str, ...]) -> str:
    return plain(words)


@lru_cache(maxsize=1024)
def _sources(sources: tuple[Source, ...]) -> str:
    return plain(
        [
            {
                "standing": str(source.standing),
                "says": source.says,
                "document": source.document,
                "published": source.published or None,
                "url": source.url or None,
                "standard": source.standard or None,
                "certainty": source.certainty or None,
            }
            for source in sources
        ]
    )


def _branches(finding: Finding) -> str:
    if not finding.branches:
        return "[]"
    branches = [
        {"when": branch.when, "limit": branch.limit, "due": branch.due, "verdict": str(branch.verdict)}
        for branch in finding.branches
    ]
    return plain(branches)


def _shipped(finding: Finding) -> str:
    shipped = finding.shipped
    if shipped is None:
        return "null"
    return plain({"limit": shipped.limit or None, "verdict": str(shipped.verdict), "reason": shipped.reason})


def _cause(cause: Cause) -> str:
    return (
        f'{{"block": {_said(cause.block)}, "verdict": {_said(cause.verdict)}, "basis": {_said(cause.basis)}, '
        f'"says": {_quoted(cause.says)}}}'
    )


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "reason": waiver.reason,
        "approved_by": waiver.approved_by,
        "approved_on": waiver.approved_on.isoformat(),
        "expires": waiver.expires.isoformat(),
        "verdict": None if waiver.verdict is None else str(waiver.verdict),
        "evidence": waiver.evidence or None,
        "file": waiver.file,
        "line": waiver.line,
    }


def _evidence(piece: Evidence) -> str:
    return (
        f'{{"fact": {_said(piece.fact)}, "path": {_quoted(piece.path)}, "state": {_said(piece.state)}, '
        f'"file": {_quoted(piece.file)}, "line": {piece.line}, "column": {piece.column}}}'
    )


def _problem(problem: Problem) -> dict[str, Any]:
    place = {"file": problem.file, "line": problem.line, "column": problem.column}
    return {**place, "what": problem.what, "hint": problem.hint}


def _question(question: Question) -> str:
    return (
        f'{{"fact": {_said(question.fact)}, "path": {_quoted(question.path)}, "asks": {_said(question.asks)}, '
        f'"look_in": {_said(question.look_in)}, "line": {question.line}, "settles": {question.settles}}}'
    )
