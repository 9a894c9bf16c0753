"""How a verdict was reached, clause by clause, with the line of each fact."""

from collections.abc import Iterable, Iterator

from checklist.engine import Step
from checklist.findings import Finding
from checklist.logic import Evidence
from checklist.reporters import Page
from checklist.reporters.console import draw
from checklist.reporters.report import BLANK, Line, Role, judged_by, sentence


def write(explained: Iterable[tuple[Finding, tuple[Step, ...]]], page: Page) -> Iterator[str]:
    """Each finding with its clauses and what they answered."""
    for finding, steps in explained:
        yield draw(_lines(finding, steps), page)


def _lines(finding: Finding, steps: tuple[Step, ...]) -> Iterator[Line]:
    subject = "the whole case" if finding.subject == "case" else finding.subject
    yield Line(Role.TITLE, f"{finding.rule}, {subject}: {finding.verdict} - {finding.basis}")
    yield Line(Role.TEXT, sentence(finding.says))
    if finding.would_be is not None:
        yield Line(Role.TEXT, f"If the rule applies, this would be: {finding.would_be}.")
    for told in judged_by(finding):
        yield Line(Role.TEXT, sentence(told))
    for cause in finding.causes if len(finding.causes) > 1 else ():
        yield Line(Role.TEXT, f"{cause.verdict} ({cause.basis}): {cause.says}", f"- its {cause.block}: ")
    for branch in finding.branches:
        due = f", due {branch.due}" if branch.due else ""
        yield Line(Role.TEXT, f"{branch.when}: limit {branch.limit}{due}: {branch.verdict}", "- ")
    for step in steps:
        answer = f": {step.answer}" if step.answer else ""
        yield Line(Role.TEXT, f"{step.clause}{answer}", "  " * step.depth + "- ")
        for piece in step.evidence:
            yield Line(Role.MUTED, _place(piece), "  " * step.depth + "    ")
    yield BLANK


def _place(piece: Evidence) -> str:
    shown = piece.shown if piece.shown is not None else "(withheld)" if piece.withheld else str(piece.state)
    return f"{piece.path}: {shown}, {piece.file}:{piece.line}:{piece.column}"
