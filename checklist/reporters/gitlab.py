"""The review as a Code Quality report of GitLab: what to act on, beside the lines of a merge request.

What is not known stands one step below what is not met: a critical rule of which nothing can be told is `major`, and no
unknown is ever `critical`. What somebody accepted, or was there before, is `info`, and says so. Problems are `blocker`.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from checklist.findings import TO_ACT_ON, Finding, Review, Severity, Verdict
from checklist.reporters import Page
from checklist.reporters.report import judged_by, sentence, visible
from checklist.reporters.troubles import line_of, of_review, of_run, verdict_of
from checklist.source import Problem
from checklist.summary import Run

_NOT_MET = {Severity.CRITICAL: "critical", Severity.SERIOUS: "major", Severity.MINOR: "minor", Severity.NOTE: "info"}
_NOT_KNOWN = {Severity.CRITICAL: "major", Severity.SERIOUS: "minor", Severity.MINOR: "minor", Severity.NOTE: "info"}


class Report:
    """The reviews as one JSON list of issues, one a line."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.drawn = 0
        self.between = ""
        self.files_of = Counter[int]()
        """How many files each case has had, by a number made of its name: that needs less room than the name."""

    def begin(self) -> str:
        """The beginning of the list."""
        return "["

    def review(self, review: Review) -> str:
        """The issues of one case."""
        self.drawn += 1
        return "".join(self._of_review(review))

    def end(self, run: Run) -> str:
        """The issues of the run, and the end of the list."""
        return "".join(self._of_run(run)) + "\n]\n"

    def _of_review(self, review: Review) -> Iterator[str]:
        marks = _Marks(*self._name_of(review))
        for problem in of_review(review):
            yield self._of_problem(problem, "blocker", marks)
        for finding in review.findings:
            if finding.verdict in TO_ACT_ON:
                mark = marks.of(finding.rule, finding.subject)
                told = f"{sentence(verdict_of(finding))} {finding.title} ({finding.subject}). {_says(finding)}"
                yield self._issue(finding.rule, told, _severity(finding), (review.file, line_of(finding)), mark)

    def _of_run(self, run: Run) -> Iterator[str]:
        marks = _Marks("the run")
        for problem in of_run(run, drawn=self.drawn):
            yield self._of_problem(problem, "blocker", marks)
        for notice in run.notices:
            yield self._of_problem(notice, "info", marks)
        for one in run.skipped:
            told = sentence(f"Passed over: {one.why}")
            yield self._issue("passed-over", told, "info", (one.path, 1), marks.of("passed-over", one.path))

    def _name_of(self, review: Review) -> Iterator[str]:
        """The name of a case, or of its file where it has none; and a number where another file has the same name."""
        name = review.case or review.file
        key = int.from_bytes(sha256(json.dumps(name).encode()).digest()[:8])
        self.files_of[key] += 1
        yield name
        if self.files_of[key] > 1:
            yield f"file {self.files_of[key]}"

    def _of_problem(self, problem: Problem, severity: str, marks: "_Marks") -> str:
        kind = "problem" if severity == "blocker" else "notice"
        told = sentence(f"{problem.what}; {problem.hint}" if problem.hint else problem.what)
        return self._issue(
            kind, told, severity, (problem.file, problem.line), marks.of(kind, problem.file, problem.what)
        )

    def _issue(self, name: str, told: str, severity: str, place: tuple[str, int], mark: str) -> str:
        before, self.between = self.between or "\n", ",\n"
        file, line = place
        issue = {
            "description": visible(told),
            "check_name": visible(name),
            "fingerprint": mark,
            "severity": severity,
            "location": {"path": _path(file), "lines": {"begin": line}},
        }
        # A reader sees no difference; the log of a build would take `##vso[` for a command, anywhere in a line.
        return before + json.dumps(issue, ensure_ascii=True, allow_nan=False).replace("#", "\\u0023")


class _Marks:
    """Makes the mark by which GitLab knows an issue again: of case, rule and subject, so that a moved line is no news."""

    def __init__(self, *case: str) -> None:
        self.case = case
        self.seen = Counter[tuple[str, ...]]()

    def of(self, *what: str) -> str:
        self.seen[what] += 1
        number = self.seen[what]
        known_by = [*self.case, *what, *([number] if number > 1 else [])]
        return sha256(json.dumps(known_by).encode()).hexdigest()


def _severity(finding: Finding) -> str:
    if finding.is_settled:
        return "info"
    return (_NOT_MET if finding.verdict is Verdict.NOT_MET else _NOT_KNOWN)[finding.severity]


def _says(finding: Finding) -> str:
    return " ".join(map(sentence, [finding.says, *judged_by(finding)]))


def _path(file: str) -> str:
    """The file as GitLab links it: on one line, below the folder that it was looked for in, and never above it."""
    on_one_line = file.replace(os.sep, "/").replace("\n", "\\u{a}")
    return "/".join(part for part in visible(on_one_line).split("/") if part not in ("", ".", "..")) or "review"
