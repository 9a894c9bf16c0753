"""The review as JSON: a contract. Fields are added, never renamed; nothing personal and no free text is in it."""

import json
from collections.abc import Iterable
from typing import Any

from checklist.findings import Finding, Question, Review, Verdict, Waiver, count_verdicts
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
    return _text(review_of(review))


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
    # A log that holds `##vso[` or `##[` would be a command to a build server; an escape is the same text to every reader.
    return json.dumps(value, ensure_ascii=True, allow_nan=False).replace("##", "#\\u0023")


def _totals(counted: Counts) -> dict[str, int]:
    return {"findings": counted.total, **{str(verdict): counted[verdict] for verdict in Verdict}}


def review_of(review: Review) -> dict[str, Any]:
    """One review, as it stands in the list of reviews."""
    counted = Counts(tuple(count_verdicts(review.findings).values()))
    return {
        "file": review.file,
        "case": review.case,
        "as_of": review.as_of,
        "looked_at": review.looked_at,
        "at_risk": review.at_risk,
        "reviewed": review.was_reviewed,
        "totals": _totals(counted),
        "findings": [_finding(finding) for finding in review.findings],
        "problems": [_problem(problem) for problem in review.problems],
        "questions": [_question(question) for question in review.questions],
        "notices": list(review.notices),
        "lines": {str(number): line for number, line in review.quotes.items()} if review.quotes is not None else None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "title": finding.title,
        "area": finding.area,
        "severity": str(finding.severity),
        "subject": finding.subject,
        "verdict": str(finding.verdict),
        "would_be": str(finding.would_be) if finding.would_be is not None else None,
        "basis": str(finding.basis),
        "says": finding.says,
        "branches": [
            {"when": branch.when, "limit": branch.limit, "due": branch.due, "verdict": str(branch.verdict)}
            for branch in finding.branches
        ],
        "due": finding.due or None,
        "elapsed": finding.elapsed or None,
        "limit": finding.limit or None,
        "limit_standing": finding.limit_standing or None,
        "standard": finding.standard or None,
        "shipped": None
        if finding.shipped is None
        else {
            "limit": finding.shipped.limit or None,
            "verdict": str(finding.shipped.verdict),
            "reason": finding.shipped.reason,
        },
        "evidence": [_evidence(piece) for piece in finding.evidence],
        "causes": [
            {"block": cause.block, "verdict": str(cause.verdict), "basis": str(cause.basis), "says": cause.says}
            for cause in finding.causes
        ],
        "source": [
            {
                "standing": str(source.standing),
                "says": source.says,
                "document": source.document,
                "published": source.published or None,
                "url": source.url or None,
                "standard": source.standard or None,
                "certainty": source.certainty or None,
            }
            for source in finding.sources
        ],
        "why": finding.why,
        "action": finding.action,
        "strength": finding.strength or None,
        "weight": finding.weight,
        "counts_list": finding.counts_list,
        "passes_when_absent": list(finding.passes_when_absent),
        "themes": list(finding.themes),
        "waiver": _waiver(finding.waiver) if finding.waiver is not None else None,
        "baseline": str(finding.age) if finding.age is not None else None,
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "reason": waiver.reason,
        "approved_by": waiver.approved_by,
        "approved_on": waiver.approved_on.isoformat(),
        "expires": waiver.expires.isoformat(),
        "evidence": waiver.evidence or None,
        "file": waiver.file,
        "line": waiver.line,
    }


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {
        "fact": piece.fact,
        "path": piece.path,
        "state": str(piece.state),
        "file": piece.file,
        "line": piece.line,
        "column": piece.column,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    place = {"file": problem.file, "line": problem.line, "column": problem.column}
    return {**place, "what": problem.what, "hint": problem.hint}


def _question(question: Question) -> dict[str, Any]:
    asked = {"fact": question.fact, "path": question.path, "asks": question.asks, "look_in": question.look_in}
    return {**asked, "line": question.line, "settles": question.settles}
