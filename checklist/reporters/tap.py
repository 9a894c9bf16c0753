"""The review as TAP 14, a line a finding: what is not met and what is not known is `not ok`, and a TODO where no build should break."""

import json
from collections.abc import Iterator

from checklist.findings import TO_ACT_ON, Finding, Review, Verdict
from checklist.reporters import Page
from checklist.reporters.report import judged_by, made_by, sentence, visible
from checklist.reporters.troubles import line_of, of_review, of_run, verdict_of
from checklist.source import Problem
from checklist.summary import Run

_SKIPPED = (Verdict.NOT_DUE_YET, Verdict.EXCUSED, Verdict.DOES_NOT_APPLY)


class Report:
    """The reviews as test points, numbered through; the plan comes last, since nobody knows before how many there are."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.points = 0
        self.drawn = 0

    def begin(self) -> str:
        """The version of the protocol, and what the review was made with."""
        return f"TAP version 14\n# {_text(made_by(self.page))}\n"

    def review(self, review: Review) -> str:
        """The test points of one case, after a comment that names it."""
        self.drawn += 1
        said = [f"# case: {_text(review.case or 'without a name')}, {_text(review.file)}\n"]
        said += [f"# note: {_text(notice)}\n" for notice in self.page.of_case(review)]
        said += [self._of_problem(problem) for problem in of_review(review)]
        said += [self._of_finding(finding, review) for finding in review.findings]
        return "".join(said)

    def end(self, run: Run) -> str:
        """The plan; a run that was stopped, or reviewed nothing, has none, so that it can never look clean."""
        said = [f"# note: {_text(str(notice))}\n" for notice in (*self.page.notes, *run.notices)]
        said += [
            f"# no longer to act on: {_text(f'{one.case}, {one.rule}, {one.subject}; it was {one.was}')}\n"
            for one in run.gone
        ]
        said += [self._point("ok", f"{one.path}: passed over", f"SKIP {sentence(one.why)}") for one in run.skipped]
        troubles = list(of_run(run, drawn=self.drawn))
        said += [self._of_problem(problem) for problem in troubles]
        if self.drawn and run.complete:
            return "".join(said) + f"1..{self.points}\n"
        return "".join(said) + f"Bail out! {_text(_stopped(troubles[-1]))}\n"

    def _of_finding(self, finding: Finding, review: Review) -> str:
        # The last words are ours: a line that ends with a brace would open a subtest.
        told = f"{review.case or review.file}: {finding.rule}, {finding.subject}: {verdict_of(finding)}"
        is_ok = finding.verdict is Verdict.MET or finding.verdict in _SKIPPED
        line = self._point("ok" if is_ok else "not ok", told, _directive(finding))
        return line + "".join(["  ---\n", *_block(finding, review), "  ...\n"])

    def _of_problem(self, problem: Problem) -> str:
        return self._point("not ok", _stopped(problem))

    def _point(self, answer: str, told: str, directive: str = "") -> str:
        self.points += 1
        return f"{answer} {self.points} - {_text(told)}{f' # {_text(directive)}' if directive else ''}\n"


def _stopped(problem: Problem) -> str:
    """The problem with a full stop, lest a brace be the last of it; the name of a file keeps its first letter."""
    return f"{str(problem).rstrip('.')}."


def _directive(finding: Finding) -> str:
    """What keeps a test point from breaking a build, with the words for it; empty for what is met and what is simply not met."""
    told = "; ".join(judged_by(finding))
    if finding.verdict is Verdict.MET:
        return ""
    if finding.verdict in _SKIPPED:
        return f"SKIP {sentence(f'{finding.verdict}: {finding.says}')}"
    if finding.verdict is Verdict.NOT_MET:
        return f"TODO {sentence(told)}" if finding.is_settled else ""
    return f"TODO {sentence(f'{verdict_of(finding)}; {told}' if told else verdict_of(finding))}"


def _block(finding: Finding, review: Review) -> Iterator[str]:
    """What must be known of a finding, as YAML that is also JSON: a line each, every text in double quotes."""
    said = {
        "message": sentence(finding.says),
        "severity": finding.severity,
        "verdict": finding.verdict,
        "basis": finding.basis,
        "would_be": finding.would_be or "",
        "title": finding.title,
        "area": finding.area,
        "due": finding.due,
        "action": finding.action if finding.verdict in TO_ACT_ON else "",
        "file": review.file,
    }
    for key, text in said.items():
        if text:
            yield f"  {key}: {_quoted(text)}\n"
    yield f"  line: {line_of(finding)}\n"
    notes = [sentence(told) for told in judged_by(finding)]
    if notes:
        yield f"  notes: [{', '.join(map(_quoted, notes))}]\n"


def _quoted(text: str) -> str:
    """The one way into a block: visible, so that no surrogate is left that JSON and YAML would write apart."""
    # A reader sees no difference; the log of a build would take `##vso[` for a command, anywhere in a line.
    return json.dumps(visible(text), ensure_ascii=False).replace("#", "\\u0023")


def _text(text: str) -> str:
    """The one way into a line: visible, and with no directive of its own."""
    return visible(text).replace("\\", "\\\\").replace("#", "\\#")
