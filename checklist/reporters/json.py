"""The review as JSON: a contract. Fields are added, never renamed; nothing personal and no free text is in it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from checklist.findings import Finding, Question, Review, Verdict, count_verdicts
from checklist.logic import Evidence
from checklist.reporters import Page
from checklist.source import Problem

FORMAT = "review/1"


def write(reviews: Iterable[Review], page: Page) -> Iterator[str]:
    """The reviews as one JSON document, in pieces: one a review, so that many need no more memory than one."""
    checklist = {"digest": page.digest, "rules": page.rules, "settings": page.settings or None}
    head = {"format": FORMAT, "tool": {"name": "review", "version": page.version}, "checklist": checklist}
    yield _text(head)[:-1] + ', "reviews": ['
    totals: Counter[Verdict] = Counter()
    days: set[str] = set()
    for number, review in enumerate(reviews):
        totals.update(finding.verdict for finding in review.findings)
        days.add(review.as_of)
        yield (",\n" if number else "\n") + _text(_review(review))
    tail = {"as_of": next(iter(days)) if len(days) == 1 else None, "totals": _totals(totals)}
    yield "\n], " + _text(tail)[1:] + "\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def _totals(counted: Counter[Verdict]) -> dict[str, int]:
    return {"findings": counted.total(), **{str(verdict): counted[verdict] for verdict in Verdict}}


def _review(review: Review) -> dict[str, Any]:
    counted = Counter(count_verdicts(review.findings))
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
        "waiver": None,
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
