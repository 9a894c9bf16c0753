r"""The findings as a table for a spreadsheet: a row a finding, and a row for whatever kept something from being found.

Spreadsheets run what looks like a formula, also in a file of text. So every cell is quoted, and an apostrophe stands before
whatever could be one: at the beginning of a cell, and after each semicolon, where half of Europe has a cell begin.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import StringIO
from typing import TypeAlias

from checklist.findings import TO_ACT_ON, Finding, Review, whose_limit
from checklist.later import pattern
from checklist.reporters import Page
from checklist.reporters.report import visible
from checklist.source import Problem
from checklist.summary import Run

Cell: TypeAlias = str | int
Cells: TypeAlias = dict[str, Cell]

COLUMNS = (
    "file",
    "line",
    "case",
    "as_of",
    "area",
    "severity",
    "rule",
    "title",
    "subject",
    "verdict",
    "basis",
    "would_be",
    "says",
    "action",
    "due",
    "elapsed",
    "limit",
    "limit_standing",
    "whose_limit",
    "standard",
    "shipped_limit",
    "shipped_verdict",
    "counts_list",
    "passes_when_absent",
    "themes",
    "waived_by",
    "waived_on",
    "waived_until",
    "waiver_reason",
    "waiver_evidence",
    "baseline",
    "weight",
    "what",
    "hint",
)
"""The columns: new ones may be added, none is renamed. `what` and `hint` are of rows that are no finding."""

STOPPED = "STOPPED BEFORE THE END: these are the cases reviewed so far. Nothing is said of the others."
_UNSAID = "nothing could be said of this file"
_MARK = "\ufeff"
"""Without it Excel takes the text for that of an old code page."""
_FORMULA = pattern(r"(^|;)(?=[\s\"']*[=+\-@%|＝＋－＠％｜﹦﹢﹣﹫﹪−])")  # noqa: RUF001  # the wide forms are meant


class Report:
    """All reviews as one table."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def begin(self) -> str:
        """The names of the columns, after the mark of UTF-8."""
        return _MARK + _drawn([dict(zip(COLUMNS, COLUMNS, strict=True))])

    def review(self, review: Review) -> str:
        """What is wrong with the file, and what was found."""
        return draw(review, self.page)

    def put(self, drawn: str) -> str:
        """A review that was drawn before."""
        return drawn

    def end(self, run: Run) -> str:
        """What is wrong with the run: an unfinished one never ends like a finished one."""
        return _drawn(of_run(run, self.page))


def draw(review: Review, page: Page) -> str:
    """The rows of one review."""
    return _drawn([*beside(review, page), *found(review)])


def found(review: Review) -> Iterator[Cells]:
    """A row for each finding, by the names of the columns; what is not there has no cell."""
    for finding in review.findings:
        yield {"file": review.file, "case": review.case, "as_of": review.as_of, **_finding(finding)}


def _finding(finding: Finding) -> Cells:
    return {
        "line": finding.evidence[0].line if finding.evidence else "",
        "area": finding.area,
        "severity": str(finding.severity),
        "rule": finding.rule,
        "title": finding.title,
        "subject": finding.subject,
        "verdict": str(finding.verdict),
        "basis": str(finding.basis),
        "would_be": str(finding.would_be or ""),
        "says": finding.says,
        "action": finding.action if finding.verdict in TO_ACT_ON else "",
        "due": finding.due,
        "elapsed": finding.elapsed,
        "counts_list": "yes" if finding.counts_list else "",
        "passes_when_absent": ", ".join(finding.passes_when_absent),
        "themes": ", ".join(finding.themes),
        "baseline": str(finding.age or ""),
        "weight": finding.weight if finding.weight is not None else "",
        **_limit(finding),
        **_waiver(finding),
    }


def _limit(finding: Finding) -> Cells:
    """Whose the limit is: a number that nobody read, or that is ours, is never told as if a statute gave it."""
    cells: Cells = {
        "limit": finding.limit,
        "limit_standing": finding.limit_standing,
        "standard": finding.standard,
    }
    if finding.shipped is not None:
        return cells | {
            "whose_limit": "a local standard",
            "shipped_limit": finding.shipped.limit,
            "shipped_verdict": str(finding.shipped.verdict),
        }
    if finding.limit and finding.limit_standing:
        cells["whose_limit"] = whose_limit(finding.limit_standing, finding.sources)
    return cells


def _waiver(finding: Finding) -> Cells:
    if finding.waiver is None:
        return {}
    return {
        "waived_by": finding.waiver.approved_by,
        "waived_on": finding.waiver.approved_on.isoformat(),
        "waived_until": finding.waiver.expires.isoformat(),
        "waiver_reason": finding.waiver.reason,
        "waiver_evidence": finding.waiver.evidence,
    }


def beside(review: Review, page: Page) -> Iterator[Cells]:
    """A row for each thing that is wrong with the file, or must be known of it; a file of which nothing is said has one."""
    of_case: Cells = {"file": review.file, "case": review.case, "as_of": review.as_of}
    unsaid: Cells = {} if review.was_reviewed else {"basis": "not reviewed"}
    for problem in review.problems:
        yield {**of_case, **_problem("problem", problem), **unsaid}
    if not review.was_reviewed and not review.problems:
        yield {**of_case, **unsaid, "verdict": "problem", "what": _UNSAID}
    for notice in page.of_case(review):
        yield {**of_case, "verdict": "notice", "what": notice}


def of_run(run: Run, page: Page) -> Iterator[Cells]:
    """A row for each thing that is wrong with the run, was passed over, or is gone; and one if it was stopped."""
    for problem in run.problems:
        yield _problem("problem", problem)
    for note in page.notes:
        yield {"verdict": "notice", "what": note}
    for notice in run.notices:
        yield _problem("notice", notice)
    for one in run.skipped:
        yield {"file": one.path, "verdict": "passed over", "what": one.why}
    for gone in run.gone:
        told = f"was {gone.was} at the baseline"
        yield {"case": gone.case, "rule": gone.rule, "subject": gone.subject, "verdict": "gone", "what": told}
    if not run.complete:
        yield {"verdict": "stopped", "what": STOPPED}


def _problem(kind: str, problem: Problem) -> Cells:
    """A problem at its place; of what is wrong with a command there is none."""
    place: Cells = {"file": problem.file, "line": problem.line} if problem.file else {}
    return {**place, "verdict": kind, "what": problem.what, "hint": problem.hint}


def _drawn(rows: Iterable[Cells]) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        cells = [row.get(column, "") for column in COLUMNS]
        writer.writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()


@lru_cache(4096)  # most of what rules say is said of every case
def _guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line, with nothing in it unseen."""
    return _FORMULA.sub(r"\1'", visible(text))
