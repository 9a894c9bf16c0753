"""What stands beside the findings in a report for machines: what was wrong with a file, and with the run as a whole."""

from collections.abc import Iterator

from checklist.findings import Finding, Review
from checklist.source import Problem
from checklist.summary import Run


def of_review(review: Review) -> Iterator[Problem]:
    """The problems of a case file, and that it was not reviewed, where it was not."""
    yield from review.problems
    if not review.was_reviewed:
        yield Problem(review.file, 1, 1, "the file was not reviewed", "nothing is said of the case")


def of_run(run: Run, *, drawn: int) -> Iterator[Problem]:
    """The problems of a run, and that it did not reach its end or reviewed nothing.

    Args:
        run: what was found in all files together.
        drawn: how many reviews stand in the report.
    """
    yield from run.problems
    if not run.complete:
        yield Problem("", 1, 1, "the run was stopped before every file was reviewed", "nothing is said of the rest")
    if not drawn:
        yield Problem("", 1, 1, "nothing was reviewed")


def line_of(finding: Finding) -> int:
    """The line to open first; the top of the file where nothing in it was used."""
    return finding.evidence[0].line if finding.evidence else 1


def verdict_of(finding: Finding) -> str:
    """The verdict with its basis: `not met, done late`."""
    same = str(finding.verdict) == str(finding.basis)
    return str(finding.verdict) if same else f"{finding.verdict}, {finding.basis}"
